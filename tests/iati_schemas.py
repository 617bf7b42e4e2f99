"""The schemas of the International Aid Transparency Initiative, as the package pyIATI of the initiative carries them.

Its pins are not this project's, so it is put, without what it depends on, into a folder of its own in the project's
`.venv`, and only its files are read. Where it cannot be had the tests that need it are skipped and say why; a folder
with the schemas of your own is named by IATI_SCHEMAS.
"""

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from lxml import etree

from dashboard.paths import PROJECT

VERSION, STANDARD = "0.4.1", "2-03"
PINNED = f"pyIATI=={VERSION} --hash=sha256:b6f8f0d596746bd774ed3e84cdad50dfa7dd501ac70e6399f2bb0244bfd5b0ef"
PLACE = (PROJECT / ".venv").resolve() / f"pyiati-{VERSION}"


class MissingSchemasError(Exception):
    """They cannot be had here; the message says why."""


@cache
def read_schema() -> etree.XMLSchema:
    """Read the schema of activities.

    Raises:
        MissingSchemasError: it can be neither found nor fetched.
    """
    folder = Path(os.environ["IATI_SCHEMAS"]) if "IATI_SCHEMAS" in os.environ else _fetch()
    return etree.XMLSchema(file=str(folder / "iati-activities-schema.xsd"))


def _fetch() -> Path:
    folder = PLACE / "iati" / "resources" / "standard" / STANDARD / "schemas"
    if not (PLACE / "installed").is_file():
        with tempfile.TemporaryDirectory() as scratch:
            pins = Path(scratch) / "pins.txt"
            pins.write_text(PINNED, encoding="utf-8")
            install = [sys.executable, "-m", "uv", "--quiet", "pip", "install", "--no-deps", "--require-hashes"]
            command = [*install, "--python", sys.executable, "--target", str(PLACE), "-r", str(pins)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            raise MissingSchemasError(f"pyIATI cannot be installed: {done.stderr.strip()[-300:]}")
        (PLACE / "installed").touch()
    return folder

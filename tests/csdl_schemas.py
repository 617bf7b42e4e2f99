"""The schemas of OData metadata, as the npm package `odata-csdl` of the OASIS committee carries them.

npm only fetches the package, once, into the project's `.venv`. Where it cannot be had the tests that need it are
skipped and say why; a folder with the schemas of your own is named by CSDL_SCHEMAS.
"""

import os
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

from lxml import etree

from dashboard.paths import PROJECT
from dashboard.web.http import hash_body

PACKAGE, VERSION = "odata-csdl", "0.11.2"
PINNED = "5dfbc07071548d975fdbc9f81e424dc3"
"""The digest of the package's archive, shortened as answers' are."""
PLACE = (PROJECT / ".venv").resolve() / f"{PACKAGE}-{VERSION}"


class MissingSchemasError(Exception):
    """They cannot be had here; the message says why."""


@cache
def read_schema() -> etree.XMLSchema:
    """Read the schema of a metadata document.

    Raises:
        MissingSchemasError: it can be neither found nor fetched.
    """
    folder = Path(os.environ["CSDL_SCHEMAS"]) if "CSDL_SCHEMAS" in os.environ else _fetch()
    return etree.XMLSchema(file=str(folder / "edmx.xsd"))


def _fetch() -> Path:
    folder = PLACE / "package" / "schemas"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory() as scratch:
            command = ["npm", "pack", "--silent", "--pack-destination", scratch, f"{PACKAGE}@{VERSION}"]
            try:
                subprocess.run(command, capture_output=True, check=True, timeout=600, cwd=scratch)
                [archive] = Path(scratch).glob("*.tgz")
            except (OSError, subprocess.SubprocessError, ValueError) as error:
                raise MissingSchemasError(f"{PACKAGE} cannot be fetched by npm: {error}") from error
            if hash_body(archive.read_bytes()) != PINNED:
                raise MissingSchemasError(f"{PACKAGE} {VERSION} is another one than was pinned.")
            with tarfile.open(archive) as file:
                file.extractall(PLACE, filter="data")
    return folder

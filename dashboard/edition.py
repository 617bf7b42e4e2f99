"""The program's edition: a hash of everything that determines answers, files and figures."""

import hashlib
from functools import cache
from pathlib import Path

from dashboard.paths import PROJECT


@cache
def edition() -> str:
    """Return the program's part of every ETag and receipt: a change of the program makes a client's copy old."""
    return hash_package(PROJECT / "dashboard", PROJECT / "requirements.txt")


def hash_package(package: Path, *files_beside: Path) -> str:
    """Hash all that determines answers: code, statements, words, styles and scripts, and where they lie.

    Leave out the pages, since no address answers with them.

    `files_beside`: files beside it that count too, such as the versions of the libraries.
    """
    digest = hashlib.sha256()
    for path in (*sorted(package.rglob("*")), *files_beside):
        place = path.relative_to(package.parent)
        is_own = not place.name.startswith(".") and "__pycache__" not in place.parts and place.parts[1:2] != ("ui",)
        if is_own and path.is_file():
            for part in (place.as_posix().encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()

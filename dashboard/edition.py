"""The program's edition: a hash of all that answers, files and figures are made by."""

import hashlib
from functools import cache
from pathlib import Path

from dashboard.paths import PROJECT


@cache
def edition() -> str:
    """The program's part in every ETag and receipt: what a client has is old once the program has been changed."""
    return hash_package(PROJECT / "dashboard", PROJECT / "requirements.txt")


def hash_package(package: Path, *files_beside: Path) -> str:
    """One hash of all that answers are made by: code, statements, words, styles and scripts, and where they lie.

    The pages are left out, since no address answers with them.

    Args:
        package: The folder of the package.
        files_beside: Files beside it that count too, such as the versions of the libraries.
    """
    digest = hashlib.sha256()
    for path in (*sorted(package.rglob("*")), *files_beside):
        place = path.relative_to(package.parent)
        is_own = not place.name.startswith(".") and "__pycache__" not in place.parts and place.parts[1:2] != ("ui",)
        if is_own and path.is_file():
            for part in (place.as_posix().encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()

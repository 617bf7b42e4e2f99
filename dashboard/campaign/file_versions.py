"""The version of a file that several people change: what it holds, as a hash, so that nobody overwrites unseen."""

import hashlib
from pathlib import Path

NONE = "none"
"""The version of a file that is not there."""


def find_version(path: Path) -> str:
    """The hash of what a file holds now."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return NONE

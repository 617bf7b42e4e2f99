"""The version of a file that several people change: a hash of its content, so that nobody overwrites unseen changes."""

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

"""A campaign folder in which there is no campaign yet: the page New campaign makes one there."""

from pathlib import Path

from dashboard.paths import SHIPPED_CAMPAIGN

_OF_THE_SERVER = "private"
"""Sessions, roles and the audit log, which a server may have begun before there is a campaign."""
_OF_THE_DISK = "lost+found"
"""What the file system of a volume of its own begins with."""
_ROOMS = ("inbox", "published", "recipes", "codelists")
"""Folders that may be there, as long as nothing is in them."""


def is_blank(root: Path) -> bool:
    """Whether a campaign can be made here: the folder is missing, or holds nothing of a campaign."""
    if root == SHIPPED_CAMPAIGN:
        return False
    if not root.exists():
        return True
    return root.is_dir() and not any(map(_is_content, root.iterdir()))


def _is_content(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    if not path.is_dir():
        return True
    if path.name in (_OF_THE_SERVER, _OF_THE_DISK):
        return False
    return path.name not in _ROOMS or any(not one.name.startswith(".") for one in path.iterdir())

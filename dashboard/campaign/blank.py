"""Find a folder without a campaign, and keep all that names a person out of its git repository."""

from contextlib import suppress
from pathlib import Path

from dashboard.campaign.folder import DESIGN_FILES
from dashboard.ground.files.writing import write_file
from dashboard.paths import SHIPPED_CAMPAIGN

OPEN_NAMES = (
    "campaign.toml",
    "codelists",
    "recipes",
    "context",
    "locales",
    "samples",
    *DESIGN_FILES,
)
"""The files of a campaign folder that name nobody. All others may, also unknown ones."""
_FILE = ".gitignore"
_REMARK = "# git takes what is named here and nothing else: exports, contacts and answers of staff may name persons.\n"


def keep_out_of_git(root: Path) -> None:
    """Make the campaign folder, with a list of the files that git may take from it; an existing list stays.

    The shipped campaign has its lines in the project's list. An error of the disk is ignored: the files to keep out
    cannot be written either.
    """
    if root == SHIPPED_CAMPAIGN or (root / _FILE).exists():
        return
    lines = ["/*", *(f"!/{name}" for name in (_FILE, *OPEN_NAMES))]
    with suppress(OSError):
        root.mkdir(parents=True, exist_ok=True)
        write_file(root / _FILE, _REMARK + "\n".join(lines) + "\n", is_shared=True, is_durable=False)


_OF_THE_SERVER = "private"
"""Sessions, roles and the audit log, which a server may begin before there is a campaign."""
_OF_THE_DISK = "lost+found"
"""The folder with which a new volume's file system begins."""
_ROOMS = ("inbox", "published", "recipes", "codelists", "context")
"""Folders that may be there, as long as they are empty."""


def is_blank(root: Path) -> bool:
    """Return whether a campaign can be made here: the folder is missing, or holds nothing of a campaign."""
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

"""A campaign folder in a repository of git: it takes the settings, and nothing in which a person may be named."""

from contextlib import suppress
from pathlib import Path

from dashboard.ground.files.writing import write_file
from dashboard.paths import SHIPPED_CAMPAIGN

OPEN_NAMES = ("campaign.toml", "codelists", "recipes", "locales", "samples", "briefing.pptx", "briefing.potx")
"""What of a campaign folder names nobody. All else may, also what nobody here has heard of."""
_FILE = ".gitignore"
_REMARK = "# git takes what is named here and nothing else: exports, contacts and answers of staff may name persons.\n"


def keep_out_of_git(root: Path) -> None:
    """Make the campaign folder, with a list of what git may take from it; a list that is there stays.

    The shipped campaign has its lines in the project's own list. A disk that refuses stands in nobody's way: what would
    have to be kept out cannot be written either.
    """
    if root == SHIPPED_CAMPAIGN or (root / _FILE).exists():
        return
    lines = ["/*", *(f"!/{name}" for name in (_FILE, *OPEN_NAMES))]
    with suppress(OSError):
        root.mkdir(parents=True, exist_ok=True)
        write_file(root / _FILE, _REMARK + "\n".join(lines) + "\n", is_shared=True, is_durable=False)

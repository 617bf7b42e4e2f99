"""What publishing adds, changes and removes."""

from dashboard.draft_preview import Preview
from dashboard.ui.page import Frame


def show(view: Frame, preview: Preview) -> None:
    """Draw the actions and reports that publishing adds, changes and removes."""


def name_check(view: Frame, check_id: str) -> str:
    """A check in plain words."""
    return check_id.replace("_", " ")

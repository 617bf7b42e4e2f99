"""The section Sources: where exports come from by themselves, as on the page Upload; what waits is looked at there."""

from dashboard.ui.frame.page import Frame
from dashboard.ui.sources import fetched


def show(view: Frame) -> None:
    """Draw the sources with what is done about them; each change holds at once, since no figure can tell."""
    fetched.show(view)

"""A status as a word on its colour, the same as in charts; beside it the campaign's own status, and that it is late."""

from html import escape
from typing import Any

from dashboard.ui.frame.page import View


def render(view: View, status: str, status_code: Any = None, *, is_overdue: bool = False) -> str:
    """A status as HTML.

    Args:
        view: The page.
        status: The base status, or a derived one: the colour, and the word on it.
        status_code: The campaign's own status; said beside it where it is called otherwise. What is no text is none.
        is_overdue: Whether the deadline has passed.
    """
    codes = view.snapshot.codes["statuses"]
    word = codes[status].labels[view.lang] if status in codes else status
    html = f'<span class="status status-{escape(status)}">{escape(word)}</span>'
    own = codes[status_code].labels[view.lang] if isinstance(status_code, str) and status_code in codes else word
    if own != word:
        html += f' <span class="status-own">{escape(own)}</span>'
    if is_overdue:
        html += f' <span class="status-late">{escape(view.t("Overdue"))}</span>'
    return html

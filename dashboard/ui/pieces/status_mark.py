"""A status as a word on its colour, the same as in charts; beside it the campaign's own status, and that it is late."""

from html import escape
from typing import Any, NamedTuple

from dashboard.ui.frame.view import View


class StatusMark(NamedTuple):
    """A status in words.

    Attributes:
        status: The base status, or a derived one: the colour.
        word: What stands on the colour.
        campaign_status: The campaign's own status, where it is called otherwise.
        late: That the deadline has passed.
    """

    status: str
    word: str
    campaign_status: str = ""
    late: str = ""


def say(view: View, status: str, status_code: Any = None, *, is_overdue: bool = False) -> StatusMark:
    """A status in words.

    Args:
        view: The page.
        status: The base status, or a derived one.
        status_code: The campaign's own status. What is no text is none.
        is_overdue: Whether the deadline has passed.
    """
    codes = view.snapshot.codes["statuses"]
    word = codes[status].labels[view.lang] if status in codes else status
    campaign_word = (
        codes[status_code].labels[view.lang] if isinstance(status_code, str) and status_code in codes else word
    )
    return StatusMark(
        status, word, campaign_word if campaign_word != word else "", view.t("Overdue") if is_overdue else ""
    )


def draw(mark: StatusMark) -> str:
    """A status as HTML."""
    html = f'<span class="status status-{escape(mark.status)}">{escape(mark.word)}</span>'
    if mark.campaign_status:
        html += (
            f' <span class="status-own" title="{escape(mark.campaign_status)}">{escape(mark.campaign_status)}</span>'
        )
    if mark.late:
        html += f' <span class="status-late">{escape(mark.late)}</span>'
    return html

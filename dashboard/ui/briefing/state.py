"""A briefing in the page's link and session: changes by widgets, the way back, and another page between."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.briefings.order import LONGEST_TITLE, Item, clean_title
from dashboard.ui.briefing import choice
from dashboard.ui.briefing.choice import REGION_CHARTS, BriefingChoice
from dashboard.ui.frame import figures, link

_REMEMBERED = "briefing remembered"
_UNDO = "briefing undo"


def read() -> BriefingChoice:
    """Read the link as it is now."""
    return choice.parse(link.page_parameters(), link.selection(), figures.reopen)


def change(how: Callable[..., BriefingChoice], *arguments: Any) -> None:
    """Change the choice; a widget's callback. A change that takes charts away can be undone until the next one.

    `how` is one of the changes of `Chosen`.
    """
    before = read()
    after = how(before, *arguments)
    if Counter(item.chart_id for item in before.items) - Counter(item.chart_id for item in after.items):
        st.session_state[_UNDO] = before.items
    elif before.items != after.items:
        st.session_state.pop(_UNDO, None)
    link.change_page_parameters(**{name: value or None for name, value in after.write().items()})


def take_region(code: str) -> None:
    """Replace the briefing's charts by the set for a region, and filter by that; a widget's callback."""
    link.change(regions=(code,), subregions=(), countries=())
    change(BriefingChoice.take_set, REGION_CHARTS)


def can_undo() -> bool:
    """Return whether charts were taken away just now."""
    return _UNDO in st.session_state


def undo() -> None:
    """Bring back the charts as they were before they were taken away; a widget's callback."""
    before: tuple[Item, ...] = st.session_state.pop(_UNDO, ())
    change(BriefingChoice.take_items, before)
    st.session_state.pop(_UNDO, None)


def bind_title(key: str, title: str, take: Callable[[str], None]) -> dict[str, Any]:
    """Bind a text field to a title of the presenter's own, which `take` puts into the link."""
    link.keep(key, title)
    return {"key": key, "max_chars": LONGEST_TITLE, "on_change": _take_title, "args": (key, take)}


def _take_title(key: str, take: Callable[[str], None]) -> None:
    take(clean_title(st.session_state[key]))


def remember(chosen: BriefingChoice) -> None:
    """Keep the briefing while the reader looks at other pages."""
    st.session_state[_REMEMBERED] = choice.remember(link.page_parameters(), chosen)


def restore() -> None:
    """Bring the briefing back when the reader returns from another page; the address wins."""
    values: dict[str, str] = st.session_state.get(_REMEMBERED, {})
    if link.is_arrival() and values and link.page_parameter("charts") is None:
        link.add_page_parameters(values, choice.bring_back(link.page_parameters(), values))

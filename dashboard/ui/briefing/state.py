"""A briefing as the page's link and session keep it: what widgets change, the way back, and another page between.

All but `read`, `remember` and `restore` are widgets' callbacks.
"""

import streamlit as st

from dashboard.briefings.order import Item
from dashboard.ui.briefing import choice
from dashboard.ui.briefing.choice import REGION_CHARTS, Chosen
from dashboard.ui.frame import figures, link

_REMEMBERED = "briefing remembered"
_UNDO = "briefing undo"


def read() -> Chosen:
    """What the link holds now."""
    return choice.parse(link.page_parameters(), link.selection(), figures.reopen)


def use(chart_id: str) -> None:
    """Open one chart for use."""
    _write(read().use(chart_id))


def stop_use() -> None:
    """Close the chart in use."""
    _write(read().stop_use())


def change_used(title: str) -> None:
    """Give the chart in use a title of the presenter's own."""
    _write(read().change_used(title))


def choose_of_used(parameter: str, value: str) -> None:
    """Choose something of the chart in use."""
    _write(read().choose_of_used(parameter, value))


def add(item: Item) -> None:
    """Put a chart at the briefing's end."""
    _edit(read().add(item))


def remove(name: str) -> None:
    """Take a chart out of the briefing."""
    _replace(read().remove(name))


def move(name: str, steps: int) -> None:
    """Move a chart up (-1) or down (1)."""
    _edit(read().move(name, steps))


def rename(name: str, title: str) -> None:
    """Give a chart of the briefing a title of the presenter's own."""
    _edit(read().rename(name, title))


def choose(name: str, parameter: str, value: str) -> None:
    """Choose something of a chart of the briefing."""
    _edit(read().choose(name, parameter, value))


def take_set(chart_ids: tuple[str, ...]) -> None:
    """Replace the briefing's charts by a ready-made set."""
    _replace(read().take_set(chart_ids))


def take_region(code: str) -> None:
    """Replace the briefing's charts by the set for a region, and filter by that."""
    link.change(regions=(code,), subregions=(), countries=())
    take_set(REGION_CHARTS)


def clear() -> None:
    """Take every chart out of the briefing."""
    _replace(read().clear())


def can_undo() -> bool:
    """Whether charts were taken out or replaced just now."""
    return _UNDO in st.session_state


def undo() -> None:
    """Bring back the charts as they were before they were taken out."""
    before: tuple[Item, ...] = st.session_state.pop(_UNDO, ())
    _write(Chosen(before, read().used))


def remember(chosen: Chosen) -> None:
    """Keep the briefing while the reader looks at other pages."""
    st.session_state[_REMEMBERED] = choice.remember(link.page_parameters(), chosen)


def restore() -> None:
    """Bring the briefing back when the reader returns from another page; what the address says wins."""
    values: dict[str, str] = st.session_state.get(_REMEMBERED, {})
    if link.is_arrival() and values and link.page_parameter("charts") is None:
        link.add_page_parameters(values, choice.bring_back(link.page_parameters(), values))


def _replace(new: Chosen) -> None:
    """Change the charts in a way that can be undone."""
    before = read().items
    _write(new)
    if before and before != new.items:
        st.session_state[_UNDO] = before


def _edit(new: Chosen) -> None:
    """Change the charts in a way that takes none of them away."""
    st.session_state.pop(_UNDO, None)
    _write(new)


def _write(new: Chosen) -> None:
    link.change_page_parameters(**{name: value or None for name, value in new.write().items()})

"""What a presenter has chosen, kept in the page's link, so that a briefing is a bookmark.

Parameters: `chart`, the chart in use, with its `title` and `size`; `charts`, those of the briefing in their
order, each `id` or `id:own title`; `heading`, the briefing's own title. In an own title `%`, `,` and `:` are
percent-encoded. A bookmark of these shows next week's figures.
"""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

import streamlit as st

from dashboard.briefings.order import LONGEST_TITLE, MOST_CHARTS
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.svg.surround import SIZES
from dashboard.i18n import N_
from dashboard.ui.frame import link

PARAMETERS = ("chart", "title", "size", "charts", "heading")
FIRST_SIZE = "slide"
_REMEMBERED = "briefing remembered"
_UNDO = "briefing undo"
_OPENED = "briefing opened"


class Item(NamedTuple):
    """One chart of the briefing, and the presenter's own title for it; empty for the chart's."""

    chart_id: str
    title: str = ""


class Preset(NamedTuple):
    """A ready-made set of charts."""

    id: str
    label: str
    help: str
    charts: tuple[str, ...]


PRESETS = (
    Preset(
        "overview",
        N_("Overview in five charts"),
        N_("The charts that most briefings begin with."),
        ("completion-over-time", "completion-by-region", "status-overview", "completion-by-theme",
         "completion-by-group"),
    ),
    Preset("all", N_("All charts"), N_("Every chart there is, in the order of the list below."), tuple(CATALOGUE)),
)  # fmt: skip
REGION_CHARTS = (
    "completion-over-time", "completion-by-subregion", "completion-by-country", "status-by-category",
    "completion-by-theme", "completion-by-group",
)  # fmt: skip
"""The set for one region: its course, its parts, and what its actions are about."""


def write_items(items: Iterable[Item]) -> str:
    """The charts of a briefing as one value of a link."""
    return ",".join(item.chart_id + (f":{_escape(item.title)}" if item.title else "") for item in items)


def read_items(text: str) -> tuple[Item, ...]:
    """The charts of a briefing from a link; each once, unknown ones included."""
    items_by_id: dict[str, Item] = {}
    for part in filter(None, text.split(",")):
        chart_id, _, title = part.partition(":")
        items_by_id.setdefault(chart_id.strip(), Item(chart_id.strip(), clean_title(unquote(title))))
    return tuple(items_by_id.values())


def clean_title(text: str | None) -> str:
    """An own title as it can be used: one line, without spaces around it, not too long."""
    return " ".join((text or "").split())[:LONGEST_TITLE]


def items() -> tuple[Item, ...]:
    """The charts of the briefing, in their order."""
    known = (item for item in read_items(link.page_parameter("charts") or "") if item.chart_id in CATALOGUE)
    return tuple(known)[:MOST_CHARTS]


def unknown() -> tuple[str, ...]:
    """The ids of charts that the link asks for and that are not there."""
    stated = [item.chart_id for item in read_items(link.page_parameter("charts") or "")]
    used = link.page_parameter("chart")
    return tuple(dict.fromkeys(c for c in (*stated, *([used] if used else [])) if c not in CATALOGUE))


def used_chart() -> str | None:
    """The id of the chart in use."""
    chart_id = link.page_parameter("chart")
    return chart_id if chart_id in CATALOGUE else None


def own_title() -> str:
    """The presenter's own title of the chart in use; empty for the chart's."""
    return clean_title(link.page_parameter("title"))


def size() -> str:
    """The size of the picture, and of the pictures in a ZIP."""
    name = link.page_parameter("size")
    return name if name in SIZES else FIRST_SIZE


def heading() -> str:
    """The briefing's own title; empty for the campaign's."""
    return clean_title(link.page_parameter("heading"))


def use(chart_id: str, title: str = "") -> None:
    """Open one chart for use; a widget's callback, as all below."""
    link.change_page_parameter("chart", chart_id)
    link.change_page_parameter("title", title or None)
    st.session_state[_OPENED] = chart_id


def was_opened() -> bool:
    """Whether the chart in use was opened by the click that this run answers; tells it once."""
    return st.session_state.pop(_OPENED, None) is not None


def stop_use() -> None:
    """Close the chart in use."""
    link.change_page_parameter("chart", None)
    link.change_page_parameter("title", None)


def add(chart_id: str, title: str = "") -> None:
    """Put a chart at the briefing's end; one that is there takes the title."""
    if any(item.chart_id == chart_id for item in items()):
        rename(chart_id, title)
    else:
        _edit((*items(), Item(chart_id, title)))


def remove(chart_id: str) -> None:
    """Take a chart out of the briefing."""
    _replace(tuple(item for item in items() if item.chart_id != chart_id))


def move(chart_id: str, steps: int) -> None:
    """Move a chart up (-1) or down (1)."""
    order = list(items())
    place = next(number for number, item in enumerate(order) if item.chart_id == chart_id)
    other = place + steps
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    _edit(tuple(order))


def rename(chart_id: str, title: str) -> None:
    """Give a chart of the briefing a title of the presenter's own."""
    _edit(tuple(Item(chart_id, title) if item.chart_id == chart_id else item for item in items()))


def take_set(chart_ids: Iterable[str]) -> None:
    """Replace the briefing's charts by a ready-made set; charts that stay keep their own titles."""
    titles = dict(items())
    _replace(tuple(Item(chart_id, titles.get(chart_id, "")) for chart_id in chart_ids)[:MOST_CHARTS])


def clear() -> None:
    """Take every chart out of the briefing."""
    _replace(())


def can_undo() -> bool:
    """Whether charts were taken out or replaced just now."""
    return _UNDO in st.session_state


def undo() -> None:
    """Bring back the charts as they were before they were taken out."""
    before: tuple[Item, ...] = st.session_state.pop(_UNDO, ())
    _write(before)


def remember() -> None:
    """Keep the briefing while the reader looks at other pages."""
    values = {name: link.page_parameter(name) for name in ("charts", "heading", "size")}
    st.session_state[_REMEMBERED] = {name: value for name, value in values.items() if value is not None}


def restore() -> None:
    """Bring the briefing back when the reader returns from another page; what the address says wins."""
    values: dict[str, str] = st.session_state.get(_REMEMBERED, {})
    if link.is_arrival() and values and link.page_parameter("charts") is None:
        link.add_page_parameters(values)


def _replace(new: tuple[Item, ...]) -> None:
    """Change the charts in a way that can be undone."""
    before = items()
    _write(new)
    if before and before != new:
        st.session_state[_UNDO] = before


def _edit(new: tuple[Item, ...]) -> None:
    """Change the charts in a way that takes none of them away."""
    st.session_state.pop(_UNDO, None)
    _write(new)


def _write(new: tuple[Item, ...]) -> None:
    link.change_page_parameter("charts", write_items(new) or None)


def _escape(title: str) -> str:
    return title.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")

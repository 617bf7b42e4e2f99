"""What a presenter has chosen, kept in the page's link, so that a briefing is a bookmark.

Parameters: `chart`, the chart in use, with its `title` and `size`; `charts`, those of the briefing in their order, each
a name (`dashboard.charts.options`) or `name:own title`; `heading`, the briefing's own title. In an own title `%`, `,`
and `:` are percent-encoded. What is chosen of charts names the one it is for (`sort=status-overview:rate`); without a
name it is for the chart in use. A bookmark of these shows next week's figures.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import streamlit as st

from dashboard.briefings.bookmarks import FIRST_SIZE, OVERVIEW, clean_title, read_items, write_items
from dashboard.briefings.order import MOST_CHARTS, Item
from dashboard.charts.catalogue import CATALOGUE, SURVEY
from dashboard.charts.explore import EXPLORE, find_spec
from dashboard.charts.options import (
    ALL_PARAMETERS,
    Options,
    apply_options,
    name_charts,
    parse_options,
    read_choices,
    write_choices,
)
from dashboard.charts.sides import COMPARED, set_beside
from dashboard.charts.survey_answers import find_asked
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import SelectionError
from dashboard.i18n import N_
from dashboard.ui.frame import figures, link

_REMEMBERED = "briefing remembered"
_UNDO = "briefing undo"
_USED = ""
"""The name of the chart in use."""


class Link(NamedTuple):
    """What the link holds: the briefing's charts in order, the chart in use, and what of it is not there.

    Attributes:
        unknown: The names of charts that do not exist.
        refused: What is chosen of charts and not offered by them, or for none of them.
    """

    items: tuple[Item, ...]
    used: Item | None
    unknown: tuple[str, ...]
    refused: tuple[SelectionError, ...]


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
        OVERVIEW,
    ),
    Preset("all", N_("All charts"), N_("Every chart there is, in the order of the list below."), tuple(CATALOGUE)),
)  # fmt: skip
REGION_CHARTS = (
    "completion-over-time", "completion-by-subregion", "completion-by-country", "status-by-category",
    "completion-by-theme", "completion-by-group",
)  # fmt: skip
"""The set for one region: its course, its parts, and what its actions are about."""


def read() -> Link:
    """What the link holds."""
    choices = read_choices({name: [value] for name in ALL_PARAMETERS if (value := link.page_parameter(name))})
    stated = read_items(link.page_parameter("charts") or "")
    if used_id := link.page_parameter("chart"):
        stated[_USED] = Item(used_id, clean_title(link.page_parameter("title")))
    refused = [_refuse(name, chosen, tuple(stated)) for name, chosen in choices.items() if name not in stated]
    items: dict[str, Item] = {}
    for name, item in stated.items():
        if _is_known(item.chart_id):
            options = Options()
            try:
                options = _check_asked(parse_options(choices.get(name, {}), find_spec(item.chart_id)), item.chart_id)
                if link.selection().versus:
                    set_beside(apply_options(find_spec(item.chart_id), options))
            except SelectionError as error:
                refused.append(error)
                if link.selection().versus:  # without what was chosen of it, it might not be comparable either
                    continue
            items[name] = item._replace(options=options)
    used = items.pop(_USED, None)
    unknown = dict.fromkeys(item.chart_id for item in stated.values() if not _is_known(item.chart_id))
    return Link(tuple(items.values())[:MOST_CHARTS], used, tuple(unknown), tuple(refused))


def offered() -> tuple[str, ...]:
    """The charts that there are; of a comparison those that put two selections side by side."""
    return COMPARED if link.selection().versus else tuple(CATALOGUE)


def _is_known(chart_id: str) -> bool:
    return chart_id in offered() or chart_id in (EXPLORE, SURVEY.id)


def _check_asked(options: Options, chart_id: str) -> Options:
    """The options of a chart, of a survey's question only if it was asked; else SelectionError."""
    if chart_id == SURVEY.id:
        find_asked(figures.reopen(), link.selection().lang, options.question, options.wave)
    return options


def _refuse(name: str, chosen: Mapping[str, list[str]], names: tuple[str, ...]) -> SelectionError:
    """What is said of a choice that is for none of the charts."""
    parameter, (value,) = next(iter(chosen.items()))
    value = f"{name}:{value}" if name else value
    return SelectionError(f"{parameter}={value!r} is for no chart here.", parameter, names, value)


def items() -> tuple[Item, ...]:
    """The charts of the briefing, in their order."""
    return read().items


def used() -> Item | None:
    """The chart in use, with the presenter's own title and what is chosen of it."""
    return read().used


def size() -> str:
    """The size of the picture, and of the pictures in a ZIP."""
    name = link.page_parameter("size")
    return name if name in SIZES else FIRST_SIZE


def heading() -> str:
    """The briefing's own title; empty for the campaign's."""
    return clean_title(link.page_parameter("heading"))


def use(chart_id: str) -> None:
    """Open one chart for use; a widget's callback, as all below."""
    _write(items(), Item(chart_id))


def stop_use() -> None:
    """Close the chart in use."""
    _write(items(), None)


def change_used(title: str) -> None:
    """Give the chart in use a title of the presenter's own."""
    item = used()
    if item is not None:
        _write(items(), item._replace(title=title))


def choose_of_used(parameter: str, value: str) -> None:
    """Choose something of the chart in use."""
    item = used()
    if item is not None:
        _write(items(), _choose(item, parameter, value))


def add(item: Item) -> None:
    """Put a chart at the briefing's end; one that is there with the same choices takes the title."""
    present = items()
    same = next((number for number, one in enumerate(present) if _is_same(one, item)), None)
    _edit((*present, item) if same is None else (*present[:same], item, *present[same + 1 :]))


def remove(name: str) -> None:
    """Take a chart out of the briefing."""
    _replace(tuple(item for own, item in name_items().items() if own != name))


def move(name: str, steps: int) -> None:
    """Move a chart up (-1) or down (1)."""
    order = list(items())
    place = list(name_items()).index(name)
    other = place + steps
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    _edit(tuple(order))


def rename(name: str, title: str) -> None:
    """Give a chart of the briefing a title of the presenter's own."""
    _edit(tuple(item._replace(title=title) if own == name else item for own, item in name_items().items()))


def choose(name: str, parameter: str, value: str) -> None:
    """Choose something of a chart of the briefing; one that then is there twice is there once."""
    present = name_items()
    item = _choose(present[name], parameter, value)
    _edit(tuple(item if own == name else one for own, one in present.items() if own == name or not _is_same(one, item)))


def name_items() -> dict[str, Item]:
    """The charts of the briefing by their names in the link, in their order."""
    present = items()
    return dict(zip(name_charts(item.chart_id for item in present), present, strict=True))


def find_plain() -> dict[str, str]:
    """The ids of the charts that are in the briefing as they are in the list, with their names in the link."""
    return {item.chart_id: name for name, item in name_items().items() if item.options == Options()}


def take_set(chart_ids: Iterable[str]) -> None:
    """Replace the briefing's charts by a ready-made set; charts that stay keep their own titles and choices."""
    kept = {item.chart_id: item for item in reversed(items())}
    _replace(tuple(kept.get(chart_id, Item(chart_id)) for chart_id in chart_ids)[:MOST_CHARTS])


def clear() -> None:
    """Take every chart out of the briefing."""
    _replace(())


def can_undo() -> bool:
    """Whether charts were taken out or replaced just now."""
    return _UNDO in st.session_state


def undo() -> None:
    """Bring back the charts as they were before they were taken out."""
    before: tuple[Item, ...] = st.session_state.pop(_UNDO, ())
    _write(before, used())


def remember() -> None:
    """Keep the briefing while the reader looks at other pages."""
    values = {name: link.page_parameter(name) for name in ("heading", "size")}
    stated = _state(items(), None) | {name: value for name, value in values.items() if value is not None}
    st.session_state[_REMEMBERED] = {name: value for name, value in stated.items() if value}


def restore() -> None:
    """Bring the briefing back when the reader returns from another page; what the address says wins."""
    values: dict[str, str] = st.session_state.get(_REMEMBERED, {})
    if link.is_arrival() and values and link.page_parameter("charts") is None:
        # What the address chooses of the chart in use stands before what is chosen of the briefing's.
        both = {name: filter(None, (link.page_parameter(name), values.get(name))) for name in ALL_PARAMETERS}
        link.add_page_parameters(values, {name: text for name, parts in both.items() if (text := ",".join(parts))})


def _is_same(one: Item, other: Item) -> bool:
    return (one.chart_id, one.options) == (other.chart_id, other.options)


def _choose(item: Item, parameter: str, value: str) -> Item:
    """A chart with one more choice; what it does not offer then is dropped by what is its own."""
    pairs = dict(item.options.query_pairs()) | {parameter: value}
    options = parse_options({name: [text] for name, text in pairs.items()}, find_spec(item.chart_id))
    return item._replace(options=options)


def _replace(new: tuple[Item, ...]) -> None:
    """Change the charts in a way that can be undone."""
    before = items()
    _write(new, used())
    if before and before != new:
        st.session_state[_UNDO] = before


def _edit(new: tuple[Item, ...]) -> None:
    """Change the charts in a way that takes none of them away."""
    st.session_state.pop(_UNDO, None)
    _write(new, used())


def _write(new: tuple[Item, ...], use: Item | None) -> None:
    for name, value in _state(new, use).items():
        link.change_page_parameter(name, value or None)


def _state(new: tuple[Item, ...], use: Item | None) -> dict[str, str]:
    """The link's parameters for the briefing's charts and the one in use; those without a value are empty."""
    names = name_charts(item.chart_id for item in new)
    choices = {name: item.options.query_pairs() for name, item in zip(names, new, strict=True)}
    if use is not None:
        choices = {_USED: use.options.query_pairs()} | choices
    stated = {"charts": write_items(new), **dict.fromkeys(ALL_PARAMETERS, ""), **write_choices(choices)}
    return stated | {"chart": use.chart_id if use else "", "title": use.title if use else ""}

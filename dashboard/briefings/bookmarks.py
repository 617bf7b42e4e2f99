"""A briefing as the parameters of a link: what the page Briefing keeps in its address, and a command reads from it.

Parameters: `charts`, the charts in their order, each a name (`dashboard.charts.options`) or `name:own title`;
`heading`, the briefing's own title; `size` of pictures; those of charts, each naming the one it is for
(`sort=status-overview:rate`). In an own title `%`, `,` and `:` are percent-encoded.
"""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote

from dashboard.briefings.order import LONGEST_TITLE, BriefingRequest, Item
from dashboard.charts.explore import find_spec
from dashboard.charts.options import (
    ALL_PARAMETERS,
    apply_options,
    find_id,
    name_charts,
    parse_options,
    read_choices,
)
from dashboard.charts.sides import COMPARED, set_beside
from dashboard.errors import SelectionError
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import VERSUS, parse

PARAMETERS = ("chart", "title", "size", "charts", "heading", *ALL_PARAMETERS)
FIRST_SIZE = "slide"
OVERVIEW = (
    "completion-over-time", "completion-by-region", "status-overview", "completion-by-theme", "completion-by-group",
)  # fmt: skip
"The charts most briefings start with."

_USED = ""
"""The name of the chart that the page has open beside the briefing."""


def write_items(items: Iterable[Item]) -> str:
    """The charts of a briefing as one value of a link; what is chosen of them stands in others."""
    items = tuple(items)
    items_by_name = zip(name_charts(item.chart_id for item in items), items, strict=True)
    return ",".join(name + (f":{_escape(item.title)}" if item.title else "") for name, item in items_by_name)


def read_items(text: str) -> dict[str, Item]:
    """The charts of a briefing from a link, by their names; each once, unknown ones included."""
    items: dict[str, Item] = {}
    for part in filter(None, text.split(",")):
        name, _, title = part.partition(":")
        items.setdefault(name.strip(), Item(find_id(name.strip()), clean_title(unquote(title))))
    return items


def clean_title(text: str | None) -> str:
    """An own title as it can be used: one line, without spaces around it, not too long."""
    return " ".join((text or "").split())[:LONGEST_TITLE]


def read_briefing(query: Mapping[str, Sequence[str]], snapshot: Snapshot) -> BriefingRequest:
    """What a link asks for: its charts, else the one that the page has open, else those of `OVERVIEW`.

    Raises:
        SelectionError: a parameter, a chart or a value is unknown, or a choice is for none of the charts.
    """
    selection = parse(query, snapshot, (*PARAMETERS, *VERSUS)).in_order()
    items = _choose_items(query, is_comparison=bool(selection.versus))
    choices = read_choices(query)
    open_choices = choices.pop(_USED, {})  # of the chart that is open
    if _USED in items:
        choices[_USED] = open_choices
    chosen = []
    for name, item in items.items():
        options = parse_options(choices.pop(name, {}), find_spec(item.chart_id))
        if selection.versus:
            set_beside(apply_options(find_spec(item.chart_id), options))
        chosen.append(item._replace(options=options))
    for name, chart_choices in choices.items():
        parameter, (value,) = next(iter(chart_choices.items()))
        allowed = tuple(f"{chart_name}:…" for chart_name in items)
        raise SelectionError(f"{parameter} is for no chart here.", parameter, allowed, f"{name}:{value}")
    size = _last(query, "size") or FIRST_SIZE
    request = BriefingRequest(tuple(chosen), selection, clean_title(_last(query, "heading")), size)
    request.check()
    return request


def _choose_items(query: Mapping[str, Sequence[str]], *, is_comparison: bool) -> dict[str, Item]:
    items = read_items(_last(query, "charts"))
    if items:
        return items
    if open_chart := _last(query, "chart"):
        return {_USED: Item(open_chart, clean_title(_last(query, "title")))}
    usual = [chart_id for chart_id in OVERVIEW if not is_comparison or chart_id in COMPARED]
    return {chart_id: Item(chart_id) for chart_id in usual}


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    return (query.get(name) or ("",))[-1]


def _escape(title: str) -> str:
    return title.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")

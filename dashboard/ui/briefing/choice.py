"""A presenter's choice in the page's link, so that a briefing is a bookmark; and its changes.

`dashboard.files.briefings.order` tells the parameters. A choice without a chart's name is for the chart in use, which
has `chart`, `title` and `size`. A bookmark of these shows next week's figures.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from dashboard.charts.catalogue import CATALOGUE, FIGURES, RESULTS, SAID_AND_KNOWN, SURVEY
from dashboard.charts.options import (
    ALL_PARAMETERS,
    BESIDE_COMPLETION,
    EXPLORE,
    Options,
    find_spec,
    parse_options,
    read_choices,
    write_choices,
)
from dashboard.charts.sides import COMPARED
from dashboard.charts.survey_answers import find_asked
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import SelectionError
from dashboard.files.briefings.order import (
    FIRST_SIZE,
    KINDS,
    MOST_BLOCKS,
    MOST_CHARTS,
    OVERVIEW,
    USED,
    WITH_NOTES,
    WORDED,
    Choice,
    Item,
    apply_choices,
    clean_title,
    list_items,
    name_items,
    read_items,
    write_items,
    write_notes,
)
from dashboard.files.briefings.saved import PARAMETER
from dashboard.i18n import N_
from dashboard.measures.context import choose_figure
from dashboard.measures.results import choose_amount
from dashboard.measures.spoken_days import is_kept
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

KIND = "kind"


class Preset(NamedTuple):
    """A ready-made set of charts."""

    id: str
    label: str
    help: str
    charts: tuple[Choice, ...]


_REPORTING = Options(measure="reporting")
PRESETS = (
    Preset("overview", N_("Overview in five charts"), N_("The charts most briefings start with."), OVERVIEW),
    Preset(
        "regions",
        N_("By region"),
        N_("Completion, status, course and milestones of each region."),
        ("completion-by-region", "status-overview", "over-time-by-region", "milestones-by-region", "region-by-theme"),
    ),
    Preset(
        "themes",
        N_("By theme"),
        N_("Completion, status and milestones of each theme."),
        ("completion-by-theme", "status-by-theme", "milestones-by-theme", "region-by-theme"),
    ),
    Preset(
        "country",
        N_("One country"),
        N_("Course, categories, themes and stakeholders: choose the country in the filters."),
        ("completion-over-time", "status-by-category", "completion-by-theme", "status-by-group"),
    ),
    Preset(
        "silent",
        N_("Who is silent"),
        N_("Where reports are missing: by region, country and stakeholder group."),
        (
            "reporting-by-region",
            Item("completion-by-country", options=_REPORTING),
            Item("completion-by-group", options=_REPORTING),
            "status-by-category",
        ),
    ),
    Preset("all", N_("All charts"), N_("Every chart, in the order of the list below."), tuple(CATALOGUE)),
)
REGION_CHARTS = (
    "completion-over-time", "completion-by-subregion", "completion-by-country", "status-by-category",
    "completion-by-theme", "completion-by-group",
)  # fmt: skip
"""The set for one region: its course, its parts, and the subjects of its actions."""


@dataclass(frozen=True)
class BriefingChoice:
    """The content of the link; each change returns the content after it.

    Attributes:
        in_use: The chart in use, with the presenter's own title and its choices.
        unknown: The names of charts that do not exist.
        refused: Choices that their charts do not offer, or for none of the charts.
    """

    items: tuple[Item, ...] = ()
    in_use: Item | None = None
    unknown: tuple[str, ...] = ()
    refused: tuple[SelectionError, ...] = ()

    def name_items(self) -> dict[str, Item]:
        """Return the charts of the briefing by their names in the link, in their order."""
        return name_items(self.items)

    def find_plain(self) -> dict[str, str]:
        """Find the briefing's charts without choices: their ids, with their names in the link."""
        return {
            item.chart_id: name
            for name, item in self.name_items().items()
            if item.kind == "chart" and item.options == Options()
        }

    def write(self) -> dict[str, str]:
        """Write the link's parameters for the briefing's charts and the one in use; those without a value are empty."""
        choices = {name: item.options.query_pairs() for name, item in self.name_items().items()}
        if self.in_use is not None:
            choices = {USED: self.in_use.options.query_pairs()} | choices
        words = {"charts": write_items(self.items), "notes": write_notes(self.items)}
        parameters = {**words, **dict.fromkeys(ALL_PARAMETERS, ""), **write_choices(choices)}
        item_in_use = self.in_use or Item("")
        return parameters | {"chart": item_in_use.chart_id, "title": item_in_use.title}

    def use(self, chart_id: str) -> "BriefingChoice":
        """Open one chart for use."""
        return replace(self, in_use=Item(chart_id))

    def add(self, item: Item, after: str = "") -> "BriefingChoice":
        """Add a block after another one, else at the end; a chart there with the same choices takes the title."""
        present, names = self.items, [*self.name_items()]
        place = names.index(after) + 1 if after in names else len(present)
        same = next((number for number, one in enumerate(present) if _is_same(one, item)), None)
        before, behind = (present[:place], present[place:]) if same is None else (present[:same], present[same + 1 :])
        return replace(self, items=(*before, item, *behind))

    def find(self, name: str) -> Item | None:
        """Find a chart by its name; the chart in use by `USED`."""
        return self.in_use if name == USED else self.name_items().get(name)

    def put(self, name: str, item: Item | None) -> "BriefingChoice":
        """Replace or remove a chart; a chart that would then stand twice stands once."""
        if name == USED:
            return replace(self, in_use=item)
        items = {
            item_name: one for item_name, one in self.name_items().items() if item is None or not _is_same(one, item)
        }
        changed = (item if item_name == name else items.get(item_name) for item_name in self.name_items())
        return replace(self, items=tuple(one for one in changed if one is not None))

    def remove(self, name: str) -> "BriefingChoice":
        """Remove a chart."""
        return self.put(name, None)

    def move(self, name: str, steps: int) -> "BriefingChoice":
        """Move a block up (-1) or down (1)."""
        return self.move_to(name, list(self.name_items()).index(name) + steps)

    def rename(self, name: str, title: str) -> "BriefingChoice":
        """Give a chart a title of the presenter's own."""
        item = self.find(name)
        return self if item is None else self.put(name, item._replace(title=title))

    def annotate(self, name: str, notes: str) -> "BriefingChoice":
        """Give a block talking points."""
        item = self.find(name)
        return self if item is None else self.put(name, item._replace(notes=notes))

    def choose(self, name: str, parameter: str, value: str) -> "BriefingChoice":
        """Set one choice of a chart, or what of it is shown (`KIND`)."""
        item = self.find(name)
        if item is None:
            return self
        if parameter == KIND:
            kind = next(kind for kind in KINDS if kind == value)
            title = "" if "message" in (kind, item.kind) else item.title
            return self.put(name, item._replace(kind=kind, title=title))
        return self.put(name, _choose(item, parameter, value))

    def move_to(self, name: str, place: int) -> "BriefingChoice":
        """Move a block to a place, the first being 0."""
        order = list(self.items)
        if name not in self.name_items() or not 0 <= place < len(order):
            return self
        order.insert(place, order.pop(list(self.name_items()).index(name)))
        return replace(self, items=tuple(order))

    def take_set(self, charts: Iterable[Choice]) -> "BriefingChoice":
        """Put a ready-made set in the place of the charts; those that stay keep their own titles and choices."""
        items = {item.chart_id: item for item in reversed(self.items) if item.kind == "chart"}
        chosen_items = (one if one.options != Options() else items.get(one.chart_id, one) for one in list_items(charts))
        return replace(self, items=tuple(chosen_items)[:MOST_CHARTS])

    def take_items(self, items: tuple[Item, ...]) -> "BriefingChoice":
        """Put these charts in the place of the briefing's."""
        return replace(self, items=items)


def parse(parameters: Mapping[str, str], selection: Selection, find_snapshot: Callable[[], Snapshot]) -> BriefingChoice:
    """Read the link.

    `find_snapshot`: returns the snapshot with the questions of surveys, where there are any.
    """
    choices = read_choices({name: [value] for name in ALL_PARAMETERS if (value := parameters.get(name))})
    requested_items = read_items(parameters.get("charts") or "", parameters.get("notes") or "")
    if used_id := parameters.get("chart"):
        requested_items[USED] = Item(used_id, clean_title(parameters.get("title")))
    unknown = {name: item for name, item in requested_items.items() if not _is_known(item, selection)}
    existing_items = {name: item for name, item in requested_items.items() if name not in unknown}
    for name in unknown:
        choices.pop(name, None)
    items, faults = apply_choices(existing_items, choices, selection)
    for name, item in items.items():
        if item.chart_id in (SURVEY.id, *RESULTS, *BESIDE_COMPLETION):  # of a survey's question only if it was asked
            try:
                if item.chart_id in RESULTS:
                    choose_amount(find_snapshot(), item.options.indicator, item.options.unit)
                elif item.chart_id in BESIDE_COMPLETION:
                    choose_figure(find_snapshot(), item.options.indicator, selection.lang)
                else:
                    find_asked(find_snapshot(), selection.lang, item.options.question, item.options.wave)
            except SelectionError as error:
                faults.append(error)
                items[name] = item._replace(options=Options())
    item_in_use = items.pop(USED, None)
    unknown_ids = dict.fromkeys(item.chart_id for item in unknown.values())
    return BriefingChoice(tuple(items.values())[:MOST_BLOCKS], item_in_use, tuple(unknown_ids), tuple(faults))


def offered(selection: Selection) -> tuple[str, ...]:
    """Return the available charts; for a comparison those that put two selections side by side."""
    return COMPARED if selection.versus else tuple(CATALOGUE)


def read_size(parameters: Mapping[str, str]) -> str:
    """Read the size of the picture, and of the pictures in a ZIP."""
    name = parameters.get("size")
    return name if name in SIZES else FIRST_SIZE


def read_heading(parameters: Mapping[str, str]) -> str:
    """Read the briefing's own title; empty for the campaign's."""
    return clean_title(parameters.get("heading"))


def remember(parameters: Mapping[str, str], chosen: BriefingChoice) -> dict[str, str]:
    """Return the part of a briefing to keep while the reader visits other pages: the link without the chart in use."""
    names = ("heading", "size", WITH_NOTES, PARAMETER)
    parameters_to_keep = chosen.remove(USED).write() | {name: parameters.get(name, "") for name in names}
    return {name: value for name, value in parameters_to_keep.items() if value}


def bring_back(parameters: Mapping[str, str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Join the link that opens a chart for use with the briefing that is brought back beside it.

    The address's choices for the chart in use stand before those of the briefing.
    """
    both = {name: filter(None, (parameters.get(name), remembered.get(name))) for name in ALL_PARAMETERS}
    return {name: text for name, parts in both.items() if (text := ",".join(parts))}


def _is_known(item: Item, selection: Selection) -> bool:
    beside = (
        EXPLORE,
        SURVEY.id,
        *(() if selection.versus else (*RESULTS, FIGURES.id)),
        *((SAID_AND_KNOWN.id,) if is_kept(selection) else ()),
    )
    return item.kind in WORDED or item.chart_id in offered(selection) or item.chart_id in beside


def _is_same(first: Item, second: Item) -> bool:
    return first.kind not in WORDED and first.same == second.same


def _choose(item: Item, parameter: str, value: str) -> Item:
    """Set one more choice of a chart; drop those that it then does not offer."""
    pairs = dict(item.options.query_pairs()) | {parameter: value}
    options = parse_options({name: [text] for name, text in pairs.items()}, find_spec(item.chart_id))
    return item._replace(options=options)

"""A page of one dimension: the number of actions, its charts, and further ones to choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard.charts.catalogue import CATALOGUE, PLAIN
from dashboard.charts.chart import list_further
from dashboard.ground.page_addresses import PAGES, PLACES
from dashboard.i18n import Translator
from dashboard.measures.counts import list_unused
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared
from dashboard.ui.frame.header import DIMENSION_PAGES
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options, empty_selection, headline
from dashboard.ui.pieces.chart_card import CardModel, ChoiceModel
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.headline import Line
from dashboard.ui.pieces.page_parts import Part

CHARTS = {
    "regions": ("completion-by-region", "completion-map", "status-overview"),
    "categories": ("completion-by-category", "status-by-category"),
    "themes": ("completion-by-theme", "status-by-theme", "region-by-theme", "criteria-by-theme"),
    "groups": ("completion-by-group", "status-by-group", "criteria-by-group"),
    "subregions": ("completion-by-subregion",),
    "countries": ("completion-by-country", "completion-and-context", "completion-map", "completion-tiles"),
    "groupings": ("completion-by-grouping",),
}
"""The charts of each page."""
MORE = {"regions": ("reporting-by-region", "evidence-by-region", "over-time-by-region")}
"""The further charts that the reader chooses from."""
ELSEWHERE = {
    "regions": (
        "completion-by-subregion",
        "completion-by-country",
        "completion-by-grouping",
        "completion-tiles",
        "region-by-theme",
    )
}
"""The charts of other parts that a former link may name there: it finds them still."""


@dataclass(frozen=True)
class DimensionModel:
    """The page: where there is no action, or none has a value of the dimension, only `empty`.

    Attributes:
        empty: The explanation of a selection without actions, or of a dimension without values.
    """

    empty: EmptyModel | None = None
    line: Line | None = None
    cards: tuple[CardModel, ...] = ()
    choice: ChoiceModel | None = None


@shared
def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str], page_id: str
) -> DimensionModel:
    """Make a page of one dimension."""
    line, unused = headline.make_line(snapshot, selection, t), list_unused(snapshot)
    if line is None:
        return DimensionModel(empty=empty_selection.make_model(snapshot, selection, t))
    if DIMENSION_PAGES[page_id] in unused:
        return DimensionModel(empty=empty_selection.make_unused([DIMENSION_PAGES[page_id]], t), line=line)

    further_ids = list_further(snapshot)

    def select(charts: Iterable[str]) -> tuple[str, ...]:
        offered = (PLAIN[one] for one in charts if one in (*CATALOGUE, *further_ids))
        return tuple(spec.id for spec in offered if unused.isdisjoint((spec.dimension, spec.second)))

    results = f"results-by-{DIMENSION_PAGES[page_id]}"
    chart_ids = (*select(CHARTS[page_id]), *((results,) if results in further_ids else ()))
    cards = tuple(
        chart_card.make_model(selection, t, parameters, chart_id, snapshot=snapshot) for chart_id in chart_ids
    )
    more = select(MORE.get(page_id, ()))
    elsewhere = select(ELSEWHERE.get(page_id, ()))
    choice = chart_card.make_choice(selection, t, parameters, more, elsewhere) if more else None
    return DimensionModel(line=line, cards=cards, choice=choice)


OF_PLACES = tuple(PAGES[PLACES].parts.values())
"""The parts of the page Regions that break down by one dimension each."""


def show(view: View, selection: Selection) -> None:
    """Draw the page."""
    model = make_model(view.snapshot, selection, view.t, view.parameters, view.page_id)
    if model.empty is not None:
        empty_selection.draw(model.empty)
    if model.line is not None:
        headline.show_line(model.line)
    for card in model.cards:
        chart_card.draw_card(view, card)
    if model.choice is not None:
        chart_card.draw_choice(view, model.choice)


PART = Part(show, chart_options.PARAMETERS)
"""The page part of every breakdown by one dimension."""

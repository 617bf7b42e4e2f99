"""What a page of one dimension shows: how many actions there are, its charts, and further ones to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.i18n import Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import chart_card, empty_selection, headline
from dashboard.ui.pieces.chart_card import CardModel, ChoiceModel
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.headline import Line

CHARTS = {
    "regions": ("completion-by-region", "completion-map", "status-overview"),
    "categories": ("completion-by-category", "status-by-category"),
    "themes": ("completion-by-theme", "status-by-theme", "region-by-theme"),
    "groups": ("completion-by-group", "status-by-group"),
}
"""The charts of each page."""
MORE = {
    "regions": (
        "completion-by-subregion",
        "completion-by-country",
        "completion-by-grouping",
        "completion-tiles",
        "reporting-by-region",
        "evidence-by-region",
        "region-by-theme",
        "over-time-by-region",
    )
}
"""Of which further charts one is chosen."""


@dataclass(frozen=True)
class DimensionModel:
    """What the page shows: where there is no action, only `empty`.

    Attributes:
        empty: What is said of a selection without actions.
        line: How many actions there are, and the clock.
        cards: The charts.
        choice: One of several further ones.
    """

    empty: EmptyModel | None = None
    line: Line | None = None
    cards: tuple[CardModel, ...] = ()
    choice: ChoiceModel | None = None


def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str], page_id: str
) -> DimensionModel:
    """What a page of one dimension shows.

    Args:
        snapshot: The data.
        selection: The filters in force.
        t: The reader's language.
        parameters: The page's own parameters of its link.
        page_id: The page.
    """
    line = headline.make_line(snapshot, selection, t)
    if line is None:
        return DimensionModel(empty=empty_selection.make_model(snapshot, selection, t))
    cards = tuple(chart_card.make_model(selection, t, parameters, chart_id) for chart_id in CHARTS[page_id])
    more = MORE.get(page_id)
    choice = chart_card.make_choice(selection, t, parameters, more) if more else None
    return DimensionModel(line=line, cards=cards, choice=choice)

"""Draw a page of one dimension."""

from dashboard.ground.page_addresses import PAGES, PLACES
from dashboard.snapshot.selection import Selection
from dashboard.ui.dimension.model import make_model
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options, empty_selection, headline
from dashboard.ui.pieces.page_parts import Part

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

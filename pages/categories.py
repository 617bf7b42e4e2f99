"""Categories: how far each kind of action has come."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import chart_card, chart_options, filter_bar, headline

view = page.open("categories", chart_options.PARAMETERS)
selection = filter_bar.show(view)
if headline.show(view, selection):
    for chart_id in ("completion-by-category", "status-by-category"):
        chart_card.show(view, chart_id, selection)

"""Groups: how far each group of stakeholders has come."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import chart_card, chart_options, filter_bar, headline

view = page.open("groups", chart_options.PARAMETERS)
selection = filter_bar.show(view)
if headline.show(view, selection):
    for chart_id in ("completion-by-group", "status-by-group"):
        chart_card.show(view, chart_id, selection)

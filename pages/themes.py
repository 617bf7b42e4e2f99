"""Themes: how far the actions on each subject have come."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import chart_card, chart_options, filter_bar, headline

view = page.open("themes", chart_options.PARAMETERS)
selection = filter_bar.show(view)
if headline.show(view, selection):
    for chart_id in ("completion-by-theme", "status-by-theme", "region-by-theme"):
        chart_card.show(view, chart_id, selection)

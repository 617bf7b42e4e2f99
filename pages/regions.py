"""Regions: how far each region, subregion and country has come, and who has not reported yet."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import chart_card, chart_options, filter_bar, headline

view = page.open("regions", chart_options.PARAMETERS)
selection = filter_bar.show(view)
if headline.show(view, selection):
    for chart_id in ("completion-by-region", "completion-map", "status-overview"):
        chart_card.show(view, chart_id, selection)
    more = ("completion-by-subregion", "completion-by-country", "completion-by-grouping", "completion-tiles")
    others = ("reporting-by-region", "evidence-by-region", "region-by-theme", "over-time-by-region")
    chart_card.show_choice(view, selection, (*more, *others))

"""Themes: how far the actions on each subject have come."""

from dashboard.ui import chart_card, filter_bar, headline_tiles, page

view = page.open("themes")
page.show_title(view)
selection = filter_bar.show(view)
if headline_tiles.show(view, selection):
    for chart_id in ("completion-by-theme", "status-by-theme", "region-by-theme"):
        chart_card.show(view, chart_id, selection)

"""Categories: how far each kind of action has come."""

from dashboard.ui import chart_card, filter_bar, headline_tiles, page

view = page.open("categories")
page.show_title(view)
selection = filter_bar.show(view)
if headline_tiles.show(view, selection):
    for chart_id in ("completion-by-category", "status-by-category"):
        chart_card.show(view, chart_id, selection)

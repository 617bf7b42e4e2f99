"""Overview: where the campaign stands, against its clock."""

from dashboard.ui import campaign_clock, chart_card, filter_bar, headline_tiles, page

view = page.open("overview")
page.show_title(view)
selection = filter_bar.show(view)
campaign_clock.show(view, selection)
if headline_tiles.show(view, selection):
    for chart_id in ("completion-over-time", "status-overview"):
        chart_card.show(view, chart_id, selection)

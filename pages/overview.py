"""Overview: where the campaign stands, against its clock."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import chart_card, filter_bar, headline

view = page.open("overview")
page.show_title(view)
selection = filter_bar.show(view)
headline.show_clock(view, selection)
if headline.show(view, selection):
    for chart_id in ("completion-over-time", "status-overview"):
        chart_card.show(view, chart_id, selection)

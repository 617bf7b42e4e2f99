"""Milestones: which mini-goals were due, reached and missed, and which are due next."""

from dashboard.ui.frame import page
from dashboard.ui.milestones import body
from dashboard.ui.pieces import chart_card, filter_bar

view = page.open("milestones", body.PARAMETERS)
selection = filter_bar.show(view)
if body.show(view, selection):
    for chart_id in ("milestones-by-month", "milestones-by-region"):
        chart_card.show(view, chart_id, selection)
    chart_card.show_choice(view, selection, ("milestones-by-category", "milestones-by-theme"))

"""Stakeholders: who promised actions and how far they are, and a page of each of them."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar
from dashboard.ui.stakeholders import body

view = page.open("stakeholders", body.PARAMETERS)
selection = filter_bar.show(view, body.name_one(view))
body.show(view, selection)

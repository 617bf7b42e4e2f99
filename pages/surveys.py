"""Surveys: what the progress surveys' questions with fixed answers were answered."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar
from dashboard.ui.surveys import body

view = page.open("surveys", extra_parameters=body.PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

"""Themes: how far the actions on each subject have come."""

from dashboard.ui.dimension import body
from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar

view = page.open("themes", body.PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

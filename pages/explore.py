"""Explore: any measure by one or two dimensions, in the form that the reader chooses."""

from dashboard.ui.explore import body
from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar

view = page.open("explore", extra_parameters=body.PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

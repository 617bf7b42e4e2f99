"""Extracts: rows, columns and format of a file to take away, and the link that refreshes it."""

from dashboard.extracts.choice import PARAMETERS
from dashboard.ui.download import body
from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar

view = page.open("download", extra_parameters=PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

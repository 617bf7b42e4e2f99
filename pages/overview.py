"""Overview: where the campaign stands against its clock, who is ahead, behind and silent."""

from dashboard.ui.frame import page
from dashboard.ui.overview import body
from dashboard.ui.pieces import filter_bar

view = page.open("overview", body.PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

"""Actions: the register, one action opened, and the filtered register as an Excel file."""

from dashboard.ui.actions import body
from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar

view = page.open("actions", extra_parameters=body.PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

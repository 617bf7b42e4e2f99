"""Groups: how far each group of stakeholders has come."""

from dashboard.ui.dimension import body
from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar

view = page.open("groups", body.PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

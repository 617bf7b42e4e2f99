"""Silent: who has not answered, the fewest answers that close the gap, and letters to them; for staff."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar
from dashboard.ui.silent import body

view = page.open_staff("silent", extra_parameters=body.PARAMETERS)
body.show(view, filter_bar.show(view))

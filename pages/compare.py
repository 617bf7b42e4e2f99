"""Compare: two selections, or two days of one, side by side in the same charts."""

from dashboard.ui.compare import body
from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar

view = page.open("compare", body.PARAMETERS)
selection = body.restore(filter_bar.show(view))
body.show(view, selection)

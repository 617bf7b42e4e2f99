"""Signed links: what a partner gives to Excel, Power BI and web pages where the campaign is closed."""

from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar
from dashboard.ui.shared_links import body

view = page.open("shared_links", extra_parameters=body.PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

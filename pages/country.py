"""One country: its figures, its course through the year, its neighbours, its actions."""

from dashboard.ui.country import body
from dashboard.ui.frame import page
from dashboard.ui.pieces import chart_options, filter_bar

view = page.open("country", chart_options.PARAMETERS)
selection = filter_bar.show(view, body.name_country(view))
body.show(view, selection)

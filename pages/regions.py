"""Regions: how far each region, subregion and country has come, and who has not reported yet."""

from dashboard.ui.dimension import body
from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar

view = page.open("regions", body.PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

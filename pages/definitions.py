"""Definitions: what the words and figures mean, and which files the figures come from."""

from dashboard.ui.definitions import body
from dashboard.ui.frame import page

view = page.open("definitions")
page.show_title(view)
body.show(view)

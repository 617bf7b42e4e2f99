"""Definitions: what the words and figures mean, and which files the figures come from."""

from dashboard.ui.definitions import input_files, lists
from dashboard.ui.frame import page

view = page.open("definitions")
page.show_title(view)
lists.show_measures(view)
lists.show_statuses(view)
lists.show_dimensions(view)
input_files.show(view)

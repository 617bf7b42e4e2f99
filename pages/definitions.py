"""Definitions: what the words and figures mean, and which files the figures come from."""

from dashboard.ui import definition_lists, input_files, page

view = page.open("definitions")
page.show_title(view)
definition_lists.show_measures(view)
definition_lists.show_statuses(view)
definition_lists.show_dimensions(view)
input_files.show(view)

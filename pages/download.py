"""Extracts: rows, columns and format of a file to take away, and the link that refreshes it."""

from dashboard.extract_choice import PARAMETERS
from dashboard.ui import extract_page, filter_bar, page

view = page.open("download", extra_parameters=PARAMETERS)
page.show_title(view)
selection = filter_bar.show(view)
extract_page.show(view, selection)

"""Briefing: one chart for a web page, slide, document or mail; or several as a deck, a document, a ZIP."""

from dashboard.briefings import bookmarks
from dashboard.snapshot.selection import VERSUS
from dashboard.ui.briefing import body, state
from dashboard.ui.frame import page
from dashboard.ui.pieces import filter_bar

view = page.open("briefing", extra_parameters=(*bookmarks.PARAMETERS, *VERSUS))
state.restore()
selection = filter_bar.show(view)
body.show(view, selection)

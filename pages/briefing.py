"""Briefing: one chart for a web page, slide, document or mail; or several as a deck, a document, a ZIP."""

from dashboard.ui import briefing, briefing_choice, filter_bar, page

view = page.open("briefing", extra_parameters=briefing_choice.PARAMETERS)
page.show_title(view)
briefing_choice.restore()
selection = filter_bar.show(view)
briefing.show(view, selection)

"""Surveys: what the progress surveys' questions with fixed answers were answered."""

from dashboard.ui import filter_bar, page, survey_answers

view = page.open("surveys", extra_parameters=survey_answers.PARAMETERS)
page.show_title(view)
selection = filter_bar.show(view)
survey_answers.show(view, selection)

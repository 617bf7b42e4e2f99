"""Latest news: what happened on the way, newest first, and what is new since a day."""

from dashboard.ui.frame import page
from dashboard.ui.latest import body, shown_kinds
from dashboard.ui.pieces import filter_bar

shown_kinds.join_repeated()
view = page.open("latest", body.PARAMETERS)
selection = filter_bar.show(view)
body.show(view, selection)

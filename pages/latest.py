"""Latest news: what happened on the way, newest first, and what is new since a day."""

from dashboard.ui.latest import body as latest
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part

page_parts.draw(latest=Part(latest.show, latest.PARAMETERS, prepare=latest.join_repeated))

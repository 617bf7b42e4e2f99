"""Categories: how far each kind of action has come."""

from dashboard.ui.dimension import body as dimension
from dashboard.ui.pieces import page_parts

page_parts.draw(categories=dimension.PART)

"""Categories: how far each kind of action has come."""

from dashboard.ui import dimension
from dashboard.ui.pieces import page_parts

page_parts.draw(categories=dimension.PART)

"""Themes: how far the actions on each subject have come."""

from dashboard.ui import dimension
from dashboard.ui.pieces import page_parts

page_parts.draw(themes=dimension.PART)

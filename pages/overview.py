"""Overview: how far the actions are, by region, category and theme, and over time."""

from dashboard.ui.overview import body as overview
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part

page_parts.draw(overview=Part(overview.show, overview.PARAMETERS, has_title=False))

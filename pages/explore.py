"""Explore: any measure by any dimension; two selections side by side; the answers of the surveys."""

from dashboard.ui import compare, explore, surveys
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part

page_parts.draw(
    explore=Part(explore.show, explore.PARAMETERS),
    compare=Part(compare.show, compare.PARAMETERS),
    surveys=Part(surveys.show, surveys.PARAMETERS),
)

"""Regions: how far each region, subregion, country, grouping and group of stakeholders has come; one country."""

from dashboard.ui import country, dimension
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part

page_parts.draw(
    **dict.fromkeys(dimension.OF_PLACES, dimension.PART),
    country=Part(country.show, country.PARAMETERS, name=country.name_country),
)

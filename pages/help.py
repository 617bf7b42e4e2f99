"""Help: how the dashboard is read, what each page is for, where to ask, the guides; what the words mean."""

from dashboard.ui import definitions
from dashboard.ui import help as help_page
from dashboard.ui.frame import page
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part

page_parts.draw(
    help=Part(help_page.show, (help_page.GUIDE,), page.open_always, has_filters=False),
    definitions=Part(definitions.show, has_filters=False),
)

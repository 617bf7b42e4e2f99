"""Help: how the dashboard is read, what each page is for, where to ask, the guides; what the words mean."""

from dashboard.ui.definitions import body as definitions
from dashboard.ui.frame import page
from dashboard.ui.help import body as help_body
from dashboard.ui.help import guides
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part

page_parts.draw(
    help=Part(help_body.show, (guides.PARAMETER,), page.open_always, has_filters=False),
    definitions=Part(definitions.show, has_filters=False),
)

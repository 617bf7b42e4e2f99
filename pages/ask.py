"""Ask and tell: letters to those who have not answered, and the newsletter. For staff."""

from dashboard.ui import mailing
from dashboard.ui.frame import page
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part
from dashboard.ui.silent import body as silent

page_parts.draw(
    silent=Part(silent.show, silent.PARAMETERS, page.open_staff),
    mailing=Part(mailing.show, (), page.open_staff, has_filters=False),
)

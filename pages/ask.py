"""Ask and tell: letters to those who have not answered, the newsletter, reports by link. For staff."""

from dashboard.ui import mailing
from dashboard.ui.frame import page
from dashboard.ui.pieces import list_table, page_parts
from dashboard.ui.pieces.page_parts import Part
from dashboard.ui.reports import body as reports
from dashboard.ui.silent import body as silent

page_parts.draw(
    silent=Part(silent.show, silent.PARAMETERS, page.open_staff),
    mailing=Part(mailing.show, (), page.open_staff, has_filters=False),
    reports=Part(reports.show, list_table.PARAMETERS, page.open_staff, has_filters=False),
)

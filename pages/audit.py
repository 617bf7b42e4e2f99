"""Audit log: who uploaded, published, decided, erased …, for administrators, filtered and as a workbook."""

from dashboard.ui.audit import body
from dashboard.ui.frame import page

view = page.open_first("audit")
page.show_title(view)
body.show(view)

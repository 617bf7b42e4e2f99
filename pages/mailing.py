"""Mailing: the next issue of the newsletter looked at, tried and sent; what became of mails; subscribers' requests."""

from dashboard.ui.frame import page
from dashboard.ui.mailing import body

view = page.open_staff("mailing")
page.show_title(view)
body.show(view)

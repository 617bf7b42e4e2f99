"""Data quality: what is wrong in the files that came in, and what to do about it; for staff."""

from dashboard.ui.frame import page
from dashboard.ui.quality import body

view = page.open_staff("quality", extra_parameters=body.PARAMETERS)
page.show_title(view)
body.show(view)

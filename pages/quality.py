"""Data quality: what is wrong in the files that came in, and what to do about it; for staff."""

from dashboard.ui import page, quality

view = page.open_staff("quality", extra_parameters=quality.PARAMETERS)
page.show_title(view)
quality.show(view)

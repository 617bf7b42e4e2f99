"""Help: how the dashboard is read, what each page is for, where to ask; the guides with pictures."""

from dashboard.ui.frame import page
from dashboard.ui.help import body, guides

view = page.open_always("help", extra_parameters=(guides.PARAMETER,))
page.show_title(view)
body.show(view)

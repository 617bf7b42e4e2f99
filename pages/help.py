"""Help: how the dashboard is read, what each page is for, where to ask."""

from dashboard.ui.frame import page
from dashboard.ui.help import body

view = page.open_always("help")
page.show_title(view)
body.show(view)

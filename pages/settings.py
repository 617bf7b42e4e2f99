"""Settings: what the campaign says of itself, its lists, groupings, sources and people, changed without a file."""

from dashboard.ui.frame import page
from dashboard.ui.settings import body

view = page.open_first("settings", body.PARAMETERS)
page.show_title(view)
body.show(view)

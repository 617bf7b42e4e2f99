"""New campaign: title, days, languages and kind of register asked for, and a campaign made where there is none."""

from dashboard.ui.frame import page
from dashboard.ui.new_campaign import body

view = page.open_first("new_campaign")
page.show_title(view)
body.show(view)

"""People and roles: who is administrator, staff, reader; whether the campaign is closed; who is signed in."""

from dashboard.ui.frame import page
from dashboard.ui.roles import body

view = page.open_first("roles")
page.show_title(view)
body.show(view)

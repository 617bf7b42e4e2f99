"""Newsletter: what it is, and signing up."""

from dashboard.ui.frame import page
from dashboard.ui.newsletter import body

view = page.open("newsletter")
page.show_title(view)
body.show(view)

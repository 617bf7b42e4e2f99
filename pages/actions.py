"""Actions: the register, one action opened, and the filtered register as an Excel file."""

from dashboard.ui.actions import register, sheet
from dashboard.ui.frame import link, page
from dashboard.ui.pieces import filter_bar

view = page.open("actions", extra_parameters=("action",))
page.show_title(view)
selection = filter_bar.show(view)
action_id = link.page_parameter("action")
if action_id is not None:
    sheet.show(view, selection, action_id)
else:
    register.show(view, selection)

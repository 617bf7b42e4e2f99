"""Actions: the register, one action opened, and the filtered register as an Excel file."""

from dashboard.ui import action_sheet, filter_bar, link, page, register_table

view = page.open("actions", extra_parameters=("action",))
page.show_title(view)
selection = filter_bar.show(view)
action_id = link.page_parameter("action")
if action_id is not None:
    action_sheet.show(view, selection, action_id)
else:
    register_table.show(view, selection)

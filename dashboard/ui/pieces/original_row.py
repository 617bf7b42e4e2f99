"""A place in an input file, and for staff the row that stands there."""

import pandas as pd
import streamlit as st

from dashboard.campaign import origins
from dashboard.campaign.file_names import find_names
from dashboard.errors import UserError
from dashboard.ui.frame.page import Frame, View
from dashboard.ui.pieces import account, campaign_commands, html_tables, messages
from dashboard.ui.pieces.messages import plain


def place(view: Frame, file: str, sheet: str | None, row: int) -> str:
    """A place in an input file: its handle (on staff's pages its name), sheet and row."""
    if sheet is None or pd.isna(sheet):
        return view.t("{file}, row {row}", file=file, row=str(row))
    return view.t("{file}, sheet {sheet}, row {row}", file=file, sheet=sheet, row=str(row))


def show_button(view: View, file: str, sheet: str | None, row: int, key: str) -> None:
    """Draw the button that opens the row; on staff's pages only, since a row holds what was not published."""
    if st.button(view.t("Show the original row"), key=f"original-{key}", icon=":material/table_rows:"):
        title = plain(place(view, *name_place(view, file, sheet), row))
        st.dialog(title, width="large")(_show_original)(view, file, sheet, row)


def name_place(view: View, file: str, sheet: str | None) -> tuple[str, str | None]:
    """The own names of a file and its sheet behind their handles; on staff's pages only."""
    names = find_names(view.snapshot.path)
    return names.file(file), names.sheet(file, sheet)


def _show_original(view: View, file: str, sheet: str | None, row: int) -> None:
    """The row as the file has it, one line a column; columns with names of people are left out."""
    t = view.t
    options = [] if sheet is None else ["--sheet", sheet]
    try:
        with st.spinner(t("Reading the file …")):
            answer = campaign_commands.run("row", *options, operands=(file, str(row)))
    except UserError as error:
        messages.show_error(view, error)
        return
    if origin := account.say_origin(view, origins.read({"": answer.get("came_from") or {}}).get("")):
        messages.show_note(origin)
    cells = zip(answer.get("headers", []), answer.get("cells", []), strict=False)
    rows = [[str(header or ""), str(cell)] for header, cell in cells if cell not in (None, "")]
    st.html(html_tables.render(html_tables.words(t("Column"), t("Cell")), rows, is_long=True))
    st.caption(t("Empty cells and columns with contact names, e-mail addresses and telephone numbers are not shown."))

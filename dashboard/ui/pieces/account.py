"""The account of input files' rows (accepted, merged, rejected), a place in a file, and for staff the row there."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign import source_notes
from dashboard.campaign.file_names import find_names
from dashboard.campaign.source_notes import Origin, moment
from dashboard.campaign.sources import NAMES, Tool
from dashboard.errors import UserError
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import campaign_commands, html_tables, messages
from dashboard.ui.pieces.html_tables import Cells, Column


def place(view: Frame, file: str, sheet: str | None, row: int) -> str:
    """Write a place in an input file: its handle (on staff's pages its name), sheet and row."""
    if sheet is None or pd.isna(sheet):
        return view.t("{file}, row {row}", file=file, row=str(row))
    return view.t("{file}, sheet {sheet}, row {row}", file=file, sheet=sheet, row=str(row))


def show_button(view: View, file: str, sheet: str | None, row: int, key: str) -> None:
    """Draw the button that opens the row; on staff's pages only, since a row holds unpublished values."""
    if st.button(view.t("Show the original row"), key=f"original-{key}", icon=":material/table_rows:"):
        title = plain(place(view, *name_place(view, file, sheet), row))
        st.dialog(title, width="large")(_show_original)(view, file, sheet, row)


def name_place(view: View, file: str, sheet: str | None) -> tuple[str, str | None]:
    """Write the names of a file and its sheet behind their handles; on staff's pages only."""
    names = find_names(view.snapshot.path)
    return names.file(file), names.sheet(file, sheet)


def _show_original(view: View, file: str, sheet: str | None, row: int) -> None:
    """Show the row as the file has it, one line a column; columns with names of people are left out."""
    t = view.t
    options = [] if sheet is None else ["--sheet", sheet]
    try:
        with st.spinner(t("Reading the file …")):
            answer = campaign_commands.run("row", *options, operands=(file, str(row)))
    except UserError as error:
        messages.show_error(view, error)
        return
    if origin := say_origin(view, source_notes.read_origins({"": answer.get("came_from") or {}}).get("")):
        messages.show_note(origin)
    cells = zip(answer.get("headers", []), answer.get("cells", []), strict=False)
    rows = [[str(header or ""), str(cell)] for header, cell in cells if cell not in (None, "")]
    st.html(html_tables.render(html_tables.words(t("Column"), t("Cell")), rows, is_long=True))
    st.caption(t("Empty cells and columns with contact names, e-mail addresses and telephone numbers are not shown."))


def lay_out(
    view: Frame, files: pd.DataFrame, extra_columns: Sequence[Cells] = (), *, build_id: str = "", total: str = ""
) -> tuple[list[Column], list[list[str]]]:
    """Lay out a line a file or sheet: its name, further columns, and the four counts; as `html_tables` takes it.

    `files`: `source_file` and the counts by their names in the snapshot.
    `extra_columns`: further columns of each.
    `build_id`: the build whose sources are named beside their files; empty for none.
    `total`: the words before the counts of all together, in a last line; empty for none.
    """
    t = view.t
    names = {"rows_read": t("Rows read"), "rows_accepted": t("Accepted"), "rows_merged": t("Merged"),
             "rows_rejected": t("Rejected")}  # fmt: skip
    build_origins = source_notes.read_of_build(Settings.from_environment().campaign, build_id) if build_id else {}

    def name_file(file: Any) -> str:
        name = str(file["source_file"])
        return " · ".join(filter(None, (name, say_origin(view, source_notes.find_origin(build_origins, name)))))

    counts = [html_tables.count(view, label, name) for name, label in names.items()]
    sums = [formats.format_count(int(files[name].sum()), view.lang) for name in names]
    columns, rows = html_tables.lay_out_records(files, [Cells(t("File"), name_file), *extra_columns, *counts])
    return columns, [*rows, *([[total, *[""] * len(extra_columns), *sums]] if total else [])]


def say_origin(view: Frame, origin: Origin | None) -> str:
    """`fetched from KoboToolbox, Mid-year survey, 1 July 2021, 09:00 UTC`; nothing where a person brought the file."""
    at = None if origin is None else moment(origin.at)
    if origin is None or at is None:
        return ""
    tool = next((view.t(NAMES[one]) for one in Tool if one.value == origin.tool), origin.tool)
    when = f"{formats.format_moment(at, view.lang)} UTC"
    return view.t("fetched from {tool}, {source}, {when}", tool=tool, source=origin.title, when=when)

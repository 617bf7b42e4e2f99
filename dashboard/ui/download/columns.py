"""The columns of an extract, chosen and put in order, and how its first rows look with them."""

import streamlit as st

from dashboard.extracts import estimate
from dashboard.extracts.choice import IDS, READY_LABELS, Choice, ready_columns, ready_kind
from dashboard.extracts.tables import TABLES, Field
from dashboard.formats import table_date_format
from dashboard.snapshot.selection import Selection
from dashboard.ui.download import state
from dashboard.ui.frame.page import View
from dashboard.ui.frame.streamlit_grips import ColumnConfig
from dashboard.ui.pieces import messages

OWN = "own"
TECHNICAL = ("parquet", "json")
"""Formats for programs: their columns have technical names."""


def show(view: View, selection: Selection, choice: Choice) -> None:
    """Draw the choice of columns, and the preview."""
    table = TABLES[choice.table]
    messages.show_card_title(view.t("Columns"))
    kind = _show_kinds(view, choice)
    if kind == OWN:
        _show_own(view, choice)
    frame = estimate.first_rows(view.snapshot, selection, table, choice.columns)
    fields = table.choose(choice.columns)
    words = view.t("The first rows of the file, with its headers.")
    with st.container(key="extract-preview"):
        st.dataframe(
            frame,
            hide_index=True,
            column_config={field.name: _column(view, field, choice) for field in fields},
            height="content",
            placeholder="—",
            alt=words,
        )
    st.caption(words)


def _show_kinds(view: View, choice: Choice) -> str:
    """The ready choices, and the reader's own; gives which it is."""
    table = TABLES[choice.table]
    ready = ready_columns(table)
    known = ready_kind(table, choice.columns)
    shown = OWN if known is None or state.is_own(choice) else known
    labels = {kind: f"{view.t(READY_LABELS[kind])} ({len(table.choose(columns))})" for kind, columns in ready.items()}
    labels[OWN] = view.t("Choose and order")
    st.segmented_control(
        view.t("Columns"),
        list(labels),
        format_func=labels.__getitem__,
        **state.bind("extract-kind", shown, state.take_ready_columns),
        required=True,
        label_visibility="collapsed",
    )
    return shown


def _show_own(view: View, choice: Choice) -> None:
    table = TABLES[choice.table]
    headers = {field.name: view.t(field.header) for field in table.fields}
    st.multiselect(
        view.t("Columns in their order"),
        list(headers),
        format_func=headers.__getitem__,
        **state.bind("extract-columns", list(choice.columns), state.take_columns, choice.table),
        placeholder=view.t("All columns"),
        select_all=False,
    )
    st.caption(view.t("The file has the columns in the order in which you choose them. None chosen: all of them."))


def _column(view: View, field: Field, choice: Choice) -> ColumnConfig:
    """How a column is shown: its header in the file, its meaning when pointed at."""
    config = st.column_config
    label = field.name if choice.file_format in TECHNICAL else view.t(field.header)
    words = view.t(field.description)
    if field.kind == "date":
        return config.DateColumn(label, help=words, format=table_date_format(view.lang))
    if field.kind == "boolean":
        return config.CheckboxColumn(label, help=words)
    if field.kind in ("percent", "number", "integer"):
        return config.NumberColumn(label, help=words, format="%.3g" if field.kind == "number" else "%d")
    is_short = field.name in IDS or field.part == "code"
    return config.TextColumn(label, help=words, width="small" if is_short else "medium")

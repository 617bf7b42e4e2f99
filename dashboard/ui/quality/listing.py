"""One list of the data-quality page: its rows, the file to take away, and what is behind a chosen row.

A line comes from somewhere: the ways lead to the action it is about, and to the original row of the file.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.quality import order, queries
from dashboard.quality.lists import LISTS, ListColumn, QualityList
from dashboard.quality.queries import Listed, Reading
from dashboard.ui.frame import page_link
from dashboard.ui.frame.page import View
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import file_at_once, html_tables, original_row, row_tables

_ROWS_IN_VIEW = 8


def show_section(list_id: str, view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw a section that is one list."""
    show(view, LISTS[list_id], file)


def show(
    view: View, spec: QualityList, file: str | None, check_id: str | None = None, *, most: int = queries.SHOWN
) -> dict[Any, Any] | None:
    """Draw the list, or say that all is well; the row that is chosen."""
    listed = queries.read(Reading(view.snapshot, view.t, file, most, check_id), spec.list_id)
    if not listed.total:
        st.success(view.t(spec.empty), icon=":material/check_circle:")
        return None
    st.markdown(view.t(spec.note))
    show_download(view, spec, file)
    chosen = show_rows(view, spec, listed, f"{file}-{check_id}")
    show_count(view, listed)
    if chosen is None:
        return None
    row: dict[Any, Any] = listed.frame.iloc[chosen].to_dict()
    _show_row(view, spec, row)
    return row


def show_download(view: View, spec: QualityList, file: str | None) -> None:
    """Draw the list's download: all of its rows, whatever is shown."""
    excel = name_excel(view, spec.list_id, view.t("Download as Excel"), [spec.list_id], file)
    file_at_once.show(view, f"staff-files-{spec.list_id}", file, excel)


def name_excel(
    view: View, name: str, label: str, list_ids: Sequence[str], file: str | None = None, *, before: Path | None = None
) -> file_at_once.File:
    """The link to lists as a workbook.

    Args:
        view: The page.
        name: Tells it from the page's other links.
        label: The words of the link.
        list_ids: The lists, a sheet each.
        file: The input file that they are about; all of them by default.
        before: The snapshot that changes are compared with.
    """
    return file_at_once.File(
        f"download-{name}",
        label,
        lambda: order.make_lists(view.snapshot, list_ids, view.lang, file, before=before).content,
        order.name_file(view.snapshot, list_ids, view.lang, file),
        order.MEDIA_TYPE,
    )


def show_rows(view: View, spec: QualityList, listed: Listed, what: str) -> int | None:
    """Draw the rows; the place of the one that is chosen."""
    state = st.dataframe(
        listed.frame,
        hide_index=True,
        column_order=[column.name for column in spec.columns],
        column_config={
            column.name: row_tables.configure(view, view.t(column.header), column.width, column.kind)
            for column in spec.columns
        },
        key=f"quality-{spec.list_id}-{what}-{view.snapshot.build_id[:12]}",
        on_select="rerun",
        selection_mode="single-row",
        row_height=row_tables.ROW_HEIGHT,
        height=row_tables.find_height(len(listed.frame), _ROWS_IN_VIEW),
        placeholder="",
        alt=view.t(spec.title),
    )
    rows = state["selection"]["rows"]
    return int(rows[0]) if rows and rows[0] < len(listed.frame) else None


def show_count(view: View, listed: Listed) -> None:
    """Say how many rows there are, and how many of them are shown."""
    t, shown = view.t, len(listed.frame)
    total = formats.format_count(listed.total, view.lang)
    if shown < listed.total:
        first = formats.format_count(shown, view.lang)
        text = t("The first {shown} of {total} rows; the Excel file has them all.", shown=first, total=total)
    else:
        text = t.plural("{n} row.", "{n} rows.", listed.total, n=total)
    st.caption(f"{text} {t('Choose a row to see all of it and where it comes from.')}")


def _show_row(view: View, spec: QualityList, row: dict[Any, Any]) -> None:
    """The chosen row whole, one line a column, with the ways to where it comes from."""
    with st.container(border=True, key="quality-chosen"):
        facts = [
            [view.t(column.header), _write(view, column, row[column.name])]
            for column in spec.columns
            if not _is_missing(row[column.name])
        ]
        html_tables.show(html_tables.words(view.t("Column"), view.t("Content")), facts)
        show_origin(view, row["source_file"], row["sheet"], row["source_row"], row["action_id"])


def _write(view: View, column: ListColumn, value: Any) -> str:
    if column.kind == "date":
        return formats.format_date(pd.Timestamp(value).date(), view.lang)
    if column.kind == "percent":
        return formats.format_share(float(value) / 100, view.lang)
    if column.kind == "plain":
        return formats.format_count(value, view.lang)
    return str(value)


def _is_missing(value: Any) -> bool:
    return value is None or (not hasattr(value, "__len__") and bool(pd.isna(value))) or value == ""


def show_origin(view: View, file: Any, sheet: Any, row: Any, action_id: Any, key: str = "chosen") -> None:
    """Draw the ways from a line to its action and to its row; what is not known is left out."""
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center"):
        if not _is_missing(action_id):
            show_action(view, str(action_id), t("Open the action {id}", id=action_id))
        if _is_missing(file) or _is_missing(row):
            return
        sheet_name = None if _is_missing(sheet) else str(sheet)
        original_row.show_button(view, str(file), sheet_name, int(row), key)


def show_action(view: View, action_id: str, label: str) -> None:
    """Draw the way to an action's own page."""
    pairs = (("action", action_id), ("lang", view.lang))
    page_link.show(PageLink(label, "actions", pairs, ":material/open_in_new:"))


def choose(
    label: str, names: Mapping[str, str], placeholder: str, key: str, width: Literal["stretch"] | int = "stretch"
) -> str | None:
    """Draw a choice of one of several things by their names; None where none is chosen."""
    return st.selectbox(
        label,
        list(names),
        format_func=names.__getitem__,
        index=None,
        placeholder=placeholder,
        key=key,
        width=width,
    )


def choose_part(view: View, key: str, names: Mapping[str, str], default: str, label: str = "") -> str:
    """Draw the parts of a section by their names, of which one is always open; without a label nobody sees one."""
    chosen = st.segmented_control(
        label or view.t("About"),
        list(names),
        default=default,
        required=True,
        format_func=names.__getitem__,
        key=key,
        label_visibility="visible" if label else "collapsed",
    )
    return str(chosen)


def text(value: object) -> str:
    """A text of a frame; empty where it is missing."""
    return value if isinstance(value, str) else ""

"""One list of the data-quality page: its rows, the file to take away, and the details of a chosen row.

A line has an origin: links lead to its action, and to the original row of the file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.files.extracts.choice import EXCEL
from dashboard.lists.declaration import List, ListRequest, Row, Slice
from dashboard.lists.quality import order
from dashboard.lists.quality.lists import LISTS, ROW
from dashboard.lists.quality.queries import CHECK, FILE, MOST_ROWS
from dashboard.measures.register import plain_cell
from dashboard.ui.frame import link, page, page_link, reading
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View, merge
from dashboard.ui.pieces import account, file_at_once, html_tables, list_table, messages, paging

VIEW, BY = "view", "by"
"""The link's parameters for the part of a section, and for the grouping of it."""
PARAMETERS = (FILE, VIEW, BY, CHECK, ROW, *list_table.PARAMETERS)
OTHER_LIST = dict.fromkeys((CHECK, ROW, *list_table.PARAMETERS))
"""The link's parameters that another list drops."""


@dataclass(frozen=True)
class RowModel:
    """A row of a list, whole.

    Attributes:
        facts: Its value in each column that is not empty, by the column's heading.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    close: PageLink
    row: Row


def show(
    view: View,
    spec: List,
    file: str | None,
    check_id: str | None = None,
    show_buttons: Callable[[Row], None] = lambda row: None,
) -> None:
    """Draw a list, above it the row that the link names, or say that all is well.

    `file`: the handle of the file that it is about; None for all.
    """
    view = replace(view, parameters=merge(view.parameters, {FILE: file, CHECK: check_id}))
    model = list_table.make_model(view, spec)
    if not model.total:
        st.success(model.summary, icon=":material/check_circle:")
        return
    st.markdown(view.t(spec.note))
    show_download(view, spec, file)
    row_model = make_row(view, spec)
    if row_model is not None:
        _show_row(view, row_model, show_buttons)
    elif ROW in view.parameters:
        st.warning(paging.say_unknown(view.t, ROW, view.parameters[ROW]))
    list_table.show(view, model)
    messages.show_note(view.t("Choose a row to see all of it and where it comes from."))


def make_row(view: View, spec: List) -> RowModel | None:
    """Make the row that the link names by its place in the list; None where it names none."""
    requested = view.parameters.get(ROW, "")
    place = int(requested) if requested.isascii() and requested.isdigit() and len(requested) < 10 else 0
    order, _ = list_table.read_order(view, spec)
    request = ListRequest(view.snapshot, view.selection, view.parameters, Slice(*order, 1, place - 1))
    row = next(iter(spec.read(request).records if place else ()), None)
    if row is None:
        return None
    words = ((view.t(column.label), column.write(row, view.snapshot, view.t)) for column in spec.columns)
    (name,) = spec.choose(spec.page_columns[:1])
    return RowModel(
        name.write(row, view.snapshot, view.t) or view.t(name.missing),
        tuple(pair for pair in words if pair[1]),
        PageLink(view.t("Close"), view.page_id, view.page_pairs(**{ROW: None})),
        row,
    )


def read_all(view: View, list_id: str, file: str | None = None) -> pd.DataFrame:
    """Read all rows of a list, of a file or of all."""
    return (
        LISTS[list_id]
        .read(ListRequest(view.snapshot, view.selection, {FILE: file or ""}, Slice(limit=MOST_ROWS)))
        .frame
    )


def show_download(view: View, spec: List, file: str | None) -> None:
    """Draw the list's download: all of its rows, whatever is shown."""
    excel = name_excel(view, spec.list_id, view.t("Download as Excel"), [spec.list_id], file)
    file_at_once.show(view, f"staff-files-{spec.list_id}", file, excel)


def name_excel(
    view: View, name: str, label: str, list_ids: Sequence[str], file: str | None = None, *, before: Path | None = None
) -> file_at_once.File:
    """Make the link to lists as a workbook.

    `name`: its name among the page's links.
    """
    return file_at_once.File(
        f"download-{name}",
        label,
        lambda: order.make_lists(view.snapshot, list_ids, view.lang, file, before=before),
        order.name_file(view.snapshot, list_ids, view.lang, file),
        EXCEL,
    )


def _show_row(view: View, model: RowModel, show_buttons: Callable[[Row], None]) -> None:
    """Draw the open row, one line a column, with the links to its origin."""
    with st.container(border=True, key="quality-chosen"):
        st.html(reading.heading(model.title, page.find_place(view.page_id), 3))
        html_tables.show(html_tables.words(view.t("Column"), view.t("Content")), model.facts)
        show_origin(view, *(model.row[name] for name in ("source_file", "sheet", "source_row", "action_id")))
        show_buttons(model.row)
        st.html(f'<p class="card-note back">{model.close.render(view.page_id)}</p>')


def show_origin(view: View, file: Any, sheet: Any, row: Any, action_id: Any, key: str = "chosen") -> None:
    """Draw the links from a line to its action and to its row; leave out unknown ones."""
    file, sheet, row, action_id = map(plain_cell, (file, sheet, row, action_id))
    with st.container(horizontal=True, vertical_alignment="center"):
        if action_id:
            show_action(view, action_id, view.t("Open the action {id}", id=action_id))
        if file and row is not None:
            account.show_button(view, file, sheet, int(row), key)


def show_action(view: View, action_id: str, label: str) -> None:
    """Draw the link to an action's own page."""
    pairs = (("action", action_id), ("lang", view.lang))
    page_link.show(PageLink(label, "actions", pairs, ":material/open_in_new:"))


def choose(label: str, names: Mapping[str, str], placeholder: str, **options: Any) -> str | None:
    """Draw a choice of one of several things by their names; None where none is chosen.

    `options`: further arguments of the widget, as its key.
    """
    return st.selectbox(
        label, list(names), index=None, format_func=names.__getitem__, placeholder=placeholder, **options
    )


def choose_part(
    view: View, key: str, names: Mapping[str, str], default: str, label: str = "", parameter: str = VIEW
) -> str:
    """Draw the parts of a section by their names; one is always open; without a label readers see none.

    `default`: the part that is open where the link names none.
    `parameter`: the link's parameter that keeps it.
    """
    requested = view.parameters.get(parameter)
    chosen = requested if requested is not None and requested in names else default
    st.segmented_control(
        label or view.t("About"),
        list(names),
        required=True,
        format_func=names.__getitem__,
        label_visibility="visible" if label else "collapsed",
        **link.bind(key, parameter, chosen, default, instead=OTHER_LIST),
    )
    return chosen

"""Draw the page Extracts: the chosen file and its link, then the choices and the preview.

The choice is kept in the page's link; widgets are set to it before each run. A callback changes the choice in
the link at that moment, not the one that the page was drawn with: a quick reader clicks a second time before that.
"""

from collections.abc import Callable, Collection
from html import escape
from typing import Any

import streamlit as st

from dashboard.errors import SelectionError
from dashboard.files.extracts import choice
from dashboard.files.extracts.choice import PARAMETERS, PRESETS, Choice, read_choice, ready_columns
from dashboard.files.extracts.tables import TABLES
from dashboard.formats import table_date_format
from dashboard.snapshot.selection import Selection
from dashboard.ui.download.model import (
    ColumnsModel,
    FileModel,
    FurtherTables,
    Heading,
    LinkModel,
    Nothing,
    Pick,
    make_model,
)
from dashboard.ui.frame import link, page_link, staff
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import empty_selection, file_at_once, html_tables, messages
from dashboard.ui.pieces.empty_selection import EmptyModel

_OWN = "extract columns are own"
_REPLACED = "extract widgets replaced"
"""By the name of a widget the values that it had when it was replaced, the first one first."""


def bind(
    name: str, value: Any, offered: Collection[Any], action: Callable[..., None], *arguments: Any
) -> dict[str, Any]:
    """Bind a widget to the choice: its key, which brings this value, and its callback.

    The callback calls `action` with the arguments and the new value of the widget.
    """
    key = _keep(name, value)
    return {"key": key, "on_change": _take, "args": (action, key, tuple(offered), *arguments)}


def _keep(name: str, value: Any) -> str:
    """Return the key of a widget that has this value.

    A widget that another one has changed gets a new key. With its old one a browser that has not drawn the change yet
    would send the old value back with the reader's next click, and undo the change.
    """
    replaced: dict[str, list[Any]] = st.session_state.setdefault(_REPLACED, {})
    old_values = replaced.setdefault(name, [])
    key = f"{name}-{len(old_values)}"
    if key in st.session_state and st.session_state[key] != value:
        old_values.append(st.session_state[key])
        key = f"{name}-{len(old_values)}"
    link.keep(key, value)
    return key


def _take(action: Callable[..., None], key: str, offered: tuple[Any, ...], *arguments: Any) -> None:
    """Pass a widget's value to `action`, as its callback, unless a replaced widget had it.

    A browser sends the label of an option. Where a filter has changed the number of rows in it, Streamlit takes the
    former label for the value: that is no choice of the reader.
    """
    link.hold()
    name, _, number = key.rpartition("-")
    replaced = st.session_state[_REPLACED][name]
    value = st.session_state.get(key)
    if not set(value if isinstance(value, list) else [value]) <= {None, *offered}:
        return
    is_old = int(number) < len(replaced) and replaced[int(number)] == value
    if not is_old and (value is not None or action is take_preset):  # other choices cannot be taken back
        action(*arguments, value)


def take_preset(name: str | None) -> None:
    """Take a ready choice; a filter that only another ready choice had set goes with it."""
    if name is None:
        return
    before = link.selection().statuses
    chosen, statuses = choice.take_preset(name, _now(), before)
    if statuses != before:
        link.change(statuses=statuses)
    _change(chosen)


def change(how: Callable[..., Choice], value: Any) -> None:
    """Change the choice by one of its own changes, to a widget's value."""
    _change(how(_now(), value))


def take_csv(name: str) -> None:
    """Write CSV in this way."""
    _change(_now().with_csv(name, link.selection().lang))


def take_ready_columns(kind: str) -> None:
    """Take a ready choice of columns, or the reader's own, which begins with the present columns."""
    now = _now()
    columns_by_kind = ready_columns(TABLES[now.table])
    if kind in columns_by_kind:
        _change(now.with_columns(now.table, columns_by_kind[kind]))
    st.session_state[_OWN] = now.table if kind not in columns_by_kind else None


def own_table() -> str | None:
    """Return the table whose columns the reader chooses one by one, though they may be a ready choice now."""
    table: str | None = st.session_state.get(_OWN)
    return table


def take_columns(table: str, columns: list[str]) -> None:
    """Take these columns of a table, unless another has been chosen meanwhile."""
    now = _now()
    if now.table == table and now.file_format not in choice.WHOLE:
        st.session_state[_OWN] = table
    _change(now.with_columns(table, columns))


def _now() -> Choice:
    """Return the choice in the link; the default for an impossible one, which the page has reported."""
    try:
        return read_choice({name: value for name, value in link.page_parameters().items() if name in PARAMETERS})
    except SelectionError:
        return Choice()


def _change(chosen: Choice) -> None:
    link.change_page_parameters(**chosen.parameters())


def show(view: View, selection: Selection) -> None:
    """Draw the page."""
    model = make_model(
        view.snapshot,
        selection,
        view.t,
        link.page_parameters(),
        link.site_address(view.page_id),
        own_table=own_table(),
        is_closed=staff.has_own(),
    )
    if model.warning:
        st.warning(model.warning, icon=":material/warning:")
    _show_empty(model.empty)
    if model.file is not None:
        with st.container(border=True, key="extract-file"):
            _show_download(view, selection, model.choice, model.file)
    if model.link is not None:
        _show_link(view, model.link)
    presets = model.presets
    st.pills(presets.label, **_offer(presets, "extract-preset", presets.value, take_preset), wrap=True)
    left, right = st.columns(2, gap="small")
    if model.tables is not None:
        with left.container(border=True, height="stretch"):
            _show_radio(model.tables, "extract-table", change, Choice.with_table)
    elif model.more_tables is not None:
        with left.container(border=True, height="stretch"):
            _show_further(view, model.more_tables)
    with right.container(border=True, height="stretch"):
        _show_radio(model.formats, "extract-format", change, Choice.with_format)
        if model.tables is not None and model.more_tables is not None:
            _show_further(view, model.more_tables)
        if model.csv is not None:
            _show_radio(model.csv, "extract-csv", take_csv)
    if model.columns is not None:
        with st.container(border=True):
            _show_columns(view, model.choice, model.columns)
    if model.cite:
        st.html(f'<p class="card-note"><b>{escape(view.t("Cite as"))}</b><br>{escape(model.cite)}</p>')


def _offer(pick: Pick[Any], key: str, value: Any, take: Callable[..., None], *arguments: Any) -> dict[str, Any]:
    """Return the arguments of every widget that offers a choice."""
    bound = bind(key, value, pick.offered, take, *arguments)
    return {"options": list(pick.offered), "format_func": pick.offered.__getitem__, **bound}


def _show_radio(pick: Pick[str], key: str, take: Callable[..., None], *arguments: Any) -> None:
    messages.show_card_title(pick.label)
    offered = _offer(pick, key, pick.value, take, *arguments)
    st.radio(pick.label, **offered, captions=pick.uses, label_visibility="collapsed")


def _show_further(view: View, model: FurtherTables) -> None:
    messages.show_card_title(model.title)
    st.multiselect(
        model.tables.label,
        **_offer(model.tables, "extract-include", list(model.tables.value), change, Choice.with_include),
        placeholder=model.placeholder,
        label_visibility="collapsed",
        select_all=False,
    )
    if model.note:
        st.caption(model.note)
        html_tables.show((*html_tables.words(view.t("Table")), *html_tables.figures(view.t("Rows"))), model.table_rows)


def _show_empty(empty: EmptyModel | Nothing | None) -> None:
    """Draw an empty file's explanation: the reason, and the remedy."""
    if isinstance(empty, EmptyModel):
        empty_selection.draw(empty)
    elif empty is not None:
        st.html(f'<div class="empty rows"><b>{escape(empty.sentence)}</b></div>')
        st.markdown(empty.advice)


def _show_download(view: View, selection: Selection, choice: Choice, file: FileModel) -> None:
    """Draw the file's content, its size, and the button."""
    messages.show_card_title(file.title)
    rows, *details = map(escape, file.facts)
    facts = " · ".join([f"<b>{rows}</b>", *details])
    note = f'<p class="card-note">{escape(file.note)}</p>'
    st.html(f'<p class="extract-facts" data-rows="{file.rows}" data-bytes="{file.size}">{facts}</p>{note}')
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="extract-take"):
        file_at_once.show_extract(view, selection, choice)
        if file.can_reset:
            st.button(
                view.t("Reset the choices"),
                key="extract-reset",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=take_preset,
                args=(PRESETS[0].name,),
            )


def _show_columns(view: View, choice: Choice, columns: ColumnsModel) -> None:
    """Draw the choice of columns, and the preview."""
    t, kinds, pick = view.t, columns.kinds, columns.own_columns
    messages.show_card_title(kinds.label)
    st.segmented_control(
        kinds.label,
        **_offer(kinds, "extract-kind", kinds.value, take_ready_columns),
        required=True,
        label_visibility="collapsed",
    )
    if pick is not None:
        st.multiselect(
            pick.label,
            **_offer(pick, "extract-columns", list(pick.value), take_columns, choice.table),
            placeholder=t("All columns"),
            select_all=False,
        )
        st.caption(t("Columns appear in the order you choose them. If you choose none, the file has all of them."))
    words = t("The first rows of the file, with headers.")
    with st.container(key="extract-preview"):
        st.dataframe(
            columns.rows,
            hide_index=True,
            column_config={heading.name: _configure(view, heading) for heading in columns.headings},
            height="content",
            placeholder="—",
            alt=words,
        )
    st.caption(words)


def _configure(view: View, heading: Heading) -> Any:
    """Configure a column: its header from the file, and its meaning as the tooltip."""
    config, label, words = st.column_config, heading.label, heading.meaning
    if heading.kind == "date":
        return config.DateColumn(label, help=words, format=table_date_format(view.lang))
    if heading.kind == "boolean":
        return config.CheckboxColumn(label, help=words)
    if heading.kind in ("percent", "number", "amount", "integer"):
        formats = {"number": "%.3g", "amount": "localized"}
        return config.NumberColumn(label, help=words, format=formats.get(heading.kind, "%d"))
    return config.TextColumn(label, help=words, width="small" if heading.is_short else "medium")


def _show_link(view: View, link: LinkModel) -> None:
    """Draw the link, and the instructions below it."""
    with st.expander(link.title, icon=":material/sync:"):
        st.markdown(link.sentence)
        st.code(link.address, language=None, wrap_lines=True)
        page_link.show_signed(view, link.address, "extract")
        if link.note:
            st.caption(link.note)
        if not link.programs:
            return
        tabs = st.tabs([program.name for program in link.programs])
        for tab, program in zip(tabs, link.programs, strict=True):
            with tab:
                messages.show_steps(program.pasted)
        with tabs[-1]:
            st.markdown(link.more)

"""How the page Extracts is drawn: the file as it is chosen and its link, then the choices and the preview."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import streamlit as st

from dashboard.extracts.choice import PRESETS, Choice
from dashboard.formats import table_date_format
from dashboard.snapshot.selection import Selection
from dashboard.ui.download import state
from dashboard.ui.download.model import ColumnsModel, FileModel, Further, Heading, LinkModel, Nothing, Pick, make_model
from dashboard.ui.frame import link, page_link, staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import empty_selection, file_at_once, html_tables, messages
from dashboard.ui.pieces.empty_selection import EmptyModel


def show(view: View, selection: Selection) -> None:
    """Draw the page."""
    model = make_model(
        view.snapshot,
        selection,
        view.t,
        link.page_parameters(),
        link.site_address(view.page_id),
        own_table=state.own_table(),
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
    st.pills(presets.label, **_offer(presets, "extract-preset", presets.value, state.take_preset), wrap=True)
    left, right = st.columns(2, gap="small")
    with left.container(border=True, height="stretch"):
        if model.tables is not None:
            _show_radio(model.tables, "extract-table", state.change, Choice.with_table)
        elif model.more_tables is not None:
            _show_further(view, model.more_tables)
    with right.container(border=True, height="stretch"):
        _show_radio(model.formats, "extract-format", state.change, Choice.with_format)
        if model.tables is not None and model.more_tables is not None:
            _show_further(view, model.more_tables)
        if model.csv is not None:
            _show_radio(model.csv, "extract-csv", state.take_csv)
    if model.columns is not None:
        with st.container(border=True):
            _show_columns(view, model.choice, model.columns)
    if model.cite:
        st.html(f'<p class="card-note"><b>{escape(view.t("Cite as"))}</b><br>{escape(model.cite)}</p>')


def _offer(pick: Pick[Any], key: str, value: Any, take: Callable[..., None], *arguments: Any) -> dict[str, Any]:
    """What every widget takes that offers a choice."""
    bound = state.bind(key, value, pick.offered, take, *arguments)
    return {"options": list(pick.offered), "format_func": pick.offered.__getitem__, **bound}


def _show_radio(pick: Pick[str], key: str, take: Callable[..., None], *arguments: Any) -> None:
    messages.show_card_title(pick.label)
    offered = _offer(pick, key, pick.value, take, *arguments)
    st.radio(pick.label, **offered, captions=pick.uses, label_visibility="collapsed")


def _show_further(view: View, model: Further) -> None:
    messages.show_card_title(model.title)
    st.multiselect(
        model.tables.label,
        **_offer(model.tables, "extract-include", list(model.tables.value), state.change, Choice.with_include),
        placeholder=model.placeholder,
        label_visibility="collapsed",
        select_all=False,
    )
    if model.note:
        st.caption(model.note)
        html_tables.show((*html_tables.words(view.t("Table")), *html_tables.figures(view.t("Rows"))), model.table_rows)


def _show_empty(empty: EmptyModel | Nothing | None) -> None:
    """No file of nothing: what stands in the way, and what to do."""
    if isinstance(empty, EmptyModel):
        empty_selection.draw(empty)
    elif empty is not None:
        st.html(f'<div class="empty rows"><b>{escape(empty.sentence)}</b></div>')
        st.markdown(empty.advice)


def _show_download(view: View, selection: Selection, choice: Choice, file: FileModel) -> None:
    """What is in the file, how large it is, and the button."""
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
                on_click=state.take_preset,
                args=(PRESETS[0].name,),
            )


def _show_columns(view: View, choice: Choice, columns: ColumnsModel) -> None:
    """Draw the choice of columns, and the preview."""
    t, kinds, pick = view.t, columns.kinds, columns.own_columns
    messages.show_card_title(kinds.label)
    st.segmented_control(
        kinds.label,
        **_offer(kinds, "extract-kind", kinds.value, state.take_ready_columns),
        required=True,
        label_visibility="collapsed",
    )
    if pick is not None:
        st.multiselect(
            pick.label,
            **_offer(pick, "extract-columns", list(pick.value), state.take_columns, choice.table),
            placeholder=t("All columns"),
            select_all=False,
        )
        st.caption(t("Columns appear in the order you choose them. If you choose none, the file has all of them."))
    words = t("The first rows of the file, with headers.")
    with st.container(key="extract-preview"):
        st.dataframe(
            columns.rows,
            hide_index=True,
            column_config=_configure(view, columns.headings),
            height="content",
            placeholder="—",
            alt=words,
        )
    st.caption(words)


def _configure(view: View, headings: Sequence[Heading]) -> dict[str, Any]:
    """How the columns are shown: each with its header in the file, and its meaning when pointed at."""
    return {heading.name: _configure_one(view, heading) for heading in headings}


def _configure_one(view: View, heading: Heading) -> Any:
    config, label, words = st.column_config, heading.label, heading.meaning
    if heading.kind == "date":
        return config.DateColumn(label, help=words, format=table_date_format(view.lang))
    if heading.kind == "boolean":
        return config.CheckboxColumn(label, help=words)
    if heading.kind in ("percent", "number", "integer"):
        return config.NumberColumn(label, help=words, format="%.3g" if heading.kind == "number" else "%d")
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

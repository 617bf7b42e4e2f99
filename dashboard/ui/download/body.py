"""The page Extracts: what a row is, which columns, which format; how large the file is; the file and its link."""

from collections.abc import Iterator
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.extracts import package
from dashboard.extracts.choice import CSV_LABELS, PRESETS, Choice, find_preset
from dashboard.extracts.csv_styles import COMMA, SEMICOLON, WITH_CSV
from dashboard.extracts.estimate import count_rows, estimate_bytes
from dashboard.extracts.rows import is_everything
from dashboard.extracts.tables import TABLES
from dashboard.i18n import N_
from dashboard.snapshot.selection import Selection
from dashboard.ui.download import columns, refreshing, state
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import empty_selection, extract_file, html_tables, messages
from dashboard.ui.pieces.extract_file import FORMAT_NAMES

FORMAT_USES = {
    "xlsx": N_("To read, sort and filter: real dates and numbers, a summary with charts, what each column means."),
    "csv": N_("For any spreadsheet or program: one plain table."),
    "parquet": N_("For Power BI and statistics programs: typed columns, the smallest file."),
    "json": N_("For web pages and programs."),
    "zip": N_("Every table as CSV, Parquet and JSON, with a description of all columns."),
}

CSV_USES = {
    COMMA: N_("For programs, and for spreadsheets in English."),
    SEMICOLON: N_("For a double click in Excel in French, Spanish and other languages with decimal commas."),
}


def show(view: View, selection: Selection) -> None:
    """Draw the file as it is chosen and its link first, then the choices and the preview."""
    choice = state.read(view)
    rows = count_rows(view.snapshot, selection)
    total = sum(rows[name] for name in choice.tables())
    is_empty = total == 0 or rows[choice.tables()[0]] == 0 == rows["actions"]
    if is_empty:
        _show_nothing(view, selection, choice, rows)
    else:
        with st.container(border=True, key="extract-file"):
            _show_download(view, selection, choice, total)
        refreshing.show(view, selection, choice)
    _show_presets(view, choice, selection)
    left, right = st.columns(2, gap="small")
    with left.container(border=True, height="stretch"):
        if choice.file_format == "zip":
            _show_zip_tables(view, choice, rows)
        else:
            _show_tables(view, choice, rows)
    with right.container(border=True, height="stretch"):
        _show_formats(view, choice)
        if choice.file_format == "xlsx":
            _show_sheets(view, choice, rows)
        if choice.file_format in WITH_CSV:
            _show_csv(view, choice)
    if is_empty:
        return
    if choice.file_format != "zip":
        with st.container(border=True):
            columns.show(view, selection, choice)
    _show_version(view, selection)


def _show_presets(view: View, choice: Choice, selection: Selection) -> None:
    preset = find_preset(choice, selection.statuses)
    labels = {preset.name: view.t(preset.label) for preset in PRESETS}
    st.pills(
        view.t("Ready choices"),
        list(labels),
        format_func=labels.__getitem__,
        **state.bind("extract-preset", None if preset is None else preset.name, state.take_preset),
        wrap=True,
    )


def _name_table(view: View, name: str, rows: dict[str, int]) -> str:
    """A table's title with its rows in the selection."""
    counted = view.t.plural("{n} row", "{n} rows", rows[name], n=formats.format_count(rows[name], view.lang))
    return f"{view.t(TABLES[name].title)} · {counted}"


def _show_tables(view: View, choice: Choice, rows: dict[str, int]) -> None:
    messages.show_card_title(view.t("What one row is"))
    st.radio(
        view.t("What one row is"),
        list(TABLES),
        format_func={name: _name_table(view, name, rows) for name in TABLES}.__getitem__,
        captions=[view.t(table.description) for table in TABLES.values()],
        **state.bind("extract-table", choice.table, state.take_table),
        label_visibility="collapsed",
    )


def _show_zip_tables(view: View, choice: Choice, rows: dict[str, int]) -> None:
    messages.show_card_title(view.t("Tables in the ZIP"))
    _show_include(view, choice, rows, view.t("All tables"))
    st.caption(view.t("None chosen: all of them. Each has all its columns."))
    held = ((view.t(TABLES[name].title), formats.format_count(rows[name], view.lang)) for name in choice.tables())
    html_tables.show((*html_tables.words(view.t("Table")), *html_tables.figures(view.t("Rows"))), held)


def _show_sheets(view: View, choice: Choice, rows: dict[str, int]) -> None:
    messages.show_card_title(view.t("Further sheets"))
    _show_include(view, choice, rows, view.t("No further sheet"))


def _show_include(view: View, choice: Choice, rows: dict[str, int], placeholder: str) -> None:
    """The choice of further tables; a ZIP has no main one, so all of them are offered."""
    offered = [name for name in TABLES if choice.file_format == "zip" or name != choice.table]
    st.multiselect(
        view.t("Further tables"),
        offered,
        format_func={name: _name_table(view, name, rows) for name in TABLES}.__getitem__,
        **state.bind("extract-include", list(choice.include), state.take_include),
        placeholder=placeholder,
        label_visibility="collapsed",
        select_all=False,
    )


def _show_formats(view: View, choice: Choice) -> None:
    messages.show_card_title(view.t("Format"))
    st.radio(
        view.t("Format"),
        list(FORMAT_NAMES),
        format_func=FORMAT_NAMES.__getitem__,
        captions=[view.t(use) for use in FORMAT_USES.values()],
        **state.bind("extract-format", choice.file_format, state.take_format),
        label_visibility="collapsed",
    )


def _show_csv(view: View, choice: Choice) -> None:
    messages.show_card_title(view.t("Separators in CSV files"))
    st.radio(
        view.t("Separators in CSV files"),
        list(CSV_LABELS),
        format_func={name: view.t(label) for name, label in CSV_LABELS.items()}.__getitem__,
        captions=[view.t(use) for use in CSV_USES.values()],
        **state.bind("extract-csv", choice.csv, state.take_csv),
        label_visibility="collapsed",
    )


def _show_nothing(view: View, selection: Selection, choice: Choice, rows: dict[str, int]) -> None:
    """No file of nothing: what stands in the way, and what to do."""
    if rows["actions"] == 0:
        empty_selection.show(view, selection)
        return
    t = view.t
    if choice.file_format == "zip":
        words = t("The chosen tables hold nothing for these actions.")
    else:
        title = t(TABLES[choice.table].title)
        words = t("There is nothing in the table “{table}” for these actions.", table=title)
    st.html(f'<div class="empty"><b>{escape(words)}</b></div>')
    everything = is_everything(selection)
    st.markdown(t("Choose other rows above.") if everything else t("Choose other rows above, or drop a filter."))


def _show_download(view: View, selection: Selection, choice: Choice, total: int) -> None:
    """What is in the file, how large it is, and the button."""
    t = view.t
    size = estimate_bytes(
        view.snapshot, selection, choice.file_format, table=choice.table, columns=choice.columns, include=choice.include
    )
    titles = ", ".join(t(TABLES[name].title) for name in choice.tables())
    messages.show_card_title(t("{name}: {value}", name=t("Your file"), value=titles))
    rows, *others = (escape(fact) for fact in _list_facts(view, choice, total, size))
    words = escape(t("It holds what the filters choose. What one row is, format and columns can be changed below."))
    facts = " · ".join([f"<b>{rows}</b>", *others])
    st.html(
        f'<p class="extract-facts" data-rows="{total}" data-bytes="{size}">{facts}</p><p class="card-note">{words}</p>'
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="extract-take"):
        extract_file.show(view, selection, choice, total)
        if choice != Choice():
            st.button(
                t("Reset the choices"),
                key="extract-reset",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=state.take_preset,
                args=(PRESETS[0].name,),
            )


def _list_facts(view: View, choice: Choice, total: int, size: int) -> Iterator[str]:
    """Rows, tables or columns, and bytes of the file, in words."""
    t, lang = view.t, view.lang
    yield t.plural("{n} row", "{n} rows", total, n=formats.format_count(total, lang))
    tables_held = choice.tables()
    if len(tables_held) > 1:
        yield t("{n} tables", n=formats.format_count(len(tables_held), lang))
    else:
        width = len(TABLES[tables_held[0]].choose(choice.columns))
        yield t.plural("{n} column", "{n} columns", width, n=formats.format_count(width, lang))
    yield t("about {size}", size=formats.format_bytes(size, lang))


def _show_version(view: View, selection: Selection) -> None:
    words = package.cite_register(view.snapshot, selection, refreshing.base_url())
    st.html(f'<p class="card-note"><b>{escape(view.t("Cite as"))}</b><br>{escape(words)}</p>')

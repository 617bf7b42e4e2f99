"""Many changes of a codelist at once: the list as a spreadsheet, changed elsewhere, compared and taken over."""

import streamlit as st

from dashboard.campaign import code_uses, codelist_changes, codelist_edit, codelist_sheet
from dashboard.errors import UserError
from dashboard.extracts.order import FORMATS
from dashboard.ground.files.csv_editor import CsvText
from dashboard.i18n import Translator
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import forms, messages
from dashboard.ui.settings import basket
from dashboard.ui.settings.changes import Way, show_sentences, show_ways
from dashboard.ui.settings.list_reading import Codelist


def show(view: Frame, codelist: Codelist, title: str) -> None:
    """Draw the way out and the way back, folded away."""
    t = view.t
    with st.expander(t("Many changes at once, in a spreadsheet"), icon=":material/table:"):
        st.markdown(
            t(
                "Download the list, edit it in Excel or LibreOffice, and drop it here. You see what is new, changed "
                "or missing before it is applied. Separate several spellings in a cell with a vertical bar."
            )
        )
        text = basket.read(codelist.file)
        files = {
            "xlsx": (t("Download as Excel"), lambda: codelist_sheet.write_workbook(text, title)),
            "csv": (t("Download as CSV"), text.encode),
        }
        with st.container(horizontal=True):
            for ending, (label, make_file) in files.items():
                st.download_button(
                    label,
                    make_file,
                    file_name=f"{codelist.name}.{ending}",
                    mime=FORMATS[ending].media_type,
                    key=f"settings-list-{ending}-{codelist.name}",
                    icon=":material/download:",
                    on_click="ignore",
                )
        _take_back(view, codelist, text)


def _take_back(view: Frame, codelist: Codelist, text: str) -> None:
    """The changed list, with what it changes and the button that takes it over."""
    t = view.t
    file = st.file_uploader(
        t("The changed list"), type=["xlsx", "csv"], key=f"settings-list-file-{codelist.name}-{forms.stamp(text)}"
    )
    if file is None:
        return
    try:
        after = make(codelist, text, file.getvalue(), file.name)
        sentences = describe(t, codelist.name, text, after)
    except UserError as error:
        messages.show_error(view, error)
        return
    if not sentences:
        st.info(t("This file is the same as the current list."), icon=":material/check:")
        return
    show_sentences(view, sentences)
    words = t.plural("Apply {n} change", "Apply {n} changes", len(sentences))
    show_ways(
        [Way(f"list-take-{codelist.name}", words, "check", basket.change, ({codelist.file: after},), is_primary=True)]
    )


def make(codelist: Codelist, text: str, data: bytes, name: str) -> str:
    """Make the list from a spreadsheet that came back; everything else stays as it is written.

    Raises:
        UserError: it cannot be read, or lacks a code that is used.
    """
    after = codelist_edit.take_table(text, codelist.name, codelist_sheet.read_rows(data, name))
    remaining = set(codelist_edit.list_order(after))
    for code in codelist_edit.list_order(text):
        if code not in remaining:
            code_uses.refuse_used(codelist.name, code, codelist.uses_of(code))
    return after


def describe(t: Translator, name: str, before: str, after: str) -> list[str]:
    """What a changed list changes, a sentence each; other columns than those of the program too.

    Raises:
        UserError: the changed list cannot be used.
    """
    codelist_changes.check(name, after)
    sentences = codelist_changes.describe(t, name, before, after)
    if not sentences and CsvText(before).text != after:
        return [t("More columns of the list")]
    return sentences

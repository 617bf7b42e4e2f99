"""The preview of a draft: figures before and after, the files' accounts, what is added and changed, what to look at."""

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign.uploads import DraftNote
from dashboard.i18n import N_
from dashboard.measures.register import name_stakeholder
from dashboard.quality.differences import Preview
from dashboard.quality.queries import name_reason
from dashboard.quality.wording import name_field
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import account, comparison, html_tables, messages, record_tables
from dashboard.ui.pieces.account import place
from dashboard.ui.pieces.messages import plain
from dashboard.ui.pieces.record_tables import Cells
from dashboard.ui.sources import source_form
from dashboard.ui.upload import recipe
from dashboard.ui.upload.state import Upload

_STATES = {
    "added": N_("new"),
    "replaces": N_("replaces the file of this name"),
    "unchanged": N_("same as the existing file"),
    "removed": N_("taken out"),
}
_MOST_PAIRS = 200


def show(view: Frame, upload: Upload) -> None:
    """Draw the preview of the session's upload."""
    if upload.preview is None or upload.note is None:
        return
    comparison.show_figures(view, upload.preview)
    _show_files(view, upload, upload.note, upload.preview.account)
    _show_first_rows(view, upload.preview)
    comparison.show_changes(view, upload.preview)
    _show_rejected(view, upload.preview.rejected)
    _show_unmatched(view, upload.preview.unmatched)
    _show_duplicates(view, upload.preview)
    comparison.show_checks(view, upload.preview)


def _show_files(view: Frame, upload: Upload, note: DraftNote, files: pd.DataFrame) -> None:
    t = view.t
    messages.show_card_title(t("Files"), level=3)
    states = {file.name: t(_STATES[file.state]) for file in note.files}
    unread = [name for name in states if name not in set(files["upload"])]
    all_files = pd.concat([files, pd.DataFrame({"source_file": unread, "upload": unread, "recipe": ""})])
    if len(all_files):
        what = Cells(t("What happens"), lambda file: states[file["upload"]])
        extra_columns = (what, Cells(t("Read as"), lambda file: str(file["recipe"])))
        html_tables.show(*account.lay_out(view, all_files, extra_columns))
    unknown = recipe.list_unknown(upload)
    for refused in note.refused:
        if refused.name in unknown:
            text = t("{name} is of a new kind: assign its columns, or leave it out.", name=refused.name)
        else:
            what_remedy = {"what": t(refused.what), "remedy": t(refused.remedy)}
            text = t("{name} is left out: {what} {remedy}", name=refused.name, **what_remedy)
        st.warning(plain(text), icon=":material/block:")


def _show_first_rows(view: Frame, preview: Preview) -> None:
    """The first rows of the uploaded files, as their recipes read them."""
    rows, t = preview.first_rows.to_dict("records"), view.t
    columns = source_form.list_columns(view, rows, preview.codes, preview.persons)
    title = t("The first rows, as the recipe reads them")
    record_tables.show_list(view, title, rows, columns, t("Contacts are not shown."))


def _show_rejected(view: Frame, rejected: pd.DataFrame) -> None:
    t = view.t
    columns = (
        Cells(
            t(N_("Row", "a row of a file")),
            lambda row: place(view, row["source_file"], row["sheet"], row["source_row"]),
        ),
        Cells(t("Reason"), lambda row: name_reason(t, row["reason"])),
    )
    note = t(
        "These rows cannot be what their file says. Correct them in the file and upload it again under the same name."
    )
    title = t("Rejected rows of these files")
    record_tables.show_list(view, title, rejected, columns, note)


def _show_unmatched(view: Frame, unmatched: pd.DataFrame) -> None:
    t = view.t
    columns = (
        Cells(t(N_("Value", "a word in a cell")), lambda row: str(row["value"])[:120]),
        Cells(t("Field"), lambda row: t(name_field(row["field"]))),
        record_tables.count(view, t("Rows"), "rows"),
        Cells(t("File"), lambda row: str(row["source_file"])),
    )
    title = t("Values that are not dates or percentages")
    note = t("The rows count, but this field stays empty. Correct the value in the file.")
    record_tables.show_list(view, title, unmatched, columns, note)


def _show_duplicates(view: Frame, preview: Preview) -> None:
    t, pairs = view.t, preview.duplicates
    columns = (
        Cells(
            t("First of the pair"), lambda pair: str(name_stakeholder(pair["left_name"], preview.persons, view.lang))
        ),
        Cells(
            t("Second of the pair"), lambda pair: str(name_stakeholder(pair["right_name"], preview.persons, view.lang))
        ),
        Cells(t("Similarity"), lambda pair: formats.format_share(pair["score"], view.lang), is_words=False),
    )
    note = t("They stay separate until somebody decides on the page Data quality.")
    title = t("New possible duplicates")
    record_tables.show_list(view, title, pairs.head(_MOST_PAIRS).assign(in_all=len(pairs)), columns, note)

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
from dashboard.ui.pieces import account, comparison, html_tables, messages, preview_notes
from dashboard.ui.pieces.messages import plain
from dashboard.ui.pieces.original_row import place
from dashboard.ui.sources import first_rows
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
    preview_notes.show_checks(view, upload.preview)


def _show_files(view: Frame, upload: Upload, note: DraftNote, files: pd.DataFrame) -> None:
    t = view.t
    messages.show_card_title(t("Files"), level=3)
    columns = (*html_tables.words(t("File"), t("What happens"), t("Read as")), *account.name_columns(view))
    states = {file.name: file.state for file in note.files}
    rows = [
        [
            file["source_file"],
            t(_STATES.get(states[file["upload"]], states[file["upload"]])),
            file["recipe"],
            *account.write_counts(view, file),
        ]
        for file in files.to_dict("records")
    ]
    read = set(files["upload"])
    rows += [[name, t(_STATES[state]), *[""] * 5] for name, state in states.items() if name not in read]
    if rows:
        html_tables.show(columns, rows)
    unknown = recipe.list_unknown(upload)
    for refused in note.refused:
        if refused.name in unknown:
            text = t("{name} is of a new kind: assign its columns below, or leave it out.", name=refused.name)
        else:
            told = {"what": t(refused.what), "remedy": t(refused.remedy)}
            text = t("{name} is left out: {what} {remedy}", name=refused.name, **told)
        st.warning(plain(text), icon=":material/block:")


def _show_first_rows(view: Frame, preview: Preview) -> None:
    """The first rows of the uploaded files, as their recipes read them."""
    t = view.t
    lists = (preview.codes.get(name, {}) for name in ("categories", "countries", "statuses"))
    labels = {code: entry.labels for codes in lists for code, entry in codes.items()}
    rows = [
        {**row, "stakeholder": name_stakeholder(row["stakeholder"], preview.persons, view.lang)}
        for row in preview.first_rows.to_dict("records")
    ]
    columns, written = first_rows.make_table(view, rows, labels)
    title = t("The first rows, as the recipe reads them")
    html_tables.show_folded(title, columns, written, t("Contacts are not shown."))


def _show_rejected(view: Frame, rejected: pd.DataFrame) -> None:
    t = view.t
    if rejected.empty:
        return
    html_tables.show_folded(
        comparison.name_list(
            view, t("Rejected rows of these files"), int(rejected["rows_in_all"].iloc[0]), len(rejected)
        ),
        html_tables.words(t(N_("Row", "a row of a file")), t("Reason")),
        [
            [place(view, row["source_file"], row["sheet"], row["source_row"]), name_reason(t, row["reason"])]
            for row in rejected.to_dict("records")
        ],
        t(
            "These rows cannot be what their file says. Correct them in the file and upload it again under the same "
            "name."
        ),
    )


def _show_unmatched(view: Frame, unmatched: pd.DataFrame) -> None:
    t = view.t
    if unmatched.empty:
        return
    columns = (
        *html_tables.words(t(N_("Value", "a word in a cell")), t("Field")),
        *html_tables.figures(t("Rows")),
        *html_tables.words(t("File")),
    )
    rows = [
        [
            str(row["value"])[:120],
            t(name_field(row["field"])),
            formats.format_count(row["rows"], view.lang),
            row["source_file"],
        ]
        for row in unmatched.to_dict("records")
    ]
    count = int(unmatched["values_in_all"].iloc[0])
    title = comparison.name_list(view, t("Values that are not dates or percentages"), count, len(rows))
    note = t("The rows count, but this field stays empty. Correct the value in the file.")
    html_tables.show_folded(title, columns, rows, note)


def _show_duplicates(view: Frame, preview: Preview) -> None:
    t, duplicates = view.t, preview.duplicates
    rows = [
        [
            *(name_stakeholder(pair[side], preview.persons, view.lang) for side in ("left_name", "right_name")),
            formats.format_share(pair["score"], view.lang),
        ]
        for pair in duplicates.head(_MOST_PAIRS).to_dict("records")
    ]
    html_tables.show_folded(
        comparison.name_list(view, t("New possible duplicates"), len(duplicates), len(rows)),
        (*html_tables.words(t("First of the pair"), t("Second of the pair")), *html_tables.figures(t("Similarity"))),
        rows,
        t("They stay separate until somebody decides on the page Data quality."),
    )

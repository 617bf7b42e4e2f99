"""Files: what became of the rows of each file and sheet, which files were not read, which rows were merged."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from dashboard.campaign import builds, origins, uploads
from dashboard.campaign.file_names import find_names
from dashboard.errors import UserError
from dashboard.quality import queries
from dashboard.quality.alike_sheets import SheetKey, read_settled
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import MOST_ROWS, Reading
from dashboard.settings import Settings
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import account, came_from, html_tables, messages, rebuild, sheet_choices
from dashboard.ui.pieces.messages import plain
from dashboard.ui.quality import decide, listing

_ERROR = "staff-sheets-error"
_TAKEN_BACK = "staff-sheets-taken-back"


def show(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the account of each file, and the rows that were merged; those of one action can be told apart."""
    listing.show_download(view, LISTS["files"], file)
    show_account(view, file)
    _show_settled_sheets(view, file)
    _show_unread(view)
    messages.show_card_title(view.t(LISTS["merged"].title))
    row = listing.show(view, LISTS["merged"], file)
    if row is not None and listing.text(row["submission_id"]):
        choice = decide.Choice("different", "action", row["submission_id"], row["action_id"])
        decide.show_buttons(
            view,
            [(view.t("These are two actions"), choice)],
            f"apart-{row['submission_id']}",
            listing.text(row["title"]),
        )


def show_account(view: View, file: str | None) -> None:
    """Draw one line a sheet, with the total."""
    t = view.t
    messages.show_card_title(t("What became of the rows"))
    st.markdown(t(LISTS["files"].note))
    frame = queries.read(Reading(view.snapshot, t, file, most=MOST_ROWS), "files").frame
    brought = origins.read_of_build(Settings.from_environment().campaign, view.snapshot.build_id)
    columns = (*html_tables.words(t("File"), t("Sheet"), t("Contains"), t("Recipe")), *account.name_columns(view))
    rows = [
        [
            " · ".join(
                filter(None, (row["source_file"], came_from.say(view, origins.find(brought, row["source_file"]))))
            ),
            listing.text(row["sheet"]),
            listing.text(row["kind_name"]) or (t("Not read") if row["is_unread"] else t("Not read: no recipe")),
            listing.text(row["recipe"]),
            *account.write_counts(view, row),
        ]
        for row in frame.to_dict("records")
    ]
    total = [t("Total"), "", "", "", *account.write_totals(view, frame)]
    st.html(html_tables.render(columns, [*rows, total], is_long=True))
    remarked = frame[frame["remark"].notna()]
    lines = zip(remarked["source_file"], remarked["sheet"], remarked["remark"], strict=True)
    text = "\n".join(f"- {plain(f'{file}, {sheet}: {remark}')}" for file, sheet, remark in lines)
    if text:
        st.markdown(text)


def _show_settled_sheets(view: View, file: str | None) -> None:
    """What staff said of sheets, each with its way back."""
    error: UserError | None = st.session_state.pop(_ERROR, None)
    if error is not None:
        messages.show_error(view, error)
    taken_back = _taken_back(view)
    settled = {key: use for key, use in read_settled(view.snapshot, file).items() if key not in taken_back}
    if settled:
        messages.show_card_title(view.t("Which sheets count, as staff have said"))
        is_sample = view.snapshot.is_shipped_sample
        sheet_choices.show_settled(view, settled, partial(_take_back, view), is_disabled=is_sample)


def _take_back(view: View, key: SheetKey) -> None:
    """Take back what was said of a sheet; a button's callback."""
    try:
        sheet_choices.keep({key: ""})
    except UserError as error:
        st.session_state[_ERROR] = error
        return
    _taken_back(view).append(key)
    rebuild.note_change(view)


def _taken_back(view: View) -> list[SheetKey]:
    """The sheets of which this session took back what was said; kept in the session, to be added to."""
    keys: list[SheetKey] = rebuild.remember(view, _TAKEN_BACK, list)
    return keys


def _show_unread(view: View) -> None:
    """The files of the inbox that this build does not hold."""
    if view.snapshot.is_shipped_sample:
        return
    names = find_names(view.snapshot.path).show(view.snapshot.query("quality_file_names"))["source_file"]
    unread = builds.list_unread_files(Settings.from_environment().campaign, names, uploads.KINDS)
    if unread:
        text = view.t(
            "In the inbox, but not in this build: {names}. They were added later, or could not be read; the next "
            "build says why.",
            names=", ".join(unread),
        )
        st.warning(plain(text), icon=":material/block:")

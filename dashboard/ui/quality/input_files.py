"""Files: what became of the rows of each file and sheet, which files were not read, which rows were merged."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from dashboard.answers.question_kinds import SHEETS
from dashboard.campaign import builds, uploads
from dashboard.campaign.file_names import find_names
from dashboard.lists.declaration import Row
from dashboard.quality import queries
from dashboard.quality.alike_sheets import read_settled, say_sheet_answer
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import Reading
from dashboard.settings import Settings
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import account, answer_files, html_tables, messages
from dashboard.ui.pieces.answer_files import DECISIONS, AnsweredLine
from dashboard.ui.pieces.messages import plain
from dashboard.ui.pieces.record_tables import Cells
from dashboard.ui.quality import decide, listing, session_answers
from dashboard.ui.quality.decision_cards import Choice
from dashboard.ui.quality.listing import text


def show(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the account of each file, and the rows that were merged; those of one action can be told apart."""
    listing.show_download(view, LISTS["files"], file)
    show_account(view, file)
    _show_settled_sheets(view, file)
    _show_unread(view)
    messages.show_card_title(view.t(LISTS["merged"].title))
    listing.show(view, LISTS["merged"], file, show_buttons=partial(_show_parting, view))


def _show_parting(view: View, row: Row) -> None:
    """Draw the button that tells a merged row apart from what it was merged into."""
    if not row["submission_id"]:
        return
    answers = session_answers.tell(view, session_answers.find(view, "decide", DECISIONS))
    apart = Choice("different", "action", row["submission_id"], row["action_id"])
    key = f"apart-{row['submission_id']}"
    decide.show_buttons(view, answers, [(view.t("These are two actions"), apart)], key, row["title"] or "")


def show_account(view: View, file: str | None) -> None:
    """Draw one line a sheet, with the total."""
    t = view.t
    messages.show_card_title(t("What became of the rows"))
    st.markdown(t(LISTS["files"].note))
    frame = queries.read(Reading(view.snapshot, t, file), "files").frame

    def say_kind(row: Any) -> str:
        return text(row["kind_name"]) or (t("Not read") if row["is_unread"] else t("Not read: no recipe"))

    extra_columns = (
        Cells(t("Sheet"), lambda row: text(row["sheet"])),
        Cells(t("Contains"), say_kind),
        Cells(t("Recipe"), lambda row: text(row["recipe"])),
    )
    account_table = account.lay_out(view, frame, extra_columns, build_id=view.snapshot.build_id, total=t("Total"))
    st.html(html_tables.render(*account_table, is_long=True))
    remarked = frame[frame["remark"].notna()]
    lines = zip(remarked["source_file"], remarked["sheet"], remarked["remark"], strict=True)
    remarks = "\n".join(f"- {plain(f'{file}, {sheet}: {remark}')}" for file, sheet, remark in lines)
    if remarks:
        st.markdown(remarks)


def _show_settled_sheets(view: View, file: str | None) -> None:
    """What staff said of sheets, each with its way back."""
    answers = session_answers.begin(view, "files", SHEETS)
    lines = [
        AnsweredLine(say_sheet_answer(view.t, key, use), partial(answers.save, view, {key: ""}))
        for key, use in read_settled(view.snapshot, file).items()
        if key not in answers.undone
    ]
    if lines:
        messages.show_card_title(view.t("Which sheets count, as staff have said"))
        answer_files.show(view, lines, "undo-sheet", is_disabled=view.snapshot.is_shipped_sample)


def _show_unread(view: View) -> None:
    """The files of the inbox that this build does not hold."""
    if view.snapshot.is_shipped_sample:
        return
    names = find_names(view.snapshot.path).show(view.snapshot.query("quality_file_names"))["source_file"]
    unread = builds.list_unread_files(Settings.from_environment().campaign, names, uploads.KINDS)
    if unread:
        sentence = view.t(
            "In the inbox, but not in this build: {names}. They were added later, or could not be read; the next "
            "build says why.",
            names=", ".join(unread),
        )
        st.warning(plain(sentence), icon=":material/block:")

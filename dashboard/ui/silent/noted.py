"""The private data about the silent: their addresses, the days of letters, and the outcome of noted letters.

The outcome is files, or the progress of sending, in the session that noted them.
"""

from datetime import UTC, date, datetime
from functools import partial
from typing import NamedTuple

import pandas as pd
import streamlit as st

from dashboard.access.audit.events import Event
from dashboard.campaign.folder import CampaignFolder
from dashboard.files.extracts.choice import EXCEL
from dashboard.ground.processes import runner
from dashboard.lists.declaration import ListRequest
from dashboard.mail import asked, letter_batch
from dashboard.mail.asked import Channel, LetterBatch, LetterLedger
from dashboard.settings import Settings
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, file_at_once, mail_sending

_LAST, _SENDING = "staff-silent-noted", "staff-silent-sending"


def open_folder() -> CampaignFolder:
    """Open the campaign's folder."""
    return CampaignFolder(Settings.from_environment().campaign)


def open_notes(view: View | ListRequest) -> LetterLedger:
    """Open the ledger of past letters."""
    return asked.open_asked(open_folder().root, view.snapshot)


def find_today() -> date:
    """Return the day of letters unless staff set another one."""
    return datetime.now(UTC).date()


def add_notes(view: View | ListRequest, silent: pd.DataFrame) -> pd.DataFrame:
    """Add to silent actions the number of letters (`asked`), the last day (`asked_on`), and `has_address`."""
    return asked.find_notes(open_folder().root, view.snapshot, silent)


class _Last(NamedTuple):
    """The batch of letters that this session noted last; a batch of another session, sent again, has no count."""

    batch: LetterBatch
    channel: Channel


def keep(view: View, batch: LetterBatch, channel: Channel) -> None:
    """Remember a batch; where it goes by mail, begin to send it. A second click keeps the files of the first."""
    if _LAST in st.session_state and not batch.letters:
        return
    st.session_state[_LAST] = _Last(batch, channel)
    st.session_state.pop(_SENDING, None)
    if channel == "mail" and batch.batch_id:
        _begin(view, batch)


def start(view: View, batch_id: str) -> None:
    """Resume sending a batch; a button's callback."""
    link.hold()
    batch = LetterBatch(batch_id, 0, ())
    st.session_state[_LAST] = _Last(batch, "mail")
    _begin(view, batch)


def _begin(view: View, batch: LetterBatch) -> None:
    if campaign_commands.record_act(Event.LETTERS_SENT, batch.batch_id, letters=batch.letters or None):
        campaign = Settings.from_environment().campaign
        mail_sending.begin(_SENDING, partial(letter_batch.start, view.snapshot, campaign, batch.batch_id))


def find_batch() -> str:
    """Find the letters that the session noted last; empty for none."""
    last: _Last | None = st.session_state.get(_LAST)
    return last.batch.batch_id if last is not None else ""


def forget(batch_id: str) -> None:
    """Stop drawing these letters, which have changed since they were noted."""
    if find_batch() == batch_id:
        st.session_state.pop(_LAST, None)


def show_outcome(view: View, *, with_files: bool = True) -> None:
    """Draw the last noted letters, with their files where these do not stand elsewhere, or the progress of sending."""
    last: _Last | None = st.session_state.get(_LAST)
    if last is None:
        return
    t, batch = view.t, last.batch
    if _SENDING in st.session_state:
        mail_sending.show(view, _SENDING, is_kept=True)
    elif batch.letters:
        recorded_words = t.plural("{n} letter recorded as sent.", "{n} letters recorded as sent.", batch.letters)
        st.success(recorded_words, icon=":material/check_circle:")
    else:
        st.warning(t("Nothing was recorded: all of them were asked recently."), icon=":material/info:")
    if with_files and batch.batch_id and last.channel == "files":
        show_files(view, batch.batch_id)


def show_files(view: View, batch_id: str) -> None:
    """Draw the links to a batch's files; each time they are made anew from its notes."""
    t = view.t
    name = f"letters_{batch_id}"
    file_at_once.show(
        view,
        f"staff-files-{batch_id}",
        batch_id,
        file_at_once.File(
            f"eml-{batch_id}", t("Mails as files (.eml in a ZIP)"), partial(_make, view, batch_id, "eml"),
            f"{name}.zip", "application/zip", icon=":material/folder_zip:",
            help=t("Outlook, Thunderbird and Apple Mail open each file as a draft."),
        ),
        file_at_once.File(
            f"xlsx-{batch_id}", t("Workbook for mail merge"), partial(_make, view, batch_id, "xlsx"),
            f"{name}.xlsx", EXCEL, icon=":material/table_rows:",
            help=t("One row per letter: address, language, subject, actions, link, text."),
        ),
    )  # fmt: skip


def _make(view: View, batch_id: str, form: str) -> bytes:
    arguments = letter_batch.describe_job(view.snapshot, Settings.from_environment().campaign, batch_id)
    return runner.run(runner.Job("dashboard.mail.letter_files", arguments | {"form": form})).content

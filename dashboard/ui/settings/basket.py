"""The session's working copy of the settings: the page's sections read it, and change the settings through it.

The contract for a section:

- It reads the settings as they would be by `folder()`, a `CampaignFolder` that looks through the working copy, or the
  text of a file by `read(name)`; never from `Settings.from_environment().campaign`.
- A button's or a form's callback hands over whole files: `change({"codelists/themes.csv": text})`. They are checked at
  once: where the campaign would not hold together, nothing is changed and a `UserError` raised. A form shows it beside
  its fields (`pieces/forms.py`); a button's callback is `guarded`, and the page shows the reason.
- It writes a file by its own editing code in `dashboard/campaign`, which leaves everything else in it as it stands.
- Changes are described by comparing the files (`dashboard.campaign.settings_words.describe`, which asks the
  editing code's own module for each kind of file), never noted by a section.
- Keys of widgets end with `forms.stamp(…)` of their content, so that they are up to date after an undo.
- The published snapshot tells whether a code is used; where there is none, nothing is used.

Nothing is built or published before the reader asks for the preview.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.campaign import colleagues, settings_words, uploads
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.working_copy import WorkingCopy
from dashboard.errors import UserError
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.ui.frame import figures
from dashboard.ui.pieces import at_work, messages
from dashboard.ui.pieces.draft_work import Doing, DraftWork

_WORK = "staff-settings"
_REFUSED = "staff-settings-refused"


class SettingsWork(DraftWork):
    """The draft of the session's working copy.

    Attributes:
        is_undo: Whether it takes back the last publication, so that it is published as soon as it is made.
        is_over_others: Whether it also takes back later changes of somebody else; then the reader looks at it first.
    """

    def __init__(self, folder: Path, owner: str = "") -> None:
        """Take over the folder of a working copy."""
        super().__init__(folder, owner)
        self.basket = WorkingCopy(Settings.from_environment().campaign, folder)
        self.clashing: list[str] = []
        self.is_undo = False
        self.is_over_others = False

    def make(self) -> None:
        """Start making the preview, with others' changes meanwhile taken up."""
        self.forget_preview()
        try:
            with messages.explain_faults(N_("The preview could not be started.")):
                self.clashing = self.basket.catch_up()
        except UserError as error:
            self.error = error
        else:
            if not self.clashing:
                super().make()
        finally:
            self.is_undo = self.is_undo and self.job is not None

    @property
    def stage(self) -> Doing:
        """What the reader is told that is under way: an undo is published as soon as it is made."""
        return "publish" if self.is_undo else self.doing

    def finish(self) -> None:
        """Take the result of the command; publish an undo at once."""
        super().finish()
        if self.published is not None:
            figures.see_newest()
        if self.error is not None:
            self.is_undo = False
        elif self.is_undo and self.doing == "draft" and self.note is not None:
            self.publish()

    def forget_preview(self) -> None:
        """Forget the preview, since it no longer shows what would be published."""
        self.note = self.preview = self.error = None

    def stop(self) -> None:
        """Stop making the preview; the changes stay."""
        if self.job is not None:
            self.job.cancel()
            self.job = None
        self.is_undo = False
        self.forget_preview()

    def give_up(self) -> None:
        """Take back the changes that clash with those of somebody else."""
        self.basket.give_up(self.clashing)
        self.clashing = []
        self.forget_preview()


def find() -> SettingsWork | None:
    """Find the session's working copy and draft; None before the first change, and where another tab took it over."""
    work: SettingsWork | None = st.session_state.get(_WORK)
    if work is None or work.job is not None or work.published is not None:
        return work
    if work.folder.is_dir() and colleagues.is_owner(work.folder, at_work.find_own().session):
        return work
    del st.session_state[_WORK]
    return None


def _look() -> WorkingCopy:
    """Return the working copy; one that changes nothing before the first change."""
    work, campaign = find(), Settings.from_environment().campaign
    return WorkingCopy(campaign, campaign / "private" / "drafts" / "none") if work is None else work.basket


def folder() -> CampaignFolder:
    """Return the campaign as it would be with the page's changes."""
    return _look().folder


def read(name: str) -> str:
    """Read a settings file with the session's changes; the shipped file where the campaign has none.

    `name`: its path inside the campaign folder: `campaign.toml`, `codelists/themes.csv`.
    """
    return _look().read(name)


def change(files: Mapping[str, str | bytes]) -> None:
    """Change files of the working copy in one edit. An empty text means none: the shipped one is in force.

    Raises:
        UserError: the campaign would not hold together with them; nothing is changed.
    """
    with messages.explain_faults(N_("The change could not be saved. Nothing was changed.")):
        work = _find_or_begin()
        work.basket.change(files)
        work.forget_preview()
        work.is_undo = False
        work.clashing = []


def undo() -> None:
    """Take the last edit back; a button's callback."""
    work = find()
    if work is not None:
        work.basket.undo()
        work.forget_preview()


def forget() -> None:
    """Put the working copy away with all its changes, or the note on a published one; a callback."""
    work: SettingsWork | None = st.session_state.pop(_WORK, None)
    if work is not None:
        work.drop()
        if work.published is None and colleagues.is_owner(work.folder, at_work.find_own().session):
            uploads.discard(work.folder)


def take_up(draft_id: str) -> None:
    """Go on with changes that the same person began in another tab; a button's callback."""
    forget()
    colleague, place = at_work.find_own(), Settings.from_environment().campaign / "private" / "drafts" / draft_id
    if place.is_dir():
        colleagues.own_draft(place, colleague)
        st.session_state[_WORK] = SettingsWork(place, colleague.session)


def discard(draft_id: str) -> None:
    """Discard changes that the same person began in another tab; a button's callback."""
    take_up(draft_id)
    forget()


def begin(files: Mapping[str, str | bytes]) -> SettingsWork:
    """Begin a new working copy with some files, in place of one in hand.

    Raises:
        UserError: as of `change`.
    """
    forget()
    change(files)
    return _find_or_begin()


def list_changes(t: Translator) -> list[str]:
    """List the unpublished changes, a sentence each, in the reader's language."""
    work = find()
    return [] if work is None else describe(t, work.basket)


def describe(t: Translator, basket: WorkingCopy) -> list[str]:
    """List the changes of a working copy, a sentence each, in the reader's language."""
    return [
        line
        for name in basket.list_names()
        for line in settings_words.describe(t, name, basket.read_in_force(name), basket.read(name))
    ]


def take_refusal() -> UserError | None:
    """Return why the last change was refused, and forget it."""
    error: UserError | None = st.session_state.pop(_REFUSED, None)
    return error


def guarded(act: Callable[..., object], *arguments: Any) -> None:
    """Call a change in a callback; the page explains a refusal."""
    try:
        act(*arguments)
    except UserError as error:
        st.session_state[_REFUSED] = error


def _find_or_begin() -> SettingsWork:
    """Find the session's working copy; begin one where there is none, or where the last one is published."""
    work = find()
    if work is not None and work.published is None:
        return work
    colleague, place = at_work.find_own(), uploads.new_draft(Settings.from_environment().campaign)
    colleagues.own_draft(place, colleague)
    work = st.session_state[_WORK] = SettingsWork(place, colleague.session)
    return work

"""Work on a draft of a reader's session: the command that works on it, its preview, its end."""

import contextlib
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import streamlit as st

from dashboard.campaign import colleagues, uploads, working_copy
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import DRAFT_OF
from dashboard.campaign.uploads import Draft
from dashboard.errors import SnapshotError, UserError
from dashboard.ground.processes.commands import Job
from dashboard.i18n import N_
from dashboard.lists.quality import differences
from dashboard.lists.quality.differences import Preview
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import campaign_commands, messages
from dashboard.web.guard.ending import ENDING

Doing = Literal["draft", "publish", "undo"]
_NOT_TAKEN: dict[Doing, str] = {
    "draft": N_("The preview was made, but it could not be compared with what is published."),
    "publish": N_("The preview may have been published: check the list of builds."),
    "undo": N_("The previous build may be shown again: check the list of builds."),
}
"""What is said where the result of a command could not be taken."""


_WORKING: Mapping[Doing, str] = {
    "draft": N_("Preparing the preview. Nothing is published yet."),
    "publish": N_("Publishing …"),
    "undo": N_("Restoring the previous build …"),
}


class DraftWork:
    """One draft under way: made, previewed, published or dropped.

    Attributes:
        job: The command at work; None between two.
        preview: What publishing would change, once it is made; None where there is nothing to build from.
        published: The build that was published from it; empty where only settings were put in place.
        is_not_sent: Whether the published build could not be sent to the object store.
    """

    def __init__(self, folder: Path, owner: str = "") -> None:
        """Take over the folder of a draft, to remove it when the session `owner` ends, unless another owns it by then.

        Where the whole server ends, the draft stays: the page continues with it at the next one. So do changes of
        settings.
        """
        self.folder = folder
        self._owner = owner
        self.job: Job | None = None
        self.doing: Doing = "draft"
        self.error: UserError | None = None
        self.note: Draft | None = None
        self.preview: Preview | None = None
        self.published: str | None = None
        self.is_not_sent = False
        self.undone = False
        self._end = self._end_by(_abandon, None)

    def make(self) -> None:
        """Start making the draft, again where it exists already."""
        self.note = self.preview = self.error = None
        try:
            with messages.explain_faults(N_("The preview could not be started.")):
                arguments = self.write_arguments()
        except UserError as error:
            self.error = error
            return
        self.start("draft", arguments)

    def write_arguments(self) -> list[str]:
        """Write the words of the command that makes the draft; its further inputs are written to files."""
        return ["draft", "--uploads", str(self.folder / "uploads"), "--to", str(self.folder)]

    def publish(self) -> None:
        """Start publishing the draft."""
        self.start("publish", ["publish-draft", str(self.folder)])

    def finish(self) -> None:
        """Take the result of the command that has ended; if the page's run is stopped meanwhile, the result stays."""
        if self.job is None:
            return
        try:
            with messages.explain_faults(_NOT_TAKEN[self.doing]):
                self._take(self.job)
        except UserError as error:
            self.error = error
        self.job = None

    def drop(self) -> None:
        """Stop the work on the draft and remove it."""
        if self.published is None:
            self._end()
        else:
            self._end.detach()

    def is_outdated(self) -> bool:
        """Whether another build was published since the draft was made."""
        snapshot = _published()
        return self.note is not None and self.note.base_build_id != (snapshot and snapshot.build_id)

    def look(self) -> None:
        """Take up a draft that another server began; make it where nothing is made yet."""
        try:
            with messages.explain_faults(_NOT_TAKEN["draft"]):
                self.read_draft()
        except UserError:
            self.make()

    def read_draft(self) -> None:
        """Read what the build made of the draft, and compare it with the published build.

        Raises:
            UserError: it is missing, or cannot be compared.
        """
        self.note = uploads.read_draft(self.folder)
        campaign = CampaignFolder(Settings.from_environment().campaign, working_copy.find_overlay(self.folder))
        is_built = bool(self.note.build_id)
        self.preview = differences.make_preview(campaign, self.folder, self.note, _published()) if is_built else None

    @property
    def stage(self) -> Doing:
        """What the reader is told that is under way."""
        return self.doing

    def start(self, doing: Doing, arguments: list[str]) -> None:
        """Start a command that works on the draft."""
        self.error, self.doing = None, doing
        try:
            self.job = campaign_commands.start(*arguments)
        except UserError as error:
            self.error = error
            return
        self._end.detach()
        # Publishing goes on when the session ends; making a draft does not.
        self._end = self._end_by(_abandon if doing == "draft" else _leave, self.job)

    def _take(self, job: Job) -> None:
        answer = campaign_commands.take(job)
        if self.doing == "draft":
            self.read_draft()
        elif self.doing == "publish":
            self.published = str(answer.get("build_id", ""))
            self.is_not_sent = "not_sent" in answer
            self._end.detach()
        else:
            self.undone = True

    def _end_by(
        self, leave: Callable[[Path, Job | None, str], None], job: Job | None
    ) -> "weakref.finalize[..., DraftWork]":
        end = weakref.finalize(self, leave, self.folder, job, self._owner)
        end.atexit = False
        return end


def _abandon(folder: Path, job: Job | None, owner: str) -> None:
    """Stop the command on a draft and remove it; also when its session ends.

    A draft that another session has taken over stays, and so do all where the server ends: the page continues
    elsewhere. A draft from a source waits for somebody else, as does one with answers, and changes of settings wait for
    their author.
    """
    if job is not None:
        job.cancel()
    is_kept = any((folder / name).is_file() for name in (DRAFT_OF, uploads.GIVEN)) or working_copy.has_changes(folder)
    if colleagues.is_owner(folder, owner) and not ENDING.is_set() and not is_kept:
        uploads.discard(folder)
    elif (folder / uploads.GIVEN).is_file() and colleagues.is_owner(folder, owner):
        with contextlib.suppress(OSError):
            (folder / colleagues.LEFT).touch(0o600)


def _leave(folder: Path, job: Job | None, owner: str) -> None:
    """Remove a draft that could not be published, when its session ends; a command at work on it keeps it."""
    if job is None or job.done():
        _abandon(folder, None, owner)


def _published() -> Snapshot | None:
    try:
        return current()
    except SnapshotError:
        return None


def show_work(
    view: Frame,
    work: DraftWork,
    key: str,
    cancel: Callable[[], None],
    show_figures: Callable[[Mapping[str, int]], None] = lambda _: None,
) -> None:
    """Draw how far the command is; where it has ended, take its result and draw the page anew.

    `key`: the key of the button that cancels the making of a draft.
    `cancel`: its callback.
    `show_figures`: draws the figures of the draft, which are there before all else.
    """
    t, job = view.t, work.job
    if job is not None and not job.done():
        st.markdown(t(_WORKING[work.stage]))
        campaign_commands.show_progress(view, job)
        if work.doing == "draft":
            st.button(t("Cancel"), key=key, icon=":material/close:", on_click=cancel)
        if job.figures:
            show_figures(job.figures)
        if not campaign_commands.wait(job):
            return
    with st.spinner(t("Comparing with what is published …")):
        work.finish()
    st.rerun()


def show_not_sent(view: Frame, work: DraftWork) -> None:
    """Warn where the published build could not be sent to the object store."""
    if work.is_not_sent:
        st.warning(
            view.t("The object store could not save this build, so other servers keep showing the previous one."),
            icon=":material/warning:",
        )

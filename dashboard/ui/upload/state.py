"""The one upload of a reader's session: its draft, the command that works on it, what came of it."""

import json
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from dashboard.campaign import colleagues, uploads
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import DRAFT_OF
from dashboard.campaign.uploads import DraftNote, Uploaded
from dashboard.errors import SnapshotError, UserError
from dashboard.i18n import N_
from dashboard.processes.commands import Job
from dashboard.quality import differences
from dashboard.quality.alike_sheets import SheetKey, find_answers, write_sheet_answers
from dashboard.quality.differences import Preview
from dashboard.quality.open_columns import Key, write_answers
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.ui.frame import staff
from dashboard.ui.pieces import at_work, campaign_commands, seen_files, unforeseen
from dashboard.web.guard.ending import ending

_UPLOAD = "staff-upload"
_UPLOADER = "staff-uploader"
_DROP_ERROR = "staff-drop-error"
_ARRIVED = "staff-upload-arrived"
_CHOICE = "choice.json"
"""What of the inbox a draft is made with, for a server that goes on with it."""

NOT_HERE = N_("Choose them again.")

Doing = Literal["draft", "publish", "undo"]
_NOT_TAKEN: dict[Doing, str] = {
    "draft": N_("The preview was made, but it could not be compared with what is published."),
    "publish": N_("The preview may have been published: the list of builds says so."),
    "undo": N_("The build before may be shown again: the list of builds says so."),
}
"""What is said where the result of a command could not be taken."""


class Upload:
    """One draft on its way: made, looked at, published or dropped.

    Attributes:
        folder: The draft's folder.
        without: Files of the inbox that the draft leaves out.
        job: The command that works now; None between two.
        doing: What that command does.
        error: What went wrong last.
        note: What the draft's note says, once it is made.
        preview: What publishing would change, once it is made.
        published: The build that was published from it.
        undone: Whether publishing was taken back.
        is_not_sent: Whether what was published could not be sent to the object store.
        proposals: Proposed recipes by the file they are for.
        answers: What the reader has said of columns; `tried` is what the draft in hand was made with.
        sheet_choices: What the reader has chosen for sheets; `sheet_answers` is what follows from that, and
            `tried_sheets` what the draft in hand was made with.
        unanswered: The figures of the draft without answers.
        first_base: The build that was published when the first draft of these files was made; "" for none.
    """

    def __init__(
        self, folder: Path, without: Sequence[str] = (), *, inbox_alone: bool = False, owner: str = ""
    ) -> None:
        """Take over the folder of a draft; it is removed when the session `owner` ends, unless it is another's by then.

        Where the whole server ends it stays: the page goes on with it at the next one.
        """
        self.folder = folder
        self._owner = owner
        self.without = tuple(without)
        self.job: Job | None = None
        self.doing: Doing = "draft"
        self.error: UserError | None = None
        self.note: DraftNote | None = None
        self.preview: Preview | None = None
        self.published: str | None = None
        self.is_not_sent = False
        self.undone = False
        self.proposals: dict[str, str] = {}
        self.inbox_alone = inbox_alone
        self.answers: dict[Key, str] = {}
        self.tried: dict[Key, str] = {}
        self.sheet_choices: dict[SheetKey, str] = {}
        self.tried_sheets: dict[SheetKey, str] = {}
        self.unanswered: dict[str, int] = {}
        self.first_base: str | None = None
        self._groups: list[list[SheetKey]] = []
        self._end = self._end_by(_abandon, None)

    def make(self) -> None:
        """Start making the draft, again where there is one already."""
        self.note = self.preview = self.error = None
        try:
            with unforeseen.told(N_("The preview could not be begun.")):
                arguments = self._write_arguments()
        except UserError as error:
            self.error = error
            return
        self.tried, self.tried_sheets = dict(self.answers), self.sheet_answers
        self._start("draft", arguments)

    def _write_arguments(self) -> list[str]:
        """The words of the command that makes the draft; what it reads besides the uploads is written down."""
        arguments = ["draft", "--uploads", str(self.folder / "uploads"), "--to", str(self.folder)]
        for name in self.without:
            arguments += ["--without", name]
        if self.inbox_alone:
            arguments.append("--inbox")
        if self.answers:
            arguments += ["--answers", str(self._write("answers.csv", write_answers(self.answers)))]
        if self.sheet_answers:
            arguments += ["--sheets", str(self._write("sheet_answers.csv", write_sheet_answers(self.sheet_answers)))]
        return arguments

    def forget_answers(self) -> None:
        """Forget what was said of columns and sheets, because it is kept, or taken back."""
        self.answers, self.tried, self.unanswered = {}, {}, {}
        self.sheet_choices, self.tried_sheets, self._groups = {}, {}, []

    @property
    def sheet_answers(self) -> dict[SheetKey, str]:
        """What must be kept so that the sheets are settled as chosen, also those of an earlier preview."""
        return {key: use for group in self._groups for key, use in find_answers(group, self.sheet_choices).items()}

    def publish(self) -> None:
        """Start publishing the draft."""
        self._start("publish", ["publish-draft", str(self.folder)])

    def undo(self) -> None:
        """Start going back to the build that was published before, or to none where there was none."""
        if self.note is not None:
            self._start("undo", ["restore", self.note.base_build_id or "nothing"])

    def finish(self) -> None:
        """Take the result of the command that has ended; a run of the page that is stopped meanwhile leaves it."""
        if self.job is None:
            return
        try:
            with unforeseen.told(_NOT_TAKEN[self.doing]):
                self._take(self.job)
        except UserError as error:
            self.error = error
        self.job = None

    def drop(self) -> None:
        """Stop what works on the draft and remove it."""
        if self.published is None:
            self._end()
        else:
            self._end.detach()

    def is_outdated(self) -> bool:
        """Whether another build was published since the draft was made."""
        return self.note is not None and self.note.base_build_id != _published_build()

    def _take(self, job: Job) -> None:
        answer = campaign_commands.take(job)
        if self.doing == "draft":
            self._read_draft()
        elif self.doing == "publish":
            self.published = str(answer.get("build_id", ""))
            self.is_not_sent = "not_sent" in answer
            self._end.detach()
        else:
            self.undone = True

    def _start(self, doing: Doing, arguments: list[str]) -> None:
        self.error, self.doing = None, doing
        try:
            self.job = campaign_commands.start(*arguments)
        except UserError as error:
            self.error = error
            return
        self._end.detach()
        # Publishing goes on when the session ends; making a draft does not.
        self._end = self._end_by(_abandon if doing == "draft" else _leave, self.job)

    def _end_by(
        self, leave: "Callable[[Path, Job | None, str], None]", job: Job | None
    ) -> "weakref.finalize[..., Upload]":
        end = weakref.finalize(self, leave, self.folder, job, self._owner)
        end.atexit = False
        return end

    def look(self) -> None:
        """Take up what is made already of a draft that another server began; make it where nothing is."""
        try:
            with unforeseen.told(_NOT_TAKEN["draft"]):
                self._read_draft()
        except UserError:
            self.make()

    def _write(self, name: str, text: str) -> Path:
        """Write a file of the draft's own, which nobody else reads."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def _read_draft(self) -> None:
        self.note = uploads.read_note(self.folder)
        if self.first_base is None:
            self.first_base = self.note.base_build_id or ""
        for name in ("columns.csv", "sheets.csv", "spellings.csv"):
            seen_files.look(name, f"{self.folder.name}-{self.note.build_id}-{self.note.made_at}")
        campaign = CampaignFolder(Settings.from_environment().campaign)
        self.preview = differences.make_preview(campaign, self.folder, self.note, _published())
        for group in self.preview.sheets:
            keys = [sheet.key for sheet in group]
            self._groups = [known for known in self._groups if not set(known) & set(keys)] + [keys]
        if not self.tried and not self.tried_sheets:
            self.unanswered = self.preview.figures
            self.answers = {c.key: c.looks_like for c in self.preview.columns if c.is_asked and c.looks_like}


def _abandon(folder: Path, job: Job | None, owner: str) -> None:
    """Stop the command on a draft and remove it; on its session's end as well.

    One that another session has taken over stays, and so does all where the server ends: the page goes on elsewhere.
    """
    if job is not None:
        job.cancel()
    if colleagues.is_owner(folder, owner) and not ending().has_begun and not (folder / DRAFT_OF).is_file():
        uploads.discard(folder)


def _leave(folder: Path, job: Job | None, owner: str) -> None:
    """Remove a draft that could not be published, when its session ends; a command that works on it keeps it."""
    if job is None or job.done():
        _abandon(folder, None, owner)


def find_upload() -> Upload | None:
    """The session's upload, if there is one; a page that comes from another server brings its own."""
    if (tab := staff.find_former_tab()) and not has_moved():
        st.session_state[_ARRIVED] = colleagues.hash_tab(tab)
        _take_over(tab)
    upload: Upload | None = st.session_state.get(_UPLOAD)
    return upload


def has_moved() -> bool:
    """Whether the page has come from another server, or from this one before it was started again."""
    return bool(st.session_state.get(_ARRIVED))


def _take_over(tab: str) -> None:
    own, campaign = at_work.find_own(), Settings.from_environment().campaign
    folder = colleagues.find_draft(campaign, tab, own)
    if folder is None or _UPLOAD in st.session_state:
        return
    colleagues.own_draft(folder, own)
    without, inbox_alone = _read_choice(folder)
    upload = st.session_state[_UPLOAD] = Upload(folder, without, inbox_alone=inbox_alone, owner=own.session)
    upload.look()


def _read_choice(folder: Path) -> tuple[tuple[str, ...], bool]:
    try:
        stated = json.loads((folder / _CHOICE).read_text(encoding="utf-8"))
        return tuple(map(str, stated["without"])), bool(stated["inbox_alone"])
    except (OSError, ValueError, KeyError, TypeError):
        return (), False


def forget() -> None:
    """Drop the session's upload, and its draft with it."""
    upload: Upload | None = st.session_state.pop(_UPLOAD, None)
    if upload is not None:
        upload.drop()


def discard() -> None:
    """Drop the session's upload, also one that a source brought and that would go on waiting; a button's callback."""
    upload: Upload | None = st.session_state.get(_UPLOAD)
    forget()
    if upload is not None and (upload.folder / DRAFT_OF).is_file():
        try:
            campaign_commands.run("discard-draft", operands=[str(upload.folder)])
        except UserError as error:
            st.session_state[_DROP_ERROR] = error


def take_waiting(draft_id: str) -> None:
    """Look at what a source brought; a button's callback."""
    forget()
    own, folder = at_work.find_own(), Settings.from_environment().campaign / "private" / "drafts" / draft_id
    if not folder.is_dir():
        st.session_state[_DROP_ERROR] = UserError(N_("What the source brought is no longer there."), NOT_HERE)
        return
    colleagues.own_draft(folder, own)
    upload = st.session_state[_UPLOAD] = Upload(folder, owner=own.session)
    upload.look()


def uploader_key() -> str:
    """The key of the widget that takes files; a new one after each drop, so that the widget lets go of its files."""
    # The browser shows files that it has handed to another server as if they were here.
    return f"{_UPLOADER}{st.session_state.get(_ARRIVED, '')}-{st.session_state.get(_UPLOADER, 0)}"


def take_drop() -> None:
    """Keep the files of the widget in a new draft and start making it; a button's callback."""
    files: list[Uploaded] = st.session_state.get(uploader_key()) or []
    if not files:
        st.session_state[_DROP_ERROR] = UserError(N_("The files did not come along to this server."), NOT_HERE)
        return
    _begin(lambda folder: uploads.store(folder, files))
    if st.session_state.get(_DROP_ERROR) is None:
        st.session_state[_UPLOADER] = st.session_state.get(_UPLOADER, 0) + 1


def take_samples() -> None:
    """Start a draft of the sample's files, to try what can be done with exports; a button's callback."""
    samples = uploads.list_samples(Settings.from_environment().campaign)
    _begin(lambda folder: uploads.store(folder, samples))


def take_out(name: str) -> None:
    """Start a draft without one file of the inbox; a button's callback."""
    _begin(lambda _folder: None, without=[name])


def take_inbox() -> None:
    """Start a draft of the inbox as it is; a button's callback."""
    _begin(lambda _folder: None, inbox_alone=True)


def take_drop_error() -> UserError | None:
    """Why the last drop could not be taken; told once."""
    error: UserError | None = st.session_state.pop(_DROP_ERROR, None)
    return error


def _begin(fill: Callable[[Path], Any], without: Sequence[str] = (), *, inbox_alone: bool = False) -> None:
    forget()
    folder: Path | None = None
    try:
        with unforeseen.told(N_("The files could not be kept on the server. Nothing was changed.")):
            folder = uploads.new_draft(Settings.from_environment().campaign)
            fill(folder)
            colleagues.own_draft(folder, at_work.find_own())
            choice = {"without": list(without), "inbox_alone": inbox_alone}
            (folder / _CHOICE).write_text(json.dumps(choice), encoding="utf-8")
    except UserError as error:
        st.session_state[_DROP_ERROR] = error
        if folder is not None:
            uploads.discard(folder)
        return
    owner = at_work.find_own().session
    upload = st.session_state[_UPLOAD] = Upload(folder, without, inbox_alone=inbox_alone, owner=owner)
    upload.make()


def _published() -> Snapshot | None:
    try:
        return current()
    except SnapshotError:
        return None


def _published_build() -> str | None:
    snapshot = _published()
    return None if snapshot is None else snapshot.build_id

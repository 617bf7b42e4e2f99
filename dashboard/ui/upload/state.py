"""The one upload of a reader's session: its draft, its command, and the outcome."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.campaign import colleagues, uploads
from dashboard.campaign.folder import ANSWER_FILES
from dashboard.campaign.source_notes import DRAFT_OF
from dashboard.campaign.uploads import Uploaded
from dashboard.campaign.working_copy import list_changed
from dashboard.errors import UserError
from dashboard.ground.files.json_notes import read_json, write_json
from dashboard.i18n import N_
from dashboard.lists.quality.alike_sheets import SheetKey, find_answers
from dashboard.lists.quality.open_columns import select_settled
from dashboard.lists.quality.word_meanings import Scene
from dashboard.settings import Settings
from dashboard.ui.frame import staff, streamlit_grips
from dashboard.ui.pieces import answer_files, at_work, campaign_commands, messages, word_choices
from dashboard.ui.pieces.draft_work import DraftWork
from dashboard.ui.upload import brought, draft_answers
from dashboard.ui.upload.draft_answers import Answered, Answers
from dashboard.ui.upload.proposed import Proposed

_UPLOAD = "staff-upload"
_UPLOADER = "staff-uploader"
_DROP_ERROR = "staff-drop-error"
_ARRIVED = "staff-upload-arrived"
_CHOICE = "choice.json"
"""The file with the part of the inbox that a draft is made with, for a server that goes on with it."""

NOT_HERE = N_("Choose them again.")


class Upload(DraftWork):
    """One draft of uploads on its way: made, looked at, published or dropped.

    Attributes:
        proposals: Recipes on their way, by their file; `not_proposed` why there is none;
            `recipes_made` the number of recipes put into the draft.
        answers: The reader's answers, of sheets the choice for each (`sheet_answers` is what follows);
            `tried` are those of the draft in hand, and `unanswered` the figures of the draft without them. All
            of it is kept in the draft's folder.
        forms: The answers about the columns of files of a new kind before the page was loaded anew.
        first_base: The published build when the first draft of these files was made; "" for none.
    """

    def __init__(
        self, folder: Path, without: Sequence[str] = (), *, inbox_alone: bool = False, owner: str = ""
    ) -> None:
        """Take over the folder of a draft, as `DraftWork` does."""
        super().__init__(folder, owner)
        self.without = tuple(without)
        self.proposals: dict[str, list[Proposed]] = {}
        self.not_proposed: dict[str, UserError] = {}
        self.recipes_made = 0
        self.inbox_alone = inbox_alone
        self.answers, self.tried, self.unanswered, self.forms = draft_answers.read(folder)
        self.first_base: str | None = None
        self._groups: list[list[SheetKey]] = []

    def make(self) -> None:
        """Start making the draft, as `DraftWork` does; ask again for proposals for files without one."""
        self.forget_refusals()
        super().make()

    def forget_refusals(self) -> None:
        """Forget why there was no proposal for files, so that one is asked for again."""
        self.proposals = {name: proposals for name, proposals in self.proposals.items() if proposals}
        self.not_proposed.clear()

    def write_arguments(self) -> list[str]:
        """Write the words of the command, with the answers that the reader wants to try."""
        arguments = super().write_arguments()
        for name in self.without:
            arguments += ["--without", name]
        if self.inbox_alone:
            arguments.append("--inbox")
        arguments += answer_files.write_for_draft(self.folder, self.tried.by_file)
        proposals = (one for proposals_of_file in self.proposals.values() for one in proposals_of_file)
        brought.write(self.folder, Settings.from_environment().campaign, proposals, self.tried.new_members)
        return arguments

    def prepare(self) -> None:
        """Have a process ready that goes ahead with this draft, for other answers."""
        campaign_commands.prepare(
            uploads=str(self.folder / "uploads"),
            to=str(self.folder),
            without=list(self.without),
            inbox_alone=self.inbox_alone,
        )

    @property
    def settings(self) -> list[str]:
        """The files of settings that the draft brings beside answers."""
        return [name for name in list_changed(self.folder) if name not in ANSWER_FILES]

    @property
    def settled(self) -> Answers:
        """The answers fit for a trial: where one of several columns counts, all of them are answered."""
        columns = select_settled(self.preview.columns if self.preview else (), self.answers.columns)
        return Answers(columns, self.sheet_answers, dict(self.answers.questions), dict(self.answers.words))

    def try_answers(self) -> None:
        """Make the draft with all that is answered; a button's callback."""
        self.tried = self.settled
        self.make()

    def forget_tried(self, answers: Answers) -> None:
        """Forget answers that were tried, because they are kept, or taken back; keep the other choices."""
        self.answers, self.tried = self.answers.without(answers), self.tried.without(answers)
        if answers.sheets:
            self._groups = []
        if not self.tried:
            self.unanswered = {}

    def remember(self) -> None:
        """Keep the answers in the draft's folder, for a page that is loaded anew and for colleagues."""
        proposals = [one for file_proposals in self.proposals.values() for one in file_proposals]
        forms = [one.state() for one in proposals if one.is_changed]
        places = {(one.file, one.sheet) for one in proposals}
        forms += [form for form in self.forms if (form["file"], form["sheet"]) not in places]
        draft_answers.write(self.folder, Answered(self.answers, self.tried, self.unanswered, forms))

    def can_leave_out(self, file: str) -> bool:
        """Return whether this preview has other files beside an uploaded one."""
        uploaded = {path.name for path in (self.folder / "uploads").glob("*")}
        return file in uploaded and (len(uploaded) > 1 or uploads.has_inbox(Settings.from_environment().campaign))

    def leave_out(self, file: str) -> None:
        """Make the preview without an uploaded file, which is to be corrected first; a button's callback."""
        (self.folder / "uploads" / file).unlink(missing_ok=True)
        if not any((self.folder / "uploads").glob("*")):
            self.inbox_alone = True
        self.make()

    @property
    def sheet_answers(self) -> dict[SheetKey, str]:
        """The answers to keep so that the sheets are settled as chosen, also those of an earlier preview."""
        keys = {key for group in self._groups for key in group}
        answers = {key: use for key, use in self.tried.sheets.items() if key not in keys}  # before it was loaded anew
        return answers | {
            key: use for group in self._groups for key, use in find_answers(group, self.answers.sheets).items()
        }

    def make_scene(self, key: str) -> Scene:
        """Make the scene of the draft's words; `key` distinguishes its widgets on the page."""
        codes = self.preview.codes if self.preview else {}
        build_id = self.note.build_id if self.note else ""
        return word_choices.make_scene(self.folder / "snapshot.duckdb", build_id, codes, key)

    @property
    def settings_brought(self) -> bool:
        """Whether the publication has brought settings along."""
        return self.recipes_made > 0 or bool(self.tried.new_members)

    def undo(self) -> None:
        """Start going back to the build that was published before, or to none where there was none."""
        if self.note is not None:
            self.start("undo", ["restore", self.note.base_build_id or "nothing"])

    def read_draft(self) -> None:
        """Read the build's result for the draft, and the questions to the reader."""
        super().read_draft()
        if self.note is None or self.preview is None:
            return
        if self.first_base is None:
            self.first_base = self.note.base_build_id or ""
        for name in answer_files.LISTS:
            answer_files.look(name, f"{self.folder.name}-{self.note.build_id}-{self.note.made_at}")
        for group in self.preview.sheets:
            keys = [sheet.key for sheet in group]
            self._groups = [former_group for former_group in self._groups if not set(former_group) & set(keys)] + [keys]
        if not self.tried:
            self.unanswered = self.preview.figures


def find_upload() -> Upload | None:
    """Find the session's upload, if there is one; a page that comes from another server brings its own."""
    if (tab := staff.find_former_tab()) and not has_moved():
        st.session_state[_ARRIVED] = colleagues.hash_tab(tab)
        _take_over(tab)
    upload: Upload | None = st.session_state.get(_UPLOAD)
    return upload


def has_moved() -> bool:
    """Return whether the page has come from another server, or from this one before it was started again."""
    return bool(st.session_state.get(_ARRIVED))


def _take_over(tab: str) -> None:
    folder = colleagues.find_draft(Settings.from_environment().campaign, tab, at_work.find_own())
    if folder is not None and _UPLOAD not in st.session_state:
        _open(folder).look()


def _open(folder: Path) -> Upload:
    """Have a draft be this session's, as it was begun."""
    myself = at_work.find_own()
    colleagues.own_draft(folder, myself)
    without, inbox_alone = _read_choice(folder)
    upload = st.session_state[_UPLOAD] = Upload(folder, without, inbox_alone=inbox_alone, owner=myself.session)
    return upload


def _read_choice(folder: Path) -> tuple[tuple[str, ...], bool]:
    def parse(choice: dict[str, Any]) -> tuple[tuple[str, ...], bool]:
        return tuple(map(str, choice["without"])), bool(choice["inbox_alone"])

    return read_json(folder / _CHOICE, parse) or ((), False)


def forget() -> None:
    """Drop the session's upload, and its draft with it."""
    upload: Upload | None = st.session_state.pop(_UPLOAD, None)
    if upload is not None:
        upload.drop()


def discard() -> None:
    """Drop the session's upload, also one that would go on waiting; a button's callback."""
    upload: Upload | None = st.session_state.get(_UPLOAD)
    if upload is not None:
        (upload.folder / uploads.GIVEN).unlink(missing_ok=True)
    forget()
    if upload is not None and (upload.folder / DRAFT_OF).is_file():
        try:
            campaign_commands.run("discard-draft", operands=[str(upload.folder)])
        except UserError as error:
            st.session_state[_DROP_ERROR] = error


def take_waiting(draft_id: str) -> None:
    """Look at a source's draft, or go on with an abandoned preview; a button's callback."""
    forget()
    folder = Settings.from_environment().campaign / "private" / "drafts" / draft_id
    if folder.is_dir():
        _open(folder).look()
    else:
        st.session_state[_DROP_ERROR] = UserError(N_("That preview no longer exists."), NOT_HERE)


def uploader_key() -> str:
    """Return the key of the widget that takes files; a new one after each drop, so that the widget drops its files."""
    # The browser shows files that it has handed to another server as if they were here.
    return f"{_UPLOADER}{st.session_state.get(_ARRIVED, '')}-{st.session_state.get(_UPLOADER, 0)}"


def take_drop() -> None:
    """Keep the files of the widget in a new draft and start making it; a button's callback."""
    files: list[Uploaded] = st.session_state.get(uploader_key()) or []
    if not files:
        st.session_state[_DROP_ERROR] = UserError(N_("The files were not transferred to this server."), NOT_HERE)
        return
    _begin(lambda folder: uploads.store(folder, files))
    if st.session_state.get(_DROP_ERROR) is None:
        st.session_state[_UPLOADER] = st.session_state.get(_UPLOADER, 0) + 1
        streamlit_grips.forget_files(streamlit_grips.find_session_id())


def take_samples() -> None:
    """Start a draft of the sample's files, to try exports out; a button's callback."""
    samples = uploads.list_samples(Settings.from_environment().campaign)
    _begin(lambda folder: uploads.store(folder, samples))


def take_out(name: str) -> None:
    """Start a draft without one file of the inbox; a button's callback."""
    _begin(lambda _folder: None, without=[name])


def take_inbox() -> None:
    """Start a draft of the inbox as it is; a button's callback."""
    _begin(lambda _folder: None, inbox_alone=True)


def take_drop_error() -> UserError | None:
    """Return why the last drop could not be taken, and forget it."""
    error: UserError | None = st.session_state.pop(_DROP_ERROR, None)
    return error


def _begin(fill: Callable[[Path], Any], without: Sequence[str] = (), *, inbox_alone: bool = False) -> None:
    forget()
    folder: Path | None = None
    try:
        with messages.explain_faults(N_("The files could not be saved on the server. Nothing was changed.")):
            folder = uploads.new_draft(Settings.from_environment().campaign)
            fill(folder)
            choice = {"without": list(without), "inbox_alone": inbox_alone}
            write_json(folder / _CHOICE, choice, is_durable=False)
            upload = _open(folder)
    except UserError as error:
        st.session_state[_DROP_ERROR] = error
        if folder is not None:
            uploads.discard(folder)
        return
    upload.make()

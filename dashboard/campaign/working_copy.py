"""The working copy of a campaign's settings: the changed files of a draft, checked at each edit, undone one by one.

It lies in a draft's folder. `settings/` has the changed files (`campaign.toml`, `codelists/<name>.csv`,
`context/<name>.csv`, `recipes/<name>.toml`, `briefings/<name>.toml`, `columns.csv` and the other answers of staff,
templates and the logo), as they will stand in the campaign folder; an empty one stands for a removed file. `python -m
etl draft` and `publish-draft` build and publish the draft with them.
`basket.json` holds each file as it was before its first change, and the states before each edit. In it a template or
the logo is the hash of its content, by which `contents/` has those that were given.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import ANSWER_FILES, DESIGN_FILES, CampaignFolder
from dashboard.errors import CampaignError, UserError, map_text, sentence
from dashboard.ground.files.json_notes import read_json, write_json
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN

SETTINGS = "settings"
STATE = "basket.json"
CAMPAIGN = "campaign.toml"
CONTENTS = "contents"
MISSING = "none"
"""The version of a file that is not there."""
BRIEFINGS = "briefings"
"""The folder of saved briefings, on which no figure depends."""
_WHOLE = "|".join(map(re.escape, (*ANSWER_FILES, *DESIGN_FILES)))
_FOLDERS = rf"codelists/[a-z_]+\.csv|context/[^/\\]+\.csv|recipes/[a-z0-9_]+\.toml|{BRIEFINGS}/[a-z0-9-]+\.toml"
_NAMES = re.compile(rf"campaign\.toml|{_FOLDERS}|{_WHOLE}")
_MOST_EDITS = 100

Files = dict[str, str | None]
"""Texts of files by their paths inside a campaign folder; None for none."""


@dataclass
class _State:
    before: Files = field(default_factory=dict)
    edits: list[Files] = field(default_factory=list)


class WorkingCopy:
    """The working copy of one draft."""

    def __init__(self, campaign: Path, place: Path) -> None:
        """Work on the settings of the campaign folder `campaign` in the draft's folder `place`."""
        self._root = campaign
        self._place = place
        self._overlay = place / SETTINGS

    @property
    def folder(self) -> CampaignFolder:
        """The campaign with the changes."""
        return CampaignFolder(self._root, self._overlay if self._overlay.is_dir() else None)

    def list_names(self) -> list[str]:
        """List the changed files, by their paths inside the campaign folder."""
        return list_changed(self._place)

    def read(self, name: str) -> str:
        """Read the text of a file with the changes: the working copy's, else the campaign's, else the shipped one.

        Raises:
            CampaignError: it is not written in UTF-8.
        """
        tried = read_text(self._overlay / name)
        return self.read_in_force(name) if tried is None else tried or read_text(SHIPPED_CAMPAIGN / name) or ""

    def read_in_force(self, name: str) -> str:
        """Read the text of a file in force now: the campaign's, else the shipped one, else empty."""
        text = read_text(self._root / name)
        return (read_text(SHIPPED_CAMPAIGN / name) or "") if text is None else text

    def can_undo(self) -> bool:
        """Return whether there is an edit to undo."""
        return bool(self._read_state().edits)

    def change(self, files: Mapping[str, str | bytes]) -> None:
        """Write files of the working copy, in one edit; an empty text stands for no file. `DESIGN_FILES` are bytes.

        Raises:
            UserError: the campaign would be inconsistent with them; nothing is changed then.
        """
        _refuse_others(files)
        present: Files = {name: read_text(self._overlay / name) for name in files}
        state = self._read_state()
        state.before |= {name: read_text(self._root / name) for name, text in present.items() if text is None}
        try:
            self._write({name: self._keep(one) if isinstance(one, bytes) else one for name, one in files.items()})
            self._check()
        except BaseException:
            self._put(present)
            raise
        if any(read_text(self._overlay / name) != text for name, text in present.items()):
            state.edits = [*state.edits, present][-_MOST_EDITS:]
            self._write_state(state)

    def undo(self) -> None:
        """Undo the last edit."""
        state = self._read_state()
        if state.edits:
            self._put(state.edits.pop())
            self._write_state(state)

    def list_overtaken(self) -> list[str]:
        """List the files that somebody else has changed in the campaign since their first change here."""
        before = self._read_state().before
        return [name for name in self.list_names() if read_text(self._root / name) != before.get(name)]

    def catch_up(self) -> list[str]:
        """Merge the changes of this working copy into the present files of the campaign.

        Returns:
            The files in which both changed the same place: there this working copy's text stays as it is.

        Raises:
            UserError: the result is inconsistent; nothing is changed then.
        """
        state, clashing = self._read_state(), []
        present: Files = {name: read_text(self._overlay / name) for name in self.list_names()}
        merged: dict[str, str] = {}
        for name in self.list_overtaken():
            now, before = read_text(self._root / name), state.before.get(name)
            shipped = read_text(SHIPPED_CAMPAIGN / name) or ""
            mine = present[name]
            both = None if not mine or now == "" else merge(shipped if before is None else before, mine, now or shipped)
            if both is None:
                clashing.append(name)
            else:
                merged[name] = both
                state.before[name] = now
        try:
            self._write(merged)
            self._check()
        except BaseException:
            self._put(present)
            raise
        if merged:
            state.edits = []
            self._write_state(state)
        return clashing

    def give_up(self, names: list[str]) -> None:
        """Undo the changes of some files, so that they are as in the campaign now."""
        state = self._read_state()
        self._put(dict.fromkeys(names))
        state.before = {name: text for name, text in state.before.items() if name not in names}
        state.edits = []
        self._write_state(state)

    def _check(self) -> None:
        """Check that the campaign is consistent; the messages name files as in the campaign folder."""
        try:
            self.folder.load()
            load_codelists(self.folder)
        except UserError as error:
            raise CampaignError(map_text(error.what, self._name_inside), error.remedy) from error

    def _name_inside(self, text: str) -> str:
        return text.replace(f"{self._overlay}/", "").replace(f"{self._root}/", "")

    def _write(self, files: Mapping[str, str]) -> None:
        """Write texts; a text already in force, the campaign's or the shipped one, is no change."""
        for name, text in files.items():
            campaign_text = read_text(self._root / name)
            self._put({name: None if text in (campaign_text or "", self.read_in_force(name)) else text})

    def _put(self, files: Files) -> None:
        for name, text in files.items():
            path = self._overlay / name
            if text is None:
                path.unlink(missing_ok=True)
                continue
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            is_text = name not in DESIGN_FILES or not text
            path.write_bytes(text.encode("utf-8") if is_text else (self._place / CONTENTS / text).read_bytes())

    def _keep(self, content: bytes) -> str:
        """Keep the content of a file that is no text; return its hash."""
        if not content:
            return ""
        sha256 = hashlib.sha256(content).hexdigest()
        (self._place / CONTENTS).mkdir(mode=0o700, exist_ok=True)
        (self._place / CONTENTS / sha256).write_bytes(content)
        return sha256

    def _read_state(self) -> _State:
        return read_json(self._place / STATE, lambda note: _State(**note)) or _State()

    def _write_state(self, state: _State) -> None:
        write_json(self._place / STATE, asdict(state), is_durable=False)


def is_name(name: str) -> bool:
    """Return whether a path inside a campaign folder is one of a file of settings."""
    return _NAMES.fullmatch(name) is not None


def _refuse_others(names: Iterable[str]) -> None:
    for name in names:
        if not is_name(name):
            raise UserError(
                sentence(N_("{name} is not a settings file."), name=name),
                N_("A preview takes campaign.toml, codelists/*.csv, context/*.csv and recipes/*.toml."),
            )


def list_changed(place: Path) -> list[str]:
    """List the files of settings that a draft changes, by their paths inside the campaign folder.

    Raises:
        UserError: a draft may not change one of them.
    """
    settings = place / SETTINGS
    names = sorted(path.relative_to(settings).as_posix() for path in settings.rglob("*") if path.is_file())
    _refuse_others(names)
    return names


def find_overlay(place: Path) -> Path | None:
    """Find the folder with a draft's settings; None where it changes none."""
    return place / SETTINGS if list_changed(place) else None


def is_working_copy(place: Path) -> bool:
    """Return whether a draft is a working copy of settings."""
    return (place / STATE).is_file()


def has_changes(place: Path) -> bool:
    """Return whether a draft is a working copy with changes."""
    return is_working_copy(place) and any(path.is_file() for path in (place / SETTINGS).rglob("*"))


def read_text(path: Path) -> str | None:
    """Read a file's text with its line ends as they are; None where there is none. The text of a design is its hash.

    Raises:
        CampaignError: it is not written in UTF-8.
    """
    try:
        content = path.read_bytes()
        return hashlib.sha256(content).hexdigest() if path.name in DESIGN_FILES and content else content.decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        raise CampaignError(
            sentence(N_("{path} is not written in UTF-8."), path=path.name), N_("Save it as UTF-8.")
        ) from error


def find_version(path: Path) -> str:
    """Hash a file's present content, so that nobody overwrites others' changes; `MISSING` where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return MISSING


class _Hunk(NamedTuple):
    """Lines `start` to `end` of the common text, replaced by somebody."""

    start: int
    end: int
    lines: list[str]


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Merge two people's changes of a text; None where both changed the same lines or lines beside each other.

    Own code: difflib compares two texts, and nothing in the standard library puts three together.
    """
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    lines = base.splitlines(keepends=True)
    my_hunks, their_hunks = _compare(lines, mine), _compare(lines, theirs)
    alike = [hunk for hunk in my_hunks if hunk in their_hunks]
    my_hunks = [hunk for hunk in my_hunks if hunk not in alike]
    if any(
        one.start <= their_hunk.end and their_hunk.start <= one.end for one in my_hunks for their_hunk in their_hunks
    ):
        return None
    merged, at = [], 0
    for hunk in sorted((*my_hunks, *their_hunks)):
        merged += lines[at : hunk.start] + hunk.lines
        at = hunk.end
    return "".join(merged + lines[at:])


def _compare(base: list[str], text: str) -> list[_Hunk]:
    lines = text.splitlines(keepends=True)
    blocks = SequenceMatcher(None, base, lines, autojunk=False).get_opcodes()
    return [_Hunk(start, end, lines[first:last]) for tag, start, end, first, last in blocks if tag != "equal"]

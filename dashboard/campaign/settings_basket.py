"""The working copy of a campaign's settings: the changed files of a draft, checked at each edit, undone one by one.

A *basket* is a draft's folder. In `settings/` lie the files that change, as they will stand in the campaign folder (the
draft is built and published with them: `python -m etl draft`, `publish-draft`); an empty one stands for a file that is
taken out. `basket.json` says what each of them was when it was first changed, and the states before each edit.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.settings_merge import merge
from dashboard.errors import CampaignError, UserError, map_text, sentence
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN

SETTINGS = "settings"
STATE = "basket.json"
CAMPAIGN = "campaign.toml"
_NAMES = re.compile(r"campaign\.toml|codelists/[a-z_]+\.csv|recipes/[a-z0-9_]+\.toml")
_MOST_EDITS = 100

Files = dict[str, str | None]
"""Texts of files by their paths inside a campaign folder; None for none."""


@dataclass
class _State:
    before: Files = field(default_factory=dict)
    edits: list[Files] = field(default_factory=list)


class Basket:
    """One working copy."""

    def __init__(self, campaign: Path, place: Path) -> None:
        """Work on the settings of the campaign folder `campaign` in the draft's folder `place`."""
        self._root = campaign
        self._place = place
        self._overlay = place / SETTINGS

    @property
    def folder(self) -> CampaignFolder:
        """The campaign as it would be."""
        return CampaignFolder(self._root, self._overlay if self._overlay.is_dir() else None)

    def list_names(self) -> list[str]:
        """The files that it changes, by their paths inside the campaign folder."""
        files = (path for path in self._overlay.rglob("*") if path.is_file())
        return sorted(path.relative_to(self._overlay).as_posix() for path in files)

    def read(self, name: str) -> str:
        """The text of a file as it would be: the working copy's, else the campaign's, else the shipped one.

        Raises:
            CampaignError: it is not written in UTF-8.
        """
        tried = read_text(self._overlay / name)
        return self.read_in_force(name) if tried is None else tried or read_text(SHIPPED_CAMPAIGN / name) or ""

    def read_in_force(self, name: str) -> str:
        """The text of a file as it is in force now; the campaign's, else the shipped one, else empty."""
        text = read_text(self._root / name)
        return (read_text(SHIPPED_CAMPAIGN / name) or "") if text is None else text

    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._read_state().edits)

    def change(self, files: Mapping[str, str]) -> None:
        """Write files of the working copy, in one edit; an empty text stands for no file.

        Raises:
            UserError: the campaign would not hold together with them; nothing is changed then.
        """
        for name in files:
            if not is_name(name):
                raise UserError(sentence(N_("{name} is not a settings file."), name=name))
        present: Files = {name: read_text(self._overlay / name) for name in files}
        state = self._read_state()
        state.before |= {name: read_text(self._root / name) for name, text in present.items() if text is None}
        try:
            self._write(files)
            self._check()
        except BaseException:
            self._put(present)
            raise
        if any(read_text(self._overlay / name) != text for name, text in present.items()):
            state.edits = [*state.edits, present][-_MOST_EDITS:]
            self._write_state(state)

    def undo(self) -> None:
        """Take the last edit back."""
        state = self._read_state()
        if state.edits:
            self._put(state.edits.pop())
            self._write_state(state)

    def list_overtaken(self) -> list[str]:
        """The files that somebody else has changed in the campaign since they were first changed here."""
        before = self._read_state().before
        return [name for name in self.list_names() if read_text(self._root / name) != before.get(name)]

    def catch_up(self) -> list[str]:
        """Put the changes of this working copy onto what others have made of the files meanwhile.

        Returns:
            The files in which both have changed the same place: there this working copy's text stays as it is.

        Raises:
            UserError: what comes of it does not hold together; nothing is changed then.
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
        """Take the changes of some files back, so that they are what the campaign has now."""
        state = self._read_state()
        self._put(dict.fromkeys(names))
        state.before = {name: text for name, text in state.before.items() if name not in names}
        state.edits = []
        self._write_state(state)

    def _check(self) -> None:
        """See that the campaign holds together; the sentences name files as they stand in the campaign folder."""
        try:
            self.folder.load()
            load_codelists(self.folder)
        except UserError as error:
            raise CampaignError(map_text(error.what, self._name_inside), error.remedy) from error

    def _name_inside(self, text: str) -> str:
        return text.replace(f"{self._overlay}/", "").replace(f"{self._root}/", "")

    def _write(self, files: Mapping[str, str]) -> None:
        """Write texts; what is in force already, the campaign's own or the shipped one, is no change."""
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
            path.write_bytes(text.encode("utf-8"))

    def _read_state(self) -> _State:
        try:
            return _State(**json.loads((self._place / STATE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return _State()

    def _write_state(self, state: _State) -> None:
        text = json.dumps(asdict(state), ensure_ascii=False)
        write_file(self._place / STATE, text, PRIVATE, is_durable=False)


def is_name(name: str) -> bool:
    """Whether a path inside a campaign folder is one of a file of settings."""
    return _NAMES.fullmatch(name) is not None


def is_basket(place: Path) -> bool:
    """Whether a draft is a working copy of settings."""
    return (place / STATE).is_file()


def has_changes(place: Path) -> bool:
    """Whether a draft is a working copy in which something is changed."""
    return is_basket(place) and any(path.is_file() for path in (place / SETTINGS).rglob("*"))


def read_text(path: Path) -> str | None:
    """A file's text with its line ends as they are; None where there is none.

    Raises:
        CampaignError: it is not written in UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        raise CampaignError(
            sentence(N_("{path} is not written in UTF-8."), path=path.name), N_("Save it as UTF-8.")
        ) from error

"""Uploaded files on their way into a draft: safe names, a private folder for each draft, the draft's note.

A draft is a preview build of the inbox together with the uploads (`python -m etl draft`). It lies in
`<campaign>/private/drafts/<id>/`, readable by its owner only, until it is published or dropped.
"""

import re
import secrets
import shutil
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError, pack, sentence, unpack
from dashboard.ground.files.json_notes import read_json, write_json
from dashboard.ground.files.writing import for_owner
from dashboard.i18n import N_

KINDS = (
    "csv", "tsv", "tab", "txt", "ssv", "psv", "xlsx", "xlsm", "xlsb", "xls", "ods", "zip", "xml", "rss", "atom", "ics",
)  # fmt: skip
"""The endings of accepted files; the build decides by their content."""

MOST_FILES = 200
_NAME_BYTES = 180  # file systems take 255; a copy of a file may get a longer name
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{32}")


DRAFT_NOTE = "draft.json"
"""The file of a finished draft: without it the work on it was stopped."""
GIVEN = "given.json"
"""The file of a draft's answers so far; a draft with it stays when its session ends."""
OTHER_DRAFT = N_("The preview was made by another version of the program.")
UPLOAD_AGAIN = N_("Upload the files again.")


class UploadError(UserError):
    """The uploaded files cannot be taken as they are."""


class DraftError(UserError):
    """A draft cannot be made or published."""


class Uploaded(Protocol):
    """A file as the browser delivered it."""

    @property
    def name(self) -> str:
        """Its name on the reader's computer."""
        ...

    def getbuffer(self) -> memoryview:
        """Return its content, without a copy."""
        ...


@dataclass(frozen=True)
class FileState:
    """One uploaded file of a draft and its effect on the inbox: added, replaces, unchanged or removed."""

    name: str
    state: str


@dataclass(frozen=True)
class Refusal:
    """One refused upload, with a sentence on the reason and one on what to do."""

    name: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Draft:
    """The content of a draft's `draft.json`: what publishing it would change, and around which published state.

    Attributes:
        build_id: The build it would publish; empty where there is nothing to build from, and only settings change.
        base_build_id: The published build when it was made; None where none was.
        files: Each upload that is in it, and each file of the inbox that it leaves out.
        inputs: The files of the build, by name, with their hashes.
        said_before: The hashes of the files that it would replace (`settings`), from before; None for a missing file.
        settings: The files of settings and answers that it brings, by their paths inside the campaign folder, with
            their hashes.
        surroundings: The hash of the inputs that its id leaves out, from `hash_surroundings`.
    """

    build_id: str
    base_build_id: str | None
    made_at: str
    files: tuple[FileState, ...]
    refused: tuple[Refusal, ...]
    is_sample: bool = False
    uploads: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    fingerprints: Sequence[tuple[str, str]] = ()
    said_before: Mapping[str, str | None] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    surroundings: str = ""


def write_draft(place: Path, draft: Draft) -> None:
    """Write a finished draft's note into its folder."""
    note = vars(draft) | {
        "files": [vars(one) for one in draft.files],
        "refused": [
            {**vars(one), "said": {"what": pack(one.what), "remedy": pack(one.remedy)}} for one in draft.refused
        ],
        "inputs": [{"name": name, "sha256": sha256} for name, sha256 in draft.inputs.items()],
    }
    write_json(place / DRAFT_NOTE, note, indent=1)


def read_draft(place: Path) -> Draft:
    """Read a finished draft.

    Raises:
        DraftError: the folder holds none, or its note is damaged.
    """

    def parse(note: dict[str, Any]) -> Draft:
        parts = {one.name: note[one.name] for one in fields(Draft) if one.name in note}
        parts["files"] = tuple(FileState(str(one["name"]), str(one["state"])) for one in note["files"])
        parts["refused"] = tuple(
            Refusal(str(one["name"]), unpack(one["said"]["what"]), unpack(one["said"]["remedy"]))
            for one in note["refused"]
        )
        parts["inputs"] = {one["name"]: one["sha256"] for one in note.get("inputs", ())}
        parts["fingerprints"] = [(name, sha256) for name, sha256 in note.get("fingerprints", ())]
        return Draft(**parts)

    draft = read_json(place / DRAFT_NOTE, parse)
    if draft is None:
        raise DraftError(N_("The preview no longer exists."), UPLOAD_AGAIN)
    return draft


def name_safely(name: str) -> str:
    """Return a short, safe name of a file: without folders, control and invisible characters, dots at its ends."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    name = " ".join(_FORBIDDEN.sub("_", name).split()).lstrip(".~$ ").rstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    room = _NAME_BYTES - len(dot + ending)
    stem = stem.encode()[: max(room, 1)].decode(errors="ignore").strip() or "file"
    name = f"{stem}{dot}{ending}"[:_NAME_BYTES]
    return f"_{name}" if _DEVICES.match(name) else name


def check_names(names: Sequence[str]) -> None:
    """Check that the files of one drop can lie in one folder.

    Raises:
        UploadError: two files have the same name, or there are too many.
    """
    if len(names) > MOST_FILES:
        raise UploadError(
            N_("These are too many files for one preview."), N_("Put them into a ZIP file, or upload them in parts.")
        )
    names_by_key: dict[str, str] = {}
    for name in map(name_safely, names):
        if name.casefold() in names_by_key:
            raise UploadError(
                sentence(N_("Two of these files are called “{name}”."), name=name),
                N_("Rename or remove one of them."),
            )
        names_by_key[name.casefold()] = name


def new_draft(campaign: Path) -> Path:
    """Make the folder of a new draft, for its owner only, with a name that nobody can guess."""
    place = campaign / "private" / "drafts"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in (place.parent, place):
        folder.chmod(0o700)
    draft = place / secrets.token_hex(16)
    (draft / "uploads").mkdir(mode=0o700, parents=True)
    draft.chmod(0o700)
    return draft


@dataclass(frozen=True)
class SampleFile:
    """A file of the fictional sample, for use like an upload."""

    path: Path

    @property
    def name(self) -> str:
        """Its name."""
        return self.path.name

    def getbuffer(self) -> memoryview:
        """Return its content."""
        return memoryview(self.path.read_bytes())


def list_samples(campaign: Path) -> list[SampleFile]:
    """List the exports among the campaign's samples."""
    paths = (path for kind in KINDS for path in (campaign / "samples").glob(f"*.{kind}"))
    return [SampleFile(path) for path in sorted(paths) if path.is_file()]


def store(draft: Path, files: Iterable[Uploaded]) -> list[str]:
    """Write the files of one drop into the draft's uploads, for their owner only; return their names there.

    Raises:
        UploadError: two have the same name, or the disk refuses them.
    """
    files = list(files)
    check_names([file.name for file in files])
    names = []
    for file in files:
        name = name_safely(file.name)
        try:
            path = draft / "uploads" / name
            with open(path, "xb", opener=for_owner) as target, file.getbuffer() as content:
                target.write(content)
        except OSError as error:
            raise UploadError(
                sentence(N_("“{name}” could not be saved on the server."), name=name),
                N_("Tell the operator of the dashboard; nothing was changed."),
            ) from error
        names.append(name)
    return names


def has_inbox(campaign: Path) -> bool:
    """Return whether the inbox holds anything that may be an export."""
    inbox = campaign / "inbox"
    return inbox.is_dir() and any(not path.name.startswith(".") for path in inbox.iterdir())


def discard(draft: Path) -> None:
    """Remove a draft with its uploads; other folders stay."""
    if draft.parent.name == "drafts" and draft.parent.parent.name == "private" and _ID.fullmatch(draft.name):
        shutil.rmtree(draft, ignore_errors=True)


def read_recipe_titles(folder: CampaignFolder) -> dict[str, str]:
    """Read the title of each recipe by its id; leave faults of unreadable recipes to the build."""
    titles: dict[str, str] = {}
    for path in folder.recipe_files():
        if path.name.startswith("_"):  # headers that recipes share
            continue
        with suppress(OSError, ValueError):
            recipe_id, title = _read_title(path.read_bytes(), path.stem)
            titles.setdefault(recipe_id, title)
    return titles


@lru_cache(maxsize=256)
def _read_title(content: bytes, stem: str) -> tuple[str, str]:
    """Read a recipe's id and title; pages ask for them at each run."""
    recipe = tomllib.loads(content.decode("utf-8-sig"))
    return str(recipe.get("id", stem)), str(recipe.get("title", stem))

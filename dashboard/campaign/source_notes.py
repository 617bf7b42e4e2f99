"""The history of each source, and the origin of a build's files: for staff only.

One JSON file a source in `private/sources/` holds the times of its fetches, their results and errors, and the time of
the next one; the fetch alone writes it. A build's inputs note the origin of files. A snapshot does not, since a fetched
file and a dropped one of the same content are the same.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from dashboard.campaign.sources import Source
from dashboard.errors import pack, unpack
from dashboard.ground.files.json_notes import read_json, write_json

FOLDER = "sources"
COPIES = "fetched"
"""The folder of each source's last answer, unchanged, so that the next fetch needs only new parts."""
DRAFT_OF = "source.json"
"""The file that names a draft's source: the draft waits for staff, and no session ends it."""
KEPT = 100
"""The number of fetches kept in a note."""


class Outcome(StrEnum):
    """The result of a fetch."""

    NEW = "new"  # something is new, and in the inbox
    WAITS = "waits"  # something is new, and waits for staff
    SAME = "same"
    LATER = "later"  # the server wants to be asked later
    FAILED = "failed"


@dataclass(frozen=True)
class FileNote:
    """The note of a fetched file.

    Attributes:
        last: The newest answer's key or moment.
        answers: The number of answers that the server stated; None for a file without.
        gone: Answers that the server no longer has, by their keys; they stay in the file.
        what: The error in reading it, as in `FetchNote`; empty where there is none.
    """

    sha256: str
    etag: str = ""
    modified: str = ""
    last: str = ""
    answers: int | None = None
    fetched_at: str = ""
    gone: tuple[str, ...] = ()
    is_gone: bool = False
    what: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class FetchNote:
    """One fetch.

    Attributes:
        answers: Their present number; None for a file without.
        what: The error, as a `Sentence` where the page can translate it.
    """

    at: str
    outcome: Outcome
    added: int = 0
    changed: int = 0
    answers: int | None = None
    size: int = 0
    seconds: float = 0.0
    what: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class SourceNote:
    """The note of a source.

    Attributes:
        asks: A hash of the request; after a change of it, all is fetched anew.
        next_at: The time of the next automatic fetch; empty before the first one.
        waits_in: The draft that waits for staff; empty for none.
        fetches: The last ones, the newest first.
    """

    asks: str = ""
    whole_at: str = ""
    next_at: str = ""
    failures: int = 0
    waits_in: str = ""
    files: Mapping[str, FileNote] = field(default_factory=dict)
    fetches: tuple[FetchNote, ...] = ()

    @property
    def last(self) -> FetchNote | None:
        """The last fetch; None where there was none."""
        return self.fetches[0] if self.fetches else None

    @property
    def answers(self) -> int | None:
        """The number of answers in its files; None for files without."""
        counts = [file.answers for file in self.files.values() if file.answers is not None]
        return sum(counts) if counts else None

    def after(self, fetch: FetchNote, **changed: Any) -> "SourceNote":
        """Return the note after a fetch."""
        return replace(self, fetches=(fetch, *self.fetches)[:KEPT], **changed)


def find_path(private: Path, name: str) -> Path:
    """Return the path of a source's note."""
    return private / FOLDER / f"{name}.json"


def read(private: Path, name: str) -> SourceNote:
    """Read the note of a source; an unreadable note counts as none, so that all is fetched anew."""

    def parse(fields: dict[str, Any]) -> SourceNote:
        files = {
            file: FileNote(**{**note, **_unpack_words(note), "gone": tuple(note["gone"])})
            for file, note in fields.pop("files").items()
        }
        fetches = tuple(
            FetchNote(**{**note, **_unpack_words(note), "outcome": Outcome(note["outcome"])})
            for note in fields.pop("fetches")
        )
        return SourceNote(files=files, fetches=fetches, **fields)

    return read_json(find_path(private, name), parse) or SourceNote()


def _unpack_words(note: Mapping[str, Any]) -> dict[str, str]:
    """Read the sentences of a note; earlier programs noted only the English ones, which stay as they are."""
    return {name: unpack(note.get(name, "")) for name in ("what", "remedy")}


def _pack_words(note: FileNote | FetchNote) -> dict[str, Any]:
    return {**asdict(note), "what": pack(note.what), "remedy": pack(note.remedy)}


def write(private: Path, name: str, note: SourceNote) -> None:
    """Write the note of a source, in one step."""
    path = find_path(private, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fields = asdict(note)
    fields["files"] = {name: _pack_words(one) for name, one in note.files.items()}
    fields["fetches"] = [_pack_words(one) for one in note.fetches]
    write_json(path, fields, indent=1, is_shared=True)


def forget(private: Path, name: str) -> None:
    """Delete the note of a source."""
    find_path(private, name).unlink(missing_ok=True)


def drop_copies(private: Path) -> None:
    """Remove the unchanged answers of the sources: the next fetch fetches all of them anew."""
    shutil.rmtree(private / COPIES, ignore_errors=True)


def moment(text: str) -> datetime | None:
    """Parse a moment of a note; None where there is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Origin:
    """The origin of a file."""

    source: str
    title: str
    tool: str
    at: str


Origins = Mapping[str, Origin]
"""Origins by the names of files in the inbox."""


def name_origin(source: Source, at: str) -> Origin:
    """Name the origin of a source's present files."""
    return Origin(source.name, source.label, source.tool.value, at)


def find_origin(origins: Origins, file: str) -> Origin | None:
    """Find the origin of a build's file, or of its archive; None where it is unknown."""
    places = (file, *map(str, PurePosixPath(file).parents))
    return next((origins[place] for place in places if place in origins), None)


def read_of_build(campaign: Path, build_id: str) -> Origins:
    """Read the origins noted with a build; none where it is not kept, or an earlier program made it."""
    path = campaign / "private" / "builds" / f"{build_id}.json"
    return read_json(path, lambda note: read_origins(note.get("origins"))) or {}


def read_of_draft(place: Path) -> Origins:
    """Read the origins of the files in a source's draft; none for another draft."""
    return read_json(place / DRAFT_OF, lambda note: read_origins(note.get("files"))) or {}


def write_of_draft(place: Path, source: Source, origins: Origins) -> None:
    """Note that a draft comes from a source, with the origins of its files."""
    write_json(place / DRAFT_OF, {"source": source.name, "files": write_origins(origins)}, is_durable=False)


def list_fetched(private: Path, sources: Iterable[Source]) -> dict[tuple[str, str], Origin]:
    """List the last files of some sources by name and hash."""
    return {
        (name, file.sha256): name_origin(source, file.fetched_at)
        for source in sources
        for name, file in read(private, source.name).files.items()
    }


def write_origins(origins: Origins) -> dict[str, Any]:
    """Write origins as JSON for `read_origins`."""
    return {name: asdict(origin) for name, origin in origins.items()}


def read_origins(note: Any) -> dict[str, Origin]:
    """Read the origins of `write_origins`; none where they are damaged."""
    try:
        return {str(name): Origin(**origin) for name, origin in (note or {}).items()}
    except (TypeError, AttributeError):
        return {}

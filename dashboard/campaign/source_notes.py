"""What became of each source, and which files of a build came from one: for staff only.

One JSON file a source in `private/sources/` says when it was asked, what came, what went wrong, when it is asked again;
the fetch alone writes it. Where files came from is noted with a build's inputs: a snapshot knows nothing of it, since a
fetched file and a dropped one of the same content are the same.
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
"""The folder of what came last from each source, as it came, so that the next fetch needs only what is new."""
DRAFT_OF = "source.json"
"""The file of a draft that says which source it came from: it waits for staff, and no session ends it."""
KEPT = 100
"""How many fetches are remembered."""


class Outcome(StrEnum):
    """What a fetch came to."""

    NEW = "new"  # something is new, and in the inbox
    WAITS = "waits"  # something is new, and waits for staff
    SAME = "same"
    LATER = "later"  # the server wants to be asked later
    FAILED = "failed"


@dataclass(frozen=True)
class FileNote:
    """What is known of a file that was fetched.

    Attributes:
        last: The newest answer's key or moment.
        answers: How many answers the server said that it has; None for a file without.
        gone: Answers that are not there any more, by their keys; they stay in the file.
        what: What stands in the way of reading it, as in `FetchNote`; empty where it is read.
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
        answers: How many there are now; None where it is a file without.
        what: What went wrong, as a `Sentence` where the page can say it in the reader's language.
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
    """What is known of a source.

    Attributes:
        asks: A hash of what is asked there; when that is changed, all is fetched anew.
        next_at: When it is asked again by itself; empty where it was never asked.
        waits_in: The draft in which something waits for staff; empty for none.
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
        """How many answers its files hold; None where they are files without."""
        counts = [file.answers for file in self.files.values() if file.answers is not None]
        return sum(counts) if counts else None

    def after(self, fetch: FetchNote, **changed: Any) -> "SourceNote":
        """What is known after a fetch."""
        return replace(self, fetches=(fetch, *self.fetches)[:KEPT], **changed)


def find_path(private: Path, name: str) -> Path:
    """The file of a source's note."""
    return private / FOLDER / f"{name}.json"


def read(private: Path, name: str) -> SourceNote:
    """What is known of a source; a note that cannot be read is as none, so that all is fetched anew."""

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
    """The sentences of a note; earlier programs noted the English ones alone, which stay as they are."""
    return {name: unpack(note.get(name, "")) for name in ("what", "remedy")}


def _pack_words(note: FileNote | FetchNote) -> dict[str, Any]:
    return {**asdict(note), "what": pack(note.what), "remedy": pack(note.remedy)}


def write(private: Path, name: str, note: SourceNote) -> None:
    """Write down what is known of a source, in one step."""
    path = find_path(private, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fields = asdict(note)
    fields["files"] = {name: _pack_words(one) for name, one in note.files.items()}
    fields["fetches"] = [_pack_words(one) for one in note.fetches]
    write_json(path, fields, indent=1, is_shared=True)


def forget(private: Path, name: str) -> None:
    """Forget what is known of a source."""
    find_path(private, name).unlink(missing_ok=True)


def drop_copies(private: Path) -> None:
    """Remove what came from the sources, as it came: all of it is fetched anew the next time."""
    shutil.rmtree(private / COPIES, ignore_errors=True)


def moment(text: str) -> datetime | None:
    """A moment of a note; None where there is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Origin:
    """Where a file came from."""

    source: str
    title: str
    tool: str
    at: str


Origins = Mapping[str, Origin]
"""By the names of files in the inbox."""


def name_origin(source: Source, at: str) -> Origin:
    """The origin of what a source brings now."""
    return Origin(source.name, source.label, source.tool.value, at)


def find_origin(origins: Origins, file: str) -> Origin | None:
    """Where a file of a build came from, or the archive that it stands in; None where nobody knows."""
    places = (file, *map(str, PurePosixPath(file).parents))
    return next((origins[place] for place in places if place in origins), None)


def read_of_build(campaign: Path, build_id: str) -> Origins:
    """What is noted with a build; nothing where it is not kept, or was made by an earlier program."""
    path = campaign / "private" / "builds" / f"{build_id}.json"
    return read_json(path, lambda note: read_origins(note.get("origins"))) or {}


def read_of_draft(place: Path) -> Origins:
    """What a draft of a source says of the files in it; nothing of another draft."""
    return read_json(place / DRAFT_OF, lambda note: read_origins(note.get("files"))) or {}


def write_of_draft(place: Path, source: Source, origins: Origins) -> None:
    """Say of a draft that it is of a source, and where its files came from."""
    write_json(place / DRAFT_OF, {"source": source.name, "files": write_origins(origins)}, is_durable=False)


def list_fetched(private: Path, sources: Iterable[Source]) -> dict[tuple[str, str], Origin]:
    """What came last from some sources, by the names and the hashes of the files."""
    return {
        (name, file.sha256): name_origin(source, file.fetched_at)
        for source in sources
        for name, file in read(private, source.name).files.items()
    }


def write_origins(origins: Origins) -> dict[str, Any]:
    """Origins as JSON that `read_origins` reads."""
    return {name: asdict(origin) for name, origin in origins.items()}


def read_origins(note: Any) -> dict[str, Origin]:
    """The origins that `write_origins` wrote; none where they are damaged."""
    try:
        return {str(name): Origin(**origin) for name, origin in (note or {}).items()}
    except (TypeError, AttributeError):
        return {}

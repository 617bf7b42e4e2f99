"""Which files of a build came from a source by themselves, and when: noted with the build's inputs, for staff only.

A snapshot knows nothing of it, since a fetched file and a dropped one of the same content are the same.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from dashboard.campaign import source_notes
from dashboard.campaign.source_notes import DRAFT_OF
from dashboard.campaign.sources import Source


@dataclass(frozen=True)
class Origin:
    """Where a file came from.

    Attributes:
        source: The name of the source.
        title: What staff called it then.
        tool: What was asked there, a `Tool`.
        at: When it came, ISO 8601 in UTC.
    """

    source: str
    title: str
    tool: str
    at: str


Origins = Mapping[str, Origin]
"""By the names of files in the inbox."""


def tell(source: Source, at: str) -> Origin:
    """The origin of what a source brings now."""
    return Origin(source.name, source.label, source.tool.value, at)


def find(origins: Origins, file: str) -> Origin | None:
    """Where a file of a build came from, or the archive that it stands in; None where nobody knows."""
    places = (file, *map(str, PurePosixPath(file).parents))
    return next((origins[place] for place in places if place in origins), None)


def read_of_build(campaign: Path, build_id: str) -> Origins:
    """What is noted with a build; nothing where it is not kept, or was made by an earlier program."""
    try:
        note = json.loads((campaign / "private" / "builds" / f"{build_id}.json").read_text(encoding="utf-8"))
        return read(note.get("origins"))
    except (OSError, ValueError, AttributeError):
        return {}


def read_of_draft(place: Path) -> Origins:
    """What a draft of a source says of the files in it; nothing of another draft."""
    try:
        return read(json.loads((place / DRAFT_OF).read_text(encoding="utf-8")).get("files"))
    except (OSError, ValueError, AttributeError):
        return {}


def write_of_draft(place: Path, source: Source, origins: Origins) -> None:
    """Say of a draft that it is of a source, and where its files came from."""
    note = {"source": source.name, "files": write(origins)}
    (place / DRAFT_OF).write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")


def list_fetched(private: Path, sources: Iterable[Source]) -> dict[tuple[str, str], Origin]:
    """What came last from some sources, by the names and the hashes of the files."""
    return {
        (name, file.sha256): tell(source, file.fetched_at)
        for source in sources
        for name, file in source_notes.read(private, source.name).files.items()
    }


def write(origins: Origins) -> dict[str, Any]:
    """Origins as JSON that `read` reads."""
    return {name: asdict(origin) for name, origin in origins.items()}


def read(note: Any) -> dict[str, Origin]:
    """The origins that `write` wrote; none where they are damaged."""
    try:
        return {str(name): Origin(**origin) for name, origin in (note or {}).items()}
    except (TypeError, AttributeError):
        return {}

"""The common parts of the tools: forms to choose from, files that come whole or in part, places with any number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from dashboard.campaign.sources import Tool
from dashboard.campaign.uploads import KINDS
from etl.sources.asking import Asking
from etl.sources.merging import Shape

REST_SECONDS = 5.0
"""The time for which a file of a folder must have lain still."""


@dataclass(frozen=True)
class Form:
    """A form that a source may fetch: its name in the tool, its title, its number of answers (None: unknown)."""

    form: str
    title: str
    answers: int | None = None


@dataclass(frozen=True)
class Before:
    """The last fetch of a file.

    Attributes:
        path: The file; None where it was not fetched, or all of it is to be fetched again.
        answers: The server's number of answers at that time.
        etag: Tells the file there from another version.
        modified: The time of its last change there.
        last: The key or moment of the newest answer.
        gone: The keys of answers missing there by now; they stay in the file.
    """

    path: Path | None = None
    answers: int = 0
    etag: str = ""
    modified: str = ""
    last: str = ""
    gone: tuple[str, ...] = ()


NOTHING = Before()


@dataclass(frozen=True)
class Arrival:
    """A file that came.

    Attributes:
        name: Its name in the inbox.
        shape: The format of its tables; None for a file that is taken as it is.
        is_whole: Whether all answers came.
        expected: The server's number of answers; None where it gives none.
        etag: As of `Before`, like `modified` and `last`.
        last_column: The column with `last` as its largest value.
    """

    name: str
    path: Path
    shape: Shape | None = None
    is_whole: bool = True
    expected: int | None = None
    etag: str = ""
    modified: str = ""
    last: str = ""
    last_column: str = ""


@dataclass(frozen=True)
class Fetched:
    """The result of a fetch: the new or changed files, and the names of all files there."""

    arrivals: tuple[Arrival, ...]
    names: frozenset[str]


Known = Callable[[str], Before]
"""Finds the last fetch of the file of a name."""


class FarSide(NamedTuple):
    """One tool: the lister of its forms (None: it has none), and the fetcher of its files into a folder."""

    list_forms: Callable[[Asking], Iterable[Form]] | None
    fetch: Callable[[Asking, Known, Path], Fetched]


FarSides = Mapping[Tool, FarSide]
"""Each module of tools declares its own as `FAR_SIDES`."""


class PlaceFile(NamedTuple):
    """A file of a place with any number of them.

    Attributes:
        name: Its name in the inbox.
        stamp: Tells its versions apart.
        copy: Copies it; returns False where it is being written to.
        is_resting: Whether it has lain still for a while.
    """

    name: str
    size: int
    stamp: str
    copy: Callable[[Path], bool]
    is_resting: bool = True


def take_new(asking: Asking, files: Sequence[PlaceFile], find_before: Known, place: Path) -> Fetched:
    """Take the files that changed and lie still; the next fetch takes those that are being written.

    Raises:
        FarSideError: one is too large.
    """
    arrivals = []
    for number, file in enumerate(files):
        asking.progress(file.name, number, len(files))
        before = find_before(file.name)
        if not file.is_resting or (before.path is not None and before.modified == file.stamp):
            continue
        asking.check_size(file.name, file.size)
        to = place / f"arrived{number}"
        if file.copy(to):
            arrivals.append(Arrival(file.name, to, modified=file.stamp))
    return Fetched(tuple(arrivals), frozenset(file.name for file in files))


def is_named(name: str, pattern: str) -> bool:
    """Return whether a source takes a file of a place, by its name: by its pattern, of the kinds of exports."""
    is_asked = fnmatchcase(name.lower(), (pattern or "*").lower())
    return is_asked and not name.startswith((".", "~$")) and name.rpartition(".")[2].lower() in KINDS


def fetched_one(name: str, arrival: Arrival | None = None) -> Fetched:
    """Make the result of fetching one file; None where it has not changed."""
    return Fetched((arrival,) if arrival is not None else (), frozenset({name}))

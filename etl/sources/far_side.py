"""What the tools have in common: forms to choose from, files that come whole or in part, places with any number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from dashboard.campaign.sources import Tool
from dashboard.campaign.uploads import KINDS
from etl.sources.asking import Asking
from etl.sources.merging import Shape


@dataclass(frozen=True)
class Form:
    """A form that a source may fetch: how the tool names it, its title, how many answers it has (None: not told)."""

    form: str
    title: str
    answers: int | None = None


@dataclass(frozen=True)
class Before:
    """What was fetched last of a file.

    Attributes:
        path: The file; None where it was not fetched, or all of it is to be fetched again.
        answers: How many answers the server said that it had then.
        etag: Tells the file there from another version.
        modified: When it was changed there.
        last: The key or moment of the newest answer.
        gone: Answers that are not there any more, by their keys; they stay in the file.
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
        name: What it is called in the inbox.
        shape: How its tables are written; None for a file that is taken as it is.
        is_whole: Whether all answers came.
        expected: How many answers the server says that it has; None where it does not say.
        etag: As of `Before`, like `modified` and `last`.
        last_column: The column whose largest value `last` is.
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
    """What a fetch brought: the files that are new or other than before, and the names of all that are there."""

    arrivals: tuple[Arrival, ...]
    names: frozenset[str]


Known = Callable[[str], Before]
"""What was fetched last of the file of a name."""


class FarSide(NamedTuple):
    """One tool: how its forms are listed (None: it has none), and how its files are fetched into a folder."""

    list_forms: Callable[[Asking], Iterable[Form]] | None
    fetch: Callable[[Asking, Known, Path], Fetched]


FarSides = Mapping[Tool, FarSide]
"""Each module of tools declares its own as `FAR_SIDES`."""


class PlaceFile(NamedTuple):
    """A file of a place with any number of them.

    Attributes:
        name: What it is called in the inbox.
        stamp: What tells its versions apart.
        copy: Copies it; gives False where it is being written to.
        is_resting: Whether it has lain still for a while.
    """

    name: str
    size: int
    stamp: str
    copy: Callable[[Path], bool]
    is_resting: bool = True


def take_new(asking: Asking, files: Sequence[PlaceFile], find_before: Known, place: Path) -> Fetched:
    """Those of some files that are other than before and lie still; the next fetch takes what is being written.

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
    """Whether a file of a place is taken, by its name: what the source asks for, of the kinds of exports."""
    is_asked = fnmatchcase(name.lower(), (pattern or "*").lower())
    return is_asked and not name.startswith((".", "~$")) and name.rpartition(".")[2].lower() in KINDS


def fetched_one(name: str, arrival: Arrival | None = None) -> Fetched:
    """What a fetch of one file brought; None where it is as it was."""
    return Fetched((arrival,) if arrival is not None else (), frozenset({name}))

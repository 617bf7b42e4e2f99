"""What the tools have in common: forms to choose from, and files that come whole or in part."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

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
        path: Where it lies now.
        shape: How its tables are written; None for a file that is taken as it is.
        is_whole: Whether all answers came.
        expected: How many answers the server says that it has; None where it does not say.
        etag: See `Before`.
        modified: See `Before`.
        last: `Before.last` next time.
        last_column: Or the column whose largest value it is.
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
    """What a fetch brought.

    Attributes:
        arrivals: The files that are new or other than before.
        names: All files that are there; what was there before and is not among them is gone.
    """

    arrivals: tuple[Arrival, ...]
    names: frozenset[str]


Known = Callable[[str], Before]
"""What was fetched last of the file of a name."""


class FarSide(NamedTuple):
    """One tool: how its forms are listed (None: it has none), and how its files are fetched into a folder."""

    list_forms: Callable[[Asking], Iterable[Form]] | None
    fetch: Callable[[Asking, Known, Path], Fetched]


def is_named(name: str, pattern: str) -> bool:
    """Whether a file of a place is taken, by its name: what the source asks for, of the kinds of exports."""
    is_asked = fnmatchcase(name.lower(), (pattern or "*").lower())
    return is_asked and not name.startswith((".", "~$")) and name.rpartition(".")[2].lower() in KINDS


def one(name: str, arrival: Arrival | None = None) -> Fetched:
    """What a fetch of one file brought; None where it is as it was."""
    return Fetched((arrival,) if arrival is not None else (), frozenset({name}))

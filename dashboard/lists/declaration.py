"""What a list is: its columns and how each is written, where its cells lead, what narrows it, and who may read it.

A list takes a dozen lines: its rows come from one function, and all that is said of them from its columns. It knows
neither pages nor files: `dashboard/ui/pieces/list_table.py` draws it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import pandas as pd

from dashboard import formats
from dashboard.access.rights import AccessClass
from dashboard.campaign.codelists import Code
from dashboard.i18n import N_, Translator
from dashboard.measures.register import SEPARATOR, join_labels, plain_cell
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection

Kind = Literal["text", "date", "percent", "count", "part", "flag", "language", "codes", "words", "status"]
"""How the values of a column are written.

`part` is a count of the one in `Column.of`; `codes` are one or several of `Column.codelists`, `words` one of
`Column.words`; `status` goes with `status_code` and `is_overdue` of its row.
"""
Row = Mapping[str, Any]
PAGE_ROWS = 20
"""Lines of a page, as a screen has room for them."""
MOST_NAMES = 3
"""How many countries or themes of a row are named; behind them stands how many more there are."""
_MOST_LETTERS_WHOLE = 16


class Way(NamedTuple):
    """Where a cell leads: a page, and its parameter that takes what the row has in a column.

    `keeps`: what of the link goes along: the `day` (with build and language), the whole `selection`, or the `list`,
    which is the selection with order, page and what else the page has.
    """

    page_id: str
    parameter: str
    column: str
    keeps: Literal["day", "selection", "list"] = "day"


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: Its name in rows and links.
        label: Its heading.
        kind: How its values are written.
        letters: The letters that a line of it has room for; what needs no more than 16 is never cut.
        missing: What is said where it is empty.
        way: Where it leads.
        address: The column with an address on the web, where it leads instead.
        language: The column that holds the language of its texts.
        begins: The direction in which its heading sorts first; it sorts by nothing where this is empty.
        of: The column with the whole of a part.
        codelists: The codelists of its codes.
        words: Its words by value.
        style: What its words look like: of `pages.css`, with the value behind a hyphen too.
        is_searched: Whether the words that are searched for are marked in it.
        longest: The letters after which a text is cut on pages, where it stands beside others.
    """

    name: str
    label: str
    kind: Kind = "text"
    letters: float = 0
    missing: str = ""
    way: Way | None = None
    address: str = ""
    language: str = ""
    begins: Literal["", "ascending", "descending"] = ""
    of: str = ""
    codelists: tuple[str, ...] = ()
    words: Mapping[Any, str] = field(default_factory=dict)
    style: str = ""
    is_searched: bool = False
    longest: int = 0

    @property
    def is_figure(self) -> bool:
        """Whether it holds figures, which stand at their right."""
        return self.kind in ("percent", "count", "part")

    @property
    def is_short(self) -> bool:
        """Whether it is never cut."""
        return self.kind in ("date", "flag", "status") or 0 < self.letters <= _MOST_LETTERS_WHOLE

    def write(self, row: Row, snapshot: Snapshot, t: Translator, most: int = MOST_NAMES) -> str:
        """Write the cell of a row in words; empty where the row has no value.

        `row`: the row; missing values are None, several codes a tuple.
        `most`: how many of several names are written, and one more.
        """
        value, lang = row[self.name], t.language
        if value is None or value == ():
            return ""
        match self.kind:
            case "date":
                return formats.format_short_date(value, lang)
            case "percent":
                return formats.format_share(value / 100, lang)
            case "count":
                return formats.format_count(value, lang)
            case "part":
                part, total = (formats.format_count(row[name], lang) for name in (self.name, self.of))
                return t("{part} of {whole}", part=part, whole=total) if row[self.of] else ""
            case "flag":
                return t("Yes") if value else ""
            case "language":
                return formats.format_language(value, lang)
            case "words":
                return t(self.words[value])
            case "codes" | "status":
                names = join_labels(value, _join(self.codelists or ("statuses",), snapshot), lang).split(SEPARATOR)
                more = len(names) - most
                return SEPARATOR.join(names) if more <= 1 else f"{SEPARATOR.join(names[:most])} +{more}"
            case _:
                return str(value)


def _join(codelists: tuple[str, ...], snapshot: Snapshot) -> dict[str, Code]:
    return {code: one for name in codelists for code, one in snapshot.codes.get(name, {}).items()}


class Slice(NamedTuple):
    """A part of a list: what it is sorted by, in which direction, how many rows, and how many stand before them."""

    sort: str = ""
    descending: bool = False
    limit: int = PAGE_ROWS
    offset: int = 0


@dataclass(frozen=True)
class ListRequest:
    """A request to a list: the data and the selection, the page's own parameters, and which part to read."""

    snapshot: Snapshot
    selection: Selection
    parameters: Mapping[str, str] = field(default_factory=dict)
    slice: Slice = Slice()


class Rows(NamedTuple):
    """The rows that were asked for, one each, and how many the list has in all."""

    frame: pd.DataFrame
    total: int

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows as plain Python: dates as dates, missing as None, arrays as tuples."""
        return [{str(name): plain_cell(value) for name, value in row.items()} for row in self.frame.to_dict("records")]


class ChipChoice(NamedTuple):
    """The values that are chosen, and the words of the link that name no value."""

    codes: tuple[Any, ...]
    unknown: str = ""


@dataclass(frozen=True)
class Chips:
    """What narrows a list with one click.

    Attributes:
        parameter: The parameter of the link: a filter of the selection, or the page's own.
        words: What each value is called.
        count: How many rows there are of each value, whatever is chosen.
        usual: Which are chosen where the link names none.
        is_several: Whether several may be chosen; else one is chosen instead of another.
    """

    parameter: str
    words: Mapping[Any, str]
    count: Callable[[ListRequest], Mapping[Any, int]]
    usual: Callable[[ListRequest], tuple[Any, ...]] = lambda request: ()
    is_several: bool = False

    def read(self, request: ListRequest) -> ChipChoice:
        """Read what the link chooses, else what is usual."""
        attribute = next((one.attribute for one in FILTERS if one.parameter == self.parameter), "")
        if attribute:
            return ChipChoice(getattr(request.selection, attribute))
        requested = request.parameters.get(self.parameter, "")
        requested_values = [name.strip().casefold() for name in requested.split(",") if name.strip()]
        is_understood = set(requested_values) <= set(self.words) and (self.is_several or len(requested_values) < 2)
        if not requested_values or not is_understood:
            return ChipChoice(self.usual(request), "" if is_understood else requested)
        return ChipChoice(tuple(value for value in self.words if value in requested_values))

    def write(self, values: Collection[str], request: ListRequest) -> str | None:
        """Write the link's parameter for chosen values; None for the usual ones, and for none."""
        ordered = tuple(value for value in self.words if value in values)
        return None if ordered in ((), self.usual(request)) and self.is_several else ",".join(ordered) or None


@dataclass(frozen=True)
class List:
    """A list.

    Attributes:
        list_id: Its name in links and keys.
        title: What it lists.
        columns: Its columns; the first one names a row, and leads to it.
        read: Its rows.
        order: The name of what it is sorted by of itself.
        summary: Which of how many rows are shown, with {first}, {last} and {total}.
        empty: What is said where there is none.
        note: What its rows are, and what to do about them.
        chips: What narrows it.
        page_columns: The names of the columns that a page shows; all of them where this is empty.
        page_rows: How many rows a page has.
        who: Who may read it.
    """

    list_id: str
    title: str
    columns: tuple[Column, ...]
    read: Callable[[ListRequest], Rows]
    order: str = ""
    summary: str = N_("{first} to {last} of {total}.")
    empty: str = N_("None.")
    note: str = ""
    chips: Chips | None = None
    page_columns: tuple[str, ...] = ()
    page_rows: int = PAGE_ROWS
    who: AccessClass = AccessClass.PUBLIC

    @property
    def sorts(self) -> tuple[str, ...]:
        """What it may be sorted by, its own order first."""
        names = (column.name for column in self.columns if column.begins)
        return tuple(dict.fromkeys((*([self.order] if self.order else []), *names)))

    def choose(self, names: tuple[str, ...]) -> tuple[Column, ...]:
        """Its columns of these names, in their order."""
        by_name = {column.name: column for column in self.columns}
        return tuple(by_name[name] for name in names)

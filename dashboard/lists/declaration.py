"""The declaration of a list: its columns and their writing, links of cells, filters, and permitted readers.

A list takes a dozen lines: its rows come from one function, and their words from its columns. It depends on neither
pages nor files: `dashboard/ui/pieces/list_table.py` draws it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import pandas as pd

from dashboard import formats
from dashboard.access.rights import AccessClass
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.register import SEPARATOR, join_labels, plain_rows
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection

Kind = Literal["text", "date", "percent", "count", "part", "flag", "language", "codes", "words", "status"]
"""The writing of a column's values.

`part` is a count of the one in `Column.of`; `codes` are one or several of `Column.codelists`, `words` one of
`Column.words`; `status` goes with `status_code` and `is_overdue` of its row.
"""
Row = Mapping[str, Any]
PAGE_ROWS = 20
"""The rows of a page, as a screen has room for them."""
MOST_NAMES = 3
"""The most countries or themes named in a row; the number of the others follows."""
_MOST_LETTERS_WHOLE = 16


class Way(NamedTuple):
    """The link of a cell: a page, and its parameter for the row's value in a column.

    `keeps`: the kept part of the present link: the `day` (with build and language), the whole `selection`, or the
    `list`, which is the selection with order, page and the page's other parameters.
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
        letters: The letters that fit on a line of it; a column of at most 16 is never cut.
        missing: The text of an empty cell.
        address: The column with an address on the web, which replaces the link.
        language: The column with the language of its texts.
        begins: The direction in which its heading sorts first; empty for a heading that does not sort.
        of: The column with the whole of a part.
        style: The style of its words: from `pages.css`, with the value behind a hyphen too.
        is_searched: Whether it marks the search words.
        longest: The letters after which pages cut a text beside others.
        files: The column with the row's documents and pictures; pages show the pictures below its line.
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
    files: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether it holds figures, which are aligned to the right."""
        return self.kind in ("percent", "count", "part")

    @property
    def is_short(self) -> bool:
        """Whether it is never cut."""
        return self.kind in ("date", "flag", "status") or 0 < self.letters <= _MOST_LETTERS_WHOLE

    def write(self, row: Row, snapshot: Snapshot, t: Translator, most: int = MOST_NAMES) -> str:
        """Write the cell of a row in words; empty where the row has no value.

        `row`: the row; missing values are None, several codes a tuple.
        `most`: how many of several names to write, and one more.
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
                codelists = (snapshot.codes.get(name, {}) for name in self.codelists or ("statuses",))
                codes = {code: one for codelist in codelists for code, one in codelist.items()}
                names = join_labels(value, codes, lang).split(SEPARATOR)
                more = len(names) - most
                return SEPARATOR.join(names) if more <= 1 else f"{SEPARATOR.join(names[:most])} +{more}"
            case _:
                return str(value)


class Slice(NamedTuple):
    """A part of a list: its sort column, the direction, the number of rows, and the number before them."""

    sort: str = ""
    descending: bool = False
    limit: int = PAGE_ROWS
    offset: int = 0


@dataclass(frozen=True)
class ListRequest:
    """A request to a list: the data and the selection, the page's parameters, and the part to read."""

    snapshot: Snapshot
    selection: Selection
    parameters: Mapping[str, str] = field(default_factory=dict)
    slice: Slice = Slice()

    @property
    def t(self) -> Translator:
        """The reader's language."""
        return translator(self.selection.lang)


class Rows(NamedTuple):
    """The requested rows, one each, and the number of all rows of the list."""

    frame: pd.DataFrame
    total: int

    @property
    def records(self) -> list[dict[str, Any]]:
        """Return the rows as plain Python: dates as dates, missing as None, arrays as tuples."""
        return plain_rows(self.frame)


class ChipChoice(NamedTuple):
    """The chosen values, and the words of the link that name no value."""

    codes: tuple[Any, ...]
    unknown: str = ""


@dataclass(frozen=True)
class Chips:
    """The one-click filters of a list.

    Attributes:
        parameter: The parameter of the link: a filter of the selection, or one of the page.
        count: Counts the rows of each value, whatever is chosen.
        usual: The default choice, where the link names none.
        is_several: Whether several may be chosen; else a choice replaces the last one.
    """

    parameter: str
    words: Mapping[Any, str]
    count: Callable[[ListRequest], Mapping[Any, int]]
    usual: Callable[[ListRequest], tuple[Any, ...]] = lambda request: ()
    is_several: bool = False

    def read(self, request: ListRequest) -> ChipChoice:
        """Read the link's choice, else the default."""
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
        """Write the link's parameter for chosen values; None for the default, and for none."""
        ordered = tuple(value for value in self.words if value in values)
        return None if ordered in ((), self.usual(request)) and self.is_several else ",".join(ordered) or None


@dataclass(frozen=True)
class List:
    """A list.

    Attributes:
        list_id: Its name in links and keys.
        columns: Its columns; the first one names a row, and links to it.
        order: The name of its default order.
        summary: The sentence on the shown rows, with {first}, {last} and {total}.
        note: A note on its rows and their remedy.
        page_columns: The names of the columns on a page; empty for all.
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
        """Its possible sort columns, the default order first."""
        names = (column.name for column in self.columns if column.begins)
        return tuple(dict.fromkeys((*([self.order] if self.order else []), *names)))

    def choose(self, names: tuple[str, ...]) -> tuple[Column, ...]:
        """Return its columns of these names, in their order."""
        by_name = {column.name: column for column in self.columns}
        return tuple(by_name[name] for name in names)

"""The rows of a table of a selection, counted first and then read portion by portion, in constant memory.

A portion is a range of actions with its further rows: the database reads, joins and sorts one at a time. The
build and selection of a worker's job are read here too.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import duckdb

from dashboard.files.extracts.tables import Table
from dashboard.measures.definitions import name_evidence
from dashboard.scratch import Scratch
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.selection import FILTERS, VERSUS, Selection, parse

PORTION = 10_000
"""Actions read at a time: memory grows with it, and smaller portions take longer a row."""

MEMORY_MB = 512
"""The memory of the database for tables, indexes and rows that it sorts or joins.

One portion in one thread takes less; with 200 the database spends its time on rereading what it has just let go.
"""


class Portion(NamedTuple):
    """A range of actions by number, whether rows without an action come with it, and its number of rows."""

    first: int
    last: int
    everything: bool
    rows: int


class Piece(NamedTuple):
    """Some rows of a table that are read at once: a statement with its values, and its number of rows."""

    statement: str
    values: dict[str, Any]
    rows: int


class Source:
    """The rows of one table of a selection.

    Attributes:
        fields: Its chosen columns, in their order.
    """

    def __init__(self, snapshot: Snapshot, selection: Selection, table: Table, columns: Sequence[str] = ()) -> None:
        """Count the rows.

        Raises:
            SelectionError: a column is unknown.
        """
        self.table = table
        self.fields = table.choose(columns)
        self._snapshot = snapshot
        self._query = query_text(table.query)
        self._values = query_values(snapshot, selection) | {"portion": PORTION}
        self._portions = self._count_portions(is_everything(selection))
        self.rows = sum(portion.rows for portion in self._portions)

    def pieces(self, skip: int, take: int) -> Iterator[Piece]:
        """Return the rows from the one after `skip` on, `take` of them, in the table's order."""
        names = ", ".join(f'"{field.name}"' for field in self.fields)
        statement = select(names, self._query)
        begin = 0
        for portion in self._portions:
            low, high = max(skip - begin, 0), min(skip + take - begin, portion.rows)
            begin += portion.rows
            if low >= high:
                continue
            values = self._values | portion._asdict()
            if high - low < portion.rows:
                cut = f"{statement} limit $take offset $skip"
                yield Piece(cut, values | {"skip": low, "take": high - low}, high - low)
            else:
                yield Piece(statement, values, portion.rows)

    def _count_portions(self, everything: bool) -> list[Portion]:
        with self._snapshot.cursor() as cursor:
            spans = run(cursor, query_text("extract_portions"), self._values).fetchall()
            portions = cut_portions(spans, self._query, everything=everything)
            return portions if self.table.name == "actions" else [self._count(cursor, one) for one in portions]

    def _count(self, cursor: duckdb.DuckDBPyConnection, portion: Portion) -> Portion:
        [(rows,)] = run(cursor, select("count(*)", self._query), self._values | portion._asdict()).fetchall()
        return portion._replace(rows=int(rows))


def cut_portions(spans: Sequence[tuple[int, int, int]], query: str, *, everything: bool) -> list[Portion]:
    """Cut a query into portions, at least one.

    Args:
        spans: The rows of `extract_portions.sql`: first and last number and the count of actions.
        query: The table's query; one without `$first` is read in one piece.
        everything: Whether rows without an action are in it; they come once, at the end.
    """
    if not spans or "$first" not in query:
        first, last = (spans[0][0], spans[-1][1]) if spans else (0, 0)
        spans = [(first, last, sum(actions for *_, actions in spans))]
    return [
        Portion(first, last, everything and number == len(spans), actions)
        for number, (first, last, actions) in enumerate(spans, start=1)
    ]


def query_values(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """Return the values of a selection for a table's query; its portion comes beside them."""
    words = name_evidence(snapshot, selection.lang)
    return {**selection.sql_parameters(snapshot), **words, "lang": selection.lang, "said_until": selection.as_of}


def read_selection(arguments: dict[str, Any], snapshot: Snapshot) -> Selection:
    """Read the selection of a worker's job.

    Raises:
        SelectionError: a parameter of it is unknown.
    """
    query: dict[str, list[str]] = {}
    for name, value in arguments["query"]:
        query.setdefault(name, []).append(value)
    return parse(query, snapshot, VERSUS)


@contextmanager
def sparing(snapshot: Snapshot) -> Iterator[None]:
    """Read the snapshot with little memory, in a process that ends with the extract and serves nobody else.

    By default the database keeps the data it has read, up to most of the machine's memory. Data beyond the
    limit goes to a folder that is gone when the block ends. One thread, because two hold two portions' worth of rows
    until their order is settled.
    """
    with Scratch("rows") as folder:
        with snapshot.cursor() as cursor:
            cursor.execute("set temp_directory = $folder", {"folder": folder})
            cursor.execute("set memory_limit = $limit", {"limit": f"{MEMORY_MB}MB"})
            cursor.execute("set threads = 1")
        yield


def select(columns: str, query: str) -> str:
    """Write the statement for columns of a query; quote their names, from a closed list, and bind every value."""
    return f"select {columns} from ({query}\n)"  # noqa: S608  (see above)


def run(cursor: duckdb.DuckDBPyConnection, statement: str, values: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Run a statement with those of the values that it takes."""
    return cursor.execute(statement, bind(statement, values))


def bind(statement: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that a statement takes; the database refuses others."""
    return {name: values[name] for name in duckdb.extract_statements(statement)[0].named_parameters}


def is_everything(selection: Selection) -> bool:
    """Return whether no filter is in force; then rows without an action are in the selection too."""
    return not selection.q.strip() and not any(selection.codes(f) for f in FILTERS)

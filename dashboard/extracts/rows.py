"""The rows of a table of a selection, counted first and then read portion by portion, so that memory stays the same.

A portion is a range of actions with what belongs to them: the database reads, joins and sorts one at a time.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import duckdb

from dashboard.extracts.tables import Table
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.selection import FILTERS, Selection

PORTION = 10_000
"""Actions read at a time: memory grows with it, and smaller portions take longer a row."""

MEMORY_MB = 512
"""What the database may hold of tables, indexes and rows that it sorts or joins.

One portion in one thread takes less; with 200 it spends its time on reading again what it has just let go.
"""


class Portion(NamedTuple):
    """A range of actions by number, whether rows that belong to no action come with it, and how many rows it has."""

    first: int
    last: int
    everything: bool
    rows: int


class Piece(NamedTuple):
    """Some rows of a table that are read at once: a statement with its values, and how many rows it gives."""

    statement: str
    values: dict[str, Any]
    rows: int


class Source:
    """The rows of one table of a selection.

    Attributes:
        table: The table.
        fields: Its columns that are wanted, in their order.
        rows: How many rows there are.
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
        self._values = {**selection.sql_parameters(snapshot), "lang": selection.lang, "portion": PORTION}
        self._portions = self._cut(is_everything(selection))
        self.rows = sum(portion.rows for portion in self._portions)

    def pieces(self, skip: int, take: int) -> Iterator[Piece]:
        """The rows from the one after `skip` on, `take` of them, in the table's order."""
        names = ", ".join(f'"{field.name}"' for field in self.fields)
        statement = f"select {names} from ({self._query}\n)"  # noqa: S608  (quoted names from a closed list)
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

    def fetch(self, skip: int, take: int) -> Iterator[tuple[Any, ...]]:
        """The same rows as Python values; one row of nothing where there is none, which a table in Excel needs."""
        with self._snapshot.cursor() as cursor:
            for piece in self.pieces(skip, take):
                yield from run(cursor, piece.statement, piece.values).fetchall()
        if not self.rows:
            yield (None,) * len(self.fields)

    def _cut(self, everything: bool) -> list[Portion]:
        with self._snapshot.cursor() as cursor:
            found = run(cursor, query_text("extract_portions"), self._values).fetchall()
            if not found or "$first" not in self._query:
                first, last = (found[0][0], found[-1][1]) if found else (0, 0)
                found = [(first, last, sum(actions for *_, actions in found))]
            portions = []
            for number, (first, last, actions) in enumerate(found, start=1):
                # Rows that belong to no action come once, at the end.
                portion = Portion(first, last, everything and number == len(found), actions)
                portions.append(portion if self.table.name == "actions" else self._count(cursor, portion))
        return portions

    def _count(self, cursor: duckdb.DuckDBPyConnection, portion: Portion) -> Portion:
        statement = f"select count(*) from ({self._query}\n)"  # noqa: S608  (our own file)
        counted = run(cursor, statement, self._values | portion._asdict()).fetchall()
        return portion._replace(rows=int(counted[0][0]))


@contextmanager
def sparing(snapshot: Snapshot) -> Iterator[None]:
    """Read the snapshot with little memory, in a process that ends with the extract and serves nobody else.

    The database keeps by default what it has read, up to most of the machine's memory; what does not fit into the
    limit goes to a folder that is gone when the block ends. One thread, because two hold two portions' worth of rows
    until their order is known.
    """
    with tempfile.TemporaryDirectory(prefix="dashboard-rows-", ignore_cleanup_errors=True) as folder:
        with snapshot.cursor() as cursor:
            cursor.execute("set temp_directory = $folder", {"folder": folder})
            cursor.execute("set memory_limit = $limit", {"limit": f"{MEMORY_MB}MB"})
            cursor.execute("set threads = 1")
        yield


def run(cursor: duckdb.DuckDBPyConnection, statement: str, values: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Run a statement with those of the values that it takes."""
    return cursor.execute(statement, bind(statement, values))


def bind(statement: str, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that a statement takes; the database refuses others."""
    return {name: values[name] for name in duckdb.extract_statements(statement)[0].named_parameters}


def is_everything(selection: Selection) -> bool:
    """Whether no filter is in force, so that rows that belong to no action are in the selection too."""
    return not selection.q.strip() and not any(selection.codes(f) for f in FILTERS)

"""What was made of the rows of a sheet before other sheets have a say, as Parquet: kept, shown and put into the tables.

The rows mapped to fields are not kept: to map them again takes no longer than to read them, and writing them took as
long as all the rest.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dashboard.paths import quote_path
from etl.sqlfiles import insert_rows

TABLES = (
    "rejections", "odd_rows", "doubtful_rows", "moved_headers", "merged_cells", "misplaced_rows", "dates_to_read",
    "choice_cells",
)  # fmt: skip
"""What staging a sheet puts into tables that have its number, but for what mapping its rows puts there."""
COUNTRIES = ("country_cells",)
"""What is asked of it before: the countries it writes say how phone numbers are read in all sheets."""
MOST_JUDGED = 50_000
"""Texts of a sheet that are judged again where another country is written; with more the sheet is read again."""
_JUDGED = "judged.parquet"
_RAW = "raw.parquet"
_REMARKS = "remarks.parquet"
_PATTERN = re.compile(r"([*?[])")
_NOTED = ("rows", "words", "texts", "ids")
_COPY = "(format parquet, compression zstd, compression_level 1)"


@dataclass(frozen=True)
class KeptRows:
    """The rows of one sheet as another build left them.

    Attributes:
        place: The folder with its files.
        rows: How many were read.
        words: What codelists and staff said of words then, as a hash; empty where the rows do not depend on it.
        texts: By what contacts were taken out of its cells, as a hash; empty where none may hold one.
        ids: By what ids that hold a contact were replaced; empty where none may.
    """

    place: Path
    rows: int
    words: str
    texts: str
    ids: str

    @classmethod
    def read(cls, note: Mapping[str, Any], place: Path) -> "KeptRows":
        """From an entry's note."""
        return cls(place, **{name: note[name] for name in _NOTED})

    def tell(self) -> dict[str, Any]:
        """As an entry's note."""
        return {name: getattr(self, name) for name in _NOTED}

    def show(self, connection: duckdb.DuckDBPyConnection, number: int) -> None:
        """Let `raw_<number>` be these rows: read from the file where a step asks for them."""
        connection.execute(f"create view raw_{number} as from {_read(self.place / _RAW)}")

    def fill(self, connection: duckdb.DuckDBPyConnection, number: int, tables: Iterable[str]) -> None:
        """Put what was noted of the sheet beside its rows into tables of this build."""
        for table in tables:
            if (path := _of(self.place, table)).is_file():
                connection.execute(
                    f"insert into {table} by name select $number as sheet_no, * from {_read(path)}",  # noqa: S608
                    {"number": number},
                )

    def remark(self, connection: duckdb.DuckDBPyConnection, number: int) -> None:
        """Put what is to be said of the sheet into the snapshot."""
        remarks = _read(self.place / _REMARKS)
        connection.execute(
            "insert into snapshot.sheet_remarks select s.source_file, s.sheet, r.remark, r.field, r.number "  # noqa: S608
            f"from {remarks} as r inner join sheets as s on s.sheet_no = $number",
            {"number": number},
        )

    def read_judged(self, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
        """The texts that may have held a contact, as they were written and without it; none where they are too many."""
        if not (path := self.place / _JUDGED).is_file():
            return []
        return connection.execute(f"from {_read(path)} order by all").fetchall()


def write_rows(connection: duckdb.DuckDBPyConnection, place: Path, number: int) -> None:
    """Write what was made of a sheet into a folder.

    Args:
        connection: The work database, right after staging.
        place: The folder.
        number: The sheet's number.
    """
    own = {"number": number}
    _copy(connection, f"from raw_{number}", place / _RAW)
    for table in (*TABLES, *COUNTRIES):
        rows = f"from {table} where sheet_no = $number"
        if connection.execute(f"select 1 {rows} limit 1", own).fetchall():
            _copy(connection, f"select * exclude (sheet_no) {rows}", _of(place, table), own)
    _copy(
        connection,
        "select r.remark, r.field, r.number from snapshot.sheet_remarks as r inner join sheets as s "
        "on r.source_file = s.source_file and r.sheet is not distinct from s.sheet where s.sheet_no = $number "
        "and r.remark in ('merged_filled', 'merged_blank')",
        place / _REMARKS,
        own,
    )


def write_judged(connection: duckdb.DuckDBPyConnection, place: Path, judged: Sequence[tuple[str, str]]) -> None:
    """Write the texts that may have held a contact, unless they are too many to be judged again."""
    if 0 < len(judged) <= MOST_JUDGED:
        connection.execute("create or replace temp table judged_texts (written varchar, cleaned varchar)")
        insert_rows(connection, "judged_texts", judged)
        _copy(connection, "from judged_texts", place / _JUDGED)


def _read(path: Path) -> str:
    """A file as a table, whatever the folders are called in which it lies."""
    alone = Path(_PATTERN.sub(r"[\1]", str(path)))  # for itself, where it would be a pattern of several
    return f"read_parquet({quote_path(alone)}, hive_partitioning = false)"


def _of(place: Path, table: str) -> Path:
    return place / f"{table}.parquet"


def _copy(
    connection: duckdb.DuckDBPyConnection, question: str, path: Path, parameters: Mapping[str, int] | None = None
) -> None:
    connection.execute(f"copy ({question}) to {quote_path(path)} {_COPY}", parameters)

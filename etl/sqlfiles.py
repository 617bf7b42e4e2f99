"""The access of the ETL to its databases: the statements of its SQL files, rows put into tables, snapshots opened."""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, lru_cache, reduce
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import duckdb

from dashboard.engines import lend
from dashboard.ground.files.writing import drafted
from etl.profiling import execute, part

SQL = Path(__file__).parent / "sql"
_FEW, _FEW_BEFORE_PANDAS = 500, 50_000
"""Rows up to which a bound list a column is the quicker way to insert them: Arrow's first table imports pandas."""
_OF_BUILDS = ("content/", "readings/", "steps/", "suggestions/")
_QUERY = re.compile(r"^-- query: (\w+)\n", re.MULTILINE)
_WRITES = re.compile(r"^(create(?: or replace)? table|create view|insert into|delete from) ([\w.]+)", re.MULTILINE)
_NEEDS = re.compile(r"^-- Nothing without: (.+(?:\n-- {5}.+)*)\.$", re.MULTILINE)
_OF_A_SHEET = re.compile(r"\braw_\d+\b")
_empty_tables: dict[str, str] = {}
"""By a statement that makes a table or a view: the statement of an empty table in its place."""
_kept_tables: set[str] = set()
"""The statements whose empty tables stand in the file already."""
_filled: WeakKeyDictionary[duckdb.DuckDBPyConnection, dict[str, bool]] = WeakKeyDictionary()
"""By connection: whether tables have rows that statements of files have made or filled there, so that none is asked."""


class _Statement(NamedTuple):
    """A statement of a file.

    Attributes:
        needs: The tables that it needs rows of to change anything, as its comment says.
        does: Its action on the table that it writes, as `insert into`; empty where it writes none.
    """

    parsed: duckdb.Statement
    needs: tuple[str, ...]
    does: str
    table: str

    @property
    def makes_table(self) -> bool:
        """Return whether it makes the table."""
        return self.does.startswith("create") and self.does != "create view"


@cache
def read_queries(path: Path) -> dict[str, str]:
    """Read the texts of a file, by the names above them (`-- query: keys`); one text alone has the file's."""
    head, *names_and_texts = _QUERY.split(path.read_text(encoding="utf-8"))
    texts = [text.strip().removesuffix(";") for text in names_and_texts[1::2]]
    return dict(zip(names_and_texts[::2], texts, strict=True)) if names_and_texts else {path.stem: head}


def read_query(name: str) -> str:
    """Read a text of `etl/sql`: `steps/20_cells` is a file, `decisions/keys` stands in one, `decisions.sql`."""
    theme, _, query = name.rpartition("/")
    file = SQL / f"{theme}.sql" if theme else SQL
    return read_queries(file if file.is_file() else SQL / f"{name}.sql")[query]


def run_file(
    connection: duckdb.DuckDBPyConnection,
    source: str | Path,
    parameters: dict[str, Any] | None = None,
    *,
    raw: str = "",
) -> None:
    """Run the statements of a text (named as for `read_query`) or file, each with those of `parameters` that it names.

    `raw`: the name of the sheet's raw table, for the few texts that read one: a table's name cannot be bound.

    A statement whose comment says `-- Nothing without: one_table; another where code is null.` is left out where one of
    them has no (such) rows: planning takes longer than it can save, and is most of the work of a small build.
    """
    with part(source if isinstance(source, str) else source.stem):
        for statement in _statements(source, raw):
            if all(has_rows(connection, table) for table in statement.needs):
                _run(connection, statement, parameters or {})
            else:
                _leave_out(connection, statement, parameters or {})


def _run(connection: duckdb.DuckDBPyConnection, statement: _Statement, parameters: dict[str, Any]) -> None:
    names = statement.parsed.named_parameters
    bound_values = {name: value for name, value in parameters.items() if name in names}
    rows = execute(connection, statement.parsed, bound_values)
    filled = _filled.setdefault(connection, {})
    if statement.makes_table:
        filled[statement.table] = bool(rows)
    elif statement.does == "delete from":
        filled.pop(statement.table, None)
    elif rows and statement.table:
        filled[statement.table] = True


def _leave_out(connection: duckdb.DuckDBPyConnection, statement: _Statement, parameters: dict[str, Any]) -> None:
    """Add the empty table that a statement would make; its columns have to be found out once.

    A view without rows becomes an empty table as well: each statement that names a view plans it anew.
    """
    query = statement.parsed.query
    if not statement.makes_table and statement.does != "create view":
        return
    if query not in _empty_tables:
        _run(connection, statement, parameters)
        _empty_tables[query] = str(ask(connection, "empty_table", {"name": statement.table})[0][0])
    else:
        execute(connection, parse(_empty_tables[query]), {})
    _filled.setdefault(connection, {})[statement.table] = False


def read_empty_tables(path: Path) -> None:
    """Learn from a file which tables the omitted statements make, if nothing is known of them yet.

    Without the file, this takes a new process a third of a small build.
    """
    if not _empty_tables:
        with suppress(OSError, ValueError):
            _empty_tables.update(json.loads(path.read_text(encoding="utf-8")))
            _kept_tables.update(_empty_tables)


def write_empty_tables(path: Path) -> None:
    """Save the tables found since for other processes of this program, where the folder can be written to.

    Tables made from a sheet's raw table are not saved, since the next campaign's has other columns.
    """
    tables = {query: sql for query, sql in _empty_tables.items() if not _OF_A_SHEET.search(query)}
    if tables.keys() - _kept_tables:
        with suppress(OSError), drafted(path, is_shared=True, is_durable=False) as draft:
            draft.write_text(json.dumps(tables), encoding="utf-8")
            _kept_tables.update(tables)


def has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Return whether a table has any row, or any of a kind (`table where …`); the argument is the program's own.

    Tables that files have filled are known; where their rows have gone since, a statement runs in vain.
    """
    filled_tables = _filled.setdefault(connection, {})
    if table not in filled_tables:
        is_filled = bool(connection.execute(parse(f"select 1 from {table} limit 1")).fetchall())  # noqa: S608
        if not is_filled or " " in table:
            return is_filled
        filled_tables[table] = True
    return filled_tables[table]


@lru_cache(maxsize=512)
def _statements(source: str | Path, raw: str) -> list[_Statement]:
    """Parse the statements of a text, which stays the same while the program runs; this is a tenth of a small build."""
    text = read_query(source) if isinstance(source, str) else source.read_text(encoding="utf-8")
    parsed = duckdb.extract_statements(text.replace("raw_rows", raw) if raw else text)
    return [_describe(statement) for statement in parsed]


def _describe(statement: duckdb.Statement) -> _Statement:
    match = _WRITES.search(statement.query)
    does, table = match.groups() if match else ("", "")
    return _Statement(statement, list_needs(statement.query), does, table)


def list_needs(sql: str) -> tuple[str, ...]:
    """List the tables that a statement needs rows of to do or find anything, as its comment says."""
    needs = (re.sub(r"\s*\n-- +", " ", text) for text in _NEEDS.findall(sql))
    return tuple(need.strip() for text in needs for need in text.split(";"))


def parse_files() -> None:
    """Parse the texts of a build before they are needed, all but those that read a sheet's raw table."""
    for path in sorted(SQL.rglob("*.sql")):
        theme = path.relative_to(SQL).with_suffix("").as_posix()
        for query, text in read_queries(path).items():
            name = theme if query == path.stem else f"{theme}/{query}"
            if name.startswith(_OF_BUILDS) and "raw_rows" not in text:
                _statements(name, "")


@lru_cache(maxsize=512)
def parse(text: str) -> duckdb.Statement:
    """Parse one statement of the program's own that is put together and run again and again."""
    (statement,) = duckdb.extract_statements(text)
    return statement


def run_step(connection: duckdb.DuckDBPyConnection, step: str, parameters: dict[str, Any] | None = None) -> None:
    """Run one step of the build by its file name without `.sql`."""
    run_file(connection, f"steps/{step}", parameters)


def ask(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows of the one statement of a text, which is named as for `read_query`."""
    with part(name) as timing:
        (statement,) = _statements(name, "")
        rows = connection.execute(statement.parsed, parameters or {}).fetchall()
        if timing is not None:
            timing.count(len(rows))
    return rows


def ask_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> list[dict[str, Any]]:
    """Return the rows as `ask` does, for any file, each row by the names of its columns."""
    (statement,) = _statements(path, "")
    result = connection.execute(statement.parsed)
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def ask_each(
    connection: duckdb.DuckDBPyConnection, name: str, tables: Sequence[Mapping[str, str]]
) -> list[tuple[Any, ...]]:
    """Return the rows of the one statement of a text for each of some tables, in any order; asked as one statement.

    `tables`: the replacements of words of the file, as its name for `raw_rows`; all of them the program's own.
    """
    with part(name) as timing:
        text = read_query(name)
        each = [reduce(lambda sql, pair: sql.replace(*pair), table.items(), text) for table in tables]
        rows = connection.execute(parse("\nunion all\n".join(each))).fetchall()
        if timing is not None:
            timing.count(len(rows))
    return rows


@contextmanager
def open_snapshot(path: Path, *, is_changed: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to a snapshot, read-only, as the schema `snapshot`.

    `is_changed`: whether macros, tables or other files come into the connection, which then ends with this block.
    """
    with lend({"snapshot": path}, is_changed=is_changed) as connection:
        yield connection


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows, many of them through Arrow; `table` is one of the program's own names."""
    with part(f"rows into {table}") as timing:
        if len(rows) > (_FEW if "pandas" in sys.modules else _FEW_BEFORE_PANDAS):
            import pyarrow as pa  # most commands have few rows, and no use for it

            columns = map(list, zip(*rows, strict=True))
            batch = pa.table({str(number): column for number, column in enumerate(columns)})  # noqa: F841  (used below)
            connection.execute(f"insert into {table} select * from batch")  # noqa: S608
            _filled.setdefault(connection, {})[table] = True
        elif rows:
            lists = {f"c{i}": list(column) for i, column in enumerate(zip(*rows, strict=True))}
            unnested = ", ".join(f"unnest(${name})" for name in lists)
            connection.execute(parse(f"insert into {table} select {unnested}"), lists)
            _filled.setdefault(connection, {})[table] = True
        if timing is not None:
            timing.count(len(rows))

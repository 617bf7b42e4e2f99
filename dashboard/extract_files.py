"""Open formats: a table of a selection as CSV, Parquet or JSON, written by the database straight into the file.

Rows never pass through Python, so memory does not grow with them and other readers do not wait for the interpreter.
Run as a module it is a worker's job (see `dashboard.workers`).
"""

import re
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from dashboard import workers
from dashboard.errors import SelectionError, SnapshotError
from dashboard.extract_rows import is_everything
from dashboard.extract_tables import Field, Table, find_table
from dashboard.i18n import N_, translator
from dashboard.selection import Selection, parse
from dashboard.snapshot import Snapshot, query_text

OPEN_FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}
BOM = "\ufeff"
"""By this mark Excel knows that the file is UTF-8."""

MOST_SECONDS = 300
PORTION = 10_000
"""Actions read at a time."""

OPTIONS = {
    "csv": "format csv, header true, new_line '\\r\\n'",
    # Small row groups: the writer keeps several of them in memory.
    "parquet": "format parquet, compression zstd, row_group_size 20480, "
    "kv_metadata {build_id: $build_id, query: $query}",
    "json": "format json, array true",
}
# What a spreadsheet takes for a formula when it opens a CSV file. A mere number is no danger and stays a number.
FORMULA = "^[=+\\-@\\t\\r＝＋－＠]"
NUMBER = "^[+-]?[0-9]+([.,][0-9]+)?$"


def headers(fields: Sequence[Field], lang: str) -> list[str]:
    """The headers of a CSV file in the reader's language, without what would have to be quoted."""
    t = translator(lang)
    return [re.sub(r'[",;\r\n]+', " ", t(field.header)) for field in fields]


def read_columns(values: Sequence[str]) -> tuple[str, ...]:
    """Names of columns as a link or a command gives them: several parameters, or one with commas."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def write_table(
    snapshot: Snapshot, selection: Selection, table: Table, file_format: str, target: Path, columns: Sequence[str] = ()
) -> int:
    """Write a table of a selection to `target` and return how many rows it has.

    Args:
        snapshot: What is read.
        selection: The filters in force; its language is the one of labels, and of a CSV file's headers.
        table: One of `extract_tables.TABLES`.
        file_format: One of `OPEN_FORMATS`.
        target: The file; overwritten.
        columns: Names of the columns wanted, in their order; all by default.

    Raises:
        SelectionError: a column or the format is unknown.
        WorkerError: it took longer than `MOST_SECONDS`.
        OSError: the file cannot be written.
    """
    if file_format not in OPEN_FORMATS:
        raise SelectionError(f"There is no format {file_format!r}.", "format", tuple(OPEN_FORMATS), file_format)
    fields = table.choose(columns)
    shown = csv_columns(fields, selection.lang) if file_format == "csv" else ", ".join(f'"{f.name}"' for f in fields)
    values = {
        **selection.sql_parameters(snapshot),
        "lang": selection.lang,
        "target": str(target),
        "build_id": snapshot.build_id,
        "query": selection.query_string(),
        "formula": FORMULA,
        "number": NUMBER,
    }
    target.touch()  # a place that cannot be written to is Python's own error, with its reason
    with snapshot.cursor() as cursor, tempfile.TemporaryDirectory(prefix="dashboard-parts-") as folder:
        writer = _Writer(cursor, values)
        try:
            source = _gather(writer, table, Path(folder), is_everything(selection))
            # Names and headers are quoted and from a closed list; every value is bound.
            done = writer.run(f"copy (select {shown} from {source}) to $target ({OPTIONS[file_format]})")  # noqa: S608
        except duckdb.InterruptException:
            raise workers.WorkerError(
                N_("The export took too long and was stopped."), N_("Filter to fewer actions and try again.")
            ) from None
        except duckdb.IOException as error:
            raise OSError(0, str(error), str(target)) from error
        finally:
            writer.limit.cancel()
    return int(done[0][0])


class _Writer:
    """Runs statements, each with the values it takes, until the time is over."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, values: dict[str, Any]) -> None:
        self.values = values
        self._cursor = cursor
        self._end = time.monotonic() + MOST_SECONDS
        self.limit = threading.Timer(MOST_SECONDS, cursor.interrupt)
        self.limit.daemon = True
        self.limit.start()

    def run(self, statement: str) -> list[Any]:
        """What a statement answers.

        Raises:
            duckdb.InterruptException: the time is over.
        """
        if time.monotonic() > self._end:  # the interrupt may have come between two statements
            raise duckdb.InterruptException("The time is over.")
        wanted = duckdb.extract_statements(statement)[0].named_parameters
        return self._cursor.execute(statement, {name: self.values[name] for name in wanted}).fetchall()


def _gather(writer: _Writer, table: Table, folder: Path, everything: bool) -> str:
    """What the file is written from: the table's query, or for many actions the portions it was read in.

    Sorting and joining every row at once takes memory by the row. Portions take as much as one of them, and are joined
    in their order as they stream into the file.
    """
    query = _query(table)
    writer.values |= {"portion": PORTION, "everything": everything, "first": 0, "last": 0}
    portions = writer.run(query_text("extract_portions"))
    if portions:
        writer.values |= {"first": portions[0][0], "last": portions[-1][1]}
    if len(portions) < 2 or "$first" not in query:
        return f"({query}\n)"
    parts = []
    for number, (first, last, *_) in enumerate(portions, start=1):
        parts.append(str(folder / f"{number}.parquet"))
        is_last = number == len(portions)  # rows that belong to no action come once, at the end
        writer.values |= {"first": first, "last": last, "everything": everything and is_last, "part": parts[-1]}
        writer.run(f"copy ({query}\n) to $part (format parquet)")
        workers.tell_progress(number, len(portions) + len(portions) // 3)  # joining them takes a fourth of the time
    writer.values["parts"] = parts
    return "read_parquet($parts)"


def open_build(arguments: dict[str, Any]) -> tuple[Snapshot, Selection]:
    """What a worker was asked to read: the build that the server saw, and no other, and the selection.

    Raises:
        SnapshotError: the file is gone or holds another build.
        SelectionError: a parameter of the selection is unknown.
    """
    snapshot = Snapshot(Path(arguments["snapshot"]), arguments["build_id"], arguments["built_at"], cache_mb=16)
    if snapshot.campaign["build_id"] != arguments["build_id"]:
        raise SnapshotError(N_("The data was published anew while the export was made."), N_("Try again."))
    query: dict[str, list[str]] = {}
    for name, value in arguments["query"]:
        query.setdefault(name, []).append(value)
    return snapshot, parse(query, snapshot)


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """A worker's job: write one table. Arguments as in `extracts.submit_extract`; errors as in `write_table`."""
    snapshot, selection = open_build(arguments)
    table = find_table(arguments["table"])
    target = Path(arguments["to"])
    return {"rows": write_table(snapshot, selection, table, arguments["format"], target, arguments["columns"])}


def _query(table: Table) -> str:
    """The text of a table's query, for the actions of a selection from `first` to `last`.

    The register's query takes the numbers of its actions; here another query gives them, so that the workbook and the
    open formats have the same rows by the same text.
    """
    chosen = f"({query_text('register_numbers')})"
    numbers = f"(select list(action_no) from {chosen} where action_no between $first and $last)"  # noqa: S608  (our files)
    return query_text(table.query).replace("$numbers", numbers)


def csv_columns(fields: Sequence[Field], lang: str) -> str:
    """The columns of a CSV file: formulas disarmed, whole percentages without a decimal point, translated headers.

    A decimal point would make text of a number in French and Spanish Excel. A single column writes what is unknown
    as `""`, since an empty line is no row.
    """
    shown: list[str] = []
    for field, header in zip(fields, headers(fields, lang), strict=True):
        value = f'"{field.name}"'
        if field.kind == "text":
            is_formula = f"regexp_matches({value}, $formula) and not regexp_matches({value}, $number)"
            value = f"case when {is_formula} then '''' || {value} else {value} end"
        elif field.kind == "percent":
            value = f"regexp_replace({value}::varchar, '\\.0$', '')"
        if len(fields) == 1:
            value = f"coalesce({value}::varchar, '')"
        mark = BOM if not shown else ""  # the first bytes of the file
        shown.append(f'{value} as "{mark}{header}"')
    return ", ".join(shown)


if __name__ == "__main__":
    sys.exit(workers.answer(answer_job))

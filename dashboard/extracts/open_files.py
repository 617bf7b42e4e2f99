"""Open formats: a table of a selection as CSV, Parquet or JSON, written by the database straight into the file.

Rows never pass through Python, so memory does not grow with them and other readers do not wait for the interpreter.
Run as a module it is a worker's job (see `dashboard.processes.runner`).
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from dashboard.errors import SelectionError, SnapshotError
from dashboard.extracts.portions import Writer, write_in_portions
from dashboard.extracts.rows import is_everything
from dashboard.extracts.tables import Field, Table, find_table
from dashboard.i18n import N_, translator
from dashboard.processes import runner
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.selection import Selection, parse

OPEN_FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}
BOM = "\ufeff"
"""By this mark Excel knows that the file is UTF-8."""

MOST_SECONDS = 300

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
    snapshot: Snapshot,
    selection: Selection,
    table: Table,
    file_format: str,
    target: Path,
    columns: Sequence[str] = (),
    *,
    made: Path | None = None,
) -> int:
    """Write a table of a selection to `target` and return how many rows it has.

    Args:
        snapshot: What is read.
        selection: The filters in force; its language is the one of labels, and of a CSV file's headers.
        table: One of `extract_tables.TABLES`.
        file_format: One of `OPEN_FORMATS`.
        target: The file; overwritten.
        columns: Names of the columns wanted, in their order; all by default.
        made: The same table with all columns as Parquet, where that is there already: it is read several times faster.

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
        "build_id": snapshot.build_id,
        "query": selection.query_string(),
        "formula": FORMULA,
        "number": NUMBER,
    }
    target.touch()  # a place that cannot be written to is Python's own error, with its reason
    with snapshot.bulk_cursor() as cursor, Writer(cursor, values, MOST_SECONDS) as writer:
        try:
            if made is not None:
                return writer.copy_made(shown, [made], file_format, target)
            return write_in_portions(
                writer, query_text(table.query), shown, file_format, target, is_everything(selection)
            )
        except duckdb.InterruptException:
            raise runner.WorkerError(
                N_("The export took too long and was stopped."), N_("Filter to fewer actions and try again.")
            ) from None
        except duckdb.IOException as error:
            raise OSError(0, str(error), str(target)) from error


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
    sys.exit(runner.answer(answer_job))

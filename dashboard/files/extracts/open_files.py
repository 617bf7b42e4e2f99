"""Open formats: a table of a selection as CSV, Parquet or JSON, written by the database straight into the file.

Rows never pass through Python, so other readers do not wait for the interpreter, and they are read portion by portion,
so that memory does not grow with them.
"""

import re
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO
from urllib.parse import urlencode

import duckdb

from dashboard.errors import SelectionError
from dashboard.files.extracts.choice import OPEN_FORMATS
from dashboard.files.extracts.rows import PORTION, Portion, bind, cut_portions, is_everything, query_values, select
from dashboard.files.extracts.tables import Field, Table
from dashboard.ground.files.csv_styles import BOM, COMMA, STYLES, CsvStyle, find_style
from dashboard.ground.files.formula_guard import FORMULA, NUMBER
from dashboard.ground.processes import runner
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_, translator
from dashboard.scratch import Scratch
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.receipts.receipt import Receipt, hash_text, issue
from dashboard.snapshot.selection import Selection

MOST_SECONDS = 300

_CHUNK = 1 << 20
OPTIONS = {
    "csv": "format csv, header true, new_line '\\r\\n', delimiter $delimiter",
    # Small row groups: the writer keeps several of them in memory.
    "parquet": "format parquet, compression zstd, row_group_size 20480, "
    "kv_metadata {build_id: $build_id, query: $query, receipt: $receipt}",
    "json": "format json, array true",
}
_ROW_SUMS = (
    "count(*), coalesce(sum(md5_number_lower(to_json(one)::varchar)), 0)::varchar, "
    "coalesce(sum(md5_number_upper(to_json(one)::varchar)), 0)::varchar"
)
"""A digest of rows in any order: their number, and sums of a hash of each."""
_FURTHER_CSV = OPTIONS["csv"].replace("header true", "header false")
# The text that DuckDB writes around and between the objects of a list.
_JSON_START, _JSON_BETWEEN, _JSON_END = b"[\n\t", b",\n\t", b"\n]\n"


def headers(fields: Sequence[Field], lang: str) -> list[str]:
    """Return the headers of a CSV file in the reader's language, without signs that would need quotes."""
    t = translator(lang)
    return [re.sub(r'[",;\r\n]+', " ", t(field.header)) for field in fields]


def write_table(
    snapshot: Snapshot,
    selection: Selection,
    table: Table,
    file_format: str,
    target: Path,
    columns: Sequence[str] = (),
    *,
    csv: str = COMMA,
    parquet: Path | None = None,
) -> int:
    """Write a table of a selection to `target` and return its number of rows.

    `parquet` is the same table with all columns, where it is there already: it is read several times faster.

    Raises:
        SelectionError: a column, the format or the way to write CSV is unknown.
        WorkerError: it took longer than `MOST_SECONDS`.
        OSError: the file cannot be written.
    """
    if file_format not in OPEN_FORMATS:
        raise SelectionError(f"There is no format {file_format!r}.", "format", tuple(OPEN_FORMATS), file_format)
    fields = table.choose(columns)
    style = find_style(csv)
    is_csv = file_format == "csv"
    column_list = csv_columns(fields, selection.lang, style) if is_csv else ", ".join(f'"{f.name}"' for f in fields)
    values = {
        **query_values(snapshot, selection),
        "build_id": snapshot.build_id,
        "query": selection.query_string(),
        "formula": FORMULA,
        "number": NUMBER,
        "delimiter": style.delimiter,
    }
    target.touch()  # a place that cannot be written to is Python's own error, with its reason
    receipt = None
    if file_format == "parquet":  # the hash of its rows is not known yet; a file knows nothing of the server's name
        receipt = issue(snapshot, write_place(table.name, "parquet", selection, columns), "parquet", "")
    with snapshot.bulk_cursor() as cursor, Writer(cursor, values, MOST_SECONDS, receipt) as writer:
        try:
            if parquet is not None:
                return writer.copy_parquet(column_list, [parquet], file_format, target)
            return _write_in_portions(
                writer, query_text(table.query), column_list, file_format, target, is_everything(selection)
            )
        except duckdb.InterruptException:
            raise runner.WorkerError(
                N_("Preparing the file took too long and was stopped."), N_("Filter to fewer actions and try again.")
            ) from None
        except duckdb.IOException as error:
            raise OSError(0, str(error), str(target)) from error


def write_place(table: str, file_format: str, selection: Selection, columns: Sequence[str] = (), **more: str) -> str:
    """Write the path of a table's file below the dashboard's address, with the columns chosen and `more` parameters."""
    chosen = {"columns": ",".join(columns)} | more
    pairs = [*selection.query_pairs(), *((name, value) for name, value in chosen.items() if value)]
    return f"/extracts/{table}.{file_format}?{urlencode(pairs, safe=',')}"


def csv_columns(fields: Sequence[Field], lang: str, style: CsvStyle = STYLES[COMMA]) -> str:
    """Write the columns of a CSV file: formulas disarmed, whole percentages without a decimal mark, translated headers.

    A decimal point would turn a number into text in French and Spanish Excel; it is a comma where the style has one. A
    single column writes an unknown value as `""`, since an empty line is no row.
    """
    columns: list[str] = []
    for field, header in zip(fields, headers(fields, lang), strict=True):
        value = f'"{field.name}"'
        if field.kind == "text":
            value = f"disarmed({value}, $formula, $number)"
        elif field.kind == "percent":
            value = f"whole_percent({value})"
        if field.kind in ("percent", "number", "amount") and style.decimal_mark != ".":
            value = f"replace({value}::varchar, '.', '{style.decimal_mark}')"
        if len(fields) == 1:
            value = f"coalesce({value}::varchar, '')"
        mark = BOM if not columns else ""  # the first bytes of the file
        columns.append(f'{value} as "{mark}{header}"')
    return ", ".join(columns)


class Writer:
    """A runner of statements, each with its values, until the time is over."""

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        values: dict[str, Any],
        seconds: float,
        receipt: Receipt | None = None,
    ) -> None:
        """Bind `values` by name; interrupt what runs on `cursor` after `seconds`; `receipt` is that of Parquet."""
        self.values = values
        self._receipt = receipt
        self._cursor = cursor
        self._end = time.monotonic() + seconds
        self._limit = threading.Timer(seconds, cursor.interrupt)
        self._limit.daemon = True

    def __enter__(self) -> "Writer":
        """Start the clock."""
        self._limit.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        """Stop the clock."""
        self._limit.cancel()

    def run(self, statement: str) -> list[Any]:
        """Return the answer of a statement.

        Raises:
            duckdb.InterruptException: the time is over.
        """
        if time.monotonic() > self._end:  # the interrupt may have come between two statements
            raise duckdb.InterruptException("The time is over.")
        return self._cursor.execute(statement, bind(statement, self.values)).fetchall()

    def copy(self, column_list: str, query: str, target: Path, options: str) -> int:
        """Write the columns of `column_list` of a query to a file and return how many rows it has."""
        self.values["target"] = str(target)
        [(rows,)] = self.run(f"copy ({select(column_list, query)}) to $target ({options})")
        return int(rows)

    def hash_rows(self, column_list: str, query: str) -> None:
        """Write the hash of the rows of a query into the receipt of the file that is to come."""
        if self._receipt is not None:
            sums = self.run(f"{select(_ROW_SUMS, select(column_list, query))} as one")
            self.values["receipt"] = replace(self._receipt, values=hash_text(repr(sums))).write()

    def copy_parquet(self, column_list: str, files: list[Path], file_format: str, target: Path) -> int:
        """Write the columns of `column_list` of Parquet files, in their order; return the number of rows."""
        self.values["files"] = [str(file) for file in files]
        if file_format == "parquet":
            self.hash_rows(column_list, "from read_parquet($files)")
        return self.copy(column_list, "from read_parquet($files)", target, OPTIONS[file_format])


def _write_in_portions(
    writer: Writer, query: str, column_list: str, file_format: str, target: Path, everything: bool
) -> int:
    """Write the result of a query to `target` and return its number of rows.

    The query takes the actions from `$first` to `$last`, and rows that belong to no action where `$everything` is true.
    One without `$first` is written in one piece.

    Raises:
        duckdb.Error: the time is over, or the file cannot be written.
        OSError: the file cannot be written.
    """
    writer.values["portion"] = PORTION
    portions = cut_portions(writer.run(query_text("extract_portions")), query, everything=everything)
    if len(portions) == 1:
        writer.values |= portions[0]._asdict()
        writer.hash_rows(column_list, query)
        return writer.copy(column_list, query, target, OPTIONS[file_format])
    with Scratch("parts") as folder:
        pieces = _bind_each(writer, portions)
        if file_format == "parquet":
            return _write_parquet(writer, pieces, query, column_list, target, Path(folder))
        part = Path(folder) / "part"
        with target.open("wb") as file:
            if file_format == "csv":
                return _write_csv(writer, pieces, query, column_list, file, part)
            return _write_json(writer, pieces, query, column_list, file, part)


def _bind_each(writer: Writer, portions: list[Portion]) -> Iterator[int]:
    """Bind one portion after the other; yield its number."""
    for number, portion in enumerate(portions):
        writer.values |= portion._asdict()
        yield number
        tell_progress(number + 1, len(portions))


def _write_csv(writer: Writer, pieces: Iterator[int], query: str, column_list: str, file: BinaryIO, part: Path) -> int:
    rows = 0
    for number in pieces:
        rows += writer.copy(column_list, query, part, _FURTHER_CSV if number else OPTIONS["csv"])
        with part.open("rb") as content:
            shutil.copyfileobj(content, file, _CHUNK)
    return rows


def _write_json(writer: Writer, pieces: Iterator[int], query: str, column_list: str, file: BinaryIO, part: Path) -> int:
    rows = 0
    file.write(_JSON_START)
    for _ in pieces:
        in_part = writer.copy(column_list, query, part, OPTIONS["json"])
        if in_part == 0:
            continue
        if rows:
            file.write(_JSON_BETWEEN)
        _append_inside(part, file)
        rows += in_part
    file.write(_JSON_END)
    return rows


def _append_inside(part: Path, file: BinaryIO) -> None:
    """Append the text between the brackets of a list."""
    remaining = part.stat().st_size - len(_JSON_START) - len(_JSON_END)
    with part.open("rb") as content:
        content.seek(len(_JSON_START))
        while remaining:
            chunk = content.read(min(remaining, _CHUNK))
            file.write(chunk)
            remaining -= len(chunk)


def _write_parquet(
    writer: Writer, pieces: Iterator[int], query: str, column_list: str, target: Path, folder: Path
) -> int:
    """Write portions as files of their own; join them in their order as they stream into the one."""
    parts = []
    for number in pieces:
        parts.append(folder / f"{number}.parquet")
        writer.copy("*", query, parts[-1], "format parquet")
    return writer.copy_parquet(column_list, parts, "parquet", target)

"""Preview an extract before it is made: the rows of every table of a selection, the first of them, and its size.

For the size a sample of the rows is written in the same format and measured. Two samples, one half of the other,
separate the size of a further row from the fixed part of every file (headers, Parquet's description of its columns).
Nothing here loads openpyxl: the rows of a workbook are measured as the XML that the database writes of them, compressed
as in the file.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa

from dashboard.cache import Cache
from dashboard.files.extracts.choice import Choice
from dashboard.files.extracts.open_files import OPTIONS, csv_columns
from dashboard.files.extracts.rows import bind, is_everything, query_values, run, select
from dashboard.files.extracts.tables import TABLES, Field, Table
from dashboard.ground.files.formula_guard import FORMULA, NUMBER, SIGNS
from dashboard.scratch import Scratch
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.selection import Selection

SHOWN = 10
"""Rows of a preview."""

PORTION = 100
"""Actions looked at for a preview, which costs the same however many the selection holds."""

OTHER_SHEETS = 25_000
"""Bytes of a workbook that do not grow with its rows: its sheets about the data, its styles and charts."""

OTHER_FILES = 9_000
"""Bytes of the explanations of the tables in a ZIP."""
RECEIPT_BYTES = 400
"""Bytes of the receipt in a Parquet file, about."""

MOST_ROWS = 2_000
"""Rows of each place of a sample; of files with more, a row is measured once for all filters."""

MOST_SAMPLES = 512
_LAST = 2**62
_CELLS = {
    "date": "date_cell({place}, {name}, '4', '1')",
    "percent": "number_cell({place}, {name}, '5')",
    "number": "number_cell({place}, {name}, '6')",
    "amount": "number_cell({place}, {name}, '1')",
    "text": """'<c r="' || {place} || careful_text({name}, '1', '2', $signs)""",
}


def count_rows(snapshot: Snapshot, selection: Selection) -> dict[str, int]:
    """Count the rows of each of `TABLES` for a selection, by name."""
    everything = is_everything(selection)
    counts = snapshot.query("extract_counts", selection.sql_parameters(snapshot) | {"everything": everything})
    return {name: int(counts[name].iloc[0]) for name in TABLES}


def first_rows(snapshot: Snapshot, selection: Selection, table: Table, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Return the first `SHOWN` rows of the file, or all if there are fewer.

    Returns:
        The chosen columns, by their technical names; values as in the file, dates as timestamps.

    Raises:
        SelectionError: a column is unknown.
    """
    names = [field.name for field in table.choose(columns)]
    rows = min(SHOWN, count_rows(snapshot, selection)[table.name])
    if rows == 0:
        return pd.DataFrame(columns=names)
    values = _find_values(snapshot, selection)
    portions = portions_of(snapshot, selection)
    if portions:
        first, last = portions[0]
        frame = _head(snapshot, table, values | {"first": first, "last": last, "everything": False})
        if len(frame) == rows:
            return frame[names]
    return _head(snapshot, table, values)[names]


def _find_values(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """Return the values for a table's query of all rows of a selection."""
    return query_values(snapshot, selection) | {"everything": is_everything(selection), "first": 0, "last": _LAST}


def portions_of(snapshot: Snapshot, selection: Selection) -> list[tuple[int, int]]:
    """Return the first and last number of every `PORTION` actions of a selection, in the register's own order."""
    frame = snapshot.query("extract_portions", selection.sql_parameters(snapshot) | {"portion": PORTION})
    return [(int(first), int(last)) for first, last in zip(frame["first_no"], frame["last_no"], strict=True)]


def _head(snapshot: Snapshot, table: Table, values: dict[str, Any]) -> pd.DataFrame:
    statement = f"{select('*', query_text(table.query))} limit {SHOWN}"
    return snapshot.ask(statement, bind(statement, values))


class Measured(NamedTuple):
    """Rows and bytes of the half and of the whole sample of one table."""

    half_rows: int
    half_bytes: int
    rows: int
    bytes: int

    def extrapolate(self, rows: int) -> int:
        """Estimate the bytes of a file of `rows` rows."""
        if self.rows == 0:
            return self.bytes
        more = self.rows - self.half_rows
        each = (self.bytes - self.half_bytes) / more if more else self.bytes / self.rows
        return round(self.bytes + (rows - self.rows) * each)


_measured = Cache[tuple[Any, ...], Measured](MOST_SAMPLES)
"""The measurements of the whole process; they are numbers only, so that no old snapshot stays open."""


def estimate_bytes(snapshot: Snapshot, selection: Selection, choice: Choice) -> int:
    """Estimate the bytes of a chosen file.

    Raises:
        SelectionError: a column is unknown.
    """
    rows = count_rows(snapshot, selection)
    main, *more_tables = choice.tables()
    parts = [(main, choice.columns, choice.file_format), *((name, (), choice.file_format) for name in more_tables)]
    fixed = OTHER_SHEETS if choice.file_format == "xlsx" else 0
    if choice.file_format == "zip":
        parts = [(name, (), part) for name in choice.tables() for part in ("csv.deflated", "parquet", "json.deflated")]
        fixed = OTHER_FILES
    if choice.file_format == "xml":
        parts = [(name, (), "json") for name in choice.tables()]  # the same texts, with as many names around them
    everything = Selection(as_of=selection.as_of, build=selection.build, lang=selection.lang)
    return fixed + sum(
        _measure(
            snapshot, everything if rows[name] > MOST_ROWS else selection, TABLES[name], chosen, part_format
        ).extrapolate(rows[name])
        for name, chosen, part_format in parts
    )


def _measure(
    snapshot: Snapshot, selection: Selection, table: Table, columns: tuple[str, ...], file_format: str
) -> Measured:
    key = (snapshot.build_id, selection, table.name, columns, file_format)
    return _measured.get(key, lambda: _measure_sample(snapshot, selection, table, columns, file_format))


def _measure_sample(
    snapshot: Snapshot, selection: Selection, table: Table, columns: tuple[str, ...], file_format: str
) -> Measured:
    fields = table.choose(columns)
    with snapshot.cursor() as cursor, Scratch("sample") as folder:
        sample = _take_sample(cursor, snapshot, selection, table)
        half = sample.take(pa.array(range(1, sample.num_rows, 2), pa.int64()))
        sizes = [_write(cursor, rows, fields, file_format, selection.lang, Path(folder)) for rows in (half, sample)]
    return Measured(half.num_rows, sizes[0], sample.num_rows, sizes[1])


def _take_sample(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot, selection: Selection, table: Table) -> pa.Table:
    """Take numbered rows from the beginning, the middle and the end of a table."""
    values = _find_values(snapshot, selection)
    query = query_text(table.query)
    portions = portions_of(snapshot, selection)
    if "$first" not in query or len(portions) <= 3:
        places = [values]
    else:
        chosen = (portions[0], portions[len(portions) // 2], portions[-1])
        places = [values | {"first": first, "last": last, "everything": False} for first, last in chosen]
    statement = f"{select('*', query)} limit {MOST_ROWS}"
    rows = pa.concat_tables(cursor.sql(statement, params=bind(statement, place)).to_arrow_table() for place in places)
    return rows.append_column("row_no", pa.array(range(1, rows.num_rows + 1), pa.int64()))


def _write(
    cursor: duckdb.DuckDBPyConnection,
    rows: pa.Table,
    fields: Sequence[Field],
    file_format: str,
    lang: str,
    folder: Path,
) -> int:
    """Write rows as a part of the file; return its bytes."""
    cursor.register("sample", rows)
    if file_format == "xlsx":
        cells = ", ".join(_cell(number, field) for number, field in enumerate(fields))
        statement = select(f"concat('<row r=\"', row_no, '\">', {cells}, '</row>')", "from sample")
        xml = run(cursor, statement, {"signs": SIGNS}).fetchall()
        return len(zlib.compress("".join(row for (row,) in xml).encode(), 6))
    ending, _, deflated = file_format.partition(".")
    column_list = csv_columns(fields, lang) if ending == "csv" else ", ".join(f'"{field.name}"' for field in fields)
    target = folder / f"sample.{ending}"
    statement = f"copy ({select(column_list, 'from sample')}) to $target ({OPTIONS[ending]})"
    values = {
        "target": str(target),
        "formula": FORMULA,
        "number": NUMBER,
        "build_id": "",
        "query": "",
        "receipt": " " * RECEIPT_BYTES,
        "delimiter": ",",
    }
    run(cursor, statement, values)
    return len(zlib.compress(target.read_bytes(), 6)) if deflated else target.stat().st_size


def _cell(number: int, field: Field) -> str:
    """Write one cell's XML; the place of a column has as many letters as in the file."""
    letter = chr(ord("A") + number % 26)
    place = f"concat('{letter if number < 26 else 'A' + letter}', row_no)"
    return _CELLS.get(field.kind, "plain_cell({place}, {name}, '1')").format(place=place, name=f'"{field.name}"')

"""CSV and its relatives, of any delimiter and encoding.

Two ways lead to the same table: DuckDB reads plain text by itself, fast; everything else goes through Python's csv
module. `PlainText.find` decides which, before anything is read.
"""

from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from etl.readers import text
from etl.readers.dialects import detect_dialect
from etl.readers.limits import INBOX, Limits
from etl.readers.plain import PlainText
from etl.readers.records import measure_width, read_records
from etl.readers.sheets import (
    PREVIEW_ROWS,
    ReadError,
    Sheet,
    create_table,
    drop_blank_rows,
    list_columns,
    make_preview,
    quote_name,
    run,
    strip_texts,
)

SAMPLE_RECORDS = 1000
BATCH_CELLS = 200_000
BATCH_CHARACTERS = 16 << 20

_WILDCARDS = set("*?[]{}")


class DelimitedFile:
    """An open text file: one sheet without a name.

    Attributes:
        sheets: The one sheet.
    """

    def __init__(self, path: Path, *, name: str = "", limits: Limits = INBOX, allow_fast: bool = True) -> None:
        """Settle encoding, dialect and width, and the way to read it.

        Args:
            path: The file.
            name: What messages call it; its own name by default.
            limits: The most that is read.
            allow_fast: Whether DuckDB may read it by itself where it can.

        Raises:
            ReadError: The file is no readable text table.
        """
        self._name = name or path.name
        self._limits = limits
        self._directory = TemporaryDirectory(prefix="export-")
        try:
            self._open(path, allow_fast)
        except BaseException:
            self.close()
            raise

    def _open(self, path: Path, allow_fast: bool) -> None:
        self._path, shape = self._settle_text(path)
        if not shape.lines:
            raise ReadError(f"“{self._name}” holds no rows.", "Export it again, or remove it.")
        self._dialect = detect_dialect(self._path)
        sample = list(islice(self._read_records(), SAMPLE_RECORDS))
        width = max(map(len, sample), default=0)
        self._plain: PlainText | None = None
        if allow_fast and not self._dialect.declared:
            self._plain = PlainText.find(self._path, self._dialect.delimiter, width, shape)
        rows = self._plain.rows if self._plain else 0
        if self._plain is None:
            for record in self._read_records():
                width = measure_width(record, width)
                rows += 1
                if rows > self._limits.rows:
                    break
        self._refuse_size(rows, width)
        self.sheets = [Sheet(None, width, make_preview(sample[:PREVIEW_ROWS], width))]

    def _refuse_size(self, rows: int, width: int) -> None:
        if width > self._limits.columns:
            raise ReadError(
                f"“{self._name}” has a row of {width:,} cells, more than a spreadsheet can hold.",
                "Export it again as CSV or Excel.",
            )
        if rows > self._limits.rows or rows * width > self._limits.text_cells:
            raise ReadError(
                f"“{self._name}” has {rows:,} or more rows by {width:,} columns, too much to read.",
                "Export it in parts.",
            )

    def _settle_text(self, path: Path) -> tuple[Path, text.TextShape]:
        shape = text.scan_text(path, self._name, self._limits)
        encoding = text.detect_encoding(path, self._name, shape)
        settled = Path(self._directory.name) / "text.csv"
        if encoding not in ("utf-8", "utf-8-sig") or shape.nulls:
            text.transcode(path, self._name, encoding, settled)
            return settled, text.scan_text(settled, self._name, self._limits)
        if _WILDCARDS & set(str(path)):
            # DuckDB takes these characters for a pattern that several files may match.
            settled.symlink_to(path.absolute())
            return settled, shape
        return path, shape

    def load(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, first_row: int) -> int:
        """Create the raw table; see `ExportFile.load`."""
        if self._plain is None:
            self._load_records(connection, sheet, table)
        elif not self._plain.load(connection, table):
            run(connection, f"drop table {quote_name(table)}")
            self._load_records(connection, sheet, table)
        return drop_blank_rows(connection, table, sheet.width, first_row)

    def _load_records(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str) -> None:
        columns = list_columns(sheet.width)
        schema = pa.schema([("source_row", pa.int64()), *((column, pa.string()) for column in columns)])
        create_table(connection, table, pa.RecordBatchReader.from_batches(schema, self._read_batches(schema)))

    def close(self) -> None:
        """Remove what was written on the way."""
        self._directory.cleanup()

    def _read_records(self) -> Iterator[list[str]]:
        declared = int(self._dialect.declared)
        return read_records(self._path, self._dialect.delimiter, self._name, declared, self._limits)

    def _read_batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        width = len(schema) - 1
        number = 0
        for batch in _group(self._read_records(), max(1, BATCH_CELLS // width)):
            columns = list(zip_longest(*batch))[:width]
            columns.extend([(None,) * len(batch)] * (width - len(columns)))
            numbers = pa.array(range(number + 1, number + len(batch) + 1), pa.int64())
            texts = (strip_texts(pa.array(column, pa.string())) for column in columns)
            yield pa.record_batch([numbers, *texts], schema=schema)
            number += len(batch)


def _group(records: Iterator[list[str]], size: int) -> Iterator[list[list[str]]]:
    """Yield batches of up to `size` records, and of a bounded number of characters."""
    batch: list[list[str]] = []
    characters = 0
    for record in records:
        batch.append(record)
        characters += sum(map(len, record))
        if len(batch) == size or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch

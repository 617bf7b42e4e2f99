"""CSV and its relatives, of any delimiter and encoding.

Two ways lead to the same table. Python's csv module defines the records (`read_records`); every faster way
must agree with it. `PlainText` is the fast one: text so plain that DuckDB's reader gives exactly the same, which
`PlainText.find` checks before anything is read.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Self

import duckdb
import pyarrow as pa

from dashboard.engines import lend
from dashboard.errors import sentence
from dashboard.ground.files.writing import link_or_copy
from dashboard.i18n import N_
from dashboard.scratch import Scratch
from etl.readers import text
from etl.readers.dialects import DELIMITERS, detect_dialect
from etl.readers.files import EXPORT_AGAIN, INBOX, Limits
from etl.readers.sheets import (
    PREVIEW_ROWS,
    WHITE_SPACE,
    ReadError,
    Sheet,
    create_table,
    drop_blank_rows,
    list_columns,
    make_preview,
    make_texts,
    number_rows,
    quote_name,
    run,
    strip_texts,
)
from etl.readers.text import TextShape

SAMPLE_RECORDS = 1000
BATCH_CELLS = 200_000
BATCH_CHARACTERS = 16 << 20
_MARKED = re.compile(r"'[-+]?\d[\d.,:/ T%-]*")  # a number as text, with the mark that spreadsheets put before it
_LAST_BYTES = 1 << 16  # the part to search for the last line
_FEWEST_MIXED = 4  # columns of a file whose rows may be separated otherwise
_FEWEST_WHOLE = 3  # other rows that tell how many cells a row has

_WILDCARDS = set("*?[]{}")
_LITTLE = 2_000_000  # bytes of a file that one thread reads as fast as two


class DelimitedFile:
    """An open text file: one sheet without a name."""

    def __init__(self, path: Path, *, name: str = "", limits: Limits = INBOX, allow_fast: bool = True) -> None:
        """Settle encoding, dialect and width, and the way to read it.

        With `allow_fast`, DuckDB reads it by itself where it can.

        Raises:
            ReadError: The file is no readable text table.
        """
        self._name = name or path.name
        self._limits = limits
        self._directory = Scratch("export")
        try:
            self._open(path, allow_fast)
        except BaseException:
            self.close()
            raise

    def _open(self, path: Path, allow_fast: bool) -> None:
        self._path, shape = self._settle_text(path)
        if not shape.lines:
            raise ReadError(
                sentence(N_("“{name}” has no rows."), name=self._name), N_("Export it again, or remove it.")
            )
        self._dialect = detect_dialect(self._path)
        sample = list(islice(self._read_records(), SAMPLE_RECORDS))
        width = max(map(len, sample), default=0)
        self._plain: PlainText | None = None
        if allow_fast and not self._dialect.declared:
            self._plain = PlainText.find(self._path, self._dialect.delimiter, width, shape)
        rows = self._plain.rows if self._plain else 0
        if self._plain is None:
            for record in self._read_records():
                while len(record) > width and not record[-1]:
                    record.pop()
                width = max(len(record), width)
                rows += 1
                if rows > self._limits.rows:
                    break
        self._refuse_size(rows, width)
        self._refuse_cut(sample, rows)
        self._refuse_mixed(sample, width)
        self._marked = sorted({i for record in sample for i, cell in enumerate(record) if _MARKED.fullmatch(cell)})
        first = [[cell[1:] if _MARKED.fullmatch(cell) else cell for cell in row] for row in sample[:PREVIEW_ROWS]]
        self.sheets = [Sheet(None, width, make_preview(first, width), row_widths=tuple(map(len, first)))]

    def _refuse_size(self, rows: int, width: int) -> None:
        if width > self._limits.columns:
            raise ReadError(
                sentence(
                    N_("“{name}” has a row of {cells} cells, more than a spreadsheet can hold."),
                    name=self._name,
                    cells=width,
                ),
                EXPORT_AGAIN,
            )
        if rows > self._limits.rows or rows * width > self._limits.text_cells:
            raise ReadError(
                sentence(
                    N_("“{name}” has {rows} or more rows by {columns} columns, too much to read."),
                    name=self._name,
                    rows=rows,
                    columns=width,
                ),
                N_("Export it in parts."),
            )

    def _refuse_cut(self, sample: Sequence[Sequence[str]], rows: int) -> None:
        """Refuse a file whose last line has fewer cells than every other one, and no end: a download that broke off."""
        last = read_last_line(self._path, self._dialect.delimiter)
        lengths = [len(record) for record in sample[: rows - 1] if record]
        if last and len(lengths) >= _FEWEST_WHOLE and len(last) < min(lengths):
            raise ReadError(
                sentence(
                    N_(
                        "“{name}” breaks off in its last row, {row}: it has {cells} cells, every other row has "
                        "{others} or more."
                    ),
                    name=self._name,
                    row=rows,
                    cells=len(last),
                    others=min(lengths),
                ),
                N_("Download or copy it again; if that row is whole, put a line end behind it."),
            )

    def _refuse_mixed(self, sample: Sequence[Sequence[str]], width: int) -> None:
        """Refuse a file where another separator makes some rows as wide as the rest: two files in one."""
        sign = self._dialect.delimiter
        for mark in DELIMITERS if width >= _FEWEST_MIXED else ():
            mixed = [
                row
                for row, record in enumerate(sample, 1)
                if mark != sign and 0 < len(record) < width and mark in sign.join(record)
                if sign.join(record).count(mark) >= width - 1 and _count_cells(sign.join(record), mark) == width
            ]
            if len(mixed) > 1:
                raise ReadError(
                    sentence(
                        N_("“{name}” has rows that “{other}” separates, such as row {row}, and others with “{sign}”."),
                        name=self._name,
                        other=mark,
                        row=mixed[0],
                        sign=sign,
                    ),
                    N_("Two files seem to have been put into one: give each a file of its own."),
                )

    def _settle_text(self, path: Path) -> tuple[Path, text.TextShape]:
        shape = text.scan_text(path, self._name, self._limits)
        encoding = text.detect_encoding(path, self._name, shape)
        utf8_file = Path(self._directory.name) / "text.csv"
        if encoding not in ("utf-8", "utf-8-sig") or shape.nulls:
            text.transcode(path, self._name, encoding, utf8_file)
            return utf8_file, text.scan_text(utf8_file, self._name, self._limits)
        if _WILDCARDS & set(str(path)):
            # DuckDB takes these characters for a pattern that several files may match.
            link_or_copy(path, utf8_file)
            return utf8_file, shape
        return path, shape

    def load(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, first_row: int) -> int:
        """Create the raw table; see `ExportFile.load`."""
        if self._plain is None:
            self._load_records(connection, sheet, table)
        elif not self._plain.load(connection, table):
            run(connection, f"drop table {quote_name(table)}")
            self._load_records(connection, sheet, table)
        return tidy_rows(connection, table, self._marked, sheet.width, first_row)

    def _load_records(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str) -> None:
        columns = list_columns(sheet.width)
        schema = pa.schema([("source_row", pa.int64()), *((column, pa.string()) for column in columns)])
        create_table(connection, table, pa.RecordBatchReader.from_batches(schema, self._read_batches(schema)))

    @property
    def plain(self) -> tuple["PlainText", tuple[int, ...]] | None:
        """Return the file for DuckDB, and the columns of numbers with the mark of text; None if it cannot read it."""
        return (self._plain, tuple(self._marked)) if self._plain else None

    def close(self) -> None:
        """Remove the files written on the way."""
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
            numbers = number_rows(number + 1, len(batch))
            texts = (strip_texts(make_texts(column)) for column in columns)
            yield pa.record_batch([numbers, *texts], schema=schema)
            number += len(batch)


def _count_cells(line: str, delimiter: str) -> int:
    """Count the cells of a line by a delimiter; 0 where it is none by it."""
    try:
        return len(next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), []))
    except csv.Error:
        return 0


def tidy_rows(
    connection: duckdb.DuckDBPyConnection, table: str, marked: Sequence[int], width: int, first_row: int
) -> int:
    """Remove the text mark from numbers in some columns, and lines that are no rows; return how many rows remain."""
    for column in marked:
        cell = f"c{column + 1}"
        run(
            connection,
            f"update {quote_name(table)} set {cell} = {cell}[2:] "  # noqa: S608 - names
            f"where starts_with({cell}, $mark) and regexp_full_match({cell}, $marked)",
            {"mark": "'", "marked": _MARKED.pattern},
        )
    return drop_blank_rows(connection, table, width, first_row)


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


_END = ["\x1fend", "of file\x1f"]


def read_records(
    path: Path, delimiter: str, name: str, skip_lines: int = 0, limits: Limits = INBOX
) -> Iterator[list[str]]:
    """Yield every record of a UTF-8 text file; a blank line is an empty one.

    The first `skip_lines` lines are no records.

    Raises:
        ReadError: A quotation mark is never closed.
    """
    csv.field_size_limit(limits.cell_characters)
    number = 0
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for _ in range(skip_lines):
            stream.readline()
        # A line that no file has tells the end of the file from the end of a quoted text, which would swallow it.
        reader = csv.reader(chain(stream, [delimiter.join(_END)]), delimiter=delimiter)
        try:
            for record in reader:
                if record == _END:
                    return
                number += 1
                if record and record[-1].endswith(_END[-1]):
                    break
                yield record
        except csv.Error:
            number += 1
    raise ReadError(
        sentence(N_("The quoted text that begins in row {row} of “{name}” is never closed."), row=number, name=name),
        sentence(N_("Remove the stray quotation mark in row {row}, or export the file again."), row=number),
    )


def read_last_line(path: Path, delimiter: str) -> list[str]:
    """Return the cells of a text file's last line; none where it has a line end, or a quoted text reaches into it."""
    with path.open("rb") as stream:
        stream.seek(0, io.SEEK_END)
        stream.seek(max(0, stream.tell() - _LAST_BYTES))
        tail = stream.read().decode("utf-8", errors="replace")
    if tail.endswith(("\n", "\r")):
        return []
    line = re.split("[\r\n]", tail)[-1]
    if len(line) == len(tail) or line.count('"') % 2:
        return []
    return next(csv.reader([line], delimiter=delimiter), [])


_EDGES = f"^[{WHITE_SPACE}]+|[{WHITE_SPACE}]+$"
# A value with plain letters at both ends, as nearly all have, needs no stripping: ten times faster to find out.
_STRIP = (
    "case when {column} between '!' and '~' and {column}[-1] between '!' and '~' then {column}"
    " else nullif(regexp_replace({column}, $edges, '', 'g'), '') end as {column}"
)
_MAX_WIDTH = 100  # DuckDB plans that expression slowly; with more columns, that takes longer than reading


@dataclass(frozen=True)
class PlainText:
    """A text file that DuckDB reads exactly.

    Attributes:
        new_line: How its lines end.
        parallel: Whether several threads may read it.
    """

    path: Path
    delimiter: str
    width: int
    new_line: str
    rows: int = 0
    parallel: bool = False

    @classmethod
    def find(cls, path: Path, delimiter: str, width: int, shape: TextShape) -> Self | None:
        """Return how DuckDB reads the file; None when it would not read it exactly.

        DuckDB itself refuses rows of other widths and text around quotations. It drops blank lines, though, which
        shifts every row number after them, and has been seen to lose the last rows of a file in silence. So its rows,
        and the line ends inside its values, must add up to the lines of the file. Threads that begin amid a quoted
        text with line ends can go wrong, so such a file is read by one.
        """
        if shape.has_lone_returns or shape.has_loose_quotes or not 0 < width <= _MAX_WIDTH:
            return None
        is_large = path.stat().st_size > _LITTLE
        with lend(is_for_much=is_large) as connection:
            # Forms on the web send CR LF in long answers, whatever ends the lines of the file.
            for new_line in ("\r\n", "\n") if shape.has_returns else ("\n",):
                plain = cls(path, delimiter, width, new_line, parallel=is_large and not shape.has_quotes)
                try:
                    rows = plain._count_rows(connection)
                    if rows == shape.lines:
                        return replace(plain, rows=rows, parallel=is_large)
                    if shape.has_quotes and rows + plain._count_line_feeds(connection) == shape.lines:
                        return replace(plain, rows=rows)
                except duckdb.Error:
                    continue
        return None

    def load(self, connection: duckdb.DuckDBPyConnection, table: str) -> bool:
        """Create the raw table with every row; return whether its rows are as many as were counted."""
        name = quote_name(table)
        columns = ", ".join(_STRIP.format(column=column) for column in list_columns(self.width))
        parallel = self.parallel and (
            run(connection, "select current_setting('preserve_insertion_order')") == [(True,)]
        )
        # Numbering rows while they are read would leave all the work to one thread.
        number = "null::bigint" if parallel else "row_number() over ()"
        run(
            connection,
            f"create table {name} as select {number} as source_row, {columns} from {self._reader}",  # noqa: S608 - names
            self._parameters | {"parallel": parallel, "edges": _EDGES},
        )
        if parallel:
            run(connection, f"update {name} set source_row = rowid - (select min(rowid) from {name}) + 1")  # noqa: S608
        extent = run(connection, f"select count(*), max(source_row) from {name}")  # noqa: S608 - a quoted name
        return extent == [(self.rows, self.rows)]

    @property
    def _reader(self) -> str:
        # Strict mode is the default; stating it makes DuckDB 2.0 drop the last record of some files.
        columns = ", ".join(f"'{name}': 'varchar'" for name in list_columns(self.width))
        return (
            f"read_csv($path, columns = {{{columns}}}, auto_detect = false, header = false, delim = $delimiter,"
            " quote = '\"', escape = '\"', comment = '', new_line = $new_line, parallel = $parallel,"
            " compression = 'none')"
        )

    @property
    def _parameters(self) -> dict[str, object]:
        # DuckDB wants the line end spelt out.
        return {
            "path": str(self.path),
            "delimiter": self.delimiter,
            "new_line": self.new_line.encode("unicode_escape").decode(),
            "parallel": self.parallel,
        }

    def _count_rows(self, connection: duckdb.DuckDBPyConnection) -> int:
        return int(run(connection, f"select count(*) from {self._reader}", self._parameters)[0][0])  # noqa: S608

    def _count_line_feeds(self, connection: duckdb.DuckDBPyConnection) -> int:
        """Return how many line feeds stand inside values."""
        statement = (
            "select sum(strlen(content) - strlen(replace(content, chr(10), '')))"  # noqa: S608 - only c1, c2, ...
            f" from (select concat({', '.join(list_columns(self.width))}) as content from {self._reader})"
        )
        return int(run(connection, statement, self._parameters)[0][0] or 0)

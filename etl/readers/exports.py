"""Any export file → raw tables of text, each row with the number a spreadsheet shows for it.

Workbooks (XLSX, XLSM, XLS, XLSB and ODS) are read through calamine: dates as `2021-09-01 00:00:00`, whole numbers
without decimals, formulas as the value saved with them, errors such as #N/A as nothing. The readers do not interpret
columns; see `etl.recipes.recipe_file`.
"""

import errno
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import fastexcel
import pyarrow as pa

from dashboard.errors import sentence
from dashboard.faults import raise_explained
from dashboard.ground.files.writing import hash_file
from dashboard.i18n import N_
from dashboard.scratch import Scratch
from etl.readers.archives import (
    Archive,
    NamedFile,
    inspect_archive,
    is_archive,
    make_damage_error,
    make_macro_error,
    make_password_error,
    unpack_exports,
)
from etl.readers.delimited import DelimitedFile, PlainText
from etl.readers.files import (
    INBOX,
    MB,
    TEXT_EXTENSIONS,
    WORKBOOK_EXTENSIONS,
    Limits,
    Witness,
    holds_posts,
    is_workbook,
    is_zipped,
)
from etl.readers.posts.post_file import PostFile
from etl.readers.sheets import (
    PREVIEW_ROWS,
    ReadError,
    Sheet,
    count_rows,
    create_table,
    find_filled_rows,
    list_columns,
    number_rows,
    strip_columns,
)
from etl.readers.sizes import Layout, find_marks

_BY_NAME = {"xlsx": (".xlsx", ".xlsm"), "xlsb": (".xlsb",), "ods": (".ods",), "xls": (".xls",)}
FEWEST_BYTES = MB // 2
"""Smaller ones are opened sooner than a thread begins."""
MOST_WORKBOOK_BYTES = 32 * MB
"""Larger workbooks take too much memory for two at once."""
_BATCH_BYTES = 32 << 20
_KEPT_BYTES = 64 << 20  # of all sheets together; larger ones wait on disk


class WorkbookFile:
    """An open workbook; until it is closed, its sheets stay as Arrow, large ones on disk.

    Attributes:
        sheets: The sheets with cells, in order; charts are left out.
    """

    def __init__(self, path: Path, *, name: str = "", limits: Limits = INBOX) -> None:
        """Read every sheet.

        Raises:
            ReadError: It is damaged, protected, too large, has macros, or is no workbook.
        """
        self._name = name or path.name
        self._limits = limits
        self._batches: dict[str | None, pa.RecordBatch | Path] = {}
        self._kept = 0
        self._directory = Scratch("export")
        self.sheets: list[Sheet] = []
        try:
            self._read(path)
        except BaseException:
            self.close()
            raise

    def _read(self, path: Path) -> None:
        archive = self._inspect(path)
        self._uncomputed = archive.uncomputed
        self._layouts = archive.layouts
        self._kind = archive.kind
        # The extension leads the library; a workbook by another name is handed over as bytes.
        source = path if path.suffix in _BY_NAME[archive.kind] else path.read_bytes()
        try:
            reader = fastexcel.read_excel(source)
        except BaseException as error:
            raise self._explain(error) from error
        if len(reader.sheet_names) > self._limits.sheets:
            raise ReadError(
                sentence(
                    N_("“{name}” has {sheets} sheets, more than the limit of {most}."),
                    name=self._name,
                    sheets=len(reader.sheet_names),
                    most=self._limits.sheets,
                ),
                N_("Keep the sheets that hold data and save it again."),
            )
        for index, sheet in enumerate(reader.sheet_names):
            if sheet not in archive.charts:
                self._read_sheet(reader, index, sheet)

    def _inspect(self, path: Path) -> Archive:
        if is_zipped(path):
            return inspect_archive(path, self._name, self._limits)
        marks = find_marks(path)
        if marks.has_password:
            raise make_password_error(self._name)
        if marks.has_macros:
            raise make_macro_error(self._name)
        return Archive("xls")

    def _read_sheet(self, reader: fastexcel.ExcelReader, index: int, name: str) -> None:
        try:
            # skip_rows = 0 keeps the blank rows above the first used cell, and with them the row numbers.
            sheet = reader.load_sheet(
                index, header_row=None, skip_rows=0, dtypes="string", skip_whitespace_tail_rows=True
            )
            batch = sheet.to_arrow()
        except BaseException as error:
            raise self._explain(error, name) from error
        first = strip_columns(batch.slice(0, PREVIEW_ROWS).columns)
        preview = tuple(zip(*(column.to_pylist() for column in first), strict=True))
        self._batches[name] = self._keep(batch, index)
        layout = self._layouts.get(name, Layout())
        merged, errors = layout.as_read()
        self.sheets.append(
            Sheet(
                name,
                batch.num_columns,
                preview,
                sheet.visible == "visible",
                merged=None if self._kind in ("xls", "xlsb") else merged,
                hidden_rows=layout.hidden_rows,
                hidden_columns=layout.hidden_columns,
                errors=errors,
                struck=tuple(layout.struck.items()),
                colours=tuple(layout.colours.items()),
            )
        )

    def _keep(self, batch: pa.RecordBatch, index: int) -> pa.RecordBatch | Path:
        if self._kept + batch.nbytes <= _KEPT_BYTES or not self._kept:
            self._kept += batch.nbytes
            return batch
        path = Path(self._directory.name) / f"sheet-{index}.arrow"
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, batch.schema) as writer:
            writer.write_batch(batch)
        return path

    def _explain(self, error: BaseException, sheet: str | None = None) -> BaseException:
        # A fault inside the library comes as an exception that is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            return error
        if "password" in str(error).lower():
            return make_password_error(self._name)
        if sheet is None:
            return make_damage_error(self._name)
        return ReadError(
            sentence(N_("Sheet “{sheet}” of “{name}” cannot be read."), sheet=sheet, name=self._name),
            N_("Open the workbook, save it again as .xlsx and retry."),
        )

    def load(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, first_row: int) -> int:
        """Create the sheet's raw table; see `ExportFile.load`.

        Raises:
            ReadError: A formula of the sheet was saved without its result, which would be missing in silence.
        """
        cell = self._uncomputed.get(sheet.name or "")
        if cell:
            raise ReadError(
                sentence(
                    N_(
                        "Sheet “{sheet}” of “{name}” has a formula without its result in {cell}: the program that "
                        "wrote the file did not calculate."
                    ),
                    sheet=sheet.name or "",
                    name=self._name,
                    cell=cell,
                ),
                N_("Open it in Excel or LibreOffice, save it, and use that file."),
            )
        schema = pa.schema([("source_row", pa.int64()), *((name, pa.string()) for name in list_columns(sheet.width))])
        with self._open_batch(sheet.name) as batch:
            rows = pa.RecordBatchReader.from_batches(schema, _slice(batch, schema, first_row))
            create_table(connection, table, rows)
        return count_rows(connection, table)

    @contextmanager
    def _open_batch(self, sheet: str | None) -> Iterator[pa.RecordBatch]:
        batch = self._batches[sheet]
        if isinstance(batch, pa.RecordBatch):
            yield batch
            return
        with pa.memory_map(str(batch)) as file, pa.ipc.open_file(file) as reader:
            yield reader.get_batch(0)

    def close(self) -> None:
        """Let go of the sheets."""
        self._batches.clear()
        self._directory.cleanup()


def _slice(batch: pa.RecordBatch, schema: pa.Schema, first_row: int) -> Iterator[pa.RecordBatch]:
    """Yield the stripped and numbered rows in pieces, so that memory does not hold all of them twice."""
    size = max(1, batch.num_rows * _BATCH_BYTES // max(1, batch.nbytes))
    for start in range(first_row - 1, batch.num_rows, size):
        columns = strip_columns(batch.slice(start, size).columns)
        if not columns:
            return
        rows = pa.record_batch([number_rows(start + 1, len(columns[0])), *columns], schema=schema)
        filled = find_filled_rows(columns)
        yield rows if filled is None else rows.filter(filled)


class ExportFile:
    """An open export file; close it, or use it in a `with` statement."""

    def __init__(self, path: Path, name: str = "", limits: Limits = INBOX) -> None:
        """Open a file; `open_export` is the way to do so."""
        self.path = path
        self.name = name or path.name
        kind = find_kind(path, self.name, limits)
        self._witness = Witness(path, self.name)
        with ThreadPoolExecutor(max_workers=1) as pool:  # hashing leaves the interpreter free for reading
            digest = pool.submit(hash_file, path)
            self._content = kind(path, name=self.name, limits=limits)
            self.sha256 = digest.result()
        self._witness.check()
        self._witness.sha256 = self.sha256
        self.sheets = self._content.sheets

    def load(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, first_row: int) -> int:
        """Create a table of a sheet's rows as they are written.

        The table has `source_row` (BIGINT, the number a spreadsheet shows: a record with line breaks inside is one
        row, a blank line is a row too) and `c1` ... `c<width>` (VARCHAR, without surrounding white space; empty is
        NULL). Wholly blank rows are left out.

        Returns:
            The number of rows.

        Raises:
            ReadError: The file changed since it was opened, or is gone.
        """
        try:
            count = self._content.load(connection, sheet, table, first_row)
        except (OSError, duckdb.Error):
            self._witness.check()
            raise
        self._witness.check()
        return count

    @property
    def plain(self) -> tuple[PlainText, tuple[int, ...]] | None:
        """Return the file for DuckDB, as `DelimitedFile.plain`; None for another file, or if DuckDB cannot read it."""
        return self._content.plain if isinstance(self._content, DelimitedFile) else None

    def check(self) -> None:
        """Make sure that the file is still the one that was opened."""
        self._witness.check()

    def close(self) -> None:
        """Release the file and everything made from it."""
        self._content.close()

    def __enter__(self) -> Self:
        """Return the open file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()


def find_kind(path: Path, name: str, limits: Limits) -> type[WorkbookFile | DelimitedFile | PostFile]:
    """Find the reader of a file, by its name, its size and its first bytes.

    Raises:
        ReadError: nothing does.
    """
    if holds_posts(path, name, limits):
        return PostFile
    return WorkbookFile if is_workbook(path, name, limits) else DelimitedFile


def open_export(path: Path, name: str = "", limits: Limits = INBOX) -> ExportFile:
    """Open an export file: find out its kind and the beginnings of its sheets.

    The file has one of `EXTENSIONS`; its first bytes, not its name, choose the reader.

    Returns:
        The open file, a context manager.

    Raises:
        ReadError: It cannot be read; the error says why and what to do.
    """
    with _explain_faults(name or path.name):
        return ExportFile(path, name, limits)


@contextmanager
def list_members(
    path: Path, name: str = "", limits: Limits = INBOX, work: Path | None = None
) -> Iterator[list[NamedFile]]:
    """Give the export files that a file holds: itself, or the members of a ZIP archive, unpacked until leaving.

    Raises:
        ReadError: An archive cannot be unpacked, or holds something else.
    """
    name = name or path.name
    with ExitStack() as stack:
        with _explain_faults(name):
            is_book = not holds_posts(path, name, limits) and is_workbook(path, name, limits)
            files = [NamedFile(name, path, name)]
            if is_book and is_archive(path, name):
                files = stack.enter_context(unpack_exports(path, name, limits, work))
        yield files


@contextmanager
def _explain_faults(name: str) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise ReadError(
            sentence(N_("“{name}” may not be read by this program."), name=name), N_("Allow reading it.")
        ) from error
    except OSError as error:
        if error.errno != errno.EIO:  # the error names the file, which may be the only broken thing
            raise_explained(error)
        reason = error.strerror or sentence(N_("unknown fault"))
        raise ReadError(
            sentence(N_("“{name}” cannot be read ({reason})."), name=name, reason=reason),
            N_("Copy it to this computer again."),
        ) from error


class OpenedAhead:
    """Opens large exports one ahead: while one is loading, a second thread already opens the next.

    Opening is mostly work that leaves the interpreter free: unpacking, hashing, counting rows. Nothing else changes:
    each opens as it would have, in the same order; a fault in one is raised when its turn comes. Use it in a `with`
    statement.
    """

    def __init__(self, files: Iterable[tuple[Path, str, Limits]]) -> None:
        """Begin with none; files come in the order of the later calls, and calls for other files are fine as well."""
        self._files = [file for file in files if _is_worth_it(file[0])]
        self._places = {path: place for place, (path, *_) in enumerate(self._files)}
        self._waiting: dict[Path, Future[ExportFile]] = {}
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="opened-ahead")

    def open(self, path: Path, name: str, limits: Limits) -> ExportFile:
        """Open an export, and have the next one opened meanwhile.

        Raises:
            ReadError: It cannot be read.
        """
        future = self._waiting.pop(path, None)
        place = self._places.get(path, len(self._files))
        for following in self._files[place + 1 : place + 2]:
            self._waiting[following[0]] = self._pool.submit(open_export, *following)
        return open_export(path, name, limits) if future is None else future.result()

    def __enter__(self) -> Self:
        """Return the opener."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release the files that nobody asked for."""
        self._pool.shutdown(cancel_futures=True)
        for waiting in self._waiting.values():
            if not waiting.cancelled() and waiting.exception() is None:
                waiting.result().close()
        self._waiting.clear()


def _is_worth_it(path: Path) -> bool:
    """Whether a file is a large export by itself: no archive, no link, and no workbook that fills the memory."""
    suffix = path.suffix.lower()
    try:
        size = 0 if path.is_symlink() else path.stat().st_size
    except OSError:
        return False
    most = MOST_WORKBOOK_BYTES if suffix in WORKBOOK_EXTENSIONS else size
    return suffix in TEXT_EXTENSIONS | WORKBOOK_EXTENSIONS and FEWEST_BYTES <= size <= most

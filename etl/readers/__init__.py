"""Any export file → raw tables of text, each row with the number a spreadsheet shows for it.

What the columns mean is no business of this package; see `etl.recipes`.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from etl.readers.delimited import DelimitedFile
from etl.readers.files import TEXT_EXTENSIONS, WORKBOOK_EXTENSIONS, Witness, hash_file, is_workbook
from etl.readers.sheets import ReadError, Sheet
from etl.readers.workbooks import WorkbookFile

__all__ = ["EXTENSIONS", "ExportFile", "ReadError", "Sheet", "open_export"]

EXTENSIONS = TEXT_EXTENSIONS | WORKBOOK_EXTENSIONS


class ExportFile:
    """An open export file; close it, or use it in a `with` statement.

    Attributes:
        path: The file.
        sha256: Hash of its content.
        sheets: Its tables; delimited text has one.
    """

    def __init__(self, path: Path) -> None:
        """Open a file; `open_export` is the way to do so."""
        self.path = path
        kind = WorkbookFile if is_workbook(path) else DelimitedFile
        self._witness = Witness(path)
        with ThreadPoolExecutor(max_workers=1) as pool:  # hashing leaves the interpreter free for reading
            digest = pool.submit(hash_file, path)
            self._content: WorkbookFile | DelimitedFile = kind(path)
            self.sha256 = digest.result()
        self._witness.check()
        self._witness.sha256 = self.sha256
        self.sheets = self._content.sheets

    def load(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, first_row: int) -> int:
        """Create a table of a sheet's rows as they are written.

        The table has `source_row` (BIGINT, the number a spreadsheet shows: a record with line breaks inside is one
        row, a blank line is a row too) and `c1` ... `c<width>` (VARCHAR, without surrounding white space; empty is
        NULL). Wholly blank rows are left out.

        Args:
            connection: Where the table is made.
            sheet: One of `sheets`.
            table: Name of the new table.
            first_row: The first spreadsheet row to take.

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

    def close(self) -> None:
        """Let go of the file and of what was made from it."""
        self._content.close()

    def __enter__(self) -> Self:
        """Return the open file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()


def open_export(path: Path) -> ExportFile:
    """Open an export file: find out what it is and what its sheets begin with.

    Args:
        path: A file with one of `EXTENSIONS`; its first bytes, not its name, decide how it is read.

    Returns:
        The open file, a context manager.

    Raises:
        ReadError: It cannot be read; the error says why and what to do.
    """
    try:
        return ExportFile(path)
    except PermissionError as error:
        raise ReadError(f"“{path.name}” may not be read by this program.", "Allow reading it.") from error
    except OSError as error:
        reason = error.strerror or "unknown fault"
        raise ReadError(f"“{path.name}” cannot be read ({reason}).", "Copy it to this computer anew.") from error

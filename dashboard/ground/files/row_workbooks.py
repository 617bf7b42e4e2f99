"""Workbooks that openpyxl writes row by row, through files of Python: these report the disk's own error.

lxml, which writes the sheets, would report libxml2's name of an error at best, and none at the end of a sheet.
"""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import WorksheetWriter


class RowsWorkbook(Workbook):  # type: ignore[misc]  # the library has no types
    """A write-only workbook."""

    def __init__(self) -> None:
        """Make a workbook without a sheet."""
        super().__init__(write_only=True)

    def create_sheet(self, title: str | None = None, index: int | None = None) -> Any:
        """Add a sheet; to append to it may raise OSError."""
        sheet = _Sheet(self, title)
        self._add_sheet(sheet, index)
        return sheet


class _Sheet(WriteOnlyWorksheet):  # type: ignore[misc]  # as above
    _writer: Any = None

    def _get_writer(self) -> None:
        if self._writer is None:
            self._writer = _Writer(self)
            self._writer.write_top()


class _Stream(io.BufferedWriter):
    """A file that reports a failed write when it is closed: lxml loses an error that comes with a sheet's end."""

    error: OSError | None = None

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.error = error
            raise

    def close(self) -> None:
        super().close()
        if self.error is not None:
            raise self.error


class _Writer(WorksheetWriter):  # type: ignore[misc]  # as above
    out: Any

    def get_stream(self) -> Any:
        self.out = _Stream(io.FileIO(self.out, "w"))
        return super().get_stream()

    def close(self) -> None:
        super().close()
        self.out.close()
        self.out = self.out.name

"""Workbooks: XLSX, XLSM, XLS, XLSB and ODS, through calamine.

Cells come as text: dates as `2021-09-01 00:00:00`, whole numbers without decimals, formulas as the value saved with
them, errors such as #N/A as nothing.
"""

from pathlib import Path

import duckdb
import fastexcel
import pyarrow as pa

from etl.readers.archives import Archive, inspect_archive, make_damage_error, make_password_error
from etl.readers.sheets import (
    PREVIEW_ROWS,
    ReadError,
    Sheet,
    create_table,
    drop_blank_rows,
    list_columns,
    make_preview,
    strip_texts,
)

_ZIP = b"PK"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BY_NAME = {"xlsx": (".xlsx", ".xlsm"), "xlsb": (".xlsb",), "ods": (".ods",), "xls": (".xls",)}


class WorkbookFile:
    """An open workbook; its sheets are in memory as Arrow until it is closed.

    Attributes:
        sheets: The sheets that hold cells, in their order; charts are left out.
    """

    def __init__(self, path: Path) -> None:
        """Read every sheet.

        Raises:
            ReadError: It is damaged, protected, too large, or no workbook.
        """
        self._name = path.name
        self._batches: dict[str | None, pa.RecordBatch] = {}
        self.sheets: list[Sheet] = []
        archive = self._inspect(path)
        # The extension leads the library; a workbook by another name is handed over as bytes.
        source = path if path.suffix in _BY_NAME[archive.kind] else path.read_bytes()
        try:
            reader = fastexcel.read_excel(source)
        except BaseException as error:
            raise self._explain(error) from error
        for index, name in enumerate(reader.sheet_names):
            if name not in archive.charts:
                self._read_sheet(reader, index, name)

    def _inspect(self, path: Path) -> Archive:
        with path.open("rb") as stream:
            if stream.read(2) == _ZIP:
                return inspect_archive(path)
            stream.seek(0)
            if _ENCRYPTED in stream.read():
                raise make_password_error(self._name)
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
        rows = batch.slice(0, PREVIEW_ROWS).columns
        preview = make_preview(zip(*(column.to_pylist() for column in rows), strict=True), batch.num_columns)
        self._batches[name] = batch
        self.sheets.append(Sheet(name, batch.num_columns, preview, sheet.visible == "visible"))

    def _explain(self, error: BaseException, sheet: str | None = None) -> BaseException:
        # A fault inside the library comes as an exception that is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            return error
        if "password" in str(error).lower():
            return make_password_error(self._name)
        if sheet is None:
            return make_damage_error(self._name)
        return ReadError(
            f"Sheet “{sheet}” of “{self._name}” cannot be read.", "Open the workbook, save it again as .xlsx and retry."
        )

    def load(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, first_row: int) -> int:
        """Create the sheet's raw table; see `ExportFile.load`."""
        batch = self._batches[sheet.name]
        numbers = pa.array(range(1, batch.num_rows + 1), pa.int64())
        columns = [numbers, *map(strip_texts, batch.columns)]
        create_table(connection, table, pa.table(columns, names=["source_row", *list_columns(sheet.width)]))
        return drop_blank_rows(connection, table, sheet.width, first_row)

    def close(self) -> None:
        """Let go of the sheets."""
        self._batches.clear()

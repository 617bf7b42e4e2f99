"""An export whose sheets are known from another build: what they begin with; its file is opened only if need be."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from etl.readers.exports import ExportFile, open_export
from etl.readers.files import Limits
from etl.readers.sheets import ErrorCells, Merged, ReadError, Sheet


class KeptExport(ExportFile):
    """Stands for an open file of known bytes; see `ExportFile`."""

    def __init__(self, path: Path, name: str, limits: Limits, sha256: str, sheets: list[Sheet]) -> None:
        """Of a file whose content has this hash, and so these sheets."""
        self.path = path
        self.name = name
        self.sha256 = sha256
        self.sheets = sheets
        self._limits = limits
        self._opened: ExportFile | None = None

    def load(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, first_row: int) -> int:
        """Create the raw table from the file itself; see `ExportFile.load`."""
        place = find_place(self.sheets, sheet)
        if self._opened is None:
            self._opened = open_export(self.path, self.name, self._limits)
        if self._opened.sha256 != self.sha256:
            raise ReadError(
                f"“{self.name}” changed while it was being read.", "Wait until it is copied or saved, then retry."
            )
        return self._opened.load(connection, self._opened.sheets[place], table, first_row)

    def close(self) -> None:
        """Let go of the file, if it was opened."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def find_place(sheets: list[Sheet], sheet: Sheet) -> int:
    """Where a sheet stands among those of its file, counted from 0."""
    return next(place for place, one in enumerate(sheets) if one is sheet)


def write_sheets(sheets: list[Sheet]) -> list[dict[str, Any]]:
    """Sheets as JSON."""
    return [asdict(sheet) for sheet in sheets]


def read_sheets(told: list[dict[str, Any]]) -> list[Sheet]:
    """Sheets from JSON."""
    return [
        Sheet(
            **{
                **sheet,
                "preview": tuple(map(tuple, sheet["preview"])),
                "written": None if sheet["written"] is None else tuple(sheet["written"]),
                "merged": None if sheet["merged"] is None else tuple(Merged(*cells) for cells in sheet["merged"]),
                "errors": tuple(ErrorCells(*cells) for cells in sheet["errors"]),
            }
        )
        for sheet in told
    ]

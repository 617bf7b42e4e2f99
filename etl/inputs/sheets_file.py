"""`sheets.csv`: which sheets of workbooks count, read and written. `docs/rows.md` teaches the file."""

from pathlib import Path

from dashboard.errors import UserError
from etl.inputs.staff_file import StaffFile
from etl.recipes.settlements import SHEET_USES, SheetSettlement

HEADER = ("file", "sheet", "is", "note", "decided_on")


class SheetError(UserError):
    """A line of sheets.csv cannot be used: the line and the remedy are in the sentence."""


def _file(path: Path) -> StaffFile:
    return StaffFile(path, HEADER, HEADER[:3], SheetError)


def read_sheet_settlements(path: Path) -> list[SheetSettlement]:
    """What staff said of sheets, in the order of the file; none where there is no file.

    Raises:
        SheetError: the file cannot be read, or one of its lines says what cannot be.
    """
    settlements = []
    for number, cells in _file(path).rows():
        empty = [name for name in HEADER[:3] if not cells[name]]
        if empty:
            raise SheetError(
                f'sheets.csv, row {number}: the column "{empty[0]}" is empty.', "Fill it, or take the row out."
            )
        use = check_sheet_use(cells["is"], f"sheets.csv, row {number}")
        settlements.append(
            SheetSettlement(
                number, cells["file"], cells["sheet"], use, cells.get("note", ""), cells.get("decided_on", "")
            )
        )
    return settlements


def append_sheet_settlement(path: Path, settlement: SheetSettlement) -> None:
    """Add one line at the end of the file.

    Raises:
        SheetError: the file cannot be read.
    """
    _file(path).append(
        {
            "file": settlement.file,
            "sheet": settlement.sheet,
            "is": settlement.use,
            "note": settlement.note,
            "decided_on": settlement.decided_on,
        }
    )


def remove_sheet_settlement(path: Path, settlement: SheetSettlement) -> None:
    """Take a line out of the file.

    Raises:
        SheetError: the file cannot be read.
    """
    _file(path).remove(settlement.line)


def check_sheet_use(use: str, where: str) -> str:
    """The use in small letters.

    Raises:
        SheetError: a sheet cannot be that.
    """
    if use.casefold() not in SHEET_USES:
        raise SheetError(f"{where}: “{use}” is nothing that a sheet can be.", f"Write {' or '.join(SHEET_USES)}.")
    return use.casefold()

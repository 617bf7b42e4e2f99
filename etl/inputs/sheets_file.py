"""`sheets.csv`: which sheets of workbooks count, as staff said. `docs/clean-your-data.md` teaches the file."""

from collections.abc import Sequence
from pathlib import Path

from dashboard.errors import UserError
from etl.inputs.uses_file import UsesFile
from etl.recipes.settlements import SHEET_USES, SheetSettlement


class SheetError(UserError):
    """A line of sheets.csv cannot be used: the line and the remedy are in the sentence."""


def sheets_csv(path: Path) -> UsesFile[SheetSettlement]:
    """The file, to be read and written line by line."""
    return UsesFile(path, SheetSettlement, ("file", "sheet"), SheetError)


def read_sheet_settlements(path: Path) -> list[SheetSettlement]:
    """What staff said of sheets, in the order of the file; none where there is no file.

    Raises:
        SheetError: the file cannot be read, or one of its lines says what cannot be.
    """
    settlements = sheets_csv(path).read()
    for settlement in settlements:
        check_sheet_use(settlement.use, f"sheets.csv, row {settlement.line}")
    return settlements


def settle_sheets(path: Path, answers: Sequence[SheetSettlement]) -> tuple[int, int]:
    """Keep or take back what several sheets are, all of them or none; an empty use takes back.

    Returns:
        How many are kept and how many are taken back; what was said already counts in neither.

    Raises:
        SheetError: a sheet cannot be that, or a line with `*` says what would be taken back; nothing is changed.
    """
    settlements = read_sheet_settlements(path)
    for answer in answers:
        if answer.use:
            check_sheet_use(answer.use, f"“{answer.sheet}”")
        elif not sheets_csv(path).find(answer):
            refuse_pattern(settlements, answer)
    return sheets_csv(path).say_all(answers)


def refuse_pattern(settlements: Sequence[SheetSettlement], sheet: SheetSettlement) -> None:
    """Refuse to take back a sheet that only a line for several files or sheets speaks of.

    Raises:
        SheetError: one does: it is not taken back for all of them by what is asked of one.
    """
    about = [line for line in settlements if line.is_about(sheet.file, sheet.sheet)]
    if about:
        raise SheetError(
            f"sheets.csv, row {about[-1].line} says it of all sheets called “{about[-1].sheet}” in {about[-1].file}.",
            "Take that row out of the file, if it is not meant so.",
        )


def check_sheet_use(use: str, where: str) -> None:
    """Make sure that a sheet can be this.

    Raises:
        SheetError: it cannot.
    """
    if use not in SHEET_USES:
        raise SheetError(f"{where}: “{use}” is nothing that a sheet can be.", f"Write {' or '.join(SHEET_USES)}.")

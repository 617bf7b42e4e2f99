"""What staff said of columns and of sheets.

Of columns: for every sheet that a recipe reads, what the column under a header is.

A recipe says the same for all campaigns; this is one campaign's word, and it goes before the recipe's. It holds for
next month's file as well, since it names the recipe and the header and not the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

QUESTION = "question"
STAFF = "staff"
PERSONAL = "personal"
NOTHING = "nothing"
OTHER_USES = (QUESTION, STAFF, PERSONAL, NOTHING)
"""What a column can be besides a field: a public question, for staff only, personal, or not used."""
ROUND = "round"
"""A sheet, or a register's column of a status, that is a round of reports with a day of its own."""
NAMED_QUESTION = "question:"
"""What stands before the question that a column is, by its name in the recipe (`question:help`), or before the choice
of one (`question:help/money`)."""


@dataclass(frozen=True)
class Settlement:
    """One line of `columns.csv`.

    Attributes:
        line: The row that a spreadsheet shows; the header is row 1, and 0 is one that is not written yet.
        recipe: The id of the recipe.
        header: The header as the file has it, without e-mail addresses and phone numbers.
        use: A field of what the recipe holds, a question that it names (`NAMED_QUESTION`), or one of `OTHER_USES`.
    """

    line: int
    recipe: str
    header: str
    use: str
    note: str = ""
    decided_on: str = ""


DATA = "data"
SHEET_USES = (DATA, ROUND, NOTHING)
"""What a sheet can be: data that counts, whatever another sheet holds; a round of reports about the actions of another
one; or nothing, so that it is not read."""


@dataclass(frozen=True)
class SheetSettlement:
    """One line of `sheets.csv`.

    Attributes:
        line: The row that a spreadsheet shows; the header is row 1, and 0 is one that is not written yet.
        file: The file as the inbox calls it; `*` stands for anything.
        sheet: The sheet; the same.
        use: One of `SHEET_USES`.
    """

    line: int
    file: str
    sheet: str
    use: str
    note: str = ""
    decided_on: str = ""

    def is_about(self, file: str, sheet: str | None) -> bool:
        """Whether this sheet of this file is meant; capitals make no difference."""
        names = ((file, self.file), (sheet or "", self.sheet))
        return all(fnmatchcase(name.casefold(), pattern.casefold()) for name, pattern in names)


def say_of_sheet(settlements: Iterable[SheetSettlement], file: str, sheet: str | None) -> str | None:
    """What staff said of a sheet; the last word counts, None where nothing was said."""
    words = [settlement.use for settlement in settlements if settlement.is_about(file, sheet)]
    return words[-1] if words else None

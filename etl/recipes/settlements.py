"""What staff said of columns: for every sheet that a recipe reads, what the column under a header is.

A recipe says the same for all campaigns; this is one campaign's word, and it goes before the recipe's. It holds for
next month's file as well, since it names the recipe and the header and not the file.
"""

from dataclasses import dataclass

QUESTION = "question"
STAFF = "staff"
PERSONAL = "personal"
NOTHING = "nothing"
OTHER_USES = (QUESTION, STAFF, PERSONAL, NOTHING)
"""What a column can be besides a field: a public question, for staff only, personal, or not used."""


@dataclass(frozen=True)
class Settlement:
    """One line of `columns.csv`.

    Attributes:
        line: The row that a spreadsheet shows; the header is row 1, and 0 is one that is not written yet.
        recipe: The id of the recipe.
        header: The header as the file has it, without e-mail addresses and phone numbers.
        use: A field of what the recipe holds, or one of `OTHER_USES`.
    """

    line: int
    recipe: str
    header: str
    use: str
    note: str = ""
    decided_on: str = ""

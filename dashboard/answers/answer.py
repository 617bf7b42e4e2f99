"""An answer of staff's: a line of `answers.csv`, and which sheets it holds for."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One line of `answers.csv`; an empty cell holds for all.

    Attributes:
        line: The row that a spreadsheet shows; the header is row 1, and 0 is one that is not written yet.
        kind: The name of the kind of question.
        recipe: The id of the recipe.
        file: The file as the inbox calls it.
        sheet: The sheet.
        field: The field, or question of a survey.
        use: The answer: one of the kind's values.
    """

    line: int
    kind: str
    recipe: str
    file: str
    sheet: str
    field: str
    use: str
    note: str = ""
    decided_on: str = ""

    def is_about(self, recipe: str, file: str, sheet: str | None) -> bool:
        """Whether it holds for this sheet; capitals make no difference."""
        cells = ((self.recipe, recipe), (self.file, file), (self.sheet, sheet or ""))
        return all(not cell or cell.casefold() == name.casefold() for cell, name in cells)

    @property
    def width(self) -> tuple[bool, bool, bool]:
        """How many sheets it holds for: what is said of fewer goes before what is said of more."""
        return not self.file, not self.sheet, not self.recipe


def select_answers(answers: Iterable[Answer], recipe: str, file: str, sheet: str | None) -> dict[tuple[str, str], str]:
    """What staff said of a sheet: by kind and field the answer that is said of the fewest files, the last one of these.

    Args:
        answers: Every line.
        recipe: The id of the recipe that reads the sheet.
        file: The file as the inbox calls it.
        sheet: The sheet; None for the only one of a text file.
    """
    about = [answer for answer in answers if answer.is_about(recipe, file, sheet)]
    about.sort(key=lambda answer: answer.width, reverse=True)
    return {(answer.kind, answer.field): answer.use for answer in about}

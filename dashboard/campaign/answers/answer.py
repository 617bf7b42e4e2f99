"""Staff's answers: lines of `answers.csv`, and meanings of words, lines of `spellings.csv`."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.errors import UserError

NOTHING = "nothing"
"""The meaning of a word that leaves its field empty."""
NEW_MEMBER = "+"
"""The meaning of a word that becomes a member of its codelist, as written; only a preview accepts it."""
OWN_STATUS = "own:"
"""The beginning of an answer about a word that makes it a status of its own, before the base status."""
AND = "|"
"""The separator of several codes."""


class Meaning(NamedTuple):
    """The meaning of a word.

    Attributes:
        means: Codes or spellings of them, `NOTHING` or `NEW_MEMBER`; empty for a separate status.
        recipe: The recipe of the files with this meaning; empty for all.
        file: The one file with this meaning, by its name in the inbox; empty for all.
    """

    word: str
    codelist: str = ""
    means: str = ""
    based_on: str = ""
    recipe: str = ""
    file: str = ""
    note: str = ""

    @property
    def answer(self) -> "Answer":
        """The answer of that meaning, as one line of a list of answers."""
        use = f"{OWN_STATUS}{self.based_on}" if self.based_on else self.means
        return Answer(0, "word", self.recipe, self.file, "", f"{self.codelist}/{self.word}", use, self.note)

    @property
    def is_new_member(self) -> bool:
        """Whether the word becomes a member of its list."""
        return self.means == NEW_MEMBER


def read_lines(text: str) -> list[Meaning]:
    """Read meanings from an object a line.

    Raises:
        UserError: a line is no such object.
    """
    try:
        return [Meaning(**json.loads(line)) for line in text.splitlines() if line.strip()]
    except (ValueError, TypeError) as error:
        raise UserError(
            f"The list of words is not understood ({error}).",
            'Write one object a line: {"word": "Zambbia", "means": "ZMB", "codelist": "countries"}.',
        ) from error


@dataclass(frozen=True)
class Answer:
    """One line of `answers.csv`; an empty cell holds for all.

    Attributes:
        line: Its row in a spreadsheet; the header is row 1, and 0 is a line not written yet.
        file: The file by its name in the inbox.
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
        """Return whether it holds for this sheet; capitals make no difference."""
        cells = ((self.recipe, recipe), (self.file, file), (self.sheet, sheet or ""))
        return all(not cell or cell.casefold() == name.casefold() for cell, name in cells)

    @property
    def width(self) -> tuple[bool, bool, bool]:
        """The number of sheets that it holds for: an answer for fewer goes before one for more."""
        return not self.file, not self.sheet, not self.recipe


def select_answers(answers: Iterable[Answer], recipe: str, file: str, sheet: str | None) -> dict[tuple[str, str], str]:
    """Select the answers for a sheet: by kind and field the one for the fewest files, the last one of these.

    `sheet` is None for the only one of a text file.
    """
    about = [answer for answer in answers if answer.is_about(recipe, file, sheet)]
    about.sort(key=lambda answer: answer.width, reverse=True)
    return {(answer.kind, answer.field): answer.use for answer in about}


def write_answers(answers: Iterable[Answer]) -> str:
    """Write answers as the list that `python -m etl answer --from` reads."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("kind", "recipe", "file", "sheet", "field", "is", "note"))
    writer.writerows((one.kind, one.recipe, one.file, one.sheet, one.field, one.use, one.note) for one in answers)
    return text.getvalue()

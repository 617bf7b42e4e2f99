"""An answer of staff's: a line of `answers.csv`, and what a word means, a line of `spellings.csv`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.errors import UserError

NOTHING = "nothing"
"""A word that means this leaves its field empty."""
NEW_MEMBER = "+"
"""A word that means this becomes a member of its codelist, as it is written; only a preview takes it."""
AND = "|"
"""What stands between several codes."""


class Meaning(NamedTuple):
    """What a word means.

    Attributes:
        means: Codes or spellings of them, `NOTHING` or `NEW_MEMBER`; empty for a status of its own.
        recipe: The recipe in whose files it means that; empty for all.
        file: The one file in which it does, as the inbox calls it; empty for all.
    """

    word: str
    codelist: str = ""
    means: str = ""
    based_on: str = ""
    recipe: str = ""
    file: str = ""
    note: str = ""

    @property
    def is_new_member(self) -> bool:
        """Whether the word becomes a member of its list."""
        return self.means == NEW_MEMBER


def write_lines(meanings: Iterable[Meaning]) -> str:
    """Meanings as `python -m etl spelling --lines` takes them: an object a line."""
    return "\n".join(json.dumps(meaning._asdict(), ensure_ascii=False) for meaning in meanings)


def read_lines(text: str) -> list[Meaning]:
    """Meanings from an object a line.

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
        line: The row that a spreadsheet shows; the header is row 1, and 0 is one that is not written yet.
        file: The file as the inbox calls it.
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

    `sheet` is None for the only one of a text file.
    """
    about = [answer for answer in answers if answer.is_about(recipe, file, sheet)]
    about.sort(key=lambda answer: answer.width, reverse=True)
    return {(answer.kind, answer.field): answer.use for answer in about}

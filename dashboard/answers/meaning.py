"""What staff say that a word of a file means: a line of `spellings.csv`, or a new member of a list of their own."""

import json
from collections.abc import Iterable
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
        word: The word as the file has it.
        codelist: The codelist that it is of; empty where only one can be meant.
        means: Codes or spellings of them, `NOTHING` or `NEW_MEMBER`; empty for a status of its own.
        based_on: The base status of a status of its own.
        recipe: The recipe in whose files it means that; empty for all.
        file: The one file in which it does, as the inbox calls it; empty for all.
        note: Why, for colleagues.
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

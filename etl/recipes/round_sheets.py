"""A sheet that holds a later or an earlier round of reports about the actions of a register beside it."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from etl.readers.sheets import Sheet
from etl.recipes.fields import FIELDS, Kind, field_names
from etl.recipes.recipe_file import Headers, Recipe

KEYS = ("submission_id", "title")
"""The fields by which its rows name the actions."""
REPORTED = frozenset(field_names(Kind.PROGRESS_REPORTS))
_FEWEST = 2  # rows that tell something
_OF_ITS_OWN = ("reported_on", "wave")  # what the register's recipe states of the register's day alone


def as_reports(register: Recipe) -> Recipe:
    """The recipe of a register, for a sheet whose rows are progress reports: what actions alone have is set aside."""
    fields = {
        name: mapping.model_copy(update={"required": False})
        for name, mapping in register.fields.items()
        if name in REPORTED
    }
    of_actions = [
        text
        for name, mapping in register.fields.items()
        if name not in REPORTED
        for text in (*mapping.spellings, *chain(*mapping.choices.values()))
    ]
    coded = {field.name for field in FIELDS[Kind.PROGRESS_REPORTS] if field.codelist}
    return register.model_copy(
        update={
            "holds": Kind.PROGRESS_REPORTS,
            "one_row_one_action": False,
            "fields": fields,
            "rounds": (),
            "headings": None,
            "constants": {n: text for n, text in register.constants.items() if n in REPORTED and n not in _OF_ITS_OWN},
            "values": {name: words for name, words in register.values.items() if name in coded},
            "set_aside": Headers(headers=(*register.set_aside.headers, *of_actions)),
        }
    )


class KeyColumn(NamedTuple):
    """A column that names the actions of a register.

    Attributes:
        column: Its place, from 0.
        first_row: The row (from 1) of its first cell that the register has.
        cells: How many different ones the register has.
    """

    column: int
    first_row: int
    cells: int


def find_keys(
    sheet: Sheet, rows: Sequence[Sequence[str | None]], columns: Mapping[str, Sequence[int]]
) -> dict[str, KeyColumn]:
    """The columns of a sheet that name the actions of a register, by field: half of their cells stand in its column.

    Args:
        sheet: The sheet; its first rows are looked at.
        rows: The first rows of the register, below its headers.
        columns: Where the register's fields stand (from 0).
    """
    keys: dict[str, KeyColumn] = {}
    for name in KEYS:
        ids = {row[column] for column in columns.get(name, ()) for row in rows} - {None}
        for column, cells in enumerate(zip(*sheet.preview, strict=True)):
            same = ids.intersection(cells)
            if len(same) >= _FEWEST and 2 * len(same) >= len(set(cells) - {None}):
                first_row = next(row for row, cell in enumerate(cells, 1) if cell in same)
                keys.setdefault(name, KeyColumn(column, first_row, len(same)))
    return keys

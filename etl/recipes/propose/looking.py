"""What a person sees of an export while saying what its columns are: headers, first values, first rows; no contacts."""

from typing import NamedTuple

from etl.recipes.propose.write import Sources, header_of, is_other_day
from etl.shapes.model import Column
from etl.shapes.model import Role as ColumnRole
from etl.texts.contacts import without_contacts
from etl.texts.phones import EVERY_REGION

ROWS = 5
"""The rows that are shown as they would be read."""
VALUES = 4
LONGEST = 120


class SeenColumn(NamedTuple):
    """One column, or those of a question with a column a choice.

    Attributes:
        headers: What a recipe calls it.
        values: Its first different values; none where they may be contacts or names of persons.
        filled: How many cells are filled.
        is_hidden: Whether its cells are kept from view.
        cells: Its cells in the first rows, empty where they are hidden.
        is_other_day: Whether it holds days that are proposed for no field because of what its header says.
    """

    headers: tuple[str, ...]
    values: tuple[str, ...]
    filled: int
    is_hidden: bool
    cells: tuple[str, ...]
    is_other_day: bool


def look(sources: Sources) -> list[SeenColumn]:
    """The columns that have a header, in their order."""
    used = {c.index for match in sources.guess.fields.values() for c in match.columns}
    grouped: dict[int, list[Column]] = {}
    for column in sources.shape.columns:
        if header_of(column, sources):
            grouped.setdefault(column.index if column.group is None else column.group, []).append(column)
    return [_see(columns, sources, used) for columns in grouped.values()]


def _see(columns: list[Column], sources: Sources, used: set[int]) -> SeenColumn:
    headers = tuple(dict.fromkeys(header_of(column, sources) for column in columns))
    profile = sources.profiles[columns[0].index]
    is_personal = columns[0].role is ColumnRole.PERSONAL and columns[0].index not in used
    is_hidden = profile.is_personal or is_personal
    shape = sources.shape
    rows = sources.sheet.preview[shape.header_row + shape.rows_after_header :]
    cells = [] if is_hidden or len(headers) > 1 else [row[columns[0].index] or "" for row in rows if any(row)]
    values = list(dict.fromkeys(_cut(cell) for cell in cells if cell))[:VALUES]
    filled = max(sources.profiles[column.index].filled for column in columns)
    is_other = columns[0].index not in used and is_other_day(columns[0], profile)
    return SeenColumn(headers, tuple(values), filled, is_hidden, tuple(map(_cut, cells[:ROWS])), is_other)


def _cut(cell: str) -> str:
    text = " ".join(without_contacts(cell, EVERY_REGION).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"

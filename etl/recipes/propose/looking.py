"""What a person sees of an export while saying what its columns are: headers, first values, first rows; no contacts."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

import duckdb

from etl.recipes.fields import FIELDS
from etl.recipes.propose.write import Sources, find_rival, header_of, is_other_day
from etl.shapes.model import Column
from etl.shapes.model import Role as ColumnRole
from etl.sqlfiles import ask
from etl.texts.contacts import without_contacts
from etl.texts.phones import EVERY_REGION

ROWS = 5
"""The rows that are shown as they would be read."""
VALUES = 4
LONGEST = 120
_PARTS = re.compile(r"[/:|()\[\]–—]+| - ")


class SeenChoice(NamedTuple):
    """One column as a choice: what it would mean if it were one.

    Attributes:
        header: What a recipe calls it.
        values: Its first different values, as of `SeenColumn`.
        taken: Of each of the first rows, whether its cell says that the choice was taken.
        means: The code that its header spells, by field; none where it spells none.
    """

    header: str
    values: tuple[str, ...]
    taken: tuple[bool, ...]
    means: dict[str, str]


class SeenColumn(NamedTuple):
    """One column, or those of a question with a column a choice.

    Attributes:
        headers: What a recipe calls it.
        values: Its first different values; none where they may be contacts or names of persons.
        filled: How many cells are filled.
        is_hidden: Whether its cells are kept from view.
        cells: Its cells in the first rows, empty where they are hidden.
        choices: Each of its columns as a choice.
        is_other_day: Whether it holds days that are proposed for no field because of what its header says.
        rival_of: The field that it could be as well as the column that is proposed for it.
    """

    headers: tuple[str, ...]
    values: tuple[str, ...]
    filled: int
    is_hidden: bool
    cells: tuple[str, ...]
    choices: tuple[SeenChoice, ...]
    is_other_day: bool
    rival_of: str | None


def look(sources: Sources, connection: duckdb.DuckDBPyConnection) -> list[SeenColumn]:
    """The columns that have a header, in their order; the connection has the build's macros."""
    used_columns = {c.index for match in sources.guess.fields.values() for c in match.columns}
    grouped: dict[int, list[Column]] = {}
    for column in sources.shape.columns:
        if header_of(column, sources):
            grouped.setdefault(column.index if column.group is None else column.group, []).append(column)
    shape = sources.shape
    rows = [row for row in sources.sheet.preview[shape.header_row + shape.rows_after_header :] if any(row)]
    cells = sorted({cell for row in rows[:ROWS] for cell in row if cell})
    ticked_cells = {cell for (cell,) in ask(connection, "recipe/taken", {"cells": cells})}
    return [_see(columns, sources, used_columns, rows, ticked_cells) for columns in grouped.values()]


def _see(
    columns: list[Column],
    sources: Sources,
    used_columns: Collection[int],
    rows: Sequence[Sequence[str | None]],
    ticked_cells: Collection[str],
) -> SeenColumn:
    headers = tuple(dict.fromkeys(header_of(column, sources) for column in columns))
    profile = sources.profiles[columns[0].index]
    is_personal = columns[0].role is ColumnRole.PERSONAL and columns[0].index not in used_columns
    is_hidden = profile.is_personal or is_personal
    cells = [] if is_hidden or len(headers) > 1 else [row[columns[0].index] or "" for row in rows]
    filled = max(sources.profiles[column.index].filled for column in columns)
    is_other = columns[0].index not in used_columns and is_other_day(columns[0], profile)
    choices = {header_of(c, sources): _as_choice(c, sources, [row[c.index] or "" for row in rows], ticked_cells)
               for c in reversed(columns)}  # fmt: skip
    if is_hidden:
        choices = {header: one._replace(values=(), taken=()) for header, one in choices.items()}
    examples, choice_examples = tuple(map(_cut, cells[:ROWS])), tuple(choices[header] for header in headers)
    rival, _ = find_rival(columns[0], sources) or (None, None)
    return SeenColumn(headers, _first(cells), filled, is_hidden, examples, choice_examples, is_other, rival)


def _as_choice(column: Column, sources: Sources, cells: Sequence[str], ticked_cells: Collection[str]) -> SeenChoice:
    header = header_of(column, sources)
    words = [word for word in (column.choice, header, _PARTS.split(header.rstrip(" )]:"))[-1].strip()) if word]
    means = {}
    for field in FIELDS[sources.guess.kind]:
        codes = (sources.spellings.look_up(field.codelist, word) for word in words if field.codelist)
        if code := next(filter(None, codes), None):
            means[field.name] = code
    return SeenChoice(header, _first(cells), tuple(cell in ticked_cells for cell in cells[:ROWS]), means)


def _first(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_cut(cell) for cell in cells if cell))[:VALUES]


def _cut(cell: str) -> str:
    text = " ".join(without_contacts(cell, EVERY_REGION).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"

"""The plan for one sheet: the recipe, the header row, and the place of each field and question."""

from collections.abc import Mapping, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from etl.readers.sheets import Sheet
from etl.recipes.fields import FIELDS, PERSONS, Kind, field_names
from etl.recipes.recipe_file import Headers, LeaveOut, Recipe, Results, Round

KEYS = ("submission_id", "title")
"""The fields by which its rows name the actions."""
REPORTED = frozenset(field_names(Kind.PROGRESS_REPORTS))
_FEWEST = 2  # rows that tell something
_OF_ITS_OWN = ("reported_on", "wave")  # statements of the register's recipe about the register's day alone


def as_reports(register: Recipe) -> Recipe:
    """Return a register's recipe for a sheet of progress reports: set aside the fields that only actions have."""
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
    """Find a sheet's columns that name the actions of a register, by field: half of their cells stand in its column.

    `rows` are the first rows of the register, below its headers; `columns` has the places of its fields (from 0).
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


ALL_OTHERS = ("*",)
"""The words for "no" in columns of choices where every word means it except those for "yes"."""


@dataclass(frozen=True)
class Place:
    """The place of one field or question: its columns (0-based), or one group of columns a choice.

    Attributes:
        first_of: The columns in groups; in each row the first filled group counts; empty: they are one group.
        is_key: Whether the columns are the parts of one key.
        not_taken: The recipe's words for "no" in the columns of choices; None for no statement.
    """

    columns: tuple[int, ...] = ()
    choices: tuple[tuple[str, tuple[int, ...]], ...] = ()
    first_of: tuple[tuple[int, ...], ...] = ()
    is_key: bool = False
    not_taken: tuple[str, ...] | None = None

    @property
    def all_columns(self) -> tuple[int, ...]:
        """List the columns of the cell itself, then those of its choices."""
        return (*self.columns, *(column for _, columns in self.choices for column in columns))


class LeftOut(NamedTuple):
    """A rule that leaves rows out: the columns (0-based) it looks at, and its values, folded."""

    rule: LeaveOut
    columns: tuple[int, ...]
    folded: tuple[str, ...]


@dataclass(frozen=True)
class SheetPlan:
    """The plan for one sheet: the recipe, the header row (1-based) and the place of every field.

    A sheet without headers, read by those of another one, has the header row 0.

    Attributes:
        names: The names of the columns for staff: the headers, with a number behind one that an earlier column bears
            (`Status (2)`), and the letters of those without one.
        rounds: The rounds with columns in the sheet, with the places of their fields; `results` of actions and reports.
        personal: Columns (0-based) for the private store only; `staff` goes there too, and staff may read it.
        named_personal: Those of them that the recipe names; the others' headers mean persons.
        public: Columns that are questions although the recipe does not name them.
        set_aside: Columns that nothing reads.
        decided: Columns that staff have spoken about.
        contested: Columns that may be a field of one column, by field, where nobody chose between them and another:
            the recipe's column where staff named another, and all where staff named several.
        awaited: Headers that staff made public questions, and which the sheet lacks.
        answers: The answers of staff about the sheet, by kind of question and field.
        is_round: Whether its rows are reports about the actions of a register on another sheet, as staff said.
    """

    recipe: Recipe
    header_row: int
    headers: tuple[str | None, ...]
    places: dict[str, Place] = field(default_factory=dict)
    questions: dict[str, Place] = field(default_factory=dict)
    personal: tuple[int, ...] = ()
    named_personal: frozenset[int] = frozenset()
    staff: tuple[int, ...] = ()
    public: tuple[int, ...] = ()
    set_aside: tuple[int, ...] = ()
    decided: tuple[int, ...] = ()
    contested: dict[int, str] = field(default_factory=dict)
    awaited: tuple[str, ...] = ()
    rows_after_header: int = 0
    left_out: tuple[LeftOut, ...] = ()
    rounds: tuple[tuple[Round, dict[str, Place]], ...] = ()
    results: tuple[tuple[Results, dict[str, Place]], ...] = ()
    names: tuple[str | None, ...] = ()

    answers: AnyMapping[tuple[str, str], str] = field(default_factory=dict)
    is_round: bool = False

    def answer(self, kind: str, name: str = "") -> str | None:
        """Return the answer of staff to a kind of question about this sheet, or about its field or question `name`."""
        return self.answers.get((kind, name))

    def not_taken(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...] | None:
        """Return the words for "no" in the columns of choices of a field or question, as staff said, else `default`."""
        return {"taken": (), "not_taken": ALL_OTHERS}.get(self.answer("choices", name) or "", default)

    @property
    def field_places(self) -> tuple[tuple[str, Place], ...]:
        """List every field with each of its places, including those of rounds and results."""
        parts = (*self.rounds, *self.results)
        return (*self.places.items(), *(item for _, places in parts for item in places.items()))

    @property
    def persons(self) -> set[int]:
        """Return the columns of fields that name persons: they are personal, and only the fact of a name is kept."""
        return {column for name, place in self.field_places if name in PERSONS for column in place.all_columns}

    @property
    def first_row(self) -> int:
        """Return the first spreadsheet row with data."""
        return self.header_row + 1 + self.rows_after_header

    @property
    def score(self) -> int:
        """Rate how much of the recipe was found: the fuller match reads the sheet."""
        recognise = self.recipe.recognise
        name_score = 2 * bool(recognise.file_names) + 2 * bool(recognise.sheets)
        return name_score + 3 * len(recognise.headers) + 2 * len(self.field_places) + len(self.questions)

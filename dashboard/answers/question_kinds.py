"""The kinds of questions that a build can ask, each declared once, in the order in which they change the headline.

An answer holds for a recipe, so that next month's file asks nothing, or for one file. Some kinds have a file of their
own (`sheets.csv`, `columns.csv`, `spellings.csv`); all others are answered in `answers.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from dashboard.i18n import N_

ANSWERS = "answers.csv"
COLUMNS = "columns.csv"
SHEETS = "sheets.csv"
SPELLINGS = "spellings.csv"
UNKNOWN = "unknown"
"""The answer that nobody knows: what is asked about stays empty, and is published as not known."""
I_DO_NOT_KNOW = N_("I do not know")
CORRECT = N_("I shall correct the file")


_ROWS = MappingProxyType({"none": N_("Leave these rows out"), "count": N_("These rows count")})


@dataclass(frozen=True)
class Kind:
    """One kind of question.

    Attributes:
        name: What it is called in the file of answers; the check that asks it has the same name.
        title: What is asked, in a few words.
        changes: What an answer changes.
        holds_for: For what an answer holds: a recipe, so that it is for next month's file as well, one file, or all.
        choices: What can be answered besides that nobody knows, each with its words.
        unknown: What becomes of it where nobody knows.
        is_of_field: Whether it is about a field (or question of a survey), else about the sheet.
        correct: How the file itself can be put right instead; empty where it need not be.
        file: Where answers are kept.
        takes_day: Whether any day is an answer (`2021-12-31`). It holds for what the file says, and no longer once
            another stands under its name: in place of a field it is about a hash of the statuses.
    """

    name: str
    title: str
    changes: str
    holds_for: Literal["recipe", "file", "all"]
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unknown: str = ""
    is_of_field: bool = True
    correct: str = ""
    file: str = ANSWERS
    takes_day: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """What can be written as an answer."""
        return (*(["YYYY-MM-DD"] if self.takes_day else self.choices), UNKNOWN)

    def is_answer(self, use: str) -> bool:
        """Whether this can be answered."""
        if not self.takes_day or use == UNKNOWN:
            return use in self.values
        try:
            return date.fromisoformat(use).isoformat() == use
        except ValueError:
            return False

    def __hash__(self) -> int:
        """By its name, which no other kind has."""
        return hash(self.name)


WORDS = Kind(
    "words",
    N_("What do these words mean?"),
    N_("Where these rows are counted"),
    "file",
    unknown=N_("The field stays empty where these words stand"),
)
"""Its words are answered one by one in `spellings.csv`, which goes before."""
WORD = Kind("word", N_("What does this word mean?"), N_("Where these rows are counted"), "all", file=SPELLINGS)
"""One word of a field (`status/Ongoing?`), by a code, a spelling of one, `nothing`, or `own:` and a base status."""
KINDS = (
    Kind(
        "sheet",
        N_("Which sheet counts?"),
        N_("Which rows are actions, and what they say"),
        "file",
        {
            "data": N_("This sheet counts"),
            "round": N_("A later or an earlier round of reports about these actions"),
            "nothing": N_("Leave it out"),
        },
        is_of_field=False,
        file=SHEETS,
    ),
    Kind(
        "further_sheet",
        N_("What is this sheet?"),
        N_("Which actions and reports there are"),
        "file",
        {
            "round": N_("A later or an earlier round of reports about these actions"),
            "rows": N_("It holds further rows of the same table"),
            "nothing": N_("Leave it out"),
        },
        N_("Nothing is read from it"),
        is_of_field=False,
        correct=N_(
            "Put further rows below the first table; turn a table that lies on its side (Excel: Copy, Paste Special, "
            "Transpose)."
        ),
    ),
    Kind(
        "classes_as_register",
        N_("Is this file a register?"),
        N_("Whether its rows count as actions"),
        "file",
        {
            "register": N_("It is a register that counts by itself"),
            "classes": N_("It is our classification of the actions of another file"),
        },
        N_("The file is read, but none of its rows counts"),
        is_of_field=False,
    ),
    Kind(
        "headers_moved",
        N_("Are these two tables?"),
        N_("What the rows below the second headers say"),
        "file",
        {
            "below": N_("Read the rows below by the headers above them"),
            "right": N_("The rows are right by the first headers"),
        },
        N_("The rows below the second headers are left out"),
        is_of_field=False,
        correct=N_("Put the second table on a sheet or into a file of its own."),
    ),
    Kind(
        "rows_misplaced",
        N_("Have rows got out of place?"),
        N_("What these rows or this column say"),
        "file",
        {"right": N_("They are right as they stand"), "up": N_("Move the column up by one row")},
        N_("These rows are left out, or the column stays empty"),
        is_of_field=False,
        correct=N_("Put the rows in order and save the file again."),
    ),
    Kind(
        "prepared_rows",
        N_("Are these rows actions?"),
        N_("How many actions there are"),
        "recipe",
        _ROWS,
        N_("These rows are left out"),
        is_of_field=False,
        correct=N_("Delete the rows, or write their titles and stakeholders."),
    ),
    Kind(
        "rows_coloured",
        N_("Do the colours of rows mean something?"),
        N_("How far these actions have come"),
        "file",
        {"nothing": N_("The colours mean nothing")},
        N_("Nothing is read from the colours"),
        is_of_field=False,
        correct=N_("Write what the colours mean into a column “Status”."),
    ),
    Kind(
        "struck_rows",
        N_("Do rows that are struck through count?"),
        N_("How many rows count"),
        "file",
        _ROWS,
        N_("These rows are left out"),
        is_of_field=False,
        correct=N_("Delete the rows."),
    ),
    Kind(
        "test_rows",
        N_("Are these rows tests?"),
        N_("How many rows count"),
        "file",
        _ROWS,
        N_("These rows are left out"),
        is_of_field=False,
        correct=N_("Delete the rows."),
    ),
    Kind(
        "day",
        N_("On which day were these true?"),
        N_("From which day on the statuses count"),
        "file",
        {
            "name": N_("in the file’s name"),
            "title": N_("in the sheet’s name"),
            "saved": N_("the workbook was last saved"),
            "latest": N_("the latest date in its cells"),
        },
        N_("The statuses of these rows count on no day"),
        takes_day=True,
    ),
    Kind(
        "column",
        N_("What is this column?"),
        N_("Whether its cells are counted at all"),
        "recipe",
        {
            "staff": N_("It is for staff only"),
            "personal": N_("It is personal"),
            "nothing": N_("Nothing is read from it"),
        },
        file=COLUMNS,
    ),
    WORDS,
    WORD,
    Kind(
        "ids_shortened",
        N_("Are these the ids?"),
        N_("Which rows are the same action"),
        "file",
        {"right": N_("They are right as they stand")},
        N_("The rows are read without an id"),
        correct=N_("Take the file as the tool wrote it, not saved by a spreadsheet."),
    ),
    Kind(
        "date_order",
        N_("Does the day or the month come first?"),
        N_("When something was submitted, reported or completed"),
        "recipe",
        {"dmy": N_("The day comes first"), "mdy": N_("The month comes first")},
        N_("Dates that can be read either way stay empty"),
    ),
    Kind(
        "dates_converted",
        N_("Has a spreadsheet turned day and month?"),
        N_("When something was submitted, reported or completed"),
        "file",
        {"right": N_("They are right as they stand"), "turned": N_("Turn day and month back")},
        N_("These dates stay empty"),
        correct=N_("Take the file as the tool wrote it, not saved by a spreadsheet."),
    ),
    Kind(
        "headings",
        N_("Do headings among the rows hold for the rows below?"),
        N_("Where these rows are counted"),
        "recipe",
        {"below": N_("The rows below have their value"), "nothing": N_("They are headings and no more")},
        N_("The headings are left out"),
    ),
    Kind(
        "merged_cells",
        N_("Do merged cells hold for all their rows?"),
        N_("Where these rows are counted"),
        "recipe",
        {"all": N_("Their value is that of all their rows"), "first": N_("Only the first row has it")},
        N_("The cells stay empty"),
    ),
    Kind(
        "two_statuses",
        N_("Which of two statuses counts?"),
        N_("How far these actions have come"),
        "file",
        {"lower": N_("The lower row counts"), "upper": N_("The upper row counts")},
        N_("None of these statuses counts"),
        is_of_field=False,
        correct=N_("Delete the row that no longer holds, or write the day into each."),
    ),
    Kind(
        "repeats_blank",
        N_("Do blank cells mean what stands above them?"),
        N_("Where these rows are counted"),
        "recipe",
        {"above": N_("They mean what stands above"), "blank": N_("They are blank")},
        N_("The cells stay empty"),
    ),
    Kind(
        "error_cells",
        N_("What do cells with an error mean?"),
        N_("What these rows say"),
        "file",
        {"empty": N_("Nothing is known there: they stay empty")},
        N_("The cells stay empty"),
        correct=N_("Correct the formulas, or make the column wide enough, and save the file again."),
    ),
    Kind(
        "percent_of",
        N_("Is 1 the whole, or one percent?"),
        N_("How far actions have come"),
        "recipe",
        {"1": N_("1 is the whole"), "100": N_("100 is the whole")},
        N_("Percentages that can be read either way stay empty"),
    ),
    Kind(
        "decimal_mark",
        N_("Does the mark separate thousands or decimals?"),
        N_("How far actions have come"),
        "recipe",
        {"comma": N_("Decimals stand behind a comma"), "point": N_("Decimals stand behind a point")},
        N_("Numbers that can be read either way stay empty"),
    ),
    Kind(
        "choices",
        N_("Was the choice taken?"),
        N_("What the answers to this question are"),
        "recipe",
        {"taken": N_("It means that the choice was taken"), "not_taken": N_("It means that the choice was not taken")},
        N_("Nothing of this question is read"),
    ),
)
"""Every kind, in the order in which they change the headline: which rows, which columns, then how cells are read."""

BY_NAME: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in KINDS})


def place_of(kind: Kind) -> int:
    """How early a kind is asked."""
    return KINDS.index(kind)

"""The kinds of questions of a build, each declared once, in the order of their effect on the headline.

An answer holds for a recipe, so that next month's file asks nothing, or for one file. Some kinds have a separate file
(`sheets.csv`, `columns.csv`, `spellings.csv`); the answers to all others are in `answers.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from dashboard.errors import Sentence, join, sentence
from dashboard.i18n import N_

ANSWERS = "answers.csv"
COLUMNS = "columns.csv"
SHEETS = "sheets.csv"
SPELLINGS = "spellings.csv"
UNKNOWN = "unknown"
"""The answer that nobody knows: the cell stays empty, and is published as unknown."""
ROWS = "rows"
"""The answer that the day of each row is that of its submission."""
A_DAY = "YYYY-MM-DD"
"""The placeholder of any day among answers."""
I_DO_NOT_KNOW = N_("I do not know")
CORRECT = N_("I will correct the file")
REFUSAL = N_("These questions must be answered first, else figures could be wrong.")
"""The beginning of the build's refusal while a question is open."""
_ELSE = N_("Several answers are possible, and nothing in the file tells which is right.")

_ROWS = MappingProxyType({"none": N_("Leave these rows out"), "count": N_("These rows count")})


@dataclass(frozen=True)
class Kind:
    """One kind of question.

    Attributes:
        name: Its name in the file of answers, and that of its check.
        holds_for: The scope of an answer: a recipe, and so next month's file as well, one file, or all.
        choices: The answers besides that nobody knows, each with its words.
        is_of_field: Whether it is about a field (or question of a survey); else about the sheet.
        asks: The question as a sentence, by the build's finding, with placeholders for its facts.
        correct: How to correct the file itself instead; empty where that is not needed.
        takes_day: Whether any day is an answer (`2021-12-31`). It holds for the file's present content only: in place
            of a field it is about a hash of the statuses.
    """

    name: str
    title: str
    changes: str
    holds_for: Literal["recipe", "file", "all"]
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unknown: str = ""
    is_of_field: bool = True
    asks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    correct: str = ""
    file: str = ANSWERS
    takes_day: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """The valid answers."""
        return (*([A_DAY, ROWS] if self.takes_day else self.choices), UNKNOWN)

    def is_answer(self, use: str) -> bool:
        """Return whether this is a valid answer."""
        if not self.takes_day or use in (UNKNOWN, ROWS):
            return use in self.values
        try:
            return date.fromisoformat(use).isoformat() == use
        except ValueError:
            return False

    def say_what(self, variant: str, facts: Mapping[str, str]) -> Sentence:
        """Write the question as a sentence.

        `variant` is the build's finding, `facts` the numbers and words for the sentence.
        """
        values = {
            name: int(value) if value.isdecimal() else value for name, value in facts.items() if value is not None
        }
        return sentence(self.asks.get(variant, _ELSE), **values)

    def say_answer(self, value: str, facts: Mapping[str, str]) -> Sentence:
        """Write an answer for people; a suggested day names its place in the file (`facts`, by the choices)."""
        if not self.takes_day or value == ROWS:
            return sentence(self.choices[value])
        return join([sentence(words) for name, words in self.choices.items() if facts.get(name) == value], ", ")

    def say_correct(self) -> Sentence | None:
        """Write how to correct the file itself instead of an answer; None where that is not needed."""
        return join([sentence(N_("Or correct the file:")), sentence(self.correct)]) if self.correct else None

    def __hash__(self) -> int:
        """Hash its name, which no other kind has."""
        return hash(self.name)


WORDS = Kind(
    "words",
    N_("What do these words mean?"),
    N_("Where these rows count"),
    "file",
    unknown=N_("The field stays empty where these words stand"),
    asks={
        "unknown": N_(
            "Most of its filled cells are not understood ({n} of {filled}). Say what each word means, or that it "
            "means nothing. Different words: {number}; most frequent: {words}."
        )
    },
)
"""Its words are answered one by one in `spellings.csv`, which goes first."""
WORD = Kind("word", N_("What does this word mean?"), N_("Where these rows count"), "all", file=SPELLINGS)
"""One word of a field (`status/Ongoing?`), by a code, a spelling of one, `nothing`, or `own:` and a base status."""
KINDS = (
    Kind(
        "sheet",
        N_("Which sheet counts?"),
        N_("Which rows are actions, and what they say"),
        "file",
        {
            "data": N_("This sheet counts"),
            "round": N_("Another round of reports"),
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
            "round": N_("Another round of reports"),
            "rows": N_("It has more rows of the same table"),
            "nothing": N_("Leave it out"),
        },
        N_("Nothing is read from it"),
        is_of_field=False,
        correct=N_(
            "Put the other rows below the first table; transpose a sideways table (Excel: Copy, Paste Special, "
            "Transpose)."
        ),
        asks={
            "ids": N_(
                "It has the ids of actions on another sheet, as a later or an earlier round of reports would. "
                "Such ids: {n}."
            ),
            "titles": N_(
                "It has the titles of actions on another sheet, as a later or an earlier round of reports would. "
                "Such titles: {n}."
            ),
            "headers": N_("It has headers of another sheet, but not those that it would need. Such headers: {n}."),
            "rows": N_(
                "It has no headers, and its rows look like a continuation of the table on another sheet. Rows: "
                "{rows_read}."
            ),
            "side": N_(
                "It is not read: its table is sideways, with headers in the first column and one action in each of "
                "the others."
            ),
        },
    ),
    Kind(
        "classes_as_register",
        N_("Is this file a register?"),
        N_("Whether its rows count as actions"),
        "file",
        {
            "register": N_("It is a separate register, and counts as one"),
            "classes": N_("It is our classification of the actions of another file"),
        },
        N_("The file is read, but none of its rows counts"),
        is_of_field=False,
        asks={
            "classes": N_(
                "{n} of its {rows} rows are submissions that are also in a form’s file, with only their classes added."
            )
        },
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
        asks={"moved": N_("Row {row} repeats the headers, but in other columns.")},
    ),
    Kind(
        "rows_misplaced",
        N_("Have rows been shifted?"),
        N_("What these rows or this column say"),
        "file",
        {"right": N_("They are right as they are"), "up": N_("Move the column up by one row")},
        N_("These rows are left out, or the column stays empty"),
        is_of_field=False,
        correct=N_("Put the rows in order and save the file again."),
        asks={
            "column": N_("The column starts one row too low; its last cell is alone in row {row}."),
            "apart": N_(
                "Rows {row} to {last} follow a blank row and fill only a few cells, as if they were another table."
            ),
        },
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
        asks={
            "rows": N_(
                "Rows have an ID but no title or stakeholder, as if prepared for later. Rows: {n} of {rows_read}."
            )
        },
    ),
    Kind(
        "rows_coloured",
        N_("Do the colours of rows mean something?"),
        N_("The progress of these actions"),
        "file",
        {"nothing": N_("The colours mean nothing")},
        N_("Colours are ignored"),
        is_of_field=False,
        correct=N_("Write what the colours mean into a column “Status”."),
        asks={
            "rows": N_(
                "Rows have different colours, and no column gives the progress of the actions. Colours are not read. "
                "Colours, including rows without one: {n}."
            )
        },
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
        asks={"rows": N_("Rows are struck through. Rows: {n} of {rows_read}.")},
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
        asks={"rows": N_("Rows look like tests or examples of how to fill the file in. Rows: {n} of {rows_read}.")},
    ),
    Kind(
        "day",
        N_("On which day were these true?"),
        N_("From which day on the statuses count"),
        "file",
        {
            "name": N_("in the file’s name"),
            "title": N_("in the sheet’s name"),
            "header": N_("in the column’s header"),
            "saved": N_("the workbook was last saved"),
            "latest": N_("the latest date in its cells"),
            "rows": N_("Each on the day of its submission"),
        },
        N_("The statuses of these rows do not count"),
        takes_day=True,
        asks={
            "untold": N_(
                "No column says when the statuses were true, so they do not count yet. Rows: {n} of {rows_read}."
            ),
            "numbers": N_(
                "No column says on which day the numbers were reached, so they do not count yet. Rows: {n} of "
                "{rows_read}."
            ),
            "submitted": N_(
                "The rows have a submission date, and some say they are completed: on that date, or later? Until you "
                "answer, they do not count. Rows: {n} of {rows_read}."
            ),
        },
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
    Kind(
        "no_status",
        N_("Are actions with a day of completion, or 100%, completed?"),
        N_("The progress of actions"),
        "recipe",
        {
            "completed": N_("They are completed; what is below 100% is in progress, at 0% not started"),
            "nothing": N_("It says nothing of the status"),
        },
        N_("Their status is not known"),
        is_of_field=False,
        correct=N_("Write the status into a column of its own."),
        asks={"rows": N_("No column gives the status. Rows with a completion date: {days}; with 100%: {full}.")},
    ),
    WORD,
    Kind(
        "ids_shortened",
        N_("Are these the ids?"),
        N_("Which rows are the same action"),
        "file",
        {"right": N_("They are right as they are")},
        N_("The rows are read without an id"),
        correct=N_("Use the file as the tool saved it, not as re-saved by a spreadsheet."),
        asks={
            "shortened": N_("IDs are shortened to numbers such as 1.23E+11, so different ones look alike. IDs: {n}.")
        },
    ),
    Kind(
        "date_order",
        N_("Does the day or the month come first?"),
        N_("When something was submitted, reported or completed"),
        "recipe",
        {"dmy": N_("The day comes first"), "mdy": N_("The month comes first")},
        N_("Dates that can be read either way stay empty"),
        asks={
            "unknown": N_(
                "Dates can be read with the day or the month first, and nothing shows which is right. Dates: {n}."
            ),
            "read": N_("Dates that can be read with the day or the month first: {n}."),
            "conflict": N_(
                "Dates can be read with the day or the month first, and the recipe disagrees with the file’s other "
                "dates. Dates: {n}."
            ),
            "contradiction": N_(
                "Some dates have the day first ({n}), others the month ({other}). Which comes first where both can?"
            ),
        },
    ),
    Kind(
        "dates_converted",
        N_("Has a spreadsheet swapped day and month?"),
        N_("When something was submitted, reported or completed"),
        "file",
        {"right": N_("They are right as they are"), "turned": N_("Swap day and month back")},
        N_("These dates stay empty"),
        correct=N_("Use the file as the tool saved it, not as re-saved by a spreadsheet."),
        asks={
            "converted": N_(
                "All dates written as text have a day above 12, and all {dates} real dates a day up to 12, as if a "
                "foreign spreadsheet had swapped day and month."
            )
        },
    ),
    Kind(
        "headings",
        N_("Do headings among the rows hold for the rows below?"),
        N_("Where these rows count"),
        "recipe",
        {"below": N_("The rows below have their value"), "nothing": N_("They are only headings")},
        N_("The headings are left out"),
        asks={"headings": N_("Heading rows that name a known place, theme or other value: {n}.")},
    ),
    Kind(
        "merged_cells",
        N_("Do merged cells hold for all their rows?"),
        N_("Where these rows count"),
        "recipe",
        {"all": N_("Their value applies to all their rows"), "first": N_("Only the first row has it")},
        N_("The cells stay empty"),
        asks={"merged": N_("Cells are merged across several rows. Places: {n}.")},
    ),
    Kind(
        "two_statuses",
        N_("Which of two statuses counts?"),
        N_("The progress of these actions"),
        "file",
        {"lower": N_("The lower row counts"), "upper": N_("The upper row counts")},
        N_("None of these statuses counts"),
        is_of_field=False,
        correct=N_("Delete the row that no longer holds, or write the day into each."),
        asks={"rows": N_("Rows of one action have the same date, or none, but different statuses. Actions: {n}.")},
    ),
    Kind(
        "repeats_blank",
        N_("Do blank cells repeat the cell above?"),
        N_("Where these rows count"),
        "recipe",
        {"above": N_("They repeat the cell above"), "blank": N_("They are blank")},
        N_("The cells stay empty"),
        asks={"blank": N_("Each of its {values} values appears once, with blank cells below.")},
    ),
    Kind(
        "error_cells",
        N_("What do cells with an error mean?"),
        N_("What these rows say"),
        "file",
        {"empty": N_("Nothing is known there: they stay empty")},
        N_("The cells stay empty"),
        correct=N_("Correct the formulas, or make the column wide enough, and save the file again."),
        asks={"error": N_("Cells hold an error ({words}) instead of a value. Cells: {n}.")},
    ),
    Kind(
        "percent_of",
        N_("Is 1 the whole, or one percent?"),
        N_("The progress of actions"),
        "recipe",
        {"1": N_("1 is the whole"), "100": N_("100 is the whole")},
        N_("Percentages that can be read either way stay empty"),
        asks={
            "read": N_("Numbers that can be shares of 1 or percentages: {n}."),
            "contradiction": N_("Numbers up to 1 can be shares of 1 ({n}), but others exceed 1 ({above})."),
            "unknown": N_("1 can be the whole or one percent, and no other number shows which."),
        },
    ),
    Kind(
        "decimal_mark",
        N_("Does the mark separate thousands or decimals?"),
        N_("The progress of actions"),
        "recipe",
        {"comma": N_("A comma separates decimals"), "point": N_("A point separates decimals")},
        N_("Numbers that can be read either way stay empty"),
        asks={
            "read": N_("Numbers in which the mark can separate thousands or decimals: {n}."),
            "unknown": N_("The mark can separate thousands or decimals, and nothing shows which. Numbers: {n}."),
            "conflict": N_(
                "The mark can separate thousands or decimals, and the recipe disagrees with the file’s other "
                "numbers. Numbers: {n}."
            ),
            "contradiction": N_(
                "The mark can separate thousands or decimals, and the column uses both a comma and a point for "
                "decimals. Numbers: {n}."
            ),
        },
    ),
    Kind(
        "choices",
        N_("Was the option chosen?"),
        N_("What the answers to this question are"),
        "recipe",
        {"taken": N_("It means the option was chosen"), "not_taken": N_("It means the option was not chosen")},
        N_("Nothing of this question is read"),
        asks={
            "two": N_("{ones} cells contain 1 and {twos} contain 2, and 2 can mean no."),
            "words": N_("“{word}” appears beside “yes”, and can mean that the option was chosen or not."),
        },
    ),
)
"""Every kind, in the order of its effect on the headline: which rows, which columns, then how cells are read."""

BY_NAME: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in KINDS})

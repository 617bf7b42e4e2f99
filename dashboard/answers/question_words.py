"""What each question says, in words: templates by kind and what the build found, filled with what it found."""

from collections.abc import Mapping

from dashboard.answers.question_kinds import Kind
from dashboard.errors import Sentence, join, sentence
from dashboard.i18n import N_

_WHAT: dict[tuple[str, str], str] = {
    ("further_sheet", "ids"): N_(
        "It has the ids of actions on another sheet, as a later or an earlier round of reports would. Such ids: {n}."
    ),
    ("further_sheet", "titles"): N_(
        "It has the titles of actions on another sheet, as a later or an earlier round of reports would. Such titles: "
        "{n}."
    ),
    ("further_sheet", "headers"): N_(
        "It has headers of another sheet, but not those that it would need. Such headers: {n}."
    ),
    ("further_sheet", "rows"): N_(
        "It has no headers, and its rows look like further ones of the table on another sheet. Rows: {rows_read}."
    ),
    ("further_sheet", "side"): N_(
        "It is not read: its table lies on its side, with the headers in the first column and an action in each "
        "further one."
    ),
    ("classes_as_register", "classes"): N_(
        "{n} of its {rows} rows are submissions that a form’s file holds, and it says nothing of them but their "
        "classes."
    ),
    ("headers_moved", "moved"): N_("Row {row} holds the headers again, but in other columns."),
    ("rows_misplaced", "column"): N_("The column begins a row too low, and its last cell stands alone in row {row}."),
    ("rows_misplaced", "apart"): N_(
        "Rows {row} to {last} stand below a blank row and fill only a few cells, as if they were another table."
    ),
    ("prepared_rows", "rows"): N_(
        "Rows have an id, and neither title nor stakeholder, as if they were prepared for later. "
        "Rows: {n} of {rows_read}."
    ),
    ("rows_coloured", "rows"): N_(
        "Rows are filled with different colours, and no column says how far the actions have come. Colours are not "
        "read. Such colours, rows without any included: {n}."
    ),
    ("struck_rows", "rows"): N_("Rows are struck through. Rows: {n} of {rows_read}."),
    ("test_rows", "rows"): N_("Rows look like tests or examples of how to fill the file in. Rows: {n} of {rows_read}."),
    ("ids_shortened", "shortened"): N_(
        "Ids are shortened to numbers such as 1.23E+11, so that different ones look alike. Ids: {n}."
    ),
    ("day", "untold"): N_(
        "No column says when the statuses were true, and they count on no day. Rows: {n} of {rows_read}."
    ),
    ("date_order", "unknown"): N_(
        "Dates can be read with the day or the month first, and nothing tells which. Such dates: {n}."
    ),
    ("date_order", "read"): N_("Dates that can be read with the day or the month first: {n}."),
    ("percent_of", "read"): N_("Numbers that can be shares of 1 or percentages: {n}."),
    ("decimal_mark", "read"): N_("Numbers in which the mark can separate thousands or decimals: {n}."),
    ("date_order", "conflict"): N_(
        "Dates can be read with the day or the month first, and the recipe says otherwise than the other dates of the "
        "file. Such dates: {n}."
    ),
    ("date_order", "contradiction"): N_(
        "Some dates have the day first ({n}), others the month ({other}). Which comes first where both can?"
    ),
    ("dates_converted", "converted"): N_(
        "All dates written as text have a day over 12, and all {dates} real dates beside them one up to 12, as if a "
        "spreadsheet of another country had turned day and month of those."
    ),
    ("headings", "headings"): N_("Rows that are headings, and name something that is known: {n}."),
    ("merged_cells", "merged"): N_("Cells are merged over several rows. Places: {n}."),
    ("two_statuses", "rows"): N_(
        "Rows of one action have the same day, or none, and different statuses. Such actions: {n}."
    ),
    ("repeats_blank", "blank"): N_(
        "Each of its {values} values stands once, the first in the first row, with blank cells below."
    ),
    ("error_cells", "error"): N_("Cells hold an error ({words}) instead of a value. Cells: {n}."),
    ("percent_of", "contradiction"): N_("Numbers up to 1 can be shares of 1 ({n}), but others are above 1 ({above})."),
    ("percent_of", "unknown"): N_("1 can be the whole or one percent, and no other number tells which."),
    ("decimal_mark", "unknown"): N_(
        "The mark can separate thousands or decimals, and nothing tells which. Such numbers: {n}."
    ),
    ("decimal_mark", "conflict"): N_(
        "The mark can separate thousands or decimals, and the recipe says otherwise than the other numbers of the "
        "file. Such numbers: {n}."
    ),
    ("decimal_mark", "contradiction"): N_(
        "The mark can separate thousands or decimals, and the column has decimals behind a comma and behind a point. "
        "Such numbers: {n}."
    ),
    ("words", "unknown"): N_(
        "Most of its filled cells are not understood ({n} of {filled}). Say what each word means, or that it means "
        "nothing. Different words: {number}; the most frequent: {words}."
    ),
    ("choices", "two"): N_("1 stands in {ones} cells and 2 in {twos}, and 2 can mean no."),
    ("choices", "words"): N_("“{word}” stands beside yes, and can mean that the choice was taken or not."),
}
REFUSAL = N_("These questions must be answered first, else figures could be wrong.")
"""How the build begins its refusal while a question is open."""
_ELSE = N_("Several answers are possible, and nothing in the file tells which is right.")


def say_what(kind: Kind, variant: str, facts: Mapping[str, str]) -> Sentence:
    """The question, as a sentence.

    Args:
        kind: Which kind of question it is.
        variant: What the build found.
        facts: The numbers and words that the sentence names.
    """
    values = {name: int(value) if value.isdecimal() else value for name, value in facts.items() if value is not None}
    return sentence(_WHAT.get((kind.name, variant), _ELSE), **values)


def say_answer(kind: Kind, value: str, facts: Mapping[str, str]) -> Sentence:
    """An answer, for people; a suggested day says where it stands in the file (`facts`, by the kind's choices)."""
    if not kind.takes_day:
        return sentence(kind.choices[value])
    return join([sentence(words) for name, words in kind.choices.items() if facts.get(name) == value], ", ")


def say_correct(kind: Kind) -> Sentence | None:
    """How the file itself can be put right instead of an answer; None where it need not be."""
    return join([sentence(N_("Or correct the file:")), sentence(kind.correct)]) if kind.correct else None


def list_wordings() -> frozenset[tuple[str, str]]:
    """Every kind that has words of its own, with what the build found."""
    return frozenset(_WHAT)

"""Compare texts, numbers and rows of a file with the expected ones, and note the deviations.

Presenters may change the words of a slide: where no number changed with them, they are only a remark. Everywhere else,
names of rows and members included, a difference is a deviation.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum
from math import isclose
from os.path import commonprefix
from typing import Any, NamedTuple

from dashboard.errors import Sentence, join, sentence
from dashboard.i18n import N_, Translator

MOST = 200
"""The most deviations listed for one file; the others are counted."""
OTHER_WORDS = N_("Words were changed, and no figure in them: {place}.")
NOTHING = sentence(N_("nothing"))
WORDS_FOR_PICTURE = sentence(N_("words for the picture"))
WHOLE_FILE, TABLE = sentence(N_("the whole file")), sentence(N_("the table"))
_CLOSE = 1e-9
_SHOWN, _SHOWN_BEFORE = 120, 40
"""The characters that are shown of a text, and those before the first that differs."""
_MOST_TITLED = 1_000
"""The rows of a table in which a presenter's words are looked for."""
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_LONGEST_DIFF = 20_000
"""The length of texts above which they are compared one by one, without the best match."""


class State(StrEnum):
    """What can be said of a figure, the worst last."""

    NO_RECEIPT = "no_receipt"
    PUBLISHED = "as_published"
    OWN_WORDS = "own_words"
    """As published, with numbers in the presenter's own words."""
    OLDER = "older"
    """As an earlier build gives it."""
    UNSURE = "unsure"
    """Nobody can make it here as it was made."""
    CHANGED = "changed"


WORDS = {
    State.PUBLISHED: N_("As published."),
    State.OWN_WORDS: N_("As published, but for the presenter’s own words."),
    State.OLDER: N_("As published, in an earlier build."),
    State.UNSURE: N_("Whether it was changed cannot be said."),
    State.NO_RECEIPT: N_("Without a receipt: nothing can be said."),
    State.CHANGED: N_("Changed."),
}


class Deviation(NamedTuple):
    """One place where a file differs from the expected one; `is_text` says that both can be read."""

    place: str
    says: str
    should: str
    is_text: bool = True

    def write(self, t: Translator, should: str = "should") -> dict[str, str]:
        """Write it as in JSON, in the reader's language; what the file and the program say stays as it is."""
        texts = {"place": self.place, "says": self.says, should: self.should}
        return {name: t(text) if isinstance(text, Sentence) else text for name, text in texts.items()}


@dataclass
class Comparison:
    """The outcome of comparing a file.

    Attributes:
        compared: The number of compared texts and values.
        deviations: Figures that differ.
        remarks: Other differences, and the parts that could not be compared, in sentences.
        is_readable: Whether the figures could be read; in a picture's pixels they cannot.
        words: All texts that were compared, without blanks.
    """

    compared: int = 0
    deviations: list[Deviation] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_readable: bool = True
    words: str = ""

    def differ(self, place: str, says: Any, should: Any, *, is_text: bool = True) -> None:
        """Note a figure that differs."""
        self.deviations.append(Deviation(place, *_show_both(says, should), is_text))

    def remark(self, remark: str) -> None:
        """Note a remark once."""
        if remark not in self.remarks:
            self.remarks.append(remark)

    def forgive_words(self) -> None:
        """Make words that differ without a number a remark: another edition of the program may have other words."""
        differing, self.deviations = self.deviations, []
        for one in differing:
            if one.is_text and have_same_numbers(one.says, one.should):
                self.remark(sentence(OTHER_WORDS, place=one.place))
            else:
                self.deviations.append(one)

    def take(self, part: "Comparison", inside: str = "") -> None:
        """Add the deviations and remarks of a part, which is `inside` a place."""
        self.compared += part.compared
        self.words += part.words
        self.deviations += [one._replace(place=say_place(inside, one.place)) for one in part.deviations]
        for remark in part.remarks:
            self.remark(sentence(N_("{place}: {remark}"), place=inside, remark=remark) if inside else remark)


class Text(NamedTuple):
    """A text and its place; `is_free` says that a presenter may put it in other words."""

    place: str
    text: str
    is_free: bool = False


def say_place(*places: str) -> Sentence:
    """Say where something stands, from the outer place to the inner one; a page can translate it."""
    return join(places, ", ")


def same(actual: Any, expected: Any) -> bool:
    """Return whether two values are the same: numbers as numbers, in any saved form; blanks do not count."""
    if actual == expected:
        return True
    if isinstance(actual, bool) or isinstance(expected, bool):
        return str(actual).casefold() == str(expected).casefold()
    numbers = _number(actual), _number(expected)
    if numbers[0] is not None and numbers[1] is not None:
        return isclose(*numbers, rel_tol=_CLOSE, abs_tol=1e-12)  # type: ignore[arg-type]
    return squeeze(_write(actual)) == squeeze(_write(expected))


def have_same_numbers(actual: str, expected: str) -> bool:
    """Return whether the same numbers stand in two texts, in the same order."""
    return _NUMBER.findall(actual) == _NUMBER.findall(expected)


def join_words(texts: Iterable[str]) -> str:
    """Join texts without blanks, so that it does not count how programs divide them."""
    return "".join("".join(texts).split())


def squeeze(text: str) -> str:
    """Return a text without runs of blanks, and those around it."""
    return " ".join(text.split())


def compare_texts(actual: Sequence[Text], expected: Sequence[Text]) -> Comparison:
    """Compare texts in their order; distinguish missing and added ones from changed ones."""
    result = Comparison(compared=len(expected), words=join_words(one.text for one in actual))
    ours, theirs = ([squeeze(one.text) for one in texts] for texts in (actual, expected))
    if len(ours) == len(theirs):
        for actual_text, expected_text in zip(actual, expected, strict=True):
            _compare_text(result, actual_text, expected_text)
        if len(result.deviations) <= max(3, len(expected) // 10):
            return result
    result = Comparison(compared=len(expected), words=result.words)
    if max(len(ours), len(theirs)) > _LONGEST_DIFF:
        result.differ(WHOLE_FILE, *(sentence(N_("{number} texts"), number=len(texts)) for texts in (ours, theirs)))
        return result
    for what, begin, end, begin_made, end_made in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if what != "equal":
            _compare_blocks(result, actual[begin:end], expected[begin_made:end_made])
    return result


def _compare_blocks(result: Comparison, actual: Sequence[Text], expected: Sequence[Text]) -> None:
    for actual_text, expected_text in zip(actual, expected, strict=False):
        _compare_text(result, actual_text, expected_text)
    for one in actual[len(expected) :]:
        _compare_text(result, one, Text(one.place, ""))
    for expected_text in expected[len(actual) :]:
        _compare_text(result, Text(expected_text.place, ""), expected_text)


def _compare_text(result: Comparison, actual: Text, expected: Text) -> None:
    if same(actual.text, expected.text):
        return
    if not have_same_numbers(actual.text, expected.text) or not (actual.is_free or expected.is_free):
        result.differ(actual.place, actual.text or NOTHING, expected.text or NOTHING)
    else:
        result.remark(sentence(OTHER_WORDS, place=actual.place))


Row = Sequence[Any]


class Grid(NamedTuple):
    """Rows of cells: the first is the header where there is one. `name_cell` names the place of a cell, from 0."""

    rows: Sequence[Row]
    name: str
    is_sheet: bool = False

    def name_cell(self, row: int, column: int) -> str:
        """Name the place of a cell, for people."""
        header = self.rows[0][column] if self.rows and column < len(self.rows[0]) else None
        if self.is_sheet:
            return say_place(self.name, sentence(N_("cell {cell}"), cell=f"{name_column(column)}{row + 1}"))
        return say_place(self.name, *say_cell(row + 1, column + 1 if header in (None, "") else header))


def say_cell(row: Any, column: Any) -> tuple[Sentence, Sentence]:
    """Say in which row and column something stands, by their numbers or names."""
    return sentence(N_("row {row}"), row=str(row)), sentence(N_("column {column}"), column=str(column))


def name_column(number: int) -> str:
    """Return a column's letters, counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def compare_grids(actual: Grid, expected: Grid) -> Comparison:
    """Compare rows with rows: cell by cell; where rows or columns were moved, by their names."""
    words = join_words(cell for row in actual.rows[:_MOST_TITLED] for cell in row if isinstance(cell, str))
    result = Comparison(compared=sum(len(row) for row in expected.rows), words=words)
    if _shape(actual) == _shape(expected):
        cells = list(_differing(actual.rows, expected.rows))
        if len(cells) <= max(20, result.compared // 10):
            for row, column in cells:
                result.differ(actual.name_cell(row, column), actual.rows[row][column], expected.rows[row][column])
            return result
    _compare_by_names(result, actual, expected)
    return result


def _shape(grid: Grid) -> list[int]:
    return [len(row) for row in grid.rows]


def _differing(actual: Sequence[Row], expected: Sequence[Row]) -> Iterator[tuple[int, int]]:
    for number, (actual_row, expected_row) in enumerate(zip(actual, expected, strict=True)):
        if actual_row != expected_row:
            yield from (
                (number, place)
                for place in range(len(expected_row))
                if not same(actual_row[place], expected_row[place])
            )


def _compare_by_names(result: Comparison, actual: Grid, expected: Grid) -> None:
    """Compare columns by their headers and rows by their first cell that names them."""
    columns = _pair_columns(result, actual, expected) if actual.rows and expected.rows else {}
    key = _find_key(expected, columns)
    if key is None:
        result.differ(
            actual.name, *(sentence(N_("{number} rows"), number=len(grid.rows)) for grid in (actual, expected))
        )
        return
    rows = {_write(_cell(row, columns[key])): number for number, row in enumerate(actual.rows) if number}
    places = [rows.pop(_write(row[key]), None) for row in expected.rows[1:]]
    for place, row in zip(places, expected.rows[1:], strict=True):
        if place is None:
            place_of_row = say_place(actual.name, say_cell(_show(row[key]), "")[0])
            result.differ(place_of_row, sentence(N_("is not there")), sentence(N_("a row")))
        else:
            _compare_row(result, actual, place, row, columns)
    for name, place in rows.items():
        if name:
            result.differ(say_place(actual.name, say_cell(place + 1, "")[0]), name, NOTHING)
    matched_places = [place for place in places if place is not None]
    if matched_places != sorted(matched_places):
        result.remark(sentence(N_("Rows stand in another order: {place}."), place=actual.name))


def _pair_columns(result: Comparison, actual: Grid, expected: Grid) -> dict[int, int]:
    """Find each column of the one in the other, by its header; note missing ones as remarks."""
    headers = [_write(cell) for cell in actual.rows[0]]
    header_by_place = {place: _write(cell) for place, cell in enumerate(expected.rows[0])}
    for header in header_by_place.values():
        if header and header not in headers:
            missing = N_("The column {column} is not there, and is not compared: {place}.")
            result.remark(sentence(missing, column=_show(header), place=actual.name))
    return {place: headers.index(header) for place, header in header_by_place.items() if header in headers}


def _compare_row(result: Comparison, actual: Grid, place: int, expected: Row, columns: dict[int, int]) -> None:
    for column, at in columns.items():
        says, should = _cell(actual.rows[place], at), _cell(expected, column)
        if not same(says, should):
            result.differ(actual.name_cell(place, at), says, should)


def _cell(row: Row, place: int) -> Any:
    return row[place] if place < len(row) else None


def _find_key(expected: Grid, columns: Iterable[int]) -> int | None:
    """Find the first column whose cells name the rows: filled, and each once."""
    for place in columns:
        cells = [_write(row[place]) if place < len(row) else "" for row in expected.rows[1:]]
        if all(cells) and len(set(cells)) == len(cells):
            return place
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and (text := value.strip().replace("\u2212", "-")) and len(text) < 40:
        try:
            return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
        except ValueError:
            return None
    return None


def _write(value: Any) -> str:
    """Write a value as text, days without the midnight that spreadsheets add."""
    if value is None:
        return ""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second or value.microsecond):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _show(value: Any, start: int = 0) -> str:
    if isinstance(value, Sentence):
        return value
    text = squeeze(_write(value))
    return "… " * (start > 0) + text[start : start + _SHOWN] + " …" * (len(text) > start + _SHOWN)


def _show_both(says: Any, should: Any) -> tuple[str, str]:
    """Show what differs of two values: of long texts from a little before the first difference."""
    numbers = [f"{number:.6g}" for number in map(_number, (says, should)) if number is not None]
    if len(set(numbers)) == 2:
        return numbers[0], numbers[1]
    texts = [squeeze(_write(value)) for value in (says, should)]
    first = len(commonprefix(texts)) if max(map(len, texts)) > _SHOWN else 0
    start = texts[0].rfind(" ", 0, max(first - _SHOWN_BEFORE, 0)) + 1
    return _show(says, start), _show(should, start)

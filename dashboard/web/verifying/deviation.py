"""Compare texts, numbers and rows of a file with the expected ones, and note the deviations.

Presenters may change the words of a slide: where no number changed with them, they are only a remark. Everywhere else,
names of rows and members included, a difference is a deviation.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from math import isclose
from typing import Any, NamedTuple

MOST = 200
"""The most deviations listed for one file; the others are counted."""
NOTHING = "nothing"
_CLOSE = 1e-9
_SHOWN = 120
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_LONGEST_DIFF = 20_000
"""The length of texts above which they are compared one by one, without the best match."""


class Deviation(NamedTuple):
    """One place where a file differs from the expected one."""

    place: str
    says: str
    should: str


@dataclass
class Comparison:
    """The outcome of comparing a file.

    Attributes:
        compared: The number of compared texts and values.
        deviations: Figures that differ.
        remarks: Other differences, and the parts that could not be compared, in sentences.
        is_readable: Whether the figures could be read; in a picture's pixels they cannot.
    """

    compared: int = 0
    deviations: list[Deviation] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_readable: bool = True

    def differ(self, place: str, says: Any, should: Any) -> None:
        """Note a figure that differs."""
        self.deviations.append(Deviation(place, _show(says), _show(should)))

    def remark(self, sentence: str) -> None:
        """Note a remark once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def take(self, part: "Comparison", inside: str = "") -> None:
        """Add the deviations and remarks of a part."""
        self.compared += part.compared
        self.deviations += [one._replace(place=f"{inside}{one.place}") for one in part.deviations]
        for sentence in part.remarks:
            self.remark(f"{inside}{sentence}")


class Text(NamedTuple):
    """A text and its place; `is_free` says that a presenter may put it in other words."""

    place: str
    text: str
    is_free: bool = False


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


def squeeze(text: str) -> str:
    """Return a text without runs of blanks, and those around it."""
    return " ".join(text.split())


def compare_texts(actual: Sequence[Text], expected: Sequence[Text]) -> Comparison:
    """Compare texts in their order; distinguish missing and added ones from changed ones."""
    result = Comparison(compared=len(expected))
    ours, theirs = ([squeeze(one.text) for one in texts] for texts in (actual, expected))
    if len(ours) == len(theirs):
        for actual_text, expected_text in zip(actual, expected, strict=True):
            _compare_text(result, actual_text, expected_text)
        if len(result.deviations) <= max(3, len(expected) // 10):
            return result
    result = Comparison(compared=len(expected))
    if max(len(ours), len(theirs)) > _LONGEST_DIFF:
        result.differ("the whole file", f"{len(ours)} texts", f"{len(theirs)} texts")
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
    numbers = [_NUMBER.findall(text) for text in (actual.text, expected.text)]
    if numbers[0] != numbers[1] or not (actual.is_free or expected.is_free):
        result.differ(actual.place, actual.text or NOTHING, expected.text or NOTHING)
    else:
        result.remark(f"Words were changed, and no figure in them: {actual.place}.")


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
            return f"{self.name}, cell {name_column(column)}{row + 1}"
        column_name = f", column {header}" if header not in (None, "") else f", column {column + 1}"
        return f"{self.name}, row {row + 1}{column_name}"


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
    result = Comparison(compared=sum(len(row) for row in expected.rows))
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
        result.differ(actual.name, f"{len(actual.rows)} rows", f"{len(expected.rows)} rows")
        return
    rows = {_write(_cell(row, columns[key])): number for number, row in enumerate(actual.rows) if number}
    places = [rows.pop(_write(row[key]), None) for row in expected.rows[1:]]
    for place, row in zip(places, expected.rows[1:], strict=True):
        if place is None:
            result.differ(f"{actual.name}, row {_show(row[key])}", "is not there", "a row")
        else:
            _compare_row(result, actual, place, row, columns)
    for name, place in rows.items():
        if name:
            result.differ(f"{actual.name}, row {place + 1}", name, NOTHING)
    matched_places = [place for place in places if place is not None]
    if matched_places != sorted(matched_places):
        result.remark(f"{actual.name[:1].upper()}{actual.name[1:]}: rows stand in another order.")


def _pair_columns(result: Comparison, actual: Grid, expected: Grid) -> dict[int, int]:
    """Find each column of the one in the other, by its header; note missing ones as remarks."""
    headers = [_write(cell) for cell in actual.rows[0]]
    header_by_place = {place: _write(cell) for place, cell in enumerate(expected.rows[0])}
    for header in header_by_place.values():
        if header and header not in headers:
            result.remark(f"{actual.name}: the column {_show(header)} is not there, and is not compared.")
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


def _show(value: Any) -> str:
    text = squeeze(_write(value))
    return f"{text[:_SHOWN]} …" if len(text) > _SHOWN else text

"""CSV text, changed cell by cell: every other character stays as somebody wrote it.

Spreadsheets, editors and this program write the same file in turn: with commas, semicolons or tabs, a mark before the
text, any line ends, quotes anywhere, columns of their own. Unchanged text is not written anew.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import NamedTuple

from dashboard.errors import N_, UserError

DELIMITERS = ",;\t"
MARK = "\ufeff"
"""The mark before the text in the files of some programs: by it Excel recognises UTF-8."""
_LINE_END = re.compile(r"\r\n|\r|\n")


class CsvError(UserError):
    """A file's way of writing does not allow the change."""


class Cell(NamedTuple):
    """A cell: its first character and its end in the text, and its value."""

    start: int
    end: int
    value: str


class Line(NamedTuple):
    """A line of a file: its number as in a spreadsheet, its cells, and its end, line end included."""

    number: int
    cells: tuple[Cell, ...]
    end: int

    @property
    def start(self) -> int:
        """Its first character."""
        return self.cells[0].start


class CsvText:
    """A CSV file's text and the positions of its cells; a change gives a new text.

    Attributes:
        text: The content of the file, with its mark and line ends.
        delimiter: The sign between cells.
        line_end: The sign at the end of lines.
        header: The first line's cells, without blanks around them.
    """

    def __init__(self, text: str) -> None:
        """Take the text apart, as Python's reader of CSV does."""
        self.text = text
        body = len(MARK) if text.startswith(MARK) else 0
        self.delimiter = find_delimiter(text)
        line_end = _LINE_END.search(text)
        self.line_end = line_end[0] if line_end else "\n"
        self._head = next(_split(text, body, self.delimiter), Line(1, (Cell(body, body, ""),), body))
        self.header = [cell.value.strip() for cell in self._head.cells]

    @cached_property
    def lines(self) -> list[Line]:
        """The lines below the header; blank ones too, so that numbers are right."""
        below = _split(self.text, self._head.end, self.delimiter)
        return [line._replace(number=line.number + 1) for line in below]

    def column(self, name: str) -> int | None:
        """Return the place of a column, from 0; the last one where several have the name, None where none has."""
        places = [place for place, header in enumerate(self.header) if header == name]
        return places[-1] if places else None

    def values(self, line: Line) -> dict[str, str]:
        """Return the values of a line, by column."""
        return {name: cell.value.strip() for name, cell in zip(self.header, line.cells, strict=False)}

    def with_column(self, name: str) -> str:
        """Return the text with a further column, empty in every line."""
        end = self._head.cells[-1].end
        return self._checked(f"{self.text[:end]}{self.delimiter}{self._write(name)}{self.text[end:]}")

    def with_cells(self, line: Line, changed: Mapping[str, str]) -> str:
        """Return the text with cells of a line changed; their columns must be there."""
        return self.with_all([(line, changed)])

    def with_all(self, changes: Iterable[tuple[Line, Mapping[str, str]]]) -> str:
        """Return the text with cells of several lines changed."""
        edits = [edit for line, changed in changes for edit in self._list_edits(line, changed)]
        text = self.text
        for start, end, replacement in sorted(edits, reverse=True):
            text = text[:start] + replacement + text[end:]
        return self._checked(text)

    def _list_edits(self, line: Line, changed: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
        """List the changes of a line: from which character to which, and the new text."""
        places = {self._place(name): value for name, value in changed.items()}
        missing = ""
        for place in range(len(line.cells), max(places, default=-1) + 1):
            missing += self.delimiter + (self._write(places[place]) if place in places else "")
        last = len(line.cells) - 1
        for place, (start, end, _) in enumerate(line.cells):
            more = missing if place == last else ""
            if place in places:
                was_quoted = self.text[start : start + 1] == '"'
                cell_text = self._write(places[place], is_quoted=was_quoted) + more
                yield start, end, cell_text or ('""' if not last else "")  # a line of nothing is none
            elif more:
                yield end, end, more

    def with_line(self, values: Mapping[str, str], after: Line | None = None) -> str:
        """Return the text with a further line, after another or at the end."""
        return self.with_lines([values], after)

    def with_lines(self, lines: Iterable[Mapping[str, str]], after: Line | None = None) -> str:
        """Return the text with further lines, after another or at the end."""
        rows = ([self._write(values.get(name, "")) for name in self.header] for values in lines)
        before = after.end if after else len(self.text)
        head, tail = self.text[:before], self.text[before:]
        needs_end = bool(head) and not head.endswith(("\n", "\r"))
        new_lines = "".join(f"{self.delimiter.join(cells)}{self.line_end}" for cells in rows)
        return self._checked(f"{head}{self.line_end if needs_end else ''}{new_lines}{tail}")

    def without_lines(self, lines: Iterable[Line]) -> str:
        """Return the text without some lines."""
        text = self.text
        for line in sorted(lines, key=lambda line: line.start, reverse=True):
            text = text[: line.start] + text[line.end :]
        return self._checked(text)

    def _place(self, name: str) -> int:
        place = self.column(name)
        if place is None:
            raise KeyError(name)
        return place

    def _write(self, value: str, *, is_quoted: bool = False) -> str:
        """Write a value as a cell, in quotes where it needs them, or where the cell or all of the header have them."""
        needs = any(sign in value for sign in (self.delimiter, '"', "\n", "\r")) or value != value.strip()
        if needs or is_quoted or self._is_all_quoted():
            return f'"{value.replace(chr(34), chr(34) * 2)}"'
        return value

    def _is_all_quoted(self) -> bool:
        return bool(self.text) and all(self.text[cell.start : cell.start + 1] == '"' for cell in self._head.cells)

    def _checked(self, text: str) -> str:
        """Return a changed text, if it can be read: an open quote swallows what follows it."""
        if '"' not in self.text:
            return text
        last = (self.lines or [self._head])[-1].cells[-1]
        last_cell = self.text[last.start : last.end]
        if last_cell.startswith('"') and re.fullmatch(r'"(?:[^"]|"")*', last_cell):
            raise CsvError(
                N_("A quotation mark in the file is never closed."),
                N_("Open the file in a spreadsheet and save it again."),
            )
        return text


def find_delimiter(text: str) -> str:
    """Find the delimiter of a text: the most frequent one in its first line."""
    first = _LINE_END.split(text, maxsplit=1)[0]
    return max(DELIMITERS, key=first.count)


def parse_rows(text: str) -> list[list[str]]:
    """Read the cells of all lines, at a tenth of the cost of their positions.

    Raises:
        csv.Error: a cell is longer than can be read.
    """
    return list(csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), delimiter=find_delimiter(text)))


@cache
def _cells(delimiter: str) -> re.Pattern[str]:
    """Make the pattern of a cell: in quotes, which may hold anything, or up to the next delimiter; and its end."""
    d = re.escape(delimiter)
    return re.compile(rf'(?:"((?:[^"]|"")*)("?))?([^{d}\r\n]*)({d}|\r\n|\r|\n|\Z)')


def _split(text: str, position: int, delimiter: str) -> Iterator[Line]:
    """Split a text into lines from a position on."""
    pattern, cells, number = _cells(delimiter), list[Cell](), 1
    while position < len(text) or cells:
        match = pattern.match(text, position)
        if match is None:  # cannot be: the last part matches at every position
            break
        quoted, _, plain, end = match.groups()
        unquoted = (quoted or "").replace('""', '"')
        value = _LINE_END.sub("\n", unquoted) + plain
        cells.append(Cell(position, match.start(4), value))
        position = match.end()
        if end != delimiter:
            yield Line(number, tuple(cells), position)
            number, cells = number + 1, []
            if not end:
                break

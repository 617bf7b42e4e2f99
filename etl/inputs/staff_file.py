"""CSV files that staff and this program both write: `decisions.csv`, `columns.csv`, `spellings.csv`, `sheets.csv`.

Staff open them in a spreadsheet, which may save them with another delimiter, alphabet or line end: they are read as
they are, and a line is added or taken out in the file's own way of writing. A file is replaced in one step.
"""

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dashboard.errors import UserError
from dashboard.ground.files.formula_guard import guard, unguard
from dashboard.ground.files.writing import drafted, write_file
from etl.steps import Step, reached

_DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True)
class StaffFile:
    """One such file.

    Attributes:
        path: Where it is, or will be.
        header: Its columns, in the order in which they are written anew.
        needed: Those without which it cannot be read.
        error: What is raised where it cannot be used.
    """

    path: Path
    header: tuple[str, ...]
    needed: tuple[str, ...]
    error: type[UserError]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each line that says something: its row in a spreadsheet (the header is row 1) and its cells by column.

        Raises:
            UserError: the file cannot be read, is no text or lacks a column.
        """
        if not self.path.is_file():
            return
        text, _ = self._text()
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
        if not any(map(any, rows)):
            return
        columns = self._columns(rows[0])
        for number, row in enumerate(rows[1:], 2):
            if any(cell.strip() for cell in row):
                yield number, {name: _cell(row, place) for name, place in columns.items()}

    def append(self, cells: Mapping[str, str]) -> None:
        """Add one line at the end of the file, in the file's own way of writing.

        A column that the file lacks is added to it where the line says something there.

        Raises:
            UserError: the file cannot be read.
        """
        blank = ",".join(self.header) + "\n"
        text, mark = self._text() if self.path.is_file() else (blank, "\ufeff")
        text = text if text.strip() else blank
        delimiter = _delimiter(text)
        end = "\r\n" if "\r\n" in text else "\n"
        lines = text.splitlines(keepends=True)
        reader = csv.reader(lines, delimiter=delimiter)
        header = next(reader)
        lacking = [name for name in self.header if name not in self._columns(header) and cells[name]]
        if lacking:
            header += lacking
            text = _write_row(header, delimiter, end) + "".join(lines[reader.line_num :])
        columns = self._columns(header)
        row = [""] * (max(columns.values()) + 1)
        for name, place in columns.items():
            row[place] = guard(cells[name])
        if not text.endswith(("\n", "\r")):
            text += end
        self._replace(mark + text + _write_row(row, delimiter, end))

    def remove(self, number: int) -> None:
        """Take the line that a spreadsheet shows as row `number` out; every other line stays as it is written.

        Raises:
            UserError: the file cannot be read.
        """
        text, mark = self._text()
        lines = text.splitlines(keepends=True)
        reader = csv.reader(lines, delimiter=_delimiter(text))
        start = 0
        for row, _ in enumerate(reader, 1):
            if row == number:
                self._replace(mark + "".join(lines[:start] + lines[reader.line_num :]))
                return
            start = reader.line_num

    def _columns(self, header: Sequence[str]) -> dict[str, int]:
        places = {cell.strip().casefold().replace(" ", "_"): i for i, cell in enumerate(header)}
        missing = [name for name in self.needed if name not in places]
        if missing:
            raise self.error(
                f"{self.path.name}: its first row lacks the column {', '.join(missing)}.",
                f"Write {','.join(self.header)} into the first row.",
            )
        return {name: places[name] for name in self.header if name in places}

    def _text(self) -> tuple[str, str]:
        """The file's text without its byte order mark, and the mark to write again.

        A spreadsheet that saves "CSV" without UTF-8 writes the Windows alphabet: read as such, written back as UTF-8.
        """
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise self.error(
                f"{self.path} cannot be read: {error.strerror}.", "Close it elsewhere and try again."
            ) from error
        if not data:
            raise self.error(
                f"{self.path.name} is empty, without even its first row: it may have been cut off.",
                "Restore it from a backup; remove it if nothing was ever said in it.",
            )
        for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp1252"):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" in text:
                break
            has_mark = text.startswith("\ufeff") or encoding != "utf-8"
            return text.removeprefix("\ufeff"), "\ufeff" if has_mark else ""
        raise self.error(f"{self.path.name} is no CSV text.", 'Save it from the spreadsheet as "CSV UTF-8".')

    def _replace(self, text: str) -> None:
        reached(Step.SAY)
        write_file(self.path, text, None if self.path.is_file() else 0o644)


@contextmanager
def changed_at_once(path: Path) -> Iterator[Path]:
    """A copy of such a file, to be changed line by line; it takes the file's place in one step, or not at all."""
    with drafted(path) as draft:
        if path.is_file():
            shutil.copyfile(path, draft)
        yield draft
        reached(Step.SAY)


def _cell(row: Sequence[str], place: int) -> str:
    return unguard(row[place].strip()) if place < len(row) else ""


def _write_row(cells: Sequence[str], delimiter: str, end: str) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, delimiter=delimiter).writerow(cells)  # with its own line end it quotes every kind of them
    return line.getvalue().removesuffix("\r\n") + end


def _delimiter(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return max(_DELIMITERS, key=lambda delimiter: (first.count(delimiter), delimiter == ","))

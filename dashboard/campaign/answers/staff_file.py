"""CSV files that staff and this program both write: `STAFF_FILES` of the campaign folder, and the reports by link.

Staff open them in a spreadsheet, which may save them with another delimiter, alphabet or line end: they are read as
they are, and a line is added or taken out in the file's own way of writing. A file is replaced in one step.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.errors import UserError
from dashboard.ground.files.csv_editor import MARK, CsvError, CsvText, parse_rows
from dashboard.ground.files.formula_guard import guard, unguard
from dashboard.ground.files.writing import write_file


@dataclass(frozen=True)
class StaffFile:
    """One such file.

    Attributes:
        header: Its columns, in the order for new lines.
        needed: Those without which it cannot be read.
        error: The error for a file that cannot be used.
    """

    path: Path
    header: tuple[str, ...]
    needed: tuple[str, ...]
    error: type[UserError]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each line with content: its row in a spreadsheet (the header is row 1) and its cells by column.

        Raises:
            UserError: the file cannot be read, is no text or lacks a column.
        """
        if not self.path.is_file():
            return
        rows = parse_rows(self._text())
        if not any(map(any, rows)):
            return
        columns = self._columns(rows[0])
        for number, row in enumerate(rows[1:], 2):
            if any(cell.strip() for cell in row):
                yield number, {name: _cell(row, place) for name, place in columns.items()}

    def change(self, lines: Sequence[Mapping[str, str]] = (), removed: Collection[int] = ()) -> None:
        """Add lines at the end of the file and take others out, both in one step, in the file's own way of writing.

        A column that the file lacks is added to it where a line says something there; every other line stays as it is
        written.

        A line that is added is its cells by column; one that is taken out is the row that a spreadsheet shows.

        Raises:
            UserError: the file cannot be read.
        """
        text = self._text() if self.path.is_file() else MARK
        mark = MARK if text.startswith(MARK) else ""
        file = CsvText(text if text.removeprefix(MARK).strip() else f"{mark}{','.join(self.header)}\n")
        for name in self.header:
            if any(cells[name] for cells in lines) and name not in self._columns(file.header):
                file = CsvText(file.with_column(name))
        columns = self._columns(file.header)
        rows = [{file.header[at]: guard(cells[name]) for name, at in columns.items()} for cells in lines]
        left_out = [line for line in file.lines if line.number in removed] if removed else []
        if rows or left_out:
            # Added lines stand below removed ones, which stay in their place.
            self._replace(lambda: CsvText(file.with_lines(rows) if rows else file.text).without_lines(left_out))

    def _columns(self, header: Sequence[str]) -> dict[str, int]:
        places = {cell.strip().casefold().replace(" ", "_"): i for i, cell in enumerate(header)}
        missing = [name for name in self.needed if name not in places]
        if missing:
            raise self.error(
                f"{self.path.name}: its first row lacks the column {', '.join(missing)}.",
                f"Write {','.join(self.header)} into the first row.",
            )
        return {name: places[name] for name in self.header if name in places}

    def _text(self) -> str:
        """Return the file's text with its byte order mark.

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
            return text if encoding == "utf-8" else MARK + text
        raise self.error(f"{self.path.name} is no CSV text.", 'Save it from the spreadsheet as "CSV UTF-8".')

    def _replace(self, change: Callable[[], str]) -> None:
        try:
            text = change()
        except CsvError as error:
            raise self.error(f"{self.path.name}: {error.what}", error.remedy) from error
        write_file(self.path, text, None if self.path.is_file() else 0o644)


def _cell(row: Sequence[str], place: int) -> str:
    return unguard(row[place].strip()) if place < len(row) else ""

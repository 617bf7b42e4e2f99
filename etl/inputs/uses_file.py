"""`columns.csv`, `sheets.csv`, `answers.csv`, read and written: a line says what that is which its first cells name.

What can be said is the business of `columns_file`, `sheets_file` and `answers_file`.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from dashboard.answers.answer import Answer
from dashboard.campaign.working_copy import find_version
from dashboard.errors import UserError
from etl.inputs.staff_file import StaffFile
from etl.recipes.settlements import Settlement, SheetSettlement

S = TypeVar("S", Settlement, SheetSettlement, Answer)


@dataclass(frozen=True)
class UsesFile(Generic[S]):
    """One such file.

    Attributes:
        path: Where it is, or will be.
        line: Makes a line of it.
        names: The columns of the cells that name a thing; capitals make no difference in them.
        error: What is raised where the file cannot be used.
        needed: Those of these columns that must be filled; None for all.
    """

    path: Path
    line: Callable[..., S]
    names: tuple[str, ...]
    error: type[UserError]
    needed: tuple[str, ...] | None = None

    def read(self) -> list[S]:
        """Every line, in the order of the file; none where there is no file.

        Raises:
            UserError: the file cannot be read, or a line lacks a cell.
        """
        file, lines = self._file(), []
        for number, cells in file.rows():
            empty = next((name for name in file.needed if not cells[name]), None)
            if empty is not None:
                raise self.error(
                    f'{self.path.name}, row {number}: the column "{empty}" is empty.', "Fill it, or take the row out."
                )
            lines.append(self._make(cells, number))
        return lines

    def find(self, answer: S) -> list[S]:
        """The lines about the same thing, the one that counts last.

        Raises:
            UserError: the file cannot be read.
        """
        return [line for line in self.read() if _name(line) == _name(answer)]

    def say(self, answer: S) -> tuple[S, bool]:
        """Keep what a thing is; returns the line, and whether it is new. A later word replaces an earlier one.

        Raises:
            UserError: the file cannot be read.
        """
        is_new = any(self.say_all([answer]))
        return self.find(answer)[-1], is_new

    def take_back(self, answer: S) -> S | None:
        """Take out the lines about a thing; returns the line that counted, None where there was none.

        Raises:
            UserError: the file cannot be read.
        """
        settlements = self.find(answer)
        self.say_all([replace(answer, use="")])
        return settlements[-1] if settlements else None

    def say_all(self, answers: Sequence[S]) -> tuple[int, int]:
        """Keep or take back what several things are, all of them or none; an empty use takes back.

        Returns:
            How many are kept and how many are taken back; what was said already counts in neither.

        Raises:
            UserError: the file cannot be read; it stays as it is.
        """
        present: dict[tuple[str, ...], list[S]] = {}
        for line in self.read():
            present.setdefault(_name(line), []).append(line)
        added: dict[tuple[str, ...], S] = {}
        removed: list[S] = []
        kept_count = taken_back = 0
        today = date.today().isoformat()
        for answer in answers:
            name = _name(answer)
            lines = [added[name]] if name in added else present.get(name, [])
            if answer.use == (lines[-1].use if lines else ""):
                continue
            removed += present.pop(name, [])
            added.pop(name, None)
            if answer.use:
                added[name] = replace(answer, decided_on=today)
                kept_count += 1
            else:
                taken_back += 1
        file = self._file()
        cells = [dict(zip(file.header, astuple(line)[1:], strict=True)) for line in added.values()]
        file.change(cells, [line.line for line in removed])
        return kept_count, taken_back

    def refuse_changed(self, answers: Sequence[S], version: str | None) -> None:
        """Refuse answers that would overwrite newer ones than the caller has seen.

        Args:
            answers: What is to be kept or taken back.
            version: The version of the file that they rest on (`campaign.working_copy`); None where nobody looked.

        Raises:
            UserError: the file has changed, and says something else of one of these things.
        """
        if version is None or find_version(self.path) == version:
            return
        for answer in answers:
            lines = self.find(answer)
            if lines and lines[-1].use != answer.use:
                names = ", ".join(filter(None, _cells(answer)))
                raise self.error(
                    f"{self.path.name}, row {lines[-1].line}: {names} was said to be {lines[-1].use} since you looked.",
                    "Nothing of yours was kept: look at it, and keep yours or leave it.",
                )

    def read_answers(self, text: str) -> list[S]:
        """The lines of a list written as the file is; a note may be missing, and an empty use takes back.

        Raises:
            UserError: it is empty or lacks a column.
        """
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        needed = self._file().needed
        lacking = [name for name in needed if rows and name not in rows[0]]
        if lacking or not rows:
            raise self.error(
                f"The list lacks the column {', '.join(lacking)}." if rows else "The list is empty.",
                f"Write {','.join(needed)} into its first row and one of them below it a row.",
            )
        cells = [{name: (cell or "").strip() for name, cell in row.items() if isinstance(cell, str)} for row in rows]
        return [self._make(row) for row in cells]

    def _file(self) -> StaffFile:
        header = (*self.names, "is", "note", "decided_on")
        return StaffFile(self.path, header, (*(self.names if self.needed is None else self.needed), "is"), self.error)

    def _make(self, cells: Mapping[str, str], number: int = 0) -> S:
        named_cells = (cells.get(name, "") for name in self.names)
        answer_cells = (cells.get("is", "").casefold(), cells.get("note", ""), cells.get("decided_on", ""))
        return self.line(number, *named_cells, *answer_cells)


def _cells(line: Settlement | SheetSettlement | Answer) -> tuple[str, ...]:
    """The cells that name a thing: those between the line's number and its use."""
    cells: tuple[str, ...] = tuple(vars(line).values())[1:-3]
    return cells


def _name(line: Settlement | SheetSettlement | Answer) -> tuple[str, ...]:
    """The cells that name a thing, as they are compared."""
    return tuple(cell.casefold() for cell in _cells(line))

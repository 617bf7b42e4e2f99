"""Edits that people make to their files by hand, as functions from the rows of a register to its rows or its bytes.

None of them changes what a reader of the table would say of its actions.
"""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import openpyxl

Row = list[str | None]


@dataclass(frozen=True)
class Register:
    """A register as a file will hold it: its rows, of which `header` is the first; and how it is written.

    Attributes:
        above: Lines above the header.
        old: An older copy of the rows, in a sheet of its own; `is_hidden` where that sheet is hidden.
        blanks_merged: Cells of one column that are merged with the cell above.
    """

    header: Row
    rows: list[Row]
    above: list[Row] = field(default_factory=list)
    old: list[Row] | None = None
    is_hidden: bool = False
    delimiter: str = ","
    encoding: str = "utf-8"

    def as_csv(self) -> bytes:
        """The register as text; an older copy has no place there."""
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.delimiter).writerows([*self.above, self.header, *self.rows])
        return out.getvalue().encode(self.encoding)

    def as_workbook(self) -> bytes:
        """The register as a workbook."""
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in [*self.above, self.header, *self.rows]:
            sheet.append(row)
        if self.old is not None:
            older = book.create_sheet("2020")
            for row in [self.header, *self.old]:
                older.append(row)
            older.sheet_state = "hidden" if self.is_hidden else "visible"
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


Edit = Callable[[Register, random.Random], Register]


def _by_column(register: Register, change: Callable[[Row, int], Row]) -> Register:
    return replace(
        register,
        header=change(register.header, -1),
        rows=[change(row, number) for number, row in enumerate(register.rows)],
        old=None if register.old is None else [change(row, number) for number, row in enumerate(register.old)],
    )


def _in_rows(register: Register, change: Callable[[Row], Row]) -> Register:
    return replace(register, rows=[change(row) for row in register.rows])


def shuffle_columns(register: Register, draw: random.Random) -> Register:
    order = draw.sample(range(len(register.header)), len(register.header))
    return _by_column(register, lambda row, _: [row[i] for i in order])


def shuffle_rows(register: Register, draw: random.Random) -> Register:
    return replace(register, rows=draw.sample(register.rows, len(register.rows)))


def empty_column(register: Register, draw: random.Random) -> Register:
    at = draw.randrange(len(register.header))
    return _by_column(register, lambda row, _: [*row[:at], None, *row[at:]])


def column_of_notes(register: Register, draw: random.Random) -> Register:
    at = draw.randrange(len(register.header))
    return _by_column(
        register, lambda row, n: [*row[:at], "Our remarks" if n < 0 else f"See folder {n} and call back", *row[at:]]
    )


def running_number(register: Register, _: random.Random) -> Register:
    return _by_column(register, lambda row, n: ["No." if n < 0 else str(n + 1), *row])


def title_above(register: Register, _: random.Random) -> Register:
    width = len(register.header) - 1
    return replace(register, above=[["Register of 2021 Actions", *[None] * width], [None] * (width + 1)])


def blank_rows(register: Register, draw: random.Random) -> Register:
    at = draw.randrange(1, len(register.rows))
    return replace(register, rows=[*register.rows[:at], [None] * len(register.header), *register.rows[at:]])


def total_below(register: Register, _: random.Random) -> Register:
    row: Row = [None] * len(register.header)
    row[0], row[-1] = "Total", str(len(register.rows))
    return replace(register, rows=[*register.rows, row])


def note_below(register: Register, _: random.Random) -> Register:
    blank: Row = [None] * len(register.header)
    note = ["Note: as reported by the stakeholders until 30 December 2021.", *blank[1:]]
    return replace(register, rows=[*register.rows, blank, note])


def header_again(register: Register, draw: random.Random) -> Register:
    at = draw.randrange(5, len(register.rows))
    return replace(register, rows=[*register.rows[:at], list(register.header), *register.rows[at:]])


def headings_between(register: Register, draw: random.Random) -> Register:
    at = draw.randrange(5, len(register.rows))
    heading: Row = ["Second part", *[None] * (len(register.header) - 1)]
    return replace(register, rows=[*register.rows[:at], heading, *register.rows[at:]])


def _rename(register: Register, draw: random.Random, change: Callable[[str], str]) -> Register:
    names = [i for i, name in enumerate(register.header) if name]
    at = draw.choice(names)
    return replace(register, header=[change(str(n)) if i == at else n for i, n in enumerate(register.header)])


def header_misspelt(register: Register, draw: random.Random) -> Register:
    return _rename(register, draw, lambda name: name[:-2] + name[-1] + name[-2] if len(name) > 3 else name + "x")


def header_dated(register: Register, draw: random.Random) -> Register:
    return _rename(register, draw, lambda name: f"{name} (Dec 2021)")


def header_untidy(register: Register, draw: random.Random) -> Register:
    return _rename(register, draw, lambda name: f" {name.upper()}\u00a0:\n")


def header_twice(register: Register, draw: random.Random) -> Register:
    """The last column once more, in front of itself, as it was half a year ago."""
    at, before = len(register.header) - 1, [row[-1] for row in draw.sample(register.rows, len(register.rows))]
    return _by_column(register, lambda row, n: [*row[:at], row[at] if n < 0 else before[n % len(before)], *row[at:]])


def untidy_cells(register: Register, _: random.Random) -> Register:
    return _in_rows(register, lambda row: [None if cell is None else f"\u00a0{cell}  " for cell in row])


def capitals(register: Register, _: random.Random) -> Register:
    return _in_rows(register, lambda row: [*row[:-1], None if row[-1] is None else row[-1].upper()])


def full_stops(register: Register, _: random.Random) -> Register:
    return _in_rows(register, lambda row: [*row[:-1], None if row[-1] is None else f"{row[-1]}."])


def row_again(register: Register, draw: random.Random) -> Register:
    return replace(register, rows=[*register.rows, list(draw.choice(register.rows))])


def semicolons(register: Register, _: random.Random) -> Register:
    return replace(register, delimiter=";", encoding="cp1252")


def unicode_text(register: Register, _: random.Random) -> Register:
    return replace(register, delimiter="\t", encoding="utf-16")


def older_sheet(register: Register, _: random.Random) -> Register:
    """A second sheet as it was before anything was completed."""
    words = [row[-1] for row in register.rows if row[-1]]
    before = min(words, key=words.count)
    return replace(register, old=[[*row[:-1], before] for row in register.rows])


def hidden_sheet(register: Register, draw: random.Random) -> Register:
    return replace(older_sheet(register, draw), is_hidden=True)


EDITS: tuple[Edit, ...] = (
    shuffle_columns, shuffle_rows, empty_column, column_of_notes, running_number, title_above, blank_rows, total_below,
    note_below, header_again, headings_between, header_misspelt, header_dated, header_untidy, header_twice,
    untidy_cells, capitals, full_stops, row_again, semicolons, unicode_text, hidden_sheet,
)  # fmt: skip

ASKED_ABOUT: tuple[Edit, ...] = (header_misspelt, header_dated, header_twice, older_sheet)
"""Edits after which the file alone cannot tell what is meant."""

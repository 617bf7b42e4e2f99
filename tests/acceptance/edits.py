"""Edits that people make to their files by hand, grouped by the build's reaction to them.

An edit turns a table into the edited table; one that a table gives no occasion for gives the table itself back.
"""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from tests.acceptance.edited_table import Cell, Row, Table

Change = Callable[[Table, random.Random], Table]


class Edit(NamedTuple):
    """An edit: its name, its change, and the build's message about it, as a pattern."""

    name: str
    change: Change
    answer: str = ""

    def __call__(self, table: Table, draw: random.Random) -> Table:
        """Edit the table."""
        return self.change(table, draw)


_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?\S*)?")


def _cell(row: Row, at: int) -> Cell:
    return row[at] if at < len(row) else None


def _insert(table: Table, at: int, content: Callable[[int], Cell]) -> Table:
    width = len(table.header)
    return table.by_column(lambda row, n: [*(row + [None] * (width - len(row)))[:at], content(n), *row[at:]])


def _named(name: str, content: Callable[[int], Cell]) -> Callable[[int], Cell]:
    return lambda n: name if n == -1 else None if n < 0 else content(n)


def _put_in(table: Table, at: int, row: Row) -> Table:
    return replace(table, rows=[*table.rows[:at], row, *table.rows[at:]])


def _fill_column(table: Table, at: int, cells: list[Cell]) -> Table:
    rows = [[cells[n] if i == at else c for i, c in enumerate(row)] for n, row in enumerate(table.rows)]
    return replace(table, rows=rows)


def _column(name: str, content: Callable[[int], Cell]) -> Change:
    """Add a column somewhere."""
    return lambda table, draw: _insert(table, draw.randrange(len(table.header)), _named(name, content))


def _cells(change: Callable[[Cell], Cell]) -> Change:
    """Change every cell."""
    return lambda table, _: table.in_rows(lambda row: [change(cell) for cell in row])


def _of_code(change: Callable[[Table, random.Random, int], Table]) -> Change:
    """Apply a change to the column of the first code."""
    return lambda table, draw: table if table.code is None else change(table, draw, table.code)


def _codes(change: Callable[[Cell], Cell]) -> Change:
    """Change every cell of the first code."""
    return _of_code(lambda table, _, at: table.in_column(at, change))


def _days(change: Callable[[datetime], str]) -> Change:
    """Rewrite every cell that is nothing but a day, or a moment; leave the cells of ids."""

    def write(cell: Cell) -> Cell:
        if isinstance(cell, datetime):
            return change(cell)
        found = _DAY.fullmatch(cell) if isinstance(cell, str) else None
        return change(datetime(*(int(part or 0) for part in found.groups()))) if found else cell  # type: ignore[arg-type]

    def edit(table: Table, _: random.Random) -> Table:
        ids = [i for i, name in enumerate(table.header) if name in table.ids]
        edited = table.in_rows(lambda row: [c if i in ids else write(c) for i, c in enumerate(row)])
        return table if edited.rows == table.rows else edited

    return edit


def _clock(moment: datetime) -> str:
    return f" {moment:%H:%M}" if moment.hour or moment.minute else ""


def _header(change: Callable[[str], str]) -> Change:
    """Change one header."""

    def edit(table: Table, draw: random.Random) -> Table:
        at = draw.choice([i for i, name in enumerate(table.header) if name])
        return replace(table, header=[change(str(n)) if i == at else n for i, n in enumerate(table.header)])

    return edit


def _as_text(**how: str) -> Change:
    """Write the table as text in this way, where it is text and its letters allow it."""

    def edit(table: Table, _: random.Random) -> Table:
        if table.is_workbook:
            return table
        written = replace(table, **how)  # type: ignore[arg-type]
        try:
            written.write()
        except UnicodeEncodeError:
            return table
        return written

    return edit


def _as_workbook(change: Change) -> Change:
    """Apply a change in workbooks alone."""
    return lambda table, draw: change(table, draw) if table.is_workbook else table


def _sort_by(table: Table, at: int) -> Table:
    return replace(table, rows=sorted(table.rows, key=lambda row: str(row[at] or "~")))


def _runs(table: Table, at: int) -> list[tuple[int, int]]:
    """First and last row of those below each other that are alike in a column."""
    runs: list[tuple[int, int]] = []
    for number, row in enumerate(table.rows):
        if runs and row[at] not in (None, "") and row[at] == table.rows[number - 1][at]:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _blank_repeats(table: Table, at: int, mark: Cell = None) -> Table:
    """Sort the rows by a column, then blank (or mark) its repeated cells."""
    by_code = _sort_by(table, at)
    first = {start for start, _ in _runs(by_code, at)}
    rows = [
        [mark if i == at and number not in first else c for i, c in enumerate(row)]
        for number, row in enumerate(by_code.rows)
    ]
    return replace(by_code, rows=rows)


def has_long_runs(table: Table) -> bool:
    """Whether each word of the first code stands in so many rows that its repeats left blank can be told."""
    at = table.code
    counts = Counter(row[at] for row in table.rows if at is not None and row[at] not in (None, ""))
    return min(counts.values(), default=0) > 2


# Columns and rows in another order, or more of them


def shuffle_columns(table: Table, draw: random.Random) -> Table:
    order = draw.sample(range(len(table.header)), len(table.header))
    return table.by_column(lambda row, _: [_cell(row, i) for i in order])


def remarks_without_header(table: Table, draw: random.Random) -> Table:
    numbers = set(draw.sample(range(len(table.rows)), min(3, len(table.rows))))
    return _insert(table, len(table.header), lambda n: "to be checked with the office" if n in numbers else None)


def columns_of_a_template(table: Table, _: random.Random) -> Table:
    """Use the headers that a spreadsheet gives to the empty columns of a table."""
    for number in (1, 2):
        table = _insert(table, len(table.header), _named(f"Column{number}", lambda _: None))
    return table


def pivot_beside(table: Table, _: random.Random, at: int) -> Table:
    """Add a summary of the first code's words, an empty column to the right of the table."""
    counts = Counter(str(row[at]) for row in table.rows if row[at] not in (None, ""))
    lines: list[tuple[Cell, Cell]] = [*counts.most_common(), ("Grand Total", sum(counts.values()))]
    heads = ("Row Labels", f"Count of {table.header[at]}")
    table = _insert(table, len(table.header), lambda _: None)
    for name, column in zip(heads, zip(*lines, strict=True), strict=True):
        content = _named(name, lambda n, c=column: c[n] if n < len(c) else None)  # type: ignore[misc]
        table = _insert(table, len(table.header), content)
    return table


def header_twice(table: Table, draw: random.Random, at: int) -> Table:
    """Put a copy of the first code's column, half a year old, in front of it."""
    before = [row[at] for row in draw.sample(table.rows, len(table.rows))]
    return table.by_column(lambda row, n: [*row[:at], row[at] if n < 0 else before[n % len(before)], *row[at:]])


def title_above(table: Table, _: random.Random) -> Table:
    blank: Row = [None] * (len(table.header) - 1)
    return replace(table, above=[["Register of 2021 Actions", *blank], [None, *blank], *table.above])


def total_below(table: Table, _: random.Random) -> Table:
    row: Row = [None] * len(table.header)
    row[0], row[-1] = "Total", str(len(table.rows))
    return replace(table, rows=[*table.rows, row])


def _below(*lines: Row, blanks: int = 1) -> Change:
    """Lines below the table, after so many blank ones; a table that is narrower than they are has none."""

    def edit(table: Table, _: random.Random) -> Table:
        width = len(table.header)
        if width < max(map(len, lines)):
            return table
        wide: list[Row] = [[*line, *[None] * (width - len(line))] for line in (*[[]] * blanks, *lines)]
        return replace(table, rows=[*table.rows, *wide])

    return edit


def header_again(table: Table, draw: random.Random) -> Table:
    return _put_in(table, draw.randrange(min(5, len(table.rows)), len(table.rows) + 1), list(table.header))


def headings_between(table: Table, draw: random.Random) -> Table:
    if len(table.rows) < 3:
        return table
    heading: Row = ["Second part", *[None] * (len(table.header) - 1)]
    return _put_in(table, draw.randrange(min(5, len(table.rows) - 1), len(table.rows)), heading)


def help_below_header(table: Table, _: random.Random) -> Table:
    """Add a line of instructions for filling in each column."""
    return _put_in(table, 0, ["choose from the list" if name in table.codes else "text" for name in table.header])


def pasted_in_other_order(table: Table, draw: random.Random) -> Table:
    """Take the second half from a colleague, with columns in another order and their headers."""
    if len(table.rows) < 4:
        return table
    half = len(table.rows) // 2
    order = draw.sample(range(len(table.header)), len(table.header))
    theirs = [[_cell(row, i) for i in order] for row in (table.header, *table.rows[half:])]
    return replace(table, rows=[*table.rows[:half], *theirs])


def row_again(table: Table, draw: random.Random) -> Table:
    return replace(table, rows=[*table.rows, list(draw.choice(table.rows))]) if table.ids else table


def rows_pasted_twice(table: Table, draw: random.Random) -> Table:
    """Some rows once more, right below themselves."""
    if not table.ids:
        return table
    at = draw.randrange(len(table.rows))
    some = [list(row) for row in table.rows[at : at + 5]]
    return replace(table, rows=[*table.rows[: at + 5], *some, *table.rows[at + 5 :]])


# The look of cells and headers


def _soften(text: str) -> str:
    """Write a text as copied from a web page or a Mac: soft hyphens, marks of direction, separate accents."""
    middle = len(text) // 2
    apart = unicodedata.normalize("NFD", text)
    hyphen = "\u00ad" if re.search(r"[^\W\d] [^\W\d]", text) else ""  # ids and codes are not divided
    return f"\u200e{apart[:middle]}{hyphen}{apart[middle:]}\u200b"


def numbers_as_text(table: Table, _: random.Random) -> Table:
    if table.is_workbook:
        return table.in_rows(lambda row: [str(c) if isinstance(c, int | float) else c for c in row])
    return table.in_rows(lambda row: [f"'{c}" if isinstance(c, str) and re.fullmatch(r"\d+", c) else c for c in row])


def comments(table: Table, draw: random.Random) -> Table:
    return replace(table, noted=tuple((draw.randrange(len(table.rows)), i) for i in range(len(table.header))))


def filtered(table: Table, draw: random.Random) -> Table:
    if len(table.rows) < 2:
        return table
    return replace(table, hidden_rows=tuple(draw.sample(range(len(table.rows)), len(table.rows) // 2)))


def headers_in_two_rows(table: Table, _: random.Random) -> Table:
    """Split each header of several words over two rows."""
    if table.below:
        return table
    parts = [str(name or "").rsplit(" ", 1) for name in table.header]
    second: Row = [part[1] if len(part) > 1 else None for part in parts]
    return replace(table, header=[part[0] or None for part in parts], below=[second]) if any(second) else table


def headers_translated(table: Table, _: random.Random) -> Table:
    """Translate the headers of the codes by a program into an unexpected language."""
    words = iter(("Stand der Umsetzung", "Einsatzgebiet", "Schwerpunkte", "Art der Maßnahme", "Gruppe"))
    new = {name: next(words) for name in table.codes if name in table.header}
    return replace(table, header=[new.get(str(name), name) for name in table.header]) if new else table


# The notation of the file, and its sheets


def saved_as_text(table: Table, _: random.Random) -> Table:
    """Save a workbook's sheet as CSV."""
    return table if table.others else replace(table, is_workbook=False, encoding="utf-8-sig")


def glued(table: Table, _: random.Random) -> Table:
    """Open a CSV with the wrong separator and save it: each line in one cell."""
    one = table.by_column(lambda row, _: [";".join(str(cell or "") for cell in row)])
    return replace(one, is_workbook=True, codes=())


def transposed(table: Table, _: random.Random) -> Table:
    lines = [table.header, *table.below, *table.rows]
    turned = [[_cell(row, i) for row in lines] for i in range(len(table.header))]
    return replace(table, header=turned[0], rows=turned[1:], below=[], codes=())


def cut_short(table: Table, _: random.Random) -> Table:
    """Break a download off in the middle of the last row."""
    if table.is_workbook:
        return table
    return replace(table, lost=sum(len(str(c or "")) + 1 for c in table.rows[-1]) // 2 + 2)


def older_sheet(table: Table, _: random.Random, at: int) -> Table:
    """Add a second sheet from before anything was completed."""
    words = [row[at] for row in table.rows if row[at]]
    before = min(words, key=words.count)
    old = [[before if i == at else c for i, c in enumerate(row)] for row in table.rows]
    return replace(table, is_workbook=True, others={**table.others, "2020": [table.header, *table.below, *old]})


def sheets_beside(table: Table, _: random.Random) -> Table:
    """Empty sheets, and one that counts the words of the first code."""
    counts: list[Row] = [["Overview", None], ["Rows", len(table.rows)]]
    if (at := table.code) is not None:
        counts += [[word, n] for word, n in Counter(str(row[at]) for row in table.rows if row[at]).items()]
    return replace(table, others={**table.others, "Sheet2": [], "Overview": counts})


# Losses, after which the file alone lacks information


def status_merged(table: Table, _: random.Random, at: int) -> Table:
    """Codes that are alike in rows below each other become one merged cell."""
    if not table.is_workbook:
        return table
    merged = tuple((start, end, at) for start, end in _runs(_sort_by(table, at), at) if end > start)
    return replace(_blank_repeats(table, at), merged=merged)


def word_replaced(table: Table, _: random.Random, at: int) -> Table:
    """Replace the commonest code by another word."""
    word = Counter(row[at] for row in table.rows if row[at] not in (None, "")).most_common(1)[0][0]
    return table.in_column(at, lambda cell: "Off the list" if cell == word else cell)


def column_split(table: Table, _: random.Random) -> Table:
    """Split cells of several values over two columns; the second has no header."""
    for name in (name for name in table.codes if name in table.header):
        at = table.header.index(name)
        parts = [re.split(r"\s*[;,|]\s*", str(row[at] or ""), maxsplit=1) for row in table.rows]
        if any(len(part) > 1 and part[1] for part in parts):
            return _split_column(table, at, parts)
    return table


def _split_column(table: Table, at: int, parts: list[list[str]]) -> Table:
    def split(row: Row, number: int) -> Row:
        two: Row = [row[at], None]
        if number >= 0:
            two = [parts[number][0], parts[number][1] if len(parts[number]) > 1 else None]
        return [*row[:at], *two, *row[at + 1 :]]

    return table.by_column(split)


def column_shifted(table: Table, _: random.Random, at: int) -> Table:
    """Paste the first code's column a row too low."""
    cells = [None, *(row[at] for row in table.rows)]
    last: Row = [cells[-1] if i == at else None for i in range(len(table.header))]
    return replace(table, rows=[*_fill_column(table, at, cells).rows, last])


def column_sorted(table: Table, _: random.Random, at: int) -> Table:
    """Sort the first code's column without the others."""
    return _fill_column(table, at, sorted((row[at] for row in table.rows), key=lambda cell: str(cell or "~")))


WHOLE, LONG = re.compile(r"[1-9]\d{0,8}"), re.compile(r"\d{9,}")
NOTE = "Note: as reported by the stakeholders until 30 December 2021."
PLAIN = (
    Edit("untidy_cells", _cells(lambda cell: f"\u00a0{cell}  " if isinstance(cell, str) and cell else cell)),
    Edit("blanks_for_nothing", _cells(lambda cell: " " if cell in (None, "") else cell)),
    Edit("soft_signs", _cells(lambda cell: _soften(cell) if isinstance(cell, str) else cell)),
    Edit("shuffle_columns", shuffle_columns),
    Edit("shuffle_rows", lambda table, draw: replace(table, rows=draw.sample(table.rows, len(table.rows)))),
    Edit("empty_column", lambda table, draw: _insert(table, draw.randrange(len(table.header)), lambda _: None)),
    Edit("column_of_notes", _column("Our remarks", lambda n: f"See folder {n} and call back")),
    Edit("running_number", lambda table, _: _insert(table, 0, _named("No.", lambda n: str(n + 1)))),
    Edit("column_of_errors", _column("Check", lambda _: "#REF!")),  # formulas whose table was deleted
    Edit("remarks_without_header", remarks_without_header),
    Edit("columns_of_a_template", columns_of_a_template),
    Edit("title_above", title_above),
    Edit(
        "begun_further_down",  # in column C of row 4
        _as_workbook(lambda table, _: replace(table, columns_before=2, above=[[None]] * 3 + table.above)),
    ),
    Edit(
        "blank_rows",
        lambda table, draw: _put_in(table, draw.randrange(1, len(table.rows) + 1), [None] * len(table.header)),
    ),
    Edit("total_below", total_below),
    Edit("note_below", _below([NOTE])),
    Edit("header_again", header_again),
    Edit("headings_between", headings_between),
    Edit("header_untidy", _header(lambda name: f" {name.upper()}\u00a0:\n")),
    Edit("capitals", _codes(lambda cell: str(cell).upper())),
    Edit("full_stops", _codes(lambda cell: f"{cell}.")),
    Edit("ticked", _codes(lambda cell: f"✓ {cell}")),
    Edit(
        "numbers_with_decimals",  # whole numbers as a statistics program saves them
        _cells(lambda cell: f"{cell}.0" if WHOLE.fullmatch(str(cell)) else cell),
    ),
    Edit("days_in_words", _days(lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}" + _clock(day))),
    Edit("days_as_numbers", _days(lambda day: str(round((day - datetime(1899, 12, 30)).total_seconds() / 86400, 5)))),
    Edit("comments", _as_workbook(comments)),
    Edit("filtered", _as_workbook(filtered)),
    Edit("row_again", row_again),
    Edit("rows_pasted_twice", rows_pasted_twice),
    Edit("sheets_beside", _as_workbook(sheets_beside)),
    Edit(
        "hidden_sheet",
        _of_code(lambda table, draw, at: replace(older_sheet(table, draw, at), hidden=frozenset({"2020"}))),
    ),
    Edit("semicolons", _as_text(delimiter=";", encoding="cp1252")),
    Edit("unicode_text", _as_text(delimiter="\t", encoding="utf-16")),
    Edit("separator_declared", _as_text(delimiter=";", first_line="sep=;\r\n")),
    Edit("mac_line_ends", _as_text(line_end="\r")),
    Edit(
        "saved_by_another_name",
        lambda table, _: replace(table, saved_as="Book1", sheet="Feuil1" if table.is_workbook else table.sheet),
    ),
    Edit("copied", lambda table, _: replace(table, saved_as="Copy of {} (1)")),
    Edit("saved_as_text", _as_workbook(saved_as_text)),
    Edit("saved_as_workbook", lambda table, _: table if table.is_workbook else replace(table, is_workbook=True)),
    Edit("numbers_as_text", numbers_as_text),
)
"""Edits that do not change a register's meaning, in the order in which people make them."""

OF_SETS = {"copied", "saved_by_another_name", "row_again", "rows_pasted_twice"}
"""Edits after which the repeats of an answer, in a file beside it, may no longer find it (it has another name, or comes
twice): they are listed."""

LEGEND: tuple[Row, ...] = (["Legend:"], ["green", "done"], ["red", "late"])
OFFICES: tuple[Row, ...] = (["Office", "Opened", None], ["Example Town", "2019"], ["Port Example", "2020"])
ASKED_ABOUT = (
    Edit(
        "header_misspelt",
        _header(lambda name: name[:-2] + name[-1] + name[-2] if len(name) > 3 else name + "x"),
        "looks like|No recipe recognises",
    ),
    Edit("header_dated", _header(lambda name: f"{name} (Dec 2021)"), r"\(Dec 2021\)"),
    Edit("header_twice", _of_code(header_twice), "looks like"),
    Edit(
        "header_emptied",
        _of_code(
            lambda table, _, at: replace(table, header=[None if i == at else n for i, n in enumerate(table.header)])
        ),
        "which has no header, looks like",
    ),
    Edit("headers_translated", headers_translated, "“Stand der Umsetzung” looks like"),
    Edit("headers_in_two_rows", headers_in_two_rows, "No recipe recognises"),
    Edit("pivot_beside", _of_code(pivot_beside), "“Row Labels” looks like"),
    Edit("column_split", column_split, "which has no header, looks like"),
    Edit("other_table_below", _below(*OFFICES, blanks=2), "as if they were another table"),
    Edit("legend_below", _below(*LEGEND), "as if they were another table"),
    Edit("pasted_in_other_order", pasted_in_other_order, "repeats the headers, but in other columns"),
    Edit("column_shifted", _of_code(column_shifted), "starts one row too low"),
    Edit(
        "repeats_left_blank",  # a code stands only in the first of the rows below each other that have it
        _of_code(lambda table, _, at: _blank_repeats(table, at)),
        "appears once, with blank cells below",
    ),
    Edit("status_merged", _of_code(status_merged), "Cells are merged across several rows"),
    Edit("help_below_header", help_below_header, "look like tests or examples"),
    Edit("codes_lost", _codes(lambda _: "#N/A"), "instead of a value"),  # a lookup that no longer finds anything
    Edit("days_too_narrow", _days(lambda _: "########"), "hold ######## instead of a value"),
    Edit(
        "numbers_in_short",  # long ones as a narrow column shows them and a CSV then keeps them: 1.23E+11
        _cells(lambda cell: f"{float(str(cell)):.2E}" if LONG.fullmatch(str(cell)) else cell),
        "shortened to numbers such as",
    ),
    Edit("older_sheet", _of_code(older_sheet), "holds the same actions"),
    Edit("cut_short", cut_short, "breaks off in its last row"),
    Edit("glued", glued, "No recipe recognises"),
    Edit("transposed", transposed, "is sideways"),
    Edit("locked", _as_workbook(lambda table, _: replace(table, is_locked=True)), "password"),
    Edit("saved_as_page", lambda table, _: replace(table, is_page=True, is_workbook=True), "web page"),
)
"""Edits that leave the file's meaning open, and the messages about them."""

LISTED = (
    Edit(
        "remarked",
        _of_code(lambda table, draw, at: table.in_column(at, lambda cell: f"{cell} (see annex {draw.randrange(9)})")),
    ),
    Edit("ditto", _of_code(lambda table, _, at: _blank_repeats(table, at, "idem"))),
    Edit("word_replaced", _of_code(word_replaced)),
)
"""Edits that leave words which match no code: their rows count without it, and the words are listed."""

BY_COLUMN = (Edit("days_american", _days(lambda day: f"{day.month}/{day.day}/{day.year}" + _clock(day))),)
"""Edits after which the other dates of a column, or its recipe, decide, as the account says."""

TRACELESS = (
    Edit("code_emptied", _codes(lambda _: None)),  # somebody has coloured the cells instead of writing into them
    Edit("column_sorted", _of_code(column_sorted)),
)
"""Edits that only an earlier version of the file reveals: the preview of an upload shows their changes."""

EDITS = (*PLAIN, *ASKED_ABOUT, *LISTED, *BY_COLUMN, *TRACELESS)

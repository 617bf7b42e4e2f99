"""Edits that people make to their files by hand, as functions from a table to the edited table.

An edit that a table gives no occasion for gives the table itself back. At the end they are put together by what a build
has to do about them.
"""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tests.acceptance.edited_table import Cell, Row, Table

Edit = Callable[[Table, random.Random], Table]

_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?\S*)?")


# Columns and rows in another order, or more of them


def shuffle_columns(table: Table, draw: random.Random) -> Table:
    order = draw.sample(range(len(table.header)), len(table.header))
    return table.by_column(lambda row, _: [_cell(row, i) for i in order])


def shuffle_rows(table: Table, draw: random.Random) -> Table:
    return replace(table, rows=draw.sample(table.rows, len(table.rows)))


def empty_column(table: Table, draw: random.Random) -> Table:
    return _insert(table, draw.randrange(len(table.header)), lambda _: None)


def column_of_notes(table: Table, draw: random.Random) -> Table:
    notes = _named("Our remarks", lambda n: f"See folder {n} and call back")
    return _insert(table, draw.randrange(len(table.header)), notes)


def running_number(table: Table, _: random.Random) -> Table:
    return _insert(table, 0, _named("No.", lambda n: str(n + 1)))


def column_of_errors(table: Table, draw: random.Random) -> Table:
    """A column of formulas whose table was deleted."""
    return _insert(table, draw.randrange(len(table.header)), _named("Check", lambda _: "#REF!"))


def remarks_without_header(table: Table, draw: random.Random) -> Table:
    numbers = set(draw.sample(range(len(table.rows)), min(3, len(table.rows))))
    return _insert(table, len(table.header), lambda n: "to be checked with the office" if n in numbers else None)


def columns_of_a_template(table: Table, _: random.Random) -> Table:
    """The headers that a spreadsheet gives to the empty columns of what it calls a table."""
    for number in (1, 2):
        table = _insert(table, len(table.header), _named(f"Column{number}", lambda _: None))
    return table


def pivot_beside(table: Table, _: random.Random) -> Table:
    """A summary of the first code's words, an empty column to the right of the table."""
    if (at := table.code) is None:
        return table
    counts = Counter(str(row[at]) for row in table.rows if row[at] not in (None, ""))
    lines: list[tuple[Cell, Cell]] = [*counts.most_common(), ("Grand Total", sum(counts.values()))]
    table = _insert(table, len(table.header), lambda _: None)
    for i, name in enumerate(("Row Labels", f"Count of {table.header[at]}")):
        column = [line[i] for line in lines]
        table = _insert(
            table,
            len(table.header),
            _named(name, lambda n, c=column: c[n] if n < len(c) else None),  # type: ignore[misc]
        )
    return table


def header_twice(table: Table, draw: random.Random) -> Table:
    """The first code's column once more, in front of itself, as it was half a year ago."""
    if (at := table.code) is None:
        return table
    before = [row[at] for row in draw.sample(table.rows, len(table.rows))]
    return table.by_column(lambda row, n: [*row[:at], row[at] if n < 0 else before[n % len(before)], *row[at:]])


def begun_further_down(table: Table, _: random.Random) -> Table:
    """The table begins in column C of row 4."""
    if not table.is_workbook:
        return table
    return replace(table, columns_before=2, above=[[None]] * 3 + table.above)


def title_above(table: Table, _: random.Random) -> Table:
    blank: Row = [None] * (len(table.header) - 1)
    return replace(table, above=[["Register of 2021 Actions", *blank], [None, *blank], *table.above])


def blank_rows(table: Table, draw: random.Random) -> Table:
    return _put_in(table, draw.randrange(1, len(table.rows) + 1), [None] * len(table.header))


def total_below(table: Table, _: random.Random) -> Table:
    row: Row = [None] * len(table.header)
    row[0], row[-1] = "Total", str(len(table.rows))
    return replace(table, rows=[*table.rows, row])


def note_below(table: Table, _: random.Random) -> Table:
    blank: Row = [None] * len(table.header)
    note = ["Note: as reported by the stakeholders until 30 December 2021.", *blank[1:]]
    return replace(table, rows=[*table.rows, blank, note])


def legend_below(table: Table, _: random.Random) -> Table:
    """What colours and words mean, two lines below the table."""
    blank: Row = [None] * len(table.header)
    legend: list[Row] = [["Legend:", *blank[1:]], ["green", "done", *blank[2:]], ["red", "late", *blank[2:]]]
    return replace(table, rows=[*table.rows, blank, *[row[: len(blank)] for row in legend]])


def other_table_below(table: Table, _: random.Random) -> Table:
    """A list of another kind, put below the table."""
    blank: Row = [None] * len(table.header)
    lines: list[Row] = [["Office", "Opened"], ["Example Town", "2019"], ["Port Example", "2020"]]
    if len(blank) < 3:
        return table
    return replace(table, rows=[*table.rows, blank, blank, *[[*line, *blank[2:]] for line in lines]])


def header_again(table: Table, draw: random.Random) -> Table:
    return _put_in(table, draw.randrange(min(5, len(table.rows)), len(table.rows) + 1), list(table.header))


def headings_between(table: Table, draw: random.Random) -> Table:
    if len(table.rows) < 3:
        return table
    heading: Row = ["Second part", *[None] * (len(table.header) - 1)]
    return _put_in(table, draw.randrange(min(5, len(table.rows) - 1), len(table.rows)), heading)


def help_below_header(table: Table, _: random.Random) -> Table:
    """A line that says how each column is to be filled in."""
    texts: Row = ["choose from the list" if name in table.codes else "text" for name in table.header]
    return _put_in(table, 0, texts)


def pasted_in_other_order(table: Table, draw: random.Random) -> Table:
    """The second half comes from a colleague, whose columns stand in another order, with its headers."""
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


# What cells look like


def untidy_cells(table: Table, _: random.Random) -> Table:
    return table.in_rows(lambda row: [f"\u00a0{c}  " if isinstance(c, str) and c else c for c in row])


def blanks_for_nothing(table: Table, _: random.Random) -> Table:
    return table.in_rows(lambda row: [" " if c in (None, "") else c for c in row])


def soft_signs(table: Table, _: random.Random) -> Table:
    """Texts copied from a web page or a Mac: soft hyphens, marks of direction, accents as signs of their own."""
    return table.in_rows(lambda row: [_soften(c) if isinstance(c, str) else c for c in row])


def capitals(table: Table, _: random.Random) -> Table:
    return _in_code(table, lambda cell: str(cell).upper())


def full_stops(table: Table, _: random.Random) -> Table:
    return _in_code(table, lambda cell: f"{cell}.")


def ticked(table: Table, _: random.Random) -> Table:
    return _in_code(table, lambda cell: f"✓ {cell}")


def remarked(table: Table, draw: random.Random) -> Table:
    """Remarks in brackets behind the codes."""
    return _in_code(table, lambda cell: f"{cell} (see annex {draw.randrange(9)})")


def numbers_as_text(table: Table, _: random.Random) -> Table:
    if table.is_workbook:
        return table.in_rows(lambda row: [str(c) if isinstance(c, int | float) else c for c in row])
    return table.in_rows(lambda row: [f"'{c}" if isinstance(c, str) and re.fullmatch(r"\d+", c) else c for c in row])


def numbers_with_decimals(table: Table, _: random.Random) -> Table:
    """Whole numbers as a statistics program saves them."""
    return table.in_rows(
        lambda row: [f"{c}.0" if re.fullmatch(r"[1-9]\d{0,8}", str(c)) and c is not None else c for c in row]
    )


def numbers_in_short(table: Table, _: random.Random) -> Table:
    """Long numbers as a narrow column shows them and a CSV then keeps them: 1.23E+11."""
    return table.in_rows(
        lambda row: [f"{float(c):.2E}" if re.fullmatch(r"\d{9,}", str(c)) and c is not None else c for c in row]
    )


def days_in_words(table: Table, _: random.Random) -> Table:
    return _in_days(table, lambda d: f"{d.day} {_MONTHS[d.month - 1]} {d.year}" + _clock(d))


def days_as_numbers(table: Table, _: random.Random) -> Table:
    return _in_days(table, lambda d: str(round((d - datetime(1899, 12, 30)).total_seconds() / 86400, 5)))


def days_american(table: Table, _: random.Random) -> Table:
    return _in_days(table, lambda d: f"{d.month}/{d.day}/{d.year}" + _clock(d))


def days_too_narrow(table: Table, _: random.Random) -> Table:
    """What a CSV keeps of a column that is too narrow for its dates."""
    return _in_days(table, lambda _: "########")


def comments(table: Table, draw: random.Random) -> Table:
    if not table.is_workbook:
        return table
    return replace(table, noted=tuple((draw.randrange(len(table.rows)), i) for i in range(len(table.header))))


def filtered(table: Table, draw: random.Random) -> Table:
    if not table.is_workbook or len(table.rows) < 2:
        return table
    return replace(table, hidden_rows=tuple(draw.sample(range(len(table.rows)), len(table.rows) // 2)))


# Headers


def header_misspelt(table: Table, draw: random.Random) -> Table:
    return _rename(table, draw, lambda name: name[:-2] + name[-1] + name[-2] if len(name) > 3 else name + "x")


def header_dated(table: Table, draw: random.Random) -> Table:
    return _rename(table, draw, lambda name: f"{name} (Dec 2021)")


def header_untidy(table: Table, draw: random.Random) -> Table:
    return _rename(table, draw, lambda name: f" {name.upper()}\u00a0:\n")


def header_emptied(table: Table, _: random.Random) -> Table:
    """The header of the first code is gone."""
    at = table.code
    return table if at is None else replace(table, header=[None if i == at else n for i, n in enumerate(table.header)])


def headers_in_two_rows(table: Table, _: random.Random) -> Table:
    """Each header of several words goes over two rows."""
    if table.below:
        return table
    parts = [str(name or "").rsplit(" ", 1) for name in table.header]
    second: Row = [part[1] if len(part) > 1 else None for part in parts]
    return replace(table, header=[part[0] or None for part in parts], below=[second]) if any(second) else table


def headers_translated(table: Table, _: random.Random) -> Table:
    """The headers of the codes by a translating program, into a language that nobody expects."""
    words = iter(("Stand der Umsetzung", "Einsatzgebiet", "Schwerpunkte", "Art der Maßnahme", "Gruppe"))
    new = {name: next(words) for name in table.codes if name in table.header}
    return replace(table, header=[new.get(str(name), name) for name in table.header]) if new else table


# How the file is written


def semicolons(table: Table, _: random.Random) -> Table:
    return _as_text(table, delimiter=";", encoding="cp1252")


def unicode_text(table: Table, _: random.Random) -> Table:
    return _as_text(table, delimiter="\t", encoding="utf-16")


def separator_declared(table: Table, _: random.Random) -> Table:
    return _as_text(table, delimiter=";", first_line="sep=;\r\n")


def mac_line_ends(table: Table, _: random.Random) -> Table:
    return _as_text(table, line_end="\r")


def saved_as_text(table: Table, _: random.Random) -> Table:
    """A workbook's sheet as CSV."""
    return replace(table, is_workbook=False, encoding="utf-8-sig") if table.is_workbook and not table.others else table


def saved_as_workbook(table: Table, _: random.Random) -> Table:
    return table if table.is_workbook else replace(table, is_workbook=True)


def glued(table: Table, _: random.Random) -> Table:
    """A CSV opened with the wrong separator and saved: each line in one cell."""
    return replace(
        table,
        header=[";".join(str(c or "") for c in table.header)],
        below=[[";".join(str(c or "") for c in row)] for row in table.below],
        rows=[[";".join(str(c or "") for c in row)] for row in table.rows],
        is_workbook=True,
        codes=(),
    )


def transposed(table: Table, _: random.Random) -> Table:
    lines = [table.header, *table.below, *table.rows]
    turned = [[_cell(row, i) for row in lines] for i in range(len(table.header))]
    return replace(table, header=turned[0], rows=turned[1:], below=[], codes=())


def cut_short(table: Table, _: random.Random) -> Table:
    """A download that broke off in the middle of the last row."""
    if table.is_workbook:
        return table
    return replace(table, lost=sum(len(str(c or "")) + 1 for c in table.rows[-1]) // 2 + 2)


def saved_by_another_name(table: Table, _: random.Random) -> Table:
    return replace(table, saved_as="Book1", sheet="Feuil1" if table.is_workbook else table.sheet)


def copied(table: Table, _: random.Random) -> Table:
    return replace(table, saved_as="Copy of {} (1)")


def locked(table: Table, _: random.Random) -> Table:
    return replace(table, is_locked=True) if table.is_workbook else table


def saved_as_page(table: Table, _: random.Random) -> Table:
    return replace(table, is_page=True, is_workbook=True)


# Sheets


def older_sheet(table: Table, _: random.Random) -> Table:
    """A second sheet as it was before anything was completed."""
    if (at := table.code) is None:
        return table
    words = [row[at] for row in table.rows if row[at]]
    before = min(words, key=words.count)
    old = [[before if i == at else c for i, c in enumerate(row)] for row in table.rows]
    return replace(table, is_workbook=True, others={**table.others, "2020": [table.header, *table.below, *old]})


def hidden_sheet(table: Table, draw: random.Random) -> Table:
    return replace(older_sheet(table, draw), hidden=frozenset({"2020"}))


def sheets_beside(table: Table, _: random.Random) -> Table:
    """Empty sheets, and one that counts the words of the first code."""
    if not table.is_workbook:
        return table
    counts: list[Row] = [["Overview", None], ["Rows", len(table.rows)]]
    if (at := table.code) is not None:
        counts += [[word, n] for word, n in Counter(str(row[at]) for row in table.rows if row[at]).items()]
    return replace(table, others={**table.others, "Sheet2": [], "Overview": counts})


# What loses something, so that the file alone cannot say what it said


def status_merged(table: Table, _: random.Random) -> Table:
    """Codes that are alike in rows below each other become one merged cell."""
    if (at := table.code) is None or not table.is_workbook:
        return table
    by_code = _sort_by(table, at)
    merged = tuple((start, end, at) for start, end in _runs(by_code, at) if end > start)
    return replace(_blank_repeats(table, at), merged=merged)


def repeats_left_blank(table: Table, _: random.Random) -> Table:
    """A code stands only in the first of the rows below each other that have it."""
    return table if (at := table.code) is None else _blank_repeats(table, at)


def ditto(table: Table, _: random.Random) -> Table:
    return table if (at := table.code) is None else _blank_repeats(table, at, "idem")


def code_emptied(table: Table, _: random.Random) -> Table:
    """Somebody has coloured the cells of the first code instead of writing into them."""
    return _in_code(table, lambda _: None)


def word_replaced(table: Table, _: random.Random) -> Table:
    """The commonest code replaced by another word."""
    if (at := table.code) is None:
        return table
    word = Counter(row[at] for row in table.rows if row[at] not in (None, "")).most_common(1)[0][0]
    return table.in_column(at, lambda cell: "Off the list" if cell == word else cell)


def codes_lost(table: Table, _: random.Random) -> Table:
    """A lookup that no longer finds anything."""
    return _in_code(table, lambda _: "#N/A")


def column_split(table: Table, _: random.Random) -> Table:
    """Cells of several values go over two columns, of which the second has no header."""
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


def column_shifted(table: Table, _: random.Random) -> Table:
    """The first code's column pasted a row too low."""
    if (at := table.code) is None:
        return table
    cells = [None, *(row[at] for row in table.rows)]
    last: Row = [cells[-1] if i == at else None for i in range(len(table.header))]
    return replace(table, rows=[*_fill_column(table, at, cells).rows, last])


def column_sorted(table: Table, _: random.Random) -> Table:
    """The first code's column sorted without the others."""
    if (at := table.code) is None:
        return table
    cells = sorted((row[at] for row in table.rows), key=lambda cell: str(cell or "~"))
    return replace(
        table, rows=[[cells[n] if i == at else c for i, c in enumerate(row)] for n, row in enumerate(table.rows)]
    )


def has_long_runs(table: Table) -> bool:
    """Whether each word of the first code stands in so many rows that its repeats left blank can be told."""
    counts = (
        Counter(row[at] for row in table.rows if row[at] not in (None, "")) if (at := table.code) is not None else {}
    )
    return min(counts.values(), default=0) > 2


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


def _in_code(table: Table, change: Callable[[Cell], Cell]) -> Table:
    return table if (at := table.code) is None else table.in_column(at, change)


def _in_days(table: Table, change: Callable[[datetime], str]) -> Table:
    """Every cell that is nothing but a day, or a moment, written otherwise; the cells of ids stay."""
    ids = [i for i, name in enumerate(table.header) if name in table.ids]

    def write(cell: Cell) -> Cell:
        if isinstance(cell, datetime):
            return change(cell)
        found = _DAY.fullmatch(cell) if isinstance(cell, str) else None
        return change(datetime(*(int(part or 0) for part in found.groups()))) if found else cell  # type: ignore[arg-type]

    edited = table.in_rows(lambda row: [c if i in ids else write(c) for i, c in enumerate(row)])
    return table if edited.rows == table.rows else edited


def _clock(moment: datetime) -> str:
    return f" {moment:%H:%M}" if moment.hour or moment.minute else ""


def _soften(text: str) -> str:
    middle = len(text) // 2
    apart = unicodedata.normalize("NFD", text)
    hyphen = "\u00ad" if re.search(r"[^\W\d] [^\W\d]", text) else ""  # ids and codes are not divided
    return f"\u200e{apart[:middle]}{hyphen}{apart[middle:]}\u200b"


def _rename(table: Table, draw: random.Random, change: Callable[[str], str]) -> Table:
    at = draw.choice([i for i, name in enumerate(table.header) if name])
    return replace(table, header=[change(str(n)) if i == at else n for i, n in enumerate(table.header)])


def _as_text(table: Table, **how: str) -> Table:
    """The table as text written in this way, where it is text and its letters can be."""
    if table.is_workbook:
        return table
    written = replace(table, **how)  # type: ignore[arg-type]
    try:
        written.write()
    except UnicodeEncodeError:
        return table
    return written


def _runs(table: Table, at: int) -> list[tuple[int, int]]:
    """First and last row of those below each other that are alike in a column."""
    runs: list[tuple[int, int]] = []
    for number, row in enumerate(table.rows):
        if runs and row[at] not in (None, "") and row[at] == table.rows[number - 1][at]:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _sort_by(table: Table, at: int) -> Table:
    return replace(table, rows=sorted(table.rows, key=lambda row: str(row[at] or "~")))


def _blank_repeats(table: Table, at: int, mark: Cell = None) -> Table:
    """The repeats of a column's cells blank (or a mark), its rows sorted by them first."""
    by_code = _sort_by(table, at)
    first = {start for start, _ in _runs(by_code, at)}
    rows = [
        [mark if i == at and number not in first else c for i, c in enumerate(row)]
        for number, row in enumerate(by_code.rows)
    ]
    return replace(by_code, rows=rows)


PLAIN: tuple[Edit, ...] = (
    untidy_cells, blanks_for_nothing, soft_signs, shuffle_columns, shuffle_rows, empty_column, column_of_notes,
    running_number, column_of_errors, remarks_without_header, columns_of_a_template, title_above, begun_further_down,
    blank_rows, total_below, note_below, header_again, headings_between, header_untidy, capitals, full_stops, ticked,
    numbers_with_decimals, days_in_words, days_as_numbers, comments, filtered, row_again, rows_pasted_twice,
    sheets_beside, hidden_sheet, semicolons, unicode_text, separator_declared, mac_line_ends, saved_by_another_name,
    copied, saved_as_text, saved_as_workbook, numbers_as_text,
)  # fmt: skip
"""Edits after which a register says what it said, in the order in which people make them."""

OF_SETS: tuple[Edit, ...] = (copied, saved_by_another_name, row_again, rows_pasted_twice)
"""Edits after which the repeats of an answer, in a file beside it, may no longer find it (it has another name, or comes
twice): they are listed."""

ASKED_ABOUT: dict[Edit, str] = {
    header_misspelt: "looks like|No recipe recognises",
    header_dated: r"\(Dec 2021\)",
    header_twice: "looks like",
    header_emptied: "which has no header, looks like",
    headers_translated: "“Stand der Umsetzung” looks like",
    headers_in_two_rows: "No recipe recognises",
    pivot_beside: "“Row Labels” looks like",
    column_split: "which has no header, looks like",
    other_table_below: "as if they were another table",
    legend_below: "as if they were another table",
    pasted_in_other_order: "holds the headers again, but in other columns",
    column_shifted: "begins a row too low",
    repeats_left_blank: "stands once, the first in the first row",
    codes_lost: "instead of a value",
    days_too_narrow: "hold ######## instead of a value",
    numbers_in_short: "shortened to numbers such as",
    older_sheet: "hold the same actions",
    cut_short: "breaks off in its last row",
    glued: "No recipe recognises",
    transposed: "No recipe recognises",
    locked: "password",
    saved_as_page: "web page",
}
"""Edits after which the file alone cannot tell what is meant, and what is said about them."""

LISTED: tuple[Edit, ...] = (help_below_header, remarked, ditto, word_replaced)
"""Edits that leave words which match no code: their rows count without it, and the words are listed."""

BY_COLUMN: tuple[Edit, ...] = (days_american, status_merged)
"""Edits after which the other dates of a column, or its recipe, decide, as the account says."""

TRACELESS: tuple[Edit, ...] = (code_emptied, column_sorted)
"""Edits that only an earlier version of the file can tell: the preview of an upload shows what they change."""

EDITS: tuple[Edit, ...] = (*PLAIN, *ASKED_ABOUT, *LISTED, *BY_COLUMN, *TRACELESS)

"""What a sheet is: the tool that wrote it, where its rows begin, and what each column is.

The first rows tell; where the header row is known already, or all the cells are at hand, these do. Recipes stand above
this: a shape knows no field of the campaign.
"""

from collections.abc import Iterable, Sequence

from etl.readers.sheets import PreviewRow, Sheet
from etl.shapes import words
from etl.shapes.dates import find_date_order
from etl.shapes.groups import Values, count_repeats, first_columns, settle
from etl.shapes.headers import Reading, read_headers
from etl.shapes.model import TITLES, Column, Role, Shape, Tool
from etl.shapes.roles import find_role
from etl.shapes.tools import find_tool
from etl.texts.personal import is_personal
from etl.texts.plain import plain

_SEPARATORS = {
    Tool.KOBOTOOLBOX: (" ",),
    Tool.ODK_CENTRAL: (" ",),
    Tool.MICROSOFT_FORMS: (";",),
    Tool.QUALTRICS: (",",),
}
_MOST_MARKS = 100  # more distinct cells than this are no marks of choices


def read_shape(
    sheet: Sheet,
    header_row: int | None = None,
    rows_after_header: int | None = None,
    group_separators: Sequence[str] = (),
    values: Values | None = None,
) -> Shape:
    """The shape of a sheet, from its first rows and what else is known.

    Args:
        sheet: The sheet.
        header_row: The spreadsheet row of its headers; found by itself when left out.
        rows_after_header: Further header rows; found by themselves when left out.
        group_separators: What stands between a group and its question, besides what the tool writes.
        values: The distinct cells of the columns; those of the preview when left out.
    """
    tool, number = find_tool(sheet, header_row)
    row = sheet.preview[number - 1] if sheet.preview else ()
    after = _rows_after(tool, sheet, number) if rows_after_header is None else rows_after_header
    rows = sheet.preview[number - 1 : number + after] or (row,)
    # " - " stands between a question and its option, whatever else a recipe takes it for.
    groups_given = [s for s in group_separators if s.strip() == s or s.strip() not in "-–—"]
    separators = tuple(dict.fromkeys([*groups_given, *_group_separators(tool, row)]))
    below = sheet.preview[number + after :]
    values = _values(below, len(row)) if values is None else values
    readings = read_headers(tool, rows, separators)
    second = rows[1] if len(rows) > 1 else (None,) * len(row)
    roles = [find_role(tool, row[i], second[i], readings[i], separators, row) for i in range(len(row))]
    answers = [i for i, role in enumerate(roles) if role is Role.ANSWER and readings[i].question]
    settled_readings = settle(tool, readings, values, answers)
    groups, repeats = first_columns(settled_readings), count_repeats(readings)
    columns = tuple(
        Column(
            i,
            row[i],
            reading.question,
            reading.choice,
            _settled_role(roles[i], row[i], reading, readings[i]),
            reading.name,
            groups.get(i),
            repeats[i],
            reading.is_other,
        )
        for i, reading in enumerate(settled_readings)
    )
    order = find_date_order(tool, row, roles, below)
    return Shape(
        tool, TITLES[tool], number, after, columns, separators, _choice_separators(tool, below, columns), order
    )


def _settled_role(role: Role, header: str | None, reading: Reading, read: Reading) -> Role:
    """A column's role: what is no choice after all may still speak of a person (`Contact - E-mail`)."""
    if role is Role.ANSWER and read.choice and not reading.choice and is_personal(header or read.full_text or ""):
        return Role.PERSONAL
    return role


def _rows_after(tool: Tool, sheet: Sheet, header_row: int) -> int:
    """How many further header rows follow: texts and import ids (Qualtrics), options (SurveyMonkey)."""
    below = sheet.preview[header_row : header_row + 2]
    row = sheet.preview[header_row - 1] if sheet.preview else ()
    if tool is Tool.QUALTRICS:
        ids = [n for n, cells in enumerate(below, 1) if any("importid" in (cell or "").lower() for cell in cells)]
        if ids:
            return ids[0]
        return int(bool(below) and _repeats_system_headers(tool, row, below[0]))
    if tool is Tool.SURVEYMONKEY and below and any(below[0]):
        has_id = any(
            cell and plain(head) in words.SYSTEM[tool][Role.ID] for head, cell in zip(row, below[0], strict=True)
        )
        return int(not has_id)
    return 0


def _repeats_system_headers(tool: Tool, row: PreviewRow, below: PreviewRow) -> bool:
    """Whether the row below names the tool's own columns once more, in words."""
    system_words = {word for role in words.SYSTEM[tool].values() for word in role}
    legacy = row[:1] == ("V1",)
    system = [cell for head, cell in zip(row, below, strict=True) if cell and (legacy or plain(head) in system_words)]
    return sum(plain(cell) in system_words for cell in system) > 1


def _group_separators(tool: Tool, row: PreviewRow) -> tuple[str, ...]:
    headers = [cell for cell in row if cell]
    if tool is Tool.KOBOTOOLBOX:
        if any("/" in cell for cell in headers):
            return ("/",)
        return (".",) if sum("." in cell[1:-1] and " " not in cell for cell in headers) > 1 else ()
    if tool is Tool.ODK_CENTRAL:
        joined = [cell for cell in headers if "-" in cell]
        return ("/", "-") if any("/" in cell for cell in headers) else ("-",) if joined else ()
    if tool is Tool.PLAIN and sum("/" in cell and " / " not in cell for cell in headers) > 1:
        return ("/",)
    return ()


def _choice_separators(tool: Tool, below: Sequence[PreviewRow], columns: Iterable[Column]) -> tuple[str, ...]:
    if tool not in (Tool.GOOGLE_FORMS, Tool.PLAIN):
        return _SEPARATORS.get(tool, ())
    cells = [row[c.index] or "" for c in columns if c.role is Role.ANSWER for row in below]
    if any(";" in cell and "; " not in cell for cell in cells):
        return (";",)
    if tool is Tool.GOOGLE_FORMS:
        return (", ",)
    return tuple(s for s in (";", "|", "\n") if any(s in cell for cell in cells))


def _values(below: Sequence[PreviewRow], width: int) -> dict[int, frozenset[str] | None]:
    """The distinct cells of each column of the preview."""
    distinct = [frozenset(cell for row in below if (cell := row[i])) for i in range(width)]
    return {i: cells if len(cells) <= _MOST_MARKS else None for i, cells in enumerate(distinct)}

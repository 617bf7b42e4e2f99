"""Find the tool that wrote a sheet: each has its headers, in whatever language the form was.

Also find look-alikes of exports without responses (a form's definition, answers already counted): what each
is, and what to export instead.
"""

import re
from collections.abc import Callable, Sequence

from dashboard.errors import sentence
from dashboard.i18n import N_
from etl.readers.sheets import PreviewRow, Sheet
from etl.recipes.shapes import words
from etl.recipes.shapes.model import Role, Tool
from etl.recipes.shapes.words import SYSTEM
from etl.texts.plain import plain

HEADER_ROWS_TRIED = 30
_VALUES_SEEN = 20
_CLOCK = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*\d{1,2}:\d{2}|^\d{5}\.\d+$")
_IMPORT_ID = re.compile(r"^\{.*ImportId", re.DOTALL)
_LIME_SYSTEM = re.compile(r"^(id|submitdate|lastpage|startlanguage|seed|startdate|datestamp|token|ipaddr)(\. |$)")
_MOSTLY = 0.6


class Row:
    """One candidate header row: its cells as written, small, and plain, with the rows below it."""

    def __init__(self, sheet: Sheet, number: int) -> None:
        """Take row `number` (from 1) of the sheet's preview."""
        self.number = number
        self.cells = sheet.preview[number - 1]
        self.small = [(cell or "").strip().lower() for cell in self.cells]
        self.plain = [plain(cell) or (cell or "").strip() for cell in self.cells]
        self.known = set(self.plain) - {""}
        self.below = sheet.preview[number : number + _VALUES_SEEN]

    def count(self, tool: Tool, *roles: Role) -> int:
        """Count the tool's headers in the row."""
        return sum(len(self.known & SYSTEM[tool].get(role, frozenset())) for role in roles or tuple(Role))

    def values(self, index: int) -> list[str]:
        """Return the first cells below one header."""
        return [cell for row in self.below if (cell := row[index])]


def _is_kobo(row: Row) -> bool:
    small = set(row.small)
    kobo_headers = {"_id", "_uuid", "_submission_time", "_index"} & small
    repeat = {"_parent_index", "_parent_table_name", "_submission__id", "_submission__uuid"} & small
    return len(kobo_headers) > 1 or len(repeat) > 1


def _is_odk(row: Row) -> bool:
    small = set(row.small)
    if "key" in small and small & {"parent_key", "submissiondate", "meta-instanceid", "formversion", "submitterid"}:
        return True
    if "submissiondate" in small and small & {"meta-instanceid", "instanceid", "reviewstate", "submittername"}:
        return True
    keys = row.values(row.small.index("key")) if "key" in small else []
    return bool(keys) and all(key.startswith("uuid:") for key in keys)


def _is_qualtrics(row: Row) -> bool:
    if any(_IMPORT_ID.match(cell or "") for cells in row.below[:2] for cell in cells):
        return True
    qualtrics_headers = {"recordeddate", "distributionchannel", "userlanguage", "recipientlastname"} & set(row.small)
    dated = {"startdate", "enddate", "recordeddate"} & set(row.small)
    legacy = {"V1", "V2", "V3"} <= set(row.cells) and bool(row.below)
    if legacy and plain(row.below[0][row.cells.index("V1")]) in SYSTEM[Tool.QUALTRICS][Role.ID]:
        return True
    in_words = row.count(Tool.QUALTRICS, Role.ID) and row.count(Tool.QUALTRICS, Role.META) > 2
    return (
        len(qualtrics_headers) > 1
        or ("responseid" in row.small and bool(dated))
        or (bool(in_words) and row.count(Tool.QUALTRICS, Role.TIME) > 1)
    )


def _is_limesurvey(row: Row) -> bool:
    codes = {match[1] for cell in row.small if (match := _LIME_SYSTEM.match(cell))}
    if "submitdate" in codes or len(codes & {"lastpage", "startlanguage", "seed", "datestamp", "startdate"}) > 1:
        return True
    return row.count(Tool.LIMESURVEY, Role.META) > 1 and row.count(Tool.LIMESURVEY, Role.ID, Role.TIME) > 1


def _is_typeform(row: Row) -> bool:
    times = row.known & SYSTEM[Tool.TYPEFORM][Role.TIME]
    return len(times) > 1 or (bool(times) and bool(row.known & {"network id", "#", "response type"}))


def _is_surveymonkey(row: Row) -> bool:
    return row.count(Tool.SURVEYMONKEY, Role.ID) > 0


def _is_alchemer(row: Row) -> bool:
    return {"response id", "time started"} <= row.known and bool(row.known & {"date submitted", "status", "sessionid"})


def _is_microsoft(row: Row) -> bool:
    return bool(row.known & words.MICROSOFT_START) and bool(row.known & words.MICROSOFT_END)


def _is_google(row: Row) -> bool:
    first = next((index for index, text in enumerate(row.plain) if text), 0)
    if row.plain[first] not in words.GOOGLE_TIME:
        return False
    values = row.values(first)
    return not values or sum(bool(_CLOCK.search(value)) for value in values) >= _MOSTLY * len(values)


# Asked in this order: the ones with the most unmistakable headers first.
_TESTS: tuple[tuple[Tool, Callable[[Row], bool]], ...] = (
    (Tool.KOBOTOOLBOX, _is_kobo),
    (Tool.ODK_CENTRAL, _is_odk),
    (Tool.QUALTRICS, _is_qualtrics),
    (Tool.TYPEFORM, _is_typeform),
    (Tool.ALCHEMER, _is_alchemer),
    (Tool.LIMESURVEY, _is_limesurvey),
    (Tool.SURVEYMONKEY, _is_surveymonkey),
    (Tool.MICROSOFT_FORMS, _is_microsoft),
    (Tool.GOOGLE_FORMS, _is_google),
)


def find_tool(sheet: Sheet, header_row: int | None = None) -> tuple[Tool, int]:
    """Find the tool, and the spreadsheet row of its headers; with `header_row` look only at that row."""
    if header_row is None and is_form_definition(sheet):
        return Tool.XLSFORM, next(n for n, row in enumerate(sheet.preview, 1) if any(row))
    last = min(len(sheet.preview), HEADER_ROWS_TRIED)
    rows = [
        Row(sheet, number)
        for number in ([header_row] if header_row else range(1, last + 1))
        if any(sheet.preview[number - 1])
    ]
    for row in rows:
        for tool, is_its in _TESTS:
            if is_its(row):
                return tool, row.number
    if header_row is None and is_crosstab(sheet):
        return Tool.CROSSTAB, next(n for n, row in enumerate(sheet.preview, 1) if any(row))
    return Tool.PLAIN, header_row or _plain_header(sheet.preview)


def is_form_definition(sheet: Sheet) -> bool:
    """Whether the sheet is a part of an XLSForm: the questions or the choices of a form, no answers."""
    header = next((row for row in sheet.preview if any(row)), ())
    names = [plain(cell) for cell in header]
    has_label = any(name.startswith("label") for name in names)
    if {"list name", "name"} <= set(names) and has_label:
        return True
    if not {"type", "name"} <= set(names):
        return False
    types = [row[names.index("type")] for row in sheet.preview if row is not header and row[names.index("type")]]
    type_count = sum(bool(words.XLSFORM_TYPES.match(kind.strip().lower())) for kind in types if kind)
    return type_count > 1 and type_count >= len(types) / 3


def is_crosstab(sheet: Sheet) -> bool:
    """Whether the sheet holds answers that were counted already: shares and totals by group, no single responses."""
    rows = [row for row in sheet.preview if any(row)]
    first_cells = {plain(next(cell for cell in row if cell)) for row in rows}
    headers = {plain(cell) for row in rows[:3] for cell in row}
    if headers & words.COUNTED and (first_cells & words.COUNTED or _numeric_share(rows[2:]) >= _MOSTLY):
        return True
    body = rows[2:]
    if len(rows) < 3 or len(rows[0]) < 4 or _numeric_share(body) < _MOSTLY:
        return False
    top, second = rows[0], rows[1]
    spans = sum(bool(cell) for cell in top) <= len(top) / 2 and sum(bool(cell) for cell in second) >= 0.9 * len(second)
    headings = [plain(cell) for cell in second if cell]
    return spans and len(set(headings)) < len(headings)


def _numeric_share(rows: Sequence[PreviewRow]) -> float:
    """Return the share of the filled cells, first columns aside, that are numbers or percentages."""
    cells = [cell for row in rows for cell in row[1:] if cell]
    return sum(bool(re.fullmatch(r"-?[\d.,\s]+%?", cell)) for cell in cells) / len(cells) if cells else 0.0


def _plain_header(preview: Sequence[PreviewRow]) -> int:
    """Find the row that most looks like headers: the first that is nearly as full as any, with words in its cells."""
    rows = preview[:HEADER_ROWS_TRIED]
    fullest = max((sum(bool(cell) for cell in row) for row in rows), default=0)
    for number, row in enumerate(rows, 1):
        filled = [cell for cell in row if cell]
        has_words = sum(bool(re.search(r"[^\W\d_]", cell)) for cell in filled) > len(filled) / 2
        if filled and len(filled) >= _MOSTLY * fullest and has_words:
            return number
    return next((number for number, row in enumerate(rows, 1) if any(row)), 1)


def explain_no_data(name: str, sheets: Sequence[Sheet]) -> tuple[str, str] | None:
    """Explain a file without responses, with the remedy; None for a file that may hold some.

    Its sheets are those with any cell.
    """
    if any(is_form_definition(sheet) for sheet in sheets):
        return (
            sentence(N_("{name} defines a form (XLSForm: its questions and choices); it holds no answers."), name=name),
            N_(
                "Export the submissions instead (KoboToolbox: DATA, Downloads; ODK Central: Submissions, Download), "
                "and take this file out of the inbox."
            ),
        )
    if sheets and all(is_crosstab(sheet) for sheet in sheets):
        return (
            sentence(
                N_("{name} is a summary (answers that have been counted, by group), not the single responses."),
                name=name,
            ),
            N_(
                "Export the single responses instead (SurveyMonkey: All responses data, not Summary data), "
                "and take this file out of the inbox."
            ),
        )
    return None

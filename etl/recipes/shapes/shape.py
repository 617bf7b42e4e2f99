"""Read the shape of a sheet: the tool that wrote it, where its rows begin, and the role of each column.

The first rows decide; a header row that the caller gives, or all the cells, go before them. Recipes build on
this: a shape contains no field of the campaign.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from etl.readers.sheets import PreviewRow, Sheet
from etl.recipes.shapes import words
from etl.recipes.shapes.headers import HeaderParts, read_headers
from etl.recipes.shapes.model import TITLES, Column, Role, Shape, Tool
from etl.recipes.shapes.tools import find_tool
from etl.texts.personal import is_personal
from etl.texts.plain import plain

Values = Mapping[int, Collection[str] | None]
"""By column, the distinct cells below the header; None where there are too many to be marks."""

_NONE_OF_THEM = frozenset({"none", "aucun", "aucune", "ninguno", "ninguna", "keine", "keines"})
_FIRST_NAMED = 3
_PAIR = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b")
_AMERICAN = frozenset({"timestamp", "start time", "completion time"})
_USUAL = {
    Tool.SURVEYMONKEY: "mdy",
    Tool.KOBOTOOLBOX: "ymd",
    Tool.ODK_CENTRAL: "ymd",
    Tool.LIMESURVEY: "ymd",
    Tool.QUALTRICS: "ymd",
    Tool.ALCHEMER: "ymd",
    Tool.TYPEFORM: "ymd",
}
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
    """Read the shape of a sheet, from its first rows and the arguments.

    Missing arguments are found: the spreadsheet row of the headers, further header rows, and the separators between a
    group and its question besides the tool's; the distinct cells of the columns are those of the preview.
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
    roles = [_find_role(tool, row[i], second[i], readings[i], separators, row) for i in range(len(row))]
    answers = [i for i, role in enumerate(roles) if role is Role.ANSWER and readings[i].question]
    settled_readings = _settle(tool, readings, values, answers)
    groups, repeats = _first_columns(settled_readings), _count_repeats(readings)
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
    order = _find_date_order(tool, row, roles, below)
    return Shape(
        tool, TITLES[tool], number, after, columns, separators, _choice_separators(tool, below, columns), order
    )


def _settled_role(role: Role, header: str | None, reading: HeaderParts, read: HeaderParts) -> Role:
    """Correct a column's role: one that is no choice after all may still be about a person (`Contact - E-mail`)."""
    if role is Role.ANSWER and read.choice and not reading.choice and is_personal(header or read.full_text or ""):
        return Role.PERSONAL
    return role


def _rows_after(tool: Tool, sheet: Sheet, header_row: int) -> int:
    """Count the further header rows below: texts and import ids (Qualtrics), options (SurveyMonkey)."""
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
    """Return the distinct cells of each column of the preview."""
    distinct = [frozenset(cell for row in below if (cell := row[i])) for i in range(width)]
    return {i: cells if len(cells) <= _MOST_MARKS else None for i, cells in enumerate(distinct)}


def _settle(tool: Tool, readings: Sequence[HeaderParts], values: Values, answers: Collection[int]) -> list[HeaderParts]:
    """Return the readings, with choices only where the cells below confirm that a question has a column a choice."""
    settled_readings = [
        replace(reading, question=reading.full_text if reading.choice else reading.question, group=None, choice=None)
        for reading in readings
    ]
    members: dict[str, list[int]] = defaultdict(list)
    for index in sorted(answers):
        group = readings[index].group
        if group is not None:
            members[group].append(index)
    for columns in members.values():
        choices = [i for i in columns if readings[i].choice is not None]
        if choices and _is_split(tool, readings, choices, values, alone=len(choices) == len(columns)):
            for i in columns:
                settled_readings[i] = readings[i]
    if tool in (Tool.TYPEFORM, Tool.PLAIN):
        _named_after_choices(tool, readings, settled_readings, values, answers)
    return settled_readings


def _first_columns(readings: Sequence[HeaderParts]) -> dict[int, int]:
    """Return by column the first column of its question, for questions with a column a choice."""
    split = {reading.group for reading in readings if reading.choice is not None}
    first: dict[str, int] = {}
    for index, reading in enumerate(readings):
        if reading.group is not None and reading.group in split:
            first.setdefault(reading.group, index)
    return {i: first[r.group] for i, r in enumerate(readings) if r.group is not None and r.group in first}


def _count_repeats(readings: Sequence[HeaderParts]) -> list[int]:
    """Number each column's question among those of the same text, whatever the cells hold."""
    groups: dict[str, list[str]] = defaultdict(list)
    repeats = []
    for index, reading in enumerate(readings):
        group = reading.group if reading.group is not None else f"column {index}"
        same = groups[plain(reading.question)]
        if group not in same:
            same.append(group)
        repeats.append(same.index(group) + 1)
    return repeats


def _is_split(
    tool: Tool, readings: Sequence[HeaderParts], choices: Sequence[int], values: Values, *, alone: bool
) -> bool:
    marked = [i for i in choices if not readings[i].is_other]
    if not marked:  # only "Other, please specify" stands beside the answer's own column
        return not alone
    if not all(_are_marks(tool, readings[i].choice, values.get(i)) for i in marked):
        return False
    has_values = any(values.get(i) for i in marked)
    return not alone or (has_values and (len(choices) > 1 or tool is Tool.LIMESURVEY))


def _are_marks(tool: Tool, choice: str | None, values: Collection[str] | None) -> bool:
    """Whether a column's cells only say whether its choice was taken."""
    if values is None:
        return False
    other_values = {plain(value) for value in values} - {plain(choice)}
    if tool in (Tool.KOBOTOOLBOX, Tool.ODK_CENTRAL):
        return other_values <= {"0", "1", "0 0", "1 0", "true", "false", ""}
    if tool is Tool.LIMESURVEY:  # multiple choice says Y or nothing (in words: Yes or No); Y, N and U are an array
        return other_values <= {"y", ""} or other_values <= words.TICKED | words.NO - {"n", "y"}
    return other_values <= words.TICKED | words.UNTICKED


def _named_after_choices(
    tool: Tool,
    readings: Sequence[HeaderParts],
    settled_readings: list[HeaderParts],
    values: Values,
    answers: Collection[int],
) -> None:
    """Columns named after a choice and holding its text (Typeform): a run of them is one question."""
    run: list[int] = []
    for index in [*sorted(answers), -1]:
        in_row = index >= 0 and (not run or index == run[-1] + 1)
        if in_row and _holds_its_name(readings[index], values.get(index)):
            run.append(index)
            continue
        may_belong = in_row and run and tool is Tool.TYPEFORM
        if (
            may_belong
            and plain(readings[index].question) in _NONE_OF_THEM | {"other"}
            or (may_belong and not values.get(index, ()) and values.get(index) is not None)
        ):
            run.append(index)
            if readings[index].is_other:
                _close(run, readings, settled_readings, values)
                run = []
            continue
        _close(run, readings, settled_readings, values)
        run = [index] if index >= 0 and _holds_its_name(readings[index], values.get(index)) else []


def _holds_its_name(reading: HeaderParts, values: Collection[str] | None) -> bool:
    if not values or reading.is_other:
        return False
    name = plain(reading.question)
    return all(plain(value) == name for value in values)


def _close(
    run: Sequence[int], readings: Sequence[HeaderParts], settled_readings: list[HeaderParts], values: Values
) -> None:
    """Make one question of a run of two choices or more, called by its first choices: the tool drops its text."""
    while run and values.get(run[-1]) is not None and not values.get(run[-1]) and not readings[run[-1]].is_other:
        run = run[:-1]  # a column that nobody filled, at the end: perhaps the next question
    if len([i for i in run if values.get(i)]) < 2:
        return
    first_questions = [readings[i].question or "" for i in run[:_FIRST_NAMED]]
    text = " / ".join([*first_questions, *(["…"] if len(run) > _FIRST_NAMED else [])])
    for i in run:
        settled_readings[i] = replace(readings[i], question=text, group=f"run {run[0]}", choice=readings[i].question)


def _find_role(
    tool: Tool, header: str | None, second: str | None, reading: HeaderParts, separators: Sequence[str], row: PreviewRow
) -> Role:
    """Find a column's role: one of the tool's, a person's, or an answer.

    For a choice's column, the question decides whether it is personal, since a choice may well be "by e-mail".
    """
    if header is None and second is None:
        return Role.META
    system = _system_role(tool, header or "", second, row)
    if system is not None:
        return system
    texts = (
        [reading.question] if reading.choice else [header, second, *((header or "").split(s)[-1] for s in separators)]
    )
    return Role.PERSONAL if any(is_personal(text) for text in texts if text) else Role.ANSWER


def _system_role(tool: Tool, header: str, second: str | None, row: PreviewRow) -> Role | None:
    if tool in (Tool.KOBOTOOLBOX, Tool.ODK_CENTRAL):
        return _kobo_role(tool, header, row)
    names = {plain(header) or header.strip()}
    if tool is Tool.LIMESURVEY:
        names.add(plain(header.partition(". ")[0]))
        if words.LIME_TIMES.search(header):
            return Role.META
    if tool is Tool.QUALTRICS:
        if words.QUALTRICS_META.search(header):
            return Role.META
        if header[:1] == "V" and header[1:].isdigit():
            names.add(plain(second))
    for role, system_names in words.SYSTEM.get(tool, {}).items():
        if names & system_names:
            return role
    return None


def _kobo_role(tool: Tool, header: str, row: PreviewRow) -> Role | None:
    small = header.strip().lower()
    system_names = words.KOBO_SYSTEM if tool is Tool.KOBOTOOLBOX else words.ODK_SYSTEM
    role = system_names.get(small) or system_names.get(small.rpartition("/")[2] if small.startswith("meta/") else small)
    if role is not None:
        return role
    if small.startswith(("_submission__", "__")) or words.PLACE_PARTS.search(small.rpartition("/")[2]):
        return Role.META
    if small.endswith("_url") and header[:-4] in row:  # an uploaded file's address, beside its name
        return Role.META
    return None


def _find_date_order(tool: Tool, row: PreviewRow, roles: Sequence[Role], below: Sequence[PreviewRow]) -> str:
    """`dmy`, `mdy` or `ymd`: by the tool's own times where they tell, else as the tool usually writes."""
    times = [i for i, role in enumerate(roles) if role is Role.TIME]
    columns = times or range(len(row))
    pairs = [pair for cells in below for i in columns if (pair := _PAIR.match(cells[i] or ""))]
    if any(int(pair[1]) > 12 for pair in pairs):
        return "dmy"
    if any(int(pair[2]) > 12 for pair in pairs):
        return "mdy"
    if tool in (Tool.GOOGLE_FORMS, Tool.MICROSOFT_FORMS):
        return "mdy" if any(plain(row[i]) in _AMERICAN for i in times) else "dmy"
    return _USUAL.get(tool, "dmy")

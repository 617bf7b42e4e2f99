"""Fields that no header told: found by what stands in the columns alone, and always to be checked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from etl.recipes.fields import FIELDS, STATUSES, Kind
from etl.recipes.propose.day_words import DONE_FIELDS, Day, find_day, has_no_field
from etl.recipes.propose.pairs import SURE, Match, names_thing
from etl.recipes.propose.profiles import Profile
from etl.recipes.propose.spellings import Knowledge
from etl.shapes.model import Column, Shape, Tool
from etl.shapes.model import Role as ColumnRole
from etl.texts.personal import may_name_person
from etl.texts.plain import plain

GUESSED = 0.3
_LIKELY = 0.4
_MAPPED = 0.55
_MOSTLY = 0.6
_FEW_MORE = 0.1  # of the completed ones: so many more or fewer days are as many
_NAMES = ("name", "nom", "nombre", "names")
_TITLE_LETTERS = (12, 200)
_MAKER_LETTERS = (3, 80)
_FEWEST_ORGANISATIONS = 0.3
_BESIDE_TITLE = 0.1  # what is left of how like a title a text is whose header says that it tells something of one
_HALF = 0.5  # of the cells are written as persons' names are
_NEARLY_ALL = 0.9  # of its rows: a name that stands in so many once may stand for the title
_NO_TITLE = re.compile(  # what a text beside a title tells of it
    r"\b(?:time ?(?:line|frame|scale)s?|schedules?|periods?|durations?|dates?|dead ?lines?|years?|quarters?"
    r"|budgets?|costs?|funding|remarks?|comments?|notes?|sources?|evidence|links?|updates?|status|progress"
    r"|calendriers?|echeanc\w+|delais?|periodes?|durees?|annees?|couts?|financement|remarques?|commentaires?|preuves?"
    r"|liens?|statuts?|avancement"
    r"|cronogramas?|calendarios?|plazos?|periodos?|duracion|fechas?|anos?|presupuestos?|costos?|financiamiento"
    r"|observaciones|comentarios?|notas?|fuentes?|evidencias?|enlaces?|estados?|avances?)\b"
)
_TEXT_FIELDS = {Kind.ACTIONS: "title", Kind.MILESTONES: "label", Kind.EVENTS: "title", Kind.STORIES: "title"}


def find_text(shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: Mapping[str, Match]) -> dict[str, Match]:
    """The title (of milestones the label), where it is none of the fields yet: the likeliest texts, else the maker."""
    name = _TEXT_FIELDS.get(kind)
    if name is None or name in fields:
        return {}
    text = _likely_text(shape, profiles, {c.index for match in fields.values() for c in match.columns})
    maker = fields.get("stakeholder")
    names = profiles[maker.columns[0].index] if maker else Profile()
    is_distinct = names.kinds >= _NEARLY_ALL * names.filled
    if maker and (text is None or (text.confidence <= GUESSED and maker.confidence >= SURE and is_distinct)):
        text = Match(maker.columns, GUESSED, "there is no title: the stakeholder's name stands for it")
    return {name: text} if text else {}


def _likely_text(shape: Shape, profiles: Sequence[Profile], used_columns: set[int]) -> Match | None:
    """The column that is the likeliest title where no header is like one: of a title's length, and distinct."""
    rows = max((profile.filled for profile in profiles), default=0) or 1
    candidates: list[tuple[float, int, Column]] = []
    for column in shape.columns:
        profile = profiles[column.index]
        if column.index in used_columns or not column.header or column.choice or profile.is_personal:
            continue
        is_name = (shape.tool is Tool.PLAIN and plain(column.header) in _NAMES) or (
            column.role is ColumnRole.PERSONAL and names_thing(column)
        )
        of_persons = may_name_person(column.header) or profile.names >= _HALF
        if not is_name and (column.role is not ColumnRole.ANSWER or of_persons):
            continue
        other_share = max(profile.numbers, profile.days, profile.links)
        fits = 1.0 if _TITLE_LETTERS[0] <= profile.letters <= _TITLE_LETTERS[1] else 0.3
        fits *= _BESIDE_TITLE if _NO_TITLE.search(plain(column.header)) else 1.0
        fits *= profile.blanks
        score = profile.kinds / rows * (1 - other_share) * fits + 0.5 * is_name * (fits > _MOSTLY)
        candidates.append((score, -column.index, column))
    if not candidates:
        return None
    score, _, column = max(candidates, key=lambda one: one[:2])
    sure = _LIKELY if score > _MOSTLY else GUESSED
    return Match((column,), sure, "no header is like a title; these texts are the likeliest")


def find_maker(shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: Mapping[str, Match]) -> dict[str, Match]:
    """The stakeholder of actions, where no header told: short texts that name organisations, beside other texts."""
    if kind is not Kind.ACTIONS or "stakeholder" in fields:
        return {}
    free = [
        column
        for column in _free(shape, fields, (ColumnRole.ANSWER,))
        if max(profiles[column.index].numbers, profiles[column.index].days, profiles[column.index].links) < _MOSTLY
        and profiles[column.index].kinds > 1
    ]
    maker_columns = [
        column
        for column in free
        if profiles[column.index].organisations >= _FEWEST_ORGANISATIONS
        and _MAKER_LETTERS[0] <= profiles[column.index].letters <= _MAKER_LETTERS[1]
    ]
    if not maker_columns or (len(free) < 2 and "title" not in fields):
        return {}
    # A title speaks of ministries and unions as well, and is longer.
    best = min(maker_columns, key=lambda c: (profiles[c.index].letters / profiles[c.index].organisations, c.index))
    share = profiles[best.index].organisations
    return {"stakeholder": Match((best,), _MAPPED, f"by its cells: {share:.0%} name an organisation")}


def find_days(
    shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: Mapping[str, Match], knowledge: Knowledge
) -> dict[str, Match]:
    """What the columns of days are that no header told: of two kinds in any table, of none where no tool wrote it.

    Where a header speaks of a deadline and of what has been, the statuses decide. Where its words tell nothing, of
    actions: the one that is filled as often as a status is completed is the day of completion; of two others the
    earlier is when actions were submitted and the later when they are due, and one alone is due where it is mostly
    near the deadline or after it. Of reports: the day of the report. Where the words of a header speak of a day, they
    go before the days themselves.
    """
    decided = _find_due_or_done(shape, profiles, kind, fields, knowledge)
    return decided | _find_untold_days(shape, profiles, kind, {**fields, **decided}, knowledge)


def _find_due_or_done(
    shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: Mapping[str, Match], knowledge: Knowledge
) -> dict[str, Match]:
    """The days whose header speaks of a deadline and of what has been: done, unless more are filled than completed."""
    names = [field.name for field in FIELDS[kind] if field.name in ("due_on", *DONE_FIELDS)]
    matches: dict[str, Match] = {}
    for column in _free(shape, fields, (ColumnRole.ANSWER,)):
        profile = profiles[column.index]
        if profile.days <= _MOSTLY or find_day(column.question or column.header) is not Day.EITHER:
            continue
        completed = _count_completed(fields.get("status"), profiles, knowledge)
        is_due = completed is not None and profile.filled > completed + _FEW_MORE * completed
        why = "its header may speak of the deadline or of completion"
        if completed is not None:
            why += f"; filled {'more often than' if is_due else 'no more often than'} a status is completed"
        open_names = [name for name in names if (name == "due_on") is is_due and name not in {**fields, **matches}]
        if open_names:
            matches[open_names[0]] = Match((column,), _MAPPED, why)
    return matches


def _find_untold_days(
    shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: Mapping[str, Match], knowledge: Knowledge
) -> dict[str, Match]:
    if shape.tool is not Tool.PLAIN or kind not in (Kind.ACTIONS, Kind.PROGRESS_REPORTS):
        return {}
    days = [
        column
        for column in _free(shape, fields, (ColumnRole.ANSWER,))
        if profiles[column.index].days > _MOSTLY and profiles[column.index].middle_day
        if not has_no_field(column.header) and find_day(column.header) is not Day.EITHER
    ]
    matches: dict[str, Match] = {}
    for column in days if "completed_on" not in fields else ():
        if _is_as_often(profiles[column.index].filled, fields.get("status"), profiles, knowledge):
            matches["completed_on"] = _day(column, "filled as often as a status is completed")
            days.remove(column)
            break
    # What says that it is done, and of no moment, is no other day.
    days = [c for c in days if find_day(c.header) is not Day.DONE or profiles[c.index].clocks > _MOSTLY]
    days.sort(key=lambda column: (profiles[column.index].middle_day or datetime.min, column.index))
    sent_days = [column for column in days if find_day(column.header) is Day.SENT]
    if sent_days and "submitted_at" not in fields:
        matches["submitted_at"] = _day(sent_days[0], "days, and its header speaks of sending")
    days = [column for column in days if column not in sent_days]
    open_names = [name for name in ("submitted_at", "due_on") if name not in {**fields, **matches}]
    if kind is Kind.PROGRESS_REPORTS:
        if len(days) == 1 and not {"reported_on", "submitted_at"} & {*fields, *matches}:
            matches["reported_on"] = _day(days[0], "the only days of the table")
    elif len(days) == 1 and open_names:
        middle = profiles[days[0].index].middle_day
        is_due = middle is not None and middle >= datetime.combine(knowledge.due_from, time())
        name = "due_on" if is_due else "submitted_at"
        if name in open_names:
            matches[name] = _day(days[0], "most days are near the deadline" if is_due else "most days are early")
    elif len(days) > 1 and len(open_names) > 1:
        matches["submitted_at"] = _day(days[0], "the earliest days")
        matches["due_on"] = _day(days[-1], "the latest days")
    names = {field.name for field in FIELDS[kind]}
    return {name: match for name, match in matches.items() if name in names}


def _day(column: Column, why: str) -> Match:
    return Match((column,), _MAPPED, f"by its cells: {why}")


def _is_as_often(filled: int, status: Match | None, profiles: Sequence[Profile], knowledge: Knowledge) -> bool:
    """Whether a column is filled about as often as the status is completed, and not nearly always."""
    completed = _count_completed(status, profiles, knowledge)
    return completed is not None and abs(filled - completed) <= _FEW_MORE * completed


def _count_completed(status: Match | None, profiles: Sequence[Profile], knowledge: Knowledge) -> int | None:
    """How many statuses are completed; None where there are no statuses, or nearly all or none is completed."""
    if status is None or status.is_split:
        return None
    cells = profiles[status.columns[0].index].cells
    completed = sum(rows for cell, rows in cells if knowledge.spellings.look_up(STATUSES, cell) == "completed")
    rows = sum(rows for _, rows in cells)
    return completed if 0 < completed < 0.9 * rows else None


def _free(shape: Shape, fields: Mapping[str, Match], roles: Iterable[ColumnRole]) -> list[Column]:
    used_columns = {column.index for match in fields.values() for column in match.columns}
    return [c for c in shape.columns if c.index not in used_columns and c.header and not c.choice and c.role in roles]

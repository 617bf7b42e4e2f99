"""Match the columns of an unknown export to fields, and guess its kind of rows: by known headers, cells and likeness.

Cells alone place the fields that no header named, and such a match always needs a check.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from etl.recipes.fields import FIELDS, IDS, NUMBERS, STATUSES, Kind
from etl.recipes.propose.day_words import DONE_FIELDS, Day, find_day, has_no_field
from etl.recipes.propose.pairs import ENOUGH, SURE, Knowledge, Match, names_thing, pair, speaks_of_person
from etl.recipes.propose.profiles import Profile
from etl.recipes.propose.result_columns import Block, find_results
from etl.recipes.shapes.model import Column, Shape, Tool
from etl.recipes.shapes.model import Role as ColumnRole
from etl.texts.personal import may_name_person
from etl.texts.plain import plain

GUESSED = 0.3
_LIKELY = 0.4
_MAPPED = 0.55
_MOSTLY_SO = 0.6
_FEW_MORE = 0.1  # of the completed ones: so many more or fewer days are as many
_NAMES = ("name", "nom", "nombre", "names")
_TITLE_LETTERS = (12, 200)
_MAKER_LETTERS = (3, 80)
_FEWEST_ORGANISATIONS = 0.3
_BESIDE_TITLE = 0.1  # the factor on a title's likeness for a text whose header says that it describes a title
_HALF = 0.5  # of the cells are written as persons' names are
_NEARLY_ALL = 0.9  # of its rows: a name that stands in so many once may stand for the title
_NO_TITLE = re.compile(  # the subjects of a text beside a title
    r"\b(?:time ?(?:line|frame|scale)s?|schedules?|periods?|durations?|dates?|dead ?lines?|years?|quarters?"
    r"|budgets?|costs?|funding|remarks?|comments?|notes?|sources?|evidence|links?|updates?|status|progress"
    r"|calendriers?|echeanc\w+|delais?|periodes?|durees?|annees?|couts?|financement|remarques?|commentaires?|preuves?"
    r"|liens?|statuts?|avancement"
    r"|cronogramas?|calendarios?|plazos?|periodos?|duracion|fechas?|anos?|presupuestos?|costos?|financiamiento"
    r"|observaciones|comentarios?|notas?|fuentes?|evidencias?|enlaces?|estados?|avances?)\b"
)
_TEXT_FIELDS = {Kind.ACTIONS: "title", Kind.MILESTONES: "label", Kind.EVENTS: "title", Kind.STORIES: "title"}


def find_text(shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: Mapping[str, Match]) -> dict[str, Match]:
    """Find the title (of milestones the label), if no field has it yet: the likeliest texts, else the maker."""
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
    """Find the likeliest title where no header is like one: of a title's length, and distinct."""
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
        score = profile.kinds / rows * (1 - other_share) * fits + 0.5 * is_name * (fits > _MOSTLY_SO)
        candidates.append((score, -column.index, column))
    if not candidates:
        return None
    score, _, column = max(candidates, key=lambda one: one[:2])
    sure = _LIKELY if score > _MOSTLY_SO else GUESSED
    return Match((column,), sure, "no header is like a title; these texts are the likeliest")


def find_maker(shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: Mapping[str, Match]) -> dict[str, Match]:
    """Find the stakeholder of actions that no header named: short texts that name organisations, beside other texts."""
    if kind is not Kind.ACTIONS or "stakeholder" in fields:
        return {}
    free = [
        column
        for column in _free(shape, fields, (ColumnRole.ANSWER,))
        if max(profiles[column.index].numbers, profiles[column.index].days, profiles[column.index].links) < _MOSTLY_SO
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
    """Match columns of days that no header named.

    Where a header means a deadline or a completion, the statuses decide. The other columns count only for actions and
    reports, and only where no tool wrote the table. Of actions, the one filled as often as a status is completed is the
    day of completion; of two others the earlier is when actions were submitted and the later when they are due, and one
    alone is due where it is mostly near the deadline or after it. Of reports, it is the day of the report. Where the
    words of a header name a day, they go before the days themselves.
    """
    decided = _find_due_or_done(shape, profiles, kind, fields, knowledge)
    return decided | _find_untold_days(shape, profiles, kind, {**fields, **decided}, knowledge)


def _find_due_or_done(
    shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: Mapping[str, Match], knowledge: Knowledge
) -> dict[str, Match]:
    """Decide for days whose header means a deadline or a completion: done, unless more are filled than completed."""
    names = [field.name for field in FIELDS[kind] if field.name in ("due_on", *DONE_FIELDS)]
    matches: dict[str, Match] = {}
    for column in _free(shape, fields, (ColumnRole.ANSWER,)):
        profile = profiles[column.index]
        if profile.days <= _MOSTLY_SO or find_day(column.question or column.header) is not Day.EITHER:
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
        if profiles[column.index].days > _MOSTLY_SO and profiles[column.index].middle_day
        if not has_no_field(column.header) and find_day(column.header) is not Day.EITHER
    ]
    matches: dict[str, Match] = {}
    for column in days if "completed_on" not in fields else ():
        if _is_as_often(profiles[column.index].filled, fields.get("status"), profiles, knowledge):
            matches["completed_on"] = _day(column, "filled as often as a status is completed")
            days.remove(column)
            break
    # A header that says "done", and names no moment, is no other day.
    days = [c for c in days if find_day(c.header) is not Day.DONE or profiles[c.index].clocks > _MOSTLY_SO]
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
    """Count the completed statuses; None where there are no statuses, or nearly all or none is completed."""
    if status is None or status.is_split:
        return None
    cells = profiles[status.columns[0].index].cells
    completed = sum(rows for cell, rows in cells if knowledge.spellings.look_up(STATUSES, cell) == "completed")
    rows = sum(rows for _, rows in cells)
    return completed if 0 < completed < 0.9 * rows else None


def _free(shape: Shape, fields: Mapping[str, Match], roles: Iterable[ColumnRole]) -> list[Column]:
    used_columns = {column.index for match in fields.values() for column in match.columns}
    return [c for c in shape.columns if c.index not in used_columns and c.header and not c.choice and c.role in roles]


_MOSTLY = 0.6
_FORM_TOOLS = (Tool.PLAIN, Tool.MICROSOFT_FORMS, Tool.GOOGLE_FORMS)
_GUESSED = 0.3
_RIVAL = 0.35  # a column so much less sure could be the field as well
# Fields with possibly several rounds in a row: the latest one counts, by the words of its header.
_OF_A_ROUND = ("status", "percent", "narrative", "completed_on", "reported_on")
_EARLY = re.compile(
    r"\b(mid|midterm|midline|mi parcours|medio termino|interim|intermedi\w+|baseline|initial\w*|inicial\w*|previous"
    r"|prior|precedent\w*|anterior|target|planned|expected|first|last year)\b"
)
_LATE = re.compile(r"\b(end|endline|final\w*|fin|latest|current|actual|actuel\w*|closing|cierre)\b")
_YEAR = re.compile(r"\b20\d\d\b")
# The points of each field for a kind of rows.
_WEIGHTS: dict[Kind, dict[str, float]] = {
    Kind.ACTIONS: {
        "title": 2, "stakeholder": 1, "description": 1, "impact": 1, "communication": 1, "submission_id": 0.5,
    },
    Kind.PROGRESS_REPORTS: {
        "status": 2, "percent": 1, "completed_on": 0.7, "narrative": 1, "submission_id": 1.2, "wave": 1,
    },
    Kind.MILESTONES: {"label": 2, "reached_on": 1.2, "due_on": 0.5},
    Kind.RESULTS: {"indicator": 1.5, "target": 1.2, "actual": 1.2, "baseline": 0.7, "unit": 0.7, "submission_id": 0.5},
    Kind.CLASSIFICATION: {
        "category": 1, "themes": 0.6, "stakeholder_group": 0.8, "countries": 0.5, "submission_id": 0.6,
    },
    Kind.EVENTS: {"title": 0.8, "on_date": 1.2, "url": 0.6, "ends_on": 0.6, "place": 1.2},
    Kind.STORIES: {"title": 0.8, "on_date": 0.8, "url": 0.8, "body": 0.4},
}  # fmt: skip
_NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.ACTIONS: ("title",),
    Kind.PROGRESS_REPORTS: ("status", "percent"),
    Kind.MILESTONES: ("label",),
    Kind.RESULTS: ("indicator",),
    Kind.CLASSIFICATION: ("submission_id", "title"),
    Kind.EVENTS: ("title", "id"),
    Kind.STORIES: ("title", "id"),
}
# Words of a file's or a sheet's name.
_NAMED: dict[Kind, tuple[str, ...]] = {
    Kind.CLASSIFICATION: ("classif", "coding", "codage", "classement", "clasific", "codific"),
    Kind.EVENTS: ("event", "evenement", "evento", "agenda"),
    Kind.STORIES: ("stories", "story", "recit", "temoignage", "historia", "relato"),
    Kind.MILESTONES: ("milestone", "jalon", "hito", "mini goal"),
    Kind.RESULTS: ("result", "resultat", "resultado", "indicator", "indicateur", "indicador", "logframe"),
    Kind.PROGRESS_REPORTS: ("progress", "avancement", "avance", "follow up", "suivi", "seguimiento", "survey report"),
    Kind.ACTIONS: ("action", "pledge", "commitment", "promise", "promesse", "compromiso", "engagement", "register"),
}


@dataclass(frozen=True)
class Guess:
    """A guess: the kind of rows, its sureness, the places of the fields, and the results beside them."""

    kind: Kind
    confidence: float
    fields: dict[str, Match] = field(default_factory=dict)
    results: tuple[Block, ...] = ()

    @property
    def result_columns(self) -> set[int]:
        """The places of the columns of results."""
        return {match.columns[0].index for block in self.results for match in block.fields.values()}


def guess_fields(
    shape: Shape, profiles: Sequence[Profile], knowledge: Knowledge, names: str, kind: Kind | None = None
) -> Guess:
    """Guess the kind of a sheet's rows and the places of its fields.

    `names` are the file's and the sheet's, plain; `kind` is the kind of its rows, where a person gave it.
    """
    knowledge.spellings.fold.learn(t for c in shape.columns for t in (c.header, c.question, c.name, c.choice) if t)
    guesses = []
    for tried in _NEEDED if kind is None else (kind,):
        fields = _assign(shape, profiles, knowledge, tried)
        guesses.append((_kind_score(tried, fields, shape, profiles, names), tried, fields))
    guesses.sort(key=lambda guess: (-guess[0], list(Kind).index(guess[1])))
    score, best, fields = guesses[0]
    second = guesses[1][0] if len(guesses) > 1 else 0.0
    if score <= 0 and kind is None:  # no field scores: the most frequent use of such a tool
        best = Kind.ACTIONS if shape.tool in _FORM_TOOLS else Kind.PROGRESS_REPORTS
        best = Kind.MILESTONES if any(column.role is ColumnRole.PARENT for column in shape.columns) else best
        fields = next(assigned for _, tried, assigned in guesses if tried is best)
    confidence = 1.0 if kind else max(0.0, min(0.98, 0.5 + (score - second) / 4)) if score > 0 else 0.2
    if best not in (Kind.ACTIONS, Kind.PROGRESS_REPORTS):
        return Guess(best, confidence, fields)
    sure = {column.index for match in fields.values() if match.confidence >= SURE for column in match.columns}
    guess = Guess(best, confidence, fields, tuple(find_results(shape, profiles, knowledge, sure)))
    of_results = guess.result_columns
    return replace(guess, fields={
        name: match for name, match in fields.items() if of_results.isdisjoint(column.index for column in match.columns)
    })  # fmt: skip


def _kind_score(kind: Kind, fields: dict[str, Match], shape: Shape, profiles: Sequence[Profile], names: str) -> float:
    needed = [fields[name].confidence for name in _NEEDED.get(kind, ()) if name in fields]
    if not needed or (max(needed) <= _GUESSED and shape.tool not in _FORM_TOOLS):
        return -1.0
    score = sum(weight * fields[name].confidence for name, weight in _WEIGHTS[kind].items() if name in fields)
    score += 1.5 * any(word in names for word in _NAMED[kind])
    is_repeat = any(column.role is ColumnRole.PARENT for column in shape.columns)
    if kind is Kind.MILESTONES:
        score += 1.5 * is_repeat
    if kind is Kind.RESULTS:  # several of one action; else the action's own row promises a number
        keys = [fields[name] for name in ("submission_id", "title") if name in fields]
        score -= 3.0 * any(profiles[match.columns[0].index].is_unique for match in keys)
        score -= 3.0 * (not keys or fields.keys().isdisjoint(NUMBERS))
    if kind is Kind.PROGRESS_REPORTS and shape.tool is Tool.PLAIN:
        score -= 1.5 * ("title" in fields or "submission_id" not in fields)  # a stakeholder alone names no action
    elif kind is Kind.PROGRESS_REPORTS:
        score += 1.0
    if kind is Kind.ACTIONS and shape.tool is not Tool.PLAIN:
        score -= 2.0 * ("status" in fields)
    if kind is Kind.CLASSIFICATION:
        score -= 1.0
    if kind in (Kind.EVENTS, Kind.STORIES):
        score -= 1.0
    return score


def _assign(shape: Shape, profiles: Sequence[Profile], knowledge: Knowledge, kind: Kind) -> dict[str, Match]:
    """Assign places to the fields: the surest pair of field and column first, each column once."""
    pairs: list[tuple[str, Match]] = []
    for columns in _groups(shape):
        for target in FIELDS[kind]:
            match = pair(target, columns, profiles, knowledge, shape)
            if match and match.confidence >= ENOUGH:
                pairs.append((target.name, match))
    fields: dict[str, Match] = {}
    used_columns: set[int] = set()
    for name, match in sorted(pairs, key=lambda one: _order(one[0], one[1], pairs)):
        if name not in fields and not used_columns & {column.index for column in match.columns}:
            fields[name] = match
            used_columns |= {column.index for column in match.columns}
    fields = _with_own_columns(shape, profiles, kind, fields, used_columns)
    fields |= find_days(shape, profiles, kind, fields, knowledge)
    fields |= find_maker(shape, profiles, kind, fields)
    fields |= find_text(shape, profiles, kind, fields)
    used_columns = {column.index for match in fields.values() for column in match.columns}
    return {name: replace(match, rivals=_rivals(name, match, pairs, used_columns)) for name, match in fields.items()}


def _order(name: str, match: Match, pairs: Iterable[tuple[str, Match]]) -> tuple[float, tuple[int, int], int]:
    """Order pairs: the surest first; of several rounds of one field the latest, among those whose cells fit it."""
    column = match.columns[0]
    if name not in _OF_A_ROUND:
        return -match.confidence, (0, 0), column.index
    matches = [candidate for field_, candidate in pairs if field_ == name]
    surest, fittest = max(one.confidence for one in matches), max(one.fits or 0.0 for one in matches)
    stage, year = _round(match)
    is_close = match.confidence >= surest - _RIVAL and (match.fits is None or match.fits >= fittest / 2)
    return -(surest if is_close else match.confidence), (-stage, -year), column.index


def _round(match: Match) -> tuple[int, int]:
    """Place a column's round in an effort by its header: early (-1), unsaid (0) or late (1), and the year."""
    words = plain(match.columns[0].question or match.columns[0].header)
    stage = -1 if _EARLY.search(words) else int(bool(_LATE.search(words)))
    return stage, max(map(int, _YEAR.findall(words)), default=0)


def _rivals(name: str, match: Match, pairs: Iterable[tuple[str, Match]], used_columns: set[int]) -> tuple[Column, ...]:
    """List the columns without a use that could be a field as well as its match."""
    if name in IDS or match.is_split:
        return ()
    return tuple(
        candidate.columns[0]
        for field_, candidate in pairs
        if field_ == name and not candidate.is_split and candidate.columns[0].index not in used_columns
        if candidate.confidence >= match.confidence - _RIVAL
    )


def _groups(shape: Shape) -> list[tuple[Column, ...]]:
    """List the columns that may be fields; those of one question with a column a choice stand together."""
    groups: dict[object, list[Column]] = {}
    for column in shape.columns:
        if column.header is None and column.question is None:
            continue
        if column.role in (ColumnRole.PARENT, ColumnRole.META) or column.is_other:
            continue
        if column.role is ColumnRole.PERSONAL and speaks_of_person(column) and not names_thing(column):
            continue
        key = ("question", column.question) if column.choice else ("column", column.index)
        groups.setdefault(key, []).append(column)
    return [tuple(columns) for columns in groups.values()]


def _with_own_columns(
    shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: dict[str, Match], used_columns: set[int]
) -> dict[str, Match]:
    """Add the tool's columns: the id of the answer and its moment of sending."""
    names = {f.name for f in FIELDS[kind]}
    id_of = {Kind.ACTIONS: "submission_id", Kind.PROGRESS_REPORTS: "report_id", Kind.EVENTS: "id", Kind.STORIES: "id"}
    is_tool = shape.tool is not Tool.PLAIN
    id_name = id_of.get(kind)
    free = [c for c in shape.columns if c.index not in used_columns and c.header]
    if id_name and id_name not in fields:
        ids = [c for c in free if c.role is ColumnRole.ID and profiles[c.index].is_unique]
        ids.sort(key=lambda c: (c.header or "").lower() not in ("_id", "key", "responseid", "id"))
        if ids:
            why = "the tool's own number" if is_tool else "unique"
            fields[id_name] = Match((ids[0],), 0.95 if is_tool else 0.7, why, fits=1.0)
    times = [c for c in free if c.role is ColumnRole.TIME and profiles[c.index].days > _MOSTLY]
    if "submitted_at" in names and "submitted_at" not in fields and times:
        sent_column = max(times, key=lambda c: (_is_end(c.header or ""), -c.index))
        share = profiles[sent_column.index].days
        fields["submitted_at"] = Match((sent_column,), 0.95 if is_tool else 0.7, "the time of the answer", fits=share)
    return fields


def _is_end(header: str) -> int:
    """Rate how much a header means the moment of sending rather than the beginning."""
    words = header.casefold()
    if any(part in words for part in ("submi", "completion", "envío", "soumission", "heure de fin", "finalización")):
        return 3
    if any(part in words for part in ("end", "recorded", "timestamp", "horodat", "marca temporal", "fin")):
        return 2
    return 0 if "start" in words or words == "today" else 1

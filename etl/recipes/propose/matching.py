"""Which column of an unknown export is which field, and what its rows are: by known headers, by cells, by likeness."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.recipes.fields import FIELDS, Kind
from etl.recipes.propose.pairs import Match, pair, speaks_of_person
from etl.recipes.propose.profiles import Profile
from etl.recipes.propose.spellings import Knowledge
from etl.shapes.model import Column, Shape, Tool
from etl.shapes.model import Role as ColumnRole
from etl.texts.plain import plain

ENOUGH = 0.5  # below this a column is not mapped
SURE = 0.75  # below this the field is to be checked
_MOSTLY = 0.6
_FORM_TOOLS = (Tool.PLAIN, Tool.MICROSOFT_FORMS, Tool.GOOGLE_FORMS)
_GUESSED = 0.3
_NAMES = ("name", "nom", "nombre", "names")
_TITLE_LETTERS = (12, 200)
# What each field says about what the rows are.
_WEIGHTS: dict[Kind, dict[str, float]] = {
    Kind.ACTIONS: {
        "title": 2, "stakeholder": 1, "description": 1, "impact": 1, "communication": 1, "submission_id": 0.5,
    },
    Kind.PROGRESS_REPORTS: {
        "status": 2, "percent": 1, "completed_on": 0.7, "narrative": 1, "submission_id": 1.2, "wave": 1,
    },
    Kind.MILESTONES: {"label": 2, "reached_on": 1.2, "due_on": 0.5},
    Kind.CLASSIFICATION: {
        "category": 1, "themes": 0.6, "stakeholder_group": 0.8, "countries": 0.5, "submission_id": 0.6,
    },
    Kind.EVENTS: {"title": 0.8, "on_date": 1.2, "url": 0.6},
    Kind.STORIES: {"title": 0.8, "on_date": 0.8, "url": 0.8},
}  # fmt: skip
_NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.ACTIONS: ("title",),
    Kind.PROGRESS_REPORTS: ("status", "percent"),
    Kind.MILESTONES: ("label",),
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
    Kind.PROGRESS_REPORTS: ("progress", "avancement", "avance", "follow up", "suivi", "seguimiento", "survey report"),
    Kind.ACTIONS: ("action", "pledge", "commitment", "promise", "promesse", "compromiso", "engagement", "register"),
}


@dataclass(frozen=True)
class Guess:
    """What the rows are, how sure that is, and where the fields stand."""

    kind: Kind
    confidence: float
    fields: dict[str, Match] = field(default_factory=dict)


def guess_fields(
    shape: Shape, profiles: Sequence[Profile], known: Knowledge, names: str, kind: Kind | None = None
) -> Guess:
    """What the rows of a sheet are and where the fields stand.

    Args:
        shape: The sheet's layout.
        profiles: Its columns' cells.
        known: The headers that are known.
        names: The file's and the sheet's name, plain.
        kind: What the rows are, where that is known.
    """
    known.spellings.fold.learn(t for c in shape.columns for t in (c.header, c.question, c.name, c.choice) if t)
    guesses = []
    for tried in Kind if kind is None else (kind,):
        fields = _assign(shape, profiles, known, tried)
        guesses.append((_kind_score(tried, fields, shape, names), tried, fields))
    guesses.sort(key=lambda guess: (-guess[0], list(Kind).index(guess[1])))
    score, best, fields = guesses[0]
    second = guesses[1][0] if len(guesses) > 1 else 0.0
    if score <= 0 and kind is None:  # nothing speaks for anything: what such a tool is mostly used for
        best = Kind.ACTIONS if shape.tool in _FORM_TOOLS else Kind.PROGRESS_REPORTS
        best = Kind.MILESTONES if any(column.role is ColumnRole.PARENT for column in shape.columns) else best
        fields = next(assigned for _, tried, assigned in guesses if tried is best)
    confidence = 1.0 if kind else max(0.0, min(0.98, 0.5 + (score - second) / 4)) if score > 0 else 0.2
    return Guess(best, confidence, fields)


def _kind_score(kind: Kind, fields: dict[str, Match], shape: Shape, names: str) -> float:
    needed = [fields[name].confidence for name in _NEEDED[kind] if name in fields]
    if not needed or (max(needed) <= _GUESSED and shape.tool not in _FORM_TOOLS):
        return -1.0
    score = sum(weight * fields[name].confidence for name, weight in _WEIGHTS[kind].items() if name in fields)
    score += 1.5 * any(word in names for word in _NAMED[kind])
    is_repeat = any(column.role is ColumnRole.PARENT for column in shape.columns)
    if kind is Kind.MILESTONES:
        score += 1.5 * is_repeat
    if kind is Kind.PROGRESS_REPORTS and shape.tool is Tool.PLAIN:
        score -= 1.5 * ("title" in fields or not {"submission_id", "title", "stakeholder"} & set(fields))
    elif kind is Kind.PROGRESS_REPORTS:
        score += 1.0
    if kind is Kind.ACTIONS and shape.tool is not Tool.PLAIN:
        score -= 2.0 * ("status" in fields)
    if kind is Kind.CLASSIFICATION:
        score -= 1.0
    if kind in (Kind.EVENTS, Kind.STORIES):
        score -= 1.0
    return score


def _assign(shape: Shape, profiles: Sequence[Profile], known: Knowledge, kind: Kind) -> dict[str, Match]:
    """The fields' places: the surest pair of field and column first, each column once."""
    pairs: list[tuple[float, int, str, Match]] = []
    groups = _groups(shape)
    for columns in groups:
        for target in FIELDS[kind]:
            match = pair(target, columns, profiles, known, shape)
            if match and match.confidence >= ENOUGH:
                pairs.append((-match.confidence, columns[0].index, target.name, match))
    fields: dict[str, Match] = {}
    used: set[int] = set()
    for _, _, name, match in sorted(pairs, key=lambda pair: pair[:3]):
        if name not in fields and not used & {column.index for column in match.columns}:
            fields[name] = match
            used |= {column.index for column in match.columns}
    fields = _with_own_columns(shape, profiles, kind, fields, used)
    text_field = {Kind.ACTIONS: "title", Kind.MILESTONES: "label", Kind.EVENTS: "title", Kind.STORIES: "title"}.get(
        kind
    )
    if text_field and text_field not in fields:
        text = _likely_text(shape, profiles, {c.index for match in fields.values() for c in match.columns})
        maker = fields.get("stakeholder")
        if maker and (text is None or text.confidence <= _GUESSED):
            text = Match(maker.columns, _GUESSED, "there is no title: the stakeholder's name stands for it")
        if text:
            fields[text_field] = text
    return fields


def _likely_text(shape: Shape, profiles: Sequence[Profile], used: set[int]) -> Match | None:
    """The column that is the likeliest title where no header is like one: of a title's length, and distinct."""
    rows = max((profile.filled for profile in profiles), default=0) or 1
    candidates: list[tuple[float, int, Column]] = []
    for column in shape.columns:
        profile = profiles[column.index]
        if column.index in used or not column.header or column.choice or profile.is_personal:
            continue
        is_name = shape.tool is Tool.PLAIN and plain(column.header) in _NAMES
        if not is_name and column.role is not ColumnRole.ANSWER:
            continue
        other = max(profile.numbers, profile.days, profile.links)
        fits = 1.0 if _TITLE_LETTERS[0] <= profile.letters <= _TITLE_LETTERS[1] else 0.3
        fits *= profile.blanks
        candidates.append(
            (profile.kinds / rows * (1 - other) * fits + 0.5 * is_name * (fits > _MOSTLY), -column.index, column)
        )
    if not candidates:
        return None
    score, _, column = max(candidates, key=lambda one: one[:2])
    sure = 0.4 if score > _MOSTLY else _GUESSED
    return Match((column,), sure, "no header is like a title; these texts are the likeliest")


def _groups(shape: Shape) -> list[tuple[Column, ...]]:
    """The columns that may be fields; those of one question with a column a choice stand together."""
    groups: dict[object, list[Column]] = {}
    for column in shape.columns:
        if column.header is None and column.question is None:
            continue
        if column.role in (ColumnRole.PARENT, ColumnRole.META) or column.is_other:
            continue
        if column.role is ColumnRole.PERSONAL and speaks_of_person(column):
            continue
        key = ("question", column.question) if column.choice else ("column", column.index)
        groups.setdefault(key, []).append(column)
    return [tuple(columns) for columns in groups.values()]


def _with_own_columns(
    shape: Shape, profiles: Sequence[Profile], kind: Kind, fields: dict[str, Match], used: set[int]
) -> dict[str, Match]:
    """Add what the tool's own columns say: the id of the answer and when it was sent."""
    names = {f.name for f in FIELDS[kind]}
    own = {Kind.ACTIONS: "submission_id", Kind.PROGRESS_REPORTS: "report_id", Kind.EVENTS: "id", Kind.STORIES: "id"}
    is_tool = shape.tool is not Tool.PLAIN
    id_name = own.get(kind)
    free = [c for c in shape.columns if c.index not in used and c.header]
    if id_name and id_name not in fields:
        ids = [c for c in free if c.role is ColumnRole.ID and profiles[c.index].is_unique]
        ids.sort(key=lambda c: (c.header or "").lower() not in ("_id", "key", "responseid", "id"))
        if ids:
            fields[id_name] = Match(
                (ids[0],), 0.95 if is_tool else 0.7, "the tool's own number" if is_tool else "unique"
            )
    times = [c for c in free if c.role is ColumnRole.TIME and profiles[c.index].days > _MOSTLY]
    if "submitted_at" in names and "submitted_at" not in fields and times:
        sent = max(times, key=lambda c: (_is_end(c.header or ""), -c.index))
        fields["submitted_at"] = Match((sent,), 0.95 if is_tool else 0.7, "the time of the answer")
    return fields


def _is_end(header: str) -> int:
    """How much a header speaks of the moment of sending rather than of the beginning."""
    words = header.casefold()
    if any(part in words for part in ("submi", "completion", "envío", "soumission", "heure de fin", "finalización")):
        return 3
    if any(part in words for part in ("end", "recorded", "timestamp", "horodat", "marca temporal", "fin")):
        return 2
    return 0 if "start" in words or words == "today" else 1

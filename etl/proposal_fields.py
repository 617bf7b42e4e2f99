"""Which column of an unknown export is which field, and what its rows are: by known headers, by cells, by likeness."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz, process

from etl.fields import FIELDS, Field, Kind, Role
from etl.folding import matches
from etl.personal import PERSONAL_HEADERS
from etl.proposal_columns import Codes, Profile, Spellings
from etl.recipes import Recipe
from etl.shapes import Column, Shape, Tool
from etl.shapes import Role as ColumnRole
from etl.words import plain

ENOUGH = 0.5  # below this a column is not mapped
SURE = 0.75  # below this the field is to be checked
_EXACT, _PATTERN, _TAIL = 0.97, 0.9, 0.85
_FORM_TOOLS = (Tool.PLAIN, Tool.MICROSOFT_FORMS, Tool.GOOGLE_FORMS)
_ALIKE = 82  # of 100: how alike two headers must be
_SHORTEST = 5
_LONGEST_HEADER = 200
_TOOLS_OWN = ("submitted_at", "report_id")  # told by the tool's own columns, not by questions
_LONG_TEXT = 60
_FULL_MATCH = 0.5  # of the rows: cells that are codes of the field's list
_MOSTLY = 0.6
_FEWEST_CHOICES = 2
_NAMES = ("name", "nom", "nombre", "names")
_TITLE_LETTERS = (12, 200)
# What each field says about what the rows are.
_WEIGHTS: dict[Kind, dict[str, float]] = {
    Kind.ACTIONS: {"title": 2, "stakeholder": 1, "description": 1, "impact": 1, "communication": 1, "submission_id": 0.5},
    Kind.PROGRESS_REPORTS: {"status": 2, "percent": 1, "completed_on": 0.7, "narrative": 1, "submission_id": 1.2, "wave": 1},
    Kind.MILESTONES: {"label": 2, "reached_on": 1.2, "due_on": 0.5},
    Kind.CLASSIFICATION: {"category": 1, "themes": 0.6, "stakeholder_group": 0.8, "countries": 0.5, "submission_id": 0.6},
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
_NAMED: dict[Kind, tuple[str, ...]] = {
    Kind.CLASSIFICATION: ("classif", "coding", "codage", "classement", "clasific", "codific"),
    Kind.EVENTS: ("event", "evenement", "evento", "agenda"),
    Kind.STORIES: ("stories", "story", "recit", "temoignage", "historia", "relato"),
    Kind.MILESTONES: ("milestone", "jalon", "hito", "mini goal"),
    Kind.PROGRESS_REPORTS: ("progress", "avancement", "avance", "follow up", "suivi", "seguimiento", "survey report"),
    Kind.ACTIONS: ("action", "pledge", "commitment", "promise", "promesse", "compromiso", "engagement", "register"),
}
# Words of headers that the recipes do not have, for what they ask of a field.
_OWN_WORDS: dict[str, tuple[str, ...]] = {
    "on_date": ("date", "event date", "date of the event", "day", "fecha", "published on", "date de publication"),
    "id": ("id", "event id", "story id", "number"),
    "url": ("url", "link", "lien", "enlace", "web page"),
    "label": ("milestone", "jalon", "hito", "label", "step", "étape", "etapa"),
    "reached_on": ("reached on", "achieved on", "date reached", "atteint le", "alcanzado el"),
}


@dataclass(frozen=True)
class Match:
    """A field's place: its columns, how sure that is (0 to 1), and why."""

    columns: tuple[Column, ...]
    confidence: float
    why: str
    codes: Codes | None = None
    is_split: bool = False


@dataclass(frozen=True)
class Guess:
    """What the rows are, how sure that is, and where the fields stand."""

    kind: Kind
    confidence: float
    fields: dict[str, Match] = field(default_factory=dict)


class Knowledge:
    """What is known beforehand: every header that the recipes know, by field, and the spellings of the codes."""

    def __init__(self, recipes: Iterable[Recipe], spellings: Spellings) -> None:
        """Take the headers of the recipes: a campaign's own teach as well as the shipped ones."""
        self.spellings = spellings
        words: dict[str, dict[str, None]] = {name: dict.fromkeys(own) for name, own in _OWN_WORDS.items()}
        for recipe in recipes:
            for name, mapping in recipe.fields.items():
                if name not in _TOOLS_OWN:
                    words.setdefault(name, {}).update(dict.fromkeys(mapping.headers))
        spellings.fold.learn_patterns(word for known in words.values() for word in known)
        self._patterns = {name: [spellings.fold.pattern(word) for word in known] for name, known in words.items()}
        self._words = {
            name: [words for p in patterns if len(words := p.replace("*", " ").strip()) >= _SHORTEST]
            for name, patterns in self._patterns.items()
        }

    @cache  # noqa: B019  (lives as long as one proposal)
    def score(self, name: str, column: Column) -> tuple[float, str]:
        """How sure a header is this field's, and why."""
        patterns = self._patterns.get(name, [])
        best = (0.0, "")
        for text, most in ((column.header, _EXACT), (column.question, _TAIL), (column.name, _TAIL)):
            folded = self.spellings.fold(text) if text else ""
            if folded and folded in patterns:
                best = max(best, (most, "a known header"))
            elif folded and any("*" in pattern and matches(pattern, folded) for pattern in patterns):
                best = max(best, (min(most, _PATTERN), "a known question"))
        if best[0]:
            return best
        return self._likeness(name, self.spellings.fold(column.question or column.header or "")[:_LONGEST_HEADER])

    def _likeness(self, name: str, folded: str) -> tuple[float, str]:
        if len(folded) < _SHORTEST:
            return 0.0, ""
        words = self._words.get(name, [])
        whole = process.extractOne(folded, words, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
        long = [word for word in words if " " in word]
        part = process.extractOne(folded, long, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE)
        most = max(whole[1] if whole else 0.0, 0.97 * part[1] if part and len(folded) >= len(part[0]) else 0.0)
        if most < _ALIKE:
            return 0.0, ""
        return 0.52 + 0.28 * (most - _ALIKE) / (100 - _ALIKE), f"like a known header ({most:.0f} %)"


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
        fields = next(found for _, tried, found in guesses if tried is best)
    confidence = 1.0 if kind else max(0.0, min(0.98, 0.5 + (score - second) / 4)) if score > 0 else 0.2
    return Guess(best, confidence, fields)


def _kind_score(kind: Kind, fields: dict[str, Match], shape: Shape, names: str) -> float:
    needed = [fields[name].confidence for name in _NEEDED[kind] if name in fields]
    if not needed:
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
        for wanted in FIELDS[kind]:
            match = _pair(wanted, columns, profiles, known, shape)
            if match and match.confidence >= ENOUGH:
                pairs.append((-match.confidence, columns[0].index, wanted.name, match))
    fields: dict[str, Match] = {}
    used: set[int] = set()
    for _, _, name, match in sorted(pairs, key=lambda pair: pair[:3]):
        if name not in fields and not used & {column.index for column in match.columns}:
            fields[name] = match
            used |= {column.index for column in match.columns}
    fields = _with_own_columns(shape, profiles, kind, fields, used)
    wanted_text = {Kind.ACTIONS: "title", Kind.MILESTONES: "label", Kind.EVENTS: "title", Kind.STORIES: "title"}.get(kind)
    if wanted_text and wanted_text not in fields:
        text = _likely_text(shape, profiles, {c.index for match in fields.values() for c in match.columns})
        if text:
            fields[wanted_text] = text
    return fields


def _likely_text(shape: Shape, profiles: Sequence[Profile], used: set[int]) -> Match | None:
    """The column that is the likeliest title where no header is like one: of a title's length, and distinct."""
    rows = max((profile.filled for profile in profiles), default=0) or 1
    found: list[tuple[float, int, Column]] = []
    for column in shape.columns:
        profile = profiles[column.index]
        if column.index in used or not column.header or column.choice or profile.is_personal:
            continue
        is_name = shape.tool is Tool.PLAIN and plain(column.header) in _NAMES
        if not is_name and column.role is not ColumnRole.ANSWER:
            continue
        other = max(profile.numbers, profile.days, profile.links)
        fits = 1.0 if _TITLE_LETTERS[0] <= profile.letters <= _TITLE_LETTERS[1] else 0.3
        found.append((profile.kinds / rows * (1 - other) * fits + 0.5 * is_name * (fits == 1.0), -column.index, column))
    if not found:
        return None
    score, _, column = max(found, key=lambda one: one[:2])
    sure = 0.4 if score > 1 else 0.3
    return Match((column,), sure, "no header is like a title; these texts are the likeliest")


def _groups(shape: Shape) -> list[tuple[Column, ...]]:
    """The columns that may be fields; those of one question with a column a choice stand together."""
    groups: dict[object, list[Column]] = {}
    for column in shape.columns:
        if column.header is None and column.question is None:
            continue
        if column.role in (ColumnRole.PARENT, ColumnRole.META) or column.is_other:
            continue
        if column.role is ColumnRole.PERSONAL and _speaks_of_person(column):
            continue
        key = ("question", column.question) if column.choice else ("column", column.index)
        groups.setdefault(key, []).append(column)
    return [tuple(columns) for columns in groups.values()]


def _speaks_of_person(column: Column) -> bool:
    """Whether a column is personal beyond doubt: "name of your organisation" asks for a name too."""
    return any(matches(p, plain(text)) for p in PERSONAL_HEADERS for text in (column.header, column.question) if text)


def _pair(
    wanted: Field,
    columns: tuple[Column, ...],
    profiles: Sequence[Profile],
    known: Knowledge,
    shape: Shape,
) -> Match | None:
    first, profile = columns[0], profiles[columns[0].index]
    if first.role in (ColumnRole.ID, ColumnRole.TIME) and shape.tool is not Tool.PLAIN:
        return None  # the tool's own: see _with_own_columns
    header, why = known.score(wanted.name, first)
    if first.role is ColumnRole.PERSONAL and header < _TAIL:
        return None
    if first.choice:
        return _split_pair(wanted, columns, header, why, known.spellings) if wanted.several else None
    if wanted.role is Role.CODES and wanted.codelist:
        return _codes_pair(wanted, first, profile, header, why)
    if profile.is_personal or profile.filled == 0:
        return Match((first,), header * 0.6, f"{why}, but the column is empty") if header >= _TAIL and not profile.filled else None
    fit = _fit(wanted, profile)
    if header == 0.0:
        return _by_cells(wanted, first, profile)
    note = why if fit >= 0.5 else f"{why}, but its cells are something else"  # noqa: PLR2004
    return Match((first,), header * (0.5 + 0.5 * fit), note)


def _codes_pair(wanted: Field, column: Column, profile: Profile, header: float, why: str) -> Match | None:
    codes = profile.best(wanted.codelist or "")
    if not profile.filled:
        return Match((column,), header * 0.6, f"{why}, but the column is empty") if header >= _TAIL else None
    if header:
        sure = header * (0.6 + 0.4 * min(1.0, codes.share / _FULL_MATCH)) if profile.cells else header * 0.5
        return Match((column,), sure, f"{why}; {codes.share:.0%} of its cells are codes", codes)
    if codes.share < _FULL_MATCH or not codes.found or profile.numbers > _MOSTLY:
        return None
    by_cells = 0.5 + 0.35 * (codes.share - _FULL_MATCH) / _FULL_MATCH + 0.03 * min(len(codes.found), 3)
    if wanted.name in ("regions", "language"):
        by_cells -= 0.12  # regions also match the list of places; two letters are easily a language
    if len(codes.found) == 1:
        by_cells -= 0.1
    return Match((column,), by_cells, f"by its cells: {codes.share:.0%} are codes", codes)


def _split_pair(
    wanted: Field, columns: tuple[Column, ...], header: float, why: str, spellings: Spellings
) -> Match | None:
    """A question with a column a choice: its choices are looked up."""
    codes = spellings.match(wanted.codelist or "", [(column.choice or "", 1) for column in columns])
    if header:
        return Match(columns, header * (0.7 + 0.3 * codes.share), f"{why}; {codes.share:.0%} of its choices", codes, True)
    if codes.share < _MOSTLY or len(codes.found) < _FEWEST_CHOICES:
        return None
    return Match(columns, 0.5 + 0.4 * (codes.share - 0.5), f"by its choices: {codes.share:.0%} are codes", codes, True)


def _fit(wanted: Field, profile: Profile) -> float:
    """How well cells fit a field that holds no codes, 0 to 1."""
    if wanted.role in (Role.DAY, Role.TIME):
        return profile.days
    if wanted.role is Role.NUMBER:
        return profile.percents
    if wanted.name == "url":
        return profile.links
    if wanted.name in ("submission_id", "id", "report_id"):
        return 0.2 if profile.letters > _LONG_TEXT else 1.0
    if wanted.role is Role.PROSE:
        return 0.2 if max(profile.days, profile.numbers, profile.links) > _MOSTLY else 1.0
    return 1.0


def _by_cells(wanted: Field, column: Column, profile: Profile) -> Match | None:
    """A field that its cells alone give away."""
    if wanted.name == "percent" and profile.percent_signs > _MOSTLY and profile.percents > _MOSTLY:
        return Match((column,), 0.6, "by its cells: percents")
    if wanted.name == "url" and profile.links > _MOSTLY:
        return Match((column,), 0.6, "by its cells: web addresses")
    return None


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
            fields[id_name] = Match((ids[0],), 0.95 if is_tool else 0.7, "the tool's own number" if is_tool else "unique")
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

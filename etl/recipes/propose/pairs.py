"""How well one column is one field: by its header, by its cells, or by both."""

from collections.abc import Sequence
from dataclasses import dataclass

from etl.recipes.fields import Field, Role
from etl.recipes.propose.columns import Codes, Profile, Spellings
from etl.recipes.propose.headers import TAIL, Knowledge
from etl.shapes.model import Column, Shape, Tool
from etl.shapes.model import Role as ColumnRole
from etl.texts.personal import select_listed
from etl.texts.plain import plain

_LONG_TEXT = 60
_FULL_MATCH = 0.5  # of the rows: cells that are codes of the field's list
_MOSTLY = 0.6
_FEWEST_CODES = 3  # met in a column, for its cells alone to tell what it is
_FEWEST_SHARE = 0.25  # of its distinct cells
_FEW_WORDS = 15
_MOST_CODES = 40
_FEWEST_CHOICES = 2
_CODE_WORDS = {
    "status": {"status", "statut", "estado", "state", "progress", "rating"},
    "countries": {"country", "countries", "pays", "pais", "paises", "location"},
    "themes": {"theme", "themes", "topic", "topics", "tema", "temas", "sector", "area"},
    "category": {"category", "categorie", "categoria", "type"},
    "stakeholder_group": {"stakeholder", "organisation", "organization", "type", "group"},
    "regions": {"region", "regions", "regiones"},
}
_ID_WORDS = {"id", "ref", "no", "nr", "num", "number", "code", "reference", "numero", "key"}
_LONGEST_ID = 24


@dataclass(frozen=True)
class Match:
    """A field's place: its columns, how sure that is (0 to 1), and why."""

    columns: tuple[Column, ...]
    confidence: float
    why: str
    codes: Codes | None = None
    is_split: bool = False


def pair(
    wanted: Field,
    columns: tuple[Column, ...],
    profiles: Sequence[Profile],
    known: Knowledge,
    shape: Shape,
) -> Match | None:
    """How well columns (those of one question with a column a choice, else one) are a field; None where not at all."""
    first, profile = columns[0], profiles[columns[0].index]
    if first.role in (ColumnRole.ID, ColumnRole.TIME) and shape.tool is not Tool.PLAIN:
        return None  # the tool's own: see _with_own_columns
    header, why = known.score(wanted.name, first)
    if first.role is ColumnRole.PERSONAL and header < TAIL:
        return None
    if first.choice:
        return _split_pair(wanted, columns, header, why, known.spellings) if wanted.several else None
    if wanted.role is Role.CODES and wanted.codelist:
        return _codes_pair(wanted, first, profile, header, why)
    if profile.is_personal or profile.filled == 0:
        return (
            Match((first,), header * 0.6, f"{why}, but the column is empty")
            if header >= TAIL and not profile.filled
            else None
        )
    fit = _fit(wanted, profile)
    if header == 0.0:
        return _by_cells(wanted, first, profile)
    note = why if fit >= 0.5 else f"{why}, but its cells are something else"
    return Match((first,), header * (0.5 + 0.5 * fit), note)


def speaks_of_person(column: Column) -> bool:
    """Whether a column is personal beyond doubt: "name of your organisation" asks for a name too."""
    return bool(select_listed(plain(text) for text in (column.header, column.question) if text))


def _codes_pair(wanted: Field, column: Column, profile: Profile, header: float, why: str) -> Match | None:
    codes = profile.best(wanted.codelist or "")
    if not profile.filled:
        return Match((column,), header * 0.6, f"{why}, but the column is empty") if header >= TAIL else None
    if not header:
        header, why = _by_word(wanted, column, profile, codes)
    if header:
        sure = header * (0.6 + 0.4 * min(1.0, codes.share / _FULL_MATCH)) if profile.cells else header * 0.5
        return Match(
            (column,), max(sure, _by_codes(wanted, profile, codes)), f"{why}; {codes.share:.0%} are codes", codes
        )
    sure = _by_codes(wanted, profile, codes)
    return Match((column,), sure, f"by its cells: {codes.share:.0%} are codes", codes) if sure else None


def _by_word(wanted: Field, column: Column, profile: Profile, codes: Codes) -> tuple[float, str]:
    """How sure one word of a header makes it, where the whole is not known: "Target Status"."""
    if wanted.name not in _CODE_WORDS or not profile.cells or profile.numbers > _MOSTLY:
        return 0.0, ""
    if not _CODE_WORDS[wanted.name] & set(plain(column.question or column.header).split()):
        return 0.0, ""
    if wanted.name == "status" and profile.kinds <= _FEW_WORDS:
        return 0.85, "a word of its header"
    return (0.6, "a word of its header") if codes.share > 0.2 else (0.0, "")


def _by_codes(wanted: Field, profile: Profile, codes: Codes) -> float:
    """How sure the cells alone make it; 0 where they might be anything."""
    if wanted.name == "language" or codes.share < _FULL_MATCH or profile.numbers > _MOSTLY:
        return 0.0  # two letters are easily a language
    if len(codes.found) < _FEWEST_CODES or len(codes.found) < _FEWEST_SHARE * min(profile.kinds, _MOST_CODES):
        return 0.0
    sure = 0.59 + 0.35 * (codes.share - _FULL_MATCH) / _FULL_MATCH
    return sure - 0.12 if wanted.name == "regions" else sure  # countries are in the list of places too


def _split_pair(
    wanted: Field, columns: tuple[Column, ...], header: float, why: str, spellings: Spellings
) -> Match | None:
    """A question with a column a choice: its choices are looked up."""
    codes = spellings.match(wanted.codelist or "", [(column.choice or "", 1) for column in columns])
    if header:
        return Match(
            columns, header * (0.7 + 0.3 * codes.share), f"{why}; {codes.share:.0%} of its choices", codes, True
        )
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
    is_id = profile.is_unique and profile.letters < _LONGEST_ID and _ID_WORDS & set(plain(column.header).split())
    if wanted.name in ("submission_id", "id") and is_id:
        return Match((column,), 0.62, "a word of its header, and no cell twice")
    if wanted.name == "url" and profile.links > _MOSTLY:
        return Match((column,), 0.6, "by its cells: web addresses")
    return None

"""How well one column is one field: by its header, by its cells, or by both."""

from collections.abc import Sequence
from dataclasses import dataclass

from etl.recipes.doubtful_headers import MAKERS, PAGES
from etl.recipes.fields import IDS, Field, Role
from etl.recipes.propose.profiles import Codes, Profile, Spellings
from etl.recipes.propose.spellings import TAIL, Knowledge
from etl.shapes.model import Column, Shape, Tool
from etl.shapes.model import Role as ColumnRole
from etl.texts.personal import may_name_person, select_listed
from etl.texts.plain import plain

# How sure a guess is, from 0 to 1. From `ENOUGH` on a column is mapped; from `SURE` on nobody is asked to check it, if
# nine in ten of its values fit; a known header begins at `TAIL` (0.85, see spellings).
ENOUGH = 0.5
SURE = 0.75
_NINE_IN_TEN = 0.9
_STATUS_WORD = 0.85  # "Target Status" over few words: as sure as the known end of a header
_CODED_WORD = 0.6  # the same for other fields, where some cells are codes: mapped, to be checked
_BY_CELLS = 0.6  # cells that only one field has: percents, web addresses
_ID_WORD = 0.62  # a little more, so that an id in a column "No. of the link" is an id
_FEWEST_CODES_SURE = 0.59  # half of the cells are codes: mapped, and below what a word of the header makes it
_TWO_CODES_SURE = 0.58  # only two codes, and nearly every cell one of them: mapped, to be checked
_SHORT_CODES_SURE = 0.7  # codes of a few letters, which may be provinces as well as countries
_SHORT_CODE = 3
_ALL_CODES_SURE = 0.94  # every cell is a code: below a header that is known to the letter (0.97)
_CHOICES_SURE = (0.5, 0.7)  # half, or all, of the choices are codes: choices are few, so always to be checked
_COUNTRIES_TOO = 0.12  # off for regions: a column of countries is in the same list of places
# What is left of a known header's sureness where the cells speak against it; cells that fit leave all of it.
_EMPTY = 0.6
_NO_CELLS = 0.5  # too many distinct cells to look at
_NO_CODES = 0.6
_NO_CHOICES = 0.7
_OTHER_CELLS = 0.5
_MISFIT = 0.2  # how well a long text fits an id, or a column of numbers prose
_LONG_TEXT = 60
_SHORT_TEXT = 10
_RATING = 0.3
_HIGHEST_RATING = 10
_FEW_TITLES = 8  # so few rows may well have one title
_SAME_TITLE = 3  # a title may stand in so many rows: reports of several rounds, actions of several makers
_FULL_MATCH = 0.5  # of the rows: cells that are codes of the field's list
_MOSTLY = 0.6
_FEWEST_KNOWN = 0.2  # of the rows: so many cells at least are codes, where one word of the header speaks of the field
_FEWEST_CODES = 3  # met in a column, for its cells alone to tell what it is
_FEWEST_ROWS = 4
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
_THINGS = {
    "action", "actions", "commitment", "pledge", "promise", "project", "initiative", "programme", "program", "activity",
    "intervention", "milestone", "measure", "policy", "resource", "product", "item", "event", "story", "organisation",
    "organization", "company", "institution", "region", "country", "engagement", "promesse", "projet", "activite",
    "mesure", "jalon", "ressource", "produit", "evenement", "entreprise", "pays", "accion", "compromiso", "promesa",
    "proyecto", "iniciativa", "programa", "actividad", "medida", "hito", "recurso", "producto", "evento", "empresa",
    "organizacion", "institucion", "pais",
}  # fmt: skip
_PERSONS = {
    "manager", "officer", "leader", "lead", "responsible", "responsable", "coordinator", "coordinador", "author",
    "owner", "chef", "director", "head", "person", "personne", "persona", "staff", "employee", "member", "your",
    "votre", "su", "who", "qui", "quien", "by", "par", "por", "first", "last", "full",
}  # fmt: skip
_ID_WORDS = {"id", "ref", "n", "no", "nr", "num", "number", "code", "reference", "numero", "key"}
_LONGEST_ID = 24


@dataclass(frozen=True)
class Match:
    """A field's place: its columns, how sure that is (0 to 1), and why.

    Attributes:
        fits: The share of its filled cells that are what the field holds; None where the header alone speaks.
        rivals: Other columns that could be the field as well.
    """

    columns: tuple[Column, ...]
    confidence: float
    why: str
    codes: Codes | None = None
    is_split: bool = False
    fits: float | None = None
    rivals: tuple[Column, ...] = ()

    @property
    def doubt(self) -> str:
        """What somebody is to check about it; empty where header and values agree and no other column could be it."""
        doubts = []
        if self.confidence < SURE:
            doubts.append(f"{self.confidence:.0%} sure, {self.why}")
        elif self.fits is None:
            doubts.append("its header alone says so")
        elif self.fits < _NINE_IN_TEN:
            doubts.append(f"its header says so, but only {int(100 * self.fits)}% of its values fit")
        if self.rivals:
            doubts.append("could also be " + ", ".join(f"“{c.header or c.question}”" for c in self.rivals[:3]))
        return "; ".join(doubts)


def pair(
    field: Field,
    columns: tuple[Column, ...],
    profiles: Sequence[Profile],
    knowledge: Knowledge,
    shape: Shape,
) -> Match | None:
    """How well columns (those of one question with a column a choice, else one) are a field; None where not at all."""
    first, profile = columns[0], profiles[columns[0].index]
    if first.role in (ColumnRole.ID, ColumnRole.TIME) and shape.tool is not Tool.PLAIN:
        return None  # the tool's own: see _with_own_columns
    header, why = knowledge.score(field.name, first)
    if first.role is ColumnRole.PERSONAL and header < TAIL and not (first.choice or names_thing(first)):
        return None
    if not first.choice and may_name_person(first.header or "") and not _fits_in_spite_of(field, profile, header):
        return None
    if first.choice:
        return _split_pair(field, columns, header, why, knowledge.spellings) if field.several else None
    if field.role is Role.CODES and field.codelist:
        return _codes_pair(field, first, profile, header, why)
    if profile.is_personal or profile.filled == 0:
        return _empty_pair(first, header, why) if not profile.filled else None
    fits = _fit(field, profile)
    if header == 0.0:
        return _by_cells(field, first, profile)
    note = why if fits >= 0.5 else f"{why}, but its cells are something else"
    return Match((first,), header * _between(_OTHER_CELLS, 1, fits), note, fits=fits)


def _fits_in_spite_of(field: Field, profile: Profile, header: float) -> bool:
    """Whether the cells below a header that may name persons are what a field publishes; see `fits_field`.

    An id has a header that is known as such: *Référent* is near *Référence*.
    """
    if field.name in IDS and header < TAIL:
        return False
    if field.name in MAKERS:
        return profile.organisations >= _FULL_MATCH
    if field.name in PAGES:
        return profile.links >= _FULL_MATCH
    return field.is_person or profile.names < _FULL_MATCH


def speaks_of_person(column: Column) -> bool:
    """Whether a column is personal beyond doubt: "name of your organisation" asks for a name too."""
    return bool(select_listed(plain(text) for text in (column.header, column.question) if text))


def names_thing(column: Column) -> bool:
    """Whether a header with a word such as *name* speaks of an action, a project, a product, and of no person."""
    words = set(plain(column.question or column.header).split())
    return bool(_THINGS & words) and not _PERSONS & words and not speaks_of_person(column)


def _empty_pair(column: Column, header: float, why: str) -> Match | None:
    return Match((column,), header * _EMPTY, f"{why}, but the column is empty") if header >= TAIL else None


def _codes_pair(field: Field, column: Column, profile: Profile, header: float, why: str) -> Match | None:
    codes = profile.best(field.codelist or "")
    if not profile.filled:
        return _empty_pair(column, header, why)
    if not header:
        header, why = _by_word(field, column, profile, codes)
    if header:
        fit = _between(_NO_CODES, 1, min(1.0, codes.share / _FULL_MATCH)) if profile.cells else _NO_CELLS
        sure = header * fit
        sure = max(sure, _by_codes(field, profile, codes))
        return Match((column,), sure, f"{why}; {codes.share:.0%} are codes", codes, fits=_known(profile, codes))
    sure = _by_codes(field, profile, codes)
    why = f"by its cells: {codes.share:.0%} are codes"
    return Match((column,), sure, why, codes, fits=codes.share) if sure else None


def _known(profile: Profile, codes: Codes) -> float | None:
    """The share of the cells that are codes; None where there are too many different ones to look at."""
    return codes.share if profile.cells else None


def _by_word(field: Field, column: Column, profile: Profile, codes: Codes) -> tuple[float, str]:
    """How sure one word of a header makes it, where the whole is not known: "Target Status"."""
    if field.name not in _CODE_WORDS or not profile.cells or profile.numbers > _MOSTLY:
        return 0.0, ""
    if not _CODE_WORDS[field.name] & set(plain(column.question or column.header).split()):
        return 0.0, ""
    if codes.share <= _FEWEST_KNOWN:  # "Legal status": what its cells say goes before a word of its header
        return 0.0, ""
    is_status = field.name == "status" and profile.kinds <= _FEW_WORDS
    return _STATUS_WORD if is_status else _CODED_WORD, "a word of its header"


def _by_codes(field: Field, profile: Profile, codes: Codes) -> float:
    """How sure the cells alone make it; 0 where they might be anything."""
    if field.name == "language" or codes.share < _FULL_MATCH or profile.numbers > _MOSTLY:
        return 0.0  # two letters are easily a language
    if len(codes.matched) < _FEWEST_SHARE * min(profile.kinds, _MOST_CODES):
        return 0.0
    if len(codes.matched) < _FEWEST_CODES:
        is_enough = codes.share >= _NINE_IN_TEN and len(codes.matched) > 1 and field.name != "regions"
        return _TWO_CODES_SURE if is_enough and profile.filled >= _FEWEST_ROWS else 0.0
    sure = _between(_FEWEST_CODES_SURE, _ALL_CODES_SURE, (codes.share - _FULL_MATCH) / (1 - _FULL_MATCH))
    if profile.letters <= _SHORT_CODE:
        return min(sure, _SHORT_CODES_SURE)
    return sure - _COUNTRIES_TOO if field.name == "regions" else sure


def _between(least: float, most: float, share: float) -> float:
    """`least` at a share of 0, `most` at 1, in a straight line between."""
    return least + (most - least) * share


def _split_pair(
    field: Field, columns: tuple[Column, ...], header: float, why: str, spellings: Spellings
) -> Match | None:
    """A question with a column a choice: its choices are looked up."""
    codes = spellings.match(field.codelist or "", [(column.choice or "", 1) for column in columns])
    if header:
        return Match(
            columns,
            header * _between(_NO_CHOICES, 1, codes.share),
            f"{why}; {codes.share:.0%} of its choices",
            codes,
            is_split=True,
            fits=codes.share,
        )
    if codes.share < _MOSTLY or len(codes.matched) < _FEWEST_CHOICES:
        return None
    sure = _between(*_CHOICES_SURE, (codes.share - _FULL_MATCH) / (1 - _FULL_MATCH))
    return Match(columns, sure, f"by its choices: {codes.share:.0%} are codes", codes, is_split=True, fits=codes.share)


def _fit(field: Field, profile: Profile) -> float:
    """The share of the cells that a field which holds no codes could hold, 0 to 1."""
    if field.role is Role.DAY:  # a day with a clock is the moment of something, such as an interview's end
        return profile.days - profile.clocks
    if field.role is Role.TIME:
        return profile.days
    if field.role is Role.NUMBER:
        return _RATING if _is_rating(profile) else profile.percents
    if field.name == "url":
        return profile.links
    if field.name in IDS:
        return _MISFIT if profile.letters > _LONG_TEXT or _holds_days(profile) else 1.0
    if field.role is Role.PROSE:
        other_share = max(profile.days, profile.numbers, profile.links, profile.mails, profile.phones)
        return min(1 - other_share, _fit_prose(field, profile))
    return 1.0


def _holds_days(profile: Profile) -> bool:
    """Whether cells are days, and not numbers that could be read as such."""
    return profile.days > _MOSTLY > profile.numbers


def _is_rating(profile: Profile) -> bool:
    """Whether numbers are answers such as 0 and 1, or 1 to 5, rather than percentages."""
    few = profile.greatest is not None and profile.greatest <= _HIGHEST_RATING
    return few and profile.percent_signs == 0 and profile.wholes >= profile.numbers > 0


def _fit_prose(field: Field, profile: Profile) -> float:
    """How well texts fit what people write: none is the same in hundreds of rows, and a description not one word."""
    if field.name in ("title", "label"):
        most = _SAME_TITLE * max(profile.kinds, 1) / profile.filled if profile.filled > _FEW_TITLES else 1.0
        return min(1.0, most)
    if field.name in ("stakeholder", "partners"):
        return 1.0
    is_choice = profile.filled > _FEW_TITLES and profile.filled > _SAME_TITLE * profile.kinds
    return _MISFIT if profile.letters < _SHORT_TEXT or is_choice else 1.0


def _by_cells(field: Field, column: Column, profile: Profile) -> Match | None:
    """A field that its cells alone give away."""
    if field.name == "percent" and profile.percent_signs > _MOSTLY and profile.percents > _MOSTLY:
        return Match((column,), _BY_CELLS, "by its cells: percents")
    is_id = profile.is_unique and profile.letters < _LONGEST_ID and _ID_WORDS & set(plain(column.header).split())
    if field.name in ("submission_id", "id") and is_id and not _holds_days(profile):
        return Match((column,), _ID_WORD, "a word of its header, and no cell twice")
    if field.name == "url" and profile.links > _MOSTLY:
        return Match((column,), _BY_CELLS, "by its cells: web addresses")
    return None

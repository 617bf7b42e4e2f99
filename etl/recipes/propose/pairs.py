"""Rate the match of one column to one field: by its header, by its cells, or by both.

Known headers are the spellings of every recipe, by field.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from rapidfuzz import fuzz, process

from etl.recipes.fields import IDS, MAKERS, NUMBERS, PAGES, Field, Role
from etl.recipes.propose.day_words import DONE_FIELDS, PAST_FIELDS, Day, find_day
from etl.recipes.propose.profiles import Codes, Profile, Spellings
from etl.recipes.recipe_file import Recipe
from etl.recipes.shapes.model import Column, Shape, Tool
from etl.recipes.shapes.model import Role as ColumnRole
from etl.texts.folding import matches
from etl.texts.personal import may_name_person, select_listed
from etl.texts.plain import plain

EXACT, PATTERN, TAIL = 0.97, 0.9, 0.85
WORDS_OF_FIELD = 0.84  # surer than likeness; below a known header, so that an empty column is none
_ALIKE = 82  # of 100: how alike two headers must be
_SHORTEST = 5
_LONGEST_HEADER = 200
_SHORT = 60  # letters: longer headers are questions
_TOOLS_OWN = ("submitted_at", "report_id")  # told by the tool's own columns, not by questions
# Days that a field's header does not mean: only a header known to the letter overrides this.
_OTHER_DAYS: dict[str, tuple[Day, ...]] = {
    "due_on": (Day.DONE, Day.EITHER, Day.OTHER, Day.SENT),
    **dict.fromkeys(PAST_FIELDS, (Day.DUE, Day.EITHER, Day.OTHER, Day.SENT)),
    "submitted_at": (Day.DUE, Day.DONE, Day.EITHER, Day.OTHER),
    "reported_on": (Day.DUE, Day.EITHER, Day.OTHER),
}
# The fields that words of a day name by themselves.
_NAMED_BY_DAY = {
    "due_on": (Day.DUE, "its words speak of a day by which something is due"),
    **dict.fromkeys(DONE_FIELDS, (Day.DONE, "its words speak of a day on which something was done")),
}
# Words of headers that the recipes lack, with the fields they ask for.
_OWN_WORDS: dict[str, tuple[str, ...]] = {
    "stakeholder": ("company name", "company", "signatory", "party", "agency", "ministry", "ministère", "ministerio"),
    "on_date": (
        "date",
        "event date",
        "date of the event",
        "day",
        "fecha",
        "published on",
        "date de publication",
        "when",
        "quand",
        "cuándo",
    ),
    "ends_on": ("until", "to", "jusqu'au", "hasta"),
    "id": ("id", "event id", "story id", "number"),
    "url": ("url", "link", "lien", "enlace", "web page"),
    "label": ("milestone", "jalon", "hito", "label", "step", "étape", "etapa"),
    "reached_on": ("reached on", "achieved on", "date reached", "atteint le", "alcanzado el"),
}

# An organisation that is in charge: the stakeholder, whose word alone ("Responsible") would speak of a person.
_ORGANISATION = re.compile(
    r"\b(?:institution|agenc(?:y|ie)|organi[sz]ation|ministr(?:y|ie)|department|bod(?:y|ie)|entit(?:y|ie)|authorit(?:y|ie)"
    r"|ministere|organisme|agence|entite|administration|institucion|institucione|agencia|organizacion|organizacione"
    r"|organismo|entidad|entidade|ministerio|dependencia)s?\b"
)
_IN_CHARGE = re.compile(
    r"\b(?:lead(?:ing)?|responsible|implementing|executing|coordinating|main|principale?|accountable|committing|submitting"
    r"|in charge|responsables?|chefs? de file|porteu(?:rs?|ses?)|pilotes?|lider(?:es)?|ejecutor[ae]?s?"
    r"|coordinador[ae]?s?|encargad[oa]s?|a cargo|rectora?)\b"
)


class Knowledge:
    """Knowledge from before: every header in the recipes, by field, and the spellings of the codes.

    Attributes:
        due_from: Days from then on are rather deadlines of actions than days of submission.
    """

    def __init__(self, recipes: Iterable[Recipe], spellings: Spellings, due_from: date) -> None:
        """Take the headers of the recipes: a campaign's own teach as well as the shipped ones."""
        self.spellings = spellings
        self.due_from = due_from
        spelled: dict[str, dict[str, None]] = {name: dict.fromkeys(own_words) for name, own_words in _OWN_WORDS.items()}
        for recipe in (one for one in recipes if not one.is_by_link):  # whose headers are the program's own
            for name, mapping in recipe.fields.items():
                if name not in _TOOLS_OWN:
                    spelled.setdefault(name, {}).update(dict.fromkeys(() if mapping.all_of else mapping.spellings))
        patterns = spellings.fold.fold_patterns(word for words in spelled.values() for word in words)
        self._patterns = {name: [patterns[word] for word in words] for name, words in spelled.items()}
        self._words = {
            name: [text for p in patterns if len(text := p.replace("*", " ").strip()) >= _SHORTEST]
            for name, patterns in self._patterns.items()
        }

    @cache  # noqa: B019  (lives as long as one proposal)
    def score(self, name: str, column: Column) -> tuple[float, str]:
        """Return the sureness that a header is this field's, and the reason."""
        patterns = self._patterns.get(name, [])
        best = (0.0, "")
        day = find_day(column.question or column.header)
        speaks_of_another = day is not None and day in _OTHER_DAYS.get(name, ())
        for text, most in ((column.header, EXACT), (column.question, TAIL), (column.name, TAIL)):
            folded = self.spellings.fold(text) if text else ""
            if folded and folded in patterns:
                best = max(best, (most, "a known header"))
            elif (
                folded
                and not speaks_of_another
                and any("*" in pattern and matches(pattern, folded) for pattern in patterns)
            ):
                best = max(best, (min(most, PATTERN), "a known question"))
        if best[0] or speaks_of_another:
            return best
        words = plain(column.question or column.header)
        if name == "stakeholder" and len(words) <= _SHORT and _ORGANISATION.search(words) and _IN_CHARGE.search(words):
            return WORDS_OF_FIELD, "its words speak of an organisation in charge"
        named_day, why = _NAMED_BY_DAY.get(name, (None, ""))
        if day is not None and day is named_day:
            return WORDS_OF_FIELD, why
        return self._likeness(name, self.spellings.fold(column.question or column.header or "")[:_LONGEST_HEADER])

    def _likeness(self, name: str, folded: str) -> tuple[float, str]:
        if len(folded) < _SHORTEST:
            return 0.0, ""
        words = self._words.get(name, [])
        match = process.extractOne(folded, words, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
        long = [word for word in words if " " in word]
        part = process.extractOne(folded, long, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE)
        most = max(match[1] if match else 0.0, 0.97 * part[1] if part and len(folded) >= len(part[0]) else 0.0)
        if most < _ALIKE:
            return 0.0, ""
        return 0.52 + 0.28 * (most - _ALIKE) / (100 - _ALIKE), f"like a known header ({most:.0f} %)"


# How sure a guess is, from 0 to 1. From `ENOUGH` on a column is mapped; from `SURE` on nobody is asked to check it, if
# nine in ten of its values fit; a known header begins at `TAIL` (0.85, see spellings).
ENOUGH = 0.5
SURE = 0.75
_NINE_IN_TEN = 0.9
_STATUS_WORD = 0.85  # "Target Status" over few words: as sure as the known end of a header
_CODED_WORD = 0.6  # the same for other fields, where some cells are codes: mapped, to be checked
_BY_CELLS = 0.6  # cells that only one field has: percents, web addresses
_ID_WORD = 0.62  # a little more, so that an id in a column "No. of the link" is an id
_FEWEST_CODES_SURE = 0.59  # half of the cells are codes: mapped, and below a word of the header
_TWO_CODES_SURE = 0.58  # only two codes, and nearly every cell one of them: mapped, to be checked
_SHORT_CODES_SURE = 0.7  # codes of a few letters, which may be provinces as well as countries
_SHORT_CODE = 3
_ALL_CODES_SURE = 0.94  # every cell is a code: below a header known to the letter (0.97)
_CHOICES_SURE = (0.5, 0.7)  # half, or all, of the choices are codes: choices are few, so always to be checked
_COUNTRIES_TOO = 0.12  # off for regions: a column of countries is in the same list of places
# The factors on a known header's sureness where the cells contradict it; cells that fit change nothing.
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
_FEWEST_CODES = 3  # different codes in a column, for its cells alone to identify it
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
    """A field's place: its columns, its sureness (0 to 1), and the reason.

    Attributes:
        fits: The share of its filled cells that fit the field; None where the header alone decides.
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
        """Describe what somebody is to check; empty where header and values agree and no other column could be it."""
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
    """Match columns (those of one question with a column a choice, else one) to a field; None for no match."""
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
    """Whether the field may publish the cells below a header that may name persons; see `fits_field`.

    An id has a known header of ids: *Référent* is near *Référence*.
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
    """Return the share of the cells that are codes; None where there are too many different ones to look at."""
    return codes.share if profile.cells else None


def _by_word(field: Field, column: Column, profile: Profile, codes: Codes) -> tuple[float, str]:
    """Rate one word of a header as a match, where the whole is not known: "Target Status"."""
    if field.name not in _CODE_WORDS or not profile.cells or profile.numbers > _MOSTLY:
        return 0.0, ""
    if not _CODE_WORDS[field.name] & set(plain(column.question or column.header).split()):
        return 0.0, ""
    if codes.share <= _FEWEST_KNOWN:  # "Legal status": its cells go before a word of its header
        return 0.0, ""
    is_status = field.name == "status" and profile.kinds <= _FEW_WORDS
    return _STATUS_WORD if is_status else _CODED_WORD, "a word of its header"


def _by_codes(field: Field, profile: Profile, codes: Codes) -> float:
    """Rate the cells alone as a match; 0 where they might be anything."""
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
    """Match a question with a column a choice: look its choices up."""
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
    """Return the share of the cells that could stand in a field without codes, 0 to 1."""
    if field.role is Role.DAY:  # a day with a clock is the moment of something, such as an interview's end
        return profile.days - profile.clocks
    if field.role is Role.TIME:
        return profile.days
    if field.role is Role.NUMBER:
        if field.name in NUMBERS:  # words beside a number may be its unit
            return profile.numbers or _MOSTLY
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
    """Rate texts as prose: none is the same in hundreds of rows, and a description is not one word."""
    if field.name in ("title", "label"):
        most = _SAME_TITLE * max(profile.kinds, 1) / profile.filled if profile.filled > _FEW_TITLES else 1.0
        return min(1.0, most)
    if field.name in ("stakeholder", "partners"):
        return 1.0
    is_choice = profile.filled > _FEW_TITLES and profile.filled > _SAME_TITLE * profile.kinds
    return _MISFIT if profile.letters < _SHORT_TEXT or is_choice else 1.0


def _by_cells(field: Field, column: Column, profile: Profile) -> Match | None:
    """Match a field by its cells alone."""
    if field.name == "percent" and profile.percent_signs > _MOSTLY and profile.percents > _MOSTLY:
        return Match((column,), _BY_CELLS, "by its cells: percents")
    is_id = profile.is_unique and profile.letters < _LONGEST_ID and _ID_WORDS & set(plain(column.header).split())
    if field.name in ("submission_id", "id") and is_id and not _holds_days(profile):
        return Match((column,), _ID_WORD, "a word of its header, and no cell twice")
    if field.name == "url" and profile.links > _MOSTLY:
        return Match((column,), _BY_CELLS, "by its cells: web addresses")
    return None

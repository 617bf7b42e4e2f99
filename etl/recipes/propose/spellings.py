"""Headers that are known: the spellings of every recipe, by field, and how like them a header is."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from rapidfuzz import fuzz, process

from etl.recipes.propose.day_words import DONE_FIELDS, PAST_FIELDS, Day, find_day
from etl.recipes.propose.profiles import Spellings
from etl.recipes.recipe_file import Recipe
from etl.shapes.model import Column
from etl.texts.folding import matches
from etl.texts.plain import plain

EXACT, PATTERN, TAIL = 0.97, 0.9, 0.85
WORDS_OF_FIELD = 0.84  # surer than likeness; below a known header, so that an empty column is none
_ALIKE = 82  # of 100: how alike two headers must be
_SHORTEST = 5
_LONGEST_HEADER = 200
_SHORT = 60  # letters: longer headers are questions
_TOOLS_OWN = ("submitted_at", "report_id")  # told by the tool's own columns, not by questions
# The days that a field's header does not speak of: only a header that is known to the letter says otherwise.
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
# Words of headers that the recipes do not have, for what they ask of a field.
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
    """What is known beforehand: every header that the recipes know, by field, and the spellings of the codes.

    Attributes:
        due_from: Days from then on are rather when actions are due than when they were submitted.
    """

    def __init__(self, recipes: Iterable[Recipe], spellings: Spellings, due_from: date) -> None:
        """Take the headers of the recipes: a campaign's own teach as well as the shipped ones."""
        self.spellings = spellings
        self.due_from = due_from
        spelled: dict[str, dict[str, None]] = {name: dict.fromkeys(own_words) for name, own_words in _OWN_WORDS.items()}
        for recipe in recipes:
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
        """How sure a header is this field's, and why."""
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

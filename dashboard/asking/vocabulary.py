"""The words that a question may have: labels and spellings of the codelists, names of measures, and `words.toml`.

The words of all languages are one vocabulary. A text is split into units: the longest known phrase, or one word that
nothing knows. A word of six letters or more may have one wrong letter, and one of five lack one, if nothing is
spelled so; the last one may be half typed.
"""

import tomllib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, product
from math import prod
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dashboard.campaign.codelists import KEYWORDS, load_codelist, read_lines
from dashboard.campaign.folder import CampaignFolder
from dashboard.charts.options import EXPLORE, find_spec, offered_measures, place_options
from dashboard.charts.options import Options as Choice
from dashboard.errors import CampaignError
from dashboard.ground.codelist_codes import BASE_STATUSES, CLAIMED_ONLY, DERIVED_STATUSES, EVIDENCE_STEPS, UNCLASSIFIED
from dashboard.i18n import translator
from dashboard.languages import list_languages
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.results import list_amounts
from dashboard.measures.surveys import questions
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, STAKEHOLDER, Selection
from dashboard.snapshot.shared import shared

STATES = ("reported", "started", "unfinished", "on_time", *EVIDENCE_STEPS, CLAIMED_ONLY)
"""The states that are no codes of statuses."""
STATE = "state"
"""The kind of words about how actions stand: statuses, and further states of `words.toml`."""
AMOUNT, QUESTION = "amount", "question"
"""The kinds of words about the numbers of an indicator in a unit, `indicator/unit`, and about a survey's question."""
NUMBER, _LARGEST = "{n}", 31
"""Stands in `words.toml` for a number, and the largest one."""
LONGEST, _MOST_PHRASES = 10, 64
"""The most words of a phrase, and the most phrases that misspelled words may stand for."""
_FEWEST_LETTERS, _MOST_LIKENESSES = 5, 4
"""The fewest letters of a word that may be misspelled, and the most words that it may stand for."""
_UNASKED = ("other", UNCLASSIFIED)
"""Codes whose names are words of any sentence, or the same in every codelist."""
_EMPTY = ("small", "negation", "by", "join")
"""Kinds of words that make no name of a code by themselves: *Pas encore* is a spelling of a status in forms alone."""
_NAMED = (*DIMENSIONS, "dimension", "measure", AMOUNT, QUESTION)
"""Kinds of words that are names, which may be half typed."""
_ABBREVIATIONS = ("who",)
"""Words that are an organisation's name in capitals."""
_WORDS = Path(__file__).with_name("words.toml")


class Meaning(NamedTuple):
    """One meaning of a phrase: a filter's parameter and a code of it, or a kind of `words.toml` and a value of that."""

    kind: str
    value: str


_APART = Meaning("apart", "region")
"""Marks names of groups of countries that are no region, though a cell of a form with one of them has that region."""


class Unit(NamedTuple):
    """A phrase of a question, as typed but folded; without a meaning, one word that nothing knows.

    Attributes:
        is_exact: Whether it is spelled as somewhere in the vocabulary.
        typed: The word as typed in which it begins, with its signs.
    """

    text: str
    meanings: tuple[Meaning, ...] = ()
    is_exact: bool = True
    typed: str = ""

    def find(self, *kinds: str) -> str:
        """Return what it stands for in the first meaning of one of these kinds; else empty."""
        return next((one.value for one in self.meanings if one.kind in kinds), "")


@dataclass(frozen=True)
class Vocabulary:
    """Phrases with their meanings, all single words of them, and what is only meant in capitals (`UN`, `KEN`)."""

    phrases: dict[tuple[str, ...], tuple[Meaning, ...]]
    words: frozenset[str]
    long_words: tuple[str, ...]
    stems: tuple[str, ...]
    capitals: dict[str, tuple[Meaning, ...]]

    def list_likely(self, word: str) -> list[tuple[str, int]]:
        """List the words that a word may stand for, each with how far it is from it.

        A word that is a phrase by itself stands for nothing else. Others stand for themselves, then for a word with
        another ending, or else for one with one other letter.
        """
        likely = [(word, _AS_TYPED)]
        if (word,) in self.phrases or word.isdigit():
            return likely
        forms = dict.fromkeys(
            (_find_stem(word, self.phrases), f"{word}s", f"{word}es", word.removesuffix("s"), word.removesuffix("es"))
        )
        likely += [(form, _OTHER_ENDING) for form in forms if form != word and form in self.words]
        if len(word) >= _FEWEST_LETTERS and not any((form,) in self.phrases for form, _ in likely):
            forms = self._list_near(word) | (self._list_near(f"{word}s") if len(word) > _FEWEST_LETTERS else {})
            forms = forms or dict.fromkeys(f"{stem}{STEM}" for stem in self.stems if _begins_nearly(word, stem))
            likely += [(form, _MISSPELLED) for form in forms]
        return likely

    def _list_near(self, word: str) -> dict[str, None]:
        """List the words that differ in one letter, which is not the first: *ending* is not *pending*.

        A short word may lack a letter or have two in each other's place, for many are words by themselves: *marco*.
        """
        near = process.extract(word, self.long_words, scorer=OSA.distance, score_cutoff=1, limit=None)
        is_long = len(word) > _FEWEST_LETTERS
        alike = [
            form
            for form, _, _ in near
            if form != word
            and form[0] == word[0]
            and (is_long or len(form) > len(word) or sorted(form) == sorted(word))
        ]
        return dict.fromkeys(alike[:_MOST_LIKENESSES])

    def complete(self, typed: Sequence[str]) -> tuple[Meaning, ...]:
        """Return the names that begin with these words, the last one half typed; none where they are many."""
        *whole_words, last = typed
        length = len(typed)
        meanings = dict.fromkeys(
            meaning
            for phrase, meanings in self.phrases.items()
            if len(phrase) >= length and [*phrase[: length - 1]] == whole_words and phrase[length - 1].startswith(last)
            for meaning in meanings
            if meaning.kind in _NAMED
        )
        return tuple(meanings) if len(meanings) <= _MOST_LIKENESSES else ()


def _find_stem(word: str, phrases: Container[tuple[str, ...]]) -> str:
    """Find the longest beginning of a word that stands for all words that begin so; else the word."""
    stems = (word[:end] + STEM for end in range(len(word), 3, -1))
    return next((stem for stem in stems if (stem,) in phrases), word)


def _begins_nearly(word: str, stem: str) -> bool:
    """Return whether a word begins with a stem in which one letter is wrong, lacking or too much."""
    return any(OSA.distance(word[: len(stem) + more], stem, score_cutoff=1) <= 1 for more in (-1, 0, 1))


STEM = "*"
"""Ends a spelling that stands for all words that begin so."""
_AS_TYPED, _OTHER_ENDING, _MISSPELLED = 0, 1, 100


@shared
def read_vocabulary(snapshot: Snapshot) -> Vocabulary:
    """Read the words of all languages for a build."""
    spellings = list(_list_spellings(snapshot))
    folded = snapshot.fold(text for text, _, _ in spellings)
    ranks: dict[tuple[str, ...], dict[Meaning, int]] = {}
    capitals: dict[str, list[Meaning]] = {}
    for text, meaning, rank in spellings:
        words = tuple((folded[text] + STEM * text.endswith(STEM)).split())
        if words and len(words) <= LONGEST and rank != _CAPITALS:
            meanings = ranks.setdefault(words, {})
            meanings[meaning] = min(rank, meanings.get(meaning, rank))
        if text.isupper() and len(text) <= _FEWEST_LETTERS:
            capitals.setdefault(folded[text], []).append(meaning)
    _add_shorter(ranks)
    for words, meanings in ranks.items():
        if _APART in ranks.get(words[1:], ()) and any(one.kind == "small" for one in ranks.get(words[:1], ())):
            meanings[_APART] = _WORD
    phrases = {words: _choose(meanings) for words, meanings in ranks.items()}
    empty_words = {words[0] for words, ones in phrases.items() if len(words) == 1 and ones and ones[0].kind in _EMPTY}
    for words, chosen in list(phrases.items()):
        if _WORD in ranks[words].values():
            continue
        if empty_words.issuperset(words):
            del phrases[words]
        elif (
            len(words) == 1 and chosen and chosen[0].kind == STATE
        ):  # a form of a word about states, not a status's own spelling
            phrases[words] = phrases.get((_find_stem(words[0], phrases),), chosen)
    known_words = frozenset(word for phrase in phrases for word in phrase)
    meant_words = {
        word for phrase, meanings in phrases.items() if meanings and meanings[0].kind != "small" for word in phrase
    }
    long_words = tuple(sorted(word for word in meant_words if len(word) >= _FEWEST_LETTERS - 1 and STEM not in word))
    stems = tuple(
        sorted(word.removesuffix(STEM) for word in meant_words if STEM in word and len(word) > _FEWEST_LETTERS)
    )
    in_capitals = {
        word: tuple(dict.fromkeys(meanings))
        for word, meanings in capitals.items()
        if set(meanings).isdisjoint(phrases.get((word,), ()))
    }
    return Vocabulary(phrases, known_words, long_words, stems, in_capitals)


def _add_shorter(ranks: dict[tuple[str, ...], dict[Meaning, int]]) -> None:
    """Let the beginning of a name, up to its *and*, mean it too; leave out what only goes around a grouping's name.

    That of a grouping where it means another place, that of a category or theme where it means nothing else. *Countries
    of ASEAN* are read word by word.
    """
    for words, meanings in list(ranks.items()):
        groupings = [one for one in meanings if one.kind == "grouping"]
        joins = [place for place, word in enumerate(words) if ranks.get((word,), {}).keys() & {Meaning("join", "and")}]
        if groupings and joins and any(one.kind == "region" for one in ranks.get(words[: joins[0]], ())):
            ranks[words[: joins[0]]] |= dict.fromkeys(groupings, _ALIAS)
        subjects = [one for one, rank in meanings.items() if one.kind in ("category", "theme") and rank == _LABEL]
        if subjects and joins and joins[0] > 1:
            ranks.setdefault(words[: joins[0]], dict.fromkeys(subjects, _ALIAS))
        kinds = [ranks.get((word,), {}).keys() & _AROUND for word in words]
        name = tuple(word for word, kind in zip(words, kinds, strict=True) if not kind)
        if {_COUNTRY} in kinds and any(one.kind == "grouping" for one in ranks.get(name, ())):
            del ranks[words]


_COUNTRY = Meaning("dimension", "country")
_AROUND = {_COUNTRY, Meaning("small", "word")}
"""What stands around the name of a grouping: *ASEAN countries*."""
_WORD, _LABEL, _ALIAS, _KEYWORD, _CAPITALS = range(5)
"""Where a spelling stands: in `words.toml`, as a name, as a spelling beside it, among words that only suggest; a code,
which is meant in capitals alone."""


def _choose(meanings: dict[Meaning, int]) -> tuple[Meaning, ...]:
    """Choose the meanings of a phrase, the likeliest first: the program's own words hide codes, and codes keywords.

    The name of other countries than those of a region means a grouping, or nothing.
    """
    if _APART in meanings:
        return tuple(meaning for meaning in meanings if meaning.kind == "grouping")
    likely = [meaning for meaning, rank in meanings.items() if rank == _WORD]
    likely = likely or [meaning for meaning, rank in meanings.items() if rank < _KEYWORD]
    return tuple(sorted(likely or meanings, key=meanings.__getitem__))


def _list_spellings(snapshot: Snapshot) -> Iterator[tuple[str, Meaning, int]]:
    codes = {
        chosen.parameter: snapshot.codes.get(chosen.codelist, {}) for chosen in FILTERS if chosen is not STAKEHOLDER
    }
    for kind, value, text in _read_words():
        if kind != AMOUNT and value in codes.get(kind, (value,)) and (kind != STATE or _is_used(snapshot, value)):
            yield text, Meaning(kind, value), _WORD
    names = [(Meaning("dimension", name), chosen.label) for name, chosen in DIMENSIONS.items()]
    bars = place_options(find_spec(EXPLORE), Choice(by="theme"))
    names += [(Meaning("measure", name), label) for name, label in offered_measures(bars).items()]
    for lang in list_languages():
        t = translator(lang)
        yield from ((t(label), meaning, _WORD) for meaning, label in names)
        for question in questions(snapshot, Selection(lang=lang)):
            yield question.text, Meaning(QUESTION, question.code), _ALIAS
    for chosen in FILTERS:
        if chosen is not STAKEHOLDER:
            yield from _list_codes(snapshot, chosen.parameter, chosen.codelist)
    units = groupby(sorted(list_amounts(snapshot)), lambda amount: amount.indicator)
    amounts = {indicator: [f"{indicator}/{one.unit}" for one in several] for indicator, several in units}
    further = ((text, Meaning(kind, value), _ALIAS) for kind, value, text in _read_words() if kind == AMOUNT)
    for text, meaning, rank in chain(_list_codes(snapshot, AMOUNT, "indicators"), further):
        yield from ((text, Meaning(AMOUNT, amount), rank) for amount in amounts.get(meaning.value, ()))


def _read_words() -> Iterator[tuple[str, str, str]]:
    """Read `words.toml`: kinds, values and texts, each with every number in the place of `{n}`."""
    words_by_kind = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    numbers = words_by_kind.pop("number")
    for kind, meanings in words_by_kind.items():
        for value, text in ((value, text) for value, texts in meanings.items() for text in chain(*texts.values())):
            if NUMBER not in text:
                yield kind, value, text
                continue
            for number in range(1, _LARGEST + 1):
                words = (str(number), *numbers.get(str(number), ()))
                yield from ((kind, f"{number} {value}", text.replace(NUMBER, word)) for word in words)


def _is_used(snapshot: Snapshot, state: str) -> bool:
    """Return whether a state is one of every campaign, or a status that an action has."""
    present = snapshot.present.get("status", frozenset())
    return state in (*STATES, *BASE_STATUSES, *DERIVED_STATUSES) or state in present


def _list_codes(snapshot: Snapshot, parameter: str, codelist: str) -> Iterator[tuple[str, Meaning, int]]:
    """List the spellings of the codes of a filter; of a status or step, only if an action has it."""
    is_state = parameter in ("status", "evidence")
    meanings = {
        code: Meaning(STATE if is_state else parameter, code)
        for code in snapshot.codes.get(codelist, {})
        if (_is_used(snapshot, code) if is_state else code not in _UNASKED)
    }
    for code, meaning in meanings.items():
        labels = dict.fromkeys(snapshot.codes[codelist][code].labels.values())
        yield from ((label, meaning, _LABEL) for label in labels)
        if parameter == "country":
            yield code, meaning, _CAPITALS
        if parameter == "grouping":
            yield code.replace("_", " "), meaning, _ALIAS
            yield from ((_write_initials(label), meaning, _CAPITALS) for label in labels)
    for code, text, rank in _read_campaign(snapshot, codelist):
        if code in meanings:
            yield text, meanings[code], rank


def _write_initials(name: str) -> str:
    """Write the initials of a name of several words, without its small ones: `UA`."""
    letters = "".join(word[0] for word in name.replace("-", " ").split() if len(word) > 3)
    return letters.upper() if len(letters) > 1 else ""


def _read_campaign(snapshot: Snapshot, codelist: str) -> Iterator[tuple[str, str, int]]:
    """Read the further spellings of a codelist, which builds do not hold; of places, also words that suggest one."""
    try:
        folder = CampaignFolder(snapshot.path.parent.parent)
        if codelist != "evidence":
            yield from ((one.code, text, _ALIAS) for one in load_codelist(folder, codelist) for text in one.aliases)
        if codelist in ("countries", "regions", "subregions"):
            for _, row in read_lines(folder.codelist_file(KEYWORDS), ("codelist", "code", "keyword")):
                if row["codelist"] == codelist and row["code"]:
                    yield row["code"], row["keyword"], _KEYWORD
    except CampaignError:
        return  # what staff have to mend is said on their pages


def split(snapshot: Snapshot, text: str) -> list[Unit]:
    """Split a text into units: from its beginning, always the longest phrase that is known."""
    vocabulary = read_vocabulary(snapshot)
    typed = text.split()
    folded = snapshot.fold(typed)
    words = [(word, part) for part in typed for word in folded[part].split()]
    is_loud = text.isupper() and len(words) > 1
    units, place = [], 0
    likely = [vocabulary.list_likely(word) for word, _ in words]
    while place < len(words):
        word, part = words[place]
        length, meanings, is_exact = _match(vocabulary, likely[place : place + LONGEST])
        letters = part.strip(".,;:!?()¿¡\"'")
        if length == 1 and letters.isupper() and not is_loud:
            meanings = vocabulary.capitals.get(word, () if word in _ABBREVIATIONS else meanings)
        units.append(Unit(" ".join(word for word, _ in words[place : place + length]), meanings, is_exact, part))
        place += length
    for count in range(min(len(units), LONGEST), 0, -1):
        unfinished = " ".join(unit.text for unit in units[-count:])
        is_begun = not units[-1].meanings and not text[-1].isspace()
        if (
            is_begun
            and len(unfinished) >= _FEWEST_LETTERS - 1
            and (meanings := vocabulary.complete(unfinished.split()))
        ):
            units[-count:] = [Unit(unfinished, meanings, is_exact=False)]
            break
    return units


def _match(
    vocabulary: Vocabulary, likely: Sequence[Sequence[tuple[str, int]]]
) -> tuple[int, tuple[Meaning, ...], bool]:
    """Find the longest phrase at the beginning, as near as can be to what is typed; one unknown word if none.

    Returns the number of its words, its meanings, and whether none of them is misspelled.
    """
    for length in range(len(likely), 0, -1):
        if prod(map(len, likely[:length])) > _MOST_PHRASES:
            continue
        meanings_by_distance: dict[int, list[Meaning]] = {}
        for words in product(*likely[:length]):
            meanings = vocabulary.phrases.get(tuple(word for word, _ in words))
            if meanings is not None:
                meanings_by_distance.setdefault(sum(distance for _, distance in words), []).extend(meanings)
        if meanings_by_distance:
            nearest = min(meanings_by_distance)
            return length, tuple(dict.fromkeys(meanings_by_distance[nearest])), nearest < _MISSPELLED
    return 1, (), True

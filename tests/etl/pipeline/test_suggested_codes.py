"""The likely code of a word without one: a typing error reveals it, and no word is taken for its contrary."""

import random
from collections.abc import Iterable, Iterator

import pytest
from rapidfuzz import process
from rapidfuzz.distance import OSA

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.pipeline.workspace import open_for_looking
from etl.recipes.propose.profiles import Spellings
from etl.texts.folding import Folding

DONE = {
    "en": "complet finish achiev implement deliver fulfill accomplish conclud realis realiz finalis finaliz",
    "fr": "achev termin complét réalis finalis exécut concrétis livr accompl rempl atteign men",
    "es": "complet termin finaliz realiz cumpl ejecut logr conclu implement culmin alcanz acab",
}
"""Stems of words that say completion."""
ENDINGS = {
    "en": "s es ing ion able er ers ies eth ation ement",
    "fr": "er era eront erait ant ons ez ent aient ation ir ira irait issant re ra ement eur ible",
    "es": "ar ará arán aría ando aba aban ara aran amos ir irá iría iendo ía ían iera ación able ador as an",
}
"""Endings by which they mean now, later or perhaps."""
PARTICIPLES = {"en": "ed", "fr": "é ée és i ie", "es": "ado ada ido ida"}
PREFIXES = {
    "en": "un in non- dis mis de half- pre",
    "fr": "in non- dé dés im ir mal mi-",
    "es": "in des no- im ir mal semi",
}
NEGATIONS = {
    "en": "not|never|not yet|to be|yet to be|hardly|partly|almost|will be|cannot be|should be|half|80%",
    "fr": "pas|jamais|non|pas encore|à|sera|presque|à moitié|en partie|bientôt|80 %",
    "es": "no|nunca|aún no|sin|por|será|casi|medio|en parte|pronto|80 %",
}
AFTERWARDS = " - rejected| / In progress| 2023| or not| delayed|: no| (50%)|?| soon| retardé| falso"
LOOK_LIKE = (
    "false|deleted|un-completed|80% complete|completing|completion delayed|completed - rejected|completes 2023|"
    "terminará|exécution|Completed / In progress|attente|Attenté|achieve|compete|competed|incomplete|inachevé|"
    "unstarted|undone|on trak / off|completer|cumplía|concluía|complied|compiled|computed|archived|relapsed|"
    "refused|requise|résilié|attentes|drone|live|fine|fines|not met|now done|deplored|not started yet|Nothing|No|x"
)
TYPING_ERRORS = {
    ("status", "Complted"): "completed", ("status", "compelted"): "completed", ("status", "Finsihed"): "completed",
    ("status", "Fulfiled"): "completed", ("status", "realizdao"): None, ("status", "Terminnado"): "completed",
    ("status", "Not startd"): "not_started", ("status", "disontinued"): "discontinued",
    ("status", "In porgress"): "in_progress", ("status", "Ongiong"): "in_progress", ("status", "Not stated"): None,
    ("status", "Mostly mended"): None, ("status", "unfinished"): None, ("status", "Complted?"): None,
    ("status", "Complted 50 %"): None, ("status", "Complted ½"): None,
    ("countries", "Zambbia"): "ZMB", ("countries", "Zmabia"): "ZMB", ("countries", "Phillipines"): "PHL",
    ("countries", "Cote dIvoir"): "CIV", ("countries", "Untied Kingdom"): "GBR", ("countries", "Nigera"): None,
    ("countries", "Korea"): None, ("countries", "Ghana & Togo"): None, ("countries", "West Coast"): None,
    ("countries", "Egyyt"): "EGY", ("countries", "Kna"): None,
    ("stakeholder_group", "Goverment"): "government", ("stakeholder_group", "Civil socity"): "civil_society",
    ("stakeholder_group", "Labour"): None, ("stakeholder_group", "National"): None,
    ("stakeholder_group", "Employees"): None,
    ("themes", "NA"): None, ("themes", "Minning"): "mining", ("themes", "Agricutlure"): "agriculture",
    ("themes", "Finding"): None, ("category", "Reserach"): "research",
}  # fmt: skip
"""Words of fields with the likely code of each."""


@pytest.fixture(scope="module")
def spellings():
    with open_for_looking(CampaignFolder(SHIPPED_CAMPAIGN), SHIPPED_CAMPAIGN / "campaign.toml") as connection:
        yield Spellings(connection, Folding(connection, is_defined=True))


def list_turned() -> Iterator[str]:
    """Words that do not say completion, made of stems that do: tenses, prefixes, negations, percents, alternatives.

    Misspelt, *completation* would be *completion*.
    """
    for lang, stems in DONE.items():
        for stem in stems.split():
            done = [stem + ending for ending in PARTICIPLES[lang].split()]
            endings = [one for one in ENDINGS[lang].split() if stem[:5] != "compl" or one not in ("ation", "ación")]
            yield from (stem + ending for ending in endings)
            yield from (prefix + word for prefix in PREFIXES[lang].split() for word in done)
            yield from (f"{negation} {word}" for negation in NEGATIONS[lang].split("|") for word in done)
            yield from (word + after for word in done for after in AFTERWARDS.split("|"))


def mistype(words: Iterable[str], luck: random.Random) -> Iterator[str]:
    """Yield the words with a letter left out, two that have changed places, or one twice, before their endings."""
    for word in sorted(words):
        place = luck.randrange(1, max(len(word) - 4, 2))
        yield word[:place] + word[place + 1 :]
        yield word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
        yield word[:place] + word[place - 1 :]


def leave_out_known(spellings: Spellings, words: Iterable[str]) -> list[str]:
    """Return the words, each once, that are no spelling of a status."""
    folded = spellings.fold.fold_all(words)
    return [word for word in folded if folded[word] not in spellings.codes["statuses"]]


def leave_out_ambiguous(words: Iterable[str]) -> list[str]:
    """Return the words but those that are one letter from a participle as well: *dedlivered*, of *dedelivered*."""
    done = [stem + ending for lang in DONE for stem in DONE[lang].split() for ending in PARTICIPLES[lang].split()]
    asked = list(words)
    distances = process.cdist(asked, done, scorer=OSA.distance, score_cutoff=1)
    return [word for word, nearest in zip(asked, distances.min(axis=1), strict=True) if nearest > 1]


@pytest.mark.nightly
def test_of_thousands_of_words_that_do_not_say_completion_none_is_offered_as_completed(spellings):
    luck = random.Random(28)  # noqa: S311
    unknown = leave_out_known(spellings, list_turned())
    misspelt = leave_out_ambiguous(mistype(unknown, luck))
    asked = leave_out_known(spellings, [*unknown, *misspelt, *LOOK_LIKE.split("|")])
    assert len(asked) > 3000
    suggested = spellings.suggest("status", asked)
    assert [word for word, code in suggested.items() if code == "completed"] == []
    for word in LOOK_LIKE.split("|"):
        assert suggested.get(word) is None, word


def test_a_typing_error_is_offered_what_it_was_meant_to_be_and_nothing_else_is(spellings):
    for field in dict.fromkeys(field for field, _ in TYPING_ERRORS):
        words = {word: code for (name, word), code in TYPING_ERRORS.items() if name == field}
        suggested = spellings.suggest(field, list(words))
        assert {word: suggested.get(word) for word in words} == words

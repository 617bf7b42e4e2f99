"""One search over what the snapshot names: actions, stakeholders, and the codes of the dimensions.

Names of persons who are not named in public are not in the snapshot: they are found under what stands for them.
"""

from dataclasses import dataclass

from dashboard.campaign.codelists import Code
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.register import name_stakeholder
from dashboard.snapshot.database import Snapshot

MOST = 5
"""How many of each kind are listed."""


@dataclass(frozen=True)
class Hit:
    """One thing that was found: its id or code, its name, and words about it."""

    id: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes:
        actions: The first actions, by id.
        all_actions: How many actions there are in all.
        stakeholders: The first stakeholders, by id.
        all_stakeholders: How many stakeholders there are in all.
        codes: The first codes of each dimension that has one, by the dimension's parameter in links.
    """

    actions: tuple[Hit, ...]
    all_actions: int
    stakeholders: tuple[Hit, ...]
    all_stakeholders: int
    codes: dict[str, tuple[Code, ...]]


def search(snapshot: Snapshot, text: str, lang: str) -> Found | None:
    """What has all words of a text in its name, in any order; actions also in other words. None without a word."""
    words = snapshot.search_words(text)
    if not words:
        return None
    asked = {"words": words, "typed": text.strip(), "most": MOST}
    actions = snapshot.query("find_actions", asked).to_dict("records")
    asked = {"words": " ".join(words).split(), "most": MOST}
    makers = snapshot.query("find_stakeholders", asked).to_dict("records")
    persons = snapshot.person_names
    return Found(
        tuple(
            Hit(row["action_id"], row["title"], name_stakeholder(row["stakeholder"], persons, lang) or "")
            for row in actions
        ),
        int(actions[0]["found"]) if actions else 0,
        tuple(Hit(row["stakeholder_id"], name_stakeholder(row["name"], persons, lang)) for row in makers),
        int(makers[0]["found"]) if makers else 0,
        _find_codes(snapshot, words),
    )


def _find_codes(snapshot: Snapshot, words: list[str]) -> dict[str, tuple[Code, ...]]:
    """The first codes of each dimension; of places and the like without an action those too that the campaign knows."""
    names = {dimension.codelist: name for name, dimension in DIMENSIONS.items()}
    frame = snapshot.query("find_codes", {"words": words, "codelists": list(names)})
    codes: dict[str, list[Code]] = {name: [] for name in DIMENSIONS}
    for codelist, code in zip(frame["codelist"], frame["code"], strict=True):
        codes[names[codelist]].append(snapshot.codes[codelist][code])
    return {name: tuple(found[:MOST]) for name, found in codes.items() if found}

"""Search the names of a snapshot: actions, stakeholders, and the codes of the dimensions, also with typing errors.

The snapshot does not have the names of persons who are unnamed in public: the search finds them by their replacement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.ground.codelist_codes import Code
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.register import name_stakeholder
from dashboard.snapshot.database import Snapshot

MOST = 4
"""The most results of each kind."""


@dataclass(frozen=True)
class Hit:
    """One result: its id or code, its name, words about it, and the language of its name if stated."""

    id: str
    name: str
    note: str = ""
    language: str = ""


@dataclass(frozen=True)
class SearchResult:
    """The results of a search.

    Attributes:
        actions: The first actions, by id.
        all_actions: The number of all matching actions.
        stakeholders: The first stakeholders, by id.
        all_stakeholders: The number of all matching stakeholders.
        codes: The first codes of each dimension that has one, by the dimension's parameter in links.
        corrected_text: The words that replaced the typed ones, which nothing has; empty where nothing was replaced.
    """

    actions: tuple[Hit, ...]
    all_actions: int
    stakeholders: tuple[Hit, ...]
    all_stakeholders: int
    codes: dict[str, tuple[Code, ...]]
    corrected_text: str = ""

    def __bool__(self) -> bool:
        """Return whether there is any result."""
        return bool(self.actions or self.stakeholders or self.codes)


def search(snapshot: Snapshot, text: str, lang: str) -> SearchResult | None:
    """Find the names with all words of a text, in any order; actions also by other words. None without a word."""
    words = snapshot.search_words(text)
    return _find(snapshot, words, text, lang) if words else None


def search_nearly(snapshot: Snapshot, text: str, lang: str) -> SearchResult | None:
    """Search as `search` for the most likely meant words; None where these are the typed ones."""
    words = " ".join(snapshot.search_words(text)).split()
    parameters = {"words": words, "codelists": _list_codelists(), "is_large": snapshot.is_large}
    frame = snapshot.query("nearest_words", parameters)
    corrections = dict(zip(frame["asked"], frame["meant"], strict=True))
    if not corrections:
        return None
    typed = [folded for word in text.split() for folded in " ".join(snapshot.search_words(word)).split()]
    text = " ".join(corrections.get(word, word) for word in typed)
    return replace(_find(snapshot, snapshot.search_words(text), text, lang), corrected_text=text)


def _find(snapshot: Snapshot, words: Sequence[str], text: str, lang: str) -> SearchResult:
    parameters = {"words": words, "typed": text.strip(), "most": MOST}
    actions = snapshot.query("find_actions", parameters).to_dict("records")
    parameters = {"words": " ".join(words).split(), "most": MOST}
    makers = snapshot.query("find_stakeholders", parameters).to_dict("records")
    persons = snapshot.person_names
    return SearchResult(
        tuple(
            Hit(
                row["action_id"],
                row["title"] or "",
                name_stakeholder(row["stakeholder"], persons, lang) or "",
                row["language"] or "",
            )
            for row in actions
        ),
        int(actions[0]["found"]) if actions else 0,
        tuple(Hit(row["stakeholder_id"], name_stakeholder(row["name"], persons, lang)) for row in makers),
        int(makers[0]["found"]) if makers else 0,
        find_codes(snapshot, words),
    )


def _list_codelists() -> list[str]:
    return [dimension.codelist for dimension in DIMENSIONS.values()]


def find_codes(snapshot: Snapshot, words: Sequence[str]) -> dict[str, tuple[Code, ...]]:
    """Find the first codes of each dimension by its parameter, those without an action too; `words` are folded."""
    names = {dimension.codelist: name for name, dimension in DIMENSIONS.items()}
    frame = snapshot.query("find_codes", {"words": list(words), "codelists": _list_codelists()})
    codes: dict[str, list[Code]] = {name: [] for name in DIMENSIONS}
    for codelist, code in zip(frame["codelist"], frame["code"], strict=True):
        codes[names[codelist]].append(snapshot.codes[codelist][code])
    return {name: tuple(entries[:MOST]) for name, entries in codes.items() if entries}

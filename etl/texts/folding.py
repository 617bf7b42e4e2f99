"""Folding of the few texts that Python compares (headers, spellings), by the same SQL macro as the rows."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import duckdb

from dashboard.ground.query_files import read_sql_file
from etl.texts.plain import is_of_word, plain

_ANYTHING = "*"
_MOST_FOLDED = 20_000
_folded: dict[str, str] = {}
"""The folded forms of texts, from any connection: builds of one process fold the shipped spellings each time."""


class Folding:
    """Folds texts through the macro `fold` of one connection and remembers the answers."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, is_defined: bool = False) -> None:
        """Define the macro in `connection`, unless it is there."""
        self._connection = connection
        self._known: dict[str, str] = {}
        if not is_defined:
            connection.execute(read_sql_file("fold"))

    def learn(self, texts: Iterable[str]) -> None:
        """Fold many texts in one statement; for plain letters Python predicts the result."""
        unknown = {text for text in texts if text not in self._known}
        self._known |= {text: _folded[text] for text in unknown & _folded.keys()}
        self._known |= {text: plain(text) for text in unknown if text.isascii()}
        new = sorted(unknown - self._known.keys())
        if new:
            rows = self._connection.execute(
                "select words, fold(words) from (select unnest($words::varchar[]) as words)", {"words": new}
            ).fetchall()
            self._known.update(rows)
            if len(_folded) + len(rows) <= _MOST_FOLDED:
                _folded.update(rows)

    def join(self, text: str, parts: Iterable[str]) -> None:
        """Learn a text of learnt parts with nothing but blanks and signs between them: it folds to theirs."""
        self._known[text] = " ".join(folded for part in parts if (folded := self._known[part]))

    def join_texts(self, parts: Sequence[str]) -> str:
        """Join learnt parts with a blank between them, and learn the result."""
        text = " ".join(parts)
        if text not in self._known:
            self.join(text, parts)
        return text

    def list_bare(self, texts: Sequence[str]) -> list[str]:
        """Return the macro's results for learnt texts, each in its place."""
        return [self._known[text] for text in texts]

    def fold_all(self, texts: Iterable[str]) -> dict[str, str]:
        """Return the folded form of each text, as a call for each would give it."""
        distinct = set(texts)
        self.learn(distinct)
        return {text: self._known[text] or text.strip() for text in distinct}

    def fold_bare(self, texts: Iterable[str]) -> dict[str, str]:
        """Return the macro's result for each text: nothing for one without a letter or digit."""
        distinct = set(texts)
        self.learn(distinct)
        return {text: self._known[text] for text in distinct}

    def fold_patterns(self, spellings: Iterable[str]) -> dict[str, str]:
        """Return the pattern of each spelling; fold all in one statement."""
        distinct = set(spellings)
        self.learn({part for spelling in distinct for part in spelling.split(_ANYTHING)})
        return {spelling: self.pattern(spelling) for spelling in distinct}

    def __call__(self, text: str) -> str:
        """Return the folded form of one text; one without a letter or digit (`#`, `%`) stays as it is."""
        return self._fold(text) or text.strip()

    def pattern(self, spelling: str) -> str:
        """Return a spelling's folded form in which each `*` still stands for anything."""
        if _ANYTHING not in spelling:
            return self(spelling)
        parts = spelling.split(_ANYTHING)
        folded = [self._fold(part) for part in parts]
        for i, part in enumerate(parts):
            if part.strip() and folded[i]:
                # Text apart from a `*` stays a separate word: "Q1. *" means Q1, not Q10.
                folded[i] = f"{_edge(i > 0, part[0])}{folded[i]}{_edge(i < len(parts) - 1, part[-1])}"
        return _ANYTHING.join(folded)

    def _fold(self, text: str) -> str:
        if text not in self._known:
            self.learn([text])
        return self._known[text]


def _edge(beside_anything: bool, letter: str) -> str:
    return " " if beside_anything and not is_of_word(letter) else ""


def matches(pattern: str, folded: str) -> bool:
    """Whether a folded spelling (with `*`) means a folded header."""
    return pattern == folded if _ANYTHING not in pattern else _expression((pattern,)).search(f" {folded} ") is not None


def select_matching(patterns: Iterable[str], folded: Iterable[str]) -> set[str]:
    """Select the folded headers that one of the patterns means."""
    names = set(folded)
    distinct = set(patterns)
    exact = distinct & names
    with_parts = tuple(sorted(pattern for pattern in distinct if _ANYTHING in pattern))
    if not with_parts:
        return exact
    search = _expression(with_parts).search
    return exact | {name for name in names if search(f" {name} ")}


@lru_cache(maxsize=1024)
def _expression(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return an expression that finds one of the patterns (each with a `*`) in a folded header between two blanks."""
    return re.compile("|".join(_part(pattern) for pattern in patterns), re.DOTALL)


def _part(pattern: str) -> str:
    # The blanks make the first and the last word end where any word ends.
    start = "" if pattern.startswith(_ANYTHING) else r"\A "
    end = "" if pattern.endswith(_ANYTHING) else r" \Z"
    return start + ".*".join(map(re.escape, pattern.strip(_ANYTHING).split(_ANYTHING))) + end

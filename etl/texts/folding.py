"""Folding of the few texts that Python compares (headers, spellings), by the same SQL macro as the rows."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

import duckdb

from dashboard.paths import QUERIES

_ANYTHING = "*"


class Folding:
    """Folds texts through the macro `fold` of one connection and remembers the answers."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Define the macro in `connection`."""
        self._connection = connection
        self._known: dict[str, str] = {}
        connection.execute((QUERIES / "fold.sql").read_text(encoding="utf-8"))

    def learn(self, texts: Iterable[str]) -> None:
        """Fold many texts in one statement."""
        new = sorted({text for text in texts if text not in self._known})
        if new:
            rows = self._connection.execute(
                "select words, fold(words) from (select unnest($words::varchar[]) as words)", {"words": new}
            ).fetchall()
            self._known.update(rows)

    def learn_patterns(self, spellings: Iterable[str]) -> None:
        """Fold the parts between the `*` of many spellings in one statement."""
        self.learn(part for spelling in spellings for part in spelling.split(_ANYTHING))

    def __call__(self, text: str) -> str:
        """The folded form of one text; a text without a letter or digit (`#`, `%`) is its own."""
        return self._fold(text) or text.strip()

    def pattern(self, spelling: str) -> str:
        """A spelling's folded form in which each `*` still stands for anything."""
        if _ANYTHING not in spelling:
            return self(spelling)
        parts = spelling.split(_ANYTHING)
        folded = [self._fold(part) for part in parts]
        for i, part in enumerate(parts):
            if part.strip() and folded[i]:
                # What stands apart from a `*` stays a word of its own: "Q1. *" means Q1, not Q10.
                folded[i] = f"{_edge(i > 0, part[0])}{folded[i]}{_edge(i < len(parts) - 1, part[-1])}"
        return _ANYTHING.join(folded)

    def _fold(self, text: str) -> str:
        if text not in self._known:
            self.learn([text])
        return self._known[text]


def _edge(beside_anything: bool, letter: str) -> str:
    return " " if beside_anything and not letter.isalnum() else ""


def matches(pattern: str, folded: str) -> bool:
    """Whether a folded header is what a folded spelling (with `*`) means."""
    if _ANYTHING not in pattern:
        return pattern == folded
    # The blanks make the first and the last word end where any word ends.
    start = "" if pattern.startswith(_ANYTHING) else " "
    end = "" if pattern.endswith(_ANYTHING) else " "
    return fnmatchcase(f" {folded} ", f"{start}{pattern}{end}")

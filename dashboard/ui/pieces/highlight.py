"""The words that a reader searches for, marked in a text.

A word is found as the database finds it: without regard to accents, case and what is no letter. How a character looks
when it is compared, the database says itself, so that what is marked is what was found.
"""

from collections.abc import Callable, Iterable
from html import escape
from itertools import chain, groupby
from typing import NamedTuple
from unicodedata import normalize

from dashboard.snapshot.database import Snapshot


class Span(NamedTuple):
    """A part of a text, and whether it is searched for."""

    text: str
    is_marked: bool = False


Spans = tuple[Span, ...]


def draw(spans: Spans) -> str:
    """A text as HTML, with what is searched in `<mark>`."""
    return "".join(f"<mark>{escape(text)}</mark>" if is_marked else escape(text) for text, is_marked in spans)


def mark_words(snapshot: Snapshot, q: str, texts: Iterable[str]) -> Callable[[str], Spans]:
    """What finds the words of a search in one of the texts.

    Args:
        snapshot: Where words are compared.
        q: What is searched.
        texts: The texts that will be marked.
    """
    words = snapshot.search_words(q)
    if not words:
        return lambda text: (Span(text),)
    composed = (normalize("NFC", text) for text in texts)
    letters = sorted({letter for letter in chain.from_iterable(composed) if not letter.isspace()})
    frame = snapshot.query("folded", {"texts": letters})
    folded = dict(zip(frame["words"], frame["folded"], strict=True))
    return lambda text: _mark(normalize("NFC", text), words, folded)


def _mark(text: str, words: list[str], folded: dict[str, str]) -> Spans:
    """A text with each of the folded words marked wherever it stands."""
    signs = ((sign, place) for place, letter in enumerate(text) for sign in folded.get(letter, "") or _part(letter))
    plain: list[tuple[str, int]] = []
    for sign, place in signs:
        if sign != " " or (plain and plain[-1][0] != " "):  # what parts words is one blank, however long
            plain.append((sign, place))
    compared = "".join(sign for sign, _ in plain)
    marked = [False] * len(text)
    for word in words:
        at = compared.find(word)
        while at >= 0:
            first, last = plain[at][1], plain[at + len(word) - 1][1]
            marked[first : last + 1] = [True] * (last + 1 - first)
            at = compared.find(word, at + 1)
    letters = groupby(zip(text, marked, strict=True), key=lambda letter: letter[1])
    return tuple(Span("".join(letter for letter, _ in part), is_marked) for is_marked, part in letters)


def _part(letter: str) -> str:
    """What a sign that is no letter is compared as: words of a search have blanks between what it parts."""
    return "" if letter in "\u00ad\u200b\u200c\u200d" else " "

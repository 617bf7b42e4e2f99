"""What is found in a file: the figures that differ from what their build gives, and what can be said of each part."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from os.path import commonprefix
from typing import Any, NamedTuple

from dashboard.errors import Sentence, join, sentence
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import SOURCE
from dashboard.snapshot.receipts.receipt import Receipt, this_program

MOST = 200
"""The most deviations listed for one file; the others are counted."""
OTHER_WORDS = N_("Words were changed, and no figure in them: {place}.")
NOTHING = sentence(N_("nothing"))
_SHOWN, _SHOWN_BEFORE = 120, 40
"""The characters that are shown of a text, and those before the first that differs."""
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")


class State(StrEnum):
    """What can be said of a figure, the worst last."""

    NO_RECEIPT = "no_receipt"
    PUBLISHED = "as_published"
    OWN_WORDS = "own_words"
    """As published, with numbers in the presenter's own words."""
    OLDER = "older"
    """As an earlier build gives it."""
    UNSURE = "unsure"
    """Nobody can make it here as it was made."""
    CHANGED = "changed"


WORDS = {
    State.PUBLISHED: N_("As published."),
    State.OWN_WORDS: N_("As published, but for the presenter’s own words."),
    State.OLDER: N_("As published, in an earlier build."),
    State.UNSURE: N_("Whether it was changed cannot be said."),
    State.NO_RECEIPT: N_("Without a receipt: nothing can be said."),
    State.CHANGED: N_("Changed."),
}


class Deviation(NamedTuple):
    """One place where a file differs from the expected one; `is_text` says that both can be read."""

    place: str
    says: str
    should: str
    is_text: bool = True

    def write(self, t: Translator, should: str = "should") -> dict[str, str]:
        """Write it as in JSON, in the reader's language; what the file and the program say stays as it is."""
        texts = {"place": self.place, "says": self.says, should: self.should}
        return {name: t(text) if isinstance(text, Sentence) else text for name, text in texts.items()}


@dataclass
class Comparison:
    """The outcome of comparing a file.

    Attributes:
        compared: The number of compared texts and values.
        deviations: Figures that differ.
        remarks: Other differences, and the parts that could not be compared, in sentences.
        is_readable: Whether the figures could be read; in a picture's pixels they cannot.
        words: All texts that were compared, without blanks.
    """

    compared: int = 0
    deviations: list[Deviation] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_readable: bool = True
    words: str = ""

    def differ(self, place: str, says: Any, should: Any, *, is_text: bool = True) -> None:
        """Note a figure that differs."""
        says, should = (NOTHING if value in (None, "") else value for value in (says, should))
        self.deviations.append(Deviation(place, *_show_both(says, should), is_text))

    def remark(self, remark: str) -> None:
        """Note a remark once."""
        if remark not in self.remarks:
            self.remarks.append(remark)

    def forgive_words(self) -> None:
        """Make words that differ without a number a remark: another edition of the program may have other words."""
        differing, self.deviations = self.deviations, []
        for one in differing:
            if one.is_text and have_same_numbers(one.says, one.should):
                self.remark(sentence(OTHER_WORDS, place=one.place))
            else:
                self.deviations.append(one)

    def take(self, part: "Comparison", inside: str = "") -> None:
        """Add the deviations and remarks of a part, which is `inside` a place."""
        self.compared += part.compared
        self.words += part.words
        self.deviations += [one._replace(place=say_place(inside, one.place)) for one in part.deviations]
        for remark in part.remarks:
            self.remark(sentence(N_("{place}: {remark}"), place=inside, remark=remark) if inside else remark)


@dataclass
class Part:
    """A figure of a file with its receipt: the whole file, or a slide.

    Attributes:
        receipt: None where it carries none.
        comparison: What differs from what its build gives.
        now: What differs from the published build, where that is another one, as far as it can be read; None where
            that does not have it.
        own_words: What the presenter has written with numbers, in sentences: no build gives them.
    """

    place: str
    state: State
    receipt: Receipt | None = None
    comparison: Comparison = field(default_factory=Comparison)
    now: list[Deviation] | None = field(default_factory=list)
    own_words: list[str] = field(default_factory=list)

    def write(self, t: Translator) -> dict[str, Any]:
        """Write it as in JSON, in the reader's language."""
        receipt = {"build": self.receipt.build, "of": self.receipt.of} if self.receipt else {}
        changed, now = self.comparison.deviations, self.now or []
        remarks = self.comparison.remarks
        if self.now is None:
            remarks = [*remarks, sentence(N_("The published build does not have this figure any more."))]
        return {
            "place": t(self.place),
            "state": self.state,
            "says": t(WORDS[self.state]),
            **receipt,
            "compared": self.comparison.compared,
            "changed": [one.write(t) for one in changed[:MOST]],
            "now": [one.write(t, "now") for one in now[:MOST]],
            "more": max(0, len(changed) - MOST) + max(0, len(now) - MOST),
            "own_words": list(map(t, self.own_words)),
            "remarks": list(map(t, remarks)),
        }


@dataclass
class Proof:
    """The result for one file.

    Attributes:
        receipts: Those of the comparison.
        parts: Its figures, each with a receipt of its own or without one.
        program: The edition of the program that compared it.
    """

    receipts: list[Receipt]
    parts: list[Part] = field(default_factory=list)
    program: str = field(default_factory=this_program)

    @property
    def comparison(self) -> Comparison:
        """The comparisons of all parts together."""
        result = Comparison(is_readable=all(part.comparison.is_readable for part in self.parts))
        for part in self.parts:
            result.take(part.comparison)
        return result

    def write(self, t: Translator) -> dict[str, Any]:
        """Write what is found as in JSON, in the reader's language."""
        state = max((part.state for part in self.parts), key=list(State).index)
        return {
            "ok": state is not State.UNSURE and bool(self.receipts) and not self.comparison.deviations,
            "state": state,
            "says": t(WORDS[state]),
            "compared": self.comparison.compared,
            "is_readable": self.comparison.is_readable,
            "program": self.program,
            "parts": [part.write(t) for part in self.parts],
        }

    def state(self) -> dict[str, Any]:
        """Return the proof as in JSON for programs that verify: what is found in English, and all parts together."""
        t, comparison = translator(SOURCE), self.comparison
        return {
            **self.write(t),
            "receipts": [receipt.state() for receipt in self.receipts],
            "deviations": [one.write(t) for one in comparison.deviations[:MOST]],
            "more": max(0, len(comparison.deviations) - MOST),
            "remarks": list(map(t, comparison.remarks)),
        }


def say_place(*places: str) -> Sentence:
    """Say where something stands, from the outer place to the inner one; a page can translate it."""
    return join(places, ", ")


def have_same_numbers(actual: str, expected: str) -> bool:
    """Return whether the same numbers stand in two texts, in the same order."""
    return _NUMBER.findall(actual) == _NUMBER.findall(expected)


def join_words(texts: Iterable[str]) -> str:
    """Join texts without blanks, so that it does not count how programs divide them."""
    return "".join("".join(texts).split())


def squeeze(text: str) -> str:
    """Return a text without runs of blanks, and those around it."""
    return " ".join(text.split())


def find_number(value: Any) -> float | None:
    """Return a value, or the text of one, as a number; None where it is none."""
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and (text := value.strip().replace("\u2212", "-")) and len(text) < 40:
        try:
            return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
        except ValueError:
            return None
    return None


def write(value: Any) -> str:
    """Write a value as text, days without the midnight that spreadsheets add."""
    if value is None:
        return ""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second or value.microsecond):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def show(value: Any, start: int = 0) -> str:
    """Return a value as a text for people, of long ones the part from `start`."""
    if isinstance(value, Sentence):
        return value
    text = squeeze(write(value))
    return "… " * (start > 0) + text[start : start + _SHOWN] + " …" * (len(text) > start + _SHOWN)


def _show_both(says: Any, should: Any) -> tuple[str, str]:
    """Show what differs of two values: of long texts from a little before the first difference."""
    numbers = [f"{number:.6g}" for number in map(find_number, (says, should)) if number is not None]
    if len(set(numbers)) == 2:
        return numbers[0], numbers[1]
    texts = [squeeze(write(value)) for value in (says, should)]
    first = len(commonprefix(texts)) if max(map(len, texts)) > _SHOWN else 0
    start = texts[0].rfind(" ", 0, max(first - _SHOWN_BEFORE, 0)) + 1
    return show(says, start), show(should, start)

"""Survey answers: the closed questions of the progress surveys, and how often each answer was given.

A report is counted once for each choice that it names; the denominator is the reports that answered the question.
Words are in the reader's language where an export or a recipe has them, else in any.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dashboard.i18n import N_
from dashboard.languages import Texts
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared

_RATING = re.compile(r"\d+")
USUAL_WAVES = (N_("Mid year"), N_("Final"), N_("All waves"))
"""The usual names of waves, which have translations; recipes name the waves."""


class Wave(NamedTuple):
    """One wave of the progress survey: its name in the data, the days of its first and of its latest report."""

    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Question:
    """One closed question.

    Attributes:
        code: Its name in the data and in links.
        text: Its text, in the reader's language where there is one.
        takes_several: Whether a report could give several answers.
        answered: The reports about the selected actions that answer it, all waves together.
    """

    code: str
    text: str
    takes_several: bool
    answered: int


@dataclass(frozen=True)
class Choice:
    """One answer and how many reports gave it."""

    code: str
    label: str
    reports: int


@dataclass(frozen=True)
class Answers:
    """The answers to one question.

    Attributes:
        choices: Each with its number of reports.
        answered: The reports about the selected actions that answer the question.
        reports: All reports about the selected actions.
        unmatched: The reports that answer it but match no action, so that they are in no selection.
    """

    choices: tuple[Choice, ...]
    answered: int
    reports: int
    unmatched: int

    @property
    def is_over(self) -> bool:
        """Whether the shares add up to more than the whole, since some reports gave several answers."""
        return sum(choice.reports for choice in self.choices) > self.answered


def questions(snapshot: Snapshot, selection: Selection) -> list[Question]:
    """List every answered question, in the order of the survey."""
    rows = snapshot.query("survey_questions", selection.sql_parameters(snapshot)).to_dict("records")
    texts = _told_apart([_words(row["texts"], selection.lang, str(row["question"])) for row in rows])
    return [
        Question(str(row["question"]), text, bool(row["takes_several"]), int(row["answered"]))
        for row, text in zip(rows, texts, strict=True)
    ]


def waves(snapshot: Snapshot, question: str) -> list[str]:
    """List the waves of the survey with answers to a question, the earliest first."""
    return [str(wave) for wave in snapshot.query("waves", {"as_of": None, "question": question})["wave"]]


@shared
def list_waves(snapshot: Snapshot, day: date) -> tuple[Wave, ...]:
    """List the waves that had begun by a day, the earliest first, each up to its latest report by then."""
    rows = snapshot.query("waves", {"as_of": day, "question": None})
    days = (rows[name].dt.date for name in ("first_on", "last_on"))
    return tuple(Wave(*row) for row in zip(rows["wave"], *days, strict=True))


def answers(snapshot: Snapshot, selection: Selection, question: str, wave: str | None = None) -> Answers:
    """Count each answer; ratings in their order, other answers the most frequent first."""
    parameters = {**selection.sql_parameters(snapshot), "question": question, "wave": wave}
    rows = snapshot.query("survey_choices", parameters).to_dict("records")
    choices = [
        Choice(str(row["answer"]), _words(row["labels"], selection.lang, str(row["answer"])), int(row["reports"]))
        for row in rows
    ]
    if not all(_RATING.match(choice.code) for choice in choices):
        choices.sort(key=lambda choice: -choice.reports)
    answered, reports, unmatched = (
        int(rows[0][name]) if rows else 0 for name in ("answered", "reports_in_all", "unmatched")
    )
    return Answers(tuple(choices), answered, reports, unmatched)


def name_code(code: str) -> str:
    """Write a code as words, if it has no label in any language: `lack_of_funding` becomes `Lack of funding`."""
    words = code.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _words(texts: object, lang: str, code: str) -> str:
    return Texts(texts if isinstance(texts, dict) else {})[lang] or name_code(code)  # pandas may give NaN for nothing


def _told_apart(texts: list[str]) -> list[str]:
    """Number texts that are the same for several questions."""
    occurrences: dict[str, int] = {}
    result = []
    for text in texts:
        occurrences[text] = occurrences.get(text, 0) + 1
        result.append(text if occurrences[text] == 1 else f"{text} ({occurrences[text]})")
    return result

"""The chart of a survey's question: how often each answer was given, in one wave, in all, or in each side by side.

The snapshot lists the questions and waves; everything else is as in other charts.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from dashboard.charts.catalogue import ChartSpec
from dashboard.errors import SelectionError
from dashboard.i18n import N_, Phrase, phrase, plural, translator
from dashboard.measures import surveys
from dashboard.measures.definitions import FEW
from dashboard.measures.surveys import Answers, Question, name_code
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

EACH = "each"
"""The wave that stands for each one beside the others."""


class SurveyQuestion(NamedTuple):
    """A survey's question: its text, and the answers in each wave that is shown, by the wave's name."""

    text: str
    waves: dict[str, Answers]

    @property
    def answered(self) -> int:
        """Return the reports that answer the question."""
        return sum(answers.answered for answers in self.waves.values())

    @property
    def reports(self) -> int:
        """Return all reports about the selected actions, in the waves that are shown."""
        return sum(answers.reports for answers in self.waves.values())


def gather_answers(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec
) -> tuple[pd.DataFrame, SurveyQuestion | None]:
    """Gather a row for each answer, with waves side by side for each answer and wave; and the question.

    The frame has `code`, `label`, of waves `wave` and `wave_label`, then `reports`, `answered`, `share`, `is_few`. It
    is empty where no report answers.

    Raises:
        SelectionError: the surveys have no such question, or it was not answered in this wave.
    """
    question_waves = find_asked(snapshot, selection.lang, spec.question, spec.wave)
    if question_waves is None:
        return pd.DataFrame(columns=_COLUMNS), None
    question, names = question_waves
    code, is_each = question.code, spec.wave == EACH
    asked_question = SurveyQuestion(
        question.text, {name: surveys.answers(snapshot, selection, code, name or None) for name in names}
    )
    order = [choice.code for choice in surveys.answers(snapshot, selection, code).choices]
    t = translator(selection.lang)
    frame = pd.DataFrame(
        [
            (choice.code, choice.label, name, t(name_code(name)) if name else "", choice.reports, answers.answered)
            for name, answers in asked_question.waves.items()
            for choice in answers.choices
        ],
        columns=_COLUMNS[:6],
    )
    frame["share"] = frame["reports"] / frame["answered"].where(frame["answered"] > 0)
    frame["is_few"] = frame["answered"] < FEW
    frame = frame.sort_values("code", key=lambda codes: codes.map(order.index), kind="stable", ignore_index=True)
    frame = frame if asked_question.answered else frame.head(0)
    return (frame if is_each else frame.drop(columns=["wave", "wave_label"])), asked_question


def find_asked(snapshot: Snapshot, lang: str, question: str, wave: str) -> tuple[Question, list[str]] | None:
    """Find the question of a link, in a language, and the waves that are shown, an empty one for all together.

    Returns None where no survey has a question. Capitals make no difference.

    Raises:
        SelectionError: the surveys have no such question, or it was not answered in this wave.
    """
    questions = {one.code.casefold(): one for one in surveys.questions(snapshot, Selection(lang=lang))}
    if not questions:
        return None
    if question and question.casefold() not in questions:
        allowed = tuple(one.code for one in questions.values())
        raise SelectionError(f"The surveys have no question {question!r}.", "question", allowed, question)
    chosen = questions[question.casefold()] if question else next(iter(questions.values()))
    waves = {one.casefold(): one for one in surveys.waves(snapshot, chosen.code)}
    if wave == EACH:
        return chosen, list(waves.values())
    if wave and wave.casefold() not in waves:
        what = f"The question was not answered in a wave {wave!r}."
        raise SelectionError(what, "wave", (*waves.values(), EACH), wave)
    return chosen, [waves.get(wave.casefold(), "")]


_COLUMNS = ("code", "label", "wave", "wave_label", "reports", "answered", "share", "is_few")


def summarise_answers(question: SurveyQuestion) -> Phrase:
    """Summarise how many reports answer the question, and what shares are of."""
    return phrase(
        N_("{n} of {all} reports about these actions answer this question; shares are of those that answer."),
        n=question.answered,
        all=question.reports,
    )


def find_answers(question: SurveyQuestion | None) -> Iterator[Phrase]:
    """Find the most frequent answer, in each wave where there are several; none where reports are few."""
    if question is None or not question.answered:
        yield phrase(N_("No report of this selection answers this question."))
        return
    for name, answers in question.waves.items():
        yield _tell_most(answers, name if len(question.waves) > 1 else "")


def _tell_most(answers: Answers, wave: str) -> Phrase:
    """Compose the most frequent answer; with a wave's name, in this wave."""
    placeholders = {"wave": phrase(name_code(wave))} if wave else {}
    if answers.answered < FEW:
        return phrase(
            N_("{wave} – too few reports to tell.") if wave else N_("Too few reports to tell."), **placeholders
        )
    most = max(choice.reports for choice in answers.choices)
    names = [choice.label for choice in answers.choices if choice.reports == most]
    words = placeholders | {"names": names, "part": most, "whole": answers.answered}
    if wave:
        return phrase(N_("{wave} – most often {names}: {part} of {whole} reports."), **words)
    return phrase(N_("Most often – {names}: {part} of {whole} reports."), **words)


def note_answers(question: SurveyQuestion | None) -> Iterator[Phrase]:
    """List the notes on the shares."""
    every = list(question.waves.values()) if question else []
    if any(answers.is_over for answers in every):
        yield phrase(N_("A report can give several answers, so the shares add up to more than 100%."))
    if any(answers.answered < FEW for answers in every):
        yield phrase(N_("Fewer than {few} reports: read the counts rather than the shares."), few=FEW)
    if unmatched := sum(answers.unmatched for answers in every):
        yield plural(
            N_("{n} more report answers it but matches no action; it is not counted here."),
            N_("{n} more reports answer it but match no action; they are not counted here."),
            unmatched,
        )

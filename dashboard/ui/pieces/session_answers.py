"""A session's answers in a section since the present build: chosen, saved, undone, refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from dashboard.errors import UserError
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import answer_files, at_work, messages, rebuild


class Overtaken(NamedTuple):
    """Answers that were not saved because a colleague answered otherwise: why, the answers, and how to save them."""

    error: UserError
    answers: Mapping[Any, Any]
    command: Callable[[], object]


@dataclass
class SessionAnswers:
    """The answers of one session to the questions of one section.

    Attributes:
        chosen: Choices that are not saved yet, by their subjects, as `saved`.
        saved: Answers saved since the build.
        undone: Answers of the build that were undone.
        refused: Why the last answer was not saved, until it is shown.
        overtaken: A colleague's answers meanwhile, until the reader chooses between both.
    """

    file: str
    chosen: dict[Any, Any] = field(default_factory=dict)
    saved: dict[Any, Any] = field(default_factory=dict)
    undone: list[Any] = field(default_factory=list)
    refused: UserError | None = None
    overtaken: Overtaken | None = None

    def save(self, view: View, answers: Mapping[Any, Any]) -> None:
        """Save answers, or undo those that are empty, in one run; a button's callback."""
        answers = dict(answers)
        self.run(view, answers, partial(answer_files.keep, self.file, answers))

    def undo(self, view: View, key: Any, command: Callable[[], object]) -> None:
        """Undo one answer by a command; a button's callback."""
        self.run(view, {key: None}, command)

    def run(self, view: View, answers: Mapping[Any, Any], command: Callable[[], object]) -> None:
        """Run a command that saves answers, or undoes those that are empty; a button's callback."""
        try:
            command()
        except UserError as error:
            if self.file in answer_files.LISTS and answer_files.is_changed(self.file):
                self.overtaken = Overtaken(error, answers, command)
            else:
                self.refused = error
            return
        for key, answer in answers.items():
            self._take(view, key, answer)

    def _take(self, view: View, key: Any, answer: Any) -> None:
        self.chosen.pop(key, None)
        if not answer and key in self.saved:
            del self.saved[key]
            rebuild.take_change_back(view)
            return
        rebuild.note_change(view)
        if not answer:
            self.undone.append(key)
            return
        self.saved[key] = answer
        if key in self.undone:
            self.undone.remove(key)

    def insist(self, view: View, overtaken: Overtaken) -> None:
        """Save one's own answers over a colleague's; a button's callback."""
        self._rest()
        self.run(view, overtaken.answers, overtaken.command)

    def give_way(self, overtaken: Overtaken) -> None:
        """Keep a colleague's answers; a button's callback."""
        self._rest()
        for key in overtaken.answers:
            self.chosen.pop(key, None)

    def _rest(self) -> None:
        self.overtaken = None
        answer_files.renew(self.file)


def find(view: View, section: str, file: str) -> SessionAnswers:
    """Find the session's answers in a section."""
    answers: SessionAnswers = rebuild.remember(view, f"staff-answers-{section}", partial(SessionAnswers, file))
    return answers


def begin(view: View, section: str, file: str) -> SessionAnswers:
    """Draw who else is at work in a section, and refused answers; return the session's answers there."""
    at_work.show(view, section)
    answer_files.look(file, view.snapshot.build_id)
    return tell(view, find(view, section, file))


def tell(view: View, answers: SessionAnswers) -> SessionAnswers:
    """Draw the refusal, who has changed the file meanwhile, and the remedy."""
    refused, answers.refused = answers.refused, None
    if refused is not None:
        messages.show_error(view, refused)
        if answer_files.is_changed(answers.file):
            changed = view.t("decisions.csv has changed since you opened this page, perhaps by a colleague’s decision.")
            text = f"{changed} {answer_files.say_who(view, answers.file)}"
            st.warning(plain(text), icon=":material/group:")
            answer_files.renew(answers.file)
    if (overtaken := answers.overtaken) is not None:
        insist, give_way = partial(answers.insist, view, overtaken), partial(answers.give_way, overtaken)
        answer_files.show_way_on(view, answers.file, overtaken.error, insist, give_way)
    return answers

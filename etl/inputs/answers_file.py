"""`answers.csv`: what staff answered to the questions of builds. `docs/clean-your-data.md` teaches the file."""

from collections.abc import Sequence
from pathlib import Path

from dashboard.answers.answer import Answer
from dashboard.answers.question_kinds import ANSWERS, BY_NAME, ROWS
from dashboard.errors import UserError, suggest
from etl.inputs.uses_file import UsesFile

NAMES = ("kind", "recipe", "file", "sheet", "field")
_OWN = {name: kind for name, kind in BY_NAME.items() if kind.file == ANSWERS}


class AnswerError(UserError):
    """A line of answers.csv cannot be used: the line and the remedy are in the sentence."""


def answers_csv(path: Path) -> UsesFile[Answer]:
    """The file, to be read and written line by line."""
    return UsesFile(path, Answer, NAMES, AnswerError, needed=NAMES[:1])


def read_answers(path: Path) -> list[Answer]:
    """What staff answered, in the order of the file; none where there is no file.

    Raises:
        AnswerError: the file cannot be read, or one of its lines says what cannot be.
    """
    answers = answers_csv(path).read()
    for answer in answers:
        check_answer(answer, f"{ANSWERS}, row {answer.line}")
    return answers


def settle_answers(path: Path, answers: Sequence[Answer]) -> tuple[int, int]:
    """Keep or take back several answers, all of them or none; an empty one takes back.

    Returns:
        How many are kept and how many are taken back; what was said already counts in neither.

    Raises:
        AnswerError: there is no such question, or that is no answer to it; nothing is changed.
    """
    for answer in answers:
        check_answer(answer, f"“{answer.kind}”")
    return answers_csv(path).say_all(answers)


def check_answer(answer: Answer, where: str) -> None:
    """Make sure that a line answers a question; an empty answer takes back.

    Raises:
        AnswerError: it does not.
    """
    kind = _OWN.get(answer.kind)
    if kind is None:
        raise AnswerError(
            f"{where}: there is no question {answer.kind}.",
            f"{suggest(answer.kind, _OWN)}Write one of {', '.join(_OWN)}.",
        )
    is_of_all = kind.takes_day and answer.use == ROWS  # said of all files of a kind, whatever they say
    if kind.is_of_field != bool(answer.field) and not is_of_all:
        remedy = "Write the field" if kind.is_of_field else "Leave the field empty"
        raise AnswerError(
            f"{where}: {answer.kind} is asked of a {'field' if kind.is_of_field else 'sheet'}.", f"{remedy}."
        )
    if answer.use and not kind.is_answer(answer.use):
        raise AnswerError(
            f"{where}: “{answer.use}” is no answer to {answer.kind}.", f"Write one of {', '.join(kind.values)}."
        )

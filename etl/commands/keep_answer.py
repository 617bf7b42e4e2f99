"""The common parts of the commands that keep answers of staff: about what they are, a list of them, or one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import duckdb

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.answers.question_kinds import ANSWERS, COLUMNS, SHEETS, SPELLINGS
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.commands.console import BUILD_TO_APPLY, print_said
from etl.inputs.inbox import list_exports
from etl.inputs.uses_file import UsesFile, find_file, keep_answers
from etl.publish.history import readable_snapshot
from etl.publish.holding import SHORT_WAIT, only_build
from etl.sqlfiles import open_snapshot

_EVENTS = {
    COLUMNS: Event.COLUMN_CONFIRMED,
    SHEETS: Event.SHEET_CONFIRMED,
    SPELLINGS: Event.SPELLING_CONFIRMED,
}
"""The events of answers by their file, but for those of most questions."""


def refuse_samples(folder: CampaignFolder, consequence: str) -> None:
    """Refuse to settle anything about the fictional samples; `consequence` says what cannot be done."""
    if list_exports(folder)[1]:
        raise UserError(
            f"What is shown is the fictional sample data; {consequence}.",
            f"Copy the exports into {folder.inbox} and build first.",
        )


@contextmanager
def open_published(folder: CampaignFolder, *, is_changed: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published snapshot, as `open_snapshot` does.

    Raises:
        UserError: nothing is published, or another version of the program made the snapshot.
    """
    snapshot = readable_snapshot(folder)
    if snapshot is None:
        raise UserError("Nothing is published yet.", "Build first: python -m etl build.")
    with open_snapshot(snapshot, is_changed=is_changed) as connection:
        yield connection


def keep_list(folder: CampaignFolder, answers: Sequence[Answer], version: str | None, as_json: bool) -> None:
    """Keep or withdraw the answers of a list; `version` is that of the file on which they rest."""
    files = ", ".join(dict.fromkeys(find_file(answer) for answer in answers))
    event = _EVENTS.get(files, Event.QUESTION_ANSWERED)
    if answers and not any(answer.use for answer in answers):
        event = Event.ANSWER_UNDONE
    about = ", ".join(dict.fromkeys(_name(answer) for answer in answers))
    with acting_here(folder.root, event, about) as act, only_build(folder, SHORT_WAIT):
        act.say(answers=[f"{_name(answer)} = {answer.use or '-'}" for answer in answers])
        kept_count, taken_back = keep_answers(folder, answers, version)
    as_it_was = len(answers) - kept_count - taken_back
    did = f"{kept_count} kept, {taken_back} taken back, {as_it_was} as it was"
    print_said(f"{files or ANSWERS}: {did}. {BUILD_TO_APPLY}", as_json, kept=kept_count, taken_back=taken_back)


def keep_use(
    folder: CampaignFolder, event: Event, about: str, use: str, find: Callable[[str], tuple[Answer, str]], as_json: bool
) -> None:
    """Keep the use of a column or a sheet, or withdraw it where it is empty.

    `find`: finds the answer of that use, with words that name the thing, in the file that it is about; it may refuse.
    """
    with acting_here(folder.root, event, about, use=use) as act, only_build(folder, SHORT_WAIT):
        answer, subject = find(use)
        file = UsesFile(folder.root / find_file(answer))
        lines = file.find(answer)
        is_new = keep_answers(folder, [answer]) != (0, 0)
        if not answer.use and not lines:
            raise UserError(f"{file.path.name} says nothing of {subject}.", "Look at the file.")
        line = file.find(answer)[-1] if answer.use else lines[-1]
        act.say(recipe=answer.recipe, row=line.line, changed=is_new)
    if answer.use:
        remark = BUILD_TO_APPLY if is_new else "It was said already."
        sentence = f"{file.path.name}, row {line.line}: {subject} is {line.use}. {remark}"
    else:
        sentence = f"Taken out of {file.path.name}: {subject} is no longer {line.use}. {BUILD_TO_APPLY}"
    print_said(sentence, as_json, changed=is_new, line=line.line)


def _name(answer: Answer) -> str:
    return " ".join(filter(None, (answer.kind, answer.recipe, answer.file, answer.sheet, answer.field)))

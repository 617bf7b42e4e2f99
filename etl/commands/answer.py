"""`python -m etl answer`: what the files leave open, listed and answered."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.answers.answer import Answer
from dashboard.answers.question import Question, is_error_cell
from dashboard.answers.question_kinds import WORD
from dashboard.audit.events import Event
from dashboard.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import (
    BUILD_TO_APPLY,
    CampaignOption,
    JsonOption,
    SeenOption,
    describe_question,
    json_progress,
    open_console,
    print_json,
    print_kept,
    print_questions,
    print_said,
    progress_bar,
    read_list,
    read_questions,
    refusals,
)
from etl.deciding.settle_answers import ask_words, keep_answers, list_kept, read_answers, write_list
from etl.deciding.settle_words import list_words_of
from etl.publish.holding import SHORT_WAIT, only_build
from etl.publish.refused_build import open_build
from etl.publish.unchanged import find_same


def answer(
    kind: Annotated[
        str | None, typer.Argument(help="The question, as it is called in the list; without it all are listed.")
    ] = None,
    use: Annotated[str | None, typer.Option("--is", metavar="ANSWER", help="One of its answers.")] = None,
    recipe: Annotated[str, typer.Option(help="The recipe whose files it holds for.")] = "",
    file: Annotated[str, typer.Option(help="The file that it holds for.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet that it holds for.")] = "",
    field: Annotated[str, typer.Option(help="The field, or the header of the column.")] = "",
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    note: Annotated[str, typer.Option(help="Why, for colleagues.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take the answer back.")] = False,
    as_list: Annotated[
        bool, typer.Option("--list", help="Write the open questions as a CSV list, to be filled in.")
    ] = False,
    answers: Annotated[
        Path | None,
        typer.Option("--from", metavar="LIST", help="Take such a list, filled in (- for standard input)."),
    ] = None,
    only_kept: Annotated[bool, typer.Option("--kept", help="List what has been answered.")] = False,
    version: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer what the files leave open; or list it, as the inbox is now."""
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        if answers is not None:
            _keep(folder, read_answers(read_list(answers)), version, as_json)
        elif kind is None:
            _list(folder, as_list=as_list, only_kept=only_kept, as_json=as_json)
        elif use is None and not undo:
            raise typer.BadParameter("Give --is ANSWER, or --undo.")
        else:
            _answer_one(
                folder,
                Answer(0, kind, recipe, file, sheet, field, "" if undo else _write(kind, use or ""), note),
                as_json,
            )


def _write(kind: str, use: str) -> str:
    """An answer as its file has it: only codes, which words mean, are told apart by capitals."""
    return use if kind == WORD.name else use.casefold()


def _answer_one(folder: CampaignFolder, answer: Answer, as_json: bool) -> None:
    about = " ".join(filter(None, (answer.kind, answer.recipe, answer.file, answer.sheet, answer.field)))
    event = Event.QUESTION_ANSWERED if answer.use else Event.ANSWER_UNDONE
    with acting_here(folder.root, event, about, use=answer.use) as act, only_build(folder, SHORT_WAIT):
        is_new = keep_answers(folder, [answer]) != (0, 0)
        act.say(changed=is_new)
    done = f"{about} is {answer.use}." if answer.use else f"{about} is a question again."
    remark = BUILD_TO_APPLY if is_new else "It was said already." if answer.use else "Nothing was said of it."
    print_said(f"{done} {remark}", as_json, changed=is_new)


def _keep(folder: CampaignFolder, answers: list[Answer], version: str | None, as_json: bool) -> None:
    about = ", ".join(dict.fromkeys(one.kind for one in answers))
    with acting_here(folder.root, Event.QUESTION_ANSWERED, about) as act, only_build(folder, SHORT_WAIT):
        act.say(answers=[f"{one.kind} {one.recipe or one.file} {one.field} = {one.use}" for one in answers])
        counts = keep_answers(folder, answers, version)
    print_kept("the files of answers", len(answers), counts, as_json)


def _list(folder: CampaignFolder, *, as_list: bool, only_kept: bool, as_json: bool) -> None:
    if only_kept:
        _list_kept(folder, as_json)
        return
    questions = _ask(folder, as_json=as_json, quiet=as_list)
    if as_json:
        print_json({"ok": True, "questions": [describe_question(question) for question in questions]})
    elif as_list:
        print(write_list(questions), end="")
    elif questions:
        print_questions(open_console(), questions)
    else:
        open_console().print("The files leave nothing open.")


def _list_kept(folder: CampaignFolder, as_json: bool) -> None:
    for line in list_kept(folder):
        names = {"kind": line.kind, "recipe": line.recipe, "file": line.file, "sheet": line.sheet, "field": line.field}
        if as_json:
            print_json({**names, "is": line.use, "note": line.note, "decided_on": line.decided_on})
        else:
            open_console().print(f"{' '.join(filter(None, names.values()))}: {line.use}", markup=False)


def _ask(folder: CampaignFolder, *, as_json: bool, quiet: bool) -> list[Question]:
    """The open questions of the inbox as it is now, words last; a build finds them, and publishes nothing."""
    with (
        progress_bar(quiet or as_json) as bar,
        open_build(folder, find_same(folder), json_progress if as_json else bar) as snapshot,
    ):
        questions = read_questions(snapshot)
        words = [one for one in list_words_of(snapshot) if not is_error_cell(one.field, one.word, questions)]
        return [*(question for question in questions if question.is_open), *ask_words(folder, words)]

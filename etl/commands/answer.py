"""`python -m etl answer`: the open questions of the files, listed and answered."""

from collections.abc import Mapping, Sequence
from csv import DictWriter
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.answers.answer import NOTHING, OWN_STATUS, Answer
from dashboard.campaign.answers.question import Candidate, Question, Subject, is_error_cell
from dashboard.campaign.answers.question_kinds import A_DAY, WORD
from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import sentence
from dashboard.ground.codelist_codes import BASE_STATUSES, DERIVED_STATUSES, UNCLASSIFIED, Code
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import (
    BUILD_TO_APPLY,
    CampaignOption,
    NoteOption,
    SeenOption,
    describe_question,
    open_console,
    print_questions,
    print_said,
    progress_bar,
    read_list,
    read_questions,
)
from etl.commands.keep_answer import keep_list
from etl.commands.spelling import UnmatchedWord, list_words_of
from etl.inputs.uses_file import NAMES, UsesFile, keep_answers, list_kept
from etl.pipeline.open_questions import say_question
from etl.publish.holding import SHORT_WAIT, only_build
from etl.publish.unchanged import find_same, open_build
from etl.recipes.fields import STATUSES

_FEW = 25  # codes that an answer names
HEADER = (*NAMES, "is", "note", "question", "answers")
"""The columns of the list that `write_list` writes; the last two help to fill it in."""


def write_list(questions: Sequence[Question]) -> str:
    """Write questions as a CSV list, to be filled in: the column `is` is empty."""
    text = StringIO(newline="")
    writer = DictWriter(text, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    for question in questions:
        options = [(one.value, str(one.words)) for one in question.candidates]
        options += [(A_DAY, "any other day")] if question.kind.takes_day else []
        answers = "; ".join(f"{value}: {words}" for value, words in options)
        writer.writerow({**question.key._asdict(), "question": str(say_question(question)), "answers": answers})
    return text.getvalue()


def _ask_word(word: UnmatchedWord, codelists: Mapping[str, Sequence[Code]]) -> Question:
    """Ask for the meaning of a word that matches no code; the codes are named where they are few."""
    codes = [
        code for code in codelists.get(word.looked_up_in, ()) if code.code not in (UNCLASSIFIED, *DERIVED_STATUSES)
    ]
    looks = f" It looks like {word.nearest_code}." if word.nearest_code else ""
    what = f"“{word.word}” matches no code ({word.rows} rows).{looks}"
    options = [(code.code, code.labels["en"]) for code in codes] if len(codes) <= _FEW else []
    if not options:
        options = [("CODE", "a code, or a spelling of one; several with | between them")]
    if word.looked_up_in == STATUSES:
        options.append((f"{OWN_STATUS}STATUS", f"a status of its own, counted as one of {', '.join(BASE_STATUSES)}"))
    candidates = [Candidate(value, sentence(words)) for value, words in (*options, (NOTHING, "the field stays empty"))]
    subject = Subject(file=", ".join(word.files), field=f"{word.field}/{word.word}")
    return Question(WORD, subject, sentence(what), tuple(candidates))


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
    note: NoteOption = "",
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
    folder = CampaignFolder(campaign)
    if answers is not None:
        lines = UsesFile(folder.answers_file).read_list(read_list(answers))
        lines = [replace(line, use="") for line in lines] if undo else [line for line in lines if line.use]
        keep_list(folder, lines, version, as_json)
    elif kind is None:
        _list(folder, as_list=as_list, only_kept=only_kept, as_json=as_json)
    elif use is None and not undo:
        raise typer.BadParameter("Give --is ANSWER, or --undo.")
    else:
        use = "" if undo else use or ""
        # Only codes, the meanings of words, differ by capitals.
        use = use if kind == WORD.name else use.casefold()
        _answer_one(folder, Answer(0, kind, recipe, file, sheet, field, use, note), as_json)


def _answer_one(folder: CampaignFolder, answer: Answer, as_json: bool) -> None:
    about = " ".join(filter(None, (answer.kind, answer.recipe, answer.file, answer.sheet, answer.field)))
    event = Event.QUESTION_ANSWERED if answer.use else Event.ANSWER_UNDONE
    with acting_here(folder.root, event, about, use=answer.use) as act, only_build(folder, SHORT_WAIT):
        is_new = keep_answers(folder, [answer]) != (0, 0)
        act.say(changed=is_new)
    done = f"{about} is {answer.use}." if answer.use else f"{about} is a question again."
    remark = BUILD_TO_APPLY if is_new else "It was said already." if answer.use else "Nothing was said of it."
    print_said(f"{done} {remark}", as_json, changed=is_new)


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
    """List the open questions of the inbox as it is now, words last; a build finds them, and publishes nothing."""
    with (
        progress_bar(quiet, as_json) as progress,
        open_build(folder, find_same(folder), progress) as snapshot,
    ):
        questions = read_questions(snapshot)
        words = [one for one in list_words_of(snapshot) if not is_error_cell(one.field, one.word, questions)]
        codelists = load_codelists(folder)
        return [*(one for one in questions if one.is_open), *(_ask_word(word, codelists) for word in words)]

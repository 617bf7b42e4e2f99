"""The open questions about a build, as one list; nothing is published before staff have answered."""

from collections import Counter
from collections.abc import Iterable

import duckdb

from dashboard.campaign.answers.question import Candidate, Question, Subject, make_questions, read_effects
from dashboard.campaign.answers.question_kinds import A_DAY, BY_NAME, COLUMNS, REFUSAL, WORDS
from dashboard.campaign.code_uses import codelists_of
from dashboard.campaign.file_names import FileNames
from dashboard.errors import Sentence, UserError, join, sentence
from dashboard.i18n import N_
from dashboard.paths import QUERIES
from etl.recipes.fields import SEVERAL, Kind
from etl.recipes.sheet_plan import SheetPlan
from etl.sqlfiles import ask, ask_rows

_NAMED = 3  # questions that one refusal names


class QuestionError(UserError):
    """The files can be read in several ways, and only a person knows which is meant; nothing is published."""


def may_be_alike(sheets: Iterable[tuple[str, SheetPlan]]) -> bool:
    """Return whether a workbook has several sheets of actions; `sheets`: those that recipes read, with their files."""
    file_counts = Counter(file for file, plan in sheets if plan.recipe.holds is Kind.ACTIONS)
    return max(file_counts.values(), default=0) > 1


def list_questions(connection: duckdb.DuckDBPyConnection, names: FileNames) -> list[Question]:
    """List every question of a build, those first that change its headline most; `snapshot` is to be published.

    Questions to which staff answered that they do not know are among them.
    """
    data_questions = make_questions(ask_rows(connection, QUERIES / "questions.sql"), names)
    every = [*_list_sheets(connection, names), *data_questions, *_list_columns(connection, names)]
    places = {name: place for place, name in enumerate(BY_NAME)}
    return sorted(every, key=lambda question: places[question.kind.name])


def refuse_open_questions(connection: duckdb.DuckDBPyConnection, names: FileNames) -> None:
    """Hold publishing back while a question is open; `snapshot` is to be published.

    `column_uses` asks about open columns.

    Raises:
        QuestionError: there is one; the first few are named, with how to answer.
    """
    every = list_questions(connection, names)
    questions = [question for question in every if question.is_open and question.kind.file != COLUMNS]
    if not questions:
        return
    sentences = [say_question(question) for question in questions[:_NAMED]]
    if len(questions) > _NAMED:
        sentences.append(sentence(N_("Further questions: {n}."), n=len(questions) - _NAMED))
    raise QuestionError(
        join([sentence(REFUSAL), *sentences]),
        join(
            [
                sentence(N_("Nothing was published.")),
                sentence(
                    N_("Answer them on the page Upload, or by a command: {command}."), command=_command(questions[0])
                ),
                sentence(N_("python -m etl answer lists all questions and what can be answered.")),
            ]
        ),
    )


def say_question(question: Question) -> Sentence:
    """Write a question with its subject, by its own names."""
    subject = question.subject
    place: str = subject.file
    if subject.sheet:
        place = sentence(N_("{file}, sheet {sheet}"), file=place, sheet=subject.sheet)
    if subject.header:
        place = sentence(N_("{place}, column “{header}”"), place=place, header=subject.header)
    elif subject.field and not question.kind.takes_day:
        place = sentence(N_("{place} ({field})"), place=place, field=subject.field)
    return sentence(N_("{place}: {question}"), place=place, question=question.what)


def _command(question: Question) -> str:
    """Write the command that answers a question, with its first answer and the others behind it."""
    if question.kind is WORDS:
        word, codelist = question.evidence[0].words, codelists_of(question.subject.field)[-1]
        return f'python -m etl spelling "{word}" --list {codelist} --means CODE (or --means nothing)'
    kind, *key_parts = question.key._asdict().items()
    options = "".join(f' --{name} "{value}"' for name, value in key_parts if value)
    any_day = [A_DAY] if question.kind.takes_day else []
    first, *alternatives = [*any_day, *(candidate.value for candidate in question.candidates)]
    either = f" (or {', '.join(alternatives)})" if alternatives else ""
    return f"python -m etl answer {kind[1]}{options} --is {first}{either}"


def _list_sheets(connection: duckdb.DuckDBPyConnection, names: FileNames) -> list[Question]:
    """List the sheets of one workbook that hold the same actions: a question each, and one answer settles two."""
    kind, questions = BY_NAME["sheet"], dict[tuple[str, str], Question]()
    for file, one, actions, other_sheet, other_actions, same, *effects in ask(connection, "report/alike_sheets"):
        sheets = [
            (names.sheet(file, one) or one, actions, effects[0]),
            (names.sheet(file, other_sheet) or other_sheet, other_actions, effects[1]),
        ]
        for (sheet, count, without), (beside, other_count, _) in (sheets, sheets[::-1]):
            what = sentence(
                N_("It holds the same actions as the sheet “{other}” ({same} of {actions} and {other_actions})."),
                other=beside,
                same=same,
                actions=count,
                other_actions=other_count,
            )
            candidates = tuple(
                Candidate(value, sentence(words), effects=read_effects(without if value == "nothing" else ()))
                for value, words in kind.choices.items()
            )
            subject = Subject(file=names.file(file), sheet=sheet)
            questions.setdefault((file, sheet), Question(kind, subject, what, candidates))
    return list(questions.values())


def _list_columns(connection: duckdb.DuckDBPyConnection, names: FileNames) -> list[Question]:
    """List the columns that look like a field and have no use yet."""
    kind, questions = BY_NAME["column"], []
    for file, sheet, header, field, _, recipe, may_be_round, read_as in ask(connection, "report/columns_to_answer"):
        subject = Subject(
            recipe, names.file(file), (sheet and names.sheet(file, sheet)) or "", "", names.header(header)
        )
        uses = {field: sentence(N_("It is {field}"), field=field)}
        if may_be_round:
            uses["round"] = sentence(N_("An earlier or a later stage, with its own day"))
        uses |= {use: sentence(words) for use, words in kind.choices.items() if use != field}
        what = sentence(N_("Nobody has said what it is; it looks like {field}."), field=field)
        if read_as and field not in SEVERAL:
            if not may_be_round:
                uses["staff"] = sentence(N_("An earlier or a later stage, or for staff only"))
            text = N_(
                "It looks like {field}, which “{other}” is already, and one column counts. Say of both what they are."
            )
            what = sentence(text, field=field, other=names.header(read_as))
        candidates = tuple(Candidate(use, words) for use, words in uses.items())
        questions.append(Question(kind, subject, what, candidates))
    return questions

"""Questions that a recipe names and a sheet has no column for: which open columns they may be, or that they are gone.

A column is known by its header, which is nearly the question's; else by its cells, which are its answers; else, where
one question and one column without a header are left, these belong together. What no column may be is listed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import duckdb

from etl.pipeline.surveys import Choice, known_spellings
from etl.recipes.near_headers import find_near_targets, list_lacking
from etl.recipes.recipe_file import Question
from etl.recipes.settled_plan import NAMED_QUESTION
from etl.recipes.sheet_plan import SheetPlan
from etl.shapes.model import Shape
from etl.sqlfiles import ask, insert_rows
from etl.texts.folding import Folding

_MOST_ANSWERS = 40  # different ones, to a closed question


def find_targets(
    connection: duckdb.DuckDBPyConnection,
    sheet_no: int,
    plan: SheetPlan,
    shape: Shape,
    open_columns: Mapping[int, int],
    fold: Folding,
) -> dict[int, str]:
    """What open columns may be that the sheet lacks: fields by their headers, questions also by their cells.

    Args:
        connection: The work database; `open_values` holds what stands in open columns, `answer_texts` the answers of
            all sheets. Questions that none of the columns may be are put into `questions_gone`.
        sheet_no: The number of the sheet.
        plan: How it is read.
        shape: Its shape.
        open_columns: Its columns without a use (from 0), with their filled cells.
        fold: Folds headers as recognition does.
    """
    lacking = list_lacking(plan, fold)
    headers = {i: header for i in open_columns if i < len(plan.headers) and (header := plan.headers[i])}
    targets = find_near_targets(plan, headers, lacking, fold)
    gone = [one for one in lacking if one.target not in targets.values()]
    if not gone or not (plan.recipe.is_own or plan.questions):  # of a shipped recipe's questions a survey may ask none
        return targets
    names = [one.target.removeprefix(NAMED_QUESTION) for one in gone if not one.is_choice]
    remaining = [i for i in open_columns if i not in targets]
    if names and remaining:
        by_answers = _find_by_answers(connection, sheet_no, plan, remaining, names)
        if not by_answers and len(names) == 1:
            without = {i: open_columns[i] for i in remaining if i not in headers and shape.columns[i].question is None}
            nameless = _find_nameless(connection, sheet_no, without)
            by_answers = {} if nameless is None else {nameless: names[0]}
        targets |= {column: NAMED_QUESTION + name for column, name in by_answers.items()}
    left_over = {one.target: one.spellings[0] for one in gone if one.target not in targets.values()}
    rows = [
        (sheet_no, target.removeprefix(NAMED_QUESTION), header)
        for target, header in left_over.items()
        if "/" not in target or target.partition("/")[0] not in left_over  # the whole question is gone
    ]
    insert_rows(connection, "questions_gone", rows)
    return targets


def _find_by_answers(
    connection: duckdb.DuckDBPyConnection, sheet_no: int, plan: SheetPlan, columns: Sequence[int], names: Sequence[str]
) -> dict[int, str]:
    """The columns that alone hold the answers to a question; of several nothing tells which is meant."""
    words = [(name, word) for name in names for word in ("", *_list_words(plan.recipe.questions[name]))]
    parameters = {
        "sheet_no": sheet_no,
        "columns": [column + 1 for column in columns],
        "questions": [name for name, _ in words],
        "words": [word for _, word in words],
    }
    pairs = ask(connection, "readings/open_answers", parameters)
    of_question, of_column = Counter(name for _, name in pairs), Counter(number for number, _ in pairs)
    return {number - 1: name for number, name in pairs if of_question[name] == of_column[number] == 1}


def _list_words(question: Question) -> Iterable[str]:
    """The recipe's words for the choices of a question."""
    return known_spellings(question, [Choice(code, None) for code in {**question.choices, **question.labels}])


def _find_nameless(connection: duckdb.DuckDBPyConnection, sheet_no: int, columns: Mapping[int, int]) -> int | None:
    """The only one of these columns (with their filled cells) that holds few different answers in most rows."""
    rows = connection.execute("select rows_read from sheets where sheet_no = $1", [sheet_no]).fetchall()[0][0]
    few = connection.execute(
        "select column_no - 1 from open_values where sheet_no = $1 group by column_no having count(*) <= $2",
        [sheet_no, _MOST_ANSWERS],
    ).fetchall()
    likely = [column for (column,) in few if columns.get(column, 0) * 2 >= max(rows, 1)]
    return likely[0] if len(likely) == 1 else None

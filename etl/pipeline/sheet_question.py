"""Two sheets of one workbook with the same actions: nothing is published before staff have said which counts."""

from collections import Counter
from collections.abc import Iterable

import duckdb

from dashboard.campaign.file_names import FileNames
from dashboard.errors import Sentence, join, sentence
from dashboard.i18n import N_
from etl.pipeline.checks import QuestionError, say_further
from etl.recipes.fields import Kind
from etl.recipes.recognition import SheetPlan
from etl.sqlfiles import ask


def may_be_alike(sheets: Iterable[tuple[str, SheetPlan]]) -> bool:
    """Whether a workbook has several sheets of actions; `sheets` are those that recipes read, with their files."""
    counted = Counter(file for file, plan in sheets if plan.recipe.holds is Kind.ACTIONS)
    return max(counted.values(), default=0) > 1


def say_question(file: str, sheet: str, actions: int, other: str, other_actions: int, same: int) -> Sentence:
    """What is asked of two sheets, by their own names."""
    return sentence(
        N_(
            "{file}: the sheets “{sheet}” and “{other}” hold the same actions ({same} of {actions} and "
            "{other_actions})."
        ),
        file=file,
        sheet=sheet,
        other=other,
        same=same,
        actions=actions,
        other_actions=other_actions,
    )


def refuse_alike_sheets(connection: duckdb.DuckDBPyConnection, names: FileNames) -> None:
    """Hold publishing back while two sheets hold the same actions; `snapshot` is what would be published.

    Raises:
        QuestionError: there are two; what staff can write is said.
    """
    asked = ask(connection, "report/alike_sheets")
    if not asked:
        return
    file, one, actions, other, other_actions, same = asked[0]
    name, sheet, other_sheet = names.file(file), names.sheet(file, one), names.sheet(file, other)
    what = say_question(name, sheet or "", actions, other_sheet or "", other_actions, same)
    remedy = sentence(
        N_(
            'Leave one of them out: python -m etl sheet "{file}" "{sheet}" --is nothing, or the same with "{other}". '
            "If both count, so that the last row of each action wins, say --is data."
        ),
        file=name,
        sheet=sheet or "",
        other=other_sheet or "",
    )
    raise QuestionError(
        join([sentence(N_("Which sheets count must be said first.")), what]),
        join([remedy, say_further(len(asked) - 1)]),
    )

"""Questions with a column a choice: which of the guessed groups do the cells bear out?"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from etl.shapes import words
from etl.shapes.headers import Reading
from etl.shapes.model import Tool
from etl.texts.plain import plain

Values = Mapping[int, Collection[str] | None]
"""By column, the distinct cells below the header; None where there are too many to be marks."""

_NONE_OF_THEM = frozenset({"none", "aucun", "aucune", "ninguno", "ninguna", "keine", "keines"})
_FIRST_NAMED = 3


def settle(tool: Tool, readings: Sequence[Reading], values: Values, answers: Collection[int]) -> list[Reading]:
    """The readings with choices only where a question really has a column a choice.

    Args:
        tool: Who wrote the sheet.
        readings: What the headers say.
        values: The cells below them.
        answers: The columns that may hold answers (not ids, times, persons).
    """
    settled_readings = [
        replace(reading, question=reading.full_text if reading.choice else reading.question, group=None, choice=None)
        for reading in readings
    ]
    members: dict[str, list[int]] = defaultdict(list)
    for index in sorted(answers):
        group = readings[index].group
        if group is not None:
            members[group].append(index)
    for columns in members.values():
        choices = [i for i in columns if readings[i].choice is not None]
        if choices and _is_split(tool, readings, choices, values, alone=len(choices) == len(columns)):
            for i in columns:
                settled_readings[i] = readings[i]
    if tool in (Tool.TYPEFORM, Tool.PLAIN):
        _named_after_choices(tool, readings, settled_readings, values, answers)
    return settled_readings


def first_columns(readings: Sequence[Reading]) -> dict[int, int]:
    """By column, where its question begins, of the questions that have a column a choice."""
    split = {reading.group for reading in readings if reading.choice is not None}
    first: dict[str, int] = {}
    for index, reading in enumerate(readings):
        if reading.group is not None and reading.group in split:
            first.setdefault(reading.group, index)
    return {i: first[r.group] for i, r in enumerate(readings) if r.group is not None and r.group in first}


def count_repeats(readings: Sequence[Reading]) -> list[int]:
    """Of each column, the how-manieth question of its text it belongs to: the same whatever the cells hold."""
    groups: dict[str, list[str]] = defaultdict(list)
    repeats = []
    for index, reading in enumerate(readings):
        group = reading.group if reading.group is not None else f"column {index}"
        same = groups[plain(reading.question)]
        if group not in same:
            same.append(group)
        repeats.append(same.index(group) + 1)
    return repeats


def _is_split(tool: Tool, readings: Sequence[Reading], choices: Sequence[int], values: Values, *, alone: bool) -> bool:
    marked = [i for i in choices if not readings[i].is_other]
    if not marked:  # only "Other, please specify" stands beside the answer's own column
        return not alone
    if not all(_are_marks(tool, readings[i].choice, values.get(i)) for i in marked):
        return False
    has_values = any(values.get(i) for i in marked)
    return not alone or (has_values and (len(choices) > 1 or tool is Tool.LIMESURVEY))


def _are_marks(tool: Tool, choice: str | None, values: Collection[str] | None) -> bool:
    """Whether a column's cells only say whether its choice was taken."""
    if values is None:
        return False
    other_values = {plain(value) for value in values} - {plain(choice)}
    if tool in (Tool.KOBOTOOLBOX, Tool.ODK_CENTRAL):
        return other_values <= {"0", "1", "0 0", "1 0", "true", "false", ""}
    if tool is Tool.LIMESURVEY:  # multiple choice says Y or nothing (in words: Yes or No); Y, N and U are an array
        return other_values <= {"y", ""} or other_values <= words.TICKED | words.NO - {"n", "y"}
    return other_values <= words.TICKED | words.UNTICKED


def _named_after_choices(
    tool: Tool, readings: Sequence[Reading], settled_readings: list[Reading], values: Values, answers: Collection[int]
) -> None:
    """Columns named after a choice and holding its text (Typeform): a run of them is one question."""
    run: list[int] = []
    for index in [*sorted(answers), -1]:
        in_row = index >= 0 and (not run or index == run[-1] + 1)
        if in_row and _holds_its_name(readings[index], values.get(index)):
            run.append(index)
            continue
        may_belong = in_row and run and tool is Tool.TYPEFORM
        if (
            may_belong
            and plain(readings[index].question) in _NONE_OF_THEM | {"other"}
            or (may_belong and not values.get(index, ()) and values.get(index) is not None)
        ):
            run.append(index)
            if readings[index].is_other:
                _close(run, readings, settled_readings, values)
                run = []
            continue
        _close(run, readings, settled_readings, values)
        run = [index] if index >= 0 and _holds_its_name(readings[index], values.get(index)) else []


def _holds_its_name(reading: Reading, values: Collection[str] | None) -> bool:
    if not values or reading.is_other:
        return False
    name = plain(reading.question)
    return all(plain(value) == name for value in values)


def _close(run: Sequence[int], readings: Sequence[Reading], settled_readings: list[Reading], values: Values) -> None:
    """Make one question of a run of two choices or more, called by its first choices: the tool drops its text."""
    while run and values.get(run[-1]) is not None and not values.get(run[-1]) and not readings[run[-1]].is_other:
        run = run[:-1]  # a column that nobody filled, at the end: perhaps the next question
    if len([i for i in run if values.get(i)]) < 2:
        return
    first_questions = [readings[i].question or "" for i in run[:_FIRST_NAMED]]
    text = " / ".join([*first_questions, *(["…"] if len(run) > _FIRST_NAMED else [])])
    for i in run:
        settled_readings[i] = replace(readings[i], question=text, group=f"run {run[0]}", choice=readings[i].question)

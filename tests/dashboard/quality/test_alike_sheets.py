"""Sheets with the same actions: which stand together, and what a choice says of the others."""

import pytest

from dashboard.quality.alike_sheets import COUNTS, LEFT_OUT, SheetKey, choose, find_answers, read_alike
from tests.snapshots import open_fixture

A, B, C = (SheetKey("r.xlsx", name) for name in "ABC")


def test_sheets_that_hold_the_same_actions_stand_together(tmp_path):
    rows = (
        "insert into alike_sheets values ('r.xlsx', 'A', 9, 5, 'B', 8, 4, 7), ('r.xlsx', 'D', 3, 0, 'E', 3, 0, 3),"
        " ('r.xlsx', 'B', 8, 4, 'C', 6, 0, 6), ('s.xlsx', 'A', 2, 0, 'B', 2, 0, 2)"
    )
    groups = read_alike(open_fixture(tmp_path, (rows,)))
    assert [[f"{sheet.key.file} {sheet.key.sheet} {sheet.same}" for sheet in group] for group in groups] == [
        ["r.xlsx A 7", "r.xlsx B 7", "r.xlsx C 6"], ["r.xlsx D 3", "r.xlsx E 3"], ["s.xlsx A 2", "s.xlsx B 2"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("clicks", "answers"),
    [
        ([(A, COUNTS)], {B: LEFT_OUT, C: LEFT_OUT}),
        ([(A, COUNTS), (C, COUNTS)], {A: COUNTS, B: LEFT_OUT, C: COUNTS}),
        ([(A, LEFT_OUT)], {}),
        ([(A, LEFT_OUT), (C, LEFT_OUT)], {A: LEFT_OUT, C: LEFT_OUT}),
        ([(A, COUNTS), (A, LEFT_OUT)], {}),
        ([(A, COUNTS), (B, None)], {}),
    ],
    ids=["one-counts", "two-count", "one-left-out", "two-left-out", "none-counts", "taken-back"],
)
def test_a_choice_says_what_becomes_of_the_others(clicks, answers):
    choices: dict[SheetKey, str] = {}
    for key, use in clicks:
        choose([A, B, C], choices, key, use)
    assert find_answers([A, B, C], choices) == answers

"""The choice in a table of many questions: by the words of its answers, limited to each question's answers."""

from functools import partial

import streamlit as st

from dashboard.lists.quality.open_columns import Key, OpenColumn
from dashboard.ui.pieces import choice, open_columns
from dashboard.ui.pieces.choice import Line

COLUMNS = {
    key: OpenColumn(key, "actions", key.headers[0], "a.csv", None, 20, None, None, proposed, False)
    for key, proposed in ((Key("r", ("Colour",)), None), (Key("r", ("Help",)), "help"), (Key("r", ("Shape",)), None))
}
COLOUR, HELP, SHAPE = COLUMNS


def test_what_is_chosen_for_many_columns_is_taken_by_its_words_and_not_what_one_of_them_cannot_be(monkeypatch):
    answers = {SHAPE: "staff"}
    edits = {"0": {"answer": "Public question"}, 1: {"answer": "Public question"}, 2: {"answer": None}}
    monkeypatch.setattr(st, "session_state", {"table": {"edited_rows": edits}})
    lines = [Line(key, key.headers[0], "", 20) for key in COLUMNS]
    take = partial(open_columns.answer_in_table, COLUMNS, answers)
    choice._take_edits("table", lines, {"Public question": "question", "For staff only": "staff"}, take)
    assert answers == {HELP: "question"}, "a column of text is no closed question, and an emptied cell is open"
    monkeypatch.setattr(st, "session_state", {"table": {"edited_rows": {0: {"answer": ["One", "No such"]}}}})
    taken = []
    choice._take_edits("table", lines, {"One": "1"}, lambda key, uses: taken.append((key, uses)))
    assert taken == [(COLOUR, ["1"])], "of several answers those that there are"

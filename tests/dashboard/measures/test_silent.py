"""The silent stakeholders, and the effect of an answer on the bounds: compared with the fixture's tables."""

from datetime import date

import pandas as pd
import pytest

from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.silent import answers_since, find_gap, list_silent
from dashboard.snapshot.selection import Selection

DAY = date(2021, 12, 1)
SINCE = date(2021, 11, 1)


@pytest.mark.parametrize(("kind", "is_silent"), [
    ("never", lambda row: row["not_reported"]),
    ("unknown", lambda row: row["unknown"]),
    ("since", lambda row: ~(row["reported_on"] >= pd.Timestamp(SINCE)) & ~row["completed"] & ~row["discontinued"]),
])  # fmt: skip
@pytest.mark.parametrize("region", [(), ("africa",)])
def test_the_silent_actions_are_those_of_the_tables(snapshot, tables, kind, is_silent, region):
    selection = Selection(as_of=DAY, regions=region)
    frame = list_silent(snapshot, selection, kind, SINCE if kind == "since" else None)
    chosen = tables.select(selection, DAY)
    expected = chosen[is_silent(chosen)]
    assert set(frame["action_id"]) == set(expected["action_id"])
    days = frame["silent_days"].dropna().tolist()
    assert days == sorted(days, reverse=True)
    by_id = expected.set_index("action_id")
    silent = (pd.Timestamp(DAY) - by_id["reported_on"].fillna(by_id["submitted_on"])).dt.days
    assert frame.set_index("action_id")["silent_days"].dropna().to_dict() == silent.dropna().to_dict()


def test_after_the_proposed_answers_every_member_is_close_enough(snapshot):
    selection = Selection()
    unknown = list_silent(snapshot, selection, "unknown")
    gap = find_gap(snapshot, selection, ("region", "theme", "group"), unknown)
    total = headline(snapshot, selection)
    assert gap.members[0] == ("", "", total.actions, total.unknown)
    answered = {gap.action_ids[answer.row] for answer in gap.propose(10).answers}
    rows = [action_id in answered for action_id in gap.action_ids]
    for place, member in enumerate(gap.members):
        counts = by_dimension(snapshot, selection, member.dimension).set_index("code") if member.dimension else None
        if counts is not None:
            assert (member.actions, member.unknown) == tuple(counts.loc[member.code, ["actions", "unknown"]])
        assert gap.belongs[:, place].sum() == member.unknown
        assert 10 * (member.unknown - gap.belongs[rows, place].sum()) <= member.actions


def test_small_members_count_only_where_they_are_asked_for(snapshot):
    selection = Selection()
    unknown = list_silent(snapshot, selection, "unknown")
    gap = find_gap(snapshot, selection, ("country",), unknown)
    whole = find_gap(snapshot, selection, ("country",), unknown, has_small=True)
    assert gap.small
    more = {member.code for member in whole.members} - {member.code for member in gap.members}
    assert more == {member.code for member in gap.small}
    only = find_gap(snapshot, selection, ("country", "region"), unknown, only={("region", "africa")})
    assert [member.code for member in only.members] == ["", "africa"]


def test_an_answer_counts_from_the_day_on_which_it_was_asked_for(snapshot):
    asked = [(date(2021, 6, 15), "FIX-001"), (date(2021, 6, 16), "FIX-001"), (date(2021, 12, 11), "FIX-001"),
             (date(2021, 6, 16), "FIX-003"), (date(2021, 6, 16), "there is none")]  # fmt: skip
    frame = answers_since(snapshot, Selection(as_of=date(2021, 11, 30)), asked)
    assert frame[["actions", "answered"]].to_numpy().tolist() == [[1, 1], [2, 1]]
    later = answers_since(snapshot, Selection(), asked)
    assert later[["actions", "answered"]].to_numpy().tolist() == [[1, 1], [2, 2], [1, 0]]
    assert answers_since(snapshot, Selection(), []).empty

"""Who is silent, and what an answer narrows: held against the fixture's own files."""

from datetime import date

import pandas as pd
import pytest

from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.register import page
from dashboard.measures.silent import answers_since, find_gap, list_silent
from dashboard.snapshot.selection import Selection
from tests.snapshots import FIXTURES

DAY = date(2021, 12, 1)
SINCE = date(2021, 11, 1)


@pytest.fixture(scope="module")
def in_force():
    """Each action of the fixture with its last report by the day, from the files."""
    actions = pd.read_csv(FIXTURES / "actions.csv", dtype=str)
    reports = pd.read_csv(FIXTURES / "reports.csv", dtype=str)
    reports = reports[(reports["reported_on"] <= DAY.isoformat()) & reports["action_no"].notna()]
    last = reports.sort_values(["reported_on", "submitted_at"]).drop_duplicates("action_no", keep="last")
    return actions.merge(last[["action_no", "reported_on", "status"]], on="action_no", how="left")


@pytest.mark.parametrize(("kind", "is_silent"), [
    ("never", lambda row: row["reported_on"].isna()),
    ("unknown", lambda row: row["status"].isna()),
    ("since", lambda row: ~(row["reported_on"] >= SINCE.isoformat())
                          & ~row["status"].isin(["completed", "discontinued"])),
])  # fmt: skip
@pytest.mark.parametrize("region", [(), ("africa",)])
def test_the_silent_actions_are_those_of_the_files(snapshot, in_force, kind, is_silent, region):
    frame = list_silent(snapshot, Selection(as_of=DAY, regions=region), kind, SINCE if kind == "since" else None)
    expected = in_force[is_silent(in_force)]
    if region:
        inside = page(snapshot, Selection(as_of=DAY, regions=region), sort="action_id")["action_id"]
        expected = expected[expected["action_id"].isin(inside)]
    assert set(frame["action_id"]) == set(expected["action_id"])
    days = frame["silent_days"].dropna().tolist()
    assert days == sorted(days, reverse=True)
    days_heard = expected.set_index("action_id")
    heard = pd.to_datetime(days_heard["reported_on"].fillna(days_heard["submitted_on"]))
    silent = (pd.Timestamp(DAY) - heard).dt.days
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

"""The silent stakeholders, the effect of an answer on the bounds, and the fewest answers: equal to every set tried."""

from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures import fewest_answers
from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.fewest_answers import count_needs, propose
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


def test_small_members_count_where_they_are_asked_for_and_an_answer_from_the_day_of_asking(snapshot):
    selection = Selection()
    unknown = list_silent(snapshot, selection, "unknown")
    gap = find_gap(snapshot, selection, ("country",), unknown)
    whole = find_gap(snapshot, selection, ("country",), unknown, has_small=True)
    assert gap.small
    more = {member.code for member in whole.members} - {member.code for member in gap.members}
    assert more == {member.code for member in gap.small}, "small members count only where they are asked for"
    only = find_gap(snapshot, selection, ("country", "region"), unknown, only={("region", "africa")})
    assert [member.code for member in only.members] == ["", "africa"]
    asked = [(date(2021, 6, 15), "FIX-001"), (date(2021, 6, 16), "FIX-001"), (date(2021, 12, 11), "FIX-001"),
             (date(2021, 6, 16), "FIX-003"), (date(2021, 6, 16), "there is none")]  # fmt: skip
    frame = answers_since(snapshot, Selection(as_of=date(2021, 11, 30)), asked)
    assert frame[["actions", "answered"]].to_numpy().tolist() == [[1, 1], [2, 1]], "from the day of asking"
    later = answers_since(snapshot, Selection(), asked)
    assert later[["actions", "answered"]].to_numpy().tolist() == [[1, 1], [2, 2], [1, 0]]
    assert answers_since(snapshot, Selection(), []).empty


def try_all(belongs, needs):
    """Return the size of the smallest set of rows that is enough, by trying every set."""
    rows = range(len(belongs))
    return next(
        size
        for size in range(len(belongs) + 1)
        if any((belongs[list(chosen)].sum(axis=0) >= needs).all() for chosen in combinations(rows, size))
    )


def check_order(belongs, needs, proposal):
    """Check that each row comes once, and that no other answer would count for more of the members still too wide."""
    rows = [answer.row for answer in proposal.answers]
    assert len(set(rows)) == len(rows)
    assert (belongs[rows].sum(axis=0) >= needs).all()
    missing = needs.copy()
    for place, (row, counts_for) in enumerate(proposal.answers):
        is_open = missing > 0
        gains = belongs[rows[place:]][:, is_open].sum(axis=1)
        assert set(counts_for) == set(np.flatnonzero(belongs[row] & is_open))
        assert len(counts_for) == gains.max() > 0
        missing -= belongs[row]
    assert (missing <= 0).all()


@st.composite
def campaigns(draw, most=12):
    """Unknown actions × members, the first member being all of them, and how many answers each needs."""
    rows = draw(st.integers(1, most))
    members = draw(st.integers(1, 6))
    belongs = np.array(draw(st.lists(st.lists(st.booleans(), min_size=members, max_size=members), min_size=rows,
                                     max_size=rows)))  # fmt: skip
    belongs[:, 0] = True
    unknown = belongs.sum(axis=0)
    known = draw(st.lists(st.integers(0, 8), min_size=members, max_size=members))
    return belongs, count_needs(unknown, unknown + np.array(known), draw(st.sampled_from((5, 10, 25))))


@pytest.mark.drawn
@given(campaigns())
def test_the_answers_are_as_few_as_of_all_sets(campaign):
    belongs, needs = campaign
    proposal = propose(belongs, needs)
    assert proposal.method == "exact"
    assert len(proposal.answers) == proposal.at_least == try_all(belongs, needs)
    check_order(belongs, needs, proposal)


@pytest.mark.drawn
@given(campaigns(most=20))
def test_beyond_the_limit_the_answers_are_enough_and_none_is_needless(campaign):
    belongs, needs = campaign
    proposal = propose(belongs, needs, most_exact=0)
    assert proposal.method == "greedy"
    check_order(belongs, needs, proposal)
    rows = [answer.row for answer in proposal.answers]
    for row in rows:
        others = [other for other in rows if other != row]
        assert (belongs[others].sum(axis=0) < needs).any()
    assert proposal.at_least <= propose(belongs, needs).at_least <= len(rows)


@pytest.mark.drawn
@given(campaigns(most=9), st.integers(0, 2**9 - 1))
def test_of_the_smallest_sets_one_with_most_pending_answers_is_given(campaign, bits):
    belongs, needs = campaign
    pending = np.array([bool(bits >> row & 1) for row in range(len(belongs))])
    chosen = [answer.row for answer in propose(belongs, needs, pending).answers]
    size = try_all(belongs, needs)
    sets = (list(rows) for rows in combinations(range(len(belongs)), size))
    most = max(pending[rows].sum() for rows in sets if (belongs[rows].sum(axis=0) >= needs).all())
    assert (len(chosen), pending[chosen].sum()) == (size, most)


def test_an_answer_that_counts_for_many_comes_first_and_of_equal_actions_the_first_are_taken():
    belongs = np.array([[True, True, False], [True, False, False], [True, True, True]])
    assert propose(belongs, np.array([2, 1, 1])).answers == ((2, (0, 1, 2)), (0, (0,)))
    equal = propose(np.ones((5, 1), dtype=bool), np.array([2]))
    assert [answer.row for answer in equal.answers] == [0, 1]
    assert propose(np.zeros((3, 2), dtype=bool), np.array([0, 0])).answers == (), "where nothing is too wide"
    assert propose(np.zeros((0, 2), dtype=bool), np.array([0, 0])).method == "exact"


@pytest.mark.parametrize(("unknown", "actions", "points", "needed"), [
    (20, 100, 10, 10), (10, 100, 10, 0), (11, 100, 10, 1), (5, 9, 10, 5), (3, 10, 0, 3), (0, 0, 10, 0), (7, 29, 100, 0),
])  # fmt: skip
def test_a_member_needs_what_keeps_its_bounds_close(unknown, actions, points, needed):
    assert count_needs([unknown], [actions], points).tolist() == [needed]


def test_a_search_that_is_stopped_says_how_far_it_may_be_from_the_best():
    rng = np.random.default_rng(7)
    belongs = rng.random((250, 60)) < 0.2
    belongs[:, 0] = True
    needs = belongs.sum(axis=0) * 3 // 5
    stopped = propose(belongs, needs, most_seconds=0.0)
    exact = propose(belongs, needs)
    assert exact.method == "exact" and fewest_answers.MOST_EXACT == 300, "the limit that is told"
    check_order(belongs, needs, stopped)
    assert stopped.at_least <= len(exact.answers) <= len(stopped.answers)
    assert stopped.method == "stopped" or len(stopped.answers) == len(exact.answers)

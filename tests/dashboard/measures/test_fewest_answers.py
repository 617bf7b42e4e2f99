"""The fewest answers: equal to every set tried, in order of each answer's effect."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures import fewest_answers
from dashboard.measures.fewest_answers import count_needs, propose


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

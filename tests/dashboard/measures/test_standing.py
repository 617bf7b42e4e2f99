"""Stakeholders ahead, behind and silent, against the published tables; a contrast of two selections for any counts."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.counts import count_further, headline, listed_members
from dashboard.measures.standing import (
    RateBounds,
    are_days,
    bound_difference,
    count_silence,
    know_total,
    list_without_actions,
    rank,
    tell_apart,
)
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.dashboard.measures.test_counts import SELECTIONS
from tests.tables import Tables, on

DAYS = (date(2021, 1, 2), date(2021, 6, 25), date(2021, 7, 20), date(2021, 12, 31))
CASES = [(selection, day) for selection in SELECTIONS for day in DAYS]


def reckon(tables: Tables, selection: Selection, dimension: str, snapshot: Snapshot) -> pd.DataFrame:
    """Return the members with five actions or more: their counts, bounds and actions without a report."""
    chosen = tables.select(selection, selection.day(snapshot))
    members = tables.members[dimension].drop_duplicates()
    members = members[members["member"].isin(listed_members(snapshot, selection, dimension))]
    counted = chosen.merge(members, on="action_id").groupby("member")
    frame = counted[["completed", "unknown", "not_reported"]].sum().astype(int).assign(actions=counted.size())
    frame = frame[(frame["actions"] >= 5) & (frame.index != "unclassified")]
    frame["lower"] = pd.Series(map(Fraction, frame["completed"], frame["actions"]), frame.index, dtype=object)
    possible = frame["completed"] + frame["unknown"]
    frame["upper"] = pd.Series(map(Fraction, possible, frame["actions"]), frame.index, dtype=object)
    return frame


@pytest.mark.parametrize(
    ("selection", "day", "dimension"),
    some([(*case, dimension) for case in CASES for dimension in ("country", "group", "theme")], 8),
)
def test_a_member_is_ahead_or_behind_only_as_its_bounds_carry(
    selection: Selection, day: date, dimension: str, snapshot: Snapshot, tables: Tables
) -> None:
    asked = on(selection, day)
    expected = reckon(tables, asked, dimension, snapshot)
    total = headline(snapshot, asked)
    for rate in ("reporting_rate", "evidenced_rate", "reviewed_rate", "verified_rate"):  # nothing of them is unknown
        counted = count_further(snapshot, asked, total, rate)
        part, denominator = counted.fraction(rate)
        assert know_total(counted, rate) == RateBounds("", "", part, part, denominator), rate
    elapsed = Fraction(total.day_number, total.days_total)
    ranking = rank(snapshot, asked, dimension)
    assert {known.code for known in ranking.compared} == set(expected.index)
    assert {known.code for known in ranking.ahead} == set(expected.index[expected["lower"] > elapsed])
    assert {known.code for known in ranking.behind} == set(expected.index[expected["upper"] < elapsed])
    silent = expected[expected["not_reported"] > 0]
    assert {known.code: (known.part, known.denominator) for known in ranking.silent} == {
        code: (row["not_reported"], row["actions"]) for code, row in silent.iterrows()
    }
    assert [known.lower for known in ranking.ahead] == sorted((known.lower for known in ranking.ahead), reverse=True)
    assert [known.upper for known in ranking.behind] == sorted(known.upper for known in ranking.behind)
    assert [known.part for known in ranking.silent] == sorted((known.part for known in ranking.silent), reverse=True)


@pytest.mark.parametrize(("selection", "day"), some(CASES, 6))
def test_silent_stakeholders_have_no_report_on_any_action(selection: Selection, day: date, snapshot, tables) -> None:
    asked = on(selection, day)
    reported = tables.select(asked, day).groupby("stakeholder_id")["reported"].any()
    silence = count_silence(snapshot, asked)
    assert (silence.stakeholders, silence.silent) == (len(reported), int((~reported).sum()))


def test_countries_without_an_action_are_those_that_the_places_allow(snapshot: Snapshot, tables: Tables) -> None:
    for selection in (Selection(), Selection(regions=("africa",)), Selection(themes=("mining",)), SELECTIONS[-1]):
        chosen = tables.select(selection, date(2021, 12, 31))
        named = set(chosen.merge(tables.members["country"], on="action_id")["member"])
        allowed = set(listed_members(snapshot, selection, "country")) - {"unclassified"}
        assert set(list_without_actions(snapshot, selection, "country")) == allowed - named


SIDES = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)).map(
    lambda counts: RateBounds("", "", counts[0], counts[0] + counts[1], sum(counts))
)


@given(SIDES, SIDES)
def test_higher_and_lower_hold_whatever_the_unknown_turns_out_to_be(one: RateBounds, other: RateBounds) -> None:
    verdict = tell_apart(one, other)
    outcomes = {
        (
            Fraction(mine, one.denominator or 1) > Fraction(others, other.denominator or 1),
            mine * other.denominator == others * one.denominator,
        )
        for mine in range(one.part, one.most + 1)
        for others in range(other.part, other.most + 1)
    }
    if min(one.denominator, other.denominator) < 5:
        assert verdict == "unranked"
    elif outcomes == {(True, False)}:
        assert verdict == "higher"
    elif outcomes == {(False, False)}:
        assert verdict == "lower"
    else:
        assert verdict == ("equal" if outcomes == {(False, True)} and one.part == one.most else "untold")
    swapped = {"higher": "lower", "lower": "higher"}
    assert tell_apart(other, one) == swapped.get(verdict, verdict)
    least, most = bound_difference(one, other)
    assert least <= one.lower - other.lower <= most
    assert (least > 0 or most < 0) == (one.is_above(other) or other.is_above(one))


def test_two_days_are_those_of_the_same_actions(snapshot: Snapshot) -> None:
    early, late = Selection(themes=("mining",), as_of=date(2021, 7, 1)), Selection(themes=("mining",))
    assert are_days(snapshot, early, late)
    assert not are_days(snapshot, late, Selection(themes=("mining",), as_of=snapshot.last_date))
    assert not are_days(snapshot, early, Selection())
    chosen = Selection(statuses=("completed",))  # which these are depends on the day
    assert not are_days(snapshot, chosen, Selection(statuses=("completed",), as_of=date(2021, 7, 1)))

"""What tells two selections apart, for any counts: nothing that the unknown could turn round."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.standing import Known, are_days, bound_difference, tell_apart
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

SIDES = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)).map(
    lambda counts: Known("", "", counts[0], counts[0] + counts[1], sum(counts))
)


@given(SIDES, SIDES)
def test_higher_and_lower_hold_whatever_the_unknown_turns_out_to_be(one: Known, other: Known) -> None:
    verdict = tell_apart(one, other)
    outcomes = {
        (Fraction(mine, one.whole or 1) > Fraction(others, other.whole or 1), mine * other.whole == others * one.whole)
        for mine in range(one.part, one.most + 1)
        for others in range(other.part, other.most + 1)
    }
    if min(one.whole, other.whole) < 5:
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

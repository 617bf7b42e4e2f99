"""The steps of a map's colours, reckoned again."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.colours import MOST, divide, find_shade
from dashboard.formats import round_half_up

COUNTS = st.lists(
    st.integers(5, 400).flatmap(lambda actions: st.tuples(st.integers(0, actions), st.just(actions))), max_size=90
)


@given(COUNTS)
def test_each_rate_is_in_one_step_which_has_as_many_as_equal_rates_allow(counts: list[tuple[int, int]]) -> None:
    rates = [round_half_up(*one, 100) for one in counts]
    steps = divide(rates)
    assert len(steps) == min(MOST, len(steps)) and bool(steps) == bool(rates)
    assert [low <= high for low, high, _ in steps] == [True] * len(steps)
    assert all(one.high < other.low and one.shade < other.shade for one, other in zip(steps, steps[1:], strict=False))
    held = Counter(find_shade(steps, *one) for one in counts)
    most_equal = max(Counter(rates).values(), default=0)
    for step in steps:
        assert {step.low, step.high} <= set(rates)
        assert held[step.shade] == sum(step.low <= rate <= step.high for rate in rates)
        assert held[step.shade] <= -(-len(rates) // MOST) + most_equal
    if len(set(rates)) == len(rates) >= MOST:
        assert len(steps) == MOST and max(held.values()) - min(held.values()) <= 1


def test_bounds_are_written_in_whole_percent_of_the_language() -> None:
    steps = divide([0, 0, 0, 12, 13, 30, 44, 50, 67, 100])
    assert [step.write("en") for step in steps] == ["0–12%", "13–30%", "44–50%", "67–100%"]
    assert [step.write("fr").replace("\u00a0", " ") for step in divide([7, 7])] == ["7 %"]
    assert find_shade(steps, 1, 10) == steps[0].shade  # of another day: below the second step

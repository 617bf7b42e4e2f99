"""What is expected by the deadline: against a plain computation, by what it refuses, and on simulated campaigns."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from dashboard.measures.expected import expect, make_life_table, predict
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.dashboard.measures.simulated_campaigns import CALIBRATED, HELD_OUT, Ranges, draw_campaigns, judge
from tests.snapshots import open_running
from tests.tables import Tables

DAY, DEADLINE, START = date(2021, 8, 15), date(2021, 12, 30), date(2021, 1, 1)
AUGUST = Selection(as_of=DAY)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return a campaign that runs in August."""
    return open_running(tmp_path_factory.mktemp("running"))


def age(started: date, day: date) -> int:
    """Return an action's age on a day, in weeks."""
    return max((day - started).days, 0) // 7


def read_actions(snapshot: Snapshot, selection: Selection) -> pd.DataFrame:
    """Read when each action of a selection was seen and completed, from its reports one after the other.

    Returns:
        A row an action: `outcome`, `is_dated`, `seen_week`, `done_week`, `now_week`.
    """
    tables, day = Tables(snapshot), selection.day(snapshot)
    chosen = tables.select(selection, day)
    few_days = 10 * chosen["submitted_on"].isna().sum() > len(chosen)
    rows = []
    for action in chosen.to_dict("records"):
        started = START if few_days or pd.isna(action["submitted_on"]) else action["submitted_on"].date()
        of_action = tables.reports[tables.reports["action_id"] == action["action_id"]]
        told = of_action[of_action["reported_on"].dt.date <= day].sort_values(["reported_on", "submitted_at"])
        told = told.drop_duplicates("reported_on", keep="last").to_dict("records")
        now = (day - started).days // 7
        status = told[-1]["status"] if told else None
        if status is None or pd.isna(status):
            rows.append(("unknown", False, 0, 0, now))
        elif status != "completed":
            outcome = "stopped" if status == "discontinued" else "open"
            rows.append(
                (outcome, False, age(started, told[-1]["reported_on"].date()), 0, now if outcome == "open" else 0)
            )
        else:
            before = [one for one in told if one["status"] != "completed"]
            run = told[
                len(told) - next((n for n, one in enumerate(told[::-1]) if one["status"] != "completed"), len(told)) :
            ]
            stated = [one["completed_on"].date() for one in run if not pd.isna(one["completed_on"])]
            seen = [one["reported_on"].date() for one in before if not pd.isna(one["status"])]
            is_dated = bool(stated) or not run[0]["is_day_of_file"]
            done = min(stated[-1], day) if stated else run[0]["reported_on"].date()
            last_seen = done if stated else seen[-1] if seen else started
            rows.append(
                ("completed", is_dated, age(started, last_seen), max(age(started, done), age(started, last_seen)), 0)
            )
    return pd.DataFrame(rows, columns=["outcome", "is_dated", "seen_week", "done_week", "now_week"])


@pytest.mark.parametrize(
    "selection",
    some(
        [Selection(as_of=date(2021, 7, 20), categories=("research", "campaign")), Selection(as_of=date(2021, 10, 1))], 1
    ),
)
def test_the_database_reads_of_each_action_what_its_reports_say(running: Snapshot, selection: Selection) -> None:
    groups = running.columns(
        "expected", selection.sql_parameters(running) | {"starts_on": START, "day": selection.day(running)}
    )
    names = ["outcome", "is_dated", "seen_week", "done_week", "now_week"]
    counted = Counter(
        dict(zip(zip(*(groups[one].tolist() for one in names), strict=True), groups["number"].tolist(), strict=True))
    )
    assert counted == Counter(read_actions(running, selection).itertuples(index=False, name=None))
    assert len({outcome for outcome, *_ in counted}) == 4


def reckon_hazards(known: pd.DataFrame) -> list[float]:
    """Reckon the hazard of each week of age action by action, up to the oldest one observed and 200 weeks beyond."""
    is_completed = known["outcome"] == "completed"
    weeks = 8 * (1 + max(known["seen_week"].max(), known["done_week"].max()) // 8)
    ages = (known["seen_week"] + known["done_week"].where(is_completed, known["seen_week"])) / 2 + 0.5
    hazards = [is_completed.sum() / ages.sum()] * weeks
    completed, at_risk = np.zeros(weeks), np.zeros(weeks)

    def pool(first: int, last: int) -> float:
        usual = completed.sum() / at_risk.sum()
        return float((completed[first:last].sum() + 5) / (at_risk[first:last].sum() + 5 / usual))

    for _ in range(10):
        survival = np.exp(-np.append(0, np.cumsum(hazards)))
        completed[:], at_risk[:] = 0, 0
        for row in known.to_dict("records"):
            at_risk[: row["seen_week"]] += 1
            if row["outcome"] != "completed":
                at_risk[row["seen_week"]] += 0.5
                continue
            between, left = slice(row["seen_week"], row["done_week"] + 1), 1.0
            chances = -np.diff(survival[row["seen_week"] : row["done_week"] + 2])
            shares = chances / chances.sum()
            completed[between] += shares
            for week, share in enumerate(shares, start=row["seen_week"]):
                left -= share
                at_risk[week] += left + share / 2
        hazards = [pool(week // 8 * 8, week // 8 * 8 + 8) for week in range(weeks)]
    seen = sorted(known.loc[~is_completed, "seen_week"])
    oldest = seen[int(np.ceil(0.9 * len(seen))) - 1]
    return [*hazards[: oldest + 1], *[pool(max(oldest - 15, 0), oldest + 1)] * 200]


def reckon_chances(actions: pd.DataFrame, ahead: int) -> Iterator[tuple[list[float], list[float]]]:
    """Reckon at each of 41 speeds the chances of the open actions, and of those without a known status."""
    known = actions[actions["outcome"] != "unknown"]
    hazards = reckon_hazards(known)
    added_up = np.append(0, np.cumsum(hazards))

    def until(days: float) -> float:
        weeks = max(days, 0) / 7
        return float(added_up[int(weeks)] + (weeks - int(weeks)) * hazards[int(weeks)])

    noise = 3 / (known["outcome"] == "completed").sum()
    for place in range(41):
        z = NormalDist().inv_cdf((place + 0.5) / 41)
        past, future = np.exp(z * noise**0.5), np.exp(0.2 + z * (0.25 + noise) ** 0.5)
        chances: dict[str, list[float]] = {"open": [], "unknown": []}
        for row in actions[actions["outcome"].isin(list(chances))].to_dict("records"):
            now = (row["now_week"] + 0.5) * 7
            seen = until((row["seen_week"] + 0.5) * 7) if row["outcome"] == "open" else 0.0
            hazard = past * max(until(now) - seen, 0) + future * (until(now + ahead) - until(now))
            chances[row["outcome"]].append(1 - np.exp(-hazard))
        yield chances["open"], chances["unknown"]


def add_chances(start: np.ndarray, chances: list[float]) -> np.ndarray:
    """Return the exact distribution of a sum with so many further actions."""
    for chance in chances:
        start = np.convolve(start, [1 - chance, chance])
    return start


def reckon(actions: pd.DataFrame, ahead: int) -> tuple[float, ...]:
    """Reckon the band at the deadline, and the middle of both cases, from the exact distribution of the sum."""
    sums: list[tuple[np.ndarray, np.ndarray]] = []
    for of_open, of_unknown in reckon_chances(actions, ahead):
        none = add_chances(np.array([1.0]), of_open)
        sums.append((np.pad(none, (0, len(of_unknown))), add_chances(none, of_unknown)))
    none, others = (np.cumsum(np.mean(case, axis=0)) for case in zip(*sums, strict=True))
    low, high = 0, 0
    for tail in np.linspace(0.2, 0.1, 21):
        low, high = int(np.searchsorted(none, tail)), int(np.searchsorted(others, 1 - tail))
        if min(one[high] - one[low] for one in (none, others)) >= 0.798:
            break
    completions = int((actions["outcome"] == "completed").sum())
    middles = (int(np.searchsorted(one, 0.5)) for one in (none, others))
    return tuple(completions + number for number in (low, high, *middles))


def test_the_band_is_that_of_every_action_reckoned_by_itself(running: Snapshot) -> None:
    expected = expect(running, AUGUST)
    low, high, none_complete, as_others = reckon(read_actions(running, AUGUST), (DEADLINE - DAY).days)
    last = expected.days.iloc[-1]
    found = (last["expected_low"], last["expected_high"], expected.none_complete, expected.as_others)
    # The sum is taken as normal, and its band is as wide as its quantiles say; both move it by less than two actions.
    np.testing.assert_allclose(found, (low, high, none_complete, as_others), atol=2)
    assert (expected.completions, expected.silent) == (70, 73)


def test_the_band_begins_at_the_day_and_grows_to_the_deadline(running: Snapshot) -> None:
    days = expect(running, AUGUST).days
    assert days["on_date"].dt.date.tolist() == pd.date_range(DAY, DEADLINE).date.tolist()
    assert days["expected_low"].is_monotonic_increasing
    assert days["expected_high"].is_monotonic_increasing
    assert (days["expected_low"] <= days["expected_high"]).all()
    assert days["expected_low"].iloc[0] >= 70
    assert days["expected_high"].iloc[-1] <= 280


@pytest.mark.parametrize(
    ("selection", "reason", "completions"),
    [
        (Selection(as_of=date(2021, 5, 1)), "few", 2),
        (Selection(as_of=DEADLINE), "over", 0),
        (Selection(as_of=date(2020, 12, 31)), "early", 0),
        (Selection(as_of=DAY, statuses=("in_progress",)), "chosen", 0),
        (Selection(as_of=DAY, evidence=("reviewed",)), "chosen", 0),
    ],
)
def test_nothing_is_expected_where_it_says_little(
    running: Snapshot, selection: Selection, reason: str, completions: int
) -> None:
    expected = expect(running, selection)
    assert (expected.reason, expected.completions) == (reason, completions)
    assert expected.days.empty


def test_after_the_last_day_with_data_the_band_begins_at_that_day(running: Snapshot) -> None:
    late, last = Selection(as_of=date(2021, 12, 20)), running.last_date
    assert last > date(2021, 12, 20)
    assert expect(running, late).days["on_date"].iloc[0].date() == date(2021, 12, 20)


@pytest.mark.nightly
def test_the_deadline_of_simulated_campaigns_is_covered_as_often_as_is_said() -> None:
    rows = judge(draw_campaigns(HELD_OUT, 24))
    assert 0.6 <= rows["is_covered"].mean() <= 0.95
    assert rows["width"].mean() < 0.6


@pytest.mark.nightly
@pytest.mark.parametrize("ranges", [CALIBRATED, HELD_OUT])
def test_the_band_covers_what_comes_in_four_of_five_campaigns(ranges: Ranges) -> None:
    rows = judge(draw_campaigns(ranges, 500))
    assert 0.75 <= rows["is_covered"].mean() <= 0.85
    for is_none in (True, False):
        assert 0.72 <= rows.loc[rows["is_none"] == is_none, "is_covered"].mean() <= 0.88


def test_an_action_alone_on_the_table_of_another_is_as_likely_as_its_age_says() -> None:
    """One completion a week of twenty at risk each: the hazard is the same at every age, and beyond."""
    weeks = np.arange(40)
    groups = {
        "outcome": np.array(["completed"] * 40 + ["open"], dtype=object),
        "seen_week": np.append(weeks, 40),
        "done_week": np.append(weeks, 40),
        "now_week": np.append(0 * weeks, 40),
        "number": np.append(np.round(1000 * 0.95**weeks * 0.05).astype(int), round(1000 * 0.95**40)),
    }
    table = make_life_table(groups)
    added_up = table.add_up(np.array([70.0, 140.0, 700.0]))
    np.testing.assert_allclose(np.diff(added_up) / np.array([10, 80]), -np.log(0.95), rtol=0.03)
    band = predict(groups, table, np.array([0.0, 70.0]))
    assert band.low[0] == pytest.approx(groups["number"][:40].sum(), abs=1)
    assert band.none_complete[1] == pytest.approx(band.as_others[1])


@pytest.mark.parametrize(("completed", "still_open"), [(35, 2), (40, 1)])
def test_the_band_holds_no_fewer_than_are_completed_and_no_more_than_there_are(completed: int, still_open: int) -> None:
    groups = {
        "outcome": np.array(["completed", "open"], dtype=object),
        "seen_week": np.array([8, 50]),
        "done_week": np.array([8, 0]),
        "now_week": np.array([0, 51]),
        "number": np.array([completed, still_open]),
    }
    band = predict(groups, make_life_table(groups), np.array([0.0, 30.0, 90.0]))
    assert completed <= band.low.min() <= band.high.max() <= completed + still_open

"""Simulated campaigns, of which is known what comes: how fast, how silent, in how many waves, with or without a rush.

`python -m tests.dashboard.measures.simulated_campaigns` judges the band of `dashboard.measures.expected` on 500 of
them, by kind. `CALIBRATED` are the ranges and the seed by which its three numbers were chosen; `HELD_OUT` are other
and wider ones, by which it is judged.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.measures.expected import LEAST_COMPLETIONS, make_life_table, predict
from dashboard.measures.facts import Columns

DEADLINE = 365
NEVER = 10**6
Days = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ranges:
    """From where to where each trait of a campaign is drawn, evenly.

    Attributes:
        actions: How many (evenly on the logarithm).
        share: The share that would be completed by the deadline without a rush and without wobbles.
        shape: Of the hazard by age: 1 is constant, below it falls, above it rises.
        difference: The variance of what makes one action faster than another.
        wobble: The standard deviation of the logarithm of each month's speed.
        rush_chance: How likely the last weeks are faster than the others, `rush` times, for `rush_days`.
        stopped: The share that is discontinued.
        silence: The share that never reports.
        waves: The number of waves of reports; `answer` is the share that answers one.
        own_chance: How likely actions are reported as they are completed, too; of `own` of them.
        stated: The share of completions whose day is stated.
        day: The day of the figures, as a share of the campaign.
    """

    seed: int
    actions: tuple[float, float]
    share: tuple[float, float]
    shape: tuple[float, float]
    difference: tuple[float, float]
    wobble: tuple[float, float]
    rush_chance: float
    rush: tuple[float, float]
    rush_days: tuple[float, float]
    stopped: tuple[float, float]
    silence: tuple[float, float]
    waves: tuple[int, int]
    answer: tuple[float, float]
    own_chance: float
    own: tuple[float, float]
    stated: tuple[float, float]
    day: tuple[float, float]


CALIBRATED = Ranges(
    seed=11, actions=(80, 1500), share=(0.25, 0.9), shape=(0.8, 2.2), difference=(0.01, 0.8), wobble=(0, 0.3),
    rush_chance=0.5, rush=(1.5, 4), rush_days=(20, 60), stopped=(0, 0.08), silence=(0, 0.6), waves=(1, 5),
    answer=(0.4, 0.95), own_chance=0.6, own=(0, 0.6), stated=(0, 1), day=(0.4, 0.93),
)  # fmt: skip
HELD_OUT = Ranges(
    seed=2021, actions=(60, 3000), share=(0.2, 0.95), shape=(0.7, 2.4), difference=(0.01, 1.0), wobble=(0, 0.4),
    rush_chance=0.6, rush=(1.2, 4.5), rush_days=(14, 75), stopped=(0, 0.1), silence=(0, 0.7), waves=(1, 6),
    answer=(0.3, 0.95), own_chance=0.5, own=(0, 0.7), stated=(0, 1), day=(0.35, 0.95),
)  # fmt: skip


class Campaign(NamedTuple):
    """A campaign on a day, and what comes.

    Attributes:
        traits: What was drawn, by the names of `Ranges`.
        groups: What the program reads of it, as `dashboard/queries/expected.sql`.
        is_silent: Which actions have no report by the day.
        is_completed: Which actions are completed by the deadline, if the silent do as the others.
        is_none: Whether, in this campaign, none of the silent completes.
    """

    traits: dict[str, float]
    groups: Columns
    is_silent: npt.NDArray[np.bool_]
    is_completed: npt.NDArray[np.bool_]
    is_none: bool

    def count_completed(self, *, is_none: bool) -> int:
        """Count the actions completed by the deadline, once all reports are in."""
        return int((self.is_completed & ~(self.is_silent & is_none)).sum())


def draw_campaigns(ranges: Ranges, number: int) -> Iterator[Campaign]:
    """Draw campaigns with enough completions for a band."""
    random = np.random.default_rng(ranges.seed)
    while number:
        campaign = _draw(random, ranges)
        if campaign.groups["number"][campaign.groups["outcome"] == "completed"].sum() >= LEAST_COMPLETIONS:
            number -= 1
            yield campaign


def _draw(random: np.random.Generator, ranges: Ranges) -> Campaign:
    traits = {name: random.uniform(*value) for name, value in vars(ranges).items() if isinstance(value, tuple)}
    traits["rush"] = traits["rush"] if random.random() < ranges.rush_chance else 1.0
    traits["own"] = traits["own"] if random.random() < ranges.own_chance else 0.0
    traits["waves"] = float(random.integers(ranges.waves[0], ranges.waves[1] + 1))
    number = int(np.exp(random.uniform(*np.log(ranges.actions))))
    day = int(traits["day"] * DEADLINE)
    started = (random.beta(random.uniform(0.8, 2), random.uniform(0.8, 2), number) * 135).astype(np.int64)
    started *= random.random() >= 0.3  # in some campaigns no day of submission is known
    completed = _complete(random, traits, started)
    stopped = (started + random.random(number) * (DEADLINE - started)).astype(np.int64)
    stopped = np.where(random.random(number) < traits["stopped"], stopped, NEVER)
    stopped, completed = np.where(stopped < completed, stopped, NEVER), np.where(stopped < completed, NEVER, completed)
    reports = _report(random, traits, started, completed)
    reports[random.random(number) < traits["silence"]] = NEVER
    is_stated = random.random(number) < traits["stated"]
    groups, is_silent = _read(day, started, completed, stopped, reports, is_stated)
    return Campaign(traits, groups, is_silent, completed <= DEADLINE, random.random() < 0.5)


def _complete(random: np.random.Generator, traits: dict[str, float], started: Days) -> Days:
    """Draw the day on which each action is completed."""
    speed_of_day = np.repeat(np.exp(random.normal(0, traits["wobble"], 13)), 31)[:DEADLINE]
    speed_of_day[DEADLINE - int(traits["rush_days"]) :] *= traits["rush"]
    ages = np.maximum(np.arange(DEADLINE + 1) - started[:, None], 0) / 300
    hazards = np.diff(ages ** traits["shape"], axis=1)
    speeds = random.gamma(1 / traits["difference"], traits["difference"], len(started))
    low, high = 1e-3, 50.0
    for _ in range(30):
        middle = np.sqrt(low * high)
        is_slow = (1 - np.exp(-middle * speeds * hazards.sum(axis=1))).mean() < traits["share"]
        low, high = (middle, high) if is_slow else (low, middle)
    added_up = np.cumsum(hazards * speed_of_day, axis=1) * low * speeds[:, None]
    is_by_day = added_up >= random.exponential(1, len(started))[:, None]
    return np.where(is_by_day[:, -1], is_by_day.argmax(axis=1) + 1, NEVER)


def _report(random: np.random.Generator, traits: dict[str, float], started: Days, completed: Days) -> Days:
    """Draw the days of the reports of each action, ascending: in waves, and some at the completion."""
    number = len(started)
    answers = random.beta(4 * traits["answer"], 4 * (1 - traits["answer"]), number)
    columns = []
    for wave in random.uniform(0.2, 1, int(traits["waves"])) * DEADLINE:
        days = (wave + random.exponential(8, number)).astype(np.int64)
        columns.append(np.where((random.random(number) < answers) & (days > started), days, NEVER))
    own = completed + random.exponential(15, number).astype(np.int64)
    columns.append(np.where(random.random(number) < traits["own"], own, NEVER))
    reports: Days = np.sort(np.stack(columns, axis=1), axis=1)
    return reports


def _read(
    day: int, started: Days, completed: Days, stopped: Days, reports: Days, is_stated: npt.NDArray[np.bool_]
) -> tuple[Columns, npt.NDArray[np.bool_]]:
    """Read what is known of the actions on a day."""
    is_in = reports <= day
    latest = np.where(is_in, reports, -1).max(axis=1)
    is_late = reports >= completed[:, None]
    first_after = np.where(is_in & is_late, reports, NEVER).min(axis=1)
    last_before = np.where(is_in & ~is_late, reports, -1).max(axis=1)
    is_completed = completed <= latest
    outcome = np.select([latest < 0, is_completed, stopped <= latest], ["unknown", "completed", "stopped"], "open")
    done = np.where(is_stated, completed, first_after)
    before = np.where(is_stated, completed, np.maximum(last_before, started))
    seen = np.where(is_completed, before, latest)
    rows = pd.DataFrame(
        {
            "outcome": outcome,
            "seen_week": np.where(outcome == "unknown", 0, np.maximum(seen - started, 0) // 7),
            "done_week": np.where(outcome == "completed", np.maximum(done - started, 0) // 7, 0),
            "now_week": np.where(np.isin(outcome, ["open", "unknown"]), (day - started) // 7, 0),
        }
    )
    groups = rows.groupby(list(rows), as_index=False).size().rename(columns={"size": "number"})
    columns = {str(name): column.to_numpy() for name, column in groups.items()}
    columns["outcome"] = columns["outcome"].astype(object)
    return columns, latest < 0


def judge(campaigns: Iterator[Campaign]) -> pd.DataFrame:
    """Compare the band of each campaign at its deadline with what comes.

    Returns:
        A row a campaign: its traits; `is_covered`, `is_below`, `is_above` of what comes; `is_covered_none` and
        `is_covered_others`, if the silent did as each case says; `is_covered_half`, if half as many of them complete;
        `width`, as a share of the actions; `silent`, the share of the actions without a report.
    """
    rows = []
    for campaign in campaigns:
        ahead = np.array([float(DEADLINE - int(campaign.traits["day"] * DEADLINE))])
        band = predict(campaign.groups, make_life_table(campaign.groups), ahead)
        low, high = np.floor(band.low[-1]), np.ceil(band.high[-1])
        none, others = campaign.count_completed(is_none=True), campaign.count_completed(is_none=False)
        comes, number = none if campaign.is_none else others, len(campaign.is_silent)
        covered = {"none": none, "others": others, "half": (none + others) // 2}
        rows.append(
            campaign.traits
            | {f"is_covered_{name}": low <= count <= high for name, count in covered.items()}
            | {"is_covered": low <= comes <= high, "is_below": comes < low, "is_above": comes > high}
            | {"width": (high - low) / number, "silent": campaign.is_silent.mean(), "is_none": campaign.is_none}
        )
    return pd.DataFrame(rows)


KINDS: dict[str, Callable[[pd.DataFrame], "pd.Series[bool]"]] = {
    "all": lambda rows: rows["day"] > 0,
    "none of the silent completes": lambda rows: rows["is_none"],
    "the silent do as the others": lambda rows: ~rows["is_none"],
    "slow (below 45 %)": lambda rows: rows["share"] < 0.45,
    "fast (above 70 %)": lambda rows: rows["share"] > 0.7,
    "the speed falls with age": lambda rows: rows["shape"] < 1,
    "the speed is about constant": lambda rows: rows["shape"].between(1, 1.6),
    "the speed rises with age": lambda rows: rows["shape"] > 1.6,
    "little silence (below 15 %)": lambda rows: rows["silence"] < 0.15,
    "much silence (above 45 %)": lambda rows: rows["silence"] > 0.45,
    "one wave": lambda rows: rows["waves"] == 1,
    "four waves and more": lambda rows: rows["waves"] >= 4,
    "also reported when completed": lambda rows: rows["own"] > 0.2,
    "reported in waves alone": lambda rows: rows["own"] == 0,
    "no late rush": lambda rows: rows["rush"] == 1,
    "a rush of up to 2.5 times": lambda rows: rows["rush"].between(1.01, 2.5),
    "a rush of more than 2.5 times": lambda rows: rows["rush"] > 2.5,
    "before day 200": lambda rows: rows["day"] < 200 / DEADLINE,
    "after day 280": lambda rows: rows["day"] > 280 / DEADLINE,
}
"""Kinds of campaigns by which the band is judged."""


def tell_by_kind(rows: pd.DataFrame) -> pd.DataFrame:
    """Tell how often the band covers what comes, by kind of campaign, and how wide it is."""
    columns = [name for name in rows if str(name).startswith("is_") and name != "is_none"] + ["width"]
    table = pd.DataFrame({kind: rows.loc[choose(rows), columns].mean() for kind, choose in KINDS.items()}).T
    table.insert(0, "campaigns", [int(choose(rows).sum()) for choose in KINDS.values()])
    return table


if __name__ == "__main__":
    for one in (CALIBRATED, HELD_OUT):
        print(tell_by_kind(judge(draw_campaigns(one, 500))).round(2).to_string())

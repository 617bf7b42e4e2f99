"""The numbers that some sixty actions promise, and what they tell of them: a framework of results as offices keep it.

A line promises a number, a later one tells what was reached, where somebody answered the survey. Drawn by numbers of
its own, so that nothing else of the sample changes with it.
"""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from sample_campaign import FINAL, MID_YEAR, WAVES
from sample_submissions import Submission

Row = list[object]

HEADERS = [
    "Action ID", "Organisation", "Title of the action", "Indicator", "Unit", "Baseline", "Target", "Target date",
    "Reached", "Date reached", "Reported on", "Means of verification",
]  # fmt: skip
PER_CATEGORY = 7


class Indicator(NamedTuple):
    """One that actions of a category promise: its name and unit as written, and the numbers to draw from."""

    name: str
    unit: str
    targets: tuple[int, ...]


_CHILDREN = Indicator("Children withdrawn from work", "Children", (40, 60, 80, 120, 200, 400))
_SCHOOL = Indicator("Children enrolled in school", "", (50, 100, 150, 300, 500))
_MONEY = Indicator("Money spent", "US$", (5000, 12000, 25000, 60000))
INDICATORS = {
    "area_based_programme": (_CHILDREN, _SCHOOL, Indicator("Communities with child labour monitoring", "", (3, 5, 8))),
    "training_or_capacity": (Indicator("Inspectors trained", "People", (20, 30, 45, 60, 90)), _MONEY),
    "monitoring_system": (Indicator("Labour inspections", "Inspections", (50, 80, 120, 200)),),
    "supply_chain_due_diligence": (Indicator("Suppliers monitored", "Suppliers", (4, 8, 12, 20)), _CHILDREN),
    "course_or_education": (Indicator("Jeunes formés", "Personnes", (25, 40, 60, 100)), _SCHOOL),
    "social_protection": (Indicator("Hogares con transferencias monetarias", "Hogares", (100, 200, 350, 600)), _MONEY),
    "awareness_advocacy": (Indicator("People reached by awareness raising", "People", (500, 1000, 5000, 20000)),),
    "roadmap_or_policy": (Indicator("Laws and policies adopted", "Laws", (1, 1, 2)),),
    "survey_or_statistics": (Indicator("Child labour rate", "Per cent", (4, 6, 8, 9)),),
}
SOURCES = ("Attendance lists", "Register of the schools", "Records of the inspectorate", "Visits to a sample of places")


def list_result_rows(submissions: list[Submission], rng: Random) -> list[Row]:
    """The rows of the framework: promises in order of submission, then what each wave of the survey told."""
    chosen = [
        submission
        for category in INDICATORS
        for submission in [s for s in submissions if s.is_last and s.action.category == category][:PER_CATEGORY]
    ]
    promises: list[Row] = []
    told: list[Row] = []
    for number, submission in enumerate(sorted(chosen, key=lambda one: one.at)):
        indicators = INDICATORS[submission.action.category]
        for indicator in indicators[: rng.choice((1, 1, 2, 3))]:
            is_rate = indicator.unit == "Per cent"
            unit = "EUR" if indicator is _MONEY and number % 2 else indicator.unit
            target = rng.choice(indicator.targets)
            baseline = target + rng.choice((3, 5)) if is_rate else rng.choice(("", "", "", 10 * (target // 50)))
            names: Row = [submission.reference, submission.stakeholder, submission.title, indicator.name, unit]
            promises.append([*names, baseline, target, submission.action.due_on, "", "", submission.at.date(), ""])
            told += _tell(names, baseline, target, submission, rng)
        if number == 20:  # reached, and never promised
            names = [submission.reference, submission.stakeholder, submission.title, "Teachers trained", ""]
            told.append([*names, "", "", "", 35, date(2021, 11, 20), date(2021, 12, 1), SOURCES[0]])
    told.sort(key=lambda row: str(row[10]))
    again = [*promises[4][:6], int(str(promises[4][6])) + 20, *promises[4][7:10], date(2021, 5, 20), ""]
    return [*promises, again, *told]


def _tell(names: Row, baseline: object, target: int, submission: Submission, rng: Random) -> list[Row]:
    """What the waves tell of one number: nothing of every sixth, more than was promised of every tenth."""
    rows: list[Row] = []
    share = rng.choice((0.3, 0.5, 0.7, 0.9, 1.0, 1.0, 1.3)) if rng.random() > 0.15 else None
    for wave, part in ((MID_YEAR, 0.4), (FINAL, 1.0)):
        if share is None or wave not in submission.action.answers:
            continue
        opens, closes = WAVES[wave]
        day = opens + timedelta(days=rng.randrange((closes - opens).days))
        start = int(str(baseline or 0))
        reached = round(start + (target - start) * share * part)
        rows.append([*names, "", "", "", reached, day - timedelta(days=10), day, rng.choice(SOURCES)])
    return rows

"""The finding of a chart: only claims that the bounds support, reckoned again with pandas."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.finding import compose_finding, say_extremes
from dashboard.charts.marks import Marks
from dashboard.charts.options import Options
from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.measures.standing import RateBounds, know_members, stand
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import of_which

DAYS = (date(2021, 6, 25), date(2021, 7, 10), date(2021, 11, 28), date(2021, 12, 31))
CRITERIA_CHARTS = ("criteria-by-group", "criteria-by-theme")
BY_MEMBERS = [
    name
    for name, spec in CATALOGUE.items()
    if spec.kind in ("rates", "grid", "tiles", "map", "multiples") and name not in CRITERIA_CHARTS
]
_BOUND = r"(Member \w+|.+?), (?:at (?:least|most) )?(\d+) of (\d+)[^;]*?"
_COMPARED = re.compile(
    rf"^(?:(Highest for certain|Highest|Higher): {_BOUND})?(?:; )?"
    rf"(?:(Lowest for certain|lowest|lower): {_BOUND})?\.$"
)


def find_claims(sentence: str) -> dict[str, tuple[str, int, int]]:
    """Find a sentence's word for each member, with the counts of its bound; empty where it compares none."""
    match = _COMPARED.match(sentence)
    if match is None:
        return {}
    high, one, part, whole, low, other, most, of = match.groups()
    claims = ((high, one, part, whole), (low, other, most, of))
    return {claim: (name, int(n), int(all_of)) for claim, name, n, all_of in claims if claim}


def state(snapshot: Snapshot, chart_id: str, **filters: Any) -> str:
    return build_chart(snapshot, chart_id, Selection(**filters)).caption.finding


def reckon(chart: Chart) -> pd.DataFrame:
    """Return the members that may be compared, with the bounds of the chart's rate as fractions."""
    frame = chart.frame.drop_duplicates("code", keep="last") if chart.spec.kind == "multiples" else chart.frame
    if chart.spec.kind == "grid":
        frame = frame.assign(label=frame["label"] + " · " + frame["column_label"])
        frame = frame[frame["column_code"] != "unclassified"]
    frame = frame[(frame["actions"] >= 5) & (frame["code"] != "unclassified")]
    is_counted = chart.spec.measures[0] == "reporting_rate"
    part = frame["reported"] if is_counted else frame["completed"]
    most = part if is_counted else part + frame["unknown"]
    bounds: dict[str, Any] = {"part": part, "most": most, "whole": frame["actions"]}
    for name, counts in (("lower", part), ("upper", most)):
        bounds[name] = [Fraction(n, of) for n, of in zip(counts, frame["actions"], strict=True)]
    return pd.DataFrame(bounds).set_index(frame["label"])


@pytest.mark.parametrize("day", of_which(DAYS, lambda place, _: place == 1), ids=str)
@pytest.mark.parametrize("chart_id", BY_MEMBERS)
def test_a_comparison_is_what_the_bounds_carry(chart_id: str, day: date, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, chart_id, Selection(as_of=day))
    ranked = reckon(chart)
    claims = next(filter(None, map(find_claims, chart.caption.findings)), {})
    if len(ranked) < 2 or (chart.spec.kind == "multiples" and not claims):
        assert not claims
        return
    for claim, (name, n, of) in claims.items():
        row, others = ranked.loc[name], ranked.drop(name)
        is_high = claim.startswith("High")
        assert (n, of) == (row["part" if is_high else "most"], row["whole"])
        if claim not in ("Higher", "lower"):
            assert (row["lower"] > others["upper"]).all() if is_high else (row["upper"] < others["lower"]).all()
    if {"Higher", "lower"} <= claims.keys():
        assert ranked["lower"][claims["Higher"][0]] > ranked["upper"][claims["lower"][0]]
    assert bool(claims) == bool(ranked["lower"].max() > ranked["upper"].min())


MEMBERS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)).filter(sum), min_size=2, max_size=7
)


@given(MEMBERS, st.booleans())
def test_no_claim_goes_beyond_the_bounds(snapshot, members: list[tuple[int, int, int]], has_unclassified: bool) -> None:
    """The first is unclassified where there is one; it and those of few actions are never named."""
    frame = pd.DataFrame(members, columns=["completed", "unknown", "known"])
    frame["actions"] = frame.sum(axis=1)
    frame["code"] = [f"m{number}" for number in range(len(frame))]
    if has_unclassified:
        frame.loc[0, "code"] = "unclassified"
    frame["label"] = "Member " + frame["code"]
    total = replace(headline(snapshot, Selection()), actions=int(frame["actions"].sum()), reported=1)
    spoken = compose_finding(CATALOGUE["completion-by-theme"], Marks(frame), total)
    sentence = " ".join(map(translator("en").say, spoken))
    ranked = frame[(frame["actions"] >= 5) & (frame["code"] != "unclassified")].set_index("label")
    named = set(re.findall(r"Member \w+", sentence))
    if len(frame) > 1:
        assert named <= set(ranked.index)
    claims = find_claims(sentence)
    if len(ranked) < 2:
        assert not claims
        return
    lower = ranked["completed"] / ranked["actions"]
    upper = (ranked["completed"] + ranked["unknown"]) / ranked["actions"]
    assert bool(claims) == bool(lower.max() > upper.min() + 1e-9), sentence
    for claim, (name, _, _) in claims.items():
        if claim.endswith("certain") or claim in ("Highest", "lowest"):
            assert (
                lower[name] > upper.drop(name).max()
                if claim.startswith("High")
                else upper[name] < lower.drop(name).min()
            )
    if "Higher" in claims:
        assert lower[claims["Higher"][0]] > upper[claims["lower"][0]]
    short = say_extremes(know_members(frame))  # names the same, without the counts
    names = re.findall(r"Member \w+", translator("en").say(short)) if short else []
    assert names == [name for name, _, _ in claims.values()]


@pytest.mark.nightly
def test_members_that_cannot_be_compared_are_not_and_every_status_is_counted(snapshot: Snapshot) -> None:
    region = state(snapshot, "completion-by-region", regions=("africa",))
    assert region == "Africa: 6 of 12 completed, could be up to 9."
    assert state(snapshot, "completion-by-category", regions=("africa",)) == (
        "Too few actions to compare. In total: 6 of 12 completed, could be up to 9."
    )
    for chart_id in CATALOGUE:
        assert "Not yet classified:" not in state(snapshot, chart_id)
    sentence = state(snapshot, "status-overview")
    total = headline(snapshot, Selection())
    begin = f"Of {total.actions} actions: {total.completed} completed, {total.in_progress} in progress"
    assert sentence.startswith(begin)
    assert sum(map(int, re.findall(r"(\d+) [a-z]", sentence.split(": ", 1)[1].split(".")[0]))) == total.actions


@pytest.mark.nightly
def test_an_empty_a_silent_and_a_selection_by_status_are_only_said_to_be_so(snapshot: Snapshot) -> None:
    silence = {
        "outcomes": "None is due yet.",
        "evidence": "No action of this selection is completed by the day.",
        "scatter": "No country of this selection has both figures.",
        "": "None of the 40 actions has a report by 1 March 2021: it is not known how far they are.",
    }
    for chart_id, spec in CATALOGUE.items():
        assert state(snapshot, chart_id, q="no action has these words") == "No action is in this selection."
        if chart_id in CRITERIA_CHARTS:
            continue
        silent = state(snapshot, chart_id, as_of=date(2021, 3, 1))
        assert silent.startswith(silence.get(spec.kind, silence[""]))
    for statuses, words in ((("completed",), "Completed"), (("completed", "in_progress"), "Completed, In progress")):
        n = headline(snapshot, Selection(statuses=statuses)).actions
        for chart_id in ("completion-by-region", "completion-over-time", "region-by-theme", "completion-map"):
            assert state(snapshot, chart_id, statuses=statuses) == f"{n} actions chosen – Status: {words}."
    assert "with evidence" in state(snapshot, "evidence-by-region", statuses=("completed",))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_curve_stands_against_the_clock_and_since_the_wave(day: date, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-over-time", Selection(as_of=day))
    days = chart.frame.set_index("on_date")
    now = days.loc[str(day)]
    completed, unknown = int(now["completed"]), int(now["unknown"])
    lower, upper = Fraction(completed, 40), Fraction(completed + unknown, 40)
    elapsed = Fraction((day - date(2021, 1, 1)).days + 1, 365)
    verdict = "Ahead of" if lower > elapsed else "Behind the" if upper < elapsed else "Ahead or behind cannot"
    standing, since = chart.caption.findings
    assert standing.startswith(verdict)
    name, begun = ("Mid year", date(2021, 6, 15)) if day < date(2021, 11, 20) else ("Final", date(2021, 11, 20))
    before = days.loc[str(begun - pd.Timedelta(days=1))]
    assert f"“{name}” began on {begun.day} {begun:%B %Y}" in since
    assert f"completed {before['completed']:.0f} → {completed}" in since
    assert f"unknown {before['unknown']:.0f} → {unknown}" in since


def test_panels_and_pace_are_told_ahead_behind_or_neither(snapshot: Snapshot) -> None:
    selection = Selection(as_of=date(2021, 7, 10))
    panels = build_chart(snapshot, "over-time-by-region", selection)
    pace = build_chart(snapshot, "completion-by-category", selection, Options(measure="pace"))
    for chart in (panels, pace):
        elapsed = Fraction(chart.total.day_number, chart.total.days_total)
        ranked = reckon(chart)
        ahead, behind = ranked.index[ranked["lower"] > elapsed], ranked.index[ranked["upper"] < elapsed]
        assert chart is panels or list(ahead) + list(behind)
        for word, names in (("ahead", ahead), ("behind", behind)):
            assert (f"{word}: " in chart.caption.finding) == (len(names) > 0)
            assert chart is panels or all(name in chart.caption.finding for name in names[:3])


def test_where_a_rate_stands_against_the_time_elapsed() -> None:
    half = Fraction(1, 2)
    cases = {(6, 6): "ahead", (5, 6): "untold", (5, 5): "level", (4, 5): "untold", (4, 4): "behind", (0, 10): "untold"}
    assert {bounds: stand(RateBounds("", "", *bounds, 10), half) for bounds in cases} == cases


def test_another_measure_is_spoken_of_in_its_own_words(snapshot: Snapshot) -> None:
    selection = Selection()
    chart = build_chart(snapshot, "completion-by-region", selection)
    frame = chart.frame.assign(on_time_unknown=chart.frame["unknown"])
    for rate, words in (("on_time_rate", "completed on time"), ("reporting_rate", "with a report")):
        spec = replace(chart.spec, measures=(rate,))
        said = " ".join(map(translator("en").say, compose_finding(spec, Marks(frame), chart.total)))
        assert words in said
        assert ("at least" in said) == (rate == "on_time_rate")

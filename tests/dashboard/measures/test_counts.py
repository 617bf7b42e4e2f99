"""Measures against an independent computation from the published tables of actions and reports."""

import inspect
import re
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.measures import counts as measures
from dashboard.measures.counts import BREAKDOWN_RATES, COUNTS, Headline, by_dimension, cross, headline
from dashboard.measures.definitions import DEFINITIONS, RATES
from dashboard.measures.over_time import CURVE_RATES, over_time, over_time_by
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import of_which, some
from tests.tables import Tables, on

DAYS = (
    date(2020, 12, 31),  # before the campaign
    date(2021, 6, 16),
    date(2021, 6, 17),  # two reports on one day
    date(2021, 9, 15),
    date(2021, 11, 25),  # a completion is taken back
    date(2021, 12, 30),  # the deadline itself
    date(2021, 12, 31),
    date(2022, 2, 1),  # after the campaign
)
SELECTIONS = (
    Selection(),
    Selection(regions=("africa",)),
    Selection(regions=("africa", "global")),
    Selection(regions=("africa",), themes=("education",)),
    Selection(regions=("americas", "europe_and_central_asia"), themes=("supply_chains", "agriculture")),
    Selection(themes=("unclassified",)),
    Selection(regions=("unclassified",)),
    Selection(subregions=("western_africa",)),
    Selection(countries=("GHA", "PER")),
    Selection(categories=("research", "unclassified"), groups=("civil_society", "unclassified")),
    Selection(groups=("government",), q="ministère"),
    Selection(q="Côte d'Ivoire"),
    Selection(q="schools ALL fix-003"),
    Selection(groupings=("cocoa_coast", "river_league"), themes=("education",)),
    Selection(stakeholders=("stakeholder_3", "stakeholder_14")),
    Selection(regions=("global",), countries=("GHA",)),  # nothing
)


# A curve follows the actions of the last day; these are other ones on each day.
BY_EVIDENCE = (
    Selection(groupings=("unclassified",), evidence=("claimed",)),
    Selection(evidence=("reviewed", "verified")),
    Selection(evidence=("claimed_only",)),
)
CASES = of_which(list(product((*SELECTIONS, *BY_EVIDENCE), DAYS)), lambda place, _: place % 9 == 0)
"""Every run tries nearly all selections, each on another day."""
FEWER_CASES = list(product((*SELECTIONS, *BY_EVIDENCE), DAYS[2::2]))


@pytest.mark.parametrize(("selection", "day"), CASES)
def test_headline_counts_what_the_tables_say(selection: Selection, day: date, snapshot, tables: Tables) -> None:
    chosen = tables.select(selection, day)
    found = headline(snapshot, on(selection, day))
    expected = {name: int(chosen[name].sum()) for name in COUNTS if name != "actions"} | {"actions": len(chosen)}
    assert {name: getattr(found, name) for name in COUNTS} == expected
    if len(chosen):
        assert found.upper_bound == (chosen["completed"] | chosen["unknown"]).sum() / len(chosen)
    steps = tables.milestones[tables.milestones["action_id"].isin(chosen["action_id"])]
    due = steps[steps["due_on"] <= pd.Timestamp(day)]
    assert found.milestones_due == len(due)
    assert found.milestones_reached == int((due["reached_on"] <= pd.Timestamp(day)).sum())
    files = pd.concat([chosen["source_file"], chosen["classification_file"], chosen["report_file"]]).value_counts()
    assert found.source_files == tuple(sorted(files.index, key=lambda file: (-files[file], file)))


@pytest.mark.parametrize(("selection", "day"), some(FEWER_CASES, 6))
def test_breakdowns_and_pairs_count_what_the_tables_say(selection: Selection, day: date, snapshot, tables) -> None:
    chosen = tables.select(selection, day).assign(actions=True)
    listed_of = {name: measures.listed_members(snapshot, selection, name) for name in tables.members}
    for dimension, members in tables.members.items():
        listed = listed_of[dimension]
        members = members[members["member"].isin(listed)]
        expected = chosen.merge(members, on="action_id").groupby("member")[list(COUNTS)].sum().astype(int)
        found = by_dimension(snapshot, on(selection, day), dimension).set_index("code")
        told = found[found["actions"] > 0]
        assert told[list(COUNTS)].to_dict("index") == expected.to_dict("index"), dimension
        assert [code for code in listed if code in found.index] == found.index.tolist()
        assert str(found.index.dtype) == "str"
        assert {*found.dtypes[list(COUNTS)]} == {np.dtype("int64")}
        for rate, (parts, whole) in RATES.items():
            if rate in BREAKDOWN_RATES:
                part = expected[list(parts)].sum(axis=1)[told.index]
                assert told[rate].equals((part / expected[whole][told.index]).rename(rate))
        assert found.loc[found["actions"] == 0, list(BREAKDOWN_RATES)].isna().all(axis=None)
    joined = chosen
    for dimension in ("region", "theme"):
        joined = joined.merge(tables.members[dimension].rename(columns={"member": dimension}), on="action_id")
        joined = joined[joined[dimension].isin(listed_of[dimension])]
    counts = ["actions", "reported", "completed", "on_time", "on_time_unknown", "not_reported", "unknown"]
    expected = joined.groupby(["region", "theme"])[counts].sum().astype(int)
    found = cross(snapshot, on(selection, day), "region", "theme").set_index(["row_code", "column_code"])
    pairs = product(listed_of["region"], listed_of["theme"])
    assert found.index.tolist() == [pair for pair in pairs if pair in expected.index]
    assert found.columns.tolist() == [*counts, *BREAKDOWN_RATES]
    assert found[counts].astype(int).to_dict("index") == expected.to_dict("index")
    assert (found["completion_rate"] == found["completed"] / found["actions"]).all()
    assert (found["upper_bound"] == (found["completed"] + found["unknown"]) / found["actions"]).all()


LAST = date(2021, 12, 31)
CURVES = [
    *product(SELECTIONS[:1], (LAST,), ("region", "theme", "country")),
    (SELECTIONS[3], date(2022, 1, 15), "country"), (SELECTIONS[8], date(2021, 7, 1), "theme"),
    (SELECTIONS[11], LAST, "group"), (SELECTIONS[-1], LAST, "region"),
]  # fmt: skip


@pytest.mark.parametrize(("selection", "last", "dimension"), CURVES)
def test_curves_of_all_and_of_each_member_are_what_the_tables_say_on_every_day(
    selection: Selection, last: date, dimension: str, snapshot: Snapshot, tables: Tables
) -> None:
    asked, first = on(selection, last), date(2021, 1, 1)
    whole, curves = over_time(snapshot, asked), over_time_by(snapshot, asked, dimension)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert whole["on_date"].dt.date.tolist() == days
    assert curves.empty or set(curves["on_date"].dt.date) == set(days)
    chosen = tables.select(selection, last)["action_id"]
    listed = measures.listed_members(snapshot, selection, dimension)
    members = tables.members[dimension]
    members = members[members["action_id"].isin(chosen) & members["member"].isin(listed)]
    counts = ["actions", "reported", "completed", "not_reported", "unknown"]
    for day in (day for day in (first, *DAYS[1:7], date(2021, 6, 25), last) if day <= last):
        state = tables.on_day(day).assign(actions=True)
        point = whole.iloc[days.index(day)]
        assert point[counts].to_dict() == state[state["action_id"].isin(chosen)][counts].sum().to_dict()
        assert point["elapsed"] == headline(snapshot, on(selection, day)).elapsed
        expected = state.merge(members, on="action_id").groupby("member")[counts].sum().astype(int)
        found = curves[curves["on_date"].dt.date == day].set_index("code")
        told = found[found["actions"] > 0]
        assert told[counts].to_dict("index") == expected.to_dict("index")
        assert set(found["elapsed"]) <= {point["elapsed"]}
        for frame in (told, point.to_frame().T if point["actions"] else told):
            assert (frame["completion_rate"] == frame["completed"] / frame["actions"]).all()
            assert (frame["reporting_rate"] == frame["reported"] / frame["actions"]).all()
            assert (frame["upper_bound"] == (frame["completed"] + frame["unknown"]) / frame["actions"]).all()
        assert found.loc[found["actions"] == 0, list(CURVE_RATES)].isna().all(axis=None)


def test_a_curve_follows_completions_that_are_taken_back_and_reports_without_a_status(snapshot: Snapshot) -> None:
    curve = over_time(snapshot, Selection(q="FIX-009")).set_index("on_date")["completed"]
    taken_back = {"2021-06-19": 0, "2021-06-20": 1, "2021-11-24": 1, "2021-11-25": 0}
    assert {day: curve[day] for day in taken_back} == taken_back
    three = over_time(snapshot, Selection(q="FIX-018")).set_index("on_date")[["reported", "unknown", "upper_bound"]]
    told = {"2021-06-21": (0, 1, 1), "2021-06-22": (1, 0, 0), "2021-07-20": (1, 1, 1), "2021-11-29": (1, 0, 0)}
    assert {day: tuple(three.loc[day]) for day in told} == told
    days = ["2021-11-24", "2021-11-25"]  # two of one region on one day
    whole = over_time(snapshot, Selection(countries=("PER",), themes=("education",)))
    assert whole.set_index("on_date")["completed"][days].tolist() == [2, 0]
    curves = over_time_by(snapshot, Selection(themes=("education",)), "country")
    assert curves[curves["code"] == "PER"].set_index("on_date")["completed"][days].tolist() == [2, 0]


def test_a_status_filter_looks_back_and_before_the_campaign_the_curve_is_one_day(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed = Selection(statuses=("completed",))
    curve = over_time(snapshot, completed)
    assert set(curve["actions"]) == {headline(snapshot, completed).actions} == {20}
    assert curve["completed"].iloc[[0, -1]].tolist() == [0, 20]
    curve = over_time(snapshot, Selection(as_of=date(2020, 12, 30)))
    assert curve["on_date"].dt.date.tolist() == [date(2020, 12, 30)]
    assert curve["elapsed"].tolist() == [0]
    assert curve["completion_rate"].tolist() == [0]
    counts, begins_on = ["on_date", "actions", "reported", "completed", "unknown"], date(2021, 7, 1)
    whole = over_time(snapshot, Selection())[counts]
    monkeypatch.setitem(snapshot.campaign, "starts_on", begins_on)  # reports from before it count from its first day
    from_july = whole[whole["on_date"].dt.date >= begins_on].reset_index(drop=True)
    pd.testing.assert_frame_equal(over_time(snapshot, Selection())[counts], from_july)


FACTS: list[tuple[dict[str, Any], dict[str, object]]] = [
    # Statuses are chosen by base, by the campaign's code, and by derived state.
    ({"statuses": ("completed",)}, {"actions": 20}),
    ({"statuses": ("adapted",)}, {"actions": 1}),
    ({"statuses": ("not_reported",)}, {"actions": 10}),
    ({"statuses": ("unclassified",)}, {"actions": 1}),
    ({"statuses": ("discontinued", "not_started")}, {"actions": 4}),
    ({"statuses": ("overdue",)}, {"actions": 18}),
    ({"statuses": ("overdue", "completed")}, {"actions": 38}),
    # The last report of a day decides.
    ({"q": "FIX-004", "as_of": date(2021, 6, 17)}, {"actions": 1, "completed": 1, "in_progress": 0}),
    # Completed after its own deadline is completed, but not on time; on the deadline nothing is overdue yet.
    ({"q": "FIX-005"}, {"completed": 1, "on_time": 0, "overdue": 0}),
    ({"q": "FIX-005", "as_of": date(2021, 10, 1)}, {"overdue": 1}),
    ({"q": "FIX-023", "as_of": date(2021, 6, 1)}, {"overdue": 0}),
    ({"q": "FIX-039", "as_of": date(2021, 5, 31)}, {"overdue": 0}),
    ({"q": "FIX-039", "as_of": date(2021, 6, 1)}, {"overdue": 1}),
    # A milestone counts from the day it is due, and from the day it is reached.
    ({"q": "FIX-001", "as_of": date(2021, 11, 29)}, {"milestones_due": 2, "milestones_reached": 2}),
    ({"q": "FIX-001", "as_of": date(2021, 11, 30)}, {"milestones_due": 3, "milestones_reached": 3}),
    # The clock counts from one to the length of the campaign.
    ({"as_of": date(2020, 12, 31)}, {"day_number": 0, "days_total": 365}),
    ({"as_of": date(2021, 1, 1)}, {"day_number": 1, "days_total": 365}),
    ({"as_of": date(2022, 3, 1)}, {"day_number": 365, "days_total": 365}),
    ({"as_of": date(2021, 12, 20)}, {"days_to_deadline": 10}),
    ({"as_of": date(2021, 12, 31)}, {"days_to_deadline": -1}),
    # Without a divisor there is no rate.
    (
        {"regions": ("global",), "countries": ("GHA",)},
        {"actions": 0, "source_files": (), "completion_rate": None, "upper_bound": None, "reporting_rate": None,
         "pace": None, "milestone_rate": None},
    ),
    (
        {"as_of": date(2021, 2, 1)},
        {"completion_rate_reporting": None, "completion_rate": 0, "upper_bound": 1, "reporting_rate": 0},
    ),
    # Reports without an action are counted apart.
    ({}, {"unmatched_reports": 2}),
    ({"as_of": date(2021, 6, 30)}, {"unmatched_reports": 1}),
    ({"as_of": date(2021, 6, 29)}, {"unmatched_reports": 0}),
    # Source files are those of the rows counted.
    (
        {"regions": ("africa",), "as_of": date(2021, 5, 1)},
        {"source_files": ("classification.xlsx", "forms.xlsx", "formulaire.csv")},
    ),
    ({"q": "FIX-034"}, {"source_files": ("forms.xlsx", "survey_final.xlsx")}),
    # Every word is found, in any order, and ids whole; words without a blank between them stay together.
    ({"q": "schools cocoa"}, {"actions": 1}),
    ({"q": "COCOA  schóols"}, {"actions": 1}),
    ({"q": "schools nothing"}, {"actions": 0}),
    ({"q": "fix-004"}, {"actions": 1}),
    ({"q": "FIX-004 cocoa"}, {"actions": 1}),
    ({"q": "004 fix"}, {"actions": 1}),
    ({"q": "04-fix"}, {"actions": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("chosen", "facts"), FACTS, ids=str)
def test_what_the_headline_says_where_it_is_easily_wrong(
    chosen: dict[str, Any], facts: dict[str, object], snapshot: Snapshot
) -> None:
    found = headline(snapshot, Selection(**chosen))
    assert {name: getattr(found, name) for name in facts} == facts


def test_regions_are_listed_without_actions_unless_places_are_chosen(snapshot: Snapshot) -> None:
    every = ["africa", "americas", "arab_states", "asia_and_the_pacific", "europe_and_central_asia", "global"]
    mining = by_dimension(snapshot, Selection(themes=("mining",)), "region")
    assert mining["code"].tolist() == every
    assert mining.loc[mining["code"] == "global", "actions"].tolist() == [0]
    mined = by_dimension(snapshot, Selection(countries=("JOR", "GHA"), themes=("mining",)), "country")
    assert mined[["code", "actions"]].to_numpy().tolist() == [["GHA", 2], ["JOR", 0]]
    assert "arab_states" not in set(by_dimension(snapshot, Selection(themes=("mining",)), "subregion")["code"])


@pytest.mark.parametrize(("chosen", "dimension", "listed"), [
    ({"regions": ("africa", "global"), "themes": ("mining",)}, "region", ["africa", "global"]),
    ({"countries": ("JOR",)}, "region", ["arab_states"]),
    ({"regions": ("africa",)}, "country", ["EGY", "CIV", "GHA"]),
    ({"regions": ("africa",)}, "subregion", ["northern_africa", "western_africa"]),
    ({"subregions": ("western_africa",)}, "country", ["CIV", "GHA"]),
    ({"countries": ("GHA",)}, "country", ["GHA"]),
    ({"countries": ("GHA",)}, "subregion", ["western_africa"]),
    ({"countries": ("BRA",)}, "subregion", ["south_america"]),  # one of its actions is in two others, too
    ({"regions": ("unclassified",)}, "country", ["unclassified"]),
    ({"groupings": ("cocoa_coast",)}, "country", ["CIV", "GHA"]),
    ({"groupings": ("cocoa_coast",)}, "subregion", ["western_africa"]),
], ids=str)  # fmt: skip
def test_places_are_listed_only_inside_the_chosen_places(
    chosen: dict[str, Any], dimension: str, listed: list[str], snapshot: Snapshot
) -> None:
    assert by_dimension(snapshot, Selection(**chosen), dimension)["code"].tolist() == listed


def test_every_measure_has_a_definition_and_docstrings_say_the_same() -> None:
    for rate in (*RATES, "elapsed", "pace"):
        if hasattr(Headline, rate):
            stated = inspect.getdoc(getattr(Headline, rate)) or ""
            assert re.sub(r"\s+", " ", stated) == DEFINITIONS[rate].sentence
    for count in (*COUNTS, "unmatched_reports"):
        assert count in DEFINITIONS or count == "on_time"
    assert set(RATES) <= set(DEFINITIONS)
    assert all(definition.id == key and definition.sentence.endswith(".") for key, definition in DEFINITIONS.items())


@pytest.mark.parametrize("selection", some(SELECTIONS, 2))
def test_the_curves_end_at_the_breakdown_and_have_its_members(selection: Selection, snapshot: Snapshot) -> None:
    for day in (date(2020, 12, 31), date(2021, 7, 1), date(2022, 2, 1)):
        curves = over_time_by(snapshot, on(selection, day), "region")
        ends = curves.drop_duplicates("code", keep="last").reset_index(drop=True)
        expected = by_dimension(snapshot, on(selection, day), "region")
        shared = ["code", "actions", "reported", "completed", "not_reported", "unknown", *CURVE_RATES]
        pd.testing.assert_frame_equal(ends[shared], expected[shared])


def test_kept_members_are_listed_without_an_action_inside_the_selection_and_a_grouping_counts_its_own(snapshot) -> None:
    kept = {"EGY", "GHA", "BRA", "IND"}
    listed = by_dimension(snapshot, Selection(regions=("africa",), themes=("mining",)), "country", kept)
    assert set(listed["code"]) >= {"EGY", "GHA"}
    assert not {"BRA", "IND"} & set(listed["code"])
    empty = listed[listed["actions"] == 0]
    assert empty["completion_rate"].isna().all()
    everything = by_dimension(snapshot, Selection(), "grouping").set_index("code")["actions"]
    assert everything["cocoa_coast"] == headline(snapshot, Selection(groupings=("cocoa_coast",))).actions
    assert "empty_circle" not in everything or everything["empty_circle"] > 0

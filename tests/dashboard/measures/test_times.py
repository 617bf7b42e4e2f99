"""Waves and months of actions, what moved between two days, and the groups that differ between two builds."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dashboard.lists.quality.differences import COMPARED, compare_groups
from dashboard.measures.counts import COUNTS, DIMENSIONS, PAIR_COUNTS, by_dimension, completed_by_month, cross, headline
from dashboard.measures.over_time import moved
from dashboard.measures.times import name_time
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.dashboard.measures.test_counts import DAYS, SELECTIONS
from tests.snapshots import open_fixture, open_unclassified
from tests.tables import Tables, on

ASKED = (Selection(), Selection(regions=("africa",)), Selection(themes=("education",), q="schools"))


def selected(tables: Tables, selection: Selection, day: date, snapshot: Snapshot) -> pd.DataFrame:
    """Return the selected actions on the day, with their times."""
    told = tables.reports[tables.reports["reported_on"] <= pd.Timestamp(day)]
    told = told.sort_values(["reported_on", "submitted_at"]).groupby("action_id").tail(1)
    frame = tables.select(selection, day).merge(told[["action_id", "wave"]], how="left", on="action_id")
    frame["wave"] = frame["wave"].fillna("no_wave").where(frame["reported"], "not_reported")
    frame["submitted"] = frame["submitted_on"].dt.strftime("%Y-%m").fillna("unclassified")
    done_on = frame["done_on"].where(frame["completed"])
    return frame.assign(actions=True, month=done_on.dt.strftime("%Y-%m"))


@pytest.mark.parametrize("day", some(DAYS, 3), ids=str)
def test_each_action_counts_in_its_time_alone(tables: Tables, snapshot: Snapshot, day: date) -> None:
    for selection in ASKED:
        frame, asked = selected(tables, selection, day, snapshot), on(selection, day)
        for time in ("wave", "submitted"):
            shown = by_dimension(snapshot, asked, time).set_index("code")
            expected = frame.groupby(time)[list(COUNTS)].sum()
            assert shown[list(COUNTS)].sort_index().to_dict() == expected.sort_index().to_dict()
            assert shown["actions"].sum() == headline(snapshot, asked).actions
            dated = [code for code in shown.index if code not in ("no_wave", "not_reported", "unclassified")]
            assert dated == (sorted(dated) if time == "submitted" else [w for w in ("mid_year", "final") if w in dated])
            assert shown.index[: len(dated)].tolist() == dated
        months = completed_by_month(snapshot, asked).set_index("code")["completed"]
        assert months[months > 0].to_dict() == frame["month"].value_counts().to_dict()
        assert months.sum() == headline(snapshot, asked).completed
        assert months.index.tolist() == sorted(months.index)


@pytest.mark.parametrize("time", ["wave", "submitted"])
def test_pairs_of_a_time_and_a_member_count_what_the_tables_hold(tables: Tables, snapshot: Snapshot, time: str) -> None:
    day = DAYS[4]
    frame = selected(tables, Selection(), day, snapshot).merge(tables.members["theme"], on="action_id")
    counts = list(PAIR_COUNTS)
    shown = cross(snapshot, on(Selection(), day), time, "theme").set_index(["row_code", "column_code"])
    expected = frame.groupby([time, "member"])[counts].sum()
    assert shown[counts].to_dict("index") == expected.to_dict("index")
    turned = cross(snapshot, on(Selection(), day), "theme", time).set_index(["row_code", "column_code"])
    assert turned[counts].to_dict("index") == expected.swaplevel().to_dict("index")


def test_months_between_are_shown_as_none_and_times_have_names(snapshot: Snapshot) -> None:
    months = completed_by_month(snapshot, Selection())
    first, last = months["code"].iloc[0], months["code"].iloc[-1]
    assert months["code"].tolist() == [str(month) for month in pd.period_range(first, last, freq="M")]
    assert 0 in months["completed"].tolist()
    names = [name_time(code, "fr") for code in ("2021-03", "mid_year", "not_reported", "unclassified")]
    assert names == ["mars 2021", "Mi-année", "Sans rapport", "Date non indiquée"]


PAIRS = (
    (date(2021, 6, 16), date(2021, 6, 17)),
    (date(2021, 9, 15), date(2021, 11, 25)),  # a completion is taken back
    (date(2021, 12, 31), date(2021, 6, 17)),  # backwards
)


@pytest.mark.parametrize(("since", "day"), PAIRS)
def test_what_moved_is_what_differs_between_the_days(since: date, day: date, snapshot, tables: Tables) -> None:
    fallen = 0
    for selection in SELECTIONS[::3]:
        asked = on(selection, day)
        after = tables.select(asked, day).set_index("action_id")
        before = tables.on_day(since).set_index("action_id").loc[after.index]
        found = moved(snapshot, asked, since)
        assert found.total == len(after)
        for name in ("completed", "unknown", "reported"):
            assert list(getattr(found, name)) == [before[name].sum(), after[name].sum()]
        assert found.newly_reported == (~before["reported"] & after["reported"]).sum()
        assert found.newly_completed == (~before["completed"] & after["completed"]).sum()
        assert found.fell_back == (before["completed"] & ~after["completed"]).sum()
        assert found.still_unknown == (before["unknown"] & after["unknown"]).sum()
        assert found.still_silent == (before["not_reported"] & after["not_reported"]).sum()
        fallen += found.fell_back
    assert fallen or (since, day) != PAIRS[1]


def test_a_filter_by_status_chooses_on_the_day_and_follows_back(snapshot: Snapshot) -> None:
    asked = Selection(statuses=("completed",), as_of=date(2021, 12, 31))
    found = moved(snapshot, asked, date(2021, 6, 17))
    assert found.completed[1] == found.total == headline(snapshot, asked).actions
    assert found.completed[0] + found.newly_completed == found.total


NEW = (
    "insert into codes by name select * replace (? as code, 40 as sort_order) from codes"
    " where codelist = 'groupings' and code = 'empty_circle'"
)
"""A grouping that no action is in."""
CHANGES = (
    ("update action_members set member = 'americas' where dimension = 'region' and action_no = 1",),
    (NEW, ["plain"]),
    ("delete from action_members where dimension = 'theme' and member = 'mining'",),
    ("delete from codes where codelist = 'themes' and code = 'mining'",),
)


@pytest.mark.nightly
def test_the_groups_that_differ_between_two_builds_are_told_and_no_others(tmp_path: Path) -> None:
    before = open_fixture(tmp_path / "before", (NEW, ["former"]))
    found = compare_groups(before, open_fixture(tmp_path / "after", *CHANGES))
    assert [one.dimension for one in found] == list(DIMENSIONS)
    told = {
        one.dimension: [(each.group.code, *(side and tuple(side.values()) for side in (each.before, each.after)))
                        for each in one.changed]
        for one in found
    }  # fmt: skip
    assert told == dict.fromkeys(DIMENSIONS, []) | {
        "region": [("africa", (12, 10, 6, 3), (11, 9, 5, 3)), ("americas", (7, 6, 5, 1), (8, 7, 6, 1))],
        "grouping": [("plain", None, (0, 0, 0, 0)), ("former", (0, 0, 0, 0), None)],
        "theme": [("mining", (5, 5, 4, 0), None)],
    }
    unchanged = {one.dimension: one.unchanged for one in found}
    assert [unchanged[name] for name in ("region", "grouping", "country", "theme")] == [5, 4, 10, 5]


@pytest.mark.nightly
def test_without_a_build_before_every_group_with_actions_is_new(snapshot: Snapshot, tmp_path) -> None:
    assert "theme" not in {one.dimension for one in compare_groups(None, open_unclassified(tmp_path, "theme"))}
    for one in compare_groups(None, snapshot):
        counts = by_dimension(snapshot, Selection(), one.dimension)
        assert [(each.group.code, each.after) for each in one.changed] == [
            (row["code"], {name: row[name] for name in COMPARED}) for row in counts.to_dict("records")
        ]
        assert not any(each.before for each in one.changed) and one.unchanged == 0

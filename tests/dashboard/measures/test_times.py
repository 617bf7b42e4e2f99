"""Waves and months of actions, against an independent computation from the published tables."""

from datetime import date

import pandas as pd
import pytest

from dashboard.measures.counts import COUNTS, PAIR_COUNTS, by_dimension, completed_by_month, cross, headline
from dashboard.measures.times import name_time
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.dashboard.measures.test_counts import DAYS
from tests.tables import Tables, on

SELECTIONS = (Selection(), Selection(regions=("africa",)), Selection(themes=("education",), q="schools"))


def selected(tables: Tables, selection: Selection, day: date, snapshot: Snapshot) -> pd.DataFrame:
    """Return the selected actions on the day, with their times."""
    told = tables.reports[tables.reports["reported_on"] <= pd.Timestamp(day)]
    told = told.sort_values(["reported_on", "submitted_at"]).groupby("action_id").tail(1)
    frame = tables.select(selection, day).merge(told[["action_id", "wave"]], how="left", on="action_id")
    frame["wave"] = frame["wave"].fillna("no_wave").where(frame["reported"], "not_reported")
    frame["submitted"] = frame["submitted_on"].dt.strftime("%Y-%m").fillna("unclassified")
    done_on = frame["done_on"].where(frame["completed"])
    return frame.assign(actions=True, month=done_on.dt.strftime("%Y-%m"))


@pytest.mark.parametrize("day", some(DAYS, 5), ids=str)
def test_each_action_counts_in_its_time_alone(tables: Tables, snapshot: Snapshot, day: date) -> None:
    for selection in SELECTIONS:
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

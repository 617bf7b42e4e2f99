"""Milestones and evidence against an independent computation from the published tables."""

from datetime import date
from itertools import product

import pandas as pd
import pytest

from dashboard.errors import UserError
from dashboard.measures.counts import cross, headline, listed_members
from dashboard.measures.evidence import EVIDENCE, count_evidence, cross_evidence, evidence_by, evidence_by_time
from dashboard.measures.further import add_further, count_further, find_further
from dashboard.measures.milestones import (
    MILESTONES,
    OUTCOME_PLACES,
    count_milestones,
    cross_milestones,
    list_milestones,
    milestones_by,
    milestones_by_month,
    milestones_by_time,
)
from dashboard.measures.times import by_time
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.tables import Tables, on

DAYS = (
    date(2021, 4, 30),  # one is due, reached before
    date(2021, 5, 31),  # one is due and not reached, its action without a report
    date(2021, 6, 16),  # and is told on this day
    date(2021, 10, 1),  # one of the list is due that was told before
    date(2021, 10, 20),  # due, reached later than this
    date(2021, 12, 31),
    date(2022, 2, 1),
)
SELECTIONS = (
    Selection(),
    Selection(regions=("africa",)),
    Selection(themes=("education",), groups=("government", "civil_society")),
    Selection(evidence=("reviewed",)),
    Selection(q="FIX-001"),
    Selection(q="no action has these words"),
)


def count(frame: pd.DataFrame, names: tuple[str, ...]) -> dict[str, int]:
    return {name: int(frame[name].sum()) for name in names}


@pytest.mark.parametrize(("selection", "day"), some(list(product(SELECTIONS, DAYS)), 20))
def test_totals_count_what_the_tables_say(selection: Selection, day: date, snapshot: Snapshot, tables: Tables) -> None:
    chosen = tables.select(selection, day)
    found = count_milestones(snapshot, on(selection, day))
    assert found._asdict() == count(tables.judge(chosen, day), MILESTONES)
    assert sum(getattr(found, name) for name in OUTCOME_PLACES) == found.milestones
    weighed = count_evidence(snapshot, on(selection, day))
    assert weighed._asdict() == count(tables.weigh(chosen, day), EVIDENCE)
    assert weighed.verified <= weighed.reviewed <= weighed.evidenced
    total = headline(snapshot, on(selection, day))
    assert (total.milestones_due, total.milestones_reached) == (found.milestones_due, found.milestones_reached)
    assert weighed.evidenced + weighed.claimed_only == total.completed


@pytest.mark.parametrize("day", DAYS[2::3])
def test_members_and_pairs_count_what_the_tables_say(day: date, snapshot: Snapshot, tables: Tables) -> None:
    selection = on(Selection(groups=("government", "business", "unclassified")), day)
    chosen = tables.select(selection, day)
    judged, weighed = tables.judge(chosen, day), tables.weigh(chosen, day)
    for dimension, members in tables.members.items():
        codes = listed_members(snapshot, selection, dimension)
        for found, frame, names in (
            (milestones_by(snapshot, selection, dimension, codes), judged, MILESTONES),
            (evidence_by(snapshot, selection, dimension, codes), weighed, EVIDENCE),
        ):
            joined = frame.merge(members, on="action_id").groupby("member")[list(names)].sum().astype(int)
            expected = joined.reindex(codes, fill_value=0)
            assert found[list(names)].to_dict("list") == expected.to_dict("list"), dimension
    themes = tables.members["theme"].rename(columns={"member": "row_code"})
    regions = tables.members["region"].rename(columns={"member": "column_code"})
    for cross_one, frame, names in ((cross_milestones, judged, MILESTONES), (cross_evidence, weighed, EVIDENCE)):
        found = cross_one(snapshot, selection, "theme", "region").set_index(["row_code", "column_code"])
        pairs = frame.merge(themes, on="action_id").merge(regions, on="action_id")
        expected = pairs.groupby(["row_code", "column_code"])[list(names)].sum().astype(int)
        assert found[list(names)].to_dict("index") == expected.to_dict("index")
    assert set(cross(snapshot, selection, "theme", "region")["row_code"]) >= set(expected.reset_index()["row_code"])


def test_times_and_months_add_up_to_the_totals(snapshot: Snapshot) -> None:
    selection = Selection(as_of=date(2021, 10, 20))
    total, weighed = count_milestones(snapshot, selection), count_evidence(snapshot, selection)
    for time in ("wave", "submitted"):
        codes = by_time(snapshot, selection, time)["code"]
        assert count(milestones_by_time(snapshot, selection, time, codes), MILESTONES) == total._asdict()
        assert count(evidence_by_time(snapshot, selection, time, codes), EVIDENCE) == weighed._asdict()
    months = milestones_by_month(snapshot, selection).set_index("code")
    assert count(months, MILESTONES) == total._asdict()
    assert months.index.tolist() == [f"2021-{month:02}" for month in range(4, 13)] + ["2022-01", "unclassified"]
    rows = months.to_dict("index")
    assert [rows["2021-10"][name] for name in ("actions", "milestones", "milestones_unknown")] == [2, 2, 2]
    assert rows["2021-08"]["milestones"] == rows["2021-08"]["actions"] == 0
    assert (rows["unclassified"]["milestones_ahead"], rows["unclassified"]["milestones_undated"]) == (1, 1)
    assert months["milestone_upper_bound"].isna().tolist() == months["milestones_due"].eq(0).tolist()


def test_what_was_told_before_a_milestone_was_due_does_not_tell_that_it_was_missed(snapshot: Snapshot) -> None:
    """Its action reported in November, about its status alone."""
    listed = list_milestones(snapshot, Selection(q="FIX-006"), "unknown")
    assert listed[["label", "status"]].to_numpy().tolist() == [["Course in Kumasi", listed["status"].iloc[0]]]
    assert listed["reported_on"].iloc[0] > listed["due_on"].iloc[0]
    assert list_milestones(snapshot, Selection(q="FIX-006"), "missed").empty


def test_each_list_is_as_long_as_its_count_and_can_be_cut(snapshot: Snapshot) -> None:
    for day in DAYS[1::2]:
        selection = Selection(as_of=day)
        counts = count_milestones(snapshot, selection)
        for state in ("soon", "missed", "unknown", "ahead", "undated", "reached", "coming"):
            listed = list_milestones(snapshot, selection, state)
            assert len(listed) == getattr(counts, f"milestones_{state}"), (day, state)
            assert listed["due_on"].dropna().is_monotonic_increasing
    whole = list_milestones(snapshot, Selection(), "reached")
    cut = list_milestones(snapshot, Selection(), "reached", limit=2, offset=1)
    pd.testing.assert_frame_equal(cut, whole.iloc[1:3].reset_index(drop=True))
    with pytest.raises(UserError, match="fewer than no rows"):
        list_milestones(snapshot, Selection(), "reached", limit=-1)


def test_only_what_needs_them_is_counted_further(snapshot: Snapshot) -> None:
    total = headline(snapshot, Selection())
    assert find_further("completion_rate") is None
    assert count_further(snapshot, Selection(), total, "pace") is total
    with pytest.raises(KeyError):
        total.fraction("evidenced_rate")
    counted = count_further(snapshot, Selection(), total, "milestone_upper_bound")
    assert counted.fraction("milestone_rate") == total.fraction("milestone_rate")
    assert counted.count("milestones_unknown") == count_milestones(snapshot, Selection()).milestones_unknown
    frame = pd.DataFrame({"code": ["global", "africa"]}, index=[7, 3])
    added = add_further(snapshot, Selection(), frame, "milestone_rate", "region")
    own = milestones_by(snapshot, Selection(), "region", ["global", "africa"])
    assert added["milestones_due"].tolist() == own["milestones_due"].tolist()

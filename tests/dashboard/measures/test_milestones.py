"""Milestones and evidence against an independent computation from the published tables."""

from collections.abc import Iterable
from datetime import date
from itertools import product

import pandas as pd
import pytest

from dashboard.errors import UserError
from dashboard.measures.counts import by_dimension, count_further, cross, headline, listed_members
from dashboard.measures.facts import EVIDENCE, MILESTONES, OUTCOME_PLACES, add_counts, count_in_all, find_fact
from dashboard.measures.register import list_milestones
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.tables import Tables, on

DAYS = (
    date(2021, 4, 30),  # one is due, reached before
    date(2021, 5, 31),  # one is due and not reached, its action without a report
    date(2021, 6, 16),  # and is reported on this day
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


def count(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, int]:
    return {name: int(frame[name].sum()) for name in names}


@pytest.mark.parametrize(("selection", "day"), some(list(product(SELECTIONS, DAYS)), 6))
def test_totals_count_what_the_tables_say(selection: Selection, day: date, snapshot: Snapshot, tables: Tables) -> None:
    chosen = tables.select(selection, day)
    milestones, evidence = (count_in_all(snapshot, on(selection, day), fact) for fact in (MILESTONES, EVIDENCE))
    assert milestones == count(tables.judge(chosen, day), MILESTONES.counts)
    assert sum(milestones[name] for name in OUTCOME_PLACES) == milestones["milestones"]
    assert evidence == count(tables.weigh(chosen, day), EVIDENCE.counts)
    assert evidence["verified"] <= evidence["reviewed"] <= evidence["evidenced"]
    total = headline(snapshot, on(selection, day))
    assert all(milestones[name] == getattr(total, name) for name in ("milestones_due", "milestones_reached"))
    assert evidence["evidenced"] + evidence["claimed_only"] == total.completed


@pytest.mark.parametrize("day", DAYS[2::3])
def test_members_and_pairs_count_what_the_tables_say(day: date, snapshot: Snapshot, tables: Tables) -> None:
    selection = on(Selection(groups=("government", "business", "unclassified")), day)
    chosen = tables.select(selection, day)
    facts = (
        (tables.judge(chosen, day), "milestone_rate", [*MILESTONES.counts]),
        (tables.weigh(chosen, day), "reviewed_rate", [*EVIDENCE.counts]),
    )
    for dimension, members in tables.members.items():
        codes = pd.DataFrame({"code": listed_members(snapshot, selection, dimension)})
        for frame, rate, names in facts:
            found = add_counts(snapshot, selection, codes, rate, dimension)
            joined = frame.merge(members, on="action_id").groupby("member")[names].sum().astype(int)
            expected = joined.reindex(codes["code"], fill_value=0)
            assert found[names].to_dict("list") == expected.to_dict("list"), dimension
    themes = tables.members["theme"].rename(columns={"member": "row_code"})
    regions = tables.members["region"].rename(columns={"member": "column_code"})
    for frame, rate, names in facts:
        pairs = add_counts(snapshot, selection, cross(snapshot, selection, "theme", "region"), rate, "theme", "region")
        joined = frame.merge(themes, on="action_id").merge(regions, on="action_id")
        expected = joined.groupby(["row_code", "column_code"])[names].sum().astype(int)
        found = pairs.set_index(["row_code", "column_code"])[names]
        assert found[found.any(axis=1)].to_dict("index") == expected[expected.any(axis=1)].to_dict("index")


def test_times_and_months_add_up_to_the_totals(snapshot: Snapshot) -> None:
    selection = Selection(as_of=date(2021, 10, 20))
    for fact, rate in ((MILESTONES, "milestone_rate"), (EVIDENCE, "reviewed_rate")):
        for time in ("wave", "submitted"):
            frame = add_counts(snapshot, selection, by_dimension(snapshot, selection, time), rate, time)
            assert count(frame, fact.counts) == count_in_all(snapshot, selection, fact)
    months = add_counts(snapshot, selection, by_dimension(snapshot, selection, "due"), "milestone_rate", "due")
    months = months.set_index("code")
    assert count(months, MILESTONES.counts) == count_in_all(snapshot, selection, MILESTONES)
    assert months.index.tolist() == [f"2021-{month:02}" for month in range(4, 13)] + ["2022-01", "unclassified"]
    rows = months.to_dict("index")
    assert [rows["2021-10"][name] for name in ("actions", "milestones", "milestones_unknown")] == [2, 2, 2]
    assert rows["2021-08"]["milestones"] == rows["2021-08"]["actions"] == 0
    assert (rows["unclassified"]["milestones_ahead"], rows["unclassified"]["milestones_undated"]) == (1, 1)
    assert months["milestone_upper_bound"].isna().tolist() == months["milestones_due"].eq(0).tolist()


def test_a_report_from_before_tells_of_no_missed_milestone_and_few_ask_for_more(snapshot: Snapshot) -> None:
    """Its action reported in November, about its status alone."""
    listed = list_milestones(snapshot, Selection(q="FIX-006"), "unknown")
    assert listed[["label", "status"]].to_numpy().tolist() == [["Course in Kumasi", listed["status"].iloc[0]]]
    assert listed["reported_on"].iloc[0] > listed["due_on"].iloc[0]
    assert list_milestones(snapshot, Selection(q="FIX-006"), "missed").empty
    total = headline(snapshot, Selection())
    assert find_fact("completion_rate") is None
    assert count_further(snapshot, Selection(), total, "pace") is total
    with pytest.raises(KeyError):
        total.fraction("evidenced_rate")
    counted = count_further(snapshot, Selection(), total, "milestone_upper_bound")
    assert counted.fraction("milestone_rate") == total.fraction("milestone_rate")
    assert counted.count("milestones_unknown") == count_in_all(snapshot, Selection(), MILESTONES)["milestones_unknown"]


def test_each_list_is_as_long_as_its_count_and_can_be_cut(snapshot: Snapshot) -> None:
    for day in DAYS[1::2]:
        selection = Selection(as_of=day)
        counts = count_in_all(snapshot, selection, MILESTONES)
        for state in ("soon", "missed", "unknown", "ahead", "undated", "reached", "coming"):
            listed = list_milestones(snapshot, selection, state)
            assert len(listed) == counts[f"milestones_{state}"], (day, state)
            assert listed["due_on"].dropna().is_monotonic_increasing
    whole = list_milestones(snapshot, Selection(), "reached")
    cut = list_milestones(snapshot, Selection(), "reached", limit=2, offset=1)
    pd.testing.assert_frame_equal(cut, whole.iloc[1:3].reset_index(drop=True))
    with pytest.raises(UserError, match="fewer than no rows"):
        list_milestones(snapshot, Selection(), "reached", limit=-1)

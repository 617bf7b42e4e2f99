"""The moves between two days, against an independent comparison of the two days' tables."""

from datetime import date

import pytest

from dashboard.measures.counts import headline
from dashboard.measures.over_time import moved
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.dashboard.measures.test_counts import SELECTIONS
from tests.tables import Tables, on

PAIRS = (
    (date(2021, 6, 16), date(2021, 6, 17)),
    (date(2021, 9, 15), date(2021, 11, 25)),  # a completion is taken back
    (date(2021, 12, 31), date(2021, 6, 17)),  # backwards
)


@pytest.mark.parametrize(("since", "day"), PAIRS)
def test_what_moved_is_what_differs_between_the_days(
    since: date, day: date, snapshot: Snapshot, tables: Tables
) -> None:
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

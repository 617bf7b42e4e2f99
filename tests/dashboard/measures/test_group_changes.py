"""The group changes between two builds, with their figures: moved, new and gone groups."""

from pathlib import Path

from dashboard.measures.counts import DIMENSIONS, by_dimension
from dashboard.quality.differences import COMPARED, compare_groups
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.snapshots import open_fixture, open_unclassified

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


def test_without_a_build_before_every_group_with_actions_is_new(snapshot: Snapshot, tmp_path) -> None:
    assert "theme" not in {one.dimension for one in compare_groups(None, open_unclassified(tmp_path, "theme"))}
    for one in compare_groups(None, snapshot):
        counts = by_dimension(snapshot, Selection(), one.dimension)
        assert [(each.group.code, each.after) for each in one.changed] == [
            (row["code"], {name: row[name] for name in COMPARED}) for row in counts.to_dict("records")
        ]
        assert not any(each.before for each in one.changed) and one.unchanged == 0

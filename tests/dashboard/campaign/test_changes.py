"""The changes between two snapshots, tried on copies of the fixture with planned changes."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.campaign import changes
from dashboard.errors import SnapshotError
from dashboard.lists.quality.wording import FIELD_NAMES
from dashboard.snapshot.database import Snapshot

Change = Callable[[str], Path]


@pytest.fixture
def change(snapshot: Snapshot, tmp_path: Path) -> Change:
    """Makes a copy of the fixture snapshot that some statements have changed."""

    def make(statements: str) -> Path:
        path = tmp_path / "changed.duckdb"
        shutil.copyfile(snapshot.path, path)
        with duckdb.connect(path) as connection:
            connection.execute(statements)
        return path

    return make


def counts(found: changes.Changes) -> tuple[int, ...]:
    counted = "actions_added actions_removed actions_changed statuses_changed reports_added reports_removed"
    return tuple(getattr(found, name) for name in counted.split())


def ask(snapshot: Snapshot, question: str) -> tuple[Any, ...]:
    return snapshot.cursor().execute(question).fetchall()[0]


def test_a_snapshot_differs_in_nothing_from_itself_and_without_an_earlier_one_all_is_new(snapshot: Snapshot) -> None:
    found = changes.compare(snapshot.path, snapshot.path)
    assert counts(found) == (0, 0, 0, 0, 0, 0)
    assert found.added.empty and found.removed.empty and found.changed.empty
    found = changes.compare(None, snapshot.path, most=5)
    tables = ("actions", "progress_reports", "events", "stories")
    actions, reports, events, stories = (ask(snapshot, f"select count(*) from {table}")[0] for table in tables)  # noqa: S608
    assert counts(found) == (actions, 0, 0, 0, reports, 0)
    assert (found.events_added, found.stories_added) == (events, stories)
    assert len(found.added) == 5


def test_what_was_added_removed_and_changed_is_listed_and_counted(snapshot: Snapshot, change: Change) -> None:
    action_no, action_id = ask(
        snapshot,
        """select s.action_no, a.action_id from report_spells as s inner join actions as a on s.action_no = a.action_no
        where s.status = 'completed' and s.valid_to > date '2022-06-01' order by a.action_id desc limit 1""",
    )
    later = change(f"""
        update actions set title = 'Another title', category = null where action_id = 'FIX-001';
        update actions set due_on = date '2021-06-30' where action_id = 'FIX-002';
        update actions set action_id = 'NEW-1', title = 'A new action' where action_id = 'FIX-003';
        update action_themes set action_id = 'NEW-1' where action_id = 'FIX-003';
        update report_spells set status = 'discontinued', status_code = 'discontinued' where action_no = {action_no};
        update progress_reports set percent = 99.5
        where report_no = (select min(report_no) from progress_reports);
        delete from progress_reports where report_no = (select max(report_no) from progress_reports);
        insert into stories select * replace ('new' as id) from stories limit 1;
        update stories set title = 'A corrected title' where id <> 'new';
        delete from events where id = (select min(id) from events);
        create table turned as from action_themes order by theme desc, action_id desc;
        delete from action_themes;
        insert into action_themes from turned;
        drop table turned;
    """)  # noqa: S608
    found = changes.compare(snapshot.path, later)
    assert counts(found) == (1, 1, 3, 1, 1, 2), "a corrected report counts on both sides, another order not at all"
    told = (found.events_added, found.events_removed, found.stories_added, found.stories_removed)
    assert told == (0, 1, 1, 0)
    assert found.added[["action_id", "title"]].to_numpy().tolist() == [["NEW-1", "A new action"]]
    assert found.removed["action_id"].tolist() == ["FIX-003"]
    first = found.changed.iloc[0]
    assert (first["action_id"], first["field"], first["after"]) == (action_id, "status", "discontinued"), "it is first"
    rows = {(row.action_id, row.field): row for row in found.changed.itertuples()}
    own = {("FIX-001", "title"), ("FIX-001", "category"), ("FIX-002", "due_on")}
    assert rows.keys() - {(action_id, field) for field in FIELD_NAMES} == own
    before = ask(snapshot, "select title, category from actions where action_id = 'FIX-001'")
    assert (rows["FIX-001", "title"].before, rows["FIX-001", "title"].after) == (before[0], "Another title")
    assert rows["FIX-001", "category"].before == before[1]
    assert not isinstance(rows["FIX-001", "category"].after, str)
    assert rows["FIX-002", "due_on"].after == "2021-06-30"
    assert set(found.changed["field"]) <= FIELD_NAMES.keys()


def test_long_lists_are_cut_and_counted_and_a_file_that_is_no_snapshot_is_refused(snapshot, change, tmp_path) -> None:
    found = changes.compare(snapshot.path, change("update actions set language = 'xx'"), most=3)
    assert (len(found.changed), found.actions_changed) == (3, ask(snapshot, "select count(*) from actions")[0])
    (tmp_path / "no.duckdb").write_bytes(b"nothing of the kind")
    with pytest.raises(SnapshotError, match="cannot be compared"):
        changes.compare(tmp_path / "no.duckdb", snapshot.path)

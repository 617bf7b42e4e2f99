"""A small published snapshot for tests, filled from the hand-written CSV files in `tests/fixtures`.

Forty actions in every region, global ones, some not classified in one or all dimensions, with several
themes, countries and regions; reports on several days, two on one day, completions taken back, two of one region
on one day, late, discontinued, without a status (before one with it, between two, at the end), without an action;
names that break careless code. The tables are derived here from their meaning, not by the code that builds real
snapshots.
"""

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from dashboard.campaign.snapshot_schema import schema_mark
from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN
from dashboard.snapshot.database import POINTER, Snapshot

BUILT_AT = "2022-01-10T09:00:00Z"
FIXTURES = Path(__file__).parent / "fixtures"
SCHEMA = PROJECT / "etl" / "sql" / "schema.sql"
FOLD = PROJECT / "dashboard" / "queries" / "fold.sql"

POSTS = """
delete from events;
delete from stories;
delete from post_texts;
delete from post_actions;
insert into events (id, on_date, title, language, action_id, source_file, source_row, ends_on, place)
values ('ev', date '2021-11-02', 'Forum', 'en', 'FIX-001', 'f', 1, date '2021-11-04', 'Sampletown');
insert into stories (id, on_date, title, language, action_id, source_file, source_row)
values
('st', date '2021-08-01', 'Story', 'en', 'FIX-001', 'f', 2),
('other', date '2021-08-01', 'No', 'en', 'FIX-002', 'f', 3);
insert into post_texts
values
('event', 'ev', 'en', 'A forum of growers', 'Three days.', null, 'https://example.org/forum'),
('story', 'st', 'en', 'From field to school', 'How it went.', null, 'https://example.org/en'),
('story', 'st', 'fr', 'Du champ à l''école', 'Ce qui s''est passé.', null, 'https://example.org/fr'),
('story', 'st', 'es', 'Del campo a la escuela', null, null, 'javascript:alert(1)'),
('story', 'other', 'en', 'No', null, null, null);
insert into post_actions
values ('event', 'ev', 1, 'FIX-001', 'id'), ('story', 'st', 1, 'FIX-001', 'id'), ('story', 'other', 2, 'FIX-002', 'id');
"""
"""Events and stories for the action FIX-001 of the fixture snapshot, in several languages."""


def publish_fixture(campaign_folder: Path) -> Path:
    """Publish the fixture snapshot in `campaign_folder` and return its file."""
    published = campaign_folder / "published"
    published.mkdir(parents=True, exist_ok=True)
    file = published / "snapshot-fixture.duckdb"
    file.write_bytes(_fixture())
    pointer = {
        "snapshot": file.name,
        "build_id": "fixture",
        "built_at": BUILT_AT,
        "first_date": "2021-01-12",
        "last_date": "2021-12-31",
    }
    (published / POINTER).write_text(json.dumps(pointer), encoding="utf-8")
    return file


def open_fixture(folder: Path, *changes: tuple[str, Any] | tuple[str]) -> Snapshot:
    """Publish the fixture snapshot in a folder, change it by statements with their parameters, and open it."""
    file = publish_fixture(folder)
    with duckdb.connect(file) as connection:
        for change in changes:
            connection.execute(*change)
    return Snapshot(file, "fixture", BUILT_AT, 8)


def open_running(folder: Path) -> Snapshot:
    """Publish and open the fixture snapshot with many more actions and reports, so that a campaign runs in August."""
    fixture, running = ((FIXTURES / f"{name}.sql").read_text(encoding="utf-8") for name in ("snapshot", "running"))
    spells = next(one for one in fixture.split(";\n") if "insert into report_spells" in one)
    return open_fixture(folder, (running,), (spells,))


def open_unclassified(folder: Path, *dimensions: str) -> Snapshot:
    """Publish and open the fixture snapshot without a value of these dimensions in any action."""
    change = "update action_members set member = 'unclassified' where list_contains(?, dimension)"
    return open_fixture(folder, (change, [[*dimensions]]))


def mark_as_others(file: Path) -> None:
    """Make a snapshot one that another version of the program made: it has the mark of another schema."""
    with duckdb.connect(file) as connection:
        connection.execute("update snapshot_schema set schema_mark = 'of another'")


def mark_as_own(file: Path) -> None:
    """Make it one of this program again."""
    with duckdb.connect(file) as connection:
        connection.execute("update snapshot_schema set schema_mark = $mark", {"mark": schema_mark()})


def copy_published(campaign_folder: Path, to: Path) -> Path:
    """Copy what a campaign has published, without leftovers of other tests; return the copy."""
    shutil.copytree(campaign_folder / "published", to / "published")
    return to


def open_reports(campaign_folder: Path) -> Path:
    """Let a campaign folder of a test take reports by link, with the shipped settings besides; return it."""
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    settings = f"{shipped}\n[reports_by_link]\nopen = true\n"
    (campaign_folder / "campaign.toml").write_text(settings, encoding="utf-8")
    return campaign_folder


def open_promises(campaign_folder: Path, days: str = "last_day = 2099-12-31") -> Path:
    """Let a campaign folder of a test take new actions on some days, and reports by link too; return it."""
    file = open_reports(campaign_folder) / "campaign.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n[promises]\nopen = true\n{days}\n", encoding="utf-8")
    return campaign_folder


@cache
def _fixture() -> bytes:
    """Return the snapshot's file, filled once, since most tests of pages publish it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "fixture.duckdb")
        with duckdb.connect(file) as connection:
            connection.execute("set timezone = 'UTC'")
            for script in (SCHEMA, FOLD):
                connection.execute(script.read_text(encoding="utf-8"))
            connection.execute("insert into snapshot_schema values ($mark)", {"mark": schema_mark()})
            for name in ("codes", "actions", "reports", "milestones"):
                rows = connection.read_csv(str(FIXTURES / f"{name}.csv"), all_varchar=True)
                rows.create(f"{name}_csv")
            for name in ("snapshot", "results", "criteria"):
                connection.execute((FIXTURES / f"{name}.sql").read_text(encoding="utf-8"))
            for name in ("codes", "actions", "reports", "milestones"):
                connection.execute(f"drop table {name}_csv")
            connection.execute("drop macro fold")
        return file.read_bytes()

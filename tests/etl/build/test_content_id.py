"""The content id of a snapshot: what it says, and nothing of how it came about."""

from pathlib import Path

import duckdb
import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import quote_path
from etl.build import build as builds
from etl.build.content_id import note_content, read_content
from etl.publish import history
from etl.sqlfiles import open_snapshot
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.program import published

ACTIONS = (
    "Ref;Maker;Promise;Sent;Where\n1;Office A;Train inspectors;2021-02-03;Kenya\n2;Office B;Schools;2021-03-04;Peru\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> CampaignFolder:
    folder = make_campaign(tmp_path_factory.mktemp("content") / "campaign", {"actions.csv": ACTIONS})
    publish_campaign(folder)
    return folder


def test_pointer_and_history_name_the_content(folder: CampaignFolder) -> None:
    content_id = published(folder)["content_id"]
    assert len(content_id) == 16
    assert history.read_history(folder)[0]["content_id"] == content_id


def test_who_reads_the_published_file_reads_the_same_content(folder: CampaignFolder) -> None:
    with open_snapshot(folder.published / published(folder)["snapshot"]) as connection:
        assert read_content(connection) == published(folder)["content_id"]


def test_another_name_of_a_file_is_another_build_of_the_same_content(folder: CampaignFolder, tmp_path: Path) -> None:
    other = publish_campaign(make_campaign(tmp_path / "renamed", {"renamed.csv": ACTIONS}))
    assert other["build_id"] != published(folder)["build_id"]
    assert other["content_id"] == published(folder)["content_id"]


def test_any_changed_value_changes_it(folder: CampaignFolder, tmp_path: Path) -> None:
    changes = (
        "update snapshot.actions set title = title || '.' where title = 'Schools'",
        "update snapshot.action_members set member = 'africa' where dimension = 'region'",
        "delete from snapshot.actions where title = 'Train inspectors'",
        "insert into snapshot.gone_actions select * from snapshot.gone_actions",  # nothing
    )
    seen = [published(folder)["content_id"]]
    with builds.build(folder, tmp_path) as built, duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach {quote_path(built.snapshot)} as snapshot")
        for change in changes:
            connection.execute(change)
            seen.append(note_content(connection))
    assert len(set(seen)) == 4
    assert seen[-1] == seen[-2]


def test_a_snapshot_of_an_earlier_program_has_none(folder: CampaignFolder, tmp_path: Path) -> None:
    with builds.build(folder, tmp_path) as built:
        with duckdb.connect(built.snapshot) as connection:
            connection.execute("alter table campaign drop column content_id")
        entry = history.describe(built.snapshot, "build", "2022-01-01T00:00:00+00:00", is_current=True)
    assert entry is not None
    assert entry["content_id"] is None

"""The published snapshot: one for each state of a pointer, whatever else is opened in between."""

import gc
import weakref
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from dashboard.errors import SnapshotError
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current, opened
from dashboard.snapshot.selection import FILTERS, STAKEHOLDER
from tests.charts_over_http import republish
from tests.snapshots import publish_fixture


def settings_of(campaign: Path) -> Settings:
    return Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign)})


@pytest.fixture
def campaigns(tmp_path: Path) -> tuple[Settings, Settings]:
    for name in "ab":
        publish_fixture(tmp_path / name)
    return settings_of(tmp_path / "a"), settings_of(tmp_path / "b")


def test_a_snapshot_in_use_is_found_again_after_another_campaign(campaigns: tuple[Settings, Settings]) -> None:
    first, second = campaigns
    assert opened(first) is None
    held = current(first)
    other = current(second)
    assert current(first) is held is not other
    assert (opened(first), opened(second)) == (held, other)


def test_what_nobody_holds_is_closed_once_two_others_are_opened(campaigns: tuple[Settings, Settings]) -> None:
    first, second = campaigns
    before = weakref.ref(current(first))
    gc.collect()
    assert before() is current(first)
    republish(first.campaign, "another")
    assert opened(first) is None
    assert current(first).build_id == "another"
    gc.collect()
    assert before() is not None  # for those who were looking at it
    republish(first.campaign, "third")
    assert current(first).build_id == "third"
    gc.collect()
    assert before() is None
    published = weakref.ref(current(first))
    current(second)
    gc.collect()
    assert published() is None


def test_files_of_the_sample_stay_fictional_when_they_are_taken_in(tmp_path: Path) -> None:
    with duckdb.connect(publish_fixture(tmp_path)) as connection:
        connection.execute("update campaign set is_sample = false")
        connection.execute("update input_files set sha256 = $sha256", {"sha256": sha256(b"invented").hexdigest()})
    (tmp_path / "samples").mkdir()
    for content, is_sample in ((b"of our own", False), (b"invented", True)):
        (tmp_path / "samples" / "sample.csv").write_bytes(content)
        snapshot = Snapshot(tmp_path / "published" / "snapshot-fixture.duckdb", "fixture", "2022-01-01T00:00Z", 1)
        assert (snapshot.is_sample, snapshot.is_shipped_sample) == (is_sample, False)


def test_a_filter_offers_what_occurs_every_region_and_every_status_of_the_program(tmp_path: Path) -> None:
    with duckdb.connect(publish_fixture(tmp_path)) as connection:
        connection.execute("delete from action_members where member in ('global', 'JOR', 'covid_19', 'empty_circle')")
        connection.execute("delete from progress_reports where status_code in ('adapted', 'discontinued')")
    snapshot = current(settings_of(tmp_path))
    codes = {f.parameter: set(snapshot.codes[f.codelist]) for f in FILTERS if f != STAKEHOLDER}
    unseen = {"JOR", "covid_19", "adapted", "empty_circle", "verified"}
    expected = {parameter: known - unseen for parameter, known in codes.items()}
    assert snapshot.present == expected


def test_a_campaign_without_a_snapshot_says_so(tmp_path: Path) -> None:
    assert opened(settings_of(tmp_path)) is None
    with pytest.raises(SnapshotError, match="Nothing has been published"):
        current(settings_of(tmp_path))

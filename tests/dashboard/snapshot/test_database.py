"""The published snapshot: one for each state of a pointer; any kept build, opened; few of them at once."""

import gc
import shutil
import weakref
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from dashboard.errors import SnapshotError
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current, opened
from dashboard.snapshot.kept_builds import MOST_OPEN, GoneError, KeptBuilds, open_seen
from dashboard.snapshot.selection import FILTERS, STAKEHOLDER, Selection
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


def test_the_database_behind_the_pages_takes_the_memory_that_is_set_and_spills_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = publish_fixture(tmp_path)
    monkeypatch.setenv("DASHBOARD_DATABASE_MB", "64")
    snapshot = Snapshot(path, "fixture", "2022-01-01T00:00Z", 1)
    with snapshot.cursor() as cursor:
        assert cursor.execute("select current_setting('memory_limit')").fetchone() == ("61.0 MiB",)
        cursor.execute(
            "create temp table long_texts as select repeat(md5(i::varchar), 8) as t from range(400000) as r (i)"
        )
        (spilled,) = cursor.execute("select sum(size) from duckdb_temporary_files()").fetchone() or (0,)
    assert spilled > 0


@pytest.mark.nightly
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


def test_a_filter_offers_what_occurs_every_region_and_every_status_of_the_program(tmp_path: Path) -> None:
    with duckdb.connect(publish_fixture(tmp_path)) as connection:
        connection.execute("delete from action_members where member in ('global', 'JOR', 'covid_19', 'empty_circle')")
        connection.execute("delete from progress_reports where status_code in ('adapted', 'discontinued')")
    snapshot = current(settings_of(tmp_path))
    codes = {f.parameter: set(snapshot.codes[f.codelist]) for f in FILTERS if f != STAKEHOLDER}
    unseen = {"JOR", "covid_19", "adapted", "empty_circle", "verified"}
    expected = {parameter: known - unseen for parameter, known in codes.items()}
    assert snapshot.present == expected


def test_a_campaign_without_a_snapshot_says_so_and_files_of_the_sample_stay_fictional(tmp_path: Path) -> None:
    assert opened(settings_of(tmp_path)) is None
    with pytest.raises(SnapshotError, match="Nothing has been published"):
        current(settings_of(tmp_path))
    with duckdb.connect(publish_fixture(tmp_path)) as connection:
        connection.execute("update campaign set is_sample = false")
        connection.execute("update input_files set sha256 = $sha256", {"sha256": sha256(b"invented").hexdigest()})
    (tmp_path / "samples").mkdir()
    for content, is_sample in ((b"of our own", False), (b"invented", True)):
        (tmp_path / "samples" / "sample.csv").write_bytes(content)
        snapshot = Snapshot(tmp_path / "published" / "snapshot-fixture.duckdb", "fixture", "2022-01-01T00:00Z", 1)
        assert (snapshot.is_sample, snapshot.is_shipped_sample) == (is_sample, False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of a campaign for one test."""
    publish_fixture(tmp_path)
    return Settings.from_environment({"DASHBOARD_CAMPAIGN": str(tmp_path)})


def test_a_file_of_another_build_is_not_shown_as_this_one(settings: Settings) -> None:
    published = settings.campaign / "published"
    shutil.copy(published / "snapshot-fixture.duckdb", published / "snapshot-other.duckdb")
    with pytest.raises(GoneError):
        KeptBuilds().open(settings, "other")


@pytest.mark.nightly
def test_only_a_few_builds_are_open_at_once(settings: Settings) -> None:
    builds = KeptBuilds(most_open=2)
    names = ["fixture", "b2", "b3", "b4"]
    for name in names[1:]:
        republish(settings.campaign, name)
    seen = [weakref.ref(builds.open(settings, name)) for name in names]
    gc.collect()
    assert [ref() is not None for ref in seen] == [False, False, True, True]
    held = builds.open(settings, "fixture")
    for name in names[1:]:
        builds.open(settings, name)
    assert held.query("headline", Selection().sql_parameters(held)).iloc[0, 0] is not None


@pytest.mark.nightly
def test_who_stays_behind_reads_the_old_answers_while_others_read_the_new_ones(settings: Settings) -> None:
    first = current(settings)
    assert headline(first, Selection()).actions == 40
    republish(settings.campaign, "second", without=10)
    assert headline(current(settings), Selection()).actions == 30
    assert open_seen(settings, "fixture") is first  # with the cached answers
    assert open_seen(settings, "second") is current(settings)
    republish(settings.campaign, "third", without=20)
    assert headline(current(settings), Selection()).actions == 20
    for build_id, actions in (("fixture", 40), ("second", 30), ("third", 20)):
        assert headline(open_seen(settings, build_id), Selection()).actions == actions
    (settings.campaign / "published" / "snapshot-second.duckdb").unlink()
    with pytest.raises(GoneError):
        open_seen(settings, "second")


@pytest.mark.nightly
def test_many_publications_leave_few_snapshots_open(settings: Settings) -> None:
    seen = [weakref.ref(current(settings))]
    names = ["fixture"]
    for number in range(MOST_OPEN + 2):
        names.append(f"b{number}")
        republish(settings.campaign, names[-1])
        seen += [weakref.ref(current(settings)), weakref.ref(open_seen(settings, names[-2]))]
    seen += [weakref.ref(open_seen(settings, name)) for name in names]
    gc.collect()
    assert len(seen) > 3 * MOST_OPEN
    still_open = {id(snapshot) for ref in seen if (snapshot := ref()) is not None}
    assert len(still_open) <= MOST_OPEN + 2  # the published one and the one before it

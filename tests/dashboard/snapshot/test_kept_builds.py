"""Any kept build, opened: its content, the number of open ones, and the reading of a session that stays behind."""

import gc
import shutil
import weakref
from pathlib import Path

import pytest

from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.snapshot.kept_builds import MOST_OPEN, GoneError, KeptBuilds, open_seen
from dashboard.snapshot.selection import Selection
from tests.charts_over_http import republish
from tests.snapshots import publish_fixture


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


def test_many_publications_leave_few_snapshots_open(settings: Settings) -> None:
    seen = [weakref.ref(current(settings))]
    names = ["fixture"]
    for number in range(MOST_OPEN + 2):
        names.append(f"b{number}")
        republish(settings.campaign, names[-1])
        current(settings)
        seen += [weakref.ref(open_seen(settings, name)) for name in names]
    gc.collect()
    assert len(seen) > 3 * MOST_OPEN
    still_open = {id(snapshot) for ref in seen if (snapshot := ref()) is not None}
    assert len(still_open) <= MOST_OPEN + 2  # the published one and the one before it

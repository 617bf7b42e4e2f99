"""The clock is put back or forward between publications: order, moments and what is kept stay right, and it is said."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from dashboard.campaign.builds import read_builds
from etl.publish import holding, publish
from etl.publish.kept_inputs import set_aside
from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.program import history_file, published
from tests.etl.registers import HEADER, action

NOW = datetime(2022, 1, 10, 9, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Two builds, published one after the other."""
    folder = make_campaign(tmp_path_factory.mktemp("clock") / "c", {"a.csv": HEADER + action("1", Sent="2021-02-01")})
    publish_campaign(folder)
    (folder.inbox / "b.csv").write_text(HEADER + action("2", "Imaginary Council", "Second", Sent="2021-03-01"))
    publish_campaign(folder)
    return folder


@pytest.mark.parametrize(
    ("before", "found", "said"),
    [
        ("", NOW.replace(microsecond=0), ""),
        ("no moment", NOW.replace(microsecond=0), ""),
        ("2022-01-10T09:30:14+00:00", NOW.replace(microsecond=0), ""),
        ("2022-01-10T09:30:15+00:00", NOW.replace(microsecond=0) + timedelta(seconds=1), ""),  # within a second
        ("2022-01-10T10:30:15+00:00", datetime(2022, 1, 10, 10, 30, 16, tzinfo=UTC), "The clock was put back"),
        ("2023-01-10T09:30:15+00:00", NOW.replace(microsecond=0), "one of them was wrong"),
    ],
)
def test_the_moment_of_a_build_is_later_than_that_of_the_build_before(before, found, said, caplog):
    assert datetime.fromisoformat(publish.find_moment(before, NOW)) == found
    assert said in caplog.text
    assert bool(said) == bool(caplog.text)


def test_builds_keep_their_order_whatever_the_clock_says(template, tmp_path, monkeypatch):
    folder = copy_campaign(template, tmp_path / "c")
    first, second = (entry["build_id"] for entry in reversed(history_file(folder)))
    moments = []
    start = datetime.now(UTC).replace(microsecond=0)
    for build_id, jump in ((first, timedelta(days=366)), (second, timedelta()), (first, timedelta(hours=-1))):
        monkeypatch.setattr(publish, "read_clock", lambda now=start + jump: now)
        holding.restore(folder, build_id)
        moments.append(datetime.fromisoformat(published(folder)["built_at"]))
        builds = read_builds(folder.root)
        assert [build.build_id for build in builds] == [build_id, *({first, second} - {build_id})]
        assert builds[0].is_current
        with duckdb.connect() as connection:
            file = str(folder.published / "first_published.parquet")
            assert connection.execute("select count(*) > 1, max(known_at) <= $now from read_parquet($file)",
                {"file": file, "now": moments[-1]}).fetchall() == [(True, True)]  # fmt: skip
    assert moments == [start + timedelta(days=366), start, start + timedelta(seconds=1)]


def test_two_files_of_one_name_are_set_aside_in_the_same_second(template, tmp_path):
    folder = copy_campaign(template, tmp_path / "c")
    for place in ("one", "two"):
        (folder.inbox / place).mkdir()
        (folder.inbox / place / "same.csv").write_text(f"never built: {place}\n")
        set_aside(folder, folder.inbox / place / "same.csv")
    kept = sorted(path.read_text() for path in (folder.private / "set_aside").rglob("same.csv"))
    assert kept == ["never built: one\n", "never built: two\n"]

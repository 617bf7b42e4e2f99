"""The clock goes back or forward between publications: order, moments and kept builds stay right, with a remark."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from dashboard.campaign.builds import read_builds
from etl.publish import holding, publish
from etl.publish.kept_inputs import set_aside
from tests.etl.program import history_file, published

NOW = datetime(2022, 1, 10, 9, 30, 15, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "later", "said"),
    [
        ("", 0, ""),
        ("no moment", 0, ""),
        ("2022-01-10T09:30:14+00:00", 0, ""),
        ("2022-01-10T09:30:15+00:00", 1, ""),  # within a second
        ("2022-01-10T10:30:15+00:00", 3601, "The clock was put back"),
        ("2023-01-10T09:30:15+00:00", 0, "one of them was wrong"),
    ],
)
def test_the_moment_of_a_build_is_later_than_that_of_the_build_before(before, later, said, caplog):
    found = NOW.replace(microsecond=0) + timedelta(seconds=later)
    assert datetime.fromisoformat(publish.find_moment(before, NOW)) == found
    assert said in caplog.text
    assert bool(said) == bool(caplog.text)


@pytest.mark.nightly
def test_builds_keep_their_order_whatever_the_clock_says(twice, monkeypatch):
    first, second = (entry["build_id"] for entry in reversed(history_file(twice)))
    moments = []
    start = datetime.now(UTC).replace(microsecond=0)
    for build_id, jump in ((first, timedelta(days=366)), (second, timedelta()), (first, timedelta(hours=-1))):
        monkeypatch.setattr(publish, "read_clock", lambda now=start + jump: now)
        holding.restore(twice, build_id)
        moments.append(datetime.fromisoformat(published(twice)["built_at"]))
        builds = read_builds(twice.root)
        assert [build.build_id for build in builds] == [build_id, *({first, second} - {build_id})]
        assert builds[0].is_current
        known = pd.read_parquet(twice.published / "first_published.parquet")["known_at"]
        assert len(known) > 1 and known.max() <= moments[-1]
    assert moments == [start + timedelta(days=366), start, start + timedelta(seconds=1)]


def test_two_files_of_one_name_are_set_aside_in_the_same_second(twice):
    for place in ("one", "two"):
        (twice.inbox / place).mkdir()
        (twice.inbox / place / "same.csv").write_text(f"never built: {place}\n")
        set_aside(twice, twice.inbox / place / "same.csv")
    kept = sorted(path.read_text() for path in (twice.private / "set_aside").rglob("same.csv"))
    assert kept == ["never built: one\n", "never built: two\n"]

"""The engine Spark: its message where it cannot start, and the same results as a build on one machine."""

from functools import partial
from pathlib import Path

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.spark import spark_engine
from etl.spark.spark_engine import SparkEngine, SparkError, open_session, require_spark
from tests.etl.program import run_etl
from tests.etl.spark.shared_out import contents, die_once, make_messy_campaign


@pytest.fixture(scope="module")
def spark_here():
    """Skips where Spark cannot be started, which asks Java for its version; so only tests that need Spark ask."""
    try:
        require_spark()
    except SparkError as error:
        pytest.skip(str(error))


def needs_spark(test):
    """Mark a test that starts Spark, which speaks of pandas 3 and leaves sockets open when it stops."""
    ignored = ("FutureWarning", "ResourceWarning", "pytest.PytestUnraisableExceptionWarning")
    quiet = pytest.mark.filterwarnings(*(f"ignore::{name}" for name in ignored))
    for mark in (pytest.mark.spark, pytest.mark.nightly, pytest.mark.usefixtures("spark_here"), quiet):
        test = mark(test)
    return test


def refusal(**lacking):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in lacking.items():
            patch.setattr(spark_engine, name, value)
        answer = run_etl("build", "--campaign", SHIPPED_CAMPAIGN, "--engine", "spark", "--quiet")
    assert answer.returncode == 1
    return answer.stderr


def test_what_is_missing_is_said_with_the_remedy():
    assert "needs pyspark, which is not installed. Install it with `make spark`" in refusal(find_spec=lambda _: None)
    there = {"find_spec": lambda _: True}
    assert "needs Java 17 or newer, and there is none." in refusal(**there, find_java=lambda: None)
    too_old = refusal(**there, find_java=lambda: "/opt/java", read_java_version=lambda _: 11)
    assert "needs Java 17 or newer; /opt/java is 11." in too_old


def test_what_is_for_spark_alone_is_refused_without_it():
    answer = run_etl("build", "--campaign", SHIPPED_CAMPAIGN, "--partitions", "8", "--quiet")
    assert answer.returncode == 1
    assert "--partitions is for --engine spark." in answer.stderr


def test_a_java_that_says_no_version_is_none(tmp_path):
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"21.0.4\" 2024-07-16' >&2\n", encoding="utf-8")
    java.chmod(0o700)
    assert spark_engine.read_java_version(str(java)) == 21
    java.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert spark_engine.read_java_version(str(java)) == 0
    assert spark_engine.read_java_version(str(tmp_path / "gone")) == 0


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """Start a master with two executors as separate processes; their logs go into a folder of the test."""
    monkeypatch.setenv("SPARK_WORKER_DIR", str(tmp_path / "executors"))
    return "local-cluster[2,1,2048]"


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    return make_messy_campaign(tmp_path_factory.mktemp("spark") / "messy")


@pytest.fixture(scope="module")
def whole(messy):
    return contents(messy)


@needs_spark
@pytest.mark.slow
def test_any_number_of_partitions_gives_the_same(messy, whole):
    with open_session("local[2]") as spark:
        for count in (1, 2, 8):
            engine = SparkEngine(spark, count, fewest_bytes=0)
            assert contents(messy, engine) == whole
            assert engine.counts.sheets == {"raw_0": count, "raw_1": count}
            assert engine.counts.buckets == count


@needs_spark
@pytest.mark.nightly
def test_the_sample_is_the_same_on_executors_of_their_own(cluster):
    sample = CampaignFolder(SHIPPED_CAMPAIGN)
    with open_session(cluster) as spark:
        engine = SparkEngine(spark, 3, fewest_bytes=0)
        assert contents(sample, engine) == contents(sample)
        assert engine.counts.sheets
        assert engine.counts.buckets == 3


class Dying(SparkEngine):
    """In the fourth job an executor is killed with all that it does, and one amid steps that are run by key."""

    marker: Path

    def _map(self, function, things):
        if len(self.counts.jobs) == 3:
            function = partial(die_once, self.marker, function)
        return super()._map(function, things)

    def _exchange(self, split, sources, work, buckets):
        return super()._exchange(split, sources, partial(die_once, self.marker.with_suffix(".again"), work), buckets)


@needs_spark
@pytest.mark.nightly
@pytest.mark.kills
def test_an_executor_killed_amid_its_work_changes_nothing(messy, whole, cluster, tmp_path):
    with open_session(cluster) as spark:
        engine = Dying(spark, 4, fewest_bytes=0)
        engine.marker = tmp_path / "died"
        assert contents(messy, engine) == whole
    assert engine.marker.exists()
    assert engine.marker.with_suffix(".again").exists()

"""What operators scrape at `/metrics`: the process, the snapshot, and what was answered, made, kept and refused."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from dashboard.cache import Cache
from dashboard.copies.reading_copy import copy_state, find_checked_at, is_copy, read_note
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.web import extracts
from dashboard.web.charts import routes as charts
from dashboard.web.charts.desk import Answers
from dashboard.web.feeds import answering as feeds
from dashboard.web.guard.counting import Traffic, traffic
from dashboard.web.http import NO_STORE, answer_body

Label = TypeVar("Label")


class DashboardCollector(Collector):
    """Reads the counts, which stand where things are counted, whenever somebody asks."""

    def __init__(self, counts: Traffic, snapshot: Snapshot | None, answers: Answers, files: extracts.Store) -> None:
        """Take what is counted.

        Args:
            counts: What was answered.
            snapshot: The published snapshot; None while there is none that can be read.
            answers: The charts.
            files: The extracts.
        """
        self._counts, self._snapshot, self._answers, self._files = counts, snapshot, answers, files

    def collect(self) -> Iterator[Metric]:
        """Every metric of this program."""
        yield from _describe_snapshot(self._snapshot)
        yield from _describe_copy(Settings.from_environment())
        yield GaugeMetricFamily("dashboard_open_pages", "Pages connected now.", self._counts.open_pages)
        requests = [((method, str(status)), number) for (method, status), number in _copy(self._counts.requests)]
        yield _count("dashboard_http_requests", "HTTP requests answered.", ("method", "status"), requests)
        yield from _describe_charts(self._answers)
        feed_requests = _copy(feeds.counts())
        yield _count(
            "dashboard_feed_requests", "Requests of feeds, by form and outcome.", ("form", "outcome"), feed_requests
        )
        caches: dict[str, Cache[Any, Any]] = {"charts": self._answers.bodies, "extracts": self._files.files}
        if self._snapshot is not None:
            caches["queries"] = self._snapshot.answers
        yield from _describe_caches(caches)


def answer_metrics(request: Request, snapshot: Snapshot | None) -> Response:
    """The state of the process in the text format of Prometheus that the client asks for."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(DashboardCollector(traffic(), snapshot, charts.desk().answers, extracts.store()))
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return answer_body(request, encode(registry), {**NO_STORE, "content-type": content_type})


def _describe_snapshot(snapshot: Snapshot | None) -> Iterator[Metric]:
    is_ready = snapshot is not None
    yield GaugeMetricFamily("dashboard_snapshot_ready", "1 when a snapshot is published and readable.", int(is_ready))
    if snapshot is None:
        return
    age = (datetime.now(UTC) - datetime.fromisoformat(snapshot.built_at).astimezone(UTC)).total_seconds()
    yield GaugeMetricFamily("dashboard_snapshot_age_seconds", "Time since the snapshot was built.", round(age, 1))
    build = GaugeMetricFamily("dashboard_build_info", "The build shown.", labels=["build_id"])
    build.add_metric([snapshot.build_id], 1)
    yield build


def _describe_copy(settings: Settings) -> Iterator[Metric]:
    """Of a server that takes its builds from an object store."""
    if not is_copy(settings):
        return
    checked_at, state = find_checked_at(settings.campaign), copy_state()
    if checked_at is not None:
        yield GaugeMetricFamily(
            "dashboard_copy_checked_timestamp_seconds", "When the object store was last read.", checked_at.timestamp()
        )
    taken_at = read_note(settings.campaign).taken_at
    if taken_at:
        moment = datetime.fromisoformat(taken_at).timestamp()
        yield GaugeMetricFamily("dashboard_copy_taken_timestamp_seconds", "When the build shown was taken.", moment)
    looks = [(("read",), state.looks), (("failed",), state.failures)]
    yield _count("dashboard_copy_looks", "Looks at the object store, by outcome.", ("outcome",), looks)
    yield CounterMetricFamily("dashboard_copy_builds_taken", "Published builds taken.", state.taken_builds)
    yield CounterMetricFamily("dashboard_copy_bytes_taken", "Bytes taken from the object store.", state.taken_bytes)


def _describe_charts(answers: Answers) -> Iterator[Metric]:
    counts = answers.counts
    requests, labels = _copy(counts.requests), ("kind", "outcome")
    yield _count("dashboard_chart_requests", "Requests of charts, by kind and where from.", labels, requests)
    answers_made = [((kind,), number) for kind, number in _copy(counts.made)]
    yield _count("dashboard_charts_made", "Answers made, by kind.", ("kind",), answers_made)
    seconds = [((kind,), thousandths / 1000) for kind, thousandths in _copy(counts.milliseconds)]
    yield _count("dashboard_charts_made_seconds", "Time spent making answers, by kind.", ("kind",), seconds)
    yield GaugeMetricFamily(
        "dashboard_chart_bytes_kept", "Memory of finished answers that are kept.", answers.bodies.size
    )
    yield CounterMetricFamily(
        "dashboard_charts_refused", "Requests refused because too many were waiting.", answers.refused
    )


def _describe_caches(caches: Mapping[str, Cache[Any, Any]]) -> Iterator[Metric]:
    hits = [((name,), values.hits) for name, values in caches.items()]
    yield _count("dashboard_cache_hits", "Values that were there already, by cache.", ("cache",), hits)
    values_made = [((name,), values.made) for name, values in caches.items()]
    yield _count("dashboard_cache_made", "Values that had to be made, by cache.", ("cache",), values_made)
    size = GaugeMetricFamily("dashboard_cache_bytes", "What the kept values take, by cache.", labels=["cache"])
    for name, values in caches.items():
        size.add_metric([name], values.size)
    yield size


def _copy(counts: Mapping[Label, int]) -> list[tuple[Label, int]]:
    """The counts as they are now; other threads go on counting."""
    return list(counts.items())


def _count(
    name: str, meaning: str, labels: tuple[str, ...], numbers: Iterable[tuple[tuple[str, ...], float]]
) -> CounterMetricFamily:
    """A counter with its values by label; those who ask get them in order."""
    family = CounterMetricFamily(name, meaning, labels=labels)
    for values, number in sorted(numbers):
        family.add_metric(values, number)
    return family

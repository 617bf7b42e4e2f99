"""Routes for operators: whether the process answers and is ready, its counts, whom to tell about a weakness.

`/metrics` answers whoever has the token; where none is set, programs on this computer. `/.well-known/security.txt` (RFC
9116) is 404 where no contact is set.
"""

import hmac
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from dashboard.access.rights import AccessClass
from dashboard.cache import Cache
from dashboard.campaign.copies.reading_copy import copy_state, find_checked_at, is_copy, read_note
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.errors import SnapshotError
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_
from dashboard.languages import list_languages
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.web import handouts
from dashboard.web.api_route import ApiRoute
from dashboard.web.charts.requests import FORMATS
from dashboard.web.guard.ending import ENDING
from dashboard.web.guard.hosts import is_direct_and_local
from dashboard.web.guard.request_log import traffic
from dashboard.web.handouts import Store, deliver, hold_text
from dashboard.web.http import NO_STORE, answer_body, answer_json, read_header
from dashboard.web.operation import EITHER, JSON, Operation, Reply, refer
from dashboard.web.refusals import answer_nothing
from dashboard.web.site import find_base

LOG = logging.getLogger(__name__)
Label = TypeVar("Label")
CHARTS, FEED = (*FORMATS, "index", "oembed", "replay", "show"), "latest."
"""Kinds of answers: of charts, and the beginning of those of feeds."""

CONTACT_PATH = "/.well-known/security.txt"
HOLDS = timedelta(days=180)
"""For how long the contact that is answered today may be believed; RFC 9116 advises less than a year."""

_FOR_OPERATORS = N_("For operators")
_UNKEPT = ("Cache-Control",)
HEALTH = Operation(
    "/healthz",
    "health",
    "operation",
    _FOR_OPERATORS,
    N_("The process answers"),
    (Reply("text/plain", None, _UNKEPT),),
)
READINESS = Operation(
    "/readyz",
    "readiness",
    "operation",
    _FOR_OPERATORS,
    N_("A build is published and can be read; 503 where not, and once the server is told to end"),
    (Reply(JSON, refer("Readiness"), _UNKEPT),),
    refusals={503: (JSON,)},
)
METRICS = Operation(
    "/metrics",
    "metrics",
    "operation",
    _FOR_OPERATORS,
    N_("What the process has done, as Prometheus reads it"),
    (Reply("text/plain", None, _UNKEPT), Reply("application/openmetrics-text", None, _UNKEPT)),
    refusals={404: EITHER},
    details=N_("For a program on the same computer, or by a bearer token; for all others nothing is there."),
)
SECURITY_CONTACT = Operation(
    CONTACT_PATH,
    "security_txt",
    "operation",
    _FOR_OPERATORS,
    N_("Whom to tell about a weakness"),
    (Reply("text/plain"),),
    refusals={404: EITHER},
    details=N_("By RFC 9116; the operator states the contact."),
)


def routes() -> list[ApiRoute]:
    """The routes for `st.App`."""
    return [
        ApiRoute(CONTACT_PATH, answer_security_contact, (SECURITY_CONTACT,), AccessClass.EVERYBODY),
        ApiRoute("/healthz", answer_health, (HEALTH,), AccessClass.EVERYBODY),
        ApiRoute("/readyz", answer_readiness, (READINESS,), AccessClass.EVERYBODY),
        ApiRoute("/metrics", answer_metrics, (METRICS,), AccessClass.OPERATOR),
    ]


async def answer_health(request: Request) -> Response:
    """Answer `ok` while the process answers at all."""
    return answer_body(request, b"ok\n", {**NO_STORE, "content-type": "text/plain; charset=utf-8"})


def answer_readiness(request: Request) -> Response:
    """Answer 200 with the build's id when a published snapshot can be read; 503 else, and once the server ends."""
    if ENDING.is_set():
        return answer_json(request, {"ready": False, "reason": "The server ends."}, status=503)
    snapshot, copy = find_snapshot(), _say_copy(Settings.from_environment())
    if snapshot is None:
        return answer_json(request, {"ready": False, "reason": _say_why_not(), **copy}, status=503)
    return answer_json(request, {"ready": True, "build_id": snapshot.build_id, "built_at": snapshot.built_at, **copy})


def answer_metrics(request: Request) -> Response:
    """Answer with the counts in the text format of Prometheus that the client asks for; 404 without access."""
    if not may_read_metrics(request.scope, Settings.from_environment()):
        return answer_nothing(request.scope)
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(DashboardCollector(find_snapshot()))
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return answer_body(request, encode(registry), {**NO_STORE, "content-type": content_type})


async def answer_security_contact(request: Request) -> Response:
    """Answer with the contact, or 404 where none is set."""
    settings = Settings.from_environment()
    if not settings.security_contact:
        return answer_nothing(request.scope)
    contact = write_security_contact(settings, find_base(request, settings), datetime.now(UTC))
    return await deliver(request, hold_text("text/plain; charset=utf-8", (contact,), lambda: contact))


def write_security_contact(settings: Settings, base: str, now: datetime) -> str:
    """Write `security.txt`: the same for a whole day."""
    expires = datetime.combine(now.date(), time(), UTC) + HOLDS
    lines = [f"Contact: {contact}" for contact in settings.security_contact]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", f"Preferred-Languages: {', '.join(list_languages())}"]
    lines += [f"Canonical: {base}{CONTACT_PATH}"]
    if settings.security_policy:
        lines.append(f"Policy: {settings.security_policy}")
    return "\n".join([*lines, ""])


def may_read_metrics(scope: Scope, settings: Settings) -> bool:
    """Whether a request has the token; where none is set, whether it comes from this computer and through no proxy."""
    if not settings.metrics_token:
        return is_direct_and_local(scope)
    scheme, _, token = read_header(scope, b"authorization").partition(" ")
    is_right = hmac.compare_digest(token.strip().encode(), settings.metrics_token.encode())
    return scheme.lower() == "bearer" and is_right


def _say_copy(settings: Settings) -> dict[str, object]:
    """Describe a reading copy: when it last asked the store, when it took the build it shows, whether it could ask."""
    if not is_copy(settings):
        return {}
    checked_at, note = find_checked_at(settings.campaign), read_note(settings.campaign)
    checked = checked_at.isoformat(timespec="seconds") if checked_at else None
    is_well = copy_state().problem is None
    return {"copy": {"checked_at": checked, "taken_at": note.taken_at or None, "store_is_read": is_well}}


def _say_why_not() -> str:
    """Say in a sentence why nothing can be shown."""
    try:
        database.current()
    except OtherSchemaError as error:
        return str(error)
    except SnapshotError:
        pass
    return "No snapshot is published, or it cannot be read."


def find_snapshot() -> database.Snapshot | None:
    """Find the published snapshot; one question shows that it answers."""
    try:
        snapshot = database.current()
        with snapshot.cursor() as cursor:  # not `query`, which need not ask the database again
            cursor.execute(read_sql_file("campaign")).fetchone()
    except SnapshotError:
        return None
    except Exception:  # a broken file can fail in many ways, and none of them is "ready"
        LOG.exception("The snapshot cannot be read.")
        return None
    if not snapshot.is_untouched():  # an open snapshot goes on to answer from what it has read, and breaks at the rest
        LOG.error("The file of the published snapshot was changed: %s", snapshot.path)
        return None
    return snapshot


class DashboardCollector(Collector):
    """Reads the counts from where they are kept, whenever a client asks."""

    def __init__(self, snapshot: Snapshot | None) -> None:
        """Take the published snapshot, None where none can be read."""
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        """Collect every metric of this program."""
        counts, finished = traffic(), handouts.store()
        yield from _describe_snapshot(self._snapshot)
        yield from _describe_copy(Settings.from_environment())
        yield GaugeMetricFamily("dashboard_open_pages", "Pages connected now.", counts.open_pages)
        requests = [((method, str(status)), number) for (method, status), number in _copy(counts.requests)]
        yield _count("dashboard_http_requests", "HTTP requests answered.", ("method", "status"), requests)
        yield from _describe_charts(finished)
        feeds = [
            ((kind.removeprefix(FEED), "sent" if outcome == "made" else outcome), number)
            for (kind, outcome), number in _copy(finished.requests)
            if kind.startswith(FEED)
        ]
        yield _count("dashboard_feed_requests", "Requests of feeds, by form and outcome.", ("form", "outcome"), feeds)
        caches: dict[str, Cache[Any, Any]] = {"charts": finished.bodies, "extracts": finished.files}
        if self._snapshot is not None:
            caches["queries"] = self._snapshot.answers
        yield from _describe_caches(caches)


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
    """Describe a server that takes its builds from an object store."""
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


def _describe_charts(finished: Store) -> Iterator[Metric]:
    requests = [(labels, number) for labels, number in _copy(finished.requests) if labels[0] in CHARTS]
    yield _count(
        "dashboard_chart_requests", "Requests of charts, by kind and where from.", ("kind", "outcome"), requests
    )
    answers_made = [((kind,), number) for kind, number in _copy(finished.made) if kind in CHARTS]
    yield _count("dashboard_charts_made", "Answers made, by kind.", ("kind",), answers_made)
    seconds = [((kind,), number / 1000) for kind, number in _copy(finished.milliseconds) if kind in CHARTS]
    yield _count("dashboard_charts_made_seconds", "Time spent making answers, by kind.", ("kind",), seconds)
    size, refused = finished.bodies.size, finished.refused
    yield GaugeMetricFamily("dashboard_chart_bytes_kept", "Memory of finished answers that are kept.", size)
    yield CounterMetricFamily("dashboard_charts_refused", "Requests refused because too many were waiting.", refused)


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
    """Copy the counts as they are now; other threads go on counting."""
    return list(counts.items())


def _count(
    name: str, meaning: str, labels: tuple[str, ...], numbers: Iterable[tuple[tuple[str, ...], float]]
) -> CounterMetricFamily:
    """Make a counter with its values by label, in order."""
    family = CounterMetricFamily(name, meaning, labels=labels)
    for values, number in sorted(numbers):
        family.add_metric(values, number)
    return family

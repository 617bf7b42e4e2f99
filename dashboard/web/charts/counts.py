"""The counts of charts in Prometheus' text format, for `/metrics`."""

from collections.abc import Iterator

from dashboard.web.charts.bodies import Bodies


def describe_counts(bodies: Bodies) -> Iterator[str]:
    """The lines: requests by kind and outcome, answers made and the time that took, bytes kept, refusals."""
    counts = bodies.counts
    yield from _head("dashboard_chart_requests_total", "counter", "Requests of charts, by kind and where from.")
    for (kind, outcome), number in sorted(counts.requests.items()):
        yield f'dashboard_chart_requests_total{{kind="{kind}",outcome="{outcome}"}} {number}'
    yield from _head("dashboard_charts_made_total", "counter", "Answers made, by kind.")
    yield from (f'dashboard_charts_made_total{{kind="{kind}"}} {n}' for kind, n in sorted(counts.made.items()))
    yield from _head("dashboard_charts_made_seconds_total", "counter", "Time spent making answers, by kind.")
    for kind, thousandths in sorted(counts.milliseconds.items()):
        yield f'dashboard_charts_made_seconds_total{{kind="{kind}"}} {thousandths / 1000:.3f}'
    yield from _head("dashboard_chart_bytes_kept", "gauge", "Memory of finished answers that are kept.")
    yield f"dashboard_chart_bytes_kept {bodies.held}"
    yield from _head("dashboard_charts_refused_total", "counter", "Requests refused because too many were waiting.")
    yield f"dashboard_charts_refused_total {counts.refused}"


def _head(name: str, kind: str, meaning: str) -> tuple[str, str]:
    return f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"

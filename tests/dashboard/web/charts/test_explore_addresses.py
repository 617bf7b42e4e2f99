"""Addresses of the chart that readers put together: every form, its page, and refusals."""

from starlette.applications import Starlette

from dashboard.charts.chart import build_chart
from dashboard.charts.csv import write_csv
from dashboard.charts.options import Options
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.charts_over_http import BASE, ask


def test_an_address_keeps_what_was_put_together(app: Starlette, snapshot: Snapshot) -> None:
    query = "region=africa&lang=fr&by=group&and=category&measure=pace"
    options = Options(measure="pace", by="group", second="category")
    chart = build_chart(snapshot, "explore", Selection(("africa",), lang="fr"), options)
    assert ask(app, f"/charts/explore.csv?{query}").content == write_csv(chart)
    described = ask(app, f"/charts/explore.metadata.json?{query}").json()["addresses"]
    assert described["png"] == f"{BASE}/charts/explore.png?{query}"
    assert described["live"] == f"{BASE}/explore?{query}"
    for pasted in ("live", "html"):
        found = ask(app, f"/oembed?url={described[pasted].replace('&', '%26')}").json()
        assert found["title"] == chart.title
        assert "by=group&amp;and=category&amp;measure=pace" in found["html"]
    tags = {ask(app, f"/charts/explore?{q}").headers["etag"] for q in ("", "by=theme", "by=theme&as=multiples")}
    assert len(tags) == 3


def test_other_charts_and_lists_take_none_of_it(app: Starlette) -> None:
    assert "sort" in ask(app, "/charts/completion-by-theme.csv?by=region").json()["allowed"]
    assert "theme" in ask(app, "/charts", accept="application/json").json()["explore"]["by"]["region"]["and"]

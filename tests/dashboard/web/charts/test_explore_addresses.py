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


def test_a_surveys_question_has_an_address_in_every_form(app: Starlette, snapshot: Snapshot) -> None:
    query = "lang=fr&question=support_received&wave=final"
    chart = build_chart(
        snapshot, "survey-answers", Selection(lang="fr"), Options(question="support_received", wave="final")
    )
    assert ask(app, f"/charts/survey-answers.csv?{query}").content == write_csv(chart)
    described = ask(app, f"/charts/survey-answers.metadata.json?{query}").json()
    assert described["addresses"]["live"] == f"{BASE}/surveys?{query}"
    assert [column["name"] for column in described["columns"]] == ["code", "label", "reports", "answered", "share"]
    found = ask(app, f"/oembed?url={described['addresses']['live'].replace('&', '%26')}").json()
    assert found["title"] == "Quel soutien avez-vous reçu ?"
    assert chart.title in ask(app, f"/charts/survey-answers?{query}").text
    listed = ask(app, "/charts", accept="application/json").json()["survey"]["question"]
    assert listed == {"support_received": ["final", "each"]}
    refused = ask(app, "/charts/survey-answers.json?question=nonsense")
    assert (refused.status_code, "support_received" in refused.json()["allowed"]) == (400, True)
    assert ask(app, "/charts/survey-answers.svg?vs.region=africa").status_code == 400


def test_other_charts_and_lists_take_none_of_it(app: Starlette) -> None:
    assert "sort" in ask(app, "/charts/completion-by-theme.csv?by=region").json()["allowed"]
    assert "theme" in ask(app, "/charts", accept="application/json").json()["explore"]["by"]["region"]["and"]

"""From a link to the figure: a stakeholder reports, staff accept, the build counts it, and readers find it."""

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from dashboard.campaign.reporting.links import BY_STAFF, ReportLinks, find_today
from dashboard.campaign.reporting.reports import ReportBox, ReportState
from dashboard.web import report_pages
from tests.charts_over_http import address, ask, make_site, read_csv
from tests.etl.campaigns import ask as ask_rows
from tests.etl.campaigns import make_campaign, open_published, publish_campaign
from tests.etl.program import run_on
from tests.etl.registers import action, register

TODAY = find_today()
SETTINGS = f"""
start = {TODAY - timedelta(200)}
submission_deadline = {TODAY - timedelta(100)}
action_deadline = {TODAY + timedelta(50)}
end = {TODAY + timedelta(60)}
title = {{ en = "Sample campaign" }}
[reports_by_link]
open = true
"""
NARRATIVE = "=1+1 : réunion tenue,\nà « Kisumu »; voir \u202bهنا\u202c"


def test_from_a_link_to_the_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_pages, "LEAST_SECONDS", 0)
    sent = str(TODAY - timedelta(150))
    lines = (action(str(number), f"Fictional Union {number}", Where="Kenya", Sent=sent) for number in range(1, 5))
    folder = make_campaign(tmp_path / "c", {"a.csv": register(*lines)})
    (folder.root / "campaign.toml").write_text(SETTINGS, encoding="utf-8")
    publish_campaign(folder)
    site, links, box = make_site(folder.root, monkeypatch), ReportLinks(folder.private), ReportBox(folder.private)
    link = links.make(BY_STAFF, ["OFF-2"], TODAY + timedelta(30), "final")
    path = links.write_address("", link, "fr")

    def count() -> tuple[int, int, int]:
        chart = ask(site, address("completion-by-region", "csv", {"region": ["africa"]}))
        (row,) = read_csv(chart.content).to_dict("records")
        return row["actions"], row["reported"], row["completed"]

    assert count() == (4, 0, 0)
    (form,) = html.fromstring(ask(site, path).text).xpath("//form")
    typed = {"status": "completed", "percent": "100", "completed_on": str(TODAY), "narrative": NARRATIVE}
    hidden = {name: value for name, value in form.fields.items() if value is not None}
    values = hidden | {f"OFF-2/{name}": value for name, value in typed.items()}
    assert ask(site, path, "POST", content=values).status_code == 200
    assert ask(site, path, "POST", content=values).status_code == 200, "the form is sent twice"
    (report,) = box.list(ReportState.WAITING)
    assert count() == (4, 0, 0), "what waits changes no figure"

    run_on(folder, "reports", "--accept", report.report_no)
    run_on(folder, "build", "--quiet")
    assert count() == (4, 1, 1)
    with open_published(folder) as connection:
        columns = "select report_id, wave, language, completed_on, narrative from progress_reports"
        assert ask_rows(connection, columns) == [(report.report_no, "final", "fr", TODAY, NARRATIVE)]
    assert f"{report.report_no} · Accepté" in ask(site, path).text

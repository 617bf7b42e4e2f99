"""From an empty campaign to the first action of its register: promised here, confirmed by mail, accepted, built."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from dashboard.campaign.reporting.links import find_today
from dashboard.campaign.reporting.reports import ReportBox, ReportState
from dashboard.mail import promise_link
from dashboard.web import promise_pages
from etl.commands.row import read_row
from etl.inputs.reports_file import ACTIONS
from tests.charts_over_http import ask, make_site, read_csv
from tests.dashboard.mail.desks import make_desk, text_of, waiting
from tests.etl.campaigns import ask as ask_rows
from tests.etl.campaigns import make_campaign, open_published
from tests.etl.program import run_on

TODAY = find_today()
SETTINGS = f"""
start = {TODAY - timedelta(20)}
submission_deadline = {TODAY + timedelta(20)}
action_deadline = {TODAY + timedelta(50)}
end = {TODAY + timedelta(60)}
title = {{ en = "Sample campaign", fr = "Campagne fictive" }}
[promises]
open = true
"""
PROMISE: dict[str, Any] = {
    "title": "=1+1 : des inspecteurs", "description": "Former trente inspecteurs,\nà « Kisumu ».", 
    "category": "research",
    "themes": ["mining", "education"], "due_on": str(TODAY + timedelta(40)), "address": "https://example.org/a",
    "stakeholder": "Syndicat fictif", "stakeholder_group": "workers_organisation", "partners": "Ministère fictif",
    "countries": ["KEN", "UGA"], "contact_name": "Awa Exemple", "contact_email": "awa@example.org",
    "indicator_1": "inspectors_trained", "target_1": "1 030",
}  # fmt: skip


def test_from_the_form_to_the_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise_pages, "LEAST_SECONDS", 0)
    monkeypatch.setattr(promise_link, "send_confirmations", lambda _settings: None)
    monkeypatch.setenv("DASHBOARD_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("DASHBOARD_SMTP_FROM", "actions@example.org")
    folder = make_campaign(tmp_path / "c", {})
    (folder.root / "campaign.toml").write_text(SETTINGS, encoding="utf-8")
    site, box = make_site(folder.root, monkeypatch), ReportBox(folder.private)

    (form,) = html.fromstring(ask(site, "/promise?lang=fr").text).xpath("//form")
    sent = ask(site, "/promise?lang=fr", "POST", content={**PROMISE, "form": form.fields["form"]})
    assert sent.status_code == 200
    (mail,) = waiting(make_desk(folder.root))
    path = re.search(r"/promise/confirm\S+", text_of(mail))[0]
    assert ask(site, path).status_code == 200 == ask(site, path, "POST").status_code
    (report,) = box.list(ReportState.WAITING)
    change = f"/promise?{path.partition('?')[2]}"
    (form,) = html.fromstring(ask(site, change).text).xpath("//form")
    changed = {**PROMISE, "title": "Une autre", "form": form.fields["form"]}
    assert ask(site, change, "POST", content=changed).status_code == 200
    (form,) = html.fromstring(ask(site, change).text).xpath("//form")
    assert ask(site, change, "POST", content={**PROMISE, "form": form.fields["form"]}).status_code == 200
    *_, last = box.list(ReportState.WAITING)

    run_on(folder, "reports", "--accept", last.report_no)
    run_on(folder, "build", "--quiet")
    with open_published(folder) as connection:
        columns = "select action_id, title, description, stakeholder, stakeholder_group, category, due_on::varchar,"
        (action,) = ask_rows(connection, f"{columns} language, partners, url from actions")
        countries = ask_rows(connection, "select iso3 from action_countries order by all")
        themes = ask_rows(connection, "select theme from action_themes order by all")
        (number,) = ask_rows(connection, "select action_id, indicator, unit, target, target_on, told_on from results")
    names = ("title", "description", "stakeholder", "stakeholder_group", "category", "due_on")
    assert action == (
        report.report_no, *(PROMISE[name] for name in names), "fr", PROMISE["partners"], PROMISE["address"],
    )  # fmt: skip
    assert number == (report.report_no, "inspectors_trained", "people", 1030, None, TODAY)
    assert (sum(countries, ()), sum(themes, ())) == (("KEN", "UGA"), ("education", "mining"))
    (row,) = read_csv(ask(site, "/charts/completion-by-region.csv?region=africa").content).to_dict("records")
    assert row["actions"] == 1
    assert PROMISE["title"] in ask(site, "/extracts/actions.csv?lang=en").text
    for published in folder.published.rglob("*"):
        if published.is_file():
            content = published.read_bytes()
            assert b"awa@example.org" not in content and b"Awa Exemple" not in content, published
    assert read_row(folder, ACTIONS.name, 2)["cells"][0] == report.report_no
    assert "Votre action est acceptée" in ask(site, path).text

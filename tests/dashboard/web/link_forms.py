"""Forms behind the links of stakeholders, as they are opened, filled in and sent."""

from datetime import timedelta
from functools import cache
from pathlib import Path

import httpx
import pytest
from lxml import html
from starlette.applications import Starlette

from dashboard.campaign.reporting.links import BY_STAFF, ReportLink, ReportLinks, find_today
from dashboard.campaign.reporting.reports import Report, ReportBox
from dashboard.ground.budgets import Bucket
from dashboard.mail import reports_mail
from dashboard.web import report_pages, report_sending
from tests.charts_over_http import ask
from tests.snapshots import open_reports, publish_fixture

FIRST, SECOND = "FIX-030", "FIX-031"
"""Two actions of one stakeholder."""
HOSTILE = """<script>alert(1)</script> "><img src=x onerror=alert(1)> =cmd|' /C calc'!A0 {t} %s </textarea>"""


def open_forms(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Publish the fixture snapshot in a campaign folder that takes reports by link, at once; return the folder."""
    publish_fixture(folder)
    open_reports(folder)
    monkeypatch.setattr(report_sending, "LEAST_SECONDS", 0)
    limit = cache(lambda most: Bucket(1 / 3600, most, clock=lambda: 0.0))
    for module in (report_pages, report_sending):
        monkeypatch.setattr(module, "limit", limit)
    monkeypatch.setattr(reports_mail, "send_confirmations", lambda _settings: None)
    return folder


def make_link(campaign: Path, *action_ids: str, days: int = 30) -> ReportLink:
    return ReportLinks(campaign / "private").make(BY_STAFF, action_ids, find_today() + timedelta(days=days), "final")


def path_of(campaign: Path, link: ReportLink, lang: str = "fr") -> str:
    return ReportLinks(campaign / "private").write_address("", link, lang)


def read_fields(page: httpx.Response) -> dict[str, str]:
    """Read what the fields of a page's form hold."""
    form = html.fromstring(page.text).xpath("//form")[0]
    held = {name: value for name, value in form.fields.items() if value is not None}
    return {name: value.removeprefix("\n") for name, value in held.items()}


def send(app: Starlette, path: str, page: httpx.Response | None = None, **typed: dict[str, str]) -> httpx.Response:
    """Send what is typed about some actions, by the form of a page; the names have _ for -."""
    values = {} if page is None else read_fields(page)
    for action_id, answers in typed.items():
        values |= {f"{action_id.replace('_', '-')}/{name}": value for name, value in answers.items()}
    return ask(app, path, "POST", content=values)


def reports_in(campaign: Path) -> list[Report]:
    return ReportBox(campaign / "private").list()

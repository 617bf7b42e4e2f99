"""What is held of a stakeholder behind its link, and of a person behind a mailed one: to them alone, and once."""

import io
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from lxml import html
from starlette.applications import Starlette

from dashboard.campaign.reporting.links import BY_STAFF, PERSONAL, ReportLink, ReportLinks, find_today
from dashboard.campaign.reporting.reports import ReportBox, ReportKind
from dashboard.mail import personal_data
from dashboard.mail.subscribers import MOST_ASKS
from dashboard.web.held_pages import ERASE, OPEN
from tests.charts_over_http import ask, make_site
from tests.contacts import write_contacts
from tests.dashboard.campaign.reporting.sent import make_report
from tests.dashboard.mail.desks import BASE, make_desk, text_of, waiting
from tests.snapshots import open_reports, publish_fixture

FIRST, OTHER = "FIX-030", "FIX-001"
ADDRESS = "sample.person.001@example.org"


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    publish_fixture(tmp_path)
    open_reports(tmp_path)
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)
    monkeypatch.setattr(personal_data, "send_confirmations", lambda _settings: None)
    return tmp_path


@pytest.fixture
def app(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    return make_site(campaign, monkeypatch)


def make_link(campaign: Path, *action_ids: str) -> ReportLink:
    return ReportLinks(campaign / "private").make(BY_STAFF, action_ids, find_today() + timedelta(days=9))


def path_of(campaign: Path, link: ReportLink, page: str, lang: str = "en") -> str:
    return ReportLinks(campaign / "private").write_address("", link, lang).replace("/report/form", f"/report/{page}")


def test_a_stakeholder_sees_its_actions_and_reports_and_no_others(app: Starlette, campaign: Path) -> None:
    link, other = make_link(campaign, FIRST), make_link(campaign, OTHER)
    words = "<b>=1+1</b>"
    ReportBox(campaign / "private").put(make_report(FIRST, link=link.handle, narrative=words))
    ReportBox(campaign / "private").put(make_report(OTHER, 2, link=other.handle, narrative="Of somebody else."))
    page = ask(app, path_of(campaign, link, "held"))
    drawn = html.fromstring(page.text)
    assert page.status_code == 200 and "Of somebody else" not in page.text and OTHER not in page.text
    assert [heading.text for heading in drawn.xpath("//section/h2")] == [
        "In the figures", "Sent by this link", "Links to report", "Who sees what", "Personal data",
    ]  # fmt: skip
    assert words in drawn.xpath("//li/p/text()"), "words stay words"
    book = ask(app, path_of(campaign, link, "held.xlsx"))
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    assert sheets.sheetnames == ["In the figures", "Sent by this link", "Links to report", "Who sees what"]
    (_, sent) = sheets["Sent by this link"].iter_rows(values_only=True)
    assert (sent[1], sent[5]) == (FIRST, words)
    held = list(sheets["In the figures"].iter_rows(min_row=2, values_only=True))
    assert {row[0].split(" · ")[0] for row in held} == {FIRST, "FIX-031"}, "of the stakeholder, all"
    assert all(row[-1] for row in held if row[1] in ("Action", "Report", "Milestone")), "each has its line"
    reasons = {row[3]: row[5] for row in held if row[1] == "Criterion" and row[0].startswith(FIRST)}
    assert len(reasons) == 5 and reasons["Time-bound"] == "It has a deadline of its own.", "as it was promised"
    assert ask(app, f"/report/held?t={'rl_x.y'}").status_code == 400


def test_personal_data_open_once_by_the_address_on_file_alone(app: Starlette, campaign: Path) -> None:
    link = make_link(campaign, FIRST)
    write_contacts(campaign, {FIRST: ADDRESS, OTHER: "sample.person.002@example.org"})
    asked = ask(app, path_of(campaign, link, "held"), "POST", content={})
    assert asked.status_code == 200 and ADDRESS not in asked.text
    (mail,) = waiting(make_desk(campaign))
    assert mail["To"] == ADDRESS
    handles = [one for one in ReportLinks(campaign / "private").list() if one.origin.startswith(PERSONAL)]
    assert len(handles) == 1 and ADDRESS not in str(handles), "the store of links names nobody"
    (address,) = re.findall(r"(/report/personal\?\S+)", text_of(mail))
    for _ in range(2):
        assert ADDRESS not in ask(app, address).text, "opening asks first"
    cut = ask(app, address.replace("&lang", "x&lang"), "POST", content={"action": OPEN})
    page = ask(app, address, "POST", content={"action": OPEN})
    assert (cut.status_code, page.status_code) == (400, 200)
    assert ADDRESS in page.text and "sample.person.002" not in page.text
    assert ask(app, address, "POST", content={"action": OPEN}).status_code == 400, "it opens once"
    form = html.fromstring(page.text).xpath("//input[@name='form']/@value")[0]
    forged = ask(app, address, "POST", content={"action": ERASE, "form": form[:-2]})
    kept = ask(app, address, "POST", content={"action": ERASE, "form": form})
    (request,) = ReportBox(campaign / "private").list()
    assert (forged.status_code, kept.status_code, request.report_no in kept.text) == (400, 200, True)
    assert (request.kind, request.correction) == (ReportKind.ERASURE, ADDRESS)
    for _ in range(MOST_ASKS):
        ask(app, path_of(campaign, link, "held"), "POST", content={})
    assert len(waiting(make_desk(campaign))) == MOST_ASKS


def test_a_personal_link_ends_after_half_an_hour(
    app: Starlette, campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_contacts(campaign, {FIRST: ADDRESS})
    ask(app, path_of(campaign, make_link(campaign, FIRST), "held"), "POST", content={})
    (address,) = re.findall(r"(/report/personal\?\S+)", text_of(waiting(make_desk(campaign))[0]))
    monkeypatch.setattr(personal_data, "MINUTES", -1)
    assert ask(app, address, "POST", content={"action": OPEN}).status_code == 400

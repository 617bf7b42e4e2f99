"""From a letter to the figure: a stakeholder reports, staff accept, the build counts it as the page has promised."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from dashboard.campaign.reporting.links import find_today
from dashboard.campaign.reporting.reports import ReportBox, ReportState
from dashboard.mail.asked import Addressee, LetterLedger, Plan
from dashboard.mail.letter_batch import write_batch
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.web import report_sending
from etl.commands.row import read_row
from etl.inputs.reports_file import REPORTS
from tests.charts_over_http import BASE, address, ask, make_site, read_csv
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
title = {{ en = "Sample campaign", fr = "Campagne fictive" }}
[reports_by_link]
open = true
"""
NARRATIVE = "=1+1 : réunion tenue,\nà « Kisumu »; voir \u202bهنا\u202c"


def test_from_a_letter_to_the_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_sending, "LEAST_SECONDS", 0)
    sent = str(TODAY - timedelta(150))
    lines = (action(str(number), f"Fictional Union {number}", Where="Kenya", Sent=sent) for number in range(1, 5))
    folder = make_campaign(tmp_path / "c", {"a.csv": register(*lines)})
    (folder.root / "campaign.toml").write_text(SETTINGS, encoding="utf-8")
    publish_campaign(folder)
    site, box = make_site(folder.root, monkeypatch), ReportBox(folder.private)
    recipient = Addressee("", "fr", ("OFF-2",), ("",), frozenset({"OFF-2"}))
    noted = LetterLedger(folder.private, is_sample=False).note([recipient], Plan(TODAY, 14, "final", "files"))
    (letter,) = write_batch(database.current(Settings.from_environment()), folder, noted.batch_id, BASE)
    path = re.search(rf"{BASE}(/report/form\S+)", letter.letter.text)[1]

    def count() -> tuple[int, int, int]:
        chart = ask(site, address("completion-by-region", "csv", {"region": ["africa"]}))
        (row,) = read_csv(chart.content).to_dict("records")
        return row["actions"], row["reported"], row["completed"]

    assert count() == (4, 0, 0)
    page = html.fromstring(ask(site, path).text)
    assert re.search(r"Afrique.*passent de 4 à 3\.", page.text_content()), "what the page promises"
    (form,) = page.xpath("//form")
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
    assert read_row(folder, REPORTS.name, 2)["cells"][0] == report.report_no
    after = html.fromstring(ask(site, path).text).text_content()
    assert f"{report.report_no} · Accepté" in after and re.search("Public à présent.*Achevée", after)

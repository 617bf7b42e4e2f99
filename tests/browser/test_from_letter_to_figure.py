"""From a letter in French on a telephone to the figure on Overview: how many taps it takes, and where it came from."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.links import find_today
from dashboard.campaign.reporting.reports import ReportBox
from dashboard.i18n import translator
from dashboard.mail.asked import Addressee, LetterLedger, Plan
from dashboard.mail.letter_batch import write_batch
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.web.report_sending import LEAST_SECONDS
from etl.commands.row import read_row
from etl.inputs.reports_file import REPORTS
from tests.browser.conftest import PATIENCE, running_server
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.program import run_on
from tests.etl.registers import action, register

pytestmark = [pytest.mark.browser, pytest.mark.nightly]

PHONE = {"width": 360, "height": 740}
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


@pytest.fixture
def folder(tmp_path: Path) -> CampaignFolder:
    """Return a published campaign of four actions that nobody has reported on."""
    sent = str(TODAY - timedelta(150))
    lines = (action(str(number), f"Fictional Union {number}", Where="Kenya", Sent=sent) for number in range(1, 5))
    folder = make_campaign(tmp_path / "campaign", {"a.csv": register(*lines)})
    (folder.root / "campaign.toml").write_text(SETTINGS, encoding="utf-8")
    publish_campaign(folder)
    return folder


@pytest.fixture
def telephone(browser: Browser) -> Iterator[Page]:
    """Yield a page on a telephone without scripts."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, has_touch=True, locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_a_report_takes_two_taps_and_is_a_figure_with_its_line(
    folder: CampaignFolder,
    telephone: Page,
    browser: Browser,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    t = translator("fr")
    with running_server(folder.root, tmp_path) as server:
        recipient = Addressee("", "fr", ("OFF-2",), ("",), frozenset({"OFF-2"}))
        noted = LetterLedger(folder.private, is_sample=False).note([recipient], Plan(TODAY, 14, "final", "files"))
        settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)})
        (letter,) = write_batch(database.current(settings), folder, noted.batch_id, "https://actions.example.org")
        way = re.search(r"(/report/form\S+)", letter.letter.text)[1]
        reader = browser.new_page(locale="fr-FR", viewport=PHONE)
        reader.set_default_timeout(PATIENCE)

        def read_overview(words: str) -> None:
            reader.goto(f"{server}/?lang=fr")
            expect(reader.locator("h1").first).to_contain_text(words)

        read_overview("pas encore de rapport sur 4 actions")
        begun = perf_counter()
        telephone.goto(server + way)
        telephone.get_by_role("radio", name="Achevée").tap()
        telephone.wait_for_timeout(LEAST_SECONDS * 1_000)
        telephone.get_by_role("button", name=t("Send"), exact=True).tap()
        thanks = "Thank you. {n} report waits for the secretariat", "Thank you. {n} reports wait for the secretariat"
        expect(telephone.locator("h1")).to_have_text(t.plural(*thanks, 1))
        (report,) = ReportBox(folder.private).list()
        expect(telephone.locator("body")).to_contain_text(report.report_no)
        record_property("seconds to the receipt", perf_counter() - begun)
        run_on(folder, "reports", "--accept", report.report_no)
        run_on(folder, "build", "--quiet")
        read_overview("3 au statut inconnu")
        record_property("seconds to the figure", perf_counter() - begun)
        reader.goto(f"{server}/actions?action=OFF-2&lang=fr")
        expect(reader.get_by_test_id("stMain").get_by_text("Achevée", exact=True).first).to_be_visible()
        reader.close()
        assert read_row(folder, REPORTS.name, 2)["cells"][0] == report.report_no, "the figure has its line"

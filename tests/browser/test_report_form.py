"""From a stakeholder's link to the receipt: on a narrow telephone, in French, by keys alone, without scripts."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.campaign.reporting.links import BY_STAFF, ReportLinks, find_today
from dashboard.campaign.reporting.reports import FOLDER, ReportBox
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.report_sending import LEAST_SECONDS, PUBLIC
from tests.browser import looks
from tests.browser.conftest import PATIENCE
from tests.snapshots import open_reports

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
MOST_PRESSES = 60


@pytest.fixture
def reports(campaign: Path) -> Iterator[ReportBox]:
    """Yield the reports of the served campaign, which takes them for as long."""
    open_reports(campaign)
    yield ReportBox(campaign / "private")
    (campaign / "campaign.toml").unlink()
    shutil.rmtree(campaign / "private" / FOLDER)  # where reports wait, pages of staff say so


@pytest.fixture
def keys(browser: Browser) -> Iterator[Page]:
    """Yield a page on a narrow telephone without scripts."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="fr-FR", color_scheme="dark")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(MOST_PRESSES):
        page.keyboard.press("Tab")
        if target.and_(page.locator(":focus")).count():
            return
    raise AssertionError(f"Tab does not lead to {target}")


def find_faults(browser: Browser, page: Page) -> list[looks.Finding]:
    """List what axe finds in the page, in a context that runs axe; and whether it is wider than its screen."""
    context = browser.new_context(viewport=PHONE, color_scheme="dark")
    try:
        copy = context.new_page()
        copy.set_content(page.content())
        assert copy.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        return looks.examine(copy)
    finally:
        context.close()


def test_by_keys_alone_from_the_link_to_the_receipt(
    browser: Browser, keys: Page, server: str, campaign: Path, reports: ReportBox, snapshot: Snapshot
) -> None:
    t = translator("fr")
    unknown = snapshot.query(
        "silent_actions", {**Selection().sql_parameters(snapshot), "kind": "unknown", "since": None}
    )
    links = ReportLinks(campaign / "private")
    link = links.make(BY_STAFF, [unknown["action_id"].iloc[0]], find_today() + timedelta(days=9))
    keys.goto(links.write_address(server, link, "fr"))
    expect(keys.locator("h1")).to_have_text(t.plural("Report on your action", "Report on your actions", 1))
    expect(keys.locator("form")).to_contain_text(t(PUBLIC["after_review"]))
    assert find_faults(browser, keys) == []

    reach(keys, keys.locator("#a1-status"))
    keys.keyboard.press("ArrowDown")  # the first status has the focus, and nothing is chosen yet
    chosen = keys.locator("input:checked")
    label = chosen.locator("xpath=..").inner_text().strip()
    reach(keys, keys.locator("#a1-percent"))
    keys.keyboard.type("140")
    reach(keys, keys.locator("#a1-narrative"))
    keys.keyboard.type("Deux ateliers, trente inspecteurs formés.")
    reach(keys, keys.locator("#a1-evidence"))
    keys.keyboard.type("https://example.org/ateliers")
    reach(keys, keys.locator("button"))
    keys.wait_for_timeout(LEAST_SECONDS * 1000)  # nobody fills in a form in less
    keys.keyboard.press("Enter")

    fault = t("Write a number from 0 to 100.")
    expect(keys).to_have_title(t.plural("{n} answer needs a correction", "{n} answers need a correction", 1))
    expect(keys.locator("#a1-percent")).to_have_accessible_description(f"{t('A number from 0 to 100')} {fault}")
    expect(keys.locator("#a1-narrative")).to_have_value("Deux ateliers, trente inspecteurs formés.")
    assert find_faults(browser, keys) == []
    reach(keys, keys.get_by_role("alert").get_by_role("link"))
    keys.keyboard.press("Enter")
    expect(keys.locator("#a1-percent")).to_be_focused()
    keys.keyboard.press("Control+A")
    keys.keyboard.type("40")
    keys.keyboard.press("Enter")  # in a field it sends too

    heading = ("Thank you. {n} report waits for the secretariat", "Thank you. {n} reports wait for the secretariat")
    expect(keys.locator("h1")).to_have_text(t.plural(*heading, 1))
    (report,) = reports.list(link=link.handle)
    expect(keys.locator("body")).to_contain_text(report.report_no)
    expect(keys.locator("dd").first).to_have_text(label)
    assert (report.percent, report.evidence, report.lang) == (40, "https://example.org/ateliers", "fr")
    assert find_faults(browser, keys) == []

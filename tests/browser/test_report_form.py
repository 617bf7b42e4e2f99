"""From a stakeholder's link to the receipt: on a narrow telephone, in French, by keys alone, without scripts.

With scripts, and only if somebody ticks it, what is typed stays on the device until it is sent.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.campaign.reporting.evidence_store import FOLDER as EVIDENCE
from dashboard.campaign.reporting.links import BY_STAFF, ReportLink, ReportLinks, find_today
from dashboard.campaign.reporting.reports import FOLDER, ReportBox
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.report_sending import LEAST_SECONDS, PUBLIC
from tests.browser import looks
from tests.browser.conftest import PATIENCE
from tests.dashboard.campaign.reporting.handed_in import make_picture
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
    for folder in (FOLDER, EVIDENCE):
        shutil.rmtree(campaign / "private" / folder, ignore_errors=True)  # where reports wait, pages of staff say so


@pytest.fixture
def keys(browser: Browser) -> Iterator[Page]:
    """Yield a page on a narrow telephone without scripts."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="fr-FR", color_scheme="dark")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def link(campaign: Path, snapshot: Snapshot) -> ReportLink:
    """Make a link to an action of which nothing is known."""
    choice = {**Selection().sql_parameters(snapshot), "kind": "unknown", "since": None}
    unknown = snapshot.query("silent_actions", choice)
    links = ReportLinks(campaign / "private")
    return links.make(BY_STAFF, [unknown["action_id"].iloc[0]], find_today() + timedelta(days=9))


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
    browser: Browser, keys: Page, server: str, campaign: Path, reports: ReportBox, link: ReportLink
) -> None:
    t = translator("fr")
    keys.goto(ReportLinks(campaign / "private").write_address(server, link, "fr"))
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
    reach(keys, keys.locator("summary").first)
    keys.keyboard.press("Enter")
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": make_picture()}
    keys.locator("#a1-files").set_input_files(photo)
    reach(keys, keys.locator("#a1-description"))
    keys.keyboard.type("Un atelier")
    reach(keys, keys.locator("button"))
    keys.wait_for_timeout(LEAST_SECONDS * 1000)  # nobody fills in a form in less
    keys.keyboard.press("Enter")

    fault = t("Write a number from 0 to 100.")
    expect(keys).to_have_title(t.plural("{n} answer needs a correction", "{n} answers need a correction", 1))
    expect(keys.locator("#a1-percent")).to_have_accessible_description(f"{t('A number from 0 to 100')} {fault}")
    expect(keys.locator("#a1-narrative")).to_have_value("Deux ateliers, trente inspecteurs formés.")
    expect(keys.get_by_role("group", name="photo.jpg")).to_be_visible()
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
    assert [(file.name, file.description, file.can_be_public) for file in report.files] == [
        ("photo.jpg", "Un atelier", False)
    ]
    assert find_faults(browser, keys) == []
    keys.get_by_role("link", name=t("Change or add something")).click()
    expect(keys.get_by_role("button", name=t("Withdraw {name}", name="photo.jpg"))).to_be_visible()
    assert find_faults(browser, keys) == []


@pytest.mark.nightly
def test_a_draft_stays_on_the_device_only_where_it_is_ticked_and_until_it_is_sent(
    browser: Browser, server: str, campaign: Path, reports: ReportBox, link: ReportLink
) -> None:
    links, t, context = ReportLinks(campaign / "private"), translator("fr"), browser.new_context(locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        page.goto(links.write_address(server, link, "fr"))
        tick = page.get_by_label(t("Keep what I type on this device until it is sent"))
        expect(tick).not_to_be_checked()
        page.locator("#a1-narrative").fill("Rien ne reste.")
        page.reload()
        expect(page.locator("#a1-narrative")).to_have_value("")
        tick.check()
        page.locator("#a1-narrative").fill("Un atelier.")
        page.get_by_text(t("Tell a story, or announce an event")).click()
        page.locator("#p0-title").fill("Un récit")
        page.locator("[name='post/kind'][value=event]").check()
        page.reload()
        expect(tick).to_be_checked()
        expect(page.locator("#a1-narrative")).to_have_value("Un atelier.")
        expect(page.locator("#p0-title")).to_be_visible()
        expect(page.locator("[name='post/kind'][value=event]")).to_be_checked()
        stored = page.evaluate("JSON.stringify(localStorage)")
        assert "Un atelier." in stored and links.write_token(link) not in stored and "form" not in stored
        tick.uncheck()
        assert page.evaluate("localStorage.length") == 0
        tick.check()
        page.locator("#p0-title").fill("")
        page.wait_for_timeout(LEAST_SECONDS * 1000)
        page.get_by_role("button", name=t("Send"), exact=True).click()
        expect(page.locator("[data-sent]")).to_be_visible()
        assert page.evaluate("localStorage.length") == 0
        assert [one.narrative for one in reports.list(link=link.handle)] == ["Un atelier."]
    finally:
        context.close()

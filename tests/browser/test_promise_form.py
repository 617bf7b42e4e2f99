"""A new action is submitted and confirmed on a narrow telephone, in French, by keys alone, without scripts."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.campaign.reporting.promises import PromiseLinks
from dashboard.campaign.reporting.reports import FOLDER, ReportBox, ReportState
from dashboard.i18n import translator
from dashboard.web.promise_pages import LEAST_SECONDS, PUBLIC, WAITS
from tests.browser.test_report_form import find_faults, keys, reach
from tests.snapshots import open_promises

pytestmark = pytest.mark.browser
__all__ = ["keys"]


@pytest.fixture
def promises(campaign: Path) -> Iterator[ReportBox]:
    """Yield the promises of the served campaign, which takes them for as long."""
    open_promises(campaign)
    yield ReportBox(campaign / "private")
    (campaign / "campaign.toml").unlink()
    shutil.rmtree(campaign / "private" / FOLDER)  # where reports wait, pages of staff say so


def test_by_keys_alone_from_the_form_to_the_confirmation(
    browser: Browser, keys: Page, server: str, campaign: Path, promises: ReportBox
) -> None:
    t = translator("fr")
    keys.goto(f"{server}/promise?lang=fr")
    expect(keys.locator("h1")).to_have_text(t("Submit a new action"))
    expect(keys.locator("form")).to_contain_text(t(PUBLIC))
    assert find_faults(browser, keys) == []
    for name, words in {
        "title": "Des inspecteurs pour Kisumu", "description": "Former trente inspecteurs.",
        "stakeholder": "Syndicat fictif", "contact_name": "Awa Exemple", "contact_email": "awa@example.org",
    }.items():  # fmt: skip
        keys.locator(f"#{name}").fill(words)
    keys.wait_for_timeout(LEAST_SECONDS * 1000)  # nobody fills in a form in less
    reach(keys, keys.locator("button"))
    keys.keyboard.press("Enter")

    expect(keys).to_have_title(t.plural("{n} answer needs a correction", "{n} answers need a correction", 4))
    expect(keys.locator("#title")).to_have_value("Des inspecteurs pour Kisumu")
    assert find_faults(browser, keys) == []
    reach(keys, keys.get_by_role("alert").get_by_role("link").first)
    keys.keyboard.press("Enter")
    expect(keys.locator("#category")).to_be_focused()
    keys.keyboard.press("Space")
    reach(keys, keys.locator("#themes"))
    keys.keyboard.press("Space")
    reach(keys, keys.locator("#stakeholder_group"))
    keys.keyboard.press("ArrowDown")
    reach(keys, keys.locator("#countries"))
    keys.keyboard.press("Enter")  # opens the countries of the first region
    keys.keyboard.press("Tab")
    keys.keyboard.press("Space")
    assert find_faults(browser, keys) == []
    keys.keyboard.press("Shift+Tab")
    keys.keyboard.press("Enter")  # closes them again: the way on is short
    reach(keys, keys.locator("button"))
    keys.keyboard.press("Enter")

    expect(keys.locator("h1")).to_have_text(t(WAITS))
    (report,) = promises.list(ReportState.WAITING)
    expect(keys.locator("body")).to_contain_text(report.report_no)
    assert len(report.promise["countries"]) == len(report.promise["themes"]) == 1
    assert find_faults(browser, keys) == []

    number = "R-22222-22222"
    promises.put(replace(report, report_no=number, state=ReportState.UNCONFIRMED))
    keys.goto(PromiseLinks(campaign / "private").write_address(server, number, "fr"))
    expect(keys.locator("h1")).to_have_text(t("Do you submit this action?"))
    assert find_faults(browser, keys) == []
    reach(keys, keys.locator("button"))
    keys.keyboard.press("Enter")
    expect(keys.locator("h1")).to_have_text(t(WAITS))
    assert {one.report_no for one in promises.list(ReportState.WAITING)} == {report.report_no, number}

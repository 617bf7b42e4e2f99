"""Every page as axe-core sees it, and the input of keyboard and screen readers: focus, landmarks, changes, words."""

import re
from collections.abc import Iterator
from functools import partial
from shutil import copytree

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.i18n import Translator, translator
from dashboard.measures import register
from dashboard.measures.counts import headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page_help import PAGE_HELP
from tests.acceptance.conftest import publish_sample
from tests.acceptance.samples import SAMPLES
from tests.browser import looks
from tests.browser.conftest import running_server
from tests.browser.ways import choose, open_page
from tests.snapshots import open_promises

pytestmark = pytest.mark.browser

PARTS = 6
FOCUSED = """() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one.innerText;
}"""


@pytest.fixture(scope="module")
def sample_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the dashboard on the shipped sample with its figures about countries, with staff's pages."""
    folder = tmp_path_factory.mktemp("sample")
    copytree(SAMPLES / "context", folder / "campaign" / "context")
    publish_sample(folder / "campaign")
    open_promises(folder / "campaign")
    with running_server(folder / "campaign", folder, DASHBOARD_STAFF="open", DASHBOARD_NEWSLETTER="on") as address:
        yield address


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_without_fault_in_every_language_scheme_and_width(
    browser: Browser, sample_server: str, part: int
) -> None:
    every = looks.pair_up(looks.list_places())[part::PARTS]
    own = looks.find_faults(partial(looks.look_at, browser, sample_server), every)
    assert not own, "\n".join(own)


@pytest.mark.nightly
@pytest.mark.parametrize("page_id", sorted({place[0] for place in looks.list_places()} - looks.ROUTES.keys()))
def test_whatever_opens_above_a_page_is_without_fault_on_a_dark_ground(
    browser: Browser, sample_server: str, page_id: str
) -> None:
    context = browser.new_context(bypass_csp=True, color_scheme="dark", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    open_page(page, f"{sample_server}/{page_id if page_id != 'overview' else ''}?lang=fr")
    looks.wait(page)
    found = [*looks.examine_opened(page)]
    context.close()
    assert found == []


@pytest.mark.nightly
@pytest.mark.parametrize("rule", looks.OF_STREAMLIT)
def test_what_is_said_to_be_of_streamlit_is_still_there(browser: Browser, sample_server: str, rule: str) -> None:
    look = looks.OF_STREAMLIT[rule].look
    found = [finding for _ in range(2) for finding in looks.look_at(browser, sample_server, look)]
    assert rule in map(looks.name_known, found)


def test_the_looks_cover_what_can_meet() -> None:
    chosen = looks.pair_up(looks.list_places())
    assert {look[:3] for look in chosen} == set(looks.list_places())
    for page in {look.page for look in chosen}:
        assert {look.lang for look in chosen if look.page == page} == set(looks.LANGS)
        assert {look.width for look in chosen if look.page == page} == set(looks.WIDTHS)
    assert len(chosen) < 2 * len(set(looks.list_places()))


def test_a_reader_with_keys_and_a_screen_reader_goes_from_overview_to_an_action(
    reader: Page, server: str, snapshot: Snapshot
) -> None:
    t = translator("es")
    reader.emulate_media(color_scheme="dark", reduced_motion="no-preference")  # moving elements take no focus
    open_page(reader, f"{server}/?status=completed&lang=es")
    pages = reader.get_by_role("navigation", name=t("Pages"))
    expect(pages.locator("[aria-current=page]")).to_have_text(t("Overview"))
    assert reader.evaluate("document.activeElement === document.body")  # nothing is taken from who has just come
    expect(reader.locator(".st-key-reading [role=status]")).to_be_attached()
    looks.wait(reader)
    reader.keyboard.press("Tab")
    expect(reader.get_by_test_id("stSkipToContent")).to_be_focused()
    reader.keyboard.press("Enter")
    expect(reader.locator("h1")).to_be_focused()  # past the header and the filters
    take_a_chart_by_keys(reader, t, presses=2)
    open_popovers(reader, t)
    search_by_keys(reader, t)

    chosen = Selection(regions=("africa",), statuses=("completed",), lang="es")
    choose(reader, "region", snapshot.codes["regions"]["africa"].labels["es"])
    said = reader.locator(".st-key-reading [role=status]")
    expect(said).to_contain_text(snapshot.codes["regions"]["africa"].labels["es"])
    expect(said).to_contain_text(f": {headline(snapshot, chosen).actions} acci")
    expect(reader.locator("[data-chip=region] [popover] input:checked")).to_be_focused()
    reader.keyboard.press("Escape")  # the list of regions is open, and hides the elements around it
    looks.wait(reader)
    assert [finding for finding in looks.examine_words(reader, "es") if looks.name_known(finding) is None] == []

    pages.get_by_role("link", name=t("Actions"), exact=True).press("Enter")
    expect(reader.locator("h1")).to_have_text(t("Actions"))
    expect(reader.locator("h1")).to_be_focused()
    expect(reader.locator("nav [aria-current=page]")).to_have_text(t("Actions"))

    first = register.page(snapshot, chosen, limit=1).iloc[0]
    reader.get_by_role("table", name=t("Actions")).get_by_role("link", name=first["title"], exact=True).press("Enter")
    expect(reader.get_by_role("heading", name=first["title"])).to_be_focused()
    reader.get_by_role("link", name=t("Back to the register")).press("Enter")
    title = reader.get_by_role("table", name=t("Actions")).get_by_role("link", name=first["title"], exact=True)
    expect(title).to_be_focused()
    open_help(reader, t)


def search_by_keys(page: Page, t: Translator) -> None:
    """Check that the focus stays in the field, which names the marked entry; Escape closes the list, then clears it."""
    field, options = page.get_by_role("combobox", name=t("Search")), page.get_by_role("option")
    field.press_sequentially("fix")
    expect(options.nth(1)).to_be_visible()
    expect(field.locator("xpath=../..").get_by_role("status")).to_have_text(re.compile(r"\d+ resultados"))
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    marked = field.get_attribute("aria-activedescendant")
    assert marked == options.nth(1).get_attribute("id") and marked
    assert [finding for finding in looks.examine_words(page, "es") if looks.name_known(finding) is None] == []
    field.press("Escape")
    expect(options.first).to_be_hidden()
    field.press("Escape")
    expect(field).to_have_value("")
    expect(field).to_be_focused()


def take_a_chart_by_keys(page: Page, t: Translator, presses: int) -> None:
    """From Overview 12 presses give the Excel of the regions, and 20 copy the code that embeds their chart."""
    share = page.locator(".st-key-share-completion-by-region button")
    assert share.evaluate("button => getComputedStyle(button).opacity") == "1", "seen without a mouse over it"
    presses += tab_to(page, t("Share this chart"))
    expect(share).to_be_focused()
    page.keyboard.press("Enter")
    opened = page.get_by_role("dialog", name=t("Share this chart"))
    expect(opened.get_by_role("link", name=t("Picture (PNG)"))).to_be_focused()
    presses += 1 + tab_to(page, t("Excel"))
    with page.expect_download(timeout=120_000) as taken:
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename.endswith(".xlsx")
    assert presses + 1 <= 12
    presses += tab_to(page, "<iframe")
    copy = page.locator(".st-key-share-completion-by-region-code").get_by_test_id("stElementToolbarButton")
    expect(copy.get_by_role("button")).to_be_attached()
    page.keyboard.press("Tab")
    expect(copy.get_by_role("button")).to_be_focused()
    assert presses + 2 <= 20
    page.keyboard.press("Escape")


def tab_to(page: Page, words: str) -> int:
    """Press Tab until the focused element has these words; return how often."""
    for presses in range(1, 20):
        page.keyboard.press("Tab")
        page.wait_for_timeout(100)  # some stops come when the one before has the focus
        if words in page.evaluate(FOCUSED):
            return presses
    raise AssertionError(words)


def open_popovers(page: Page, t: Translator) -> None:
    """Check that a popover's content comes after its button, and that the focus goes back to the button."""
    link = page.locator("[data-testid=stPopoverButton]:visible", has_text=t("Link"))
    link.press("Enter")
    opened = page.get_by_role("dialog", name=t("Link"))
    expect(opened.locator(":focus")).to_be_visible()
    copy = opened.get_by_test_id("stElementToolbarButton").get_by_role("button")
    expect(copy).to_be_attached()
    page.keyboard.press("Tab")
    expect(copy).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def open_help(page: Page, t: Translator) -> None:
    """On Actions: the help has the focus when it opens, and gives it back to its button."""
    button = page.get_by_role("button", name=t("Help"), exact=True)
    button.press("Enter")
    opened = page.get_by_role("dialog", name=f"{t('Help')}{t(': ')}{t('Actions')}")
    expect(opened).to_be_focused()
    expect(opened.get_by_role("listitem")).to_have_text([t(way) for way in PAGE_HELP["actions"].ways])
    page.keyboard.press("Escape")
    expect(button).to_be_focused()

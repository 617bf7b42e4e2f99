"""The looks of axe-core: every page in its states, with languages, schemes and widths, any two of which meet.

On pages in another language they include the English of Streamlit's widgets.

Findings in elements that Streamlit draws and that cannot be changed from outside are listed here, with the reason.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from zlib import crc32

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboard.ground.page_addresses import write
from dashboard.ui.frame.header import DETAIL_PAGES, OWN_PAGES, PAGES, STAFF_PAGES
from dashboard.ui.quality.body import SECTIONS
from dashboard.ui.settings import body as settings_body
from dashboard.ui.silent import body as silent_body
from tests.browser import streamlit_english

LANGS, SCHEMES, WIDTHS = ("en", "fr", "es"), ("light", "dark"), (1280, 390, 320)
STATES = {"plain": "", "filtered": "region=africa&status=completed", "empty": "q=none+has+these+words"}
DETAILS = {
    "overview": ("region=atlantis",),  # a link that is refused
    "countries": ("indicator=completion-map:child_labour_prevalence",),
    "regions": ("chart=completion-by-country&region=africa&region=americas",),
    "explore": ("measure=reporting_rate&by=region&and=theme",),
    "actions": ("action=MSF-1", "action=MSF-53", "action=there-is-none"),
    "briefing": ("chart=status-overview",),
    "country": ("country=KEN",),
    "help": ("guide=partners",),
    "latest": ("since=monday&by=known", "entry=there-is-none"),
    "stakeholders": ("stakeholder=st_9478b913d243",),
    "compare": ("region=africa&vs.region=americas", "vs.as_of=2021-07-19"),
    "milestones": ("as_of=2021-05-31&state=unknown",),
    "quality": tuple(f"section={name}" for name in SECTIONS),
    "settings": tuple(f"section={name}" for name in settings_body.SECTIONS),
    "shared_links": ("region=africa&to=%2Fcharts%2Fcompletion-by-region%3Fregion%3Dafrica%26lang%3Den",),
    "silent": tuple(f"section={name}" for name in silent_body.SECTIONS),
}
"""States of pages beside the plain, filtered and empty ones."""
OPENED = {
    "overview": "[data-chip] > button.shown:visible",
    "actions": "[data-testid=stPopoverButton]:visible >> nth=-1",
    "regions": "[class*=st-key-share-] [data-testid=stPopoverButton]:visible",
    "latest": "[data-testid=stPopoverButton]:visible >> nth=-1",
    "themes": "[class*=st-key-large-] button:visible",
    "milestones": ".st-key-title button:visible",
}
"""Buttons of pages that open something above them: a filter, columns, a chart's files and large view, the help."""
OPENERS = ":is([data-chip] > .shown, [data-testid=stPopoverButton], [data-testid=stMenuButtonButton]):visible"
"""The elements that open something above a page of Streamlit's at a click: popovers and menus."""
ROUTES: dict[str, tuple[str, ...]] = {
    "charts": (),
    "charts/completion-by-region": ("peers=1&region=africa", "region=atlantis"),
    "charts/status-overview": (),
    "charts/region-by-theme": (),
    "charts/completion-over-time": (),
    "charts/results-by-region": ("indicator=money_spent&unit=eur_2021", "indicator=money_spent"),
    "charts/results-over-time": (),
    "charts/criteria-by-group": (),
    "charts/completion-and-context": (),
    "charts/said-and-known": (),
    "charts/completion-over-time/interactive": (),
    "charts/completion-map": (),
    "charts/completion-tiles": (),
    "charts/over-time-by-region": (),
    "charts/explore": (),
    "charts/there-is-none": (),
    "show": (),
    "newsletter/sign-up": (),
    "newsletter/confirm": (),
    "report/form": (),
    "report/lost": (),
    "promise": (),
    "openapi": (),
}
"""Pages that are not Streamlit's, and their states beside the plain one."""


class Look(NamedTuple):
    """One page in one state, and how it is looked at."""

    page: str
    state: str
    query: str
    lang: str
    scheme: str
    width: int


class Known(NamedTuple):
    """An unchangeable drawing of Streamlit's: a part of the element's HTML, and its places."""

    words: str
    look: Look


OF_STREAMLIT = {
    # The field for files has a role and a name at once.
    "presentation-role-conflict": Known("stFileUploaderDropzone", Look("upload", "plain", "", "en", "light", 1280)),
}

AT_TIMES = {"region": ("stSkipToContent", 'role="menu"')}
"""Streamlit's too: its link to the content and its menus lie outside of landmarks, which axe mostly forgives."""


class Finding(NamedTuple):
    """A finding of axe."""

    rule: str
    html: str
    why: str


def list_places() -> Iterator[tuple[str, str, str]]:
    """Yield every page in each of its states, with the parameters of its link."""
    for spec in (*PAGES, *DETAIL_PAGES, *OWN_PAGES, *STAFF_PAGES):
        states = {"plain": ""} if spec in (*OWN_PAGES, *STAFF_PAGES) else STATES
        yield from ((spec.page_id, state, query) for state, query in states.items())
        yield from ((spec.page_id, "detail", query) for query in DETAILS.get(spec.page_id, ()))
    for route, queries in ROUTES.items():
        yield route, "plain", ""
        yield from ((route, "detail", query) for query in queries)


def pair_up(places: Iterable[tuple[str, str, str]]) -> list[Look]:
    """Few looks at these places: all of them, and any two of page, state, language, scheme and width that can meet."""
    looks = [Look(*place, *how) for place in places for how in product(LANGS, SCHEMES, WIDTHS)]
    looks.sort(key=lambda look: crc32(repr(look).encode()))  # of equals not always the first
    pairs = {look: {look[:3], *combinations(enumerate(look._replace(query="")), 2)} for look in looks}
    wanted = set().union(*pairs.values())
    chosen = []
    while wanted:
        best = max(looks, key=lambda look: len(pairs[look] & wanted))
        chosen.append(best)
        wanted -= pairs[best]
    return chosen


def find_faults(look_at: Callable[[Look], list[Finding]], chosen: Iterable[Look]) -> list[str]:
    """List axe's findings that occur in two looks, without Streamlit's; the second gives a page time to finish."""

    def find_own(look: Look) -> set[Finding]:
        return {finding for finding in look_at(look) if name_known(finding) is None}

    faults = []
    for look in chosen:
        first = find_own(look)
        faults += [f"{look}: {finding}" for finding in (first and first & find_own(look))]
    return faults


def look_at(browser: Browser, server: str, look: Look) -> list[Finding]:
    """Look with axe at a page as a first visitor, and at everything that opens on it."""
    context = browser.new_context(bypass_csp=True)
    try:
        return look_in(context.new_page(), server, look)
    finally:
        context.close()


def look_in(page: Page, server: str, look: Look) -> list[Finding]:
    """Open the look's page in this one; look with axe at it, and at everything that opens on it."""
    page.set_viewport_size({"width": look.width, "height": 900})
    page.emulate_media(color_scheme="dark" if look.scheme == "dark" else "light")
    page.goto(write(server, look.page, [*parse_qsl(look.query), ("lang", look.lang)]))
    return examine(page) if look.page in ROUTES else [*open_all(page, look)]


def look_here(page: Page, look: Look) -> list[Finding]:
    """Look with axe at the open page, and at everything that opens on it, which is closed again."""
    found = [*open_all(page, look)]
    page.keyboard.press("Escape")
    return found


def open_all(page: Page, look: Look) -> Iterator[Finding]:
    """Look with axe at one of Streamlit's pages, and at it with its filters or something else opened."""
    wait(page)
    yield from examine_words(page, look.lang)
    if look.state == "filtered" and look.width < 640 and page.locator(".more-chips").count():
        page.locator(".more-chips summary").click()
        expect(page.locator("[data-chip=region]")).to_be_in_viewport()
        yield from examine_words(page, look.lang)
    if look.state == "plain" and look.page in OPENED:
        page.locator(OPENED[look.page]).first.click()
        page.mouse.move(0, 0)  # the help of the button goes
        expect(page.get_by_test_id("stTooltipContent")).to_have_count(0)
        expect(page.locator("[role=dialog]").first).to_be_visible()
        wait(page)
        yield from examine_words(page, look.lang)


PATIENCE = 4
"""The number of further searches for a finding before it counts."""


def examine_opened(page: Page) -> Iterator[Finding]:
    """Look with axe at a page while each thing that opens above it is open, one after the other."""
    buttons, opened = page.locator(OPENERS), page.locator("[role=dialog]:visible, [role=menu]:visible")
    for number in range(buttons.count()):
        buttons.nth(number).click()
        page.mouse.move(0, 0)
        expect(opened.first).to_be_visible()
        wait(page)
        stays = {finding for finding in examine(page) if name_known(finding) is None}
        for _ in range(PATIENCE):  # a component that has just come has its colours a little later
            if stays:
                page.wait_for_timeout(250)
                stays &= set(examine(page))
        yield from stays
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)


def wait(page: Page) -> None:
    """Until a page of Streamlit's stands still."""
    expect(page.locator(".footer, [data-testid=stAlert]").filter(visible=True).first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    page.wait_for_function(_IS_STILL)


_IS_STILL = """() => document.getAnimations().every((one) => one.playState !== "running"
  || one.timeline !== document.timeline || one.effect.getTiming().iterations > 9)"""


def examine_words(page: Page, lang: str) -> list[Finding]:
    """List the findings of axe, and Streamlit's words that are not in the page's language."""
    english = streamlit_english.list_english(page, lang) if lang != "en" else ()
    return [*examine(page), *(Finding("english", words, "Streamlit's own words") for words in sorted(english))]


def examine(page: Page) -> list[Finding]:
    """List the findings of axe; include the size of targets, which it leaves out by itself."""
    options = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
    answer: dict[str, Any] = Axe().run(page, options=options).response
    return [
        Finding(item["id"], node["html"], node["failureSummary"])
        for item in answer["violations"]
        for node in item["nodes"]
    ]


def name_known(finding: Finding) -> str | None:
    """Return the name of a finding that is Streamlit's own."""
    known = OF_STREAMLIT.get(finding.rule)
    words = (known.words,) if known is not None else AT_TIMES.get(finding.rule, ())
    return finding.rule if any(one in finding.html for one in words) else None

"""Whole journeys of a reader, in a real browser on the real server: each opens few pages and looks at much on them."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from dashboard.formats import format_date, format_percent
from dashboard.ground.page_addresses import write
from dashboard.i18n import Translator, translator
from dashboard.measures import register
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from tests.browser.streamlit_english import list_english
from tests.browser.ways import choose, choose_language, expect_actions, go, mark, open_page, query, settle
from tests.shipped import LANGUAGES

pytestmark = pytest.mark.browser
everywhere = pytest.mark.parametrize("lang", [pytest.param(lang, marks=pytest.mark.nightly) for lang in LANGUAGES])
BARS = "completion-by-region"
AFRICA, AMERICAS = Selection(regions=("africa",)), Selection(regions=("americas",))


def rate(snapshot, selection: Selection) -> str:
    h = headline(snapshot, selection)
    return format_percent(h.completed, h.actions, selection.lang)


def test_a_reader_filters_shares_the_link_and_reads_an_action_of_the_rows(reader, server, snapshot):
    """The file of the rows: `test_extracts.py`."""
    assert rate(snapshot, Selection()) != rate(snapshot, AMERICAS)
    open_page(reader, server)
    expect(reader.get_by_role("link", name="Sign in")).to_be_visible()
    expect(reader.locator("h1")).to_contain_text(f"{rate(snapshot, Selection())} of")
    expect(reader.locator(".js-plotly-plot")).to_have_count(0)
    filter_by_keys_alone_and_go_back(reader, snapshot)

    choose(reader, "region", "Americas")
    expect(reader.locator("h1")).to_contain_text(f"{rate(snapshot, AMERICAS)} of")
    assert query(reader) == {"region": ["americas"], "lang": ["en"]}
    reader.keyboard.press("Escape")  # the list of regions is open, and hides the elements around it
    reader.get_by_role("link", name="Actions", exact=True).click()
    expect(reader.locator("h1")).to_have_text("Actions")
    assert query(reader)["region"] == ["americas"]
    first = register.page(snapshot, AMERICAS, limit=1).iloc[0]
    open_an_action_and_its_address(reader, server, first)
    open_its_stakeholder_in_spanish(reader, first)


ROWS_IN_VIEW = """() => [...document.querySelectorAll(".cards tbody tr")]
  .filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"""
BEYOND = """() => {
  const inside = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    [one, ...(one.shadowRoot ? inside(one.shadowRoot) : [])]);
  const width = document.documentElement.clientWidth;
  return inside(document.querySelector("[data-testid=stMain]"))
    .filter((one) => one.matches("svg.pic, .js-plotly-plot, table, .tile, h1, h2") && one.checkVisibility())
    .map((one) => [one.tagName, one.getBoundingClientRect().right])
    .filter(([, right]) => right > width + 1);
}"""
"""What of a page reaches beyond its right edge."""
STAYS = (
    "([keep, top]) => Math.abs(document.querySelector(`[data-keep='${keep}']`)?.getBoundingClientRect().top - top) < 3"
)
"""Whether the first link of a name is at a height; one that is just drawn anew has none yet."""
TOP = "one => one.getBoundingClientRect().top"
SCROLLED = "() => Math.round(document.querySelector('[data-testid=stMain]').scrollTop)"
AT = f"(place) => Math.abs(({SCROLLED})() - place) < 3"
"""Whether the page is scrolled to a place, in pixels; one that is drawn anew is so once it is as high as it was."""


def test_a_list_has_twenty_rows_on_a_screen_and_keeps_the_focus_and_the_place(reader: Page, sample_server: str) -> None:
    reader.set_viewport_size({"width": 1280, "height": 800})
    open_page(reader, f"{sample_server}/actions")
    assert reader.evaluate(ROWS_IN_VIEW) >= 20
    rows, count = reader.locator(".cards tbody tr"), reader.locator(".list-count")
    for name, parameter, said in (
        ("Deadline", "sort", "Actions 1 to 20 of 330."),
        ("Next page", "page", "Actions 21 to 40 of 330."),
        ("Overdue", "status", "Actions 1 to 20 of 170."),
        ("Rows a page: 50", "rows", "Actions 1 to 50 of 170."),
    ):
        way = reader.get_by_role("link", name=name).first
        keep = way.get_attribute("data-keep")
        for _ in range(3):  # a busy page is drawn once more, and puts the focus back on the link before
            way.focus()
            settle(reader)
            if way.evaluate("one => one === document.activeElement"):
                break
        expect(way).to_be_focused()
        top = way.evaluate(TOP)
        way.press("Enter")
        expect(reader).to_have_url(re.compile(f"{parameter}="))
        settle(reader)
        expect(count).to_have_text(said)
        same = reader.locator(f"[data-keep='{keep}']").first
        expect(same).to_be_focused()
        reader.wait_for_function(STAYS, arg=[keep, top])  # however many rows come above it
    back = reader.get_by_role("link", name="Back to the register")
    for number, come_back in ((45, reader.go_back), (30, back.click)):
        title = rows.nth(number).get_by_role("link").first
        title.scroll_into_view_if_needed()
        place, address = reader.evaluate(SCROLLED), title.get_attribute("href")
        title.click()
        expect(back).to_be_visible()
        settle(reader)
        come_back()
        expect(reader.locator(f"a[href='{address}']")).to_be_focused()
        reader.wait_for_function(AT, arg=place)
    reader.emulate_media(media="print")
    reader.set_viewport_size({"width": 720, "height": 1000})  # a sheet of A4
    assert reader.evaluate(BEYOND) == []


def filter_by_keys_alone_and_go_back(page: Page, snapshot) -> None:
    """On Overview, without filters: the keyboard is enough to filter, and the back button takes the filter back."""
    region = page.locator("[data-chip=region] > .shown")
    for _ in range(40):
        page.keyboard.press("Tab")
        if region.evaluate("element => element === element.getRootNode().activeElement"):
            break
    else:
        raise AssertionError("the region filter cannot be reached with the Tab key")
    page.keyboard.press("Enter")
    expect(page.locator("[data-chip=region] [popover]").get_by_label("Africa")).to_be_focused()
    page.keyboard.press("Space")
    expect_actions(page, headline(snapshot, AFRICA).actions)
    page.keyboard.press("Escape")
    page.go_back()
    expect_actions(page, headline(snapshot, Selection()).actions)
    expect(page.locator("[data-chip=region]")).not_to_contain_text("Africa")
    page.go_forward()
    expect_actions(page, headline(snapshot, AFRICA).actions)
    page.go_back()
    expect_actions(page, headline(snapshot, Selection()).actions)


def open_an_action_and_its_address(page: Page, server: str, first) -> None:
    """On Actions: a row opens its action, its own address opens it again, and a click leads back."""
    way = page.get_by_role("table", name="Actions").get_by_role("link", name=first["title"], exact=True)
    with page.context.expect_page() as opened:  # a link is a link: another button opens it in another tab
        way.click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(re.compile(first["action_id"]))
    opened.value.close()
    loaded = page.evaluate("performance.timeOrigin")
    way.click()
    expect(page.locator("[data-testid=stMain] h2").first).to_have_text(first["title"])
    assert query(page)["action"] == [first["action_id"]]
    assert page.evaluate("performance.timeOrigin") == loaded  # the page was not loaded anew
    expect(page).to_have_title(f"{first['title']} · Actions")
    page.goto(f"{server}/actions/{first['action_id']}?region=americas")  # its own address leads there
    expect(page.locator("[data-testid=stMain] h2").first).to_have_text(first["title"])
    assert query(page) == {"action": [first["action_id"]], "region": ["americas"]}
    expect(page.locator("[data-chip=region]")).to_contain_text("Americas")
    page.get_by_role("link", name="Back to the register").click()
    expect(way).to_be_visible()
    expect(page).to_have_title("Actions")  # the tab drops the name of the closed entry
    assert "action" not in query(page)


def open_its_stakeholder_in_spanish(page: Page, first) -> None:
    """On Actions: a stakeholder of the register leads to its page, and the back button to the register."""
    choose_language(page, "Español")
    t = translator("es")
    expect(page.get_by_role("navigation", name=t("Pages"), exact=True)).to_be_visible()
    settle(page)
    page.locator(".cards").get_by_role("link", name=first["stakeholder"], exact=True).first.press("Enter")
    expect(page.locator("h1")).to_have_text(first["stakeholder"])
    expect(page.locator("h1")).to_be_focused()
    expect(page).to_have_title(f"{first['stakeholder']} · {t('Stakeholders')}")
    assert query(page) == {"part": ["stakeholders"], "stakeholder": [first["stakeholder_id"]], "lang": ["es"]}
    titles = page.get_by_role("table", name=t("Actions")).get_by_role("link", name=first["title"], exact=True)
    expect(titles).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_have_text(t("Actions"))
    expect(page).to_have_title(t("Actions"))
    assert query(page)["region"] == ["americas"]


@pytest.mark.parametrize(("pause", "lang"), [(0, "fr"), pytest.param(150, "es", marks=pytest.mark.nightly)])
def test_a_reader_comes_by_a_shared_link_goes_through_pages_and_quickly_back_and_on_in_another_language(
    reader: Page, server: str, snapshot, pause: int, lang: str
) -> None:
    appended = "utm_source=newsletter&utm_medium=email&fbclid=IwAR0x&mc_cid=1&theme="
    open_page(reader, f"{server}/regions?region=Africa&{appended}&lang=en-GB")
    expect(reader.get_by_role("alert")).to_have_count(0)
    stated = reader.locator("head link[rel=canonical], head meta[property='og:url'], head link[hreflang]")
    expect(stated.first).to_have_attribute("href", f"{server}/regions?region=africa&lang=en")
    choose(reader, "region", "Americas")
    expect(reader).to_have_url(re.compile(r"/regions\?region=africa&region=americas&lang=en$"))
    expect(stated).to_have_count(0)  # a phone that shares the page takes the address bar's
    reader.keyboard.press("Escape")  # the list of regions is open, and hides the elements around it

    titles = ["Regions", "Themes", "Explore", "Categories"]
    for title in titles[1:]:
        go(reader, title)
    for _ in titles[1:]:  # neither the way back nor the way forward is lost
        reader.evaluate("history.back()")
        reader.wait_for_timeout(pause)
    expect(reader.locator("h1")).to_have_text("Regions")
    settle(reader)
    reader.wait_for_url("**/regions?region=africa&region=americas&lang=en")
    reader.evaluate("history.go(3)")
    expect(reader.locator("h1")).to_have_text("Categories")
    reader.wait_for_url("**/categories?region=africa&region=americas&lang=en")
    switch_language(reader, snapshot, lang)
    assert not list_english(reader, lang)


def switch_language(page: Page, snapshot, lang: str) -> None:
    """On Categories, with two regions: the view stays in another language, and goes along."""
    choose_language(page, {"fr": "Français", "es": "Español"}[lang])
    t = translator(lang)
    expect(page.locator("h1")).to_have_text(t("Categories"))
    actions = headline(snapshot, Selection(regions=("africa", "americas"))).actions
    expect(page.locator(".headline b")).to_have_text(re.compile(rf"^{actions} .+ {'avec' if lang == 'fr' else 'con'} "))
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert query(page) == {"region": ["africa", "americas"], "lang": [lang]}
    expect(page.locator("[data-chip=region]")).to_contain_text(snapshot.codes["regions"]["africa"].labels[lang])
    page.locator("nav.pages").get_by_role("link", name=t("Themes")).click()
    expect(page.locator("h1")).to_have_text(t("Themes"))


def test_a_browser_keeps_the_last_visit_and_views_by_their_names(reader: Page, server: str) -> None:
    t, name = translator("fr"), "L’Afrique <b>d’abord</b>"
    open_page(reader, f"{server}/actions?region=africa&sort=title&columns=status,due_on&lang=fr")
    reader.get_by_role("button", name=t("Saved views")).click()
    views = reader.get_by_role("dialog")
    expect(views).to_contain_text(t("No views saved in this browser yet."))
    views.get_by_label(t("Name of this view (filters, columns and order)")).fill(name)
    reader.keyboard.press("Enter")
    expect(views.get_by_role("link")).to_have_text([name])
    expect(views.get_by_role("status")).to_have_text(t("“{name}” was saved.", name=name))
    reader.keyboard.press("Escape")
    go(reader, "Latest news", "fr")
    expect(reader.get_by_text(t("This browser had not opened this page before today."))).to_be_visible()
    kept = reader.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('dashboard-visit'))")
    ((place, _),) = kept
    reader.evaluate("name => localStorage.setItem(name, JSON.stringify({last: '2021-12-24', before: 'x'}))", place)

    open_page(reader, f"{server}/latest?kind=story&region=africa&lang=es")  # another visit, in another language
    t = translator("es")
    open_an_entry_and_what_is_new(reader, server, t)
    go(reader, "Actions", "es")
    open_rename_and_remove_a_view(reader, t, name)


def open_an_entry_and_what_is_new(page: Page, server: str, t: Translator) -> None:
    """On Latest, after another visit: feeds, an entry by its address, the news since."""
    story = "Une école de plus (récit fictif)"
    feeds = page.locator("head link[rel=alternate][type]").evaluate_all("links => links.map((link) => link.href)")
    assert feeds == [f"{server}/latest.{ending}?region=africa&lang=es" for ending in ("atom", "json")]
    assert page.request.get(feeds[0]).headers["content-type"].startswith("application/atom+xml")
    page.get_by_role("row").filter(has_text=story).locator("a[href*='entry=']").click()
    expect(page).to_have_url(re.compile(r"entry=[0-9a-f-]{36}"))
    opened = page.locator(".st-key-latest-opened")
    expect(opened.get_by_text(story)).to_be_visible()
    expect(opened.locator("[lang=fr]").first).to_be_visible()

    way = page.get_by_role("link", name=t("New since my last visit, {day}", day=format_date(date(2021, 12, 24), "es")))
    way.focus()
    way.press("Enter")
    expect(way).to_have_attribute("aria-current", "true")
    asked = {name: values for name, values in query(page).items() if name in ("region", "since", "by")}
    assert asked == {"region": ["africa"], "since": ["2021-12-24"], "by": ["known"]}
    assert "visit" not in str(page.context.cookies())


def open_rename_and_remove_a_view(page: Page, t: Translator, name: str) -> None:
    """On Actions: a view is opened by the name that it was given in another language."""
    page.get_by_role("button", name=t("Saved views")).click()
    views = page.get_by_role("dialog")
    way = views.get_by_role("link", name=name)
    way.click()
    expect(page).to_have_url(re.compile("sort=title"))
    kept = {"region": ["africa"], "sort": ["title"], "columns": ["status,due_on"], "lang": ["es"]}
    assert query(page) == kept
    expect(views).to_have_count(0)
    heads = page.get_by_role("columnheader")
    expect(heads).to_have_text([re.compile(t(head)) for head in ("Title", "Status", "Deadline")])
    expect(heads.first).to_have_attribute("aria-sort", "ascending")

    page.get_by_role("button", name=t("Saved views")).click()
    expect(way).to_have_attribute("aria-current", "true")
    views.get_by_role("button", name=t("{action}: {name}", action=t("Rename"), name=name)).click()
    field = views.get_by_label(t("New name of “{name}”", name=name))
    expect(field).to_be_focused()
    page.keyboard.type("África")
    page.keyboard.press("Enter")
    expect(views.get_by_role("link")).to_have_text(["África"])
    views.get_by_role("button", name=t("{action}: {name}", action=t("Remove"), name="África")).click()
    expect(views.get_by_role("link")).to_have_count(0)
    expect(views).to_contain_text(t("No views saved in this browser yet."))


# Journeys through many pages, in every language.


def describe(page: Page) -> tuple[object, ...]:
    """Describe the view as a reader would: address, heading, filters, charts, an open window."""
    settle(page)
    page.wait_for_timeout(400)
    main = page.get_by_test_id("stMain")
    return (
        page.url,
        page.locator("h1").inner_text(),
        page.locator("[data-chip] .lift").filter(visible=True).all_inner_texts(),
        page.locator(".headline").all_inner_texts(),
        main.locator("h2").filter(visible=True).all_inner_texts(),
        page.get_by_role("dialog").count(),
    )


@everywhere
def test_the_back_button_leads_through_filters_pages_charts_and_windows(reader: Page, server: str, lang: str) -> None:
    t = translator(lang)
    views: list[tuple[object, ...]] = []

    def step(act: Callable[[], object]) -> None:
        before = reader.url
        act()
        reader.wait_for_url(lambda url: url != before)
        views.append(describe(reader))

    tools = reader.locator(f".st-key-card-tools-{BARS}")
    step(lambda: reader.goto(f"{server}/regions?lang={lang}"))
    step(lambda: mark(reader, BARS, "region:africa").click())
    step(lambda: mark(reader, "status-overview", "region:africa status:completed").click())
    reader.locator(f".st-key-sort-{BARS} button").click()
    step(lambda: reader.get_by_role("menuitem", name=t("Name"), exact=True).click())
    step(lambda: reader.locator(".st-key-choice-regions").get_by_role("radio").nth(1).click())
    step(lambda: tools.locator("[class*='st-key-large-'] button").filter(visible=True).click())
    step(lambda: reader.get_by_role("dialog").get_by_role("button", name=t("Close")).click())
    step(lambda: go(reader, "Explore", lang))
    step(lambda: go(reader, "Themes", lang))
    step(lambda: reader.locator("[data-chip=status] .lift").filter(visible=True).first.click())
    step(lambda: go(reader, "Actions", lang))
    row = reader.locator(".cards tbody th a").first
    step(lambda: row.click())
    step(lambda: go(reader, "Help", lang))
    for view in views[-2::-1]:
        reader.go_back()
        expect(reader).to_have_url(str(view[0]))
        assert describe(reader) == view
    for view in views[1:]:
        reader.go_forward()
        expect(reader).to_have_url(str(view[0]))
        assert describe(reader) == view


@everywhere
def test_on_paper_charts_and_lists_are_whole(reader: Page, sample_server: str, lang: str) -> None:
    for page_id, title in (
        ("overview", "Overview"),
        ("regions", "Regions"),
        ("explore", "Explore"),
        ("definitions", "Definitions"),
        ("latest", "Latest news"),
        ("milestones", "Milestones"),
        ("stakeholders", "Stakeholders"),
    ):
        open_page(reader, write(sample_server, page_id, [("region", "africa"), ("lang", lang)]))
        settle(reader)
        reader.emulate_media(media="print")
        reader.set_viewport_size({"width": 718, "height": 1000})  # A4 with its margins
        reader.wait_for_timeout(600)
        assert reader.evaluate(BEYOND) == [], title
        reader.set_viewport_size({"width": 1280, "height": 900})
        assert reader.pdf(format="A4").startswith(b"%PDF")
        reader.emulate_media(media="screen")

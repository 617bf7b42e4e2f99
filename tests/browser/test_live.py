"""A publication while a reader is in the middle of a choice; a websocket that is blocked."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.i18n import translator
from dashboard.paths import PROJECT, find_package
from tests.browser.conftest import stand_again
from tests.browser.ways import choose, choose_language, expect_actions, open_page, query
from tests.charts_over_http import republish

pytestmark = pytest.mark.browser
STREAMLITS_OWN = re.findall(
    r'^  "(.+)": "(?:away|waiting)",$',
    (PROJECT / "dashboard" / "ui" / "frame" / "figures.js").read_text("utf-8"),
    re.MULTILINE,
)


@pytest.fixture
def republished(campaign: Path, campaign_folder: Path) -> Iterator[Path]:
    """Yield the campaign, whose snapshot stands again at the end."""
    yield campaign
    stand_again(campaign, campaign_folder)


@pytest.mark.parametrize("lang", ["en", *(pytest.param(one, marks=pytest.mark.nightly) for one in ("fr", "es"))])
def test_new_figures_are_told_and_shown_when_the_reader_says_so(
    reader: Page, server: str, republished: Path, lang: str
) -> None:
    t = translator(lang)
    open_page(reader, f"{server}/?lang={lang}")
    expect_actions(reader, 40)
    reader.locator(".more-chips summary").click()
    reader.locator("[data-chip=country] > .shown").click()
    words = reader.locator("[data-chip=country] [popover]").locator("input[type=search]")
    words.fill("edu")
    republish(republished, "second", without=10)
    notice = reader.locator(".notice")
    expect(notice).to_contain_text(f"40 → 30 {'acciones' if lang == 'es' else 'actions'}")
    expect(words).to_be_focused()  # the reader goes on writing
    reader.keyboard.press("Escape")
    reader.keyboard.press("Escape")
    choose(reader, "region", {"en": "Africa", "fr": "Afrique", "es": "África"}[lang])
    reader.keyboard.press("Escape")
    expect_actions(reader, 12)

    notice.get_by_role("button", name=t("Keep the current figures")).press("Enter")
    expect(reader.locator(".notice.kept")).to_contain_text(
        t("This page keeps the figures of build {build}.", build="fixture")
    )
    expect(notice).to_have_count(1)  # the one that it answers goes
    expect(reader.locator("h1")).to_be_focused()
    assert query(reader) == {"region": ["africa"], "build": ["fixture"], "lang": [lang]}
    expect_actions(reader, 12)
    reader.locator(".notice").get_by_role("button", name=t("Show")).click()
    expect_actions(reader, 4)
    expect(reader.locator(".notice:visible")).to_have_count(0)
    reader.wait_for_url(lambda url: "build=" not in url)
    assert query(reader) == {"region": ["africa"], "lang": [lang]}

    choose_french(reader)
    title, words = STREAMLITS_OWN  # as Streamlit draws it when the server does not answer
    box = f'<div><section role="dialog"><h2>{title}</h2><div><div>{words}</div></div></section></div>'
    reader.evaluate("box => document.body.insertAdjacentHTML('beforeend', box)", box)
    expect(reader.get_by_role("heading", name="Le serveur ne répond pas")).to_be_visible()
    expect(reader.get_by_text("La page reprendra automatiquement")).to_be_visible()


def choose_french(page: Page) -> None:
    choose_language(page, "Français")
    expect(page.locator("h1")).to_contain_text("sur 4 actions achevées")


def test_streamlit_still_says_what_is_put_into_the_readers_language() -> None:
    scripts = (find_package("streamlit") / "static" / "static" / "js").glob("*.js")
    left = {*STREAMLITS_OWN, "Connection failed with status "}
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        left -= {words for words in left if words in text}
    assert not left


def test_without_a_websocket_there_is_a_way_to_plain_pages(reader: Page, server: str) -> None:
    blocked = reader.context.new_page()
    blocked.route_web_socket("**/_stcore/stream", lambda socket: socket.close())
    blocked.goto(f"{server}/themes?region=africa&lang=fr")
    way = blocked.locator("#plain a").first
    expect(way).to_be_hidden()
    blocked.locator("#plain").evaluate("one => one.getAnimations().forEach((wait) => wait.finish())")
    expect(way).to_be_visible()
    way.click()
    expect(blocked.locator(".charts li").first).to_be_visible()
    assert query(blocked) == {"region": ["africa"], "lang": ["fr"]}

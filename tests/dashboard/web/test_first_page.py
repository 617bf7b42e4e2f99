"""The first HTML of a page: a view before, and without, Streamlit, whose words are replaced; previews elsewhere."""

import json
import re
from collections import Counter
from functools import cache, partial
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import pytest
from fontTools.ttLib import TTFont
from lxml import html
from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard.charts.chart import build_chart
from dashboard.ground.budgets import Bucket
from dashboard.ground.codelist_codes import Code
from dashboard.ground.page_addresses import write
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.paths import find_package
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.database import current as open_published
from dashboard.snapshot.selection import Selection
from dashboard.web import first_page, static
from dashboard.web.first_page import SENTENCE, FirstPage
from dashboard.web.guard import allowances
from dashboard.web.head_tags import LONGEST_DESCRIPTION, LONGEST_TITLE, say_shortly, write_data
from dashboard.web.static import streamlit_copies
from dashboard.web.streamlit_words import PLACES, write_script
from tests.browser.streamlit_english import read_scripts
from tests.cases import of_which, some
from tests.charts_over_http import BASE, PAGES, ask
from tests.shipped import LANGUAGES

OPENED = ("actions?action=FIX-004", "country?country=GHA", "stakeholders?stakeholder=stakeholder_3")
CHOSEN = ("explore?by=theme&as=bars&large=1", "compare?region=africa&vs.region=americas", "latest?kind=story")


def find_address(link: str, lang: str) -> str:
    """Find the address of a part, by its id and parameters, in a language."""
    page_id, _, query = link.partition("?")
    return write("", page_id, [*parse_qsl(query), ("lang", lang)])


def read_head(text: str) -> tuple[html.HtmlElement, dict[str, str]]:
    """Read the page, and its tags; a tag that stands twice is refused, but for the other languages."""
    page = html.fromstring(text)
    tags = [(m.get("property") or m.get("name"), m.get("content")) for m in page.xpath("//meta[@property or @name]")]
    twice = [name for name, count in Counter(name for name, _ in tags).items() if count > 1]
    assert set(twice) <= {"og:locale:alternate"}
    assert len(page.xpath("//head/title")) == len(page.xpath("//link[@rel='canonical']")) == 1
    return page, dict(tags)


@pytest.mark.parametrize(
    ("name", "lang"),
    of_which(
        list(product((*PAGES.public, *OPENED, *CHOSEN), LANGUAGES)),
        lambda place, _: place % 9 == place // 9 % len(LANGUAGES),  # every third page, in one language
    ),
)
def test_every_page_in_a_language(site: Starlette, snapshot: Snapshot, name: str, lang: str) -> None:
    page, tags = read_head(ask(site, find_address(name, lang)).text)
    assert tags["og:title"] == page.findtext(".//title") != ""
    assert len(tags["og:title"]) <= LONGEST_TITLE
    assert tags["description"] == tags["og:description"]
    assert 0 < len(tags["description"]) <= LONGEST_DESCRIPTION
    assert tags["og:site_name"] == snapshot.campaign[f"title_{lang}"]
    assert tags["og:locale"] == {"en": "en_US", "fr": "fr_FR", "es": "es_ES"}[lang]
    (canonical,) = page.xpath("//link[@rel='canonical']/@href")
    assert canonical == tags["og:url"]
    others = {link.get("hreflang"): link.get("href") for link in page.xpath("//link[@hreflang]")}
    assert set(others) == {*LANGUAGES, "x-default"}
    assert others[lang] == canonical
    stated = parse_qs(urlsplit(canonical).query)
    assert parse_qs(urlsplit(others["x-default"]).query) == {key: stated[key] for key in stated if key != "lang"}
    again, _ = read_head(ask(site, canonical.removeprefix(BASE)).text)
    assert again.xpath("//link[@rel='canonical']/@href") == [canonical]
    assert tags["og:image"].startswith(f"{BASE}/charts/")
    assert tags["og:image:alt"]
    assert tags["twitter:card"] == "summary_large_image"
    figures = tags["og:image"].removeprefix(BASE).replace(".png?", ".csv?").replace("&size=social", "")
    assert ask(site, figures).status_code == 200
    for described in page.xpath("//link[@type='application/json+oembed']/@href"):
        assert ask(site, described.removeprefix(BASE)).json()["thumbnail_url"] == tags["og:image"]


@pytest.mark.parametrize(
    "path", some(["charts", "charts/completion-by-region", "charts/completion-by-region/interactive", "show"], 1)
)
def test_pages_that_are_not_streamlits_unfurl_too(site: Starlette, snapshot: Snapshot, path: str) -> None:
    answer = ask(site, f"/{path}?region=africa&lang=fr-FR&fbclid=x", accept="text/html")
    page, tags = read_head(answer.text)
    assert page.findtext(".//title").startswith(tags["og:title"])
    assert (tags["og:locale"], tags["og:site_name"]) == ("fr_FR", snapshot.campaign["title_fr"])
    assert 0 < len(tags["description"]) <= LONGEST_DESCRIPTION
    shown = path.removesuffix("/interactive")
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{BASE}/{shown}?region=africa&lang=fr"]
    assert set(page.xpath("//link[@hreflang]/@hreflang")) in (set(), {*LANGUAGES, "x-default"})
    picture = ask(site, tags["og:image"].removeprefix(BASE))
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")


def test_a_selection_is_named_its_finding_said_and_the_open_files_described_as_data(site, snapshot: Snapshot) -> None:
    link = "/regions?theme=education&region=Africa&sort=completion-by-region:rate&lang=fr-FR&utm_source=x&country="
    page, tags = read_head(ask(site, link).text)
    africa = Selection(("africa",), themes=("education",), lang="fr")
    label = snapshot.codes["themes"]["education"].labels["fr"]
    assert tags["og:title"] == f"{translator('fr')('Regions')}\u00a0: Afrique · {label}"
    assert build_chart(snapshot, "completion-by-region", africa).caption.key_message in tags["description"]
    assert tags["og:url"] == f"{BASE}/regions?region=africa&theme=education&lang=fr"
    assert page.xpath("//*[@id='plain']/p/a/@href")[0] == "charts?region=africa&theme=education&lang=fr"
    assert read_head(ask(site, "/?lang=en").text)[1]["og:title"] == snapshot.campaign["title_en"][:LONGEST_TITLE]
    page, _ = read_head(ask(site, "/share?part=download&region=africa&lang=es").text)
    (data,) = (json.loads(block.text) for block in page.xpath("//script[@type='application/ld+json']"))
    assert (data["@type"], data["version"], data["inLanguage"]) == ("Dataset", snapshot.build_id, "es")
    files = {file["name"]: file["contentUrl"] for file in data["distribution"]}
    assert files["actions.csv"] == f"{BASE}/extracts/actions.csv?region=africa&lang=es"
    assert all(ask(site, files[name].removeprefix(BASE), "HEAD").status_code == 200 for name in files)


def test_a_person_is_called_by_what_stands_for_the_name(site: Starlette, snapshot: Snapshot, monkeypatch) -> None:
    named = register.details(snapshot, "FIX-001").facts
    stands_for = Code("stakeholders", named["stakeholder_id"], dict.fromkeys(LANGUAGES, "Particulier, Togo"), (), 0)
    monkeypatch.setattr(Snapshot, "find_stakeholders", lambda *_: [stands_for])
    _, tags = read_head(ask(site, "/actions?action=FIX-001&q=persons&lang=fr").text)
    assert "Particulier, Togo" in tags["og:description"]
    assert named["stakeholder"] not in str(tags)
    page, _ = read_head(
        ask(site, f"/actions?part=stakeholders&stakeholder={named['stakeholder_id']}&q=persons&lang=fr").text
    )
    assert page.findtext(".//title") == "Particulier, Togo · Parties prenantes"


def test_a_refused_link_has_a_plain_head_and_a_page_of_staff_says_nothing(site: Starlette, monkeypatch) -> None:
    for fault in ("region=atlantis", "as_of=yesterday", "lang=de", "question=no&region=mars"):
        answer = ask(site, f"/regions?{fault}")
        assert answer.status_code == 200
        assert html.fromstring(answer.text).findtext(".//title") == "Regions"
        assert 'property="og:' not in answer.text
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    for name in PAGES.private:
        page = html.fromstring(ask(site, write("", name, [("region", "africa")])).text)
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert not page.xpath("//meta[starts-with(@property, 'og:')] | //link[@rel='canonical']")


def test_a_page_never_waits_for_its_preview_and_never_fails_by_it(site: Starlette, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a chart of no shape")

    monkeypatch.setattr(first_page, "preview_page", fail)
    assert "<title>Themes</title>" in ask(site, "/themes?region=africa").text


def test_who_has_had_too_much_made_gets_pages_without_their_preview(site: Starlette, monkeypatch) -> None:
    monkeypatch.setenv("DASHBOARD_WORK_PER_MINUTE", "2")
    monkeypatch.setattr(allowances, "_work", cache(lambda _: Bucket(1 / 30, 2, clock=lambda: 0.0)))
    asked = partial(ask, site, client="203.0.113.5")
    pages = [asked(f"/regions?lang=fr&as_of=2021-03-0{day}") for day in (1, 2, 3, 4, 1)]
    assert [page.status_code for page in pages] == [200] * 5
    assert ["og:image" in page.text for page in pages] == [True, True, False, False, True]
    assert pages[2].content == pages[3].content  # one answer for all, made once
    assert html.fromstring(pages[2].text).get("lang") == "fr"
    assert "og:image" in ask(site, "/regions?lang=fr&as_of=2021-03-03", client="203.0.113.6").text


def test_no_value_breaks_out_of_the_data_and_what_is_said_ends_with_a_sentence_where_it_can() -> None:
    attack = "</script><script>alert(1)</script><!--&amp;\u2028"
    written = write_data({"name": attack})
    (block,) = html.fragments_fromstring(written)
    assert json.loads(block.text) == {"name": attack}
    long = "word " * 60
    assert say_shortly(["One.", "", "Two."]) == "One. Two."
    assert say_shortly(["x" * 150 + ".", long]) == "x" * 150 + "."
    assert say_shortly(["One.", long]).endswith("word…")


@pytest.fixture
def front(campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://example.org/figures")
    return Starlette(middleware=[Middleware(FirstPage, pages=PAGES)])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_has_its_language_its_title_and_a_way_out_in_every_language(front: Starlette, lang: str) -> None:
    answer = ask(front, f"/regions?theme=education&question=1&lang={lang}")
    page = html.fromstring(answer.text)
    assert (page.get("lang"), answer.headers["content-language"]) == (lang, lang)
    assert page.findtext(".//title") == translator(lang)("Regions")
    lines = page.xpath("//*[@id='plain']/p")
    assert [line.get("lang") for line in lines][0] == lang
    for line in lines:
        own = line.get("lang")
        assert translator(own)(SENTENCE) in "".join(line.itertext())
        assert line.xpath("a/@href") == [f"charts?theme=education&lang={own}"]


def test_streamlits_own_scripts_and_styles_stay_and_those_of_every_page_come_with_it(front: Starlette) -> None:
    own = html.fromstring((find_package("streamlit") / "static" / "index.html").read_text(encoding="utf-8"))
    page = html.fromstring(ask(front, "/").text)
    stated = " and ".join(f"@name != '{name}'" for name in ("description", "author", "receipt"))
    metas = f"//meta[not(starts-with(@name, 'twitter:')) and {stated}]/@name"
    links = "//link[@rel!='alternate' and @rel!='canonical' and @rel!='license' and @rel!='service-desc']/@href"
    for path in ("//script/@src", links, metas, "//div[@id='root']/@id"):
        added = {*first_page.list_chunks(first_page.STREAMLITS_OWN)}
        names = [name for name in page.xpath(path) if not name.startswith("charts/assets/") and name not in added]
        assert names == own.xpath(path)
    assert page.xpath("//link[@rel='service-desc']/@href") == ["openapi.json"]
    preloaded = html.fromstring(ask(front, "/regions").text).xpath("//link[@rel='modulepreload']/@href")
    assert len(preloaded) == len(set(preloaded))
    for name in first_page.STREAMLITS_OWN:
        assert [one for one in preloaded if one.startswith(f"./static/js/{name}.")], f"Streamlit has no {name} any more"


def test_it_is_answered_in_the_front_and_below_the_dashboards_own_path_and_nowhere_else(front: Starlette) -> None:
    for path in (
        "/",
        "/figures/",
        "/figures/regions",
        "/regions?country=GHA",
        "/files",
        "/figures/share?part=download",
    ):
        assert ask(front, path).status_code == 200, path
    elsewhere = ("/charts", "/regions/_stcore/health", "/static/js/index.js", "/nowhere", "/figuresregions")
    unopened = ("/regions/africa", "/actions/_stcore/health", "/actions/static/js/index.js", "/actionsFIX-001")
    for path in (*elsewhere, *unopened, "/actions/"):  # only a thing that a page opens has a separate address
        assert ask(front, path).status_code == 404, path
    assert ask(front, "/regions", "POST").status_code == 404


def test_a_page_is_called_by_its_open_action_and_says_that_a_build_is_gone(front, snapshot: Snapshot) -> None:
    open_published()
    opened = ask(front, "/actions?action=FIX-004&region=africa&lang=fr").text
    title = register.details(snapshot, "FIX-004").facts["title"]
    whole = f"{title} · {translator('fr')('Actions')}"
    assert html.fromstring(opened).findtext(".//title") == (whole if len(whole) <= LONGEST_TITLE else title)
    assert "&quot;" in opened.partition("<title>")[2].partition("</title>")[0]
    for query in ("action=there-is-none", "action=FIX-001&action=FIX-002", "action=", "action=FIX-001&build=fixtur"):
        assert "<title>Actions</title>" in ask(front, f"/actions?{query}").text
    assert ask(front, "/regions?build=fixture").status_code == 200
    for gone in ("never", "../../etc/passwd"):
        answer = ask(front, f"/regions?build={gone}")
        assert (answer.status_code, answer.headers["cache-control"]) == (410, "no-store")
        assert "<title>Regions</title>" in answer.text


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/actions/FIX-001", "../actions?action=FIX-001"),
        ("/actions/FIX-001/", "../../actions?action=FIX-001"),
        ("/figures/actions/FIX-001?lang=fr&region=africa", "../actions?action=FIX-001&lang=fr&region=africa"),
        ("/actions/A%2F1?action=x&as_of=2021-09-30", "../actions?action=A%2F1&as_of=2021-09-30"),
        ("/actions/a/b", "../../actions?action=a%2Fb"),
        ("/actions/%C3%A9%20%26?q=a+b", "../actions?action=%C3%A9+%26&q=a+b"),
    ],
)
def test_an_actions_own_address_leads_to_its_page_with_all_that_the_link_says(front, address: str, to: str) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(front, address, method)
        assert (answer.status_code, answer.headers["location"], answer.content) == (308, to, b"")
    path = urlsplit(address).path
    assert urlsplit(urljoin(f"https://example.org{path}", to)).path == path[: path.index("/actions")] + "/actions"
    assert ask(front, address, "POST").status_code == 404


PLACEHOLDER = re.compile(r"{\w+}")
PUT_TOGETHER = ("Press ", "Error:")
"""Beginnings of words that the scripts do not have in one piece."""


def test_streamlit_still_writes_each_of_the_words() -> None:
    words = [own for place in PLACES for own, _ in place.words]
    in_one = {own for own in words if not PLACEHOLDER.search(own) and not own.startswith(PUT_TOGETHER)}
    assert not in_one - read_scripts().whole


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_the_script_has_the_words_of_every_language(lang: str) -> None:
    data = json.loads(write_script(LANGUAGES).rpartition("})(")[2].removesuffix(");"))
    rows = dict(zip(data["places"], data["words"][lang], strict=True))
    t = translator(lang)
    for place in PLACES:
        assert rows[place.where] == {own: t(message) for own, message in place.words}
        for own, message in place.words:
            assert set(PLACEHOLDER.findall(t(message))) <= set(PLACEHOLDER.findall(own))
    spoken = {own: said for row in rows.values() for own, said in row.items()}
    march = {
        "fr": ("03 – mars", "Date choisie\u00a0: {d} mars {y}"),
        "es": ("03 – marzo", "Fecha elegida: {d} de marzo de {y}"),
    }
    if lang in march:
        assert (spoken["03 – March"], spoken["Selected Date: March {d}, {y}"]) == march[lang]


AGAIN = "make it anew: python -m dashboard.web.static"


def test_every_icon_is_in_the_font_that_is_sent() -> None:
    streamlit = find_package("streamlit")
    media = streamlit / "static" / "static" / "media"
    [whole] = media.glob(static.ICON_FONTS)
    small = static.find_small_font(media).get(whole.name)
    assert small is not None, AGAIN
    known, sent = (static.read_icons(TTFont(file)) for file in (whole, small))
    assert static.list_used_icons(streamlit) & known.keys() <= sent.keys(), AGAIN
    copy = streamlit_copies().make(f"/static/media/{whole.name}", "br")
    assert len(copy.body) < 30_000 < whole.stat().st_size
    assert copy.headers["cache-control"] == "no-cache"  # its name is that of the whole font, whatever is in it

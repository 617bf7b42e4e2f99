"""The first HTML of a page: what a reader has before, and without, Streamlit."""

from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard.campaign.codelists import Code
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.paths import find_package
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.database import current as open_published
from dashboard.web.first_page import SENTENCE, FirstPage
from dashboard.web.head_tags import LONGEST_TITLE
from tests.charts_over_http import PAGES, ask
from tests.shipped import LANGUAGES


@pytest.fixture
def app(campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://example.org/figures")
    return Starlette(middleware=[Middleware(FirstPage, pages=PAGES)])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_has_its_language_its_title_and_a_way_out_in_every_language(app: Starlette, lang: str) -> None:
    answer = ask(app, f"/regions?theme=education&question=1&lang={lang}")
    page = html.fromstring(answer.text)
    assert (page.get("lang"), answer.headers["content-language"]) == (lang, lang)
    assert page.findtext(".//title") == translator(lang)("Regions")
    lines = page.xpath("//*[@id='plain']/p")
    assert [line.get("lang") for line in lines][0] == lang
    for line in lines:
        own = line.get("lang")
        assert translator(own)(SENTENCE) in "".join(line.itertext())
        assert line.xpath("a/@href") == [f"charts?theme=education&lang={own}"]


def test_streamlits_own_scripts_and_styles_stay(app: Starlette) -> None:
    own = html.fromstring((find_package("streamlit") / "static" / "index.html").read_text(encoding="utf-8"))
    page = html.fromstring(ask(app, "/").text)
    stated = " and ".join(f"@name != '{name}'" for name in ("description", "author", "receipt"))
    metas = f"//meta[not(starts-with(@name, 'twitter:')) and {stated}]/@name"
    links = "//link[@rel!='alternate' and @rel!='canonical' and @rel!='license' and @rel!='service-desc']/@href"
    for path in ("//script/@src", links, metas, "//div[@id='root']/@id"):
        assert page.xpath(path) == own.xpath(path)
    assert page.xpath("//link[@rel='service-desc']/@href") == ["openapi.json"]


def test_it_is_answered_in_the_front_and_below_the_dashboards_own_path_and_nowhere_else(app: Starlette) -> None:
    for path in ("/", "/overview", "/country", "/figures/", "/figures/regions", "/upload"):
        assert ask(app, path).status_code == 200, path
    for path in ("/charts", "/regions/_stcore/health", "/static/js/index.js", "/nowhere", "/figuresregions"):
        assert ask(app, path).status_code == 404, path
    assert ask(app, "/regions", "POST").status_code == 404


def test_a_page_of_a_build_that_is_gone_says_so_to_programs_too(app: Starlette) -> None:
    assert ask(app, "/regions?build=fixture").status_code == 200
    for gone in ("never", "../../etc/passwd"):
        answer = ask(app, f"/regions?build={gone}")
        assert (answer.status_code, answer.headers["cache-control"]) == (410, "no-store")
        assert "<title>Regions</title>" in answer.text


def test_an_open_action_gives_its_title(app: Starlette, snapshot: Snapshot) -> None:
    open_published()
    lang = "fr"
    page = html.fromstring(ask(app, f"/actions?action=FIX-004&region=africa&lang={lang}").text)
    title = register.details(snapshot, "FIX-004").facts["title"]
    whole = f"{title} · {translator(lang)('Actions')}"
    assert page.findtext(".//title") == (whole if len(whole) <= LONGEST_TITLE else title)
    assert "&quot;" in ask(app, "/actions?action=FIX-004").text.partition("<title>")[2].partition("</title>")[0]


def test_where_no_single_action_is_open_the_page_has_its_own_title(app: Starlette) -> None:
    open_published()
    for query in ("action=there-is-none", "action=FIX-001&action=FIX-002", "action=", "action=FIX-001&build=fixtur"):
        assert "<title>Actions</title>" in ask(app, f"/actions?{query}").text


def test_a_person_is_not_named_in_a_title(app: Starlette, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    open_published()
    named = register.details(snapshot, "FIX-001").facts
    stands_for = Code("stakeholders", named["stakeholder_id"], {"fr": "Particulier, Togo"}, (), 0)
    monkeypatch.setattr(Snapshot, "find_stakeholders", lambda *_: [stands_for])
    answer = ask(app, f"/stakeholders?stakeholder={named['stakeholder_id']}&lang=fr")
    assert html.fromstring(answer.text).findtext(".//title") == "Particulier, Togo · Parties prenantes"


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
def test_an_actions_own_address_leads_to_its_page_with_all_that_the_link_says(
    app: Starlette, address: str, to: str
) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(app, address, method)
        assert (answer.status_code, answer.headers["location"], answer.content) == (308, to, b"")
    path = urlsplit(address).path
    assert urlsplit(urljoin(f"https://example.org{path}", to)).path == path[: path.index("/actions")] + "/actions"
    assert ask(app, address, "POST").status_code == 404


def test_only_what_a_page_opens_has_an_address_of_its_own(app: Starlette) -> None:
    for path in (
        "/regions/africa",
        "/actions/_stcore/health",
        "/actions/static/js/index.js",
        "/actionsFIX-001",
        "/actions/",
    ):
        assert ask(app, path).status_code == 404, path

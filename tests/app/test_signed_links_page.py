"""The page of signed links: making one, what is shown once, the list, and the ways to it from addresses."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access.link_makers import role_now
from dashboard.access.rights import LOCAL, STRANGER, Person, Role
from dashboard.access.sessions import name_hash, sessions_of
from dashboard.access.signed_links import LinkState, SignedLinks, find_today, open_links
from dashboard.i18n import translator
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.page_help_texts import PAGE_HELP
from dashboard.web.guard.link_scope import opens
from tests.app.conftest import OpenPage, elements, page_links, text_of
from tests.signed_in import sign_in, write_roles
from tests.snapshots import copy_published

READER = replace(LOCAL, role=Role.READER, key="idp:1", name="Sample Person 001")


@pytest.fixture
def folder(campaign_folder: Path, tmp_path: Path) -> Path:
    folder = copy_published(campaign_folder, tmp_path / "campaign")
    (folder / "private").mkdir()
    (folder / "private" / "roles.toml").write_text("closed = true\n")
    return folder


@pytest.fixture
def links(folder: Path) -> SignedLinks:
    return open_links(folder / "private")


@pytest.fixture
def open_it(open_page: OpenPage, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    return open_page


def become(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "person", lambda: person)


def begin(settings: Settings) -> str:
    """The name of a session that a reader has begun."""
    return sign_in(settings, Role.READER)["cookie"].partition("=")[2]


def codes(app: AppTest) -> list[str]:
    """What can be copied, but for the page's own address."""
    return [element.value for element in elements(app, "code") if not element.value.startswith("?")]


def make(app: AppTest, label: str = "a ministry") -> AppTest:
    app.text_input(key="links-label").set_value(label)
    return app.button(key="links-make").click().run()


def assert_said(app: AppTest, lang: str) -> None:
    """The page is there in a language, and no placeholder is left unfilled."""
    assert not app.exception
    assert translator(lang)("Signed links") in text_of(app)
    assert "{" not in text_of(app)


def test_a_link_is_made_shown_once_listed_and_revoked(
    open_it: Callable[..., AppTest], links: SignedLinks, folder: Path
) -> None:
    app = open_it("shared_links", lang="fr", region="africa")
    assert_said(app, "fr")
    app.selectbox(key="links-what").set_value("Progress reports").run()
    form = next(box for box in app.selectbox if box.key.startswith("links-form"))
    form.set_value("/extracts/reports.csv").run()
    make(app)
    assert not app.exception
    (link,) = links.list()
    whole, plain, token = codes(app)[:3]
    assert whole == f"{plain}&token={token}"
    assert links.find(token) == link
    address = urlsplit(plain)
    assert opens(link, address.path, address.query, Settings.from_environment())
    assert (address.path, parse_qs(address.query)) == ("/extracts/reports.csv", {"region": ["africa"], "lang": ["fr"]})
    assert token not in str(links.list())
    app.button(key="links-done").click().run()
    assert token not in " ".join(codes(app)) + text_of(app)
    assert "a ministry" in text_of(app)
    app.button(key=f"revoke-{link.handle}").click().run()
    assert links.list()[0].state() is LinkState.REVOKED
    assert "Révoqué" in text_of(app)
    log = "".join(path.read_text() for path in sorted((folder / "private" / "audit").glob("*.jsonl")))
    recorded = [(entry["event"], entry["outcome"]) for entry in map(json.loads, log.splitlines())]
    assert recorded == [(event, outcome) for event in ("invited", "revoked") for outcome in ("begun", "done")]
    assert token not in log
    assert not [button for button in app.button if button.key == f"revoke-{link.handle}"]
    token = codes(make(app))[2]
    app.switch_page("../../pages/help.py").run()  # leaving the page puts the token away
    app.switch_page("../../pages/shared_links.py").run()
    assert token not in codes(app)


def test_an_address_to_which_no_link_can_be_made_is_said(open_it: Callable[..., AppTest]) -> None:
    app = open_it("shared_links", lang="es", to="/upload?x=1")
    assert_said(app, "es")
    said = translator("es")("No link can be made to the address that was asked for. Choose below.")
    assert said in text_of(app)


def test_readers_see_their_own_links_and_administrators_everybodys(
    open_it: Callable[..., AppTest], links: SignedLinks, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = ("/charts/completion-by-region", "lang=en", find_today(), 730)
    links.make(LOCAL, "of the administrator", *target)
    theirs, _ = links.make(READER, "of a reader", *target)
    app = make(open_it("shared_links", lang="en"), label="  ")
    assert_said(app, "en")
    assert "The link has no label." in text_of(app)
    assert len(links.list()) == 2
    assert "of a reader" not in text_of(app)
    app.segmented_control(key="links-whose").set_value("all").run()
    assert "of a reader" in text_of(app)
    assert "of the administrator" in text_of(app)
    assert "Made by Sample Person 001" in text_of(app)
    app.button(key=f"revoke-{theirs.handle}").click().run()
    assert [one.state().value for one in links.list()] == ["revoked", "open"]
    become(READER, monkeypatch)
    app = open_it("shared_links", lang="en")
    assert "of a reader" in text_of(app)
    assert "of the administrator" not in text_of(app)
    assert not elements(app, "exception")
    write_roles(folder, closed=True)
    session = sessions_of(Settings.from_environment()).find(name_hash(begin(Settings.from_environment())))
    monkeypatch.setattr(staff, "find_session", lambda: session)
    make(app)
    assert role_now(links.list()[0], Settings.from_environment()) is Role.READER
    write_roles(folder, closed=True, text="closed = {closed}")
    assert role_now(links.list()[0], Settings.from_environment()) is Role.STRANGER
    become(STRANGER, monkeypatch)
    app = open_it("shared_links", lang="en")
    assert "of a reader" not in text_of(app)


def test_addresses_lead_to_a_link_where_the_campaign_is_closed_and_only_there(
    open_it: Callable[..., AppTest], folder: Path, links: SignedLinks
) -> None:
    app = open_it("download", lang="en", region="africa")
    (way,) = [query for query in page_links(app)["shared_links"] if "to" in query]
    app = open_it("briefing", lang="en", theme="education", chart="completion-by-region")
    (embed,) = [query for query in page_links(app)["shared_links"] if "to" in query]
    made = []
    for query in (way, embed):
        app = make(open_it("shared_links", **query))
        made.append(codes(app)[0])
    assert urlsplit(made[0]).path == "/extracts/actions.xlsx"
    assert parse_qs(urlsplit(made[1]).query)["theme"] == ["education"]
    assert f"token={codes(app)[0].rpartition('=')[2]}" in codes(app)[1]  # the frame
    (folder / "private" / "roles.toml").write_text("closed = false # open\n")
    assert "shared_links" not in page_links(open_it("download", lang="en", region="africa"))
    assert "open to everybody" in " ".join(info.value for info in open_it("shared_links", lang="en").info)


def test_help_lists_the_page_to_those_who_have_it(open_it: Callable[..., AppTest], monkeypatch) -> None:
    become(READER, monkeypatch)
    told = text_of(open_it("help"))
    assert PAGE_HELP["shared_links"].shows in told
    assert PAGE_HELP["upload"].shows not in told

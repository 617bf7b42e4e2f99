"""The page of signed links: making one, its secret shown once, the list, and the ways to it from addresses."""

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access.rights import LOCAL, STRANGER, Person, Role
from dashboard.access.sessions import name_hash, sessions_of
from dashboard.access.signed_links import LinkState, SignedLinks, find_today, open_links, role_now
from dashboard.i18n import translator
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.page_help import PAGE_HELP
from dashboard.web.guard.link_tokens import opens
from tests.app.conftest import codes, page_links, press, switch, text_of
from tests.signed_in import sign_in, write_roles
from tests.snapshots import copy_published

READER = replace(LOCAL, role=Role.READER, key="idp:1", name="Sample Person 001")


@pytest.fixture
def campaign(campaign_folder: Path, tmp_path: Path) -> Path:
    folder = copy_published(campaign_folder, tmp_path / "campaign")
    (folder / "private").mkdir()
    (folder / "private" / "roles.toml").write_text("closed = true\n")
    return folder


@pytest.fixture
def links(campaign: Path) -> SignedLinks:
    return open_links(campaign / "private")


def become(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "person", lambda: person)


def begin(settings: Settings) -> str:
    """Return the name of a session that a reader has begun."""
    return sign_in(settings, Role.READER)["cookie"].partition("=")[2]


def make(app: AppTest, label: str = "a ministry") -> AppTest:
    app.text_input(key="links-label").set_value(label)
    return press(app, "links-make")


def test_a_link_is_made_shown_once_listed_and_revoked(open_upload, links, campaign):
    app = open_upload("shared_links", lang="fr", region="africa")
    assert translator("fr")("Signed links") in text_of(app)
    app.selectbox(key="links-what").set_value("Progress reports").run()
    form = next(box for box in app.selectbox if box.key.startswith("links-form"))
    form.set_value("/extracts/reports.csv").run()
    make(app)
    (link,) = links.list()
    whole, plain, token = codes(app)[:3]
    assert whole == f"{plain}&token={token}"
    assert links.find(token) == link
    address = urlsplit(plain)
    assert opens(link, address.path, address.query, Settings.from_environment())
    assert (address.path, parse_qs(address.query)) == ("/extracts/reports.csv", {"region": ["africa"], "lang": ["fr"]})
    assert token not in str(links.list())
    press(app, "links-done")
    assert token not in " ".join(codes(app)) + text_of(app)
    assert "a ministry" in text_of(app)
    press(app, f"revoke-{link.handle}")
    assert links.list()[0].state() is LinkState.REVOKED
    assert "Révoqué" in text_of(app)
    log = "".join(path.read_text() for path in sorted((campaign / "private" / "audit").glob("*.jsonl")))
    recorded = [(entry["event"], entry["outcome"]) for entry in map(json.loads, log.splitlines())]
    assert recorded == [(event, outcome) for event in ("invited", "revoked") for outcome in ("begun", "done")]
    assert token not in log
    assert not [button for button in app.button if button.key == f"revoke-{link.handle}"]
    app.selectbox(key="links-what").set_value("OData 4.0").run()
    plain, token = codes(make(app))[:2]  # each step with its own: a program asks for more than one address
    assert (urlsplit(plain).path, links.find(token).path, "OData" in text_of(app)) == ("/odata/", "/odata/", True)
    switch(app, "help")  # leaving the page puts the token away
    switch(app, "shared_links")
    assert token not in codes(app)


def test_readers_see_their_own_links_and_administrators_everybodys(open_upload, links, campaign, monkeypatch):
    target = ("/charts/completion-by-region", "lang=en", find_today(), 730)
    links.make(LOCAL, "of the administrator", *target)
    theirs, _ = links.make(READER, "of a reader", *target)
    app = make(open_upload("shared_links", lang="en"), label="  ")
    assert "The link has no label." in text_of(app)
    assert len(links.list()) == 2
    assert "of a reader" not in text_of(app)
    app.segmented_control(key="links-whose").set_value("all").run()
    assert "of a reader" in text_of(app)
    assert "of the administrator" in text_of(app)
    assert "Created by Sample Person 001" in text_of(app)
    press(app, f"revoke-{theirs.handle}")
    assert [one.state().value for one in links.list()] == ["revoked", "open"]
    become(READER, monkeypatch)
    app = open_upload("shared_links", lang="en")
    assert "of a reader" in text_of(app)
    assert "of the administrator" not in text_of(app)
    told = text_of(open_upload("help"))
    assert PAGE_HELP["shared_links"].shows in told and PAGE_HELP["upload"].shows not in told
    write_roles(campaign, closed=True)
    session = sessions_of(Settings.from_environment()).find(name_hash(begin(Settings.from_environment())))
    monkeypatch.setattr(staff, "find_session", lambda: session)
    make(app)
    assert role_now(links.list()[0], Settings.from_environment()) is Role.READER
    write_roles(campaign, closed=True, text="closed = {closed}")
    assert role_now(links.list()[0], Settings.from_environment()) is Role.STRANGER
    become(STRANGER, monkeypatch)
    app = open_upload("shared_links", lang="en")
    assert "of a reader" not in text_of(app)


def test_addresses_lead_to_a_link_where_the_campaign_is_closed_and_only_there(open_upload, campaign, links):
    extracts = open_upload("download", lang="en", region="africa")
    briefing = open_upload("briefing", lang="en", theme="education", chart="completion-by-region")
    ways = [query for app in (extracts, briefing) for query in page_links(app)["shared_links"] if "to" in query]
    app = open_upload("shared_links", lang="es", to="/upload?x=1")
    said = translator("es")("No link can be created to the requested address. Choose below.")
    assert said in text_of(app)
    file, chart = ways
    assert urlsplit(file["to"][0]).path == "/extracts/actions.xlsx"
    app = make(open_upload("shared_links", **chart))
    assert parse_qs(urlsplit(codes(app)[0]).query)["theme"] == ["education"]
    assert f"token={codes(app)[0].rpartition('=')[2]}" in codes(app)[1]  # the frame
    (campaign / "private" / "roles.toml").write_text("closed = false # open\n")
    assert "shared_links" not in page_links(extracts.run())
    assert "open to everybody" in " ".join(info.value for info in app.run().info)

"""The page Actions is drawn as its models say, and its widgets do what they say."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb
import pytest
from lxml import html

from dashboard.errors import UserError
from dashboard.ground.processes import commands
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import action_model, body
from dashboard.ui.actions.secretariat import Desk
from tests.annotations import ALT, publish_annotated
from tests.app.conftest import (
    assert_drawn,
    bodies,
    file_links,
    filter_by,
    kept_query,
    list_ids,
    list_lines,
    mounted,
    press,
    press_quickly,
    text_of,
    trigger,
)
from tests.app.uploads import Ended
from tests.quality_rows import NOTED, publish_quality
from tests.views import lead, make_view

REGION = {"regions": ("africa",)}
AFRICA = Selection(**REGION)


def words(element) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", element.text_content()).strip()


def read(app) -> html.HtmlElement:
    """Parse the HTML of a page."""
    return html.fromstring(f"<main>{bodies(app)}</main>")


@pytest.mark.nightly
def test_the_register_is_sorted_cut_into_pages_and_shown_in_other_columns(open_page, snapshot):
    app = open_page("actions")
    usual = ["Title", "Stakeholder", "Status", "Place", "Themes", "Deadline", "Last report"]
    assert list(list_lines(app)[0].cells) == usual
    assert list_ids(app) == register.page(snapshot, Selection(), limit=20)["action_id"].tolist()
    (head,) = read(app).xpath("//th[a[@data-keep='sort-title']]/a")
    assert parse_qs(urlsplit(head.get("href")).query) == {"lang": ["en"], "sort": ["title"]}
    app.query_params["sort"], app.query_params["order"] = "title", "desc"
    app.run()
    sorted_ids = register.page(snapshot, Selection(), sort="title", descending=True)["action_id"].tolist()
    assert list_ids(app) == sorted_ids[:20]
    page = read(app)
    (head,) = page.xpath("//th[@aria-sort='descending']//a[@data-way]")
    assert parse_qs(urlsplit(head.get("href")).query) == {"lang": ["en"], "sort": ["title"]}
    (here,) = page.xpath("//nav[@class='list-pages']/ul[1]//a[@aria-current='page']")
    assert (words(here), here.get("aria-label")) == ("1", "Page 1")
    app.query_params["page"] = "2"
    app.run()
    assert list_ids(app) == sorted_ids[20:40]
    assert kept_query(app) == {"sort": ["title"], "order": ["desc"], "page": ["2"]}
    filter_by(app, "region", "africa")
    assert list_ids(app) == register.page(snapshot, AFRICA, sort="title", descending=True)["action_id"].tolist()[:20]
    assert "page" not in kept_query(app)  # another list begins on its first page
    assert "africa" in file_links(app)["file-download"]["name"].casefold()
    [(columns, _)] = mounted(app, "tolerant_list")
    trigger(app, columns, "chosen", ["group", "action_id"])
    app.menu_button(key="lang").click("fr").run()
    assert kept_query(app)["columns"] == ["group,action_id"]
    t = translator("fr")
    assert list(list_lines(app, t("Actions"))[0].cells) == [t("Title"), t("Stakeholder group"), t("Action ID")]
    own = {"sort": "title", "order": "desc", "columns": "group,action_id"}
    view = make_view(snapshot, "actions", own, lang="fr", **REGION)
    shown = body.make_model(snapshot, view.selection, view.t, view.parameters, view.page_id)
    assert_drawn(app, (shown.list_model, shown.views))
    [(_, views)] = mounted(app, "saved_views")
    assert (views["path"], views["store"]) == ("/actions", "dashboard-views:")
    assert parse_qs(views["query"])["columns"] == ["group,action_id"]
    press(app, "register-columns-reset")
    assert "columns" not in kept_query(app)


def test_what_is_searched_is_marked_and_what_a_link_asks_in_vain_is_said(open_page):
    app = open_page("actions", q="ECOLE", columns="group,colour", page="x")
    assert "<mark>école</mark>" in bodies(app)
    assert ["colour" in app.warning[0].value, "page=x" in app.warning[1].value] == [True, True]
    assert list(list_lines(app)[0].cells) == ["Title", "Stakeholder group"]
    assert list(file_links(app)) == ["file-download"]
    app.query_params["q"], app.query_params["lang"] = "no action has these words", "fr"
    assert translator("fr")("No action matches these filters.") in text_of(app.run())
    assert not list_lines(app, translator("fr")("Actions"))
    assert mounted(app, "saved_views")  # to leave by
    app.query_params["action"] = "no-such-action"
    assert "no-such-action" in app.run().error[0].value


@pytest.fixture
def eventful(tmp_path):
    """Return the fixture campaign with events, stories and annotations, and with somebody who answers readers."""
    publish_annotated(tmp_path)
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    (tmp_path / "campaign.toml").write_text(shipped.replace("secretariat@example.org", "office@office.int"), "utf-8")
    return tmp_path


def test_an_action_is_drawn_with_its_ways_texts_and_letters(open_page, eventful, snapshot, monkeypatch):
    """The words and links of each: `tests/dashboard/ui/actions/test_action_model.py`."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(eventful))
    app = open_page("actions", action="FIX-001", region="africa", sort="title", order="desc", lang="en")
    assert not app.error
    page = read(app)
    own = {"action": "FIX-001", "sort": "title", "order": "desc"}
    view = make_view(current(Settings.from_environment()), "actions", own, **REGION)
    action = action_model.make_model(view, "FIX-001", Desk(), is_staff=False)
    assert_drawn(
        app,
        replace(action, tab="", evidence_rows=()),
        ids=(
            "timeline",
            "replies",
            "reports",
            "evidence",
            "posts",
            "others",
            "step",
            "muted",
            "outcome",
            "file",
            "posts files",
            ALT,  # its signs of mark-up are drawn as others: the model's test compares them
        ),
    )
    shown = action_model.find_ways(view, "FIX-001")
    assert_drawn(app, shown)
    title = page.xpath("//h2[@data-place]")[0]
    assert (title.get("lang"), title.get("data-place")) == ("fr", "actions/FIX-001")
    assert {text.get("lang") for text in page.xpath("//p[@class='what']/bdi") if text.get("lang")} >= {"fr"}
    spans = page.xpath("//nav[@class='action-ways']/span[.//a[@data-way]]")
    ways = {span.get("class"): parse_qs(urlsplit(span.xpath(".//a/@href")[0]).query) for span in spans}
    before, _, after = shown.steps
    sides = {"prev": before.link, "next": after.link, "back": shown.back.link}
    assert ways == {side: lead(link)[1] for side, link in sides.items() if link}
    (country,) = page.xpath("//dl[@class='action-facts']//a[contains(@href, '/regions?country=')]")
    assert parse_qs(urlsplit(country.get("href")).query) == {"country": ["CIV"], "lang": ["en"]}
    assert len(page.xpath("//ol[@class='timeline']/li[@aria-current='date']")) == 1
    assert page.xpath("//ol[@class='timeline']/li[@class='reached']//time/@datetime")
    reports = page.xpath("//ol[@class='reports']/li")
    marks = [len(report.xpath(".//span[starts-with(@class, 'status status-')]")) for report in reports]
    assert (len(marks), marks[0], marks[-1]) == (len(action.reports.items), 2, 1)
    _, story = page.xpath("//ol[@class='posts']/li")
    assert story.xpath(".//a/@href") == ["https://example.org/en", "https://example.org/fr"]  # no script is a way
    assert words(story.xpath("p[@class='when']")[-1]) == "Also in: Spanish, French ↗"
    others = page.xpath("//ol[@class='others']/li")
    assert others and all(other.xpath("p[@class='what']//a[@data-way]") for other in others)
    letters = [unquote(way) for way in page.xpath("//a[starts-with(@href, 'mailto:')]/@href")]
    assert letters[0].startswith("mailto:office@office.int?subject=") and "FIX-001" in letters[-1]
    assert not page.xpath("//table")
    assert not [button for button in app.button if button.key in ("original-action", "evidence-set")]
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    file = eventful / "campaign.toml"
    file.write_text(file.read_text(encoding="utf-8").partition("[publisher]")[0], encoding="utf-8")
    assert "mailto:" not in bodies(app.run())
    assert app.button(key="evidence-set").disabled, "nothing is set about the sample"


@pytest.fixture
def opened(open_page, tmp_path, monkeypatch):
    """Return the page of an action that staff have noted as verified."""
    publish_quality(tmp_path, NOTED)
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    return open_page("actions", action="FIX-001")


def test_staff_see_rows_set_a_step_of_the_evidence_and_take_it_back(opened, ran, snapshot):
    app, ran.answer = opened, {"ok": True, "headers": ["Title", "Empty"], "cells": ["A title of the file", None]}
    assert "By telephone" in text_of(app)
    assert "https://example.org/audit?a=1&amp;b=2" in bodies(app)
    facts = register.details(snapshot, "FIX-001").facts
    assert facts["source_file"] in words(read(app).xpath("//table")[-1])
    press_quickly(app, "original-action", "evidence-set")
    assert ran[-1][0][-2:] == [facts["source_file"], str(facts["source_row"])]
    assert "A title of the file" in text_of(app)
    assert "“Evidenced” needs a document or a web address." in text_of(app)
    assert len(ran) == 1
    app.text_input(key="evidence-source").set_value(" https://example.org/proof ")
    app.text_input(key="evidence-note").set_value("Sent by post")
    press(app, "evidence-set")
    assert ran[-1][0][:2] == ["decide", "--note=Sent by post"]
    assert date.fromisoformat(ran[-1][0][2].removeprefix("--on="))
    assert ran[-1][0][3] == "--source=https://example.org/proof"
    assert ran[-1][0][-4:] == ["evidence", "report", "R-2", "evidenced"]
    assert "1 change is waiting for the next build." in text_of(app)
    press(app, "undo-evidence-1")
    assert ran[-1][0][1] == "--undo" and ran[-1][0][-4:] == ["evidence", "report", "R-2", "evidenced"]
    assert "waiting for the next build" not in text_of(app)
    press(app, "undo-evidence-0")
    assert ran[-1][0][-4:] == ["evidence", "report", "R-2", "verified"]
    assert "the next build no longer applies it" in text_of(app)
    ran.refusal = UserError("decisions.csv, row 3: R-2 is verified a second time.", "Take one of these rows out.")
    app.selectbox(key="evidence-step").set_value("verified")
    press(app, "evidence-set")
    assert "is verified a second time" in app.error[0].value


def publish_newer(folder) -> Ended:
    """Build: publish a snapshot without the steps that staff took back, as soon as it is called."""
    pointer = folder / "published" / "current.json"
    named = json.loads(pointer.read_text(encoding="utf-8"))
    newer = shutil.copy(folder / "published" / named["snapshot"], folder / "published" / "snapshot-newer.duckdb")
    with duckdb.connect(newer) as connection:
        connection.execute("delete from evidence_steps where decided_by = 'staff'")
        connection.execute("update campaign set build_id = 'newer'")
    pointer.write_text(json.dumps(named | {"snapshot": "snapshot-newer.duckdb", "build_id": "newer"}))
    return Ended({"ok": True})


@pytest.mark.nightly
def test_who_builds_sees_what_was_built(opened, ran, tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "start", lambda words, actor, stdin=None: publish_newer(tmp_path))
    assert not mounted(opened, "figures")[0][1]["is_newest"]
    app = press(opened, "undo-evidence-0", "build-now")
    assert "Built and published" in app.success[0].value
    assert mounted(app, "figures")[0][1]["is_newest"]  # else the browser would ask for the build that it showed before
    assert words(read(app).xpath("//ol[@class='evidence']/li")[3]) == "○ Verified · not yet"
    assert not mounted(app.run(), "figures")[0][1]["is_newest"]
    assert words(read(app).xpath("//ol[@class='evidence']/li")[3]) == "○ Verified · not yet"

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
from dashboard.extracts import order
from dashboard.extracts.order import Export
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.processes import commands
from dashboard.processes.runner import Result
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import action_model, model
from dashboard.ui.actions.secretariat import Desk
from dashboard.ui.pieces import extract_file
from tests.app.conftest import assert_drawn, elements, file_links, kept_query, list_ids, list_lines, mounted, text_of
from tests.quality_rows import NOTED, publish_quality
from tests.snapshots import POSTS, copy_published
from tests.views import make_view

REGION = {"regions": ("africa",)}
AFRICA = Selection(**REGION)


class Making:
    """An extract whose making the test decides."""

    def __init__(self, selection):
        self.selection, self.is_done, self.is_cancelled = selection, False, False

    def done(self):
        return self.is_done

    def result(self):
        return Export(b"content", "register.xlsx", "application/x-test")

    def cancel(self):
        self.is_cancelled = True

    def progress(self):
        return 0.25


@pytest.fixture
def large_files(monkeypatch):
    """Every register counts as a large one; what is asked for is listed."""
    made: list[Making] = []

    def submit(snapshot, selection, *_, **__):
        made.append(Making(selection))
        return made[-1]

    monkeypatch.setitem(extract_file.AT_ONCE, "xlsx", 0)
    monkeypatch.setattr(order, "submit_extract", submit)
    return made


def bodies(app) -> str:
    """The HTML of a page, without its style."""
    found = [element.proto.body for element in elements(app, "html")]
    return "".join(body for body in found if not body.startswith("<style"))


def words(element) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", element.text_content()).strip()


def test_the_register_is_sorted_cut_into_pages_and_shown_in_other_columns(open_page, snapshot, monkeypatch):
    monkeypatch.setattr(model, "PAGE_ROWS", 3)
    app = open_page("actions")
    usual = ["Title", "Stakeholder", "Status", "Place", "Themes", "Deadline", "Last report"]
    assert list(list_lines(app)[0].cells) == usual
    assert list_ids(app) == register.page(snapshot, Selection(), limit=3)["action_id"].tolist()
    app.selectbox(key="register-sort").set_value("title").run()
    app.toggle(key="register-descending").set_value(True).run()
    sorted_ids = register.page(snapshot, Selection(), sort="title", descending=True)["action_id"].tolist()
    assert list_ids(app) == sorted_ids[:3]
    page = html.fromstring(f"<main>{bodies(app)}</main>")
    (head,) = page.xpath("//th[@aria-sort='descending']//a[@data-way]")
    assert parse_qs(urlsplit(head.get("href")).query) == {"lang": ["en"], "sort": ["title"]}
    (here,) = page.xpath("//nav[@class='list-pages']//a[@aria-current='page']")
    assert (words(here), here.get("aria-label")) == ("1", "Page 1")
    app.number_input(key="register-page").set_value(13).run()
    assert list_ids(app) == sorted_ids[36:39]
    assert kept_query(app) == {"lang": ["en"], "sort": ["title"], "order": ["desc"], "page": ["13"]}
    app.multiselect(key="filter-region").select("africa").run()
    assert list_ids(app) == register.page(snapshot, AFRICA, sort="title", descending=True)["action_id"].tolist()[:3]
    assert "page" not in kept_query(app)  # another list begins on its first page
    app.multiselect(key="register-columns").set_value(["group", "action_id"]).run()
    assert kept_query(app)["columns"] == ["group,action_id"]
    next(group for group in elements(app, "button_group") if group.key == "lang").set_value("fr").run()
    t = translator("fr")
    assert list(list_lines(app, t("Actions"))[0].cells) == [t("Title"), t("Stakeholder group"), t("Action ID")]
    own = {"sort": "title", "order": "desc", "columns": "group,action_id"}
    shown = model.make_model(make_view(snapshot, "actions", own, lang="fr", **REGION), 3)
    assert_drawn(app, (shown.actions, shown.said, shown.page_ways, shown.views))
    [(_, views)] = mounted(app, "saved_views")
    assert (views["path"], views["store"]) == ("/actions", "dashboard-views:")
    assert parse_qs(views["query"])["columns"] == ["group,action_id"]
    app.button(key="register-columns-reset").click().run()
    assert not app.exception
    assert "columns" not in kept_query(app)


def test_what_is_searched_is_marked_and_what_a_link_asks_in_vain_is_said(open_page, snapshot):
    app = open_page("actions", q="ECOLE", columns="group,colour", page="x")
    assert "<mark>école</mark>" in bodies(app)
    assert ["colour" in app.warning[0].value, "page=x" in app.warning[1].value] == [True, True]
    assert list(list_lines(app)[0].cells) == ["Title", "Stakeholder group"]
    assert list(file_links(app)) == ["file-download"]


def test_an_empty_register_says_which_filter_to_drop_and_offers_saved_views(open_page):
    app = open_page("actions", q="no action has these words", lang="fr")
    assert translator("fr")("No action matches these filters.") in text_of(app)
    assert not list_lines(app, translator("fr")("Actions"))
    assert mounted(app, "saved_views")  # to leave by


def test_a_large_file_is_prepared_given_up_with_another_selection_and_offered(open_page, large_files):
    app = open_page("actions", lang="es")
    app.button(key="file-prepare").click().run()
    app.multiselect(key="filter-region").select("africa").run()
    assert large_files[0].is_cancelled
    app.button(key="file-prepare").click().run()
    making = large_files[1]
    assert making.selection == Selection(regions=("africa",), lang="es")
    making.is_done = True
    app.run()
    assert not app.exception
    assert app.get("download_button")


@pytest.fixture
def eventful(campaign_folder, tmp_path, monkeypatch):
    """The fixture campaign with events and stories, and with somebody who answers readers."""
    folder = tmp_path / "campaign"
    copy_published(campaign_folder, folder)
    with duckdb.connect(next((folder / "published").glob("*.duckdb"))) as connection:
        connection.execute(POSTS)
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    file = folder / "campaign.toml"
    file.write_text(shipped.replace("secretariat@example.org", "office@office.int"), encoding="utf-8")
    return folder


def test_an_action_is_drawn_with_its_ways_texts_and_letters(open_page, eventful, snapshot, monkeypatch):
    ids = register.page(snapshot, AFRICA, sort="title", descending=True)["action_id"].tolist()
    place = ids.index("FIX-001")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(eventful))
    app = open_page("actions", action="FIX-001", region="africa", sort="title", order="desc", lang="en")
    assert not app.exception and not app.error
    page = html.fromstring(f"<main>{bodies(app)}</main>")
    own = {"action": "FIX-001", "sort": "title", "order": "desc"}
    view = make_view(current(Settings.from_environment()), "actions", own, **REGION)
    action = action_model.make_model(view, "FIX-001", Desk(), is_staff=False)
    assert_drawn(app, replace(action, tab="", evidence_rows=(), reports=()))
    assert_drawn(app, [(one.day, one.status.now, one.changes, one.narrative) for one in action.reports])
    assert_drawn(app, action_model.find_ways(view, "FIX-001"))
    title = page.xpath("//h2[@data-place]")[0]
    assert (title.get("lang"), title.get("data-place")) == ("fr", "actions/FIX-001")
    assert {text.get("lang") for text in page.xpath("//p[@class='what']") if text.get("lang")} >= {"fr"}
    ways = {way.get("class"): parse_qs(urlsplit(way.get("href")).query) for way in page.xpath("//nav/a[@data-way]")}
    kept = {"region": ["africa"], "sort": ["title"], "order": ["desc"], "lang": ["en"]}
    assert ways["back"] == kept
    assert {side: ways[side]["action"] for side in ways if side != "back"} == {
        side: [ids[place + step]] for side, step in (("prev", -1), ("next", 1)) if 0 <= place + step < len(ids)
    }
    (country,) = page.xpath("//dl[@class='action-facts']//a[contains(@href, '/country?')]")
    assert parse_qs(urlsplit(country.get("href")).query) == {"country": ["CIV"], "lang": ["en"]}
    assert len(page.xpath("//ol[@class='timeline']/li[@aria-current='date']")) == 1
    assert page.xpath("//ol[@class='timeline']/li[@class='reached']//time/@datetime")
    reports = page.xpath("//ol[@class='reports']/li[@class='report']")
    assert len(reports) == len(register.details(snapshot, "FIX-001").reports)
    assert len(reports[0].xpath(".//span[starts-with(@class, 'status status-')]")) == 2
    assert len(reports[-1].xpath(".//span[starts-with(@class, 'status status-')]")) == 1
    _, story = page.xpath("//ul[@class='posts']/li")
    assert story.xpath(".//a/@href") == ["https://example.org/en", "https://example.org/fr"]  # no script is a way
    assert words(story.xpath("p[@class='when']")[-1]) == "Also in: Spanish, French"
    others = page.xpath("//ol[@class='others']/li")
    assert others and all(other.xpath("p[@class='what']/a[@data-way]") for other in others)
    letters = [unquote(way) for way in page.xpath("//a[starts-with(@href, 'mailto:')]/@href")]
    assert letters[0].startswith("mailto:office@office.int?subject=") and "FIX-001" in letters[-1]
    assert not page.xpath("//table")
    assert not [button for button in app.button if button.key in ("original-action", "evidence-set")]
    file = eventful / "campaign.toml"
    file.write_text(file.read_text(encoding="utf-8").partition("[publisher]")[0], encoding="utf-8")
    assert "mailto:" not in bodies(app.run())


def test_an_unknown_action_is_said_to_be_unknown(open_page):
    app = open_page("actions", action="no-such-action")
    assert not app.exception
    assert "no-such-action" in app.error[0].value


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """The commands that the page runs on a campaign whose action FIX-001 staff have noted as verified."""
    publish_quality(tmp_path, NOTED)
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    ran = []

    def run(given, _actor, stdin=None):
        ran.append(list(given))
        return {"ok": True, "headers": ["Title", "Empty"], "cells": ["A title of the file", None]}

    monkeypatch.setattr(commands, "run_etl", run)
    return ran


@pytest.fixture
def opened(open_page, ran, tmp_path, monkeypatch):
    def open_it(**query):
        monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
        app = open_page("actions", action="FIX-001", **query)
        assert not app.exception
        return app

    return open_it


def steps(app):
    """The list of the evidence, a line a step."""
    (found,) = html.fromstring(f"<main>{bodies(app)}</main>").xpath("//ol[@class='evidence']")
    return [words(line) for line in found.xpath("li")]


def test_staff_see_rows_set_a_step_of_the_evidence_and_take_it_back(opened, ran, snapshot, monkeypatch):
    app = opened()
    assert "By telephone" in text_of(app)
    assert "https://example.org/audit?a=1&amp;b=2" in bodies(app)
    facts = register.details(snapshot, "FIX-001").facts
    assert facts["source_file"] in words(html.fromstring(f"<main>{bodies(app)}</main>").xpath("//table")[-1])
    app.button(key="original-action").click().run()
    assert ran[-1][-2:] == [facts["source_file"], str(facts["source_row"])]
    assert "A title of the file" in text_of(app)
    before = len(ran)
    app.button(key="evidence-set").click().run()
    assert "It is evidenced by a document or an address." in text_of(app)
    assert len(ran) == before
    app.text_input(key="evidence-source").set_value(" https://example.org/proof ")
    app.text_input(key="evidence-note").set_value("Sent by post")
    app.button(key="evidence-set").click().run()
    assert ran[-1][:2] == ["decide", "--note=Sent by post"]
    assert date.fromisoformat(ran[-1][2].removeprefix("--on="))
    assert ran[-1][3] == "--source=https://example.org/proof"
    assert ran[-1][-4:] == ["evidence", "report", "R-2", "evidenced"]
    assert "1 change waits for a build." in text_of(app)
    app.button(key="undo-evidence-1").click().run()
    assert ran[-1][1] == "--undo" and ran[-1][-4:] == ["evidence", "report", "R-2", "evidenced"]
    assert "waits for a build" not in text_of(app)
    app.button(key="undo-evidence-0").click().run()
    assert ran[-1][-4:] == ["evidence", "report", "R-2", "verified"]
    assert "the next build no longer applies it" in text_of(app)

    def refuse(*_args, **_options):
        raise UserError("decisions.csv, row 3: R-2 is verified a second time.", "Take one of these rows out.")

    monkeypatch.setattr(commands, "run_etl", refuse)
    app.selectbox(key="evidence-step").set_value("verified")
    app.button(key="evidence-set").click().run()
    assert "is verified a second time" in app.error[0].value


class Built:
    """A build that has published a snapshot without what staff took back, as soon as it is asked for."""

    def __init__(self, folder):
        pointer = folder / "published" / "current.json"
        named = json.loads(pointer.read_text(encoding="utf-8"))
        newer = shutil.copy(folder / "published" / named["snapshot"], folder / "published" / "snapshot-newer.duckdb")
        with duckdb.connect(newer) as connection:
            connection.execute("delete from evidence_steps where decided_by = 'staff'")
            connection.execute("update campaign set build_id = 'newer'")
        pointer.write_text(json.dumps(named | {"snapshot": "snapshot-newer.duckdb", "build_id": "newer"}))

    def done(self):
        return True

    def result(self):
        return Result({"ok": True}, "", b"")


def test_who_builds_sees_what_was_built(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "start", lambda words, actor, stdin=None: Built(tmp_path))
    app = opened()
    assert not mounted(app, "figures")[0][1]["is_newest"]
    app.button(key="undo-evidence-0").click().run()
    app.button(key="build-now").click().run()
    assert "Built and published" in app.success[0].value
    assert steps(app)[3] == "○ Verified · not yet"
    assert mounted(app, "figures")[0][1]["is_newest"]  # else the browser would ask for the build that it showed before
    app.run()
    assert steps(app)[3] == "○ Verified · not yet"
    assert not mounted(app, "figures")[0][1]["is_newest"]


def test_nothing_is_set_about_the_sample(open_page, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    app = open_page("actions", action="FIX-001")
    assert app.button(key="evidence-set").disabled

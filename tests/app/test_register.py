"""The Actions page: the register, one action opened, the download."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from lxml import html

from dashboard.errors import UserError
from dashboard.extracts import order
from dashboard.extracts.order import Export
from dashboard.formats import format_short_date
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.measures.milestones import count_milestones
from dashboard.processes import commands
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import body as actions_page
from dashboard.ui.actions import shown_columns
from dashboard.ui.pieces import extract_file
from dashboard.ui.pieces.action_list import FIELDS
from dashboard.ui.pieces.highlight import mark_words
from tests.app.conftest import elements, kept_query, list_ids, list_lines, mounted, text_of


def test_the_register_lists_the_selection(open_page, snapshot):
    selection = Selection(regions=("africa",))
    app = open_page("actions", region="africa")
    assert not app.exception
    expected = register.page(snapshot, selection)
    assert list_ids(app) == expected["action_id"].tolist()
    assert len(expected) == register.count(snapshot, selection) > 0


def test_a_line_says_what_the_register_knows_in_the_readers_language(open_page, snapshot):
    t = translator("fr")
    lines = list_lines(open_page("actions", lang="fr", sort="reported_on", order="desc"), t("Actions"))
    frame = register.page(snapshot, Selection(lang="fr"), sort="reported_on", descending=True)
    labels = register.labelled(frame, snapshot, "fr")
    for line, (_, row), (_, codes) in zip(lines, labels.iterrows(), frame.iterrows(), strict=True):
        late = f" {t('Overdue')}" if row["is_overdue"] else ""
        own = snapshot.codes["statuses"].get(codes["status_code"])
        beside = f" {own.labels['fr']}" if own is not None and own.labels["fr"] != row["status"] else ""
        assert line.cells[t("Status")] == f"{row['status']}{beside}{late}"
        assert line.cells[t("Deadline")] == format_short_date(row["due_on"].date(), "fr")
        assert line.cells[t("Title")] == (row["title"] if isinstance(row["title"], str) else t("Untitled action"))
        assert line.cells[t("Place")]
        if isinstance(row["stakeholder"], str):
            assert line.cells[t("Stakeholder")] == row["stakeholder"]
            way = {"stakeholder": [codes["stakeholder_id"]], "lang": ["fr"]}
            assert line.links[t("Stakeholder")] == way
        kept = {"sort": ["reported_on"], "order": ["desc"], "lang": ["fr"]}
        assert line.links[t("Title")] == {"action": [row["action_id"]], **kept}


def test_sorting_sorts_all_of_it_by_the_boxes_and_by_the_headings(open_page, snapshot):
    app = open_page("actions")
    app.selectbox(key="register-sort").set_value("title").run()
    app.toggle(key="register-descending").set_value(True).run()
    expected = register.page(snapshot, Selection(), sort="title", descending=True)["action_id"].tolist()
    assert list_ids(app) == expected
    assert {"lang": ["en"], "sort": ["title"]} in heading_links(app)  # the way to the other direction
    assert {"lang": ["en"], "sort": ["reported_on"], "order": ["desc"]} in heading_links(app)  # the latest first


def heading_links(app) -> list[dict[str, list[str]]]:
    """The parameters of the links of the list's headings."""
    [body] = [element.proto.body for element in app.get("html") if 'class="cards"' in element.proto.body]
    return [parse_qs(urlsplit(way).query) for way in html.fromstring(body).xpath(".//thead//a/@href")]


def test_a_page_is_all_that_is_sent_and_the_link_keeps_which(open_page, snapshot, monkeypatch):
    monkeypatch.setattr(actions_page, "PAGE_ROWS", 3)
    app = open_page("actions")
    assert list_ids(app) == register.page(snapshot, Selection(), limit=3)["action_id"].tolist()
    ways = [
        unescape(way) for body in app.get("html") for way in re.findall(r'href="([^"]*page=[^"]*)"', body.proto.body)
    ]
    assert "page=2" in ways[0]
    app = open_page("actions", page="2")
    assert list_ids(app) == register.page(snapshot, Selection(), limit=3, offset=3)["action_id"].tolist()
    app.multiselect(key="filter-region").select("africa").run()
    assert list_ids(app) == register.page(snapshot, Selection(regions=("africa",)), limit=3)["action_id"].tolist()
    assert "page" not in kept_query(app)  # another list begins on its first page
    last = -(-register.count(snapshot, Selection()) // 3)
    app = open_page("actions", page="99")
    assert 0 < len(list_ids(app)) <= 3
    app.number_input(key="register-page").set_value(last - 1).run()
    assert kept_query(app)["page"] == [str(last - 1)]
    assert list_ids(app) == register.page(snapshot, Selection(), limit=3, offset=3 * (last - 2))["action_id"].tolist()


def test_columns_are_chosen_and_stay_in_the_link_and_in_another_language(open_page, snapshot):
    app = open_page("actions")
    usual = list(list_lines(app)[0].cells)
    app.multiselect(key="register-columns").set_value(["group", "action_id"]).run()
    assert kept_query(app)["columns"] == ["group,action_id"]
    assert list(list_lines(app)[0].cells) == ["Title", "Stakeholder group", "Action ID"]
    next(group for group in elements(app, "button_group") if group.key == "lang").set_value("fr").run()
    assert kept_query(app) == {"columns": ["group,action_id"], "lang": ["fr"]}
    t = translator("fr")
    assert list(list_lines(app, t("Actions"))[0].cells) == [t("Title"), t("Stakeholder group"), t("Action ID")]
    app.button(key="register-columns-reset").click().run()
    assert [translator("en")(head) for head in usual] == usual
    assert "columns" not in kept_query(app)
    app = open_page("actions", columns="group,colour")
    assert "colour" in app.warning[0].value
    assert list(list_lines(app)[0].cells) == ["Title", "Stakeholder group"]


def test_what_stands_behind_a_status_and_milestones_may_be_columns(open_page, snapshot):
    frame = register.labelled(register.page(snapshot, Selection()), snapshot, "en")
    lines = list_lines(open_page("actions", columns="evidence,milestones"))
    assert [line.cells["Evidence"] for line in lines] == ["—" if pd.isna(step) else step for step in frame["evidence"]]
    counts = frame[["milestones_reached", "milestones_due"]].itertuples(index=False)
    told = ["—" if not due else f"{reached} of {due}" for reached, due in counts]
    assert [line.cells["Milestones reached"] for line in lines] == told
    total = count_milestones(snapshot, Selection())
    whole = register.page(snapshot, Selection(), limit=1_000)
    for name in ("milestones_reached", "milestones_due"):
        assert int(whole[name].sum()) == getattr(total, name)
    assert len({line.cells["Evidence"] for line in lines}) > 1


def test_the_file_has_the_columns_that_the_reader_has_chosen(open_page, monkeypatch):
    asked = []
    monkeypatch.setattr(extract_file, "show", lambda view, selection, choice, rows: asked.append(choice.columns))
    for columns in (None, "language,place,evidence,milestones"):
        assert not open_page("actions", **({"columns": columns} if columns else {})).exception
    usual, own = asked
    assert usual == ()
    assert own == ("action_id", "title", "language_code", "regions", "countries", "evidence")


@pytest.mark.parametrize("name", FIELDS)
def test_every_column_of_the_list_but_counts_has_its_own_in_files(name):
    columns = shown_columns.name_in_files(("title", name))
    order.check_choice("xlsx", "actions", columns, ())
    assert len(columns) > 2 or name in ("title", "action_id", "milestones")


def test_what_is_searched_is_marked_in_titles_as_the_database_finds_it(open_page, snapshot):
    title = next(title for title in register.page(snapshot, Selection())["title"] if title and "é" in title)
    word = next(word for word in re.findall(r"\w+", title) if "é" in word)
    plain = snapshot.search_words(word)[0]
    assert plain != word
    bodies = [element.proto.body for element in open_page("actions", q=plain.upper()).get("html")]
    assert any(f"<mark>{word}</mark>" in body for body in bodies)
    assert mark_words(snapshot, "d'ivoire <b", ["Côte d'Ivoire <b>"])("Côte d'Ivoire <b>") == (
        "Côte <mark>d&#x27;Ivoire</mark> &lt;<mark>b</mark>&gt;"
    )


def test_saved_views_keep_filters_columns_and_order_and_neither_page_nor_language(open_page):
    app = open_page("actions", region="africa", sort="title", columns="group", page="2", lang="fr")
    [(_, data)] = mounted(app, "saved_views")
    assert parse_qs(data["query"]) == {"region": ["africa"], "sort": ["title"], "columns": ["group"]}
    assert data["lang"] == "fr"
    assert mounted(open_page("actions", q="no action has these words"), "saved_views")  # to leave by


@pytest.mark.parametrize(
    ("lang", "each"), [("fr", 5), *(pytest.param(lang, 1, marks=pytest.mark.exhaustive) for lang in ("en", "fr", "es"))]
)
def test_every_action_opens_and_says_where_it_comes_from(open_page, snapshot, lang, each):
    for action_id in register.page(snapshot, Selection())["action_id"].tolist()[::each]:
        app = open_page("actions", action=action_id, lang=lang)
        assert not app.exception
        assert not app.error
        text = text_of(app)
        action = register.details(snapshot, action_id)
        assert action is not None
        facts = action.facts
        assert facts["source_file"] in text
        assert str(facts["source_row"]) in text
        if facts["title"]:
            assert facts["title"] in text


def test_staff_see_the_row_that_an_action_came_from_and_nobody_else(open_page, snapshot, monkeypatch):
    ran = []

    def run(arguments, _actor, stdin=None):
        ran.append(list(arguments))
        return {"ok": True, "headers": ["Title", "Empty"], "cells": ["A title of the file", None]}

    monkeypatch.setattr(commands, "run_etl", run)
    action_id = register.page(snapshot, Selection())["action_id"].tolist()[0]
    app = open_page("actions", action=action_id)
    assert not [button for button in app.button if button.key == "original-action"]
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    app = open_page("actions", action=action_id)
    app.button(key="original-action").click().run()
    facts = register.details(snapshot, action_id).facts
    assert ran[0][-2:] == [facts["source_file"], str(facts["source_row"])]
    assert "A title of the file" in text_of(app)


def test_reports_made_later_than_the_day_are_not_shown(open_page, snapshot):
    frame = register.page(snapshot, Selection(), sort="reported_on", descending=True, limit=1)
    action_id = frame["action_id"].iloc[0]
    action = register.details(snapshot, action_id)
    assert action is not None
    reports = action.reports
    days = pd.to_datetime(reports["reported_on"])
    before = (days.max() - pd.Timedelta(days=1)).date()
    assert len(reports) == reported_rows(open_page("actions", action=action_id)) > 0
    assert int((days.dt.date <= before).sum()) == reported_rows(
        open_page("actions", action=action_id, as_of=before.isoformat())
    )


def reported_rows(app) -> int:
    """How many progress reports are listed."""
    return sum(element.proto.body.count('<li class="report">') for element in app.get("html"))


def test_an_unknown_action_is_said_to_be_unknown(open_page):
    app = open_page("actions", action="no-such-action")
    assert not app.exception
    assert "no-such-action" in app.error[0].value


def test_going_back_returns_to_the_filtered_register(open_page, snapshot):
    action_id = register.page(snapshot, Selection(regions=("africa",)))["action_id"].iloc[0]
    app = open_page("actions", action=action_id, region="africa", lang="fr")
    assert kept_query(app)["action"] == [action_id]
    back = way_in(app, "back")
    assert back == {"region": ["africa"], "lang": ["fr"]}
    app = open_page("actions", **back)
    assert len(list_lines(app, translator("fr")("Actions"))) == register.count(snapshot, Selection(regions=("africa",)))


def way_in(app, kind) -> dict[str, list[str]]:
    """Where the way of one kind leads that stands on the page of an action."""
    [body] = [element.proto.body for element in app.get("html") if element.proto.body.startswith("<nav")]
    [address] = html.fromstring(body).xpath(f"//a[@class='{kind}']/@href")
    return parse_qs(urlsplit(address).query)


def test_an_empty_register_says_which_filter_to_drop(open_page):
    app = open_page("actions", q="no action has these words", lang="fr")
    assert translator("fr")("No action matches these filters.") in text_of(app)
    assert not list_lines(app, translator("fr")("Actions"))


class Making:
    """An extract whose making the test decides."""

    def __init__(self, export=None, error=None):
        self.export, self.error, self.is_done, self.is_cancelled = export, error, False, False

    def done(self):
        return self.is_done

    def result(self):
        if self.error is not None:
            raise self.error
        return self.export

    def cancel(self):
        self.is_cancelled = True

    def progress(self):
        return 0.25


@pytest.fixture
def large_files(monkeypatch):
    """Every register counts as a large one; what is asked for is listed."""
    made: list[tuple[Selection, Making]] = []

    def submit(snapshot, selection, *_, **__):
        made.append((selection, Making(export=Export(b"content", "register.xlsx", "application/x-test"))))
        return made[-1][1]

    monkeypatch.setitem(extract_file.AT_ONCE, "xlsx", 0)
    monkeypatch.setattr(order, "submit_extract", submit)
    return made


def test_a_large_file_is_prepared_and_then_offered(open_page, large_files):
    app = open_page("actions", region="africa", lang="fr")
    app.button(key="file-prepare").click().run()
    selection, making = large_files[0]
    assert selection == Selection(regions=("africa",), lang="fr")
    assert app.button(key="file-cancel")
    making.is_done = True
    app.run()
    assert not app.exception
    assert app.get("download_button")


def test_a_large_file_can_be_called_off(open_page, large_files):
    app = open_page("actions")
    app.button(key="file-prepare").click().run()
    app.button(key="file-cancel").click().run()
    assert large_files[0][1].is_cancelled
    assert app.button(key="file-prepare")


def test_another_selection_gives_up_the_file_of_the_last_one(open_page, large_files):
    app = open_page("actions")
    app.button(key="file-prepare").click().run()
    app.multiselect(key="filter-region").select("africa").run()
    assert large_files[0][1].is_cancelled
    assert app.button(key="file-prepare")


def test_a_file_that_cannot_be_made_says_why(open_page, large_files):
    app = open_page("actions", lang="es")
    app.button(key="file-prepare").click().run()
    making = large_files[0][1]
    making.error, making.is_done = UserError("The export took too long and was stopped.", "Try again."), True
    app.run()
    assert not app.exception
    assert translator("es")("The export took too long and was stopped.") in app.error[0].value

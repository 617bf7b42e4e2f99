"""The Actions page: the register, one action opened, the download."""

import pandas as pd
import pytest

from dashboard.errors import UserError
from dashboard.extracts import order
from dashboard.extracts.order import Export
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.processes import commands
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import body as actions_page
from dashboard.ui.pieces import extract_file
from tests.app.conftest import kept_query, text_of


def shown(app):
    return app.dataframe[0].value


def test_the_register_lists_the_selection(open_page, snapshot):
    selection = Selection(regions=("africa",))
    app = open_page("actions", region="africa")
    assert not app.exception
    expected = register.page(snapshot, selection)
    assert shown(app)["action_id"].tolist() == expected["action_id"].tolist()
    assert len(expected) == register.count(snapshot, selection) > 0


def test_words_are_those_of_the_language(open_page, snapshot):
    frame = shown(open_page("actions", lang="es"))
    labels = {code.labels["es"] for code in snapshot.codes["statuses"].values()}
    assert set(frame["status"]) <= labels


def test_sorting_sorts_all_of_it(open_page, snapshot):
    app = open_page("actions")
    app.selectbox(key="register-sort").set_value("title").run()
    app.toggle(key="register-descending").set_value(True).run()
    expected = register.page(snapshot, Selection(), sort="title", descending=True)
    assert shown(app)["action_id"].tolist() == expected["action_id"].tolist()


def test_a_page_is_all_that_is_sent(open_page, snapshot, monkeypatch):
    monkeypatch.setattr(actions_page, "PAGE_ROWS", 7)
    app = open_page("actions")
    assert shown(app)["action_id"].tolist() == register.page(snapshot, Selection(), limit=7)["action_id"].tolist()
    app.get("pagination")[0].set_value(2).run()
    second = register.page(snapshot, Selection(), limit=7, offset=7)["action_id"].tolist()
    assert shown(app)["action_id"].tolist() == second
    app.multiselect(key="filter-region").select("africa").run()
    first = register.page(snapshot, Selection(regions=("africa",)), limit=7)["action_id"].tolist()
    assert shown(app)["action_id"].tolist() == first  # another list begins on its first page


def test_an_action_is_opened_by_its_title_as_well(open_page, snapshot):
    app = open_page("actions", region="africa")
    action_id = register.page(snapshot, Selection(regions=("africa",)))["action_id"].tolist()[2]
    app.selectbox(key="open-action-0").set_value(action_id).run()
    assert kept_query(app)["action"] == [action_id]
    assert not app.dataframe


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_every_action_opens_and_says_where_it_comes_from(open_page, snapshot, lang):
    for action_id in register.page(snapshot, Selection())["action_id"].tolist()[:: 1 if lang == "fr" else 8]:
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

    def run(arguments, stdin=None, on_progress=None):
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
    """How many rows the table of progress reports has; it is left out where there are none."""
    bodies = [element.proto.body for element in app.get("html")]
    return sum(body.count("<tr>") - 1 for body in bodies if "Reported on" in body)


def test_an_unknown_action_is_said_to_be_unknown(open_page):
    app = open_page("actions", action="no-such-action")
    assert not app.exception
    assert "no-such-action" in app.error[0].value


def test_going_back_returns_to_the_filtered_register(open_page, snapshot):
    action_id = register.page(snapshot, Selection(regions=("africa",)))["action_id"].iloc[0]
    app = open_page("actions", action=action_id, region="africa", lang="fr")
    assert kept_query(app)["action"] == [action_id]
    app.button(key="back").click().run()
    assert kept_query(app) == {"region": ["africa"], "lang": ["fr"]}
    assert len(shown(app)) == register.count(snapshot, Selection(regions=("africa",)))


def test_an_empty_register_says_which_filter_to_drop(open_page):
    app = open_page("actions", q="no action has these words", lang="fr")
    assert translator("fr")("No action matches these filters.") in text_of(app)
    assert not app.dataframe


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

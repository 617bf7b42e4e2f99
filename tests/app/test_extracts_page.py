"""The page Extracts is drawn as its model says: its widgets change each other and the link; small and large files."""

import gc
import json

import pytest

from dashboard.errors import UserError
from dashboard.files.extracts import estimate, order
from dashboard.files.extracts.choice import SHORT, Choice, ready_columns
from dashboard.files.extracts.tables import TABLES
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.download import model
from tests.app.conftest import (
    assert_drawn,
    bodies,
    chosen,
    file_links,
    filter_by,
    kept_query,
    press,
    switch,
    text_of,
)
from tests.app.uploads import Ended, Making, field
from tests.offers import ask_for, look_for


def test_choices_change_the_file_the_link_and_each_other(open_page, snapshot, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")
    monkeypatch.setattr(model, "estimate_bytes", lambda *_args, **_chosen: 12_300)
    counted = estimate.count_rows(snapshot, Selection())
    app = open_page("download")
    assert field(app, "pills", "preset", "extract").value == "register"
    assert (list(file_links(app)), kept_query(app)) == (["file-download"], {})
    field(app, "multiselect", "include", "extract").set_value(["milestones", "reports"]).run()
    assert f'data-rows="{counted["actions"] + counted["milestones"] + counted["reports"]}"' in bodies(app)
    assert kept_query(app)["include"] == ["reports,milestones"]
    field(app, "radio", "format", "extract").set_value("csv").run()
    assert f'data-rows="{counted["actions"]}"' in bodies(app)
    assert kept_query(app) == {"lang": ["en"], "format": ["csv"]}
    field(app, "radio", "csv", "extract").set_value("semicolon").run()
    stated = {"format": "csv", "csv": "semicolon"}
    shown = model.make_model(snapshot, Selection(), translator("en"), stated, "https://actions.example.org")
    columns = shown.columns
    assert_drawn(app, (shown.file, shown.presets.offered, columns.kinds.offered, shown.link, shown.cite))
    assert_drawn(app, [(heading.label, heading.meaning) for heading in columns.headings])
    assert_drawn(app, [(pick.label, pick.offered, pick.uses) for pick in (shown.tables, shown.formats, shown.csv)])
    field(app, "segmented_control", "kind", "extract").set_value(SHORT)
    field(app, "radio", "table", "extract").set_value("reports").run()
    assert tuple(app.dataframe[0].value.columns) == ready_columns(TABLES["reports"])[SHORT]
    field(app, "pills", "preset", "extract").set_value("everything").run()
    field(app, "multiselect", "include", "extract").set_value(list(TABLES)).run()
    assert kept_query(app) == {"lang": ["en"], "format": ["zip"]}
    field(app, "pills", "preset", "extract").set_value("missing").run()
    assert chosen(app, "status") == ["not_reported"]
    press(app, "extract-reset")  # the filter came with the preset and goes with it
    assert kept_query(app) == {"lang": ["en"]}
    assert field(app, "pills", "preset", "extract").value == "register"
    former_label = shown.tables.offered["actions"]
    filter_by(app, "region", "africa")
    assert former_label not in field(app, "radio", "table", "extract").options
    field(app, "radio", "format", "extract").set_value("csv")
    states = app._tree.get_widget_states()  # a browser goes on sending the label that it drew first
    next(one for one in states.widgets if "-extract-table-" in one.id).string_value = former_label
    app._run(states)
    assert kept_query(app) == {"lang": ["en"], "region": ["africa"], "format": ["csv"]}
    assert list(file_links(app)) == ["file-download"]


@pytest.mark.nightly
def test_columns_are_chosen_in_their_order_and_kept_in_the_link(open_page):
    """Clicks in a row, without undoing any: `tests/browser/test_extracts.py`."""
    app = open_page("download", lang="fr", region="africa")
    field(app, "segmented_control", "kind", "extract").set_value("own").run()
    field(app, "multiselect", "columns", "extract").set_value(["status", "title", "action_id"]).run()
    t = translator("fr")
    config = json.loads(app.dataframe[0].proto.columns)
    headers = [config[name]["label"] for name in app.dataframe[0].value.columns]
    assert headers == [t("Status"), t("Title"), t("Action ID")]
    assert kept_query(app) == {"region": ["africa"], "lang": ["fr"], "columns": ["status,title,action_id"]}
    assert field(app, "multiselect", "columns", "extract").value == ["status", "title", "action_id"]
    for name, value in {"table": "salaries", "q": "no action has these words"}.items():
        app.query_params[name] = value
    assert "salaries" in app.run().warning[0].value
    assert translator("fr")("No action matches these filters.") in text_of(app)
    assert not file_links(app) and not app.dataframe and "file-download" not in file_links(app)


@pytest.fixture
def large_files(monkeypatch):
    """Return files that take time; list the requests."""
    made: list[tuple[Selection, Choice, Making]] = []

    def submit(snapshot, selection, choice):
        made.append((selection, choice, Making()))
        return made[-1][2]

    monkeypatch.setattr(order, "submit_extract", submit)
    return made


@pytest.mark.nightly
def test_a_large_file_is_given_up_by_another_choice_and_made_as_it_was_chosen(open_page, large_files):
    """The fate of an awaited file: `tests/app/test_briefing_page.py`."""
    app = open_page("download", table="reports", format="csv", columns="percent", lang="fr")
    assert look_for(file_links(app)["file-download"]["address"]).json() == {"share": None}
    filter_by(app, "region", "africa")
    assert large_files[0][2].is_cancelled, "another choice gives up the file of the last one"
    address = file_links(app)["file-download"]["address"]
    assert look_for(address).status_code == 202
    asked, choice, making = large_files[1]
    assert (asked, choice) == (Selection(regions=("africa",), lang="fr"), Choice("reports", "csv", ("percent",)))
    making.outcome = b"content"
    assert look_for(address).content == b"content"


@pytest.mark.nightly
def test_a_link_stays_over_the_runs_of_the_page_gives_what_it_shows_or_says_why_not(
    open_page, snapshot, monkeypatch, caplog, workers_here
):
    app = open_page("download", table="reports", format="csv", columns="percent,action_id", region="africa", lang="fr")
    first = file_links(app)["file-download"]
    assert file_links(app.run())["file-download"] == first
    selection = Selection(regions=("africa",), lang="fr")
    choice = Choice("reports", "csv", ("percent", "action_id"))
    made, name = (
        order.submit_extract(snapshot, selection, choice).result(),
        order.name_extract(snapshot, selection, choice),
    )
    assert b";" in made.content, "as French spreadsheets have it"
    [answer] = ask_for(first["address"])
    assert answer.content == made.content
    assert answer.headers["content-type"].startswith("text/csv")
    assert first["name"] == name
    assert name in answer.headers["content-disposition"]
    field(app, "radio", "format", "extract").set_value("json").run()
    second = file_links(app)["file-download"]
    assert second["address"] != first["address"]
    before, now = ask_for(first["address"], second["address"])
    assert before.content == made.content  # until the browser has drawn the new link
    assert now.json()

    error = UserError("Too many files are being prepared at once.", "Try again in a minute.")
    monkeypatch.setattr(order, "submit_extract", lambda *_args, **_chosen: Ended(refusal=error).result())
    [answer] = ask_for(second["address"])
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert answer.json()["error"].startswith(translator("fr")(error.what))
    assert [record for record in caplog.records if record.name.endswith("file_at_once")]
    error.__traceback__ = None  # it would hold the offer
    switch(app, "help")
    assert "file-download" not in file_links(app)
    gc.collect()
    assert ask_for(second["address"])[0].status_code == 404, "what a page offered is forgotten on the next page"

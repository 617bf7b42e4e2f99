"""The page Extracts is drawn as its model says: its widgets change each other and the link; small and large files."""

import gc
import json
from typing import Any

import pytest

from dashboard.errors import UserError
from dashboard.extracts import estimate, order
from dashboard.extracts.choice import SHORT, ready_columns
from dashboard.extracts.order import Export
from dashboard.extracts.tables import TABLES
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.download.model import make_model
from dashboard.ui.pieces import extract_file
from tests.app.conftest import assert_drawn, elements, file_links, kept_query, text_of
from tests.offers import ask_for


def headers(app) -> list[str]:
    """The headers of the preview, as a reader sees them."""
    config = json.loads(app.dataframe[0].proto.columns)
    return [config[name]["label"] for name in app.dataframe[0].value.columns]


def facts(app) -> str:
    """The line that says how many rows and how large."""
    found = [e.proto.body for e in elements(app, "html") if 'class="extract-facts"' in e.proto.body]
    assert len(found) == 1
    return found[0]


def widget(app, kind: str, name: str) -> Any:
    """A widget of the page by its name; the number behind it changes when another widget changes it."""
    found = [one for one in elements(app, kind) if (one.key or "").startswith(f"{name}-")]
    assert len(found) == 1
    return found[0]


def button(app, key: str) -> list[Any]:
    return [widget for widget in app.button if widget.key == key]


def test_choices_change_the_file_the_link_and_each_other(open_page, snapshot, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")
    counted = estimate.count_rows(snapshot, Selection())
    app = open_page("download")
    assert widget(app, "pills", "extract-preset").value == "register"
    assert (list(file_links(app)), kept_query(app)) == (["file-download"], {})
    widget(app, "multiselect", "extract-include").set_value(["milestones", "reports"]).run()
    assert f'data-rows="{counted["actions"] + counted["milestones"] + counted["reports"]}"' in facts(app)
    assert kept_query(app)["include"] == ["reports,milestones"]
    widget(app, "radio", "extract-format").set_value("csv").run()
    assert f'data-rows="{counted["actions"]}"' in facts(app)
    assert kept_query(app) == {"lang": ["en"], "format": ["csv"]}
    widget(app, "radio", "extract-csv").set_value("semicolon").run()
    codes = [element.value for element in elements(app, "code")]
    assert "https://actions.example.org/extracts/actions.csv?lang=en&csv=semicolon" in codes
    assert any(code.startswith("curl") for code in codes)
    stated = {"format": "csv", "csv": "semicolon"}
    shown = make_model(snapshot, Selection(), translator("en"), stated, "https://actions.example.org")
    columns = shown.columns
    assert_drawn(app, (shown.file, shown.presets.offered, columns.kinds.offered, shown.link, shown.cite))
    assert_drawn(app, [(heading.label, heading.meaning) for heading in columns.headings])
    assert_drawn(app, [(pick.label, pick.offered, pick.uses) for pick in (shown.tables, shown.formats, shown.csv)])
    widget(app, "radio", "extract-format").set_value("json").run()
    assert kept_query(app) == {"lang": ["en"], "format": ["json"]}
    widget(app, "segmented_control", "extract-kind").set_value(SHORT).run()
    widget(app, "radio", "extract-table").set_value("reports").run()
    assert tuple(app.dataframe[0].value.columns) == ready_columns(TABLES["reports"])[SHORT]
    widget(app, "pills", "extract-preset").set_value("everything").run()
    assert f'data-rows="{sum(counted.values())}"' in facts(app)
    widget(app, "multiselect", "extract-include").set_value(list(TABLES)).run()
    assert kept_query(app) == {"lang": ["en"], "format": ["zip"]}
    widget(app, "pills", "extract-preset").set_value("missing").run()
    assert app.multiselect(key="filter-status").value == ["not_reported"]
    app.button(key="extract-reset").click().run()  # the filter came with the preset and goes with it
    assert not app.exception
    assert kept_query(app) == {"lang": ["en"]}
    assert widget(app, "pills", "extract-preset").value == "register"


def test_columns_are_chosen_in_their_order_and_kept_in_the_link(open_page):
    app = open_page("download", lang="fr", region="africa")
    widget(app, "segmented_control", "extract-kind").set_value("own").run()
    widget(app, "multiselect", "extract-columns").set_value(["status", "title", "action_id"]).run()
    t = translator("fr")
    assert headers(app) == [t("Status"), t("Title"), t("Action ID")]
    before = kept_query(app)
    assert before == {"region": ["africa"], "lang": ["fr"], "columns": ["status,title,action_id"]}
    assert widget(app, "multiselect", "extract-columns").value == ["status", "title", "action_id"]
    widget(app, "pills", "extract-preset").set_value("reports").run()
    # A click that was sent with the address before the last one undoes nothing.
    for name in list(app.query_params):
        del app.query_params[name]
    for name, values in before.items():
        app.query_params[name] = values
    widget(app, "segmented_control", "extract-kind").set_value("own").run()
    assert not app.exception
    assert widget(app, "radio", "extract-table").value == "reports"
    assert app.multiselect(key="filter-region").value == ["africa"]


def test_a_link_to_what_there_is_not_says_so_and_there_is_no_file_of_nothing(open_page):
    app = open_page("download", table="salaries", lang="es", q="no action has these words")
    assert not app.exception
    assert "salaries" in app.warning[0].value
    assert widget(app, "radio", "extract-table").value == "actions"
    assert translator("es")("No action matches these filters.") in text_of(app)
    assert not file_links(app)
    assert not button(app, "file-prepare")
    assert not app.dataframe


class Making:
    """An extract whose making the test decides."""

    def __init__(self):
        self.share: float | None = None
        self.is_done = self.is_cancelled = False
        self.error: UserError | None = None

    def done(self):
        return self.is_done

    def progress(self):
        return self.share

    def result(self):
        if self.error is not None:
            raise self.error
        return Export(b"content", "extract.csv", "text/csv")

    def cancel(self):
        self.is_cancelled = True


@pytest.fixture
def large_files(monkeypatch):
    """Every file counts as a large one; what is asked for is listed."""
    made: list[tuple[tuple, dict, Making]] = []

    def submit(snapshot, selection, file_format, **chosen):
        made.append(((selection, file_format), chosen, Making()))
        return made[-1][2]

    for file_format in extract_file.AT_ONCE:
        monkeypatch.setitem(extract_file.AT_ONCE, file_format, 0)
    monkeypatch.setattr(order, "submit_extract", submit)
    return made


def test_a_large_file_shows_how_far_it_is_is_called_off_given_up_refused_and_offered(open_page, large_files):
    app = open_page("download", table="reports", format="csv", columns="percent", lang="fr")
    app.button(key="file-prepare").click().run()
    app.button(key="file-cancel").click().run()
    assert large_files[0][2].is_cancelled
    app.button(key="file-prepare").click().run()
    widget(app, "radio", "extract-format").set_value("json").run()
    assert large_files[1][2].is_cancelled, "another choice gives up the file of the last one"
    widget(app, "radio", "extract-format").set_value("csv").run()
    app.button(key="file-prepare").click().run()
    what = "Too many exports are being made at once."
    large_files[2][2].error, large_files[2][2].is_done = UserError(what, "Try again."), True
    app.run()
    assert translator("fr")(what)[:20] in app.error[0].value
    app.button(key="file-prepare").click().run()
    asked, chosen, making = large_files[3]
    assert asked == (Selection(lang="fr"), "csv")
    assert chosen == {"table": "reports", "columns": ("percent",), "include": (), "csv": "comma"}
    assert app.get("progress")[0].proto.value == 0
    making.share = 0.37
    app.run()
    bar = app.get("progress")[0].proto
    assert bar.value == 37
    assert "37" in bar.text
    making.is_done = True
    app.run()
    assert not app.exception
    assert app.get("download_button")


def test_a_link_stays_over_the_runs_of_the_page_gives_what_it_shows_or_says_why_not(
    open_page, snapshot, monkeypatch, caplog
):
    app = open_page("download", table="reports", format="csv", columns="percent,action_id", region="africa", lang="fr")
    first = file_links(app)["file-download"]
    app.run()
    assert file_links(app)["file-download"] == first
    selection = Selection(regions=("africa",), lang="fr")
    made = order.submit_extract(snapshot, selection, "csv", table="reports", columns=("percent", "action_id")).result()
    [answer] = ask_for(first["address"])
    assert answer.content == made.content
    assert answer.headers["content-type"].startswith(made.media_type)
    assert first["name"] == made.file_name
    assert made.file_name in answer.headers["content-disposition"]
    widget(app, "radio", "extract-format").set_value("json").run()
    second = file_links(app)["file-download"]
    assert second["address"] != first["address"]
    before, now = ask_for(first["address"], second["address"])
    assert before.content == made.content  # until the browser has drawn the new link
    assert now.json()

    for error in (UserError("Too many exports are being made at once.", "Try again in a minute."), OSError("no room")):
        caplog.clear()

        def refuse(*_args, error=error, **_chosen):
            raise error

        monkeypatch.setattr(order, "submit_extract", refuse)
        [answer] = ask_for(second["address"])
        assert answer.status_code == 503
        assert answer.headers["cache-control"] == "no-store"
        said = error.what if isinstance(error, UserError) else "The export stopped before it was finished."
        assert answer.json()["error"].startswith(translator("fr")(said))
        assert [record for record in caplog.records if record.name.endswith(("file_at_once", "unforeseen"))]
        error.__traceback__ = None  # it would hold the offer
    assert ask_for(second["address"], method="HEAD")[0].status_code == 200
    app.switch_page("../../pages/help.py").run()
    assert "file-download" not in file_links(app)
    gc.collect()
    assert ask_for(second["address"])[0].status_code == 404, "what a page offered is forgotten on the next page"

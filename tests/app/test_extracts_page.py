"""The page Extracts: choices and their link, the preview, rows and size, small and large downloads."""

import gc
import json
from typing import Any

import pytest

from dashboard.errors import UserError
from dashboard.extracts import estimate, order
from dashboard.extracts.choice import CODES, PRESETS, SHORT, ready_columns
from dashboard.extracts.order import Export
from dashboard.extracts.tables import TABLES
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import extract_file
from dashboard.ui.pieces.file_at_once import explain
from tests.app.conftest import elements, file_links, kept_query, text_of
from tests.offers import ask_for

EMPTY = "There is nothing in the table “{table}” for these actions."


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


def test_the_page_opens_with_the_register_as_excel(open_page, snapshot):
    app = open_page("download", region="africa")
    assert not app.exception
    assert widget(app, "pills", "extract-preset").value == "register"
    assert widget(app, "radio", "extract-table").value == "actions"
    selection = Selection(regions=("africa",))
    expected = register.page(snapshot, selection, limit=estimate.SHOWN, sort="action_id")
    total = register.count(snapshot, selection)
    assert set(app.dataframe[0].value["action_id"]) <= set(register.page(snapshot, selection)["action_id"])
    assert len(app.dataframe[0].value) == len(expected)
    assert f'data-rows="{total}"' in facts(app)
    assert kept_query(app) == {"region": ["africa"]}
    assert list(file_links(app)) == ["file-download"]


@pytest.mark.parametrize(("table", "lang"), [(name, "fr") for name in TABLES] + [("reports", "es"), ("actions", "en")])
def test_every_table_has_its_headers_in_the_language_of_the_reader(open_page, snapshot, table, lang):
    app = open_page("download", table=table, lang=lang)
    assert not app.exception
    t = translator(lang)
    if estimate.count_rows(snapshot, Selection())[table] == 0:
        assert t(EMPTY, table=t(TABLES[table].title)) in text_of(app)
        assert not file_links(app)
        return
    assert headers(app) == [t(field.header) for field in TABLES[table].fields]


def test_the_rows_of_every_table_are_counted(open_page, snapshot):
    app = open_page("download", theme="education")
    counted = estimate.count_rows(snapshot, Selection(themes=("education",)))
    labels = widget(app, "radio", "extract-table").options
    for name, label in zip(TABLES, labels, strict=True):
        assert label.split(" · ")[1].split(" ")[0] == str(counted[name])


def test_columns_are_chosen_in_their_order_and_kept_in_the_link(open_page):
    app = open_page("download", lang="fr")
    widget(app, "segmented_control", "extract-kind").set_value("own").run()
    widget(app, "multiselect", "extract-columns").set_value(["status", "title", "action_id"]).run()
    t = translator("fr")
    assert headers(app) == [t("Status"), t("Title"), t("Action ID")]
    assert kept_query(app) == {"lang": ["fr"], "columns": ["status,title,action_id"]}
    again = open_page("download", columns="status,title,action_id", lang="fr")
    assert headers(again) == headers(app)
    assert widget(again, "multiselect", "extract-columns").value == ["status", "title", "action_id"]


def test_ready_columns_are_chosen_with_one_click_and_stay_with_another_table(open_page):
    app = open_page("download")
    widget(app, "segmented_control", "extract-kind").set_value(SHORT).run()
    assert tuple(app.dataframe[0].value.columns) == ready_columns(TABLES["actions"])[SHORT]
    widget(app, "radio", "extract-table").set_value("reports").run()
    assert tuple(app.dataframe[0].value.columns) == ready_columns(TABLES["reports"])[SHORT]
    widget(app, "segmented_control", "extract-kind").set_value(CODES).run()
    assert tuple(app.dataframe[0].value.columns) == ready_columns(TABLES["reports"])[CODES]


def test_files_for_programs_have_technical_headers(open_page):
    app = open_page("download", format="parquet", columns="title,percent", lang="es")
    assert headers(app) == ["title", "percent"]


def test_further_sheets_are_counted_and_kept(open_page, snapshot):
    app = open_page("download")
    widget(app, "multiselect", "extract-include").set_value(["milestones", "reports"]).run()
    counted = estimate.count_rows(snapshot, Selection())
    total = counted["actions"] + counted["milestones"] + counted["reports"]
    assert f'data-rows="{total}"' in facts(app)
    assert kept_query(app)["include"] == ["reports,milestones"]
    widget(app, "radio", "extract-format").set_value("csv").run()
    assert f'data-rows="{counted["actions"]}"' in facts(app)
    assert kept_query(app) == {"lang": ["en"], "format": ["csv"]}


def test_the_zip_holds_all_tables_or_those_chosen(open_page, snapshot):
    app = open_page("download")
    widget(app, "pills", "extract-preset").set_value("everything").run()
    counted = estimate.count_rows(snapshot, Selection())
    assert f'data-rows="{sum(counted.values())}"' in facts(app)
    widget(app, "multiselect", "extract-include").set_value(["actions"]).run()
    assert f'data-rows="{counted["actions"]}"' in facts(app)
    widget(app, "multiselect", "extract-include").set_value(list(TABLES)).run()
    assert kept_query(app) == {"lang": ["en"], "format": ["zip"]}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_sets_the_choices_and_its_link_opens_it_again(open_page, preset):
    app = open_page("download", region="africa")
    if preset.name == "register":
        widget(app, "pills", "extract-preset").set_value("pivot").run()
    widget(app, "pills", "extract-preset").set_value(preset.name).run()
    assert not app.exception
    query = kept_query(app)
    assert query.get("status", []) == list(preset.statuses)
    assert query["region"] == ["africa"]
    again = open_page("download", **{name: values for name, values in query.items()})
    assert widget(again, "pills", "extract-preset").value == preset.name
    assert facts(again) == facts(app)


def test_what_is_missing_are_the_actions_without_a_report(open_page, snapshot):
    app = open_page("download")
    widget(app, "pills", "extract-preset").set_value("missing").run()
    reported = register.page(snapshot, Selection())
    silent = reported.loc[reported["reported_on"].isna(), "action_id"]
    assert f'data-rows="{len(silent)}"' in facts(app)
    assert set(app.dataframe[0].value["action_id"]) <= set(silent)
    assert app.multiselect(key="filter-status").value == ["not_reported"]
    app.button(key="extract-reset").click().run()  # the filter came with the preset and goes with it
    assert kept_query(app) == {"lang": ["en"]}
    assert widget(app, "pills", "extract-preset").value == "register"


def test_a_click_sent_with_the_address_before_the_last_one_undoes_nothing(open_page):
    app = open_page("download", region="africa")
    before = kept_query(app)
    widget(app, "pills", "extract-preset").set_value("reports").run()
    for name in list(app.query_params):
        del app.query_params[name]
    for name, values in before.items():
        app.query_params[name] = values
    widget(app, "segmented_control", "extract-kind").set_value("own").run()
    assert not app.exception
    assert widget(app, "radio", "extract-table").value == "reports"
    assert app.multiselect(key="filter-region").value == ["africa"]


def test_a_filter_of_the_readers_own_stays_with_another_preset(open_page):
    app = open_page("download", status="completed")
    widget(app, "pills", "extract-preset").set_value("reports").run()
    assert kept_query(app)["status"] == ["completed"]


def test_a_link_to_what_there_is_not_says_so(open_page):
    app = open_page("download", table="salaries", lang="fr")
    assert not app.exception
    assert "salaries" in app.warning[0].value
    assert widget(app, "radio", "extract-table").value == "actions"


def test_no_file_of_nothing(open_page):
    app = open_page("download", q="no action has these words", lang="es")
    assert not app.exception
    assert translator("es")("No action matches these filters.") in text_of(app)
    assert not file_links(app)
    assert not button(app, "file-prepare")
    assert not app.dataframe


def test_the_address_of_the_file_is_there_to_copy(open_page, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")
    app = open_page("download", table="reports", format="csv", columns="percent,action_id", region="africa")
    codes = [element.value for element in elements(app, "code")]
    address = "https://actions.example.org/extracts/reports.csv?region=africa&lang=en&columns=percent,action_id"
    assert address in codes
    command = next(code for code in codes if code.startswith("curl"))
    assert address in command
    parquet = open_page("download", format="parquet")
    assert any(element.value.split("?")[0].endswith("actions.xlsx") for element in elements(parquet, "code"))


def test_csv_for_excel_in_french_is_chosen_on_the_page_and_stands_in_the_link(open_page, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")
    app = open_page("download", format="csv", lang="fr")
    widget(app, "radio", "extract-csv").set_value("semicolon").run()
    assert not app.exception
    assert app.query_params["csv"] == "semicolon"
    codes = [element.value for element in elements(app, "code")]
    assert "https://actions.example.org/extracts/actions.csv?lang=fr&csv=semicolon" in codes
    widget(app, "radio", "extract-format").set_value("json").run()
    assert "csv" not in app.query_params


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


def test_a_large_file_shows_how_far_it_is_and_is_then_offered(open_page, large_files):
    app = open_page("download", table="reports", format="csv", columns="percent", lang="fr")
    app.button(key="file-prepare").click().run()
    asked, chosen, making = large_files[0]
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


def test_a_large_file_can_be_called_off(open_page, large_files):
    app = open_page("download")
    app.button(key="file-prepare").click().run()
    app.button(key="file-cancel").click().run()
    assert large_files[0][2].is_cancelled
    assert button(app, "file-prepare")


def test_another_choice_gives_up_the_file_of_the_last_one(open_page, large_files):
    app = open_page("download")
    app.button(key="file-prepare").click().run()
    widget(app, "radio", "extract-format").set_value("csv").run()
    assert large_files[0][2].is_cancelled
    assert button(app, "file-prepare")


@pytest.mark.parametrize(
    "what",
    [
        "Too many exports are being made at once.",
        "The export took too long and was stopped.",
        "The data was published anew while the export was made.",
    ],
)
def test_a_file_that_cannot_be_made_says_why(open_page, large_files, what):
    app = open_page("download", lang="es")
    app.button(key="file-prepare").click().run()
    making = large_files[0][2]
    making.error, making.is_done = UserError(what, "Try again."), True
    app.run()
    assert not app.exception
    assert translator("es")(what)[:20] in app.error[0].value
    assert button(app, "file-prepare")


@pytest.mark.parametrize(
    ("refused", "what"),
    [
        (UserError("Too many exports are being made at once.", "Try again in a minute."), "Too many exports"),
        (OSError("no room"), "The export stopped before it was finished."),
    ],
)
def test_a_small_file_that_cannot_be_made_says_why(open_page, monkeypatch, caplog, refused, what):
    def refuse(*_args, **_chosen):
        raise refused

    app = open_page("download", lang="fr")
    monkeypatch.setattr(order, "submit_extract", refuse)
    [answer] = ask_for(file_links(app)["file-download"]["address"])
    assert answer.status_code == 503
    assert answer.headers["cache-control"] == "no-store"
    t = translator("fr")
    said = refused.what if isinstance(refused, UserError) else what
    assert answer.json()["error"].startswith(t(said))
    assert t(said) != said
    assert [record.message for record in caplog.records if record.name.endswith(("file_at_once", "unforeseen"))]


def test_a_link_stays_over_the_runs_of_the_page_and_gives_what_the_page_shows(open_page, snapshot):
    app = open_page("download", table="reports", format="csv", columns="percent,action_id", region="africa")
    first = file_links(app)["file-download"]
    app.run()
    assert file_links(app)["file-download"] == first
    made = order.submit_extract(
        snapshot, Selection(regions=("africa",)), "csv", table="reports", columns=("percent", "action_id")
    ).result()
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


def test_what_a_page_offered_is_forgotten_on_the_next_page(open_page):
    app = open_page("download")
    address = file_links(app)["file-download"]["address"]
    assert ask_for(address, method="HEAD")[0].status_code == 200
    app.switch_page("../../pages/overview.py").run()
    assert "file-download" not in file_links(app)
    gc.collect()
    assert ask_for(address)[0].status_code == 404


def test_a_file_of_a_build_that_is_gone_says_so(snapshot, campaign_folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    error = explain(UserError("The snapshot cannot be opened."), "another build")
    assert error.what == "The data was published anew while the export was made."
    same = explain(UserError("It took too long."), snapshot.build_id)
    assert same.what == "It took too long."


def test_a_day_before_all_reports_has_none(open_page):
    app = open_page("download", table="reports", as_of="2021-01-12")
    t = translator("en")
    assert t(EMPTY, table=t(TABLES["reports"].title)) in text_of(app)

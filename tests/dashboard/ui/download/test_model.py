"""The page Extracts as data: the file, the choices, the preview and the link, in every language."""

from datetime import date

import pytest

from dashboard.campaign.folder import Publisher
from dashboard.files.extracts import estimate
from dashboard.files.extracts.choice import CODES, SHORT, Choice, ready_columns, take_preset
from dashboard.files.extracts.tables import TABLES
from dashboard.formats import format_bytes
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.snapshot.selection import Selection
from dashboard.ui.download import model
from dashboard.ui.download.model import OWN, make_model

BASE = "https://actions.example.org"
EMPTY = "The table “{table}” is empty for these actions."
AFRICA = {"regions": ("africa",)}


@pytest.fixture
def make(snapshot, monkeypatch):
    """Make the page of a link: its parameters, and the attributes of a selection; without measuring sizes."""
    monkeypatch.setattr(model, "estimate_bytes", lambda *_args, **_chosen: 12_300)

    def make(parameters=None, lang="en", own_table=None, *, is_closed=False, **selection):
        t, chosen = translator(lang), Selection(lang=lang, **selection)
        return make_model(snapshot, chosen, t, parameters or {}, BASE, own_table=own_table, is_closed=is_closed)

    return make


def headers(shown) -> list[str]:
    """Return the headers of the preview, as a reader sees them."""
    assert list(shown.columns.rows.columns) == [heading.name for heading in shown.columns.headings]
    return [heading.label for heading in shown.columns.headings]


def test_the_page_opens_with_the_register_as_excel(make, snapshot, lang):
    shown = make(lang=lang, **AFRICA)
    assert (shown.choice, shown.warning, shown.empty) == (Choice(), "", None)
    assert (shown.presets.value, shown.tables.value, shown.formats.value) == ("register", "actions", "xlsx")
    selection = Selection(**AFRICA)
    expected = register.page(snapshot, selection, limit=estimate.SHOWN, sort="action_id")
    total = register.count(snapshot, selection)
    rows = shown.columns.rows
    assert set(rows["action_id"]) <= set(register.page(snapshot, selection)["action_id"])
    assert len(rows) == len(expected)
    t = translator(lang)
    assert shown.file.rows == total
    assert shown.file.facts[0] == t.plural("{n} row", "{n} rows", total, n=str(total))
    assert shown.file.title == t("{name}: {value}", name=t("Your file"), value=t("Actions"))
    assert shown.file.facts[2] == t("about {size}", size=format_bytes(12_300, lang))
    assert not shown.file.can_reset
    assert snapshot.build_id in shown.cite


def test_the_size_is_that_of_the_file_that_is_chosen(snapshot):
    selection, stated = Selection(**AFRICA), {"table": "reports", "format": "csv", "columns": "percent,action_id"}
    shown = make_model(snapshot, selection, translator("en"), stated, BASE)
    measured = estimate.estimate_bytes(snapshot, selection, Choice("reports", "csv", ("percent", "action_id")))
    assert shown.file.size == measured > 0


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_its_headers_in_the_language_of_the_reader(make, snapshot, table, lang):
    shown = make({"table": table}, lang=lang)
    t = translator(lang)
    if estimate.count_rows(snapshot, Selection())[table] == 0:
        assert shown.empty.sentence == t(EMPTY, table=t(TABLES[table].title))
        assert shown.empty.advice == t("Choose other rows above.")
        assert (shown.file, shown.columns, shown.link, shown.cite) == (None, None, None, "")
        return
    assert headers(shown) == [t(field.header) for field in TABLES[table].fields]
    meanings = [heading.meaning for heading in shown.columns.headings]
    assert meanings == [t(field.description) for field in TABLES[table].fields]


def test_the_rows_of_every_table_are_counted(make, snapshot, lang):
    counted = estimate.count_rows(snapshot, Selection(themes=("education",)))
    offered = make(themes=("education",), lang=lang).tables.offered
    assert list(offered) == list(TABLES)
    for name, label in offered.items():
        title, _, rows = label.partition(" · ")
        assert title == translator(lang)(TABLES[name].title)
        assert rows.split()[0] == str(counted[name])


def test_columns_are_in_their_order_or_ready_ones_and_ones_own_begin_with_them(make):
    t = translator("fr")
    shown = make({"columns": "status,title,action_id"}, lang="fr")
    assert headers(shown) == [t("Status"), t("Title"), t("Action ID")]
    assert (shown.columns.kinds.value, shown.columns.own_columns.value) == (OWN, ("status", "title", "action_id"))
    assert shown.file.facts[1] == t.plural("{n} column", "{n} columns", 3, n="3")
    assert shown.file.can_reset
    short = ready_columns(TABLES["actions"])[SHORT]
    ready = make({"columns": ",".join(short)})
    assert (ready.columns.kinds.value, ready.columns.own_columns) == (SHORT, None)
    assert list(ready.columns.kinds.offered) == ["all", SHORT, CODES, OWN]
    own = make({"columns": ",".join(short)}, own_table="actions")
    assert (own.columns.kinds.value, own.columns.own_columns.value) == (OWN, short)
    assert make({"table": "reports"}, own_table="actions").columns.own_columns is None


def test_files_for_programs_have_technical_headers_and_a_preview_shows_what_a_column_holds(make):
    for file_format in ("parquet", "json"):
        assert headers(make({"format": file_format, "columns": "title,percent"}, lang="fr")) == ["title", "percent"]
    headings = {heading.name: heading for heading in make().columns.headings}
    kinds = [headings[name].kind for name in ("due_on", "percent", "is_overdue")]
    assert kinds == ["date", "percent", "boolean"]
    assert headings["action_id"].is_short and not headings["title"].is_short


def test_further_sheets_are_counted_and_the_zip_holds_all_tables_or_those_chosen(make, snapshot, lang):
    shown = make({"include": "reports,milestones"}, lang=lang)
    counted, t = estimate.count_rows(snapshot, Selection()), translator(lang)
    assert shown.file.rows == counted["actions"] + counted["milestones"] + counted["reports"]
    assert shown.file.facts[1] == t("{n} tables", n="3")
    assert shown.more_tables.tables.value == ("reports", "milestones")
    assert (shown.more_tables.title, shown.more_tables.placeholder) == (t("More sheets"), t("No more sheets"))
    assert "actions" not in shown.more_tables.tables.offered
    assert make({"format": "json"}).more_tables is None
    whole = make({"format": "zip"}, lang=lang)
    assert whole.file.rows == sum(counted.values())
    assert (whole.tables, whole.columns, whole.presets.value) == (None, None, "everything")
    assert whole.more_tables.placeholder == t("All tables")
    assert list(whole.more_tables.tables.offered) == list(TABLES)
    some = make({"format": "zip", "include": "actions,reports"}, lang=lang)
    assert some.file.rows == counted["actions"] + counted["reports"]
    assert list(some.more_tables.table_rows) == [
        (t(TABLES[name].title), str(counted[name])) for name in ("actions", "reports")
    ]


def test_what_is_missing_are_the_actions_without_a_report(make, snapshot):
    choice, statuses = take_preset("missing", Choice(), ())
    shown = make({name: value for name, value in choice.parameters().items() if value}, statuses=statuses)
    reported = register.page(snapshot, Selection())
    silent = reported.loc[reported["reported_on"].isna(), "action_id"]
    assert (shown.file.rows, shown.presets.value) == (len(silent), "missing")
    assert set(shown.columns.rows["action_id"]) <= set(silent)


def test_a_link_to_what_there_is_not_says_so_and_there_is_no_file_of_nothing(make, lang):
    t = translator(lang)
    shown = make({"table": "salaries*"}, lang=lang)
    said = "The link asks for a file that does not exist ({parameter}: {value}). The default is shown instead."
    assert shown.warning == t(said, parameter="table", value=r"salaries\*")
    assert shown.choice == Choice()
    nothing = make(q="no action has these words", lang=lang)
    assert nothing.empty.sentence == t("No action matches these filters.")
    assert (nothing.file, nothing.columns, nothing.link, nothing.cite) == (None, None, None, "")
    early = make({"table": "reports"}, lang=lang, as_of=date(2021, 1, 12))  # a day before all reports
    assert early.empty.sentence == t(EMPTY, table=t(TABLES["reports"].title))
    assert early.empty.advice in (t("Choose other rows above."), t("Choose other rows above, or remove a filter."))
    inside = make({"format": "zip", "include": "reports"}, lang=lang, as_of=date(2021, 1, 12))
    assert inside.empty.sentence == t("The chosen tables are empty for these actions.")


def test_the_address_of_the_file_is_there_to_copy_and_for_programs(make, lang):
    t = translator(lang)
    shown = make({"table": "reports", "format": "csv", "columns": "percent,action_id"}, **AFRICA).link
    assert shown.address == f"{BASE}/extracts/reports.csv?region=africa&lang=en&columns=percent,action_id"
    excel, power_bi, odata, script = shown.programs
    assert (excel.code, power_bi.code) == (shown.address, shown.address)
    assert odata.code == f"{BASE}/odata/?region=africa&lang=en"
    assert script.code.startswith("curl --fail --output ") and shown.address in script.code
    parquet = [program.code.split("?")[0] for program in make({"format": "parquet"}).link.programs[:2]]
    assert parquet == [f"{BASE}/extracts/actions.xlsx", f"{BASE}/extracts/actions.parquet"]
    kept = make(lang=lang, as_of=date(2021, 10, 1), is_closed=True).link
    assert kept.note == t("The link keeps the date you chose. Reset the filters to follow the latest data.")
    assert kept.programs == (), "which cannot sign in"
    usual = make(lang=lang).link
    assert usual.note == ""
    assert [program.name for program in usual.programs] == ["Excel", "Power BI", "OData", t("Script")]
    assert all(step.count("*") % 2 == 0 for program in usual.programs for step in program.steps)
    assert f"{BASE}/openapi?lang={lang}" in usual.more
    csv = make({"format": "csv", "csv": "semicolon"}, lang=lang)
    assert (csv.csv.value, list(csv.csv.offered)) == ("semicolon", ["comma", "semicolon"])
    assert csv.csv.offered["semicolon"] == t("Semicolons, decimal commas")
    assert csv.link.address == f"{BASE}/extracts/actions.csv?lang={lang}&csv=semicolon"
    assert make({"format": "json"}).csv is None


def test_csv_opens_with_a_double_click_in_the_readers_language_and_its_address_says_how(make, lang):
    for file_format, file in (("csv", "actions.csv"), ("zip", "all-tables.zip")):
        shown, own = make({"format": file_format}, lang=lang), make({"format": file_format, "csv": "comma"}, lang=lang)
        assert (shown.csv.value, own.csv.value) == ("comma" if lang == "en" else "semicolon", "comma")
        usual = "" if lang == "en" else "&csv=semicolon"
        assert shown.link.address == f"{BASE}/extracts/{file}?lang={lang}{usual}"
        assert own.link.address == f"{BASE}/extracts/{file}?lang={lang}"
        assert shown.presets.value == ("everything" if file_format == "zip" else None)


def test_the_file_for_iati_is_offered_where_the_campaign_states_who_reports(make, monkeypatch):
    assert "xml" not in make().formats.offered
    reporter = Publisher(iati_identifier="XM-SAMPLE-1", iati_type="40")
    monkeypatch.setattr(model, "read_publisher", lambda _campaign: reporter)
    shown = make({"format": "xml"}, **AFRICA)
    assert (shown.warning, shown.formats.value, len(shown.formats.uses)) == ("", "xml", len(shown.formats.offered))
    assert (shown.tables, shown.more_tables, shown.columns, shown.csv) == (None, None, None, None)
    assert shown.link.address == f"{BASE}/extracts/iati.xml?region=africa&lang=en"

"""The Excel extract, opened again: the rows of the selection, typed, safe, laid out and explained."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import openpyxl
import pandas as pd
import pytest
from lxml import etree

from dashboard.extracts import rows as extract_rows
from dashboard.extracts.tables import TABLES
from dashboard.extracts.workbook.book import write_workbook
from dashboard.extracts.workbook.layout import LONGEST_TEXT, unique_headers
from dashboard.i18n import translator
from dashboard.measures.definitions import DEFINITIONS, FICTIONAL
from dashboard.measures.evidence import name_evidence
from dashboard.paths import PROJECT
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.selection import Selection
from tests.register_oracle import expected_register, join, labels, matching
from tests.snapshots import publish_fixture

COLUMNS = TABLES["actions"].fields
PRINTED = [field for field in COLUMNS if field.part == "printed"]
CODES = [field for field in COLUMNS if field.part == "code"]
BASE_URL = "https://dashboard.example.org"
CODELIST_OF = {"group": "stakeholder_groups", "category": "categories", "status": "statuses"}
RISKY = ("=1+1", '=HYPERLINK("x")', "=", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "#REF!", "#N/A", "'=1", "1e5", "TRUE")
LISTS = {
    "themes": ("themes", "theme_codes"),
    "regions": ("regions", "region_codes"),
    "subregions": ("subregions", "subregion_codes"),
    "countries": ("countries", "country_codes"),
    "groupings": ("groupings", "grouping_codes"),
}
AFRICAN_BUSINESS = {"regions": {"africa"}, "group": {"business"}}
CODE_COLUMNS = {"group": "group_code", "category": "category_code", "status": "status_code"}


def write(snapshot: Snapshot, selection: Selection, folder: Path) -> tuple[Any, dict[str, int]]:
    target = folder / "extract.xlsx"
    report = write_workbook(snapshot, selection, target, BASE_URL)
    return openpyxl.load_workbook(target), report


class Book(NamedTuple):
    """A workbook read again, what was reported of it, and its file."""

    workbook: Any
    report: dict[str, int]
    file: Path


@pytest.fixture(scope="module")
def books(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Selection], Book]:
    """The workbook of a selection, written once for all who only read it."""

    @cache
    def make(selection: Selection) -> Book:
        folder = tmp_path_factory.mktemp("book")
        return Book(*write(snapshot, selection, folder), folder / "extract.xlsx")

    return make


def rows(workbook: Any) -> list[dict[str, Any]]:
    """The first sheet's rows, by the names of the query's columns."""
    names = [column.name for column in COLUMNS]
    found = [dict(zip(names, values, strict=True)) for values in workbook.worksheets[0].iter_rows(2, values_only=True)]
    return [
        {name: value.date() if isinstance(value, datetime) else value for name, value in row.items()} for row in found
    ]


def about(workbook: Any) -> dict[str, str]:
    """The second sheet by its labels; a measure's figure stands above its definition, and is what is given."""
    lines = list(workbook.worksheets[1].iter_rows(values_only=True, max_col=2))
    return {label: text for label, text in reversed(lines) if label is not None}


def doctored(tmp_path: Path, statement: str, parameters: Any = None) -> Snapshot:
    """The fixture with one change to its published tables."""
    file = publish_fixture(tmp_path)
    with duckdb.connect(file) as connection:
        connection.execute(statement, parameters or [])
    return Snapshot(file, "fixture", "2022-01-10T09:00:00Z", 8)


def expected_cells(action: pd.Series, lang: str) -> dict[str, Any]:
    cells = {name: action[name] for name in ("action_id", "title", "stakeholder", "source_file", "source_row")}
    for name in ("percent", "reported_on", "completed_on", "due_on", "submitted_on", "is_overdue", "is_on_time"):
        cells[name] = None if pd.isna(action[name]) else action[name]
    for name, codelist in CODELIST_OF.items():
        cells |= {name: join({action[name]}, codelist, lang), CODE_COLUMNS[name]: action[name]}
    for name, (codelist, codes) in LISTS.items():
        cells[name] = join(action[name], codelist, lang)
        ordered = [code for code in labels(codelist, "en") if code in action[name]]
        cells[codes] = "; ".join(ordered) or None
    return cells


@pytest.mark.parametrize(
    ("selection", "filters", "day"),
    [
        (Selection(), {}, None),
        (Selection(regions=("africa",), groups=("business",), lang="fr"), AFRICAN_BUSINESS, None),
        (Selection(statuses=("completed",), lang="es"), {"status": {"completed"}}, date(2021, 6, 30)),
    ],
)  # fmt: skip
def test_rows_are_those_of_a_pandas_filter(books, selection, filters, day) -> None:
    selection = Selection(**{**selection.__dict__, "as_of": day})
    expected = matching(expected_register(*[d for d in [day] if d]), **filters)
    workbook, report, _ = books(selection)
    found = rows(workbook)
    assert report["rows"] == len(found) == len(expected) > 0
    for (_index, action), cells in zip(expected.iterrows(), found, strict=True):
        wanted = expected_cells(action, selection.lang)
        assert {name: cells[name] for name in wanted} == wanted


def test_portions_put_together_lose_and_repeat_nothing(snapshot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(extract_rows, "PORTION", 7)
    workbook, report = write(snapshot, Selection(), tmp_path)
    assert [row["action_id"] for row in rows(workbook)] == expected_register()["action_id"].tolist()
    assert report["rows"] == 40


def test_columns_are_those_of_the_query(snapshot) -> None:
    with snapshot.cursor() as cursor:
        values = Selection().sql_parameters(snapshot) | name_evidence(snapshot, "en")
        values |= {"lang": "en", "first": 1, "last": 1}
        cursor.execute(query_text("register_extract"), values)
        assert [column[0] for column in cursor.description] == [column.name for column in COLUMNS]


def test_cells_have_types(books) -> None:
    workbook = books(Selection(lang="fr")).workbook
    sheet = workbook.worksheets[0]
    kinds = {column.name: column.kind for column in COLUMNS}
    place = {column.name: number for number, column in enumerate(COLUMNS, start=1)}
    reported = sheet.cell(2, place["reported_on"])
    assert reported.is_date
    assert reported.number_format == "dd/mm/yyyy"
    assert sheet.cell(2, place["percent"]).data_type == "n"
    assert "%" in sheet.cell(2, place["percent"]).number_format
    assert sheet.cell(2, place["is_overdue"]).data_type == "b"
    assert sheet.cell(2, place["source_row"]).data_type == "n"
    for row in sheet.iter_rows(2):
        for cell, name in zip(row, kinds, strict=True):
            if kinds[name] == "text" and cell.value is not None:
                assert cell.data_type == "s", f"{name} in {cell.coordinate}"


def test_first_sheet_is_a_table_frozen_and_ready_to_print(books) -> None:
    workbook = books(Selection()).workbook
    sheet = workbook.worksheets[0]
    table = sheet.tables["actions"]
    assert table.ref == f"A1:{sheet.cell(1, len(COLUMNS)).column_letter}41"
    assert table.autoFilter.ref == table.ref
    assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[1]]
    assert table.tableStyleInfo.showRowStripes
    assert sheet.freeze_panes == "C2"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area.endswith(f"$A$1:${sheet.cell(1, len(PRINTED)).column_letter}$41")
    assert "&P" in sheet.oddFooter.right.text
    assert sheet["A1"].alignment.horizontal is None
    percent = sheet.cell(1, 1 + [column.name for column in COLUMNS].index("percent"))
    assert (percent.alignment.horizontal, percent.alignment.indent) == ("right", 2), "clear of the filter's button"
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
    assert widths == [column.shown_width for column in COLUMNS]
    assert sheet.column_dimensions["AI"].outlineLevel == 1
    assert len(CODES) == 16
    title = sheet["B2"].alignment
    assert (title.wrap_text, title.vertical) == (True, "top")


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_headers_are_unique_and_translated(books, lang) -> None:
    workbook = books(Selection(lang=lang)).workbook
    headers = [cell.value for cell in workbook.worksheets[0][1]]
    assert headers == unique_headers(translator(lang)(column.header) for column in COLUMNS)
    assert len({header.casefold() for header in headers}) == len(COLUMNS)


def test_equal_headers_are_told_apart() -> None:
    assert unique_headers(["État", "état", "Rang", "État"]) == ["État", "état 2", "Rang", "État 3"]


def test_text_stays_the_text_it_is(tmp_path) -> None:
    """Each risky text in an action of its own, among the first ones."""
    snapshot = doctored(
        tmp_path,
        "update actions set title = list_extract($texts, action_no), description = list_extract($texts, action_no)"
        " where action_no <= len($texts)",
        {"texts": list(RISKY)},
    )
    workbook, report = write(snapshot, Selection(), tmp_path)
    found = rows(workbook)
    for number, text in enumerate(RISKY):
        cell = workbook.worksheets[0][f"B{number + 2}"]
        assert (cell.value, cell.data_type) == (text, "s")
        assert found[number]["description"] == text
        assert cell.quotePrefix or text[0] not in "=+-@\t\r#", text
        assert cell.alignment.wrap_text
    assert (report["cleaned"], report["cut"]) == (0, 0)
    assert found[1]["stakeholder"] == "=SUM(A1) Imaginary Fund", "the cells after it are untouched"
    assert found[len(RISKY)]["title"] == expected_register()["title"].iloc[len(RISKY)]
    sheet_xml = zipfile.ZipFile(tmp_path / "extract.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet_xml


def test_characters_that_xml_forbids_are_removed_and_counted(tmp_path) -> None:
    dirty = "a\x00b\x0bc\x1fd\ufffee\uffff" + "\x01=1+1"
    snapshot = doctored(tmp_path, "update actions set title = ?, impact = ? where action_no < 3", [dirty, "\x02=1"])
    workbook, report = write(snapshot, Selection(), tmp_path)
    first = rows(workbook)[0]
    assert first["title"] == "abcde=1+1"
    assert first["impact"] == "=1"
    assert workbook.worksheets[0].cell(2, [c.name for c in COLUMNS].index("impact") + 1).data_type == "s"
    assert report["cleaned"] == 4
    assert about(workbook)["Cells cleaned"].startswith("4:")


@pytest.mark.parametrize(("character", "units"), [("x", 1), ("𝄞", 2)])
def test_long_texts_are_cut_with_a_mark_and_counted(tmp_path, character, units) -> None:
    fits, long = character * (LONGEST_TEXT // units), character * (LONGEST_TEXT // units + 1)
    snapshot = doctored(tmp_path, "update actions set description = ?, impact = ? where action_no = 1", [long, fits])
    workbook, report = write(snapshot, Selection(), tmp_path)
    first = rows(workbook)[0]
    assert first["impact"] == fits
    assert len(first["description"].encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert first["description"].startswith(character * 10_000)
    assert first["description"].endswith("[…] The rest does not fit into a cell.")
    assert report["cut"] == 1
    assert about(workbook)["Cells cut"].startswith("1:")


def test_dates_before_excels_time_are_text(tmp_path) -> None:
    snapshot = doctored(tmp_path, "update actions set submitted_on = date '1821-05-01' where action_no = 1")
    workbook, _report = write(snapshot, Selection(), tmp_path)
    assert rows(workbook)[0]["submitted_on"] == "1821-05-01"
    assert rows(workbook)[1]["submitted_on"] == date(2021, 1, 20)


def test_a_selection_of_nothing_is_a_valid_empty_table(snapshot, tmp_path) -> None:
    workbook, report = write(snapshot, Selection(q="no such words anywhere"), tmp_path)
    sheet = workbook.worksheets[0]
    assert report["rows"] == 0
    assert sheet.tables["actions"].ref.endswith("2"), "Excel calls a table of a header alone damaged"
    assert all(value is None for value in next(sheet.iter_rows(2, values_only=True), ()))
    told = about(workbook)
    assert told["Selected"] == "0 of 40 actions"
    assert told["Completion rate"].startswith("—")
    assert told["Note"] == "No action matches these filters."


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_about_tells_what_the_file_is(snapshot, tmp_path, lang) -> None:
    day = date(2021, 11, 30)
    selection = Selection(regions=("africa",), themes=("education", "mining"), q="école", as_of=day, lang=lang)
    t = translator(lang)
    workbook, _report = write(snapshot, selection, tmp_path)
    assert workbook.sheetnames[1] == t("About")
    told = about(workbook)
    assert told[t("Region")] == snapshot.codes["regions"]["africa"].labels[lang]
    assert told[t("Theme")] == ", ".join(snapshot.codes["themes"][c].labels[lang] for c in ("education", "mining"))
    assert told[t("Words")] == "école"
    assert "2021" in told[t("As of")]
    assert told[t("Snapshot")] == "fixture"
    assert "2022" in told[t("Built")]
    link = f"{BASE_URL}/actions?region=africa&theme=education&theme=mining&q=%C3%A9cole&as_of=2021-11-30&lang={lang}"
    assert told[t("Link to this view")] == link
    assert link in told[t("Cite as")]
    targets = [cell.hyperlink.target for row in workbook.worksheets[1] for cell in row if cell.hyperlink]
    refresh = link.replace("/actions?", "/extracts/actions.xlsx?")
    assert told[t("Link that refreshes this file")] == refresh
    assert targets == [link, refresh]
    for definition in DEFINITIONS.values():
        lines = [b for a, b in workbook.worksheets[1].iter_rows(values_only=True, max_col=2) if a == t(definition.name)]
        assert any(line.startswith(t(definition.sentence)) for line in lines)


def test_about_counts_as_the_files_do(snapshot, tmp_path) -> None:
    workbook, _report = write(snapshot, Selection(regions=("africa",)), tmp_path)
    expected = matching(expected_register(), regions={"africa"})
    completed, reported = (expected["status"] == "completed").sum(), (expected["status"] != "not_reported").sum()
    figures = about(workbook)
    assert figures["Selected"] == f"{len(expected)} of 40 actions"
    assert figures["Completion rate"].endswith(f"({completed} of {len(expected)})")
    assert figures["Reporting rate"].endswith(f"({reported} of {len(expected)})")
    assert figures["Overdue"] == str(expected["is_overdue"].sum())
    assert set(re.split(", ", figures["Files"])) >= set(expected["source_file"])


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_fictional_data_cannot_be_missed(books, lang) -> None:
    workbook = books(Selection(lang=lang)).workbook
    t = translator(lang)
    sheet = workbook.worksheets[0]
    assert sheet.title == t("Actions (fictional data)")
    assert sheet.sheet_properties.tabColor.rgb.endswith("B3261E")
    assert t("Fictional data").upper() in sheet.oddHeader.center.text
    assert sheet["A1"].fill.fgColor.rgb.endswith("B3261E")
    assert about(workbook)[t("Cite as")].startswith(t(FICTIONAL))
    banner = workbook.worksheets[1]["A2"]
    assert banner.value == t(FICTIONAL)
    assert banner.fill.fgColor.rgb.endswith("B3261E")


def test_real_data_carries_no_banner(tmp_path) -> None:
    snapshot = doctored(tmp_path, "update campaign set is_sample = false")
    workbook, _report = write(snapshot, Selection(), tmp_path)
    assert workbook.sheetnames == ["Actions", "About", "Summary", "Dictionary", "Codes"]
    assert not workbook.worksheets[0].oddHeader.center.text
    assert not any("ictional data" in f"{label} {text}" for label, text in about(workbook).items())


def test_a_campaigns_title_stays_the_text_it_is(tmp_path) -> None:
    snapshot = doctored(tmp_path, "update campaign set titles = map {'en': $title}", {"title": "=1+1\r\n<2> & _x0041_"})
    workbook, _report = write(snapshot, Selection(), tmp_path)
    title = workbook.worksheets[1]["A1"]
    assert (title.value, title.data_type) == ("=1+1\r\n<2> & _x005F_x0041_", "s")


FONT = ("b", "i", "u", "sz", "color", "name", "family", "charset", "scheme")


def test_the_package_is_well_formed(books) -> None:
    file = books(Selection()).file
    with zipfile.ZipFile(file) as package:
        assert package.testzip() is None
        assert "xl/tables/table1.xml" in package.namelist()
        texts = [package.read(name).decode() for name in package.namelist()]
        styles = etree.fromstring(package.read("xl/styles.xml"))
    fonts = [[etree.QName(one).localname for one in font] for font in styles.iter("{*}font")]
    assert max(map(len, fonts)) > 3
    assert all(sorted(font, key=FONT.index) == font for font in fonts), "what Microsoft's validator found"
    assert not any(str(file.parent) in text or str(PROJECT) in text for text in texts), "no path of the server"

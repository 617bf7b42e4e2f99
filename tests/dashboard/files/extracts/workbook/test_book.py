"""The Excel extract, opened again: the rows of any tables, typed, safe, laid out and explained."""

import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import fastexcel
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from lxml import etree
from openpyxl.utils import range_boundaries

from dashboard.files.extracts import rows as extract_rows
from dashboard.files.extracts.open_files import write_table
from dashboard.files.extracts.tables import TABLES
from dashboard.files.extracts.workbook import data
from dashboard.files.extracts.workbook.about import COUNTS
from dashboard.files.extracts.workbook.archive import name_sheet
from dashboard.files.extracts.workbook.book import write_workbook
from dashboard.files.extracts.workbook.layout import unique_headers
from dashboard.i18n import translator
from dashboard.measures.definitions import DEFINITIONS, FICTIONAL
from dashboard.paths import PROJECT
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import libreoffice
from tests.cases import of_which
from tests.register_oracle import LAST_DAY, expected_register, join, labels, matching
from tests.snapshots import open_fixture

COLUMNS = TABLES["actions"].fields
PRINTED = [field for field in COLUMNS if field.part == "printed"]
CODES = [field for field in COLUMNS if field.part == "code"]
BASE_URL = "https://dashboard.example.org"
CODELIST_OF = {"group": "stakeholder_groups", "category": "categories", "status": "statuses"}
CODES_OF = {"themes": "theme", "regions": "region", "subregions": "subregion", "countries": "country"}
CODES_OF |= {"groupings": "grouping"}
FONT = ("b", "i", "u", "sz", "color", "name", "family", "charset", "scheme")
EVERYTHING = Selection()
AFRICA = Selection(regions=("africa",), as_of=date(2021, 9, 30), lang="fr")
BUSINESS = Selection(regions=("africa",), groups=("business",), lang="fr")
SELECTIONS = {
    "all": (EVERYTHING, {}),
    "business": (BUSINESS, {"regions": {"africa"}, "group": {"business"}}),
    "then": (Selection(statuses=("completed",), as_of=date(2021, 6, 30), lang="es"), {"status": {"completed"}}),
}


def read_rows(sheet: Any) -> list[tuple[Any, ...]]:
    return [
        tuple(value.date() if isinstance(value, datetime) else value for value in row)
        for row in sheet.iter_rows(2, values_only=True)
    ]


def read_about(workbook: Any, lang: str = "en") -> dict[str, Any]:
    """Read the sheet About by its labels; a measure's figure stands above its definition, and is the value."""
    lines = list(workbook[translator(lang)("About")].iter_rows(values_only=True, max_col=2))
    return {label: text for label, text in reversed(lines) if label is not None}


def read_open(snapshot: Snapshot, selection: Selection, folder: Path, table: str) -> list[tuple[Any, ...]]:
    """Read the same table as Parquet, which another writer makes."""
    file = folder / f"{table}.parquet"
    write_table(snapshot, selection, TABLES[table], "parquet", file)
    rows = pq.read_table(file).to_pylist()
    return [tuple(None if value == "" else value for value in row.values()) for row in rows]


def expected_cells(action: pd.Series, lang: str) -> dict[str, Any]:
    cells = {name: action[name] for name in ("action_id", "title", "stakeholder", "source_file", "source_row")}
    for name in ("percent", "reported_on", "completed_on", "due_on", "submitted_on", "is_overdue", "is_on_time"):
        cells[name] = None if pd.isna(action[name]) else action[name]
    for name, codelist in CODELIST_OF.items():
        cells |= {name: join({action[name]}, codelist, lang), f"{name}_code": action[name]}
    for name, one in CODES_OF.items():
        cells[name] = join(action[name], name, lang)
        cells[f"{one}_codes"] = "; ".join(code for code in labels(name, "en") if code in action[name]) or None
    return cells


@pytest.mark.parametrize("name", of_which(SELECTIONS, lambda _, name: name != "then"))
def test_rows_and_their_counts_are_those_of_a_pandas_filter_and_headers_are_translated(books, name) -> None:
    selection, filters = SELECTIONS[name]
    expected = matching(expected_register(selection.as_of or LAST_DAY), **filters)
    _, report, workbook = books(selection)
    sheet = workbook.worksheets[0]
    rows = [dict(zip([column.name for column in COLUMNS], row, strict=True)) for row in read_rows(sheet)]
    assert report["rows"] == len(rows) == len(expected) > 0
    for (_index, action), cells in zip(expected.iterrows(), rows, strict=True):
        wanted = expected_cells(action, selection.lang)
        assert {name: cells[name] for name in wanted} == wanted
    t = translator(selection.lang)
    counts = {"Completion rate": expected["status"] == "completed"}
    counts["Reporting rate"] = expected["status"] != "not_reported"
    about = read_about(workbook, selection.lang)
    assert about[t("Selected")] == t("{rows} of {all} actions", rows=len(expected), all=40)
    for rate, is_counted in counts.items():
        assert about[t(rate)].endswith(f"({t('{n} of {total}', n=is_counted.sum(), total=len(expected))})")
    counted = {name: about[t(DEFINITIONS[name].name)] for name in ("actions", *COUNTS)}
    assert {type(n) for n in counted.values()} == {int}, "numbers can be reckoned with"
    assert (counted["actions"], counted["overdue"]) == (len(expected), expected["is_overdue"].sum())
    assert set(about[t("Files")].split(", ")) >= set(expected["source_file"])
    headers = [cell.value for cell in sheet[1]]
    assert headers == unique_headers(t(column.header) for column in COLUMNS)
    assert len({header.casefold() for header in headers}) == len(COLUMNS)
    assert sheet.title == t("Actions (fictional data)")
    assert t("Fictional data").upper() in sheet.oddHeader.center.text
    assert about[t("Cite as")].startswith(t(FICTIONAL))
    banner = workbook.worksheets[1]["A2"]
    assert banner.value == t(FICTIONAL)
    red = (sheet.sheet_properties.tabColor, sheet["A1"].fill.fgColor, banner.fill.fgColor)
    assert all(colour.rgb.endswith("B3261E") for colour in red), "fictional data cannot be missed"


@pytest.mark.nightly
def test_first_sheet_is_a_table_frozen_and_ready_to_print(books) -> None:
    sheet = books(EVERYTHING).workbook.worksheets[0]
    table = sheet.tables["actions"]
    assert table.ref == f"A1:{sheet.cell(1, len(COLUMNS)).column_letter}41"
    assert table.autoFilter.ref == table.ref
    assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[1]]
    assert table.tableStyleInfo.showRowStripes
    assert sheet.freeze_panes == "C2"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_area.endswith(f"$A$1:${sheet.cell(1, len(PRINTED)).column_letter}$41")
    assert sheet["A1"].alignment.horizontal is None
    place = {column.name: number for number, column in enumerate(COLUMNS, start=1)}
    percent = sheet.cell(1, place["percent"])
    assert (percent.alignment.horizontal, percent.alignment.indent) == ("right", 2), "clear of the filter's button"
    assert "%" in sheet.cell(2, place["percent"]).number_format
    assert sheet.cell(2, place["reported_on"]).is_date
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
    assert widths == [column.shown_width for column in COLUMNS]
    assert sheet.column_dimensions["AI"].outlineLevel == 1
    assert len(CODES) == 16
    title = sheet["B2"].alignment
    assert (title.wrap_text, title.vertical) == (True, "top")


def test_equal_headers_are_told_apart() -> None:
    assert unique_headers(["État", "état", "Rang", "État"]) == ["État", "état 2", "Rang", "État 3"]


@pytest.mark.nightly
def test_of_real_data_no_banner_is_carried_and_only_so_many_links_are_made(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(data, "MOST_LINKS", 3)
    monkeypatch.setattr(extract_rows, "PORTION", 20)
    snapshot = open_fixture(
        tmp_path,
        ("update campaign set is_sample = false, titles = map {'en': ?}", ["=1+1\r\n<2> & _x0041_"]),
        ("update actions set url = 'https://example.org/' || action_no",),
    )
    target = tmp_path / "extract.xlsx"
    write_workbook(snapshot, EVERYTHING, target, BASE_URL, ("actions",), ("action_id", "url", "status_code"))
    workbook = openpyxl.load_workbook(target)
    assert workbook.sheetnames == ["Actions", "About", "Summary", "Dictionary", "Codes"]
    assert not workbook.worksheets[0].oddHeader.center.text
    assert not any("ictional data" in f"{label} {text}" for label, text in read_about(workbook).items())
    title = workbook.worksheets[1]["A1"]
    assert (title.value, title.data_type) == ("=1+1\r\n<2> & _x005F_x0041_", "s"), "a title stays text"
    cells = [row[1] for row in workbook.worksheets[0].iter_rows(2)]
    assert [cell.hyperlink is not None for cell in cells] == [True] * 3 + [False] * 37
    assert [cell.value for cell in cells] == [f"https://example.org/{n}" for n in range(1, 41)]


class Whole(NamedTuple):
    """A workbook of every table, read again: its file, its sources, and the most rows of a sheet."""

    file: Path
    workbook: Any
    selection: Selection
    most: int


@pytest.fixture(
    scope="module",
    params=[(AFRICA, 11), pytest.param((EVERYTHING, 1_048_575), marks=pytest.mark.nightly)],
    ids=["sheets-of-eleven", "one-sheet-each"],
)
def whole(request, snapshot, tmp_path_factory) -> Whole:
    selection, most = request.param
    file = tmp_path_factory.mktemp("whole") / "extract.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "MOST_ROWS", most)
        patch.setattr(extract_rows, "PORTION", 9)
        write_workbook(snapshot, selection, file, BASE_URL, tuple(TABLES))
    return Whole(file, openpyxl.load_workbook(file), selection, most)


def test_a_whole_workbook_has_the_rows_of_the_open_formats_and_holds_together(snapshot, whole, tmp_path) -> None:
    t = translator(whole.selection.lang)
    sheets_of: dict[str, list[Any]] = {}
    for sheet in whole.workbook.worksheets:
        for table in sheet.tables:
            sheets_of.setdefault(re.sub(r"_\d+$", "", table), []).append(sheet)
    assert list(sheets_of) == [*TABLES, "dictionary", "codes"]
    about = read_about(whole.workbook, whole.selection.lang)
    for table, sheets in zip(TABLES, sheets_of.values(), strict=False):
        expected = read_open(snapshot, whole.selection, tmp_path, table)
        found = [row for sheet in sheets for row in read_rows(sheet)]
        assert found == [
            tuple(pytest.approx(value) if isinstance(value, float) else value for value in row) for row in expected
        ] or (not expected and all(value is None for row in found for value in row))
        assert len(sheets) == max(1, -(-len(expected) // whole.most))
        assert [next(iter(sheet.tables)) for sheet in sheets] == [
            table if number == 1 else f"{table}_{number}" for number in range(1, len(sheets) + 1)
        ]
        assert len({tuple(cell.value for cell in sheet[1]) for sheet in sheets}) == 1
        words = about[", ".join(sheet.title for sheet in sheets)]
        assert words.startswith(t.plural("{n} row.", "{n} rows.", len(expected), n=len(expected)))
        assert len(sheets) == 1 or "1" in words[10:]
    assert max(len(name) for name in whole.workbook.sheetnames) <= 31
    summary = zipfile.ZipFile(whole.file).read(name_sheet(len(whole.workbook.sheetnames) - 2))
    assert (b"<f>" in summary) == (len(sheets_of["actions"]) == 1), "formulas count one sheet"
    workbook = whole.workbook
    names = [name for sheet in workbook.worksheets for name in sheet.tables]
    assert len({name.casefold() for name in names}) == len(names)
    assert len({name.casefold() for name in workbook.sheetnames}) == len(workbook.sheetnames)
    for sheet in workbook.worksheets:
        for table in sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            headers = [sheet.cell(top, column).value for column in range(left, right + 1)]
            assert headers == table.column_names
            assert len({header.casefold() for header in headers}) == len(headers)
            assert sheet.max_row >= bottom - 1
    with zipfile.ZipFile(whole.file) as package:
        assert package.testzip() is None
        contents = [package.read(name).decode() for name in package.namelist()]
        assert not any(str(whole.file.parent) in one or str(PROJECT) in one for one in contents), (
            "no path of the server"
        )
        styles = etree.fromstring(package.read("xl/styles.xml"))
        fonts = [[etree.QName(one).localname for one in font] for font in styles.iter("{*}font")]
        assert max(map(len, fonts)) > 3
        assert all(sorted(font, key=FONT.index) == font for font in fonts), "what Microsoft's validator found"
        assert len(set(package.namelist())) == len(package.namelist())
        ids = [re.search(rb'<table[^>]*? id="(\d+)"', package.read(n)) for n in package.namelist() if "/tables/" in n]
        assert len({found.group(1) for found in ids if found}) == len(names)
        for number in range(1, len(workbook.sheetnames) + 1):
            xml = package.read(name_sheet(number)).decode()
            relations = f"xl/worksheets/_rels/sheet{number}.xml.rels"
            known = package.read(relations).decode() if relations in package.namelist() else ""
            wanted = re.findall(r'r?:?id="(rId\d+)"', xml)
            assert set(wanted) <= set(re.findall(r'Id="(rId\d+)"', known))
            for target in re.findall(r'Target="/([^"]+)"', known):
                assert target in package.namelist()
    assert fastexcel.read_excel(whole.file).sheet_names == workbook.sheetnames


def test_columns_are_chosen_and_ordered_in_the_main_table_alone(snapshot, books, tmp_path) -> None:
    chosen = ("percent", "status_code", "action_id", "reported_on", "is_latest", "percent")
    selection, tables = Selection(lang="es"), ("reports", "actions")
    file, _, workbook = books(selection, tables, chosen)
    reports, actions = workbook.worksheets[:2]
    fields = {field.name: field for field in TABLES["reports"].fields}
    assert [cell.value for cell in reports[1]] == [translator("es")(fields[name].header) for name in chosen[:5]]
    place = [[field.name for field in TABLES["reports"].fields].index(name) for name in chosen[:5]]
    expected = read_open(snapshot, selection, tmp_path, "reports")
    assert read_rows(reports) == [tuple(row[number] for number in place) for row in expected]
    assert actions.max_column == len(COLUMNS)
    assert reports["D2"].is_date
    assert reports["D2"].number_format == "dd/mm/yyyy"
    assert "%" in reports["A2"].number_format
    assert not reports.column_dimensions["B"].outlineLevel, "who chose a code wants to see it"
    assert reports.print_area.endswith(f"$E${reports.max_row}")
    write_workbook(snapshot, selection, tmp_path / "again.xlsx", BASE_URL, tables, chosen)
    assert (tmp_path / "again.xlsx").read_bytes() == file.read_bytes()


@pytest.mark.nightly
@pytest.mark.parametrize("lang", of_which(["en", "fr", "es"], lambda _, lang: lang == "fr"))
def test_about_tells_what_the_file_is_and_links_back(snapshot, books, tmp_path, lang) -> None:
    t = translator(lang)
    themes = ("education", "mining")
    selection = Selection(regions=("africa",), themes=themes, q="é", as_of=date(2021, 11, 30), lang=lang)
    tables = ("milestones", "reports", "actions")
    workbook = books(selection, tables, ("action_id", "due_on")).workbook
    told = read_about(workbook, lang)
    assert told[t("Region")] == snapshot.codes["regions"]["africa"].labels[lang]
    assert told[t("Theme")] == ", ".join(snapshot.codes["themes"][code].labels[lang] for code in themes)
    assert told[t("Words")] == "é"
    assert "2021" in told[t("As of")]
    assert told[t("Snapshot")] == "fixture"
    assert "2022" in told[t("Built")]
    query = f"region=africa&theme=education&theme=mining&q=%C3%A9&as_of=2021-11-30&lang={lang}"
    link = f"{BASE_URL}/actions?{query}"
    refresh = f"{BASE_URL}/extracts/milestones.xlsx?{query}&columns=action_id,due_on&include=actions,reports"
    assert told[t("Link to this view")] == link
    assert link in told[t("Cite as")]
    assert told[t("Link that refreshes this file")] == refresh
    about = workbook[t("About")]
    assert [cell.hyperlink.target for row in about for cell in row if cell.hyperlink] == [link, refresh]
    lines = [(label, text) for label, text in about.iter_rows(values_only=True, max_col=2) if label]
    for sheet, table in zip(workbook.worksheets, tables, strict=False):
        rows = len(read_open(snapshot, selection, tmp_path, table))
        first = next(text for label, text in lines if label == sheet.title)
        assert first == f"{t.plural('{n} row.', '{n} rows.', rows, n=rows)} {t(TABLES[table].description)}"
    for definition in DEFINITIONS.values():
        texts = [text for label, text in lines if label == t(definition.name)]
        assert any(str(text).startswith(t(definition.sentence)) for text in texts)


@pytest.mark.nightly
def test_an_empty_selection_is_a_workbook_of_empty_tables(books) -> None:
    file, report, workbook = books(Selection(q="no such words anywhere"), ("actions", "reports"))
    assert report["rows"] == 0
    for sheet in workbook.worksheets[:2]:
        table = next(iter(sheet.tables.values()))
        assert table.ref.endswith("2"), "Excel calls a table of a header alone damaged"
        assert all(value is None for row in read_rows(sheet) for value in row)
    told = read_about(workbook)
    assert told["Selected"] == "0 of 40 actions"
    assert told["Completion rate"].startswith("—")
    assert told["Note"] == "No action matches these filters."
    shown = openpyxl.load_workbook(file, data_only=True)["Summary"]
    lines = [line for line in shown.iter_rows(values_only=True, min_col=3, max_col=9) if line[0] == 0]
    assert lines
    assert {rate for line in lines for rate in line[4:]} == {"no actions"}, "a rate of nothing is no 0%"


@libreoffice.needed("Calc")
@pytest.mark.nightly
def test_libreoffice_keeps_every_sheet(books) -> None:
    file, _, before = books(AFRICA, tuple(TABLES))
    after = openpyxl.load_workbook(libreoffice.convert(file, "xlsx"))
    assert after.sheetnames == before.sheetnames
    logical = {"=TRUE()": True, "=FALSE()": False}  # as LibreOffice writes them
    for one, other in zip(before.worksheets[: len(TABLES)], after.worksheets, strict=False):
        kept = [
            tuple(pytest.approx(value) if isinstance(value, float) else logical.get(value, value) for value in row)
            for row in read_rows(other)
        ]
        assert kept == read_rows(one) or one.max_row == 1

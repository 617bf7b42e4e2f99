"""A workbook of any tables: their rows, chosen columns, tables that go on on further sheets, and what About says."""

import itertools
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.utils import range_boundaries

from dashboard.errors import SelectionError
from dashboard.extracts import rows as extract_rows
from dashboard.extracts.open_files import write_table
from dashboard.extracts.tables import TABLES
from dashboard.extracts.workbook import data
from dashboard.extracts.workbook.book import write_workbook
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import libreoffice
from tests.cases import of_which, some

BASE_URL = "https://dashboard.example.org"
EVERYTHING = Selection()
AFRICA = Selection(regions=("africa",), as_of=date(2021, 9, 30), lang="fr")
NOTHING = Selection(q="no such words anywhere")


def write(
    snapshot: Snapshot, selection: Selection, folder: Path, tables: Sequence[str], columns: Sequence[str] = ()
) -> Path:
    file = folder / "extract.xlsx"
    write_workbook(snapshot, selection, file, BASE_URL, tables, columns)
    return file


def read_rows(sheet: Any) -> list[tuple[Any, ...]]:
    return [
        tuple(value.date() if isinstance(value, datetime) else value for value in row)
        for row in sheet.iter_rows(2, values_only=True)
    ]


def read_open(snapshot: Snapshot, selection: Selection, folder: Path, table: str) -> list[tuple[Any, ...]]:
    """The same table as Parquet, which another writer makes."""
    file = folder / f"{table}.parquet"
    write_table(snapshot, selection, TABLES[table], "parquet", file)
    rows = pq.read_table(file).to_pylist()
    return [tuple(None if value == "" else value for value in row.values()) for row in rows]


@pytest.mark.parametrize(
    "selection", [pytest.param(EVERYTHING, marks=pytest.mark.nightly), AFRICA], ids=["everything", "africa"]
)
def test_every_table_has_the_rows_of_the_open_formats(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, selection: Selection
) -> None:
    monkeypatch.setattr(extract_rows, "PORTION", 7)
    workbook = openpyxl.load_workbook(write(snapshot, selection, tmp_path, tuple(TABLES)))
    assert list(itertools.chain(*(sheet.tables for sheet in workbook.worksheets))) == [*TABLES, "dictionary", "codes"]
    for sheet, table in zip(workbook.worksheets, TABLES, strict=False):
        expected = read_open(snapshot, selection, tmp_path, table)
        found = read_rows(sheet)
        assert found == [
            tuple(pytest.approx(value) if isinstance(value, float) else value for value in row) for row in expected
        ] or (not expected and all(value is None for row in found for value in row))
        assert len(expected) + 1 == sheet.max_row or not expected


def test_columns_are_chosen_and_ordered_in_the_main_table_alone(snapshot: Snapshot, tmp_path: Path) -> None:
    chosen = ("percent", "status_code", "action_id", "reported_on", "is_latest", "percent")
    workbook = openpyxl.load_workbook(write(snapshot, Selection(lang="es"), tmp_path, ("reports", "actions"), chosen))
    reports, actions = workbook.worksheets[:2]
    fields = {field.name: field for field in TABLES["reports"].fields}
    assert [cell.value for cell in reports[1]] == [translator("es")(fields[name].header) for name in chosen[:5]]
    place = [[field.name for field in TABLES["reports"].fields].index(name) for name in chosen[:5]]
    expected = read_open(snapshot, Selection(lang="es"), tmp_path, "reports")
    assert read_rows(reports) == [tuple(row[number] for number in place) for row in expected]
    assert actions.max_column == len(TABLES["actions"].fields)
    assert reports["D2"].is_date
    assert "%" in reports["A2"].number_format
    assert not reports.column_dimensions["B"].outlineLevel, "who chose a code wants to see it"
    assert reports.print_area.endswith(f"$E${reports.max_row}")


def test_an_unknown_column_or_table_is_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match="e_mail"):
        write(snapshot, EVERYTHING, tmp_path, ("reports",), ("e_mail",))
    with pytest.raises(SelectionError, match="people"):
        write(snapshot, EVERYTHING, tmp_path, ("actions", "people"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.nightly), "fr"])
def test_more_rows_than_a_sheet_holds_go_on_on_the_next(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr(data, "MOST_ROWS", 17)
    monkeypatch.setattr(extract_rows, "PORTION", 7)
    t = translator(lang)
    selection = Selection(lang=lang)
    file = write(snapshot, selection, tmp_path, ("actions", "themes_countries"))
    workbook = openpyxl.load_workbook(file)
    for table in ("actions", "themes_countries"):
        expected = [row[0] for row in read_open(snapshot, selection, tmp_path, table)]
        name = re.compile(rf"{table}(_\d+)?")
        sheets = [sheet for sheet in workbook.worksheets if any(map(name.fullmatch, sheet.tables))]
        assert len(sheets) == -(-len(expected) // 17) > 1
        assert [row[0] for sheet in sheets for row in read_rows(sheet)] == expected
        assert [next(iter(sheet.tables)) for sheet in sheets] == [
            table if number == 1 else f"{table}_{number}" for number in range(1, len(sheets) + 1)
        ]
        assert len({tuple(cell.value for cell in sheet[1]) for sheet in sheets}) == 1
        told = dict(workbook[t("About")].iter_rows(values_only=True, max_col=2))
        words = told[", ".join(sheet.title for sheet in sheets)]
        assert words.startswith(t.plural("{n} row.", "{n} rows.", len(expected), n=len(expected)))
        assert "1" in words[10:]
    assert max(len(name) for name in workbook.sheetnames) <= 31
    summary = zipfile.ZipFile(file).read(f"xl/worksheets/sheet{len(workbook.sheetnames) - 1}.xml")
    assert b"<f>" not in summary, "formulas count one sheet"


@pytest.mark.parametrize("lang", of_which(["en", "fr", "es"], lambda _, lang: lang == "fr"))
def test_about_names_every_table_and_links_back(snapshot: Snapshot, tmp_path: Path, lang: str) -> None:
    t = translator(lang)
    selection = Selection(regions=("africa",), lang=lang)
    tables = ("milestones", "reports", "actions")
    workbook = openpyxl.load_workbook(write(snapshot, selection, tmp_path, tables, ("action_id", "due_on")))
    about = workbook[t("About")]
    told = {label: text for label, text in reversed(list(about.iter_rows(values_only=True, max_col=2))) if label}
    for sheet, table in zip(workbook.worksheets, tables, strict=False):
        rows = len(read_open(snapshot, selection, tmp_path, table))
        lines = [text for label, text in about.iter_rows(values_only=True, max_col=2) if label == sheet.title]
        assert lines[0] == f"{t.plural('{n} row.', '{n} rows.', rows, n=rows)} {t(TABLES[table].description)}"
    refresh = (
        f"{BASE_URL}/extracts/milestones.xlsx?region=africa&lang={lang}"
        "&columns=action_id,due_on&include=actions,reports"
    )
    assert told[t("Link that refreshes this file")] == refresh
    links = [cell.hyperlink.target for row in about for cell in row if cell.hyperlink]
    assert links == [f"{BASE_URL}/actions?region=africa&lang={lang}", refresh]


def test_an_empty_selection_is_a_workbook_of_empty_tables(snapshot: Snapshot, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(write(snapshot, NOTHING, tmp_path, tuple(TABLES)))
    for sheet in workbook.worksheets[: len(TABLES)]:
        table = next(iter(sheet.tables.values()))
        assert table.ref.endswith("2"), "Excel calls a table of a header alone damaged"
        assert all(value is None for row in read_rows(sheet) for value in row)
    shown = openpyxl.load_workbook(tmp_path / "extract.xlsx", data_only=True)["Summary"]
    lines = [line for line in shown.iter_rows(values_only=True, min_col=3, max_col=9) if line[0] == 0]
    assert lines
    assert {rate for line in lines for rate in line[4:]} == {"no actions"}, "a rate of nothing is no 0%"


@pytest.mark.parametrize("most", some([23, 1_048_575], 1))
def test_the_file_holds_together(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """What makes Excel offer a repair: tables that do not fit their cells, equal names, relations that lead nowhere."""
    monkeypatch.setattr(data, "MOST_ROWS", most)
    file = write(snapshot, EVERYTHING, tmp_path, tuple(TABLES))
    workbook = openpyxl.load_workbook(file)
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
    with zipfile.ZipFile(file) as package:
        assert len(set(package.namelist())) == len(package.namelist())
        ids = [re.search(rb'<table[^>]*? id="(\d+)"', package.read(n)) for n in package.namelist() if "/tables/" in n]
        assert len({found.group(1) for found in ids if found}) == len(names)
        for number in range(1, len(workbook.sheetnames) + 1):
            xml = package.read(f"xl/worksheets/sheet{number}.xml").decode()
            relations = f"xl/worksheets/_rels/sheet{number}.xml.rels"
            known = package.read(relations).decode() if relations in package.namelist() else ""
            wanted = re.findall(r'r?:?id="(rId\d+)"', xml)
            assert set(wanted) <= set(re.findall(r'Id="(rId\d+)"', known))
            for target in re.findall(r'Target="/([^"]+)"', known):
                assert target in package.namelist()
    assert fastexcel.read_excel(file).sheet_names == workbook.sheetnames


@libreoffice.needed
@pytest.mark.slow
def test_libreoffice_keeps_every_sheet(snapshot: Snapshot, tmp_path: Path) -> None:
    file = write(snapshot, AFRICA, tmp_path, tuple(TABLES))
    before, after = openpyxl.load_workbook(file), openpyxl.load_workbook(libreoffice.convert(file, "xlsx"))
    assert after.sheetnames == before.sheetnames
    logical = {"=TRUE()": True, "=FALSE()": False}  # as LibreOffice writes them
    for one, other in zip(before.worksheets[: len(TABLES)], after.worksheets, strict=False):
        kept = [
            tuple(pytest.approx(value) if isinstance(value, float) else logical.get(value, value) for value in row)
            for row in read_rows(other)
        ]
        assert kept == read_rows(one) or one.max_row == 1

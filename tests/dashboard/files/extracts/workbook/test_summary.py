"""The sheets Summary and Dictionary: the dashboard's figures as live formulas, and every column explained."""

import itertools
import math
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import get_column_letter

from dashboard.charts.svg.texts import width as text_width
from dashboard.files.extracts.tables import TABLES
from dashboard.files.extracts.workbook import summary
from dashboard.files.extracts.workbook.archive import name_sheet, with_formulas
from dashboard.files.extracts.workbook.book import write_workbook
from dashboard.files.extracts.workbook.layout import LONGEST_BESIDE_SAMPLE, LONGEST_FOOTER
from dashboard.i18n import N_, translator
from dashboard.measures import counts
from dashboard.measures.definitions import FEW
from dashboard.snapshot.attribution import say_source
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import libreoffice
from tests.cases import of_which, some
from tests.register_oracle import expected_register
from tests.snapshots import open_fixture

COLUMNS = TABLES["actions"].fields
SUMMARY_SHEET = name_sheet(3)
BASE_URL = "https://dashboard.example.org"
SELECTIONS = (
    Selection(),
    Selection(regions=("africa",), as_of=date(2021, 6, 30), lang="fr"),
    Selection(themes=("education", "mining"), lang="es"),
    Selection(statuses=("overdue",), as_of=date(2021, 12, 1)),
    Selection(q="no such words anywhere"),
)
Figures = tuple[Any, ...]


def shown(file: Path, place: int = 2) -> list[tuple[str, Figures]]:
    """Return the lines of the sheet Summary with figures: code (empty for all actions) and the cells."""
    sheet = openpyxl.load_workbook(file, data_only=True).worksheets[place]
    lines = [tuple(row) for row in sheet.iter_rows(values_only=True, max_col=9)]
    return [(line[1] or "", line[2:]) for line in lines if isinstance(line[2], int)]


def expected(snapshot: Snapshot, selection: Selection) -> list[tuple[str, Figures]]:
    """Return the figures of `measures` for the same selection."""
    headline = counts.headline(snapshot, selection)
    total = (
        headline.actions, headline.completed, headline.reported, headline.unknown,
        headline.completion_rate, headline.upper_bound, headline.reporting_rate,
    )  # fmt: skip
    lines: list[tuple[str, Figures]] = []
    for dimension in ("region", "category", "theme"):
        names = ["actions", "completed", "reported", "unknown", "completion_rate", "upper_bound", "reporting_rate"]
        frame = counts.by_dimension(snapshot, selection, dimension)
        lines += [
            (code, tuple(figures))
            for code, figures in zip(frame["code"], frame[names].itertuples(index=False), strict=True)
        ]
        lines.append(("", total))
    nothing = translator(selection.lang)("no actions")
    return [
        (code, tuple(nothing if value is None or value != value else pytest.approx(value) for value in figures))
        for code, figures in lines
    ]


IN_LANGUAGES = pytest.mark.parametrize("lang", of_which(("en", "fr", "es"), lambda _, lang: lang == "fr"))
TWO_TABLES = ("reports", "actions")
CHOSEN = ("percent", "status_code")
"""Columns of the first of them."""


def without_results(file: Path, target: Path) -> Path:
    """Return the same workbook without the results of its formulas, so that who shows them has calculated."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            if name == SUMMARY_SHEET:
                content = re.sub(rb' t="(?:str|n)"><f>([^<]*)</f><v>[^<]*</v>', rb"><f>\1</f>", content)
            made.writestr(name, content)
    return target


@pytest.mark.parametrize("selection", some(SELECTIONS, 2))
def test_figures_shown_are_those_of_the_dashboard(snapshot, books, selection) -> None:
    assert shown(books(selection).file) == expected(snapshot, selection)


def test_every_figure_is_a_formula_beside_its_result(snapshot, books) -> None:
    file, _, workbook = books(Selection())
    figures = [row[2:10] for row in workbook.worksheets[2].iter_rows() if row[2].data_type == "f"]
    assert len(figures) == len(expected(snapshot, Selection()))
    for cells in figures:
        assert all(cell.data_type == "f" for cell in cells)
        assert [cell.number_format for cell in cells] == ["#,##0"] * 4 + ["0%"] * 4
    assert any("theme_codes" not in cell.value and '"*; "' in cell.value for cells in figures for cell in cells)
    assert b'<c r="AI1"' in zipfile.ZipFile(file).read(name_sheet(1))
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="n"><v>3</v></c><c r="B1" t="inlineStr"><is><t>—</t></is></c></row></sheetData></worksheet>'
    )
    changed = with_formulas(sheet.encode(), {"A1": 'COUNTIFS(A:A,"<>x")', "B1": "C1&D1"}).decode()
    assert '<c r="A1" t="n"><f>COUNTIFS(A:A,"&lt;&gt;x")</f><v>3</v></c>' in changed
    assert '<c r="B1" t="str"><f>C1&amp;D1</f><v>—</v></c>' in changed


@libreoffice.needed("Calc")
@pytest.mark.slow
@pytest.mark.nightly  # the next test has everything
@pytest.mark.parametrize("selection", [SELECTIONS[1], SELECTIONS[4]])
def test_libreoffice_calculates_the_same(snapshot, books, tmp_path, selection) -> None:
    spoilt = without_results(books(selection).file, tmp_path / "spoilt.xlsx")
    assert shown(spoilt) != expected(snapshot, selection)
    assert shown(libreoffice.convert(spoilt, "xlsx")) == expected(snapshot, selection)


@libreoffice.needed("Calc")
@pytest.mark.slow
def test_a_code_inside_another_is_not_counted(tmp_path) -> None:
    added = [
        ("insert into codes by name select * replace (? as code, sort_order + 1 as sort_order)"
         " from codes where codelist = 'themes' and code = 'mining'", [code])
        for code in ("artisanal_mining", "mining_artisanal", "min")
    ]  # fmt: skip
    members = (
        "insert into action_members (action_no, dimension, member) select action_no, 'theme', t.code from actions,"
        " (values ('artisanal_mining', 2), ('mining_artisanal', 3), ('min', 5), ('mining', 7)) t (code, step)"
        " where action_no % t.step = 0 and (action_no, 'theme', t.code) not in"
        " (select action_no, dimension, member from action_members)"
    )
    snapshot = open_fixture(tmp_path, *added, (members,))
    write_workbook(snapshot, Selection(), tmp_path / "extract.xlsx", BASE_URL)
    spoilt = without_results(tmp_path / "extract.xlsx", tmp_path / "spoilt.xlsx")
    found = shown(libreoffice.convert(spoilt, "xlsx"))
    assert found == expected(snapshot, Selection())
    assert {"min", "mining", "artisanal_mining", "mining_artisanal"} <= {code for code, _figures in found}


@pytest.mark.nightly
@IN_LANGUAGES
def test_charts_stack_the_bounds_and_sections_fit_on_their_pages(snapshot, books, lang) -> None:
    file, _, workbook = books(Selection(lang=lang), TWO_TABLES, CHOSEN)
    sheet = workbook.worksheets[3]
    assert sheet.title == translator(lang)("Summary")
    assert len(sheet._charts) == 3
    for chart in sheet._charts:
        assert [series.val.numRef.f.split("!")[1].split("$")[1] for series in chart.series] == ["G", "J"]
        assert (chart.grouping, chart.overlap, chart.title.overlay) == ("stacked", 100, False)
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert [rule.formula[0].endswith(f"<{FEW}") for rule in rules] == [True] * 3
    drawing = etree.fromstring(zipfile.ZipFile(file).read("xl/drawings/drawing1.xml"))
    told = [(one.get("name"), one.get("descr")) for one in drawing.iter() if one.tag.endswith("}cNvPr")]
    assert [name for name, _ in told] == [translator(lang)(section.heading) for section in summary.SECTIONS]
    for (_, words), section in zip(told, summary.SECTIONS, strict=True):
        labels = counts.by_dimension(snapshot, Selection(lang=lang), section.dimension)["code"]
        assert words.count(";") >= len(labels) - 1
    for sheet in workbook.worksheets[3:6]:
        wide = {area.min_row for area in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "s":
                    columns = range(1, sheet.max_column + 1) if cell.row in wide else [cell.column]
                    room = sum(sheet.column_dimensions[get_column_letter(one)].width for one in columns)
                    size = (cell.font.size or 11) / 11 / text_width("0")  # columns are as wide as so many digits
                    lines = math.ceil(text_width(cell.value, size, bold=bool(cell.font.bold)) / room)
                    assert sheet.row_dimensions[cell.row].height >= 15 * lines, cell.value
    sheet = workbook.worksheets[3]
    breaks = [0, *(one.id for one in sheet.row_breaks.brk), sheet.max_row]
    assert len(breaks) == 4
    shown = sheet.page_setup.scale / 100
    for first, last in itertools.pairwise(breaks):
        points = sum(sheet.row_dimensions[row].height for row in range(first + 1, last + 1))
        assert points * shown <= 21 / 2.54 * 72 - 72 * (sheet.page_margins.top + sheet.page_margins.bottom)
    inches = sum(dimension.width * 7 + 5 for dimension in sheet.column_dimensions.values()) / 96
    assert inches * shown <= 11 - sheet.page_margins.left - sheet.page_margins.right, "also on American paper"
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage, "Excel would ignore the breaks"


@IN_LANGUAGES
def test_every_sheet_prints_as_wide_as_the_page_and_the_dictionary_explains_its_columns(snapshot, books, lang) -> None:
    workbook, t = books(Selection(lang=lang), TWO_TABLES, CHOSEN).workbook, translator(lang)
    for sheet in workbook.worksheets:
        has_rows = sheet.title not in {t(name) for name in ("About", "Dictionary", "Codes")}
        assert (t("All actions") in (sheet.oddHeader.left.text or "")) == has_rows
        assert sheet.oddFooter.left.text == say_source(snapshot.campaign, lang, snapshot.last_date)
        assert sheet.oddFooter.right.text == "&P / &N"
        is_fitted = sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        assert is_fitted or sheet.page_setup.scale
        assert sheet.page_setup.orientation == ("portrait" if sheet.title == translator(lang)("About") else "landscape")
        assert (sheet.print_title_rows == "$1:$1") == bool(sheet.tables)
    sheet = workbook[translator(lang)("Dictionary")]
    fields = {field.name: field for field in TABLES["reports"].fields}
    wanted = [*(fields[name] for name in CHOSEN), *COLUMNS]
    first, last = sheet.tables["dictionary"].ref.split(":")
    every = [[cell.value for cell in row] for row in sheet[f"A2:{last}"]]
    lines, others = every[: len(wanted)], every[len(wanted) :]
    assert first == "A1"
    assert [line[0] for line in lines] == [workbook.sheetnames[0]] * 2 + [workbook.sheetnames[1]] * len(COLUMNS)
    assert [line[1] for line in lines] == [cell.value for one in workbook.worksheets[:2] for cell in one[1]]
    assert [line[2] for line in lines] == [field.name for field in wanted]
    assert [line[3] for line in lines] == [t(field.description) for field in wanted]
    assert {line[6] for line in lines} - {None} <= set(snapshot.codes)
    units = {"percent": t("%, from 0 to 100"), "number": t("part of 1"), "date": t("day")}
    assert [line[5] for line in lines] == [units.get(field.kind) for field in wanted]
    assert {line[0] for line in others} == {t("Summary")}
    shown_headers = {cell.value for row in workbook[t("Summary")].iter_rows() for cell in row if cell.font.bold}
    assert [line[1] in shown_headers for line in others] == [False, *[True] * 9]
    assert all(line[3] and line[4] for line in others)
    for field, line in zip(wanted, lines, strict=True):
        assert line[4] == t(
            {"date": "Date", "boolean": "TRUE or FALSE", "text": line[4]}.get(
                field.kind, N_("Number", "type of a column")
            )
        )
        assert line[4]


@pytest.mark.nightly
def test_printed_pages_say_which_rows_they_hold_and_the_sheet_which_columns_it_counts(
    snapshot, tmp_path, monkeypatch
) -> None:
    selection = Selection(regions=("africa",), q="R&D " * 60, as_of=date(2021, 9, 30), lang="fr")
    for is_sample in (True, False):
        monkeypatch.setitem(snapshot.campaign, "is_sample", is_sample)
        write_workbook(snapshot, selection, tmp_path / "x.xlsx", BASE_URL)
        workbook = openpyxl.load_workbook(tmp_path / "x.xlsx")
        for sheet in (workbook.worksheets[0], workbook[translator("fr")("Summary")]):
            head = sheet.oddHeader.left.text.replace("&&", "&")
            assert head.startswith("Région\u00a0: Afrique · ")
            assert 0 <= (LONGEST_BESIDE_SAMPLE if is_sample else LONGEST_FOOTER) - len(head) < 10
    headers = [cell.value for cell in workbook.worksheets[0][1]]
    lines = [str(row[0].value) for row in workbook[translator("fr")("Summary")].iter_rows(max_row=6)]
    (said,) = (line for line in lines if "formules" in line)
    assert [name in headers for name in re.findall("«\u00a0(.*?)\u00a0»", said)] == [True] * 4


@pytest.mark.nightly
def test_very_many_rows_are_counted_once(snapshot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(summary, "LIVE_UP_TO", 10)
    file = tmp_path / "extract.xlsx"
    write_workbook(snapshot, Selection(), file, BASE_URL)
    assert b"<f>" not in zipfile.ZipFile(file).read(SUMMARY_SHEET)
    assert shown(file) == expected(snapshot, Selection())


@pytest.mark.nightly
@pytest.mark.parametrize("selection", of_which([SELECTIONS[0], SELECTIONS[2]], lambda place, _: place == 0))
def test_dictionary_lists_the_codes_that_occur_with_their_labels(snapshot, books, selection) -> None:
    workbook = books(selection).workbook
    sheet = workbook.worksheets[4]
    assert sheet.title == translator(selection.lang)("Codes")
    reference = sheet.tables["codes"].ref
    assert [cell.value for cell in sheet[reference][0]] == sheet.tables["codes"].column_names
    listed = {(row[0].value, row[2].value): row[1].value for row in sheet[reference][1:]}
    assert len(listed) == len(sheet[reference]) - 1
    for (codelist, code), label in listed.items():
        assert label == snapshot.codes[codelist][code].labels[selection.lang]
    data = workbook.worksheets[0]
    for number, field in enumerate(COLUMNS, start=1):
        if field.part == "code" and field.codelist:
            cells = {row[0] for row in data.iter_rows(2, min_col=number, max_col=number, values_only=True)} - {None}
            assert {(field.codelist, code) for cell in cells for code in cell.split("; ")} <= set(listed)
    countries = set().union(*expected_register()["countries"])
    assert {code for codelist, code in listed if codelist == "countries"} == countries, "no others"


FOUR = ("title", "status_code", "region_codes", "category_code")


@pytest.mark.parametrize(
    ("selection", "tables", "columns", "codelists"),
    [
        (Selection(), ("events",), ("title",), set()),
        (Selection(), ("actions",), FOUR, {"statuses", "regions", "categories"}),
        (Selection(), ("actions",), ("theme_codes", *FOUR[::-1]), {"themes", "statuses", "regions", "categories"}),
        (Selection(lang="fr"), TWO_TABLES, CHOSEN, None),
    ],
    ids=["no-actions", "no-themes", "all-needed", "second-table"],
)
def test_figures_are_formulas_only_over_the_columns_they_need_and_codes_are_of_the_columns_there(
    snapshot, books, selection, tables, columns, codelists
) -> None:
    file, _, workbook = books(selection, tables, columns)
    place = len(tables) + 1
    sheet = workbook.worksheets[place]
    figures = [row[2] for row in sheet.iter_rows() if row[2].data_type in "fn" and row[2].value is not None]
    is_live = tables[-1] == "actions" and columns != FOUR
    assert {cell.data_type for cell in figures} == {"f" if is_live else "n"}
    assert not is_live or all(f"'{workbook.worksheets[place - 2].title}'!" in cell.value for cell in figures)
    assert (b"<f>" in zipfile.ZipFile(file).read(name_sheet(place + 1))) == is_live
    assert len(sheet._charts) == 3
    assert shown(file, place) == expected(snapshot, selection)
    last = workbook.worksheets[-1]
    if codelists:
        assert {row[0].value for row in last[last.tables["codes"].ref][1:]} == codelists
    else:
        assert list(last.tables) == (["codes"] if codelists is None else ["dictionary"])

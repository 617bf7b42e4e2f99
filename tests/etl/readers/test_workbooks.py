"""Workbooks: values as text, row numbers as a spreadsheet shows them, hidden sheets, and claims that are not true."""

import datetime as dt
import math
import random
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from etl.readers import exports, sheets, sizes
from etl.readers.exports import open_export
from etl.readers.files import Limits
from etl.readers.sheet_signs import find_reach
from etl.readers.sheets import ReadError, strip_text
from tests.etl.files import (
    EXPORTS,
    inline,
    load,
    load_sheet,
    ods_cell,
    write_ods,
    write_sheet_xml,
    write_workbook,
    write_zip,
)

CALAMINE = EXPORTS / "nasty" / "calamine"
PART = "xl/worksheets/sheet1.xml"


def write_prefixed(path, rows, prefix):
    """Write a workbook whose rows of XML have a namespace prefix, as some programs write them."""
    rows = rows.replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}")
    write_sheet_xml(path, rows)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for tag in ("worksheet", "sheetData"):
        parts[PART] = parts[PART].replace(f"<{tag}", f"<{prefix}{tag}").replace(f"</{tag}", f"</{prefix}{tag}")
    parts[PART] = parts[PART].replace("xmlns=", f"xmlns:{prefix[:-1]}=" if prefix else "xmlns=")
    return write_zip(path, parts)


def column(path, number=1):
    """Return one column of the first sheet, its header included."""
    return [row[number] for row in load(path)]


VALUES = [
    (302220039, "302220039"), (12.0, "12"), (12.5, "12.5"), (-5, "-5"), (0, "0"), (0.1 + 0.2, "0.3"),
    (123456789012345, "123456789012345"), ("00123", "00123"), ("1e5", "1e5"), (True, "true"), (False, "false"),
    (dt.datetime(2021, 9, 1), "2021-09-01 00:00:00"), (dt.date(2021, 9, 1), "2021-09-01 00:00:00"),
    (dt.datetime(2021, 9, 1, 10, 30, 15), "2021-09-01 10:30:15"), (" text\u00a0\n", "text"),
    ("two\nlines", "two\nlines"), ("État d’avancement", "État d’avancement"),
    ("=\u00a0not a formula", "=\u00a0not a formula"), ("+33 and more", "+33 and more"),
]  # fmt: skip
FORMATS = [
    ("0%", 0.45, "0.45"), ("0.00", 12, "12"), ("dd/mm/yyyy", 44440, "2021-09-01 00:00:00"),
    ("[$-40C]d mmmm yyyy;@", 44440.25, "2021-09-01 06:00:00"), ('0 "days"', 30, "30"), ("General", 44440, "44440"),
]  # fmt: skip


def test_values_become_text_whatever_their_format(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["header"])
    for number, (value, _) in enumerate(VALUES, 2):
        cell = book.active.cell(number, 1, value)
        if isinstance(value, str):
            cell.data_type = "s"
    for number, (style, value, _) in enumerate(FORMATS, len(VALUES) + 2):
        book.active.cell(number, 1, value).number_format = style
    book.save(tmp_path / "a.xlsx")
    written = [written for *_, written in (*VALUES, *FORMATS)]
    assert column(tmp_path / "a.xlsx") == ["header", *written]


def test_formulas_give_the_saved_value_and_errors_none(tmp_path):
    rows = (
        f'<row r="1">{inline("A1", "n")}{inline("B1", "x")}</row>'
        f'<row r="2">{inline("A2", "1")}<c r="B2"><f>1+1</f><v>2</v></c></row>'
        f'<row r="4">{inline("A4", "3")}<c r="B4" t="e"><f>NA()</f><v>#N/A</v></c></row>'
        f'<row r="5">{inline("A5", "4")}<c r="B5" t="str"><f>A1</f><v>text</v></c></row>'
        f'<row r="6">{inline("A6", "5")}<c r="B6" t="d"><v>2021-09-01T10:00:00</v></c></row>'
        f'<row r="7">{inline("A7", "6")}{inline("B7", "a_x000D_b &amp; c")}</row>'
    )
    for written in (rows, rows.replace('"', "'")):
        path = write_sheet_xml(tmp_path / "a.xlsx", written)
        assert column(path, 2) == ["x", "2", None, "text", "2021-09-01T10:00:00", "a\rb & c"]
        with open_export(path) as export:
            assert export.sheets[0].errors == (sheets.ErrorCells(2, 1, 4),)


def test_dates_counted_from_1904(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["due"])
    book.active.append([dt.datetime(2021, 12, 30)])
    book.save(tmp_path / "a.xlsx")
    assert column(tmp_path / "a.xlsx") == ["due", "2021-12-30 00:00:00"]


def test_rows_keep_their_numbers_below_blank_rows(tmp_path):
    head = [[], [], ["", "Title"], [], [None, "ref", "title"]]
    path = write_workbook(tmp_path / "a.xlsx", {"S": [*head, [None, 1, "A"], [None, " \u00a0"], [], [None, 2, "B"]]})
    assert [row[0] for row in load(path)] == [3, 5, 6, 9]
    with open_export(path) as export:
        preview = export.sheets[0].preview
    assert preview[:2] == ((None,) * len(preview[0]),) * 2
    assert [cell for cell in preview[4] if cell] == ["ref", "title"]
    assert [row[0] for row in load(path, first_row=6)] == [6, 9]


def test_rows_keep_their_numbers_in_xml_with_gaps(tmp_path):
    rows = f'<row r="7">{inline("C7", "ref")}</row><row r="11">{inline("C11", "1")}</row>'
    path = write_sheet_xml(tmp_path / "a.xlsx", rows, "A1")
    assert load(path) == [(7, "ref"), (11, "1")]
    prefixed = rows.replace("<", "<x:").replace("<x:/", "</x:")
    assert load(write_sheet_xml(tmp_path / "b.xlsx", prefixed)) != [], "rows of another namespace prefix"


def test_rows_keep_their_numbers_in_ods(tmp_path):
    blank = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    many = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'

    def row(*values):
        return f"<table:table-row>{''.join(map(ods_cell, values))}</table:table-row>"

    number = (
        '<table:table-row><table:table-cell office:value-type="float" office:value="302220039"/>'
        '<table:table-cell office:value-type="date" office:date-value="2021-09-01"/></table:table-row>'
    )
    path = write_ods(tmp_path / "a.ods", blank + row("ref", "due") + number + blank + row("x", "y") + many)
    assert [row[:2] for row in load(path)] == [(4, "ref"), (5, "302220039"), (9, "x")]
    assert str(load(path)[1][2]).startswith("2021-09-01")


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports are not beside this project")
def test_dates_of_real_files_of_every_format_read_the_same():
    for name in ("date.xls", "date.xlsb", "date_1904.xlsx"):
        assert load(CALAMINE / name)[:2] == [(1, "2021-01-01 00:00:00", "15"), (2, "2021-01-02 00:00:00", "16")]


def test_several_sheets_hidden_ones_and_empty_ones_and_charts_which_are_none(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Actions"
    rows: dict[str, list[list[object]]] = {
        "Actions": [["ref"], [1]],
        "Notes": [["x", "y"]],
        "Empty": [],
        "Feuille «2»": [["z"]],
    }
    for name, cells in rows.items():
        sheet = book.active if name == "Actions" else book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    book["Notes"].sheet_state = "hidden"
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=1, min_row=1, max_row=2), titles_from_data=True)
    book.create_chartsheet("Chart", 0).add_chart(chart)
    book.save(tmp_path / "a.xlsx")
    with open_export(tmp_path / "a.xlsx") as export:
        found = [(sheet.name, sheet.width, sheet.visible) for sheet in export.sheets]
        assert found == [("Actions", 1, True), ("Notes", 2, False), ("Empty", 0, True), ("Feuille «2»", 1, True)]
        assert [len(load_sheet(export, sheet)) for sheet in export.sheets] == [2, 1, 0, 1]
        assert export.sheets[2].preview == ()


def test_preview_is_forty_rows_and_loading_takes_all(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", {"S": [["n"], *[[n] for n in range(3000)]]})
    with open_export(path) as export:
        assert len(export.sheets[0].preview) == 40
        rows = load_sheet(export, export.sheets[0], 2)
    assert rows == [(n + 2, str(n)) for n in range(3000)]


def test_a_declared_range_is_not_believed(tmp_path):
    rows = f'<row r="1">{inline("A1", "ref")}{inline("B1", "x")}</row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    for dimension in ("A1:XFD1048576", "A1", ""):
        assert load(write_sheet_xml(tmp_path / "a.xlsx", rows, dimension)) == [(1, "ref", "x")]
    text = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>7</v></c></row>'  # there are no shared texts
    for bad in (("", "nonsense"), (text, "")):
        with pytest.raises(ReadError, match=r"[Ss]heet “Sheet1” of “a\.xlsx” cannot be read"):
            open_export(write_sheet_xml(tmp_path / "a.xlsx", rows + bad[0], bad[1]))


@pytest.mark.nightly
def test_stray_cells_far_below_or_far_right_alone_are_read(tmp_path):
    below = f'<row r="1">{inline("A1", "ref")}</row><row r="1048576">{inline("B1048576", "x")}</row>'
    assert load(write_sheet_xml(tmp_path / "a.xlsx", below)) == [(1, "ref", None), (1_048_576, None, "x")]
    for place, width in (("ZZ1", 702), ("XFD1", 16_384)):
        right = f'<row r="1">{inline("A1", "ref")}{inline(place, "x")}</row>'
        with open_export(write_sheet_xml(tmp_path / "b.xlsx", right)) as export:
            assert export.sheets[0].width == width
            assert export.sheets[0].preview == (("ref", *[None] * (width - 2), "x"),)
    with open_export(write_sheet_xml(tmp_path / "b.xlsx", right.replace("XFD1", "ZZ1"))) as export:
        assert load_sheet(export, export.sheets[0]) == [(1, "ref", *[None] * 700, "x")]


def test_texts_stand_in_arrow_as_they_were_given(monkeypatch):
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    nasty = ["", None, "élan 日本\x00", None, *"bcdefgh"]
    for texts in ([], [None], ["a"], nasty, [None, "a"] * 300, ["a", None] * 900):
        made = sheets.make_texts(texts)
        made.validate(full=True)
        assert made.type == pa.string()
        assert (made.to_pylist(), made.null_count) == (texts, texts.count(None))


def test_columns_are_numbered_as_in_spreadsheets():
    letters = [b"A", b"Z", b"AA", b"AZ", b"ZZ", b"AAA", b"XFD"]
    assert [sizes.number_column(text) for text in letters] == [1, 26, 27, 52, 702, 703, 16_384]


@pytest.mark.nightly
def test_a_wide_sheet_is_measured_and_stripped_by_the_sheet_not_by_the_cell(tmp_path, monkeypatch):
    path = write_workbook(tmp_path / "a.xlsx", {"S": [[f" {row}-{n}\u00a0" for n in range(300)] for row in range(40)]})
    calls: Counter[str] = Counter()

    def counted(name, function):
        def call(*arguments):
            calls[name] += 1
            return function(*arguments)

        return call

    monkeypatch.setattr(sizes, "CHUNK", 1000)
    monkeypatch.setattr(sizes, "number_column", counted("letters", sizes.number_column))
    monkeypatch.setattr("etl.readers.sheets.strip_texts", counted("texts", sheets.strip_texts))
    assert load(path) == [(row + 1, *(f"{row}-{n}" for n in range(300))) for row in range(40)]
    assert calls == {"letters": 1, "texts": 2}  # the first column; the preview and the table


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_the_reach_of_cells_is_that_of_the_last_row_and_column(prefix):
    draw = random.Random(5)  # noqa: S311
    letters = [sizes.letter_column(number) for number in (1, 2, 26, 27, 52, 300, 702, 703, 16_384)]
    for _ in range(200):
        rows = [draw.randrange(1, 10 ** draw.randrange(1, 8)) for _ in range(draw.randrange(9))]
        cells = [(draw.choice(letters), row) for row in rows]
        mark, end = draw.choice(["'", '"']), draw.choice([">", "/>", " s="])
        written = [f"<{prefix}c r={mark}{column}{row}{mark}{end}" for column, row in cells]
        piece = "x".join(["<cols><col/>", *written, "c r=A9<"]).encode()
        last = max(rows, default=0)
        widest = max((sizes.number_column(column.encode()) for column, _ in cells), default=0)
        assert find_reach(piece, prefix.encode()) == (last, widest), piece
        for odd in ("c", 'c r="1A"', 'c r="A"', 'c r="ABCD1"', 'c r="A12345678"', 'c s="1" r="A1"', 'c r="a1"'):
            assert find_reach(piece + f"<{prefix}{odd}>".encode(), prefix.encode()) is None, odd


def look(path, measure):
    """Apply a measure to the XML of a workbook's only sheet."""
    with zipfile.ZipFile(path) as archive, archive.open(PART) as stream:
        return measure(stream)


def test_wide_cells_are_found_across_chunks(tmp_path, monkeypatch):
    rows = "".join(f'<row r="{n}">{inline(f"A{n}", "x" * 50)}{inline(f"ABC{n}", "y")}</row>' for n in range(1, 60))
    path = write_sheet_xml(tmp_path / "a.xlsx", rows)
    for chunk in (300, 1000, 1 << 20):
        monkeypatch.setattr(sizes, "CHUNK", chunk)
        size = look(path, sizes.estimate_sheet)
        assert (size.rows, size.columns, size.layout.first_column) == (59, 731, 1)
        assert look(path, sizes.estimate_filled) == look(path, sizes.measure_sheet) == sizes.SheetRange(59, 731)


def _record(kind, content):
    assert len(content) < 128
    return bytes([kind, len(content)]) + content


def test_size_of_a_binary_sheet():
    def number(value):
        return value.to_bytes(4, "little")

    sheet = _record(0, number(4) + bytes(4)) + _record(2, number(6) + bytes(8)) + _record(1, number(900) + bytes(4))
    sheet += b"\x94\x01\x00" + _record(0, number(1_048_575)) + _record(7, number(16_383) + bytes(8))
    assert sizes.measure_binary_sheet(sheet) == sizes.SheetRange(1_048_576, 16_384)
    assert sizes.measure_binary_sheet(sheet[:30]) == sizes.SheetRange(5, 7)
    assert sizes.measure_binary_sheet(b"") == sizes.SheetRange(0, 0)


def test_a_sparse_binary_workbook_is_refused(tmp_path):
    far = _record(0, (1_048_575).to_bytes(4, "little")) + _record(7, (16_383).to_bytes(4, "little") + bytes(8))
    with zipfile.ZipFile(tmp_path / "a.xlsb", "w") as archive:
        archive.writestr("xl/workbook.bin", b"")
        archive.writestr("xl/worksheets/sheet1.bin", far)
    with pytest.raises(ReadError, match="too much to read"):
        open_export(tmp_path / "a.xlsb")


def test_a_file_of_many_sheets_or_that_unpacks_to_something_huge_is_refused(tmp_path):
    path = write_workbook(tmp_path / "b.xlsx", {f"S{n}": [["n"]] for n in range(4)})
    with pytest.raises(ReadError, match=r"“b\.xlsx” has 4 sheets, more than the limit of 3"):
        open_export(path, limits=Limits(sheets=3))
    path = write_sheet_xml(tmp_path / "a.xlsx", f'<row r="1">{inline("A1", "x" * (4 << 20))}</row>')
    with pytest.raises(ReadError, match="would unpack to 4 MB, which no export of its size holds"):
        open_export(path, limits=Limits(ratio_from_bytes=1 << 20))
    with pytest.raises(ReadError, match="would unpack to 4 MB, too much to read"):
        open_export(path, limits=Limits(unpacked_bytes=1 << 20))
    with open_export(path, limits=Limits(ratio_from_bytes=1 << 20, ratio=10_000)) as export:
        assert export.sheets[0].width == 1


def test_loading_leaves_nothing_but_the_table_and_sheets_are_let_go_of_when_the_file_is_closed(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", {"S": [["n"], [1]]})
    with duckdb.connect() as connection:
        with open_export(path) as export:
            export.load(connection, export.sheets[0], "raw", 1)
        assert connection.execute("show tables").fetchall() == [("raw",)]
        assert connection.execute("select count(*) from duckdb_views() where not internal").fetchall() == [(0,)]
        with pytest.raises(KeyError):
            export.load(connection, export.sheets[0], "again", 1)


@pytest.mark.parametrize("chunk", [200, 1000, 1 << 20])
def test_written_but_blank_cells_do_not_count(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(sizes, "CHUNK", chunk)
    filled = f'<row r="2" spans="1:9">{inline("A2", "x")}<c r="B2" s="1"/><c r="AB2"><v>1</v></c><c r="ZZ2"/></row>'
    blank = "".join(f'<row r="{n}" s="2"><c r="A{n}" s="1"/><c r="ZZZ{n}" s="3" /></row>' for n in range(3, 90))
    rows = f'<row r="1" spans="1:9"/>{filled}{blank}<row r="99" customFormat="1"></row><row r="100"/>'
    for prefix in ("", "x:"):
        path = write_prefixed(tmp_path / "a.xlsx", rows, prefix)
        assert look(path, sizes.estimate_filled) == look(path, sizes.measure_sheet) == sizes.SheetRange(2, 28)


def test_cells_written_in_an_unusual_way_get_the_exact_look(tmp_path):
    rows = "".join(f'<row r="{n}">{inline(f"A{n}", "x")}</row>' for n in range(1, 9))
    for cells in (
        "<c r='B9'><v>1</v></c><c><v>1</v></c>",
        '<c\nr="B9"><v>1</v></c>',
        '<c t="n" r="B9"><v>1</v></c>',
        '<c r = "B9"><v>1</v></c>',
        '<x:c r="B9"><v>1</v></x:c>',
    ):
        path = write_sheet_xml(tmp_path / "a.xlsx", f'{rows}<row r="9">{cells}</row>')
        for measure in (sizes.estimate_sheet, sizes.estimate_filled):
            assert look(path, measure).cells > 50_000_000, cells


@pytest.mark.parametrize("chunk", [100, 333, 1 << 20])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_formulas_without_result_are_found_across_chunks(tmp_path, monkeypatch, chunk, prefix):
    monkeypatch.setattr(sizes, "CHUNK", chunk)
    long = "+".join(["A1"] * 60)
    good = "".join(
        f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/><v>{n}</v></c><c r="B{n}" t="str"><f>A1&lt;""</f><v></v></c>'
        f'<c r="C{n}" s="1"/><c r="D{n}" t="e"><f>NA()</f><v>#N/A</v></c></row>'
        for n in range(1, 20)
    )
    for cell in (f"<f>{long}</f>", f"<f>{long}</f><v/>", f"<f>{long}</f><v></v>", '<f t="shared" si="0"/>'):
        for bad, found in ((f'<row r="20"><c r="E20" s="4">{cell}</c></row>', "E20"), ("", None)):
            path = write_prefixed(tmp_path / "a.xlsx", good + bad, prefix)
            assert look(path, sizes.estimate_sheet).uncomputed == found


def test_many_large_sheets_wait_on_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "_KEPT_BYTES", 100)
    monkeypatch.setattr(exports, "_BATCH_BYTES", 7)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sheets = {f"S{s}": [["n", "text"], *[[n, f" {s}-{n}"] for n in range(50)]] for s in range(3)}
    with open_export(write_workbook(tmp_path / "a.xlsx", sheets)) as export:
        assert len(list(tmp_path.rglob("*.arrow"))) == 2
        for number, sheet in enumerate(export.sheets):
            assert load_sheet(export, sheet, 2) == [(n + 2, str(n), f"{number}-{n}") for n in range(50)]
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_formula_without_result_stops_its_own_sheet_only(tmp_path):
    rows = f'<table:table-row>{ods_cell("n")}<table:table-cell table:formula="of:=1"/></table:table-row>'
    with pytest.raises(ReadError, match=r"Sheet “Feuille1” of “a\.ods” has a formula without its result in B1"):
        load(write_ods(tmp_path / "a.ods", rows))
    path = write_workbook(tmp_path / "a.xlsx", {"Good": [["n"], [1]], "Bad": [["n"], ["=1+1"]]})
    with open_export(path) as export:
        assert load_sheet(export, export.sheets[0]) == [(1, "n"), (2, "1")]
        with duckdb.connect() as connection, pytest.raises(ReadError, match="without its result in A2"):
            export.load(connection, export.sheets[1], "raw", 1)


def test_merged_cells_and_errors_stand_in_the_columns_that_are_read(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"].font = Font(bold=True)  # a cell of a template, without a value: reading begins in column C
    for row in range(4, 9):
        for column_no in range(3, 6):
            sheet.cell(row, column_no, f"{row}, {column_no}")
    sheet["D6"] = "#N/A"
    sheet.merge_cells("E7:E8")
    book.save(tmp_path / "a.xlsx")
    with open_export(tmp_path / "a.xlsx") as export:
        assert export.sheets[0].merged == (sheets.Merged(7, 3, 8, 3),)
        assert export.sheets[0].errors == (sheets.ErrorCells(2, 1, 6),)
        assert load_sheet(export, export.sheets[0])[2:4] == [(6, "6, 3", None, "6, 5"), (7, "7, 3", "7, 4", "7, 5")]


def test_rows_of_an_ods_that_are_struck_through_are_known_by_the_styles_of_their_cells(tmp_path):
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table-cell"><style:text-properties {line}/></style:style>'
        for name, line in {
            "ce1": 'style:text-line-through-style="solid" style:text-line-through-type="single"',
            "ce2": 'style:text-line-through-style="none" style:font-weight="bold"',
        }.items()
    )
    named = 'table:style-name="{}"'.format
    rows = (
        (named("ce2"), ""), (named("ce1"), named("ce1")), ("", named("ce1")), ("", ""),
    )  # fmt: skip
    lines = [f"<table:table-row>{''.join(ods_cell(f'{n}', cell) for cell in row)}</table:table-row>"
             for n, row in enumerate(rows)]  # fmt: skip
    lines.append(lines[3].replace("<table:table-row>", '<table:table-row table:default-cell-style-name="ce1">'))
    path = write_ods(tmp_path / "a.ods", "".join(lines), styles=styles)
    with open_export(path) as export:
        assert export.sheets[0].struck == ((2, 2), (3, 1), (5, 2))


def test_in_an_ods_they_stand_there_too(tmp_path):
    def row(*cells: str) -> str:
        blank = '<table:table-cell table:number-columns-repeated="2"/>'
        return f"<table:table-row>{blank}{''.join(cells)}</table:table-row>"

    error = ods_cell("#N/A", 'table:formula="of:=NA()" office:string-value="" calcext:value-type="error"')
    merged = ods_cell("Kenya", 'table:number-rows-spanned="2"')
    path = write_ods(
        tmp_path / "a.ods", row(ods_cell("Ref"), ods_cell("Where")) + row(error, merged) + row(error, ods_cell("x"))
    )
    with open_export(path) as export:
        assert export.sheets[0].errors == (sheets.ErrorCells(1, 2, 2),)
        assert export.sheets[0].merged == (sheets.Merged(2, 2, 3, 2),)
        assert load_sheet(export, export.sheets[0])[1] == (2, None, "Kenya")


# Characters that break readers more often than others, and any other that a file may hold.
CHARACTERS = st.sampled_from(list("aé ,;|\t\n\"'=+-@#0\u00a0\ufeff’🌍中")) | st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
)
TEXTS = st.text(CHARACTERS, max_size=12)
NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda n: round(n, 6))
DATES = st.datetimes(dt.datetime(1905, 1, 1), dt.datetime(2199, 1, 1)).map(lambda day: day.replace(microsecond=0))
DRAWN_CELLS = st.none() | TEXTS | NUMBERS | DATES


def is_filled(cell):
    return strip_text(cell) is not None if isinstance(cell, str) else cell is not None


@pytest.mark.drawn
@settings(suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(DRAWN_CELLS, DRAWN_CELLS, DRAWN_CELLS), max_size=12))
def test_any_table_comes_back_from_a_workbook(rows):
    book = openpyxl.Workbook()
    for row in [("Ref", "Maker", "Promise"), *rows]:
        book.active.append(row)
    for row in book.active:
        for cell in row:
            if cell.data_type in "fe":  # a text that begins with =, or is the name of an error
                cell.data_type = "s"
    with TemporaryDirectory() as place:
        book.save(Path(place) / "a.xlsx")
        header, *found = load(Path(place) / "a.xlsx")
    kept = [(number, row) for number, row in enumerate(rows, 2) if any(map(is_filled, row))]
    assert header == (1, "Ref", "Maker", "Promise")
    assert [number for number, *_ in found] == [number for number, _ in kept]
    for (_, *cells), (_, row) in zip(found, kept, strict=True):
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, float):
                assert math.isclose(float(cell), value, rel_tol=1e-14)
            elif isinstance(value, dt.datetime):
                assert dt.datetime.fromisoformat(cell) == value
            else:
                assert cell == strip_text(None if value is None else str(value))

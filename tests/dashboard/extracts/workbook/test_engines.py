"""Both ways of writing the rows of a workbook, openpyxl's and the database's, give the same workbook."""

import itertools
import random
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import openpyxl
import pytest

from dashboard.errors import UserError
from dashboard.extracts import rows
from dashboard.extracts.tables import TABLES
from dashboard.extracts.workbook import book as extract_workbook
from dashboard.extracts.workbook import cells as extract_cells
from dashboard.extracts.workbook import data
from dashboard.extracts.workbook.archive import name_sheet
from dashboard.extracts.workbook.book import write_workbook
from dashboard.extracts.workbook.cells import LONGEST_TEXT
from dashboard.processes import progress
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.libreoffice import convert
from tests.snapshots import publish_fixture

BASE_URL = "https://dashboard.example.org"
DATA_SHEETS = [name_sheet(number) for number in range(1, len(TABLES) + 1)]
HOSTILE = (
    "=1+1", '=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "#REF!", "'=1",
    "1e5", "TRUE", "00123", " leading and trailing ", "two\nlines\r\nand\ra return\ttab", "<b>&amp;</b> ]]> \"'",
    "a\x00b\x0bc\x1fd\ufffee\uffff", "\x01=1+1", "\x00", " ", "\u00a0", "", "emoji 👩‍👩‍👧 𝄞", "שלום عالم \u202e",
    "x" * LONGEST_TEXT, "x" * (LONGEST_TEXT + 1), "𝄞" * 16_383, "𝄞" * 16_384, "y" + "𝄞" * 16_384,
    "_x0041_", "_x0041_x0042_x0043_ _x005F_", "_X0041_ _x004_ _x00G1_ __x00e9__", "=_x000D_", "_x0001_\x01_x0002_",
    "=" * 40_000, "z" * 20_000 + "\x07" * 20_000, "é" * 33_000 + "\x00", "&<>" * 10_923,
)  # fmt: skip
TEXTS = (
    "title", "stakeholder", "description", "impact", "communication", "partners", "url", "language",
    "source_file", "source_sheet",
)  # fmt: skip
ADDRESSES = (
    "https://example.org/a_b?x=1&y=%20z#part", "HTTP://EXAMPLE.ORG", "https://example.org:8080/(x)", "https://é.example",
    "javascript:alert(1)", "ftp://example.org", "https://", "https://example.org/a b", "https://example.org/%zz",
    "https://example.org/#a#b", "https://example.org/[x]", " https://example.org", "https://example.org/\x07",
    "https://example.org/_x0041_", "https://example.org/" + "x" * 1_980, "https://example.org/" + "x" * 1_981,
    "=https://example.org", "https://example.org\n", None,
)  # fmt: skip
LINKED = {0, 1, 2, 12, 13, 14}
"""Which of the addresses become links; the control character of one of them is removed first."""
DAYS = ("1821-05-01", "1899-12-31", "1900-02-28", "1900-03-01", "2021-06-30", "9999-12-31", None)
PERCENTS = (0.0, 33.3, 66.66666666666667, 100.0, 1e-7, None)


def hostile_snapshot(
    folder: Path, *, sample: bool = True, longest: int = 50_000, also: tuple[str, ...] = ()
) -> Snapshot:
    """The fixture with unpleasant texts, days and numbers all over; `also` are texts longer than `longest`."""
    file = publish_fixture(folder)
    chance = random.Random(7)  # noqa: S311  (not a secret)
    texts = [text for text in HOSTILE if len(text) <= longest] + list(also)
    with duckdb.connect(file) as connection:
        numbers = [number for (number,) in connection.execute("select action_no from actions order by 1").fetchall()]
        names = ", ".join(f"{name} = ?" for name in TEXTS)
        for number in numbers:
            values = [chance.choice(texts) for _ in TEXTS]
            day = chance.choice(DAYS)
            connection.execute(f"update actions set {names} where action_no = ?", [*values, number])  # noqa: S608
            connection.execute("update actions set submitted_on = ? where action_no = ?", [day, number])
            percent = chance.choice(PERCENTS)
            connection.execute("update report_spells set percent = ? where action_no = ?", [percent, number])
        for table, column in (("progress_reports", "narrative"), ("milestones", "label")):
            for (number,) in connection.execute(f"select rowid from {table}").fetchall():  # noqa: S608
                short = chance.choice([text for text in texts if 0 < len(text) < 100])
                connection.execute(f"update {table} set {column} = ? where rowid = ?", [short, number])  # noqa: S608
        for row, address in enumerate(ADDRESSES):
            event = (f"EV-{row:02}", chance.choice(DAYS), address, row)
            connection.execute("insert into events values (?, ?, 'x', 'en', ?, null, 'f.csv', null, ?)", event)
        connection.execute("update campaign set is_sample = ?", [sample])
    return Snapshot(file, "fixture", "2022-01-10T09:00:00Z", 8)


@pytest.fixture(scope="module", params=[("en", True), ("fr", True), ("es", False)], ids=lambda p: f"{p[0]}-{p[1]}")
def both(request, tmp_path_factory) -> dict[str, Any]:
    """The same hostile register, written by either engine: files and reports by the engine's name."""
    folder = tmp_path_factory.mktemp("engines")
    lang, sample = request.param
    if lang == "en":
        snapshot = hostile_snapshot(folder, sample=sample)
    else:  # the long texts, which take the time, once; here one of them, for the mark in the language
        snapshot = hostile_snapshot(folder, sample=sample, longest=200, also=("é" * 33_000 + "\x00",))
    made: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "PORTION", 11)
        patch.setattr(data, "BLOCK", 3)
        for engine, most in (("openpyxl", 20_000), ("database", 0)):
            patch.setattr(data, "STREAMED_ABOVE", most)
            target = folder / f"{engine}.xlsx"
            made[engine] = (target, write_workbook(snapshot, Selection(lang=lang), target, BASE_URL, tuple(TABLES)))
    return made


def describe_cell(cell: Any) -> tuple[Any, ...]:
    alignment = cell.alignment
    return (
        cell.value, cell.data_type, cell.number_format, cell.quotePrefix, cell.style_id,
        alignment.wrap_text, alignment.vertical, cell.font.b, cell.fill.fgColor.rgb,
        cell.font.u, cell.hyperlink and cell.hyperlink.target,
    )  # fmt: skip


def describe_sheet(sheet: Any) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "size": (sheet.max_row, sheet.max_column),
        "freeze": sheet.freeze_panes,
        "widths": {letter: (d.width, d.outlineLevel, d.style) for letter, d in sheet.column_dimensions.items()},
        "tables": {t.name: (t.ref, t.autoFilter.ref, t.column_names) for t in sheet.tables.values()},
        "print": (sheet.print_area, sheet.print_title_rows, repr(sheet.page_setup), repr(sheet.print_options)),
        "format": repr(sheet.sheet_format),
        "properties": repr(sheet.sheet_properties),
        "head": sheet.oddHeader.center.text,
        "foot": [part.text for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right)],
        "header height": sheet.row_dimensions[1].height,
    }


def test_hostile_rows_are_cleaned_and_cut_alike(both) -> None:
    assert both["openpyxl"][1] == both["database"][1]
    assert both["database"][1]["cleaned"] > 10
    assert both["database"][1]["cut"] > 5


def test_every_cell_and_setting_is_the_same(both) -> None:
    plain, fast = (openpyxl.load_workbook(both[engine][0]) for engine in ("openpyxl", "database"))
    assert plain.sheetnames == fast.sheetnames
    for one, other in zip(plain.worksheets, fast.worksheets, strict=True):
        assert describe_sheet(one) == describe_sheet(other)
        for row, other_row in zip(one.iter_rows(), other.iter_rows(), strict=True):
            for cell, other_cell in zip(row, other_row, strict=True):
                assert describe_cell(cell) == describe_cell(other_cell), f"{one.title} {cell.coordinate}"


def test_all_parts_but_the_rows_are_the_same_bytes(both) -> None:
    plain, fast = (zipfile.ZipFile(both[engine][0]) for engine in ("openpyxl", "database"))
    assert sorted(plain.namelist()) == sorted(fast.namelist())
    assert fast.namelist()[0] == plain.namelist()[0] == "[Content_Types].xml"
    for name in plain.namelist():
        if name not in DATA_SHEETS:
            assert plain.read(name) == fast.read(name), name


def test_another_reader_finds_the_same_values(both) -> None:
    plain, fast = (fastexcel.read_excel(both[engine][0]) for engine in ("openpyxl", "database"))
    assert plain.sheet_names == fast.sheet_names
    for number in range(len(plain.sheet_names)):
        one, other = (
            book.load_sheet(number, header_row=None, dtypes="string").to_arrow().to_pylist() for book in (plain, fast)
        )
        assert one == other


def test_no_formula_among_the_rows(both) -> None:
    for engine in ("openpyxl", "database"):
        for name in DATA_SHEETS:
            assert b"<f>" not in zipfile.ZipFile(both[engine][0]).read(name)


def test_web_addresses_are_links_and_nothing_else_is(both) -> None:
    for engine in ("openpyxl", "database"):
        sheet = openpyxl.load_workbook(both[engine][0]).worksheets[list(TABLES).index("events")]
        found = {row[0].value: row[3] for row in sheet.iter_rows(2) if row[0].value.startswith("EV-")}
        for row, address in enumerate(ADDRESSES):
            cell = found[f"EV-{row:02}"]
            cleaned = None if address is None else address.replace("\x07", "")
            assert cell.value == (cleaned and re.sub(r"_(?=x0041_)", "_x005F_", cleaned))
            assert (cell.hyperlink is not None) == (row in LINKED)
            if row in LINKED:
                assert cell.hyperlink.target == cleaned
                assert cell.font.u == "single"


def test_links_beyond_what_excel_takes_stay_text(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(extract_cells, "MOST_LINKS", 3)
    monkeypatch.setattr(rows, "PORTION", 7)
    file = publish_fixture(tmp_path)
    with duckdb.connect(file) as connection:
        connection.execute("update actions set url = 'https://example.org/' || action_no")
    snapshot = Snapshot(file, "fixture", "2022-01-10T09:00:00Z", 8)
    for most in (20_000, 0):
        monkeypatch.setattr(data, "STREAMED_ABOVE", most)
        made = tmp_path / f"{most}.xlsx"
        write_workbook(snapshot, Selection(), made, BASE_URL, ("actions",), ("action_id", "url"))
        cells = [row[1] for row in openpyxl.load_workbook(made).worksheets[0].iter_rows(2)]
        assert [cell.hyperlink is not None for cell in cells] == [True] * 3 + [False] * 37
        assert [cell.value for cell in cells] == [f"https://example.org/{n}" for n in range(1, 41)]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.slow
def test_libreoffice_shows_a_text_that_looks_like_a_characters_number_as_it_is(tmp_path, monkeypatch) -> None:
    texts = [text for text in HOSTILE if "_x" in text.lower() and "\x01" not in text]
    file = publish_fixture(tmp_path)
    with duckdb.connect(file) as connection:
        connection.execute("update actions set title = list_extract($texts, action_no)", {"texts": texts})
        connection.execute("delete from actions where action_no > $most", {"most": len(texts)})
    snapshot = Snapshot(file, "fixture", "2022-01-10T09:00:00Z", 8)
    # The database's rows; openpyxl's are shown alike, as the next test finds.
    monkeypatch.setattr(data, "STREAMED_ABOVE", 0)
    made = tmp_path / "made.xlsx"
    write_workbook(snapshot, Selection(), made, BASE_URL, ("actions",), ("title",))
    assert convert(made, "csv").read_text(encoding="utf-8-sig").splitlines()[1:] == texts


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.slow
def test_libreoffice_reads_both_alike(tmp_path, monkeypatch) -> None:
    # Without the longest texts: it breaks each into lines to find the height of its row, which takes minutes.
    snapshot = hostile_snapshot(tmp_path, longest=200)
    texts = []
    for engine, most in (("openpyxl", 20_000), ("database", 0)):
        monkeypatch.setattr(data, "STREAMED_ABOVE", most)
        file = tmp_path / f"{engine}.xlsx"
        write_workbook(snapshot, Selection(), file, BASE_URL)
        texts.append(convert(file, "csv").read_bytes())
    assert texts[0] == texts[1]
    assert len(texts[0].splitlines()) > 40


def test_more_than_an_archive_holds_is_refused(snapshot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 20_000)
    monkeypatch.setattr(data, "STREAMED_ABOVE", 0)
    with pytest.raises(UserError, match="too long for one Excel file"):
        write_workbook(snapshot, Selection(), tmp_path / "extract.xlsx", BASE_URL)


def test_the_same_selection_gives_the_same_bytes(tmp_path, monkeypatch) -> None:
    snapshot = hostile_snapshot(tmp_path, longest=200, also=("=" * 40_000,))
    for most in (20_000, 0):
        monkeypatch.setattr(data, "STREAMED_ABOVE", most)
        contents = set()
        for _ in range(2):
            write_workbook(snapshot, Selection(), tmp_path / "extract.xlsx", BASE_URL)
            contents.add((tmp_path / "extract.xlsx").read_bytes())
        assert len(contents) == 1


@pytest.mark.parametrize("engine", ["openpyxl", "database", "both"])
def test_progress_grows_steadily_from_rows_to_rows(tmp_path, monkeypatch, engine) -> None:
    snapshot = hostile_snapshot(tmp_path, longest=200)  # something to clean: sheets are made a second time
    most = {"openpyxl": 20_000, "database": 0, "both": 45}[engine]
    monkeypatch.setattr(data, "STREAMED_ABOVE", most)
    monkeypatch.setattr(rows, "PORTION", 7)
    monkeypatch.setattr(extract_workbook, "AS_ROWS", 10)
    monkeypatch.setattr(progress, "SECONDS_BETWEEN", 0)
    shares: list[float] = []
    monkeypatch.setattr(progress._teller, "send", shares.append)
    report = write_workbook(
        snapshot, Selection(), tmp_path / "extract.xlsx", BASE_URL, ("actions", "reports", "themes_countries")
    )
    assert report["rows"] > 120
    assert shares == sorted(shares)
    assert shares[0] < 0.2
    assert 0.85 < shares[-1] <= 1
    steps = [after - before for before, after in itertools.pairwise(shares)]
    assert max(steps) < 0.25
    assert sum(step > 0 for step in steps) >= 8

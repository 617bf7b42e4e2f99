"""Unpleasant rows in a workbook: read again they equal the tables, cleaned and cut by the rules of Excel."""

import csv
import itertools
import random
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import fastexcel
import openpyxl
import pyarrow.parquet as pq
import pytest

from dashboard.errors import UserError
from dashboard.files.extracts import rows
from dashboard.files.extracts.open_files import write_table
from dashboard.files.extracts.tables import TABLES, Field
from dashboard.files.extracts.workbook import book, data
from dashboard.files.extracts.workbook.archive import name_sheet
from dashboard.files.extracts.workbook.book import write_workbook
from dashboard.files.extracts.workbook.layout import LONGEST_TEXT, number_formats
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import libreoffice
from tests.snapshots import BUILT_AT, open_fixture, publish_fixture

BASE_URL = "https://dashboard.example.org"
HOSTILE = (
    "=1+1", '=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "#REF!", "'=1",
    "1e5", "TRUE", "00123", " leading and trailing ", "two\nlines\r\nand\ra return\ttab", "<b>&amp;</b> ]]> \"'",
    "a\x00b\x0bc\x1fd\ufffee\uffff", "\x01=1+1", "\x00", " ", "\u00a0", "", "emoji 👩‍👩‍👧 𝄞", "שלום عالم \u202e",
    "x" * LONGEST_TEXT, "x" * (LONGEST_TEXT + 1), "𝄞" * 16_383, "𝄞" * 16_384, "y" + "𝄞" * 16_384,
    "_x0041_", "_x0041_x0042_x0043_ _x005F_", "_X0041_ _x004_ _x00G1_ __x00e9__", "=_x000D_", "_x0001_\x01_x0002_",
    "=" * 40_000, "z" * 20_000 + "\x07" * 20_000, "é" * 33_000 + "\x00", "&<>" * 10_923,
)  # fmt: skip
SHORT = 200
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
"""The addresses that become links; the control character of one of them is removed first."""
DAYS = ("1821-05-01", "1899-12-31", "1900-02-28", "1900-03-01", "2021-06-30", "9999-12-31", None)
PERCENTS = (0.0, 33.3, 66.66666666666667, 100.0, 1e-7, None)


def hostile_snapshot(folder: Path, *, sample: bool) -> Snapshot:
    """Return the fixture with unpleasant texts, days and numbers all over; each long text stands in one action."""
    file = publish_fixture(folder)
    chance = random.Random(7)  # noqa: S311  (not a secret)
    texts = [text for text in HOSTILE if len(text) <= SHORT]
    long = [text for text in HOSTILE if len(text) > SHORT]
    short = [text for text in texts if 0 < len(text) < 100]

    def draw(values: Sequence[Any], number: int = 40) -> list[Any]:
        return chance.choices(values, k=number)

    with duckdb.connect(file) as connection:
        names = ", ".join(f"{name} = list_extract(?, action_no)" for name in (*TEXTS, "submitted_on"))
        connection.execute(f"update actions set {names}", [*(draw(texts) for _ in TEXTS), draw(DAYS)])  # noqa: S608
        description = "update actions set description = list_extract(?, action_no) where action_no <= ?"
        connection.execute(description, [long, len(long)])
        connection.execute("update report_spells set percent = list_extract(?, action_no)", [draw(PERCENTS)])
        for table, column in (
            ("progress_reports", "narrative"),
            ("milestones", "label"),
            ("result_reports", "how_known"),
        ):
            some = f"update {table} set {column} = list_extract(?, 1 + rowid % 200)"  # noqa: S608
            connection.execute(some, [draw(short, 200)])
        connection.execute(
            "insert into annotations select 'R-' || action_no, 'reply', action_no, action_id, null, date '2021-07-01', "
            "list_extract(?, action_no), 'fr', null, null, null, 'f.csv', null, action_no from actions",
            [draw(short)],
        )
        events = [(f"EV-{row:02}", chance.choice(DAYS), address, row) for row, address in enumerate(ADDRESSES)]
        event = "insert into events values (?, ?, 'x', 'en', ?, null, 'f.csv', null, ?, null, null, null, null)"
        connection.executemany(event, events)
        connection.execute("update campaign set is_sample = ?", [sample])
    return Snapshot(file, "fixture", BUILT_AT, 8)


class Hostile(NamedTuple):
    """A workbook of the hostile register: its file, the report about it, its sheets, and its sources."""

    file: Path
    report: dict[str, int]
    sheets: list[Any]
    tables: dict[str, list[tuple[Any, ...]]]
    lang: str


PARAMS = [
    pytest.param(case, marks=[] if case[0] == "fr" else [pytest.mark.nightly], id=f"{case[0]}-{case[1]}")
    for case in (("fr", True), ("en", True), ("es", False))
]


@pytest.fixture(scope="module", params=PARAMS)
def hostile(request, tmp_path_factory) -> Hostile:
    """Return the workbook, and its rows as Parquet, which another writer makes."""
    folder = tmp_path_factory.mktemp("hostile")
    lang, sample = request.param
    snapshot = hostile_snapshot(folder, sample=sample)
    target = folder / "extract.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "PORTION", 11)
        patch.setattr(data, "BLOCK", 3)
        report = write_workbook(snapshot, Selection(lang=lang), target, BASE_URL, tuple(TABLES))
    tables = {}
    for name, table in TABLES.items():
        write_table(snapshot, Selection(lang=lang), table, "parquet", folder / "table.parquet")
        tables[name] = [tuple(row.values()) for row in pq.read_table(folder / "table.parquet").to_pylist()]
    return Hostile(target, report, openpyxl.load_workbook(target).worksheets, tables, lang)


@cache
def expect_text(text: str | None, lang: str) -> tuple[str | None, bool, bool]:
    """Return a text as read again, and whether it was cleaned or cut: the rules, one character at a time."""
    if text is None:
        return None, False, False
    shown = cleaned = "".join(c for c in text if (c >= " " or c in "\t\n\r") and c not in "\ufffe\uffff")
    mark = translator(lang)(" […] The rest does not fit into a cell.")
    places = list(itertools.accumulate(1 + (character > "\uffff") for character in cleaned))
    is_cut = bool(places) and places[-1] > LONGEST_TEXT
    if is_cut:
        shown = cleaned[: next(n for n, place in enumerate(places) if place > LONGEST_TEXT - len(mark))] + mark
    return as_read(shown) or None, cleaned != text, is_cut


def as_read(text: str) -> str:
    """Return a text as openpyxl reads it, with a character's number as in the file."""
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def check_cell(cell: Any, value: Any, field: Field, lang: str) -> None:
    """Check that a cell holds a value of the table, with its type and look."""
    place = f"{cell.parent.title} {cell.coordinate}: {value!r:.60}"
    formats = number_formats(lang)
    if field.kind == "text":
        value, *_ = expect_text(value, lang)
    if isinstance(value, date) and value < date(1900, 3, 1):
        value = value.isoformat()
    kind = "text" if isinstance(value, str) else field.kind
    if value is None:
        assert cell.value is None, place
        return
    found = cell.value.date() if isinstance(cell.value, datetime) else cell.value
    assert found == (pytest.approx(value, rel=1e-15) if isinstance(value, float) else value), place
    assert cell.data_type == {"text": "s", "date": "d", "boolean": "b"}.get(kind, "n"), place
    assert cell.number_format == formats.get(kind, "General"), place  # type: ignore[call-overload]
    assert cell.alignment.vertical == "top", place
    is_words = kind == "text"
    assert bool(cell.alignment.wrap_text) == is_words, place
    assert (cell.alignment.horizontal, cell.alignment.indent) == ((None, 0) if is_words else ("right", 1)), place
    assert cell.quotePrefix == (kind == "text" and value[0] in "=+-@#\t\r\n＝＋－＠"), place
    assert not cell.font.b, place


def test_every_cell_is_what_the_table_holds_no_formula_and_web_addresses_alone_are_links(hostile) -> None:
    texts = []
    for sheet, (name, table) in zip(hostile.sheets, hostile.tables.items(), strict=False):
        fields = TABLES[name].fields
        assert sheet.max_row == len(table) + 1 > 1
        for cells, values in zip(sheet.iter_rows(2), table, strict=True):
            for cell, value, field in zip(cells, values, fields, strict=True):
                check_cell(cell, value, field, hostile.lang)
                texts += [expect_text(value, hostile.lang)] if field.kind == "text" else []
    cleaned, cut = (sum(bool(text[place]) for text in texts) for place in (1, 2))
    assert (hostile.report["cleaned"], hostile.report["cut"]) == (cleaned, cut)
    assert cleaned > 10
    assert cut == 6
    about = dict(hostile.sheets[-4].iter_rows(values_only=True, max_col=2))
    t = translator(hostile.lang)
    assert about[t("Cells cleaned")].startswith(f"{cleaned}")
    assert about[t("Cells cut")].startswith(f"{cut}")
    with zipfile.ZipFile(hostile.file) as package:
        assert not [n for n in range(1, len(TABLES) + 1) if b"<f>" in package.read(name_sheet(n))]
    book = fastexcel.read_excel(hostile.file)
    for number, (name, table) in enumerate(hostile.tables.items()):
        read = book.load_sheet(number, header_row=None, skip_rows=1, dtypes="string").to_arrow().to_pylist()
        assert len(read) == len(table)
        for values, row in zip(table, read, strict=True):
            for value, shown, field in zip(values, row.values(), TABLES[name].fields, strict=True):
                if field.kind == "text":
                    expected = (expect_text(value, hostile.lang)[0] or "").replace("_x005F_", "_")
                    assert (shown or "") == expected
    sheet = hostile.sheets[list(TABLES).index("events")]
    url = [field.name for field in TABLES["events"].fields].index("url")
    cells = {row[0].value: row[url] for row in sheet.iter_rows(2) if row[0].value.startswith("EV-")}
    for place, address in enumerate(ADDRESSES):
        cell = cells[f"EV-{place:02}"]
        linked = None if address is None else address.replace("\x07", "")
        assert cell.value == (linked and as_read(linked))
        assert (cell.hyperlink is not None) == (place in LINKED)
        if place in LINKED:
            assert cell.hyperlink.target == linked
            assert cell.font.u == "single"


@libreoffice.needed("Calc")
@pytest.mark.nightly
def test_libreoffice_shows_texts_as_they_are(tmp_path) -> None:
    # Without the longest texts: it breaks each into lines to find the height of its row, which takes minutes.
    texts = [text for text in HOSTILE if len(text) <= SHORT]
    snapshot = open_fixture(
        tmp_path,
        ("update actions set title = list_extract($texts, action_no)", {"texts": texts}),
        ("delete from actions where action_no > ?", [len(texts)]),
    )
    target = tmp_path / "extract.xlsx"
    write_workbook(snapshot, Selection(), target, BASE_URL, ("actions",), ("title", "action_id"))
    with libreoffice.convert(target, "csv").open(encoding="utf-8-sig", newline="") as lines:
        shown = [row[0] for row in csv.reader(lines)][1:]
    expected = [(expect_text(text, "en")[0] or "").replace("_x005F_", "_") for text in texts]
    assert [re.sub(r"\r\n?", "\n", text) for text in shown] == [re.sub(r"\r\n?", "\n", text) for text in expected]


def test_more_than_an_archive_holds_is_refused_unless_there_are_very_many_rows(snapshot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 50_000)
    target = tmp_path / "extract.xlsx"
    with pytest.raises(UserError, match="too long for one Excel file"):
        write_workbook(snapshot, Selection(), target, BASE_URL)
    monkeypatch.setattr(book, "HUGE_ABOVE", 39)
    assert write_workbook(snapshot, Selection(), target, BASE_URL)["rows"] == 40
    assert openpyxl.load_workbook(target).worksheets[0].max_row == 41


@pytest.mark.nightly
def test_progress_grows_steadily_from_rows_to_rows(told, snapshot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(rows, "PORTION", 7)
    monkeypatch.setattr(book, "AS_ROWS", 10)
    tables = ("reports", "themes_countries")
    report = write_workbook(snapshot, Selection(), tmp_path / "extract.xlsx", BASE_URL, tables)
    assert report["rows"] > 80
    assert told == sorted(told)
    assert told[0] < 0.2
    assert told[-1] == 1
    steps = [after - before for before, after in itertools.pairwise(told)]
    assert max(steps) < 0.25
    assert sum(step > 0 for step in steps) >= 8

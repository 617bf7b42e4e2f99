"""A hostile register from its CSV export to every file: nothing executes, and nothing is lost unsaid."""

import csv
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from dashboard.__main__ import app as command
from dashboard.snapshot.database import Snapshot
from tests.acceptance.published import account, publish
from tests.etl.campaigns import ACTIONS_RECIPE

FORMULAS = [
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+1",
    "-2+3",
    "+cmd",
    "@SUM(A1:A9)",
    "＝1+1",
    "＋1+1",
    '=HYPERLINK("http://example.org","Open")',
]
BLANKS_FIRST = ["\t=1+1", "\r=1+1"]
TEXTS = [
    "x" * 40_000,
    "🙂" * 20_000,
    "🙂 👩\u200d👩\u200d👧 🇨🇮",
    "عمل الأطفال 2021 \u202bחינוך\u202c",
    "bell\x07 and escape\x1b[31m",
    "not\ufffea character",
    "00123",
    "1e5",
    "_x0041_",
    "_x000D_ and _xD83D_",
    'He said "no",\nthen; left',
    "two\r\nlines",
    "<b>&amp;</b> ]]>",
    "#REF!",
    "TRUE",
    "a\u00a0b",
]
LONG_TITLE = "A very long promise " * 10
HOSTILE = [*FORMULAS, *BLANKS_FIRST, *TEXTS]
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST = 32_767


def make_export() -> str:
    """One action a text, in its description; the first is due in 1899."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Ref", "Maker", "Promise", "How", "Sent", "Due"])
    for number, text in enumerate(HOSTILE):
        title = f"{LONG_TITLE}{number}" if number else "=2+3"
        due = "2021-12-30" if number else "1899-12-31"
        writer.writerow([f"00{number + 100}", f"=Fictional maker {number}", title, text, "2021-03-01", due])
    return out.getvalue()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot]:
    root = tmp_path_factory.mktemp("hostile") / "campaign"
    snapshot = publish(root, {"office.csv": make_export()}, {"office_actions": ACTIONS_RECIPE})
    return root, snapshot


@pytest.fixture(scope="module")
def files(built: tuple[Path, Snapshot], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder, made = tmp_path_factory.mktemp("files"), {}
    for ending in ("csv", "json", "parquet", "xlsx", "zip"):
        target = folder / f"actions.{ending}"
        done = CliRunner().invoke(
            command, ["extract", "--campaign", str(built[0]), "--to", str(target)], catch_exceptions=False
        )
        assert done.exit_code == 0, done.output
        made[ending] = target.read_bytes()
    return made


def stored(built: tuple[Path, Snapshot]) -> list[dict[str, Any]]:
    """What the build made of each row, in the export's order."""
    with built[1].cursor() as cursor:
        cursor.execute("select action_id, title, description, due_on, source_row from actions order by source_row")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_the_build_takes_every_row_and_no_text_is_shortened(built: tuple[Path, Snapshot]) -> None:
    assert account(built[1]) == {"office.csv": (len(HOSTILE), len(HOSTILE), 0, 0)}
    for row, text in zip(stored(built), HOSTILE, strict=True):
        # The build takes blanks and control characters from the ends and line ends as one; all else is as it was.
        assert "".join(row["description"].split()) == "".join(text.split())
    assert [row["action_id"] for row in stored(built)] == [f"OFF-00{number + 100}" for number in range(len(HOSTILE))]
    assert stored(built)[0]["due_on"] == date(1899, 12, 31)


def read_open(files: dict[str, bytes]) -> dict[str, list[dict[str, Any]]]:
    return {
        "parquet": pq.read_table(io.BytesIO(files["parquet"])).to_pylist(),
        "json": json.loads(files["json"]),
    }


def test_programs_get_the_texts_as_they_are(built: tuple[Path, Snapshot], files: dict[str, bytes]) -> None:
    for rows in read_open(files).values():
        by_id = {row["action_id"]: row for row in rows}
        for row in stored(built):
            assert by_id[row["action_id"]]["description"] == row["description"]
            assert by_id[row["action_id"]]["title"] == row["title"]
            assert str(by_id[row["action_id"]]["due_on"]) == str(row["due_on"])


def test_a_csv_file_starts_no_formula_and_loses_nothing(built: tuple[Path, Snapshot], files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["zip"])) as archive:
        assert archive.read("actions.csv") == files["csv"]
    table = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    assert {len(row) for row in table} == {len(table[0])}
    for cell in (cell for row in table for cell in row):
        is_number = re.fullmatch(r"[+-]?\d+([.,]\d+)?", cell)
        assert is_number or not re.match("[=+\\-@\t\r＝＋－＠]", cell), cell
    place = table[0].index("Description")
    by_id = {row[0]: row[place] for row in table[1:]}
    for row in stored(built):
        assert by_id[row["action_id"]].removeprefix("'") == row["description"]


def shorten(text: str) -> str:
    """The text of a cell: without what XML cannot hold, cut to Excel's length with a mark at its end."""
    text = FORBIDDEN.sub("", text)
    return text if len(text.encode("utf-16-le")) // 2 <= LONGEST else text[:100]


def test_a_workbook_has_texts_and_no_formulas_and_says_what_it_changed(
    built: tuple[Path, Snapshot], files: dict[str, bytes]
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    sheet = next(sheet for sheet in book if "actions" in sheet.tables)
    header = [cell.value for cell in sheet[1]]
    cells = {row[0].value: dict(zip(header, row, strict=True)) for row in sheet.iter_rows(2)}
    assert {cell.data_type for row in cells.values() for cell in row.values()} <= {"s", "d", "n", "b", "inlineStr"}
    cut = cleaned = 0
    for row in stored(built):
        cell, expected = cells[row["action_id"]]["Description"], shorten(row["description"])
        assert cell.data_type in ("s", "inlineStr")
        shown = cell.value.replace("\r\n", "\n")
        cleaned += bool(FORBIDDEN.search(row["description"]))
        if expected != FORBIDDEN.sub("", row["description"]):
            cut += 1
            assert shown.startswith(expected)
            assert len(shown.encode("utf-16-le")) // 2 <= LONGEST
        elif "_x" not in expected:
            assert shown == expected.replace("\r\n", "\n")
    assert (cut, cleaned > 0) == (2, True)
    about = {str(row[0]): str(row[1]) for s in book if not s.tables for row in s.iter_rows(max_col=2, values_only=True)}
    assert about["Cells cut"].startswith(f"{cut}:")
    assert about["Cells cleaned"].startswith(f"{cleaned}:")
    assert str(cells["OFF-00100"]["Deadline"].value) == "1899-12-31"


def test_another_reader_sees_the_same_texts(built: tuple[Path, Snapshot], files: dict[str, bytes]) -> None:
    frame = fastexcel.read_excel(files["xlsx"]).load_sheet(0, dtypes="string").to_pandas()
    by_id = dict(zip(frame["Action ID"], frame["Description"], strict=True))
    for row in stored(built):
        seen = by_id[row["action_id"]].replace("\r\n", "\n")
        assert seen.startswith(shorten(row["description"]).replace("\r\n", "\n")[:100])


def test_a_text_that_looks_like_an_escape_stays_as_it_is(built: tuple[Path, Snapshot], files: dict[str, bytes]) -> None:
    """Excel reads `_x0041_` as A unless the first underscore is escaped; readers that know this give it back."""
    with zipfile.ZipFile(io.BytesIO(files["xlsx"])) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x0041_" in sheet
    assert "_x005F_xD83D_" in sheet
    assert ">_x0041_<" not in sheet


def test_bytes_of_lone_surrogates_do_not_get_in(tmp_path: Path) -> None:
    """UTF-8 knows no lone surrogates; a file with such bytes is read in another encoding, and no text is lost."""
    export = make_export().encode() + b"00999,Maker,Promise,a\xed\xa0\x80b,2021-03-01,2021-12-30\r\n"
    snapshot = publish(tmp_path / "campaign", {"office.csv": export}, {"office_actions": ACTIONS_RECIPE})
    with snapshot.cursor() as cursor:
        found = cursor.execute("select description from actions where action_id = 'OFF-00999'").fetchall()
    assert len(found) == 1
    assert re.fullmatch("a.{1,3}b", found[0][0])
    found[0][0].encode("utf-8")

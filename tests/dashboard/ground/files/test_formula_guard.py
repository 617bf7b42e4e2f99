"""One guard for all texts that a spreadsheet could run: whoever writes a CSV file uses it, and numbers stay numbers."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest

from dashboard.campaign.accepted import AcceptedRow, FieldAnswer, write_accepted
from dashboard.campaign.answers.staff_file import StaffFile
from dashboard.charts.chart import build_chart
from dashboard.charts.csv import write_csv
from dashboard.commands import access
from dashboard.files.extracts.open_files import write_table
from dashboard.files.extracts.tables import TABLES
from dashboard.files.extracts.workbook.layout import GUARDED_SIGNS, CellWriter, Column
from dashboard.ground.files.formula_guard import guard, unguard
from dashboard.ground.query_files import read_sql_file
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from etl.inputs.decisions import DecisionError
from tests.snapshots import publish_fixture

SIGNS = "=+-@\t\r＝＋－＠"
RUN = [*(f"{sign}1+1" for sign in SIGNS), '=HYPERLINK("x")', "@SUM(A1), -5\n", "-5\n", "-", "+1,2,3", "＋5"]
PLAIN = ["-5", "+41,5", "-0.25", "1-1", "'=1", 'said "so", twice', "\n=1", " =1", "#REF!", "", "ＡＢ"]


def list_cells(text: str, column: str) -> list[str]:
    return [row[column] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))]


def write_extract(texts: list[str], tmp_path: Path) -> list[str]:
    file = publish_fixture(tmp_path)
    with duckdb.connect(file) as connection:
        for number, text in enumerate(texts, start=1):
            connection.execute("update actions set description = ? where action_no = ?", [text, number])
    snapshot = Snapshot(file, "fixture", "2022-01-10T09:00:00Z", 8)
    write_table(snapshot, Selection(), TABLES["actions"], "csv", tmp_path / "x.csv", ["action_id", "description"])
    return list_cells((tmp_path / "x.csv").read_bytes().decode(), "Description")[: len(texts)]


def write_chart(texts: list[str], tmp_path: Path) -> list[str]:
    snapshot = Snapshot(publish_fixture(tmp_path), "fixture", "2022-01-10T09:00:00Z", 8)
    chart = build_chart(snapshot, "completion-by-region", Selection())
    frame = pd.concat([chart.frame.iloc[:1]] * len(texts), ignore_index=True).assign(label=texts)
    return list_cells(write_csv(replace(chart, frame=frame)).decode(), "label")


def write_audit(texts: list[str], _tmp_path: Path) -> list[str]:
    moment = pd.Timestamp("2022-01-10", tz="UTC")
    return list_cells(access._write_csv(pd.DataFrame({"moment": moment, "about": texts})), "about")


def write_classes(texts: list[str], _tmp_path: Path) -> list[str]:
    said = {"stakeholder_group": FieldAnswer(("business",), "", "")}
    rows = {f"A-{number:03}": AcceptedRow(text, text, said) for number, text in enumerate(texts)}
    written = write_accepted(rows)
    assert list_cells(written, "Stakeholder") == list_cells(written, "Title")
    return list_cells(written, "Title")


def write_settled(texts: list[str], tmp_path: Path) -> list[str]:
    file = StaffFile(tmp_path / "decisions.csv", ("decision", "note"), ("decision",), DecisionError)
    for text in texts:
        file.change([{"decision": "same", "note": text}])
    assert [cells["note"] for _, cells in file.rows()] == [unguard(guard(text).strip()) for text in texts]
    return list_cells(file.path.read_bytes().decode(), "note")


@pytest.mark.parametrize("write", [write_extract, write_chart, write_audit, write_classes, write_settled])
def test_no_csv_file_starts_a_formula(write: Callable[[list[str], Path], list[str]], tmp_path: Path) -> None:
    assert write([*RUN, *PLAIN], tmp_path) == [*(f"'{text}" for text in RUN), *PLAIN]


def test_a_guarded_text_is_read_as_it_was_and_a_workbook_guards_the_same_texts_and_errors() -> None:
    for text in (*RUN, *PLAIN):
        assert unguard(guard(text)) == text or text == "'=1"  # which nobody can tell from a guarded one
    assert unguard("'-5") == "-5"
    assert unguard("'tis") == "'tis"
    guarded = {text for text in (*RUN, *PLAIN) if text and text[0] in f"{SIGNS}\n#"}
    sheet = openpyxl.Workbook(write_only=True).create_sheet()
    writer = CellWriter(sheet, [Column("text", "Text", 10)], {}, " …")
    with duckdb.connect() as connection:
        connection.execute(read_sql_file("sheet"))
        for text in filter(None, (*RUN, *PLAIN)):
            assert bool(writer.text(text).quotePrefix) == (text in guarded), text
            question = "select careful_text($words, 'plain', 'guarded', $signs)"
            row = connection.execute(question, {"words": text, "signs": GUARDED_SIGNS}).fetchone()
            assert row is not None
            assert row[0].startswith('" s="guarded"') == (text in guarded), text

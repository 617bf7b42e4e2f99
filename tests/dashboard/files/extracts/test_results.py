"""The numbers that actions promise and have reached, as a table to take away."""

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.files.extracts.choice import Choice
from dashboard.files.extracts.estimate import count_rows
from dashboard.files.extracts.table_files import write_file
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

BASE = "https://actions.example.org"


def read(snapshot: Snapshot, selection: Selection, target: Path) -> pd.DataFrame:
    rows = write_file(snapshot, selection, Choice("results", "json"), target, BASE)
    frame = pd.DataFrame(json.loads(target.read_bytes()))
    assert count_rows(snapshot, selection)["results"] == rows == len(frame)
    return frame


def test_each_number_has_what_was_promised_and_what_is_in_force_on_the_day(snapshot: Snapshot, tmp_path) -> None:
    frame = read(snapshot, Selection(lang="fr"), tmp_path / "x.json").set_index("indicator")
    assert frame["outcome"].to_dict() == {
        "Enfants retirés": "met", "Lois adoptées": "unknown", "Inspecteurs formés": "unpromised", "Prévalence": "met",
    }  # fmt: skip
    children = frame.loc["Enfants retirés"].to_dict()
    assert [children[name] for name in ("unit", "baseline", "target", "promised", "actual", "reached")] == [
        "Enfants", 20, 220, 200, 240, 220,
    ]  # fmt: skip
    assert [children[name] for name in ("reported_on", "reached_source_file", "reached_source_row")] == [
        "2021-11-01", "h", "4",
    ]  # fmt: skip
    before = read(snapshot, Selection(as_of=date(2021, 6, 30)), tmp_path / "y.json").set_index("indicator_code")
    assert before["outcome"].to_dict() == {
        "children_withdrawn": "short", "laws_passed": "unknown", "inspectors_trained": "unpromised",
        "prevalence": "unknown",
    }  # fmt: skip
    assert [before.loc["children_withdrawn", name] for name in ("reached", "actual_on", "how_known")] == [
        80, "2021-05-31", "Lists of two schools",
    ]  # fmt: skip
    early = read(snapshot, Selection(as_of=date(2021, 2, 1)), tmp_path / "z.json")
    assert "inspectors_trained" not in set(early["indicator_code"]), "nobody promised it, and nobody has told it yet"
    africa = Selection(q="FIX-002")
    assert read(snapshot, africa, tmp_path / "q.json")["indicator_code"].tolist() == ["prevalence"]


@pytest.mark.nightly
def test_the_same_rows_are_a_sheet_of_the_workbook_and_typed_columns(snapshot: Snapshot, tmp_path) -> None:
    choice = Choice(file_format="xlsx", include=("results",))
    write_file(snapshot, Selection(), choice, tmp_path / "x.xlsx", BASE)
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "x.xlsx").read_bytes()))
    sheet = book["Numbers promised and reached"]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows() if row[0].value]
    by_header = [dict(zip(header, row, strict=True)) for row in rows[-4:]]
    assert [one["Reached"] for one in by_header] == [220, None, 30, None]
    write_file(snapshot, Selection(), Choice("results", "parquet"), tmp_path / "x.parquet", BASE)
    types = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "x.parquet")}
    assert (types["promised"], types["target_on"]) == ("double", "date32[day]")

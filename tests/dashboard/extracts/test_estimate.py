"""What is said about an extract before it is made agrees with the file that is made."""

import json
from pathlib import Path

import pytest

from dashboard.cache import Cache
from dashboard.errors import SelectionError
from dashboard.extracts import estimate, order
from dashboard.extracts.estimate import SHOWN, Measured, count_rows, estimate_bytes, first_rows
from dashboard.extracts.open_files import write_table
from dashboard.extracts.tables import TABLES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.dashboard.extracts.test_open_files import SELECTIONS

CHOSEN = [chosen for chosen, _ in SELECTIONS.values()] + [
    Selection(regions=("global",)),
    Selection(subregions=("northern_africa", "south_america")),
    Selection(regions=("africa", "arab_states"), themes=("education",)),
]


def written(snapshot: Snapshot, selection: Selection, name: str, folder: Path, columns=()) -> list[dict]:
    target = folder / "table.json"
    write_table(snapshot, selection, TABLES[name], "json", target, columns)
    return json.loads(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("selection", some(CHOSEN, 2), ids=lambda chosen: chosen.query_string())
def test_counted_rows_are_those_that_are_written(snapshot, tmp_path, selection) -> None:
    assert count_rows(snapshot, selection) == {
        name: len(written(snapshot, selection, name, tmp_path)) for name in TABLES
    }


@pytest.mark.parametrize("name", TABLES)
def test_the_preview_is_the_beginning_of_the_file(snapshot, tmp_path, monkeypatch, name) -> None:
    table = TABLES[name]
    columns = [field.name for field in table.fields[:5]][::-1]
    selection = Selection(lang="fr")
    expected = written(snapshot, selection, name, tmp_path, columns)[:SHOWN]
    for portion in (3, 100):
        monkeypatch.setattr(estimate, "PORTION", portion)
        frame = first_rows(snapshot, selection, table, columns)
        assert list(frame.columns) == columns
        shown = json.loads(frame.to_json(orient="records", date_format="iso"))
        assert [without_times(row) for row in shown] == [without_times(row) for row in expected]


def without_times(row: dict) -> dict:
    """A row with its dates as days; a frame has them as moments."""
    return {
        name: value.removesuffix("T00:00:00.000").removesuffix("T00:00:00") if isinstance(value, str) else value
        for name, value in row.items()
    }


def test_a_column_that_there_is_not_is_refused(snapshot) -> None:
    with pytest.raises(SelectionError):
        first_rows(snapshot, Selection(), TABLES["actions"], ["salary"])


@pytest.mark.parametrize("file_format", ["csv", "json", "parquet"])
def test_the_size_of_a_small_file_is_measured_whole(snapshot, tmp_path, file_format) -> None:
    target = tmp_path / "file"
    for name, columns in (("actions", ()), ("actions", ("title", "status")), ("reports", ())):
        write_table(snapshot, Selection(lang="es"), TABLES[name], file_format, target, columns)
        size = estimate_bytes(snapshot, Selection(lang="es"), file_format, table=name, columns=columns)
        # Parquet holds the build's name and the filters as well.
        assert 0.9 * target.stat().st_size - 200 <= size <= 1.1 * target.stat().st_size


def test_the_size_of_a_large_file_follows_from_a_sample(snapshot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(estimate, "PORTION", 5)
    monkeypatch.setattr(estimate, "_measured", Cache(10))
    target = tmp_path / "file.csv"
    for name in ("actions", "themes_countries"):
        write_table(snapshot, Selection(), TABLES[name], "csv", target)
        size = estimate_bytes(snapshot, Selection(), "csv", table=name)
        assert size == pytest.approx(target.stat().st_size, rel=0.35)
        assert size != target.stat().st_size  # fifteen of forty actions were measured


@pytest.mark.usefixtures("workers_here")
@pytest.mark.parametrize("file_format", ["zip", pytest.param("xlsx", marks=pytest.mark.nightly)])
def test_the_size_of_files_of_several_tables_is_near(snapshot, file_format) -> None:
    tables = ("actions", "reports", "events")
    size = estimate_bytes(snapshot, Selection(), file_format, include=tables)
    content = order.submit_extract(snapshot, Selection(), file_format, include=tables).result().content
    assert 0.5 * len(content) < size < 2 * len(content)
    assert estimate_bytes(snapshot, Selection(), file_format, include=("actions",)) < size


def test_a_measured_sample_is_drawn_on() -> None:
    measured = Measured(half_rows=100, half_bytes=1_500, rows=200, bytes=2_500)
    assert measured.extrapolate(200) == 2_500
    assert measured.extrapolate(1_200) == 12_500
    assert Measured(0, 40, 0, 40).extrapolate(0) == 40
    assert Measured(0, 40, 1, 60).extrapolate(1) == 60

"""Page, route and command give the same rows in every format, and they are those of a pandas filter.

Fixed seeds draw a dozen selections from the content of the shipped sample, in three languages.
"""

import io
import json
import random
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from starlette.applications import Starlette
from typer.testing import CliRunner

from dashboard import server
from dashboard.__main__ import app as command
from dashboard.measures import register
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import parse
from tests.acceptance.extract_oracle import Filters, Oracle
from tests.acceptance.published import open_published
from tests.cases import some
from tests.charts_over_http import answer_alone, ask_all
from tests.shipped import LANGUAGES
from tests.tables import DIMENSIONS

TABLES = ("actions", "themes_countries", "reports", "milestones")
FURTHER = "themes_countries,reports,milestones"
STATUSES = ("completed", "in_progress", "not_started", "overdue", "not_reported", "discontinued", "unclassified")
WORDS = ("school", "école", "cacao", "FORMATION", "inspection", "children school", "no action says this")


@pytest.fixture(scope="module")
def sample(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot, Oracle]:
    """Copy the sample, since a command leaves its snapshot too little memory for anyone else."""
    root = Path(shutil.copytree(sample_folder, tmp_path_factory.mktemp("agree") / "campaign"))
    snapshot = open_published(root)
    return root, snapshot, Oracle(snapshot)


@pytest.fixture
def routes(sample: Any, monkeypatch: pytest.MonkeyPatch, workers_here: None) -> Iterator[Starlette]:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(sample[0]))
    with answer_alone(monkeypatch):
        yield Starlette(routes=server.routes())


def draw(seed: int, oracle: Oracle) -> Filters:
    """Draw a selection: up to three filters from some action's values, sometimes words, sometimes a day, a language."""
    chance = random.Random(seed)  # noqa: S311  (a seeded test, no secret)
    action = chance.choice(oracle.actions["action_id"].tolist())
    filters: Filters = {}
    for name in chance.sample(list(DIMENSIONS), chance.randint(0, 3)):
        members = oracle.members[name]
        codes = set(members.loc[members["action_id"] == action, "member"])
        codes |= set(chance.sample(sorted(set(members["member"])), chance.randint(0, 2)))
        if codes:
            filters[name] = sorted(codes)
    if chance.random() < 0.35:
        filters["status"] = sorted(chance.sample(STATUSES, chance.randint(1, 2)))
    if chance.random() < 0.25:
        filters["q"] = [chance.choice(WORDS)]
    if chance.random() < 0.5:
        filters["as_of"] = [date(2021, chance.randint(3, 12), chance.randint(1, 28)).isoformat()]
    return filters | {"lang": [LANGUAGES[seed % 3]]}


def run_command(campaign: Path, filters: Filters, target: Path, *options: str) -> bytes:
    chosen = [part for name, values in filters.items() for value in values for part in (f"--{name}", value)]
    names = [name.replace("as_of", "as-of") for name in chosen]
    done = CliRunner().invoke(
        command, ["extract", "--campaign", str(campaign), "--to", str(target), *names, *options], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return target.read_bytes()


def plain(value: Any) -> Any:
    """Return a value as any of the formats may write it: texts, days as texts, whole numbers, None."""
    if value is None or value == "" or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, bool) or value in ("true", "false"):
        return str(value).lower()
    try:
        return round(float(value), 12)  # a share of a third has no end, and each format cuts it somewhere
    except ValueError:
        return str(value)


def read_sheet(book: openpyxl.Workbook, table: str) -> list[list[Any]]:
    """Read the rows of the sheet that holds a table, plain, without the header; one of nothing stands for none."""
    sheet = next(sheet for sheet in book if table in sheet.tables)
    rows = [list(row) for row in sheet[sheet.tables[table].ref]]
    values = [[cell.value for cell in row] for row in rows]
    assert len(values) in (sheet.max_row, 2)
    found = [[plain(value) for value in row] for row in values[1:]]
    return [] if found == [[None] * len(values[0])] else found


def read_rows(content: bytes, ending: str) -> list[list[Any]]:
    """Read the rows of a file, plain, without the header."""
    if ending == "csv":
        frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig")
        rows = frame.to_numpy().tolist()
    elif ending == "json":
        rows = [list(row.values()) for row in json.loads(content)]
    else:
        rows = [list(row.values()) for row in pq.read_table(io.BytesIO(content)).to_pylist()]
    return [[plain(value) for value in row] for row in rows]


def disarmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows of a CSV file without the apostrophe before formula-like texts."""
    return [[v[1:] if isinstance(v, str) and v[:1] == "'" and v[1:2] in "=+-@＝" else v for v in row] for row in rows]


def column(rows: list[list[Any]], names: list[str], *wanted: str) -> list[tuple[Any, ...]]:
    places = [names.index(name) for name in wanted]
    return [tuple(row[place] for place in places) for row in rows]


def expected_plain(frame: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(plain(value) for value in row) for row in frame[list(names)].astype(object).to_numpy().tolist()]


def compare_with_pandas(files: dict[str, bytes], oracle: Oracle, filters: Filters) -> None:
    """Compare the Parquet files, whose columns have technical names, with the oracle."""
    rows, names = {}, {}
    for table in TABLES:
        content = files[f"{table}.parquet"]
        names[table] = pq.read_schema(io.BytesIO(content)).names
        rows[table] = read_rows(content, "parquet")
    actions = oracle.chosen(filters).rename(columns={"status": "status_code", "status_code": "status_detail_code"})
    told: tuple[str, ...] = (
        "action_id", "title", "status_code", "status_detail_code", "percent", "completed_on", "due_on", "is_overdue",
    )  # fmt: skip
    assert column(rows["actions"], names["actions"], *told) == expected_plain(actions, *told)
    told = ("action_id", "report_no", "reported_on", "narrative")
    assert column(rows["reports"], names["reports"], *told) == expected_plain(oracle.told(filters), *told)
    milestones = oracle.planned(filters).rename(columns={"label": "milestone"})
    told = ("action_id", "milestone", "due_on", "reached_on")
    assert column(rows["milestones"], names["milestones"], *told) == expected_plain(milestones, *told)
    told = ("action_id", "theme_code", "region_code", "subregion_code", "country_code")
    crossed = column(rows["themes_countries"], names["themes_countries"], *told)
    assert len(crossed) == len(set(crossed))
    assert set(crossed) == oracle.themes_countries(filters)


def test_the_selections_drawn_use_every_kind_of_filter(sample: Any) -> None:
    _, _, oracle = sample
    drawn = [draw(seed, oracle) for seed in range(20)]
    assert set().union(*drawn) == {*DIMENSIONS, "status", "q", "as_of", "lang"}
    assert sum(len(oracle.chosen(filters)) > 0 for filters in drawn) > 6


def files_for(seed: int) -> list[str]:
    """Return every table as Parquet; as CSV and as JSON one of them, each table in turn and so in every language."""
    return [*(f"{table}.parquet" for table in TABLES), f"{TABLES[seed % 4]}.csv", f"{TABLES[(seed + 2) % 4]}.json"]


@pytest.mark.parametrize("seed", some(range(12), 1))
def test_page_route_and_command_say_what_pandas_says(sample: Any, routes: Starlette, tmp_path: Path, seed: int) -> None:
    campaign, snapshot, oracle = sample
    filters = draw(seed, oracle)
    query = urlencode([(name, value) for name, values in filters.items() for value in values])

    files = {}
    for name in files_for(seed):
        files[name] = run_command(campaign, filters, tmp_path / name, "--table", name.partition(".")[0])
    content = run_command(campaign, filters, tmp_path / "actions.xlsx", "--include", FURTHER)

    paths = [f"/extracts/{name}?{query}" for name in files] + [f"/extracts/actions.xlsx?{query}&include={FURTHER}"]
    answers = ask_all(routes, paths)
    assert [answer.status_code for answer in answers] == [200] * len(paths)
    assert [answer.content for answer in answers] == [*files.values(), content]

    compare_with_pandas(files, oracle, filters)
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name in files:
        table, ending = name.split(".")
        rows = read_rows(files[f"{table}.parquet"], "parquet")
        found = read_rows(files[name], ending)
        assert (disarmed(found) if ending == "csv" else found) == rows
        assert read_sheet(book, table) == rows

    selection = parse(filters, snapshot)
    page = register.page(snapshot, selection, sort="action_id", limit=1_000)
    expected = oracle.chosen(filters)
    assert sorted(zip(page["action_id"], page["status"], strict=True)) == sorted(
        zip(expected["action_id"], expected["status"], strict=True)
    )
    assert register.count(snapshot, selection) == len(expected)

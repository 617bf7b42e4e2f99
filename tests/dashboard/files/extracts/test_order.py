"""A reader's choice of an extract, its link, and the file made of it: by a worker, well named, by the command."""

import contextlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pandas as pd
import pytest
from click.testing import Result
from starlette.applications import Starlette
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.errors import SelectionError, SnapshotError, UserError
from dashboard.files.extracts import order, table_files
from dashboard.files.extracts.choice import (
    ALL,
    CODES,
    FORMATS,
    PRESETS,
    SHORT,
    Choice,
    find_preset,
    read_choice,
    ready_columns,
    ready_kind,
    take_preset,
)
from dashboard.files.extracts.tables import TABLES
from dashboard.i18n import translator
from dashboard.settings import Settings
from dashboard.snapshot.database import POINTER, Snapshot, current
from dashboard.snapshot.selection import Selection
from dashboard.web import extracts
from tests.charts_over_http import ask_all
from tests.register_oracle import LAST_DAY, expected_register, matching
from tests.snapshots import copy_published, open_fixture, publish_fixture

CHOICES = [
    Choice(),
    Choice("reports", "csv", ("percent", "action_id")),
    Choice("themes_countries", "xlsx", (), ("actions", "reports")),
    Choice(file_format="zip", include=("actions", "events")),
    *(preset.choice for preset in PRESETS),
]


def test_a_link_gives_the_choice_back_and_an_address_the_file_of_the_choice(
    campaign_folder, monkeypatch, snapshot
) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    selection = Selection(regions=("africa",), q="a b&c", lang="fr")
    addresses = [choice.address("https://example.org", selection) for choice in CHOICES]
    answers = ask_all(Starlette(routes=extracts.routes()), addresses, "HEAD")
    for choice, address, answer in zip(CHOICES, addresses, answers, strict=True):
        stated = {name: value for name, value in choice.parameters().items() if value is not None}
        assert read_choice(stated) == choice
        assert stated or choice == Choice()
        assert answer.status_code == 200
        name = order.name_extract(snapshot, selection, choice)
        assert f'filename="{name}"' in answer.headers["content-disposition"]
        query = parse_qs(urlsplit(address).query)
        assert query["q"] == ["a b&c"]
        assert tuple(filter(None, query.get("columns", [""])[0].split(","))) == choice.columns
    assert set(Choice().parameters().values()) == {None}, "the default adds nothing"


def test_what_there_is_not_is_refused_with_what_is_allowed() -> None:
    for stated, allowed in (
        ({"table": "salaries"}, "actions, themes_countries, reports"),
        ({"format": "docx"}, "xlsx, csv, parquet, json, zip"),
        ({"columns": "title,e_mail"}, "action_id, title"),
        ({"include": "salaries"}, "actions, themes_countries, reports"),
        ({"format": "csv", "include": "reports"}, "xlsx, zip"),
        ({"format": "zip", "columns": "title"}, "xlsx, csv, parquet, json"),
        ({"format": "zip", "table": "reports"}, "xlsx, csv, parquet, json"),
        ({"table": "reports", "columns": "themes"}, "action_id, action_title"),
    ):
        with pytest.raises(SelectionError) as refused:
            read_choice(stated)
        assert ", ".join(refused.value.allowed).startswith(allowed), stated


def test_tables_columns_and_csv_are_taken_in_order_and_all_of_them_are_no_choice() -> None:
    everything = ",".join(field.name for field in TABLES["reports"].fields)
    assert read_choice({"table": "reports", "columns": everything}).columns == ()
    assert read_choice({"format": "zip", "include": ",".join(TABLES)}) == Choice(file_format="zip")
    assert read_choice({"include": "actions,reports"}).include == ("reports",)
    whole, csv = Choice(file_format="zip"), Choice(file_format="csv")
    assert Choice().with_include(["milestones", "reports"]).include == ("reports", "milestones")
    assert csv.with_include(["reports"]) == csv
    assert whole.with_include(["actions"]).include == ("actions",)
    assert whole.with_include(list(TABLES)) == whole
    assert Choice().with_columns("actions", ["title", "percent"]).columns == ("title", "percent")
    assert Choice().with_columns("reports", ["percent"]) == Choice()  # another table was chosen meanwhile
    assert whole.with_columns("actions", ["title"]) == whole
    assert csv.with_csv("semicolon", "en").csv == "semicolon" and csv.with_csv("comma", "fr").csv == "comma"
    assert csv.with_csv("semicolon", "fr") == csv.with_csv("comma", "en") == csv, "the usual ones"
    assert Choice(file_format="json").with_csv("semicolon", "en") == Choice(file_format="json")


def test_a_ready_choice_is_kept_by_another_table_or_format_and_recognised_and_taken_away_as_a_preset() -> None:
    short = Choice(columns=ready_columns(TABLES["actions"])[SHORT])
    assert ready_kind(TABLES["reports"], short.with_table("reports").columns) == SHORT
    chosen = Choice(columns=("title",), include=("reports", "events"))
    assert chosen.with_table("reports") == Choice("reports", include=("events",))
    codes = Choice(columns=ready_columns(TABLES["actions"])[CODES])
    assert codes.with_table("milestones").columns == ()  # which has no codes
    full = Choice("reports", "xlsx", ("percent",), ("events",))
    assert full.with_format("csv") == Choice("reports", "csv", ("percent",))
    assert full.with_format("zip") == Choice(file_format="zip")
    assert full.with_format("zip").with_format("xlsx") == Choice()
    for file_format in FORMATS:
        full.with_format(file_format).check()
    for preset in PRESETS:
        choice = preset.choice
        choice.check()
        assert find_preset(choice, preset.statuses) is preset
        taken = take_preset(preset.name, Choice("themes_countries", columns=("title",)), ())
        assert taken == (choice, preset.statuses) == take_preset(None, *taken)
    assert find_preset(PRESETS[-1].choice, ()) is None
    assert find_preset(Choice("events"), ()) is None
    assert len({json.dumps(preset.choice.parameters()) for preset in PRESETS}) == len(PRESETS)
    missing = take_preset("missing", Choice(), ())
    assert missing[1] == ("not_reported",) == take_preset("missing", Choice(), ("completed",))[1]
    assert take_preset("register", *missing) == (Choice(), ())
    assert take_preset("reports", Choice(), ("completed",)) == (Choice("reports"), ("completed",)), "a reader's own"


def test_ready_columns_are_the_tables_own() -> None:
    for table in TABLES.values():
        ready = ready_columns(table)
        fields = {field.name: field for field in table.fields}
        assert ready[ALL] == ()
        for columns in ready.values():
            assert [name for name in fields if name in columns] == list(columns)
        assert not [name for name in ready[SHORT] if name.endswith(("_code", "_codes")) or name.startswith("source_")]
        assert set(table.key) <= set(ready.get(CODES, table.key)), "rows can be told apart by them"
        for name in ready.get(CODES, ()):
            assert fields[name].kind != "text" or fields[name].is_code or name.endswith("id")


AFRICA = Selection(regions=("africa",), themes=("education",), as_of=date(2021, 11, 30), lang="fr")


@pytest.fixture(scope="module")
def command_campaign(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the fixture campaign: a command leaves its snapshot too little memory for anyone else."""
    return copy_published(campaign_folder, tmp_path_factory.mktemp("command") / "campaign")


def ids(content: bytes) -> list[Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [row[0] for row in sheet.iter_rows(2, values_only=True)]


def run_dashboard(*arguments: str, folder: Path, code: int, **environment: str) -> Result:
    """Run `python -m dashboard` in a folder, without a separate process; variables that it sets do not stay."""
    with contextlib.chdir(folder), patch.dict(os.environ):
        answer = CliRunner().invoke(app, arguments, env=environment, catch_exceptions=False)
    assert answer.exit_code == code, answer.output
    return answer


@pytest.fixture
def extract(command_campaign: Path, tmp_path: Path) -> Callable[..., Result]:
    """Runs the command `extract` in the test's folder; `code` is how it ends."""

    def run(*arguments: str, code: int = 0) -> Result:
        environment = {"DASHBOARD_CAMPAIGN": str(command_campaign)}
        return run_dashboard("extract", *arguments, folder=tmp_path, code=code, **environment)

    return run


def test_a_file_name_says_what_is_inside_which_tables_and_of_a_sample_that_it_is_one(snapshot, monkeypatch) -> None:
    for selection, part in (
        (Selection(), ""),
        (Selection(regions=("arab_states", "global")), "_arab-states-global"),
        (Selection(countries=("CIV", "GHA", "EGY", "PER")), "_4-countries"),
        (Selection(q=' "Cocoa" / école '), "_cocoa-ecole"),
        (Selection(q="../../etc/passwd"), "_etc-passwd"),
        (Selection(q='école "à";\r\nX: y'), "_ecole-a-x-y"),
        (Selection(q="x" * 300), "_filtered"),
        (Selection(q="خارطة"), "_filtered"),
    ):
        assert (
            order.name_file(snapshot, selection, "xlsx", "actions") == f"sample_2021-actions{part}_2021-12-31_en.xlsx"
        )
    for file_format, table, include, inside in (
        ("xlsx", "reports", ("reports",), "reports"),
        ("xlsx", "themes_countries", ("milestones", "actions"), "themes-countries-with-actions-milestones"),
        ("xlsx", "reports", tuple(reversed(TABLES)), "all-tables"),
        ("zip", "actions", (), "all-tables"),
        ("zip", "actions", ("milestones", "reports"), "reports-milestones"),
        ("zip", "actions", tuple(TABLES), "all-tables"),
    ):
        name = order.name_extract(snapshot, Selection(), Choice(table, file_format, include=include))
        assert name == f"sample_2021-{inside}_2021-12-31_en.{file_format}"
    monkeypatch.setitem(snapshot.campaign, "is_sample", False)
    assert order.name_extract(snapshot, Selection(), Choice()) == "2021-actions_2021-12-31_en.xlsx"


@pytest.mark.nightly
@pytest.mark.usefixtures("workers_here")
def test_an_extract_is_the_selections_rows_of_the_build_the_reader_saw(tmp_path: Path) -> None:
    """A publish in between must not mix builds: the job names its file and build, not the folder's current ones."""
    file = publish_fixture(tmp_path)
    snapshot = current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(tmp_path)}))
    (file.parent / POINTER).write_text(json.dumps({"snapshot": "gone.duckdb", "build_id": "x", "built_at": "x"}))
    export = order.submit_extract(snapshot, AFRICA).result()
    expected = matching(expected_register(AFRICA.as_of or LAST_DAY), regions={"africa"}, themes={"education"})
    assert ids(export.content) == expected["action_id"].tolist()
    assert order.name_extract(snapshot, AFRICA, Choice()) == "sample_2021-actions_africa_education_2021-11-30_fr.xlsx"


@pytest.mark.usefixtures("workers_here")
def test_a_worker_refuses_another_build_in_the_same_file_and_one_that_is_gone(snapshot: Snapshot, tmp_path) -> None:
    job: dict[str, Any] = {
        "snapshot": str(snapshot.path),
        "build_id": "another",
        "built_at": snapshot.built_at,
        "query": [],
    }
    job |= {"choice": asdict(Choice()), "base_url": "", "to": str(tmp_path / "x.xlsx")}
    with pytest.raises(SnapshotError, match="New data was published"):
        table_files.answer_job(job)
    snapshot = open_fixture(tmp_path)
    snapshot.path = tmp_path / "gone.duckdb"
    with pytest.raises(UserError, match=r"gone\.duckdb"):
        order.submit_extract(snapshot, Selection()).result()


def test_the_command_says_what_it_wrote_of_which_rows_and_leaves_nothing_else(
    command_campaign: Path, extract: Any, tmp_path: Path
) -> None:
    """acceptance/test_extracts_agree checks that its files are those of page and route in every format."""
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    filters = ["--region", "africa", "--region", "global", "--theme", "education", "--as-of", "2021-11-30"]
    file = folder / "Africa 1.CSV"
    arguments = ["--campaign", str(command_campaign), "--to", f"{folder.name}/{file.name}", "--lang", "fr"]
    done = extract(*arguments, *filters, "--columns", "due_on,action_id", "--columns", "title")
    expected = matching(expected_register(date(2021, 11, 30)), regions={"africa", "global"}, themes={"education"})
    frame = pd.read_csv(file)
    names = {field.name: translator("fr")(field.header) for field in TABLES["actions"].fields}
    assert list(frame.columns) == [names[name] for name in ("due_on", "action_id", "title")]
    assert frame[names["action_id"]].tolist() == expected["action_id"].tolist()
    assert f"{file.name}: {len(expected)} actions." in done.output
    assert "fictional" in done.output
    assert [*tmp_path.iterdir(), *folder.iterdir()] == [folder, file]


def test_the_command_writes_the_package_and_several_tables_into_one_workbook(extract: Any, tmp_path: Path) -> None:
    done = extract("--to", "all.zip", "--include", "actions,events")
    (file,) = tmp_path.iterdir()
    with zipfile.ZipFile(file) as archive:
        assert {"actions.csv", "events.parquet", "datapackage.json", "README.txt"} <= set(archive.namelist())
    assert file.name == "all.zip" and " rows." in done.stdout
    file.unlink()
    tables = ["--table", "reports", "--include", "milestones,actions"]
    done = extract(*tables, "--columns", "percent,action_id", "--lang", "fr")
    (file,) = tmp_path.iterdir()
    assert file.name == "sample_2021-reports-with-actions-milestones_2021-12-31_fr.xlsx"
    sheets = openpyxl.load_workbook(file).worksheets[:3]
    assert [name for sheet in sheets for name in sheet.tables] == ["reports", "actions", "milestones"]
    assert sheets[0].max_column == 2
    assert f"{sum(sheet.max_row - 1 for sheet in sheets)} rows." in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("--to x.csv --table people", 2, "actions, themes_countries, reports"),
        ("--to x.zip --table reports", 2, "every table"),
        ("--to register.xlsx --region mars", 2, "africa, americas"),
        ("--as-of yesterday", 2, "YYYY-MM-DD"),
        ("--lang de", 2, "en, fr, es"),
        ("--to register.pdf", 2, ".xlsx"),
        ("--to register", 2, ".xlsx"),
        ("--colour red", 2, "--colour"),
        ("--to no/such/folder/register.xlsx", 1, "cannot be written"),
        ("--campaign nowhere", 1, "does not exist"),
        ("--campaign .", 1, "python -m etl build"),
    ],
)
def test_the_command_refuses_with_one_clear_sentence(extract, tmp_path, arguments: str, code: int, said: str) -> None:
    (tmp_path / "register.xlsx").write_bytes(b"old")
    assert said in extract(*arguments.split(), code=code).stderr
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]

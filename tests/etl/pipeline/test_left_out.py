"""Statements that declare their needs are left out without them, and would have changed nothing."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from dashboard.campaign.folder import Campaign, CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl import sqlfiles
from etl.pipeline import build as builds
from etl.pipeline import checks, workspace
from etl.pipeline.build import STEPS_AFTER_ROOTS, build
from etl.pipeline.checks import CHECKS, load_checks
from etl.sqlfiles import SQL
from tests.etl.campaigns import ask

NOT_IN_EVERY_BUILD = {"52_rounds", "68_own_names", "69_superseded", "79_targets", "83_post_items", "87_alike_sheets"}
WITH_FEW_NEEDS = """\
Action ID,Title,Organization,Country,Category,Theme
A1,Alone,Office of the First,,,
"""


@pytest.fixture
def folder(tmp_path) -> CampaignFolder:
    (tmp_path / "inbox").mkdir()
    shutil.copy(SHIPPED_CAMPAIGN / "campaign.toml", tmp_path)
    (tmp_path / "inbox" / "actions.csv").write_text(WITH_FEW_NEEDS, encoding="utf-8")
    return CampaignFolder(tmp_path)


def tables_after(folder: CampaignFolder, monkeypatch) -> dict[str, tuple[object, ...]]:
    """Return every table and view of a build, before it ends: its columns and its rows."""
    held: dict[str, tuple[object, ...]] = {}

    def look(connection: duckdb.DuckDBPyConnection) -> None:
        tables = ask(
            connection,
            "select format('{}.{}', database_name, table_name), list((column_name, data_type) order by column_index) "
            "from duckdb_columns() where not internal group by all",
        )
        held.update((name, (columns, sorted(map(repr, ask(connection, f"from {name}"))))) for name, columns in tables)

    with monkeypatch.context() as patch:
        patch.setattr(builds, "note_content", look)
        with build(folder, folder.published):
            pass
    return held


def test_a_statement_or_check_that_is_left_out_would_have_changed_or_found_nothing(folder, tmp_path, monkeypatch):
    left_out: list[str] = []
    leave_out = sqlfiles._leave_out

    def note(
        connection: duckdb.DuckDBPyConnection, statement: sqlfiles._Statement, parameters: dict[str, object]
    ) -> None:
        left_out.append(statement.parsed.query)
        leave_out(connection, statement, parameters)

    found: dict[str, list[tuple[object, ...]]] = {}

    def try_left_out(connection: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
        checks.run_checks(connection, campaign)
        possible = checks.list_possible(connection)
        found.update((check.id, ask(connection, check.sql)) for check in set(load_checks()).difference(possible))

    monkeypatch.setattr(builds, "run_checks", try_left_out)
    monkeypatch.setattr(sqlfiles, "_leave_out", note)
    monkeypatch.setattr(sqlfiles, "_empty_tables", {})
    monkeypatch.setattr(sqlfiles, "_kept_tables", set())
    monkeypatch.setattr(workspace, "_LEFT_OUT", str(tmp_path / "left_out.json"))
    first = tables_after(folder, monkeypatch)
    assert set(left_out) == set(stating_needs())
    assert set(found) == {check.id for check in load_checks() if check.needs}
    assert set(map(tuple, found.values())) == {()}
    sqlfiles._empty_tables.clear()  # as in a process that begins
    asked: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(sqlfiles, "ask", note_asked(asked))
        again = tables_after(folder, monkeypatch)
    assert "empty_table" not in asked, "found out anew"
    with monkeypatch.context() as patch:
        patch.setattr(sqlfiles, "has_rows", lambda *_: True)
        assert tables_after(folder, monkeypatch) == first == again


def note_asked(names: list[str]) -> Callable[..., list[tuple[object, ...]]]:
    """Return a runner of a file's statement that notes its name."""
    ask_file = sqlfiles.ask

    def note(
        connection: duckdb.DuckDBPyConnection, name: str, *parameters: dict[str, object]
    ) -> list[tuple[object, ...]]:
        names.append(name)
        return ask_file(connection, name, *parameters)

    return note


def stating_needs() -> list[str]:
    """List the statements, of steps in every build and of suggestions, that declare their needs."""
    steps = {*STEPS_AFTER_ROOTS, *(path.stem for path in steps_before()), "97_list_checks"} - NOT_IN_EVERY_BUILD
    files = [SQL / "steps" / f"{step}.sql" for step in sorted(steps)] + sorted((SQL / "suggestions").glob("*.sql"))
    found = [one for path in files for one in duckdb.extract_statements(path.read_text(encoding="utf-8"))]
    return [one.query for one in found if "-- Nothing without: " in one.query]


def steps_before() -> list[Path]:
    return [path for path in (SQL / "steps").glob("*.sql") if path.stem < STEPS_AFTER_ROOTS[0]]


def test_what_they_need_is_said_where_it_is_understood():
    for path in SQL.rglob("*.sql"):
        text = path.read_text(encoding="utf-8")
        assert len(re.findall("Nothing without:", text)) == len(sqlfiles._NEEDS.findall(text)), path.name
        for statement in duckdb.extract_statements(text):
            if sqlfiles._NEEDS.search(statement.query) and path.parent != CHECKS:  # which change nothing
                assert re.search(
                    r"^(insert into|update|delete from|create( or replace)? table \w+ as|create view)\b",
                    statement.query,
                    re.M,
                )

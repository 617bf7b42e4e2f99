"""The databases that builds copy hold the result of the SQL files; a build that cannot cache them makes new ones."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dashboard.errors import UserError
from etl.pipeline import workspace
from tests.etl.campaigns import ask


def contents(folder: Path) -> dict[str, list[tuple]]:
    """Return for each database in a folder: its tables, its macros, and its first rows."""
    held = {}
    for file in workspace.DATABASES.values():
        with duckdb.connect(folder / file, read_only=True) as connection:
            tables = ask(connection, "select table_name, sql from duckdb_tables() order by 1")
            macros = ask(
                connection,
                "select function_name, parameters::varchar, macro_definition from duckdb_functions() "
                "where not internal order by all",
            )
            rows = [(name, sorted(ask(connection, f'from "{name}"'))) for name, _ in tables]
        held[file] = [*tables, *macros, *rows]
    return held


def opened(folder: Path) -> dict[str, list[tuple]]:
    folder.mkdir()
    with workspace.open_workspace(folder, size=0) as connection:
        connection.execute("checkpoint work")
    return contents(folder)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> dict[str, list[tuple]]:
    folder = tmp_path_factory.mktemp("fresh")
    workspace.make_empty(folder)
    return contents(folder)


def test_a_copy_is_what_the_sql_files_make(tmp_path, monkeypatch, fresh):
    monkeypatch.setattr(workspace, "CACHE", tmp_path / "cache")
    (tmp_path / "cache" / "empty-of-another-version").mkdir(parents=True)
    assert opened(tmp_path / "first") == fresh
    [cached] = (tmp_path / "cache").iterdir()  # the other version's is gone
    assert contents(cached) == fresh
    monkeypatch.setattr(workspace, "make_empty", lambda folder, _: pytest.fail(f"made anew in {folder}"))
    assert opened(tmp_path / "second") == fresh
    assert any(row[0] == "codelist_aliases" and len(row[1]) > 500 for row in fresh["work.duckdb"] if len(row) == 2)


def test_a_build_that_cannot_keep_them_makes_its_own(tmp_path, monkeypatch, fresh):
    (tmp_path / "no folder").write_text("", encoding="utf-8")
    monkeypatch.setattr(workspace, "CACHE", tmp_path / "no folder")
    assert opened(tmp_path / "first") == fresh


def test_workbooks_count_as_the_text_that_they_hold(tmp_path):
    for name, size in (("a.csv", 1000), ("b.XLSX", 100), ("c.zip", 10)):
        (tmp_path / name).write_bytes(bytes(size))
    assert workspace.measure_exports([*tmp_path.iterdir(), tmp_path]) == (1110, 1440)


@pytest.mark.parametrize("size_as_text", [0, workspace.IN_MEMORY + 1])
def test_what_is_written_last_is_written_whole(tmp_path, size_as_text):
    with workspace.open_workspace(tmp_path, 0, size_as_text) as connection:
        connection.execute(
            "create table snapshot.rows_written as select range as n, 'x' || range as words from range(200000)"
        )
        connection.execute("delete from snapshot.rows_written where n % 2 = 0")
    with duckdb.connect(tmp_path / "snapshot.duckdb", read_only=True) as connection:
        assert ask(connection, "select count(*), sum(n), max(words) from rows_written") == [
            (100_000, 10_000_000_000, "x99999")
        ]
    assert not (tmp_path / "snapshot.duckdb.wal").exists()


@pytest.fixture
def by_two(tmp_path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a build of so much that two threads share it."""
    with workspace.open_workspace(tmp_path, workspace.SMALL + 1) as connection:
        connection.execute("set threads = 2")
        connection.execute("create table snapshot.rows_written as select range as n from range(200000)")
        yield connection


def test_what_is_packed_meanwhile_can_be_read_and_added_to(tmp_path):
    with workspace.open_workspace(tmp_path, workspace.SMALL + 1) as connection:
        connection.execute("set threads = 2")
        connection.execute("create table snapshot.rows_written as select range as n from range(200000)")
        empty = (tmp_path / "snapshot.duckdb").stat().st_size
        with workspace.packed_meanwhile(connection):
            connection.execute("create table sums as select sum(n) as n from snapshot.rows_written")
        assert (tmp_path / "snapshot.duckdb").stat().st_size > empty
        with workspace.packed_meanwhile(connection):
            connection.execute("insert into snapshot.rows_written from sums")
        connection.execute("update snapshot.rows_written set n = 7 where n = 0")
    with duckdb.connect(tmp_path / "snapshot.duckdb", read_only=True) as connection:
        assert ask(connection, "select count(*), min(n), max(n) from rows_written") == [(200_001, 1, 19_999_900_000)]


def test_a_disk_that_refuses_is_told_of_and_not_what_came_of_it(by_two, monkeypatch):
    def refuse(_connection):
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(workspace, "_pack", refuse)
    with pytest.raises(duckdb.IOException, match="No space"), workspace.packed_meanwhile(by_two):
        pass
    with pytest.raises(duckdb.IOException, match="No space"), workspace.packed_meanwhile(by_two):
        by_two.execute("from no_such_table")


def test_what_goes_wrong_meanwhile_is_told_as_it_is(by_two):
    def refuse():
        raise UserError("It does not add up.", "Report it.")

    with pytest.raises(UserError, match="does not add up"), workspace.packed_meanwhile(by_two):
        refuse()
    with pytest.raises(duckdb.CatalogException, match="no_such_table"), workspace.packed_meanwhile(by_two):
        by_two.execute("from no_such_table")

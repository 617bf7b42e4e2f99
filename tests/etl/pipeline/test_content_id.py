"""The content id of a snapshot: it depends on the content, and not on the way to it."""

import shutil
from functools import cache
from pathlib import Path

import duckdb
import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import quote_path
from etl.pipeline.content_id import note_content, read_content
from etl.publish import history
from etl.sqlfiles import open_snapshot
from tests.etl.campaigns import make_published
from tests.etl.program import published

ACTIONS = (
    "Ref;Maker;Promise;Sent;Where\n1;Office A;Train inspectors;2021-02-03;Kenya\n2;Office B;Schools;2021-03-04;Peru\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> CampaignFolder:
    return make_published(tmp_path_factory.mktemp("content") / "c", {"actions.csv": ACTIONS})


@pytest.mark.nightly
def test_pointer_history_and_the_published_file_name_the_same_content(folder: CampaignFolder) -> None:
    content_id = published(folder)["content_id"]
    assert len(content_id) == 16
    assert history.read_history(folder)[0]["content_id"] == content_id
    with open_snapshot(folder.published / published(folder)["snapshot"]) as connection:
        assert read_content(connection) == content_id


def test_any_changed_value_changes_it(folder: CampaignFolder, tmp_path: Path) -> None:
    changes = (
        "update snapshot.actions set title = title || '.' where title = 'Schools'",
        "update snapshot.action_members set member = 'africa' where dimension = 'region'",
        "delete from snapshot.actions where title = 'Train inspectors'",
        "insert into snapshot.gone_actions select * from snapshot.gone_actions",  # nothing
    )
    seen = [published(folder)["content_id"]]
    snapshot = Path(shutil.copy(folder.published / published(folder)["snapshot"], tmp_path))
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach {quote_path(snapshot)} as snapshot")
        for change in changes:
            connection.execute(change)
            seen.append(note_content(connection))
    assert len(set(seen)) == 4
    assert seen[-1] == seen[-2]


COLUMNS = {
    "one": "varchar", "other": "varchar", "number": "integer", "share": "double", "day": "date",
    "moment": "timestamptz", "is_so": "boolean", "words": "varchar[]", "labels": "map(varchar, varchar)",
}  # fmt: skip
FIRST = {
    "one": "'a'", "other": "'b'", "number": "0", "share": "0.5", "day": "date '2021-02-03'",
    "moment": "timestamptz '2021-02-03 04:05:06+00'", "is_so": "false", "words": "['a', 'b']",
    "labels": "map {'en': 'a', 'fr': 'b'}",
}  # fmt: skip
LONG = "a text of more than twelve bytes"
OTHERS = {
    "one": ("null", "''", "'null'", "'~a'", "'a' || chr(0)", f"'{LONG}'", f"'{LONG}.'"),
    "number": ("null", "1"),
    "share": ("null", "0", "'nan'", "0.5000000000000001"),
    "day": ("date '2021-02-04'",),
    "moment": ("timestamptz '2021-02-03 04:05:06.000001+00'",),
    "is_so": ("true", "null"),
    "words": ("null", "[]", "[null]", "['']", "['b', 'a']", "['a, b']", "['a', null, 'b']"),
    "labels": ("null", "map {}", "map {'en': null, 'fr': 'b'}", "map {'en': 'b', 'fr': 'a'}"),
}
PAIRS = (("'b'", "'a'"), ("'ab'", "''"), ("null", "null"), ("null", "'a'"), ("'a'", "null"))
TRAPS: tuple[dict[str, str], ...] = (
    *({"one": one, "other": other} for one, other in PAIRS),
    *({name: value} for name, values in OTHERS.items() for value in values),
)


def hash_rows(*rows: dict[str, str], order: tuple[str, ...] = tuple(COLUMNS), times: int = 1, threads: int = 1) -> str:
    """Return the content id of a snapshot of one table with columns in that order and each row so often."""
    described = ", ".join(f"{name} {COLUMNS[name]}" for name in order)
    connection = opened()
    connection.execute(f"create or replace table snapshot.things ({described}, source_file varchar)")
    for number, row in enumerate(rows):
        values = ", ".join((FIRST | row)[name] for name in order)
        connection.execute(f"insert into snapshot.things select {values}, 'file {number}' from range({times})")  # noqa: S608
    connection.execute(f"set threads = {threads}")
    return read_content(connection)


@cache
def opened() -> duckdb.DuckDBPyConnection:
    """Return a database in memory, in pieces so small that each thread has some."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as snapshot (row_group_size 2048)")
    return connection


@pytest.mark.nightly
def test_every_kind_of_change_of_one_value_is_seen() -> None:
    ids = {
        "first": hash_rows({}),
        "twice": hash_rows({}, {}),
        "none": hash_rows(),
        **{f"{trap}": hash_rows(trap) for trap in TRAPS},
        **{f"beside {trap}": hash_rows({}, trap) for trap in TRAPS},
    }
    assert len(set(ids.values())) == len(ids) == 2 * len(TRAPS) + 3


def test_two_rows_that_swap_a_value_are_other_rows() -> None:
    changed = (("one", "'c'"), ("words", "[]"), ("share", "7.5"), ("moment", "null"))
    pairs = [(name, pair) for name, other in changed for pair in ((FIRST[name], other), (other, FIRST[name]))]
    ids = {
        hash_rows({"number": f"{n}", name: one}, {"number": f"{n + 1}", name: other})
        for n in (1, 2)
        for name, (one, other) in pairs
    }
    assert len(ids) == 16


def test_neither_order_of_rows_and_columns_nor_threads_change_it() -> None:
    rows = TRAPS[:8]
    same = {
        hash_rows(*rows, times=2_000),
        hash_rows(*rows[::-1], times=2_000),
        hash_rows(*rows, order=tuple(COLUMNS)[::-1], times=2_000),
        hash_rows(*rows, times=2_000, threads=4),
    }
    assert len(same) == 1
    assert hash_rows(*rows, times=2_001) not in same


def test_the_database_hashes_as_it_did() -> None:
    """Where this fails, a new DuckDB hashes otherwise: say in the changes that all content ids are others."""
    assert hash_rows({}, *TRAPS) == "daceaa5ede9ba7a1"

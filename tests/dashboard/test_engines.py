"""An engine of the database that is lent: the same one again where it came back as it was, with nothing of before."""

from pathlib import Path

import duckdb
import pytest

from dashboard import engines
from dashboard.engines import lend


@pytest.fixture(autouse=True)
def none_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_idle", [])


def write(path: Path, number: int) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table one as select $number as number", {"number": number})
    return path


def test_an_engine_is_lent_again_without_the_files_of_before(tmp_path: Path) -> None:
    file = write(tmp_path / "a.duckdb", 1)
    with lend({"snapshot": file}) as first:
        assert first.execute("from snapshot.one").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error, match="read-only"):
            first.execute("insert into snapshot.one values (2)")
    write(tmp_path / "b.duckdb", 2).replace(file)
    with lend({"snapshot": file}) as second:
        assert second is first
        second.execute("use snapshot")
        assert second.execute("from one").fetchall() == [(2,)]
    with lend() as third:
        assert third is first
        attached = "select database_name from duckdb_databases() where not internal"
        assert third.execute(attached).fetchall() == [("memory",)]


def test_several_at_once_have_one_each_and_two_are_kept(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.duckdb", 1), write(tmp_path / "b.duckdb", 2)
    with lend() as one, lend({"snapshot": a}) as other, lend({"snapshot": b}) as third:
        assert other.execute("from snapshot.one").fetchall() == [(1,)]
        assert third.execute("from snapshot.one").fetchall() == [(2,)]
    assert engines._idle == [third, other]
    with pytest.raises(duckdb.ConnectionException):
        one.execute("select 1")


def test_one_that_was_changed_or_not_left_in_order_is_not_lent_again(tmp_path: Path) -> None:
    for _ in range(2):
        with lend() as kept:
            pass
        with lend(is_changed=True) as changed:
            changed.execute("create macro one() as 1; attach ':memory:' as private")
        assert engines._idle == [kept]
    engines._idle.clear()
    with pytest.raises(duckdb.IOException), lend({"snapshot": tmp_path / "none.duckdb"}):
        pass
    assert not engines._idle
    with lend() as failed, pytest.raises(duckdb.ParserException):
        failed.execute("no statement")
    with lend({"snapshot": write(tmp_path / "a.duckdb", 1)}) as found:
        assert found is failed

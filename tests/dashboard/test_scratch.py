"""What a process borrows: temporary folders, removed when it was killed; engines of the database, lent as they were."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from dashboard import engines
from dashboard.engines import lend
from dashboard.paths import PROJECT
from dashboard.scratch import Scratch, list_left, remove_left

HOLD = """
import sys, time
from pathlib import Path
from dashboard.scratch import Scratch
folder = Scratch("export", Path(sys.argv[1]))
print(folder.name, flush=True)
time.sleep(600)
"""


def test_only_what_a_dead_process_left_is_removed(tmp_path: Path) -> None:
    with Scratch("rows", tmp_path) as mine:
        command = [sys.executable, "-c", HOLD, str(tmp_path)]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            other = Path(process.stdout.readline().strip())
            assert list(list_left(0, tmp_path)) == []
            process.send_signal(signal.SIGKILL)
        for name in ("dashboard-rows", "dashboard-fonts-me", "export-of-somebody", "dashboard-spilled-x"):
            (tmp_path / name).mkdir()
        (tmp_path / f"dashboard-spilled-{os.getpid()}").mkdir()
        (tmp_path / "dashboard-work-link").symlink_to(tmp_path)
        assert list(list_left(1, tmp_path)) == []
        long_ago = time.time() - 7200
        os.utime(other, (long_ago, long_ago))
        assert remove_left(1, tmp_path) == [other]
        assert Path(mine).is_dir()
    assert not Path(mine).exists()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are not told here")
def test_a_folder_that_nobody_leaves_goes_with_who_made_it(tmp_path: Path) -> None:
    def count_open() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = count_open()
    folder = Scratch("rows", tmp_path)
    assert count_open() == before + 1
    with pytest.warns(ResourceWarning):
        del folder
    assert (count_open(), list(tmp_path.iterdir())) == (before, [])


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not held there")
def test_a_folder_goes_where_nothing_may_be_opened_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, *_: object, **__: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files", path)

    folder = Scratch("rows", tmp_path)
    (Path(folder.name) / "a.csv").touch()
    monkeypatch.setattr(os, "open", refuse)
    folder.cleanup()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(autouse=True)
def none_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_idle", [])
    monkeypatch.setattr(engines, "_idle_for_much", [])


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


def test_files_of_much_get_an_engine_with_all_threads_and_rewrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = "select current_setting('threads'), current_setting('disabled_optimizers')"
    usual = duckdb.connect().execute(settings).fetchall()
    file = write(tmp_path / "a.duckdb", 1)
    with lend({"snapshot": file}) as for_little:
        ((threads, left_out),) = for_little.execute(settings).fetchall()
        assert threads == 1
        assert {"join_order", "filter_pushdown"}.intersection(left_out.split(",")) == {"join_order"}
    monkeypatch.setattr(engines, "LITTLE", file.stat().st_size - 1)
    with lend({"snapshot": file}) as for_much:
        assert for_much.execute(settings).fetchall() == usual
    with lend(is_for_much=True) as again, lend() as other:
        assert (again, other) == (for_much, for_little)


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

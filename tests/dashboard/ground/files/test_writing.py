"""Files that several write: replaced whole or not at all, one lock for a file; the system's error on a full disk."""

import errno
import gc
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.errors import UserError
from dashboard.faults import explain
from dashboard.ground.files import locking, writing
from dashboard.ground.files.row_workbooks import RowsWorkbook
from dashboard.ground.files.writing import PRIVATE, drafted, put_file, write_file

KILLED = """
import os, sys
from pathlib import Path
from dashboard.ground.files.writing import drafted
with drafted(Path(sys.argv[1])) as draft:
    draft.write_text("ha")
    os.kill(os.getpid(), 9)
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_keeps_or_gets_its_permissions_or_its_folder_is_named(tmp_path: Path) -> None:
    path, private = tmp_path / "notes.csv", tmp_path / "key.txt"
    write_file(path, "größer\r\nbis\n")
    assert path.read_bytes() == "größer\r\nbis\n".encode()
    path.chmod(0o640)
    write_file(path, b"\xff")
    assert (path.read_bytes(), mode(path)) == (b"\xff", 0o640)
    write_file(path, "", 0o644)
    assert (path.read_bytes(), mode(path)) == (b"", 0o644)
    write_file(private, "secret", PRIVATE)
    assert mode(private) == 0o600
    assert list_names(tmp_path) == ["key.txt", "notes.csv"]
    (tmp_path / ".list.new").mkdir()
    with pytest.raises(OSError, match=r"\.list\.new"):
        write_file(tmp_path / "list", "text")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_file(tmp_path / "nowhere" / "list", "text")


def test_it_is_on_the_disk_and_its_owners_before_it_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def fsync(number: int) -> None:
        state = os.fstat(number)
        seen.append((state.st_size, stat.S_IMODE(state.st_mode), path.exists()))

    path = tmp_path / "key.txt"
    monkeypatch.setattr(os, "fsync", fsync)
    write_file(path, "secret", PRIVATE, is_durable=False)
    path.unlink()
    assert not seen
    write_file(path, "secret", PRIVATE)
    assert seen == [(6, 0o600, False)]


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), KeyboardInterrupt()])
def test_where_writing_fails_the_file_stays_and_nothing_is_left(tmp_path: Path, fault: BaseException) -> None:
    path = tmp_path / "history.json"
    path.write_text("before")

    def fail(is_shared: bool) -> None:
        with drafted(path, is_shared=is_shared) as draft:
            draft.write_text("half of wh")
            raise fault

    for is_shared in (False, True):
        with pytest.raises(type(fault)) as caught:
            fail(is_shared)
        assert (path.read_text(), list_names(tmp_path)) == ("before", ["history.json"])
    if isinstance(caught.value, OSError):
        assert str(explain(caught.value)).startswith(f"The disk is full: there is no room left in {tmp_path}.")


def test_a_kill_leaves_the_file_and_what_it_left_is_never_put_in_place(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text("before")
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert (path.read_text(), list_names(tmp_path)) == ("before", [".decisions.csv.new", "decisions.csv"])
    with drafted(path) as draft:
        assert draft.name == ".decisions.csv.new"  # commands that hold the campaign remove such names
        assert not draft.exists()
    assert (path.read_text(), list_names(tmp_path)) == ("before", ["decisions.csv"])


def test_what_several_write_at_once_is_always_one_of_theirs(tmp_path: Path) -> None:
    path = tmp_path / "roles.toml"
    texts = [letter * 10_000 for letter in "abcdefgh"]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda text: write_file(path, text, is_shared=True, is_durable=False), texts * 5))
    assert path.read_text() in texts
    assert list_names(tmp_path) == ["roles.toml"]
    with drafted(path, is_shared=True) as draft:
        assert draft.name.startswith(".roles.toml.")
        assert draft.suffix != ".new"  # commands that hold the campaign would remove it


def test_a_file_comes_from_another_disk_in_one_step_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "made", tmp_path / "there"
    replace = Path.replace

    def refuse(self: Path, to: Any) -> Path:
        if self == source:
            raise OSError(errno.EXDEV, "another disk")
        return replace(self, to)

    for number, is_copy in enumerate((False, True)):
        source.write_text(f"text {number}")
        put_file(source, target, is_copy=is_copy)
        assert (target.read_text(), source.exists()) == (f"text {number}", is_copy)
    assert mode(target) == 0o600
    monkeypatch.setattr(Path, "replace", refuse)
    put_file(source, target, mode=0o644)
    assert (target.read_text(), mode(target), list_names(tmp_path)) == ("text 1", 0o644, ["there"])


HOLDER = """
import sys, time
from pathlib import Path
from dashboard.ground.files import locking
with locking.hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
REFUSAL = UserError("Somebody is at it.", "Wait.")


def test_on_windows_a_file_that_is_being_read_is_replaced_a_moment_later(tmp_path: Path, monkeypatch) -> None:
    file, replace = tmp_path / "current.json", Path.replace
    refusals: list[Path] = []

    def refuse_twice(source: Path, target: Path) -> None:
        if len(refusals) < 2:
            refusals.append(source)
            raise PermissionError(errno.EACCES, "Access is denied", str(target))
        replace(source, target)

    monkeypatch.setattr(Path, "replace", refuse_twice)
    with pytest.raises(PermissionError):
        write_file(file, "elsewhere it is no passing state")
    monkeypatch.setattr(writing, "os", SimpleNamespace(**{**vars(os), "name": "nt"}))
    write_file(file, "new")
    assert (file.read_text(), len(refusals)) == ("new", 2)


def test_a_lock_is_held_by_one_process_until_that_ends_however_it_does(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UserError, match=r"Somebody is at it\."), locking.hold(path, 0, REFUSAL):
            pass
        with pytest.raises(locking.InUseError), locking.hold(path, 0.1):
            pass
        Timer(0.2, holder.kill).start()
        with locking.hold(path, 30, REFUSAL, mode=0o600):
            assert holder.wait() != 0
    with locking.hold(path):
        pass


def test_a_lock_file_is_its_owners_alone_and_what_goes_wrong_under_it_is_not_told_as_its_refusal(tmp_path) -> None:
    def hold_both() -> None:
        with locking.hold(tmp_path / "outer", 0, REFUSAL):
            raise locking.InUseError("inner")

    with pytest.raises(locking.InUseError, match="inner"):
        hold_both()
    with locking.hold(tmp_path / "outer", 0, REFUSAL):
        pass
    with locking.hold(tmp_path / "lock", mode=0o600):
        assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("rows", [1, 20_000])
def test_a_sheet_on_a_full_disk_raises_the_systems_own_error_at_its_end_or_before(monkeypatch, rows):
    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", lambda: "/dev/full")

    with pytest.raises(OSError, match="No space left") as caught:
        _write(rows)
    assert caught.value.errno == errno.ENOSPC
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)  # openpyxl cannot close its open files either
    del caught
    gc.collect()


def _write(rows: int) -> None:
    sheet = RowsWorkbook().create_sheet("A")
    for _ in range(rows):
        sheet.append(["Fictional"])
    sheet.close()

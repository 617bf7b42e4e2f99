"""Temporary folders of processes that were killed are found and removed; those of living ones never are."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

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

"""What Windows and macOS do otherwise, as far as Linux can show it."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard import scratch
from dashboard.ground.files.writing import link_or_copy
from dashboard.ground.processes import child
from dashboard.paths import PROJECT


def test_git_gives_the_same_bytes_where_it_is_set_to_write_crlf() -> None:
    command = ("archive", "--worktree-attributes", "HEAD", "data", "deploy")
    with_lf, with_crlf = (
        subprocess.run(["git", "-c", f"core.autocrlf={value}", *command], cwd=PROJECT, capture_output=True, check=True)
        for value in ("false", "true")
    )
    assert b"data/campaign.toml" in with_lf.stdout
    assert with_lf.stdout == with_crlf.stdout, "a build is named by the hash of these files, and sh runs some"


def test_what_is_written_into_a_file_has_all_letters_whatever_the_code_page() -> None:
    command = [sys.executable, "-m", "etl", "--help"]
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    shown = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert "→" in shown.stdout.decode("utf-8")


def test_a_file_is_copied_where_no_link_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1314, "A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    (tmp_path / "source").write_text("content")
    link_or_copy(tmp_path / "source", tmp_path / "target")
    assert (tmp_path / "target").read_text() == "content"


def test_no_process_is_interrupted_to_learn_whether_it_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted: list[int] = []
    monkeypatch.setattr(os, "kill", lambda number, _: interrupted.append(number))
    monkeypatch.setattr(sys, "platform", "win32")
    left = tmp_path / f"{scratch._SPILLED}{os.getpid()}"
    left.mkdir()
    assert (list(scratch.list_left(0, tmp_path)), interrupted) == ([left], [])


def test_memory_is_limited_where_the_system_takes_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[int] = []
    monkeypatch.setattr(resource, "setrlimit", lambda which, _: limits.append(which))
    for platform in ("darwin", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        child.limit_memory()
        assert limits == [], "macOS refuses every limit of addresses below those that each process reserves"
    monkeypatch.setattr(sys, "platform", "linux")
    child.limit_memory()
    assert resource.RLIMIT_AS in limits

"""The disk fails at the n-th write: one sentence, exit code 1, the published build stays, no half file is left.

Where the failing write is one that the program can do without, it goes on to its end.
"""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from dashboard.paths import PROJECT
from tests.cases import of_which
from tests.etl.campaigns import copy_campaign, make_published
from tests.etl.changing import (
    ACCEPT,
    ANSWERS,
    copy_with_drafts,
    list_leftovers,
    make_draft,
    put_reports,
    put_uploads,
    read_state,
)
from tests.etl.program import leave_out_campaign, run_on
from tests.etl.registers import HEADER, action


class Failed(NamedTuple):
    """A command's answer, and the number of its failed calls."""

    code: int
    said: str
    failures: int


@cache
def why_not() -> str:
    """Why calls cannot be made to fail here; empty where they can."""
    if shutil.which("strace") is None:
        return "this system has no strace"
    tried = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True, check=False, text=True)
    return f"strace may not run here: {tried.stderr.strip()}" if tried.returncode else ""


def count_calls(log: Path, call: str, *words: object) -> int:
    """Count a command's calls of a kind."""
    _trace(log, ["-e", f"trace={call}"], words)
    return len(re.findall(rf"\b{call}\(", log.read_text(encoding="utf-8", errors="replace")))


def run_failing(log: Path, call: str, error: str, when: str, *words: object) -> Failed:
    """Run `python -m …` while calls fail.

    Args:
        log: The place for strace's log.
        call: The kind of call, as `pwrite64`.
        error: The error, as `ENOSPC`.
        when: Which of the calls, of each thread: `3`, or `3+` for that and all that follow.
        words: The module and its command line.
    """
    done = _trace(log, ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"], words)
    said = leave_out_campaign(done.stderr)
    return Failed(done.returncode, said, log.read_text(encoding="utf-8", errors="replace").count("(INJECTED)"))


def _trace(log: Path, options: list[str], words: tuple[object, ...]) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONUNBUFFERED": ""}  # so that a line is one write
    command = ["strace", "-f", "-qq", "-o", str(log), *options, sys.executable, "-B", "-m", *map(str, words)]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(why_not()), reason=why_not() or "it can be done here")]

SENTENCES = {
    "ENOSPC": ("The disk is full",),
    "EDQUOT": ("The quota of this program's user", "The disk is full"),
    "EIO": ("reports an error in reading or writing",),
    "EMFILE": ("may open no more files",),
    "EACCES": ("may not write into", "may not be read", "cannot be read"),
}
MANY = 6


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Return a published campaign whose register has changed since."""
    rows = HEADER + action("1") + action("2", promise="B", Email="person1@example.org")
    folder = make_published(tmp_path_factory.mktemp("disk") / "c", {"a.csv": rows})
    (folder.inbox / "a.csv").write_text(rows + action("3", promise="C"))
    return folder


def draft(folder):
    return ["etl", "draft", "--uploads", folder.private / "drafts/1/uploads", "--to", folder.private / "drafts/1"]


def prepare_draft(folder):
    (folder.inbox / "b.csv").write_text(HEADER + action("9", promise="Of another file"))
    run_on(folder, "build", "--quiet")
    make_draft(folder)


COMMANDS = {
    "build": (lambda _f: ["etl", "build", "--quiet"], lambda _f: None),
    "draft": (draft, put_uploads),
    "publish-draft": (lambda f: ["etl", "publish-draft", f.private / "drafts/1"], prepare_draft),
    "decide": (lambda _f: ["etl", "decide", "different", "action", "OFF-1", "OFF-2"], lambda _f: None),
    "reports": (lambda _f: ["etl", *ACCEPT], put_reports),
    "column": (
        lambda f: ["etl", "column", "--list", f.root / "uses.csv"],
        lambda f: (f.root / "uses.csv").write_text(ANSWERS),
    ),
    "extract": (lambda f: ["dashboard", "extract", "--to", f.root / "made.parquet"], lambda _f: None),
    "workbook": (lambda f: ["dashboard", "extract", "--to", f.root / "made.xlsx"], lambda _f: None),
}


def try_failures(template, tmp_path, name, call, error, choose):
    """Fail the chosen calls of a command, each alone and with all that follow; how many failed."""
    words, prepare = COMMANDS[name]
    base = copy_campaign(template, tmp_path / "base")
    prepare(base)
    before = read_state(base)
    done = copy_with_drafts(base, tmp_path / "done")
    arguments = [*words(done), "--campaign", done.root]
    count = count_calls(tmp_path / "trace", call, *arguments)
    after, refused = read_state(done), 0
    for when in choose(count):
        where = f"{name}: {call} {when} of {count} fails with {error}"
        folder = copy_with_drafts(base, tmp_path / "now")
        answer = run_failing(tmp_path / "trace", call, error, when, *words(folder), "--campaign", folder.root)
        found = read_state(folder)
        if answer.code == 0:
            assert found["published"] == after["published"], where
        else:
            refused += 1
            assert answer.code == 1, where
            assert answer.said.count("\n") == 1, f"{where}: {answer.said}"
            assert any(sentence in answer.said for sentence in SENTENCES[error]), f"{where}: {answer.said}"
            # The last write of all is the answer itself: its work is done by then, and stderr names a file.
            is_answer = call == "write" and when == str(count)
            assert found["published"] == before["published"] or is_answer, where
            assert found["published"] in (before["published"], after["published"]), where
            made = [path.name for path in folder.root.iterdir() if path.name.startswith((".made", "made"))]
            assert made == [name for name in made if is_answer and f"{folder.root / name}: " in answer.said], where
        left = [path for path in list_leftovers(folder) if "begun" not in path]
        assert left == [], where
        again = run_on(folder, "build", "--quiet", code=None)
        assert again.returncode == 0, f"{where}: {again.stderr}"
        shutil.rmtree(folder.root)
    return refused


@pytest.mark.nightly
@pytest.mark.parametrize("error", ["ENOSPC", "EDQUOT", "EIO"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_disk_that_fails_at_any_write_refuses_every_command(template, tmp_path, name, error):
    def choose(count):
        """Choose every call for a full disk; for the other errors some, the last among them."""
        return range(1, count + 1) if error == "ENOSPC" else range(count, 0, -max(1, count // MANY))

    def choose_with_all_that_follow(count):
        return [f"{number}{'+' * (number % 2)}" for number in choose(count)]

    refused = try_failures(template, tmp_path / "p", name, "pwrite64", error, choose_with_all_that_follow)
    refused += try_failures(template, tmp_path / "w", name, "write", error, lambda count: map(str, choose(count)))
    assert refused or name == "workbook"


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["build", "extract"])
def test_too_few_open_files_refuse_a_command(template, tmp_path, name):
    def choose(count):
        return [f"{number}+" for number in range(count - 60, count, 15)]

    assert try_failures(template, tmp_path, name, "openat", "EMFILE", choose)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    ("name", "is_json"),
    of_which(
        [(name, is_json) for name in ("history", "extract", "decide") for is_json in (False, True)],
        lambda _, case: case == ("decide", True),
    ),
)
def test_an_answer_that_cannot_be_printed_is_told_in_a_sentence(template, tmp_path, name, is_json):
    folder = copy_campaign(template, tmp_path / "c")
    words = COMMANDS[name][0](folder) if name in COMMANDS else ["etl", name]
    command = [sys.executable, "-m", *map(str, words), *["--json"] * is_json, "--campaign", str(folder.root)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, cwd=PROJECT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    said = leave_out_campaign(done.stderr)
    assert (done.returncode, said.count("\n")) == (1, 1)
    assert said.startswith("The disk is full")
    told = {"extract": f"this is done: {folder.root / 'made.parquet'}: 2 actions.", "decide": "this is done: "}
    assert told.get(name, "") in said

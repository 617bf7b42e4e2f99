"""A command of the program on a disk that fails: `strace` lets the n-th call of a kind fail with an error."""

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dashboard.paths import PROJECT


class Failed(NamedTuple):
    """What a command answered, and how many of its calls failed."""

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
    """How many calls of a kind a command makes."""
    _trace(log, ["-e", f"trace={call}"], words)
    return len(re.findall(rf"\b{call}\(", log.read_text(encoding="utf-8", errors="replace")))


def run_failing(log: Path, call: str, error: str, when: str, *words: object) -> Failed:
    """Run `python -m …` while calls fail.

    Args:
        log: Where strace may write.
        call: The kind of call, as `pwrite64`.
        error: The error, as `ENOSPC`.
        when: Which of the calls, of each thread: `3`, or `3+` for that and all that follow.
        words: The module and its command line.
    """
    done = _trace(log, ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"], words)
    return Failed(done.returncode, done.stderr, log.read_text(encoding="utf-8", errors="replace").count("(INJECTED)"))


def _trace(log: Path, options: list[str], words: tuple[object, ...]) -> "subprocess.CompletedProcess[str]":
    command = ["strace", "-f", "-qq", "-o", str(log), *options, sys.executable, "-B", "-m", *map(str, words)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)

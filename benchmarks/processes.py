"""What a program costs: wall time, processor time and peak memory of a process and all it starts."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

from dashboard.paths import PROJECT


class Cost(NamedTuple):
    """Seconds and megabytes."""

    wall: float
    processor: float
    peak_mb: float


# A process begins with the memory that the one which starts it holds, in the system's account at least. So a small one
# in between starts it, and tells: exit code, wall time, processor time, peak memory as the system counts it.
_BETWEEN = """
import os, subprocess, sys, time
started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def run(command: Sequence[str], stderr: IO[bytes] | None = None, project: Path = PROJECT) -> tuple[int, Cost]:
    """Run Python with `command` to its end, in this checkout or in another one; return its exit code and its cost.

    Memory is the system's peak for the process and those it waited for (Linux, macOS).
    """
    between = [sys.executable, "-I", "-S", "-c", _BETWEEN, sys.executable, *command]
    told = subprocess.run(between, cwd=project, stdout=subprocess.PIPE, stderr=stderr, check=True, text=True).stdout
    code, wall, processor, peak = told.split()
    unit = 1 if sys.platform == "darwin" else 1024
    return int(code), Cost(float(wall), float(processor), int(peak) * unit / 1e6)


def measure(command: Sequence[str], project: Path = PROJECT) -> Cost:
    """Run a command to its end and return its cost; fail when the command does."""
    code, cost = run(command, project=project)
    if code != 0:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return cost


def read_resident_mb(pid: int, *, alone: bool = False) -> float:
    """Memory a process and its children hold now, or the process alone (Linux)."""
    pids = [pid] if alone else [pid, *_children(pid)]
    pages = 0
    for one in pids:
        try:
            pages += int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def read_peak_mb(pid: int) -> float:
    """Read the most memory that a process, without its children, has held so far (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise OSError(f"The system does not tell the peak of process {pid}.")


def read_processor_seconds(pid: int) -> float:
    """Processor time a process has used so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def describe_machine() -> str:
    """Cores, memory, Python: one line to stand above a table."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    day = time.strftime("%Y-%m-%d")
    return f"{day}, {os.cpu_count()} cores, {memory:.0f} GiB, {sys.platform}, Python {sys.version.split()[0]}"


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
        except OSError:
            continue
    return found


class Peak:
    """Watches the memory of a process from a thread; `mb` is the highest seen."""

    def __init__(self, pid: int, every: float = 0.2) -> None:
        """Start watching."""
        self.mb = 0.0
        self._pid = pid
        self._every = every
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Stop watching and give the peak."""
        self._done.set()
        self._thread.join()
        return self.mb

    def _watch(self) -> None:
        while not self._done.wait(self._every):
            self.mb = max(self.mb, read_resident_mb(self._pid))

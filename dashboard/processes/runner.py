"""Work that would hold the interpreter runs in a process of its own, so that other readers do not wait.

Each job is a fresh `python -m <module>` with its arguments as JSON on standard input, not a member of a
`multiprocessing` pool: a spawned pool member first imports the parent's main script again, which under
`streamlit run` or a server is the application itself, and it can be neither killed nor bounded without
breaking the pool. A process of its own starts from nothing, may be killed at any moment, gives all its memory
back, and its death is an exit code. It starts in about half a second, which is the price.

The parent side is `Workers` and `Handle`; the child side is `answer`, and `tell_progress` for long jobs. What a job
makes is a file in a directory that is removed with everything the job left in it, however the job ends.
"""

import atexit
import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.paths import PROJECT
from dashboard.processes.progress import read_progress, stage, tell_in, tell_progress

__all__ = [
    "Handle", "Job", "Result", "WorkerError", "Workers",
    "answer", "default_workers", "run", "stage", "submit", "tell_progress",
]  # fmt: skip

LOG = logging.getLogger(__name__)
RESULT = "result"
KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "PYTHONUTF8")


class WorkerError(UserError):
    """A job could not be done: no room, too slow, stopped, or its process died."""


@dataclass(frozen=True)
class Job:
    """What a worker is asked: the module to run (its main calls `answer`) and JSON-able arguments for it."""

    module: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What a worker made: the content of its file, and what it reported about it."""

    content: bytes
    report: dict[str, Any]


class Handle:
    """A job under way, or waiting for its turn."""

    def __init__(self, job: Job) -> None:
        """Made by `Workers.submit` only."""
        self.job = job
        self._future: Future[Result] = Future()
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._cancelled = False
        self._directory: Path | None = None
        self._share: float | None = None

    def done(self) -> bool:
        """Whether `result` answers at once."""
        return self._future.done()

    def result(self) -> Result:
        """Wait for the job and give what it made.

        Raises:
            UserError: the job refused, took too long, was cancelled, or its process died.
        """
        return self._future.result()

    def progress(self) -> float | None:
        """The share of the work that is done, from 0 to 1, as the job last told it; None while it has told nothing."""
        if self._directory is not None:
            told = read_progress(self._directory)
            self._share = self._share if told is None else told
        return self._share

    def cancel(self) -> None:
        """Give the job up: one that waits never starts, one that runs is killed."""
        with self._lock:
            self._cancelled = True
            if self._process is not None:
                self._process.kill()
            elif not self._future.done():
                self._future.set_exception(_stopped())

    @property
    def cancelled(self) -> bool:
        """Whether the job was given up."""
        return self._cancelled

    def _start(self, directory: str) -> "subprocess.Popen[str]":
        with self._lock:
            if self._cancelled:
                raise _stopped()
            self._directory = Path(directory)
            self._process = subprocess.Popen(  # noqa: S603  (this program's own interpreter and module)
                [sys.executable, "-m", self.job.module],
                cwd=directory,  # whatever the job or its libraries leave behind goes with the directory
                env=_environment(directory),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C in the server's terminal is the server's to handle
            )
            return self._process

    def _finish(self, outcome: Result | BaseException) -> None:
        with self._lock:
            if self._future.done():
                return
            if isinstance(outcome, BaseException):
                self._future.set_exception(outcome)
            else:
                self._future.set_result(outcome)


class Workers:
    """A bounded number of worker processes and a bounded queue before them; nothing starts before it is needed."""

    def __init__(self, processes: int = 2, waiting: int = 8, seconds: float = 300) -> None:
        """Allow `processes` jobs at a time, `waiting` more in the queue, and `seconds` for each once it runs."""
        self.processes = processes
        self.waiting = waiting
        self.seconds = seconds
        self._lock = threading.Lock()
        self._queue: deque[Handle] = deque()
        self._running: set[Handle] = set()

    def submit(self, job: Job) -> Handle:
        """Start a job, or queue it.

        Raises:
            WorkerError: the queue is full.
        """
        handle = Handle(job)
        with self._lock:
            if len(self._running) < self.processes:
                self._running.add(handle)
                threading.Thread(target=self._work, args=(handle,), name="worker", daemon=True).start()
                return handle
            self._queue = deque(waiting for waiting in self._queue if not waiting.cancelled)
            if len(self._queue) >= self.waiting:
                raise WorkerError(N_("Too many exports are being made at once."), N_("Try again in a minute."))
            self._queue.append(handle)
        return handle

    def run(self, job: Job) -> Result:
        """Do a job and wait for it; errors as in `submit` and `Handle.result`."""
        return self.submit(job).result()

    def close(self) -> None:
        """Kill what runs and drop what waits."""
        with self._lock:
            handles = [*self._queue, *self._running]
        for handle in handles:
            handle.cancel()

    def _work(self, handle: Handle | None) -> None:
        """Do one job after the other until none waits."""
        while handle is not None:
            outcome: Result | BaseException
            try:
                outcome = self._run_process(handle)
            except OSError as error:  # no room for its files, no process to be had, or nothing written
                LOG.error("A worker could not do its job: %s", error)
                outcome = _broken()
            except BaseException as error:  # whatever it is, it belongs to who asked for the job
                outcome = error
            following = self._next_after(handle)
            handle._finish(outcome)  # last, so that who waits for it finds the place free
            handle = following

    def _next_after(self, finished: Handle) -> Handle | None:
        with self._lock:
            self._running.discard(finished)
            while self._queue:
                handle = self._queue.popleft()
                if not handle.cancelled:
                    self._running.add(handle)
                    return handle
            return None

    def _run_process(self, handle: Handle) -> Result:
        with tempfile.TemporaryDirectory(prefix="dashboard-export-", ignore_cleanup_errors=True) as directory:
            target = Path(directory) / RESULT
            arguments = {**handle.job.arguments, "to": str(target), "seconds": self.seconds}
            process = handle._start(directory)
            try:
                printed, complaint = process.communicate(json.dumps(arguments), timeout=self.seconds)
            except subprocess.TimeoutExpired:
                raise WorkerError(
                    N_("The export took too long and was stopped."), N_("Filter to fewer actions and try again.")
                ) from None
            finally:
                with process:  # closes its pipes and leaves no process behind, on every way out
                    process.kill()
            if handle.cancelled:
                raise _stopped()
            report = _read_answer(printed, complaint, process.returncode)
            return Result(target.read_bytes(), report)


def answer(work: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """The child's side: read the arguments, do the work, print its report; gives the exit code.

    The arguments hold what `Job` states, `to` (the file to write) and `seconds` (the time allowed).
    A `UserError` becomes an answer with exit code 1; anything else is a traceback and the parent's business.
    """
    arguments = json.loads(sys.stdin.read())
    tell_in(Path(arguments["to"]).parent)
    if hasattr(os, "nice"):
        os.nice(10)  # readers of the pages come first
    if hasattr(signal, "setitimer"):
        # The default action ends the process, even when the parent was killed and cannot.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, arguments["seconds"] + 5)
    try:
        print(json.dumps(work(arguments)))
    except UserError as error:
        print(json.dumps({"what": error.what, "remedy": error.remedy}))
        return 1
    return 0


@cache
def default_workers() -> Workers:
    """The workers that the whole process shares; killed when it ends."""
    workers = Workers()
    atexit.register(workers.close)
    return workers


def submit(job: Job) -> Handle:
    """Start or queue a job with the shared workers; see `Workers.submit`."""
    return default_workers().submit(job)


def run(job: Job) -> Result:
    """Do a job with the shared workers and wait for it; see `Workers.run`."""
    return default_workers().run(job)


def _environment(directory: str) -> dict[str, str]:
    """What a job may know: no secrets of the server, this program's modules, its own place for scratch files."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    path = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return kept | {"PYTHONPATH": path, "TMPDIR": directory, "TEMP": directory, "PYTHONIOENCODING": "utf-8"}


def _read_answer(text: str, complaint: str, exit_code: int) -> dict[str, Any]:
    report: Any = None
    with contextlib.suppress(ValueError, IndexError):
        report = json.loads(text.strip().splitlines()[-1])
    if exit_code == 1 and isinstance(report, dict) and "what" in report:
        raise UserError(report["what"], report["remedy"])
    if exit_code != 0 or not isinstance(report, dict):
        LOG.error("A worker ended with exit code %s: %s", exit_code, complaint[-2000:].strip())
        raise _broken()
    return report


def _broken() -> WorkerError:
    return WorkerError(N_("The export stopped before it was finished."), N_("Try again."))


def _stopped() -> WorkerError:
    return WorkerError(N_("The export was cancelled."))

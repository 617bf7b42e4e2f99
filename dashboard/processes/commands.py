"""Commands of `python -m etl` run for a page, each in a process of its own.

The pages read what is published and never build; whatever changes data is the other program's work, so that
a build neither holds the server's interpreter nor can take the server with it. A command tells how far it is
as JSON, one object a line on standard output; its last object is its answer. A command that works through
the inputs runs alone; short ones run beside it.

A job belongs to no thread of a page: it goes on while the page is drawn again, and is asked how far it is.
"""

import atexit
import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import cache
from typing import IO, Any

from dashboard.i18n import N_
from dashboard.paths import PROJECT
from dashboard.processes.answers import JobError, Progress, broken, last_object, read_end, read_progress, refusal

__all__ = ["Job", "JobError", "Jobs", "Progress", "is_heavy", "run_etl", "start"]

LOG = logging.getLogger(__name__)
HEAVY = frozenset({"build", "draft", "publish-draft", "restore", "forget"})
SECONDS = 3600.0
KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "PYTHONUTF8")
KEPT_SETTINGS = "DASHBOARD_"
SECRET = "DASHBOARD_STAFF_PASSWORD"  # noqa: S105  (the setting's name)
ANSWER_LIMIT = 20_000_000  # characters kept of what a command prints


OnProgress = Callable[[Progress], None]


class Job:
    """One command under way.

    Attributes:
        arguments: The command and its arguments, as after `python -m etl`.
        progress: The last that the command told of its progress; None before it told any.
    """

    def __init__(self, arguments: Sequence[str], on_progress: OnProgress | None = None) -> None:
        """Made by `Jobs.start` only."""
        self.arguments = tuple(arguments)
        self.progress: Progress | None = None
        self._on_progress = on_progress
        self._started = time.monotonic()
        self._future: Future[str] = Future()
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._stopped_by: JobError | None = None

    @property
    def seconds(self) -> int:
        """Whole seconds since the start."""
        return int(time.monotonic() - self._started)

    def done(self) -> bool:
        """Whether `result` answers at once."""
        return self._future.done()

    def result(self) -> dict[str, Any]:
        """Wait for the command and give the last JSON object it printed; empty where it printed none.

        Raises:
            UserError: the command refused, took too long, was cancelled, or its process died.
        """
        return last_object(self._future.result())

    def text(self) -> str:
        """Wait for the command and give everything it printed but its progress; errors as in `result`."""
        return self._future.result()

    def cancel(self) -> None:
        """Give the command up: its process and what that started are killed; one that is finished stays so."""
        self._stop(JobError(N_("The work was cancelled."), N_("Nothing was changed.")))

    def expire(self) -> None:
        """Give the command up because its time is over."""
        self._stop(
            JobError(N_("The work took too long and was stopped."), N_("Try again with fewer or smaller files."))
        )

    def _stop(self, reason: JobError) -> None:
        with self._lock:
            if self._future.done() or self._stopped_by is not None:
                return
            self._stopped_by = reason
            if self._process is not None:
                _kill(self._process)

    def _run(self, module: str, stdin: str | None, seconds: float) -> str:
        """Run the process to its end; what it printed."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as given, tempfile.TemporaryFile() as complaint:
            given.write(stdin or "")
            given.seek(0)
            with self._start(module, given, complaint) as process:
                timer = threading.Timer(seconds, self.expire)
                timer.daemon = True
                timer.start()
                try:
                    printed = self._listen(process.stdout or ())
                    process.wait()
                finally:
                    timer.cancel()
                    _kill(process)
            if self._stopped_by is not None:
                raise self._stopped_by
            if process.returncode != 0:
                raise refusal(printed, read_end(complaint), process.returncode)
            return printed

    def _start(self, module: str, given: IO[str], complaint: IO[bytes]) -> "subprocess.Popen[str]":
        with self._lock:
            if self._stopped_by is not None:
                raise self._stopped_by
            self._process = subprocess.Popen(  # noqa: S603  (this program's own interpreter and module)
                [sys.executable, "-m", module, *self.arguments],
                cwd=PROJECT,
                env=_environment(),
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=complaint,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # one group, so that what it starts ends with it
            )
            if hasattr(os, "setpriority"):  # readers of the pages come first
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, self._process.pid, 10)
            return self._process

    def _listen(self, lines: Iterable[str]) -> str:
        """Take progress as it comes, and keep the rest."""
        kept: list[str] = []
        size = 0
        for line in lines:
            told = read_progress(line)
            if told is None:
                size += len(line)
                if size <= ANSWER_LIMIT:
                    kept.append(line)
                continue
            self.progress = told
            if self._on_progress is not None:
                self._on_progress(told)
        return "".join(kept)

    def _finish(self, outcome: str | BaseException) -> None:
        with self._lock:
            if isinstance(outcome, BaseException):
                self._future.set_exception(outcome)
            else:
                self._future.set_result(outcome)


class Jobs:
    """The commands of one server process: one heavy command at a time, and a few short ones beside it."""

    def __init__(self, module: str = "etl", seconds: float = SECONDS, short: int = 4) -> None:
        """Run `python -m <module>`, each command for at most `seconds`, at most `short` short ones at a time."""
        self.module = module
        self.seconds = seconds
        self.short = short
        self._lock = threading.Lock()
        self._running: set[Job] = set()

    def start(
        self, arguments: Sequence[str], *, stdin: str | None = None, on_progress: OnProgress | None = None
    ) -> Job:
        """Start a command, `arguments` as after `python -m etl`, with `stdin` as its standard input.

        Raises:
            JobError: it is a heavy command and another one is running, or too many are.
        """
        job = Job(arguments, on_progress)
        with self._lock:
            heavy = [running for running in self._running if is_heavy(running)]
            if is_heavy(job) and heavy:
                raise JobError(
                    N_("Another build is running, started from this page or by a colleague."),
                    N_("Wait until it has finished, then try again."),
                )
            if not is_heavy(job) and len(self._running) - len(heavy) >= self.short:
                raise JobError(N_("Several commands are running already."), N_("Try again in a minute."))
            self._running.add(job)
        threading.Thread(target=self._work, args=(job, stdin), name="etl", daemon=True).start()
        return job

    def close(self) -> None:
        """Kill what runs."""
        with self._lock:
            running = list(self._running)
        for job in running:
            job.cancel()

    def _work(self, job: Job, stdin: str | None) -> None:
        outcome: str | BaseException
        try:
            outcome = job._run(self.module, stdin, self.seconds)
        except OSError as error:  # no process to be had, or no room for its output
            LOG.error("`python -m etl %s` could not be run: %s", job.arguments[0], error)
            outcome = broken()
        except BaseException as error:  # whatever it is, it belongs to who asked
            outcome = error
        with self._lock:
            self._running.discard(job)
        job._finish(outcome)  # last, so that who waits for it finds the place free


def is_heavy(job: Job) -> bool:
    """Whether a job works through the inputs and so runs alone."""
    return bool(HEAVY.intersection(job.arguments[:1]))


@cache
def default_jobs() -> Jobs:
    """The jobs of this process; killed when it ends."""
    jobs = Jobs()
    atexit.register(jobs.close)
    return jobs


def start(arguments: Sequence[str], stdin: str | None = None) -> Job:
    """Start a command and go on; see `Jobs.start`."""
    return default_jobs().start(arguments, stdin=stdin)


def run_etl(
    arguments: Sequence[str], stdin: str | None = None, on_progress: OnProgress | None = None
) -> dict[str, Any]:
    """Run a command and wait: the last JSON object it printed; empty where it printed none.

    Args:
        arguments: As after `python -m etl`, `--campaign` included.
        stdin: The command's standard input.
        on_progress: Told of the progress, in another thread than the caller's.

    Raises:
        UserError: the command refused (its own sentence and remedy), or could not be done.
    """
    return default_jobs().start(arguments, stdin=stdin, on_progress=on_progress).result()


def _kill(process: "subprocess.Popen[str]") -> None:
    """Kill a process of ours that still runs, and what it started."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):  # its group is its own: it was started in a new session
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()


def _environment() -> dict[str, str]:
    """What a command may know: the settings without the password, this program's modules."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if (name in KEPT_ENVIRONMENT or name.startswith(KEPT_SETTINGS)) and name != SECRET
    }
    path = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return kept | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}

"""Work outside the server process, so that readers do not wait: one way to start, hear, time, cancel and end it.

Each piece of work is a fresh `python -m <module>`, not a member of a pool of `multiprocessing` or `concurrent.futures`,
which is why this module exists: a spawned member first imports the parent's main script again, which under `streamlit
run` is the application itself, and it can be neither killed nor bounded without breaking the pool. A separate process
starts from nothing, may be killed at any moment, gives all its memory back, and its death is an exit code. It starts in
about half a second, which is the price.

`Workers` do work to its end (files, and the commands of `commands`), `Standing` keeps one process and asks it again and
again, a `Spare` has loaded what the next command needs. A process ends by itself with its server, however that ends:
see `child`, its side.
"""

import atexit
import base64
import contextlib
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, NamedTuple

from dashboard.errors import N_, UserError, unpack
from dashboard.ground.logs import lines_home, request_id
from dashboard.ground.processes.child import INPUT, RESULT, WAIT
from dashboard.paths import PROJECT
from dashboard.scratch import SHARED_TEMPORARY, Scratch, find_shared_temporary
from dashboard.settings import SECRETS, is_of_source

LOG = logging.getLogger(__name__)
COMPLAINT = "complaint"
COMPLAINT_LIMIT = 4_000
HEARD_AT_ONCE = 1_000_000
DEEPEST = 8
QUOTED = re.compile(r"['\"“‘`].*|\S*@\S*")
MOST_LINES = 20_000
SECONDS_TO_LEAVE = 0.5
"""How long a waiting process has for removing what it has done ahead."""
ENVIRONMENT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "PYTHONUTF8", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("SYSTEMROOT", "USERPROFILE", "USERNAME"),  # by which Windows has sockets, a home, and the name of the user
)
SETTINGS = "DASHBOARD_"
ACTOR = "DASHBOARD_ACTOR"
"""For whom a process acts: told by who starts it, never by what started this process."""


class WorkerError(UserError):
    """Work failed: no room, too slow, cancelled, or its process died."""


class Words(NamedTuple):
    """For each way in which work fails, what happened and what to do."""

    full: tuple[str, str]
    late: tuple[str, str]
    cancelled: tuple[str, str]
    broken: tuple[str, str]


EXPORT = Words(
    full=(N_("Too many files are being prepared at once."), N_("Try again in a minute.")),
    late=(N_("Preparing the file took too long and was stopped."), N_("Filter to fewer actions and try again.")),
    cancelled=(N_("Preparing the file was cancelled."), ""),
    broken=(N_("Preparing the file stopped before it finished."), N_("Try again.")),
)


class Progress(NamedTuple):
    """How far work is: the present step's name, and steps done of all."""

    what: str
    done: float
    total: float

    @property
    def share(self) -> float:
        """Return the finished share, 0 to 1."""
        return min(1.0, max(0.0, self.done / self.total)) if self.total > 0 else 0.0


class Child(subprocess.Popen[str]):
    """A process with its own group and directory; `end` removes it, all that it started and all that it left."""

    stdin: IO[str]
    stdout: IO[str]

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        text: str | None = None,
        secrets: Collection[str] = (),
        environment: Mapping[str, str] | None = None,
        preload: str = "",
    ) -> None:
        """Start `python -m <module>` with `text` as its standard input; without `text` it reads requests.

        `secrets` names the passwords of the settings that it gets; `environment` is what it gets besides, independent
        of this process's own. With `preload` it loads that module and waits for `begin`.

        Raises:
            OSError: no process can be started, or there is no room for its files.
        """
        self._scratch = Scratch("work")
        self.directory = Path(self._scratch.name)
        self._heard, self._complaint = 0, ""
        with contextlib.ExitStack() as undo:
            undo.callback(self._scratch.cleanup)
            if text is not None:
                (self.directory / INPUT).write_text(text, encoding="utf-8")
            waiting = [WAIT, self._scratch.name, preload] if preload else [self._scratch.name]
            with (self.directory / COMPLAINT).open("wb") as complaint:
                super().__init__(
                    [sys.executable, "-m", "dashboard.ground.processes.child", *waiting, module, *arguments],
                    cwd=self.directory,  # whatever it or its libraries leave behind goes with the directory
                    env={**_environment(self._scratch.name, secrets), **(environment or {})},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=complaint,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    start_new_session=True,  # Ctrl-C in the server's terminal is the server's to handle
                )
            undo.pop_all()
        atexit.register(self.end)

    def begin(
        self, arguments: Sequence[str], text: str, secrets: Collection[str], environment: Mapping[str, str] | None
    ) -> None:
        """Give a waiting process what a new one gets at its start.

        Raises:
            OSError: it has ended, or there is no room for its input.
        """
        (self.directory / INPUT).write_text(text, encoding="utf-8")
        child_environment = {**_environment(self._scratch.name, secrets), **(environment or {})}
        self.stdin.write(json.dumps([list(arguments), child_environment]) + "\n")
        self.stdin.flush()

    def go_ahead(self, arguments: Mapping[str, Any]) -> None:
        """Have a waiting process do ahead what the next command may need.

        Raises:
            OSError: it has ended.
        """
        self.stdin.write(json.dumps(dict(arguments)) + "\n")
        self.stdin.flush()

    def dismiss(self) -> None:
        """Let a waiting process end what it has begun, for a moment; then end it as `end` does."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self.stdin.close()
            self.wait(SECONDS_TO_LEAVE)
        self.end()

    def kill(self) -> None:
        """Kill it and what it started, also after it has died, until its exit code is collected."""
        if self.returncode is None:  # until then its number is its own, and so is its group, in a session of its own
            if hasattr(os, "killpg"):
                with contextlib.suppress(OSError):
                    os.killpg(self.pid, signal.SIGKILL)
            super().kill()

    def end(self) -> None:
        """Kill it if it runs, close its pipes and remove its directory."""
        self.kill()
        with contextlib.suppress(OSError):  # what was not yet sent to a process that died
            self.__exit__(None, None, None)
        self._scratch.cleanup()
        atexit.unregister(self.end)

    def ask(self, request: str) -> str:
        """Send a line and wait for the answering line.

        Raises:
            BrokenPipeError: the process has ended.
        """
        self.stdin.write(request + "\n")
        self.stdin.flush()
        reply = self.stdout.readline()
        if not reply.endswith("\n"):
            raise BrokenPipeError(self.read_complaint() or "it was killed")
        return reply

    def read_complaint(self) -> str:
        """Read the end of its standard error; lines for the log go there."""
        with (self.directory / COMPLAINT).open("rb") as complaint:
            size = complaint.seek(0, os.SEEK_END)
            complaint.seek(max(self._heard, size - HEARD_AT_ONCE))
            complaint_bytes = complaint.read(size - complaint.tell())
        if self.poll() is None:  # the last line may go on
            complaint_bytes = complaint_bytes[: complaint_bytes.rfind(b"\n") + 1]
        self._heard = max(self._heard, size - HEARD_AT_ONCE) + len(complaint_bytes)
        self._complaint = (self._complaint + lines_home.take(complaint_bytes.decode("utf-8", errors="replace")))[
            -COMPLAINT_LIMIT:
        ]
        return self._complaint.strip()


@dataclass(frozen=True)
class Result:
    """The outcome of work: its report (its last JSON object), what it printed, the content of the file it made."""

    report: dict[str, Any]
    text: str
    content: bytes


class Handle(Future[Result]):
    """Work under way, or waiting for its turn; it belongs to no thread of its caller.

    `result` raises `UserError`: the work refused, took too long, was cancelled, or its process died.

    Attributes:
        progress: The progress that the work reported last; None before the first report.
        figures: The figures that it told half way, by their names; empty before.
    """

    def __init__(self, begin: Callable[[], Child], words: Words) -> None:
        """Only `Workers.start` makes one."""
        super().__init__()
        self.progress: Progress | None = None
        self.figures: dict[str, int] = {}
        self._begin, self._words = begin, words
        self._asked, self._for_request = time.monotonic(), request_id.current()
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._stopped_by: WorkerError | None = None

    @property
    def seconds(self) -> int:
        """Return the whole seconds since the work was asked for."""
        return int(time.monotonic() - self._asked)

    def cancel(self) -> bool:
        """Cancel: waiting work never starts, running work is killed; finished work stays."""
        return self._stop(self._words.cancelled)

    def _stop(self, reason: tuple[str, str]) -> bool:
        with self._lock:
            if self.done() or self._stopped_by is not None:
                return False
            self._stopped_by = WorkerError(*reason)
            if self._child is None:
                self.set_exception(self._stopped_by)
            else:
                self._child.kill()
            return True

    def work(self, seconds: float) -> None:
        """Do the work in a worker's thread, unless it was cancelled."""
        request_id.adopt(self._for_request)
        try:
            self.set_result(self._run(seconds))
        except BaseException as error:  # whatever it is, the caller gets it
            if not isinstance(error, UserError):  # mostly: no process could be started, or no room for its files
                LOG.error("A worker could not do its job: %s", error if isinstance(error, OSError) else type(error))
                error = WorkerError(*self._words.broken)
            if not self.done():
                self.set_exception(error)

    def _run(self, seconds: float) -> Result:
        with self._lock:
            if self._stopped_by is not None:
                raise self._stopped_by
            child = self._child = self._begin()
        try:
            with _limit(seconds, lambda: self._stop(self._words.late)):
                printed, report = self._listen(child.stdout)
                code = child.wait()
            complaint = child.read_complaint()
            if self._stopped_by is not None:
                raise self._stopped_by
            if code != 0 or not printed:  # finished work prints a report
                raise _refusal(report, complaint, code, self._words)
            content = child.directory / RESULT
            return Result(report, printed, content.read_bytes() if content.exists() else b"")
        finally:
            child.end()

    def _listen(self, lines: IO[str]) -> tuple[str, dict[str, Any]]:
        """Take progress as it comes; return the other lines, and the last object in them."""
        printed: deque[str] = deque(maxlen=MOST_LINES)
        report: dict[str, Any] = {}
        for line in lines:
            message = _parse(line)
            if {"what", "done", "total"} <= message.keys():
                self.progress = Progress(message["what"], message["done"], message["total"])
            elif message.keys() == {"figures"}:
                self.figures = message["figures"]
            else:
                printed.append(line)
                report = message or report
        return "".join(printed), report


class Spare:
    """One process that has loaded what the next command needs, and waits a limited time, since it holds memory.

    It may also have done ahead what one command needs (`go_ahead` of the module that it loads).
    """

    def __init__(self, module: str, preload: str, seconds: float) -> None:
        """Have `module` wait for `seconds` at most, after `make_ready` of the module `preload`."""
        self.module, self._preload, self._seconds = module, preload, seconds
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._ahead: dict[str, Any] | None = None
        self._end = threading.Timer(0, self.close)

    def prepare(self, ahead: Mapping[str, Any] | None = None) -> None:
        """Have a process wait from now on, without waiting for its start; do without where none can be started.

        `ahead`: what it is to do ahead, unless it has; JSON-able arguments of `go_ahead`.
        """
        with self._lock:
            if self._child is None or self._child.poll() is not None:
                self._drop()
                with contextlib.suppress(OSError):
                    self._child = Child(self.module, preload=self._preload)
            if self._child is not None and ahead and ahead != self._ahead:
                self._ahead = dict(ahead)
                with contextlib.suppress(OSError):
                    self._child.go_ahead(ahead)
            self._end.cancel()
            self._end = threading.Timer(self._seconds, self.close)
            self._end.daemon = True
            self._end.start()

    def take(self) -> Child | None:
        """Take the waiting process, if there is one; the caller owns it."""
        with self._lock:
            self._end.cancel()
            if self._child is not None and self._child.poll() is not None:
                self._drop()
            child, self._child, self._ahead = self._child, None, None
        return child

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end.cancel()
            self._drop()

    def _drop(self) -> None:
        if self._child is not None:
            self._child.dismiss()
            self._child = self._ahead = None


class Workers:
    """A bounded number of processes and a bounded queue before them; nothing starts before it is needed."""

    def __init__(
        self,
        processes: int = 2,
        waiting: int = 8,
        seconds: float = 300,
        words: Words = EXPORT,
        secrets: Collection[str] = (),
        spare: Spare | None = None,
    ) -> None:
        """Allow `processes` at a time, `waiting` more in the queue, and `seconds` for each once it runs.

        `secrets` names the passwords of the settings that the work needs. Work of its module begins in the process of
        `spare`, if one waits there.
        """
        self.spare = spare
        self.processes, self.waiting, self.seconds, self.words, self.secrets = (
            processes,
            waiting,
            seconds,
            words,
            secrets,
        )
        self._lock = threading.Lock()
        self._queue: SimpleQueue[Handle] = SimpleQueue()
        self._open: set[Handle] = set()
        self._threads = 0

    def start(
        self,
        module: str,
        arguments: Sequence[str] = (),
        text: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> Handle:
        """Start `python -m <module>` with its arguments, standard input and environment, or queue it.

        Raises:
            WorkerError: the queue is full.
        """
        handle = Handle(partial(self._begin, module, arguments, text, environment), self.words)
        with self._lock:
            if sum(not waiting_handle.done() for waiting_handle in list(self._open)) >= self.processes + self.waiting:
                raise WorkerError(*self.words.full)
            self._open.add(handle)
            self._queue.put(handle)
            if self._threads < self.processes:
                self._threads += 1
                threading.Thread(target=self._work, name="worker", daemon=True).start()
        handle.add_done_callback(self._open.discard)
        return handle

    def close(self) -> None:
        """Kill running work and drop waiting work."""
        for handle in list(self._open):
            handle.cancel()
        if self.spare is not None:
            self.spare.close()

    def _begin(self, module: str, arguments: Sequence[str], text: str, environment: Mapping[str, str] | None) -> Child:
        child = self.spare.take() if self.spare is not None and module == self.spare.module else None
        if child is not None:
            try:
                child.begin(arguments, text, self.secrets, environment)
                return child
            except OSError:  # it has ended meanwhile
                child.end()
        return Child(module, arguments, text, self.secrets, environment)

    def _work(self) -> None:
        while True:
            self._queue.get().work(self.seconds)  # and nothing here holds its result


class StandingProcess:
    """One process that stays and answers requests; started when first needed, again when it has died."""

    def __init__(self, module: str, seconds: float, broken: tuple[str, str]) -> None:
        """Allow `seconds` for an answer of `module`, whose main calls `child.serve`; `broken` words a failure."""
        self._begin, self._seconds, self._broken = partial(Child, module), seconds, broken
        self._lock = threading.Lock()
        self._child: Child | None = None

    def ask(self, *arguments: Any) -> bytes:
        """Return the process's answer to JSON-able arguments; waits for earlier requests.

        Raises:
            WorkerError: it failed, or took too long.
        """
        with self._lock:
            try:
                if self._child is None or self._child.poll() is not None:
                    self._end()
                    self._child = self._begin()
                with _limit(self._seconds, self._child.kill):
                    reply = self._child.ask(json.dumps(arguments))
                self._child.read_complaint()
            except OSError as error:  # it died, or was killed because it took too long
                LOG.error("A standing worker gave no answer: %s", without_words(str(error)))
                self._end()
                raise WorkerError(*self._broken) from None
        return base64.b64decode(reply)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


@dataclass(frozen=True)
class Job:
    """A file to be made: the module to run (its main calls `answer`) and JSON-able arguments for it."""

    module: str
    arguments: Mapping[str, Any]


@cache
def default_workers() -> Workers:
    """Return the workers for files that the whole process shares."""
    return Workers()


def submit(job: Job) -> Handle:
    """Start or queue a job with the shared workers; see `Workers.start`."""
    return default_workers().start(job.module, text=json.dumps(dict(job.arguments)))


def run(job: Job) -> Result:
    """Do a job with the shared workers and wait for it; errors as in `submit`, and those of the job."""
    return submit(job).result()


@contextlib.contextmanager
def _limit(seconds: float, expire: Callable[[], object]) -> Iterator[None]:
    """Call `expire` unless the block ends in time."""
    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _parse(line: str) -> dict[str, Any]:
    """Parse a line that is a JSON object; empty for any other."""
    with contextlib.suppress(ValueError):
        content = json.loads(line)
        return content if isinstance(content, dict) else {}
    return {}


def _refusal(report: dict[str, Any], complaint: str, code: int, words: Words) -> UserError:
    """Make an error of the sentences of a process that refused; log any other end and describe it in general words."""
    if code == 1 and "what" in report:
        return _read_refusal(report)
    if code == 1 and complaint and "Traceback (most recent call last)" not in complaint:
        return UserError(" ".join(complaint.split()))
    LOG.error("A process ended with exit code %s: %s", code, without_words(complaint))
    return WorkerError(*words.broken)


def _read_refusal(report: dict[str, Any]) -> UserError:
    """Read the refusal of a process; translatable sentences where the report has their templates and values."""
    what, remedy = str(report["what"]), str(report.get("remedy") or "")
    sentences = report.get("said") or {}
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        what, remedy = unpack(sentences.get("what", what)), unpack(sentences.get("remedy", remedy))
    return UserError(what, remedy)


def without_words(complaint: str) -> str:
    """Shorten a process's complaint for a log to places and the kind of the error; its words may quote a cell."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    if not any(line.startswith("Traceback (most recent call last)") for line in lines):
        return QUOTED.sub("…", lines[-1] if lines else "")
    places = [line for line in lines if line.startswith('File "')]
    return " ".join([*places[-DEEPEST:], lines[-1].partition(":")[0]])


def _environment(directory: str, secrets: Collection[str] = ()) -> dict[str, str]:
    """Make a process's environment: settings (secrets only if named), this program's modules, its own scratch."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if (name in ENVIRONMENT or (name.startswith(SETTINGS) and not is_of_source(name)))
        and name not in SECRETS.difference(secrets) | {ACTOR}
    }
    path = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), directory)
    places[SHARED_TEMPORARY] = find_shared_temporary()
    python = {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8"}
    # Nothing here multiplies matrices, and a fork loses the threads of a process.
    return environment | places | python | {"OPENBLAS_NUM_THREADS": "1"}

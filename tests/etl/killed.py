"""Commands of the program killed where a test says: at one of its steps, or at the n-th change of a file.

A process that has loaded the program, and opened no database, makes a copy of itself for each command (a fork), so that
two hundred kills do not start Python two hundred times.
"""

import io
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from etl import steps

_PATIENCE_SECONDS = 120
_LOADED = [
    f"etl.commands.{name}"
    for name in ("build", "classify", "column", "decide", "draft", "forget", "history", "reports_by_link", "spelling")
]
_CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.truncate"}


class Moment(NamedTuple):
    """A moment of a command: the step in force, and how many changes of files came before it."""

    step: str
    change: int


def list_moments(root: Path, *arguments: object, stdin: str = "") -> list[Moment]:
    """Run a command to its end; the moments it went through: before each step, and before each change of a file."""
    with _without_main(), _context().Pool(1) as pool:
        noted = pool.apply_async(_note, (str(root), [*map(str, arguments)], stdin, _settings()))
        return noted.get(_PATIENCE_SECONDS)


def kill_at(root: Path, number: int, *arguments: object, stdin: str = "") -> bool:
    """Run a command on the campaign `root` and kill it at the moment of this number; whether it came so far."""
    process = _context().Process(target=_die, args=(str(root), number, [*map(str, arguments)], stdin, _settings()))
    with _without_main():
        process.start()
    process.join(_PATIENCE_SECONDS)
    assert process.exitcode in (0, -signal.SIGKILL), (arguments, process.exitcode)
    return process.exitcode != 0


def start(*arguments: object, said: Path = Path(os.devnull)) -> BaseProcess:
    """Start a command in a process of its own, which writes its errors into a file."""
    process = _context().Process(target=_run, args=([*map(str, arguments)], "", _settings(), str(said)))
    with _without_main():
        process.start()
    return process


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_LOADED, "tests.etl.killed"])
    return context


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module: a new process would run it anew, and tests of pages leave a page there."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _settings() -> dict[str, str]:
    """Return the settings of the test: the process that is copied has those of the first one."""
    return {name: value for name, value in os.environ.items() if name.startswith("DASHBOARD_")}


class _Watch:
    """Notes each moment and, at the one that is asked for, kills the process."""

    def __init__(self, root: str, last: int = -1) -> None:
        self.moments: list[Moment] = []
        self._root, self._last, self._step = os.path.realpath(root), last, ""
        steps.listen(self._reach)
        sys.addaudithook(self._change)

    def _reach(self, step: steps.Step) -> None:
        self._step = step.name
        self._pass()

    def _change(self, event: str, arguments: Sequence[object]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
            if not writes and not set("wax+") & set(str(mode or "")):
                return
        elif event not in _CHANGES:
            return
        if isinstance(arguments[0], str | os.PathLike) and str(Path(arguments[0]).absolute()).startswith(self._root):
            self._pass()

    def _pass(self) -> None:
        if len(self.moments) == self._last:
            os.kill(os.getpid(), signal.SIGKILL)
        self.moments.append(Moment(self._step, len(self.moments)))


def _run(arguments: list[str], stdin: str, settings: dict[str, str], said: str = os.devnull) -> None:
    from etl.__main__ import app

    for name in _settings().keys() - settings.keys():
        del os.environ[name]
    os.environ.update(settings)
    with Path(os.devnull).open("w") as nowhere, Path(said).open("w", encoding="utf-8") as errors:
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(stdin), nowhere, errors
        try:
            app(arguments, prog_name="python -m etl")
        finally:
            sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


def _die(root: str, number: int, arguments: list[str], stdin: str, settings: dict[str, str]) -> None:
    _Watch(root, number)
    _run(arguments, stdin, settings)


def _note(root: str, arguments: list[str], stdin: str, settings: dict[str, str]) -> list[Moment]:
    watch = _Watch(root)
    try:
        _run(arguments, stdin, settings)
    except SystemExit as ended:
        assert not ended.code, arguments
    return watch.moments

"""A build done ahead, beside staff who read a preview: as far as their next answer leaves it as it is.

A process goes ahead with the build as if nothing more were answered. At each mark of `Making.make` it forks: one of the
two goes on, the other waits there with all that was read and made until then, which both share. When the answer comes,
the furthest one whose work holds goes on to the end, and the others end. So nothing that is made ahead is ever undone,
and it is kept nowhere but in the memory of these processes: their databases are written when a build ends.

What may differ are the files of staff's answers. If anything else does that a build depends on (`Inputs`), the build
begins from nothing. A process with threads, which a fork would lose, waits at its mark and goes no further.
"""

import atexit
import os
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

from dashboard.campaign.folder import CampaignFolder
from dashboard.engines import close_idle
from dashboard.errors import UserError
from dashboard.ground.processes.progress import Progress
from dashboard.scratch import Scratch
from etl.pipeline.build import Built, Inputs, Making, build
from etl.pipeline.intake import Mark
from etl.pipeline.workspace import DATABASES, alone, measure_exports

MOST = 150_000_000
"""Bytes of exports, as text, up to which a build is done ahead: the processes hold some five times as much."""
TellFigures = Callable[[dict[str, int]], object] | None
_MARKS = tuple(Mark)[1:]
_ahead: "Ahead | None" = None


@contextmanager
def build_further(
    folder: CampaignFolder,
    work_in: Path,
    *,
    exports: Sequence[tuple[str, Path]],
    optional: Collection[str] = (),
    progress: Progress,
    tell_figures: TellFigures = None,
) -> Iterator[Built]:
    """Build as `build` does, from where `go_ahead` has come; nothing is ahead afterwards."""
    inputs = Inputs(folder, tuple(exports), frozenset(optional))
    try:
        built = None if _ahead is None else _ahead.finish(inputs, progress, tell_figures)
        if built is not None:
            yield built
            return
    finally:
        stop()
    with build(
        folder, work_in, exports=exports, optional=optional, progress=progress, tell_figures=tell_figures
    ) as built:
        yield built


def go_ahead(inputs: Inputs, work_in: Path) -> None:
    """Have processes go ahead with this build, in place of any other; without where that cannot be.

    Raises:
        OSError: an input is gone, or no process can be started.
    """
    global _ahead
    stop()
    is_large = measure_exports(path for _, path in inputs.exports)[1] > MOST
    if sys.platform == "linux" and not is_large:
        _ahead = Ahead(inputs, work_in)
        atexit.register(stop)


def stop() -> None:
    """End the processes that have gone ahead."""
    global _ahead
    if _ahead is not None:
        _ahead.close()
        _ahead = None


class Ahead:
    """The processes that have gone ahead with a build, each of which waits at a mark."""

    def __init__(self, inputs: Inputs, work_in: Path) -> None:
        """Let a process go ahead, without waiting for it; arguments as of `build`.

        Raises:
            OSError: an input is gone, or the process cannot be started.
        """
        self._unanswered = inputs.hash_unanswered()
        self._scratch = Scratch("work", work_in, prefix=".build-")
        pipes = [Pipe() for _ in _MARKS]
        self._connections = [ours for ours, _ in pipes]
        close_idle()  # a fork would lose their threads
        self._first = os.fork()
        if not self._first:
            with suppress(BaseException):  # the build itself will tell what is wrong
                for ours in self._connections:
                    ours.close()
                _go(Making(inputs, Path(self._scratch.name)), [theirs for _, theirs in pipes])
            os._exit(0)
        for _, theirs in pipes:
            theirs.close()

    def finish(self, inputs: Inputs, progress: Progress, tell_figures: TellFigures) -> Built | None:
        """Finish the build with the present answers, from the furthest mark whose work holds.

        Its files stay until `close`. Return None where nothing holds, or the build fails: one from nothing tells why.
        """
        with suppress(OSError):
            if inputs.hash_unanswered() == self._unanswered:
                waiting = self._list_waiting()
                while waiting:
                    connection = waiting.pop()
                    if _ask(connection, (inputs, tell_figures is not None)):
                        for other in waiting:
                            _ask(other, _WAIT)
                        return _hear(connection, progress, tell_figures)
        return None

    def _list_waiting(self) -> list[Connection]:
        """List the connections to those that have come to their mark, in the order of the marks."""
        return [one for one in self._connections if not one.closed and one.poll() and _hear_ready(one)]

    def close(self) -> None:
        """End all that wait, and remove their files."""
        waiting = self._list_waiting()
        if not waiting:
            with suppress(ProcessLookupError):
                os.kill(self._first, signal.SIGKILL)  # it has not come to a mark, or has ended
        for connection in reversed(waiting):
            _ask(connection, _END)
        for connection in self._connections:
            connection.close()
        with suppress(ChildProcessError):
            os.waitpid(self._first, 0)
        self._scratch.cleanup()


def _hear_ready(connection: Connection) -> bool:
    try:
        return bool(connection.recv())
    except (EOFError, OSError):
        return False


def _ask(connection: Connection, request: object) -> bool:
    """Send a request to a process that waits; return its answer, False where it has ended."""
    try:
        connection.send(request)
        return bool(connection.recv())
    except (EOFError, OSError):
        return False


def _hear(connection: Connection, progress: Progress, tell_figures: TellFigures) -> Built | None:
    """Tell what a process tells until its build is finished; None where it fails."""
    with suppress(EOFError, OSError):
        while True:
            match connection.recv():
                case Built() as built:
                    return built
                case dict() as figures if tell_figures is not None:
                    tell_figures(figures)
                case what, done, total:
                    progress(what, done, total)
    return None


_WAIT = "wait for the process that went on from here, then end"
_END = "end"


def _go(making: Making, connections: list[Connection]) -> None:
    """Go ahead with a build; at each mark leave a process that waits."""
    steps = making.make()
    for mark, connection in zip(_MARKS, connections, strict=True):
        if next(steps) is not mark:
            raise AssertionError(f"the build has not come to {mark.name}")
        further = None
        with alone(making.connection) as is_alone:
            if is_alone and mark is not _MARKS[-1]:
                further = os.fork()
        if further != 0:
            for other in connections:
                if other is not connection:
                    other.close()
            connection.send(True)
            _stay(making, mark, steps, connection, further)
            return
        connection.close()


def _stay(making: Making, mark: Mark, steps: Iterator[Mark], connection: Connection, further: int | None) -> None:
    """Wait at a mark for what is asked, and do it."""
    request = connection.recv()
    if request == _WAIT:
        for file in DATABASES.values():  # to close any file of a name lets go of the locks that this process has on it
            with suppress(OSError):
                os.close(os.open(making.work / file, os.O_RDONLY))
        connection.send(True)
        if further:
            os.waitpid(further, 0)
        return
    if further:  # it has ended, or has not come to its mark: then it has started no process
        os.kill(further, signal.SIGKILL)
        os.waitpid(further, 0)
    if request == _END:
        return
    inputs, is_told = request
    try:
        holds = making.answer(inputs, mark)
    except UserError:
        holds = False
    connection.send(holds)
    if not holds:
        return
    making.progress = lambda *state: connection.send(state)
    making.tell_figures = connection.send if is_told else None
    for _ in steps:
        pass
    connection.send(making.built)

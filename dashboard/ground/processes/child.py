"""The child's side of `runner`: run a module at low priority, for as long as the parent lives.

A job's module ends in `sys.exit(answer(work))`, that of a standing worker in `serve(work)`; a command's module needs
nothing. A process that waits for its command has loaded what that will need (`wait`). This module loads quickly and
imports next to nothing, since every process begins with it.
"""

import base64
import json
import os
import runpy
import select
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from dashboard.errors import UserError, pack_parts
from dashboard.ground.logs import lines_home
from dashboard.ground.processes.progress import tell_to

INPUT = "input"
RESULT = "result"
WAIT = "--wait"
SOON = 5.0
"""Seconds for which work that a person waits for comes before readers of the pages; longer work steps back then."""


def wait(directory: str, preload: str, module: str) -> None:
    """Call `make_ready` of the module `preload`, then wait for one line and run `module` with it.

    The line holds the arguments and the whole environment as JSON; `INPUT` is written before it comes. Lines before it
    hold arguments of the module's `go_ahead`: what the next command may need done. If the input ends instead, nobody
    needs this process any more, and the module's `stop` is called.
    """
    with suppress(Exception):  # the command itself will tell what is wrong
        import_module(preload).make_ready()
    lines = b""
    while True:  # unbuffered: what follows the last line is the lifeline
        line, end, rest = lines.partition(b"\n")
        if not end:
            if not (piece := os.read(0, 65_536)):
                with suppress(Exception):
                    import_module(preload).stop()
                _leave(directory)
            lines += piece
        elif isinstance(request := json.loads(line), dict):
            lines = rest
            with suppress(Exception):
                import_module(preload).go_ahead(**request)
        else:
            break
    arguments, environment = request
    os.environ.clear()
    os.environ.update(environment)
    if (settings := sys.modules.get("dashboard.settings")) is not None:  # the loaded modules may have read them
        settings.read_again()
    later = threading.Timer(SOON, _step_back)
    later.daemon = True
    later.start()
    _run(directory, module, *arguments)


def run(directory: str, module: str, *arguments: str) -> None:
    """Run a module as `python -m` does, with `INPUT` of `directory`, if it exists, as its standard input.

    The real standard input is a pipe from the parent; when it ends, the parent has gone, was stopped or killed. Then
    nobody needs the work: its directory is removed, and this process and those it started end.
    """
    if hasattr(os, "nice"):  # readers of the pages come first
        os.nice(10 if Path(directory, INPUT).exists() else 5)  # and somebody waits for the answer of a standing worker
    _run(directory, module, *arguments)


def _step_back() -> None:
    """Give readers of the pages priority from now on over all threads of this process and of those it started."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PGRP, 0, 10)


def _run(directory: str, module: str, *arguments: str) -> None:
    text = Path(directory, INPUT)
    lifeline = 0
    if text.exists():
        lifeline = os.dup(0)
        with text.open("rb") as file:
            os.dup2(file.fileno(), 0)
        threading.Thread(target=_outlive_parent, args=(lifeline, directory), daemon=True).start()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a line is heard once it is written
    lines_home.begin()
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        if _is_orphan(lifeline):  # the work may have noticed first, by a failed write
            _leave(directory)


def answer(work: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Do a job: read its arguments, do the work, print its report; return the exit code.

    The arguments are those of `runner.Job`, and `to`, the file to write. A `UserError` becomes an answer with exit code
    1; any other error is a traceback, which the parent handles.
    """
    arguments = json.loads(sys.stdin.read()) | {"to": str(Path.cwd() / RESULT)}
    tell_to(lambda share: print(json.dumps({"what": "", "done": round(share, 4), "total": 1})))
    try:
        report = json.dumps(work(arguments))
        Path(arguments["to"]).stat()  # a report without a file is a mistake
        print(report)
    except UserError as error:
        print(json.dumps({"what": error.what, "remedy": error.remedy, **pack_parts(error)}))
        return 1
    return 0


def limit_memory(most: int = 1 << 30) -> None:
    """Limit the bytes of this process, before it parses what somebody else wrote. Only Linux can: macOS refuses to."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(work: Callable[..., bytes]) -> None:
    """Serve as a standing worker: answer requests, one a line, until the parent has gone."""
    for line in sys.stdin:
        print(base64.b64encode(work(*json.loads(line))).decode("ascii"))


def _outlive_parent(lifeline: int, directory: str) -> None:
    os.read(lifeline, 1)  # nothing is ever sent: this waits for the end
    _leave(directory)


def _is_orphan(lifeline: int) -> bool:
    if not hasattr(select, "poll"):
        return False
    ends = select.poll()
    for descriptor in (lifeline, 1):
        ends.register(descriptor, 0)  # the closed end is reported in any case
    return bool(ends.poll(0))


def _leave(directory: str) -> None:
    for _ in range(100):
        shutil.rmtree(directory, ignore_errors=True)
        if not Path(directory).exists():
            break
        time.sleep(0.01)  # the work goes on meanwhile, and writes
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    if sys.argv[1] == WAIT:
        wait(*sys.argv[2:])
    else:
        run(*sys.argv[1:])

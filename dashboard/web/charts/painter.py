"""Pictures painted by a process that stays: resvg holds the interpreter while it paints, and readers would wait.

A process for each picture, as `workers` starts them, would take longer to start than to paint.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from typing import IO

from dashboard.charts.svg.png import prepare
from dashboard.i18n import N_
from dashboard.paths import PROJECT
from dashboard.processes.runner import KEPT_ENVIRONMENT, WorkerError
from dashboard.web.charts.painter_process import HEADER

LOG = logging.getLogger(__name__)
MODULE = "dashboard.web.charts.painter_process"
MOST_SECONDS = 30.0


class Painter:
    """One painting process, started when first needed and anew when it has died."""

    def __init__(self, seconds: float = MOST_SECONDS, module: str = MODULE) -> None:
        """Allow `seconds` for a picture."""
        self._seconds = seconds
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def paint(self, svg: str, scale: float = 1) -> bytes:
        """An SVG of `pictures` as PNG; waits for those before it.

        Raises:
            WorkerError: it could not be painted, or not in time.
        """
        request = json.dumps(prepare(svg, scale)).encode()
        with self._lock:
            try:
                picture = self._ask(request)
            except OSError as error:
                LOG.error("A picture could not be painted: %s", error)
                self._end()
                picture = b""
        if not picture:
            raise WorkerError(N_("The picture could not be painted."), N_("Try again."))
        return picture

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, request: bytes) -> bytes:
        """What the process answers.

        Raises:
            OSError: it died, or was ended because it took too long.
        """
        process = self._running()
        assert process.stdin is not None  # noqa: S101  (both are pipes)
        assert process.stdout is not None  # noqa: S101
        limit = threading.Timer(self._seconds, process.kill)
        limit.daemon = True
        limit.start()
        try:
            process.stdin.write(HEADER.pack(len(request)) + request)
            process.stdin.flush()
            length = HEADER.unpack(_read(process.stdout, HEADER.size))[0]
            return _read(process.stdout, length)
        finally:
            limit.cancel()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._end()
            kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
            self._process = subprocess.Popen(  # noqa: S603  (this program's own interpreter and module)
                [sys.executable, "-m", self._module],
                env=kept | {"PYTHONPATH": str(PROJECT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C in the server's terminal is the server's to handle
            )
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except OSError:  # what was not yet sent to a process that died
                        LOG.debug("A pipe of the painter was broken.")
            self._process.wait()
            self._process = None


def _read(source: IO[bytes], length: int) -> bytes:
    content = source.read(length)
    if len(content) < length:
        raise BrokenPipeError("the painting process ended")
    return content

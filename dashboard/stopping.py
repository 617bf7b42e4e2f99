"""Ctrl+C, which ends a command of the terminal with one sentence and exit code 130 at any moment.

DuckDB and libraries report it by errors of their own, so it is noted when it comes. The programs begin with this before
they load anything else, which takes a second.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

EXIT_CODE = 130
SENTENCE = "Stopped by Ctrl+C before the end: nothing is half-published. The same command begins anew."

_come: list[int] = []


def begin() -> None:
    """Note from here on that Ctrl+C has come; a process that is to ignore it goes on doing so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _note)
        sys.excepthook = _tell_early


def has_come() -> bool:
    """Return whether Ctrl+C has come."""
    return bool(_come)


@contextmanager
def ending_well() -> Iterator[None]:
    """Run a body that ends at Ctrl+C, without an error."""
    try:
        yield
    except BaseException as error:
        if not (has_come() or isinstance(error, KeyboardInterrupt)):
            raise


def _note(number: int, frame: FrameType | None) -> None:
    _come.append(number)
    signal.default_int_handler(number, frame)


def _tell_early(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Report Ctrl+C while the program is loading: nothing has begun and nothing needs tidying up."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    print(SENTENCE, file=sys.stderr, flush=True)
    os._exit(EXIT_CODE)

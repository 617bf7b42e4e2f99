"""What a log leaves out: words of errors and of libraries may quote a cell, a name, an address or a search.

Of an error stays its kind and the lines of code that it passed through. Of other words go e-mail addresses and the
queries of links; of those that libraries choose, and of those of a `UserError`, what stands in quotation marks and
what may be a token as well.
"""

import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from dashboard.errors import UserError
from dashboard.paths import PROJECT

LEFT_OUT = "…"
MOST_LINES = 12
MOST_ERRORS = 6

_ADDRESS = re.compile(r"[^\s@<>\"'(),;:/?=&]+(?:@|%40)[^\s@<>\"'(),;/?&]+")
_QUERY = re.compile(r"(?<=[\w/.])\?[^\s\"'<>]+")
_QUOTED = re.compile(r"(?<!\w)([\"“«‘'`]).*?[\"”»’'`](?!\w)", re.DOTALL)
_TOKEN = re.compile(r"(?<=/)[\w.~=-]{16,}")


def clean(words: str, is_foreign: bool = False) -> str:
    """Words without addresses and queries, on one line.

    Args:
        words: What is to be written.
        is_foreign: Whether somebody else chose them: then without quotations and tokens too.
    """
    words = _QUERY.sub(f"?{LEFT_OUT}", words)
    if is_foreign:
        words = _TOKEN.sub(LEFT_OUT, _QUOTED.sub(LEFT_OUT, words))
    return " ".join(_ADDRESS.sub(LEFT_OUT, words).split())


def tell(argument: Any) -> Any:
    """What stands in a line for one of its arguments: of an error, what may be said of it."""
    if isinstance(argument, UserError):
        return clean(str(argument), is_foreign=True)
    return tell_kind(argument) if isinstance(argument, BaseException) else argument


def tell_kind(error: BaseException) -> str:
    """The kind of an error, and what the system calls it: `PermissionError (Permission denied)`."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    reason = error.strerror if isinstance(error, OSError) else None
    return f"{kind} ({reason})" if reason else kind


def list_lines(trace: TracebackType | None) -> list[str]:
    """The lines of code that an error passed through, the last one first: `dashboard/server.py:12 answer`."""
    frames = reversed(traceback.extract_tb(trace))
    return [f"{_name(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames][:MOST_LINES]


def tell_error(error: BaseException) -> str:
    """An error and those that led to it: kinds and lines of code, no values."""
    errors = (
        f"{tell_kind(each)} at {' < '.join(list_lines(each.__traceback__)) or LEFT_OUT}" for each in _chain(error)
    )
    return "; because of ".join(errors)


def _chain(error: BaseException) -> Iterator[BaseException]:
    waiting: list[BaseException] = [error]
    for _ in range(MOST_ERRORS):
        if not waiting:
            return
        this = waiting.pop(0)
        yield this
        if isinstance(this, BaseExceptionGroup):
            waiting.extend(this.exceptions)
        led_to_it = this.__cause__ or (None if this.__suppress_context__ else this.__context__)
        if led_to_it is not None:
            waiting.append(led_to_it)


def _name(file: str) -> str:
    path = Path(file)
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else "/".join(path.parts[-2:])

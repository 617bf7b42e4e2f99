"""Format a line of the log: text for people at a terminal, JSON for programs that collect logs.

The words of errors and of libraries may quote a cell, a name, an address or a search. Of an error, a line holds the
kind and the lines of code that it passed through. Other words lose e-mail addresses and the queries of links; words
from libraries and those of a `UserError` also lose what stands in quotation marks and what may be a token.
"""

import copy
import json
import logging
import re
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from dashboard.errors import UserError
from dashboard.ground.logs import request_id
from dashboard.paths import PROJECT

LEFT_OUT = "…"
MOST_LINES = 12
MOST_ERRORS = 6

_ADDRESS = re.compile(r"[^\s@<>\"'(),;:/?=&]+(?:@|%40)[^\s@<>\"'(),;/?&]+")
_QUERY = re.compile(r"(?<=[\w/.])\?[^\s\"'<>]+")
_QUOTED = re.compile(r"(?<!\w)([\"“«‘'`]).*?[\"”»’'`](?!\w)", re.DOTALL)
_TOKEN = re.compile(r"(?<=/)[\w.~=-]{16,}")


def clean(words: str, is_foreign: bool = False) -> str:
    """Remove addresses and queries from words, and put them on one line.

    `is_foreign`: whether they come from elsewhere: then quotations and tokens go too.
    """
    words = _QUERY.sub(f"?{LEFT_OUT}", words)
    if is_foreign:
        words = _TOKEN.sub(LEFT_OUT, _QUOTED.sub(LEFT_OUT, words))
    return " ".join(_ADDRESS.sub(LEFT_OUT, words).split())


def tell(argument: Any) -> Any:
    """Format an argument of a line; of an error, only what is not personal."""
    if isinstance(argument, UserError):
        return clean(str(argument), is_foreign=True)
    return tell_kind(argument) if isinstance(argument, BaseException) else argument


def tell_kind(error: BaseException) -> str:
    """Name the kind of an error and the system's word for it: `PermissionError (Permission denied)`."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    reason = error.strerror if isinstance(error, OSError) else None
    return f"{kind} ({reason})" if reason else kind


def list_lines(trace: TracebackType | None) -> list[str]:
    """List the lines of code that an error passed through, the last one first: `dashboard/server.py:12 answer`."""
    frames = reversed(traceback.extract_tb(trace))
    return [f"{_name(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames][:MOST_LINES]


def tell_error(error: BaseException) -> str:
    """Describe an error and those that led to it: kinds and lines of code, no values."""
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


OWN = ("dashboard", "etl")
"""The loggers of the program; all others are those of libraries."""

FIELDS = ("method", "route", "status", "ms", "bytes", "command", "exit_code", "audit")
"""What a line may hold besides its words, as fields of their own in JSON."""


def is_own(name: str) -> bool:
    """Whether a logger belongs to the program."""
    return name.partition(".")[0] in OWN


def say(record: logging.LogRecord) -> str:
    """Write the words of a line; of an error, only what is not personal."""
    record = copy.copy(record)
    record.msg = tell(record.msg)
    if isinstance(record.args, tuple):
        record.args = tuple(tell(argument) for argument in record.args)
    return clean(record.getMessage(), is_foreign=not is_own(record.name))


def find_error(record: logging.LogRecord) -> str:
    """Describe the error of a line, without values; empty for none."""
    relayed_error = getattr(record, "told_error", "")  # of another process, which sent it as text
    error = record.exc_info[1] if record.exc_info else None
    return relayed_error or (tell_error(error) if error is not None else "")


def find_number(record: logging.LogRecord) -> str:
    """Find the number of the request that a line is about; empty for none."""
    return getattr(record, "request_id", "") or request_id.current()


class TextLines(logging.Formatter):
    """`2026-11-27 12:30:00 WARNING dashboard.web.extracts [1f2e…] words`, in UTC."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        """Put the words last."""
        super().__init__("%(asctime)s %(levelname)s %(name)s%(number)s %(words)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Format a line as one line, whatever its words."""
        number = find_number(record)
        record = copy.copy(record)
        record.number, record.words = f" [{number}]" if number else "", say(record)
        error = find_error(record)
        record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record) + (f": {error}" if error else "")


class JsonLines(logging.Formatter):
    """One object a line: `time`, `level`, `logger`, `message`, and if present `request_id`, `error`, `FIELDS`."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a line as JSON; letters stay as they are."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": say(record),
            "request_id": find_number(record),
            "error": find_error(record),
            "process": record.process,
        }
        of_record = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        filled_fields = {name: value for name, value in fields.items() if value} | of_record
        return json.dumps(filled_fields, ensure_ascii=False, default=str)

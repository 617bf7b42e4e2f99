"""A line of the log: what it says, in text for people at a terminal, and as JSON for programs that collect logs."""

import copy
import json
import logging
import time
from datetime import UTC, datetime
from typing import Any

from dashboard.logs import request_id
from dashboard.logs.discretion import clean, tell, tell_error

OWN = ("dashboard", "etl")
"""The loggers of the program; all others are those of libraries."""

FIELDS = ("method", "route", "status", "ms", "bytes", "command", "exit_code", "audit")
"""What a line may hold besides its words, as fields of their own in JSON."""


def is_own(name: str) -> bool:
    """Whether a logger is the program's."""
    return name.partition(".")[0] in OWN


def say(record: logging.LogRecord) -> str:
    """The words of a line, and of an error what may be said of it."""
    record = copy.copy(record)
    record.msg = tell(record.msg)
    if isinstance(record.args, tuple):
        record.args = tuple(tell(argument) for argument in record.args)
    return clean(record.getMessage(), is_foreign=not is_own(record.name))


def find_error(record: logging.LogRecord) -> str:
    """The error of a line, without values; empty for none."""
    relayed_error = getattr(record, "told_error", "")  # of another process, which told it so
    error = record.exc_info[1] if record.exc_info else None
    return relayed_error or (tell_error(error) if error is not None else "")


def find_number(record: logging.LogRecord) -> str:
    """The number of the request that a line is about; empty for none."""
    return getattr(record, "request_id", "") or request_id.current()


class TextLines(logging.Formatter):
    """`2026-11-27 12:30:00 WARNING dashboard.web.extracts [1f2e…] words`, in UTC."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        """Words come last."""
        super().__init__("%(asctime)s %(levelname)s %(name)s%(number)s %(words)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the words are."""
        number = find_number(record)
        record = copy.copy(record)
        record.number, record.words = f" [{number}]" if number else "", say(record)
        error = find_error(record)
        record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record) + (f": {error}" if error else "")


class JsonLines(logging.Formatter):
    """One object a line: `time`, `level`, `logger`, `message`, and what there is of `request_id`, `error`, `FIELDS`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON; letters stay as they are."""
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

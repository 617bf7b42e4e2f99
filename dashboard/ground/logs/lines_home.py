"""Bring the log lines of a process that the server started into the server's own log.

The process writes them to its standard error, each behind a mark; `take` reads them there and returns the rest, which
is what the process complains of. They get the number of the request for which the process works.
"""

import json
import logging
import re
import sys

from dashboard.ground.logs.lines import FIELDS, find_error, is_own, say

MARK = "\x02log "


class Relay(logging.Handler):
    """Writes everything that the server needs to write the line itself."""

    is_relay = True

    def emit(self, record: logging.LogRecord) -> None:
        """Write one marked line."""
        fields = {
            "name": record.name,
            "level": record.levelno,
            "words": say(record),
            "at": record.created,
            "process": record.process,
            "told_error": find_error(record),
            **{field: getattr(record, field) for field in FIELDS if hasattr(record, field)},
        }
        print(MARK + json.dumps(fields), file=sys.stderr, flush=True)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Do nothing: nobody reads any more."""


def begin() -> None:
    """Set up a process that a server started: all its lines go to the server, which chooses among them."""
    root = logging.getLogger()
    relay = Relay()
    relay.addFilter(lambda record: is_own(record.name) or record.levelno >= logging.WARNING)
    root.addHandler(relay)
    root.setLevel(logging.INFO)
    logging.raiseExceptions = False


def take(complaint: str) -> str:
    """Write the marked lines of a process's standard error to this process's log; return the other lines."""
    rest = []
    for line in re.findall(r"[^\n]*\n|[^\n]+", complaint):
        if line.startswith(MARK):
            _write(line.removeprefix(MARK))
        else:
            rest.append(line)
    return "".join(rest)


def _write(line: str) -> None:
    try:
        fields = json.loads(line)
        logger = logging.getLogger(fields.pop("name"))
        level, words = fields.pop("level"), fields.pop("words")
        record = logger.makeRecord(logger.name, level, "", 0, "%s", (words,), None)
        record.created = fields.pop("at")
        record.__dict__.update(fields)
    except (ValueError, KeyError, TypeError, AttributeError):  # it was killed while it wrote
        return
    if logger.isEnabledFor(level):
        logger.handle(record)

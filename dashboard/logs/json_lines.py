"""A line of the log as JSON, for programs that collect logs; loaded only where it is wanted."""

import logging
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from dashboard.logs.lines import FIELDS, find_error, find_number, say


class JsonLines(JsonFormatter):
    """One object a line: `time`, `level`, `logger`, `message`, and what there is of `request_id`, `error`, `FIELDS`."""

    def __init__(self) -> None:
        """Letters stay as they are."""
        super().__init__(json_ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": say(record),
            "request_id": find_number(record),
            "error": find_error(record),
            "process": record.process,
        }
        known = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        return str(self.serialize_log_record({name: value for name, value in fields.items() if value} | known))

"""A log file that begins anew every day; earlier days stay for as long as the operator wants.

Any number of processes can write into it. `logging.handlers.TimedRotatingFileHandler` does not allow that: of two
processes that turn the page at midnight, the second deletes what the first has put away.
"""

import logging
import os
import re
from datetime import UTC, date, datetime, timedelta
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path

from dashboard.ground.files import locking

MODE = 0o640
"""Its owner writes, its group reads."""


class DailyFile(WatchedFileHandler):
    """Writes lines to a file; a past day's file is called `FILE.2026-11-26`."""

    def __init__(self, file: Path, days: int) -> None:
        """Write to `file`, and keep `days` days besides the present one.

        Raises:
            OSError: it cannot be written.
        """
        self.file, self.days = file, days
        self.today: date | None = None
        file.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(file, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line into the file of its day."""
        day = datetime.fromtimestamp(record.created, UTC).date()
        if day != self.today:
            self.today = day
            self._turn(day)
        super().emit(record)

    def _open(self) -> TextIOWrapper:
        return open(self.file, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, MODE))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Do nothing: a full disk must not stop the program, nor put the words of a line on the terminal."""

    def _turn(self, day: date) -> None:
        """Put away the past day, unless another process has, and remove days that are too old."""
        try:
            with locking.hold(self.file.with_name(f".{self.file.name}.lock"), 5):
                last_day = datetime.fromtimestamp(self.file.stat().st_mtime, UTC).date()
                archive = self.file.with_name(f"{self.file.name}.{last_day}")
                if last_day < day and self.file.stat().st_size and not archive.exists():
                    self.file.replace(archive)
                for old in self._list_older_than(day - timedelta(days=self.days)):
                    old.unlink(missing_ok=True)
        except OSError:  # nor may a folder that cannot be written; lines go on in the file that is open
            return

    def _list_older_than(self, first: date) -> list[Path]:
        name = re.compile(re.escape(self.file.name) + r"\.(\d{4}-\d{2}-\d{2})")
        matches = ((path, name.fullmatch(path.name)) for path in self.file.parent.iterdir())
        return [path for path, match in matches if match and match.group(1) < first.isoformat()]

"""What a command of `python -m etl` prints, read: its progress, its answer, its refusal."""

import json
import logging
import os
from typing import IO, Any, NamedTuple

from dashboard.errors import UserError
from dashboard.i18n import N_

LOG = logging.getLogger(__name__)
COMPLAINT_LIMIT = 4_000


class JobError(UserError):
    """A command could not be done: another one runs, it took too long, was cancelled, or its process died."""


class Progress(NamedTuple):
    """How far a command is: what it is at, and steps done of all."""

    what: str
    done: int
    total: int

    @property
    def share(self) -> float:
        """The part that is done, 0 to 1."""
        return min(1.0, max(0.0, self.done / self.total)) if self.total > 0 else 0.0


def read_progress(line: str) -> Progress | None:
    """The progress that a line tells of, if it is such a line."""
    found = _read_object(line)
    if found is None or not {"what", "done", "total"} <= found.keys():
        return None
    try:
        return Progress(str(found["what"]), int(found["done"]), int(found["total"]))
    except (TypeError, ValueError):
        return None


def _read_object(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def last_object(printed: str) -> dict[str, Any]:
    """The last line that is a JSON object, else the whole if it is one, else nothing."""
    whole = _read_object(printed)
    if whole is not None:
        return whole
    found = (_read_object(line) for line in reversed(printed.splitlines()))
    return next((line for line in found if line is not None), {})


def read_end(complaint: IO[bytes]) -> str:
    """The end of what a command wrote to its standard error."""
    end = complaint.seek(0, os.SEEK_END)
    complaint.seek(max(0, end - COMPLAINT_LIMIT))
    return complaint.read().decode("utf-8", errors="replace").strip()


def refusal(printed: str, complaint: str, exit_code: int) -> UserError:
    """The command's own sentences where it refused; any other end is logged and told in general words."""
    answer = last_object(printed)
    if exit_code == 1 and "what" in answer:
        return UserError(str(answer["what"]), str(answer.get("remedy") or ""))
    if exit_code == 1 and complaint and "Traceback (most recent call last)" not in complaint:
        return UserError(" ".join(complaint.split()))
    LOG.error("A command ended with exit code %s: %s", exit_code, complaint)
    return broken()


def broken() -> JobError:
    """The error for a command that ended without saying why."""
    return JobError(N_("The work stopped before it was finished."), N_("Nothing was changed. Try again."))

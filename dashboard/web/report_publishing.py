"""Reports that count at once: the server has their values published, and a build made, every ten minutes at most.

A thread looks for them; `python -m etl reports --publish` and `build` do the work in processes of their own. Of several
servers of one campaign one does it. What was begun is noted, so that a server that starts takes it up, and a build that
was refused is tried again.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.access.audit.log import write_actor
from dashboard.access.rights import COMMAND_LINE
from dashboard.campaign.copies.reading_copy import is_copy
from dashboard.campaign.folder import read_reports_by_link
from dashboard.campaign.reporting.at_once import PublishingNote, has_publishable, read_note, write_note
from dashboard.campaign.reporting.reports import FOLDER
from dashboard.errors import UserError
from dashboard.faults import computer_faults
from dashboard.ground.files import locking
from dashboard.ground.processes.commands import run_etl
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
APART = timedelta(minutes=10)
"""The least time between the beginnings of two such builds."""
LOOK_SECONDS = 5.0
LOCK = ".publishing"

Run = Callable[[Sequence[str], Mapping[str, str]], Any]


def _now() -> datetime:
    return datetime.now(UTC)


class Publisher:
    """Publishes the values of a campaign's reports, where the campaign says so."""

    def __init__(self, settings: Settings, run: Run = run_etl, clock: Callable[[], datetime] = _now) -> None:
        """Take the settings; `run` runs a command of `python -m etl` and waits for it."""
        self._campaign, self._private = settings.campaign, settings.campaign / "private"
        self._run, self._clock = run, clock

    def look(self) -> None:
        """Publish what is to count at once, if there is something and the last time is long enough ago.

        Raises:
            ComputerError: the note cannot be written.
        """
        rules = read_reports_by_link(self._campaign)
        if not rules.open or rules.publish != "at_once" or not self._is_due():
            return
        try:
            with computer_faults(), locking.hold(self._private / FOLDER / LOCK, 0):
                if self._is_due():  # another server may have done it just now
                    self._publish()
        except locking.InUseError:
            return

    def _is_due(self) -> bool:
        note = read_note(self._private)
        if not has_publishable(self._private) and (note is None or note.is_built):
            return False
        return note is None or not timedelta() <= self._clock() - note.began_at < APART  # a clock may be set back

    def _publish(self) -> None:
        note = PublishingNote(self._clock())
        write_note(self._private, note)
        options, actor = ("--campaign", str(self._campaign), "--json"), write_actor(COMMAND_LINE)
        try:
            self._run(["reports", "--publish", *options], actor)
            self._run(["build", *options], actor)
        except UserError as error:
            LOG.warning("Reports that count at once wait: %s", error)
            write_note(self._private, PublishingNote(note.began_at, refusal=error))
        else:
            write_note(self._private, PublishingNote(note.began_at, is_built=True))


def start(settings: Settings, ended: threading.Event) -> None:
    """Publish until the server ends, beside it; not on a reading copy."""
    if not is_copy(settings):
        publisher = Publisher(settings)
        threading.Thread(target=_follow, args=(publisher, ended), name="publish-reports", daemon=True).start()


def _follow(publisher: Publisher, ended: threading.Event) -> None:
    while not ended.wait(LOOK_SECONDS):
        try:
            publisher.look()
        except UserError as error:  # a full disk: the next look tries again
            LOG.warning("Reports that count at once wait: %s", error)
        except Exception:
            LOG.exception("Publishing reports at once failed unforeseen.")

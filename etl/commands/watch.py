"""`python -m etl watch`: build whenever the inbox or a setting of the campaign changes; fetch sources when due."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import Outcome
from dashboard.campaign.sources import NAMES, Source
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import BusyError, UserError
from dashboard.faults import computer_faults
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import CampaignOption, QuietOption, print_line, refusals
from etl.commands.fetch import say_outcome
from etl.publish import watch as watching
from etl.sources import fetching
from etl.sources.fetching import fetch, note_failure

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
Say = Callable[[str], None]


_FAULT = N_("The program has an error.")
_LOOK = N_("The program will try again automatically; the log has details.")


class _EndedError(Exception):
    """The fetch is given up because the program ends; the next one begins it anew."""


class Fetcher(threading.Thread):
    """Looks every second for due sources; changes of `campaign.toml` count at once."""

    def __init__(self, folder: CampaignFolder, say: Say) -> None:
        """Prepare for a campaign; `say` gets a sentence after each fetch with new files or a failure."""
        super().__init__(name="fetcher", daemon=True)
        self._folder, self._say = folder, say
        self._ended = threading.Event()
        self._told: dict[str, str] = {}

    def run(self) -> None:
        """Fetch until `end` is called."""
        while not self._ended.wait(LOOK_SECONDS):
            self.look()

    def end(self) -> None:
        """End, soon also in the middle of a fetch: that leaves nothing behind."""
        self._ended.set()
        if self.is_alive():
            self.join(5.0)

    def look(self) -> None:
        """Fetch the due sources, one after the other; a fault of one stops no other."""
        try:
            sources = self._folder.load().source
        except (UserError, OSError) as error:
            self._tell("", f"Sources are not fetched: {error}")
            return
        self._told.pop("", None)
        for source in sources:
            note = source_notes.read(self._folder.private, source.name)
            if not self._ended.is_set() and fetching.is_due(source, note, fetching.now()):
                self._fetch(source)

    def _fetch(self, source: Source) -> None:
        name = f"{NAMES[source.tool]}, {source.label}"
        try:
            with (
                computer_faults(),
                acting_here(self._folder.root, Event.FETCHED, source.label, source=source.name) as act,
            ):
                note = fetch(self._folder, source, self._progress)
                act.say(outcome=note.outcome.value, added=note.added, changed=note.changed)
        except (_EndedError, BusyError):
            return
        except UserError as error:
            self._fail(source, f"{name}: {error}", error.what, error.remedy)
        except Exception:
            LOG.exception("Fetching %s failed unforeseen.", source.name)
            self._fail(source, f"{name}: {_FAULT} {_LOOK}", _FAULT, _LOOK)
        else:
            if note.outcome is not Outcome.SAME:
                self._tell(source.name, f"{name}: {say_outcome(note)}")

    def _fail(self, source: Source, sentence: str, what: str, remedy: str) -> None:
        self._tell(source.name, sentence)
        with suppress(OSError):
            note_failure(self._folder, source, what, remedy)

    def _progress(self, *_: object) -> None:
        if self._ended.is_set():
            raise _EndedError

    def _tell(self, name: str, sentence: str) -> None:
        """Report a sentence, but not the same one of the same source again and again."""
        if self._told.get(name) != sentence:
            self._say(sentence)
        self._told[name] = sentence


def watch(
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    quiet: QuietOption = False,
    fetch: Annotated[
        bool, typer.Option("--fetch/--no-fetch", help="Fetch the campaign's sources when they are due.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Build whenever the inbox, a recipe, a codelist, a decision or campaign.toml changes; Ctrl+C ends it."""

    def say(sentence: str) -> None:
        if as_json:
            print_json({"did": sentence})
        else:
            print_line(sentence, quiet)

    with refusals(as_json):
        folder = CampaignFolder(campaign)
        say(f"Watching {folder.root}. Ctrl+C ends.")
        fetcher = Fetcher(folder, say)
        if fetch:
            fetcher.start()
        try:
            watching.watch(folder, say)
        finally:
            fetcher.end()

"""`python -m etl watch`: build whenever the inbox or a setting of the campaign changes; fetch sources when due."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from watchfiles import watch as watch_files

from dashboard import stopping
from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.reports import FOLDER as REPORTS
from dashboard.campaign.source_notes import Outcome
from dashboard.campaign.sources import NAMES, Source
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import BusyError, UserError
from dashboard.faults import computer_faults
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from etl.commands.console import CampaignOption, QuietOption, print_line
from etl.commands.fetch import say_outcome
from etl.inputs.accepted_reports import list_withdrawn
from etl.inputs.inbox import is_unfinished, list_inbox
from etl.publish import history
from etl.publish.holding import only_build
from etl.publish.kept_inputs import is_built_from, list_settings
from etl.publish.publish import publish
from etl.publish.unchanged import build_if_changed
from etl.sources import fetching
from etl.sources.fetching import fetch, note_failure

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
SETTLED_SECONDS = 2.0
LOOK_AGAIN_MS = 10_000  # changes on a network drive are not always reported
ABANDONED_SECONDS = 60.0
FIRST_WAIT = 10.0
LONGEST_WAIT = 600.0
"""Seconds until a failed sending to the object store is tried again, doubled each time."""
_STEP_SECONDS = 0.25
_NEVER_READ = ("published", "private")
Say = Callable[[str], None]
State = tuple[tuple[str, int, int], ...]
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

    folder = CampaignFolder(campaign)
    say(f"Watching {folder.root}. Ctrl+C ends.")
    fetcher = Fetcher(folder, say)
    if fetch:
        fetcher.start()
    try:
        watch_inputs(folder, say)
    finally:
        fetcher.end()


def watch_inputs(folder: CampaignFolder, say: Say, stop: threading.Event | None = None) -> None:
    """Build once if something changed since the published build, then at every change, until Ctrl+C or `stop`.

    A refused build is reported and watching goes on.

    The inbox may not be there yet. `say` gets one sentence after each build.
    """
    stop = stop or threading.Event()
    with stopping.ending_well():
        pointer = history.read_pointer(folder)
        copies = _Copies(folder, say)
        done: State | None = None
        if pointer and is_built_from(folder, str(pointer["build_id"])):
            done = read_state(folder)
            say(f"Nothing has changed since build {pointer['build_id']}.")
        else:
            done = _build(folder, say, stop)
        copies.send()
        changes = watch_files(
            folder.root,
            watch_filter=lambda _change, path: _is_read(folder, Path(path)),
            stop_event=stop,
            rust_timeout=LOOK_AGAIN_MS,
            yield_on_timeout=True,
            debounce=400,
        )
        withdrawals = _Withdrawals(folder)
        for _ in changes:
            if read_state(folder) != done or withdrawals.are_new():
                done = _build(folder, say, stop)
                copies.send()
            copies.send_again()


class _Withdrawals:
    """The files that stakeholders have withdrawn while the figures still name them: a build takes them out."""

    def __init__(self, folder: CampaignFolder) -> None:
        self._folder, self._seen = folder, 0

    def are_new(self) -> bool:
        """Return whether there are any, each time that reports have changed."""
        with suppress(OSError, UserError):
            changed_at = (self._folder.private / REPORTS).stat().st_mtime_ns
            if changed_at != self._seen:
                self._seen = changed_at
                return bool(list_withdrawn(self._folder))
        return False


class _Copies:
    """The sending to the object store after each build, and again later where the store did not answer."""

    def __init__(self, folder: CampaignFolder, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._say, self._clock = folder, say, clock
        self._wait = FIRST_WAIT
        self._due: float | None = None

    def send(self) -> None:
        """Send now, and report any failure."""
        if not Settings.from_environment().store:
            return
        from etl.publish.send_copies import send_if_set  # its library is needed by those who have a store

        failed = send_if_set(self._folder)
        if failed is None:
            self._due, self._wait = None, FIRST_WAIT
            return
        self._say(failed)
        self._due, self._wait = self._clock() + self._wait, min(self._wait * 2, LONGEST_WAIT)

    def send_again(self) -> None:
        """Send the rest, once it is time."""
        if self._due is not None and self._clock() >= self._due:
            self.send()


def read_state(folder: CampaignFolder) -> State:
    """Read name, size and time of everything a build would read, and of files still being written."""
    paths = [path for _, path in (*list_inbox(folder), *list_settings(folder))]
    paths += [path for path in folder.inbox.rglob("*") if is_unfinished(path)]
    state = []
    for path in paths:
        with suppress(OSError):  # gone while it was looked at
            status = path.stat()
            state.append((str(path), status.st_size, status.st_mtime_ns))
    return tuple(sorted(state))


def _build(folder: CampaignFolder, say: Say, stop: threading.Event) -> State | None:
    """Wait until nothing changes any more, build and publish; return the state behind the build.

    None means that the build must be tried again, because another one was running.
    """
    state = _wait_until_settled(folder, stop)
    if stop.is_set():
        return state
    try:
        with (
            computer_faults(),
            acting_here(folder.root, Event.PUBLISHED, how="watch") as act,
            only_build(folder),
            build_if_changed(folder) as built,
        ):
            publish(folder, built, how="watch")
            act.say(built.build_id, build=built.build_id, files=[name for name, _ in built.exports])
    except BusyError as error:
        say(str(error))
        return None
    except UserError as error:
        say(f"Refused: {error}")
        return state
    say(
        f"Nothing has changed since build {built.build_id}."
        if built.is_published
        else f"Published build {built.build_id}."
    )
    return state


def _wait_until_settled(folder: CampaignFolder, stop: threading.Event) -> State:
    """Return the state once it has stayed the same for a while and no file is being written."""
    state, since = read_state(folder), time.monotonic()
    while not stop.wait(_STEP_SECONDS):
        now = read_state(folder)
        if now != state or _is_being_written(now):
            state, since = now, time.monotonic()
        elif time.monotonic() - since >= SETTLED_SECONDS:
            break
    return state


def _is_being_written(state: State) -> bool:
    """Return whether a download or copy is under way; one that has lain still for a while was given up.

    A file of a day to come, because the clock was put back, is watched like any other: a change is a change.
    """
    return any(is_unfinished(Path(path)) and abs(time.time() - at / 1e9) < ABANDONED_SECONDS for path, _, at in state)


def _is_read(folder: CampaignFolder, path: Path) -> bool:
    """Return whether a change of this path may change a build."""
    try:
        first = path.relative_to(folder.root).parts[:1]
    except ValueError:
        return False
    return not first or first[0] not in _NEVER_READ

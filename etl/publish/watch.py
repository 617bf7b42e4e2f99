"""The watch on a campaign folder: a build whenever its inputs have changed and have come to rest."""

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch as watch_files

from dashboard import stopping
from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import BusyError, UserError
from dashboard.faults import computer_faults
from dashboard.settings import Settings
from etl.inputs.inbox import is_unfinished, list_inbox
from etl.publish import history
from etl.publish.holding import only_build
from etl.publish.kept_inputs import is_built_from, list_settings
from etl.publish.publish import publish
from etl.publish.unchanged import build_if_changed

SETTLED_SECONDS = 2.0
LOOK_AGAIN_MS = 10_000  # changes on a network drive are not always reported
ABANDONED_SECONDS = 60.0
FIRST_WAIT = 10.0
LONGEST_WAIT = 600.0
"""Seconds until a failed sending to the object store is tried again, doubled each time."""
_STEP_SECONDS = 0.25
_NEVER_READ = ("published", "private")

State = tuple[tuple[str, int, int], ...]
Say = Callable[[str], None]


def watch(folder: CampaignFolder, say: Say, stop: threading.Event | None = None) -> None:
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
        for _ in changes:
            if read_state(folder) != done:
                done = _build(folder, say, stop)
                copies.send()
            copies.send_again()


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
        with contextlib.suppress(OSError):  # gone while it was looked at
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

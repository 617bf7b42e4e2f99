"""One fetch of one source: asked, brought up to date, put where a person would put it; or nothing at all.

Files are kept as they came under `private/fetched/<name>/`, so that the next fetch needs only new data. A file in the
inbox is replaced in one step, and only when it has changed. A source is asked again on its schedule, spread a little;
after failures later and later.
"""

import hashlib
import random
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import FetchNote, FileNote, Outcome, SourceNote, moment
from dashboard.campaign.sources import NAMES, Source, Tool
from dashboard.errors import BusyError, UserError, sentence
from dashboard.ground.files import locking
from dashboard.ground.files.writing import hash_file, put_file
from dashboard.ground.processes.progress import Progress
from dashboard.i18n import N_
from dashboard.settings import Settings
from etl.publish.kept_inputs import make_private
from etl.sources import delivery
from etl.sources.asking import NOT_AS, Asking, FarSideError, LaterError
from etl.sources.delivery import Delivered, UnknownError
from etl.sources.far_side import NOTHING, Arrival, Before, FarSide, FarSides, Fetched, Form, Known
from etl.sources.merging import Merged, OtherColumnsError, look, merge
from etl.sources.network import Credentials, Reach, open_client, read_credentials

LONGEST_PAUSE = timedelta(hours=6)
"""At the latest after so long a source that fails is asked again, unless its own schedule is rarer."""
WHOLE_EVERY = timedelta(days=1)
"""The interval of fetching all of a source, which shows changes and removals on the far side."""
SPREAD = 0.1
"""The part of its time by which a fetch comes earlier, so that many sources and servers do not ask at once; later after
failures, and where the server asks for a pause."""
Chance = Callable[[], float]


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def plan_next(
    source: Source, failures: int, pause: float | None, at: datetime, chance: Chance = random.random
) -> datetime:
    """Plan when a source that was asked at a moment is asked again.

    `failures`: the number of failed fetches in a row, this one included; `pause`: the seconds that the server asks
    for. `chance` returns numbers from 0 to 1.
    """
    if not failures and pause is None:
        return at + source.every * (1 - SPREAD * chance())  # no new file waits for longer than the source says
    wait = source.every
    if failures:
        wait = min(source.every * 2 ** min(failures - 1, 20), max(LONGEST_PAUSE, source.every))
    if pause is not None:
        wait = max(wait, timedelta(seconds=min(pause, LONGEST_PAUSE.total_seconds())))
    return at + wait * (1 + SPREAD * chance())


def is_due(source: Source, note: SourceNote, at: datetime) -> bool:
    """Return whether it is time to ask; a moment so far off that the clock must have been put back does not count."""
    planned = moment(note.next_at)
    longest = max(source.every, LONGEST_PAUSE) * (1 + SPREAD)
    return planned is None or at >= planned or planned - at > longest


def is_whole_due(note: SourceNote, at: datetime) -> bool:
    """Return whether all is to be fetched again."""
    before = moment(note.whole_at)
    return before is None or not timedelta(0) <= at - before < WHOLE_EVERY


LONGEST_NAME = 200
"""Bytes of a file's name; systems take 255, and files beside it have longer ones."""
SHOWN_OF_NAME = 40

_MODULES: Mapping[Tool, str] = {
    Tool.KOBOTOOLBOX: "kobotoolbox",
    Tool.ODK_CENTRAL: "odk_central",
    Tool.LIMESURVEY: "limesurvey",
    Tool.WEB: "place_files",
    Tool.SFTP: "sftp_files",
    Tool.BUCKET: "place_files",
    Tool.FOLDER: "place_files",
}
"""The module of each tool, with its `FAR_SIDES`; it is imported when it is needed, since some libraries take long."""
Deliver = Callable[[CampaignFolder, Source, Mapping[str, Path], str, Progress], Delivered]


class TryWholeError(Exception):
    """The part does not fit the earlier data: all is to be fetched."""


@dataclass(frozen=True)
class FetchedExport:
    """A fetched file as it goes into the inbox; `is_other`: whether it changed since the last fetch."""

    name: str
    path: Path
    note: FileNote
    added: int = 0
    changed: int = 0
    is_other: bool = True


def fetch(
    folder: CampaignFolder,
    source: Source,
    progress: Progress,
    *,
    reach: Reach | None = None,
    is_whole: bool = False,
    deliver: Deliver = delivery.deliver,
) -> FetchNote:
    """Fetch a source now, and note the result, also where it fails.

    Without `reach` the settings decide which addresses are permitted; `is_whole` fetches all, whatever came before.

    Raises:
        BusyError: it is being fetched already.
    """
    place = make_private(folder, source_notes.COPIES, source.name)
    what = sentence(N_("{source} is already being fetched."), source=source.label)
    with locking.hold(place / ".lock", 0, BusyError(what, N_("Wait until that has ended."))):
        return _Fetch(folder, source, progress, reach, place, deliver).run(is_whole)


@contextmanager
def open_asking(
    source: Source, progress: Progress, secrets: Credentials, reach: Reach | None = None
) -> Iterator[Asking]:
    """Prepare to ask a source's server.

    Raises:
        UserError: it cannot be had, or a setting of the network cannot be used; no secret is repeated.
    """
    settings = Settings.from_environment()
    scheme = "Token" if source.tool is Tool.KOBOTOOLBOX else "Bearer"
    headers = {"Authorization": f"{scheme} {secrets['TOKEN']}"} if secrets["TOKEN"] else {}
    reach = reach or Reach(settings.source_networks)
    with open_client(settings, secrets, reach) as client:
        yield Asking(source, client, secrets, reach, settings.source_mb * 1024**2, progress, headers)


def bring_whole(source: Source, to: Path, progress: Progress) -> list[Path]:
    """Fetch all files of a source into a folder, by their names in the inbox; nothing is noted.

    Raises:
        UserError: it cannot be had; no secret is repeated.
    """
    secrets = read_credentials(source)
    try:
        with open_asking(source, progress, secrets) as asking, TemporaryDirectory(dir=to) as work:
            arrivals = _ask_side(asking, lambda _name: NOTHING, Path(work)).arrivals
            return [one.path.replace(to / Path(one.name).name) for one in arrivals]
    except UserError as error:
        raise secrets.clean(error) from None


def list_forms(source: Source, reach: Reach | None = None) -> list[Form]:
    """List the forms that a source's secret may see, by their titles.

    Raises:
        UserError: they cannot be had, or the tool has none; no secret is repeated.
    """
    ask = _find_side(source.tool).list_forms
    if ask is None:
        what = sentence(N_("{source} is a file, which has no forms."), source=source.label)
        raise UserError(what, N_("See what it would bring: etl source test."))
    secrets = read_credentials(source)
    try:
        with open_asking(source, lambda *_: None, secrets, reach) as asking, _understood(source):
            return sorted(ask(asking), key=lambda form: form.title.casefold())
    except UserError as error:
        raise secrets.clean(error) from None


def _find_side(tool: Tool) -> FarSide:
    sides: FarSides = import_module(f"etl.sources.{_MODULES[tool]}").FAR_SIDES
    return sides[tool]


def _ask_side(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """Fetch from a source's tool; errors as in `_understood`."""
    with _understood(asking.source):
        fetched = _find_side(asking.source.tool).fetch(asking, find_before, place)
    for name in (arrival.name for arrival in fetched.arrivals):
        if len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
            raise FarSideError(
                sentence(N_("The name of {file} is too long for a file here."), file=f"{name[:SHOWN_OF_NAME]}…"),
                N_("Have it renamed where it comes from."),
            )
    return fetched


@contextmanager
def _understood(source: Source) -> Iterator[None]:
    """Turn whole answers with missing or wrong parts into a fault of the far side."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise FarSideError(
            sentence(NOT_AS, host=source.host or source.label, tool=sentence(NAMES[source.tool])),
            N_("Check the address and the tool; another version of the tool may answer otherwise."),
        ) from error


def note_failure(folder: CampaignFolder, source: Source, what: str, remedy: str) -> None:
    """Note that a source could not even be asked, so that it is asked again later and not at once."""
    at = now()
    failed = FetchNote(at.isoformat(timespec="seconds"), Outcome.FAILED, what=what, remedy=remedy)
    _write_note(folder, source, source_notes.read(folder.private, source.name), failed, at)


def _write_note(
    folder: CampaignFolder,
    source: Source,
    note: SourceNote,
    fetched: FetchNote,
    at: datetime,
    pause: float | None = None,
) -> None:
    """Note the result of a fetch, and the time of the next one."""
    failures = note.failures + 1 if fetched.outcome in (Outcome.FAILED, Outcome.LATER) else 0
    planned = plan_next(source, failures, pause, at).isoformat(timespec="seconds")
    source_notes.write(folder.private, source.name, note.after(fetched, failures=failures, next_at=planned))


class _Fetch:
    """One fetch under way."""

    def __init__(
        self,
        folder: CampaignFolder,
        source: Source,
        progress: Progress,
        reach: Reach | None,
        place: Path,
        deliver: Deliver,
    ) -> None:
        self._folder, self._source, self._progress, self._reach, self._place = folder, source, progress, reach, place
        self._publish = deliver
        self._secrets = Credentials()
        self._before = source_notes.read(folder.private, source.name)
        self._note = self._before
        # With other words in `campaign.toml`, all is fetched anew.
        parts = (source.tool, source.address, source.form, source.inbox_name, source.file, source.language)
        asks = hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]
        if self._before.asks != asks:
            self._note = SourceNote(asks=asks, fetches=self._before.fetches)
        self._at = now()
        self._clock = time.monotonic()

    def run(self, is_whole: bool) -> FetchNote:
        pause: float | None = None
        for abandoned_folder in self._place.glob("fetch-*"):  # by a fetch that was killed
            shutil.rmtree(abandoned_folder, ignore_errors=True)
        try:
            self._secrets = read_credentials(self._source)
            note = self._bring(is_whole or is_whole_due(self._note, self._at))
        except LaterError as error:
            pause = error.seconds
            note = self._fail(Outcome.LATER, error)
        except UserError as error:
            note = self._fail(Outcome.FAILED, error)
            if isinstance(error, UnknownError):
                self._note = replace(self._note, waits_in=error.waits_in)
        if self._before.waits_in and self._note.asks != self._before.asks:  # the waiting files came from another place
            shutil.rmtree(self._folder.private / "drafts" / self._before.waits_in, ignore_errors=True)
        _write_note(self._folder, self._source, self._note, note, self._at, pause)
        return note

    def _bring(self, is_whole: bool) -> FetchNote:
        """Ask, bring up to date, deliver."""
        with TemporaryDirectory(dir=self._place, prefix="fetch-") as work:
            fetched, arrived, is_all = self._ask(Path(work), is_whole)
            size = sum(arrival.path.stat().st_size for arrival in fetched.arrivals)
            outcome, refused = self._deliver([one for one in arrived if one.is_other])
            for one in arrived:
                put_file(one.path, self._find_copy(one.name))
            return self._say(fetched, [_note_refusal(one, refused) for one in arrived], outcome, is_all, size)

    def _ask(self, work: Path, is_whole: bool) -> tuple[Fetched, list[FetchedExport], bool]:
        """Fetch, and make the files; in part where that fits the earlier data, else whole."""
        with open_asking(self._source, self._progress, self._secrets, self._reach) as asking:
            try:
                fetched = _ask_side(asking, (lambda _name: NOTHING) if is_whole else self._know, work)
                return fetched, [self._settle(arrival, work) for arrival in fetched.arrivals], is_whole
            except TryWholeError:
                return self._ask(work, is_whole=True)

    def _know(self, name: str) -> Before:
        """Return the last fetch of a file, where the copy of it is still whole."""
        note, path = self._note.files.get(name), self._find_copy(name)
        if note is None or not path.is_file() or hash_file(path) != note.sha256:
            return NOTHING
        return Before(path, note.answers or 0, note.etag, note.modified, note.last, note.gone)

    def _find_copy(self, name: str) -> Path:
        return self._place / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}{Path(name).suffix}"

    def _settle(self, arrival: Arrival, work: Path) -> FetchedExport:
        """Make the file as it goes into the inbox, if the part fits the earlier data."""
        former_path, former = self._know(arrival.name).path, self._note.files.get(arrival.name)
        path, merged = arrival.path, Merged()
        if arrival.shape is not None and former_path is not None:
            path = work / f"merged{Path(arrival.name).suffix}"
            try:
                merged = merge(former_path, arrival.path, path, arrival.shape, is_whole=arrival.is_whole)
            except OtherColumnsError:
                if not arrival.is_whole:
                    raise TryWholeError from None
                path, merged = arrival.path, Merged()
            if arrival.is_whole and not merged.gone:
                path = arrival.path  # the tool's own bytes
            gone_before = 0 if former is None else len(former.gone)
            if not arrival.is_whole and arrival.expected not in (None, merged.answers - gone_before):
                raise TryWholeError
        elif arrival.shape is not None:
            if not arrival.is_whole:
                raise TryWholeError
            merged = replace(merged, added=look(path, arrival.shape)[0])
        return self._describe(arrival, path, merged, former)

    def _describe(self, arrival: Arrival, path: Path, merged: Merged, former: FileNote | None) -> FetchedExport:
        sha256 = hash_file(path)
        last = arrival.last
        if not last and arrival.shape is not None and arrival.last_column:
            last = look(path, arrival.shape, arrival.last_column)[1]
        gone = merged.gone if arrival.is_whole or former is None else former.gone
        note = FileNote(
            sha256, arrival.etag, arrival.modified, last, arrival.expected, self._at.isoformat(timespec="seconds"), gone
        )
        is_known = former is not None and former.sha256 == sha256 and self._find_copy(arrival.name).is_file()
        if is_known and former is not None:
            note = replace(note, fetched_at=former.fetched_at)
            is_known = not former.what  # an unreadable file is tried again when all is fetched
        target = self._folder.inbox / arrival.name
        is_other = not is_known and not (target.is_file() and hash_file(target) == sha256)
        return FetchedExport(arrival.name, path, note, merged.added, merged.changed, is_other)

    def _deliver(self, arrived: list[FetchedExport]) -> tuple[Outcome, Mapping[str, UserError]]:
        """Deliver new files; return the outcome, and those of them that could not be read."""
        if not arrived:
            return Outcome.SAME, {}
        self._refuse_names([one.name for one in arrived])
        waiting = self._note.waits_in if (self._folder.private / "drafts" / self._note.waits_in).is_dir() else ""
        files = {one.name: one.path for one in arrived}
        delivered = self._publish(self._folder, self._source, files, waiting, self._progress)
        self._note = replace(self._note, waits_in=delivered.waits_in)
        return delivered.outcome, {name: self._secrets.clean(error) for name, error in delivered.refused.items()}

    def _refuse_names(self, names: Iterable[str]) -> None:
        """Refuse files that would replace those of another source of the campaign."""
        for source in self._folder.load().source:
            if source.name == self._source.name:
                continue
            file_names = {name.casefold() for name in source_notes.read(self._folder.private, source.name).files}
            for name in names:
                if name.casefold() in file_names:
                    raise FarSideError(
                        sentence(N_("{file} comes from the source {source} already."), file=name, source=source.label),
                        N_("Give one of them another name there, or say in campaign.toml which files are taken."),
                    )

    def _say(
        self, fetched: Fetched, arrived: list[FetchedExport], outcome: Outcome, is_whole: bool, size: int
    ) -> FetchNote:
        """Note the fetched files with the source; return the note of the fetch."""
        files = {name: replace(file, is_gone=name not in fetched.names) for name, file in self._note.files.items()}
        files |= {one.name: one.note for one in arrived}
        whole_at = self._at.isoformat(timespec="seconds") if is_whole else self._note.whole_at
        self._note = replace(self._note, files=files, whole_at=whole_at)
        changed_files = [one for one in arrived if one.is_other]
        return FetchNote(
            self._at.isoformat(timespec="seconds"),
            outcome,
            sum(one.added for one in changed_files),
            sum(one.changed for one in changed_files),
            self._note.answers,
            size,
            round(time.monotonic() - self._clock, 1),
        )

    def _fail(self, outcome: Outcome, error: UserError) -> FetchNote:
        """Note a failed fetch; all earlier data of the source stays, also where it asks otherwise now."""
        if not isinstance(error, UnknownError):
            self._note = self._before
        cleaned, seconds = self._secrets.clean(error), round(time.monotonic() - self._clock, 1)
        at = self._at.isoformat(timespec="seconds")
        return FetchNote(at, outcome, seconds=seconds, what=cleaned.what, remedy=cleaned.remedy)


def _note_refusal(settled_file: FetchedExport, refused: Mapping[str, UserError]) -> FetchedExport:
    """Return a file with the reason why it cannot be read, where there is one."""
    error = refused.get(settled_file.name)
    if error is None:
        return settled_file
    return replace(settled_file, note=replace(settled_file.note, what=error.what, remedy=error.remedy))

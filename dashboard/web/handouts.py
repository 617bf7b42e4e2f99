"""Deliver what is asked for: 304 where the client has it, else the kept answer, else one made in turn, once for all.

Finished texts and pictures stay in memory, compressed as they are sent, and tables' files on disk, while there is room.
A few threads behind bounded queues make the others, so that neither the event loop nor quick answers wait for slow
ones: a queue for work of milliseconds, one for pictures, one for files that the database writes, and two that wait for
worker processes.
"""

import logging
import os
import re
import time
import weakref
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from dashboard.cache import Cache, Lane, give_way
from dashboard.errors import sentence
from dashboard.ground.processes.runner import WorkerError
from dashboard.i18n import N_
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot import kept_builds
from dashboard.snapshot.database import Snapshot
from dashboard.web.guard.allowances import have_made
from dashboard.web.http import (
    FRESH,
    IDENTITY,
    OPEN,
    answer_body,
    answer_content,
    answer_headers,
    answer_unmodified,
    compress,
    compress_file,
    edition,
    encoding_headers,
    hash_parts,
    name_encoding,
    name_type,
    read_query,
)
from dashboard.web.refusals import NOTHING, Endpoint, answer_words, explained_to_all

LOG = logging.getLogger(__name__)
MEGABYTES = 64
"""Memory for finished answers: some ten thousand embed pages, or a thousand pictures."""
DISK_MEGABYTES = 256
"""Room on disk for tables' files."""


class LaneSize(NamedTuple):
    """A queue: the number of answers in the making, and of further ones that may wait.

    Attributes:
        cost: What one counts for its client, of `allowances.COSTS`.
        refusal: The words for a reader when there are too many.
        begin: The first work of each thread.
    """

    threads: int
    waiting: int
    cost: str
    refusal: str
    begin: Callable[[], object] | None = None


_CHARTS, _FILES = N_("Too many charts are being drawn at once."), N_("Too many files are being prepared at once.")
_WRITERS = min(max(os.cpu_count() or 2, 2), 4)
LANES = {
    "page": LaneSize(1, 1_200, "text", _CHARTS),
    "picture": LaneSize(1, 250, "picture", _CHARTS),
    "file": LaneSize(4, 12, "file", _CHARTS),
    "table": LaneSize(_WRITERS, 60, "text", _FILES, give_way),
    "workbook": LaneSize(_WRITERS, 60, "file", _FILES),
}
"""One thread draws: two draw no more, since most of drawing holds the interpreter, and slow the pages twice as much."""

AT_ONCE = ""
"""The lane of texts that are made in no turn, and count nothing for a client."""

_PART = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


@dataclass(frozen=True)
class Handout:
    """What one request gets.

    Attributes:
        key: Stands for all that it is made from.
        headers: Those beside the ones of its encoding, by names in small letters.
        make: Makes it, uncompressed, in a thread; or writes it, at the path that it is given.
        kind: Its kind in `/metrics`.
        lane: The queue for its making, of `LANES`.
        cost: What its making counts for the client, where that is not the lane's.
        is_file: Whether `make` writes a file, which is kept on disk.
        is_made_for_head: Whether a HEAD request makes it, so that its length is known.
    """

    key: str
    media_type: str
    headers: Mapping[str, str]
    make: Callable[..., Any]
    kind: str
    lane: str = "page"
    cost: str = ""
    is_file: bool = False
    is_made_for_head: bool = True


class StandingFile:
    """A file that others put there, and may remove."""

    def __init__(self, path: Path) -> None:
        """Look at the file at `path`.

        Raises:
            FileNotFoundError: it is gone.
        """
        self.path = path
        self.stat = path.stat()


class FinishedFile(StandingFile):
    """A finished file; it is there as long as anybody holds this object."""

    def __init__(self, path: Path) -> None:
        """Take over the file at `path`."""
        super().__init__(path)
        weakref.finalize(self, path.unlink, missing_ok=True)


class Store:
    """Finished answers by key and encoding, each made once; and the counts of requests and makings for `/metrics`."""

    def __init__(
        self,
        megabytes: float = MEGABYTES,
        disk_megabytes: float = DISK_MEGABYTES,
        lanes: Mapping[str, LaneSize] = LANES,
    ) -> None:
        """Keep so much in memory and on disk; a file that is larger than the room is kept alone."""
        memory, disk = int(megabytes * 1_000_000), int(disk_megabytes * 1_000_000)
        self.bodies = Cache[tuple[str, str], bytes](memory, len, largest=memory // 4)
        self.files = Cache[tuple[str, str], FinishedFile](disk, lambda file: min(file.stat.st_size, disk))
        self.lanes = {
            name: Lane(name, size.threads, size.waiting, size.refusal, size.begin) for name, size in lanes.items()
        }
        self.requests: Counter[tuple[str, str]] = Counter()
        """By kind and outcome (`unmodified`, `kept`, `made`)."""
        self.made: Counter[str] = Counter()
        self.milliseconds: Counter[str] = Counter()
        """The time spent making answers, by kind."""
        self._numbers = count(1)

    @property
    def refused(self) -> int:
        """How many answers were refused because too many were waiting."""
        return sum(lane.refused for lane in self.lanes.values())

    def find(self, handout: Handout, encoding: str) -> bytes | FinishedFile | None:
        """Return the answer in an encoding, if it is there."""
        return (self.files if handout.is_file else self.bodies).find((handout.key, encoding))

    def submit(self, handout: Handout, encoding: str) -> "Future[Any]":
        """Return the answer to come, made in its lane unless it is there or under way; raise what its making raises.

        A file that could not be written raises a `WorkerError`.

        Raises:
            BusyError: too many answers are waiting.
        """
        key, lane = (handout.key, encoding), self.lanes[handout.lane]
        if handout.is_file:
            return self.files.submit(key, lambda: self._write(handout, encoding), lane)
        return self.bodies.submit(key, lambda: self._make(handout, encoding), lane)

    def make_at_once(self, handout: Handout, encoding: str) -> bytes:
        """Return the answer, made in this thread unless it is there."""
        return self.bodies.get((handout.key, encoding), lambda: self._make(handout, encoding))

    def close(self) -> None:
        """Give up the work that has not begun, and drop every answer that nobody holds."""
        for lane in self.lanes.values():
            lane.close()
        self.bodies.clear()
        self.files.clear()

    def _make(self, handout: Handout, encoding: str) -> bytes:
        started_at = time.perf_counter()
        body: bytes | None = self._find_plain(handout.key)
        if body is None:
            body = handout.make()
            self._note(handout, started_at)
        return compress(body, encoding)

    def _find_plain(self, key: str) -> bytes | None:
        """Find the answer in another encoding: unpacking is cheaper than drawing."""
        plain = self.bodies.find((key, IDENTITY))
        if plain is not None:
            return plain
        packed = self.bodies.find((key, "br"))
        return None if packed is None else bytes(brotli.decompress(packed))

    def _write(self, handout: Handout, encoding: str) -> FinishedFile:
        started_at, path = time.perf_counter(), self._folder / str(next(self._numbers))
        try:
            handout.make(path)
            compress_file(path, encoding)
            self._note(handout, started_at)
            return FinishedFile(path)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if not isinstance(error, OSError):
                raise
            LOG.error("An extract could not be written: %s", error)
            raise WorkerError(N_("Preparing the file stopped before it finished."), N_("Try again.")) from None

    def _note(self, handout: Handout, started_at: float) -> None:
        self.made[handout.kind] += 1
        self.milliseconds[handout.kind] += round((time.perf_counter() - started_at) * 1000)

    @cached_property
    def _folder(self) -> Path:
        """The folder of the files, made when first needed and removed when the process ends."""
        scratch = Scratch("extracts")
        weakref.finalize(self, scratch.cleanup)
        return Path(scratch.name)


@cache
def store() -> Store:
    """Return the finished answers of this process."""
    return Store()


def close() -> None:
    """Give up unfinished answers, so that the process can end."""
    store().close()
    store.cache_clear()


async def deliver(request: Request, handout: Handout) -> Response:
    """Deliver what a request gets; errors as in `have_made`, and those of its making."""
    finished, encoding = store(), name_encoding(request, handout.media_type)
    headers = {**encoding_headers(handout.key, encoding, handout.media_type), **handout.headers}
    if handout.is_file:
        headers["accept-ranges"] = "bytes" if encoding == IDENTITY else "none"
    unmodified = answer_unmodified(request, headers)
    answer: Any = None if unmodified else finished.find(handout, encoding)
    finished.requests[handout.kind, "unmodified" if unmodified else "made" if answer is None else "kept"] += 1
    if unmodified is not None:
        return unmodified
    if answer is None and request.method == "HEAD" and not handout.is_made_for_head:
        return answer_headers(headers)
    if answer is None and handout.lane == AT_ONCE:
        answer = await run_in_threadpool(finished.make_at_once, handout, encoding)
    if answer is None:
        cost = handout.cost or LANES[handout.lane].cost
        answer = await have_made(request.scope, cost, partial(finished.submit, handout, encoding))
    return FileAnswer(answer, headers) if isinstance(answer, FinishedFile) else answer_body(request, answer, headers)


def hand_out(
    read: Callable[[Request], Handout], explain: Callable[[Endpoint], Endpoint] = explained_to_all
) -> Endpoint:
    """Make the endpoint of a route from a function that reads its requests, in a thread."""

    @explain
    async def answer(request: Request) -> Response:
        return await deliver(request, await run_in_threadpool(read, request))

    return answer


class Content(NamedTuple):
    """A text that is known by what it says: its kind in `/metrics`, itself, its headers."""

    kind: str
    body: bytes
    headers: Mapping[str, str]
    media_type: str = "application/json"


def hand_out_content(write: Callable[[Request], Content]) -> Endpoint:
    """Make the endpoint of a route whose texts are made in turn with charts at every request, and known by content."""

    @explained_to_all
    async def answer(request: Request) -> Response:
        def make() -> Response:
            content = write(request)
            answer = answer_content(request, *content[1:])
            store().requests[content.kind, "unmodified" if answer.status_code == 304 else "made"] += 1
            return answer

        return await have_made(request.scope, "text", lambda: store().lanes["page"].submit(make))

    return answer


class RequestContext(NamedTuple):
    """What a request asks of: the settings in force, the parameters of its address, and the build that they name."""

    settings: Settings
    query: dict[str, list[str]]
    snapshot: Snapshot

    def hash_with(self, *parts: object) -> str:
        """Hash what an answer is made from: program, build, campaign, and its own parts."""
        build = self.snapshot.build_id, self.snapshot.built_at
        return hash_parts([edition(), *build, str(self.settings.campaign), *parts])


def hold_text(
    media_type: str, parts: Sequence[object], write: Callable[[], str], headers: Mapping[str, str] = NOTHING
) -> Handout:
    """Hold a text ready that is made at once; `parts`: what it is made from beside the program."""
    key = hash_parts([edition(), media_type, *parts])
    all_headers = {"cache-control": FRESH, **headers}
    return Handout(key, name_type(media_type), all_headers, lambda: write().encode(), "text", AT_ONCE)


def open_context(request: Request) -> RequestContext:
    """Open what a request asks of. Block; errors as in `kept_builds.find`."""
    settings, query = Settings.from_environment(), read_query(request)
    return RequestContext(settings, query, kept_builds.find(settings, query))


class FileAnswer(FileResponse):
    """A file response that holds its file until it is sent, whole or the one part of it that is asked for."""

    chunk_size = 256 * 1024

    def __init__(self, file: StandingFile, headers: dict[str, str]) -> None:
        """Answer with `file` under `headers`, which say by `accept-ranges` whether parts of it are sent."""
        super().__init__(file.path, headers=headers, stat_result=file.stat)
        self.file = file
        del self.headers["last-modified"]  # when the copy was made, which says nothing about the data

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or its part; where it has no such part, say how long it is."""
        request, size = Request(scope), self.file.stat.st_size
        first = find_first_byte(request, self.headers, size)
        if first is not None and first >= size:
            problem = sentence(N_("The file has {size} bytes: ask for a part of these."), size=size)
            headers = OPEN | {"content-range": f"bytes */{size}"}
            await answer_words(request, 416, N_("The file has no such part"), (problem,), headers)(scope, receive, send)
            return
        without = (b"range", b"if-range") if first is None else (b"if-range",)
        await super().__call__(
            {**scope, "headers": [header for header in scope["headers"] if header[0] not in without]}, receive, send
        )


def find_first_byte(request: Request, headers: Mapping[str, str], size: int) -> int | None:
    """Where the one part begins that a request asks for, `size` or more if there is none; None for the whole file.

    RFC 9110 allows the whole for several parts and for what is no range, and asks for it where `If-Range` names
    another answer.

    `headers` and `size`, in bytes, are those of the whole.
    """
    byte_range = _PART.fullmatch(request.headers.get("range", "").strip())
    is_same = request.headers.get("if-range", headers["etag"]) == headers["etag"]
    if request.method != "GET" or headers["accept-ranges"] == "none" or byte_range is None or not is_same:
        return None
    first, last = byte_range.groups()
    if not first:
        return size - min(int(last), size) if last else None
    return None if last and int(last) < int(first) else int(first)

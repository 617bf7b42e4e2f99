"""The extracts over HTTP: `/extracts/actions.xlsx` and the other files, for people, Excel's *From Web* and Power BI.

The query string is that of the pages, with `columns`, `include` and `csv` beside it. Answers say what they are made
from in their `ETag`, one for each encoding, so that a refresh of unchanged data is a 304; nothing here waits on the
event loop. Scripts of every site may read them, as they may read charts.

Each file is made once, however many ask for it, and kept on disk while there is room. Files are made by a few threads
of their own, so that neither the event loop nor the threads that other routes share ever wait for an extract. Threads
that write files themselves are apart from those that wait for a worker's, so that a CSV file is not kept waiting by
workbooks, and give way to the threads that serve the pages.
"""

import logging
import os
import re
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property, partial
from itertools import count
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from dashboard.access.rights import AccessClass
from dashboard.cache import Cache, Lane, give_way
from dashboard.campaign.builds import find_snapshot
from dashboard.errors import SelectionError, SnapshotError, UserError, sentence
from dashboard.extracts import csv_styles, order, package
from dashboard.extracts.choice import DESCRIPTOR, FORMATS, OF_A_FILE, Choice, find_file, list_files, read_file
from dashboard.extracts.table_files import write_file
from dashboard.i18n import N_
from dashboard.processes import runner
from dashboard.processes.runner import WorkerError
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.selection import Selection, parse
from dashboard.web import extract_operations
from dashboard.web.charts import routes as charts
from dashboard.web.guard.allowances import have_made
from dashboard.web.http import (
    FOREVER,
    FRESH,
    IDENTITY,
    OPEN,
    answer_headers,
    answer_unmodified,
    compress_file,
    edition,
    encoding_headers,
    hash_parts,
    name_attachment,
    name_encoding,
    name_type,
    read_query,
)
from dashboard.web.openapi.api_route import ApiRoute, link_description
from dashboard.web.refusals import answer_words, explained_to_all

LOG = logging.getLogger(__name__)
MEGABYTES = 256
"""Room on disk for finished files."""

WAITING = 60
"""Files that may wait for their turn: of those written here, and of those made by workers."""

READ_IN_PARTS = ("parquet",)
"""Whose readers ask how long a file is before they ask for its parts: made for HEAD too."""

_PART = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


@dataclass(frozen=True)
class ExtractRequest:
    """One file that a link asks for."""

    snapshot: Snapshot
    selection: Selection
    choice: Choice
    settings: Settings
    encoding: str

    @cached_property
    def key(self) -> str:
        """Says what the file is made from: build, program, tables, format, filters in any order, columns, CSV."""
        parts: list[Any] = [self.snapshot.build_id, edition(), asdict(self.choice), self.selection.query_pairs()]
        if not self.choice.is_open:  # these name the dashboard and the hour of the build
            parts += [self.snapshot.built_at, self.settings.base_url]
        return hash_parts(parts)

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers of the file in the encoding in which it is sent; parts of it can be had as it is."""
        name = order.name_extract(self.snapshot, self.selection, self.choice)
        return {
            **OPEN,
            "link": ", ".join([*self._described, link_description("../")]),
            **encoding_headers(self.key, self.encoding, name_type(FORMATS[self.choice.file_format])),
            "accept-ranges": "bytes" if self.encoding == IDENTITY else "none",
            "cache-control": FOREVER if self.selection.build else FRESH,
            "content-language": self.selection.lang,
            "content-disposition": name_attachment(name),
        }

    @property
    def _described(self) -> list[str]:
        """Where the receipt of a file is that has no place for one: in the description of the same build."""
        if self.choice.file_format not in ("csv", "json"):
            return []
        of_build = replace(self.selection, build=self.snapshot.build_id)
        place = f"{DESCRIPTOR}?{of_build.query_string()}"
        return [f'<{place}>; rel="describedby"; type="application/json"']

    def make(self, target: Path) -> None:
        """Write the file: the open formats here, since the database leaves the interpreter free, others by a worker.

        Errors as in `write_file` and `order.submit_extract`; a build that is gone is a `SnapshotError`.
        """
        if self.choice.is_open:
            write_file(self.snapshot, self.selection, self.choice, target, self.settings.base_url)
            return
        try:
            export = order.submit_extract(self.snapshot, self.selection, self.choice, self.settings).result()
        except UserError as error:
            if self.selection.build and find_snapshot(self.settings.campaign, self.selection.build) is None:
                raise GoneError(self.selection.build) from error
            if not self.selection.build and database.current(self.settings).build_id != self.snapshot.build_id:
                raise SnapshotError(
                    N_("New data was published while the file was being prepared."), N_("Try again.")
                ) from error
            raise
        target.write_bytes(export.content)


class FinishedFile:
    """A finished file; it is there as long as anybody holds this object."""

    def __init__(self, path: Path) -> None:
        """Take over the file at `path`."""
        self.path = path
        self.stat = path.stat()
        weakref.finalize(self, path.unlink, missing_ok=True)


class Store:
    """The finished files on disk, and the threads that make them."""

    def __init__(self, megabytes: int = MEGABYTES, threads: int | None = None, waiting: int = WAITING) -> None:
        """Keep `megabytes` on disk and let `waiting` files wait for their turn.

        As many files as there are cores, two to four, are made at a time here, and as many more by workers. A file
        that is larger than the room is kept alone.
        """
        threads = threads or min(max(os.cpu_count() or 2, 2), 4)
        room = megabytes * 1_000_000
        self.files = Cache[str, FinishedFile](room, lambda file: min(file.stat.st_size, room))
        refusal = N_("Too many files are being prepared at once.")
        self._here = Lane("extract", threads, waiting, refusal, give_way)
        self._workers = Lane("extract-worker", threads, waiting, refusal)
        self._numbers = count(1)

    def find(self, key: str) -> FinishedFile | None:
        """The file, if it is finished already."""
        return self.files.find(key)

    def submit(
        self, key: str, make: Callable[[Path], object], encoding: str = IDENTITY, *, by_worker: bool = False
    ) -> "Future[FinishedFile]":
        """The file to come: made by `make` at the path it is given, unless it is there or under way already.

        It is kept in an encoding. `by_worker` says that `make` only waits for a process that makes it. The future
        raises what `make` raises, as a `WorkerError` where the file could not be written.

        Raises:
            BusyError: too many files are being made.
        """
        lane = self._workers if by_worker else self._here
        return self.files.submit(key, lambda: self._make(make, encoding), lane)

    def close(self) -> None:
        """Drop every finished file that nobody holds, and what has not been begun."""
        self._here.close()
        self._workers.close()
        self.files.clear()

    def _make(self, make: Callable[[Path], object], encoding: str) -> FinishedFile:
        path = self._folder / str(next(self._numbers))
        try:
            make(path)
            compress_file(path, encoding)
            return FinishedFile(path)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if not isinstance(error, OSError):
                raise
            LOG.error("An extract could not be written: %s", error)
            raise WorkerError(N_("Preparing the file stopped before it finished."), N_("Try again.")) from None

    @cached_property
    def _folder(self) -> Path:
        """The folder of the files, made when first needed and removed when the process ends."""
        scratch = Scratch("extracts")
        weakref.finalize(self, scratch.cleanup)
        return Path(scratch.name)


class FileAnswer(FileResponse):
    """A file response that holds its file until it is sent, whole or the one part of it that is asked for."""

    chunk_size = 256 * 1024

    def __init__(self, file: FinishedFile, headers: dict[str, str]) -> None:
        """Answer with `file` under `headers`."""
        super().__init__(file.path, headers=headers, stat_result=file.stat)
        self.file = file
        del self.headers["last-modified"]  # when the copy was made, which says nothing about the data

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or its part; where it has no such part, say how long it is."""
        request, size = Request(scope), self.file.stat.st_size
        first = find_first_byte(request, self.headers, size)
        if first is not None and first >= size:
            await refuse_part(request, size)(scope, receive, send)
            return
        without = (b"range", b"if-range") if first is None else (b"if-range",)
        await super().__call__(
            {**scope, "headers": [header for header in scope["headers"] if header[0] not in without]}, receive, send
        )


def refuse_part(request: Request, size: int) -> Response:
    """416: the file of this size, in bytes, has no such part."""
    problem = sentence(N_("The file has {size} bytes: ask for a part of these."), size=size)
    headers = OPEN | {"content-range": f"bytes */{size}"}
    return answer_words(request, 416, N_("The file has no such part"), (problem,), headers)


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


def routes() -> list[ApiRoute]:
    """The routes of the extracts for `st.App`."""
    return [
        ApiRoute("/extracts", answer_index, extract_operations.INDEX, AccessClass.PUBLIC),
        ApiRoute("/extracts/datapackage.json", answer_package, extract_operations.PACKAGE, AccessClass.PUBLIC),
        ApiRoute("/extracts/{file}", answer_file, extract_operations.list_files(), AccessClass.PUBLIC),
    ]


@cache
def store() -> Store:
    """The finished files of this process."""
    return Store()


def close() -> None:
    """Give up what is being made, so that the process can end."""
    store().close()
    store.cache_clear()
    runner.default_workers().close()


@explained_to_all
async def answer_file(request: Request) -> Response:
    """A table of the selection, or the ZIP of all.

    304 when the client has it already, 400 for a parameter, 404 for a file that is none, 410 for a build that is not
    kept, 503 while there is no snapshot or too many files are being made.
    """
    extract = await run_in_threadpool(_read, request)
    unmodified = answer_unmodified(request, extract.headers)
    if unmodified is not None:
        return unmodified
    files = store()
    tag, by_worker = extract.headers["etag"], not extract.choice.is_open
    file = files.find(tag)
    if file is None and request.method == "HEAD" and extract.choice.file_format not in READ_IN_PARTS:
        return answer_headers(extract.headers)
    if file is None:
        submit = partial(files.submit, tag, extract.make, extract.encoding, by_worker=by_worker)
        file = await have_made(request.scope, "file" if by_worker else "text", submit)
    return FileAnswer(file, extract.headers)


@explained_to_all
async def answer_package(request: Request) -> Response:
    """The Frictionless description of the open files of the selection, with their addresses."""

    def describe(snapshot: Snapshot, selection: Selection, settings: Settings) -> dict[str, Any]:
        csv = csv_styles.read_style(read_query(request).get(csv_styles.PARAMETER, ()))
        return package.describe_package(snapshot, selection, settings.base_url, on_the_web=True, csv=csv)

    headers = OPEN | {"link": link_description("../")}
    return await charts.answer_described(request, describe, headers, (csv_styles.PARAMETER,))


@explained_to_all
async def answer_index(request: Request) -> Response:
    """What there is: tables with their columns and files, and what the parameters take."""
    headers = OPEN | {"link": link_description()}
    return await charts.answer_described(request, package.describe_all, headers)


def _read(request: Request) -> ExtractRequest:
    """What a request asks for, with its ETag; errors as in `parse` and `read_file`.

    Raises:
        SelectionError: there is no file of this name.
    """
    name = request.path_params["file"]
    file = find_file(name)
    if file is None:
        raise SelectionError(f"There is no extract {name!r}.", "extract", tuple(list_files()), name)
    settings = Settings.from_environment()
    query = read_query(request)
    snapshot = kept_builds.find(settings, query)
    selection = parse(query, snapshot, OF_A_FILE).in_order()
    choice = read_file(file, query)
    edition()  # is read here, once, not on the event loop
    return ExtractRequest(snapshot, selection, choice, settings, name_encoding(request, FORMATS[choice.file_format]))

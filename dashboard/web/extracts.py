"""The extracts over HTTP: `/extracts/actions.xlsx` and the other files, for people, Excel's *From Web* and Power BI.

The query string is that of the pages, with `columns` and `include` beside it. Answers say what they are made from in
their `ETag`, so that a refresh of unchanged data is a 304; nothing here waits on the event loop.
"""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dashboard.errors import SelectionError, SnapshotError, UserError
from dashboard.extracts import order, package
from dashboard.extracts.open_files import OPEN_FORMATS, read_columns, write_table
from dashboard.extracts.tables import TABLES, arrange_tables
from dashboard.i18n import N_
from dashboard.paths import LOCALES, PROJECT, QUERIES
from dashboard.processes import runner
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, parse
from dashboard.web.kept import Finished, Store
from dashboard.web.refusals import answer_refusal, explained, read_query
from dashboard.web.static import matches

FRESH = "public, max-age=60, stale-while-revalidate=600"
"""A file may be a minute old, and for ten more while a newer one is fetched: data changes a few times a day."""


@dataclass(frozen=True)
class Wanted:
    """One file that a link asks for."""

    snapshot: Snapshot
    selection: Selection
    table: str
    file_format: str
    columns: tuple[str, ...]
    include: tuple[str, ...]
    settings: Settings

    @property
    def etag(self) -> str:
        """Says what the file is made from: build, program, tables, format, filters in any order, columns."""
        made_from = [
            self.snapshot.build_id,
            _edition(),
            self.table,
            self.file_format,
            self.selection.query_pairs(),
            self.columns,
            self.include,
        ]
        if self.file_format not in OPEN_FORMATS:  # these name the dashboard and the hour of the build
            made_from += [self.snapshot.built_at, self.settings.base_url]
        return f'"{hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:32]}"'

    def headers(self) -> dict[str, str]:
        """The headers of the file."""
        name = order.name_file(self.snapshot, self.selection, self.file_format, self.table, self.include)
        return {
            "ETag": self.etag,
            "Cache-Control": FRESH,
            "Content-Type": order.FORMATS[self.file_format].media_type,
            "Content-Language": self.selection.lang,
            "Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name)}",
        }

    def make(self, target: Path) -> None:
        """Write the file: the open formats here, since the database leaves the interpreter free, others by a worker.

        Errors as in `write_table` and `extracts.make_extract`; a build that is gone is a `SnapshotError`.
        """
        if self.file_format in OPEN_FORMATS:
            table = TABLES[self.table]
            write_table(self.snapshot, self.selection, table, self.file_format, target, self.columns)
            return
        try:
            export = order.make_extract(
                self.snapshot,
                self.selection,
                self.file_format,
                self.settings,
                table=self.table,
                columns=self.columns,
                include=self.include,
            )
        except UserError as error:
            if database.current(self.settings).build_id != self.snapshot.build_id:
                raise SnapshotError(
                    N_("The data was published anew while the export was made."), N_("Try again.")
                ) from error
            raise
        target.write_bytes(export.content)


def routes() -> list[Route]:
    """The routes of the extracts for `st.App`."""
    return [
        Route("/extracts", answer_index),
        Route("/extracts/datapackage.json", answer_package),
        Route("/extracts/{file}", answer_file),
    ]


@cache
def store() -> Store:
    """The finished files of this process."""
    return Store()


@explained
async def answer_file(request: Request) -> Response:
    """A table of the selection, or the ZIP of all.

    304 when the client has it already, 400 for a parameter, 404 for a file that is none, 503 while there is no
    snapshot or too many files are being made.
    """
    name = request.path_params["file"]
    found = package.find_file(name)
    if found is None:
        there_is_none = f"There is no extract {name!r}."
        return answer_refusal(request, SelectionError(there_is_none, "extract", tuple(package.list_files()), name), 404)
    wanted = await run_in_threadpool(_read, request, *found)
    if matches(request.headers.get("if-none-match"), wanted.etag):
        return _not_modified(wanted.headers())
    kept = store()
    finished = kept.find(wanted.etag)
    if finished is None and request.method == "HEAD":
        return _headers_only(wanted.headers())  # its size is known once it is made
    if finished is None:
        by_worker = wanted.file_format not in OPEN_FORMATS
        coming = kept.submit(wanted.etag, wanted.make, by_worker=by_worker)
        # Shielded: other requests may wait for the same file when this one's client goes away.
        finished = await asyncio.shield(asyncio.wrap_future(coming))
    return _Held(finished, wanted.headers())


@explained
async def answer_package(request: Request) -> Response:
    """The Frictionless description of the open files of the selection, with their addresses."""

    def describe() -> dict[str, Any]:
        settings = Settings.from_environment()
        published = database.current(settings)
        chosen = parse(read_query(request), published).in_order()
        return package.describe_package(published, chosen, settings.base_url, on_the_web=True)

    return _json(request, await run_in_threadpool(describe))


@explained
async def answer_index(request: Request) -> Response:
    """What there is: tables with their columns and files, and what the parameters take."""

    def describe() -> dict[str, Any]:
        settings = Settings.from_environment()
        published = database.current(settings)
        return package.describe_all(published, parse(read_query(request), published).in_order(), settings.base_url)

    return _json(request, await run_in_threadpool(describe))


def close() -> None:
    """Give up what is being made, so that the process can end."""
    store().close()
    store.cache_clear()
    runner.default_workers().close()


class _Held(FileResponse):
    """A file response that holds its file until it is sent, and sends it whole.

    A part of a file and its compressed form have the same `ETag`, and a client must not join the two. The portions are
    large enough to be compressed in a thread, not on the event loop.
    """

    chunk_size = 256 * 1024

    def __init__(self, finished: Finished, headers: dict[str, str]) -> None:
        super().__init__(finished.path, headers=headers, stat_result=finished.stat)
        self.finished = finished
        self.headers["accept-ranges"] = "none"
        del self.headers["last-modified"]  # when the copy was made, which says nothing about the data

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        whole = {**scope, "headers": [header for header in scope["headers"] if header[0] != b"range"]}
        await super().__call__(whole, receive, send)


def _read(request: Request, table: str, file_format: str) -> Wanted:
    """What a request asks for; errors as in `parse` and `extracts.check_choice`."""
    settings = Settings.from_environment()
    published = database.current(settings)
    query = read_query(request)
    chosen = parse(query, published, ("columns", "include")).in_order()
    columns, include = (read_columns(query.get(name, ())) for name in ("columns", "include"))
    _edition()  # read here, once, not on the event loop
    order.check_choice(file_format, table, columns, include)
    further = arrange_tables(include) if file_format == "zip" else order.further_tables(table, include)
    return Wanted(published, chosen, table, file_format, columns, further, settings)


def _json(request: Request, content: dict[str, Any]) -> Response:
    answer = JSONResponse(content, headers={"Cache-Control": FRESH})
    etag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    answer.headers["ETag"] = etag
    if matches(request.headers.get("if-none-match"), etag):
        return _not_modified({"ETag": etag, "Cache-Control": FRESH})
    return answer


def _not_modified(headers: dict[str, str]) -> Response:
    kept = ("ETag", "Cache-Control", "Content-Language")
    return Response(status_code=304, headers={name: headers[name] for name in kept if name in headers})


def _headers_only(headers: dict[str, str]) -> Response:
    answer = Response(headers=headers)
    del answer.headers["content-length"]
    return answer


@cache
def _edition() -> str:
    """The program's part in the files: what a client keeps is old when the program that made it has been changed."""
    digest = hashlib.sha256()
    code = PROJECT / "dashboard"
    for file in sorted((*code.glob("extract*.py"), *QUERIES.glob("*.sql"), *LOCALES.rglob("*.po"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()

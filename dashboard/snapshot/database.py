"""The published snapshot: found by its pointer, opened read-only, queried by named queries.

Its answers are cached once for the whole process, by build, query and parameters.
A build publishes a new file and replaces the pointer; the next call to `current` opens the new one.
"""

import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.cache import Cache
from dashboard.campaign.builds import FIRST_PUBLISHED, REVISIONS
from dashboard.campaign.snapshot_schema import refuse_other_schema
from dashboard.errors import SnapshotError, UserError
from dashboard.faults import raise_explained
from dashboard.ground.codelist_codes import CLAIMED_ONLY, EVIDENCE_STEPS, Code
from dashboard.i18n import N_, translator
from dashboard.languages import SOURCE, Texts, fill, list_languages, look_in
from dashboard.paths import quote_path
from dashboard.settings import Settings
from dashboard.snapshot.large_snapshots import Ways, choose_ways, list_parts, prepare
from dashboard.snapshot.query_texts import (
    FILTERS,
    MACROS,
    call_lean_selection,
    call_listed_search,
    choose_rows,
    counts_a_selection,
    lean_name,
    lean_selection,
    listed_search,
    query_text,
    searches_all,
    whole_selection,
)

__all__ = ["MACROS", "POINTER", "Snapshot", "current", "query_text"]

POINTER = "current.json"
BULK_MEMORY = "512MB"
"""The most memory that DuckDB counts for all extracts of one process; beyond it they use the disk."""
MOST_IDLE = 8
"""The most idle cursors for the next statement: a new one costs as much as a small statement."""

UNREADABLE = (N_("The figures cannot be read at the moment."), N_("Try again in a few minutes."))
"""The message to readers about faulty files of the server; the log has the details."""

_EVIDENCE = {
    **dict(zip(EVIDENCE_STEPS, (N_("Claimed"), N_("Evidenced"), N_("Reviewed"), N_("Verified")), strict=True)),
    CLAIMED_ONLY: N_("Claimed only"),
}

LOG = logging.getLogger(__name__)
_SEARCH_PATH = "'memory.main,kept.main,snapshot.main'"
_LARGE_PATH = "'memory.main,kept.main,snapshot.derived,snapshot.main'"


class Snapshot:
    """One published build, open for reading.

    Attributes:
        build_id: The build's content hash.
        built_at: When it was built, ISO 8601 in UTC, as the pointer states it.
        campaign: The only row of the table `campaign`, by column; `is_sample` as in the property, and its title in
            each language as `title_<code>`.
        languages: The readers' choice of languages, in order.
        is_shipped_sample: Whether the samples are shown because the inbox is empty: they have no settings or answers.
        is_large: Whether it holds prepared counts and a list of words (`etl/sql/derived/schema.sql`).
        answers: The cached answers to queries.
    """

    def __init__(self, path: Path, build_id: str, built_at: str, cache_mb: int) -> None:
        """Attach `path` read-only and define the query macros beside it.

        Raises:
            SnapshotError: the file is missing or no snapshot.
            OtherSchemaError: another version of the program made it.
        """
        self.path = path
        self.build_id = build_id
        self.built_at = built_at
        room = cache_mb * 1_000_000
        self.answers: Cache[tuple[Any, ...], Any] = Cache(room, _measure, largest=room // 4)
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._lock = threading.Lock()
        self._defining = threading.Lock()
        self._defined: set[str] = set()
        self._made: set[str] = set()
        self._bulk: duckdb.DuckDBPyConnection | None = None
        self._written = _look(path)
        memory_limit = f"{Settings.from_environment().database_mb}MB"
        self._connection = _attach(path, {"threads": 2, "memory_limit": memory_limit} | _scratch())
        self.is_large = _is_large(self._connection)
        row = self._connection.execute(query_text("campaign")).df()
        self.campaign: dict[str, Any] = {
            str(name): value.date() if isinstance(value, pd.Timestamp) else value for name, value in row.iloc[0].items()
        }
        look_in(path.parent.parent / "locales")
        installed = list_languages()
        self.languages = tuple(lang for lang in self.campaign.pop("languages") if lang in installed) or (SOURCE,)
        if self.campaign["default_language"] not in self.languages:
            self.campaign["default_language"] = self.languages[0]
        titles = fill(self.campaign.pop("titles"), (SOURCE, *self.languages))
        self.campaign |= {f"title_{lang}": title for lang, title in titles.items()}
        self.is_shipped_sample = bool(self.campaign["is_sample"])
        self.campaign["is_sample"] = self.is_shipped_sample or self._holds_samples()
        self.codes = self._load_codes()

    def is_untouched(self) -> bool:
        """Return whether its file is unchanged since its opening: its reader would not notice a change.

        Nothing writes to a published file. This takes one look at the folder; a new date alone counts as a change.
        """
        return self._written is not None and _look(self.path) == self._written

    def read_whole(self) -> None:
        """Read its whole file; the time depends on the file's size.

        Raises:
            SnapshotError: it is another build's, or damaged.
        """
        try:
            with self.cursor() as cursor:
                for (held_table,) in cursor.execute(query_text("tables_of_snapshot")).fetchall():
                    cursor.execute(query_text("read_table"), {"held_table": held_table})
        except duckdb.Error as error:
            raise _unreadable(self.path, error) from error
        if self.campaign["build_id"] != self.build_id:
            raise _unreadable(self.path, f"it is build {self.campaign['build_id']}")

    def _holds_samples(self) -> bool:
        """Return whether some files are samples, taken in by somebody who tries the dashboard."""
        samples = self.path.parent.parent / "samples"
        hashes = {
            sha256(path.read_bytes()).hexdigest() for path in samples.glob("*.*") if path.suffix not in (".py", ".md")
        }
        return bool(hashes) and not hashes.isdisjoint(self.query("input_files")["sha256"])

    @property
    def first_published_file(self) -> Path:
        """Name the file beside the snapshot that says when each entry of the journey was first public."""
        return self.path.with_name(FIRST_PUBLISHED)

    @property
    def revisions_file(self) -> Path:
        """Name the file beside the snapshot that says what publications said, and what each later one changed."""
        return self.path.with_name(REVISIONS)

    @property
    def last_date(self) -> date:
        """The default day of the figures."""
        day: date = self.campaign["last_date"]
        return day

    @property
    def is_sample(self) -> bool:
        """Whether some data is the fictional sample's: shipped, or taken in to try the dashboard."""
        return bool(self.campaign["is_sample"])

    @cached_property
    def person_names(self) -> dict[str, Texts]:
        """The replacements of persons' names, as in tables, and by language."""
        frame = self.query("person_names")
        return {row["name"]: Texts(row["names"]) for row in frame.to_dict("records")}

    @cached_property
    def groupings(self) -> dict[str, frozenset[str]]:
        """The countries of each grouping."""
        frame = self.query("grouping_countries")
        return {str(code): frozenset(countries) for code, countries in frame.groupby("grouping_code")["iso3"]}

    @cached_property
    def present(self) -> dict[str, frozenset[str]]:
        """The codes with data, by the filter's link parameter."""
        frame = self.query("members")
        return {str(name): frozenset(codes) for name, codes in frame.groupby("parameter")["code"]}

    def query(self, name: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run `queries/<name>.sql` with bound parameters; answers are cached and must not be changed in place."""
        name, parameters = self._prepared(name, parameters or {})
        return self.ask(query_text(name), parameters)

    def ask(self, statement: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run a statement made of such queries; as `query`."""
        frame: pd.DataFrame = self._answer("frame", statement, parameters or {}, lambda cursor: cursor.df())
        return frame.copy(deep=False)

    def columns(self, name: str, parameters: Mapping[str, Any] | None = None) -> dict[str, npt.NDArray[Any]]:
        """Run a query as `query`, without making a frame, which takes longer than planning a small query."""
        name, parameters = self._prepared(name, parameters or {})
        arrays: dict[str, npt.NDArray[Any]] = self._answer(
            "columns", query_text(name), parameters, lambda cursor: cursor.fetchnumpy()
        )
        return dict(arrays)

    def _prepared(self, name: str, parameters: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """Return the prepared query of a large snapshot for the answer, else the query itself."""
        if not self.is_large:
            return name, parameters
        return prepare(name, parameters, _list_used(parameters), self.last_date) or (name, parameters)

    def _answer(
        self,
        form: str,
        statement: str,
        parameters: Mapping[str, Any],
        fetch: Callable[[duckdb.DuckDBPyConnection], Any],
    ) -> Any:
        """Return the answer to a statement in one form, from the cache where it has it."""
        values = sorted((k, _hold_fast(k, v) if isinstance(v, list) else v) for k, v in parameters.items())

        def make() -> Any:
            with self._borrowed() as cursor:
                return fetch(cursor.execute(self._lean(statement, parameters, cursor), dict(parameters)))

        return self.answers.get((form, statement, *values), make)

    def _lean(self, statement: str, parameters: Mapping[str, Any], cursor: duckdb.DuckDBPyConnection) -> str:
        """Return the statement without idle filters; define the macros that it calls at their first use."""
        if searches_all(statement):
            ways = self._choose_ways(parameters["words"], cursor)
            if ways is None:
                return statement
            self._define(call_listed_search("worded_actions(", ways), listed_search(ways), cursor)
            return call_listed_search(statement, ways)
        if not counts_a_selection(statement):
            return statement
        used_filters = _list_used(parameters)
        ways = self._choose_ways(parameters["q"], cursor) if "q" in used_filters else None
        is_last_day = parameters.get("as_of") == self.last_date
        rows = choose_rows(statement, used_filters, ways, is_last_day=is_last_day)
        if rows == "last_day" and not self.is_large:
            self._define(rows, query_text(rows), cursor, {"last_date": self.last_date})
        self._define(lean_name(used_filters, rows, ways), lean_selection(used_filters, rows, ways), cursor)
        return call_lean_selection(statement, used_filters, rows, ways)

    def _define(
        self, name: str, statement: str, cursor: duckdb.DuckDBPyConnection, parameters: dict[str, Any] | None = None
    ) -> None:
        """Run a statement that makes something beside the snapshot, unless it ran before."""
        if name not in self._defined:
            with self._defining:
                if name not in self._defined:
                    cursor.execute(statement, parameters or {})
                    self._defined.add(name)

    def _choose_ways(self, words: list[str], cursor: duckdb.DuckDBPyConnection) -> Ways | None:
        """Choose how to search words in a large snapshot, by its list of words; None where all texts are read."""
        if not self.is_large or not words:
            return None
        plan = cursor.execute(query_text("derived/search_plan"), {"words": list_parts(words)}).fetchall()
        return choose_ways(words, [is_listed for (is_listed,) in plan])

    def make_once(self, name: str, make: Callable[[duckdb.DuckDBPyConnection], object]) -> None:
        """Make tables beside the snapshot at their first use, by a function of a cursor; once."""
        with self._defining:
            if name not in self._made:
                with self.cursor() as cursor:
                    make(cursor)
                self._made.add(name)

    @contextmanager
    def _borrowed(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for one statement, which serves another unless it failed."""
        try:
            cursor = self._idle.pop()
        except IndexError:
            cursor = self.cursor()
        try:
            yield cursor
        except BaseException:
            cursor.close()
            raise
        if len(self._idle) < MOST_IDLE:
            self._idle.append(cursor)
        else:
            cursor.close()

    def search_words(self, text: str) -> list[str]:
        """Split a text into words as in the column search_text: letters and digits only, without accents and case.

        A word without a blank inside stays together (`MSF-19`, `d'Ivoire`). Each once, in alphabetical order.
        """
        return sorted({word for word in self.fold(text.split()).values() if word})

    def fold(self, texts: Iterable[str]) -> dict[str, str]:
        """Pair texts with the form in which the search compares them."""
        if not (distinct_texts := sorted(set(texts))):
            return {}
        frame = self.query("folded", {"texts": distinct_texts})
        return dict(zip(frame["words"], frame["folded"], strict=True))

    def find_stakeholders(self, ids: Iterable[str]) -> list[Code]:
        """Find the stakeholders of these ids, in any case, as codes; a person's name is the replacement."""
        folded_ids = sorted({stakeholder_id.casefold() for stakeholder_id in ids})
        rows = self.query("stakeholders_named", {"ids": folded_ids}).to_dict("records")
        return [
            Code(
                "stakeholders",
                row["code"],
                Texts(row["names"] if isinstance(row["names"], dict) else {SOURCE: row["name"]}),
                (),
                number,
            )
            for number, row in enumerate(rows)
        ]

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a separate cursor for streaming; close it after use."""
        return self._new_cursor(self._connection)

    def bulk_cursor(self) -> duckdb.DuckDBPyConnection:
        """Open a cursor for work on very many rows, which takes neither threads nor memory from the pages.

        All of them share one more database, with `BULK_MEMORY` for all together. Each works in the thread
        that calls it and in no other. Close it after use.

        Raises:
            SnapshotError: the file was removed meanwhile.
        """
        with self._lock:
            if self._bulk is None:
                self._bulk = _attach(self.path, {"threads": 1, "memory_limit": BULK_MEMORY} | _scratch())
            return self._new_cursor(self._bulk)

    def _new_cursor(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        cursor = connection.cursor()
        cursor.execute(f"set search_path = {_LARGE_PATH if self.is_large else _SEARCH_PATH}")
        return cursor

    def _load_codes(self) -> dict[str, dict[str, Code]]:
        codes: dict[str, dict[str, Code]] = {}
        with self.cursor() as cursor:
            rows = cursor.execute(query_text("codes")).fetchall()
        for codelist, code, labels, order, parent, base in rows:
            codes.setdefault(codelist, {})[code] = Code(codelist, code, Texts(labels), (), order, parent, base)
        return codes | {"evidence": _list_evidence((SOURCE, *self.languages))}


def name_build(snapshot: Snapshot) -> dict[str, str]:
    """Name the server's build, as JSON for a worker's job that opens it with `open_build`."""
    return {"snapshot": str(snapshot.path), "build_id": snapshot.build_id, "built_at": snapshot.built_at}


def open_build(
    arguments: Mapping[str, Any],
    refusal: str = N_("New data was published while the file was being prepared."),
) -> Snapshot:
    """Open the build of `name_build`, and no other.

    Raises:
        SnapshotError: the file is gone, or holds another build, as `refusal` says.
    """
    snapshot = Snapshot(Path(arguments["snapshot"]), arguments["build_id"], arguments["built_at"], cache_mb=16)
    if snapshot.campaign["build_id"] != arguments["build_id"]:
        raise SnapshotError(refusal, N_("Try again."))
    return snapshot


def _list_evidence(languages: Iterable[str]) -> dict[str, Code]:
    """List the filter values of evidence, as a codelist; the steps and their words are the program's."""
    return {
        step: Code("evidence", step, Texts({lang: translator(lang)(label) for lang in languages}), (), number)
        for number, (step, label) in enumerate(_EVIDENCE.items())
    }


def _attach(path: Path, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Open a database in memory with the snapshot beside it, read-only, and the query macros.

    Raises:
        SnapshotError: the file is missing or no snapshot.
        OtherSchemaError: another version of the program made it.
    """
    try:
        connection = duckdb.connect(config=config)
        connection.execute(f"attach {quote_path(path)} as snapshot (read_only)")
        refuse_other_schema(connection, path)
        connection.execute("attach ':memory:' as kept (compress)")  # for large tables beside it
        connection.execute(f"set search_path = {_LARGE_PATH if _is_large(connection) else _SEARCH_PATH}")
        for statement in _parse_macros():
            connection.execute(statement)
        if _is_large(connection):
            connection.execute(query_text("derived/macros"))
            connection.execute(query_text("derived/journey_macros"))
        connection.execute(query_text("campaign"))
    except duckdb.Error as error:
        if "too many open files" in str(error).lower():
            raise_explained(error)
        raise _unreadable(path, error) from error
    return connection


def _unreadable(path: Path, reason: object) -> SnapshotError:
    what = f"The published snapshot {path.name} cannot be read ({reason})."
    return SnapshotError(what, "Build it again: python -m etl build.", UNREADABLE)


@cache
def _parse_macros() -> tuple[duckdb.Statement, ...]:
    """Parse the statements that define the query macros; this takes a fifth of opening a small snapshot."""
    texts = (*map(query_text, MACROS), whole_selection())
    return tuple(statement for text in texts for statement in duckdb.extract_statements(text))


def _is_large(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the snapshot holds prepared answers to frequent counts and searches."""
    return bool(connection.execute(query_text("derived/known")).fetchall())


def _hold_fast(name: str, values: list[Any]) -> tuple[Any, ...]:
    """Return a list as part of a key; a filter's codes are the same in any order."""
    return tuple(sorted(values) if name in FILTERS else values)


def _list_used(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """List the filters that are not idle."""
    return tuple(name for name in FILTERS if parameters.get(name) is not None)


def _measure(answer: pd.DataFrame | dict[str, npt.NDArray[Any]]) -> int:
    """Estimate the memory of an answer in bytes, with a guess for columns of texts, since many are one and the same."""
    if isinstance(answer, pd.DataFrame):
        return int(answer.memory_usage(deep=True).sum())
    return sum(
        column.nbytes + (_TEXT_BYTES * len(column) if column.dtype == np.object_ else 0) for column in answer.values()
    )


_TEXT_BYTES = 80


def _scratch() -> dict[str, str]:
    """Return the folder for data beyond a database's memory; DuckDB would use the folder of the server's start."""
    return {"temp_directory": str(Path(tempfile.gettempdir()) / f"dashboard-spilled-{os.getpid()}")}


def _read_pointer(pointer: Path) -> dict[str, str]:
    """Read the pointer: `snapshot`, `build_id` and `built_at` at least."""
    try:
        pointer_fields: dict[str, str] = json.loads(pointer.read_text(encoding="utf-8"))
        if {"snapshot", "build_id", "built_at"} <= pointer_fields.keys():
            return pointer_fields
    except (OSError, ValueError, AttributeError):
        pass
    raise SnapshotError(f"The pointer {pointer} is damaged.", "Build again: python -m etl build.", UNREADABLE)


Sighting = tuple[Path, int, int, int]
"""The state of a file: its path, its time of writing, its identity, and its size."""


SECONDS_TO_TRY_AGAIN = 10.0


class OpenSnapshots:
    """The open published snapshots: the last one, the one before, and every one in use.

    So each state of a pointer has one `Snapshot`, with one cache, whatever other campaigns are opened in between.
    Readers of the one before find its answers there until they choose the new one.
    """

    def __init__(self) -> None:
        """Open nothing yet."""
        self._open: WeakValueDictionary[Sighting, Snapshot] = WeakValueDictionary()
        self._last: Snapshot | None = None
        self._replaced: Snapshot | None = None
        self._failed: Sighting | None = None
        self._damaged: Sighting | None = None
        self._renewing = threading.Lock()
        self._try_again = 0.0
        self._lock = threading.Lock()

    def find(self, sighting: Sighting) -> Snapshot | None:
        """Return the snapshot of a pointer, if it is open already."""
        return self._open.get(sighting)

    def open(self, sighting: Sighting, cache_mb: int) -> Snapshot:
        """Open the snapshot of a pointer, unless it is open with its present file; errors as in `current`."""
        snapshot = self._open.get(sighting)
        if snapshot is None:
            with self._lock:
                snapshot = self._open.get(sighting) or self._open_or_go_on(sighting, cache_mb)
        elif not snapshot.is_untouched():
            snapshot = self._renew(snapshot, sighting, cache_mb)
        before = self._last
        if before is not None and before.build_id != snapshot.build_id and before.path.parent == snapshot.path.parent:
            self._replaced = before
        self._last = snapshot
        return snapshot

    def _open_or_go_on(self, sighting: Sighting, cache_mb: int) -> Snapshot:
        """Open a pointer's snapshot; where pointer or file is damaged, return the campaign's open one.

        It tries again every few seconds: too many open files, for example, are a passing fault.
        """
        before = self._last if self._last is not None and self._last.path.parent == sighting[0].parent else None
        if before is not None and self._failed == sighting and time.monotonic() < self._try_again:
            return before
        try:
            snapshot = self._open[sighting] = _open(sighting[0], cache_mb)
        except SnapshotError as error:
            if before is None:
                raise
            self._failed, self._try_again = sighting, time.monotonic() + SECONDS_TO_TRY_AGAIN
            LOG.error("%s Readers go on with build %s, which is open. %s", error.what, before.build_id, error.remedy)
            return before
        return snapshot

    def _renew(self, before: Snapshot, sighting: Sighting, cache_mb: int) -> Snapshot:
        """Open a changed snapshot anew once all of it is readable; until then readers go on with the old one.

        One of them checks, while the others go on, and only where nobody has found the present file damaged.
        """
        file = _look(before.path)
        if file is None or file == self._damaged or not self._renewing.acquire(blocking=False):
            return before
        try:
            snapshot = _open(sighting[0], cache_mb)
            snapshot.read_whole()
        except UserError as error:
            self._damaged = file if isinstance(error, SnapshotError) else None
            LOG.error("%s Readers go on with build %s, which is open. %s", error.what, before.build_id, error.remedy)
            return before
        finally:
            self._renewing.release()
        self._open[sighting] = snapshot
        return snapshot

    def find_replaced(self, path: Path) -> Snapshot | None:
        """Return the snapshot published before, if it is that of this file."""
        replaced = self._replaced
        return replaced if replaced is not None and replaced.path == path else None


_snapshots = OpenSnapshots()


def opened(settings: Settings) -> Snapshot | None:
    """Return the result of `current`, if that is open already: one look at the pointer, no waiting."""
    sighting = _look(settings.campaign / "published" / POINTER)
    return _snapshots.find(sighting) if sighting else None


def list_offered(settings: Settings | None = None) -> tuple[str, ...]:
    """List the languages for readers, those of the published snapshot if it is open; wait for nothing.

    Where a setting cannot be read they are the program's, so that it can report this.
    """
    try:
        snapshot = opened(settings or Settings.from_environment())
    except UserError:
        return list_languages()
    return snapshot.languages if snapshot is not None else list_languages()


def find_replaced(path: Path) -> Snapshot | None:
    """Return the snapshot that was the published one until now, if it is that of this file."""
    return _snapshots.find_replaced(path)


def current(settings: Settings | None = None) -> Snapshot:
    """Return the snapshot of the present pointer; open it anew only when the pointer has changed.

    Raises:
        SnapshotError: nothing is published yet, or the published build cannot be read.
    """
    settings = settings or Settings.from_environment()
    pointer = settings.campaign / "published" / POINTER
    sighting = _look(pointer)
    if sighting is None:
        raise SnapshotError(
            f"Nothing has been published yet in {pointer.parent}.",
            "Put the exports into the inbox folder and run: python -m etl build.",
            for_readers=(N_("No data has been published yet, so there are no figures to show."), ""),
        )
    return _snapshots.open(sighting, settings.cache_mb)


def _open(pointer: Path, cache_mb: int) -> Snapshot:
    pointer_fields = _read_pointer(pointer)
    path = pointer.parent / pointer_fields["snapshot"]
    try:
        return Snapshot(path, pointer_fields["build_id"], pointer_fields["built_at"], cache_mb)
    except duckdb.Error as error:  # it can be opened, and the first data read from it are damaged
        raise _unreadable(path, error) from error


def _look(path: Path) -> Sighting | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return (path, stat.st_mtime_ns, stat.st_ino, stat.st_size)

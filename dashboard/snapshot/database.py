"""The published snapshot: found by its pointer, opened read-only, asked through named queries.

Answers are cached here, once for the whole process, keyed by build, query and parameters.
A build publishes a new file and replaces the pointer; the next call to `current` opens the new one.
"""

import json
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.campaign.codelists import Code
from dashboard.errors import SnapshotError
from dashboard.paths import quote_path
from dashboard.queries import (
    FILTERS,
    MACROS,
    call_lean_selection,
    counts_a_selection,
    lean_selection,
    query_text,
    whole_selection,
)
from dashboard.settings import Settings

__all__ = ["MACROS", "POINTER", "Snapshot", "current", "query_text"]

POINTER = "current.json"
BULK_MEMORY = "512MB"
"""What extracts of one process may take together, of what DuckDB counts; beyond it they use the disk."""
MOST_IDLE = 8
"""Cursors that are kept for the next statement: a new one costs as much as a small statement."""

_SEARCH_PATH = "'memory.main,snapshot.main'"


class Snapshot:
    """One published build, open for reading.

    Attributes:
        build_id: The build's content hash.
        built_at: When it was built, ISO 8601 in UTC, as the pointer states it.
        campaign: The only row of the table `campaign`, by column.
    """

    def __init__(self, path: Path, build_id: str, built_at: str, cache_mb: int) -> None:
        """Attach `path` read-only and define the query macros beside it.

        Raises:
            SnapshotError: the file is missing or no snapshot of this program.
        """
        self.path = path
        self.build_id = build_id
        self.built_at = built_at
        self._cache: OrderedDict[tuple[Any, ...], tuple[Any, int]] = OrderedDict()
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._cache_bytes = 0
        self._cache_limit = cache_mb * 1_000_000
        self._lock = threading.Lock()
        self._defining = threading.Lock()
        self._defined: set[tuple[str, ...]] = set()
        self._bulk: duckdb.DuckDBPyConnection | None = None
        self._connection = _attach(path, {"threads": 2})
        row = self._connection.execute(query_text("campaign")).df()
        self.campaign: dict[str, Any] = {
            str(name): value.date() if isinstance(value, pd.Timestamp) else value for name, value in row.iloc[0].items()
        }
        self.codes = self._load_codes()

    @property
    def last_date(self) -> date:
        """The day the figures stand at unless a reader chooses another."""
        day: date = self.campaign["last_date"]
        return day

    @property
    def is_sample(self) -> bool:
        """Whether the data is the fictional sample."""
        return bool(self.campaign["is_sample"])

    @cached_property
    def present(self) -> dict[str, frozenset[str]]:
        """By link parameter, the codes that a filter can find something with."""
        frame = self.query("members")
        return {str(name): frozenset(codes) for name, codes in frame.groupby("parameter")["code"]}

    def query(self, name: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run `queries/<name>.sql` with bound parameters; answers are cached and must not be changed in place."""
        return self.ask(query_text(name), parameters)

    def ask(self, statement: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run a statement that is made of such queries; as `query`."""
        found: pd.DataFrame = self._answer("frame", statement, parameters or {}, lambda cursor: cursor.df())
        return found.copy(deep=False)

    def columns(self, name: str, parameters: Mapping[str, Any] | None = None) -> dict[str, npt.NDArray[Any]]:
        """As `query`, without making a frame, which takes longer than planning a small query."""
        found: dict[str, npt.NDArray[Any]] = self._answer(
            "columns", query_text(name), parameters or {}, lambda cursor: cursor.fetchnumpy()
        )
        return dict(found)

    def _answer(
        self,
        form: str,
        statement: str,
        parameters: Mapping[str, Any],
        fetch: Callable[[duckdb.DuckDBPyConnection], Any],
    ) -> Any:
        """The answer to a statement in one form, from the cache where it is there."""
        values = sorted((k, tuple(sorted(v)) if isinstance(v, list) else v) for k, v in parameters.items())
        key = (form, statement, *values)
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key][0]
        with self._borrowed() as cursor:
            found = fetch(cursor.execute(self._lean(statement, parameters, cursor), dict(parameters)))
        self._remember(key, found)
        return found

    def _lean(self, statement: str, parameters: Mapping[str, Any], cursor: duckdb.DuckDBPyConnection) -> str:
        """The statement without the filters that are not used; what it calls is defined when it is first needed."""
        if not counts_a_selection(statement):
            return statement
        used = tuple(name for name in FILTERS if parameters.get(name) is not None)
        with self._defining:
            if used not in self._defined:
                cursor.execute(lean_selection(used))
                self._defined.add(used)
        return call_lean_selection(statement, used)

    @contextmanager
    def _borrowed(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one statement, which is kept for another unless it failed."""
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

    def fold(self, words: str) -> str:
        """`words` as the column search_text has them: letters and digits only, without accents and case."""
        return str(self.query("folded", {"texts": [words]})["folded"].iloc[0]) if words.strip() else ""

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for streaming; close it after use."""
        return _new_cursor(self._connection)

    def bulk_cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for work on very many rows, which takes neither threads nor memory from the pages.

        All of them share one more database, with `BULK_MEMORY` for all together. Each works in the thread
        that calls it and in no other. Close it after use.

        Raises:
            SnapshotError: the file has been removed meanwhile.
        """
        with self._lock:
            if self._bulk is None:
                self._bulk = _attach(self.path, {"threads": 1, "memory_limit": BULK_MEMORY} | _scratch())
            return _new_cursor(self._bulk)

    def _remember(self, key: tuple[Any, ...], found: Any) -> None:
        size = _measure(found)
        if size > self._cache_limit // 4:
            return
        with self._lock:
            if key not in self._cache:
                self._cache[key] = found, size
                self._cache_bytes += size
            while self._cache_bytes > self._cache_limit:
                self._cache_bytes -= self._cache.popitem(last=False)[1][1]

    def _load_codes(self) -> dict[str, dict[str, Code]]:
        codes: dict[str, dict[str, Code]] = {}
        with self.cursor() as cursor:
            rows = cursor.execute(query_text("codes")).fetchall()
        for codelist, code, en, fr, es, order, parent, base in rows:
            codes.setdefault(codelist, {})[code] = Code(
                codelist, code, {"en": en, "fr": fr, "es": es}, (), order, parent, base
            )
        return codes


def _attach(path: Path, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """A database in memory with the snapshot beside it, read-only, and the query macros.

    Raises:
        SnapshotError: the file is missing or no snapshot of this program.
    """
    try:
        connection = duckdb.connect(config=config)
        connection.execute(f"attach {quote_path(path)} as snapshot (read_only)")
        connection.execute(f"set search_path = {_SEARCH_PATH}")
        if not connection.execute(query_text("spells_with_files")).fetchall():
            connection.execute(query_text("older_spells"))
        for statement in (s for name in MACROS for s in duckdb.extract_statements(query_text(name))):
            connection.execute(statement)
        connection.execute(whole_selection())
        connection.execute(query_text("campaign"))
    except duckdb.Error as error:
        raise SnapshotError(
            f"The published snapshot {path.name} cannot be opened ({error}).",
            "Build it again: python -m etl build.",
        ) from error
    return connection


def _new_cursor(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    cursor = connection.cursor()
    cursor.execute(f"set search_path = {_SEARCH_PATH}")
    return cursor


def _measure(found: pd.DataFrame | dict[str, npt.NDArray[Any]]) -> int:
    """The memory of an answer in bytes; texts of columns are guessed, since many are one and the same."""
    if isinstance(found, pd.DataFrame):
        return int(found.memory_usage(deep=True).sum())
    return sum(
        column.nbytes + (_TEXT_BYTES * len(column) if column.dtype == np.object_ else 0) for column in found.values()
    )


_TEXT_BYTES = 80


def _scratch() -> dict[str, str]:
    """Where a database puts what its memory does not hold; DuckDB would take the folder the server was started in."""
    return {"temp_directory": str(Path(tempfile.gettempdir()) / f"dashboard-spilled-{os.getpid()}")}


def _read_pointer(pointer: Path) -> dict[str, str]:
    """What the pointer says: `snapshot`, `build_id` and `built_at` at least."""
    try:
        named: dict[str, str] = json.loads(pointer.read_text(encoding="utf-8"))
        if {"snapshot", "build_id", "built_at"} <= named.keys():
            return named
    except (OSError, ValueError, AttributeError):
        pass
    raise SnapshotError(f"The pointer {pointer} is damaged.", "Build again: python -m etl build.")


_open: tuple[tuple[Path, int, int], Snapshot] | None = None
_open_lock = threading.Lock()


def opened(settings: Settings) -> Snapshot | None:
    """What `current` gives, if that is open already: one look at the pointer, nothing that waits."""
    found = _open
    return found[1] if found is not None and found[0] == _look(settings.campaign / "published" / POINTER) else None


def current(settings: Settings | None = None) -> Snapshot:
    """The snapshot the pointer names now; opened anew only when the pointer has changed.

    Raises:
        SnapshotError: nothing is published yet, or what is published cannot be read.
    """
    global _open
    settings = settings or Settings.from_environment()
    pointer = settings.campaign / "published" / POINTER
    key = _look(pointer)
    if key is None:
        raise SnapshotError(
            f"Nothing has been published yet in {pointer.parent}.",
            "Put the exports into the inbox folder and run: python -m etl build.",
        )
    if _open is not None and _open[0] == key:
        return _open[1]
    with _open_lock:
        if _open is not None and _open[0] == key:
            return _open[1]
        named = _read_pointer(pointer)
        snapshot = Snapshot(pointer.parent / named["snapshot"], named["build_id"], named["built_at"], settings.cache_mb)
        _open = (key, snapshot)
        return snapshot


def _look(pointer: Path) -> tuple[Path, int, int] | None:
    try:
        stat = pointer.stat()
    except OSError:
        return None
    return (pointer, stat.st_mtime_ns, stat.st_ino)

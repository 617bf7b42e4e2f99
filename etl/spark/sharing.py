"""The rows of large sheets shared out, whatever runs the shares; and the steps that need the rows of one key alone.

A text file that is plain enough is cut into ranges of rows; each range is read, looked at and mapped in a partition, by
the functions and the SQL files that a build on one machine runs. This module makes the decisions on whole columns, from
the findings of the ranges, and sends them there. Steps by key run in buckets: their results come back as Parquet files,
and tables for later steps stay there. Everything else is done here, over the same raw tables: they are views of the
partitions' files.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import duckdb

from dashboard.paths import quote_path
from dashboard.scratch import Scratch, remove_left
from etl.profiling import part
from etl.readers import engine
from etl.readers.engine import Engine, Rows
from etl.readers.exports import ExportFile
from etl.readers.sheets import Sheet
from etl.readers.text_ranges import TextCut, copy_text, cut_ranges
from etl.spark import shares
from etl.spark.buckets import (
    BY_ACTION,
    BY_NAME,
    EVIDENCE_SPELLS,
    BucketSetting,
    Filled,
    KeyedSteps,
    Piece,
    Source,
    cut,
    work_again,
    work_bucket,
)
from etl.spark.shares import Setting, StoredRows
from etl.sqlfiles import SQL, run_file

FEWEST_BYTES = 8 << 20
"""Of a range: a smaller one is read faster than it is sent."""
_KEYED = {step: keyed for keyed in (BY_NAME, BY_ACTION, EVIDENCE_SPELLS) for step in keyed.steps}
_FILE_SIZE = "64MB"
"""Of the part that one task cuts."""
Cut = Callable[[Source], Iterator[Piece]]
Work = Callable[[int, Iterable[Piece]], tuple[Filled, float]]


@dataclass
class _Shared:
    """A shared sheet: its shares, and the files of the rows that were taken out."""

    shares: list[StoredRows]
    gone: tuple[str, ...] = ()


class Job(NamedTuple):
    """The work on the shares of a sheet: its name, and the processor time of each task, in seconds."""

    name: str
    seconds: tuple[float, ...]


@dataclass
class Counts:
    """The counts of shared work, for later queries.

    Attributes:
        sheets: The number of shares of each sheet.
        bytes_written: The bytes of the shares and their tables on the shared disk.
        bytes_exchanged: The bytes exchanged between partitions.
    """

    jobs: list[Job] = field(default_factory=list)
    sheets: dict[str, int] = field(default_factory=dict)
    buckets: int = 0
    bytes_written: int = 0
    bytes_exchanged: int = 0


class SharingEngine(Engine):
    """Shares the rows of large sheets out; it works through sheets that cannot be cut itself."""

    def __init__(self, partitions: int, fewest_bytes: int = FEWEST_BYTES, shared: Path | None = None) -> None:
        """Decide how sheets are cut.

        A range has `fewest_bytes` at least; 0 cuts every sheet that can be cut. All partitions can
        read and write in `shared`; it is the build's own folder by default.
        """
        self._shared_folder = shared
        self._partitions = partitions
        self._fewest_bytes = fewest_bytes

    @contextmanager
    def working_in(self, folder: Path) -> Iterator[None]:
        """Begin with nothing shared out; the shares hold the content of the exports, and are removed on leaving."""
        if self._shared_folder is not None:
            remove_left(0, self._shared_folder)
        self._sheets: dict[str, _Shared] = {}
        self._left: list[tuple[StoredRows, ...]] = []
        self.counts = Counts()
        with Scratch("work", (self._shared_folder or folder).resolve()) as name:
            self._folder = Path(name)
            yield
            self.counts.bytes_written = sum(file.stat().st_size for file in self._folder.rglob("*.parquet"))

    def load(
        self,
        connection: duckdb.DuckDBPyConnection,
        export: ExportFile,
        sheet: Sheet,
        raw: str,
        first_row: int,
        *,
        may_be_cut: bool,
    ) -> int:
        """Create the raw table of a sheet, as a view of the partitions' files where it can be cut."""
        cut = self._find_cut(export, sheet) if may_be_cut else None
        sheet_shares = self._load_ranges(cut, raw, first_row) if cut else None
        if sheet_shares is None:
            return super().load(connection, export, sheet, raw, first_row, may_be_cut=may_be_cut)
        export.check()
        self._sheets[raw] = _Shared(sheet_shares)
        self._show(connection, raw)
        self.counts.sheets[raw] = len(sheet_shares)
        return sum(share.rows for share in sheet_shares)

    def _find_cut(self, export: ExportFile, sheet: Sheet) -> TextCut | None:
        if export.plain is None:
            return None
        plain, marked = export.plain
        size = plain.path.stat().st_size
        if size < 2 * self._fewest_bytes and self._fewest_bytes:
            return None
        cut = TextCut(plain, sheet.width, marked, size)
        # Files unpacked or rewritten lie with this process alone.
        is_elsewhere = self._shared_folder is not None or plain.path.resolve() != export.path.resolve()
        return copy_text(cut, self._folder) if is_elsewhere else cut

    def _load_ranges(self, cut: TextCut, raw: str, first_row: int) -> list[StoredRows] | None:
        """Load the shares of a file; nothing where the sum of its ranges differs from the count of the whole."""
        count = self._partitions
        if self._fewest_bytes:
            count = max(1, min(count, cut.size // self._fewest_bytes))
        blocks = self._do(partial(shares.scan, cut), cut.blocks(count))
        ranges = cut_ranges(blocks, cut.size, cut.plain.rows)
        loaded = self._do(partial(shares.load, self._setting(raw), cut, first_row), ranges)
        return None if None in loaded else loaded

    def drop(self, connection: duckdb.DuckDBPyConnection, raw: str) -> None:
        """Drop a raw table, if it is there."""
        if self._sheets.pop(raw, None):
            connection.execute(f"drop view {raw}")
        else:
            super().drop(connection, raw)

    def is_shared(self, raw: str) -> bool:
        """Return whether the rows of a table are shared out."""
        return raw in self._sheets

    def run(self, connection: duckdb.DuckDBPyConnection, raw: str, work: engine.Work, *arguments: object) -> None:
        """Do some work with the rows of a sheet, in its shares."""
        if not self.is_shared(raw):
            return super().run(connection, raw, work, *arguments)
        setting = self._setting(raw, connection, work.needs)
        outputs = self._do(partial(shares.run, setting, work, arguments), self._sheets[raw].shares)
        filled_tables = [one for several in outputs for one in several]
        for table in work.fills:
            if files := [one.file for one in filled_tables if one.table == table]:
                bring(connection, table, files)
        return None

    def ask(
        self, connection: duckdb.DuckDBPyConnection, raw: str, function: Callable[..., Rows], *arguments: object
    ) -> Rows:
        """Return a function's rows for each share."""
        if not self.is_shared(raw):
            return super().ask(connection, raw, function, *arguments)
        outputs = self._do(partial(shares.ask, self._setting(raw), function, arguments), self._sheets[raw].shares)
        return [row for rows in outputs for row in rows]

    def rewrite(
        self,
        connection: duckdb.DuckDBPyConnection,
        raw: str,
        function: Callable[..., None],
        *arguments: object,
        needs: tuple[str, ...] = (),
    ) -> None:
        """Let a function change the cells of a sheet, share by share."""
        if not self.is_shared(raw):
            return super().rewrite(connection, raw, function, *arguments, needs=needs)
        setting = self._setting(raw, connection, needs)
        changed = self._do(partial(shares.rewrite, setting, function, arguments), self._sheets[raw].shares)
        self._sheets[raw] = _Shared(changed)
        self._show(connection, raw)
        return None

    @contextmanager
    def whole(self, connection: duckdb.DuckDBPyConnection, raw: str) -> Iterator[None]:
        """Put all rows of a sheet into one table of this process; the shares lose those that are deleted meanwhile."""
        if not self.is_shared(raw):
            yield
            return
        connection.execute(f"alter view {raw} rename to {raw}_shared")
        connection.execute(f"create table {raw} as from {raw}_shared")
        yield
        connection.execute(
            f"create or replace temp table rows_gone as select source_row from {raw}_shared "  # noqa: S608  (a table)
            f"anti join {raw} using (source_row)"
        )
        gone = shares.write_table(connection, "rows_gone", str(self._folder))
        connection.execute(f"drop table {raw}")
        connection.execute(f"drop view {raw}_shared")
        self._sheets[raw].gone += (gone.file,)
        self._show(connection, raw)

    def _show(self, connection: duckdb.DuckDBPyConnection, raw: str) -> None:
        """Let the raw table be a view of its shares."""
        sheet = self._sheets[raw]
        rows = shares.select_rows([share.file for share in sheet.shares], sheet.gone)
        connection.execute(f"create or replace view {raw} as {rows}")

    def _setting(
        self, raw: str, connection: duckdb.DuckDBPyConnection | None = None, needs: Iterable[str] = ()
    ) -> Setting:
        gone = self._sheets[raw].gone if raw in self._sheets else ()
        return Setting(raw, str(self._folder), self._send(connection, needs) if connection else (), gone)

    def _send(self, connection: duckdb.DuckDBPyConnection, needs: Iterable[str]) -> tuple[StoredRows, ...]:
        """Write tables that each task gets as a whole."""
        return tuple(shares.write_table(connection, table, str(self._folder)) for table in needs)

    def _do(self, function: "partial[Any]", things: Sequence[Any]) -> list[Any]:
        outputs = self._map(partial(shares.measure, function), things)
        self.counts.jobs.append(Job(function.func.__name__, tuple(seconds for _, seconds in outputs)))
        return [one for one, _ in outputs]

    def _map(self, function: Callable[[Any], Any], things: Sequence[Any]) -> list[Any]:
        """Return a function's results for each of some things, whatever runs it."""
        raise NotImplementedError

    def run_step(self, connection: duckdb.DuckDBPyConnection, step: str, parameters: dict[str, Any]) -> None:
        """Run a step here, or several that belong together in buckets where sheets were shared out."""
        if not self.counts.sheets or step not in _KEYED:
            super().run_step(connection, step, parameters)
        elif step in EVIDENCE_SPELLS.steps:
            setting = BucketSetting(
                EVIDENCE_SPELLS, parameters, str(self._folder), self._send(connection, EVIDENCE_SPELLS.needs)
            )
            self._bring(connection, EVIDENCE_SPELLS, self._do(partial(work_again, setting), self._left))
        elif step == _KEYED[step].steps[0]:
            self._run_by_key(connection, _KEYED[step], parameters)

    def _run_by_key(self, connection: duckdb.DuckDBPyConnection, keyed: KeyedSteps, parameters: dict[str, Any]) -> None:
        """Run steps in buckets of rows that are put together by their key."""
        self.counts.buckets = min(self._partitions, sum(self.counts.sheets.values()))
        with part(f"rows {keyed.key}"):
            run_file(connection, SQL / "shares" / f"{keyed.key}.sql", {"buckets": self.counts.buckets})
            sources = self._write_sources(connection, keyed)
        shapes = {source.table: source.file for source in sources}
        needs = self._send(connection, keyed.needs)
        setting = BucketSetting(keyed, parameters, str(self._folder), needs, tuple(shapes.items()))
        work = partial(shares.measure, partial(work_bucket, setting))
        measured = self._exchange(cut, sources, work, self.counts.buckets)
        cutting: dict[int, float] = {}
        for filled, _ in measured:
            self.counts.bytes_exchanged += filled.bytes
            for source, spent in filled.seconds.items():
                cutting[source] = cutting.get(source, 0.0) + spent
        working = tuple(seconds for _, seconds in measured)
        self.counts.jobs += [Job("cut", tuple(cutting.values())), Job(keyed.key, working)]
        self._bring(connection, keyed, [filled for filled, _ in measured])

    def _write_sources(self, connection: duckdb.DuckDBPyConnection, keyed: KeyedSteps) -> list[Source]:
        """Write the rows to exchange."""
        sources: list[Source] = []
        for table in keyed.takes:
            place = self._folder / f"{table}-{uuid4().hex}"
            rows = f"from {keyed.key}_{table.rsplit('.', 1)[-1]}"
            options = f"format parquet, file_size_bytes '{_FILE_SIZE}'"
            connection.execute(f"copy ({rows}) to {quote_path(place)} ({options})")
            for file in sorted(place.iterdir()):
                sources.append(Source(len(sources), table, str(file), self.counts.buckets))
        return sources

    def _bring(self, connection: duckdb.DuckDBPyConnection, keyed: KeyedSteps, filled: Sequence[Filled]) -> None:
        """Put the results of the buckets into the tables of the build; note the tables that stay with them."""
        with part(f"rows {keyed.key} brought"):
            for table in keyed.fills:
                bring(connection, table, [one.file for each in filled for one in each.tables if one.table == table])
        self._left = [tuple(one for one in each.tables if one.table in keyed.leaves) for each in filled]

    def _exchange(self, split: Cut, sources: Sequence[Source], work: Work, buckets: int) -> list[tuple[Filled, float]]:
        """Return the results of work for each bucket, on the pieces from splitting the sources."""
        raise NotImplementedError


def bring(connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[str]) -> None:
    """Put the shares' rows of a table into it, and make it where it is missing: one share after another.

    The table's file in `etl/sql/shares/` sums up counts of values, and restores an order where one is needed.
    """
    summed = SQL / f"shares/{table.rsplit('.', 1)[-1]}.sql"
    connection.execute(f"create temp view given_rows as from {shares.read_all(files)}")
    try:
        if summed.exists():
            run_file(connection, summed)
        else:
            connection.execute(f"create table if not exists {table} as from given_rows limit 0")
            connection.execute(f"insert into {table} by name from given_rows")
    finally:
        connection.execute("drop view given_rows")

"""Steps of a build run by key: Spark carries the rows to where those of the same key are, and the steps run there.

What is made in a bucket comes back as Parquet files, and what later steps need there stays in them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from dashboard.paths import quote_path
from etl.profiling import part
from etl.spark import shares
from etl.spark.buckets import BucketSetting, Filled, work_again, work_bucket
from etl.spark.keyed_steps import BY_ACTION, BY_NAME, EVIDENCE_SPELLS, KeyedSteps
from etl.spark.pieces import Piece, Source, cut
from etl.spark.shares import Made
from etl.spark.sharing import Job, SharingEngine, bring
from etl.sqlfiles import SQL, run_file

_KEYED = {step: keyed for keyed in (BY_NAME, BY_ACTION, EVIDENCE_SPELLS) for step in keyed.steps}
_FILE_SIZE = "64MB"
"""Of what one task cuts."""
Cut = Callable[[Source], Iterator[Piece]]
Work = Callable[[int, Iterable[Piece]], tuple[Filled, float]]


class BucketingEngine(SharingEngine):
    """Shares out the rows of large sheets, and where it did, the steps that need the rows of one key alone as well."""

    @contextmanager
    def working_in(self, folder: Path) -> Iterator[None]:
        """Begin with no bucket."""
        self._left: list[tuple[Made, ...]] = []
        with super().working_in(folder):
            yield

    def run_step(self, connection: duckdb.DuckDBPyConnection, step: str, parameters: dict[str, Any]) -> None:
        """Run a step here, or several that belong together in buckets where sheets were shared out."""
        if not self.counts.sheets or step not in _KEYED:
            super().run_step(connection, step, parameters)
        elif step in EVIDENCE_SPELLS.steps:
            self._run_again(connection, EVIDENCE_SPELLS, parameters)
        elif step == _KEYED[step].steps[0]:
            self._run_by_key(connection, _KEYED[step], parameters)

    def _run_by_key(self, connection: duckdb.DuckDBPyConnection, keyed: KeyedSteps, parameters: dict[str, Any]) -> None:
        """Run steps in buckets of rows that are put together by their key."""
        self.counts.buckets = min(self._partitions, sum(self.counts.sheets.values()))
        with part(f"rows {keyed.key}"):
            run_file(connection, SQL / "shares" / f"{keyed.key}.sql", {"buckets": self.counts.buckets})
            sources = self._write_sources(connection, keyed)
        shapes = {source.table: source.file for source in sources}
        setting = BucketSetting(keyed, parameters, *self._send(connection, keyed.needs), tuple(shapes.items()))
        work = partial(shares.measure_bucket, partial(work_bucket, setting))
        measured = self._exchange(cut, sources, work, self.counts.buckets)
        filled = [one for one, _ in measured]
        self._note_exchange(keyed, filled, [seconds for _, seconds in measured])
        self._bring(connection, keyed, filled)

    def _run_again(self, connection: duckdb.DuckDBPyConnection, keyed: KeyedSteps, parameters: dict[str, Any]) -> None:
        """Run steps on what was left in the buckets."""
        setting = BucketSetting(keyed, parameters, *self._send(connection, keyed.needs))
        self._bring(connection, keyed, self._do(partial(work_again, setting), self._left))

    def _write_sources(self, connection: duckdb.DuckDBPyConnection, keyed: KeyedSteps) -> list[Source]:
        """Write the rows that are to be exchanged."""
        sources: list[Source] = []
        for table in keyed.takes:
            place = self._folder / f"{table}-{uuid4().hex}"
            rows = f"from {keyed.key}_{table.rsplit('.', 1)[-1]}"
            options = f"format parquet, file_size_bytes '{_FILE_SIZE}'"
            connection.execute(f"copy ({rows}) to {quote_path(place)} ({options})")
            for file in sorted(place.iterdir()):
                sources.append(Source(len(sources), table, str(file), self.counts.buckets))
        return sources

    def _send(
        self, connection: duckdb.DuckDBPyConnection, needs: Sequence[str]
    ) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Where all write, and the tables that each gets the whole of, with their files."""
        folder = str(self._folder)
        sent_tables = [shares.write_table(connection, table, folder) for table in needs]
        return folder, tuple((one.table, one.file) for one in sent_tables)

    def _note_exchange(self, keyed: KeyedSteps, filled: Sequence[Filled], seconds: Sequence[float]) -> None:
        """Count what was exchanged, and who took how long."""
        cutting: dict[int, float] = {}
        for one in filled:
            if one.gathered is not None:
                self.counts.bytes_exchanged += one.gathered.bytes
                for source, spent in one.gathered.seconds.items():
                    cutting[source] = cutting.get(source, 0.0) + spent
        self.counts.jobs += [Job("cut", tuple(cutting.values())), Job(keyed.key, tuple(seconds))]

    def _bring(self, connection: duckdb.DuckDBPyConnection, keyed: KeyedSteps, filled: Sequence[Filled]) -> None:
        """Put what the buckets gave into the tables of the build; what stays with them is noted."""
        with part(f"rows {keyed.key} brought"):
            for table in keyed.fills:
                bring(connection, table, [one.file for each in filled for one in each.tables if one.table == table])
        self._left = [tuple(one for one in each.tables if one.table in keyed.leaves) for each in filled]

    def _exchange(self, split: Cut, sources: Sequence[Source], work: Work, buckets: int) -> list[tuple[Filled, float]]:
        """What work gives for each bucket, of the pieces that splitting the sources gives for it."""
        raise NotImplementedError

"""Steps of a build run by key: their list, the way of rows to their keys, and the work of a task.

A task cuts its file into pieces, Spark carries each piece to its bucket of keys, and another task puts the pieces of a
bucket together and runs the steps there. A file in `etl/sql/shares/` names the rows that a step needs: a view a table,
each row with its bucket. The steps are those of every build: in a bucket's database they find its rows under the same
names.
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from dashboard.scratch import Scratch
from etl.pipeline.workspace import SHARE_MEMORY
from etl.spark.shares import StoredRows, open_database, read_all, take_needs, write_table
from etl.sqlfiles import run_step

BUCKET = "bucket"
_ROWS = 8192
"""Rows that are cut at a time: a piece has no more."""


class KeyedSteps(NamedTuple):
    """Steps that follow each other and are run a bucket of keys at a time.

    Attributes:
        key: The key that groups the rows: the name of the file in `etl/sql/shares/`, with which its views begin.
        steps: The files of `etl/sql/steps` in their order, without `.sql`.
        takes: The tables from which each bucket gets its own rows.
        needs: The tables that every bucket gets as a whole.
        fills: The resulting tables, with the rows of the buckets, one after another.
        leaves: The tables that stay in the buckets, for later steps.
    """

    key: str
    steps: tuple[str, ...]
    takes: tuple[str, ...]
    needs: tuple[str, ...]
    fills: tuple[str, ...]
    leaves: tuple[str, ...] = ()


BY_NAME = KeyedSteps(
    "by_name",
    steps=("28_stakeholder_names",),
    takes=(
        "staged_actions",
        "staged_classification",
        "staged_progress_reports",
        "staged_milestones",
        "staged_results",
        "staged_events",
        "staged_stories",
    ),
    needs=("spellings",),
    fills=("stakeholder_names",),
)

BY_ACTION = KeyedSteps(
    "by_action",
    steps=(
        "79_report_spells",
        "70_write_actions",
        "72_write_places",
        "73_write_members",
        "75_suggest_classes",
        "80_write_reports",
        "86_evidence_steps",
    ),
    takes=(
        "kept_actions",
        "action_keys",
        "action_places",
        "action_scopes",
        "snapshot.action_themes",
        "classified",
        "staged_classification",
        "staged_actions",
        "stakeholder_display",
        "kept_reports",
        "staged_progress_reports",
        "numbered_keys",
        "shown_report_keys",
    ),
    needs=(
        "sheets",
        "cell_codes",
        "person_keys",
        "shown_names",
        "renamed_actions",
        "decided_evidence",
        "lost_statuses",
        "codelist_codes",
        "codelist_countries",
        "codelist_subregions",
        "codelist_groupings",
        "listed_terms",
    ),
    fills=(
        "snapshot.actions",
        "snapshot.action_countries",
        "snapshot.action_regions",
        "snapshot.action_subregions",
        "snapshot.action_members",
        "snapshot.suggested_classes",
        "snapshot.progress_reports",
        "snapshot.report_spells",
        "snapshot.evidence_steps",
        "stated_parts",
    ),
    leaves=("snapshot.evidence_steps", "ordered_reports"),
)

EVIDENCE_SPELLS = KeyedSteps(
    "by_action",
    steps=("95_evidence_spells",),
    takes=("snapshot.evidence_steps", "ordered_reports"),
    needs=("snapshot.campaign",),
    fills=("snapshot.evidence_spells",),
)
"""Begins where `BY_ACTION` ended, in the same buckets: only the day the figures stand at had to be known of all."""


class Source(NamedTuple):
    """A file of rows to cut.

    Attributes:
        number: Its place among those of the job.
        file: Parquet, with a column `bucket`.
    """

    number: int
    table: str
    file: str
    buckets: int


class Piece(NamedTuple):
    """Some rows of one bucket.

    Attributes:
        source: The number of their file.
        table: Their table; empty where the piece only announces the bucket.
        rows: The rows as an Arrow stream.
        seconds: The processor time that went by since the piece before.
    """

    bucket: int
    source: int
    table: str
    rows: bytes
    seconds: float


def cut(source: Source) -> Iterator[Piece]:
    """Cut a file into pieces; the first one also gives each bucket an empty one, so that none is left out."""
    before = time.process_time()
    if source.number == 0:
        yield from (Piece(bucket, 0, "", b"", 0.0) for bucket in range(source.buckets))
    with Scratch("work") as spill:
        config: dict[str, Any] = {"memory_limit": SHARE_MEMORY, "threads": "1", "temp_directory": spill}
        with duckdb.connect(config=config) as connection:
            connection.execute("set TimeZone = 'UTC'")
            batches = connection.sql(f"from {read_all([source.file])} order by {BUCKET}").to_arrow_reader(_ROWS)
            for batch in batches:
                for bucket, rows in _cut_batch(batch):
                    now = time.process_time()
                    yield Piece(bucket, source.number, source.table, rows, now - before)
                    before = now


def _cut_batch(batch: pa.RecordBatch) -> Iterator[tuple[int, bytes]]:
    """Split a sorted batch into the rows of each bucket."""
    place = batch.schema.get_field_index(BUCKET)
    buckets = batch.column(place).to_numpy()
    rows = batch.remove_column(place)
    starts = np.flatnonzero(np.diff(buckets, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(buckets)], strict=True):
        yield int(buckets[start]), _write(rows.slice(start, end - start))


def _write(rows: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_batch(rows)
    rows_written: bytes = sink.getvalue().to_pybytes()
    return rows_written


def gather(connection: duckdb.DuckDBPyConnection, pieces: Iterable[Piece]) -> tuple[int, dict[int, float]]:
    """Put the pieces of a bucket into their existing tables; return `Filled.bytes` and `Filled.seconds`."""
    size = 0
    seconds: dict[int, float] = {}
    for piece in pieces:
        size += len(piece.rows)
        seconds[piece.source] = seconds.get(piece.source, 0.0) + piece.seconds
        if piece.table:
            given_piece = pa.ipc.open_stream(piece.rows)
            connection.register("given_piece", given_piece)
            connection.execute(f"insert into {piece.table} by name from given_piece")
            connection.unregister("given_piece")
    return size, seconds


class BucketSetting(NamedTuple):
    """The common setting of all tasks of a job.

    Attributes:
        folder: The common folder of all tasks.
        needs: The tables that each bucket gets as a whole.
        shapes: A file of each table with rows in buckets, for its columns: there may be no rows.
    """

    keyed: KeyedSteps
    parameters: dict[str, Any]
    folder: str
    needs: tuple[StoredRows, ...]
    shapes: tuple[tuple[str, str], ...] = ()


class Filled(NamedTuple):
    """The result of a bucket.

    Attributes:
        tables: Its tables: those that steps filled, and those that stay there.
        seconds: The processor time that cutting it took, by the number of the file.
    """

    tables: list[StoredRows]
    bytes: int = 0
    seconds: dict[int, float] = {}


def work_bucket(setting: BucketSetting, bucket: int, pieces: Iterable[Piece]) -> Filled:
    """Put together the pieces of a bucket, and run the steps on it."""
    with open_database() as (_, connection):
        take_needs(connection, setting.needs)
        for table, file in setting.shapes:
            shape = f"select * exclude ({BUCKET}) from {read_all([file])} limit 0"  # noqa: S608  (our own files)
            connection.execute(f"create table if not exists {table} as {shape}")
        size, seconds = gather(connection, pieces)
        return Filled(_run(connection, setting), size, seconds)


def work_again(setting: BucketSetting, tables: tuple[StoredRows, ...]) -> Filled:
    """Run steps on the tables that earlier ones left in a bucket."""
    with open_database() as (_, connection):
        take_needs(connection, [*setting.needs, *tables])
        return Filled(_run(connection, setting))


def _run(connection: duckdb.DuckDBPyConnection, setting: BucketSetting) -> list[StoredRows]:
    for step in setting.keyed.steps:
        run_step(connection, step, setting.parameters)
    tables = dict.fromkeys((*setting.keyed.fills, *setting.keyed.leaves))
    return [write_table(connection, table, setting.folder) for table in tables]

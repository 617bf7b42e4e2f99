"""Rows on their way between partitions: pieces of tables, each with the bucket that it is for.

A task cuts its file into pieces, Spark carries them to where their bucket is, and another task puts them together
there. A piece holds rows of one table as Arrow writes them, so that rows of different tables travel alike.
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from dashboard.scratch import Scratch
from etl.pipeline.workspace import SHARE_MEMORY
from etl.spark.shares import read_all

BUCKET = "bucket"
_ROWS = 8192
"""Rows that are cut at a time: a piece has no more."""


class Source(NamedTuple):
    """A file of rows that are to be cut.

    Attributes:
        number: Its place among those of the job.
        table: What table they are of.
        file: Parquet, with a column `bucket`.
        buckets: How many there are.
    """

    number: int
    table: str
    file: str
    buckets: int


class Piece(NamedTuple):
    """Some rows of one bucket.

    Attributes:
        bucket: Whose they are.
        source: The number of the file that they come from.
        table: The table that they are of; empty where the piece only says that the bucket is there.
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
    """The rows of each bucket in a batch that is in their order."""
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


class Gathered(NamedTuple):
    """What came to a bucket.

    Attributes:
        bytes: How much.
        seconds: The processor time that cutting it took, by the number of the file.
    """

    bytes: int
    seconds: dict[int, float]


def gather(connection: duckdb.DuckDBPyConnection, pieces: Iterable[Piece]) -> Gathered:
    """Put the pieces of a bucket into their tables, which are there."""
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
    return Gathered(size, seconds)

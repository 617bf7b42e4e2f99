"""Shares of rows taken by Spark: each is worked through in a partition of `mapInArrow`."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from etl.spark.bucketing import BucketingEngine, Cut, Work
from etl.spark.buckets import Filled
from etl.spark.pieces import Piece, Source
from etl.spark.session import SparkError, first_line
from etl.spark.sharing import FEWEST_BYTES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_GIVEN = "task long, given binary"
_PIECE = "bucket int, source int, table string, rows binary, seconds double"
_PIECE_SCHEMA = pa.schema(
    [
        ("bucket", pa.int32()),
        ("source", pa.int32()),
        ("table", pa.string()),
        ("rows", pa.binary()),
        ("seconds", pa.float64()),
    ]
)


class SparkEngine(BucketingEngine):
    """Shares the rows of large sheets out to the executors of Spark."""

    def __init__(
        self,
        spark: "SparkSession",
        partitions: int = 0,
        fewest_bytes: int = FEWEST_BYTES,
        shared: Path | None = None,
    ) -> None:
        """Use a session; a sheet is cut into as many parts as Spark has cores by default, else as `SharingEngine`."""
        super().__init__(partitions or spark.sparkContext.defaultParallelism, fewest_bytes, shared)
        self._spark = spark

    def _map(self, function: Callable[[Any], Any], things: Sequence[Any]) -> list[Any]:
        """What a function gives for each of some things, a partition each.

        Raises:
            SparkError: Spark gave up.
        """
        frame = self._spark.range(0, len(things), 1, len(things)).mapInArrow(_Carrier(function, things), _GIVEN)
        return _collect(frame, len(things))

    def _exchange(self, split: Cut, sources: Sequence[Source], work: Work, buckets: int) -> list[tuple[Filled, float]]:
        """What work gives for each bucket: one exchange, after which a partition is a bucket.

        Raises:
            SparkError: Spark gave up.
        """
        cut = self._spark.range(0, len(sources), 1, len(sources)).mapInArrow(_Cutter(split, sources), _PIECE)
        frame = cut.repartitionById(buckets, "bucket").groupBy("bucket").applyInArrow(_take_group(work), _GIVEN)
        return _collect(frame, buckets)


def _collect(frame: "DataFrame", count: int) -> list[Any]:
    """What tasks gave, in the order of their numbers.

    Raises:
        SparkError: Spark gave up.
    """
    try:
        table = frame.toArrow()
    except Exception as error:
        raise SparkError(
            f"Spark gave up: {first_line(error)}",
            "Nothing was published. What executors say is in Spark's own log.",
        ) from error
    outputs = dict(zip(table["task"].to_pylist(), table["given"].to_pylist(), strict=True))
    return [pickle.loads(outputs[number]) for number in range(count)]  # noqa: S301  (our own tasks wrote it)


def _give(numbers: Sequence[int], outputs: Iterable[object]) -> pa.RecordBatch:
    """What tasks of these numbers say, as Spark is given it."""
    pickled = [pickle.dumps(one) for one in outputs]
    return pa.record_batch([pa.array(numbers, pa.int64()), pa.array(pickled, pa.binary())], ["task", "given"])


class _Carrier:
    """What `mapInArrow` runs: the numbers of tasks come in, what the tasks give goes out."""

    def __init__(self, function: Callable[[Any], Any], things: Sequence[Any]) -> None:
        """For these things."""
        self._function = function
        self._things = things

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Do the tasks whose numbers come."""
        for batch in batches:
            numbers = batch.column(0).to_pylist()
            yield _give(numbers, [self._function(self._things[number]) for number in numbers])


class _Cutter:
    """What `mapInArrow` runs ahead of an exchange: the numbers of files come in, their pieces go out."""

    def __init__(self, split: Cut, sources: Sequence[Source]) -> None:
        """For these files."""
        self._split = split
        self._sources = sources

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Cut the files whose numbers come."""
        for batch in batches:
            for number in batch.column(0).to_pylist():
                for piece in self._split(self._sources[number]):
                    yield pa.RecordBatch.from_pylist([piece._asdict()], _PIECE_SCHEMA)


def _take_group(work: Work) -> Callable[..., Iterator[pa.RecordBatch]]:
    """What `applyInArrow` runs behind an exchange: the pieces of a bucket come in, batch by batch."""

    def take(key: tuple[pa.Scalar, ...], batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        bucket = key[0].as_py()
        pieces = (Piece(**row) for batch in batches for row in batch.to_pylist())
        yield _give([bucket], [work(bucket, pieces)])

    return take

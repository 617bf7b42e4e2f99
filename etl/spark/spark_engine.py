"""Shares of rows taken by Spark: each is worked through in a partition of `mapInArrow`."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from etl.spark.session import SparkError, first_line
from etl.spark.sharing import FEWEST_BYTES, SharingEngine

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_GIVEN = "task long, given binary"


class SparkEngine(SharingEngine):
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
        try:
            table = frame.toArrow()
        except Exception as error:
            raise SparkError(
                f"Spark gave up: {first_line(error)}",
                "Nothing was published. What executors say is in Spark's own log.",
            ) from error
        given = dict(zip(table["task"].to_pylist(), table["given"].to_pylist(), strict=True))
        return [pickle.loads(given[number]) for number in range(len(things))]  # noqa: S301  (our own tasks wrote it)


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
            given = [pickle.dumps(self._function(self._things[number])) for number in numbers]
            yield pa.record_batch([pa.array(numbers, pa.int64()), pa.array(given, pa.binary())], ["task", "given"])

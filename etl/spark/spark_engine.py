"""Start Spark, or name the missing parts; and the engine that works through each share in a partition."""

import os
import pickle
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from dashboard.errors import UserError
from dashboard.paths import PROJECT
from etl.spark.buckets import Filled, Piece, Source
from etl.spark.sharing import FEWEST_BYTES, Cut, SharingEngine, Work

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

OLDEST_JAVA = 17
_LOCAL = ("local", "local[")
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


class SparkError(UserError):
    """Spark cannot be started, or gave up."""


def require_spark() -> None:
    """Make sure that Spark can be started."""
    if find_spec("pyspark") is None or find_spec("py4j") is None:
        raise SparkError(
            "The engine spark needs pyspark, which is not installed.",
            "Install it with `make spark`, or build without --engine.",
        )
    java = find_java()
    if java is None:
        raise SparkError(
            f"The engine spark needs Java {OLDEST_JAVA} or newer, and there is none.",
            "Install one (on Debian: apt install openjdk-17-jre-headless), or let JAVA_HOME name where it is.",
        )
    version = read_java_version(java)
    if version < OLDEST_JAVA:
        raise SparkError(
            f"The engine spark needs Java {OLDEST_JAVA} or newer; {java} is {version or 'of no version that it says'}.",
            "Install a newer one, or let JAVA_HOME name where it is.",
        )


def find_java() -> str | None:
    """Find the Java that Spark would run: that of JAVA_HOME, else the one on the path."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


def read_java_version(java: str) -> int:
    """Read the version of a Java, such as 17; 0 where it gives none."""
    try:
        process = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r'version "(?:1\.)?(\d+)', process.stderr + process.stdout)
    return int(match[1]) if match else 0


@contextmanager
def open_session(master: str = "") -> Iterator["SparkSession"]:
    """Open a session of Spark, stopped on leaving; the settings of its own configuration files stay.

    Without `master` it runs as its configuration says, else on all cores of this computer.

    Raises:
        SparkError: Spark is not installed or does not start.
    """
    require_spark()
    with warnings.catch_warnings():
        # Spark speaks of pandas 3, which Arrow batches do not pass through.
        warnings.simplefilter("ignore", FutureWarning)
        import pyspark
        from pyspark import SparkConf
        from pyspark.sql import SparkSession

        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
        paths = [str(PROJECT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
        conf = SparkConf()
        if master:
            conf.setMaster(master)
        for name, value in _defaults(conf.get("spark.master", "local[*]")):
            conf.setIfMissing(name, value)
        try:
            spark = SparkSession.builder.config(conf=conf).getOrCreate()
        except Exception as error:
            raise SparkError(f"Spark does not start: {first_line(error)}", "Check --master and its own log.") from error
        spark.sparkContext.setLogLevel("ERROR")
        try:
            yield spark
        finally:
            spark.stop()


def first_line(error: Exception) -> str:
    """Return the first line of Spark's message on an error, which is often a page long."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _defaults(master: str) -> Iterator[tuple[str, str]]:
    """List the settings of Spark that its configuration may override."""
    yield "spark.master", master
    yield "spark.app.name", "etl build"
    yield "spark.ui.enabled", "false"  # a page without sign-in, at all addresses
    yield "spark.ui.showConsoleProgress", "false"
    yield "spark.sql.execution.arrow.maxRecordsPerBatch", "16"  # a row is a piece of a table, up to some megabytes
    # A second cut of a file gives the same rows to the same buckets, but not the same bytes: those behind a null and
    # the time differ. Spark would take that for other rows, and give up where others had begun with the first.
    for name in ("enabled", "enableFullRetryOnMismatch", "enableQueryLevelRollbackOnMismatch"):
        yield f"spark.sql.shuffle.orderIndependentChecksum.{name}", "false"
    yield "spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"]
    if master.startswith(_LOCAL):
        yield "spark.driver.bindAddress", "127.0.0.1"
        yield "spark.driver.host", "127.0.0.1"


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
        """Return a function's results for each of some things, a partition each."""
        frame = self._spark.range(0, len(things), 1, len(things)).mapInArrow(_Carrier(function, things), _GIVEN)
        return _collect(frame, len(things))

    def _exchange(self, split: Cut, sources: Sequence[Source], work: Work, buckets: int) -> list[tuple[Filled, float]]:
        """Return the results of work for each bucket: one exchange, after which a partition is a bucket."""
        cut = self._spark.range(0, len(sources), 1, len(sources)).mapInArrow(_Cutter(split, sources), _PIECE)
        frame = cut.repartitionById(buckets, "bucket").groupBy("bucket").applyInArrow(_take_group(work), _GIVEN)
        return _collect(frame, buckets)


def _collect(frame: "DataFrame", count: int) -> list[Any]:
    """Collect the results of tasks, in the order of their numbers."""
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
    """Pack the results of tasks of these numbers for Spark."""
    pickled = [pickle.dumps(one) for one in outputs]
    return pa.record_batch([pa.array(numbers, pa.int64()), pa.array(pickled, pa.binary())], ["task", "given"])


class _Carrier:
    """The function for `mapInArrow`: the numbers of tasks come in, their results go out."""

    def __init__(self, function: Callable[[Any], Any], things: Sequence[Any]) -> None:
        """Begin for these things."""
        self._function = function
        self._things = things

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Do the tasks whose numbers come."""
        for batch in batches:
            numbers = batch.column(0).to_pylist()
            yield _give(numbers, [self._function(self._things[number]) for number in numbers])


class _Cutter:
    """The function for `mapInArrow` ahead of an exchange: the numbers of files come in, their pieces go out."""

    def __init__(self, split: Cut, sources: Sequence[Source]) -> None:
        """Begin for these files."""
        self._split = split
        self._sources = sources

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Cut the files whose numbers come."""
        for batch in batches:
            for number in batch.column(0).to_pylist():
                for piece in self._split(self._sources[number]):
                    yield pa.RecordBatch.from_pylist([piece._asdict()], _PIECE_SCHEMA)


def _take_group(work: Work) -> Callable[..., Iterator[pa.RecordBatch]]:
    """Make the function for `applyInArrow` behind an exchange: the pieces of a bucket come in, batch by batch."""

    def take(key: tuple[pa.Scalar, ...], batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        bucket = key[0].as_py()
        pieces = (Piece(**row) for batch in batches for row in batch.to_pylist())
        yield _give([bucket], [work(bucket, pieces)])

    return take

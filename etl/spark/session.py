"""Spark started, and what is missing to start it."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.errors import UserError
from dashboard.paths import PROJECT

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
_LOCAL = ("local", "local[")


class SparkError(UserError):
    """Spark cannot be started, or gave up."""


def require_spark() -> None:
    """Make sure that Spark can be started.

    Raises:
        SparkError: a part of it is missing.
    """
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
    """The Java that Spark would run: that of JAVA_HOME, else the one on the path."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


def read_java_version(java: str) -> int:
    """The version of a Java, such as 17; 0 where it does not say it."""
    try:
        process = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r'version "(?:1\.)?(\d+)', process.stderr + process.stdout)
    return int(match[1]) if match else 0


@contextmanager
def open_session(master: str = "") -> Iterator["SparkSession"]:
    """A session of Spark, stopped on leaving; what its own configuration files say is kept.

    Args:
        master: Where it runs; as its configuration says by default, else on all cores of this computer.

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

        _name_environment(Path(pyspark.__file__).parent)
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
    """The first line of what Spark says of an error, which is often a page long."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _name_environment(home: Path) -> None:
    """Let executors run this Python with this program, and find Spark's own files beside it."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_HOME", str(home))
    paths = [str(PROJECT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def _defaults(master: str) -> Iterator[tuple[str, str]]:
    """The settings of Spark that its configuration may override."""
    yield "spark.master", master
    yield "spark.app.name", "etl build"
    yield "spark.ui.enabled", "false"  # a page without sign-in, at all addresses
    yield "spark.ui.showConsoleProgress", "false"
    yield "spark.sql.execution.arrow.maxRecordsPerBatch", "16"  # a row is a piece of a table, up to some megabytes
    # Whoever cuts a file again gives the same rows to the same buckets, but not to the byte: what stands behind a null,
    # and how long it took. Spark would take that for other rows, and give up where others had begun with the first.
    for name in ("enabled", "enableFullRetryOnMismatch", "enableQueryLevelRollbackOnMismatch"):
        yield f"spark.sql.shuffle.orderIndependentChecksum.{name}", "false"
    yield "spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"]
    if master.startswith(_LOCAL):
        yield "spark.driver.bindAddress", "127.0.0.1"
        yield "spark.driver.host", "127.0.0.1"

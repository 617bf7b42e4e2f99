"""What sharing the rows of a build out to Spark costs and gains, against the build on one machine.

    python -m benchmarks.scale [--actions 100000] [--partitions 1 2 4 8] [--master local[2]]

Processor times, so that a busy machine does not matter much: those of the driver, and of the tasks as each measures its
own. `longest` sums up the longest task of each job: what the shared part takes where every share has a core. `moved` is
what went from partition to partition, before Spark packs it. Not in it are Spark's own processes and the time between
jobs. `driver MB` is the peak of the driver's memory, without Java's.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.processes import describe_machine, read_peak_mb
from benchmarks.results import Measured, write_aims
from benchmarks.synthetic import write_campaign
from dashboard.campaign.folder import CampaignFolder
from etl.pipeline.build import build
from etl.readers.engine import DUCKDB, Engine
from etl.spark.spark_engine import SparkEngine, open_session

HEADER = """
| engine | parts | driver s | driver MB | tasks s | longest s | tasks | written MB | moved MB | wall s | content_id |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|"""


def measure_build(folder: CampaignFolder, engine: Engine) -> tuple[float, float, float, str]:
    """Processor time of this process, the peak of its memory in MB, time on the clock, and content id of one build."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    began, on_clock = time.process_time(), time.monotonic()
    with (
        build(folder, folder.published, engine=engine) as built,
        duckdb.connect(str(built.snapshot), read_only=True) as connection,
    ):
        ((content_id,),) = connection.execute("select content_id from campaign").fetchall()
    return time.process_time() - began, read_peak_mb(os.getpid()), time.monotonic() - on_clock, content_id


def main() -> None:
    """Measure as the command line says, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--actions", type=int, default=100_000)
    parser.add_argument("--partitions", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--master", default="local[2]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, open_session(options.master) as spark:
        megabytes = sum(file.stat().st_size for file in write_campaign(options.actions, Path(temporary))) / 1e6
        folder = CampaignFolder(Path(temporary))
        print(f"{describe_machine()}; {options.actions} actions, {megabytes:.0f} MB, {options.master}")
        print(HEADER)
        aims: Measured = {}
        driver, memory, wall, content_id = measure_build(folder, DUCKDB)
        print(f"| duckdb | | {driver:.1f} | {memory:.0f} | | | | | | {wall:.1f} | {content_id} |", flush=True)
        for count in options.partitions:
            engine = SparkEngine(spark, count, fewest_bytes=0)
            driver, memory, wall, content_id = measure_build(folder, engine)
            jobs = [job.seconds for job in engine.counts.jobs]
            tasks, longest = sum(map(sum, jobs)), sum(map(max, jobs))
            written, exchanged = engine.counts.bytes_written / 1e6, engine.counts.bytes_exchanged / 1e6
            print(
                f"| spark | {count} | {driver:.1f} | {memory:.0f} | {tasks:.1f} | {longest:.1f} "
                f"| {sum(map(len, jobs))} | {written:.0f} | {exchanged:.0f} | {wall:.1f} | {content_id} |",
                flush=True,
            )
            for name in dict.fromkeys(job.name for job in engine.counts.jobs):
                seconds = [job.seconds for job in engine.counts.jobs if job.name == name]
                print(f"  {name}: {sum(map(sum, seconds)):.2f} s, longest {sum(map(max, seconds)):.2f}", flush=True)
            if (options.actions, count) == (1_000_000, 2):
                aims["a million by Spark, two executors against one"] = ((driver + tasks) / (driver + longest), None)
        print(write_aims("scale", aims))


if __name__ == "__main__":
    main()

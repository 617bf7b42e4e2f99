"""How long a build takes and how much memory, as a ratio to plainly reading the same files into DuckDB.

    python -m benchmarks.etl_build [--actions 10000 100000] [--runs 3] [--formats csv xlsx]

Both run in turn, each in a fresh process, Python's start included. CSV is read plainly by DuckDB itself, XLSX by
fastexcel; nothing is taken from earlier builds. `benchmarks.sample_build` measures a build of few rows.
"""

import argparse
import csv
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from benchmarks.processes import Cost, describe_machine, measure
from benchmarks.results import Measured, write_aims
from benchmarks.synthetic import write_campaign

HEADER = """
| format | actions | reports | MB | plain read s | build s | ratio | plain peak MB | build peak MB | s a 100,000 rows |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
BUILD = ["-m", "etl", "build", "--quiet", "--from-nothing", "--campaign"]
PLAIN = {"csv": "benchmarks.plain_read", "xlsx": "benchmarks.plain_sheets"}


def measure_pair(actions: int, runs: int, file_format: str) -> tuple[float, list[Cost], list[Cost]]:
    """Megabytes of exports, then the costs of reading plainly and of building, run in turn."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "campaign"
        exports = write_campaign(actions, folder)
        if file_format == "xlsx":
            exports = [make_workbook(export) for export in exports]
        megabytes = sum(export.stat().st_size for export in exports) / 1e6
        plain, build = [], []
        for _ in range(runs):
            database = Path(temporary) / "plain.duckdb"
            plain.append(measure(["-m", PLAIN[file_format], str(database), *map(str, exports)]))
            database.unlink()
            build.append(measure([*BUILD, str(folder)]))
        return megabytes, plain, build


def make_workbook(export: Path) -> Path:
    """Replace a CSV file by a workbook of the same texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    with export.open(encoding="utf-8", newline="") as stream:
        for row in csv.reader(stream):
            sheet.append(row)
    target = export.with_suffix(".xlsx")
    book.save(target)
    export.unlink()
    return target


def write_rows(sizes: list[int], runs: int, file_format: str) -> Iterator[tuple[str, Measured]]:
    """Yield one line of the table a size, and what may have an aim."""
    for actions in sizes:
        megabytes, plain, build = measure_pair(actions, runs, file_format)
        seconds = statistics.median(cost.wall for cost in build)
        base = statistics.median(cost.wall for cost in plain)
        row = (
            f"| {file_format} | {actions:,} | {3 * actions:,} | {megabytes:.0f} "
            f"| {base:.2f} | {seconds:.2f} | {seconds / base:.1f} "
            f"| {max(cost.peak_mb for cost in plain):.0f} | {max(cost.peak_mb for cost in build):.0f} "
            f"| {seconds / (4 * actions) * 1e5:.2f} |"
        )
        yield row, {f"a build of {actions:,} actions, {3 * actions:,} reports, {file_format.upper()}": (seconds, base)}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--actions", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--formats", nargs="+", default=["csv", "xlsx"], choices=sorted(PLAIN))
    options = parser.parse_args()
    print(f"Build against plain read: {describe_machine()}; medians of {options.runs} runs")
    print(HEADER)
    aims: Measured = {}
    for file_format in options.formats:
        for row, aim in write_rows(options.actions, options.runs, file_format):
            print(row, flush=True)
            aims |= aim
    print(write_aims("etl_build", aims))


if __name__ == "__main__":
    main()

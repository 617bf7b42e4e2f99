"""How long an Excel extract takes and how much memory, as a ratio to writing the same cells plainly.

    python -m benchmarks.extract [--actions 1000 10000 100000 500000] [--runs 3]

Both run in turn, each in a fresh process, Python's start included.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Cost, describe_machine, measure
from benchmarks.results import Measured, write_aims
from benchmarks.synthetic import build_snapshot, write_campaign

HEADER = """
| rows | plain openpyxl s | extract s | ratio | processor | plain peak MB | extract peak MB | MB of file | s a 10,000 |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


def measure_pair(actions: int, runs: int) -> tuple[float, list[Cost], list[Cost]]:
    """Megabytes of the extract, then the costs of writing plainly and of the extract, run in turn."""
    with tempfile.TemporaryDirectory() as temporary:
        campaign, target = Path(temporary) / "campaign", Path(temporary) / "extract.xlsx"
        write_campaign(actions, campaign)
        build_snapshot(campaign)
        command = ["-m", "dashboard", "extract", "--campaign", str(campaign), "--to", str(target)]
        plain, extract = [], []
        for _ in range(runs):
            plain.append(measure(["-m", "benchmarks.plain_workbook", str(campaign), str(target)]))
            extract.append(measure(command))
        return target.stat().st_size / 1e6, plain, extract


def write_rows(sizes: list[int], runs: int) -> Iterator[tuple[str, Measured]]:
    """Yield one line of the table a size, and what may have an aim."""
    for actions in sizes:
        megabytes, plain, extract = measure_pair(actions, runs)
        seconds = statistics.median(cost.wall for cost in extract)
        base = statistics.median(cost.wall for cost in plain)
        worked = statistics.median(cost.processor for cost in extract) / statistics.median(
            cost.processor for cost in plain
        )
        row = (
            f"| {actions:,} | {base:.2f} | {seconds:.2f} | {seconds / base:.2f} | {worked:.2f} "
            f"| {max(cost.peak_mb for cost in plain):.0f} | {max(cost.peak_mb for cost in extract):.0f} "
            f"| {megabytes:.1f} | {seconds / actions * 1e4:.2f} |"
        )
        what = "Excel, 1,000 rows; openpyxl write-only" if actions == 1_000 else f"Excel, {actions:,} rows"
        yield row, {what: (seconds, base)}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--actions", type=int, nargs="+", default=[1_000, 10_000, 100_000, 500_000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"Excel extract against plain openpyxl: {describe_machine()}; medians of {options.runs} runs")
    print(HEADER)
    aims: Measured = {}
    for row, aim in write_rows(options.actions, options.runs):
        print(row, flush=True)
        aims |= aim
    print(write_aims("extract", aims))


if __name__ == "__main__":
    main()

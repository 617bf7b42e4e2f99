"""How long a build takes and how much memory, as a ratio to plainly reading the same CSV files into DuckDB.

    python -m benchmarks.etl_build [--actions 10000 100000] [--runs 3]

Both run in turn, each in a fresh process, Python's start included.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Cost, describe_machine, measure
from benchmarks.synthetic import write_campaign

HEADER = """
| actions | reports | MB of CSV | plain read s | build s | ratio | plain peak MB | build peak MB | s a 100,000 rows |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


def measure_pair(actions: int, runs: int) -> tuple[float, list[Cost], list[Cost]]:
    """Megabytes of CSV, then the costs of reading plainly and of building, run in turn."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "campaign"
        exports = write_campaign(actions, folder)
        megabytes = sum(export.stat().st_size for export in exports) / 1e6
        plain, build = [], []
        for _ in range(runs):
            database = Path(temporary) / "plain.duckdb"
            plain.append(measure(["-m", "benchmarks.plain_read", str(database), *map(str, exports)]))
            database.unlink()
            build.append(measure(["-m", "etl", "build", "--quiet", "--campaign", str(folder)]))
        return megabytes, plain, build


def write_rows(sizes: list[int], runs: int) -> Iterator[str]:
    """One line of the table a size."""
    for actions in sizes:
        megabytes, plain, build = measure_pair(actions, runs)
        seconds = statistics.median(cost.wall for cost in build)
        base = statistics.median(cost.wall for cost in plain)
        yield (
            f"| {actions:,} | {3 * actions:,} | {megabytes:.0f} | {base:.2f} | {seconds:.2f} | {seconds / base:.1f} "
            f"| {max(cost.peak_mb for cost in plain):.0f} | {max(cost.peak_mb for cost in build):.0f} "
            f"| {seconds / (4 * actions) * 1e5:.2f} |"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--actions", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"Build against plain read: {describe_machine()}; medians of {options.runs} runs")
    print(HEADER)
    for row in write_rows(options.actions, options.runs):
        print(row, flush=True)


if __name__ == "__main__":
    main()

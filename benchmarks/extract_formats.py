"""What the other formats cost: time and peak memory of CSV, Parquet, JSON, the ZIP and the workbook of another table.

    python -m benchmarks.extract_formats [--actions 1000 10000 100000 500000] [--runs 3]

Each is the command `python -m dashboard extract` in a fresh process, Python's start included. The open formats take
turns with a plain `copy (select * from actions)` of the same format, which writes the columns as they are stored: no
labels, statuses, lists of themes and places, filters, order or disarmed formulas.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Cost, describe_machine, measure

HEADER = """
| file | actions | plain copy s | extract s | ratio | its CPU s | CPU s | plain peak MB | peak MB | MB of file |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
OPEN = ("csv", "parquet", "json")
FILES: dict[str, list[str]] = {
    **{f"actions.{ending}": [] for ending in OPEN},
    "all-tables.zip": [],
    "reports.xlsx": ["--table", "reports"],
}


def measure_file(name: str, campaign: Path, folder: Path, runs: int) -> tuple[list[Cost], list[Cost], float]:
    """Costs of the plain copy, where there is one, and of the extract, taking turns, and the megabytes of the file."""
    target, plain_target = folder / name, folder / f"plain-{name}"
    command = ["-m", "dashboard", "extract", "--campaign", str(campaign), "--to", str(target), *FILES[name]]
    plain, extract = [], []
    for _ in range(runs):
        if target.suffix.lstrip(".") in OPEN:
            plain.append(measure(["-m", "benchmarks.plain_copy", str(campaign), str(plain_target)]))
        extract.append(measure(command))
    return plain, extract, target.stat().st_size / 1e6


def write_row(name: str, actions: int, plain: list[Cost], extract: list[Cost], megabytes: float) -> str:
    """Write one line of the table."""
    seconds = statistics.median(cost.wall for cost in extract)
    worked = statistics.median(cost.processor for cost in extract)
    base, ratio, base_worked, base_peak = "", "", "", ""
    if plain:
        base_seconds = statistics.median(cost.wall for cost in plain)
        base, ratio = f"{base_seconds:.2f}", f"{seconds / base_seconds:.1f}"
        base_worked = f"{statistics.median(cost.processor for cost in plain):.2f}"
        base_peak = f"{max(cost.peak_mb for cost in plain):.0f}"
    return (
        f"| {name} | {actions:,} | {base} | {seconds:.2f} | {ratio} | {base_worked} | {worked:.2f} "
        f"| {base_peak} | {max(cost.peak_mb for cost in extract):.0f} | {megabytes:.1f} |"
    )


def write_rows(options: argparse.Namespace) -> Iterator[str]:
    """Yield one line of the table a size and file."""
    for actions in options.actions:
        with tempfile.TemporaryDirectory() as temporary:
            campaign = Path(temporary) / "campaign"
            measure(["-m", "benchmarks.synthetic", str(actions), str(campaign), "--build"])
            for name in options.files:
                yield write_row(name, actions, *measure_file(name, campaign, Path(temporary), options.runs))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--actions", type=int, nargs="+", default=[1_000, 10_000, 100_000, 500_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--files", nargs="+", choices=FILES, default=list(FILES))
    options = parser.parse_args()
    print(f"Extracts in every format: {describe_machine()}; medians of {options.runs} runs")
    print(HEADER)
    for row in write_rows(options):
        print(row, flush=True)


if __name__ == "__main__":
    main()

"""How much a build saves that has one small new export beside unchanged ones, or nothing new, against one from nothing.

    python -m benchmarks.kept_sheets [--actions 100000 1000000] [--parts 20] [--runs 3] [--formats csv xlsx]

The exports of `benchmarks.synthetic` stand in so many parts; one of 1,000 actions is new. Each run builds from nothing
without keeping anything, builds without the new export and keeps, builds with it, and once more with nothing changed,
each in a fresh process. What counts is processor time; that of keeping is the second build's above the first one's.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.etl_build import make_workbook
from benchmarks.processes import Cost, describe_machine, measure
from benchmarks.synthetic import write_campaign

NEW = 1000
HEADER = """
| format | actions | exports | from nothing s | processor s | one is new s | processor s | ratio \
| nothing is new s | processor s | ratio | kept MB | keeping s |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


def split(export: Path, parts: int, last: int) -> list[Path]:
    """Replace a CSV file by parts of as many lines, and a last one of so many; gives them."""
    with export.open("rb") as stream:
        count = sum(1 for _ in stream) - 1 - last
    with export.open("rb") as stream:
        header = next(stream)
        sizes = [count * (part + 1) // parts - count * part // parts for part in range(parts)]
        files = []
        for part, size in enumerate([*sizes, last]):
            path = export.with_stem(f"{export.stem}_{part:03}")
            with path.open("wb") as target:
                target.write(header)
                target.writelines(islice(stream, size))
            files.append(path)
    export.unlink()
    return files


def measure_builds(
    actions: int, parts: int, runs: int, file_format: str
) -> Iterator[tuple[Cost, Cost, Cost, Cost, float]]:
    """The costs of a build that keeps nothing, one that keeps, one with a new export, one with nothing new; MB kept."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "campaign"
        registers, reports = write_campaign(actions + NEW, folder)
        split(reports, parts, 3 * NEW)[-1].unlink()
        new = split(registers, parts, NEW)[-1]
        if file_format == "xlsx":
            for path in folder.glob("inbox/*.csv"):
                make_workbook(path)
            new = new.with_suffix(".xlsx")
        aside = folder / new.name
        command = ["-m", "etl", "build", "--quiet", "--campaign", str(folder)]
        for _ in range(runs):
            os.environ["DASHBOARD_KEPT_SHEETS_MB"] = "0"
            nothing = measure(command)
            del os.environ["DASHBOARD_KEPT_SHEETS_MB"]
            new.rename(aside)
            keeping = measure(command)
            aside.rename(new)
            again, same = measure(command), measure(command)
            kept = sum(path.stat().st_size for path in folder.glob("private/kept_sheets/*/*")) / 1e6
            shutil.rmtree(folder / "private/kept_sheets")  # the next run begins without
            yield nothing, keeping, again, same, kept


def write_rows(sizes: list[int], parts: int, runs: int, file_format: str) -> Iterator[str]:
    """One line of the table a size."""
    for actions in sizes:
        costs = list(measure_builds(actions, parts, runs, file_format))
        nothing, keeping, again, same = (
            Cost(*(statistics.median(values) for values in zip(*(cost[place] for cost in costs), strict=True)))
            for place in range(4)
        )
        yield (
            f"| {file_format} | {actions:,} | {2 * parts + 1} | {nothing.wall:.1f} | {nothing.processor:.1f} "
            f"| {again.wall:.1f} | {again.processor:.1f} | {again.processor / nothing.processor:.2f} "
            f"| {same.wall:.1f} | {same.processor:.1f} | {same.processor / nothing.processor:.2f} "
            f"| {costs[-1][4]:.0f} | {keeping.processor - nothing.processor:.1f} |"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--actions", type=int, nargs="+", default=[100_000])
    parser.add_argument("--parts", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--formats", nargs="+", default=["csv"], choices=["csv", "xlsx"])
    options = parser.parse_args()
    print(f"One new export of {NEW:,} actions: {describe_machine()}; medians of {options.runs} runs")
    print(HEADER)
    for file_format in options.formats:
        for row in write_rows(options.actions, options.parts, options.runs, file_format):
            print(row, flush=True)


if __name__ == "__main__":
    main()

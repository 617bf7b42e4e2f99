"""How long the build of a small campaign takes: that of `benchmarks/sample`, 330 actions from five exports.

It is the sample as it was on 25 November 2026, and stays so when `data/samples` grows: times compare over the years.

    python -m benchmarks.sample_build [--runs 5] [--against FOLDER]

What has an aim are builds of one row and of the shipped sample, in one process that has built before: processor time.
The baseline is Python importing duckdb, pandas and pyarrow: no program on them can be faster. With `--against` the same
exports are built by another checkout as well. All take turns, each in a fresh process.
"""

import argparse
import gc
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.processes import Cost, describe_machine, measure
from benchmarks.results import write_aims
from benchmarks.synthetic import write_campaign
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN
from etl.pipeline import build as builds

SAMPLE = Path(__file__).parent / "sample"
IMPORTS = ["-c", "import duckdb, pandas, pyarrow"]
HEADER = "| what | wall s | processor s | peak MB | ratio of wall times |\n|---|---:|---:|---:|---:|"


def build(project: Path, campaign: Path) -> Cost:
    """Measure one build, in a copy of the campaign so that each begins alike."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = shutil.copytree(campaign, Path(scratch) / "campaign")
        return measure(["-m", "etl", "build", "--quiet", "--campaign", str(folder)], project)


def describe(name: str, costs: list[Cost], baseline: list[Cost]) -> str:
    """Return one line of the table: medians."""
    wall, processor, peak = (statistics.median(column) for column in zip(*costs, strict=True))
    ratio = wall / statistics.median(cost.wall for cost in baseline)
    return f"| {name} | {wall:.2f} | {processor:.2f} | {peak:.0f} | {ratio:.1f} |"


def build_here(campaign: Path, runs: int) -> float:
    """Return the median processor time of a build in this process, without the first one."""
    folder, seconds = CampaignFolder(campaign), []
    for _ in range(runs + 1):
        gc.collect()
        started = time.process_time()
        with builds.build(folder, folder.published):
            seconds.append(time.process_time() - started)
    return statistics.median(seconds[1:])


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--against", type=Path, help="another checkout of the project")
    chosen = parser.parse_args()
    projects = {"build": PROJECT} | ({f"build by {chosen.against}": chosen.against} if chosen.against else {})
    imports: list[Cost] = []
    builds: dict[str, list[Cost]] = {name: [] for name in projects}
    for _ in range(chosen.runs):
        imports.append(measure(IMPORTS))
        for name, project in projects.items():
            builds[name].append(build(project, SAMPLE))
    print(f"{describe_machine()}, medians of {chosen.runs}\n\n{HEADER}")
    print(describe("import duckdb, pandas, pyarrow", imports, imports))
    for name, costs in builds.items():
        print(describe(name, costs, imports))
    with tempfile.TemporaryDirectory() as scratch:
        one, sample = Path(scratch) / "one", Path(scratch) / "sample"
        _, reports = write_campaign(1, one)
        reports.unlink()
        shutil.copytree(SHIPPED_CAMPAIGN, sample, ignore=shutil.ignore_patterns("inbox", "published", "private"))
        aims = {
            "a build of one row, processor": (build_here(one, chosen.runs), None),
            "a build of the sample of eight files, processor": (build_here(sample, chosen.runs), None),
        }
    print(write_aims("sample_build", aims))


if __name__ == "__main__":
    main()

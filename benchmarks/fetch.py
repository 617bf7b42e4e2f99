"""What it costs to fetch 100,000 answers, and 100 more later: memory, time and bytes, from a local server of each tool.

    python -m benchmarks.fetch [--answers 100000] [--more 100]

The server is a process of its own. Each fetch is one, too, so that its peak of memory is its own; nothing is built.
"""

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.processes import describe_machine
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import Outcome
from dashboard.campaign.sources import Source
from etl.sources.delivery import Delivered
from etl.sources.fetching import fetch
from etl.sources.network import Reach
from tests.etl.sources.far_sides import FarSide, KoboToolbox, LimeSurvey, OdkCentral, serving

HEADER = """
| tool | fetch | answers | new | MB sent | wall s | peak MB |
|---|---|---:|---:|---:|---:|---:|"""
TOOLS = ("kobotoolbox", "odk_central", "limesurvey")
STORY = "What was done in the months before, in some words. " * 8
LATE = "2100-01-01T00:00:00.000Z"


def make_side(tool: str, answers: int) -> FarSide:
    """Make a server with so many answers."""
    if tool == "kobotoolbox":
        names = ["action_id", "action_status", "narrative", "_id", "_uuid", "_submission_time"]
        return KoboToolbox(names, [_kobo(number) for number in range(1, answers + 1)])
    if tool == "limesurvey":
        return LimeSurvey(["id", "submitdate", "Q1"], [_lime(number) for number in range(1, answers + 1)])
    names = ["SubmissionDate", "action_id", "action_status", "narrative", "KEY"]
    return OdkCentral({"progress_survey.csv": (names, [_odk(number) for number in range(answers, 0, -1)])})


def add(side: FarSide, first: int, more: int) -> None:
    """Let so many answers come."""
    for number in range(first, first + more):
        if isinstance(side, KoboToolbox):
            side.rows.append(_kobo(number))
        elif isinstance(side, LimeSurvey):
            side.rows.append(_lime(number))
        elif isinstance(side, OdkCentral):
            side.root[1].insert(0, [LATE, *_odk(number)[1:]])


def _kobo(number: int) -> list[str]:
    return [f"A{number}", "completed", STORY, str(number), f"uuid-{number}", "2021-07-01T09:00:00"]


def _lime(number: int) -> list[str]:
    return [str(number), "2021-07-01 09:00:00", STORY]


def _odk(number: int) -> list[str]:
    return ["2020-01-01T00:00:00.000Z", f"A{number}", "completed", STORY, f"uuid:{number}"]


def serve(tool: str, answers: int, pipe: Any) -> None:
    """Serve until told to end; told a number, let so many more come."""
    side = make_side(tool, answers)
    with serving(side) as address:
        pipe.send(address)
        while more := pipe.recv():
            add(side, answers + 1, more)
            pipe.send(address)


def put(folder: CampaignFolder, _source: Source, files: Mapping[str, Path], *_: object) -> Delivered:
    """Deliver without a build."""
    for name, path in files.items():
        shutil.copyfile(path, folder.inbox / name)
    return Delivered(Outcome.NEW)


def fetch_once(root: str, stated: str) -> None:
    """Fetch once in this process; print the result."""
    started = time.perf_counter()
    folder = CampaignFolder(Path(root))
    note = fetch(folder, Source.model_validate_json(stated), lambda *_: None, reach=Reach("127.0.0.1"), deliver=put)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    told = {"what": note.what, "added": note.added, "answers": note.answers, "size": note.size}
    print(json.dumps({**told, "seconds": time.perf_counter() - started, "peak": peak}))


def run(tool: str, answers: int, more: int, work: Path) -> None:
    """Fetch all, nothing, and the answers since; print a line each."""
    root = work / tool
    (root / "inbox").mkdir(parents=True)
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(tool, answers, there), daemon=True)
    server.start()
    address = here.recv()
    sides = {"kobotoolbox": KoboToolbox, "odk_central": OdkCentral, "limesurvey": LimeSurvey}
    form = {"odk_central": "7/progress_survey"}.get(tool) or sides[tool].form  # type: ignore[attr-defined]
    stated = json.dumps({"name": "one", "tool": tool, "address": address, "form": form})
    secrets = (
        {"TOKEN": KoboToolbox.token}
        if tool == "kobotoolbox"
        else {
            "USER": sides[tool].user,  # type: ignore[attr-defined]
            "PASSWORD": sides[tool].password,  # type: ignore[attr-defined]
        }
    )
    secrets["HOST"] = address.removeprefix("http://")
    environment = {**os.environ, **{f"DASHBOARD_SOURCE_ONE_{kind}": value for kind, value in secrets.items()}}
    for what in ("all", "again", f"{more} more"):
        if what.endswith("more"):
            here.send(more)
            here.recv()
        command = [sys.executable, "-m", "benchmarks.fetch", "--once", str(root), "--stated", stated]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        said = json.loads(done.stdout.splitlines()[-1])
        if said["what"]:
            raise SystemExit(f"{tool}: {said['what']}")
        cells = (f"{said['answers']:,}", f"{said['added']:,}", f"{said['size'] / 1e6:.1f}")
        print(f"| {tool} | {what} | {' | '.join(cells)} | {said['seconds']:.1f} | {said['peak']:.0f} |", flush=True)
    here.send(0)
    server.join(10)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--more", type=int, default=100)
    parser.add_argument("--tools", nargs="+", default=TOOLS, choices=TOOLS)
    parser.add_argument("--once", default="", help=argparse.SUPPRESS)
    parser.add_argument("--stated", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        fetch_once(options.once, options.stated)
        return
    print(describe_machine())
    print(HEADER)
    with tempfile.TemporaryDirectory() as work:
        for tool in options.tools:
            run(tool, options.answers, options.more, Path(work))


if __name__ == "__main__":
    main()

"""How long staff wait for the figures of a preview after an answer, beside a process that has gone ahead with it.

    python -m benchmarks.answer [--actions 14000 100000] [--runs 3]

The commands that the page *Files* starts, in its processes: a preview of the inbox, then the same with an answer. Of a
number's reading an answer decides late, of a word earlier; without a process that waits, it is a new one.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.processes import describe_machine, run
from benchmarks.results import Measured, write_aims
from benchmarks.synthetic import write_campaign
from dashboard.ground.processes.commands import alone, prepare, start

NUMBER = "kind,recipe,file,sheet,field,is\npercent_of,synthetic_reports,,,percent,100\n"
WORD = json.dumps({"word": "Nonsense", "codelist": "categories", "means": "research"}) + "\n"
ANSWERS = {"a number": ("--others", NUMBER), "a word": ("--words", WORD)}
SECONDS_TO_READ = 12.0
"""How long staff look at the preview before they answer."""
HEADER = "| actions | answer | figures s, nothing ahead | figures s | preview s, nothing ahead | preview s |\n" + (
    "|---:|---|---:|---:|---:|---:|"
)


def make_preview(campaign: Path, place: Path, *options: str) -> tuple[float, float]:
    """Make a preview of the inbox; return the seconds until its figures, and until its end."""
    words = ["draft", "--uploads", str(place / "uploads"), "--to", str(place), "--inbox", "--json"]
    began = time.perf_counter()
    job = start([*words, "--campaign", str(campaign), *options], {})
    while not job.figures and not job.done():
        time.sleep(0.005)
    figures = time.perf_counter() - began
    job.result()
    return figures, time.perf_counter() - began


def measure(campaign: Path, answer: str, *, is_ahead: bool) -> tuple[float, float]:
    """Make a preview, and another with the answer; return the seconds of the second one."""
    place = campaign / "private" / "drafts" / "measured"
    (place / "uploads").mkdir(parents=True, exist_ok=True)
    make_preview(campaign, place)
    if is_ahead:
        there = {"campaign": str(campaign), "uploads": str(place / "uploads"), "to": str(place)}
        prepare({**there, "inbox_alone": True})
        time.sleep(SECONDS_TO_READ)
    option, text = ANSWERS[answer]
    file = place / "answer"
    file.write_text(text, encoding="utf-8")
    return make_preview(campaign, place, option, str(file))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--actions", type=int, nargs="+", default=[14_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"{describe_machine()}; medians of {options.runs} runs\n\n{HEADER}")
    aims: Measured = {}
    for actions in options.actions:
        with tempfile.TemporaryDirectory() as temporary:
            campaign = Path(temporary) / "campaign"
            write_campaign(actions, campaign)
            if run(["-m", "etl", "build", "--quiet", "--campaign", str(campaign)])[0]:
                raise SystemExit("The campaign cannot be built.")
            for answer in ANSWERS:
                medians = [
                    tuple(map(statistics.median, zip(*waits, strict=True)))
                    for is_ahead in (False, True)
                    for waits in [[measure(campaign, answer, is_ahead=is_ahead) for _ in range(options.runs)]]
                ]
                (figures_before, whole_before), (figures, whole) = medians
                cells = (figures_before, figures, whole_before, whole)
                print(f"| {actions:,} | {answer} | {' | '.join(f'{cell:.2f}' for cell in cells)} |", flush=True)
                aims[f"figures after an answer about {answer}, {actions:,} actions; nothing ahead"] = (
                    figures,
                    figures_before,
                )
    print(write_aims("answer", aims))
    alone.close()


if __name__ == "__main__":
    main()

"""How long a chart's PDF and PNG take, how much memory and how large they are, over the published snapshot.

    python -m benchmarks.paper [--campaign data] [--runs 10] [--lang en]

The processor's time of this process; the values are ready. Memory is what the process holds at most so far, so each
row has a process of its own.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.pictures import CHARTS, measure
from benchmarks.processes import describe_machine
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.png import render_png
from dashboard.files.briefings.content import compose
from dashboard.files.briefings.order import BriefingRequest
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.snapshot.selection import Selection

HEADER = """
| what | PNG ms | PNG kB | PNG MB in memory | PDF ms | PDF kB | PDF MB in memory | first PDF ms |
|---|---:|---:|---:|---:|---:|---:|---:|"""


def measure_png(campaign: str, lang: str, charts: tuple[str, ...], runs: int) -> tuple[float, float, float]:
    """Milliseconds, kilobytes and megabytes in memory of the charts' PNGs, one after the other."""
    snapshot = current(Settings.from_environment({"DASHBOARD_CAMPAIGN": campaign}))
    pieces = compose(snapshot, Selection(lang=lang), charts, "https://actions.example.org").pieces
    sizes = sum(len(render_png(draw_svg(piece.chart, "slide"))) for piece in pieces)
    time_taken = measure(lambda: [render_png(draw_svg(piece.chart, "slide")) for piece in pieces], runs)
    return time_taken, sizes / 1e3, _memory()


def measure_pdf(campaign: str, lang: str, charts: tuple[str, ...], runs: int) -> tuple[float, float, float, float]:
    """Milliseconds, kilobytes and megabytes in memory of the charts' PDF, and the milliseconds of the first one."""
    from dashboard.files.briefings.paper.document import write_chart_paper, write_paper

    snapshot = current(Settings.from_environment({"DASHBOARD_CAMPAIGN": campaign}))
    briefing = compose(snapshot, Selection(lang=lang), charts, "https://actions.example.org")
    write = write_chart_paper if len(charts) == 1 else write_paper
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "a.pdf")
        start = time.process_time()
        write(briefing, target)
        first = (time.process_time() - start) * 1e3
        return measure(lambda: write(briefing, target), runs), target.stat().st_size / 1e3, _memory(), first


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--campaign", default="data")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--lang", default="en")
    options = parser.parse_args()
    print(f"Paper: {describe_machine()}; medians of {options.runs} runs{HEADER}")
    whole = tuple(CATALOGUE)
    BriefingRequest(whole, Selection()).check()
    for charts in (*((chart_id,) for chart_id in CHARTS), CHARTS, whole):
        given = (options.campaign, options.lang, charts, options.runs if len(charts) == 1 else 2)
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            png = pool.apply(measure_png, given)
            pdf = pool.apply(measure_pdf, given)
        name = charts[0] if len(charts) == 1 else f"a briefing of {len(charts)} charts"
        print(f"| {name} | {' | '.join(f'{value:.0f}' for value in (*png, *pdf))} |", flush=True)


if __name__ == "__main__":
    main()

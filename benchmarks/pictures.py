"""How long a chart's SVG and PNG take and how large they are, by kind, over the published snapshot.

    python -m benchmarks.pictures [--campaign data] [--runs 20] [--lang en]

The processor's time of this process, so that what else the machine does counts little; the values are ready. The
first picture of a process also reads the font, which stands apart.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable
from functools import partial

from benchmarks.processes import describe_machine
from benchmarks.results import write_aims
from dashboard.charts.chart import build_chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.fonts import find_widths, font_files
from dashboard.charts.svg.png import render_png
from dashboard.charts.svg.static_fonts import REGULAR, SEMIBOLD
from dashboard.charts.svg.surround import SIZES
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.snapshot.selection import Selection

CHARTS = (
    "completion-by-region",
    "completion-by-country",
    "status-by-category",
    "completion-over-time",
    "region-by-theme",
)
HEADER = """
| chart | embed SVG ms | slide SVG ms | slide PNG ms | embed kB | gzip kB | slide SVG kB | slide PNG kB |
|---|---:|---:|---:|---:|---:|---:|---:|"""


def measure(run: Callable[[], object], runs: int) -> float:
    """Return the median processor time of a call in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1e3


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--campaign", default="data")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--lang", default="en")
    options = parser.parse_args()
    print(f"Pictures of charts: {describe_machine()}; medians of {options.runs} runs")
    start = time.perf_counter()
    find_widths(REGULAR), find_widths(SEMIBOLD), font_files()
    print(f"Reading the font, once a process: {(time.perf_counter() - start) * 1e3:.0f} ms")
    print(HEADER)
    snapshot = current(Settings.from_environment({"DASHBOARD_CAMPAIGN": options.campaign}))
    blank = '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"/>'
    print(f"| (nothing, for comparison) | | | {measure(lambda: render_png(blank), options.runs):.0f} | | | | |")
    pictures = []
    for chart_id in CHARTS:
        chart = build_chart(snapshot, chart_id, Selection(lang=options.lang))
        embed, svg = draw_svg(chart), draw_svg(chart, "slide")
        bare = measure(partial(draw_svg, chart), options.runs)
        named = measure(partial(draw_svg, chart, "slide"), options.runs)
        png = measure(partial(render_png, svg), options.runs)
        sizes = [len(embed.encode()), len(gzip.compress(embed.encode())), len(svg.encode()), len(render_png(svg))]
        pictures.append(png)
        cells = " | ".join(f"{size / 1e3:.1f}" for size in sizes)
        print(f"| {chart_id} | {bare:.2f} | {named:.2f} | {png:.0f} | {cells} |", flush=True)
    print(f"\nSizes: {', '.join(SIZES)}")
    print(write_aims("pictures", {"a picture of a slide's size": ([min(pictures), max(pictures)], None)}))


if __name__ == "__main__":
    main()

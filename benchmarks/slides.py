"""How long native charts, decks and briefing packs take, and the worker that makes them.

    python -m benchmarks.slides [--campaign data] [--runs 7]

The floor is python-pptx's own chart of the same series without any look, on a slide of its own; both in turn.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from benchmarks.processes import describe_machine
from dashboard.campaign.brand import PLAIN
from dashboard.charts.catalogue import CATALOGUE
from dashboard.files.briefings.content import Briefing, compose
from dashboard.files.briefings.excel import write_chart_workbook
from dashboard.files.briefings.html import render_html
from dashboard.files.briefings.order import BriefingRequest, submit_briefing
from dashboard.files.briefings.pieces import Piece
from dashboard.files.briefings.series import bars_of
from dashboard.files.briefings.slides.deck import write_deck
from dashboard.files.briefings.slides.draw import add_chart
from dashboard.files.briefings.slides.templates import own_design
from dashboard.files.briefings.slides.texts import Area
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.snapshot.selection import Selection

AREA = Area(Inches(3), Inches(1.5), Inches(9), Inches(5))


def plain_chart(deck: Any, piece: Piece) -> None:
    """Make the same series as the library's stacked bar chart."""
    bars = bars_of(piece.chart)
    data = CategoryChartData()
    data.categories = bars.categories
    for one in bars.series:
        data.add_series(one.name, one.values)
    deck.slides.add_slide(deck.slide_layouts[-1]).shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *AREA, data)


def own_chart(deck: Any, piece: Piece) -> None:
    """Make the chart of the decks."""
    add_chart(deck.slides.add_slide(deck.slide_layouts[-1]), piece, AREA)


def milliseconds(work: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def measure_charts(briefing: Briefing, runs: int) -> None:
    """Print a line a chart: the floor, if it is bars; the native chart; the ratio."""
    print("\n| chart | marks | plain python-pptx ms | native chart ms | ratio |\n|---|---:|---:|---:|---:|")
    for piece in briefing.pieces:
        has_bars = piece.chart.spec.kind in ("rates", "statuses")
        plain, own = [], []
        for _ in range(runs):
            if has_bars:
                plain.append(milliseconds(partial(plain_chart, Presentation(), piece)))
            own.append(milliseconds(partial(own_chart, own_design(PLAIN), piece)))
        floor, ours = statistics.median(plain) if plain else 0.0, statistics.median(own)
        compared = f"{floor:.1f} | {ours:.1f} | {ours / floor:.2f}" if floor else f"– | {ours:.1f} | –"
        print(f"| {piece.chart.spec.id} | {len(piece.chart.drawn)} | {compared} |", flush=True)


def measure_files(briefing: Briefing, settings: Settings, runs: int) -> None:
    """Print a line a file: made in this process, and by a worker from its start to the file."""
    snapshot = current(settings)
    request = BriefingRequest(tuple(piece.chart.spec.id for piece in briefing.pieces), Selection())
    single = BriefingRequest(tuple(request.items[:1]), Selection(), is_single=True)
    first = replace(briefing, pieces=briefing.pieces[:1])
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "file"
        works: dict[str, tuple[Callable[[], object] | None, Callable[[], object]]] = {
            "a chart's slide": (
                lambda: write_deck(first, target),
                lambda: submit_briefing(snapshot, single, "pptx", settings).result(),
            ),
            "a chart's workbook": (
                lambda: write_chart_workbook(snapshot, first, target),
                lambda: submit_briefing(snapshot, single, "xlsx", settings).result(),
            ),
            f"deck of {len(briefing.pieces)} charts": (
                lambda: write_deck(briefing, target),
                lambda: submit_briefing(snapshot, request, "pptx", settings).result(),
            ),
            "document": (
                lambda: render_html(briefing),
                lambda: submit_briefing(snapshot, request, "html", settings).result(),
            ),
            "everything as ZIP": (None, lambda: submit_briefing(snapshot, request, "zip", settings).result()),
        }
        print("\n| file | in process ms | by a worker ms |\n|---|---:|---:|")
        for name, (inside, worker) in works.items():
            own = statistics.median(milliseconds(inside) for _ in range(runs)) if inside else None
            job = statistics.median(milliseconds(worker) for _ in range(runs))
            print(f"| {name} | {'–' if own is None else f'{own:.0f}'} | {job:.0f} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--campaign", default="data")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": options.campaign})
    briefing = compose(current(settings), Selection(), [(chart_id, "") for chart_id in CATALOGUE], settings.base_url)
    print(f"Slides: {describe_machine()}; medians of {options.runs} runs")
    measure_charts(briefing, options.runs)
    measure_files(briefing, settings, options.runs)


if __name__ == "__main__":
    main()

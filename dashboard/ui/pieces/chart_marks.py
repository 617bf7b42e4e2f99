"""The drawing of a chart on a page, as SVG in a component: each mark filters the page by what it stands for.

By mouse, finger and keyboard, and again to lift it; the links of the table beside it are heard as well. Plotly can do
that by mouse alone, and its script is larger than the rest of a page.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard.charts.catalogue import TIMED
from dashboard.charts.chart import Chart
from dashboard.charts.svg.draw import draw_on_page
from dashboard.charts.svg.styles import page_style_sheet
from dashboard.i18n import Translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import browser_part, figures, link
from dashboard.ui.pieces import picking
from dashboard.web.static import ASSETS

WIDE, NARROW = 820, 300
"""Widths in CSS pixels that charts are drawn for: a desk's card, and a telephone's (`chart_marks.css`)."""

NARROW_CURVE = 360
"""The narrow width of a curve, which has words at its right."""

HALF, HALF_HEIGHT = 588, 200
"""The size of a drawing beside another one at a desk."""

TURNING, HALF_TURNING = 599, 479
"""The widest place that has the narrow drawing; of one beside another."""

_EXTENTS = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_HERE = Path(__file__)
_MOUNT = browser_part.register(
    "chart_marks",
    _HERE,
    '<div class="chart"><div class="wide"></div><div class="narrow"></div><div class="tip" hidden></div></div>'
    '<p class="said" role="status"></p>',
)


class Drawing(NamedTuple):
    """A chart drawn for both widths, the style sheet of both, and what is said where they change.

    Attributes:
        turning: The widest place that has the narrow one, in CSS pixels.
    """

    wide: str
    narrow: str
    style: str
    finding: str
    turning: int


def draw(chart: Chart, *, is_half: bool = False) -> Drawing:
    """A chart as pages show it; `is_half`: beside another one."""
    narrow = NARROW_CURVE if chart.spec.kind in TIMED else NARROW
    turning = HALF_TURNING if is_half else TURNING
    if is_half:  # its page has the waves on the line of the year
        chart = replace(chart, waves=())
    fitting = f"""
@container (max-width: {turning}px) {{ .chart > .wide {{ display: none; }} .chart > .narrow {{ display: block; }} }}
"""
    return Drawing(
        wide=draw_on_page(chart, HALF if is_half else WIDE, ASSETS, HALF_HEIGHT if is_half else None),
        narrow=draw_on_page(chart, narrow, ASSETS),
        style=page_style_sheet(chart.spec.kind, chart.has_choices) + fitting,
        finding=chart.caption.finding,
        turning=turning,
    )


def show(t: Translator, chart_id: str, drawing: Drawing, selection: Selection) -> None:
    """Mount a drawing; the marks in force are those of the page's selection."""
    words = {"choose": t("Filter by this"), "lift": t("Remove this filter")}
    key = f"marks-{chart_id}"
    st.html(f"<style>{_keep_room(key, drawing)}</style>")
    data = {**drawing._asdict(), "chart": chart_id, "chosen": picking.in_force(selection), "words": words}
    _MOUNT(key=key, data=data, on_choice_change=partial(_take, key))


def _keep_room(key: str, drawing: Drawing) -> str:
    """The room for a drawing before the browser has its script, so that nothing below it moves."""
    wide, narrow = (
        f".st-key-{key}{{min-height:calc(min(100cqi,{most}rem)/{_measure(one):.4f})}}"
        for one, most in ((drawing.wide, 60), (drawing.narrow, 27))
    )
    return f"{wide}@container (max-width:{drawing.turning}px){{{narrow}}}"


def _measure(drawing: str) -> float:
    """How many times as wide as high a drawing is."""
    width, height = _EXTENTS.findall(drawing)[0]
    return float(width) / float(height)


def _take(key: str) -> None:
    """Filter by the mark that was chosen; anything else that the browser sends changes nothing."""
    choice = st.session_state[key].get("choice")
    mark = str(choice.get("mark", "")) if isinstance(choice, Mapping) else ""
    parts = picking.read_mark(mark, figures.reopen())
    if parts:
        link.select(picking.pick(link.selection(), parts, is_added=bool(choice["is_added"])))
    else:
        link.hold()

"""The drawing of a chart on a page, as SVG in a component: each mark filters the page by its member.

Mouse, finger and keyboard set the filter, and lift it the second time; links in the table beside it do the same. With
Plotly only the mouse can, and its script is larger than the rest of a page.

A mark names its filters in pairs of a parameter and a code: `region:africa`, or for a segment `region:africa
status:completed` (`Chart.mark`). Cells of the table with the same filters are links that do the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import streamlit as st

from dashboard.charts.catalogue import STACKS, TIMED
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.svg.draw import draw_on_page
from dashboard.i18n import Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Filter, Selection
from dashboard.ui.frame import browser_part, figures, link
from dashboard.ui.pieces import html_tables
from dashboard.ui.pieces.html_tables import Anchor, Place
from dashboard.web.static import ASSETS

_FILTERS = {f.parameter: f for f in FILTERS}


class Part(NamedTuple):
    """One filter of a mark, and the code it sets."""

    filter: Filter
    code: str


def read_mark(mark: str, snapshot: Snapshot) -> list[Part]:
    """Read the filters of a mark; empty where one of them is no filter or no code of the snapshot."""
    pairs = [part.partition(":") for part in mark.split()]
    parts = [Part(_FILTERS[name], code) for name, _, code in pairs if name in _FILTERS]
    is_known = all(part.code in snapshot.codes.get(part.filter.codelist, {}) for part in parts)
    return parts if is_known and len(parts) == len(pairs) else []


def pick(selection: Selection, parts: Iterable[Part], *, is_added: bool = False) -> Selection:
    """Return the selection after a click on a mark.

    It has the mark's filter alone, or lifts it where it was in force. `is_added` leaves the filter's other codes as
    they are.
    """
    parts = list(parts)
    if is_added:
        is_in_force = all(part.code in selection.codes(part.filter) for part in parts)
        further_codes = [tuple(code for code in selection.codes(part.filter) if code != part.code) for part in parts]
    else:
        is_in_force = all(selection.codes(part.filter) == (part.code,) for part in parts)
        further_codes = [() for _ in parts]
    chosen: dict[str, Any] = {
        part.filter.attribute: codes if is_in_force else (*codes, part.code)
        for part, codes in zip(parts, further_codes, strict=True)
    }
    return replace(selection, **chosen)


def in_force(selection: Selection) -> list[str]:
    """List each code that is filtered by, as marks write it."""
    return [f"{f.parameter}:{code}" for f in FILTERS for code in selection.codes(f)]


LONG_TABLE = 18


def render(t: Translator, chart: Chart, snapshot: Snapshot, selection: Selection) -> str:
    """Write the table of a chart as HTML; a long one says how many rows it has, and unfolds on a click."""
    headings, rows = chart.cells()
    columns = [html_tables.Column(name) for name in headings]
    anchors = {place: _anchor(chart, mark, snapshot, selection) for place, mark in _marks(chart, headings) if mark}
    show_all = t("Show all {n} rows", n=len(rows))
    is_long = len(rows) > LONG_TABLE
    return html_tables.render(columns, rows, is_long=is_long, show_all=show_all, anchors=anchors)


def _anchor(chart: Chart, mark: str, snapshot: Snapshot, selection: Selection) -> Anchor:
    parts = read_mark(mark, snapshot)
    chosen = pick(selection, parts)
    is_chosen = all(part.code in selection.codes(part.filter) for part in parts)
    return Anchor(f"?{chosen.query_string()}", chart.spec.id, mark, is_chosen)


def _marks(chart: Chart, headings: list[str]) -> Iterator[tuple[Place, str]]:
    """Find the cells that show the same as a mark, with their marks; a mark without actions is empty."""
    kind, frame = chart.spec.kind, chart.frame
    if kind == "grid":
        yield from _grid_marks(chart)
    elif kind in ("rates", *STACKS, "tiles", "map", "table") and "actions" in frame:
        column = 1 if kind in ("tiles", "map") else 0  # before the countries stand their regions
        for row, (code, actions) in enumerate(read_rows(frame, ("code", "actions"))):
            yield (row, column), chart.mark(actions, code)
    elif kind == "pairs":
        for row, (code, actions) in enumerate(
            read_rows(frame.groupby("code", sort=False)["actions"].max().reset_index())
        ):
            yield (row, 0), chart.mark(actions, code)
    for _, name, word, filters in STACKS[kind].segments if kind in STACKS else ():
        column = headings.index(chart.words[word])
        for row, (code, count) in enumerate(read_rows(frame, ("code", name)) if filters else ()):
            yield (row, column), chart.mark(count, code, **dict(filters))


def _grid_marks(chart: Chart) -> Iterator[tuple[Place, str]]:
    rows = {code: row for row, code in enumerate(dict.fromkeys(chart.frame["code"]))}
    columns = {code: column for column, (code, _) in enumerate(chart.columns, start=1)}
    for code, row in rows.items():
        yield (row, 0), chart.mark(1, code)
    for code, column_code, actions in read_rows(chart.frame, ("code", "column_code", "actions")):
        yield (rows[code], columns[column_code]), chart.mark(actions, code, **{chart.spec.second: column_code})


WIDE, NARROW = 820, 300
"""Widths in CSS pixels that charts are drawn for: a desk's card, and a telephone's (`chart_marks.css`)."""

NARROW_CURVE = 360
"""The narrow width of a curve, which has words at its right."""

HALF, HALF_HEIGHT = 588, 200
"""The size of a drawing beside another one at a desk."""

TURNING, HALF_TURNING = 599, 479
"""The widest place that has the narrow drawing; of one beside another."""

_EXTENTS = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_FORMS = "forms of drawings"
_MOUNT = browser_part.register(
    "chart_marks",
    Path(__file__),
    '<div class="chart"><div></div><div class="tip" hidden></div></div><span class="said" role="status"></span>',
)

Form = Literal["wide", "narrow"]


class Drawing(NamedTuple):
    """A chart drawn in one form, and the width of its place up to which the narrow one fits."""

    svg: str
    form: Form
    finding: str
    turning: int


def choose_forms(chart_id: str, *, is_half: bool = False) -> list[Form]:
    """Choose the form that fits the browser: as it had this chart last, or has told of another one.

    Before it has told of any, a telephone has the narrow form; then the form comes second that it may ask for at once.
    `is_half`: whether the chart stands beside another one.
    """
    fitting_forms: dict[str | int, Form] = st.session_state.setdefault(_FORMS, {})
    form = fitting_forms.get(chart_id) or fitting_forms.get(HALF_TURNING if is_half else TURNING)
    if form is None:
        is_phone = "Mobi" in st.context.headers.get("User-Agent", "")
        forms: list[Form] = ["narrow", "wide"] if is_phone else ["wide", "narrow"]
    else:
        forms = [form]
    fitting_forms[chart_id] = forms[0]
    return forms


def draw(chart: Chart, form: Form, *, is_half: bool = False) -> Drawing:
    """Draw a chart as pages show it; `is_half`: beside another one."""
    if is_half:  # its page has the waves on the line of the year
        chart = replace(chart, waves=())
    if form == "narrow":
        width, height = NARROW_CURVE if chart.spec.kind in TIMED else NARROW, None
    else:
        width, height = (HALF, HALF_HEIGHT) if is_half else (WIDE, None)
    svg = draw_on_page(chart, width, ASSETS, height)
    return Drawing(svg, form, chart.caption.finding, HALF_TURNING if is_half else TURNING)


def show(t: Translator, chart_id: str, drawings: Sequence[Drawing], selection: Selection) -> None:
    """Mount the first drawing, and keep room for all; the marks in force are those of the page's selection."""
    words = {"choose": t("Filter by this"), "lift": t("Remove this filter")}
    key, drawing = f"marks-{chart_id}", drawings[0]
    st.html(f"<style>{''.join(_keep_room(key, one, *drawings[1:]) for one in drawings)}</style>")
    data = {**drawing._asdict(), "chart": chart_id, "chosen": in_force(selection), "words": words}
    take_form = partial(_take_form, key, chart_id, drawing.turning)
    _MOUNT(key=key, data=data, on_choice_change=partial(_take, key), on_form_change=take_form)


def _keep_room(key: str, drawing: Drawing, *others: Drawing) -> str:
    """Keep room for a drawing before the browser has its script, so that nothing below it moves."""
    width, height = map(float, _EXTENTS.findall(drawing.svg)[0])
    most, side = {"wide": (60, "min"), "narrow": (27, "max")}[drawing.form]
    room = f".st-key-{key}{{min-height:calc(min(100cqi,{most}rem)/{width / height:.4f})}}"
    return f"@container ({side}-width:{drawing.turning}px){{{room}}}" if others else room


def _take_form(key: str, chart_id: str, turning: int) -> None:
    """Note which form fits the browser, for this chart and for those that it has not told of."""
    form = st.session_state[key].get("form")
    if form in get_args(Form):
        st.session_state.setdefault(_FORMS, {}).update({chart_id: form, turning: form})
    link.hold()


def _take(key: str) -> None:
    """Filter by the chosen mark; ignore anything else that the browser sends."""
    choice = st.session_state[key].get("choice")
    mark = str(choice.get("mark", "")) if isinstance(choice, Mapping) else ""
    parts = read_mark(mark, figures.reopen())
    if parts:
        link.select(pick(link.selection(), parts, is_added=bool(choice["is_added"])))
    else:
        link.hold()

"""The table that says the same as a chart; cells that stand for what a mark stands for are links that filter by it."""

from collections.abc import Iterator

from dashboard.charts.catalogue import STACKS
from dashboard.charts.chart import Chart, read_rows
from dashboard.i18n import Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import html_tables, picking
from dashboard.ui.pieces.html_tables import Anchor, Place

LONG_TABLE = 18


def render(t: Translator, chart: Chart, snapshot: Snapshot, selection: Selection) -> str:
    """The table of a chart as HTML; a long one says how many rows it has, and shows all of them when asked to."""
    headings, rows = chart.cells()
    columns = [html_tables.Column(name) for name in headings]
    anchors = {place: _anchor(chart, mark, snapshot, selection) for place, mark in _marks(chart, headings) if mark}
    show_all = t("Show all {n} rows", n=len(rows))
    is_long = len(rows) > LONG_TABLE
    return html_tables.render(columns, rows, is_long=is_long, show_all=show_all, anchors=anchors)


def _anchor(chart: Chart, mark: str, snapshot: Snapshot, selection: Selection) -> Anchor:
    parts = picking.read_mark(mark, snapshot)
    chosen = picking.pick(selection, parts)
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

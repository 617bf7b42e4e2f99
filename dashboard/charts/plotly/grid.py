"""The figure of a grid: a cell a pair of members, shaded by rate where there are enough actions, rate and n/N in it."""

from dashboard import theme
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import PICTURE, SHADES
from dashboard.charts.encoding import list_peers, shade_cell
from dashboard.charts.plotly.parts import LINE, Part, lay_out, wrapped, write_hover
from dashboard.formats import format_counts
from dashboard.measures.definitions import FEW

CELL_GAP = 6


def draw_grid(chart: Chart) -> Part:
    """A cell a pair of members: shaded by rate where there are enough actions, the rate above n/N in it."""
    chart = chart.shortened
    frame, lang = chart.frame, chart.lang
    rows = {code: number for number, code in enumerate(dict.fromkeys(frame["code"]))}
    columns = {code: number for number, (code, _) in enumerate(chart.columns)}
    part, whole = chart.spec.part, chart.spec.whole
    has_room = int(frame[whole].max()) < 100 and not chart.spec.is_pace
    layers: dict[tuple[str, str], _Layer] = {}
    cells = read_rows(frame, ("code", "column_code", "label", "column_label", part, whole))
    for (code, column_code, label, column_label, part_count, actions), is_peer in zip(
        cells, list_peers(chart, frame), strict=True
    ):
        role, ink = shade_cell(chart, part_count, actions, is_peer=is_peer)
        layer = layers.setdefault((role.rstrip("_0123456789"), PICTURE[ink]), _Layer(len(rows), len(columns)))
        row, column = rows[code], columns[column_code]
        layer.z[row][column] = round(chart.value(part_count, actions), 4)
        of, value = format_counts(part_count, actions, lang), chart.write_value(part_count, actions)
        layer.text[row][column] = of if actions < FEW else f"{value}<br>{of}" if has_room else value
        hover = chart.say_value(part, part_count, actions)
        layer.hover[row][column] = write_hover(f"{label} · {column_label}\n{hover}")
    traces = [_heat(layer, scale, ink, -1 if chart.spec.is_pace else 0) for (scale, ink), layer in layers.items()]
    return {"data": traces, "layout": _lay_out(chart)}


def step_scale(scale: str) -> list[tuple[float, str]]:
    """The colours of a scale (`shade`, `pace`, `peer`) as Plotly's `colorscale`, each over its step; or one colour."""
    if scale in PICTURE:
        return [(0, PICTURE[scale]), (1, PICTURE[scale])]
    return [(end / SHADES, PICTURE[f"{scale}_{step}"]) for step in range(SHADES) for end in (step, step + 1)]


class _Layer:
    """The cells of a grid that share a scale and a text colour; the others are empty."""

    def __init__(self, rows: int, columns: int) -> None:
        self.z: list[list[float | None]] = [[None] * columns for _ in range(rows)]
        self.text = [[""] * columns for _ in range(rows)]
        self.hover = [[""] * columns for _ in range(rows)]


def _heat(layer: _Layer, scale: str, text_colour: str, low: int) -> Part:
    return {
        "type": "heatmap",
        "z": layer.z,
        "zmin": low,
        "zmax": 1,
        "colorscale": step_scale(scale),
        "showscale": False,
        "text": layer.text,
        "texttemplate": "%{text}",
        "textfont": {"color": text_colour, "size": theme.TINY},
        "customdata": layer.hover,
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": False,
        "xgap": 2,
        "ygap": 2,
    }


def _lay_out(chart: Chart) -> Part:
    """Lay out row names at the left, column names on top; Plotly turns these upright where they have no room."""
    labels = list(dict.fromkeys(zip(chart.frame["code"], chart.frame["label"], strict=True)))
    names = [wrapped(label, 16) for _, label in labels]
    row = max([2, *(name.count("<br>") + 1 for name in names)]) * LINE + CELL_GAP
    layout = lay_out(chart, len(names) * row + 110)
    layout["margin"] = {"l": 10, "r": 10, "t": 10, "b": 10}
    layout["yaxis"] = {
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "autorange": "reversed",
        "automargin": True,
    }
    bare = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": ""}
    layout["yaxis"] |= bare | {"ticklabelstandoff": 6}
    heads = [wrapped(label, 14) for _, label in chart.columns]
    layout["xaxis"] = {"tickvals": list(range(len(heads))), "ticktext": heads, "side": "top", "automargin": True}
    layout["xaxis"] |= bare | {"autotickangles": [0, -90]}
    return layout

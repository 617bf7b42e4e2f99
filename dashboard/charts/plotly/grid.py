"""The figure of a grid: a cell a pair of members, shaded by rate where there are enough actions, rate and n/N in it."""

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.parts import LINE, PACE_INKS, Part, escape_text, lay_out, wrapped
from dashboard.charts.svg.styles import pace_role
from dashboard.formats import format_counts
from dashboard.measures.definitions import FEW

CELL_GAP = 6
_GRID_INKS = {
    "few": (((theme.EMPTY_CELL, 0.0), (theme.EMPTY_CELL, 1.0)), theme.MUTED),
    "pale": (theme.PALE_SHADES, theme.TEXT),
    "dark": (theme.DARK_SHADES, theme.PAPER),
}


_PACES = {name: (((ink.fill, -1.0), (ink.fill, 1.0)), ink.text) for name, ink in PACE_INKS.items()}
"""The steps of a pace, each in one colour, and the text on it."""


_PEERS = {"peer": (((theme.PEER_SHADES[0][0], -1.0), (theme.PEER_SHADES[1][0], 1.0)), theme.TEXT)}


def draw_grid(chart: Chart) -> Part:
    """A cell a pair of members: shaded by rate where there are enough actions, the rate above n/N in it."""
    chart = chart.shortened
    frame, lang = chart.frame, chart.lang
    rows = {code: number for number, code in enumerate(dict.fromkeys(frame["code"]))}
    columns = {code: number for number, (code, _) in enumerate(chart.columns)}
    has_room = int(frame[chart.spec.whole].max()) < 100 and not chart.spec.is_pace
    inks = _GRID_INKS | _PACES if chart.spec.is_pace else _GRID_INKS
    inks = inks | _PEERS if chart.whole is not None else inks
    peers = frame["is_peer"].tolist() if chart.whole is not None else [False] * len(frame)
    layers = {name: _Layer(len(rows), len(columns)) for name in inks}
    part, whole = chart.spec.part, chart.spec.whole
    cells = zip(
        frame["code"],
        frame["column_code"],
        frame["label"],
        frame["column_label"],
        frame[part],
        frame[whole],
        peers,
        strict=True,
    )
    for code, column_code, label, column_label, counted, actions, is_peer in cells:
        rate = chart.value(counted, actions)
        layer = layers["few" if actions < FEW else "peer" if is_peer else _layer_name(chart, rate)]
        row, column = rows[code], columns[column_code]
        layer.z[row][column] = round(rate, 4)
        of, value = format_counts(counted, actions, lang), chart.write_value(counted, actions)
        layer.text[row][column] = of if actions < FEW else f"{value}<br>{of}" if has_room else value
        layer.hover[row][column] = (
            f"<b>{escape_text(label)} · {escape_text(column_label)}</b><br>"
            f"{escape_text(chart.say_value(part, counted, actions))}"
        )
    traces = [_heat(layer, *inks[name]) for name, layer in layers.items() if layer.is_used]
    return {"data": traces, "layout": _lay_out(chart)}


def _layer_name(chart: Chart, value: float) -> str:
    if chart.spec.is_pace:
        return pace_role(value)
    return "dark" if theme.is_dark_shade(value) else "pale"


class _Layer:
    """The cells of a grid that share a text colour; the others are empty."""

    def __init__(self, rows: int, columns: int) -> None:
        self.z: list[list[float | None]] = [[None] * columns for _ in range(rows)]
        self.text = [[""] * columns for _ in range(rows)]
        self.hover = [[""] * columns for _ in range(rows)]

    @property
    def is_used(self) -> bool:
        return any(value is not None for row in self.z for value in row)


def _heat(layer: _Layer, shades: tuple[tuple[str, float], ...], text_colour: str) -> Part:
    (low, zmin), (high, zmax) = shades
    return {
        "type": "heatmap",
        "z": layer.z,
        "zmin": zmin,
        "zmax": zmax,
        "colorscale": [[0, low], [1, high]],
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
    """Row names at the left, column names on top; Plotly turns these upright where they have no room."""
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

"""The figure of a grid: a cell a pair of members, shaded by rate where there are enough actions, n/N in it."""

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.parts import LINE, Part, escape_text, lay_out, wrapped
from dashboard.formats import format_counts, format_percent
from dashboard.measures.definitions import FEW

CELL_GAP = 6
_GRID_INKS = {
    "few": (((theme.EMPTY_CELL, 0.0), (theme.EMPTY_CELL, 1.0)), theme.MUTED),
    "pale": (theme.PALE_SHADES, theme.TEXT),
    "dark": (theme.DARK_SHADES, theme.PAPER),
}


def draw_grid(chart: Chart) -> Part:
    """A cell a pair of members: shaded by rate where there are enough actions, n/N in it."""
    frame, lang = chart.frame, chart.lang
    rows = {code: number for number, code in enumerate(dict.fromkeys(frame["code"]))}
    columns = {code: number for number, (code, _) in enumerate(chart.columns)}
    has_room = int(frame["actions"].max()) < 100
    layers = {name: _Layer(len(rows), len(columns)) for name in _GRID_INKS}
    cells = zip(
        frame["code"],
        frame["column_code"],
        frame["label"],
        frame["column_label"],
        frame["completed"],
        frame["actions"],
        strict=True,
    )
    for code, column_code, label, column_label, completed, actions in cells:
        rate = completed / actions
        layer = layers["few" if actions < FEW else "dark" if theme.is_dark_shade(rate) else "pale"]
        row, column = rows[code], columns[column_code]
        layer.z[row][column] = round(rate, 4)
        write = format_counts if has_room or actions < FEW else format_percent
        layer.text[row][column] = write(completed, actions, lang)
        layer.hover[row][column] = (
            f"<b>{escape_text(label)} · {escape_text(column_label)}</b><br>"
            f"{escape_text(chart.say_rate('completed', completed, actions))}"
        )
    traces = [_heat(layer, *_GRID_INKS[name]) for name, layer in layers.items() if layer.is_used]
    return {"data": traces, "layout": _lay_out(chart)}


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
    row = max(name.count("<br>") + 1 for name in names) * LINE + CELL_GAP
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

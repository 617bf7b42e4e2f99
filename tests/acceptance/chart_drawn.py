"""Check that a Plotly figure and an SVG show the chart's numbers, labels and order."""

import re
from collections.abc import Callable, Iterable
from html import unescape
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lxml import etree

from tests.acceptance.chart_oracle import COLUMN_OF, FEW, WHOLES, Expected, percent
from tests.placed import place

SVG = "{http://www.w3.org/2000/svg}"
DAY = np.timedelta64(1, "D")


def plain(markup: str) -> str:
    """Return a text of a figure without its tags, and without the places where it is broken."""
    return tight(unescape(re.sub(r"<[^>]+>", " ", markup)))


def tight(text: str) -> str:
    """Return a text without blanks: lines may be broken at blanks and after hyphens."""
    return re.sub(r"\s+", "", text)


def tighten(texts: Iterable[str]) -> list[str]:
    """Apply `tight` to each."""
    return [tight(text) for text in texts]


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a frame, their values by name."""
    return list(frame.itertuples())


# Plotly


def check_figure(expected: Expected, figure: dict[str, Any]) -> None:
    """Check that a figure's JSON has the marks' values and labels in order."""
    _FIGURES[expected.spec.kind](expected, figure)


def _check_bars(expected: Expected, figure: dict[str, Any]) -> None:
    frame, layout = expected.drawn, figure["layout"]
    assert [plain(text) for text in layout["yaxis"]["ticktext"]] == tighten(frame["label"])
    if expected.is_stacked:
        _check_segments(expected, figure)
        return
    first = figure["data"][0]
    assert first["x"] == pytest.approx(frame[expected.spec.measures[0]].tolist(), abs=5e-5, nan_ok=True)
    ends = layout["yaxis2"]["ticktext"]
    for (n, of), end, on_bar in zip(expected.rate_parts(frame), ends, first["text"], strict=True):
        said = f"{on_bar} · {plain(end)}" if n else plain(end)  # a bar of no length has no room for its rate
        assert tight(said) == tight(expected.rate_label(n, of))
    if "upper_bound" in expected.spec.measures:
        second = figure["data"][1]
        bound = [None if x is None else x + base for x, base in zip(second["x"], second["base"], strict=True)]
        assert bound == pytest.approx(frame["upper_bound"].tolist(), abs=1e-4, nan_ok=True)
    for said, row in zip(first["customdata"], rows_of(frame), strict=True):
        assert all(tight(text) in plain(said) for text in _told(expected, row))


def _told(expected: Expected, row: Any) -> list[str]:
    """Return the lines of a mark under the pointer."""
    counts = [row.completed, row.completed + row.unknown, row.reported]
    told = [expected.in_brackets(n, row.actions) for n in counts] if row.actions else [expected.words["nothing"]]
    return [row.label, *told]


def _check_segments(expected: Expected, figure: dict[str, Any]) -> None:
    frame = expected.drawn
    traces = {unescape(trace["name"]): trace for trace in figure["data"] if "name" in trace}
    shown = {status: name for status, name in expected.segments.items() if frame[status].any()}
    assert list(traces) == list(shown.values())
    for status, name in shown.items():
        assert traces[name]["text"] == [str(count) if count else "" for count in frame[status]]
        denominator = frame[expected.denominator].where(frame[expected.denominator] > 0)
        shares = [np.nan if share is None else share for share in traces[name]["x"]]
        assert shares == pytest.approx((frame[status] / denominator).tolist(), abs=5e-5, nan_ok=True)
    ends = [re.sub(r"\D", "", plain(text)) for text in figure["layout"]["yaxis2"]["ticktext"]]
    assert ends == [str(n) if n else "" for n in frame[expected.denominator]]


def _check_lines(expected: Expected, figure: dict[str, Any]) -> None:
    frame = expected.marks
    traces = {trace["name"]: trace for trace in figure["data"]}
    names = {"completed": "completion_rate", "at_most": "upper_bound", "elapsed": "elapsed"}
    assert set(traces) == {expected.words[word] for word in names}
    for word, column in names.items():
        trace = traces[expected.words[word]]
        assert (trace["x0"], trace["dx"]) == (
            frame["on_date"].iloc[0].date().isoformat(),
            DAY / np.timedelta64(1, "ms"),
        )
        assert trace["y"] == pytest.approx(frame[column].tolist(), abs=5e-5)
    labels = [expected.rate_label(n, of) for n, of in expected.rate_parts(frame)]
    assert traces[expected.words["completed"]]["text"] == labels


def _check_cells(expected: Expected, figure: dict[str, Any]) -> None:
    layout = figure["layout"]
    assert [plain(text) for text in layout["yaxis"]["ticktext"]] == tighten(label for _, label in expected.rows)
    assert [plain(text) for text in layout["xaxis"]["ticktext"]] == tighten(label for _, label in expected.columns)
    found = {
        (expected.rows[y][0], expected.columns[x][0]): (trace["text"][y][x], z)
        for trace in figure["data"]
        for y, row in enumerate(trace["z"])
        for x, z in enumerate(row)
        if z is not None
    }
    cells = expected.cells()
    rates = {key: "" if of < FEW else f"{percent(n, of)}<br>" for key, (n, of) in cells.items()}
    assert {key: text for key, (text, _) in found.items()} == {
        key: f"{rates[key]}{n}/{of}" for key, (n, of) in cells.items()
    }
    assert {k: z for k, (_, z) in found.items()} == pytest.approx({k: n / of for k, (n, of) in cells.items()}, abs=5e-5)


def _check_tiles(expected: Expected, figure: dict[str, Any]) -> None:
    tiles = next(trace for trace in figure["data"] if "ids" in trace)
    hovers = map(plain, tiles["customdata"])
    drawn = dict(zip(tiles["ids"], zip(tiles["text"], tiles["marker"]["color"], hovers, strict=True), strict=True))
    assert set(drawn) == set(expected.marks["code"])
    colours: dict[object, set[str]] = {}
    for row in rows_of(expected.marks):
        text, colour, hover = drawn[row.code]
        assert text.partition("<br>")[2] == (f"{row.completed}/{row.actions}" if row.actions else "")
        assert hover.startswith(tight(row.label))
        colours.setdefault(_name_step(row), set()).add(colour)
    assert_apart(colours)
    heads = [plain(note["text"]) for note in figure["layout"]["annotations"]]
    assert heads == [tight(f"{row.label} {_block_rate(expected, row)}") for row in _headed(expected)]


def _name_step(row: Any) -> object:
    """Name the meaning of a country's colour: none, few, or the tenth of its rate."""
    return "none" if not row.actions else "few" if row.actions < FEW else min(10 * row.completed // row.actions, 9)


def assert_apart(colours: dict[object, set[str]]) -> None:
    """Check that one meaning has one colour, and no colour two meanings."""
    assert all(len(same) == 1 for same in colours.values())
    assert len(set().union(*colours.values())) == len(colours)


def _check_map(expected: Expected, figure: dict[str, Any]) -> None:
    found: dict[str, tuple[str, str]] = {}
    for trace in figure["data"]:
        if "ids" in trace:
            dots = zip(trace["ids"], trace["marker"]["color"], trace["customdata"], strict=True)
            found |= {code: (colour, plain(said)) for code, colour, said in dots}
        elif trace.get("text"):
            found[trace["name"]] = (trace["fillcolor"], plain(trace["text"]))
    beside = figure["layout"]["annotations"][0]["text"].replace("<br>", " ")
    shaded: list[tuple[float, str]] = []
    colours: dict[object, set[str]] = {}
    for row in rows_of(expected.marks):
        if row.code not in found:
            assert tight(row.label) in plain(beside)
            continue
        colour, said = found.pop(row.code)
        assert all(tight(text) in said for text in _told(expected, row))
        if row.actions < FEW:
            colours.setdefault(_name_step(row), set()).add(colour)
        else:
            shaded.append((row.completed / row.actions, colour))
    steps = [colour for colour, _ in groupby(colour for _, colour in sorted(shaded))]
    assert_apart(
        colours | {f"step {place}": {colour} for place, colour in enumerate(steps)}
    )  # a step is a range of rates
    assert found == {}


def _headed(expected: Expected) -> list[Any]:
    """Return the regions that have a tile."""
    return [row for row in rows_of(expected.blocks) if row.code in set(expected.marks["region_code"])]


def _block_rate(expected: Expected, row: Any) -> str:
    if 0 < row.actions < FEW:
        return f"{row.completed}/{row.actions}"
    return expected.rate_label(row.completed, row.actions)


def _check_panels(expected: Expected, figure: dict[str, Any]) -> None:
    heads = [plain(note["text"]) for note in figure["layout"]["annotations"] if note["text"].startswith("<b>")]
    for number, block in enumerate(rows_of(expected.blocks)):
        counts = f"{block.completed}/{block.actions}" if block.actions else expected.words["nothing"]
        assert tight(f"{block.label} {counts}") in heads
        own = expected.marks[expected.marks["code"] == block.code].set_index("on_date")
        axis = f"x{number + 1}" if number else "x"
        upper, lower, elapsed = (trace for trace in figure["data"] if trace["xaxis"] == axis)
        for trace, column in ((upper, "upper_bound"), (lower, "completion_rate")):
            drawn = pd.Series(trace["y"], pd.to_datetime(trace["x"]), dtype=float)
            drawn = drawn[~drawn.index.duplicated(keep="last")].reindex(own.index).ffill()
            assert drawn.tolist() == pytest.approx(own[column].tolist(), abs=5e-5, nan_ok=True)
        clock = pd.Series(elapsed["y"], pd.to_datetime(elapsed["x"])).groupby(level=0).last().reindex(own.index)
        assert (clock.interpolate("time") - own["elapsed"]).abs().max() < 3e-3


_FIGURES: dict[str, Callable[[Expected, dict[str, Any]], None]] = {
    **dict.fromkeys(("rates", *WHOLES), _check_bars),
    "curve": _check_lines,
    "grid": _check_cells,
    "tiles": _check_tiles,
    "map": _check_map,
    "multiples": _check_panels,
}


# SVG


def check_svg(expected: Expected, root: etree._Element) -> None:
    """Check that a drawing's marks have the values and labels, and that the words beside them match."""
    _DRAWINGS[expected.spec.kind](expected, place(root))


def _groups(root: etree._Element) -> list[etree._Element]:
    return [group for group in root.iter(f"{SVG}g") if group.get("data-code")]


def _tip(group: etree._Element) -> list[str]:
    """Return the lines of a mark's tip."""
    title = next(group.iter(f"{SVG}title"), None)
    return [] if title is None else str(title.text).split("\n")


def _written(root: etree._Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def _values(root: etree._Element) -> dict[str, float]:
    return {e.get("data-measure"): float(e.get("data-value")) for e in root.iter() if e.get("data-measure")}


def _check_svg_rates(expected: Expected, root: etree._Element) -> None:
    groups = _groups(root)
    assert [group.get("data-code") for group in groups] == expected.drawn["code"].tolist()
    for group, row in zip(groups, expected.drawn.to_dict("records"), strict=True):
        assert int(group.get("data-actions")) == row["actions"]
        assert _tip(group)[0] == row["label"]
        found = _values(group)
        if not row["actions"]:
            assert found == {}
            assert expected.words["nothing"] in _written(group)
            continue
        assert found == pytest.approx({name: row[name] for name in expected.spec.measures}, abs=1e-5)
        part = row["reported" if expected.spec.measures[0] == "reporting_rate" else "completed"]
        assert {percent(part, row["actions"]), f"{part}/{row['actions']}"} <= set(_written(group))
        assert {int(e.get("data-n")) for e in group.iter() if e.get("data-n")} == {part}
        assert expected.in_brackets(row["reported"], row["actions"]) in _tip(group)[3]


def _check_svg_statuses(expected: Expected, root: etree._Element) -> None:
    groups = _groups(root)
    assert [group.get("data-code") for group in groups] == expected.drawn["code"].tolist()
    for group, row in zip(groups, expected.drawn.to_dict("records"), strict=True):
        assert int(group.get("data-actions")) == row["actions"]
        assert tight(row["label"]) in tight("".join(_written(group))) or "…" in "".join(_written(group))
        columns = COLUMN_OF if expected.spec.kind == "statuses" else {name: name for name in expected.segments}
        assert _values(group) == {columns[name]: row[name] for name in expected.segments if row[name]}
        tips = ["\n".join(_tip(part)) for part in group.iter(f"{SVG}g") if _tip(part)]
        for status in expected.segments:
            if row[status]:
                told = expected.in_brackets(row[status], row[expected.denominator])
                assert any(tip.startswith(row["label"]) and told in tip for tip in tips)


def _check_svg_curve(expected: Expected, root: etree._Element) -> None:
    frame = expected.marks
    last = frame.iloc[-1]
    assert _values(root) == pytest.approx({name: last[name] for name in expected.spec.measures}, abs=1e-5)
    days = frame.set_index(frame["on_date"].dt.strftime("%Y-%m-%d"))
    strips = _groups(root)
    assert strips[-1].get("data-code") == days.index[-1]
    for strip in strips:
        row = days.loc[strip.get("data-code")]
        said = int(strip.get("data-completed")), int(strip.get("data-unknown"))
        assert said == (row["completed"], row["unknown"])
    written = _written(root)
    n, done = int(last["actions"]), int(last["completed"])
    for part, denominator in ((done, n), (done + int(last["unknown"]), n), expected.elapsed):
        assert percent(part, denominator) in written


def _check_svg_grid(expected: Expected, root: etree._Element) -> None:
    found = {(g.get("data-code"), g.get("data-column")): g for g in _groups(root) if g.get("data-column")}
    labels = {key: f"{row} · {column}" for key, row, column in _pair_labels(expected)}
    for key, (n, of) in expected.cells().items():
        cell = found.pop(key)
        assert (int(cell.get("data-n")), int(cell.get("data-of"))) == (n, of)
        assert _tip(cell)[0] == labels[key]
        assert expected.in_brackets(n, of) in _tip(cell)[1]
        assert set(_written(cell)) <= {percent(n, of), f"{n}/{of}"}
        assert of >= FEW or _written(cell) == [f"{n}/{of}"]
    assert found == {}


def _pair_labels(expected: Expected) -> Iterable[tuple[tuple[str, str], str, str]]:
    frame = expected.marks
    keys = zip(frame["code"], frame["column_code"], strict=True)
    return zip(keys, frame["label"], frame["column_label"], strict=True)


def _check_svg_tiles(expected: Expected, root: etree._Element) -> None:
    _check_svg_countries(expected, root)
    written = tight("".join(_written(root)))
    assert all(tight(_block_rate(expected, row)) in written for row in _headed(expected))


def _check_svg_countries(expected: Expected, root: etree._Element) -> None:
    groups = {group.get("data-code"): group for group in _groups(root)}  # those without actions come behind the others
    assert sorted(groups) == sorted(expected.marks["code"])
    for row in rows_of(expected.marks):
        group = groups[row.code]
        assert int(group.get("data-actions")) == row.actions
        assert _tip(group)[0].startswith(row.label)
        if row.actions:
            assert int(group.get("data-completed")) == row.completed
            assert int(group.get("data-unknown")) == row.unknown
            assert _values(group) == pytest.approx({"completion_rate": row.completion_rate}, abs=1e-5)
            assert expected.in_brackets(row.reported, row.actions) in _tip(group)[3]


def _check_svg_panels(expected: Expected, root: etree._Element) -> None:
    panels = _groups(root)
    assert [panel.get("data-code") for panel in panels] == expected.blocks["code"].tolist()
    for panel, block in zip(panels, rows_of(expected.blocks), strict=True):
        found = [int(panel.get(f"data-{name}")) for name in ("actions", "completed", "unknown")]
        assert found == [block.actions, block.completed, block.unknown]
        assert _tip(panel)[0].startswith(block.label)
        counts = f"{block.completed}/{block.actions}" if block.actions else expected.words["nothing"]
        assert counts in _written(panel)
        if block.actions:
            last = expected.marks[expected.marks["code"] == block.code].iloc[-1]
            assert _values(panel) == pytest.approx({name: last[name] for name in expected.spec.measures}, abs=1e-5)


_DRAWINGS: dict[str, Callable[[Expected, etree._Element], None]] = {
    "rates": _check_svg_rates,
    **dict.fromkeys(WHOLES, _check_svg_statuses),
    "curve": _check_svg_curve,
    "grid": _check_svg_grid,
    "tiles": _check_svg_tiles,
    "map": _check_svg_countries,
    "multiples": _check_svg_panels,
}

"""Small multiples: a curve a region on the same axes; figure, picture, table and data say what the measure says."""

import json
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from dashboard import theme
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.surround import SIZES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

SVG = "{http://www.w3.org/2000/svg}"


def multiples(snapshot: Snapshot, **filters: Any) -> Chart:
    return build_chart(snapshot, "over-time-by-region", Selection(**filters))


def panels(svg: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(svg)  # noqa: S314  (the program's own picture)
    return {str(group.get("data-code")): group for group in root.iter(f"{SVG}g") if group.get("data-code")}


def lines(figure: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """The upper bound, the completion rate and the time elapsed of one panel."""
    axis = f"x{number + 1}" if number else "x"
    return [trace for trace in figure["data"] if trace["xaxis"] == axis]


@pytest.mark.parametrize("day", [date(2020, 12, 1), date(2021, 6, 17), date(2022, 2, 1)])
def test_each_panels_lines_pass_through_the_values_of_every_day(day: date, snapshot: Snapshot) -> None:
    chart = multiples(snapshot, as_of=day)
    figure = json.loads(draw(chart).to_json())
    for number, code in enumerate(chart.blocks["code"]):
        curve = chart.frame[chart.frame["code"] == code].set_index("on_date")
        upper, lower, elapsed = lines(figure, number)
        for trace, name in ((upper, "upper_bound"), (lower, "completion_rate")):
            drawn = pd.Series(trace["y"], pd.to_datetime(trace["x"]), dtype=float)
            drawn = drawn[~drawn.index.duplicated(keep="last")].reindex(curve.index).ffill()
            pd.testing.assert_series_equal(drawn, curve[name], check_names=False, check_freq=False, atol=1e-4)
        clock = pd.Series(elapsed["y"], pd.to_datetime(elapsed["x"])).groupby(level=0).last()
        straight = clock.reindex(curve.index).interpolate("time")
        assert (straight - curve["elapsed"]).abs().max() < 3e-3


def test_all_panels_have_the_same_axes_and_their_names_and_counts(snapshot: Snapshot) -> None:
    chart = multiples(snapshot)
    figure = json.loads(draw(chart).to_json())
    layout = figure["layout"]
    names = [f"{axis}axis{number or ''}" for axis in "xy" for number in (0, *range(2, len(chart.blocks) + 1))]
    ranges = [tuple(layout[name]["range"]) for name in names]
    assert len(set(ranges)) == 2
    texts = " ".join(note["text"] for note in layout["annotations"])
    for total in chart.blocks.to_dict("records"):
        assert total["label"] in texts
        assert f"{total['completed']}/{total['actions']}" in texts
    assert len(layout["shapes"]) == len(chart.blocks)


def test_few_actions_are_faded_and_show_no_rate_and_none_is_said(snapshot: Snapshot) -> None:
    chart = multiples(snapshot, themes=("mining",))
    actions = dict(zip(chart.blocks["code"], chart.blocks["actions"].tolist(), strict=True))
    assert 0 < actions["africa"] < 5
    assert actions["global"] == 0
    figure = json.loads(draw(chart).to_json())
    _, lower, _ = lines(figure, chart.blocks["code"].tolist().index("africa"))
    assert lower["line"]["color"] == theme.COMPLETED_FEW
    assert not any(note["text"].endswith("%</b>") for note in figure["layout"]["annotations"])
    svg = draw_svg(chart)
    found = panels(svg)
    assert "no actions" in [text.text for text in found["global"].iter(f"{SVG}text")]
    assert not list(found["global"].iter(f"{SVG}path"))
    assert any(group.get("opacity") for group in found["africa"].iter(f"{SVG}g"))
    assert "fewer than 5 actions" in " ".join(chart.caption.notes)


@pytest.mark.parametrize("size", [360, 680, *SIZES])
def test_the_panels_of_a_picture_lie_inside_its_edges(size: str | int, snapshot: Snapshot) -> None:
    chart = multiples(snapshot, lang="fr")
    svg = draw_svg(chart, size) if isinstance(size, str) else draw_svg(chart, width=size)
    found = panels(svg)
    assert list(found) == chart.blocks["code"].tolist()
    for total in chart.blocks.to_dict("records"):
        assert int(found[total["code"]].get("data-completed", "")) == total["completed"]
    root = ElementTree.fromstring(svg)  # noqa: S314  (the program's own picture)
    _, _, width, height = (float(number) for number in str(root.get("viewBox")).split())
    hits = [rect for panel in found.values() for rect in panel.findall(f"{SVG}rect")]
    boxes = [tuple(float(rect.get(name, "0")) for name in ("x", "y", "width", "height")) for rect in hits]
    assert max(float(text.get("y", "0")) for text in root.iter(f"{SVG}text")) < height
    for x, y, wide, high in boxes:
        assert x >= 0
        assert x + wide <= width + 0.5
        assert y + high <= height
        assert high > 60
    if isinstance(size, str):
        below = min(float(line.get("y1", "0")) for line in root.findall(f"{SVG}line"))
        assert max(y + high for _, y, _, high in boxes) <= below + 1


def test_one_region_and_no_action(snapshot: Snapshot) -> None:
    one = multiples(snapshot, regions=("africa",))
    assert one.blocks["code"].tolist() == ["africa"]
    assert list(panels(draw_svg(one))) == ["africa"]
    none = multiples(snapshot, regions=("global",), countries=("GHA",))
    assert none.total.actions == 0
    assert json.loads(draw(none).to_json())["data"] == []
    assert none.words["none_selected"] in draw_svg(none)

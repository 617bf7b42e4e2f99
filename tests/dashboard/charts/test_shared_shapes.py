"""Shapes that a picture puts in place several times: whole in a page that holds several pictures."""

import re
from dataclasses import replace

import pytest

from dashboard.charts.chart import build_chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.surround import SIZES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

DEFINED = re.compile(r'<defs><rect id="([^"]+)"([^>]*)/></defs>')


@pytest.mark.parametrize("chart_id", ["completion-tiles", "region-by-theme"])
def test_pictures_of_one_page_share_a_name_only_for_the_same_shape(chart_id: str, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, chart_id, Selection())
    long = replace(chart, frame=chart.frame.assign(label=chart.frame["label"] + " and a good deal more of it" * 3))
    french = build_chart(snapshot, chart_id, Selection(lang="fr"))
    pictures = [draw_svg(one, width=width) for one in (chart, long, french) for width in (680, 360, 500)]
    pictures += [draw_svg(one, size) for one in (chart, long, french) for size in SIZES]
    shapes: dict[str, set[str]] = {}
    for picture in pictures:
        defined = dict(DEFINED.findall(picture))
        assert defined
        assert set(re.findall(r'href="#([^"]+)"', picture)) <= defined.keys()
        for name, shape in defined.items():
            assert "class=" not in shape
            shapes.setdefault(name, set()).add(shape)
    assert all(len(found) == 1 for found in shapes.values())

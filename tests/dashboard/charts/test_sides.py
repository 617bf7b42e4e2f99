"""Two selections side by side: each side equals its separate chart, and no word goes beyond the bounds."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.options import Options
from dashboard.charts.plotly.draw import draw
from dashboard.charts.sides import SIDES
from dashboard.charts.svg.draw import draw_svg
from dashboard.errors import SelectionError
from dashboard.files.briefings.series import bars_of
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import VERSUS, Selection, parse
from tests.dashboard.charts.test_options import DAY
from tests.drawings import assert_tidy, parsed
from tests.shipped import LANGUAGES

PLAIN = Options()
DRAWN = ("completion-by-theme", "reporting-by-region", "completion-over-time", "status-by-group")
LINKS = (
    "region=africa&vs.region=americas",
    "theme=education&region=africa&vs.theme=&vs.as_of=2021-11-25&as_of=2021-12-15",
    "vs.as_of=2021-07-01",
    "q=no+such+words&vs.q=",
    "group=government&vs.as_of=&vs.group=government",
)


def beside(snapshot: Snapshot, chart_id: str, link: str, options: Options = PLAIN) -> Chart:
    return build_chart(snapshot, chart_id, read(snapshot, link), options)


def read(snapshot: Snapshot, link: str) -> Selection:
    return parse(parse_qs(link, keep_blank_values=True), snapshot, VERSUS)


@pytest.mark.parametrize("chart_id", ["completion-by-theme", "completion-over-time", "completion-by-country"])
def test_each_side_is_what_its_own_chart_says(chart_id: str, snapshot: Snapshot) -> None:
    key = "code" if CATALOGUE[chart_id].kind != "curve" else "on_date"
    columns = ["actions", "reported", "completed", "unknown", "completion_rate", "upper_bound"]
    for link in LINKS if chart_id != "completion-by-country" else LINKS[:2]:
        selection = read(snapshot, link)
        chart = build_chart(snapshot, chart_id, selection)
        assert selection.other is not None
        for side, code, named in zip((selection.first, selection.other), SIDES, chart.sides, strict=True):
            alone = build_chart(snapshot, chart_id, side)
            assert named.total == alone.total
            mine = chart.frame[chart.frame["side"] == code].set_index(key)[columns]
            shown, absent = mine.loc[alone.frame[key]], mine.drop(alone.frame[key])
            pd.testing.assert_frame_equal(shown, alone.frame.set_index(key)[columns], check_dtype=False)
            assert not absent["actions"].any()


def test_what_a_comparison_says_and_its_verdict_are_what_the_bounds_of_both_sides_carry(snapshot: Snapshot) -> None:
    data = beside(snapshot, "completion-by-group", f"as_of={DAY}&theme=education&vs.theme=").data()
    one, other = (data[data["side"] == code].set_index("code") for code in SIDES)
    is_told = (one["actions"] >= 5) & (other["actions"] >= 5) & (one.index != "unclassified")
    assert is_told.sum() > 1
    is_above = is_told & (one["completion_rate"] > other["upper_bound"])
    is_below = is_told & (one["upper_bound"] < other["completion_rate"])
    assert (one["verdict"] == "higher").tolist() == is_above.tolist()
    assert (one["verdict"] == "lower").tolist() == is_below.tolist()
    assert (one["verdict"] == "unranked").tolist() == (~is_told).tolist()
    least = one["completion_rate"] - other["upper_bound"]
    assert one["difference_low"].round(9).tolist()[:4] == least.round(9).tolist()[:4]

    def say(link: str, chart_id: str = "completion-over-time") -> str:
        return beside(snapshot, chart_id, link).caption.finding

    days = beside(snapshot, "completion-over-time", "vs.as_of=2021-07-01")
    before = build_chart(snapshot, "completion-over-time", Selection(as_of=date(2021, 7, 1))).total
    now = days.total
    assert f"completed {before.completed} → {now.completed}, unknown {before.unknown} → {now.unknown}" in say(
        "as_of=2021-07-01&vs.as_of="
    )  # in whichever order
    assert say("vs.as_of=2021-07-01") == say("as_of=2021-07-01&vs.as_of=")
    assert say("region=africa&vs.region=africa").startswith("Both sides are the same")
    assert "Too few actions to compare" in say("q=no+such+words&vs.q=")
    titled = beside(snapshot, "completion-by-theme", "region=africa&vs.region=")
    assert titled.title == "Completion rate by theme: Africa compared with All regions"
    assert ("Region", "Africa compared with all") in titled.caption.selection


@pytest.mark.parametrize("chart_id", DRAWN)
def test_drawings_are_tidy_in_every_language(chart_id: str, snapshot: Snapshot) -> None:
    """Each link is drawn in several charts, each chart in every language."""
    first = DRAWN.index(chart_id)
    for link, lang in zip((LINKS * 2)[first : first + 3], LANGUAGES, strict=True):
        chart = beside(snapshot, chart_id, f"{link}&lang={lang}")
        assert "{" not in chart.title + chart.alt + "".join(chart.caption.notes)
        narrow = 300 if chart.spec.kind == "pairs" else 360
        for svg in (draw_svg(chart, width=narrow), draw_svg(chart, "slide"), draw_svg(chart, "column")):
            assert_tidy(parsed(svg))
        assert len(draw(chart).data) >= 3
        if chart.spec.kind != "curves" and len(set(side.name for side in chart.sides)) > 1:
            names = bars_of(chart).categories
            assert all(sum(name.count(f" – {side.name}") for side in chart.sides) == 1 for name in names)
        assert len({len(row) for row in (chart.cells().headings, *chart.cells().rows)}) == 1


def test_what_cannot_be_put_side_by_side_is_refused_with_what_can(snapshot: Snapshot) -> None:
    both = read(snapshot, LINKS[0])
    refused: list[tuple[str, Options, Any]] = [
        ("completion-map", Options(), "completion-by-theme"),
        ("explore", Options(), "explore"),
        ("completion-by-theme", Options(measure="pace"), "reporting"),
    ]
    for chart_id, options, allowed in refused:
        with pytest.raises(SelectionError) as error:
            build_chart(snapshot, chart_id, both, options)
        assert allowed in error.value.allowed
    assert build_chart(snapshot, "explore", both, Options(by="group")).sides
    assert build_chart(snapshot, "explore", replace(both, versus=())).spec.kind == "grid"

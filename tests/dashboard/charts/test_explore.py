"""The chart that readers put together, against the published tables read with pandas; and what it refuses."""

import re

import pytest

from dashboard.charts.chart import build_chart
from dashboard.charts.explore import EXPLORE, PAIRS, find_spec, offered_forms
from dashboard.charts.options import Options, parse_options
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.errors import SelectionError
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.dashboard.charts.test_options import DAY, tally
from tests.drawings import assert_tidy, parsed


@pytest.mark.parametrize(("by", "second"), [("category", "theme"), ("group", "region"), ("country", "theme")])
def test_pairs_count_what_the_tables_hold(by: str, second: str, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, EXPLORE, Selection(as_of=DAY), Options(by=by, second=second))
    frame = chart.data()
    assert not frame.empty
    for member, cells in frame[frame[f"{second}_code"] != "unclassified"].groupby(f"{second}_code"):
        counted = tally(snapshot, by, **{second: str(member)})
        shown = cells.set_index("code")[["actions", "reported", "completed", "unknown"]]
        assert shown.sort_index().to_dict() == counted[list(shown)].sort_index().to_dict()


def test_all_that_is_offered_is_drawn_in_its_place_with_its_title(snapshot: Snapshot) -> None:
    titles = set()
    for by, seconds in PAIRS.items():
        for second in ("", *seconds):
            for form in offered_forms(by, second):
                chart = build_chart(snapshot, EXPLORE, Selection(lang="fr"), Options(by=by, second=second, form=form))
                assert "{" not in chart.title
                titles.add(chart.title)
                if chart.spec.kind != "map":  # its shapes are files
                    assert_tidy(parsed(draw_svg(chart, width=360)))
    assert len(titles) == sum(len(offered_forms(by, second)) for by, some in PAIRS.items() for second in ("", *some))


def test_equal_charts_are_one_address() -> None:
    spec = find_spec(EXPLORE)
    stated = {"by": ["theme"], "and": ["region"], "as": ["grid"], "measure": ["completion"], "sort": ["codelist"]}
    assert parse_options(stated, spec) == parse_options({}, spec) == Options()
    alone = parse_options({"by": ["Theme"], "as": ["bars"]}, spec)
    assert alone == Options(by="theme")
    assert parse_options({name: [value] for name, value in alone.query_pairs()}, spec) == alone


def test_times_keep_their_order_and_are_nothing_to_filter_by(snapshot: Snapshot) -> None:
    chosen = {"by": "region", "second": "wave"}
    chart = build_chart(snapshot, EXPLORE, Selection(as_of=DAY), Options(**chosen))
    turned = build_chart(snapshot, EXPLORE, Selection(as_of=DAY), Options(by="wave", second="region"))
    assert [label for _, label in chart.columns] == WAVES
    assert list(dict.fromkeys(turned.frame["label"])) == WAVES
    pairs = {(row, column, n) for row, column, n in zip(*(chart.frame[c] for c in _PAIR), strict=True)}
    assert pairs == {(row, column, n) for column, row, n in zip(*(turned.frame[c] for c in _PAIR), strict=True)}
    assert "data-mark=" not in draw_svg(chart)
    africa = Selection(as_of=DAY, regions=("africa",))
    kept = build_chart(snapshot, EXPLORE, africa, Options(**chosen, peers=True))
    assert set(kept.frame.loc[~kept.frame["is_peer"], "code"]) == {"africa"} != set(kept.frame["code"])


WAVES = ["Mid year", "Final", "Outside the waves", "Not reported"]
_PAIR = ("code", "column_code", "actions")


def test_months_of_completion_are_counted_and_a_curve_needs_no_dimension(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, EXPLORE, Selection(as_of=DAY), Options(by="completed"))
    most = chart.frame.sort_values("completed").iloc[-1]
    assert f"{most['completed']} of {chart.total.completed} completed actions" in chart.caption.finding
    assert list(chart.data().columns) == ["code", "label", "completed"]
    for drawn in (draw(chart).data[0].x, [float(v) for v in re.findall(r'data-value="([^"]+)"', draw_svg(chart))]):
        assert list(drawn) == chart.frame["completed"].tolist()
    curve = build_chart(snapshot, EXPLORE, Selection(), parse_options({"as": ["curve"]}, find_spec(EXPLORE)))
    assert curve.frame.equals(build_chart(snapshot, "completion-over-time", Selection()).frame)
    table = build_chart(snapshot, EXPLORE, Selection(), Options(by="theme", form="table", measure="pace"))
    bars = build_chart(snapshot, EXPLORE, Selection(), Options(by="theme", measure="pace"))
    assert table.cells() == bars.cells()
    narrow = "".join(parsed(draw_svg(table, width=360)).itertext())
    assert "Pace, in percentage points" in narrow.replace("\n", " ") or "Pace" in narrow


@pytest.mark.parametrize(
    ("query", "parameter", "allowed"),
    [
        ({"by": "status"}, "by", "region"),
        ({"by": "region", "and": "subregion"}, "and", "theme"),
        ({"by": "theme", "and": "theme"}, "and", "category"),
        ({"by": "theme", "as": "map"}, "as", "multiples"),
        ({"by": "theme", "as": "multiples", "measure": "reporting"}, "measure", "completion"),
        ({"by": "theme", "and": "wave", "measure": "reporting"}, "measure", "pace"),
        ({"by": "wave", "sort": "reporting"}, "sort", "rate"),
        ({"by": "completed", "measure": "completion"}, "measure", "completions"),
        ({"by": "completed", "and": "region"}, "and", "no value"),
        ({"by": "all", "as": "bars"}, "as", "curve"),
    ],
    ids=str,
)
def test_what_says_nothing_is_refused_with_what_is_offered(query: dict[str, str], parameter: str, allowed: str) -> None:
    with pytest.raises(SelectionError) as refused:
        parse_options({name: [value] for name, value in query.items()}, find_spec(EXPLORE))
    assert refused.value.parameter == parameter
    assert allowed in refused.value.allowed

"""The options of a chart, against the published tables read with pandas; and the refusals."""

import html
import json
import math
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import pandas as pd
import pytest

from dashboard import theme
from dashboard.charts.catalogue import CATALOGUE, SURVEY
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.csv import write_csv
from dashboard.charts.encoding import say_members
from dashboard.charts.marks import sort_key
from dashboard.charts.options import (
    EXPLORE,
    PAIRS,
    SORTS,
    Options,
    find_spec,
    offered_forms,
    offered_sorts,
    parse_options,
)
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.errors import SelectionError
from dashboard.files.briefings import series
from dashboard.i18n import translator
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.definitions import DEFINITIONS, FEW, RATES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import of_which, some
from tests.dashboard.measures.test_surveys import surveyed as surveyed
from tests.drawings import assert_tidy, parsed
from tests.tables import Tables

DAY = date(2021, 12, 15)
SORTED = (
    *(f"completion-by-{members}" for members in ("region", "country", "group")),
    "reporting-by-region", "status-by-category", "region-by-theme",
)  # fmt: skip
read_tables = cache(Tables)


def tally(snapshot: Snapshot, dimension: str, **only: str) -> pd.DataFrame:
    """Count each member's actions: all, reported, completed, completed on time and unknown on the day.

    Args:
        snapshot: The published tables.
        dimension: `theme`, `region`, `country`, `category` or `group`.
        only: A member of another dimension, to which the actions are limited.
    """
    tables = read_tables(snapshot)
    facts = tables.on_day(DAY)
    for name, member in only.items():
        members = tables.members[name]
        facts = facts[facts["action_id"].isin(members.loc[members["member"] == member, "action_id"])]
    counts = ["actions", "reported", "completed", "on_time", "unknown"]
    return facts.merge(tables.members[dimension], on="action_id").groupby("member")[counts].sum().astype(int)


def order_by(frame: pd.DataFrame, *keys: str) -> list[Any]:
    """Return the codes of a tally in descending order of some keys, the first one first; unclassified last."""
    return frame.sort_values(["last", *keys], ascending=[True, *[False] * len(keys)])["code"].tolist()


@pytest.mark.parametrize(("chart_id", "sort"), some(list(product(SORTED, SORTS)), 7))
def test_members_stand_as_sorted_and_unclassified_last(chart_id: str, sort: str, snapshot: Snapshot) -> None:
    spec = CATALOGUE[chart_id]
    chart = build_chart(snapshot, chart_id, Selection(as_of=DAY, lang="fr"), Options(sort=sort))
    shown = chart.frame.drop_duplicates("code")
    frame = tally(snapshot, spec.dimension).reindex(shown["code"], fill_value=0).reset_index()
    assert chart.spec.kind == "grid" or shown["actions"].tolist() == frame["actions"].tolist()
    frame["label"] = shown["label"].tolist()
    frame["last"] = frame["code"] == "unclassified"
    frame["enough"] = frame["actions"] >= FEW
    rate = "reported" if sort == "reporting" or (sort, chart_id) == ("rate", "reporting-by-region") else "completed"
    frame["rate"] = (frame[rate] / frame["actions"]).fillna(-1)
    keys = {"actions": ("actions", "rate"), "name": (), "codelist": ()}.get(sort, ("enough", "rate", "actions"))
    if keys:
        assert frame["code"].tolist() == order_by(frame, *keys)
    elif sort == "name":
        named = frame[~frame["last"]]
        assert named["label"].tolist() == sorted(named["label"], key=sort_key)
    else:
        listed = snapshot.codes[DIMENSIONS[spec.dimension].codelist]
        assert frame["code"].tolist() == [code for code in listed if code in set(frame["code"])]
    assert frame["last"].tolist() == sorted(frame["last"])


def test_tiles_are_sorted_in_their_region_and_panels_with_their_curves(snapshot: Snapshot) -> None:
    tiles = build_chart(snapshot, "completion-tiles", Selection(as_of=DAY), Options(sort="actions")).frame
    regions = tiles["region"].drop_duplicates().tolist()
    assert regions == [code for code in snapshot.codes["regions"] if code in set(regions)]
    for _, block in tiles.groupby("region"):
        assert block["actions"].is_monotonic_decreasing
    panels = build_chart(snapshot, "over-time-by-region", Selection(as_of=DAY), Options(sort="rate"))
    ranked = build_chart(snapshot, "completion-by-region", Selection(as_of=DAY), Options(sort="rate")).frame
    assert panels.frame["code"].drop_duplicates().tolist() == panels.blocks["code"].tolist() == ranked["code"].tolist()
    assert panels.frame.groupby("code")["on_date"].is_monotonic_increasing.all()


MEASURED = {
    "completion": ("completed", "completion_rate"),
    "reporting": ("reported", "reporting_rate"),
    "on_time": ("on_time", "on_time_rate"),
    "pace": ("completed", "pace"),
}
"""By measure, the column that it counts and its own."""


FORMS = ("completion-by-category", "reporting-by-region", "region-by-theme", "completion-tiles", "completion-map")


@pytest.mark.parametrize(
    ("chart_id", "measure"),
    of_which(list(product(FORMS, MEASURED)), lambda place, case: case[1] == "pace" or place % 3 == 0),
)
def test_every_form_shows_the_measure_that_is_chosen(chart_id: str, measure: str, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, chart_id, Selection(as_of=DAY, lang="fr"), Options(measure=measure))
    elapsed = Fraction((DAY - date(2021, 1, 1)).days + 1, 365)
    column, name = MEASURED[measure]
    only = {"region": chart.frame["column_code"].iloc[0]} if chart.spec.kind == "grid" else {}
    frame = chart.data()
    if only:
        frame = frame[frame["region_code"] == only["region"]]
    counted = tally(snapshot, chart.spec.dimension, **only).reindex(frame["code"], fill_value=0)
    assert frame["actions"].tolist() == counted["actions"].tolist()
    parts = zip(counted[column].tolist(), counted["actions"].tolist(), strict=True)
    shares = [Fraction(n, of) if of else None for n, of in parts]
    drop = elapsed if measure == "pace" else 0
    expected = [float("nan") if share is None else float(share - drop) for share in shares]
    assert frame[name].tolist() == pytest.approx(expected, nan_ok=True)
    if measure == "pace" and "pace_upper_bound" in frame:
        bound = (counted["completed"] + counted["unknown"]) / counted["actions"] - float(elapsed)
        assert frame["pace_upper_bound"].tolist() == pytest.approx(bound.tolist(), nan_ok=True)
    points = [math.floor(abs(share - drop) * 100 + Fraction(1, 2)) for share in shares if share is not None]
    _is_said_everywhere(chart, points)


def _is_said_everywhere(chart: Chart, points: list[int]) -> None:
    """Whether the title names the measure, and the picture, the figure, the series and the table tell its values."""
    name = translator(chart.lang)(DEFINITIONS[chart.spec.measures[0]].name)
    assert name.split()[0] in chart.title
    assert chart.title in chart.alt
    assert name in dict(chart.caption.definitions)
    enough = chart.frame[~chart.frame["is_few"]]
    part = RATES[chart.spec.rate].parts[0]
    said = [chart.write_value(n, of) for n, of in zip(enough[part], enough["actions"], strict=True)]
    digits = {str(number) for number in points}
    assert chart.spec.kind == "grid" or all(re.sub(r"[^0-9]", "", text) in digits for text in said)
    pictures = [draw_svg(chart), draw_svg(chart, width=360), draw_svg(chart, "slide")]
    if chart.spec.is_pace:
        for picture in pictures:
            assert_tidy(parsed(picture))
        pace = chart.words["pace"]  # beside each value with its counts that a mark says when it is pointed at
        assert all(pace in tip for tip in say_members(chart, chart.frame[chart.frame["actions"] > 0]))
    drawings = [pictures[0], pictures[2], json.dumps(draw(chart).to_dict(), ensure_ascii=False)]
    drawings += ["".join(series.bars_of(chart).ends)] if chart.spec.kind == "rates" else []
    drawings += ["".join(" ".join(row) for row in chart.cells().rows)] if chart.spec.is_pace else []
    for drawing in drawings:
        text = html.unescape(drawing)
        assert all(value in text for value in said)
    if chart.spec.kind == "rates" and chart.spec.is_pace:
        parts = series.pace_columns(chart)
        rows = zip(*(parts[name] for name in ("behind", "below", "ahead")), chart.drawn["pace"], strict=True)
        for behind, below, ahead, total in rows:
            assert (behind + below or ahead) == pytest.approx(100 * total, abs=0.001)


def test_what_a_chart_does_not_offer_is_refused_with_what_it_does(snapshot: Snapshot) -> None:
    for chart_id, spec in CATALOGUE.items():
        with pytest.raises(SelectionError, match="moon|takes no measure"):
            build_chart(snapshot, chart_id, Selection(), Options(measure="moon"))
        with pytest.raises(SelectionError) as refused:
            build_chart(snapshot, chart_id, Selection(), Options(sort="moon"))
        assert refused.value.allowed == (tuple(offered_sorts(spec)) or ("no value",))
        assert spec.kind in ("curve", "scatter") or parse_options({"sort": [spec.order.upper()]}, spec) == Options()
    assert parse_options({"sort": ["", "rate"]}, CATALOGUE["completion-by-region"]) == Options(sort="rate")


PEERED = {
    "completion-by-theme": Selection(regions=("africa",), themes=("mining", "education"), as_of=DAY),
    "completion-by-country": Selection(countries=("GHA",), as_of=DAY),
    "status-overview": Selection(regions=("africa",), as_of=DAY),
    "region-by-theme": Selection(regions=("africa",), themes=("education",), as_of=DAY),
    "completion-tiles": Selection(regions=("africa",), as_of=DAY),
    "over-time-by-region": Selection(regions=("africa",), as_of=DAY),
}


@pytest.mark.parametrize("chart_id", some(PEERED, 2))
def test_peers_stay_with_their_values_and_the_rate_of_all(chart_id: str, snapshot: Snapshot) -> None:
    selection = PEERED[chart_id]
    spec = CATALOGUE[chart_id]
    own = [DIMENSIONS[name].attribute for name in (spec.dimension, spec.second) if name]
    lifted: dict[str, Any] = dict.fromkeys(own, ())
    around = replace(selection, **lifted)
    chart = build_chart(snapshot, chart_id, selection, Options(peers=True))
    alone, everyone = (build_chart(snapshot, chart_id, one) for one in (selection, around))
    shown = chart.data()
    pd.testing.assert_frame_equal(shown.drop(columns="is_peer"), everyone.data(), check_dtype=False)
    chosen = shown[~shown["is_peer"]].drop(columns="is_peer").reset_index(drop=True)
    pd.testing.assert_frame_equal(chosen, alone.data().reset_index(drop=True), check_dtype=False)
    only = {"region": "africa"} if around.regions else {}
    total = tally(snapshot, "category", **only).sum()
    assert chart.reference_counts in (None, (total["completed"], total["actions"]))
    assert (chart.reference_counts is not None) == (spec.kind == "rates")
    assert (chart.total, chart.caption.summary) == (alone.total, alone.caption.summary)
    assert chart.caption.finding == alone.caption.finding
    note = f"{total['completed']} of {total['actions']}"
    assert any(note in text for text in chart.caption.notes)
    assert note in chart.alt
    assert write_csv(chart).count(b"true") == int(shown["is_peer"].sum())
    if spec.kind in ("rates", "statuses"):
        peers = [name for name in chart.table().iloc[:, 0] if name.endswith("(for comparison)")]
        assert len(peers) == shown["is_peer"].sum()


def test_peers_are_grey_and_the_line_stands_at_the_rate_of_all(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-by-theme", PEERED["completion-by-theme"], Options(peers=True))
    share = chart.wider_total.completed / chart.wider_total.actions if chart.wider_total else None
    for size in (680, 360, "slide", "social"):
        svg = draw_svg(chart, size) if isinstance(size, str) else draw_svg(chart, width=size)
        root = parsed(svg)
        assert_tidy(root)
        assert chart.reference in "".join(root.itertext())
        marks = {line.get("data-value") for line in root.iter() if line.get("data-measure") == "reference"}
        assert [float(mark) for mark in marks] == [pytest.approx(share)]
        ink = "class" if size in (680, 360) else "fill"
        bars = {
            group.get("data-code"): bar.get(ink)
            for group in root.iter()
            if group.get("data-code")
            for bar in group.iter()
            if bar.get("data-measure") == "completion_rate"
        }
        peer = "f-peer" if ink == "class" else theme.PEER
        grey = {code for code, colour in bars.items() if colour == peer}
        assert grey == set(bars) - {"mining", "education"}
    figure = draw(chart).to_dict()
    assert figure["layout"]["shapes"][0]["x0"] == pytest.approx(share, abs=0.0001)
    colours = figure["data"][0]["marker"]["color"]
    assert [colour == theme.PEER for colour in colours] == chart.drawn["is_peer"].tolist()


def test_what_is_not_classified_looks_apart(snapshot: Snapshot) -> None:
    for chart_id in ("completion-by-region", "status-overview", "region-by-theme", "over-time-by-region"):
        chart = build_chart(snapshot, chart_id, Selection(as_of=DAY))
        root = parsed(draw_svg(chart))
        texts = {"".join(text.itertext()): text.get("class") for text in root.iter("{*}text")}
        assert texts["Not yet classified"].startswith("f-muted")
        assert texts["Africa" if chart.spec.dimension == "region" else "Education"].startswith("f-text")


def test_without_a_choice_a_chart_has_no_peers_and_the_chosen_stay_where_there_is_no_room(
    snapshot: Snapshot, monkeypatch
) -> None:
    selection = Selection(themes=("education",))
    chart = build_chart(snapshot, "completion-by-region", selection, Options(peers=True))
    assert not chart.data()["is_peer"].any()
    assert chart.reference_counts == chart.total.fraction(
        "completion_rate"
    )  # the line is there, and moves for no choice
    assert draw_svg(chart) == draw_svg(build_chart(snapshot, "completion-by-region", selection))
    assert parse_options({"peers": ["1"]}, CATALOGUE["completion-over-time"]) == Options()
    with pytest.raises(SelectionError, match="neither 1 nor 0"):
        parse_options({"peers": ["yes"]}, CATALOGUE["completion-by-region"])
    monkeypatch.setattr("dashboard.charts.chart.MOST_MARKS", 3)
    last = build_chart(snapshot, "completion-by-country", Selection(as_of=DAY)).frame["code"].iloc[-2]
    chart = build_chart(snapshot, "completion-by-country", Selection(countries=(last,), as_of=DAY), Options(peers=True))
    assert len(chart.drawn) == 3
    assert chart.drawn["code"].tolist()[-1] == last


@pytest.mark.nightly
def test_all_that_is_offered_is_drawn_in_its_place_with_its_title(snapshot: Snapshot) -> None:
    chosen = [
        Options(by=by, second=second, form=form)
        for by, seconds in PAIRS.items()
        for second in ("", *seconds)
        for form in offered_forms(by, second)
    ]
    titles = set()
    for options in chosen:
        chart = build_chart(snapshot, EXPLORE, Selection(lang="fr"), options)
        assert "{" not in chart.title
        titles.add(chart.title)
        if chart.spec.kind != "map":  # its shapes are files
            assert_tidy(parsed(draw_svg(chart, width=360)))
    assert len(titles) == len(chosen)


def test_equal_charts_are_one_address() -> None:
    spec = find_spec(EXPLORE)
    stated = {"by": ["theme"], "and": ["region"], "as": ["grid"], "measure": ["completion"], "sort": ["codelist"]}
    assert parse_options(stated, spec) == parse_options({}, spec) == Options()
    alone = parse_options({"by": ["Theme"], "as": ["bars"]}, spec)
    assert alone == Options(by="theme")
    assert parse_options({name: [value] for name, value in alone.query_pairs()}, spec) == alone


def test_times_keep_their_order_months_are_counted_and_a_curve_needs_no_dimension(snapshot: Snapshot) -> None:
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


WAVES = ["Mid year", "Final", "Outside the waves", "Not reported"]
_PAIR = ("code", "column_code", "actions")


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


EACH = Options(question="satisfied", wave="each")


def test_waves_side_by_side_count_what_the_tables_hold(surveyed: Snapshot) -> None:
    for day in (date(2021, 6, 30), date(2021, 12, 31)):
        chart = build_chart(surveyed, SURVEY.id, Selection(as_of=day, lang="es"), EACH)
        with surveyed.cursor() as cursor:
            told = cursor.execute(
                "select * from survey_answers as a join progress_reports as r using (report_no) "
                "where question = 'satisfied' and r.action_id is not null and reported_on <= $day",
                {"day": day},
            ).df()
        given, answered = told.groupby(["answer", "wave"])["report_no"].nunique(), told.groupby("wave")["report_no"]
        frame = chart.data()
        assert len(frame) == frame["code"].nunique() * 2
        for code, wave, reports, of in zip(*(frame[c] for c in ("code", "wave", "reports", "answered")), strict=True):
            assert reports == given.get((code, wave), 0)
            assert of == answered.nunique().get(wave, 0)
        assert list(dict.fromkeys(frame["wave_label"])) == ["Mitad de año", "Final"]
        assert f": {told['report_no'].nunique()} de " in chart.caption.summary
    for width in (680, 360):
        svg = draw_svg(chart, width=width)
        assert_tidy(parsed(svg))
        drawn = [float(value) for value in re.findall(r'data-value="([^"]+)"', svg)]
        assert drawn == pytest.approx(frame["share"].tolist(), abs=0.0001)
    assert list(draw(chart).data[0].x) == pytest.approx(frame["share"].tolist(), abs=0.0001)
    assert len(chart.cells().headings) == 3  # the answer, and a column a wave


def test_one_wave_or_all_are_one_bar_an_answer_and_what_there_is_not_is_refused(surveyed: Snapshot) -> None:
    first = build_chart(surveyed, SURVEY.id, Selection())
    assert first.title == "Which support did you receive?"
    assert "wave" not in first.data()
    one = build_chart(surveyed, SURVEY.id, Selection(), Options(question="satisfied", wave="mid_year"))
    assert one.data()["answered"].unique().tolist() == [2]
    assert "Too few reports to tell." in one.caption.sentences
    nobody = build_chart(surveyed, SURVEY.id, Selection(countries=("PER",), as_of=date(2021, 1, 1)))
    assert nobody.frame.empty
    assert nobody.caption.finding == "No report of this selection answers this question."
    assert "<svg" in draw_svg(nobody)
    with pytest.raises(SelectionError) as refused:
        build_chart(surveyed, SURVEY.id, Selection(), Options(question="nonsense"))
    assert "satisfied" in refused.value.allowed
    with pytest.raises(SelectionError) as refused:
        build_chart(surveyed, SURVEY.id, Selection(), Options(question="satisfied", wave="spring"))
    assert refused.value.allowed == ("mid_year", "final", "each")
    with pytest.raises(SelectionError):
        parse_options({"measure": ["pace"]}, SURVEY)

"""The curve that goes on to the deadline: in every form, in three languages, and where it is refused."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard.charts.catalogue import EXPECTED
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.csv import hash_chart, write_csv
from dashboard.charts.options import Options, find_spec, list_parameters, parse_options
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import SelectionError
from dashboard.files.briefings.excel import write_chart_workbook
from dashboard.files.briefings.order import Item
from dashboard.formats import format_count
from dashboard.i18n import translator
from dashboard.measures.expected import expect
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.link import as_query
from dashboard.ui.overview import model
from dashboard.ui.overview.model import Figures
from dashboard.web.charts.metadata import describe_chart
from dashboard.web.charts.requests import read
from tests.drawings import SVG, assert_tidy, parsed
from tests.presentations import compose_some, graphic, out_of_order, read_deck, series
from tests.shipped import LANGUAGES
from tests.snapshots import open_running

CURVE = "completion-over-time"
ONWARD = Options(expected=True)
DAY, DEADLINE = date(2021, 8, 15), date(2021, 12, 30)
AUGUST = Selection(as_of=DAY)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return a campaign that runs in August."""
    return open_running(tmp_path_factory.mktemp("running"))


@pytest.fixture(scope="module")
def chart(running: Snapshot) -> Chart:
    """Return its curve, which goes on to the deadline."""
    return build_chart(running, CURVE, AUGUST, ONWARD)


@pytest.fixture(scope="module")
def ends(running: Snapshot) -> tuple[int, int]:
    """Return what is expected at the deadline, at least and at most."""
    low, high = expect(running, AUGUST).days.iloc[-1][list(EXPECTED)]
    return int(low), int(high)


def test_data_and_table_go_on_to_the_deadline_and_leave_the_days_before_as_they_are(
    running: Snapshot, chart: Chart, ends: tuple[int, int]
) -> None:
    low, high = ends
    rows = list(csv.DictReader(io.StringIO(write_csv(chart).decode("utf-8-sig"))))
    assert rows[-1]["code"] == DEADLINE.isoformat()
    assert [float(rows[-1][name]) for name in EXPECTED] == [low / 280, high / 280]
    assert (rows[-1]["actions"], rows[-1]["elapsed"]) == ("", "")
    plain = build_chart(running, CURVE, AUGUST)
    before = list(csv.DictReader(io.StringIO(write_csv(plain).decode("utf-8-sig"))))
    assert [{name: row[name] for name in before[0]} for row in rows[: len(before)]] == before
    assert all(row[EXPECTED[0]] == "" for row in rows[: len(before) - 1])
    headings, cells = chart.cells()
    assert headings[-2:] == ["Expected, at least", "Expected, at most"]
    assert cells[-1] == (
        "30 December 2021",
        *["—"] * 8,
        f"{low / 2.8:.0f}% ({low}/280)",
        f"{high / 2.8:.0f}% ({high}/280)",
    )
    assert [row[0] for row in cells[-5:]] == [f"{day} 2021" for day in (
        "31 August", "30 September", "31 October", "30 November", "30 December")]  # fmt: skip
    assert plain.cells().rows == [row[:-2] for row in cells[: len(plain.cells().rows)]]
    assert hash_chart(chart) != hash_chart(plain)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_says_what_is_expected_and_what_it_rests_on(
    running: Snapshot, chart: Chart, ends: tuple[int, int], lang: str
) -> None:
    expected, said = expect(running, AUGUST), build_chart(running, CURVE, Selection(as_of=DAY, lang=lang), ONWARD)
    numbers = (
        *ends,
        expected.completions,
        expected.oldest_age,
        expected.silent,
        expected.none_complete,
        expected.as_others,
    )
    for text in (said.caption.finding, said.alt):
        assert all(format_count(number, lang) in text for number in numbers), text
    names = [name for name, _ in said.caption.definitions]
    assert [translator(lang)(name) for name in ("Expected, at least", "Expected, at most")] == names[-2:]
    assert hash_chart(said) == hash_chart(chart)


def test_pictures_have_a_dashed_band_with_its_figures(chart: Chart, ends: tuple[int, int]) -> None:
    for size in (None, *SIZES):
        root = parsed(draw_svg(chart, size))
        assert_tidy(root)
        band = [one for one in root.iter(f"{SVG}path") if one.get("data-measure") in EXPECTED]
        assert [float(one.get("data-value", "")) for one in band] == pytest.approx([n / 280 for n in ends], abs=1e-6)
        assert all(one.get("stroke-dasharray") for one in band)
    data = draw(chart).to_dict()["data"]
    assert [trace["y"][-1] for trace in data[-2:]] == pytest.approx([number / 280 for number in ends], abs=1e-3)
    assert all(trace["x0"] == DAY.isoformat() and trace["line"]["dash"] == "dash" for trace in data[-2:])
    assert data[-1]["text"][-1] == f"{ends[0] / 2.8:.0f}% ({ends[0]}/280) to {ends[1] / 2.8:.0f}% ({ends[1]}/280)"


@pytest.mark.nightly
def test_workbook_and_slide_draw_it_themselves(running: Snapshot, ends: tuple[int, int], tmp_path: Path) -> None:
    briefing = compose_some(running, AUGUST, Item(CURVE, "", ONWARD))
    write_chart_workbook(running, briefing, tmp_path / "curve.xlsx")
    sheet: Any = openpyxl.load_workbook(tmp_path / "curve.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    place = rows[0].index("Expected, at least")
    assert rows[0][place + 1] == "Expected, at most"
    assert rows[-1][place : place + 2] == pytest.approx([number / 280 for number in ends])
    assert len(sheet._charts[0].series) == 5
    deck = read_deck(briefing, tmp_path / "curve.pptx")
    drawn = series(next(found.chart for slide in deck.slides if (found := graphic(slide))))
    assert [drawn[name][-1] for name in ("Expected, at least", "Expected, at most")] == pytest.approx(
        [n / 280 for n in ends]
    )
    assert not list(out_of_order(tmp_path / "curve.pptx"))


def test_its_link_and_description_name_it(running: Snapshot, chart: Chart) -> None:
    query = as_query([("as_of", "2021-08-15"), ("expected", "Yes")])
    request = read(CURVE, "metadata.json", query, running)
    assert ("expected", "yes") in request.options.query_pairs()
    assert "expected=yes" in request.address("", "svg")
    described = describe_chart(running, request, chart, Settings())
    assert described["options"] == {"expected": "yes"}
    assert [one["unit"] for one in described["columns"] if one["name"] in EXPECTED] == ["fraction of 1"] * 2
    assert next(one["unit"] for one in described["columns"] if one["name"] == "completed") == "count"


def test_what_cannot_go_on_is_refused_with_what_is_allowed(running: Snapshot) -> None:
    assert parse_options({"expected": ["no"]}, find_spec(CURVE)) == Options()
    assert "expected" not in list_parameters("explore")
    for chart_id in ("completion-by-region", "over-time-by-region", "explore"):
        with pytest.raises(SelectionError):
            parse_options({"expected": ["yes"]}, find_spec(chart_id))
    with pytest.raises(SelectionError) as refused:
        parse_options({"expected": ["perhaps"]}, find_spec(CURVE))
    assert refused.value.allowed == ("yes", "no")
    with pytest.raises(SelectionError, match="not compared by what is expected"):
        read(CURVE, "svg", {"expected": ["yes"], "vs.region": ["africa"]}, running)


def test_where_nothing_is_expected_the_sentence_says_why_and_the_curve_is_as_ever(running: Snapshot) -> None:
    over = Selection(as_of=DEADLINE)
    asked, plain = build_chart(running, CURVE, over, ONWARD), build_chart(running, CURVE, over)
    assert asked.caption.findings[-1] == "There is nothing to expect any more: the deadline has passed."
    assert asked.cells() == plain.cells()
    assert hash_chart(asked) == hash_chart(plain)
    assert EXPECTED[0] not in draw_svg(asked)
    assert len(draw(asked).to_dict()["data"]) == 3
    few = build_chart(running, CURVE, Selection(as_of=date(2021, 5, 1)), ONWARD).caption.findings[-1]
    assert few.endswith("completions whose day is known: 2; it takes 30.")
    chosen = build_chart(running, CURVE, Selection(as_of=DAY, statuses=("in_progress",)), ONWARD).caption.findings[-1]
    assert "chosen by their status" in chosen


@pytest.mark.nightly
@pytest.mark.parametrize("lang", LANGUAGES)
def test_overview_offers_it_while_the_campaign_runs(running: Snapshot, lang: str) -> None:
    t = translator(lang)

    def make(day: date, **parameters: str) -> Figures:
        made = model.make_model(running, Selection(as_of=day, lang=lang), t, parameters)
        assert isinstance(made, Figures)
        return made

    (menu,) = make(DAY).curve.menus
    assert (menu.name, list(menu.offered), menu.chosen) == ("expected", ["no", "yes"], "no")
    assert not make(DEADLINE).curve.menus
    shown = make(DAY, expected=f"{CURVE}:yes").curve
    assert shown.options.expected
    assert dict(shown.pairs)["expected"] == "yes"
    finding = build_chart(running, CURVE, Selection(as_of=DAY, lang=lang), ONWARD).caption.findings
    assert shown.finding.endswith(" ".join(finding[1:]))

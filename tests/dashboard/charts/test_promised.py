"""Charts of promised numbers: their values are those of pandas in every form; pages offer them where there are any."""

import io
import json
import re
from datetime import date
from itertools import product

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from dashboard.charts.catalogue import CATALOGUE, RESULTS
from dashboard.charts.chart import build_chart, list_further
from dashboard.charts.encoding import encode_bars, list_ticks
from dashboard.charts.options import EXPLORE, Options, parse_options
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.errors import SelectionError
from dashboard.formats import format_count, format_percent
from dashboard.i18n import translator
from dashboard.measures.facts import Amount
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui import dimension, explore
from dashboard.ui.briefing import model as briefing
from dashboard.ui.briefing.choice import parse
from dashboard.ui.pieces import chart_options
from dashboard.ui.pieces.promised import list_lines
from dashboard.web.charts import making
from dashboard.web.charts.metadata import list_charts
from dashboard.web.charts.requests import ChartRequest
from tests.cases import some
from tests.presentations import column, embedded, series
from tests.promised import CHILDREN, EUROS, Numbers
from tests.tables import Tables

BARS = [chart_id for chart_id, spec in RESULTS.items() if spec.dimension]
DAY = date(2021, 11, 15)
SUMS = ["promised", "reached", "promised_unknown", "results"]


def choose(amount: Amount) -> Options:
    return Options(indicator=amount.indicator, unit=amount.unit)


@pytest.mark.parametrize(("chart_id", "amount"), list(product(BARS, (CHILDREN, EUROS))))
def test_bars_are_the_sums_of_pandas_with_the_target_as_their_line(
    promised: Snapshot, chart_id: str, amount: Amount, tables: Tables, lang: str
) -> None:
    selection = Selection(as_of=DAY, lang=lang)
    chart = build_chart(promised, chart_id, selection, choose(amount))
    chosen = tables.select(Selection(), DAY)["action_id"]
    numbers = Numbers(promised).reckon(chosen, DAY, amount)
    members = tables.members[chart.spec.dimension]
    expected = numbers.merge(members, on="action_id").groupby("member")[SUMS].sum().astype(float).round(6)
    found = chart.frame.set_index("code")[SUMS].astype(float)
    assert found[found.any(axis=1)].to_dict("index") == expected[expected.any(axis=1)].to_dict("index")
    rows = chart.frame[chart.frame["promised"] > 0]
    assert rows["reached_share"].tolist() == pytest.approx((rows["reached"] / rows["promised"]).tolist())
    assert (rows["reached_upper_bound"] >= rows["reached_share"]).all()
    assert chart.frame["is_few"].tolist() == chart.frame["results"].lt(5).tolist()
    denominator, part = sum(numbers["promised"].tolist()), sum(numbers["reached"].tolist())
    for number in (format_count(denominator, lang), format_count(part, lang), format_percent(part, denominator, lang)):
        assert number in chart.caption.summary
    labels = [
        promised.codes[codes][code].labels[lang] for codes, code in zip(("indicators", "units"), amount, strict=True)
    ]
    assert all(label in chart.title for label in labels)
    encoded = encode_bars(chart)
    ends = [(bar.part + bar.possible) / bar.denominator for bar in encoded.bars if bar.denominator]
    assert max(1, *ends) <= encoded.high < max(1, *ends) + 0.5
    drawn = draw_svg(chart)
    assert 'data-measure="reference" data-value="1"' in drawn
    axis = [format_percent(round(100 * tick), 100, lang) for tick in list_ticks(encoded.high)]
    assert all(f">{tick}<" in drawn for tick in axis)


def test_a_curve_runs_up_to_what_was_promised(promised: Snapshot, lang: str) -> None:
    chart = build_chart(promised, "results-over-time", Selection(as_of=DAY, lang=lang))
    last = chart.frame.iloc[-1]
    part, denominator = chart.total.fraction("reached_share")
    assert (last["reached"], last["promised"]) == (part, denominator)
    texts = re.findall(r">([^<>]+)<", draw_svg(chart))
    words = (
        chart.words["reached"],
        chart.words["promised"],
        format_percent(part, denominator, lang),
        format_count(denominator, lang),
    )
    assert set(words) <= set(texts)
    lines = {trace["name"]: trace["y"] for trace in draw(chart)["data"]}
    assert lines[chart.words["promised"]] == (1.0,) * len(chart.frame)
    assert list(lines[chart.words["reached"]]) == pytest.approx(chart.frame["reached_share"].tolist(), abs=1e-4)
    cells = chart.cells()
    assert chart.words["actions"] not in cells.headings and cells.rows[-1][1] == format_count(denominator, lang)


@pytest.mark.parametrize("chart_id", some(["results-over-time", "results-by-theme"], 1))
def test_every_form_has_the_same_values(promised: Snapshot, chart_id: str, workers_here: None) -> None:
    selection, settings = Selection(as_of=DAY), Settings.from_environment({})
    request = ChartRequest(chart_id, "html", selection, promised.build_id, options=choose(EUROS))
    chart = build_chart(promised, chart_id, selection, request.options)
    shares = chart.frame["reached_share"].tolist()
    made = {
        form: making.make(promised, ChartRequest(**{**vars(request), "file_format": form}), settings)
        for form in ("svg", "png", "csv", "json", "metadata.json", "pptx", "xlsx", "pdf", "html")
    }
    assert all(made.values()) and made["pdf"].startswith(b"%PDF") and b"reached of what was promised" in made["html"]
    table = pd.read_csv(io.BytesIO(made["csv"]))
    assert table["reached_share"].tolist() == pytest.approx(shares, nan_ok=True)
    described = json.loads(made["metadata.json"])
    assert described["options"] == EUROS._asdict()
    assert {one["name"]: one.get("unit") for one in described["columns"]}["promised"] == "Euros of 2021"
    sheet = openpyxl.load_workbook(io.BytesIO(made["xlsx"])).worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    known = [None if pd.isna(one) else one for one in shares]
    assert column(sheet, 1 + headings.index("Reached share")) == pytest.approx(known)
    (drawn,) = sheet._charts
    slide = Presentation(io.BytesIO(made["pptx"])).slides[0]
    native = next(shape.chart for shape in slide.shapes if shape.has_chart)
    values = series(native)["Reached"][: len(shares)]
    assert list(values) == pytest.approx(known)
    assert native.value_axis.maximum_scale == drawn.y_axis.scaling.max >= max(one for one in shares if one == one)
    assert embedded(native).max_row > len(shares)


@pytest.mark.nightly
def test_what_may_not_be_added_up_is_refused_and_nothing_is_said_without_numbers(
    promised: Snapshot, unpromised: Snapshot
) -> None:
    with pytest.raises(SelectionError, match="several units.*choose one") as refused:
        build_chart(promised, "results-by-region", Selection(), Options(indicator="money_spent"))
    assert (refused.value.parameter, set(refused.value.allowed)) == ("unit", {"usd_2021", "eur_2021"})
    with pytest.raises(SelectionError, match="may not be added up"):
        build_chart(promised, "results-over-time", Selection(), Options(indicator="prevalence"))
    with pytest.raises(SelectionError, match="Two selections"):
        build_chart(promised, "results-by-region", Selection(regions=("africa",)).against(Selection()))
    with pytest.raises(SelectionError, match="takes no measure"):
        parse_options({"measure": ["pace"]}, RESULTS["results-by-region"])
    assert list_further(unpromised) == () and list_further(promised) == tuple(RESULTS)
    for place in RESULTS:
        chart = build_chart(unpromised, place, Selection())
        assert chart.is_empty and chart.caption.findings == ("No action of this selection promises such a number.",)
        assert chart.nothing in draw_svg(chart)


def test_pages_and_lists_offer_them_where_numbers_are_promised(
    promised: Snapshot, unpromised: Snapshot, lang: str
) -> None:
    t, selection, settings = translator(lang), Selection(lang=lang), Settings.from_environment({})
    link = {"indicator": "results-by-region:money_spent", "unit": "results-by-region:eur_2021"}
    card = dimension.make_model(promised, selection, t, link, "regions").cards[-1]
    assert (card.chart_id, card.options.indicator, card.warning) == ("results-by-region", "money_spent", "")
    menu = next(menu for menu in card.menus if menu.name == "indicator")
    assert menu.chosen == "money_spent/eur_2021" and "children_withdrawn/children" in menu.offered
    asked = chart_options.state_choice(link, RESULTS["results-by-region"], "unit", "usd_2021")
    assert asked == "results-by-region:usd_2021"
    mixed = dimension.make_model(promised, selection, t, {"indicator": link["indicator"]}, "regions").cards[-1]
    assert "eur_2021" in mixed.warning and mixed.options.indicator == ""
    without = dimension.make_model(unpromised, selection, t, {}, "regions")
    assert all(one.chart_id not in RESULTS for one in without.cards)
    lines = list_lines(promised, selection, t)
    assert len(lines) == 6 and not list_lines(unpromised, Selection(lang=lang, themes=("mining",)), t)
    for of, is_offered in ((promised, True), (unpromised, False)):
        choices = explore.make_model(of, selection, t, {}).choices
        assert ("targets_met" in choices[0].offered) is is_offered
        listed = list_charts(of, selection, settings)
        assert [one["id"] for one in listed["charts"]] == [*CATALOGUE, *(RESULTS if is_offered else ())]
        assert bool(listed["measured"]) is is_offered
        cards = briefing.make_catalogue(of, selection, t, parse({}, selection, promised.cursor)).cards
        assert (len(cards) > len(CATALOGUE)) is is_offered
    counted = build_chart(promised, EXPLORE, selection, Options(by="theme", measure="targets_met"))
    assert counted.spec.bound and counted.total.count("results_unknown")

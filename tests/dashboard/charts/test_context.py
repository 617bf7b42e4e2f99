"""Published figures beside completion: columns of countries, a scatter, rings of a map, in every form."""

import re

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart, list_further
from dashboard.charts.csv import write_csv
from dashboard.charts.options import Options, parse_options
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_on_page, draw_svg
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import SelectionError
from dashboard.files.briefings.excel import write_chart_workbook
from dashboard.files.briefings.order import Item
from dashboard.files.briefings.slides.deck import write_deck
from dashboard.formats import whole_percent_format
from dashboard.i18n import translator
from dashboard.measures.counts import by_dimension
from dashboard.snapshot.selection import Selection
from dashboard.ui import country, definitions, dimension
from tests.drawings import assert_tidy, parsed
from tests.presentations import compose_some, embedded, graphic, out_of_order
from tests.snapshots import open_fixture
from tests.views import make_view

CHART = "completion-and-context"
PREVALENCE = {"EGY": 4.0, "CIV": 22.5, "GHA": 21.0, "BRA": 0.0, "PER": 14.5, "IND": 8.25, "TUV": 3.0}
ROWS = [
    *((iso3, "child_labour_prevalence", "percent", 2020, value) for iso3, value in PREVALENCE.items()),
    ("GHA", "child_labour_prevalence", "percent", 2012, 99.0),  # an older one
    ("GHA", "ratified_c138", "year", 2021, 2011.0),
    ("IND", "ratified_c138", "year", 2021, 0.0),
    ("PER", "ratified_c138", "year", 2021, 1.0),
]
CODES = [
    ("child_labour_prevalence", "Child labour", "Travail des enfants", "Trabajo infantil", 10),
    ("ratified_c138", "Convention 138", "Convention n° 138", "Convenio 138", 20),
]
NO_LINE = "No line is drawn through the dots: one figure beside the other says nothing about a cause."
COLUMN = "context_child_labour_prevalence"


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """Return the fixture snapshot with published figures of some countries; one has no action."""
    insert = (
        "insert into context_figures select ?, ?, ?, ?, ?, 'Example <Institute>', 'https://example.org/f', 'f.csv', 2"
    )
    code = (
        "insert into codes select 'context_indicators', $1, $2, $3, $4, $5, null, null, "
        "map(['en', 'fr', 'es'], [$2, $3, $4])"
    )
    changes = [(insert, row) for row in ROWS] + [(code, row) for row in CODES]
    return open_fixture(tmp_path_factory.mktemp("figures"), *changes)


def oracle(snapshot, **selection):
    """Join completion and the figures by country as pandas does."""
    counts = by_dimension(snapshot, Selection(**selection), "country").set_index("code")
    joined = counts.join(pd.Series(PREVALENCE, name=COLUMN), how="inner")
    return joined[joined["actions"] > 0]


@pytest.mark.parametrize("chart_id", ["completion-by-country", "completion-tiles", "completion-map"])
def test_countries_carry_their_latest_figures_beside_their_counts(figures, snapshot, chart_id):
    chart = build_chart(figures, chart_id, Selection())
    data = chart.data().set_index("code")
    expected = pd.Series(PREVALENCE).reindex(data.index)
    pd.testing.assert_series_equal(data[COLUMN], expected, check_names=False)
    assert data[f"{COLUMN}_year"].dropna().unique().tolist() == [2020]
    assert data["context_ratified_c138"].dropna().to_dict() == {"GHA": 2011, "IND": 0, "PER": 1}
    plain = build_chart(snapshot, chart_id, Selection())
    assert data.drop(columns=[name for name in data if str(name).startswith("context_")]).columns.tolist() == (
        plain.data().set_index("code").columns.tolist()
    ), "without figures nothing of them is shown"
    headings, rows = chart.cells()
    ghana = dict(zip(headings, next(row for row in rows if "Ghana" in row), strict=True))
    assert (ghana["Child labour"], ghana["Convention 138"]) == ("21% (2020)", "2011")
    written = write_csv(chart).decode("utf-8-sig")
    assert re.search(r"^GHA,.*,21\.0,2020,2011,2021\b", written, re.MULTILINE)
    assert "Child labour: 8.3% (2020)" in draw_on_page(chart, 680), "the text at the pointer has them, too"


def test_only_the_countries_with_both_figures_are_dots_and_it_is_said_how_many(figures, lang):
    selection = {"regions": ("africa",)}
    for chosen in ({}, selection):
        expected = oracle(figures, **chosen)
        chart = build_chart(figures, CHART, Selection(lang=lang, **chosen))
        shown = chart.frame.set_index("code").sort_index()
        columns = ["actions", "completed", "unknown", COLUMN]
        pd.testing.assert_frame_equal(shown[columns], expected[columns].sort_index(), check_names=False)
        everywhere = by_dimension(figures, Selection(**chosen), "country")
        places = int(((everywhere["actions"] > 0) & (everywhere["code"] != "unclassified")).sum())
        numbers = {str(len(expected)), str(places)}
        assert set(re.findall(r"\d+", chart.caption.finding)) == numbers
        assert chart.caption.finding in chart.alt
        assert translator(lang)(NO_LINE) in chart.caption.notes
        assert any("Example <Institute>" in note for note in chart.caption.notes)


@pytest.mark.parametrize("size", [None, *SIZES])
def test_each_dot_has_its_bounds_and_filters_by_its_country(figures, size):
    chart = build_chart(figures, CHART, Selection())
    svg = draw_svg(chart, size) if size else draw_on_page(chart, 300)
    root = parsed(svg)
    expected = oracle(figures)
    assert {g.get("data-mark") for g in root.iter("{*}g") if g.get("data-code")} == {
        f"country:{code}" for code in expected.index
    }
    lines = [g for g in root.iter("{*}g") if g.get("data-code") and g.find("{*}line") is not None]
    assert {g.get("data-code") for g in lines} == set(expected.index[expected["unknown"] > 0])
    assert_tidy(root)
    (dots,) = draw(chart).data
    assert [*dots.ids] == chart.frame["code"].tolist()
    by_code = dict(zip(dots.ids, zip(dots.x, dots.y, dots.error_y.array, dots.marker.color, strict=True), strict=True))
    for code, row in expected.iterrows():
        x, share, unknown, colour = by_code[code]
        assert x == row[COLUMN] and share == pytest.approx(row["completed"] / row["actions"], abs=1e-4)
        assert unknown == pytest.approx(row["unknown"] / row["actions"], abs=1e-4)
        assert (colour == by_code["GHA"][3]) == (row["actions"] >= 5), "few actions are muted"


def test_a_figure_of_nothing_has_its_place(figures):
    chart = build_chart(figures, CHART, Selection(countries=("BRA",)))
    assert chart.frame[COLUMN].tolist() == [0.0]
    assert_tidy(parsed(draw_on_page(chart, 300)))
    assert draw(chart).layout.xaxis.tickvals[-1] > 0


def test_a_map_has_a_ring_for_each_figure_only_where_it_is_asked_for(figures):
    options = parse_options({"indicator": ["child_labour_prevalence"]}, CATALOGUE["completion-map"])
    plain, chart = (build_chart(figures, "completion-map", Selection(), one) for one in (Options(), options))
    shown = chart.frame.set_index("code")[COLUMN].dropna()
    assert draw_svg(chart).count("s-muted") - draw_svg(plain).count("s-muted") == len(shown) + 1, "one is in the key"
    assert f"Child labour: up to {chart.write_beside(shown.max())}" in draw_svg(chart), "the figure of the largest ring"
    rings = [trace for trace in draw(chart).data if trace.name == "rings"]
    assert len(rings) == 1 and len(rings[0].x) == len(shown)
    assert not [trace for trace in draw(plain).data if trace.name == "rings"]
    assert "Child labour" in chart.title and "Child labour" not in plain.title


@pytest.mark.parametrize("code", ["moon", "ratified_c138"])
def test_another_figure_is_refused_with_those_there_are(figures, snapshot, code):
    for one, allowed in ((figures, ("child_labour_prevalence",)), (snapshot, ("no value",))):
        with pytest.raises(SelectionError) as refused:
            build_chart(one, CHART, Selection(), Options(indicator=code))
        assert (refused.value.parameter, refused.value.allowed) == ("indicator", allowed)
        with pytest.raises(SelectionError):
            build_chart(one, "completion-map", Selection(), Options(indicator=code))


def test_office_programs_draw_the_dots_themselves(figures, tmp_path):
    briefing = compose_some(figures, Selection(lang="fr"), Item(CHART))
    chart = briefing.pieces[0].chart
    write_deck(briefing, tmp_path / "d.pptx")
    write_chart_workbook(figures, briefing, tmp_path / "b.xlsx")
    drawn = graphic(next(s for s in Presentation(str(tmp_path / "d.pptx")).slides if graphic(s))).chart
    (one,) = drawn.plots[0].series
    assert [*one.iter_values()] == pytest.approx(chart.frame["completion_rate"].tolist())
    assert drawn.category_axis.tick_labels.number_format == whole_percent_format("fr")
    assert not [*out_of_order(tmp_path / "d.pptx")]
    rows = [*embedded(drawn).iter_rows(2, values_only=True)]
    assert [(row[0], row[2]) for row in rows] == [*zip(chart.frame[COLUMN], chart.frame["code"], strict=True)]
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    column = heads.index("Travail des enfants") + 1
    assert [sheet.cell(row, column).value for row in range(2, len(rows) + 2)] == chart.frame[COLUMN].tolist()
    (scatter,) = sheet._charts
    (dots,) = scatter.series
    letter = openpyxl.utils.get_column_letter(column)
    assert dots.xVal.numRef.f.endswith(f"${letter}$2:${letter}${len(rows) + 1}")
    assert dots.errBars.errBarType == "plus" and len(dots.dPt) == len(rows)


def test_pages_show_them_with_their_sources_and_nothing_where_there_are_none(figures, snapshot, lang):
    t = translator(lang)
    assert CHART in list_further(figures) and CHART not in list_further(snapshot)
    view = make_view(figures, "countries", {"indicator": f"{CHART}:child_labour_prevalence"}, lang=lang)
    model = dimension.make_model(figures, view.selection, t, view.parameters, "countries")
    cards = {card.chart_id: card for card in model.cards}
    assert not cards[CHART].warning and not [m for m in cards[CHART].menus if m.name == "indicator"], "one has no menu"
    (menu,) = [one for one in cards["completion-map"].menus if one.name == "indicator"]
    assert (menu.label, [*menu.offered], menu.chosen) == (t("Beside it"), ["/", "child_labour_prevalence/"], "/")
    unknown = dimension.make_model(figures, view.selection, t, {"indicator": "completion-map:moon"}, "countries")
    (card,) = [one for one in unknown.cards if one.chart_id == "completion-map"]
    assert "indicator=moon" in card.warning and not card.options.indicator

    view = make_view(figures, "country", lang=lang, countries=("GHA",))
    lines = country.list_figures(view, view.snapshot.codes["countries"]["GHA"])
    assert [line.split(" · ")[1] for line in lines] == [
        '<a href="https://example.org/f">Example &lt;Institute&gt;</a>'
    ] * 2
    assert "(2020)" in lines[0] and lines[1].split(" · ")[0].endswith("2011")
    indian = country.list_figures(view, view.snapshot.codes["countries"]["IND"])
    assert f"{t('no')} (2021)" in indian[1]

    title = t("Published figures about countries")
    sections = {one.title: one for one in definitions.make_model(view)}
    assert [row[1] for row in sections[title].tables[0].rows] == ["Example <Institute>"] * 2
    without = make_view(snapshot, "country", lang=lang, countries=("GHA",))
    assert not country.list_figures(without, snapshot.codes["countries"]["GHA"])
    assert title not in {one.title for one in definitions.make_model(without)}

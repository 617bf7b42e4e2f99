"""Marks of charts: what each stands for, and what choosing one does to the filters, the link and the page."""

import re
from itertools import product

import pytest
from lxml import etree

from dashboard.charts.catalogue import CATALOGUE, STATUS_COLUMNS
from dashboard.charts.chart import build_chart
from dashboard.measures.counts import headline
from dashboard.measures.times import TIMES
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import picking
from dashboard.ui.pieces.chart_marks import draw
from tests.app.conftest import choose, drawings, elements, kept_query
from tests.cases import of_which
from tests.drawings import assert_tidy, parsed
from tests.shipped import LANGUAGES

DRAWN = [chart_id for chart_id, spec in CATALOGUE.items() if spec.kind != "curve"]
COUNTS = ("data-of", "data-actions")
AFRICA, AMERICAS = "region:africa", "region:americas"


def read_counts(svg: str) -> dict[str, int]:
    """How many actions a drawing says that each of its marks has; of a name beside a bar, what its bar says."""
    counts = {}
    for mark in etree.fromstring(svg.encode()).iterfind(".//*[@data-mark]"):
        segments = mark.xpath("*[@data-measure]") if "status:" in mark.get("data-mark") else []
        stated = [mark.get(name) for name in COUNTS if mark.get(name)] + [one.get("data-value") for one in segments]
        stated += mark.xpath("ancestor::*/@data-actions")[-1:]
        if stated:
            counts[mark.get("data-mark")] = int(stated[0])
    return counts


@pytest.mark.parametrize(
    ("chart_id", "selection"),
    of_which(
        list(product(DRAWN, (Selection(), Selection(regions=("africa", "americas"), lang="fr")))),
        lambda place, _: place % 2 == place // 2 % 2,  # one a chart
    ),
    ids=str,
)
def test_a_mark_filters_by_as_many_actions_as_it_says(snapshot, chart_id, selection):
    chart = build_chart(snapshot, chart_id, selection)
    drawing = draw(chart)
    counts = read_counts(drawing.wide)
    assert counts == read_counts(drawing.narrow)
    if chart.spec.dimension in TIMES:  # which are no filters
        assert not counts
        return
    assert len(counts) >= chart.drawn[chart.drawn["actions"] > 0]["code"].nunique()
    if chart.spec.kind == "statuses":
        assert sum("status:" in mark for mark in counts) == sum(
            (chart.drawn[column] > 0).sum() for column in STATUS_COLUMNS.values()
        )
    for mark, actions in counts.items():
        parts = picking.read_mark(mark, snapshot)
        chosen = picking.pick(selection, parts)
        if all(selection.codes(part.filter) != (part.code,) for part in parts):
            assert headline(snapshot, chosen).actions == actions, mark


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("chart_id", [c for c, spec in CATALOGUE.items() if spec.kind != "map"])  # its shapes are files
def test_at_both_widths_all_words_have_their_places(snapshot, chart_id, lang):
    drawing = draw(build_chart(snapshot, chart_id, Selection(lang=lang)))
    assert_tidy(parsed(drawing.wide))
    assert_tidy(parsed(drawing.narrow))


def test_a_mark_filters_the_page_and_the_link_and_lifts_it_again(open_page, snapshot):
    app = open_page("regions", lang="fr")
    app = choose(app, "completion-by-region", AFRICA)
    assert not app.exception
    assert kept_query(app) == {"region": ["africa"], "lang": ["fr"]}
    assert app.multiselect(key="filter-region").value == ["africa"]
    assert all(drawing["chosen"] == [AFRICA] for drawing in drawings(app).values())
    app = choose(app, "status-overview", f"{AFRICA} status:completed")
    assert kept_query(app) == {"region": ["africa"], "status": ["completed"], "lang": ["fr"]}
    app = choose(app, "status-overview", f"{AFRICA} status:completed")
    assert kept_query(app) == {"lang": ["fr"]}


def test_a_mark_is_added_to_the_filters_and_taken_out_alone(open_page):
    app = choose(open_page("regions", theme="education"), "completion-by-region", AFRICA)
    app = choose(app, "completion-by-region", AMERICAS, is_added=True)
    assert kept_query(app)["region"] == ["africa", "americas"]
    app = choose(app, "completion-by-region", AFRICA, is_added=True)
    assert kept_query(app) == {"region": ["americas"], "theme": ["education"], "lang": ["en"]}


@pytest.mark.parametrize("mark", ["region:atlantis", "build:1", "region:africa lang:fr", "", None], ids=str)
def test_what_is_no_mark_changes_nothing(open_page, mark):
    app = choose(open_page("regions", region="africa", lang="en"), "completion-by-region", mark)
    assert not app.exception
    assert kept_query(app) == {"region": ["africa"], "lang": ["en"]}


def test_rows_of_the_table_are_links_to_what_their_mark_does(open_page, snapshot):
    app = open_page("themes", region="africa", as_of="2021-09-15")
    bodies = " ".join(element.proto.body for element in elements(app, "html"))
    linked = re.findall(r'<a href="([^"]*)" data-chart="([^"]*)" data-mark="([^"]*)"([^>]*)>', bodies)
    day = Selection(as_of=app.date_input(key="filter-as_of").value, regions=("africa",))
    for chart_id, drawing in drawings(app).items():
        marks = {mark: (address, rest) for address, chart, mark, rest in linked if chart == chart_id}
        assert set(marks) >= set(read_counts(drawing["wide"]))
        for mark, (address, rest) in marks.items():
            chosen = picking.pick(day, picking.read_mark(mark, snapshot))
            assert address == f"?{chosen.query_string()}".replace("&", "&amp;")
            assert ("aria-current" in rest) == (mark in drawing["chosen"])


def test_each_filter_in_force_is_lifted_by_itself_and_leads_to_its_actions(open_page, snapshot):
    query = {"region": ["africa", "americas"], "q": "a", "as_of": "2021-09-15", "lang": "en"}
    app = open_page("regions", **query)
    selection = Selection(regions=("africa", "americas"), q="a", as_of=app.date_input(key="filter-as_of").value)
    [way] = [
        link for link in elements(app, "page_link") if "actions" in link.proto.label and "Show" in link.proto.label
    ]
    assert way.proto.label == f"Show these {headline(snapshot, selection).actions} actions"
    assert way.proto.query_string == selection.query_string()
    for key, left in (
        ("lift-region-africa", {"region": ["americas"], "q": ["a"], "as_of": ["2021-09-15"], "lang": ["en"]}),
        ("lift-as_of", {"region": ["americas"], "q": ["a"], "lang": ["en"]}),
        ("lift-q", {"region": ["americas"], "lang": ["en"]}),
        ("lift-region-americas", {"lang": ["en"]}),
    ):
        app.button(key=key).click().run()
        assert kept_query(app) == left
    assert not [button for button in app.button if (button.key or "").startswith("lift-")]

"""Marks of charts: the meaning of each and its effect on the filters, and the room for all words in a drawing."""

from itertools import product

import pytest
from lxml import etree

from dashboard.charts.catalogue import CATALOGUE, STATUS_COLUMNS
from dashboard.charts.chart import build_chart
from dashboard.measures.counts import headline
from dashboard.measures.times import TIMES
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import chart_marks
from dashboard.ui.pieces.chart_marks import draw
from tests.cases import of_which
from tests.drawings import assert_tidy, parsed
from tests.shipped import LANGUAGES

DRAWN = [chart_id for chart_id, spec in CATALOGUE.items() if spec.kind != "curve"]
COUNTS = ("data-of", "data-actions")


def read_counts(svg: str) -> dict[str, int]:
    """Read the number of actions of each mark from a drawing; for a name beside a bar, the bar's number."""
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
        lambda place, _: place % 6 == place // 6 % 2,  # every third chart, once
    ),
    ids=str,
)
def test_a_mark_filters_by_as_many_actions_as_it_says(snapshot, chart_id, selection):
    chart = build_chart(snapshot, chart_id, selection)
    counts = read_counts(draw(chart, "wide").svg)
    assert counts == read_counts(draw(chart, "narrow").svg)
    if chart.spec.dimension in TIMES:  # which are no filters
        assert not counts
        return
    assert len(counts) >= chart.drawn[chart.drawn["actions"] > 0]["code"].nunique()
    if chart.spec.kind == "statuses":
        assert sum("status:" in mark for mark in counts) == sum(
            (chart.drawn[column] > 0).sum() for column in STATUS_COLUMNS.values()
        )
    for mark, actions in counts.items():
        parts = chart_marks.read_mark(mark, snapshot)
        chosen = chart_marks.pick(selection, parts)
        if all(selection.codes(part.filter) != (part.code,) for part in parts):
            assert headline(snapshot, chosen).actions == actions, mark


@pytest.mark.parametrize(
    ("chart_id", "lang"),
    of_which(
        list(product((c for c, spec in CATALOGUE.items() if spec.kind != "map"), LANGUAGES)),  # its shapes are files
        lambda place, _: place % 9 == place // 9 % len(LANGUAGES),  # every third chart, in one language
    ),
)
def test_at_both_widths_all_words_have_their_places(snapshot, chart_id, lang):
    chart = build_chart(snapshot, chart_id, Selection(lang=lang))
    assert_tidy(parsed(draw(chart, "wide").svg))
    assert_tidy(parsed(draw(chart, "narrow").svg))


AFRICA, AMERICAS = "region:africa", "region:americas"


@pytest.fixture
def pick(snapshot):
    """Return the selection after a click on a mark."""
    return lambda selection, mark, **how: chart_marks.pick(selection, chart_marks.read_mark(mark, snapshot), **how)


def test_a_mark_filters_by_what_it_stands_for_and_lifts_it_again(pick):
    africa = pick(Selection(themes=("education",), lang="fr"), AFRICA)
    assert africa == Selection(regions=("africa",), themes=("education",), lang="fr")
    assert pick(africa, AFRICA) == Selection(themes=("education",), lang="fr")
    assert pick(africa, AMERICAS).regions == ("americas",)
    segment = f"{AFRICA} status:completed"
    completed = pick(africa, segment)
    assert (completed.regions, completed.statuses) == (("africa",), ("completed",))
    assert pick(completed, segment) == Selection(themes=("education",), lang="fr")


def test_a_mark_is_added_to_the_filters_and_taken_out_alone(pick):
    both = pick(Selection(regions=("africa",), themes=("education",)), AMERICAS, is_added=True)
    assert both == Selection(regions=("africa", "americas"), themes=("education",))
    assert pick(both, AFRICA, is_added=True) == Selection(regions=("americas",), themes=("education",))


def test_the_marks_in_force_are_those_of_the_filters():
    selection = Selection(regions=("africa", "americas"), statuses=("completed",), q="a")
    assert chart_marks.in_force(selection) == [AFRICA, AMERICAS, "status:completed"]


def test_what_is_no_mark_stands_for_nothing(snapshot):
    assert not any(
        chart_marks.read_mark(mark, snapshot) for mark in ("region:atlantis", "build:1", f"{AFRICA} lang:fr", "")
    )

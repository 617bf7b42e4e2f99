"""Pages of a list as data: which one a link opens, the ways to the others, and how the link says them."""

import pytest

from dashboard.i18n import translator
from dashboard.ui.pieces import paging
from dashboard.ui.pieces.paging import Page
from tests.views import lead, make_view


@pytest.mark.parametrize(
    ("stated", "number", "is_refused"),
    [(None, 1, False), ("2", 2, False), ("99", 5, False), ("0", 1, True), ("-1", 1, True), ("x", 1, True),
     ("٣", 1, True), ("1234567890", 1, True)],
)  # fmt: skip
def test_a_link_opens_a_page_and_what_is_none_is_said(stated, number, is_refused, lang):
    asked = translator(lang)("The link asks for something unknown here: {asked}.", asked="page")
    page, said = paging.read(translator(lang), stated, 10, 45)
    assert (page, page.offset) == (Page("", number, 10), 10 * (number - 1))
    assert said.startswith(asked[:20]) if is_refused else not said


def test_near_pages_and_the_ends_have_a_way_each(snapshot, lang):
    view = make_view(snapshot, "actions", {"sort": "title"}, lang=lang, regions=("africa",))
    ways = paging.list_ways(view, Page("list", 6, 10), 118)
    signs = [way.sign if way else None for way in ways]
    assert signs == ["‹", "1", None, "4", "5", "6", "7", "8", None, "12", "›"]
    assert [way.sign for way in ways if way and way.is_open] == ["6"]
    assert [way.link.label for way in ways if way][:2] == [view.t("Previous page"), view.t("Page {n}", n="1")]
    pages = [lead(way.link)[1].get("page") for way in ways if way]
    assert pages == [["5"], None, ["4"], ["5"], ["6"], ["7"], ["8"], ["12"], ["7"]]
    assert lead(ways[0].link)[1] == {"region": ["africa"], "lang": [lang], "sort": ["title"], "page": ["5"]}


def test_one_page_has_no_ways_and_the_next_one_stands_above_the_list_too(snapshot):
    view = make_view(snapshot, "actions")
    assert paging.list_ways(view, Page("list", 1, 10), 10) == ()
    few = paging.list_ways(view, Page("list", 1, 10), 70)
    assert [way.sign if way else None for way in few] == ["1", "2", "3", None, "7", "›"]
    assert paging.render_steps(view, few).count("<a ") == 1
    assert [paging.write(number) for number in (1, 2)] == [None, "2"]


def test_which_lines_are_shown_is_said_in_the_readers_numbers(snapshot):
    view = make_view(snapshot, "actions", lang="en")
    said = paging.name_range(view.t, Page("list", 3, 500), 12, 1012)
    assert said == {"first": "1,001", "last": "1,012", "total": "1,012"}

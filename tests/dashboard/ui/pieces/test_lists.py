"""What lists are made of: orders and how links say them, and what is searched, marked."""

import pytest

from dashboard.i18n import translator
from dashboard.ui.pieces import highlight, reader_list, status_mark
from dashboard.ui.pieces.highlight import mark_words
from dashboard.ui.pieces.reader_list import Order
from dashboard.ui.pieces.status_mark import StatusMark
from tests.views import lead, make_view

SORTS = {"title": "Title", "due_on": "Deadline"}


@pytest.mark.parametrize(
    ("order", "written"),
    [
        (Order("title", False), {"sort": None, "order": None, "page": None}),
        (Order("title", True), {"sort": None, "order": "desc", "page": None}),
        (Order("due_on", False), {"sort": "due_on", "order": None, "page": None}),
    ],
)
def test_an_order_is_written_into_the_link_without_what_is_usual_and_read_again(snapshot, order, written):
    assert reader_list.write_order(order, "title") == written
    own = {name: value for name, value in written.items() if value}
    assert reader_list.parse_order(make_view(snapshot, "actions", own), SORTS) == (order, ())


def test_a_heading_turns_the_order_or_begins_with_the_latest_on_the_first_page(snapshot):
    view = make_view(snapshot, "actions", {"page": "3", "columns": "group"}, lang="fr")
    kept, due = {"lang": ["fr"], "columns": ["group"]}, {"sort": ["due_on"]}
    for order, is_latest, written in (
        (None, True, due | {"order": ["desc"]}),
        (Order("title", False), False, due),
        (Order("due_on", False), False, due | {"order": ["desc"]}),
        (Order("due_on", True), True, due),
    ):
        way = reader_list.turn(view, SORTS, order, "due_on", begins_with_latest=is_latest)
        assert lead(way) == ("actions", kept | written)
    assert reader_list.turn(view, SORTS, None, "place", begins_with_latest=False) is None


def test_words_of_a_search_are_marked_without_regard_to_signs(snapshot):
    spans = mark_words(snapshot, "d'ivoire <b", ["Côte d'Ivoire <b>"])("Côte d'Ivoire <b>")
    assert spans == (("Côte ", False), ("d'Ivoire", True), (" <", False), ("b", True), (">", False))
    assert highlight.draw(spans) == "Côte <mark>d&#x27;Ivoire</mark> &lt;<mark>b</mark>&gt;"
    assert mark_words(snapshot, "", ["A & B"])("A & B") == (("A & B", False),)


def test_a_status_says_its_word_and_that_it_is_late(snapshot, lang):
    view = make_view(snapshot, "actions", lang=lang)
    labels = snapshot.codes["statuses"]
    word = labels["in_progress"].labels[lang]
    late = translator(lang)("Overdue")
    assert status_mark.say(view, "in_progress", None, is_overdue=True) == StatusMark("in_progress", word, "", late)
    assert status_mark.say(view, "in_progress", "in_progress").own == ""
    own = status_mark.say(view, "in_progress", "completed").own  # as if the campaign's own status were this one
    assert own == labels["completed"].labels[lang]
    assert status_mark.draw(StatusMark("x", "<a>", "b", "c")).count("<span") == 3
    assert "&lt;a&gt;" in status_mark.draw(StatusMark("x", "<a>"))

"""What choosing a mark of a chart does to the filters, as data."""

import pytest

from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import chart_marks

AFRICA, AMERICAS = "region:africa", "region:americas"


@pytest.fixture
def pick(snapshot):
    """The selection after a click on a mark."""
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

"""Those who do the same as one action, on an own copy of the fixture snapshot with traits set by hand."""

from datetime import date

import pytest

from dashboard.measures.register import LEAST, MOST, find_similar
from dashboard.snapshot.database import Snapshot
from tests.snapshots import open_fixture

ASKED = "FIX-001"
TRAITS: dict[int, dict[str, float]] = {
    # action_no: {trait: weight}; the asked action's own come first
    1: {"theme:a": 0.6, "theme:b": 0.8, "category:k": 1, "country:X": 1, "region:r": 1, "cocoa": 0.8, "farm": 0.6},
    2: {"theme:a": 0.6, "theme:b": 0.8, "category:k": 1, "country:X": 1, "region:r": 1, "cocoa": 0.8, "farm": 0.6},
    3: {"theme:a": 0.6, "theme:b": 0.8, "region:r": 1},
    4: {"theme:a": 1, "category:k": 1, "country:Y": 1, "region:r": 1},
    5: {"theme:b": 1, "farm": 1},
    6: {"category:k": 1, "region:r": 1},
    7: {"theme:a": 0.6, "theme:b": 0.8},
    9: {"theme:c": 1, "country:Z": 1},
}
LIKENESS = {
    2: 0.35 + 0.2 + 0.2 + 0.5 * (1 - 2.718281828**-3),
    3: 0.35 + 0.08,
    4: 0.35 * 0.6 + 0.2 + 0.08,
    5: 0.35 * 0.8 + 0.5 * (1 - 2.718281828 ** (-3 * 0.6)),
}


@pytest.fixture(scope="module")
def near(snapshot, tmp_path_factory) -> Snapshot:
    """Make a snapshot whose actions have these traits; 4 and 5 are completed, 3 is of the asked stakeholder."""
    rows = [
        (number, trait.rpartition(":")[0] or "word", trait, {"farm": "farms"}.get(trait, trait.rpartition(":")[2]), one)
        for number, traits in TRAITS.items()
        for trait, one in traits.items()
    ]
    return open_fixture(
        tmp_path_factory.mktemp("near"),
        ("delete from action_traits",),
        *(("insert into action_traits values (?, ?, ?, ?, ?)", row) for row in rows),
        ("update actions set stakeholder_id = 'one' where action_no in (1, 3)",),
        ("update report_spells set status = 'completed' where action_no in (4, 5)",),
        ("update report_spells set status = 'in_progress' where action_no in (2, 3)",),
    )


def number(neighbour) -> int:
    return int(neighbour.action_id.removeprefix("FIX-"))


def test_the_nearest_are_named_and_the_completed_ones_stand_first(near):
    found = find_similar(near, ASKED)
    assert [number(one) for one in found] == [5, 4, 2, 3]
    assert {number(one): one.likeness for one in found} == pytest.approx(LIKENESS, abs=1e-6)
    assert [one.is_own for one in found] == [False, False, False, True]
    assert all(one.likeness >= LEAST for one in found)


def test_what_both_have_is_said_and_only_the_nearest_kind_of_place(near):
    shared = {number(one): one.shared for one in find_similar(near, ASKED)}
    own = {"theme": ("b", "a"), "category": ("k",), "country": ("X",), "word": ("cocoa", "farms")}
    assert shared[2] == own
    assert shared[3] == {"theme": ("b", "a"), "region": ("r",)}
    assert shared[5] == {"theme": ("b",), "word": ("farms",)}


def test_the_limit_holds_for_others_and_for_the_stakeholders_own_each(near):
    assert [number(one) for one in find_similar(near, ASKED, most=1)] == [2, 3]
    assert MOST >= 5


def test_statuses_are_those_of_the_day(near):
    before = find_similar(near, ASKED, date(2021, 1, 1))
    assert [number(one) for one in before] == [2, 5, 4, 3]
    assert not any(one.is_completed for one in before)
    assert {one.status for one in before} == {"not_reported"}


def test_nothing_is_near_an_action_that_shares_nothing_or_is_not_there(near):
    assert find_similar(near, "FIX-009") == []
    assert find_similar(near, "no-such-action") == []

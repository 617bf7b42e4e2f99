"""Those who do the same as one action, on an own copy of the fixture snapshot with traits set by hand."""

from datetime import date

import pytest

from dashboard.measures.register import LEAST, MOST, find_similar
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


def number(neighbour) -> int:
    return int(neighbour.action_id.removeprefix("FIX-"))


def test_the_nearest_are_named_with_what_both_have_by_the_day_and_the_limit(snapshot, tmp_path):
    rows = [
        (number, trait.rpartition(":")[0] or "word", trait, {"farm": "farms"}.get(trait, trait.rpartition(":")[2]), one)
        for number, traits in TRAITS.items()
        for trait, one in traits.items()
    ]
    near = open_fixture(
        tmp_path,
        ("delete from action_traits",),
        *(("insert into action_traits values (?, ?, ?, ?, ?)", row) for row in rows),
        ("update actions set stakeholder_id = 'one' where action_no in (1, 3)",),
        ("update report_spells set status = 'completed' where action_no in (4, 5)",),
        ("update report_spells set status = 'in_progress' where action_no in (2, 3)",),
    )
    found = find_similar(near, ASKED)
    assert [number(one) for one in found] == [5, 4, 2, 3], "the completed ones stand first"
    assert {number(one): one.likeness for one in found} == pytest.approx(LIKENESS, abs=1e-6)
    assert [one.is_own for one in found] == [False, False, False, True]
    assert all(one.likeness >= LEAST for one in found)
    shared = {number(one): one.shared for one in find_similar(near, ASKED)}
    own = {"theme": ("b", "a"), "category": ("k",), "country": ("X",), "word": ("cocoa", "farms")}
    assert shared[2] == own
    assert shared[3] == {"theme": ("b", "a"), "region": ("r",)}, "only the nearest kind of place is said"
    assert shared[5] == {"theme": ("b",), "word": ("farms",)}
    assert [number(one) for one in find_similar(near, ASKED, most=1)] == [2, 3], "one of others, one of their own"
    assert MOST >= 5
    before = find_similar(near, ASKED, date(2021, 1, 1))
    assert [number(one) for one in before] == [2, 5, 4, 3], "statuses are those of the day"
    assert not any(one.is_completed for one in before)
    assert {one.status for one in before} == {"not_reported"}
    assert find_similar(near, "FIX-009") == [], "it shares nothing"
    assert find_similar(near, "no-such-action") == []

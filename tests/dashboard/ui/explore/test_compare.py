"""Two selections side by side as data: the other side's filters, the figures, and the usual comparisons."""

from datetime import date

import pytest

from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.measures.over_time import moved
from dashboard.snapshot.selection import Selection
from dashboard.ui.compare import CompareModel, make_model
from dashboard.ui.pieces.journey import say_moves
from tests.models import assert_filled


@pytest.fixture
def make(snapshot, lang):
    """Return the page for a selection and its other side."""

    def make(one: Selection, other: Selection | None = None) -> CompareModel:
        selection = one if other is None else one.against(other)
        return make_model(snapshot, selection, translator(lang))

    return make


def test_what_the_other_side_states_is_lifted_and_what_it_shares_only_shown(make, snapshot, lang):
    one = Selection(regions=("africa",), themes=("education",), lang=lang)
    shown = make(one, Selection(regions=("americas",), themes=("education",), lang=lang))
    chips = {chip.key: chip for chip in shown.chips}
    assert chips["vs-region"].value == snapshot.codes["regions"]["americas"].labels[lang]
    assert chips["vs-region"].without["selection"].other.regions == ()  # first to all, then to those of the first side
    assert chips["vs-theme"].value and not chips["vs-theme"].without
    everywhere = make(one, Selection(themes=("education",), lang=lang))
    [region] = [chip for chip in everywhere.chips if chip.key == "vs-region"]
    assert (region.value, region.without["selection"].other) == (translator(lang)("all"), None)
    assert all(chip.without == {} and chip.key != "vs-q" for chip in make(one).chips)
    assert_filled(shown)


def test_the_figures_are_those_of_both_sides_and_of_two_days_with_what_became_known(make, snapshot, lang):
    t, early = translator(lang), date(2021, 7, 1)
    one, other = Selection(lang=lang), Selection(as_of=early, lang=lang)
    shown, totals = make(one, other), [headline(snapshot, side) for side in (other, one)]
    completed = next(row for row in shown.rows if row[0] == t("Completed"))
    assert completed[1:3] == tuple(str(total.completed) for total in totals)  # the earlier day first
    moves = say_moves(moved(snapshot, one, early), t)
    assert {row[3] for row in shown.rows[:4]} == {"", *moves.values()} and shown.moves.changed
    sides = make(Selection(regions=("africa",), lang=lang), Selection(regions=("americas",), lang=lang))
    assert sides.moves is None and {row[3] for row in sides.rows[:4]} == {""}
    assert make(one).second is None and not make(one).rows
    assert all(picked.other not in (picked.first, other) for _, picked in shown.picks) and len(make(one).picks) > 1

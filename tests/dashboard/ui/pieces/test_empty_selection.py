"""The advice for a selection without actions, as data: the filter to drop, or the results of each of them alone."""

from dataclasses import replace

from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import empty_selection
from tests.models import assert_filled

NOWHERE = "no action has these words"


def test_it_offers_to_drop_the_filter_that_is_in_the_way(snapshot, lang):
    t, selection = translator(lang), Selection(regions=("africa",), q=NOWHERE, lang=lang)
    said = empty_selection.make_model(snapshot, selection, t)
    (offer,) = said.offers  # without the region there would be none either
    actions = headline(snapshot, Selection(regions=("africa",))).actions
    words = ("Remove “{filter}”: {n} action", "Remove “{filter}”: {n} actions")
    assert (offer.parameter, offer.label) == ("q", t.plural(*words, actions, filter=t("Words")))
    assert replace(selection, **offer.without) == Selection(regions=("africa",), lang=lang)
    assert said.sentence == t("No action matches these filters.")
    assert not said.rows and not said.reset
    assert_filled(said)


def test_where_no_single_filter_is_in_the_way_each_ones_own_count_is_shown(snapshot, lang):
    arab, brazil = Selection(regions=("arab_states",)), Selection(countries=("BRA",))
    both = Selection(regions=("arab_states",), countries=("BRA",), lang=lang)
    assert headline(snapshot, both).actions == 0
    t = translator(lang)
    said = empty_selection.make_model(snapshot, replace(both, q=NOWHERE), t)
    assert said.offers == ()
    assert said.rows == (
        (t("Region"), str(headline(snapshot, arab).actions)),
        (t("Country"), str(headline(snapshot, brazil).actions)),
        (t("Words"), "0"),
    )
    assert said.columns == (t("Filter"), t("Actions"))
    assert said.reset == t("Reset the filters")
    assert_filled(said)

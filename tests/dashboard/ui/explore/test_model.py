"""The page Explore as data: its choices in every language, and the choices that another one excludes."""

from functools import partial

import pytest

from dashboard.charts.chart import build_chart
from dashboard.charts.options import ALL, PAIRS
from dashboard.i18n import translator
from dashboard.measures.counts import list_unused
from dashboard.snapshot.selection import Selection
from dashboard.ui.explore import ALONE, LABELS, TOGETHER, choose, make_model
from tests.snapshots import open_unclassified


@pytest.fixture
def make(snapshot):
    """Return the page as a link asks for it: its own parameters, and the attributes of a selection."""

    def make(parameters=None, lang="en", **selection):
        return make_model(snapshot, Selection(lang=lang, **selection), translator(lang), parameters or {})

    return make


@pytest.fixture
def title(snapshot):
    """Return the title of the chart that a page shows."""
    return lambda shown: build_chart(snapshot, shown.card.chart_id, shown.card.selection, shown.card.options).title


def test_what_can_be_chosen_is_said_in_the_readers_language(make, lang):
    t, shown = translator(lang), make(lang=lang)
    assert [(choice.name, choice.label) for choice in shown.choices] == [
        (one, t(label)) for one, label in LABELS.items()
    ]
    by, second = (next(one for one in shown.choices if one.name == name) for name in ("by", "and"))
    assert (list(by.offered), by.offered[ALL], second.offered[""]) == (list(PAIRS), t(TOGETHER), t(ALONE))
    assert all(choice.chosen in choice.offered for choice in shown.choices)
    assert shown.line is not None and shown.empty is None and not shown.warning


def test_the_chart_is_what_is_chosen_with_peers_and_leads_to_the_briefing(make, title):
    assert title(make()) == "Completion rate by theme and region"
    stated = {"by": "country", "as": "tiles", "measure": "pace"}
    shown = make(stated)
    assert title(shown) == "Pace by country, as tiles"
    assert (stated | {"and": ""}).items() <= {choice.name: choice.chosen for choice in shown.choices}.items()
    assert shown.card.options.peers
    assert dict(shown.card.pairs) == stated | {"chart": "explore", "lang": "en"}


def test_a_link_with_what_is_not_offered_says_so_and_an_empty_selection_too(make, title, lang):
    shown = make({"by": "region", "and": "subregion"}, lang=lang)
    t = translator(lang)
    asked = t("The link asks for an option this chart does not have: {choice}.", choice="and=subregion")
    assert shown.warning.startswith(asked)
    assert title(shown) == title(make(lang=lang))
    empty = make(q="no such words anywhere", lang=lang)
    assert (empty.card, empty.choices, empty.line) == (None, (), None)
    assert empty.empty.sentence == t("No action matches these filters.")


def test_what_no_action_has_a_value_of_is_not_offered_and_a_link_to_it_says_so(tmp_path, title, lang):
    t, unclassified = translator(lang), open_unclassified(tmp_path, "theme", "grouping")
    make = partial(make_model, unclassified, Selection(lang=lang), t)
    shown, told = make({}), make({"by": "theme", "and": "category"})
    by, second = (next(one for one in shown.choices if one.name == name) for name in ("by", "and"))
    assert (by.chosen, {"theme", "grouping"} & {*by.offered, *second.offered}) == ("region", set())
    assert shown.card is not None and shown.empty is None
    assert told.empty.sentence == t("No action of this campaign has a value here: {names}.", names=t("Theme"))
    assert told.card is None and {one.name: one.chosen for one in told.choices}["by"] == "theme"
    assert choose({}, "and", "category", list_unused(unclassified)) == dict.fromkeys(LABELS) | {
        "by": "region", "and": "category"
    }  # fmt: skip


def test_a_choice_is_kept_in_the_link_and_what_it_no_longer_allows_is_dropped():
    nothing = dict.fromkeys(LABELS)
    country = choose({}, "by", "country")
    assert country == nothing | {"by": "country"}  # regions hold countries, so they are no pair
    tiles = choose({"by": "country"}, "as", "tiles")
    assert tiles == nothing | {"by": "country", "as": "tiles"}
    pace = choose({"by": "country", "as": "tiles"}, "measure", "pace")
    assert pace == nothing | {"by": "country", "measure": "pace", "as": "tiles"}
    assert choose({"by": "country", "as": "tiles", "measure": "pace"}, "by", "group")["as"] is None
    assert choose({"by": "region", "and": "subregion"}, "by", "group") == choose({}, "by", "group")  # not readable

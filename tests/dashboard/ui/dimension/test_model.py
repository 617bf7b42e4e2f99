"""The pages of one dimension as data: how many actions there are, the charts, and which of further ones is shown."""

from datetime import date

import pytest

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import list_further
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.dimension import CHARTS, MORE, DimensionModel, make_model
from dashboard.ui.frame.header import DIMENSION_PAGES
from dashboard.ui.pieces import headline
from tests.models import assert_filled
from tests.snapshots import open_unclassified


@pytest.fixture
def make(snapshot):
    """Return a page for a selection and the parameters of its link."""

    def make(page_id: str, lang: str = "en", parameters=None, **selection) -> DimensionModel:
        chosen = Selection(lang=lang, **selection)
        return make_model(snapshot, chosen, translator(lang), parameters or {}, page_id)

    return make


def test_where_no_action_has_a_value_the_page_says_so_and_divides_nothing_by_it(tmp_path, lang):
    t, selection = translator(lang), Selection(lang=lang)
    without = open_unclassified(tmp_path, "theme", "country")
    themes, regions = (make_model(without, selection, t, {}, page_id) for page_id in ("themes", "regions"))
    assert themes.empty.sentence == t("No action of this campaign has a value here: {names}.", names=t("Theme"))
    assert (themes.cards, themes.choice, themes.line) == ((), None, regions.line)
    offered = {*(card.chart_id for card in regions.cards), *regions.choice.titles}
    assert {"completion-map", "completion-tiles", "completion-by-country", "region-by-theme"}.isdisjoint(offered)
    assert {"completion-by-region", "reporting-by-region"} < offered


@pytest.mark.parametrize("page_id", CHARTS)
def test_a_page_has_its_line_and_its_charts_with_menus_in_the_readers_language(make, snapshot, page_id, lang):
    t, selection = translator(lang), {"regions": ("africa",), "as_of": date(2021, 9, 15)}
    shown = make(page_id, lang, **selection)
    assert shown.line == headline.make_line(snapshot, Selection(lang=lang, **selection), t)
    charts = (*CHARTS[page_id], f"results-by-{DIMENSION_PAGES[page_id]}")
    filled = (*CATALOGUE, *list_further(snapshot))
    assert [card.chart_id for card in shown.cards] == [chart_id for chart_id in charts if chart_id in filled]
    assert (shown.choice is not None) == (page_id == "regions")
    for card in shown.cards:
        assert not card.finding and not card.warning and not card.is_large
        assert [menu.label for menu in card.menus if menu.name == "sort"] == [t("Sort by")]
        assert all(menu.chosen in menu.offered for menu in card.menus)
        pairs = dict(card.pairs)
        kept = {"chart": card.chart_id, "region": "africa", "as_of": "2021-09-15", "lang": lang}
        assert kept.items() <= pairs.items()
    assert_filled(shown)


def test_the_chosen_one_of_more_charts_is_the_links_else_the_first(make, lang):
    shown = make("regions", lang).choice
    assert shown.titles == {chart_id: translator(lang)(CATALOGUE[chart_id].title) for chart_id in MORE["regions"]}
    assert (shown.card.chart_id, shown.warning) == ("reporting-by-region", "")
    chosen = make("regions", lang, {"chart": "over-time-by-region"}).choice
    assert (chosen.card.chart_id, chosen.warning) == ("over-time-by-region", "")
    others = {chart_id for page_id, charts in CHARTS.items() if page_id != "regions" for chart_id in charts}
    assert others.isdisjoint(MORE["regions"])  # each stands on a part of its own; links of before find it still
    before = make("regions", lang, {"chart": "completion-by-country"}).choice
    assert (before.card.chart_id, before.warning, len(before.titles)) == ("completion-by-country", "", 4)
    wrong = make("regions", lang, {"chart": "completion-by-planet"}).choice
    assert wrong.card.chart_id == "reporting-by-region"
    assert "completion-by-planet" in wrong.warning
    shown = make("regions", lang, regions=("africa",), q="no action has these words")
    assert [offer.parameter for offer in shown.empty.offers] == ["q"]
    assert (shown.line, shown.cards, shown.choice) == (None, (), None), "only what to drop is said"

"""The filters of a page as data: the offers of each, the values in force, the links, and the effects of a click."""

from datetime import date

import pytest

from dashboard.charts.marks import sort_key
from dashboard.formats import format_date
from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.ui.frame.header import PAGES
from dashboard.ui.pieces import filter_bar
from dashboard.ui.pieces.day_choice import state_day
from dashboard.ui.pieces.filter_bar import COMPARED_FROM, MAIN, MORE, FilterBarModel
from tests.models import assert_filled
from tests.snapshots import open_unclassified


@pytest.fixture
def make(snapshot):
    """Return the filters of a page for a selection."""

    def make(page_id: str = "overview", lang: str = "en", **selection) -> FilterBarModel:
        chosen = Selection(lang=lang, **selection)
        return filter_bar.make_model(snapshot, chosen, translator(lang), page_id)

    return make


def boxes(shown: FilterBarModel) -> dict[str, filter_bar.Box]:
    return {chip.key: chip.box for chip in shown.chips if chip.box}


def test_each_box_offers_codes_in_the_readers_language(make, snapshot, lang):
    t, shown = translator(lang), make(lang=lang, regions=("africa",))
    assert [chip.key for chip in shown.chips if not chip.is_more] == list(MAIN)
    assert [chip.key for chip in shown.chips if chip.is_more] == [one for one in MORE if one != "stakeholder"]
    for f in (f for f in FILTERS if f.parameter in boxes(shown)):
        box = boxes(shown)[f.parameter]
        labels = {code: entry.labels[lang] for code, entry in snapshot.codes[f.codelist].items()}
        assert (box.label, box.placeholder) == (t(f.label), t(f.everything))
        assert box.offered.items() <= labels.items()
    assert boxes(shown)["region"].chosen == ("africa",)
    countries = list(boxes(shown)["country"].offered.values())
    assert countries == sorted(countries, key=sort_key) != []
    assert_filled(shown)


def test_a_filter_is_left_out_that_no_action_has_a_value_of_unless_it_is_in_force(tmp_path):
    without = open_unclassified(tmp_path, "theme", "group")

    def list_main(**selection) -> set[str]:
        shown = filter_bar.make_model(without, Selection(**selection), translator("en"), "overview")
        return set(boxes(shown))

    assert set(MAIN) - list_main() == {"theme", "group"}
    assert set(MAIN) - list_main(themes=("education",)) == {"group"}


def test_countries_offered_lie_in_the_chosen_regions(make, snapshot):
    everywhere, inside = boxes(make())["country"].offered, boxes(make(regions=("africa",)))["country"].offered
    assert {} != inside.items() < everywhere.items()
    subregions = {code for code, entry in snapshot.codes["subregions"].items() if entry.parent == "africa"}
    assert all(snapshot.codes["countries"][code].parent in subregions for code in inside)
    chosen = boxes(make(regions=("africa",), countries=("BRA",)))["country"]
    assert "BRA" in chosen.offered  # a chosen code is offered, wherever it lies
    (subregion,) = list(boxes(make(regions=("africa",)))["subregion"].offered)[:1]
    narrow = boxes(make(subregions=(subregion,)))["country"].offered
    assert all(snapshot.codes["countries"][code].parent == subregion for code in narrow)


def test_what_is_set_stands_in_its_chip_and_is_lifted_there(make, snapshot, lang):
    day, t = date(2021, 9, 15), translator(lang)
    regions, countries = (
        {code: entry.labels[lang] for code, entry in snapshot.codes[codelist].items()}
        for codelist in ("regions", "countries")
    )
    three = tuple(countries)[:3]
    shown = make("regions", lang, regions=("africa", "americas"), countries=three, q=" a ", as_of=day)
    named = {"names": ", ".join(countries[code] for code in three[:2]), "n": "1"}
    assert [(chip.key, chip.label, chip.value, chip.without) for chip in shown.chips if chip.value] == [
        ("region", t("Region"), f"{regions['africa']}, {regions['americas']}", {"regions": ()}),
        ("country", t("Country"), t("{names} and {n} more", **named), {"countries": ()}),
        ("q", t("Words"), "a", {"q": ""}),
    ]
    assert (shown.as_of.value, shown.as_of.without) == (format_date(day, lang), {"as_of": None})
    stays = make(lang=lang).as_of  # the latest day is in force where none is chosen
    assert (stays.value, stays.without) == (format_date(snapshot.last_date, lang), {})


def test_filters_lead_to_their_actions_and_the_only_country_to_its_page(make, snapshot, lang):
    t, selection = translator(lang), Selection(countries=("GHA",), as_of=date(2021, 9, 15), lang=lang)
    actions, country = make("regions", lang, countries=("GHA",), as_of=date(2021, 9, 15)).links
    n = headline(snapshot, selection).actions
    assert actions.label == t.plural("Show {n} action", "Show these {n} actions", n)
    assert country.label == t("About {country}", country=snapshot.codes["countries"]["GHA"].labels[lang])
    assert [one.page_id for one in (actions, country)] == ["actions", "country"]
    assert actions.pairs == country.pairs == tuple(selection.query_pairs())
    assert make(lang=lang).links == ()
    assert make(lang=lang, as_of=date(2021, 9, 15)).links == ()  # a day alone chooses no actions
    assert make("actions", lang, countries=("GHA",)).links[0].page_id == "country"
    assert [one.page_id for one in make("country", lang, countries=("GHA",)).links] == ["actions"]
    assert make(lang=lang, q="no action has these words").links == ()


def test_pages_of_charts_lead_to_a_comparison_and_where_there_is_one_it_is_in_force(make, snapshot):
    compared = {spec.page_id for spec in PAGES if make(spec.page_id, regions=("africa",)).compare is not None}
    assert compared | {"country"} == set(COMPARED_FROM)
    assert make("regions", regions=("africa",)).compare.pairs == (("region", "africa"), ("lang", "en"))
    two = Selection(regions=("africa",)).against(Selection(regions=("americas",)))
    shown = filter_bar.make_model(snapshot, two, translator("en"), "briefing")
    assert shown.compare is None
    [versus] = [chip for chip in shown.chips if chip.key == "versus"]
    assert (versus.value, versus.without) == ("Americas", {"versus": ()})
    at_home = filter_bar.make_model(snapshot, two, translator("en"), "compare")
    assert not [chip for chip in at_home.chips if chip.key == "versus"]


def test_the_day_is_chosen_by_name_too_and_the_latest_is_left_out_of_the_link(make, snapshot, lang):
    choice = make("themes", lang, as_of=date(2021, 7, 1)).as_of.day
    assert choice.day == date(2021, 7, 1)
    assert (choice.first, choice.last) == (snapshot.campaign["first_date"], snapshot.last_date)
    assert {one.day for one in choice.named_days if one.label == translator(lang)("Deadline")} == {date(2021, 12, 30)}
    assert all(choice.first <= one.day <= choice.last for one in choice.named_days)
    assert state_day("2021-12-30", choice.data_last) == date(2021, 12, 30)
    assert state_day(snapshot.last_date.isoformat(), choice.data_last) is None
    for wrong in ("<script>", None, 7):
        with pytest.raises(ValueError, match="isoformat"):
            state_day(wrong, choice.data_last)

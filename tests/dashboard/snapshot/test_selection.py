"""The selection: its link, its parameters, its words, and its refusals."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import SelectionError
from dashboard.i18n import translator
from dashboard.snapshot.selection import FILTERS, PARAMETERS, STAKEHOLDER, VERSUS, Selection, options, parse
from dashboard.snapshot.selection_words import describe

IDS = ("stakeholder_3", "stakeholder_14")


def test_a_link_gives_the_selection_and_an_empty_one_everything_on_the_last_day(snapshot):
    query = {
        "region": ["africa", "americas"], "theme": ["education"], "status": ["completed", "not_reported"],
        "q": ["  école "], "as_of": ["2021-09-30"], "lang": ["fr"],
    }  # fmt: skip
    selection = parse(query, snapshot)
    assert selection.regions == ("africa", "americas")
    assert selection.as_of == date(2021, 9, 30)
    again = parse(parse_qs(selection.query_string()), snapshot)
    assert again == parse({**query, "q": ["école"]}, snapshot)
    selection = parse({}, snapshot)
    assert selection == Selection(lang=snapshot.campaign["default_language"])
    assert selection.day(snapshot) == snapshot.last_date
    parameters = selection.sql_parameters(snapshot)
    assert parameters.pop("as_of") == snapshot.last_date
    assert set(parameters) == {*(f.attribute for f in FILTERS), "q"}
    assert not any(parameters.values())
    assert parse({"action": ["A-1"]}, snapshot, ("action",)) == selection  # a parameter of a page's own


@pytest.mark.parametrize(("query", "value"), [
    ({"regoin": ["africa"]}, None), ({"action": ["A-1"]}, None), ({"utm": ["x"]}, None), ({"mcid": ["x"]}, None),
    ({"region": ["atlantis"]}, "atlantis"), ({"region": ["africa", "atlantis", ""]}, "atlantis"),
    ({"country": ["Kenya"]}, "Kenya"), ({"grouping": ["pathfinders"]}, "pathfinders"),
    ({"stakeholder": ["stakeholder_999"]}, "stakeholder_999"), ({"evidence": ["proven"]}, "proven"),
    ({"as_of": ["30/09/2021"]}, "30/09/2021"), ({"as_of": ["2021-02-30"]}, "2021-02-30"),
    ({"as_of": ["20210930"]}, "20210930"),
    ({"as_of": ["6941-07-31"]}, "6941-07-31"), ({"as_of": ["2032-01-01"]}, "2032-01-01"),  # a curve has each day
    ({"lang": ["de"]}, "de"), ({"lang": ["de-FR"]}, "de-FR"), ({"lang": ["français"]}, "français"),
], ids=str)  # fmt: skip
def test_what_is_unknown_is_refused_by_name(snapshot, query, value):
    (parameter,) = query
    with pytest.raises(SelectionError) as caught:
        parse(query, snapshot)
    assert caught.value.parameter == parameter
    assert caught.value.value == value
    assert parameter in caught.value.what
    assert value is None or repr(value) in caught.value.what
    assert parameter != "as_of" or caught.value.allowed[0].startswith("YYYY-MM-DD")
    allowed = {"region": snapshot.codes["regions"], "regoin": PARAMETERS}
    assert parameter not in allowed or set(caught.value.allowed) == set(allowed[parameter])
    assert parse({"as_of": ["2031-12-31"]}, snapshot).as_of == date(2031, 12, 31)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"region": ["africa", "africa"]}, {"region": ["africa"]}),
        ({"region": ["AFRICA", "africa"]}, {"region": ["africa"]}),
        ({"country": ["gha", " BrA "]}, {"country": ["GHA", "BRA"]}),
        ({"status": ["Overdue"], "evidence": ["Reviewed"]}, {"status": ["overdue"], "evidence": ["reviewed"]}),
        ({"stakeholder": ["Stakeholder_3"]}, {"stakeholder": ["stakeholder_3"]}),
        ({"grouping": ["COCOA_COAST"]}, {"grouping": ["cocoa_coast"]}),
        ({"lang": ["fr-FR"]}, {"lang": ["fr"]}),
        ({"lang": ["ES_419"]}, {"lang": ["es"]}),
        ({"lang": ["FR"]}, {"lang": ["fr"]}),
        ({"region": [""], "as_of": [""], "lang": [""], "q": [""]}, {}),
        ({"q": ["dan\x08cing\ufffe school"]}, {"q": ["dan cing  school"]}),  # as no picture or workbook may hold it
        ({"theme": ["", "education"]}, {"theme": ["education"]}),
        ({"utm_source": ["mail"], "UTM_Medium": ["x"], "theme": ["education"]}, {"theme": ["education"]}),
        ({"fbclid": ["1"], "gclid": ["2"], "mc_cid": ["3"], "mtm_campaign": ["4"], "igshid": ["5"]}, {}),
    ],
)  # fmt: skip
def test_a_link_is_read_as_it_was_meant(snapshot, query, expected):
    assert parse(query, snapshot).in_order() == parse(expected, snapshot).in_order()
    assert parse(query, snapshot).query_pairs() == parse(expected, snapshot).query_pairs()


def test_the_words_name_every_filter_in_force_and_each_offers_its_codelist_in_order(snapshot):
    selection = parse({"region": ["africa", "americas"], "q": ["school"], "lang": ["fr"]}, snapshot)
    words = describe(selection, snapshot, translator("fr"), lambda day: day.isoformat())
    assert words == [
        ("Région", "Afrique, Amériques"), ("Recherche", "school"), ("Situation au", snapshot.last_date.isoformat())
    ]  # fmt: skip
    assert options(snapshot, STAKEHOLDER) == []
    for chosen in FILTERS:
        offered = options(snapshot, chosen) or snapshot.find_stakeholders(IDS)
        assert offered
        assert [(c.sort_order, c.code) for c in offered] == sorted((c.sort_order, c.code) for c in offered)


@pytest.mark.drawn
@given(data=st.data())
def test_any_selection_survives_its_link(snapshot, data):
    values = {
        f.attribute: tuple(
            data.draw(st.lists(st.sampled_from(sorted(snapshot.codes.get(f.codelist, IDS))), unique=True, max_size=3))
        )
        for f in FILTERS
    }
    letters = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
    words = data.draw(st.text(letters, max_size=20)).strip()
    day = data.draw(st.none() | st.dates(date(2020, 1, 1), date(2023, 1, 1)))
    selection = Selection(**values, q=words, as_of=day, lang=data.draw(st.sampled_from(["en", "fr", "es"])))
    assert parse(parse_qs(selection.query_string()), snapshot) == selection


SIDES = [
    ({"region": ["africa"], "theme": ["education"], "vs.region": ["Americas"]}, {"regions": ("americas",)}),
    ({"region": ["africa"], "theme": ["education"], "vs.theme": [""]}, {"themes": ()}),
    ({"region": ["africa"], "vs.country": ["bra", "BRA"]}, {"regions": (), "countries": ("BRA",)}),
    ({"country": ["GHA"], "vs.region": ["africa"]}, {"regions": ("africa",), "countries": ()}),
    ({"grouping": ["cocoa_coast"], "region": ["africa"], "vs.region": [""]}, {"regions": ()}),
    ({"as_of": ["2021-09-30"], "q": ["école"], "vs.as_of": [""], "vs.q": ["mine"]}, {"as_of": None, "q": "mine"}),
    ({"theme": ["mining"], "build": ["0123456789abcdef"], "vs.theme": ["mining"]}, {}),
]


@pytest.mark.parametrize(("query", "differs"), SIDES, ids=str)
def test_the_other_side_is_this_one_but_for_what_it_states(query, differs, snapshot):
    selection = parse({**query, "utm_source": ["x"], "lang": ["fr"]}, snapshot, VERSUS)
    assert selection.other == replace(selection.first, **differs)
    assert not selection.first.versus
    again = parse(parse_qs(selection.query_string(), keep_blank_values=True), snapshot, VERSUS)
    assert again == selection
    swapped = selection.other.against(selection.first)
    assert (swapped.first, swapped.other) == (selection.other, selection.first)
    assert swapped.versus


def test_what_the_other_side_states_stays_when_this_side_changes(snapshot):
    selection = parse({"region": ["africa"], "vs.region": ["americas"]}, snapshot, VERSUS)
    both = replace(selection, themes=("mining",), regions=("americas",))
    assert both.other == both.first  # the same now, and yet not tied to each other
    assert replace(both, regions=("africa",), themes=()) == selection
    assert selection.state("region", None) == selection.first
    assert selection.state("theme", ("mining",)).other == replace(selection.other, themes=("mining",))


@pytest.mark.parametrize(("parameter", "value"), [
    ("vs.region", "atlantis"), ("vs.as_of", "yesterday"), ("vs.lang", "fr"), ("vs.build", "0123456789abcdef"),
    ("vs.utm_source", "x"),
])  # fmt: skip
def test_a_faulty_other_side_is_refused_under_its_own_name(parameter, value, snapshot):
    with pytest.raises(SelectionError) as refused:
        parse({parameter: [value]}, snapshot, VERSUS)
    assert refused.value.parameter == parameter
    assert refused.value.allowed
    with pytest.raises(SelectionError):  # a page that does not compare takes none of it
        parse({"vs.region": ["americas"]}, snapshot)

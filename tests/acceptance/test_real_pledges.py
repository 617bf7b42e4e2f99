"""The 124 real pledges that could be found: a register without any status, loaded by a recipe alone.

Pandas counts the file here, its places by ILOSTAT's table of country groupings.
"""

from collections import Counter

import pandas as pd
import pytest

from dashboard.measures.counts import cross, headline
from dashboard.measures.register import find_similar
from dashboard.snapshot.selection import Selection
from tests.acceptance.published import (
    EXPORTS,
    REAL,
    account,
    actions_by,
    ask,
    needs_exports,
    needs_pledges,
    publish,
    write_recipe,
)  # fmt: skip

pytestmark = [needs_pledges, needs_exports]

FILE = "action_pledges_2021.csv"
RECIPE = write_recipe(
    "real_pledges",
    ("source_url", "action_label", "country_or_scope"),
    {
        "submission_id": "source_url", "url": "source_url", "stakeholder": "organisation",
        "title": {"headers": ["action_label"], "required": True}, "stakeholder_group": "stakeholder_group",
        "countries": "country_or_scope", "category": "category_guess", "themes": "themes_guess", "language": "language",
    },
    {
        "read": {"separators": [";"]},
        "values.category": {
            "legislation": "legislation_or_procurement", "programme_area_based": "area_based_programme",
        },
    },
)  # fmt: skip
# The places of those that ILOSTAT's table names otherwise (or not at all); the table gives the others.
WIDE = {
    "Africa": "africa",
    "West Africa": "africa",
    "Americas": "americas",
    "Latin America": "americas",
    "Latin America and the Caribbean": "americas",
    "Asia": "asia_and_the_pacific",
    "South-East Asia": "asia_and_the_pacific",
}
AFRICAN = ("Cabo Verde", "Côte d'Ivoire", "Democratic Republic of the Congo")
STATED = {**WIDE, "Hong Kong": "asia_and_the_pacific", **dict.fromkeys(AFRICAN, "africa")}
CATEGORIES = {
    "legislation": "legislation_or_procurement",
    "programme_area_based": "area_based_programme",
    "education": "course_or_education",
}


@pytest.fixture(scope="module")
def raw() -> pd.DataFrame:
    """Return the file as pandas reads it."""
    return pd.read_csv(REAL / FILE, dtype=str, keep_default_na=False, encoding="utf-8-sig")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """Return the file in a new campaign folder, whose name has a space."""
    root = tmp_path_factory.mktemp("real") / "new campaign"
    return publish(root, {FILE: (REAL / FILE).read_bytes()}, {"real_pledges": RECIPE})


def regions_of(cell: str) -> set[str]:
    """Return the regions of a `country_or_scope` cell: its countries', else as stated; `global` alone where named."""
    groupings = pd.read_csv(EXPORTS / "reference" / "ilostat_country_groupings.csv", dtype=str, encoding="utf-8-sig")
    table = {c: r.lower().replace(" ", "_") for c, r in zip(groupings["Country"], groupings["ILO Region"], strict=True)}
    places = [place for place in cell.split(";") if place]
    if not places:
        return {"unclassified"}
    if "Global" in places:
        return {"global"}
    countries = [place for place in places if place not in WIDE]
    return {STATED[place] if place in STATED else table[place] for place in countries or places}


def test_all_124_pledges_are_accepted_and_nothing_is_lost_unsaid(raw, snapshot):
    assert account(snapshot) == {FILE: (len(raw), 124, 0, 0)}
    assert headline(snapshot, Selection()).actions == 124
    assert ask(snapshot, "select count(distinct action_id), count(distinct source_row) from actions") == [(124, 124)]
    assert ask(snapshot, "select field, value from unmatched_values") == []


def test_actions_by_every_dimension_are_as_pandas_counts_them(raw, snapshot):
    regions = Counter(region for cell in raw["country_or_scope"] for region in regions_of(cell))
    themes = raw["themes_guess"].replace("", "unclassified").str.split(";").explode()
    expected = {
        "group": dict(raw["stakeholder_group"].value_counts()),
        "region": regions,
        "category": dict(raw["category_guess"].replace(CATEGORIES).value_counts()),
        "theme": dict(themes.value_counts()),
    }
    assert {dimension: actions_by(snapshot, dimension) for dimension in expected} == expected
    assert (sum(expected["group"].values()), regions["global"]) == (124, 28)
    places = raw["country_or_scope"].str.split(";").explode()
    countries = places[~places.isin([*WIDE, "Global", ""])]
    shown = actions_by(snapshot, "country")
    assert sorted(shown.values()) == sorted([*countries.value_counts(), (raw["country_or_scope"] == "").sum()])
    codes = {"Brazil": "BRA", "Turkey": "TUR", "Côte d'Ivoire": "CIV", "Nepal": "NPL"}
    assert {name: shown[code] for name, code in codes.items()} == {name: (countries == name).sum() for name in codes}
    assert shown["unclassified"] == 8
    pairs = Counter(
        (group, region)
        for group, cell in zip(raw["stakeholder_group"], raw["country_or_scope"], strict=True)
        for region in regions_of(cell)
    )
    frame = cross(snapshot, Selection(), "group", "region")
    assert {(row.row_code, row.column_code): row.actions for row in frame.itertuples()} == pairs


NEAR = {
    6: (81, 108, 109),  # girls who are domestic workers, Nepal: domestic work in Pakistan, the brick sector in Nepal
    9: (18, 36),  # a national action programme in Eswatini: those of Lesotho and Uganda
    11: (26, 41),  # cocoa in Brazil: cocoa in West Africa
    20: (111, 68, 65),  # labour inspectors in Mexico: those of Brazil, Egypt and Mali
    26: (23, 41, 33),  # prevention in cocoa, Ghana and Côte d'Ivoire: on farms, cocoa in Nigeria, cocoa there
    37: (32, 13, 27, 38),  # due diligence for sandstone: due diligence of others, cobalt
    42: (87,),  # a film on tobacco growing: the tobacco watchdog's campaign
    45: (49,),  # a course for school staff in Santa Fe: schooling of brick-kiln children in Argentina
    51: (68, 64),  # rules on hazardous work in Sri Lanka: the lists of Egypt and Togo
    109: (108, 8, 10),  # municipalities free of child labour in Nepal: the brick sector there, zones, policies
}
"""Rows of the file, and rows that a person who reads it names as doing the same."""
FAR = {6: (32, 87), 26: (79, 86), 42: (38, 62), 51: (29, 116)}


def test_others_who_do_this_are_those_that_a_person_names_and_why_is_said(snapshot):
    ids = dict(ask(snapshot, "select source_row, action_id from actions"))
    rows = {action_id: row for row, action_id in ids.items()}
    for row, named in NEAR.items():
        found = find_similar(snapshot, ids[row])
        near = [rows[neighbour.action_id] for neighbour in found]
        assert set(named) <= set(near), row
        assert set(near).isdisjoint(FAR.get(row, ())), row
        assert row not in near
        assert all(neighbour.shared for neighbour in found)
    shared = {neighbour.action_id: neighbour.shared for neighbour in find_similar(snapshot, ids[42])}
    assert shared[ids[87]] == {"theme": ("agriculture",), "category": ("awareness_advocacy",), "word": ("tobacco",)}

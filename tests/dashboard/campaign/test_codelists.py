"""Codelists: how they are read and refused, and that the shipped ones are complete and free of contradictions."""

import csv
from pathlib import Path

import pytest

from dashboard.campaign.codelists import (
    BASE_STATUSES,
    CODELISTS,
    DERIVED_STATUSES,
    EXTRA_COLUMNS,
    REQUIRED_COLUMNS,
    UNCLASSIFIED,
    Code,
    fold_spellings,
    load_codelist,
    load_codelists,
)
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import CampaignError
from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN
from tests.shipped import LANGUAGES

PLACES = ("regions", "subregions", "countries")
HEADER = "code,label_en,label_fr,label_es,aliases,sort_order\n"
ILOSTAT = PROJECT.parent / "shared" / "data" / "exports" / "reference" / "ilostat_country_groupings.csv"
ILO_REGIONS = {
    "Africa": "africa",
    "Americas": "americas",
    "Arab States": "arab_states",
    "Asia and the Pacific": "asia_and_the_pacific",
    "Europe and Central Asia": "europe_and_central_asia",
}

# Spellings that real files use: list, spelling, code.
KNOWN = [
    ("categories", "awareness_advocacy", "awareness_advocacy"),
    ("categories", "education", "course_or_education"),
    ("categories", "legislation", "legislation_or_procurement"),
    ("categories", "monitoring_system", "monitoring_system"),
    ("categories", "other", "other"),
    ("categories", "programme_area_based", "area_based_programme"),
    ("categories", "research", "research"),
    ("categories", "roadmap_or_policy", "roadmap_or_policy"),
    ("categories", "social_dialogue", "social_dialogue"),
    ("categories", "social_protection", "social_protection"),
    ("categories", "supply_chain_due_diligence", "supply_chain_due_diligence"),
    ("categories", "survey_or_statistics", "survey_or_statistics"),
    ("categories", "training_or_capacity", "training_or_capacity"),
    ("categories", "Capacity-building", "training_or_capacity"),
    ("categories", "Négociation collective", "social_dialogue"),
    ("categories", "Plan de acción", "roadmap_or_policy"),
    ("categories", "Area-based program", "area_based_programme"),
    ("themes", "supply_chains", "supply_chains"),
    ("themes", "communities", "communities"),
    ("themes", "legal_framework", "legal_framework"),
    ("themes", "agriculture", "agriculture"),
    ("themes", "education", "education"),
    ("themes", "data", "data"),
    ("themes", "forced_labour", "forced_labour"),
    ("themes", "Forced labor", "forced_labour"),
    ("themes", "youth_employment", "youth_employment"),
    ("themes", "social_protection", "social_protection"),
    ("themes", "covid_19", "covid_19"),
    ("themes", "Covid-19", "covid_19"),
    ("themes", "mining", "mining"),
    ("themes", "hazardous_work", "hazardous_work"),
    ("themes", "domestic_work", "domestic_work"),
    ("themes", "Passation des marchés publics", "public_procurement"),
    ("stakeholder_groups", "civil_society", "civil_society"),
    ("stakeholder_groups", "government", "government"),
    ("stakeholder_groups", "un_international_organisation", "un_international_organisation"),
    ("stakeholder_groups", "workers_organisation", "workers_organisation"),
    ("stakeholder_groups", "employers_organisation", "employers_organisation"),
    ("stakeholder_groups", "regional_initiative", "regional_initiative"),
    ("stakeholder_groups", "Governments and regional groups", "government"),
    ("stakeholder_groups", "Workers' organizations", "workers_organisation"),
    ("stakeholder_groups", "Workers’ organisations", "workers_organisation"),
    ("stakeholder_groups", "Employers' organizations", "employers_organisation"),
    ("stakeholder_groups", "UN and international organizations", "un_international_organisation"),
    ("stakeholder_groups", "Civil society organizations", "civil_society"),
    ("stakeholder_groups", "Trade union", "workers_organisation"),
    ("stakeholder_groups", "Syndicat", "workers_organisation"),
    ("stakeholder_groups", "Sindicato", "workers_organisation"),
    ("stakeholder_groups", "NGO", "civil_society"),
    ("stakeholder_groups", "ONG", "civil_society"),
    ("stakeholder_groups", "Ministère", "government"),
    ("stakeholder_groups", "Université", "academia"),
    ("stakeholder_groups", "Empresa", "business"),
    ("statuses", "planning stage", "not_started"),
    ("statuses", "Not started yet", "not_started"),
    ("statuses", "NOT_STARTED", "not_started"),
    ("statuses", "No iniciado/a", "not_started"),
    ("statuses", "No iniciada", "not_started"),
    ("statuses", "Pas encore commencée", "not_started"),
    ("statuses", "in progress", "in_progress"),
    ("statuses", "in-progress", "in_progress"),
    ("statuses", "In process", "in_progress"),
    ("statuses", "Ongoing", "in_progress"),
    ("statuses", "en cours", "in_progress"),
    ("statuses", "En curso", "in_progress"),
    ("statuses", "partly", "in_progress"),
    ("statuses", "fulfilled", "completed"),
    ("statuses", "delivered", "completed"),
    ("statuses", "complete", "completed"),
    ("statuses", "terminé", "completed"),
    ("statuses", "terminée", "completed"),
    ("statuses", "Terminé(e)", "completed"),
    ("statuses", "achevé", "completed"),
    ("statuses", "Achevé(e)", "completed"),
    ("statuses", "terminada", "completed"),
    ("statuses", "Finalizado/a", "completed"),
    ("statuses", "abandonné", "discontinued"),
    ("statuses", "Abandonné(e)", "discontinued"),
    ("statuses", "Abandonnée", "discontinued"),  # labels of earlier codelists still load
    ("statuses", "Abandonada", "discontinued"),
    ("statuses", "Completada", "completed"),
    ("themes", "Mines", "mining"),
    ("statuses", "cancelled", "discontinued"),
    ("statuses", "Canceled", "discontinued"),
    ("statuses", "removed", "discontinued"),
    ("statuses", "largely", "substantial"),
    ("statuses", "Substantial", "substantial"),
    ("statuses", "Limited", "limited"),
    ("statuses", "delayed", "delayed"),
    ("statuses", "superseded", "superseded"),
    ("statuses", "Retiré", "withdrawn"),
    ("statuses", "Adaptée", "adapted"),
    ("statuses", "Continuing after 2021", "continuing_after_deadline"),
    ("places", "Latin America", "americas"),
    ("places", "Latin America and the Caribbean", "americas"),
    ("places", "Latin America & the Caribbean", "americas"),
    ("places", "LAC", "americas"),
    ("places", "Amérique latine", "americas"),
    ("places", "Amérique latine et les Caraïbes", "americas"),
    ("places", "América Latina y el Caribe", "americas"),
    ("places", "Asia", "asia_and_the_pacific"),
    ("places", "Asie", "asia_and_the_pacific"),
    ("places", "Asia-Pacific", "asia_and_the_pacific"),
    ("places", "APAC", "asia_and_the_pacific"),
    ("places", "Europe", "europe_and_central_asia"),
    ("places", "Sub-Saharan Africa", "africa"),
    ("places", "Afrique", "africa"),
    ("places", "África", "africa"),
    ("places", "Worldwide", "global"),
    ("places", "International", "global"),
    ("places", "Mondial", "global"),
    ("places", "Mundial", "global"),
    ("places", "Todo el mundo", "global"),
    ("places", "Middle East", "arab_states"),
    ("places", "Moyen-Orient", "arab_states"),
    ("places", "Arab States", "arab_states"),
    ("places", "Arab States (subregion)", "arab_states_subregion"),
    ("places", "West Africa", "western_africa"),
    ("places", "Western Africa", "western_africa"),
    ("places", "Afrique de l’Ouest", "western_africa"),
    ("places", "South-East Asia", "south_eastern_asia"),
    ("places", "Southeast Asia", "south_eastern_asia"),
    ("places", "ASEAN region", "south_eastern_asia"),
    ("places", "East Africa", "eastern_africa"),
    ("places", "Central America", "central_america"),
    ("places", "Centroamérica", "central_america"),
    ("places", "Caribbean", "caribbean"),
    ("places", "Pacific", "pacific_islands"),
    ("places", "South Asia", "southern_asia"),
    ("places", "Asie centrale", "central_asia"),
    ("places", "Southern Africa", "southern_africa"),
    ("places", "South Africa", "ZAF"),
    ("places", "Afrique du Sud", "ZAF"),
    ("places", "Georgia", "GEO"),
    ("places", "Niger", "NER"),
    ("places", "Nigeria", "NGA"),
    ("places", "Guinea", "GIN"),
    ("places", "Guinée-Bissau", "GNB"),
    ("places", "Guinea Ecuatorial", "GNQ"),
    ("places", "Papua New Guinea", "PNG"),
    ("places", "Guyane française", "GUF"),
    ("places", "Guyana", "GUY"),
    ("places", "Dominica", "DMA"),
    ("places", "Dominican Republic", "DOM"),
    ("places", "CIV", "CIV"),
    ("places", "Cote d'Ivoire", "CIV"),
    ("places", "Côte d’Ivoire", "CIV"),
    ("places", "Ivory Coast", "CIV"),
    ("places", "Costa de Marfil", "CIV"),
    ("places", "Congo", "COG"),
    ("places", "Congo, Republic of the", "COG"),
    ("places", "Congo, Democratic Republic of the", "COD"),
    ("places", "Democratic Republic of the Congo", "COD"),
    ("places", "DRC", "COD"),
    ("places", "DR Congo", "COD"),
    ("places", "RDC", "COD"),
    ("places", "République démocratique du Congo", "COD"),
    ("places", "Turkey", "TUR"),
    ("places", "Türkiye", "TUR"),
    ("places", "Turquía", "TUR"),
    ("places", "Swaziland", "SWZ"),
    ("places", "Cape Verde", "CPV"),
    ("places", "Cap-Vert", "CPV"),
    ("places", "Burma", "MMR"),
    ("places", "Myanmar (Burma)", "MMR"),
    ("places", "Czech Republic", "CZE"),
    ("places", "Macedonia", "MKD"),
    ("places", "UK", "GBR"),
    ("places", "U.K.", "GBR"),
    ("places", "United Kingdom (UK)", "GBR"),
    ("places", "Great Britain", "GBR"),
    ("places", "USA", "USA"),
    ("places", "United States of America (USA)", "USA"),
    ("places", "EE. UU.", "USA"),
    ("places", "États-Unis", "USA"),
    ("places", "Vietnam", "VNM"),
    ("places", "Viêt Nam", "VNM"),
    ("places", "Hong Kong", "HKG"),
    ("places", "Hong Kong, China", "HKG"),
    ("places", "Macau, Province of China", "MAC"),
    ("places", "Taiwan", "TWN"),
    ("places", "Taiwan, Province of China", "TWN"),
    ("places", "Palestine", "PSE"),
    ("places", "West Bank and the Gaza Strip", "PSE"),
    ("places", "Tanzania", "TZA"),
    ("places", "Tanzania, United Republic of", "TZA"),
    ("places", "Bolivia", "BOL"),
    ("places", "Estado Plurinacional de Bolivia", "BOL"),
    ("places", "Lao PDR", "LAO"),
    ("places", "Laos", "LAO"),
    ("places", "South Korea", "KOR"),
    ("places", "Corée du Sud", "KOR"),
    ("places", "Republic of Korea", "KOR"),
    ("places", "North Korea", "PRK"),
    ("places", "The Gambia", "GMB"),
    ("places", "le Ghana", "GHA"),
    ("places", "République du Ghana", "GHA"),
    ("places", "l’Ouganda", "UGA"),
    ("places", "El Salvador", "SLV"),
    ("places", "la Argentina", "ARG"),
    ("places", "el Perú", "PER"),
    ("places", "República Dominicana", "DOM"),
    ("places", "Kyrgyz Republic", "KGZ"),
    ("places", "Moldova, Republic of", "MDA"),
    ("places", "Falkland Islands (Islas Malvinas)", "FLK"),
    ("places", "Saint Helena, Ascensión, and Tristán da Cunha", "SHN"),
    ("places", "Trinidad And Tobago", "TTO"),
    ("places", "St. Lucia", "LCA"),
    ("places", "Netherlands", "NLD"),
    ("places", "Côte d´Ivoire", "CIV"),
]
AMBIGUOUS = [
    "MENA",
    "Middle East and North Africa",
    "Africa and the Middle East",
    "Virgin Islands",
    "Korea",
    "no",
    "de",
    "la",
    "in",
    "Atlantis",
]


@pytest.fixture(scope="module")
def shipped() -> dict[str, list[Code]]:
    return load_codelists(CampaignFolder(SHIPPED_CAMPAIGN))


@pytest.fixture(scope="module")
def meanings(shipped) -> dict[str, dict[str, str]]:
    """For each list, and for `places` (three lists together), which folded spelling means which code."""
    texts = [
        (name, code.code, text)
        for name, codes in shipped.items()
        for code in codes
        for text in (code.code, *code.labels.values(), *code.aliases)
    ]
    folded = fold_spellings(text for _, _, text in texts)
    result: dict[str, dict[str, str]] = {name: {} for name in (*CODELISTS, "places")}
    for name, code, text in texts:
        result[name][folded[text]] = code
        if name in PLACES:
            result["places"][folded[text]] = code
    return result


@pytest.fixture(scope="module")
def folded() -> dict[str, str]:
    return fold_spellings([*AMBIGUOUS, *(spelling for _, spelling, _ in KNOWN)])


# The shipped lists.


@pytest.mark.parametrize("name", CODELISTS)
def test_every_label_is_given_in_three_languages(name):
    with (SHIPPED_CAMPAIGN / "codelists" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert rows
    for row in rows:
        for language in LANGUAGES:
            label = row[f"label_{language}"]
            assert label == label.strip() != "", row["code"]
            assert not any(sign in label for sign in "|?\ufffd_"), label


@pytest.mark.parametrize("name", CODELISTS)
def test_unclassified_comes_last(shipped, name):
    assert shipped[name][-1].code == UNCLASSIFIED
    words = {"statuses": "Status not stated"}
    assert shipped[name][-1].labels["en"] == words.get(name, "Not yet classified")


@pytest.mark.parametrize("name", CODELISTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_codes_share_a_label(shipped, name, language):
    labels = [code.labels[language] for code in shipped[name]]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("name", CODELISTS)
def test_no_alias_repeats_what_is_known_already(shipped, name):
    folded = fold_spellings(text for c in shipped[name] for text in (c.code, *c.labels.values(), *c.aliases))
    for code in shipped[name]:
        known = {folded[text] for text in (code.code, *code.labels.values())}
        aliases = [folded[alias] for alias in code.aliases]
        assert "" not in aliases, code.code
        assert len(aliases) == len(set(aliases)), code.code
        assert not known & set(aliases), code.code


def test_no_spelling_means_two_places(shipped):
    owners: dict[str, tuple[str, str]] = {}
    codes = [code for name in PLACES for code in shipped[name] if code.code != UNCLASSIFIED]
    folded = fold_spellings(text for c in codes for text in (c.code, *c.labels.values(), *c.aliases))
    for code in codes:
        for text in (code.code, *code.labels.values(), *code.aliases):
            owner = owners.setdefault(folded[text], (code.codelist, code.code))
            assert owner == (code.codelist, code.code), text


def test_no_alias_is_a_word_of_two_letters(shipped):
    short = {
        folded
        for folded in fold_spellings(a for c in shipped["countries"] for a in c.aliases).values()
        if len(folded) < 3
    }
    assert short == {"uk", "us"}


def test_expected_codes(shipped):
    codes = {name: [code.code for code in entries] for name, entries in shipped.items()}
    assert codes["regions"] == [*ILO_REGIONS.values(), "global", UNCLASSIFIED]
    assert len(codes["subregions"]) == 20 + 1
    assert codes["categories"] == [
        "roadmap_or_policy",
        "survey_or_statistics",
        "training_or_capacity",
        "legislation_or_procurement",
        "monitoring_system",
        "research",
        "area_based_programme",
        "social_dialogue",
        "course_or_education",
        "awareness_advocacy",
        "supply_chain_due_diligence",
        "social_protection",
        "other",
        UNCLASSIFIED,
    ]
    assert codes["themes"] == [
        "agriculture",
        "mining",
        "supply_chains",
        "education",
        "covid_19",
        "social_protection",
        "domestic_work",
        "hazardous_work",
        "data",
        "public_procurement",
        "communities",
        "forced_labour",
        "legal_framework",
        "youth_employment",
        UNCLASSIFIED,
    ]
    assert codes["stakeholder_groups"] == [
        "government",
        "employers_organisation",
        "workers_organisation",
        "business",
        "civil_society",
        "un_international_organisation",
        "regional_initiative",
        "academia",
        "individual",
        "other",
        UNCLASSIFIED,
    ]


def test_statuses_map_to_base_statuses(shipped):
    bases = {code.code: code.base_status for code in shipped["statuses"]}
    assert {code: bases[code] for code in BASE_STATUSES} == {code: code for code in BASE_STATUSES}
    assert {code for code, base in bases.items() if base is None} == {*DERIVED_STATUSES, UNCLASSIFIED}
    for code in ("adapted", "continuing_after_deadline", "substantial", "limited", "delayed"):
        assert bases[code] == "in_progress"
    assert bases["withdrawn"] == bases["superseded"] == "discontinued"


def test_every_country_lies_in_its_subregions_region(shipped):
    region_of = {code.code: code.parent for code in shipped["subregions"]}
    for code in shipped["countries"]:
        if code.code in ("ATA", UNCLASSIFIED):  # Antarctica lies in no ILO region
            assert code.parent is None
            assert code.extra["region"] == ""
        else:
            assert region_of[code.parent or ""] == code.extra["region"] != "", code.code


def test_all_of_iso_3166_is_there_once(shipped):
    countries = [code for code in shipped["countries"] if code.code != UNCLASSIFIED]
    iso2 = [code.extra["iso2"] for code in countries if code.extra["iso2"]]
    assert len(iso2) == len(set(iso2))
    # Beside ISO's 249: the Channel Islands, Kosovo and the Netherlands Antilles, which ILOSTAT lists.
    assert len(countries) == 249 + 3
    assert {code.code for code in countries} >= {"CHA", "KOS", "ANT", "NAM", "TWN", "PSE", "SSD", "ALA"}
    assert next(code.extra["iso2"] for code in countries if code.code == "NAM") == "NA"


def test_regions_and_subregions_are_those_of_the_ilo(shipped, meanings):
    if not ILOSTAT.exists():
        pytest.skip(f"the reference table {ILOSTAT.name} is not here")
    with ILOSTAT.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == 237
    countries = {code.code: code for code in shipped["countries"]}
    labels = {code.code: code.labels["en"].removesuffix(" (subregion)") for code in shipped["subregions"]}
    for row in rows:
        code = countries[row["ISO3 Code"]]
        assert code.extra["region"] == ILO_REGIONS[row["ILO Region"]], code.code
        assert labels[code.parent or ""] == row["ILO Subregion - Detailed"], code.code
    readable = {row["Country"]: row["ISO3 Code"] for row in rows if "?" not in row["Country"]}
    folded = fold_spellings(readable)
    assert {name: meanings["countries"].get(folded[name]) for name in readable} == readable


@pytest.mark.parametrize(("name", "spelling", "code"), KNOWN)
def test_spelling_of_real_files_is_known(meanings, folded, name, spelling, code):
    assert meanings[name].get(folded[spelling]) == code


@pytest.mark.parametrize("spelling", AMBIGUOUS)
def test_what_could_be_two_places_is_left_to_staff(meanings, folded, spelling):
    assert folded[spelling] not in meanings["places"]


# Reading a campaign's own lists.


def own_list(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> CampaignFolder:
    (tmp_path / "codelists").mkdir(exist_ok=True)
    (tmp_path / "codelists" / f"{name}.csv").write_bytes(text.encode(encoding))
    return CampaignFolder(tmp_path)


def test_lists_are_ordered_by_sort_order(tmp_path):
    folder = own_list(tmp_path, "themes", HEADER + "b,B,,,,20\nc,C,,,,10\na,A,,,,20\n")
    assert [code.code for code in load_codelist(folder, "themes")] == ["c", "a", "b", UNCLASSIFIED]


def test_missing_labels_fall_back_to_english_then_to_the_code(tmp_path):
    folder = own_list(tmp_path, "themes", HEADER + "sport,Sport,,Deporte,,10\nmusic,,,,,20\n")
    sport, music, _ = load_codelist(folder, "themes")
    assert [sport.labels[lang] for lang in ("en", "fr", "es", "pt")] == ["Sport", "Sport", "Deporte", "Sport"]
    assert sport.labels.keys() == {"en", "es"}, "what stands in is not taken for a label"
    assert music.labels["fr"] == "music"


def test_a_list_in_one_language_needs_labels_in_that_one_only(tmp_path):
    folder = own_list(tmp_path, "themes", "code,label_pt,aliases,sort_order\nsport,Desporto,Esporte,10\n")
    sport, _ = load_codelist(folder, "themes")
    assert sport.labels == {"pt": "Desporto"}
    assert sport.labels["en"] == "Desporto"
    folder = own_list(tmp_path, "themes", "code,label_fr,aliases,sort_order\nsport,Le sport,,10\n")
    assert load_codelist(folder, "themes")[0].labels["es"] == "Le sport"


def test_aliases_are_separated_by_bars(tmp_path):
    folder = own_list(tmp_path, "themes", HEADER + 'sport,Sport,,,"Games, and play| Jeux ||",10\n')
    assert load_codelist(folder, "themes")[0].aliases == ("Games, and play", "Jeux")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_spreadsheets_save_is_read(tmp_path, encoding, separator, line_end):
    lines = [HEADER.strip(), "sante,Health,Santé,Salud,,10", ",,,,,", "", 'jeu,"Play",Jeu,Juego,Spiel,20']
    text = line_end.join(line.replace(",", separator) for line in lines) + line_end
    found = load_codelist(own_list(tmp_path, "themes", text, encoding), "themes")
    assert [(code.code, code.labels["fr"]) for code in found[:2]] == [("sante", "Santé"), ("jeu", "Jeu")]


def test_members_the_program_gives_itself_need_not_be_repeated(tmp_path, shipped):
    folder = own_list(
        tmp_path, "statuses", HEADER.strip() + ",base_status\ndelivered,Delivered,,,Fulfilled,10,completed\n"
    )
    found = {code.code: code for code in load_codelists(folder)["statuses"]}
    assert set(found) == {"delivered", *BASE_STATUSES, *DERIVED_STATUSES, UNCLASSIFIED}
    assert found["completed"].labels == next(c.labels for c in shipped["statuses"] if c.code == "completed")
    assert found["completed"].aliases == (), "its spellings are free for the campaign's own codes"
    regions = own_list(tmp_path, "regions", HEADER + "north,North,,,,10\n")
    assert [code.code for code in load_codelist(regions, "regions")] == ["north", "global", UNCLASSIFIED]


def test_parents_and_extra_columns_are_kept(shipped):
    ghana = next(code for code in shipped["countries"] if code.code == "GHA")
    assert ghana.parent == "western_africa"
    assert ghana.extra == {"iso2": "GH", "region": "africa", "subregion": "western_africa"}
    assert next(code.parent for code in shipped["subregions"] if code.code == "western_africa") == "africa"
    assert shipped["themes"][0].parent is None
    assert shipped["themes"][0].extra == {}


@pytest.mark.parametrize(
    ("name", "text", "what", "remedy"),
    [
        ("themes", "", "has no column code, label_en, aliases, sort_order.", "docs/codelists.md"),
        ("themes", HEADER.replace("aliases,", ""), "has no column aliases.", "Add it to the first line"),
        ("countries", HEADER, "has no column iso2, region, subregion.", "Add it to the first line"),
        ("themes", HEADER + "sport,S,S,S,,10\n,T,T,T,,20\n", ", line 3: the code is empty.", "Give the line a code"),
        ("themes", HEADER + "Sport!,S,S,S,,10\n", ", line 2: Sport! cannot be a code.", "small letters"),
        (
            "themes",
            HEADER + "sport,S,S,S,,10\nsport,T,T,T,,20\n",
            ", line 3: the code sport appears twice.",
            "Keep one",
        ),
        ("themes", HEADER + "sport,S,S,S,,first\n", ", line 2: sort_order is not a whole number.", "10 for example"),
        ("themes", HEADER + "sport,S,S,S,,\n", ", line 2: sort_order is not a whole number.", "10 for example"),
        ("themes", HEADER + "sport,S\n", ", line 2: sort_order is not a whole number.", "10 for example"),
        (
            "themes",
            HEADER + "sport,S,S,S,Ball, too,10\n",
            ", line 2 has more cells than the first line.",
            "double quotes",
        ),
        (
            "countries",
            HEADER.strip() + ",iso2,region,subregion\ngh,G,G,G,,10,GH,africa,western_africa\n",
            ", line 2: gh is not a country code.",
            "three capital letters",
        ),
        (
            "statuses",
            HEADER.strip() + ",base_status\npaused,P,P,P,,10,\n",
            ", line 2: the status paused has no base status.",
            "Use one of not_started, in_progress, completed, discontinued.",
        ),
        (
            "statuses",
            HEADER.strip() + ",base_status\ncompleted,C,C,C,,10,in_progress\n",
            ", line 2: the status completed is a base status itself.",
            "Write completed as its base_status.",
        ),
    ],
)
def test_each_fault_is_one_plain_sentence(tmp_path, name, text, what, remedy):
    folder = own_list(tmp_path, name, text)
    with pytest.raises(CampaignError) as refusal:
        load_codelist(folder, name)
    separator = "" if what.startswith(",") else " "
    assert refusal.value.what == f"{folder.codelist_file(name)}{separator}{what}"
    assert remedy in refusal.value.remedy
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        (
            "themes",
            HEADER + "sport,Sport,,,Jeux d'été,10\nplay,Play,,,jeux d’ete,20\n",
            ': "jeux d’ete" means both sport and play.',
        ),
        (
            "subregions",
            HEADER.strip() + ",region\nmoon_side,Moon side,,,,10,moon\n",
            ": moon_side lies in the unknown region moon.",
        ),
        (
            "countries",
            HEADER.strip() + ",iso2,region,subregion\nGHA,Ghana,,,,10,GH,africa,north_side\n",
            ": GHA lies in the unknown subregion north_side.",
        ),
        (
            "countries",
            HEADER.strip() + ",iso2,region,subregion\nGHA,Ghana,,,,10,GH,americas,western_africa\n",
            ": GHA lies in western_africa, which is in africa, not in americas.",
        ),
        (
            "groupings",
            HEADER.strip() + ",countries,source\nriver,River,,,,10,KEN|VIE,Somebody\n",
            ": river names the unknown country VIE.",
        ),
        (
            "groupings",
            HEADER.strip() + ",countries,source\nriver,River,,,,10, | ,Somebody\n",
            ": river has no country.",
        ),
        (
            "groupings",
            HEADER.strip() + ",countries,source\nriver,River,,,,10,KEN|UGA,\n",
            ": river has no source.",
        ),
    ],
)
def test_contradictions_between_lines_are_refused(tmp_path, name, text, what):
    folder = own_list(tmp_path, name, text)
    with pytest.raises(CampaignError) as refusal:
        load_codelists(folder)
    assert refusal.value.what == f"{folder.codelist_file(name)}{what}"
    assert refusal.value.remedy


def test_other_encoding_is_refused(tmp_path):
    folder = own_list(tmp_path, "themes", HEADER + "sante,Health,Santé,Salud,,10\n", "cp1252")
    with pytest.raises(CampaignError, match=r"themes\.csv is not written in UTF-8\. Save it as CSV UTF-8\."):
        load_codelist(folder, "themes")


def test_file_that_is_a_folder_is_refused(tmp_path):
    (tmp_path / "codelists" / "themes.csv").mkdir(parents=True)
    with pytest.raises(CampaignError, match=r"themes\.csv cannot be read: "):
        load_codelist(CampaignFolder(tmp_path), "themes")


def test_the_guide_names_every_list_and_column():
    guide = (PROJECT / "docs" / "codelists.md").read_text(encoding="utf-8")
    extra = {name: ", ".join(f"`{column}`" for column in EXTRA_COLUMNS.get(name, ())) for name in CODELISTS}
    for name in CODELISTS:
        row = next(line for line in guide.splitlines() if line.startswith(f"| `{name}.csv` |"))
        assert row.split("|")[3].strip() == extra[name]
    assert all(f"`{column}`" in guide for column in REQUIRED_COLUMNS)


LIST_HEADER = "code,label_en,label_fr,label_es,aliases,sort_order"


def places_with(tmp_path, **lists: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Where the subregions and countries of a campaign with these lists of its own lie."""
    (tmp_path / "codelists").mkdir()
    for name, text in lists.items():
        (tmp_path / "codelists" / f"{name}.csv").write_text(text, encoding="utf-8")
    codelists = load_codelists(CampaignFolder(tmp_path))
    return {
        name: {code.code: (code.extra["region"], code.parent or "") for code in codelists[name]}
        for name in ("subregions", "countries")
    }


def test_own_regions_alone_keep_the_shipped_places_without_unknown_parents(tmp_path):
    found = places_with(tmp_path, regions=f"{LIST_HEADER}\nnorth,North,,,,10\nafrica,Africa,,,,20\n")
    assert found["subregions"]["western_africa"] == ("africa", "africa")
    assert found["subregions"]["western_europe"] == ("", "")
    assert found["countries"]["GHA"] == ("africa", "western_africa")
    assert found["countries"]["FRA"] == ("", "western_europe")


def test_countries_follow_a_campaigns_own_subregions(tmp_path):
    found = places_with(
        tmp_path,
        regions=f"{LIST_HEADER}\nsahel,Sahel,,,,10\n",
        subregions=f"{LIST_HEADER},region\nwestern_africa,West,,,,10,sahel\n",
    )
    assert found["countries"]["GHA"] == ("sahel", "western_africa")
    assert found["countries"]["KEN"] == ("", "")

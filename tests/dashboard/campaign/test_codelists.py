"""Codelists: how they are read and refused, and that the shipped ones are complete and free of contradictions."""

import csv
from pathlib import Path

import pytest

from dashboard.campaign.codelists import EXTRA_COLUMNS, REQUIRED_COLUMNS, fold_spellings, load_codelist, load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import CampaignError
from dashboard.ground.codelist_codes import BASE_STATUSES, CODELISTS, DERIVED_STATUSES, UNCLASSIFIED, Code
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

# Spellings that real files use, by list: each code with its spellings between bars. That codes mean themselves goes
# without a statement: `test_expected_codes` has them. Spellings of two places, or of none, are left to staff: `?`.
KNOWN = {
    "categories": """
        course_or_education: education; legislation_or_procurement: legislation
        area_based_programme: programme_area_based | Area-based program; training_or_capacity: Capacity-building
        social_dialogue: Négociation collective; roadmap_or_policy: Plan de acción
    """,
    "themes": """
        forced_labour: Forced labor; covid_19: Covid-19; public_procurement: Passation des marchés publics
        mining: Mines
    """,
    "stakeholder_groups": """
        government: Governments and regional groups | Ministère
        workers_organisation: Workers' organizations | Workers’ organisations | Trade union | Syndicat | Sindicato
        employers_organisation: Employers' organizations
        un_international_organisation: UN and international organizations
        civil_society: Civil society organizations | NGO | ONG; academia: Université; business: Empresa
    """,
    "statuses": """
        not_started: planning stage | Not started yet | NOT_STARTED | No iniciado/a | No iniciada
        not_started: Pas encore commencée
        in_progress: in progress | in-progress | In process | Ongoing | en cours | En curso | partly
        completed: fulfilled | delivered | complete | terminé | terminée
        completed: Terminé(e) | achevé | Achevé(e) | terminada | Finalizado/a | Completada
        discontinued: abandonné | Abandonné(e) | Abandonnée | Abandonada | cancelled | Canceled | removed
        substantial: largely | Substantial; limited: Limited; withdrawn: Retiré; adapted: Adaptée
        continuing_after_deadline: Continuing after 2021
    """,
    "places": """
        americas: Latin America | Latin America and the Caribbean | Latin America & the Caribbean | LAC
        americas: Amérique latine | Amérique latine et les Caraïbes | América Latina y el Caribe
        asia_and_the_pacific: Asia | Asie | Asia-Pacific | APAC; europe_and_central_asia: Europe
        africa: Sub-Saharan Africa | Afrique | África
        global: Worldwide | International | Mondial | Mundial | Todo el mundo
        arab_states: Middle East | Moyen-Orient | Arab States; arab_states_subregion: Arab States (subregion)
        western_africa: West Africa | Western Africa | Afrique de l’Ouest
        south_eastern_asia: South-East Asia | Southeast Asia | ASEAN region; eastern_africa: East Africa
        central_america: Central America | Centroamérica; caribbean: Caribbean; pacific_islands: Pacific
        southern_asia: South Asia; central_asia: Asie centrale; southern_africa: Southern Africa
        ZAF: South Africa | Afrique du Sud; GEO: Georgia; NER: Niger; NGA: Nigeria; GIN: Guinea; GNB: Guinée-Bissau
        GNQ: Guinea Ecuatorial; PNG: Papua New Guinea; GUF: Guyane française; GUY: Guyana; DMA: Dominica
        DOM: Dominican Republic | República Dominicana
        CIV: Cote d'Ivoire | Côte d’Ivoire | Ivory Coast | Costa de Marfil | Côte d´Ivoire
        COG: Congo | Congo, Republic of the
        COD: Congo, Democratic Republic of the | Democratic Republic of the Congo | DRC | DR Congo | RDC
        COD: République démocratique du Congo
        TUR: Turkey | Türkiye | Turquía; SWZ: Swaziland; CPV: Cape Verde | Cap-Vert; MMR: Burma | Myanmar (Burma)
        CZE: Czech Republic; MKD: Macedonia; GBR: UK | U.K. | United Kingdom (UK) | Great Britain
        USA: United States of America (USA) | EE. UU. | États-Unis; VNM: Vietnam | Viêt Nam
        HKG: Hong Kong | Hong Kong, China; MAC: Macau, Province of China; TWN: Taiwan | Taiwan, Province of China
        PSE: Palestine | West Bank and the Gaza Strip; TZA: Tanzania | Tanzania, United Republic of
        BOL: Bolivia | Estado Plurinacional de Bolivia; LAO: Lao PDR | Laos
        KOR: South Korea | Corée du Sud | Republic of Korea; PRK: North Korea; GMB: The Gambia
        GHA: le Ghana | République du Ghana; UGA: l’Ouganda; SLV: El Salvador; ARG: la Argentina; PER: el Perú
        KGZ: Kyrgyz Republic; MDA: Moldova, Republic of; FLK: Falkland Islands (Islas Malvinas)
        SHN: Saint Helena, Ascensión, and Tristán da Cunha; TTO: Trinidad And Tobago; LCA: St. Lucia; NLD: Netherlands
        ?: MENA | Middle East and North Africa | Africa and the Middle East | Virgin Islands | Korea
        ?: no | de | la | in | Atlantis
    """,
}


@pytest.fixture(scope="module")
def shipped() -> dict[str, list[Code]]:
    return load_codelists(CampaignFolder(SHIPPED_CAMPAIGN))


@pytest.fixture(scope="module")
def meanings(shipped) -> dict[str, dict[str, str]]:
    """For each list, and for `places` (three lists together), which folded spelling means which code."""
    texts = [(name, code.code, text) for name, codes in shipped.items() for code in codes for text in code.spellings]
    folded = fold_spellings(text for _, _, text in texts)
    result: dict[str, dict[str, str]] = {name: {} for name in (*CODELISTS, "places")}
    for name, code, text in texts:
        result[name][folded[text]] = code
        if name in PLACES:
            result["places"][folded[text]] = code
    return result


# The shipped lists.


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("name", CODELISTS)
def test_every_label_is_given_in_three_languages_and_no_alias_repeats_what_is_known_already(shipped, name):
    rows = read_rows(SHIPPED_CAMPAIGN / "codelists" / f"{name}.csv")
    assert rows
    for row in rows:
        for label in (row[f"label_{language}"] for language in LANGUAGES):
            assert label == label.strip() != "", row["code"]
            assert not set("|?\ufffd_") & set(label), label
    folded = fold_spellings(text for code in shipped[name] for text in code.spellings)
    for code in shipped[name]:
        known = {folded[text] for text in (code.code, *code.labels.values())}
        aliases = [folded[alias] for alias in code.aliases]
        assert "" not in aliases, code.code
        assert len(aliases) == len(set(aliases)), code.code
        assert not known & set(aliases), code.code
    assert shipped[name][-1].code == UNCLASSIFIED
    words = {"statuses": "Status not stated"}
    assert shipped[name][-1].labels["en"] == words.get(name, "Not yet classified")


def test_no_spelling_means_two_places_and_no_alias_is_a_word_of_two_letters(shipped):
    owners: dict[str, tuple[str, str]] = {}
    codes = [code for name in PLACES for code in shipped[name] if code.code != UNCLASSIFIED]
    folded = fold_spellings(text for code in codes for text in code.spellings)
    for code in codes:
        for text in code.spellings:
            owner = owners.setdefault(folded[text], (code.codelist, code.code))
            assert owner == (code.codelist, code.code), text
    aliases = fold_spellings(alias for code in shipped["countries"] for alias in code.aliases)
    assert {alias for alias in aliases.values() if len(alias) < 3} == {"uk", "us"}


def test_expected_codes_and_their_base_statuses_parents_and_extra_columns(shipped):
    codes = {name: [code.code for code in entries] for name, entries in shipped.items()}
    assert codes["regions"] == [*ILO_REGIONS.values(), "global", UNCLASSIFIED]
    assert len(codes["subregions"]) == 20 + 1
    for name, number in (("categories", 13), ("themes", 14), ("stakeholder_groups", 10)):
        assert len(codes[name]) == number + 1
    bases = {code.code: code.base_status for code in shipped["statuses"]}
    assert {code: bases[code] for code in BASE_STATUSES} == {code: code for code in BASE_STATUSES}
    assert {code for code, base in bases.items() if base is None} == {*DERIVED_STATUSES, UNCLASSIFIED}
    for code in ("adapted", "continuing_after_deadline", "substantial", "limited", "delayed"):
        assert bases[code] == "in_progress"
    assert bases["withdrawn"] == bases["superseded"] == "discontinued"
    ghana = next(code for code in shipped["countries"] if code.code == "GHA")
    assert ghana.parent == "western_africa"
    assert ghana.extra == {"iso2": "GH", "region": "africa", "subregion": "western_africa"}
    assert (shipped["themes"][0].parent, shipped["themes"][0].extra) == (None, {})


def test_all_countries_of_iso_3166_are_there_once_each_in_its_subregions_region(shipped):
    region_of = {code.code: code.parent for code in shipped["subregions"]}
    assert region_of["western_africa"] == "africa"
    for code in shipped["countries"]:
        if code.code in ("ATA", UNCLASSIFIED):  # Antarctica lies in no ILO region
            assert (code.parent, code.extra["region"]) == (None, "")
        else:
            assert region_of[code.parent or ""] == code.extra["region"] != "", code.code
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
    rows = read_rows(ILOSTAT)
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


@pytest.mark.parametrize("name", KNOWN)
def test_spellings_of_real_files_are_known(meanings, name):
    entries = [entry.split(": ") for line in KNOWN[name].strip().splitlines() for entry in line.split("; ")]
    codes = {spelling: code.strip() for code, spellings in entries for spelling in spellings.split(" | ")}
    expected = {spelling: None if code == "?" else code for spelling, code in codes.items()}
    folded = fold_spellings(expected)
    assert {spelling: meanings[name].get(folded[spelling]) for spelling in expected} == expected


# Reading a campaign's own lists.


def own_list(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> CampaignFolder:
    (tmp_path / "codelists").mkdir(exist_ok=True)
    (tmp_path / "codelists" / f"{name}.csv").write_bytes(text.encode(encoding))
    return CampaignFolder(tmp_path)


def test_lists_are_ordered_and_labels_are_needed_in_one_language_whose_stands_in_for_others(tmp_path):
    lines = 'sport,Sport,,Deporte,,20\nmusic,,,,,30\nchess,C,,,,10\nart,A,,,"Games, and play| Jeux ||",20\n'
    chess, art, sport, music, last = load_codelist(own_list(tmp_path, "themes", HEADER + lines), "themes")
    assert [code.code for code in (chess, art, sport, music, last)] == ["chess", "art", "sport", "music", UNCLASSIFIED]
    assert [sport.labels[lang] for lang in ("en", "fr", "es", "pt")] == ["Sport", "Sport", "Deporte", "Sport"]
    assert sport.labels.keys() == {"en", "es"}, "what stands in is not taken for a label"
    assert music.labels["fr"] == "music"
    assert art.aliases == ("Games, and play", "Jeux")
    for language, other in (("pt", "en"), ("fr", "es")):
        text = f"code,label_{language},aliases,sort_order\nsport,Desporto,Esporte,10\n"
        sport, _ = load_codelist(own_list(tmp_path, "themes", text), "themes")
        assert sport.labels == {language: "Desporto"}
        assert sport.labels[other] == "Desporto"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_spreadsheets_save_is_read(tmp_path, encoding, separator, line_end):
    lines = [HEADER.strip(), "sante,Health,Santé,Salud,,10", ",,,,,", "", 'jeu,"Play",Jeu,Juego,Spiel,20']
    text = line_end.join(line.replace(",", separator) for line in lines) + line_end
    found = load_codelist(own_list(tmp_path, "themes", text, encoding), "themes")
    assert [(code.code, code.labels["fr"]) for code in found[:2]] == [("sante", "Santé"), ("jeu", "Jeu")]


def test_members_the_program_gives_itself_need_not_be_repeated(tmp_path, shipped):
    folder = own_list(tmp_path, "statuses", with_lines("statuses", "delivered,Delivered,,,Fulfilled,10,completed"))
    found = {code.code: code for code in load_codelists(folder)["statuses"]}
    assert set(found) == {"delivered", *BASE_STATUSES, *DERIVED_STATUSES, UNCLASSIFIED}
    assert found["completed"].labels == next(c.labels for c in shipped["statuses"] if c.code == "completed")
    assert found["completed"].aliases == (), "its spellings are free for the campaign's own codes"
    regions = own_list(tmp_path, "regions", HEADER + "north,North,,,,10\n")
    assert [code.code for code in load_codelist(regions, "regions")] == ["north", "global", UNCLASSIFIED]


def with_lines(name: str, *lines: str) -> str:
    """Return a list with all its columns and these lines."""
    return "\n".join([",".join([HEADER.strip(), *EXTRA_COLUMNS.get(name, ())]), *lines, ""])


NO_ORDER = (", line 2: sort_order is not a whole number.", "10 for example")
IS_BASE = (", line 2: the status completed is a base status itself.", "Write completed as its base_status.")
NO_COUNTRY = (", line 2: gh is not a country code.", "three capital letters")
BASES = "not_started, in_progress, completed, discontinued"
TWO_MEANINGS = ': "jeux d’ete" means both sport and play.'
OTHER_REGION = ": GHA is in western_africa, which is in africa, not in americas."


@pytest.mark.parametrize(
    ("name", "text", "what", "remedy"),
    [
        ("themes", "", "has no column code, label_en, aliases, sort_order.", "docs/settings.md"),
        ("themes", HEADER.replace("aliases,", ""), "has no column aliases.", "Add it to the first line"),
        ("countries", HEADER, "has no column iso2, region, subregion.", "Add it to the first line"),
        ("themes", HEADER + "sport,S,S,S,,10\n,T,T,T,,20\n", ", line 3: the code is empty.", "Give the line a code"),
        ("themes", HEADER + "Sport!,S,S,S,,10\n", ", line 2: Sport! cannot be a code.", "small letters"),
        ("themes", HEADER + "a,S,S,S,,10\na,T,T,T,,20\n", ", line 3: the code a appears twice.", "Keep one"),
        *(("themes", [line], *NO_ORDER) for line in ("sport,S,S,S,,first", "sport,S,S,S,,", "sport,S")),
        ("themes", HEADER + "a,S,S,S,Ball, too,10\n", ", line 2 has more cells than the first line.", "double quotes"),
        ("countries", ["gh,G,G,G,,10,GH,africa,western_africa"], *NO_COUNTRY),
        ("statuses", ["paused,P,P,P,,10,"], ", line 2: the status paused has no base status.", f"Use one of {BASES}."),
        ("statuses", ["completed,C,C,C,,10,in_progress"], *IS_BASE),
        ("indicators", ["nets,,,,,10,,falling,"], ", line 2: falling cannot be the direction of nets.", "up, down"),
        ("indicators", ["nets,,,,,10,,up,Yes"], ", line 2: Yes cannot be the is_summable of nets.", "yes, no"),
        ("indicators", ["nets,,,,,10,pieces,up,yes"], ": nets has the unknown unit pieces.", "units.csv"),
        # Contradictions between lines.
        ("themes", ["sport,,,,Jeux d'été,10", "play,,,,jeux d’ete,20"], TWO_MEANINGS, ""),
        ("subregions", ["moon_side,,,,,10,moon"], ": moon_side is in the unknown region moon.", ""),
        ("countries", ["GHA,,,,,10,GH,africa,north"], ": GHA is in the unknown subregion north.", ""),
        ("countries", ["GHA,,,,,10,GH,americas,western_africa"], OTHER_REGION, ""),
        ("groupings", ["river,,,,,10,KEN|VIE,Somebody"], ": river names the unknown country VIE.", ""),
        ("groupings", ["river,,,,,10, | ,Somebody"], ": river has no country.", ""),
        ("groupings", ["river,,,,,10,KEN|UGA,"], ": river has no source.", ""),
    ],
)
def test_each_fault_is_one_plain_sentence(tmp_path, name, text, what, remedy):
    folder = own_list(tmp_path, name, text if isinstance(text, str) else with_lines(name, *text))
    with pytest.raises(CampaignError) as refusal:
        load_codelists(folder)
    separator = "" if what.startswith((",", ":")) else " "
    assert refusal.value.what == f"{folder.codelist_file(name)}{separator}{what}"
    assert refusal.value.remedy and remedy in refusal.value.remedy
    assert "\n" not in str(refusal.value)


def test_a_shipped_indicator_has_no_unit_that_the_campaigns_list_lacks(tmp_path):
    indicators = load_codelists(own_list(tmp_path, "units", HEADER + "people,P,P,P,,10\n"))["indicators"]
    assert {code.extra["unit"] for code in indicators} == {"people", ""}


def test_what_is_no_text_is_refused(tmp_path):
    folder = own_list(tmp_path, "themes", HEADER + "sante,Health,Santé,Salud,,10\n", "cp1252")
    with pytest.raises(CampaignError, match=r"themes\.csv is not written in UTF-8\. Save it as CSV UTF-8\."):
        load_codelist(folder, "themes")
    (tmp_path / "codelists" / "regions.csv").mkdir()
    with pytest.raises(CampaignError, match=r"regions\.csv cannot be read: "):
        load_codelist(folder, "regions")


def test_the_guide_names_every_list_and_column():
    guide = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in CODELISTS:
        row = next(line for line in guide.splitlines() if line.startswith(f"| `{name}.csv` |"))
        assert row.split("|")[3].strip() == ", ".join(f"`{column}`" for column in EXTRA_COLUMNS.get(name, ()))
    assert all(f"`{column}`" in guide for column in REQUIRED_COLUMNS)


def places_with(folder: Path, **lists: str) -> dict[str, tuple[str, str]]:
    """Return the places of the subregions and countries of a campaign with these lists."""
    for name, line in lists.items():
        own_list(folder, name, with_lines(name, line))
    codelists = load_codelists(CampaignFolder(folder))
    codes = [*codelists["subregions"], *codelists["countries"]]
    return {code.code: (code.extra["region"], code.parent or "") for code in codes}


def test_places_follow_a_campaigns_own_regions_and_subregions(tmp_path):
    found = places_with(tmp_path, regions="africa,Africa,,,,20")
    assert (found["western_africa"], found["western_europe"]) == (("africa", "africa"), ("", ""))
    assert (found["GHA"], found["FRA"]) == (("africa", "western_africa"), ("", "western_europe"))
    found = places_with(tmp_path, regions="sahel,Sahel,,,,10", subregions="western_africa,West,,,,10,sahel")
    assert (found["GHA"], found["KEN"]) == (("sahel", "western_africa"), ("", ""))

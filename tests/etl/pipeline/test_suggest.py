"""What the words of an action tell: suggested codes with the words shown for them, and traits it may share."""

import csv

import pytest

from dashboard.campaign.codelists import KEYWORDS, load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import CampaignError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.inputs.inbox import build_id
from etl.pipeline.listed_words import read_keywords
from tests.acceptance.published import REAL, needs_pledges
from tests.etl.campaigns import ACTIONS_RECIPE, ask, built, fields, make_campaign, recipe
from tests.etl.registers import table
from tests.shipped import LANGUAGES

COLUMNS = ("Ref", "Maker", "Promise", "How", "Effect", "Category", "Themes", "Where")
RECIPES = {"office_actions": ACTIONS_RECIPE + fields(impact="Effect")}
ROW = {"Ref": "1", "Maker": "Imaginary Makers"}


MAKERS = {
    "Imaginary Land - Ministry of Weaving": ("government", "Ministry"),
    "Ministère des Métiers imaginaires": ("government", "Ministère"),
    "Syndicat des tisserands": ("workers_organisation", "Syndicat des"),
    "Unión Industrial de Ningún Lugar": ("employers_organisation", "Unión Industrial"),
    "Nowhere Chamber of Commerce and Industry": ("employers_organisation", "Chamber of Commerce"),
    "Universidad de Ningún Lugar": ("academia", "Universidad de"),
    "Weaving Fiction Ltd.": ("business", "Ltd"),
    "Fondation des tisserands": ("civil_society", "Fondation"),
    "Imaginary European Union of Nowhere": ("regional_initiative", "European Union"),
    "United Nations University of Nowhere": ("un_international_organisation", "United Nations University"),
    "Foundation of the University": ("civil_society", "Foundation"),  # of two that say as much, the first
}
ROWS = {
    "languages": [
        {"Promise": "Train Kenyan labour inspectors", "How": "Workshops in Nairobi", "Effect": "on cocoa farms"},
        {"Promise": "Campagne de sensibilisation dans les écoles du Sénégal"},
        {"Promise": "Encuesta nacional sobre trabajo doméstico", "How": "en el Perú y Ecuador"},
    ],
    "makers": [{"Maker": maker, "Promise": "A university for ministries"} for maker in [*MAKERS, "Jo Example"]],
    "missing": [
        {"Promise": "Train farmers in Kenya", "Category": "Research", "Themes": "Data", "Where": "Peru"},
        {"Promise": "Train the farmers of Kenya", "Category": "Research", "Where": "Peru"},
        {"Promise": "Sample promise"},
    ],
    "words": [
        {"Promise": "Reach Guinea-Bissau and South Sudan, not Nigeria’s minefields"},
        {"Promise": "Une réunion avec Maurice: donnez-le à l'us"},
    ],
    "regions": [{"Promise": "Meet in West Africa"}, {"Promise": "From Ghana across West Africa"}],
    "many": [
        {"Promise": "Train, survey and campaign on mining, cocoa, school, data, law, trafficking and domestic work"}
    ],
}
"""Rows of one register; the suggestions for an action depend on its words alone."""


def read_suggestions(root, rows) -> dict[tuple[str, str, str], list[str]]:
    """Read, by action, field and code, the words that suggest it."""
    folder = make_campaign(root / "c", {"a.csv": table(COLUMNS, *rows)}, RECIPES)
    with built(folder) as con:
        found = ask(con, "select action_id, field, code, words, score from suggested_classes")
        assert all(0 < score < 1 for *_, score in found)
        assert ask(con, "select count(*) from action_themes") == [(sum(bool(row.get("Themes")) for row in rows),)]
        return {(action.removeprefix("OFF-"), field, code): words for action, field, code, words, _ in found}


@pytest.fixture(scope="module")
def suggestions(tmp_path_factory):
    """Return the suggestions for some of `ROWS`, by the number of the row, as `read_suggestions` gives them."""
    rows = [{**ROW, "Ref": f"{case}.{n}", **row} for case, some in ROWS.items() for n, row in enumerate(some, start=1)]
    found = read_suggestions(tmp_path_factory.mktemp("suggestions"), rows)

    def of_case(case: str) -> dict[tuple[str, str, str], list[str]]:
        of_actions = {(*action.split("."), field, code): words for (action, field, code), words in found.items()}
        return {(n, field, code): words for (own, n, field, code), words in of_actions.items() if own == case}

    return of_case


def test_words_in_three_languages_suggest_category_themes_and_countries(suggestions):
    assert suggestions("languages") == {
        ("1", "category", "training_or_capacity"): ["Train", "Workshops"],
        ("1", "themes", "legal_framework"): ["labour inspectors"],
        ("1", "themes", "agriculture"): ["cocoa", "farms"],
        ("1", "countries", "KEN"): ["Kenyan", "Nairobi"],
        ("2", "category", "awareness_advocacy"): ["Campagne de sensibilisation"],
        ("2", "themes", "education"): ["écoles"],
        ("2", "countries", "SEN"): ["Sénégal"],
        ("3", "category", "survey_or_statistics"): ["Encuesta nacional"],
        ("3", "themes", "data"): ["Encuesta"],
        ("3", "themes", "domestic_work"): ["trabajo doméstico"],
        ("3", "countries", "ECU"): ["Ecuador"],
        ("3", "countries", "PER"): ["el Perú"],
    }


def test_a_stakeholders_name_suggests_its_group(suggestions):
    groups = {
        int(number) - 1: (code, words)
        for (number, field, code), words in suggestions("makers").items()
        if "group" in field
    }
    assert groups == {place: (code, [words]) for place, (code, words) in enumerate(MAKERS.values())}


@pytest.mark.nightly
def test_only_what_is_missing_is_suggested_by_whole_words_and_not_too_much(suggestions):
    assert suggestions("missing") == {("2", "themes", "agriculture"): ["farmers"]}
    by_words = suggestions("words")
    assert {code for _, field, code in by_words if field == "countries"} == {"GNB", "SSD", "NGA"}
    assert "mining" not in {code for *_, code in by_words}
    assert by_words["1", "countries", "GNB"] == ["Guinea-Bissau"]  # the longest name
    places = {key for key in suggestions("regions") if key[1] in ("countries", "regions")}
    assert places == {("1", "regions", "western_africa"), ("2", "countries", "GHA")}  # a region where no country is
    fields = [field for _, field, _ in suggestions("many")]
    assert (fields.count("category"), fields.count("themes")) == (1, 3)


KEYWORDS_HEADER = "codelist,code,language,keyword\n"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("themes,sport,en,football", "sport is no code of themes.csv"),
        ("sports,data,en,football", "sports is not one of"),
        ("themes,data,German,Fußball", "the language German is not the code of one"),
        ("themes,data,en,foo*", "fewer than 4 letters"),
        ("themes,data,en,foot*ball", "is no keyword"),
        ("themes,data,en,one|two", "is no keyword"),
        ("themes,data,en,", "an empty cell is no keyword"),
    ],
)
def test_a_faulty_line_of_own_keywords_is_refused(tmp_path, line, fault):
    (tmp_path / "codelists").mkdir()
    (tmp_path / "codelists" / "keywords.csv").write_text(KEYWORDS_HEADER + line + "\n", encoding="utf-8")
    folder = CampaignFolder(tmp_path)
    with pytest.raises(CampaignError, match=r"keywords\.csv, line 2") as refused:
        read_keywords(folder, load_codelists(folder))
    assert fault in str(refused.value)


def test_shipped_keywords_of_codes_that_a_campaign_lacks_are_ignored(tmp_path):
    (tmp_path / "codelists").mkdir()
    themes = "code,label_en,label_fr,label_es,aliases,sort_order\neducation,Learning,,,,10\n"
    (tmp_path / "codelists" / "themes.csv").write_text(themes, encoding="utf-8")
    folder = CampaignFolder(tmp_path)
    read = read_keywords(folder, load_codelists(folder))
    assert {code for codelist, code, word in read if codelist == "themes" and word[0] != "-"} == {"education"}


def test_every_shipped_keyword_names_a_shipped_code():
    folder = CampaignFolder(SHIPPED_CAMPAIGN)
    with folder.codelist_file(KEYWORDS).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    codelists = load_codelists(folder)
    assert len(read_keywords(folder, codelists)) == len(lines)
    for name in ("stakeholder_groups", "categories", "themes"):
        for code in (c.code for c in codelists[name] if c.code not in ("unclassified", "other", "individual")):
            languages = {line["language"] for line in lines if (line["codelist"], line["code"]) == (name, code)}
            assert languages == set(LANGUAGES), code


def test_keywords_are_part_of_the_build_id(tmp_path):
    folder = CampaignFolder(tmp_path)
    before = build_id(folder, [], is_sample=False)
    (tmp_path / "codelists").mkdir()
    (tmp_path / "codelists" / "keywords.csv").write_text(KEYWORDS_HEADER, encoding="utf-8")
    assert build_id(folder, [], is_sample=False) != before


PLEDGES = recipe(
    "pledges_unread", "actions", "source_url|action_label",
    called="Pledges without what the compiler read into them", submission_id="source_url", stakeholder="organisation",
    title=("action_label", "required = true"),
)  # fmt: skip
GUESSED = {
    "legislation": "legislation_or_procurement",
    "programme_area_based": "area_based_programme",
    "education": "course_or_education",
}


@needs_pledges
def test_suggestions_for_the_real_pledges_agree_with_their_compiler_more_often_than_not(tmp_path):
    """The compiler read whole pages, the suggestions know a title of ten words and the stakeholder's name."""
    content = (REAL / "action_pledges_2021.csv").read_bytes()
    folder = make_campaign(tmp_path / "c", {"a.csv": content}, {"pledges_unread": PLEDGES})
    with (REAL / "action_pledges_2021.csv").open(encoding="utf-8-sig", newline="") as file:
        pledges = dict(enumerate(csv.DictReader(file), start=2))
    with built(folder) as con:
        rows = ask(
            con,
            "select source_row, field, s.code from suggested_classes as s inner join actions using (action_no)",
        )
    category = {row: code for row, field, code in rows if field == "category"}
    right = sum(GUESSED.get(guess, guess) == category.get(row) for row, guess in _column(pledges, "category_guess"))
    assert right / len(category) > 0.65
    assert right / len(pledges) > 0.55
    group = {row: code for row, field, code in rows if field == "stakeholder_group"}
    named = [row for row, name in _column(pledges, "organisation") if name]
    right = sum(code == pledges[row]["stakeholder_group"] for row, code in group.items())
    assert right / len(group) > 0.94
    assert right / len(named) > 0.8
    themes = {(row, code) for row, field, code in rows if field == "themes"}
    guessed = {(row, code) for row, cell in _column(pledges, "themes_guess") for code in cell.split(";") if code}
    assert len(themes & guessed) / len(themes) > 0.7
    assert len(themes & guessed) / len(guessed) > 0.4


def _column(pledges, name):
    return [(row, pledge[name]) for row, pledge in pledges.items()]


TRAIT_COLUMNS = ("Ref", "Maker", "Promise", "How", "Category", "Themes", "Where", "Language")
MANY = [f"{first}{vowel}{second}uk" for first in "bdfgl" for vowel in "iu" for second in "mnrt"]
TRAIT_ROWS = (
    {"Promise": "Training for cocoa farmers in Ghana against child labour", "How": "We visit schools",
     "Category": "Training", "Themes": "Agriculture;Education", "Where": "Ghana"},
    {"Promise": "Train a farmer in Ghana", "How": "Cocoa. Inspections at school",
     "Category": "Training", "Themes": "Agriculture", "Where": "Ghana;Kenya"},
    {"Promise": "L'école inspectée", "How": "Formations des enseignants", "Themes": "Education", "Where": "Togo"},
    {"Promise": "Écoles et enseignantes", "How": "La formation", "Themes": "Education", "Where": "Togo"},
    {"Promise": "Xylophones", "Category": "Other"},
    *[{"Promise": "Wuruk zuruk", "How": " ".join(reversed(MANY))}] * 2,
    *({"Promise": "Quiet", "How": f"{sign}ituk"} for sign in "hjkmnp"),
)  # fmt: skip


@pytest.fixture(scope="module")
def traits(tmp_path_factory) -> dict[tuple[str, str], dict[str, tuple[str, float]]]:
    """Return by action and kind of trait: the compared texts, as the action writes them and with their weight."""
    makers = ({"Ref": f"{n}", "Maker": f"Imaginary Makers {n}"} | row for n, row in enumerate(TRAIT_ROWS, 1))
    export = table(TRAIT_COLUMNS, *makers)
    root = tmp_path_factory.mktemp("traits") / "c"
    folder = make_campaign(root, {"a.csv": export}, {"office_actions": ACTIONS_RECIPE})
    with built(folder) as connection:
        rows = ask(
            connection,
            "select replace(a.action_id, 'OFF-', ''), t.kind, t.trait, t.written, t.weight "
            "from action_traits as t inner join actions as a using (action_no)",
        )
    found: dict[tuple[str, str], dict[str, tuple[str, float]]] = {}
    for action, kind, trait, written, weight in rows:
        found.setdefault((action, kind), {})[trait] = (written, weight)
    return found


def test_words_are_compared_without_their_endings_and_shown_as_they_are_written(traits):
    first, second = traits["1", "word"], traits["2", "word"]
    assert {trait: (first[trait][0], second[trait][0]) for trait in first} == {
        "train": ("training", "train"),
        "farm": ("farmers", "farmer"),
        "coco": ("cocoa", "cocoa"),
        "school": ("schools", "school"),
    }
    written = {written for written, _ in traits["3", "word"].values()}
    assert written == {"école", "enseignants", "formations", "inspectée"}
    assert traits["3", "word"].keys() & traits["4", "word"].keys() == {"ecol", "enseignant", "format"}
    assert traits["2", "word"]["inspect"][0] == "inspections"


def test_little_words_those_of_the_campaigns_title_places_and_what_nobody_else_says_are_left_out(traits):
    said = {trait for (_, kind), words in traits.items() if kind == "word" for trait in words}
    assert said.isdisjoint({"for", "the", "des", "child", "labour", "ghan", "visit", "xylophon", "against"})
    assert ("5", "word") not in traits


def test_codes_are_traits_but_not_what_is_not_classified_or_other(traits):
    assert set(traits["1", "theme"]) == {"theme:agriculture", "theme:education"}
    assert set(traits["2", "country"]) == {"country:GHA", "country:KEN"}
    assert set(traits["1", "region"]) == {"region:africa"}
    assert not [kind for action, kind in traits if action == "5"]


def test_the_rare_weighs_more_the_title_twice_and_all_of_a_kind_is_one(traits):
    themes = traits["1", "theme"]
    assert themes["theme:agriculture"][1] > themes["theme:education"][1]  # two actions have it, not three
    assert sum(weight**2 for _, weight in themes.values()) == pytest.approx(1)
    words = traits["1", "word"]
    assert words["coco"][1] == pytest.approx(2 * words["school"][1])
    assert sum(weight**2 for _, weight in words.values()) < 1  # `visit` stands there as well


def test_of_many_words_the_thirty_most_telling_stay_and_the_others_count_in_the_weight(traits):
    found = {trait: weight for trait, (_, weight) in traits["6", "word"].items()}
    assert sorted(found) == sorted([*sorted(MANY)[:28], "wuruk", "zuruk"])
    assert found["wuruk"] == pytest.approx(2 / (2 * 4 + len(MANY)) ** 0.5, rel=1e-6)
    assert found[sorted(MANY)[0]] == pytest.approx(1 / (2 * 4 + len(MANY)) ** 0.5, rel=1e-6)

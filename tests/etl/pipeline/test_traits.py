"""The traits that an action may share with others: the comparison of words, empty words, and the weights."""

import pytest

from tests.etl.campaigns import ACTIONS_RECIPE, ask, built, make_campaign
from tests.etl.registers import table

COLUMNS = ("Ref", "Maker", "Promise", "How", "Category", "Themes", "Where", "Language")
MANY = [f"{first}{vowel}{second}uk" for first in "bdfgl" for vowel in "iu" for second in "mnrt"]
ROWS = (
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
    export = table(COLUMNS, *({"Ref": f"{n}", "Maker": f"Imaginary Makers {n}"} | row for n, row in enumerate(ROWS, 1)))
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

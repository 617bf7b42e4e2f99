"""Parts of recipes: known headers that they share, rows that they leave out, words that say nothing."""

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.inputs.inbox import build_id
from etl.recipes.recipe_file import load_recipes
from tests.etl.campaigns import built, make_campaign
from tests.etl.together import Campaign, Together

RECIPE = """
id = "office"
title = "Register of one office"
holds = "actions"
use = ["office_words"]
[recognise]
headers = ["Ref"]
[fields.title]
required = true
[fields.themes]
headers = ["Subjects"]
"""
WORDS = """
[office_words.fields.title]
headers = ["Vow", "Promise"]
[office_words.fields.themes]
headers = ["Themes"]
[office_words.values.themes]
Farms = "agriculture"
Anything = []
"""
EXPORT = "Ref,Promise,Themes,Subjects,State\n1,Mend nets,Mining,Farms,\n2,Sing,Mining,Anything,Trial\n3,Dance,,Qwx,\n"


together = Together({"_headers": WORDS}, makers=("Promise",))
together.add("known headers", Campaign({"register.csv": EXPORT}, {"office": RECIPE}))


def test_a_set_of_known_headers_fills_what_the_recipe_leaves_open(campaigns):
    connection = campaigns("known headers")
    titles = connection.execute("select title from actions order by title").fetchall()
    assert titles == [("Dance",), ("Mend nets",), ("Sing",)]
    themes = "select title, theme from actions join action_themes using (action_no)"
    assert connection.execute(themes).fetchall() == [("Mend nets", "agriculture")]


def test_a_word_that_maps_to_nothing_is_not_listed(campaigns):
    assert campaigns("known headers").execute("select value from unmatched_values").fetchall() == [("Qwx",)]


def test_an_unknown_set_is_refused_with_those_that_are_known(tmp_path):
    folder = make_campaign(tmp_path, {"register.csv": EXPORT}, {"office": RECIPE.replace("office_words", "nothing")})
    with pytest.raises(UserError, match="uses the unknown headers “nothing”.*submission_form"), built(folder):
        pass


def test_another_set_of_headers_makes_another_build(tmp_path):
    ids = set()
    for number, words in enumerate((WORDS, WORDS.replace("Vow", "Oath"))):
        folder = make_campaign(tmp_path / str(number), {"register.csv": EXPORT}, {"office": RECIPE, "_headers": words})
        ids.add(build_id(folder, [], is_sample=False))
    assert len(ids) == 2


def test_a_recipe_that_a_preview_brings_takes_the_campaigns_own_sets(tmp_path):
    own = "[submission_form.fields.title]\nheaders = ['Vow']\n"
    folder = make_campaign(tmp_path / "campaign", {}, {"_headers": WORDS + own})
    (tmp_path / "settings" / "recipes").mkdir(parents=True)
    brought = RECIPE.replace('["office_words"]', '["submission_form", "office_words"]').replace('"Ref"', '"No"')
    (tmp_path / "settings" / "recipes" / "office.toml").write_text(brought, encoding="utf-8")
    recipes = {one.id: one for one in load_recipes(CampaignFolder(folder.root, tmp_path / "settings"))}
    assert recipes["office"].fields["title"].headers == ("Vow",)  # and not the shipped form's
    assert recipes["office"].values["themes"] == {"Farms": ("agriculture",), "Anything": ()}


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        (
            'headers = ["S*"]\nvalues = ["trial", ""]\nreason = "a trial"\n[[leave_out]]\n'
            'headers = ["Ref"]\nvalues = ["2"]\nreason = "what the rule before has left out"',
            [(3, "Subjects", "Anything")],
        ),
        ('headers = ["State"]\nvalues = [""]\nreason = "a trial"', [(2, "State", None), (4, "State", None)]),
        ('headers = ["Nowhere"]\nvalues = [""]\nreason = "a trial"', []),
    ],
)
@together.test
def test_rows_that_the_tool_marks_are_left_out_and_accounted_for(rule, rows):
    connection = yield Campaign({"register.csv": EXPORT}, {"office": f"{RECIPE}\n[[leave_out]]\n{rule}\n"})
    found = connection.execute("select source_row, field, value, reason from rejected_rows order by 1").fetchall()
    assert found == [(*row, "left out, as the recipe says: a trial") for row in rows]
    account = connection.execute("select rows_read, rows_accepted, rows_rejected from input_files").fetchall()
    assert account == [(3, 3 - len(rows), len(rows))]

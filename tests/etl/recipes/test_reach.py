"""What a recipe can say beyond one column a field: the first filled of several columns, a key of several."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from etl.recipes.known_headers import RecipeError
from etl.recipes.recipe_file import load_recipe
from tests.etl.campaigns import built, make_campaign

HEAD = """
id = "office"
title = "Register of one office"
holds = "actions"
"""
BOTH = (
    HEAD
    + """
[read]
blank = ["to be assessed"]
separators = [";"]
[fields.submission_id]
all_of = [["Programme", "Programa"], "No"]
[fields.stakeholder]
headers = ["Maker"]
[fields.title]
headers = ["Promise"]
[fields.countries]
first_of = ["Where it was done", "Land*"]
[fields.status]
first_of = ["End of term", ["Half way", "Mi-parcours"]]
[constants]
reported_on = "2021-06-30"
"""
)


def ask(root: Path, recipe: str, exports: dict[str, str], *queries: str) -> list[Sequence[Any]]:
    with built(make_campaign(root, exports, {"office": recipe})) as connection:
        return [connection.execute(query).fetchall() for query in queries]


def test_the_first_filled_column_of_each_row_counts_and_two_columns_are_one_key(tmp_path):
    export = (
        "Programme,No,Maker,Promise,Half way,End of term,Where it was done,Land 1,Land 2\n"
        "KE,1,Imaginary Club,Open a school,Not started,Completed,Kenya,Peru,\n"
        "KE,2,Imaginary Club,Close a pit,Completed,To be assessed,,Peru,Chile\n"
        "PE/1,2,Imaginary Club,Mend nets,In progress,,,,\n"
        "PE,1/2,Sample Union,Mend nets,,,,,\n"
        "PE,,Sample Union,Sing,,,,,\n"
    )
    statuses, places, ids, uses = ask(
        tmp_path,
        BOTH,
        {"register.csv": export},
        "select action_id, status from progress_reports order by 1",
        "select action_id, string_agg(iso3, ' ' order by iso3) from action_countries group by 1 order by 1",
        "select action_id from actions where submission_id is not null order by 1",
        "select distinct use from input_columns",
    )
    assert statuses == [("KE/1", "completed"), ("KE/2", "completed"), ("PE%2F1/2", "in_progress")]
    assert places == [("KE/1", "KEN"), ("KE/2", "CHL PER")]
    assert ids == [("KE/1",), ("KE/2",), ("PE%2F1/2",), ("PE/1%2F2",)]
    assert uses == [("field",)]


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        (BOTH.replace('headers = ["Maker"]', 'all_of = ["Maker", "No"]'), "all_of makes ids"),
        (BOTH.replace('headers = ["Maker"]', 'headers = ["Maker"]\nfirst_of = ["No"]'), "only one of"),
        (BOTH.replace('"Programa"], "No"]', '"Programa"]]'), "two columns or more"),
    ],
)
def test_what_a_recipe_cannot_mean_is_refused(tmp_path, recipe, sentence):
    (tmp_path / "office.toml").write_text(recipe, encoding="utf-8")
    with pytest.raises(RecipeError, match=sentence):
        load_recipe(tmp_path / "office.toml")

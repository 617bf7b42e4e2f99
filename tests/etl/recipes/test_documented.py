"""docs/recipes.md: its recipes are valid, its example comes out as printed, and every key and field is on the page."""

import re
import tomllib

import pytest
from pydantic import BaseModel

from dashboard.paths import PROJECT
from etl.recipes import recipe_file
from etl.recipes.fields import FIELDS
from tests.etl.campaigns import make_campaign, read_recipe_file
from tests.etl.program import run_etl
from tests.etl.together import Campaign, Together

PAGE = (PROJECT / "docs" / "recipes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
RECIPES = {
    tomllib.loads(text)["id"]: text for kind, text in BLOCKS if kind == "toml" and text.lstrip().startswith("id =")
}
EXAMPLE = next(text for kind, text in BLOCKS if kind == "csv")
OUTPUT = next(text for kind, text in BLOCKS if kind == "text")


TOOLS = ("qualtrics_progress", "surveymonkey_actions")
together = Together({name: RECIPES[name] for name in TOOLS})


def test_the_example_prints_what_the_page_shows(tmp_path, monkeypatch):
    folder = make_campaign(tmp_path / "campaign", {}, {"mangrove_promises": RECIPES["mangrove_promises"]})
    (folder.inbox / "README.md").touch()  # as in a fresh clone, where the samples are shown
    folder.samples.mkdir()
    (folder.samples / "sample.csv").write_text(EXAMPLE.replace("P1;", "P9;"), encoding="utf-8")
    export = tmp_path / "mangrove-promises.csv"
    export.write_text(EXAMPLE, encoding="utf-8")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder.root))
    assert words(run_etl("check", export).stdout) == words(OUTPUT)


def words(printed: str) -> list[str]:
    """Return the printed words, without frames and blanks: their width depends on the terminal."""
    return re.sub(r"[─-╿|\s]+", " ", printed).split()


def test_every_recipe_on_the_page_is_valid(tmp_path):
    for recipe, text in RECIPES.items():
        path = tmp_path / f"{recipe}.toml"
        path.write_text(text, encoding="utf-8")
        assert read_recipe_file(path).id == recipe


@pytest.mark.parametrize(
    ("recipe", "export", "wanted"),
    [
        (
            "qualtrics_progress",
            "ResponseId,RecordedDate,Q1,Q2,Q4,Q7_1,Q7_2\n"
            'Response ID,Recorded Date,Number,Action,"Where does it\nstand?",Support - Training,Support - Funding\n'
            + ",".join(f'"{{""ImportId"":""{name}""}}"' for name in "abcdefg")
            + "\nR_1,2021-12-01 10:00:00,,An action,3,Training,\nR_2,2021-12-02 10:00:00,,Another,2,,Funding\n",
            {"select status from progress_reports order by 1": [("completed",), ("in_progress",)],
             "select answer from survey_answers order by 1": [("funding",), ("training",)]},
        ),
        (
            "surveymonkey_actions",
            "Respondent ID,Date Submitted,Your organisation,Name of your action,Which themes?,,,Email\n"
            ",,Response,Response,Farming,Mining,Other (please specify),Response\n"
            "11,03/29/2021,Fictional Friends,Open a school,Farming,,,a@example.org\n"
            "12,04/02/2021,Sample Club,Close a pit,Farming,Mining,,b@example.org\n",
            {"select action_id, theme from action_themes order by all":
             [("SM-11", "agriculture"), ("SM-12", "agriculture"), ("SM-12", "mining")],
             "select submitted_on::varchar from actions order by 1": [("2021-03-29",), ("2021-04-02",)]},
        ),
    ],
)  # fmt: skip
@together.test
def test_the_recipes_of_the_page_read_what_those_tools_write(recipe, export, wanted):
    connection = yield Campaign({"export.csv": export}, is_signed=False)
    assert connection.execute("select recipe from input_files").fetchall() == [(recipe,)]
    for sql, rows in wanted.items():
        assert connection.execute(sql).fetchall() == rows


def test_every_key_and_field_is_on_the_page():
    parts = (part for part in vars(recipe_file).values() if isinstance(part, type) and issubclass(part, BaseModel))
    keys = {name for part in parts for name in part.model_fields}
    fields = {field.name for kind in FIELDS.values() for field in kind}
    missing = [name for name in sorted(keys | fields) if not re.search(rf"`\[*{name}[.\]`]", PAGE)]
    assert missing == []
    assert [kind for kind in FIELDS if f"`{kind}`" not in PAGE] == []


def test_every_shipped_recipe_is_on_the_page():
    shipped = {path.stem for path in (PROJECT / "data" / "recipes").glob("[!_]*.toml")}
    assert {name for name in shipped if f"| `{name}` |" in PAGE} == shipped

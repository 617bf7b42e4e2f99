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


together = Together({"qualtrics_progress": RECIPES["qualtrics_progress"]})


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


@pytest.mark.nightly
@together.test
def test_the_recipe_of_qualtrics_reads_what_qualtrics_writes():
    export = (
        "ResponseId,RecordedDate,Q1,Q2,Q4,Q7_1,Q7_2\n"
        'Response ID,Recorded Date,Number,Action,"Where does it\nstand?",Support - Training,Support - Funding\n'
        + ",".join(f'"{{""ImportId"":""{name}""}}"' for name in "abcdefg")
        + "\nR_1,2021-12-01 10:00:00,,An action,3,Training,\nR_2,2021-12-02 10:00:00,,Another,2,,Funding\n"
    )
    connection = yield Campaign({"export.csv": export}, is_signed=False)
    assert connection.execute("select recipe from input_files").fetchall() == [("qualtrics_progress",)]
    statuses = connection.execute("select status from progress_reports order by 1").fetchall()
    assert statuses == [("completed",), ("in_progress",)]
    assert connection.execute("select answer from survey_answers order by 1").fetchall() == [
        ("funding",),
        ("training",),
    ]


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

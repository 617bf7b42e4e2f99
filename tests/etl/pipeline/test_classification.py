"""Additions of staff to a submission: field by field, the last row that fills a field counts."""

import pytest

from tests.etl.campaigns import ACTIONS_RECIPE, CLASSIFICATION_RECIPE, REPORTS_RECIPE, ask, fields
from tests.etl.registers import table
from tests.etl.together import Campaign, Together

ACTIONS = ("Ref", "Maker", "Promise", "How", "Sent", "Due", "Kind of maker", "Category", "Themes", "Where", "Language")
CLASSES = ("Ref", "Coded by staff", "Kind of maker", "Category", "Themes", "Where", "Part", "Language", "Due")
RECIPES = {
    "office_actions": ACTIONS_RECIPE + fields(regions="Part"),
    "office_reports": REPORTS_RECIPE,
    "office_classes": CLASSIFICATION_RECIPE + fields(regions="Part", language="Language", due_on="Due"),
}
SAID = {
    "Kind of maker": "Business", "Category": "Research", "Themes": "Mining", "Where": "Kenya", "Language": "English",
    "Due": "2021-06-01",
}  # fmt: skip
AS_SAID = {
    "stakeholder_group": "business", "category": "research", "themes": ["mining"], "countries": ["KEN"],
    "language": "en", "due_on": "2021-06-01",
}  # fmt: skip


def submission(**cells) -> dict[str, str]:
    return {"Ref": "1", "Maker": "Imaginary Makers", "Promise": "Weave"} | SAID | cells


def coded(**cells) -> dict[str, str]:
    return {"Ref": "1", "Coded by staff": "x"} | {name.replace("_", " "): cell for name, cell in cells.items()}


def classes(connection, ref="1") -> dict[str, object]:
    """Return the classification of an action."""
    found = connection.execute(
        "select stakeholder_group, category, language, due_on::varchar, named(classification_file), classification_row "
        "from actions where action_id = $id",
        {"id": f"OFF-{ref}"},
    ).fetchone()
    names = ("stakeholder_group", "category", "language", "due_on", "file", "row")
    members = {
        "themes": "select theme from action_themes where action_id = $id order by 1",
        "countries": "select iso3 from action_countries where action_id = $id order by 1",
        "regions": "select region from action_regions where action_id = $id order by 1",
    }
    codes = {name: ask(connection, query, {"id": f"OFF-{ref}"}) for name, query in members.items()}
    return dict(zip(names, found, strict=True)) | {name: [code for (code,) in rows] for name, rows in codes.items()}


SUBMITTED = {"a.csv": table(ACTIONS, submission())}
together = Together(RECIPES)


def account(connection) -> dict[str, list[int]]:
    rows = ask(
        connection,
        "select named(source_file) as file, rows_accepted, rows_merged, rows_rejected from input_files "
        "where file <> 'a.csv'",
    )
    return {name: counts for name, *counts in rows}


@together.test
def test_two_sheets_add_up():
    sheets = {
        "b.csv": table(CLASSES, coded(Themes="Education;Data", Kind_of_maker="Other")),
        "c.csv": table(CLASSES, coded(Where="Peru", Due="2021-09-30", Language="Español")),
    }
    con = yield {**SUBMITTED, **sheets}
    found = classes(con)
    assert found["themes"] == ["data", "education"]
    assert found["countries"] == ["PER"]
    assert (found["stakeholder_group"], found["category"]) == ("other", "research")
    assert (found["language"], found["due_on"]) == ("es", "2021-09-30")
    assert (found["file"], found["row"]) == ("c.csv", 2)
    assert account(con) == {"b.csv": [1, 0, 0], "c.csv": [1, 0, 0]}


@together.test
def test_a_row_all_of_whose_fields_are_overruled_is_merged():
    rows = (coded(Category="Other"), coded(Category="Research", Themes="Data"), coded(Category="Other"))
    con = yield {**SUBMITTED, "b.csv": table(CLASSES, *rows)}
    assert classes(con)["category"] == "other"
    assert classes(con)["themes"] == ["data"]
    assert ask(con, "select source_row, kept_action_id, why from merged_rows") == [
        (2, "OFF-1", "classified again further down: the last row that fills a field is kept")
    ]
    assert account(con) == {"b.csv": [2, 1, 0]}


@together.test
def test_countries_and_regions_are_one_field():
    sheets = {"b.csv": table(CLASSES, coded(Where="Peru")), "c.csv": table(CLASSES, coded(Part="Africa"))}
    con = yield {**SUBMITTED, **sheets}
    assert (classes(con)["countries"], classes(con)["regions"]) == ([], ["africa"])
    assert account(con) == {"b.csv": [0, 1, 0], "c.csv": [1, 0, 0]}


STATED = {
    "Maghreb": ("africa", None, "maghreb"), "Le Sahel": ("africa", None, "sahel"), "MENA": (None, None, "mena"),
    "LAC": ("americas", None, "lac"), "SSA": ("africa", None, "sub_saharan_africa"), "Africa": ("africa", None, None),
    "CEDEAO": ("africa", "western_africa", "ecowas"), "Caribbean": ("americas", "caribbean", None),
}  # fmt: skip
"""Words in a column of places: the region, the subregion and the grouping that a row which says no more is in."""


@together.test
def test_a_row_that_states_a_grouping_is_in_it_and_in_the_one_region_of_its_countries():
    rows = [submission(Ref=str(n), Promise=word, Where=word) for n, word in enumerate(STATED)]
    con = yield {"a.csv": table(ACTIONS, *rows)}
    query = "select title, dimension, nullif(member, 'unclassified') from actions join action_members using (action_no)"
    found = {(word, dimension): member for word, dimension, member in ask(con, query)}
    assert {
        word: tuple(found.get((word, dimension)) for dimension in ("region", "subregion", "grouping"))
        for word in STATED
    } == STATED
    assert ask(con, "select count(*) from unmatched_values") == [(0,)]


FIELDS = {
    "Kind of maker": "stakeholder_group", "Category": "category", "Themes": "themes", "Where": "countries",
    "Part": "countries", "Language": "language", "Due": "due_on",
}  # fmt: skip


together.add(
    "unknown words",
    Campaign(
        {"a.csv": table(ACTIONS, *(submission(Ref=str(n), Promise=f"Weave {n}") for n, _ in enumerate(FIELDS)))}
        | {
            f"b{n}.csv": table(CLASSES, {"Ref": str(n), "Coded by staff": "x", header: "Zzyzx"})
            for n, header in enumerate(FIELDS)
        }
    ),
)


@pytest.mark.parametrize("header", FIELDS)
def test_what_matches_no_code_leaves_every_field_as_submitted(campaigns, header):
    con, number = campaigns("unknown words"), list(FIELDS).index(header)
    found = classes(con, str(number))
    assert found == found | AS_SAID | {"file": f"b{number}.csv", "row": 2}
    unmatched = "select value, rows from unmatched_values where named(source_file) = $file"
    assert ask(con, unmatched, {"file": f"b{number}.csv"}) == [("Zzyzx", 1)]
    assert account(con)[f"b{number}.csv"] == [1, 0, 0]
    assert FIELDS[header] in AS_SAID


@together.test
def test_what_matches_no_code_leaves_an_earlier_sheet_standing():
    rows = (coded(Category="Other", Themes="Data"), coded(Category="Zzyzx", Themes="Zzyzx; Education"))
    sheet = table(CLASSES, coded(), *rows, coded())  # and rows that say nothing change nothing
    con = yield {**SUBMITTED, "b.csv": sheet}
    found = classes(con)
    assert (found["category"], found["themes"], found["row"]) == ("other", ["education"], 4)
    assert account(con) == {"b.csv": [3, 1, 0]}

"""Choose the newest of several versions of a register: by its name, by a stated order, by its latest report."""

import duckdb
import pytest

from etl.pipeline.versions import VersionError, date_in_name, number_versions
from etl.recipes.recipe_file import Recipe
from tests.etl.campaigns import ask


def number(rule: dict[str, object], *files: str) -> list[str]:
    """Return the files from the oldest to the newest."""
    told = {"id": "office", "title": "Register", "holds": "actions", "fields": {"title": {"headers": "T"}}}
    recipe = Recipe.model_validate({**told, "replaces": rule})
    with duckdb.connect() as connection:
        connection.execute("create table file_versions (file_name text, family int, version_no int, is_newest bool)")
        connection.execute("create table sheets (sheet_no int, file_name text)")
        for table in ("staged_actions", "staged_progress_reports"):
            connection.execute(f"create table {table} (sheet_no int, reported_on date, submitted_at_day date)")
        for i, name in enumerate(files):
            connection.execute("insert into sheets values (?, ?)", (i, name))
            connection.execute("insert into staged_actions values (?, null, ?)", (i, f"2021-0{9 - i}-01"))
        number_versions(connection, [(name, recipe) for name in files])
        rows = ask(connection, "select file_name, is_newest from file_versions order by version_no")
    assert [is_newest for _, is_newest in rows] == [False] * (len(rows) - 1) + [True] * bool(rows)
    return [name for name, _ in rows]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("companies_taking_action_2021-09.xlsx", "2021-09-30"),
        ("register 20210930 final.csv", "2021-09-30"),
        ("2021_02.csv", "2021-02-28"),
        ("register-2021-Q3.csv", "2021-09-30"),
        ("archive.zip/of 2019, seen 2020.01.15.csv", "2020-01-15"),
        ("register_2021-2022.csv", "2022-12-31"),
        ("register_v2.csv", "None"),
        ("register_1202155.csv", "None"),
    ],
)
def test_the_date_in_a_name(name, day):
    assert str(date_in_name(name)) == day


def test_versions_are_ordered_as_the_recipe_says():
    assert number({"newest_by": "date_in_name"}, "r_2021-12.csv", "r_2021-09-15.csv") == [
        "r_2021-09-15.csv", "r_2021-12.csv",
    ]  # fmt: skip
    order = {"newest_by": "order", "order": ["*draft*", "*final*"], "file_names": ["r_*"]}
    assert number(order, "r_final.csv", "r_draft.csv", "other.csv") == ["r_draft.csv", "r_final.csv"]
    assert number({"newest_by": "last_report"}, "a.csv", "b.csv") == ["b.csv", "a.csv"]
    assert number({"newest_by": "date_in_name"}, "alone.csv") == []  # nothing to compare


@pytest.mark.parametrize(
    ("rule", "files", "sentence"),
    [
        ({"newest_by": "date_in_name"}, ("r_2021.csv", "r.csv"), "r.csv .* no date in its name"),
        ({"newest_by": "date_in_name"}, ("r_2021-12.csv", "r_2021.csv"), "r_2021-12.csv is just as new"),
        ({"newest_by": "order", "order": ["*1*", "*2*"]}, ("r_1.csv", "r_12.csv"), "r_12.csv .* or several"),
    ],
)
def test_what_cannot_be_told_is_refused(rule, files, sentence):
    with pytest.raises(VersionError, match=sentence):
        number(rule, *files)

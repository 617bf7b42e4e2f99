"""Names in place of handles, in rows and in frames alike: files, sheets and columns of staff's lists."""

import pandas as pd

from dashboard.campaign.file_names import FileNames

NAMES = FileNames(
    [
        ("f1", "s1", "Register.xlsx", "January"),
        ("f1", "s2", "Register.xlsx", "Older"),
        ("f2", None, "a.csv", None),
        ("f3", None, "pack.zip/b.csv", None),
        ("f4", None, "pack.zip/c.csv", None),
    ],
    [("h1", "Sent by")],
)


def test_rows_and_frames_say_the_names_of_files_sheets_and_columns():
    row = {"source_file": "f1", "sheet": "s1", "other_sheet": "s2", "header": "h1", "proposed": None}
    named = {"source_file": "Register.xlsx", "sheet": "January", "other_sheet": "Older", "header": "Sent by"}
    assert NAMES.rename(row) == {**named, "proposed": None}
    assert NAMES.show(pd.DataFrame([row])).drop(columns="proposed").to_dict("records") == [named]
    assert NAMES.rename({"source_file": "f2", "sheet": None, "first_file": "f1"}) == {
        "source_file": "a.csv", "sheet": None, "first_file": "Register.xlsx",
    }  # fmt: skip
    assert NAMES.rename({"sheet": "s1"}) == {"sheet": "s1"}, "a sheet is one of a file"


def test_a_file_is_found_by_its_name_and_those_in_an_archive_by_that_of_the_archive():
    assert [NAMES.handles_in(name) for name in ("a.csv", "pack.zip", "f9")] == [["f2"], ["f3", "f4"], ["f9"]]

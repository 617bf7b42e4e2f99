"""`etl row`: the original row behind a row of the snapshot, and the reading of each sheet."""

import json

import duckdb
import pytest

from dashboard.campaign.file_names import find_names
from etl.commands.row import LineageError, read_row
from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.files import write_workbook, write_zip
from tests.etl.program import published, run_on
from tests.etl.registers import HEADER, action

HEADERS = ["Ref", "Maker", "Promise", "E-mail (or write to office@example.org)", "How", "Name"]
ROW = ["1", "Imaginary Union", "First", "one@example.org", "Ask two@example.org or +41 22 000 00 00 22", "Ann Sample"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a published campaign of a workbook with two sheets, a text file and an archive."""
    place = tmp_path_factory.mktemp("lineage")
    folder = make_campaign(place / "c", {"a.csv": HEADER + action("7", promise="Text")})
    write_zip(
        folder.inbox / "all.zip",
        {"office/packed.csv": HEADER + action("9", promise="Packed", Email="nine@example.org")},
    )
    rows = [["Register of the office"], [], HEADERS, ROW, [None] * 6, ["2", "Fictional Guild", "Second"]]
    sheets = {"Actions": rows, "Notes": [["Colour", "Who"], ["red", "Ann Sample"]]}
    write_workbook(folder.inbox / "book.xlsx", sheets)
    publish_campaign(folder)
    return folder


def sheets(folder):
    snapshot = folder.published / published(folder)["snapshot"]
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        rows = connection.execute("from input_sheets order by all").fetchall()
        names = [column[0] for column in connection.description]
    real = find_names(snapshot)
    return {(real.file(row[0]), real.sheet(*row[:2])): dict(zip(names, row, strict=True)) for row in rows}


def test_every_sheet_tells_how_it_was_read(folder):
    found = sheets(folder)
    assert set(found) == {
        ("a.csv", None),
        ("all.zip/office/packed.csv", None),
        ("book.xlsx", "Actions"),
        ("book.xlsx", "Notes"),
    }
    actions = found["book.xlsx", "Actions"]
    assert (actions["recipe"], actions["kind"], actions["header_row"]) == ("office_actions", "actions", 3)
    real = find_names(folder.published / published(folder)["snapshot"])
    headers = [*HEADERS[:3], "E-mail (or write to […])", *HEADERS[4:]]
    assert [real.header(handle) for handle in actions["headers"]] == headers
    assert [header for header in headers if header not in actions["headers"]] == [headers[3], headers[5]]
    assert actions["personal_columns"] == [3, 5]
    assert (actions["rows_read"], actions["rows_accepted"]) == (2, 2)
    notes = found["book.xlsx", "Notes"]
    assert (notes["recipe"], notes["kind"], notes["header_row"], notes["headers"]) == (None, None, None, [])
    for sheet in found.values():
        assert sheet["rows_read"] == sheet["rows_accepted"] + sheet["rows_merged"] + sheet["rows_rejected"]


def test_row_comes_without_what_is_personal(folder):
    done = run_on(folder, "row", "book.xlsx", "4", "--json")
    assert json.loads(done.stdout) == {
        "file": "book.xlsx",
        "sheet": "Actions",
        "row": 4,
        "headers": ["Ref", "Maker", "Promise", "How"],
        "cells": ["1", "Imaginary Union", "First", "Ask […] or […]"],
        "came_from": None,
    }
    assert "Imaginary Union" in run_on(folder, "row", "book.xlsx", "4").stdout


@pytest.mark.nightly
def test_row_is_found_by_its_own_names_and_by_what_the_snapshot_calls_file_and_sheet(folder):
    handles = {real: (sheet["source_file"], sheet["sheet"]) for real, sheet in sheets(folder).items()}
    file, sheet = handles["book.xlsx", "Actions"]
    assert file.startswith("Register of one office ")
    assert sheet == "1"
    row = read_row(folder, file, 4, sheet=sheet)
    assert (row["file"], row["sheet"], row["cells"][1]) == ("book.xlsx", "Actions", "Imaginary Union")
    packed, _ = handles["all.zip/office/packed.csv", None]
    assert read_row(folder, packed, 2)["cells"][2] == "Packed"
    by_name = read_row(folder, "all.zip/office/packed.csv", 2)
    assert (by_name["cells"][2], "Email" in by_name["headers"]) == ("Packed", False)
    assert read_row(folder, "a.csv", 2)["cells"][:3] == ["7", "Fictional Union", "Text"]
    assert read_row(folder, "book.xlsx", 1)["cells"][0] == "Register of the office"
    assert read_row(folder, "book.xlsx", 6, sheet="Actions")["cells"][0] == "2"


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (("book.xlsx", 5), {}, "has no row 5, or it is blank"),
        (("book.xlsx", 99), {}, "has no row 99"),
        (("other.csv", 2), {}, "no file other.csv"),
        (("book.xlsx", 2), {"sheet": "Other"}, "has no sheet 'Other'"),
        (("book.xlsx", 2), {"sheet": "Notes"}, "No recipe reads sheet “Notes”"),
        (("book.xlsx", 4), {"build": "0123"}, "build 0123 is not kept"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_sentence(folder, arguments, options, words):
    with pytest.raises(LineageError, match=words):
        read_row(folder, *arguments, **options)


def test_what_was_not_published_or_is_not_kept_any_more_is_told(published_once, tmp_path):
    with pytest.raises(LineageError, match="Nothing has been published"):
        read_row(make_campaign(tmp_path / "new", {}), "first.csv", 2)
    folder = copy_campaign(published_once, tmp_path / "c")
    for path in (folder.private / "inputs").iterdir():
        path.unlink()
    with pytest.raises(LineageError, match="not kept any more"):
        read_row(folder, "first.csv", 2)

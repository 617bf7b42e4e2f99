"""Handles: a snapshot calls files and sheets by names that reveal nothing of theirs, the same ones in every build."""

from etl.inputs.handles import UNREAD, name_files, name_sheet
from etl.readers.sheets import Sheet

TITLES = {f"office {number} of Ann Sample.csv": "Register of one office" for number in range(60)}


def sheet(name):
    return Sheet(name, 1, ())


def test_a_file_keeps_its_handle_while_others_come_and_go():
    handles = name_files(TITLES)
    assert len(set(handles.values())) == len(TITLES)
    assert all(handle.startswith("Register of one office ") for handle in handles.values())
    alone = {name: name_files({name: title})[name] for name, title in TITLES.items()}
    assert sum(alone[name] != handle for name, handle in handles.items()) <= 1  # two may come to one number
    assert name_files(dict(reversed(TITLES.items()))) == handles


def test_files_whose_names_come_to_the_same_number_stay_apart():
    many = {f"{number}.csv": None for number in range(3_000)}
    handles = name_files(many)
    assert len(set(handles.values())) == len(many)
    assert set(name.rsplit(" ", 1)[0] for name in handles.values()) == {UNREAD}


def test_a_title_that_holds_a_contact_is_cleaned():
    assert name_files({"a.csv": "From ann@example.org"})["a.csv"].startswith("From […] ")


def test_a_sheet_is_called_by_its_place_unless_a_program_named_it():
    sheets = [sheet("Ann Sample"), sheet("Sheet1"), sheet("Actions")]
    assert [name_sheet(one, sheets) for one in sheets] == ["1", "Sheet1", "3"]
    assert name_sheet(sheet(None), [sheet(None)]) is None

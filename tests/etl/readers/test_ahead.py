"""The next large export opens meanwhile; the opened files, and the refusal of a bad one, are the same."""

import threading

import pytest

from etl.readers import ahead
from etl.readers.ahead import OpenedAhead
from etl.readers.exports import open_export
from etl.readers.files import INBOX
from etl.readers.sheets import ReadError
from tests.etl.files import write, write_workbook


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Small exports are opened ahead as well."""
    monkeypatch.setattr(ahead, "FEWEST_BYTES", 1)


def test_each_export_is_opened_once_and_a_bad_one_is_refused_in_its_turn(tmp_path):
    paths = [
        write(tmp_path / "a.csv", "ref,title\n1,Train inspectors\n"),
        write_workbook(tmp_path / "b.xlsx", {"S": [["ref"], ["2"]]}),
        write(tmp_path / "c.csv", ""),
        write(tmp_path / "d.csv", "ref\n4\n"),
        write(tmp_path / "notes.zip", "no export by itself"),
        write(tmp_path / "e.csv", "ref\n5\n"),
    ]
    opened: dict[str, list[bool]] = {}

    def note(path, name, limits):
        opened.setdefault(path.name, []).append(threading.current_thread() is threading.main_thread())
        return open_export(path, name, limits)

    with OpenedAhead(note, [(path, path.name, INBOX) for path in paths]) as opens:
        for path in (paths[0], paths[1]):
            with opens.open(path, path.name, INBOX) as export:
                assert export.path == path
                assert export.sheets
        with pytest.raises(ReadError, match="empty"):
            opens.open(paths[2], "c.csv", INBOX)
        other = write(tmp_path / "member.csv", "ref\n6\n")  # as of an archive
        opens.open(other, "f.zip/member.csv", INBOX).close()
        waiting = opens._waiting[paths[3]]
    assert waiting.result().sheets  # opened, asked for by nobody, and closed
    assert opened == {"a.csv": [True], "b.xlsx": [False], "c.csv": [True], "d.csv": [False], "member.csv": [True]}

"""Every kind of file that cannot be read is refused in a clear sentence, also where it is opened ahead of its turn."""

import hashlib
import os
import tempfile
import threading
import zipfile

import duckdb
import pytest

from etl.readers import exports
from etl.readers.exports import open_export
from etl.readers.files import EXTENSIONS, INBOX
from etl.readers.sheets import ReadError
from tests.etl.files import load, make_compound, pack_zip, write, write_ods, write_sheet_xml, write_workbook, write_xls

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TABLE = "ref,title\n1,Train inspectors\n2,Survey farms\n"


def refusal(path):
    """Return the error from opening a file: one sentence on the fault, one on the remedy."""
    with pytest.raises(ReadError) as caught:
        open_export(path)
    what, remedy = caught.value.what, caught.value.remedy
    assert path.name in what
    for sentence in (what, remedy):
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert "Error" not in sentence
        assert "Traceback" not in sentence
    return what


def test_extensions_are_the_usual_ones():
    assert {".csv", ".tsv", ".txt", ".ssv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".zip"} <= EXTENSIONS


def test_a_file_is_hashed_and_loaded_more_than_once_from_the_first_row_that_is_wanted(tmp_path):
    path = write(tmp_path / "a.csv", TABLE)
    with open_export(path) as export, duckdb.connect() as connection:
        assert export.sha256 == hashlib.sha256(TABLE.encode()).hexdigest()
        assert export.path == path
        assert export.load(connection, export.sheets[0], "raw_1", 1) == 3
        assert export.load(connection, export.sheets[0], 'raw 2; "quoted"', 2) == 2
        names = connection.execute("select table_name from duckdb_tables() order by all").fetchall()
    assert names == [('raw 2; "quoted"',), ("raw_1",)]
    assert load(path, first_row=2) == [(2, "1", "Train inspectors"), (3, "2", "Survey farms")]
    assert load(path, first_row=9) == []


PAGE = "<html><body><table><tr><td>ref</td></tr></table></body></html>"
RUBBISH = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(200))
REFUSED = [
    *(("a.csv", content, "no rows") for content in ("\n\n\r\n", "\ufeff", "\ufeff\n", b"\xff\xfe\n\0")),
    *((name, "", "empty") for name in ("a.csv", "a.xlsx")),
    *((name, TABLE, "cannot be read") for name in ("a.docx", "a.png", "a", "a.csv.bak")),
    *((name, content, "JSON") for name in ("a.json", "a.csv", "a.xlsx")
      for content in ('[{"ref": 1}]', '{"ref": 1}', "[[1, 2]]", ' \n{\n "a": []}')),
    ("a.xls", PAGE, "web page"),
    ("a.csv", "\ufeff \n<!DOCTYPE html>" + PAGE, "web page"),
    ("b.xls", ("\ufeff" + PAGE).encode("utf-16-le"), "web page"),
    ("c.xls", '<?xml version="1.0"?><Workbook/>', "XML"),
    *((name, TABLE, "is not one") for name in ("a.xlsx", "a.xls", "a.ods", "a.xlsb", "A.XLSX")),
    *(("a.csv", magic + b"1,2\n", "not a table")
      for magic in (b"%PDF-1.7\n", b"\x89PNG\r\n", b"\x1f\x8b\x08", b"PAR1", b"SQLite format 3\0")),
    *(("a.csv", content + bytes(4096), "binary")
      for content in (b"x" + RUBBISH, TABLE.encode(), TABLE.encode("cp1252") + b"\xe9\n")),
    ("a.csv", b"x" + RUBBISH, "binary"),
    ("a.xls", OLE + bytes(2000), "damaged"),
    ("~$a.xlsx", b"\x04User" + bytes(160), "open in Excel"),
    ("a.xlsx", pack_zip({"actions.csv": TABLE}), "ZIP"),
    ("b.xlsx", pack_zip({}), "ZIP"),
    ("a.xlsx", b"PK\x03\x04 and no more", "damaged or cut short"),
    ("a.xlsx", make_compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "password"),
]  # fmt: skip


def test_what_is_no_table_is_refused_in_a_sentence(tmp_path):
    for name, content, said in REFUSED:
        assert said in refusal(write(tmp_path / name, content)), (name, content[:40])
    (tmp_path / "folder.csv").mkdir()
    assert "folder" in refusal(tmp_path / "folder.csv")
    assert "does not exist" in refusal(tmp_path / "missing.csv")
    assert "password" in refusal(write_xls(tmp_path / "b.xls", [["ref"], [1]], password=True))
    assert "password" in refusal(write_ods(tmp_path / "a.ods", "<table:table-row/>", "<manifest:encryption-data/>"))
    with pytest.raises(ReadError, match="cannot be read|damaged"):
        open_export(write_sheet_xml(tmp_path / "a.xlsx", "<row r='1'><c></row>"))


def test_brackets_do_not_make_a_table_json(tmp_path):
    assert load(write(tmp_path / "a.csv", "[ref],{title}\n1,A\n")) == [(1, "[ref]", "{title}"), (2, "1", "A")]


def test_a_workbook_named_as_text_is_read_as_a_workbook(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", {"Actions": [["ref", "title"], [1, "A"]]})
    for name in ("a.csv", "a.xls", "a.ods", "A.XLSX", "a.txt"):
        assert load(path.rename(tmp_path / name)) == [(1, "ref", "title"), (2, "1", "A")]
        path = tmp_path / name


def test_truncated_and_damaged_workbooks(tmp_path):
    content = write_workbook(tmp_path / "a.xlsx", {"S": [["ref"], *[[n] for n in range(500)]]}).read_bytes()
    for size in (10, 100, len(content) // 2, len(content) - 10):
        assert "damaged" in refusal(write(tmp_path / "b.xlsx", content[:size]))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        offset = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    broken = content[:offset] + bytes(64) + content[offset + 64 :]
    assert "damaged" in refusal(write(tmp_path / "c.xlsx", broken))


def test_a_text_that_speaks_of_passwords_and_macros_is_none(tmp_path):
    words = ["EncryptedPackage", "_VBA_PROJECT_CUR"] * 300
    rows: list[list] = [["ref", "title"], *([n, word] for n, word in enumerate(words))]
    path = write_xls(tmp_path / "a.xls", rows)
    assert len(load(path)) == 601


def test_macros(tmp_path):
    assert "contains macros" in refusal(write_xls(tmp_path / "a.xls", [["ref"], [1]], macros=True))
    for name in ("b.xlsm", "b.xlsx"):
        path = write_workbook(tmp_path / name, {"S": [["ref"], [1]]})
        assert load(path) == [(1, "ref"), (2, "1")]
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"program")
        assert "contains macros" in refusal(path)
    path = write_ods(tmp_path / "c.ods", "<table:table-row/>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("Basic/script-lc.xml", "<x/>")
        archive.writestr("Basic/Standard/script-lb.xml", "<x/>")
    with open_export(path):
        pass
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("Basic/Standard/Module1.xml", "<x/>")
    assert "contains macros" in refusal(path)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied"), "may not be read"),
        (OSError(5, "Input/output error"), "“a.csv” cannot be read (Input/output error)."),
    ],
)
def test_a_file_that_the_disk_does_not_give(tmp_path, monkeypatch, error, said):
    path = write(tmp_path / "a.csv", TABLE)

    def fail(self, *args, **kwargs):
        raise error

    monkeypatch.setattr(type(path), "open", fail)
    with pytest.raises(ReadError) as refused:
        open_export(path)
    assert said in refused.value.what


def test_a_file_that_changes_or_goes_while_it_is_read(tmp_path):
    paths = [
        write(tmp_path / "a.csv", TABLE),
        write(tmp_path / "b.csv", "ref,title\n\n1\n"),  # not plain, so that the other way of reading is seen too
        write_workbook(tmp_path / "a.xlsx", {"S": [["ref"], [1]]}),
        write(tmp_path / "gone.csv", TABLE),
    ]
    for path in paths:
        with open_export(path) as export, duckdb.connect() as connection:
            path.unlink() if path.stem == "gone" else write(path, 'ref,title\n1,A,"B\n')
            with pytest.raises(ReadError, match="changed while it was being read"):
                export.load(connection, export.sheets[0], "raw", 1)


def test_a_new_date_alone_is_no_change_and_a_table_that_exists_already_is_the_callers_fault(tmp_path):
    path = write(tmp_path / "a.csv", TABLE)
    with open_export(path) as export, duckdb.connect() as connection:
        os.utime(path, (1, 1))
        assert export.load(connection, export.sheets[0], "raw", 1) == 3
        with pytest.raises(duckdb.CatalogException):
            export.load(connection, export.sheets[0], "raw", 1)


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    good = {
        "good.csv": "ref,titre\n1,État\n".encode("utf-16"),
        "ragged.csv": b"a,b\n1\n",
        "western.csv": "ref,titre\n1,État\n".encode("cp1252"),
        "[star]*.csv": b"a,b\n1,2\n",
    }
    bad = {"unclosed.csv": b'a,"b\n1,2\n', "binary.csv": bytes(range(256)) * 9}
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, content in good.items():
        assert load(write(inbox / name, content))
    for name, content in bad.items():
        refusal(write(inbox / name, content))
    assert list(scratch.iterdir()) == []
    assert {path.name for path in inbox.iterdir()} == {*good, *bad}


def test_a_name_with_wildcards_means_that_file_alone(tmp_path):
    write(tmp_path / "a1.csv", "ref,title\n9,Another file\n")
    write(tmp_path / "ab.csv", "ref,title\n8,Another file\n")
    for name in ("a?.csv", "a*.csv", "a[1].csv", "{a1,ab}.csv", "a'1.csv", "a b.csv"):
        assert load(write(tmp_path / name, TABLE), 2) == [(2, "1", "Train inspectors"), (3, "2", "Survey farms")]


def test_each_export_is_opened_once_and_a_bad_one_is_refused_in_its_turn(tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "FEWEST_BYTES", 1)  # small exports are opened ahead as well
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

    monkeypatch.setattr(exports, "open_export", note)
    with exports.OpenedAhead([(path, path.name, INBOX) for path in paths]) as opens:
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

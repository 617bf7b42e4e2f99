"""Files as offices send them, and as nobody should: the right rows, or one sentence that refuses within memory."""

import os
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from benchmarks import processes
from dashboard.errors import UserError
from etl.readers.exports import ExportFile, list_members, open_export
from etl.readers.sheets import ReadError
from tests.cases import of_which
from tests.etl.campaigns import make_campaign, open_published
from tests.etl.files import inline, write, write_ods, write_sheet_xml, write_workbook, write_zip
from tests.etl.intake import read_inbox

pytestmark = pytest.mark.hostile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
GOOD = "Ref,Maker,Promise\n90,Imaginary Union,Train inspectors\n91,Fictional Farms,Survey farms\n"
ONE = "Ref,Maker,Promise\n1,A,One\n"
HEADER = ["Ref", "Maker", "Promise", "Due"]
HEADER_XML = f'<row r="1">{"".join(inline(f"{chr(65 + n)}1", name) for n, name in enumerate(HEADER))}</row>'
LARGE_MB = 900


@pytest.fixture
def campaign(tmp_path):
    """Return a campaign for one test, with one good file."""
    return make_campaign(tmp_path / "campaign", {"good.csv": GOOD})


def accept(campaign):
    """File, row and title of every action of the other files, which are read to their last rows, as the good one is."""
    staged = read_inbox(campaign)
    assert [row[1:] for row in staged if row[0] == "good.csv"] == [(2, "Train inspectors"), (3, "Survey farms")]
    return sorted(row for row in staged if row[0] != "good.csv")


def refuse(campaign):
    """Read; return the sentence on the fault, after checking that it is one, with a remedy."""
    with pytest.raises(UserError) as caught:
        read_inbox(campaign)
    for sentence in (caught.value.what, caught.value.remedy):
        assert sentence.endswith(".")
        assert len(sentence) < 400
        assert all(character.isprintable() for character in sentence)
    return caught.value.what


def run_build(campaign):
    """Run the command as people do; return its exit code, its stderr, and its peak memory in MB."""
    with (campaign.root / "stderr.txt").open("w+b") as stderr:
        code, cost = processes.run(["-m", "etl", "build", "--quiet", "--campaign", str(campaign.root)], stderr)
        stderr.seek(0)
        said = stderr.read().decode()
    return code, said, cost.peak_mb


# Files that need much memory


def write_text(path, start, repeated, megabytes, end=""):
    with path.open("w") as stream:
        stream.write(start)
        for _ in range(megabytes):
            stream.write(repeated * ((1 << 20) // len(repeated) + 1))
        stream.write(end)


def write_sparse(path, rows):
    write_sheet_xml(path, HEADER_XML + rows)


def write_expanding(path, name, megabytes):
    """Write a member of an archive or workbook that is nearly nothing packed."""
    if path.suffix == ".xlsx":
        write_workbook(path, {"S": [HEADER, [1, "A", "One"]]})
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w") as stream,
    ):
        for _ in range(megabytes):
            stream.write(b"0\n" * (1 << 19))


def write_repeated(path, high, wide):
    cell = f'<table:table-cell table:number-columns-repeated="{wide}" office:value-type="string"><text:p>x</text:p>'
    row = f'<table:table-row table:number-rows-repeated="{high}">{cell}</table:table-cell></table:table-row>'
    write_ods(path, row)


def write_entities(path, bad):
    """XML whose entities grow to a thousand times a thousand million letters."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    write_sparse(path, f'<row r="2">{inline("A2", "&e11;")}</row>')
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    body = parts[bad].removeprefix('<?xml version="1.0" encoding="UTF-8"?>').replace("Sheet1", "&e11;")
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "child labour">{entities}]>'
    write_zip(path, parts | {bad: doctype + body})


class Bomb(NamedTuple):
    """A small or a large file that needs much memory: its name, its content, and the refusal."""

    name: str
    write: Callable[[Path], None]
    said: str
    megabytes: int = 600
    """The limit for a whole build: far below the need of each of these files."""


FAR = f'<row r="1048576">{inline("XFD1048576", "x")}</row>'
CORNERS = {
    "plainly": FAR,
    "single quotes": FAR.replace('"', "'"),
    "small letters": FAR.replace("XFD", "xfd"),
    "rows unnumbered": "<row/>" * 90_000 + f"<row>{inline('XFD90002', 'x')}</row>",
    "nothing numbered": "<row/>" * 90_000
    + "<row>" + "<c/>" * 16_383 + '<c t="inlineStr"><is><t>x</t></is></c></row>',
    "beyond the end": f'<row r="4000000000">{inline("B4000000000", "x")}</row>',
    "in another row": f'<row r="2">{inline("XFD1048576", "x")}</row><row r="3">{inline("A3", "y")}</row>',
    "other blanks": FAR.replace("<row ", "<row\n").replace("<c ", "<c\n"),
    "prefixed": FAR.replace("<row", f'<x:row xmlns:x="{MAIN}"').replace("</row", "</x:row")
    .replace("<c ", "<x:c ").replace("</c>", "</x:c>"),
}  # fmt: skip
WIDE = ("Ref,Maker,Promise\n" + "1,A,One\n" * 40_000, ",", 0, "," * 16_000 + "x\n")
QUOTED = ('Ref,Maker,Promise\n1,A,"', "child labour\n", 20)
BOMBS = {f"a cell in the far corner, {how}": Bomb("a.xlsx", partial(write_sparse, rows=rows), "too much to read")
         for how, rows in CORNERS.items()} | {
    "a wide row": Bomb("a.csv", lambda path: write_text(path, *WIDE),
                       "40,002 or more rows by 16,001 columns, too much to read", LARGE_MB),
    "one line": Bomb("a.csv", lambda path: write_text(path, "", "child labour ", 20), "a line of more than 16 MB"),
    "a quotation that never ends": Bomb("a.csv", lambda path: write_text(path, *QUOTED), "is never closed", LARGE_MB),
    "a workbook that expands": Bomb("a.xlsx", lambda path: write_expanding(path, "xl/media.xml", 400),
                                    "would unpack to 400 MB, which no export of its size holds"),
    "an archive that expands": Bomb("a.zip", lambda path: write_expanding(path, "0.csv", 150),
                                    "would unpack to 150 MB, which no export of its size holds"),
    "an ODS of the whole sheet": Bomb("a.ods", lambda path: write_repeated(path, 1_048_576, 16_384),
                                      "1,048,576 rows by 16,384 columns, too much to read"),
    "an ODS of many rows": Bomb("a.ods", lambda path: write_repeated(path, 1_048_576, 100),
                                "1,048,576 rows by 100 columns, too much to read"),
    "entities of a sheet": Bomb("a.xlsx", lambda path: write_entities(path, "xl/worksheets/sheet1.xml"), "a.xlsx"),
    "entities of a workbook": Bomb("a.xlsx", lambda path: write_entities(path, "xl/workbook.xml"), "a.xlsx"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_what_asks_for_much_memory_is_refused_when_it_is_opened(tmp_path, name):
    bomb = BOMBS[name]
    bomb.write(tmp_path / bomb.name)
    with pytest.raises(ReadError) as caught, list_members(tmp_path / bomb.name) as members:
        for member in members:
            open_export(member.path, member.name).close()
    assert bomb.said in caught.value.what
    assert caught.value.what.endswith(".") and caught.value.remedy.endswith(".")


@pytest.mark.parametrize("name", of_which(BOMBS, lambda place, _: place == 0))
def test_the_command_refuses_it_in_one_line_within_memory_and_what_is_published_stays(campaign, name):
    bomb = BOMBS[name]
    bomb.write(campaign.inbox / bomb.name)
    campaign.published.mkdir(exist_ok=True)
    (campaign.published / "current.json").write_text("published before")
    code, said, peak = run_build(campaign)
    assert code == 1
    assert said.count("\n") == 1
    assert bomb.said in said and "Traceback" not in said
    published = {path.name: path.read_text() for path in campaign.published.iterdir() if path.name != ".lock"}
    assert published == {"current.json": "published before"}
    assert peak < bomb.megabytes


@pytest.mark.nightly
def test_blank_rows_to_the_end_of_the_sheet(campaign):
    path = campaign.inbox / "a.xlsx"
    filled = "".join(f'<row r="{n}">{inline(f"A{n}", n)}{inline(f"C{n}", "One")}</row>' for n in (2, 3))
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="D{n}" s="0"/></row>' for n in range(4, 1_048_577))
    write_sheet_xml(path, HEADER_XML + filled + blank)
    code, said, peak = run_build(campaign)
    assert (code, said) == (0, "")
    assert peak < LARGE_MB
    with open_published(campaign) as snapshot:
        rows = snapshot.execute("select rows_read, rows_accepted from input_files where named(source_file) = 'a.xlsx'")
        assert rows.fetchall() == [(2, 2)]


# Sheets in a build


def test_merged_headers_hidden_rows_and_columns_of_one_header_are_read_and_hidden_sheets_and_folders_are_not(campaign):
    book = openpyxl.Workbook()
    for row in (["Actions of the office"], [], HEADER, [1, "A", "One", None], [2, "A", "Two", None]):
        book.active.append(row)
    book.active.merge_cells("A1:D1")
    book.active.merge_cells("C3:D3")
    book.active.row_dimensions[4].hidden = True
    hidden = book.create_sheet("Old")
    for row in (HEADER, [3, "A", "Three"]):
        hidden.append(row)
    hidden.sheet_state = "veryHidden"
    book.save(campaign.inbox / "a.xlsx")
    write(campaign.inbox / "b.csv", "Ref,,Maker,Promise,Promise,\n1,x,A,One,Other,y\n2,x,A,,Two,y\n")
    write(campaign.inbox / "c.csv", "Ref,Maker,Promise" + ",Why?" * 197 + "\n1,A,One" + ",x" * 197 + "\n")
    for place in ("office/north", ".git", "__MACOSX"):
        (campaign.inbox / place).mkdir(parents=True)
        write(campaign.inbox / place / "a.csv", ONE)
    assert accept(campaign) == [
        ("a.xlsx", 4, "One"), ("a.xlsx", 5, "Two"), ("b.csv", 2, "One"), ("b.csv", 3, None), ("c.csv", 2, "One"),
        ("office/north/a.csv", 2, "One"),
    ]  # fmt: skip


# The folder


def test_an_archive_may_change_once_it_is_unpacked_and_a_file_may_not(campaign, monkeypatch):
    path = write_zip(campaign.inbox / "a.zip", {"a.csv": ONE})
    load = ExportFile.load

    def change(self, *args):
        path.write_bytes(path.read_bytes() + b"\n99,B,Late\n")
        return load(self, *args)

    monkeypatch.setattr(ExportFile, "load", change)
    assert accept(campaign) == [("a.zip/a.csv", 2, "One")]
    path.unlink()
    path = write(campaign.inbox / "a.csv", ONE)
    assert "“a.csv” changed while it was being read" in refuse(campaign)


def test_links_inside_the_inbox_and_an_inbox_that_is_one_are_followed(campaign, tmp_path):
    (campaign.inbox / "office").mkdir()
    write(campaign.inbox / "office" / "inside.csv", ONE)
    (campaign.inbox / "office" / "there.csv").symlink_to("inside.csv")
    campaign.inbox.rename(tmp_path / "elsewhere")
    campaign.inbox.symlink_to(tmp_path / "elsewhere")
    assert accept(campaign) == [("office/inside.csv", 2, "One"), ("office/there.csv", 2, "One")]


def test_what_is_no_file_of_the_inbox_is_refused_by_name(campaign, tmp_path):
    outside = write(tmp_path / "there.csv", ONE)
    cases = [
        ("x.csv", Path.mkdir, "“x.csv” is a folder, not a file"),
        ("loop", lambda path: path.symlink_to(campaign.inbox), "“loop” is a folder, not a file"),
        ("self.csv", lambda path: path.symlink_to(path), "“self.csv”"),
        ("gone.csv", lambda path: path.symlink_to(tmp_path / "gone.csv"), "“gone.csv” does not exist"),
        ("out.csv", lambda path: path.symlink_to(outside),
         "“out.csv” is a link to a file outside of the inbox, which is not followed."),
        ("zero.csv", lambda path: path.symlink_to("/dev/zero"), "“zero.csv” is a pipe or a device"),
    ]  # fmt: skip
    if hasattr(os, "mkfifo"):
        cases.append(("pipe.csv", os.mkfifo, "“pipe.csv” is a pipe or a device"))
    for name, make, said in cases:
        path = campaign.inbox / name
        make(path)
        assert said in refuse(campaign)
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def test_a_file_and_a_folder_that_may_not_be_read(campaign, monkeypatch):
    path = write(campaign.inbox / "a.csv", GOOD)
    (campaign.inbox / "locked").mkdir()
    opened, listed, access = Path.open, Path.iterdir, os.access

    def refuse_open(self, *args, **kwargs):
        if self.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **kwargs)

    def refuse_list(self):
        if self.name == "locked":
            raise PermissionError(13, "Permission denied")
        return listed(self)

    monkeypatch.setattr(Path, "open", refuse_open)
    monkeypatch.setattr(Path, "iterdir", refuse_list)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "locked" and access(path, mode))
    assert "“a.csv” may not be read" in refuse(campaign)
    path.unlink()
    assert "“locked” may not be read" in refuse(campaign)


def test_names_of_every_kind(campaign):
    names = ["line\nend.csv", "emoji 🌍.csv", 'quote\'s "and" more.csv', "x" * 250 + ".csv", " blank .csv",
             "%20*?[a].csv", "é.csv", "a.CSV", "A.csv"]  # fmt: skip
    for name in names:
        write(campaign.inbox / name, ONE)
    names = sorted(path.name for path in campaign.inbox.iterdir() if path.name != "good.csv")
    assert len(names) >= 8  # some disks take A.csv and a.CSV for one file
    assert accept(campaign) == [(name, 2, "One") for name in names]
    for name in ("line\nend.csv", "emoji 🌍.csv"):
        write(campaign.inbox / name, "")
        refuse(campaign)
        (campaign.inbox / name).unlink()

"""Files as offices send them, and as nobody should: read by a build's intake, in a campaign with a good file.

Each gives the right rows, or is refused in one sentence and one remedy. Where a file asks for much memory, it is also
given to the command in a process of its own, which stays small and leaves what is published as it is.
"""

import codecs
import datetime as dt
import hashlib
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from benchmarks import processes
from dashboard.errors import UserError
from etl.readers.exports import ExportFile
from tests.cases import of_which
from tests.etl.campaigns import make_campaign, open_published, publish_campaign
from tests.etl.files import write, write_ods, write_sheet_xml, write_workbook, write_xls, write_zip
from tests.etl.intake import read_inbox

pytestmark = pytest.mark.hostile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
GOOD = "Ref,Maker,Promise\n90,Imaginary Union,Train inspectors\n91,Fictional Farms,Survey farms\n"
HEADER = ["Ref", "Maker", "Promise", "Due"]
BOMB_MB = 600  # of a whole build; far below what each of these files asks for
LARGE_MB = 900


@pytest.fixture
def campaign(tmp_path):
    """A campaign of the test's own, with one good file."""
    return make_campaign(tmp_path / "campaign", {"good.csv": GOOD})


def accept(campaign):
    """Row and title of every action of the file, which is read to its last row, as the good one beside it is."""
    staged = read_inbox(campaign)
    assert [row[1:] for row in staged if row[0] == "good.csv"] == [(2, "Train inspectors"), (3, "Survey farms")]
    return sorted(row[1:] for row in staged if row[0] != "good.csv")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Asks the snapshot of a campaign of files whose cells hold other things than they show; all rows have a place."""
    decimals = "Report;Ref;Sent;State;Progress\n1;OFF-90;2021-06-01;In progress;45,5\n2;OFF-91;;;8,25\n"
    folder = make_campaign(tmp_path_factory.mktemp("cells") / "c", {"good.csv": GOOD, "decimals.csv": decimals})
    header = ["Report", "Ref", "Sent", "State", "Progress"]
    write_workbook(folder.inbox / "text.xlsx", {"S": [header, ["3", "OFF-90", "2021-06-01", "In progress", "45"]]})
    for name, epoch in (("1900.xlsx", None), ("1904.xlsx", CALENDAR_MAC_1904)):
        book = openpyxl.Workbook()
        if epoch:
            book.epoch = epoch
        book.active.append(HEADER)
        book.active.append([name, "A", name, dt.datetime(2021, 10, 5)])
        book.save(folder.inbox / name)
    publish_campaign(folder)
    with open_published(folder) as snapshot:
        files = snapshot.execute(
            "select named(source_file), rows_read - rows_accepted - rows_merged - rows_rejected from input_files"
        ).fetchall()
        assert {left for _, left in files} == {0}
        assert len(files) == 5
        yield lambda query: snapshot.execute(query).fetchall()


def refuse(campaign, _megabytes=None):
    """Read; the sentence on what is wrong, after making sure that it is one, with a remedy."""
    with pytest.raises(UserError) as caught:
        read_inbox(campaign)
    for sentence in (caught.value.what, caught.value.remedy):
        assert sentence.endswith(".")
        assert len(sentence) < 400
        assert all(character.isprintable() for character in sentence)
    return caught.value.what


def read_published(campaign):
    """What stands in the published folder, byte for byte."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in campaign.published.iterdir()
        if path.is_file() and path.name != ".lock"
    }


def run_build(campaign):
    """Run the command as people do; its exit code, what it says on stderr, and its peak memory in MB."""
    with (campaign.root / "stderr.txt").open("w+b") as stderr:
        code, cost = processes.run(["-m", "etl", "build", "--quiet", "--campaign", str(campaign.root)], stderr)
        stderr.seek(0)
        said = stderr.read().decode()
    return code, said, cost.peak_mb


def refuse_within(campaign, megabytes=BOMB_MB):
    """Run the command on a file that must be refused in one line, within so much memory; that line."""
    campaign.published.mkdir(exist_ok=True)
    (campaign.published / "current.json").write_text("published before")
    before = read_published(campaign)
    code, said, peak = run_build(campaign)
    assert code == 1
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert read_published(campaign) == before
    assert not list(campaign.published.glob(".build-*"))
    assert peak < megabytes
    return said


@pytest.fixture(params=["read here", pytest.param("by the command", marks=pytest.mark.nightly)])
def refuse_bomb(request):
    """The refusal of a file that asks for much memory: read in this process, and by the command, measured."""
    return refuse if request.param == "read here" else refuse_within


def inline(reference, value):
    """XML of a cell that holds text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def header_xml(names=HEADER):
    """XML of a header row."""
    return f'<row r="1">{"".join(inline(f"{chr(65 + n)}1", name) for n, name in enumerate(names))}</row>'


# Text


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("cp1252.csv", lambda text: text.encode("cp1252")),
        ("utf-8 with mark.csv", lambda text: text.encode("utf-8-sig")),
        ("utf-16 without mark.csv", lambda text: text.encode("utf-16-le")),
        *(
            pytest.param(*case, marks=pytest.mark.nightly)
            for case in (
                ("utf-16.csv", lambda text: text.encode("utf-16")),
                ("utf-16-be.csv", lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be")),
                ("utf-16-be without mark.csv", lambda text: text.encode("utf-16-be")),
                ("utf-32.csv", lambda text: text.encode("utf-32")),
            )
        ),
    ],
)
def test_encodings(campaign, name, encode):
    text = "Ref,Maker,Promise\r\n1,Coopérative imaginaire,Écoles – « accès » à Ñuñoa\r\n2,B,C\r\n"
    write(campaign.inbox / name, encode(text))
    assert accept(campaign) == [(2, "Écoles – « accès » à Ñuñoa"), (3, "C")]


def test_mixed_line_ends(campaign):
    write(campaign.inbox / "a.csv", "Ref,Maker,Promise\r\n1,A,One\n2,A,Two\r3,A,Three\r\n")
    assert accept(campaign) == [(2, "One"), (3, "Two"), (4, "Three")]


def test_embedded_line_ends_and_quotes(campaign):
    write(campaign.inbox / "a.csv", 'Ref,Maker,Promise\n1,A,"Say ""no"",\nthen\r\nact; now"\n2,A,Two\n')
    assert accept(campaign) == [(2, 'Say "no",\nthen\r\nact; now'), (3, "Two")]


def test_semicolons_with_decimal_commas(shown):
    query = "select source_row, percent from progress_reports where named(source_file) = 'decimals.csv' order by all"
    assert shown(query) == [(2, 45.5), (3, 8.25)]


def test_the_line_that_declares_the_separator(campaign):
    write(campaign.inbox / "a.csv", "sep=;\r\nRef;Maker;Promise\r\n1;A;One, two\r\n")
    assert accept(campaign) == [(2, "One, two")]


def test_of_columns_with_one_header_the_first_is_read(campaign):
    write(campaign.inbox / "a.csv", "Ref,,Maker,Promise,Promise,\n1,x,A,One,Other,y\n2,x,A,,Two,y\n")
    assert accept(campaign) == [(2, "One"), (3, None)]


def test_stray_nul_bytes_and_a_mark_in_the_middle(campaign):
    write(campaign.inbox / "a.csv", "Ref,Maker,Promise\n1,A,On\0e\n\ufeff2,A,\ufeffTwo\n")
    assert accept(campaign) == [(2, "One"), (3, "Two")]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_survey_of_200_columns(campaign, name):
    questions = [f"Question {n}: how far, and why?" for n in range(197)]
    rows = [[n, "Imaginary Union", f"Promise {n}", *(f"answer {q}" for q in range(197))] for n in range(1, 40)]
    table: list[list] = [["Ref", "Maker", "Promise", *questions], *rows]
    if name == "a.xlsx":
        write_workbook(campaign.inbox / name, {"S": table})
    else:
        write(campaign.inbox / name, "\n".join(",".join(f'"{cell}"' for cell in row) for row in table))
    assert accept(campaign) == [(n + 1, f"Promise {n}") for n in range(1, 40)]


def test_20_000_columns(campaign):
    write(campaign.inbox / "a.csv", "Ref,Maker,Promise" + ",x" * 20_000 + "\n1,A,One\n")
    assert "a row of 20,003 cells" in refuse(campaign)


def test_one_row_that_makes_a_long_text_wide(campaign, refuse_bomb):
    write(campaign.inbox / "a.csv", "Ref,Maker,Promise\n" + "1,A,One\n" * 40_000 + "," * 16_000 + "x\n")
    assert "40,002 or more rows by 16,001 columns, too much to read" in refuse_bomb(campaign, LARGE_MB)


def test_one_line_of_100_mb(campaign, refuse_bomb):
    with (campaign.inbox / "a.csv").open("w") as stream:
        for _ in range(100):
            stream.write("child labour " * 80_660)
    assert "a line of more than 16 MB" in refuse_bomb(campaign)


def test_a_quotation_of_100_mb_that_never_ends(campaign, refuse_bomb):
    with (campaign.inbox / "a.csv").open("w") as stream:
        stream.write('Ref,Maker,Promise\n1,A,"')
        for _ in range(100):
            stream.write("child labour\n" * 80_660)
    assert "begins in row 2 of “a.csv” is never closed" in refuse_bomb(campaign, LARGE_MB)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "empty (0 bytes)"),
        ("a.csv", b"\n\n \n", "no rows"),
        ("a.csv", b'"' * 1001, "never closed"),
        ("a.csv", os.urandom(4096) + bytes(64), "binary data or is damaged"),
        ("a.csv", codecs.BOM_UTF16_LE + b"R\0e\0f\0,\0\n\0\x00\xd8", "cut short"),
        ("a.xls", b"<html><body><table><tr><td>Ref</td></tr></table>", "a web page"),
        ("a.xlsx", b"Ref,Maker,Promise\n1,A,One\n", "named like a workbook"),
        ("a.xlsx", b"PK\x03\x04 and no more", "damaged or cut short"),
        ("a.zip", b"PK\x03\x04 and no more", "damaged or cut short"),
        ("a.docx", b"PK\x03\x04", "of a kind that is not read"),
        ("no extension", GOOD.encode(), "of a kind that is not read"),
    ],
)
def test_what_is_no_table(campaign, name, content, said):
    write(campaign.inbox / name, content)
    assert said in refuse(campaign)


# Workbooks


def test_merged_header_cells(campaign):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Actions of the office"], [], HEADER, [1, "A", "One", None], [2, "A", "Two", None]):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("C3:D3")
    book.save(campaign.inbox / "a.xlsx")
    assert accept(campaign) == [(4, "One"), (5, "Two")]


def test_formulas_with_and_without_results(campaign):
    def sheet(result):
        cells = f'{inline("A2", 1)}{inline("B2", "A")}<c r="C2" t="str"><f>"On"&amp;"e"</f>{result}</c>'
        return f'{header_xml()}<row r="2">{cells}</row>'

    path = write_sheet_xml(campaign.inbox / "a.xlsx", sheet("<v>One</v>"))
    assert accept(campaign) == [(2, "One")]
    for result in ("<v></v>", "<v/>", ""):
        write_sheet_xml(path, sheet(result).replace(' t="str"', ""))
        assert "Sheet “Sheet1” of “a.xlsx” has a formula without its result in C2" in refuse(campaign)
    write_sheet_xml(path, sheet("<v></v>").replace("C2", "D2").replace("</row>", f"{inline('C2', 'Two')}</row>"))
    path.unlink()
    write_workbook(campaign.inbox / "b.xlsx", {"S": [HEADER, [1, "A", "One", None], [2, "A", "=A2", "=TODAY()"]]})
    assert "Sheet “S” of “b.xlsx” has a formula without its result in C3" in refuse(campaign)


def test_hidden_rows_are_read_and_hidden_sheets_are_not(campaign):
    book = openpyxl.Workbook()
    hidden = book.create_sheet("Old")
    for sheet, names in ((book.active, ("One", "Two")), (hidden, ("Three",))):
        sheet.append(HEADER)
        for name in names:
            sheet.append([len(name) + ord(name[0]), "A", name])
    book.active.row_dimensions[3].hidden = True
    hidden.sheet_state = "veryHidden"
    book.save(campaign.inbox / "a.xlsx")
    assert accept(campaign) == [(2, "One"), (3, "Two")]


def test_dates_counted_from_1904_and_from_1900(shown):
    query = "select title, due_on from actions where named(source_file) <> 'good.csv' order by all"
    assert shown(query) == [("1900.xlsx", dt.date(2021, 10, 5)), ("1904.xlsx", dt.date(2021, 10, 5))]


def test_numbers_stored_as_text(shown):
    query = "select percent, action_id from progress_reports where named(source_file) = 'text.xlsx'"
    assert shown(query) == [(45, "OFF-90")]


@pytest.mark.nightly
def test_blank_rows_to_the_end_of_the_sheet(campaign):
    path = campaign.inbox / "a.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("S")
    for row in (HEADER, [1, "A", "One"], [2, "A", "Two"]):
        sheet.append(row)
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    before, after = parts[part].split(b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != part:
                archive.writestr(name, content)
        with archive.open(part, "w") as stream:
            stream.write(before)
            for start in range(4, 1_048_577, 10_000):
                numbers = range(start, min(start + 10_000, 1_048_577))
                stream.write(
                    "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="D{n}" s="0"/></row>' for n in numbers).encode()
                )
            stream.write(b"</sheetData>" + after)
    code, said, peak = run_build(campaign)
    assert (code, said) == (0, "")
    assert peak < LARGE_MB
    with open_published(campaign) as snapshot:
        rows = snapshot.execute("select rows_read, rows_accepted from input_files where named(source_file) = 'a.xlsx'")
        assert rows.fetchall() == [(2, 2)]


def test_a_workbook_that_expands_a_thousand_times(campaign, refuse_bomb):
    path = write_workbook(campaign.inbox / "a.xlsx", {"S": [HEADER, [1, "A", "One"]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media.xml", "w") as stream:
        for _ in range(400):
            stream.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    assert "would unpack to 400 MB, which no export of its size holds" in refuse_bomb(campaign)


def test_an_archive_that_expands_a_thousand_times(campaign, refuse_bomb):
    with zipfile.ZipFile(campaign.inbox / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            with archive.open(f"{number}.csv", "w") as stream:
                for _ in range(100):
                    stream.write(b"0\n" * (1 << 19))
    assert "would unpack to 300 MB, which no export of its size holds" in refuse_bomb(campaign)


def test_the_command_refuses_in_one_line_within_memory_and_what_is_published_stays(campaign):
    write_sheet_xml(campaign.inbox / "a.xlsx", f'{header_xml()}<row r="1048576">{inline("XFD1048576", "x")}</row>')
    assert "too much to read" in refuse_within(campaign)


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1048576">{inline("XFD1048576", "x")}</row>',
        f"<row r='1048576'>{inline('XFD1048576', 'x')}</row>".replace('"', "'"),
        f'<row r="1048576">{inline("xfd1048576", "x")}</row>',
        "<row/>" * 90_000 + f"<row>{inline('XFD90002', 'x')}</row>",
        "<row/>" * 90_000 + "<row>" + "<c/>" * 16_383 + '<c t="inlineStr"><is><t>x</t></is></c></row>',
        f'<row r="4000000000">{inline("B4000000000", "x")}</row>',
        f'<row r="2">{inline("XFD1048576", "x")}</row><row r="3">{inline("A3", "y")}</row>',
        f'<row\nr="1048576">{inline("XFD1048576", "x")}</row>'.replace("<c ", "<c\n"),
        f'<x:row xmlns:x="{MAIN}" r="1048576">{inline("XFD1048576", "x")}</x:row>'.replace("<c ", "<x:c ").replace(
            "</c>", "</x:c>"
        ),
    ],
    ids=[
        "plainly",
        "single quotes",
        "small letters",
        "rows unnumbered",
        "nothing numbered",
        "beyond the end",
        "in another row",
        "other blanks",
        "prefixed",
    ],
)
def test_a_cell_in_the_far_corner(campaign, refuse_bomb, rows):
    write_sheet_xml(campaign.inbox / "a.xlsx", header_xml() + rows)
    assert "too much to read" in refuse_bomb(campaign)


def test_a_small_ods_that_asks_for_many_cells(campaign, refuse_bomb):
    def rows(high, wide):
        return (
            f'<table:table-row table:number-rows-repeated="{high}"><table:table-cell'
            f' table:number-columns-repeated="{wide}" office:value-type="string"><text:p>x</text:p>'
            "</table:table-cell></table:table-row>"
        )

    for high, wide in ((1_048_576, 16_384), (1_048_576, 100)):
        write_ods(campaign.inbox / "a.ods", rows(high, wide))
        assert f"{high:,} rows by {wide:,} columns, too much to read" in refuse_bomb(campaign)


def test_an_ods_with_a_formula_without_result(campaign):
    def row(*cells):
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def text(value):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    rows = row(*map(text, HEADER)) + row(text("1"), text("A"), text("One"), '<table:table-cell table:formula="of:=1"/>')
    write_ods(campaign.inbox / "a.ods", rows)
    assert "Sheet “Feuille1” of “a.ods” has a formula without its result in D2" in refuse(campaign)


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", ""])
def test_a_declared_range_that_is_not_true(campaign, dimension):
    rows = f'{header_xml()}<row r="2">{inline("A2", 1)}{inline("B2", "A")}{inline("C2", "One")}</row>'
    write_sheet_xml(campaign.inbox / "a.xlsx", rows, dimension)
    assert accept(campaign) == [(2, "One")]


def test_a_declared_range_that_is_nonsense(campaign):
    write_sheet_xml(campaign.inbox / "a.xlsx", header_xml(), "nonsense")
    assert "Sheet “Sheet1” of “a.xlsx” cannot be read" in refuse(campaign)


def test_shared_texts_that_are_missing(campaign):
    rows = f'{header_xml()}<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>7</v></c></row>'
    write_sheet_xml(campaign.inbox / "a.xlsx", rows)
    assert "cannot be read" in refuse(campaign)


def test_entities_that_grow(campaign, refuse_bomb):
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    path = write_sheet_xml(campaign.inbox / "a.xlsx", f'{header_xml()}<row r="2">{inline("A2", "&e11;")}</row>')
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for bad in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        body = parts[bad].removeprefix('<?xml version="1.0" encoding="UTF-8"?>').replace("Sheet1", "&e11;")
        doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "child labour">{entities}]>'
        write_zip(path, parts | {bad: doctype + body})
        refuse_bomb(campaign)


def test_protected_and_macro_workbooks(campaign):
    write_xls(campaign.inbox / "a.xls", [HEADER, [1, "A", "One"]], password=True)
    assert "protected by a password" in refuse(campaign)
    write_xls(campaign.inbox / "a.xls", [HEADER, [1, "A", "One"]], macros=True)
    assert "contains macros" in refuse(campaign)
    write_xls(campaign.inbox / "a.xls", [HEADER, [1, "A", "One"]])
    assert accept(campaign) == [(2, "One")]


@pytest.mark.parametrize("name", ["a.xlsx", "a.zip"])
def test_a_truncated_archive(campaign, name):
    content = write_workbook(campaign.root / "x.xlsx", {"S": [HEADER, *[[n, "A", f"P{n}"] for n in range(500)]]})
    if name == "a.zip":
        write_zip(campaign.root / "x.xlsx", {"a.csv": GOOD * 50})
    whole = content.read_bytes()
    for part in (0.1, 0.5, 0.99):
        write(campaign.inbox / name, whole[: int(len(whole) * part)])
        assert "damaged or cut short" in refuse(campaign)


# The folder


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.zip"])
def test_a_file_that_changes_while_it_is_read(campaign, monkeypatch, name):
    path = campaign.inbox / name
    if name == "a.zip":
        write_zip(path, {"a.csv": "Ref,Maker,Promise\n1,A,One\n2,A,Two\n"})
    else:
        write_workbook(path, {"S": [HEADER, [1, "A", "One"]]}) if name == "a.xlsx" else write(path, GOOD)
    load = ExportFile.load

    def change(self, *args):
        content = path.read_bytes()
        count = load(self, *args) if name == "a.zip" else None  # what was unpacked stays as it was
        path.write_bytes(content + b"\n99,B,Late\n")
        return count if count is not None else load(self, *args)

    monkeypatch.setattr(ExportFile, "load", change)
    if name == "a.zip":
        assert accept(campaign) == [(2, "One"), (3, "Two")]
        return
    assert f"“{name}” changed while it was being read" in refuse(campaign)


def test_a_folder_named_like_a_file(campaign):
    (campaign.inbox / "x.csv").mkdir()
    assert "“x.csv” is a folder, not a file" in refuse(campaign)


def test_folders_inside_and_hidden_ones(campaign):
    for place in ("office/north", ".git", "__MACOSX"):
        (campaign.inbox / place).mkdir(parents=True)
        write(campaign.inbox / place / "a.csv", "Ref,Maker,Promise\n1,A,One\n")
    assert [name for name, *_ in read_inbox(campaign)] == ["good.csv", "good.csv", "office/north/a.csv"]


def test_links(campaign, tmp_path):
    (campaign.inbox / "loop").symlink_to(campaign.inbox)
    assert "“loop” is a folder, not a file" in refuse(campaign)
    (campaign.inbox / "loop").unlink()
    (campaign.inbox / "self.csv").symlink_to(campaign.inbox / "self.csv")
    assert "“self.csv”" in refuse(campaign)
    (campaign.inbox / "self.csv").unlink()
    (campaign.inbox / "gone.csv").symlink_to(tmp_path / "gone.csv")
    assert "“gone.csv” is not there" in refuse(campaign)
    (campaign.inbox / "gone.csv").unlink()
    (campaign.inbox / "office").mkdir()
    outside = write(tmp_path / "there.csv", "Ref,Maker,Promise\n1,A,One\n")
    link = campaign.inbox / "office" / "there.csv"
    link.symlink_to(outside)
    assert refuse(campaign) == "“office/there.csv” is a link to a file outside of the inbox, which is not followed."
    link.unlink()
    outside.rename(campaign.inbox / "office" / "inside.csv")
    link.symlink_to("inside.csv")
    assert accept(campaign) == [(2, "One"), (2, "One")]


def test_an_inbox_that_is_a_link_itself(campaign, tmp_path):
    campaign.inbox.rename(tmp_path / "elsewhere")
    campaign.inbox.symlink_to(tmp_path / "elsewhere")
    assert accept(campaign) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_and_a_device(campaign):
    os.mkfifo(campaign.inbox / "pipe.csv")
    assert "“pipe.csv” is a pipe or a device" in refuse(campaign)
    (campaign.inbox / "pipe.csv").unlink()
    (campaign.inbox / "zero.csv").symlink_to("/dev/zero")
    assert "“zero.csv” is a pipe or a device" in refuse(campaign)


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


@pytest.mark.parametrize(
    "name",
    of_which(
        [
            "line\nend.csv",
            "emoji 🌍.csv",
            'quote\'s "and" more.csv',
            "x" * 250 + ".csv",
            " blank .csv",
            "%20*?[a].csv",
            "é.csv",
        ],
        lambda place, _: place in (0, 2, 5),
    ),
)
def test_names(campaign, name):
    path = write(campaign.inbox / name, "Ref,Maker,Promise\n1,A,One\n")
    assert [file for file, _, title in read_inbox(campaign) if title == "One"] == [name]
    write(path, "")
    refuse(campaign)


def test_names_that_differ_by_case_only(campaign):
    write(campaign.inbox / "A.csv", "Ref,Maker,Promise\n1,A,One\n")
    write(campaign.inbox / "a.CSV", "Ref,Maker,Promise\n2,A,Two\n")
    if len(list(campaign.inbox.iterdir())) < 3:
        pytest.skip("this disk takes both for one file")
    assert accept(campaign) == [(2, "One"), (2, "Two")]


def test_colours_and_comments_are_no_values(campaign):
    book = openpyxl.Workbook()
    for row in (HEADER, [1, "A", "One"]):
        book.active.append(row)
    book.active["C9"].fill = PatternFill("solid", "FF0000")
    book.save(campaign.inbox / "a.xlsx")
    assert accept(campaign) == [(2, "One")]

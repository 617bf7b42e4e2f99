"""`etl forget`: a person is found everywhere and erased, and a build reads everything else as before."""

import csv
import datetime as dt
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import find_folder, record
from dashboard.access.rights import Person, Role, SignInWay
from dashboard.errors import UserError
from dashboard.mail.outbox import Outbox
from dashboard.mail.subscribers import Desk, Wish
from dashboard.settings import Settings
from etl.commands.row import read_row
from etl.forget import forget as forgetting
from etl.forget.cleaned_file import Eraser
from etl.inputs.forgotten import holds, is_only, without
from etl.publish import holding
from etl.readers.exports import open_export
from etl.recipes.recipe_file import load_recipes
from tests.cases import some
from tests.etl.campaigns import RECIPES, make_campaign, publish_campaign, recipe
from tests.etl.files import (
    EXPORTS,
    load_sheet,
    make_workbook,
    ods_cell,
    write_ods,
    write_sheet_xml,
    write_xls,
    write_zip,
)
from tests.etl.post_files import calendar, post, wxr
from tests.etl.program import FILLED_TABLES, history_file, inbox, published_titles, run_on
from tests.etl.registers import HEADER, action

ADDRESS = "ann.sample@example.org"
RECIPE = recipe(
    "people", "actions", "Ref|Promise|Contact phone",
    '[personal]\nheaders = ["Contact name"]',
    called="Register with contacts", submission_id="Ref", stakeholder="Maker", title=("Promise", "required = true"),
    description="How",
)  # fmt: skip
HEADERS = ["Ref", "Maker", "Promise", "Contact name", "Contact phone", "E-mail", "How"]
ROWS = [
    ["1", "Imaginary Union", "First", "Ann Sample", "+41 22 000 00 00", "Ann.Sample@Example.org", "Ask Ann, then"],
    ["2", "Fictional Guild", "Second", "Ben Sample", "+41 22 111 11 11", "joann.sample@example.org", "Write to us"],
    ["3", "Sample League", "Third", "Cas Sample", "+41 22 222 22 22", "cas@example.org", f"Mail {ADDRESS}; or call"],
]
ERASED = [
    [*ROWS[0][:3], None, None, None, ROWS[0][6]],
    ROWS[1],
    [*ROWS[2][:6], "Mail […]; or call"],
]
CALAMINE = ("any_sheets.ods", "date.xls", "date.xlsb", "date_1904.xlsx", "date_iso.xlsx", "errors.xlsx")
REAL = [
    *(f"nasty/calamine/{name}" for name in CALAMINE),
    "nasty/calamine/issue_174.xlsx",  # one cell in the last corner of a sheet
    "nasty/calamine/issue_419.xlsx",  # the library cannot open it
    "nasty/calamine/merge_cells.xls",  # its end looks like a ZIP archive
    "nasty/calamine/merged_range.xlsx",
    "nasty/messytables/bian-anal-mca-2005-dols-eng-1011-0312-tab3.xlsm",
    "kobotoolbox/household_form_Abidjan_2022.xls",
]


@pytest.fixture(scope="module")
def eraser(tmp_path_factory):
    """Finds and erases the address in one file after the other, with the recipe of these tests."""
    recipes = [r for r in load_recipes(make(tmp_path_factory.mktemp("recipes") / "c", {})) if r.id == "people"]
    with duckdb.connect() as connection:
        yield Eraser(ADDRESS, recipes, connection)


def make(root, exports):
    return make_campaign(root, exports, {"people": RECIPE})


def forget(folder, *options, stdin=None, address=ADDRESS):
    """Run the command; its exit code and all that it printed."""
    done = run_on(folder, "forget", address, *options, code=None, stdin=stdin)
    output = done.stdout + done.stderr
    assert ADDRESS not in output.lower()
    return done.returncode, output


def forget_json(folder, *options, **more):
    code, output = forget(folder, "--json", *options, **more)
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return code, next(line for line in lines if "places" in line)


def erase(eraser, tmp_path, name, content):
    """Erase in one file; return the result, and the place of its new content, under its new name."""
    (tmp_path / "work").mkdir(parents=True)
    path = tmp_path / name
    path.write_bytes(content)
    erasure = eraser.erase(path, name, tmp_path / "work")
    assert path.read_bytes() == content
    if erasure.content is None:
        return erasure, None
    (tmp_path / "erased").mkdir()
    return erasure, shutil.copyfile(erasure.content, tmp_path / "erased" / erasure.name)


def text_table(delimiter=",", end="\n"):
    lines = [HEADERS, *ROWS]
    quoted = [delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in line) for line in lines]
    return end.join(quoted) + end


def ods_of(path, rows):
    lines = [f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows]
    return write_ods(path, "".join(lines)).read_bytes()


def all_rows(path):
    """Return every sheet as the build's readers give it: name, whether it is shown, rows."""
    with open_export(path) as export:
        return [(sheet.name, sheet.visible, load_sheet(export, sheet)) for sheet in export.sheets]


def table_rows(path):
    """Return the cells of the first sheet's rows."""
    return [list(row[1:]) for row in all_rows(path)[0][2]]


def all_bytes(name, content):
    """Yield a file's content, and that of every member where it is an archive, however deep."""
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from all_bytes(f"{name}/{member}", archive.read(member))


def list_holders(place: Path, *words: str) -> list[str]:
    """Names of the files under a folder that hold any of the words, with members of archives and DuckDB's tables."""
    paths = [place] if place.is_file() else [path for path in sorted(place.rglob("*")) if path.is_file()]
    contents = [pair for path in paths for pair in all_bytes(path.name, path.read_bytes())]
    names = [name for name, content in contents if is_held(content.lower(), words, wide=True)]
    for path in (path for path in paths if path.suffix == ".duckdb"):
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute(FILLED_TABLES).fetchall()
            found = " or ".join(f"contains(lower(t::varchar), '{word.lower()}')" for word in words)
            rows_of = "select '{0}', t::varchar from \"{0}\" as t where {1}"
            every = " union all ".join(rows_of.format(table, found) for (table,) in tables)
            rows = connection.execute(every).fetchall() if tables else []
            names += [f"{path.name}: {table}" for table, row in rows if is_held(row.encode().lower(), words)]
    return names


def is_held(content: bytes, words: Iterable[str], *, wide: bool = False) -> bool:
    """Whether a text in small letters holds any of the words as a whole, or, with `wide`, in UTF-16."""
    for word in (word.lower() for word in words):
        plain = word.encode()  # looked for first, since a pattern takes ten times as long
        if plain in content and re.search(rb"(?<![\w])" + re.escape(plain), content):
            return True
        if wide and word.encode("utf-16-le") in content:
            return True
    return False


def published_tables(folder):
    """Return all that the published snapshot holds but for its own id and date, the files' hashes and filled cells."""
    pointer = json.loads((folder.published / "current.json").read_text())
    tables = {}
    with duckdb.connect(str(folder.published / pointer["snapshot"]), read_only=True) as connection:
        for (table,) in connection.execute(FILLED_TABLES).fetchall():
            left_out = "'sha256', 'build_id', 'content_id', 'built_at', 'filled'"
            columns = f"columns(lambda c: c not in ({left_out}))"
            rows = connection.execute(f'select {columns} from "{table}"').fetchall()  # noqa: S608  (a listed name)
            tables[table] = sorted(str(row).replace(".ods.xlsx'", ".ods'") for row in rows)
    return tables


def read_files(folder):
    return {path: path.read_bytes() for path in folder.root.rglob("*") if path.is_file() and path.name != ".lock"}


def test_person_is_erased_everywhere_and_nothing_else(tmp_path):
    folder = make(tmp_path / "c", {"people.csv": text_table().replace(f"Mail {ADDRESS}; or call", "Call")})
    book = make_workbook({"People": [HEADERS, ["21", *ROWS[0][1:2], "Booked", *ROWS[0][3:]]]})
    members = {
        "in zip.csv": text_table(";").replace("First", "Zipped first").replace("\n1;", "\n11;"),
        "book.xlsx": book,
        "old book.ods": ods_of(tmp_path / "x.ods", [HEADERS, ["41", *ROWS[0][1:2], "Old", *ROWS[0][3:]]]),
        "media/photo.jpg": b"\xff\xd8\xff picture",
    }
    write_zip(folder.inbox / "old.zip", members)
    (folder.inbox / "people.xlsx").write_bytes(make_workbook({"People": [HEADERS, ["31", *ROWS[0][1:]]]}))
    ods_of(folder.inbox / "people.ods", [HEADERS, ["51", *ROWS[0][1:]]])
    (folder.root / "decisions.csv").write_text(
        "decision,subject,this,that,note,decided_on\n"
        f"same,stakeholder,Imaginary Union,The Imaginary Union,{ADDRESS} asked,\n"
    )
    first = publish_campaign(folder)["build_id"]
    (folder.inbox / "old.zip").unlink()
    publish_campaign(folder)
    draft = folder.private / "drafts" / "1" / "uploads"
    draft.mkdir(parents=True)
    (draft / "new.csv").write_text(text_table())
    aside = folder.private / "set_aside" / "2021-01-01 000000"
    aside.mkdir(parents=True)
    (aside / "older.csv").write_text(text_table())
    tables = published_tables(folder)

    before = read_files(folder)
    code, rehearsal = forget_json(folder, "--dry-run")
    assert code == 0
    assert read_files(folder) == before
    places = {(p["file"], p["sheet"], p["row"], p["header"]) for p in rehearsal["places"]}
    for file, sheet in (("people.csv", None), ("people.xlsx", "People"), ("people.ods", "Feuille1")):
        assert {(file, sheet, 2, header) for header in ("Contact name", "Contact phone", "E-mail")} <= places

    code, done = forget_json(folder)
    assert code == 0
    for key in ("rewritten", "renamed", "drafts"):
        assert done[key] == rehearsal[key], key
    assert list_holders(folder.root, ADDRESS, "Ann Sample", "+41 22 000 00 00") == []
    assert published_tables(folder) == tables
    assert history_file(folder)[0]["how"] == "forget"
    for words in ("Ben Sample", "joann.sample@example.org"):
        assert list_holders(folder.inbox, words)
        assert list_holders(folder.private / "contacts.duckdb", words)
    assert sorted(inbox(folder)) == ["people.csv", "people.ods.xlsx", "people.xlsx"]
    assert (folder.root / "decisions.csv").read_text().endswith("The Imaginary Union,[…] asked,\n")
    assert not draft.exists()

    for file in ("people.ods", "old.zip/old book.ods"):
        assert read_row(folder, file, 2, build=first)["cells"][1] == "Imaginary Union"
    restored = holding.restore(folder, first)
    assert restored.put_back == ["old.zip"]
    assert list_holders(folder.root, ADDRESS) == []
    with zipfile.ZipFile(folder.inbox / "old.zip") as archive:
        assert sorted(archive.namelist()) == ["book.xlsx", "in zip.csv", "media/photo.jpg", "old book.ods.xlsx"]
        archive.extractall(tmp_path / "unpacked")
    assert "Zipped first" in [row[2] for row in table_rows(tmp_path / "unpacked" / "in zip.csv")]


def test_a_person_is_forgotten_among_subscribers_and_mails_and_in_the_audit_log(tmp_path):
    folder = make(tmp_path, {})
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)})
    desk, outbox = Desk(settings, None), Outbox(folder.private)
    desk.put_subscribers([(ADDRESS, Wish("en")), ("joann.sample@example.org", Wish("en"))])
    outbox.put("letters", "one", ADDRESS, b"Subject: Letter\r\n\r\nDear Ann", "one")
    ann = Person(role=Role.STAFF, way=SignInWay.PROVIDER, key="oidc:ann", name="Ann Sample", address=ADDRESS)
    record(folder.root, ann, Event.PUBLISHED, "b1", note=f"asked {ADDRESS}")
    (log,) = find_folder(folder.root).glob("*.jsonl")
    places = ["private/mail.sqlite: subscribers", "private/mail.sqlite: deliveries", f"private/audit/{log.name}"]
    assert {place["file"] for place in forget_json(folder, "--dry-run")[1]["places"]} == set(places)
    assert desk.find(address=ADDRESS) is not None
    code, told = forget_json(folder)
    assert (code, {place["file"] for place in told["places"]}) == (0, set(places))
    assert list_holders(folder.private, "Dear Ann", "Ann Sample", "oidc:ann") == []
    left = [reader.address for readers in desk.readers().values() for reader in readers]
    assert left == ["joann.sample@example.org"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_keeps_its_encoding_separator_and_line_ends(eraser, tmp_path, encoding, end):
    text = text_table(";", end).replace("Imaginary Union", "Union imaginée – été").replace("Third", '"Thi\nrd ""x"""')
    erasure, after = erase(eraser, tmp_path, "people.csv", text.encode(encoding))
    expected = text.replace("Ann Sample;+41 22 000 00 00;Ann.Sample@Example.org;", ";;;")
    assert after.read_bytes() == expected.replace(f"Mail {ADDRESS};", "Mail […];").encode(encoding)
    assert erasure.rewritten == []


@pytest.mark.parametrize(
    "head", ["", "sep=;\r\n", "sep=;\r\n\r\n", "Register;of, all\r\n\r\n"], ids=["plain", "sep", "blank", "title"]
)
def test_text_of_any_shape_reads_the_same_but_for_the_emptied_cells(eraser, tmp_path, head):
    lines = [";".join(HEADERS), *(";".join(f'"{cell}"' for cell in row) for row in ROWS), "", '"";x;"a;""b"" \r\nc";']
    before = tmp_path / "before.csv"
    before.write_bytes((head + "\r\n".join(lines)).encode())
    erasure, after = erase(eraser, tmp_path, "people.csv", before.read_bytes())
    rows = {row: cells for row, *cells in all_rows(before)[0][2]}
    first = next(row for row, cells in rows.items() if cells[0] == "1")
    rows |= {first + number: cells for number, cells in enumerate(ERASED)}
    assert {row: cells for row, *cells in all_rows(after)[0][2]} == rows
    assert {place.row for place in erasure.places} == {first, first + 2}


def test_text_all_in_quotation_marks_stays_so(eraser, tmp_path):
    # Without its quotation marks the first column would be ten of another separator.
    rows = [["Marks;1;2;3;4;5;6;7;8;9", *HEADERS], *(["a;b;c;d;e;f;g;h;i;j", *row] for row in ROWS[:2])]
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    _, after = erase(eraser, tmp_path, "people.csv", stream.getvalue().encode())
    assert table_rows(after) == [rows[0], *(["a;b;c;d;e;f;g;h;i;j", *row] for row in ERASED[:2])]


def test_workbook_keeps_all_that_a_build_reads_and_nothing_else(eraser, tmp_path):
    more = [
        ("Day", dt.datetime(2021, 9, 1), "DD/MM/YYYY"),
        ("Moment", dt.datetime(2021, 9, 1, 13, 37, 59), "yyyy-mm-dd hh:mm:ss"),
        ("Share", 0.125, "0.0%"),
        ("Exact", 0.30000000000000004, "General"),
        ("Is so", True, "General"),
        ("Large", 9_007_199_254_740_991, "0"),
        ("Code", "00712", "@"),
        ("Like a formula", "=1+1", "General"),
        ("Like an error", "#N/A", "General"),
        ("Error", "#DIV/0!", "General"),
    ]
    rows = [["Title above"], [], HEADERS + [header for header, *_ in more], *ROWS]
    book = openpyxl.load_workbook(io.BytesIO(make_workbook({"People": [[None, *row] for row in rows]})))
    sheet = book["People"]
    for column, (_, value, number_format) in enumerate(more, 9):
        for row in (4, 5):
            sheet.cell(row, column, value).number_format = number_format
            if column in (16, 17):
                sheet.cell(row, column).data_type = "s"
            if column == 12:
                sheet.cell(row, column).value = repr(value)  # the library would round it
                sheet.cell(row, column).data_type = "n"
    sheet.merge_cells("B1:D1")
    sheet["G4"].hyperlink = f"mailto:{ADDRESS}"
    sheet["C5"].comment = Comment(f"Ask {ADDRESS}", "Someone")
    sheet["H5"] = CellRichText(TextBlock(InlineFont(b=True), "See ann.sample"), "@example.org now")
    sheet.oddFooter.center.text = ADDRESS
    book.create_sheet("Between")
    for name, state in (("Notes", "hidden"), ("Deep", "veryHidden")):
        other = book.create_sheet(name)
        other["A1"], other["A2"] = f"Questions to {ADDRESS.upper()}, please", 12.5
        other.sheet_state = state
    book.defined_names["who"] = DefinedName("who", attr_text=f'"{ADDRESS}"')
    book.properties.creator = book.properties.lastModifiedBy = book.properties.title = ADDRESS
    book.custom_doc_props.append(StringProperty(name="Owner", value=ADDRESS))
    before = tmp_path / "before.xlsx"
    book.save(before)
    erasure, after = erase(eraser, tmp_path, "people.xlsx", before.read_bytes())

    assert (erasure.by_hand, erasure.rewritten) == ("", ["people.xlsx"])
    assert list_holders(after, ADDRESS) == list_holders(after, "Ann Sample") == list_holders(after, "Someone") == []
    (_, _, people), *others = all_rows(before)
    expected = {row: cells for row, *cells in people}
    for row, cells in ((4, ERASED[0]), (5, [*ROWS[1][:6], "See […] now"]), (6, ERASED[2])):
        expected[row][: len(cells)] = cells
    (_, _, people_after), *others_after = all_rows(after)
    assert {row: cells for row, *cells in people_after} == expected
    assert [(name, shown) for name, shown, _ in others_after] == [(name, shown) for name, shown, _ in others]
    assert others_after[1][2] == [(1, "Questions to […], please"), (2, "12.5")]
    left = openpyxl.load_workbook(after)
    assert [left[name].sheet_state for name in left.sheetnames] == ["visible", "visible", "hidden", "veryHidden"]
    assert [area.coord for area in left["People"].merged_cells.ranges] == ["B1:D1"]
    typed = [left["People"].cell(4, column) for column in range(9, 9 + len(more))]
    assert [(cell.value, cell.number_format) for cell in typed] == [(value, kind) for _, value, kind in more]
    assert [cell.data_type for cell in typed] == ["d", "d", "n", "n", "b", "n", "s", "s", "s", "e"]


def test_the_person_in_a_property_or_in_the_name_of_a_member_alone_is_erased(eraser, tmp_path):
    def edit(book):
        book.properties.lastModifiedBy = ADDRESS

    book = make_workbook({"Register": [["Ref"], ["1"]]}, edit)
    packed = write_zip(tmp_path / "packed.zip", {f"of {ADDRESS}.csv": HEADER + action("8")}).read_bytes()
    for name, content in {"people.xlsx": book, "people.zip": packed}.items():
        erasure, after = erase(eraser, tmp_path / f"of {name}", name, content)
        assert {place.file for place in erasure.places} == {name}
        assert (erasure.by_hand, list_holders(after, ADDRESS)) == ("", [])
    with zipfile.ZipFile(after) as archive:
        assert archive.namelist() == ["of withheld.csv"]


def test_workbook_of_other_programs_keeps_what_is_below_merged_cells_and_formulas_as_values(eraser, tmp_path):
    def cells(texts):
        return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)

    formula = '<c t="str"><f>CONCATENATE(A2,"!")</f><v>1!</v></c>'
    rows = f"<row>{cells([*HEADERS, 'Sum'])}</row><row>{cells(ROWS[0])}{formula}</row>"
    path = write_sheet_xml(tmp_path / "other.xlsx", rows)
    with zipfile.ZipFile(path) as source:
        members = {name: source.read(name) for name in source.namelist()}
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:C2"/></mergeCells>'
    sheet = "xl/worksheets/sheet1.xml"
    for content in (members[sheet], members[sheet].replace(b"</sheetData>", merged)):
        write_zip(path, members | {sheet: content})
        _, after = erase(eraser, path.with_suffix(f".{len(content)}"), "people.xlsx", path.read_bytes())
        assert table_rows(after) == [[*HEADERS, "Sum"], [*ERASED[0], "1!"]]
        assert openpyxl.load_workbook(after).active["H2"].value == "1!"


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_other_workbooks_become_xlsx(eraser, tmp_path, kind):
    rows = [[*HEADERS, "Code"], *([*row, "007"] for row in ROWS)]
    path = tmp_path / f"made.{kind}"
    content = ods_of(path, rows) if kind == "ods" else write_xls(path, rows).read_bytes()
    erasure, after = erase(eraser, tmp_path, f"people.{kind}", content)
    assert (erasure.by_hand, after.name) == ("", f"people.{kind}.xlsx")
    assert list_holders(after, ADDRESS) == []
    assert table_rows(after) == [[*HEADERS, "Code"], *([*row, "007"] for row in ERASED)]
    ((before_name, *_),), ((name, *_),) = all_rows(path), all_rows(after)
    assert name == before_name


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports are not beside this project")
@pytest.mark.parametrize("name", some(REAL, 3))
def test_real_workbooks_read_the_same_when_written_anew(eraser, tmp_path, name):
    path = EXPORTS / name
    content = path.read_bytes()
    if content.startswith(b"PK"):
        stream = io.BytesIO(content)
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr("docProps/who.xml", f"<who>{ADDRESS}</who>")
        content = stream.getvalue()
    else:
        content += ADDRESS.encode("utf-16-le")
    erasure, after = erase(eraser, tmp_path, path.name, content)
    assert (erasure.by_hand, [place.row for place in erasure.places]) == ("", [0])
    assert list_holders(after, ADDRESS) == []
    assert all_rows(after) == all_rows(path)
    assert after.suffix == ".xlsx"
    openpyxl.load_workbook(after)


def test_what_cannot_be_cleaned_is_named_with_what_to_do(eraser, tmp_path):
    whole = make_workbook({"People": [HEADERS, *ROWS]})
    packed = write_zip(tmp_path / "inner.zip", {"people.csv": text_table()}).read_bytes()
    open_quote = text_table() + '4,"never closed\n'
    files = {
        "damaged.xlsx": (whole[: len(whole) // 2], "damaged or cut short", False),
        "damaged.zip": (packed[:-30], "damaged or cut short", False),
        "locked.xls": (write_xls(tmp_path / "a.xls", [["a"]], password=True).read_bytes(), "by a password", False),
        "macros.xls": (write_xls(tmp_path / "b.xls", [HEADERS, *ROWS], macros=True).read_bytes(), "as .xlsx", True),
        "nested.zip": (write_zip(tmp_path / "outer.zip", {"inner.zip": packed}).read_bytes(), "Unpack the outer", True),
        "open.csv": (open_quote.encode(), "stray quotation mark", True),
        "notes.pdf": (f"%PDF Ask {ADDRESS}.".encode(), "Remove the address", True),
    }
    for name, (content, words, is_found) in files.items():
        erasure, after = erase(eraser, tmp_path / f"of {name}", name, content)
        assert words in erasure.by_hand, name
        assert (after, bool(erasure.places)) == (None, is_found), name
        assert ADDRESS not in erasure.by_hand
    for name, content in {"notes.md": b"Nobody.", "broken.csv": b'a,"b\n'}.items():
        assert erase(eraser, tmp_path / f"of {name}", name, content)[0].by_hand == "", name


def test_archive_with_the_person_in_what_is_no_export(eraser, tmp_path):
    more = io.BytesIO()
    with zipfile.ZipFile(more, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", text_table())
        archive.writestr("readme.txt", f"By {ADDRESS}, naturally")
        archive.writestr("README (français).txt", f"Écrire à {ADDRESS}".encode("utf-16"))
        archive.writestr("media/card.jpg", b"\xff\xd8\xff\0" + ADDRESS.encode())
        archive.writestr(f"of {ADDRESS}.csv", HEADER + action("8", promise="Named"))
        archive.comment = f"from {ADDRESS}".encode()
    erasure, after = erase(eraser, tmp_path, "people.zip", more.getvalue())
    assert (erasure.by_hand, erasure.left_out) == ("", ["people.zip/media/card.jpg"])
    assert list_holders(after, ADDRESS) == []
    with zipfile.ZipFile(after) as archive:
        assert archive.namelist() == ["people.csv", "readme.txt", "README (français).txt", "of withheld.csv"]
        assert archive.read("readme.txt").decode() == "By […], naturally"
        assert archive.read("README (français).txt").decode("utf-16") == "Écrire à […]"


def find_actions(folder, title):
    """Find the published actions of a title without their numbers, which follow the names of files."""
    return [row.partition(", ")[2] for row in published_tables(folder)["actions"] if title in row]


def test_names_of_files_and_sheets_lose_the_address_an_id_stays_its_code_and_a_build_that_holds_it_goes(tmp_path):
    name = f"from_{ADDRESS}_final"
    lines = action(ADDRESS, promise="Its id") + action("2", promise="Its contact", Email=ADDRESS)
    exports = {
        f"{name}.xlsx": make_workbook({ADDRESS: [HEADERS, ROWS[1]]}),
        f"README {name}.md": "A note.",
        "office.csv": HEADER + lines,
    }
    exports[f"{ADDRESS}/a.csv"] = text_table().replace(ADDRESS, "nobody")
    folder = make_campaign(tmp_path / "c", exports, {**RECIPES, "people": RECIPE})
    write_zip(folder.inbox / f"{name}.zip", {"people.csv": text_table().replace("\n1;", "\n11;")})
    pointer, titles = publish_campaign(folder), published_titles(folder)
    (before,) = find_actions(folder, "Its id")
    assert "OFF-id_" in before
    assert list_holders(folder.published, ADDRESS) == []
    with duckdb.connect(folder.published / pointer["snapshot"]) as connection:  # as an earlier version might have
        connection.execute("update actions set submission_id = $1 where title = 'Its contact'", [ADDRESS])
    assert list_holders(folder.published, ADDRESS)
    code, done = forget_json(folder)
    assert code == 0  # so nothing is left by hand
    assert done["builds"] == [pointer["build_id"]]
    assert list_holders(folder.root, ADDRESS) == []
    assert not [path for path in folder.root.rglob("*") if ADDRESS in str(path.relative_to(folder.root))]
    assert set(inbox(folder)) >= {"from_withheld_final.xlsx", "from_withheld_final.zip", "withheld/a.csv"}
    assert find_actions(folder, "Its id") == [before]
    assert [entry["how"] for entry in history_file(folder)] == ["forget"]
    assert published_titles(folder) == titles >= {"Its id", "Its contact"}


def test_exports_of_websites_and_calendars_lose_the_person_and_nothing_else(eraser, tmp_path):
    site = wxr([post(1, "A story", f"<p>Write to {ADDRESS} or to us.</p>"), post(2, "Another")])
    site = site.replace("sample.person@example.org", ADDRESS).replace("nobody@example.org", ADDRESS, 1)
    entry = f"BEGIN:VEVENT\nUID:1\nSUMMARY:Fair\nORGANIZER;CN=Ann Sample:mailto:{ADDRESS}\nDESCRIPTION:Ask {ADDRESS}\n"
    files = {"site.xml": site, "fair.ics": calendar(f"{entry}ATTENDEE:mailto:other@example.org\nEND:VEVENT")}
    for name, content in files.items():
        erasure, after = erase(eraser, tmp_path / f"of {name}", name, content.encode())
        assert not erasure.by_hand
        cleaned = after.read_text(encoding="utf-8")
        assert ADDRESS not in cleaned
        with open_export(after, name) as export, duckdb.connect() as connection:
            assert export.load(connection, export.sheets[0], "t", 2) == (2 if name == "site.xml" else 1)
        if name == "site.xml":
            assert "Write to […] or to us." in cleaned
            assert "<dc:creator></dc:creator>" in cleaned
            assert cleaned.count("<wp:comment>") == 1  # the other one's
        else:
            assert "Ann Sample" not in cleaned
            assert "ATTENDEE:mailto:other@example.org" in cleaned
            assert "DESCRIPTION:Ask […]" in cleaned


def test_what_keeps_its_name_lies_elsewhere_or_cannot_be_cleaned_is_told(tmp_path):
    folder = make(tmp_path / "c", {"people.ods.xlsx": make_workbook({"People": [["x"]]})})
    by_name = RECIPE.replace("people", "named").replace("Contact phone", "Telephone")
    named = by_name.replace("[recognise]", '[recognise]\nfile_names = ["named.ods"]')
    (folder.root / "recipes" / "named.toml").write_text(named)
    ods_of(folder.inbox / "people.ods", [HEADERS, *ROWS])
    left = ods_of(folder.inbox / "named.ods", [["Telephone" if h == "Contact phone" else h for h in HEADERS], *ROWS])
    outside = tmp_path / "people.csv"
    outside.write_text(text_table())
    (folder.inbox / "link.csv").symlink_to(outside)
    kept = folder.private / "inputs" / "0123"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a,\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" + ADDRESS.encode())
    result = forgetting.forget(folder, ADDRESS)
    reasons = {"people.ods": "is taken", "named.ods": "save it as .xlsx", "link.csv": "outside of the inbox"}
    by_hand = dict(result.by_hand)
    assert by_hand.keys() == reasons.keys()
    assert [name for name, reason in reasons.items() if reason not in by_hand[name]] == []
    assert table_rows(folder.inbox / "people.ods") == [HEADERS, *ERASED]
    assert (folder.inbox / "named.ods").read_bytes() == left
    assert outside.read_text() == text_table()
    assert "link.csv" not in {place.file for place in result.places}
    assert result.no_longer_kept == ["0123.txt"]
    assert list_holders(folder.private, ADDRESS) == []


def test_what_is_left_by_hand_ends_the_command_with_1_and_no_later_download_brings_the_person_back(tmp_path):
    notes = {"README.md": f"Ask {ADDRESS}.", "README.pdf": f"%PDF {ADDRESS}"}
    folder = make(tmp_path / "c", {"people.csv": text_table(), **notes})
    own = folder.root / "recipes" / "people.toml"
    own.write_text(own.read_text() + f"\n# by {ADDRESS}\n")
    changes = [folder.private / "settings" / name / "before" for name in ("held", "other")]
    for change, said in zip(changes, (f"# by {ADDRESS}", "# by nobody"), strict=True):
        change.mkdir(parents=True)
        (change / "campaign.toml").write_text(said)
    code, done = forget_json(folder)
    assert [change.is_dir() for change in changes] == [False, True], "what was before would be wrong when half of it"
    assert code == 1
    assert {name for name, _ in done["by_hand"]} == {"README.pdf", "recipes/people.toml"}
    assert (folder.inbox / "README.md").read_text() == "Ask […]."
    assert list_holders(folder.inbox / "people.csv", ADDRESS) == []
    assert published_titles(folder) == {"First", "Second", "Third"}
    assert done["no_longer_kept"] == []

    (folder.inbox / "people.csv").write_text(text_table())  # a later download
    publish_campaign(folder)
    assert ADDRESS not in (folder.private / "forgotten.csv").read_text()
    with duckdb.connect(str(folder.private / "contacts.duckdb"), read_only=True) as connection:
        rows = connection.execute("select distinct source_row from contacts order by 1").fetchall()
    assert rows == [(3,), (4,)]
    assert list_holders(folder.private / "contacts", ADDRESS) == []
    assert published_titles(folder) == {"First", "Second", "Third"}


def test_refused_build_is_told_after_the_person_is_erased(tmp_path):
    folder = make(tmp_path / "c", {"people.csv": text_table(), "strange.csv": "colour\nred\n"})
    code, output = forget(folder)
    assert (code, "The person is erased" in output) == (1, True)
    assert not (folder.published / "current.json").exists()
    assert list_holders(folder.inbox, ADDRESS) == []


def test_command_says_what_is_lost_of_an_address_that_it_reads_from_its_input(tmp_path):
    folder = make(tmp_path / "c", {"people.xlsx": make_workbook({"People": [HEADERS, *ROWS]})})
    ods_of(folder.inbox / "people.ods", [HEADERS, ["51", *ROWS[0][1:]]])
    code, output = forget(folder, "--dry-run", address="-", stdin=f" {ADDRESS.upper()}\n")
    assert code == 0
    named = ("people.ods becomes people.ods.xlsx", "Workbooks to be written anew: people.ods, people.xlsx.")
    for words in (*named, "Nothing was changed", "Formatting", "charts", "macros", "formulas"):
        assert words in output
    for nonsense in ("ann", "@example.org", "ann sample@example.org", ""):
        with pytest.raises(UserError, match="no e-mail address"):
            forgetting.check_address(nonsense)
    shutil.rmtree(folder.inbox)
    code, output = forget(folder, address="unknown@example.org")
    assert (code, "found nowhere" in output) == (0, True)


def test_an_address_is_found_in_a_text_and_told_from_longer_ones():
    for text in ("ann@x.org", "Write to ANN@X.ORG.", "<ann@x.org>;", "mailto:ann%40x.org?subject=a", "‘ann@x.org’!"):
        assert holds(text, "ann@x.org"), text
        assert "ann" not in without(text, "ann@x.org").lower()
    for text in ("joann@x.org", "jo.ann@x.org", "ann@x.org.uk", "ann@x.organic", "ann+news@x.org", ""):
        assert not holds(text, "ann@x.org"), text
        assert without(text, "ann@x.org") == text
    for text, is_nothing_else in ((" Ann@X.org ", True), ("mailto:ann@x.org", True), ("Ann ann@x.org", False)):
        assert is_only(text, "ann@x.org") == is_nothing_else, text

"""`etl forget`: a person is found everywhere and erased, and nothing else changes."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from dashboard.errors import UserError
from etl.forget import forget as forgetting
from etl.inputs.forgotten import holds, is_only, without
from etl.publish import restore
from tests.etl.build.test_build import HEADER, action
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.files import write_ods
from tests.etl.program import history_file, inbox, last_json, published, published_titles, run_etl

ADDRESS = "ann.sample@example.org"
RECIPE = """
id = "people"
title = "Register with contacts"
holds = "actions"
[recognise]
headers = ["Ref", "Promise", "Contact phone"]
[fields.submission_id]
headers = ["Ref"]
[fields.stakeholder]
headers = ["Maker"]
[fields.title]
headers = ["Promise"]
required = true
[fields.description]
headers = ["How"]
[personal]
headers = ["Contact name"]
"""
HEADERS = ["Ref", "Maker", "Promise", "Contact name", "Contact phone", "E-mail", "How"]
ROWS = [
    ["1", "Imaginary Union", "First", "Ann Sample", "+41 22 000 00 00", "Ann.Sample@Example.org", "Ask Ann, then"],
    ["2", "Fictional Guild", "Second", "Ben Sample", "+41 22 111 11 11", "joann.sample@example.org", "Write to us"],
    ["3", "Sample League", "Third", "Cas Sample", "+41 22 222 22 22", "cas@example.org", f"Mail {ADDRESS}; or call"],
]


def text_table(delimiter=",", end="\n"):
    lines = [HEADERS, *ROWS]
    quoted = [delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in line) for line in lines]
    return end.join(quoted) + end


def workbook_of(rows, *, first_cell=(1, 1)):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "People"
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            sheet.cell(first_cell[0] + y, first_cell[1] + x, value)
    return book


def saved(book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def patched(content: bytes, pattern: str, new: str) -> bytes:
    """A workbook with something else in the XML of its first sheet."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in source.infolist():
            part = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                part = re.sub(pattern, lambda _: new, part.decode(), flags=re.DOTALL).encode()
            copy.writestr(info, part)
    return stream.getvalue()


def share_strings(content: bytes) -> bytes:
    """The workbook with its texts in one table that the cells refer to, each text once, as Excel writes it."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {info.filename: source.read(info).decode() for info in source.infolist()}
    strings: dict[str, int] = {}

    def share(match: re.Match[str]) -> str:
        return f'<c{match[1]} t="s"><v>{strings.setdefault(match[2], len(strings))}</v></c>'

    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        cell = r'<c((?: r="\w+"| s="\d+")*) t="inlineStr"><is>(.*?)</is></c>'
        parts[name] = re.sub(cell, share, parts[name], flags=re.DOTALL)
        assert "inlineStr" not in parts[name]
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    items = "".join(f"<si>{text}</si>" for text in strings)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{space}">{items}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    )
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId99" Type="{relation}" Target="sharedStrings.xml"/></Relationships>',
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy:
        for name, part in parts.items():
            copy.writestr(name, part)
    return stream.getvalue()


def all_bytes(place: Path):
    """Every file's content, and that of every member of an archive."""
    for path in [place] if place.is_file() else sorted(place.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, content
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        inner = archive.read(name)
                        yield f"{path.name}/{name}", inner
                        if zipfile.is_zipfile(io.BytesIO(inner)):
                            with zipfile.ZipFile(io.BytesIO(inner)) as deeper:
                                yield from ((f"{path.name}/{name}/{n}", deeper.read(n)) for n in deeper.namelist())


def where(place: Path, words: str) -> list[str]:
    """Names of the files under a folder that hold the words, DuckDB's tables included."""
    pattern = re.compile(rb"(?<![\w])" + re.escape(words.encode()), re.IGNORECASE)
    wide = words.lower().encode("utf-16-le")
    found = [name for name, content in all_bytes(place) if pattern.search(content) or wide in content.lower()]
    for path in place.rglob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as connection:
            for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
                rows = connection.execute(f'select t::varchar from "{table}" as t').fetchall()  # noqa: S608  (a listed name)
                if any(pattern.search(row.encode()) for (row,) in rows):
                    found.append(f"{path.name}: {table}")
    return found


def make(root, exports):
    return make_campaign(root, exports, {"people": RECIPE})


def forget(folder, *options):
    return run_etl("forget", ADDRESS, "--campaign", folder.root, "--json", *options)


def test_person_is_erased_everywhere_and_nothing_else(tmp_path):
    folder = make(tmp_path / "c", {"people.csv": text_table()})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in zip.csv", text_table(";").replace("First", "Zipped first").replace("\n1;", "\n11;"))
        archive.writestr("book.xlsx", saved(workbook_of([HEADERS, ["21", *ROWS[0][1:2], "Booked", *ROWS[0][3:]]])))
    (folder.inbox / "old.zip").write_bytes(packed.getvalue())
    (folder.inbox / "people.xlsx").write_bytes(saved(workbook_of([HEADERS, ["31", *ROWS[0][1:]]])))
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
    titles = published_titles(folder)
    assert where(folder.root, ADDRESS)

    before = {name: content for name, content in all_bytes(folder.root) if name not in (".lock", "history.json")}
    looked = forget(folder, "--dry-run")
    assert looked.returncode == 0, looked.stderr
    after = {name: content for name, content in all_bytes(folder.root) if name not in (".lock", "history.json")}
    assert after == before
    places = {(p["file"], p["row"], p["header"]) for p in last_json(looked)["places"]}
    for row, header in ((2, "Contact name"), (2, "Contact phone"), (2, "E-mail"), (4, "How")):
        assert ("people.csv", row, header) in places

    done = forget(folder)
    assert done.returncode == 0, done.stderr
    assert where(folder.root, ADDRESS) == []
    assert where(folder.root, "Ann Sample") == []
    assert where(folder.root, "+41 22 000 00 00") == []
    assert ADDRESS not in (done.stdout + done.stderr).lower()
    assert published_titles(folder) == titles
    assert history_file(folder)[0]["how"] == "forget"
    assert where(folder.root, "Ben Sample")
    assert where(folder.root, "joann.sample@example.org")
    expected = text_table().replace("Ann Sample,+41 22 000 00 00,Ann.Sample@Example.org,", ",,,")
    assert (folder.inbox / "people.csv").read_text() == expected.replace(f"Mail {ADDRESS};", "Mail […];")
    assert (folder.root / "decisions.csv").read_text().endswith("The Imaginary Union,[…] asked,\n")
    assert not draft.exists()
    assert last_json(forget(folder))["places"] == []

    restored = restore.restore(folder, first)
    assert "old.zip" in restored.put_back
    assert where(folder.root, ADDRESS) == []
    publish_campaign(folder)
    assert "Zipped first" in published_titles(folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_files_keep_every_other_byte(tmp_path, encoding, end):
    text = text_table(";", end).replace("Imaginary Union", "Union imaginée – été").replace("Third", '"Thi\nrd ""x"""')
    original = ("\ufeff" if encoding == "utf-16-le" else "").encode(encoding) + text.encode(encoding)
    folder = make(tmp_path / "c", {"people.csv": original})
    forgetting.forget(folder, ADDRESS)
    expected = text.replace("Ann Sample;+41 22 000 00 00;Ann.Sample@Example.org;", ";;;")
    expected = expected.replace(f'"Mail {ADDRESS}; or call"', '"Mail […]; or call"')
    mark = ("\ufeff" if encoding == "utf-16-le" else "").encode(encoding)
    assert (folder.inbox / "people.csv").read_bytes() == mark + expected.encode(encoding)


def test_first_line_that_names_the_separator_and_blank_lines_keep_the_rows_right(tmp_path):
    text = "sep=;\r\n\r\n" + text_table(";", "\r\n")
    folder = make(tmp_path / "c", {"people.csv": text})
    found = forgetting.forget(folder, ADDRESS)
    assert {place.row for place in found.places if place.header == "E-mail"} == {3}
    assert (folder.inbox / "people.csv").read_bytes().decode() == text.replace(
        "Ann Sample;+41 22 000 00 00;Ann.Sample@Example.org;", ";;;"
    ).replace(f"Mail {ADDRESS};", "Mail […];")


@pytest.mark.parametrize("is_shared", [False, True])
def test_workbook_keeps_what_it_holds_besides(tmp_path, is_shared):
    book = workbook_of([["Title above"], [], HEADERS, *ROWS, ["4", "X", "Fourth", "Ann Sample"]], first_cell=(1, 2))
    sheet = book["People"]
    sheet["G4"].hyperlink = f"mailto:{ADDRESS}"
    sheet["C5"].comment = Comment(f"Ask {ADDRESS} or joann.sample@example.org", "Someone")
    sheet["B4"].font = openpyxl.styles.Font(bold=True)
    sheet["E4"].font = openpyxl.styles.Font(italic=True)
    sheet.merge_cells("B1:D1")
    other = book.create_sheet("Notes")
    other["A1"] = f"Questions to {ADDRESS.upper()}, please"
    other["A2"] = 12.5
    book.properties.creator = ADDRESS
    sheet["I4"] = "computed"
    formula = '<c r="I4" t="str"><f>CONCATENATE(B4,"!")</f><v>1!</v></c>'
    content = patched(saved(book), r'<c r="I4".*?</c>', formula)
    content = share_strings(content) if is_shared else content
    folder = make(tmp_path / "c", {"people.xlsx": content})
    found = forgetting.forget(folder, ADDRESS)
    assert found.by_hand == []
    assert ("Notes", 1) in {(place.sheet, place.row) for place in found.places}
    assert where(folder.inbox, ADDRESS) == []
    left = openpyxl.load_workbook(folder.inbox / "people.xlsx")
    sheet = left["People"]
    assert [[cell.value for cell in row] for row in sheet["B1:H1"]][0][0] == "Title above"
    assert sheet["G4"].hyperlink.target == "mailto:removed"
    assert [cell.value for cell in sheet[4]][1:6] == ["1", "Imaginary Union", "First", None, None]
    assert sheet["H4"].value == "Ask Ann, then"
    assert [cell.value for cell in sheet[5]][1:8] == ROWS[1]
    assert [cell.value for cell in sheet[6]][1:8] == [*ROWS[2][:6], "Mail […]; or call"]
    assert sheet["E7"].value == "Ann Sample"  # the same name in a row of its own: who it is, nobody knows
    assert (sheet["B4"].font.bold, sheet["E4"].font.italic) == (True, True)
    assert sheet["I4"].value == '=CONCATENATE(B4,"!")'
    assert sheet["C5"].comment.text == "Ask […] or joann.sample@example.org"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["B1:D1"]
    assert [cell.value for cell in left["Notes"]["A"]] == ["Questions to […], please", 12.5]


@pytest.mark.parametrize("is_shared", [False, True])
def test_address_split_by_formats_inside_a_cell_is_found(tmp_path, is_shared):
    book = workbook_of([HEADERS, *ROWS])
    book["People"]["G3"] = CellRichText(TextBlock(InlineFont(b=True), "See ann.sample"), "@example.org now")
    folder = make(tmp_path / "c", {"people.xlsx": share_strings(saved(book)) if is_shared else saved(book)})
    forgetting.forget(folder, ADDRESS)
    left = openpyxl.load_workbook(folder.inbox / "people.xlsx")
    assert left["People"]["G3"].value == "See […] now"


def test_workbook_with_inline_strings_and_no_references(tmp_path):
    names = "".join(f'<x:c t="inlineStr"><x:is><x:t>{header}</x:t></x:is></x:c>' for header in HEADERS)
    cells = "".join(f'<x:c t="inlineStr"><x:is><x:t>{cell}</x:t></x:is></x:c>' for cell in ROWS[0])
    space = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = (
        f"<x:worksheet {space}><x:sheetData><x:row>{names}</x:row><x:row>{cells}</x:row></x:sheetData></x:worksheet>"
    )
    content = patched(saved(workbook_of([["x"]])), r"<worksheet.*", sheet)
    folder = make(tmp_path / "c", {"people.xlsx": content})
    publish_campaign(folder)
    found = forgetting.forget(folder, ADDRESS)
    assert (found.by_hand, where(folder.inbox, ADDRESS), where(folder.inbox, "Ann Sample")) == ([], [], [])
    publish_campaign(folder)
    assert published_titles(folder) == {"First"}


def test_what_cannot_be_changed_is_named_and_the_rest_is_done(tmp_path):
    folder = make(tmp_path / "c", {"people.csv": text_table()})
    publish_campaign(folder)
    (folder.inbox / "README.md").write_text(f"Ask {ADDRESS}.")
    recipe = folder.root / "recipes" / "people.toml"
    recipe.write_text(recipe.read_text() + f"\n# by {ADDRESS}\n")
    done = forget(folder)
    assert done.returncode == 1
    assert {name for name, _ in last_json(done)["by_hand"]} == {"README.md", "recipes/people.toml"}
    assert where(folder.inbox / "people.csv", ADDRESS) == []
    recipe.write_text(recipe.read_text().replace(ADDRESS, "nobody"))
    (folder.inbox / "README.md").unlink()
    done = forget(folder)
    assert done.returncode == 0, done.stdout
    assert where(folder.root, ADDRESS) == []


def test_ods_workbook_is_named_with_its_cells_and_no_longer_kept(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = [f"<table:table-row>{''.join(map(cell.format, line))}</table:table-row>" for line in (HEADERS, *ROWS)]
    folder = make(tmp_path / "c", {})
    write_ods(folder.inbox / "people.ods", "".join(rows))
    publish_campaign(folder)
    assert where(folder.private / "inputs", ADDRESS)
    before = inbox(folder)
    done = forget(folder)
    assert done.returncode == 1
    assert [name for name, _ in last_json(done)["by_hand"]] == ["people.ods"]
    cells = {(p["sheet"], p["row"], p["header"]) for p in last_json(done)["places"]}
    assert ("Feuille1", 2, "Contact name") in cells
    assert last_json(done)["no_longer_kept"] == ["people.ods"]
    assert where(folder.private, ADDRESS) == []
    assert inbox(folder) == before


def test_later_downloads_leave_no_contacts_of_the_person(tmp_path):
    folder = make(tmp_path / "c", {"people.csv": text_table()})
    publish_campaign(folder)
    forgetting.forget(folder, ADDRESS)
    assert ADDRESS not in (folder.private / "forgotten.csv").read_text()
    (folder.inbox / "people.csv").write_text(text_table().replace("Third", "Changed"))
    publish_campaign(folder)
    with duckdb.connect(str(folder.private / "contacts.duckdb"), read_only=True) as connection:
        rows = connection.execute("select distinct source_row from contacts order by 1").fetchall()
    assert rows == [(3,), (4,)]
    assert where(folder.private / "contacts", ADDRESS) == []
    assert published_titles(folder) == {"First", "Second", "Changed"}


def test_build_whose_data_holds_the_address_goes(tmp_path):
    folder = make_campaign(tmp_path / "c", {"first.csv": HEADER + action(ADDRESS, promise="First")})
    first = publish_campaign(folder)["build_id"]
    assert where(folder.published, ADDRESS)
    (folder.inbox / "second.csv").write_text(HEADER + action("2", promise="Second"))
    publish_campaign(folder)
    done = forget(folder)
    assert done.returncode == 0, done.stderr
    assert first in last_json(done)["builds"]
    assert where(folder.root, ADDRESS) == []
    assert [entry["how"] for entry in history_file(folder)] == ["forget"]
    assert published_titles(folder) == {"First", "Second"}


def test_refused_build_is_told_after_the_person_is_erased(tmp_path):
    folder = make(tmp_path / "c", {"people.csv": text_table()})
    build_id = publish_campaign(folder)["build_id"]
    (folder.inbox / "strange.csv").write_text("colour\nred\n")
    done = forget(folder)
    assert done.returncode == 1
    assert "The person is erased" in done.stderr
    assert published(folder)["build_id"] == build_id
    assert where(folder.inbox, ADDRESS) == []


def test_address_is_read_from_the_input_and_must_be_one(tmp_path):
    folder = make(tmp_path / "c", {"people.csv": text_table()})
    done = run_etl("forget", "-", "--campaign", folder.root, "--json", "--dry-run", stdin=f" {ADDRESS.upper()}\n")
    assert done.returncode == 0, done.stderr
    assert len(last_json(done)["places"]) == 4
    for nonsense in ("ann", "@example.org", "ann sample@example.org", ""):
        with pytest.raises(UserError, match="no e-mail address"):
            forgetting.check_address(nonsense)


def test_campaign_that_was_never_built_and_unknown_person(tmp_path):
    folder = make(tmp_path / "c", {})
    shutil.rmtree(folder.inbox)
    done = run_etl("forget", ADDRESS, "--campaign", folder.root)
    assert done.returncode == 0, done.stderr
    assert "found nowhere" in done.stdout


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("ann@x.org", True),
        ("Write to ANN@X.ORG.", True),
        ("<ann@x.org>;", True),
        ("mailto:ann%40x.org?subject=a", True),
        ("‘ann@x.org’!", True),
        ("joann@x.org", False),
        ("jo.ann@x.org", False),
        ("ann@x.org.uk", False),
        ("ann@x.organic", False),
        ("ann+news@x.org", False),
        ("", False),
    ],
)
def test_an_address_is_told_from_longer_ones(text, is_there):
    assert holds(text, "ann@x.org") is is_there
    assert ("ann" not in without(text, "ann@x.org").lower()) is (is_there or not text)


def test_what_is_nothing_but_an_address():
    assert is_only(" Ann@X.org ", "ann@x.org")
    assert is_only("mailto:ann@x.org", "ann@x.org")
    assert not is_only("Ann ann@x.org", "ann@x.org")

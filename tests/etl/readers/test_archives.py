"""ZIP archives of exports: the members are the inputs; other files are skipped or refused in one sentence."""

import zipfile

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.ground.files.writing import hash_file
from etl.inputs.inbox import InputError, build_id, list_exports
from etl.pipeline import build as builds
from etl.pipeline.build import build
from etl.readers.exports import list_members, open_export
from etl.readers.files import INBOX, UPLOAD, Limits
from etl.readers.sheets import ReadError
from tests.etl.campaigns import built, make_campaign
from tests.etl.files import load, pack_zip, write, write_workbook, write_xls, write_zip
from tests.etl.intake import read_inbox

ACTIONS = "Ref,Maker,Promise\n1,Imaginary Union,Train inspectors\n2,Fictional Farms,Survey farms\n"
REPORTS = "Report,Ref,Maker,Promise,State,Sent\n7,OFF-1,Imaginary Union,Train inspectors,Completed,2021-06-01\n"
FORMS = {"a.csv": ACTIONS, "b.csv": REPORTS}
REPEAT = "PARENT_KEY,crop\nuuid:1,cocoa\nuuid:2,tea\n"


def members(path, **options):
    """Return the content of an archive: names, containers and first cells."""
    with list_members(path, **options) as files:
        return [(file.name, file.container) for file in files]


def refusal(path, **options):
    """Return the one sentence that refuses an archive, and the remedy."""
    with pytest.raises(ReadError) as caught:
        members(path, **options)
    for sentence in (caught.value.what, caught.value.remedy):
        assert sentence.endswith(".")
        assert "\n" not in sentence
    assert f"“{path.name}”" in caught.value.what
    return str(caught.value)


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """Asks the snapshot of two archives: a workbook and a folder beside text, and a repeat that no recipe reads."""
    book = write_workbook(
        tmp_path_factory.mktemp("book") / "b.xlsx",
        {"S": [["Ref", "Maker", "Promise"], [3, "Sample Co-op", "Map farms"]]},
    )
    office = pack_zip({"actions.csv": ACTIONS, "sub/reports.csv": REPORTS, "book.xlsx": book.read_bytes()})
    other = "Ref,Maker,Promise\n8,Imaginary Choir,Sing\n9,Fictional Choir,Dance\n"
    exports = {"office.zip": office, "form.zip": pack_zip({"form.csv": other, "form-crops.csv": REPEAT})}
    with built(make_campaign(tmp_path_factory.mktemp("packed") / "campaign", exports)) as snapshot:
        yield lambda query: snapshot.execute(query).fetchall()


@pytest.mark.nightly
def test_members_are_the_inputs_of_a_build_and_a_repeat_that_no_recipe_reads_is_listed_as_unread(packed):
    account = "select named(source_file) as file, rows_read, rows_accepted, recipe from input_files"
    assert packed(f"{account} where starts_with(file, 'office') order by 1") == [
        ("office.zip/actions.csv", 2, 2, "office_actions"),
        ("office.zip/book.xlsx", 1, 1, "office_actions"),
        ("office.zip/sub/reports.csv", 1, 1, "office_reports"),
    ]
    assert packed("select named(source_file), source_row from actions where title = 'Survey farms'") == [
        ("office.zip/actions.csv", 3)
    ]
    account = "select named(source_file) as file, rows_read, rows_accepted, rows_rejected from input_files"
    assert packed(f"{account} where starts_with(file, 'form') order by 1") == [
        ("form.zip/form-crops.csv", 3, 0, 3),
        ("form.zip/form.csv", 2, 2, 0),
    ]
    assert packed("select distinct named(source_file), reason from rejected_rows") == [
        ("form.zip/form-crops.csv", "no recipe reads this sheet")
    ]


def test_an_archive_without_any_known_export_is_refused(tmp_path):
    folder = make_campaign(tmp_path / "campaign", {"form.zip": pack_zip({"form-crops.csv": REPEAT})})
    with pytest.raises(InputError, match=r"No recipe recognises form\.zip/form-crops\.csv"):
        read_inbox(folder)


def hash_members(archive, name):
    """Name and hash of each export file in an archive, as they go into the build id."""
    with list_members(archive, name, INBOX) as files:
        return [(file.name, hash_file(file.path)) for file in files]


def test_a_bad_member_refuses_its_archive_whole_and_uploads_have_stricter_limits(tmp_path, monkeypatch):
    bad = pack_zip({"a.csv": ACTIONS, "z.csv": 'Ref,"never closed\n'})
    folder = make_campaign(tmp_path, {"bad.zip": bad, "forms.zip": pack_zip(FORMS), "upload.csv": ACTIONS})
    with pytest.raises(ReadError, match=r"“bad\.zip/z\.csv” is never closed"):
        read_inbox(folder)
    monkeypatch.setattr(builds, "UPLOAD", Limits(rows=1))
    with build(folder, folder.published, skip_bad_files=True, optional={"upload.csv"}) as result:
        skipped = {name: error.what for name, error in result.skipped}
        assert "never closed" in skipped.pop("bad.zip")
        assert "too much to read" in skipped.pop("upload.csv")
        assert not skipped
        assert result.fingerprints == hash_members(folder.inbox / "forms.zip", "forms.zip")
        assert result.build_id == build_id(folder, result.fingerprints, is_sample=False)


def test_the_build_id_is_of_the_members_not_of_their_packing(tmp_path):
    folder = make_campaign(tmp_path / "c", {})
    packings = [
        pack_zip(FORMS),
        pack_zip(dict(reversed(FORMS.items()))),
        pack_zip(FORMS | {"readme.txt": "x"}, zipfile.ZIP_STORED),
        pack_zip(FORMS | {"b.csv": REPORTS.replace("Completed", "In progress")}),
    ]
    ids = []
    for number, content in enumerate(packings):
        packed = write(tmp_path / f"{number}.zip", content)
        ids.append(build_id(folder, hash_members(packed, "forms.zip"), is_sample=False))
    assert ids[0] == ids[1] == ids[2] != ids[3]


def test_members_are_exports_and_what_is_none_is_passed_over(tmp_path):
    book = write_workbook(tmp_path / "b.xlsx", {"S": [["Ref"], [3]]})
    none = ("folder/", "media/1.jpg", "media/notes.docx", "photo.PNG", "voice.m4a", "README.md", "leaflet.pdf",
            ".hidden", ".git/config.csv", "__MACOSX/._form.csv", ".DS_Store", "Thumbs.db")  # fmt: skip
    exports = {"f.csv": "a,b\n1,2\n", "f-rep.csv": "a,b\n1,2\n", "b.xlsx": book.read_bytes()}
    path = write_zip(tmp_path / "a.zip", exports | dict.fromkeys(none, b"\0\5"))
    assert members(path) == [("a.zip/b.xlsx", "a.zip/b.xlsx"), ("a.zip/f-rep.csv", "a.zip"), ("a.zip/f.csv", "a.zip")]
    assert members(book) == [("b.xlsx", "b.xlsx")]


def test_what_cannot_be_taken_is_refused_by_name(tmp_path):
    outside = ("../a.csv", "x/../../a.csv", "/etc/a.csv", "C:\\a.csv", "..\\a.csv")
    for names, said in (
        (["a.csv", "inner.zip"], "another archive, “inner.zip”"),
        (["a.csv", "notes.docx"], "“notes.docx”, which is not an export"),
        (["a.csv", "data.json"], "“data.json”, which is not an export"),
        *(([name], "outside of the archive") for name in outside),
        (["readme.txt"], "contains no export"),
        ([], "an empty ZIP archive"),
    ):
        assert said in refusal(write_zip(tmp_path / "a.zip", dict.fromkeys(names, ACTIONS))), names


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_twice_an_unusual_packing_and_a_password(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", ACTIONS)
        archive.writestr("a.csv", REPORTS)
    assert "“a.csv” twice" in refusal(tmp_path / "a.zip")
    assert "compressed in a way" in refusal(write_zip(tmp_path / "a.zip", {"a.csv": ACTIONS}, zipfile.ZIP_BZIP2))
    content = bytearray(pack_zip({"a.csv": ACTIONS}))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + place] |= 1
    assert "password" in refusal(write(tmp_path / "b.zip", bytes(content)))


def test_limits_of_an_archive(tmp_path):
    path = write_zip(tmp_path / "a.zip", {f"{n}.csv": ACTIONS for n in range(4)} | {"zeros.csv": "0\n" * 3_000_000})
    assert len(members(path)) == 5
    assert "contains 5 files, more than the limit of 4" in refusal(path, limits=Limits(members=4))
    assert "would unpack to 6 MB, too much to read" in refusal(path, limits=Limits(unpacked_bytes=4 << 20))
    assert "no export of its size" in refusal(path, limits=Limits(ratio_from_bytes=1 << 20))
    assert "more than the 0 MB" not in refusal(path, limits=Limits(file_bytes=1000))
    assert UPLOAD.unpacked_bytes < INBOX.unpacked_bytes


def test_a_truncated_a_damaged_and_no_archive(tmp_path):
    content = pack_zip({"a.csv": ACTIONS * 100, "b.csv": REPORTS * 100})
    damaged = bytearray(content)
    damaged[60] ^= 0xFF
    for bad in (*(content[: int(len(content) * kept)] for kept in (0.3, 0.9, 0.99)), bytes(damaged)):
        assert "damaged or cut short" in refusal(write(tmp_path / "a.zip", bad))
    assert "has the name of a ZIP archive" in refusal(write(tmp_path / "a.zip", ACTIONS))


def test_workbooks_are_told_from_archives_by_content(tmp_path):
    book = write_workbook(tmp_path / "b.xlsx", {"S": [["Ref"], [3]]})
    assert members(book.rename(tmp_path / "really a book.zip")) == [("really a book.zip", "really a book.zip")]
    with open_export(tmp_path / "really a book.zip") as export:
        assert [sheet.name for sheet in export.sheets] == ["S"]
    assert members(write_zip(tmp_path / "really a.xlsx", {"a.csv": ACTIONS})) == [
        ("really a.xlsx/a.csv", "really a.xlsx")
    ]
    with pytest.raises(ReadError, match="is a ZIP archive, but not a workbook"):
        open_export(tmp_path / "really a.xlsx")


def test_an_old_workbook_that_ends_with_a_package_is_no_archive(tmp_path):
    package = write_zip(tmp_path / "package.zip", {"[Content_Types].xml": "<Types/>", "theme/theme.xml": "<theme/>"})
    book = write_xls(tmp_path / "old.xls", [["Ref"], ["3"]])
    with book.open("ab") as stream:
        stream.write(package.read_bytes())
    assert zipfile.is_zipfile(book)
    assert members(book) == [("old.xls", "old.xls")]
    assert load(book) == [(1, "Ref"), (2, "3")]


def test_nothing_unpacked_stays(tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    path = write_zip(tmp_path / "a.zip", {"a.csv": ACTIONS})
    with list_members(path, work=work) as files:
        assert files[0].path.read_text() == ACTIONS
        assert work in files[0].path.parents
    assert list(work.iterdir()) == []
    broken = bytearray(path.read_bytes())
    broken[50] ^= 0xFF
    refusal(write(tmp_path / "b.zip", bytes(broken)), work=work)
    assert list(work.iterdir()) == []


def test_samples_may_be_packed_as_well(tmp_path):
    folder = CampaignFolder(make_campaign(tmp_path / "campaign", {}).root)
    folder.samples.mkdir()
    write_zip(folder.samples / "forms.zip", {"a.csv": ACTIONS})
    assert list_exports(folder) == ([("forms.zip", folder.samples / "forms.zip")], True)
    assert {name for name, *_ in read_inbox(folder)} == {"forms.zip/a.csv"}

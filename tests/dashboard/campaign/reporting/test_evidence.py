"""What is handed in is kept without what could harm a reader or tell of its sender, within limits, and goes in time."""

import errno
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from dashboard.campaign.reporting import evidence_store
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.evidence_cleaning import LONGEST_SIDE
from dashboard.campaign.reporting.evidence_store import EvidenceStore
from dashboard.campaign.reporting.published_files import FOLDER, name_file
from dashboard.campaign.reporting.reports import ReportBox, ReportState
from dashboard.errors import Sentence, UserError
from dashboard.faults import ComputerError
from dashboard.paths import PROJECT
from tests.dashboard.campaign.reporting.handed_in import (
    PLANTED,
    make_bomb,
    make_document,
    make_drawing,
    make_photo,
    make_picture,
    plant,
    save,
)
from tests.dashboard.campaign.reporting.sent import make_report

DAY = 86_400
LINK = "ab12"


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a campaign's private folder; nothing of what came may be left afterwards."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    (tmp_path / "campaign" / "private").mkdir(parents=True)
    yield tmp_path / "campaign" / "private"
    assert not list(temporary.iterdir())


@pytest.fixture
def store(private: Path) -> EvidenceStore:
    return EvidenceStore(private)


def keep(store: EvidenceStore, content: bytes, name: str = "sent.pdf", link: str = LINK) -> SentFile:
    return store.keep(BytesIO(content), name, link)


def read(store: EvidenceStore, sent: SentFile) -> bytes:
    path = store.find(sent.sha256)
    assert path is not None and path.stat().st_mode & 0o777 == 0o600 and path.stat().st_size == sent.size
    return path.read_bytes()


def find_red(picture: Image.Image, x: int, y: int) -> int:
    """Return how red a picture is in one place, of 255."""
    return picture.convert("RGB").crop((x, y, x + 1, y + 1)).tobytes()[0]


def list_kept(private: Path) -> list[str]:
    return sorted(path.name for path in (private / "evidence").glob("[!.]*"))


# what is kept of a file


def test_a_photo_is_drawn_anew_upright_and_without_where_it_was_taken(store: EvidenceStore) -> None:
    photo = make_photo((6_000, 400))
    assert photo.count(PLANTED.encode()) >= 6
    sent = keep(store, photo, "C:\\Users\\Ana\\..\\my\u202egpj.\x00 photo.jpg")
    assert (sent.name, sent.media_type) == ("mygpj. photo.jpg", "image/jpeg")
    content = read(store, sent)
    with Image.open(BytesIO(content)) as kept:
        assert kept.size == (160, LONGEST_SIDE) and find_red(kept, 80, 10) > 200 > find_red(kept, 80, 2_300)
        assert not kept.getexif() and not {"exif", "icc_profile", "comment", "xmp"} & set(kept.info)
    assert PLANTED.encode() not in content


@pytest.mark.usefixtures("cleaned_here")
@pytest.mark.parametrize(
    ("content", "media_type", "mode"),
    [
        (make_drawing(), "image/png", "RGBA"),
        (make_picture(kind="PNG", mode="RGBA"), "image/jpeg", "RGB"),
        (make_picture(kind="PNG", mode="P"), "image/jpeg", "RGB"),
        (make_picture(kind="PNG", mode="L"), "image/jpeg", "L"),
        (save(Image.new("I;16", (30, 20), 128 * 256), "PNG"), "image/jpeg", "L"),
        (make_picture(mode="CMYK"), "image/jpeg", "RGB"),
        (make_picture(kind="WEBP"), "image/jpeg", "RGB"),
        (save(Image.new("RGB", (30, 20), "red"), "WEBP", save_all=True, append_images=[Image.new("RGB", (30, 20))]),
         "image/jpeg", "RGB"),
    ],
    ids=["transparent", "opaque", "palette", "grey", "many greys", "print", "webp", "moving"],
)  # fmt: skip
def test_every_kind_of_picture_becomes_one_that_browsers_show(
    store: EvidenceStore, content: bytes, media_type: str, mode: str
) -> None:
    sent = keep(store, content)
    kept_content = read(store, sent)
    with Image.open(BytesIO(kept_content)) as kept:
        assert (sent.media_type, kept.mode, kept.size, getattr(kept, "n_frames", 1)) == (media_type, mode, (30, 20), 1)
        red = find_red(kept, 5, 10)
        assert 70 < red < 140 if mode == "L" else red > 200
    assert PLANTED.encode() not in kept_content


def test_a_document_keeps_its_pages_and_links_and_nothing_that_runs_or_is_attached(store: EvidenceStore) -> None:
    sent = keep(store, make_document(plant), "Report 2021.pdf")
    assert sent.media_type == "application/pdf"
    with pikepdf.open(BytesIO(read(store, sent))) as pdf:
        assert (
            set(pdf.Root.keys()) <= {"/Type", "/Pages", "/Names", "/Outlines", "/StructTreeRoot"}
            and len(pdf.docinfo) == 0
        )
        page = pdf.pages[0]
        assert [link.A.get("/URI", link.A.S) for link in page.obj.Annots] == ["https://example.org/works", "/GoTo"]
        plain = BytesIO()
        decoded = pikepdf.StreamDecodeLevel.generalized
        pdf.save(plain, qdf=True, compress_streams=False, stream_decode_level=decoded)
        photo = pikepdf.PdfImage(page.obj.Resources.XObject.Im1).as_pil_image()
    assert photo.size == (300, 200) and find_red(photo, 5, 100) > 200
    assert b"What was done" in plain.getvalue() and b"typed into a form" in plain.getvalue()
    for word in (
        PLANTED,
        "JavaScript",
        "Launch",
        "SubmitForm",
        "OpenAction",
        "EmbeddedFile",
        "XFA",
        "RichMediaContent",
        "3DD",
    ):
        assert word.encode() not in plain.getvalue(), word


KIND, DAMAGED, PROTECTED, LARGE = "neither a picture", "is damaged", "is protected", "too large a picture"
REFUSED = {
    "nothing": (b"", "is empty"),
    "program": (b"MZ\x90\0" + bytes(2_000) + b"%PDF-", KIND),
    "drawing of lines": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', KIND),
    "page": (b"<!doctype html><script>1</script>", KIND),
    "archive": (b"PK\x03\x04 word/document.xml", KIND),
    "too many bytes": (b"\xff\xd8\xff" + bytes(20_000_000), "is larger than 20 MB"),
    "too many pixels": (make_bomb(60_000, 60_000), LARGE),
    "too much memory": (make_bomb(9_990, 9_990, is_whole=True), LARGE),
    "cut picture": (make_picture()[:400], DAMAGED),
    "cut document": (b"%PDF-1.7\n1 0 obj", DAMAGED),
    "no page": (make_document(lambda pdf: pdf.pages.__delitem__(0)), DAMAGED),
    "password": (make_document(encryption=pikepdf.Encryption(owner="a", user="b")), PROTECTED),
    "rights": (make_document(encryption=pikepdf.Encryption(owner="a", user="")), PROTECTED),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_taken_is_refused_with_its_name_and_leaves_nothing(
    private: Path, store: EvidenceStore, content: bytes, why: str, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.id != "too much memory":  # which the limits of a process alone notice
        request.getfixturevalue("cleaned_here")
    with pytest.raises(UserError, match=why) as refusal:
        keep(store, content, "Mine.pdf")
    assert isinstance(refusal.value.what, Sentence) and refusal.value.what.values["name"] == "Mine.pdf"
    assert refusal.value.remedy and not list_kept(private)


@pytest.mark.usefixtures("cleaned_here")
@pytest.mark.parametrize("fails", ["original", "kept"])
def test_a_full_disk_is_said_and_leaves_nothing(
    private: Path, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(evidence_store, "write_file" if fails == "kept" else "_write_original", refuse)
    with pytest.raises(ComputerError, match="The disk is full"):
        keep(store, make_picture())
    assert not list_kept(private)


KEEP = """
from io import BytesIO
from pathlib import Path
from dashboard.campaign.reporting import evidence_store
evidence_store._CLEANING = "sleeping"
evidence_store.EvidenceStore(Path({private!r})).keep(BytesIO(b"%PDF-1.7"), "a.pdf", "ab12")
"""


@pytest.mark.kills
def test_a_killed_server_leaves_nothing_that_the_next_file_does_not_remove(
    private: Path, store: EvidenceStore, tmp_path: Path
) -> None:
    temporary = Path(tempfile.gettempdir())
    (tmp_path / "sleeping.py").write_text("import time; open('asleep', 'w'); time.sleep(600)", encoding="utf-8")
    places = {"TMPDIR": str(temporary), "PYTHONPATH": f"{PROJECT}{os.pathsep}{tmp_path}"}
    command = [sys.executable, "-c", KEEP.format(private=str(private))]
    with subprocess.Popen(command, env=os.environ | places) as server:
        wait_until(lambda: list(temporary.glob("dashboard-work-*/asleep")))
        server.kill()
    wait_until(lambda: not list(temporary.glob("dashboard-work-*")))
    (left,) = temporary.iterdir()
    assert (left / "original").read_bytes() == b"%PDF-1.7" and left.stat().st_mode & 0o077 == 0
    os.utime(left, (0, 0))
    keep(store, make_picture())
    assert not left.exists()


def wait_until(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.02)


# how much, and how long


@pytest.mark.usefixtures("cleaned_here")
def test_a_link_and_a_campaign_have_so_much_room(
    private: Path, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(evidence_store, "MOST_FILES_A_LINK", 2)
    pictures = [make_picture((width, 20)) for width in (30, 40, 50)]
    sizes = [keep(store, picture).size for picture in pictures[:2]]
    assert keep(store, pictures[0]).size == sizes[0], "the same file counts once"
    with pytest.raises(UserError, match="2 files can be handed in"):
        keep(store, pictures[2])
    assert keep(store, pictures[0], link="../other").size == sizes[0], "other links have room of their own"
    monkeypatch.setattr(evidence_store, "MOST_FILES_A_LINK", 25)
    monkeypatch.setattr(evidence_store, "MOST_MB_A_LINK", (sum(sizes) + 1) / 10**6)
    with pytest.raises(UserError, match=r"with sent\.pdf it would be more"):
        keep(store, pictures[2])
    monkeypatch.setattr(evidence_store, "MOST_MB_A_LINK", 100)
    monkeypatch.setenv("DASHBOARD_EVIDENCE_MB", "1")
    monkeypatch.setattr(evidence_store, "MB", sum(sizes) + 1)
    with pytest.raises(UserError, match="no room for more files"):
        keep(store, pictures[2])
    assert "DASHBOARD_EVIDENCE_MB" in caplog.text
    assert len([name for name in list_kept(private) if ".by-" not in name]) == 2


@pytest.mark.usefixtures("cleaned_here")
def test_what_no_report_names_after_a_day_goes_and_what_is_named_or_public_stays(
    private: Path, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnamed, named, public, refused, case = (keep(store, make_picture((width, 20))) for width in (30, 40, 50, 70, 80))
    box = ReportBox(private)
    box.put(make_report("A1", files=(named,)))
    for number, file in ((2, refused), (3, case)):
        report = box.put(make_report("A1", number, files=(file,), is_case=file is case))
        box.decide(report.report_no, ReportState.SET_ASIDE, "staff", "Not theirs")
    copy = private.parent / "published" / FOLDER / name_file(public)
    copy.parent.mkdir(parents=True)
    copy.touch()
    draft = private / "evidence" / f".{named.sha256}.new"
    draft.touch()
    original = Path(tempfile.gettempdir(), "dashboard-evidence-killed")
    original.mkdir()
    (original / "original").touch()
    assert store.list_unnamed() == []
    for path in (*(private / "evidence").iterdir(), original):
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 2 * DAY))
    damaged = private / "reports" / "R-22222-22222.json"
    damaged.write_text("{", encoding="utf-8")
    assert {path.name for path in store.list_unnamed()} == {draft.name, original.name}, "a report may name any file"
    damaged.unlink()
    again = keep(store, make_picture((60, 20)))
    assert store.find(unnamed.sha256) is None and not draft.exists() and not original.exists()
    assert (private / "evidence" / ".lock").exists(), "it is held meanwhile"
    assert all(store.find(sent.sha256) for sent in (named, public, refused, case, again))
    later = time.time() + 91 * DAY
    assert {path.name[:64] for path in store.list_unnamed(later)} == {refused.sha256, again.sha256}
    monkeypatch.setenv("DASHBOARD_SET_ASIDE_DAYS", "0")
    assert {path.name[:64] for path in store.list_unnamed(later)} == {again.sha256}
    store.remove(named.sha256)
    assert store.find(named.sha256) is None and not any(named.sha256 in name for name in list_kept(private))


def test_only_hashes_are_looked_for(private: Path, store: EvidenceStore) -> None:
    (private / "kept.txt").touch()
    (private / "evidence").mkdir()
    for name in ("../kept.txt", "", "*", "A" * 64):
        store.remove(name)
        assert store.find(name) is None
    assert (private / "kept.txt").exists()


# consent


def test_a_file_is_public_only_where_all_is_stated_and_staff_have_confirmed() -> None:
    for media_type, described, rights, child, consent, confirmed, withdrawn in product(
        ("image/jpeg", "application/pdf"), ("", " ", "A school"), ("", "\n", "Ours"), *[(False, True)] * 4
    ):
        sent = SentFile(
            sha256="0" * 64, name="a", media_type=media_type, size=1, description=described, rights=rights,
            has_no_child=child, has_consent=consent, is_confirmed=confirmed,
            withdrawn_on=date(2022, 1, 3) if withdrawn else None,
        )  # fmt: skip
        is_stated = described == "A school" and rights == "Ours" and not withdrawn
        is_safe = media_type == "application/pdf" or child or consent
        assert sent.can_be_public is (is_stated and is_safe)
        assert sent.is_public is (is_stated and is_safe and confirmed)
        assert not replace(sent, is_confirmed=False).is_public

"""Templates that staff hand in: what is taken out of them, what they lack, hostile ones, and Word's filled."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pptx import Presentation

from dashboard.errors import UserError, unpack
from dashboard.files.briefings import office_cleaning
from dashboard.files.briefings.design import template_check
from dashboard.files.briefings.design.word_template import TAGS, open_document_template
from dashboard.files.briefings.office_cleaning import clean_package
from tests import templates

PERSON = "Sample Person 001"
ELSEWHERE = "https://tracker.example.org/pixel.png"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def rewrite(content: bytes, edits: Mapping[str, tuple[str, str]], new: Mapping[str, bytes] | None = None) -> bytes:
    """Change a text in parts of a package, and add parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in old.namelist():
            part = old.read(name)
            if name in edits:
                before, after = edits[name]
                assert before.encode() in part
                part = part.replace(before.encode(), after.encode(), 1)
            made.writestr(name, part)
        for name, part in (new or {}).items():
            made.writestr(name, part)
    return target.getvalue()


def relate(number: str, end: str, target: str, *, is_external: bool = False) -> tuple[str, str]:
    mode = ' TargetMode="External"' if is_external else ""
    relation = f'<Relationship Id="{number}" Type="{_REL}/{end}" Target="{target}"{mode}/>'
    return "</Relationships>", f"{relation}</Relationships>"


def unzip(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"\n".join(name.encode() + package.read(name) for name in package.namelist())


def control(tag: str, words: str = "Click here") -> Any:
    return parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:tag w:val="{tag}"/><w:showingPlcHdr/>'
        '<w:dataBinding w:xpath="/x"/></w:sdtPr>'
        f"<w:sdtContent><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{words}</w:t></w:r><w:r><w:t> …</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )


def read_words(element: Any) -> str:
    return "".join(one.text for one in element.iter(qn("w:t")))


def make_document() -> bytes:
    """A document with a place for each text of a briefing, one of them in the header, and the words between them."""
    document = Document()
    body = document.element.body
    for tag in TAGS:
        if tag != "selection":
            body.insert(len(body) - 1, control(tag))
    body.insert(len(body) - 1, parse_xml(f"<w:p {_W}><w:r><w:t>Our closing words</w:t></w:r></w:p>"))
    document.sections[0].header._element.append(control("selection"))
    document.core_properties.author = PERSON
    picture, words = io.BytesIO(), PngInfo()
    words.add_text("Author", PERSON)
    Image.new("RGB", (9, 9), "red").save(picture, "PNG", pnginfo=words)
    document.sections[0].header.paragraphs[0].add_run().add_picture(picture)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def judge(content: bytes, place: Path, lang: str = "en", monkeypatch: Any = None) -> dict[str, Any]:
    monkeypatch.setattr(template_check, "limit_memory", lambda: None)
    (place / "given").write_bytes(content)
    report = template_check.check_template({"path": str(place / "given"), "to": str(place / "clean"), "lang": lang})
    return report | {name: [str(unpack(one)) for one in report[name]] for name in ("removed", "lacking")}


@pytest.mark.parametrize("kind", templates.KINDS)
def test_a_deck_of_each_program_stays_one(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = templates.save(kind, tmp_path / "given.potx").read_bytes()
    report = judge(given, tmp_path, monkeypatch=monkeypatch)
    cleaned = (tmp_path / "clean").read_bytes()
    before, after = (Presentation(io.BytesIO(one)) for one in (_as_deck(given), cleaned))
    assert report["kind"] == "pptx" and "example slides and previews" in report["removed"]
    assert PERSON.encode() not in unzip(cleaned) and not len(after.slides)
    assert [one.name for one in after.slide_layouts] == [one.name for one in before.slide_layouts]
    assert bool(report["lacking"]) is (kind == "PowerPoint 365")  # shapes lie where charts go
    assert clean_package(cleaned).content == cleaned and "<script" not in "".join(report["previews"])


def _as_deck(content: bytes) -> bytes:
    main = templates.MAIN
    return rewrite(content, {"[Content_Types].xml": (main.replace("presentation.main", "template.main"), main)})


def test_what_runs_leads_elsewhere_or_names_somebody_goes_from_a_deck(tmp_path: Path) -> None:
    given = _as_deck(templates.save("PowerPoint 2010", tmp_path / "given.potx").read_bytes())
    layout, master = "ppt/slideLayouts/slideLayout6.xml", "ppt/slideMasters/slideMaster1.xml"
    picture = (
        f'<p:pic><p:nvPicPr><p:cNvPr id="77" name="Pixel"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill>'
        f'<a:blip xmlns:r="{_REL}" r:link="rX1"/></p:blipFill><p:spPr/></p:pic></p:spTree>'
    )
    runs = f'<a:hlinkClick xmlns:r="{_REL}" r:id="" action="ppaction://program?file=calc.exe"/>'
    hostile = rewrite(
        rewrite(
            given,
            {
                layout: ("</p:spTree>", picture),
                master: ("</p:spTree>", picture.replace("/><p:cNvPicPr", f">{runs}</p:cNvPr><p:cNvPicPr")),
            },
        ),
        {
            "ppt/slideLayouts/_rels/slideLayout6.xml.rels": relate("rX1", "image", ELSEWHERE, is_external=True),
            "ppt/slideMasters/_rels/slideMaster1.xml.rels": relate("rX1", "oleObject", "../embeddings/o.bin"),
            "ppt/_rels/presentation.xml.rels": relate("rX2", "vbaProject", "vbaProject.bin"),
            "_rels/.rels": relate("rX3", "customXml", "customXml/item1.xml"),
        },
        {"ppt/vbaProject.bin": b"MACRO", "customXml/item1.xml": PERSON.encode(), "ppt/embeddings/o.bin": b"OBJECT"},
    )
    cleaned = clean_package(hostile)
    everything = unzip(cleaned.content)
    for gone in (
        b"MACRO",
        b"OBJECT",
        ELSEWHERE.encode(),
        PERSON.encode(),
        b"vbaProject",
        b"customXml",
        b"Pixel",
        b"ppaction",
    ):
        assert gone not in everything
    assert {"macros", "links", "embedded", "authors"} <= set(cleaned.removed)
    assert len(Presentation(io.BytesIO(cleaned.content)).slide_layouts) == 11


def test_what_fetches_or_names_somebody_goes_from_a_document() -> None:
    tracked = f'<w:ins w:id="1" w:author="{PERSON}"><w:r><w:t>added</w:t></w:r></w:ins>'
    removed = f'<w:del w:id="2" w:author="{PERSON}"><w:r><w:delText>secret</w:delText></w:r></w:del>'
    parts = ("INCLUDE", f'PICTURE "{ELSEWHERE}"')
    field = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in parts)
    fields = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{field}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    plain = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    link = f'<w:hyperlink xmlns:r="{_REL}" r:id="rX1"><w:r><w:t>our site</w:t></w:r></w:hyperlink>'
    attached = (
        f'<w:attachedTemplate xmlns:r="{_REL}" r:id="rX9"/><w:documentProtection w:edit="readOnly"/></w:settings>'
    )
    hostile = rewrite(
        make_document(),
        {
            "word/document.xml": ("<w:sectPr", f"<w:p>{tracked}{removed}{fields}{plain}{link}</w:p><w:sectPr"),
            "word/settings.xml": ("</w:settings>", attached),
            "word/_rels/document.xml.rels": relate("rX1", "hyperlink", ELSEWHERE, is_external=True),
        },
        {
            "word/_rels/settings.xml.rels": (
                f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                f'Id="rX9" Type="{_REL}/attachedTemplate" Target="{ELSEWHERE}" TargetMode="External"/></Relationships>'
            ).encode()
        },
    )
    cleaned = clean_package(hostile)
    everything = unzip(cleaned.content).decode(errors="replace")
    for gone in (ELSEWHERE, PERSON, "secret", "PICTURE", "attachedTemplate", "documentProtection", "dataBinding"):
        assert gone not in everything
    for kept in ("added", "our site", " PAGE ", "Our closing words"):
        assert kept in everything
    assert {"links", "authors", "locks"} <= set(cleaned.removed)


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_old_drawings_and_fields_inside_fields_fetch_and_start_nothing() -> None:
    drawing = (
        '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
        f'<v:shape href="{ELSEWHERE}"><v:imagedata src="{ELSEWHERE}" o:href="{ELSEWHERE}"/></v:shape></w:pict></w:r>'
    )
    inner = f"{_mark('begin')}<w:r><w:instrText>REF hidden</w:instrText></w:r>{_mark('end')}"
    typed = "<w:r><w:t>DDEAUTO</w:t></w:r>"
    nested = f"{_mark('begin')}{inner}{typed}{_mark('separate')}<w:r><w:t>shown</w:t></w:r>{_mark('end')}"
    macro = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:entryMacro w:val="Start"/></w:ffData></w:fldChar></w:r>'
        f"<w:r><w:instrText>PAGE</w:instrText></w:r>{_mark('end')}"
    )
    words = f"<w:p>{drawing}{nested}{macro}</w:p><w:sectPr"
    cleaned = clean_package(rewrite(make_document(), {"word/document.xml": ("<w:sectPr", words)}))
    everything = unzip(cleaned.content).decode(errors="replace")
    for gone in (ELSEWHERE, "hidden", "DDEAUTO", "entryMacro"):
        assert gone not in everything, gone
    for kept in ("shown", ">PAGE<", "Our closing words"):
        assert kept in everything
    assert {"links", "macros"} <= set(cleaned.removed)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "no presentation"),
    "another kind": (lambda: b"%PDF-1.7", "no presentation"),
    "encrypted": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
    "a part twice": (lambda: rewrite(make_document(), {}, {"[content_types].XML": b"<x/>"}), "no presentation"),
    "a bomb": (lambda: rewrite(make_document(), {}, {"word/bomb.bin": bytes(31_000_000)}), "unpacks to more"),
    "entities": (
        lambda: rewrite(make_document(), {"word/document.xml": ("<w:document", "<!DOCTYPE x><w:document")}),
        "no presentation",
    ),
    "no main part": (
        lambda: rewrite(make_document(), {"_rels/.rels": ('officeDocument"', 'other"')}),
        "no presentation",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_taken_is_refused_in_a_sentence(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_cleaning, "MOST_MB_UNPACKED", 30)
    make, reason = HOSTILE[kind]
    with pytest.raises(UserError, match=reason):
        clean_package(make())


def test_a_document_is_filled_in_its_places(tmp_path: Path) -> None:
    (tmp_path / "briefing.docx").write_bytes(make_document())
    template = open_document_template(tmp_path / "briefing.docx")
    assert all(template.write(tag, f"the {tag}") for tag in TAGS if tag != "body")
    assert not template.missing_styles
    template.document.add_heading("First chart", 1)
    template.document.add_paragraph("Its words", style="List Bullet")
    template.place_body()
    template.document.save(str(tmp_path / "made.docx"))
    made = Document(str(tmp_path / "made.docx"))
    words = list(filter(None, map(read_words, made.element.body)))
    assert words == [
        "the title",
        "the subtitle",
        "the day",
        "the source",
        "First chart",
        "Its words",
        "Our closing words",
    ]
    assert "the selection" in read_words(made.sections[0].header._element)
    (tmp_path / "briefing.docx").write_bytes(b"broken")
    with pytest.raises(UserError, match=r"briefing\.docx"):
        open_document_template(tmp_path / "briefing.docx")


def test_a_letterhead_keeps_its_margins_and_loses_its_example(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Dear example")
    document.sections[0].footer.paragraphs[0].text = "Our address"
    document.styles.element.remove(document.styles["Caption"].element)
    document.save(str(tmp_path / "briefing.docx"))
    template = open_document_template(tmp_path / "briefing.docx")
    assert template.missing_styles == ["Caption"] and not template.write("title", "x")
    template.document.add_paragraph("Ours", style="Caption")
    template.place_body()
    assert [paragraph.text for paragraph in template.document.paragraphs] == ["Ours"]
    assert template.document.sections[0].footer.paragraphs[0].text == "Our address"


def test_what_a_template_lacks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = Presentation()
    for layout in list(deck.slide_layouts):
        if layout.name != "Blank":
            deck.slide_layouts.remove(layout)
    deck.save(str(tmp_path / "bare.pptx"))
    pale = rewrite(
        (tmp_path / "bare.pptx").read_bytes(),
        {"ppt/theme/theme1.xml": ('<a:sysClr val="windowText" lastClr="000000"/>', '<a:srgbClr val="BBBBBB"/>')},
    )
    pale = rewrite(
        pale, {"ppt/theme/theme1.xml": ('<a:latin typeface="Calibri"/>', '<a:latin typeface="House Sans"/>')}
    )
    said = " ".join(judge(pale, tmp_path, monkeypatch=monkeypatch)["lacking"])
    for expected in ("place for a title", "title slide", "place for text", "1.9 : 1", "House Sans"):
        assert expected in said
    document = Document()
    document.styles["Title"].font.color.rgb = None
    document.styles.element.remove(document.styles["Caption"].element)
    document.save(str(tmp_path / "bare.docx"))
    report = judge((tmp_path / "bare.docx").read_bytes(), tmp_path, "fr", monkeypatch)
    said = " ".join(report["lacking"])
    for expected in ("title, subtitle, selection, day, source, body", "Caption", "#4F81BD"):
        assert expected in said

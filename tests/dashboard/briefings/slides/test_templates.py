"""Templates as programs write them: each gives a deck that opens, without what belongs to the template alone."""

import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches

from dashboard.briefings.content import Briefing
from dashboard.briefings.order import find_template
from dashboard.briefings.slides import deck as decks
from dashboard.briefings.slides.presentation_file import BrokenDeckError, check_deck
from dashboard.charts.catalogue import CATALOGUE
from dashboard.errors import UserError
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import libreoffice, templates
from tests.presentations import compose_some, out_of_order, read_deck

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


@pytest.fixture(scope="module")
def briefing(snapshot: Snapshot) -> Briefing:
    return compose_some(snapshot, Selection(), next(iter(CATALOGUE)))


@pytest.fixture(scope="module")
def made(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Any, Path]]:
    """The deck of a kind of template, as read again, and its file."""

    @cache
    def make(kind: str) -> tuple[Any, Path]:
        folder = tmp_path_factory.mktemp("made")
        file = templates.save(kind, folder / "briefing.potx")
        return read_deck(briefing, folder / "deck.pptx", file), folder / "deck.pptx"

    return make


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "briefing.pptx"


def save_template(file: Path, size: str = "16:9") -> Any:
    """A presentation with two example slides; gives it as it was saved."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = templates.SIZES[size]
    for number in range(2):
        deck.slides.add_slide(deck.slide_layouts[number]).shapes.title.text = f"Example {number}"
    deck.core_properties.author = "Sample Person 001"
    deck.core_properties.comments = "For the unit of Sample Person 001"
    deck.save(str(file))
    return deck


def rewrite(file: Path, edits: Mapping[str, tuple[str, str]], new: Mapping[str, str] | None = None) -> None:
    """Change parts of a package: in each a text for another; and add parts."""
    with zipfile.ZipFile(file) as parts:
        kept = {name: parts.read(name) for name in parts.namelist()}
    for name, (old, text) in edits.items():
        assert old.encode() in kept[name], name
        kept[name] = kept[name].replace(old.encode(), text.encode())
    with zipfile.ZipFile(file, "w") as parts:
        for name, content in {**kept, **{name: text.encode() for name, text in (new or {}).items()}}.items():
            if content:
                parts.writestr(name, content)


def relate(file: Path, source: str, ends: Mapping[str, tuple[str, str]]) -> None:
    """Add parts with their relationships: the address, and where it leads and what is there."""
    related = "".join(
        f'<Relationship Id="rIdNew{number}" Type="{address}" Target="/{target}"/>'
        for number, (address, (target, _)) in enumerate(ends.items())
    )
    typed = "".join(f'<Override PartName="/{target}" ContentType="application/xml"/>' for target, _ in ends.values())
    edits = {
        source: ("</Relationships>", f"{related}</Relationships>"),
        "[Content_Types].xml": ("</Types>", f"{typed}</Types>"),
    }
    rewrite(file, edits, dict(ends.values()))


def names(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as parts:
        return parts.namelist()


def content(file: Path) -> bytes:
    with zipfile.ZipFile(file) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


def test_a_template_from_google_slides_brings_its_fonts_and_its_size(
    briefing: Briefing, file: Path, tmp_path: Path
) -> None:
    templates.save("Google Slides", file, "Google")
    relate(file, "ppt/_rels/presentation.xml.rels", {f"{OFFICE}/font": ("ppt/fonts/Sample-regular.fntdata", "font")})
    font = '<p:embeddedFont><p:font typeface="Sample"/><p:regular r:id="rIdNew0"/></p:embeddedFont>'
    fonts = f"<p:embeddedFontLst>{font}</p:embeddedFontLst>"
    rewrite(file, {"ppt/presentation.xml": ("<p:defaultTextStyle>", f"{fonts}<p:defaultTextStyle>")})
    deck = read_deck(briefing, tmp_path / "deck.pptx", file)
    assert (deck.slide_width, deck.slide_height) == templates.SIZES["Google"]
    assert "ppt/fonts/Sample-regular.fntdata" in names(tmp_path / "deck.pptx")
    for shape in (shape for slide in deck.slides for shape in slide.shapes if not shape.is_placeholder):
        assert min(shape.left, shape.top) >= 0
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + shape.height <= deck.slide_height
    panel = next(
        shape for shape in deck.slides[1].shapes if briefing.pieces[0].headline.number in shape.text_frame.text
    )
    sizes = [run.font.size.pt for paragraph in panel.text_frame.paragraphs for run in paragraph.runs]
    assert sum(sizes) * 12700 * 1.2 < panel.height


def test_what_powerpoint_keeps_of_its_makers_stays_in_the_template(
    briefing: Briefing, file: Path, tmp_path: Path
) -> None:
    deck = save_template(file)
    layout, slide = deck.slide_layouts[5], deck.slides[0]
    link = layout.placeholders[0].text_frame.paragraphs[0].add_run()
    link.text = "Back to the start"
    name = layout.part.relate_to(slide.part, f"{OFFICE}/slide")
    properties = link._r.get_or_add_rPr()
    properties.add_hlinkClick(name)
    deck.save(str(file))
    microsoft = "http://schemas.microsoft.com/office"
    person = '<authors><author name="Sample Person 001"/></authors>'
    relate(
        file,
        "ppt/_rels/presentation.xml.rels",
        {
            f"{microsoft}/2018/10/relationships/authors": ("ppt/authors.xml", person),
            f"{OFFICE}/commentAuthors": ("ppt/commentAuthors.xml", person),
            f"{microsoft}/2016/11/relationships/changesInfo": ("ppt/changesInfos/changesInfo1.xml", person),
            f"{microsoft}/2015/10/relationships/revisionInfo": ("ppt/revisionInfo.xml", person),
            f"{microsoft}/2006/relationships/vbaProject": ("ppt/vbaProject.bin", "macro"),
        },
    )
    macros = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
    rewrite(file, {"[Content_Types].xml": (MAIN, macros)})
    lock = '<p:modifyVerifier cryptProviderType="rsaAES"/>'
    rewrite(file, {"ppt/presentation.xml": ("</p:presentation>", f"{lock}</p:presentation>")})
    made = tmp_path / "deck.pptx"
    read = read_deck(briefing, made, file)
    assert len(read.slides) == 3
    assert read.part.content_type == MAIN
    left = " ".join(names(made))
    assert not [
        word for word in ("uthors", "changesInfo", "revisionInfo", "vba", "thumbnail", "viewProps") if word in left
    ]
    assert not [word for word in (b"Sample Person", b"modifyVerifier", b"Example ") if word in content(made)]
    assert "Back to the start" in read.slides[1].slide_layout.placeholders[0].text_frame.text


def test_a_broken_template_or_one_in_the_strict_form_is_refused_in_a_sentence(
    briefing: Briefing, file: Path, tmp_path: Path
) -> None:
    save_template(file)
    rewrite(file, {"_rels/.rels": (OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")})
    for broken in (file.read_bytes(), b"", b"no presentation", b"PK\x03\x04 broken"):
        file.write_bytes(broken)
        with pytest.raises(UserError, match=r"briefing\.pptx or \.potx of the campaign folder"):
            read_deck(briefing, tmp_path / "deck.pptx", file)


def test_titles_in_the_middle_of_a_layout_are_put_on_top_of_charts(
    briefing: Briefing, file: Path, tmp_path: Path
) -> None:
    deck = save_template(file)
    for layout in deck.slide_layouts:
        for box in list(layout.placeholders):
            if box.placeholder_format.idx != 0:
                box.element.getparent().remove(box.element)
            else:
                box.left, box.top, box.width, box.height = Inches(1), Inches(3), Inches(11), Inches(1.5)
    deck.save(str(file))
    front, chart, _ = read_deck(briefing, tmp_path / "deck.pptx", file).slides
    for slide in (front, chart):
        title = slide.shapes.title
        assert all(shape.top >= title.top + title.height for shape in slide.shapes if shape.shape_id != title.shape_id)
    assert front.shapes.title.top == Inches(3)
    assert chart.shapes.title.top < Inches(1)


def test_texts_are_light_where_a_light_theme_stands_on_a_dark_ground(
    briefing: Briefing, file: Path, tmp_path: Path
) -> None:
    deck = save_template(file)
    for layout in deck.slide_layouts:
        layout.background.fill.solid()
        layout.background.fill.fore_color.rgb = RGBColor.from_string("000000")
    deck.save(str(file))
    for slide in read_deck(briefing, tmp_path / "deck.pptx", file).slides:
        (mapping,) = slide._element.xpath("./p:clrMapOvr/a:overrideClrMapping")
        assert (mapping.get("tx1"), mapping.get("bg1"), mapping.get("accent1")) == ("lt1", "dk1", "accent1")
        assert mapping.get("hlink") == "lt1"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_deck_that_would_not_open_is_not_handed_out(
    briefing: Briefing, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_template(file)
    check_deck(file, 2)
    with pytest.raises(BrokenDeckError, match="2 slides instead of 3"):
        check_deck(file, 3)
    broken = tmp_path / "broken.pptx"
    for edit, new, sentence in (
        ({"ppt/slides/slide1.xml": ("<p:cSld", "<p:cSl")}, {}, "do not open"),
        (
            {"ppt/_rels/presentation.xml.rels": ("slides/slide1.xml", "slides/slide9.xml")},
            {},
            "slide9.xml, which is missing",
        ),
        ({}, {"ppt/odd.part": "x"}, "odd.part has no type"),
        ({}, {"DocProps/Core.xml": "x"}, "docprops/core.xml is there twice"),
    ):
        broken.write_bytes(file.read_bytes())
        rewrite(broken, edit, new)
        with pytest.raises(BrokenDeckError, match=sentence):
            check_deck(broken, 2)
    monkeypatch.setattr(decks, "check_deck", lambda made, slides: check_deck(broken, slides))
    with pytest.raises(UserError, match="cannot be opened by any program"):
        decks.write_deck(briefing, tmp_path / "deck.pptx", file)
    assert not (tmp_path / "deck.pptx").exists()


@pytest.mark.parametrize("kind", templates.KINDS)
def test_decks_of_every_kind_of_template_open(briefing: Briefing, made: Any, kind: str) -> None:
    deck, file = made(kind)
    assert [slide.shapes.title.text_frame.text for slide in deck.slides][:2] == [
        briefing.title,
        briefing.pieces[0].title,
    ]
    assert (deck.slide_width, deck.part.content_type) == (templates.SIZES["16:9"][0], MAIN)
    assert b"Sample Person" not in content(file)
    assert list(out_of_order(file)) == []
    assert names(file).count("docProps/core.xml") == 1
    assert (deck.core_properties.title, deck.core_properties.author) == (briefing.title, briefing.campaign)


def test_titles_look_as_their_samples_where_no_style_says_how(made: Any) -> None:
    front, chart, _ = made("LibreOffice")[0].slides
    for slide in (front, chart):
        (run,) = slide.shapes.title.text_frame.paragraphs[0].runs
        assert (run.font.color.rgb, run.font.bold, run.font.size) == (RGBColor(255, 255, 255), True, Inches(0.4))
    bar = Inches(1.9)
    others = [shape for shape in chart.shapes if shape.shape_id != chart.shapes.title.shape_id]
    assert min(shape.top for shape in others) >= bar, "dark words do not stand on the dark bar"
    below = next(shape for shape in front.placeholders if shape.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE)
    assert below.text_frame.paragraphs[0].runs[0].font.color.theme_color == MSO_THEME_COLOR.TEXT_1, "on white"


def test_content_stands_on_a_plate_where_pictures_or_shapes_are(made: Any) -> None:
    _, chart, _ = made("PowerPoint 365")[0].slides
    plate, *others = chart.shapes
    assert plate.fill.fore_color.theme_color == MSO_THEME_COLOR.BACKGROUND_1
    for shape in others:
        if shape.shape_id != chart.shapes.title.shape_id:
            assert plate.left <= shape.left
            assert plate.top <= shape.top
            assert shape.top + shape.height <= plate.top + plate.height
    slide = made("PowerPoint 2016")[0].slides[1]
    assert not any(shape.name == plate.name for shape in slide.shapes)
    assert min(shape.top for shape in slide.shapes if shape.has_chart) >= Inches(1.4), "below the band"


@pytest.mark.parametrize(("colour", "is_even"), [((20, 20, 30), True), (None, False)])
def test_a_picture_as_the_ground_is_looked_at(
    briefing: Briefing, file: Path, tmp_path: Path, colour: tuple[int, int, int] | None, is_even: bool
) -> None:
    deck = save_template(file)
    picture = Image.new("RGB", (64, 36), colour or (255, 255, 255))
    if colour is None:
        picture.paste((0, 0, 0), (20, 0, 44, 36))
    picture.save(tmp_path / "ground.png")
    master = deck.slide_master
    _, name = master.part.get_or_add_image_part(str(tmp_path / "ground.png"))
    fill = f'<a:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch></a:blipFill>'
    for old in master._element.cSld.findall("{*}bg"):
        master._element.cSld.remove(old)
    ground = parse_xml(f"<p:bg {nsdecls('p', 'a', 'r')}><p:bgPr>{fill}<a:effectLst/></p:bgPr></p:bg>")
    master._element.cSld.insert(0, ground)
    deck.save(str(file))
    slide = read_deck(briefing, tmp_path / "deck.pptx", file).slides[1]
    has_plate = any(shape.name == "Ground of the content" for shape in slide.shapes)
    is_light = bool(slide._element.xpath("./p:clrMapOvr/a:overrideClrMapping"))
    assert (has_plate, is_light) == (not is_even, is_even)


def test_a_template_may_end_in_potx(tmp_path: Path) -> None:
    assert find_template(tmp_path).name == "briefing.pptx"
    (tmp_path / "briefing.potx").write_bytes(b"x")
    assert find_template(tmp_path).name == "briefing.potx"
    (tmp_path / "briefing.pptx").write_bytes(b"x")
    assert find_template(tmp_path).name == "briefing.pptx"


@pytest.mark.nightly
@libreoffice.needed
@pytest.mark.parametrize("size", ["16:9", "4:3"])
def test_libreoffice_writes_a_template_and_opens_its_deck(
    briefing: Briefing, file: Path, size: str, tmp_path: Path
) -> None:
    save_template(file, size)
    written = libreoffice.convert(file, "pptx")
    made = tmp_path / "deck.pptx"
    assert len(read_deck(briefing, made, written).slides) == 3
    pages = libreoffice.convert(made, "pdf").read_bytes()
    assert pages.count(b"/Type/Page\n") + pages.count(b"/Type/Page/") == 3

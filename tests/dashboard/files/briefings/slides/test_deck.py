"""Decks: native charts with the numbers of the pages, their words and notes, hostile texts; templates of all kinds."""

import dataclasses
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from dashboard import theme
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import format_fraction
from dashboard.errors import UserError
from dashboard.files.briefings.blocks import Block
from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.order import find_template
from dashboard.files.briefings.pieces import Piece
from dashboard.files.briefings.series import bars_of
from dashboard.files.briefings.slides import deck as writing
from dashboard.files.briefings.slides import draw as slide_charts
from dashboard.files.briefings.slides.presentation_file import BrokenDeckError, check_deck
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import libreoffice, templates
from tests.cases import some
from tests.presentations import (
    ONE_A_KIND,
    column,
    compose_some,
    embedded,
    graphic,
    out_of_order,
    read_deck,
    texts,
)
from tests.shipped import LANGUAGES, find_bare_signs

FIRST = list(CATALOGUE)[:2]
HOSTILE = ("=1+1", "مرحبا 😀 \x0b end", '<b>&"x"</b>', "L" * 200, "\ufffe odd")


@pytest.fixture(scope="module")
def decks(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Briefing, Any, Path]]:
    """Return by language a briefing, its deck read again, its file; in French of each kind of chart, else of two."""
    folder = tmp_path_factory.mktemp("decks")
    made = {}
    for lang in LANGUAGES:
        charts = [*ONE_A_KIND, "reporting-by-region"] if lang == "fr" else FIRST
        briefing = compose_some(snapshot, Selection(lang=lang), *charts)
        made[lang] = (briefing, read_deck(briefing, folder / f"{lang}.pptx"), folder / f"{lang}.pptx")
    return made


def pieces(decks: dict[str, tuple[Briefing, Any, Path]], lang: str) -> list[tuple[Piece, Any]]:
    briefing, deck, _ = decks[lang]
    return list(zip(briefing.pieces, list(deck.slides)[2:-1], strict=True))


def test_rates_stand_where_the_completed_part_ends_and_follow_the_cells_of_the_workbook(decks: Any) -> None:
    piece, slide = pieces(decks, "fr")[0]
    drawn, bars = graphic(slide).chart, bars_of(piece.chart)
    places = []
    for one, position in zip(drawn.plots[0].series, ("inEnd", "inBase"), strict=True):
        labels = one._element.find(qn("c:dLbls"))
        shown = [label for label in labels.findall(qn("c:dLbl")) if label.find(qn("c:delete")) is None]
        assert {label.find(qn("c:dLblPos")).get("val") for label in shown} <= {position}
        places += [int(label.find(qn("c:idx")).get("val")) for label in shown]
        reference = one._element.xpath(".//*[local-name()='datalabelsRange']/*[local-name()='f']")[0].text
        cached = [
            found.text for found in one._element.xpath(".//*[local-name()='dlblRangeCache']//*[local-name()='v']")
        ]
        cells = [cell.value for row in embedded(drawn)[reference.split("!")[1].replace("$", "")] for cell in row]
        assert cells == cached == bars.ends
    assert sorted(places) == list(range(len(bars.ends)))
    assert any("\u00a0% · " in text for text in bars.ends)  # as French writes it


def test_the_sides_of_a_comparison_are_told_alike_and_without_rows_that_neither_has(snapshot, tmp_path) -> None:
    beside = Selection(regions=("africa",), versus=(("region", ("americas",)),))
    charts = ("completion-by-region", "status-overview", "completion-over-time")
    briefing = compose_some(snapshot, beside, *charts)
    *native, drawn = list(read_deck(briefing, tmp_path / "sides.pptx").slides)[-1 - len(charts) : -1]
    for slide in native:
        assert list(graphic(slide).chart.plots[0].categories) == ["Africa", "Americas"]
    one, other = ((side.name, side.total) for side in briefing.pieces[0].chart.sides)
    for name, total in (one, other):
        boxes = [shape for shape in drawn.shapes if shape.has_text_frame]
        said = f"{name} · {total.completed}/{total.actions}"
        place = next(box for box in boxes if box.text_frame.text == said)
        number = next(box for box in boxes if box.left + box.width == place.left and box.top == place.top)
        assert number.text_frame.text == format_fraction(total.completed, total.actions, "en")


@pytest.mark.parametrize(("lang", "tag"), [("en", "en-GB"), ("fr", "fr-FR"), ("es", "es-ES")])
def test_a_deck_says_its_language_and_whose_it_is(decks: Any, lang: str, tag: str) -> None:
    briefing, deck, file = decks[lang]
    kinds = {"presentation", "sldMaster", "sldLayout", "sld", "notes", "notesMaster", "chartSpace"}
    for part in deck.part.package.iter_parts():
        if hasattr(part, "_element") and etree.QName(part._element).localname in kinds:
            kinds_of_text = (qn("a:rPr"), qn("a:defRPr"), qn("a:endParaRPr"))
            assert {one.get("lang") for one in part._element.iter(*kinds_of_text)} <= {tag}, part.partname
            assert all(run.find(qn("a:rPr")) is not None for run in part._element.iter(qn("a:r"))), part.partname
    drawn = graphic(deck.slides[2]).chart
    assert drawn._chartSpace.find(qn("c:lang")).get("val") == tag
    level = drawn.category_axis._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}")
    assert (level.get("rot"), level.get("vert")) == ("0", "horz"), "LibreOffice leaves out every second name"
    told = deck.core_properties
    assert (told.title, told.author, told.last_modified_by) == (briefing.title, briefing.campaign, briefing.campaign)
    assert (told.language, told.comments, told.category) == (lang, "", "")
    assert told.created == told.modified == briefing.made_at.replace(tzinfo=None)
    assert not {"docProps/app.xml", "docProps/thumbnail.jpeg"} & set(names(file))
    assert b"python-pptx" not in content(file)


COUNTED = {
    "reporting": ("reported", "actions"),
    "milestones": ("milestones_reached", "milestones_due"),
    "evidence": ("evidenced", "completed"),
}
"""The share in a chart's headline, as part and whole, by the beginning of its id."""


def test_charts_look_as_on_the_pages_and_the_headline_is_the_rate_with_its_counts(decks: Any) -> None:
    of = {"actions": "actions", "milestones_due": "jalons échus", "completed": "actions achevées"}
    for piece, slide in pieces(decks, "fr"):
        spec, total = piece.chart.spec, piece.chart.total
        part, denominator = total.count(spec.part), total.count(spec.denominator)
        assert (spec.part, spec.denominator) == COUNTED.get(spec.id.split("-")[0], ("completed", "actions"))
        assert piece.headline.number == f"{int(100 * part / denominator + 0.5)}\u00a0%"
        assert piece.headline.counts == f"{part} sur {denominator} {of[spec.denominator]}"
        if spec.kind != "rates":
            continue
        drawn = graphic(slide).chart
        first, axis = drawn.plots[0].series[0], drawn.value_axis
        assert drawn.category_axis.reverse_order
        assert (axis.minimum_scale, axis.maximum_scale) == (0, 1)
        assert axis.axis_title.text_frame.text == "Part des actions"
        assert (drawn.has_legend, drawn.has_title) == (len(spec.measures) > 1, False)
        inks = (theme.COMPLETED, theme.COMPLETED_FEW) if drawn.has_legend else (theme.REPORTED, theme.REPORTED_FEW)
        assert f"#{first.format.fill.fore_color.rgb}" == inks[0]
        for place, is_few in enumerate(piece.chart.drawn["is_few"]):
            marked = first._element.xpath(f"c:dPt[c:idx/@val='{place}']//a:srgbClr/@val")
            assert marked == ([inks[1][1:]] if is_few else [])


@pytest.mark.parametrize(("lang", "number_format"), [("en", "0%"), ("fr", '0"\u00a0"%'), ("es", '0"\u00a0"%')])
def test_every_slide_says_what_it_shows_and_where_it_comes_from(decks, snapshot, lang: str, number_format: str) -> None:
    t = translator(lang)
    briefing, deck, file = decks[lang]
    first, second, *_, last = deck.slides
    assert first.shapes.title.text_frame.text == snapshot.campaign[f"title_{lang}"]
    fictional = t("Fictional data: these actions and stakeholders are invented. Do not quote the figures.")
    assert all(words in texts(first) for words in (briefing.pieces[0].chart.caption.as_of, fictional))
    assert all(words in texts(last) for definition in briefing.definitions for words in definition)
    for piece, slide in pieces(decks, lang):
        chart, headline = piece.chart, piece.headline
        assert slide.shapes.title.text_frame.text == chart.title
        written = texts(slide)
        said = (chart.caption.finding, headline.number, headline.counts)
        assert all(one in written for one in (*said, piece.source, chart.caption.as_of, t("Fictional data")))
        assert slide.shapes._spTree.xpath(".//a:fld[@type='slidenum']")
        assert chart.alt in slide.shapes._spTree.xpath(".//p:cNvPr/@descr")
        notes = slide.notes_slide.notes_text_frame.text
        definitions = [sentence for _, sentence in chart.caption.definitions]
        told = (chart.caption.summary, piece.link, "fixture", *chart.caption.sources, *chart.caption.notes)
        assert all(one in notes for one in (*told, *definitions))
        assert chart.lang != "fr" or find_bare_signs(notes) == []
    assert graphic(deck.slides[2]).chart.value_axis.tick_labels.number_format == number_format
    assert second.shapes.title.text_frame.text == t("Key messages")
    written = texts(second)
    assert len(briefing.messages) == min(6, len(briefing.pieces))
    places = [written.index(sentence) for _, sentence in briefing.messages]
    assert places == sorted(places) and briefing.selection in written
    assert list(out_of_order(file)) == []


def test_own_titles_stand_on_the_slides_and_hostile_labels_are_shown_as_text(snapshot: Snapshot, tmp_path) -> None:
    selection = Selection(regions=("africa",), as_of=date(2021, 11, 30))
    briefing = compose_some(snapshot, selection, (FIRST[0], "Africa leads"), title="Our board")
    deck = read_deck(briefing, tmp_path / "own.pptx")
    assert [slide.shapes.title.text_frame.text for slide in deck.slides][:2] == ["Our board", "Africa leads"]
    assert "Completion rate by region" in deck.slides[1].notes_slide.notes_text_frame.text
    assert "Region: Africa · As of: 30 November 2021" in texts(deck.slides[1])
    assert deck.core_properties.title == "Our board – Africa · 30 November 2021"
    briefing = compose_some(snapshot, Selection(), FIRST[0], "status-overview", title=HOSTILE[1])
    spoilt = []
    for piece in briefing.pieces:
        frame = piece.chart.frame.copy()
        frame["label"] = [*HOSTILE, *frame["label"].iloc[len(HOSTILE) :]][: len(frame)]
        spoilt.append(dataclasses.replace(piece, chart=dataclasses.replace(piece.chart, frame=frame)))
    blocks = tuple(Block("chart", piece) for piece in spoilt)
    deck = read_deck(dataclasses.replace(briefing, blocks=blocks, pieces=tuple(spoilt)), tmp_path / "bad.pptx")
    drawn = graphic(deck.slides[2]).chart
    names = list(drawn.plots[0].categories)
    assert names[:3] == ["=1+1", "مرحبا 😀  end", '<b>&"x"</b>']
    assert names[3].startswith("LLL")
    assert len(names[3]) < 100
    assert names[4] == " odd"
    sheet = embedded(drawn)
    assert column(sheet, 1)[:3] == names[:3]
    assert {cell.data_type for cell in sheet["A"][1:]} == {"s"}
    assert not list(out_of_order(tmp_path / "bad.pptx"))


def save_template(file: Path, size: str = "16:9", change: Callable[[Any], object] = lambda deck: None) -> Path:
    """Write a presentation with two example slides and a change."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = templates.SIZES[size]
    for number in range(2):
        deck.slides.add_slide(deck.slide_layouts[number]).shapes.title.text = f"Example {number}"
    deck.core_properties.author = "Sample Person 001"
    deck.core_properties.comments = "For the unit of Sample Person 001"
    change(deck)
    deck.save(str(file))
    return file


def assert_inside(deck: Any, *, has_places: bool = True) -> None:
    """Check that every shape lies on its slide; those at places of the layout where they belong."""
    for shape in (shape for slide in deck.slides for shape in slide.shapes if has_places or not shape.is_placeholder):
        assert min(shape.left, shape.top) >= 0
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + shape.height <= deck.slide_height


_WIDEST = {"%": 1.002, "\u00a0": 0.35, "\u202f": 0.35}
"""The widths of bold letters in DejaVu Sans, the widest typeface that takes another's place; of a digit 0.7."""


def find_panel(deck: Any, briefing: Briefing) -> Any:
    """Find the box beside the chart, which begins with the number that stands out."""
    number = briefing.pieces[0].headline.number
    boxes = (shape for shape in deck.slides[1].shapes if shape.has_text_frame)
    return next(box for box in boxes if box.text_frame.text.startswith(number))


def test_a_template_gives_its_size_and_layouts_and_loses_its_examples(snapshot: Snapshot, tmp_path: Path) -> None:
    """One with numbers of its own for its places, and a layout that is called otherwise."""

    def change(deck: Any) -> None:
        for number, layout in enumerate(deck.slide_layouts):
            for box in layout.placeholders:
                box.element.ph.set("idx", str(40 + number + box.placeholder_format.idx))
        deck.slide_layouts[5].name = "House title only"

    file = save_template(tmp_path / "briefing.pptx", "4:3", change)
    kinds = ONE_A_KIND[::2]
    briefing = compose_some(snapshot, Selection(lang="fr"), *kinds)
    deck = read_deck(briefing, tmp_path / "deck.pptx", file)
    for slide, piece in zip(list(deck.slides)[-len(kinds) - 1 : -1], briefing.pieces, strict=True):
        for number in filter(None, (piece.headline.number, *(value for _, value in piece.headline.facts))):
            for box in (box for box in slide.shapes if box.has_text_frame and box.text_frame.text == number):
                size = box.text_frame.paragraphs[0].runs[0].font.size
                assert box.width >= sum(_WIDEST.get(letter, 0.7) for letter in number) * size, number
    assert (deck.slide_width, deck.slide_height) == (Inches(10), Inches(7.5))
    assert len(deck.slides) == len(kinds) + 3
    layouts = [slide.slide_layout.name for slide in deck.slides]
    assert layouts[:3] == ["Title Slide", "Title and Content", "House title only"]
    assert b"Example " not in b"".join(part.blob for part in deck.part.package.iter_parts())
    assert all(box.text_frame.text for slide in deck.slides for box in slide.placeholders)  # none is left empty
    assert_inside(deck)


def test_what_powerpoint_cannot_draw_is_a_picture_with_a_text(snapshot: Snapshot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delitem(slide_charts.NATIVE, "grid")
    briefing = compose_some(snapshot, Selection(), "region-by-theme")
    (piece,) = briefing.pieces
    deck = read_deck(briefing, tmp_path / "picture.pptx")
    picture = next(shape for shape in deck.slides[1].shapes if hasattr(shape, "image"))
    assert picture.image.content_type == "image/png"
    assert picture._element.xpath(".//p:cNvPr/@descr")[0] == piece.chart.alt
    assert picture.left + picture.width <= deck.slide_width


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


@pytest.fixture(scope="module")
def briefing(snapshot: Snapshot) -> Briefing:
    return compose_some(snapshot, Selection(), next(iter(CATALOGUE)))


@pytest.fixture(scope="module")
def made(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Any, Path]]:
    """Return the deck of a kind of template, as read again, and its file."""

    @cache
    def make(kind: str) -> tuple[Any, Path]:
        folder = tmp_path_factory.mktemp("made")
        file = templates.save(kind, folder / "briefing.potx")
        return read_deck(briefing, folder / "deck.pptx", file), folder / "deck.pptx"

    return make


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of the template."""
    return tmp_path / "briefing.pptx"


@pytest.fixture
def write(briefing: Briefing, file: Path) -> Callable[[], tuple[Any, Path]]:
    """Writes the deck by the template: as read again, and its file."""
    made = file.with_name("deck.pptx")
    return lambda: (read_deck(briefing, made, file), made)


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
    """Add parts with their relationships: the address, its target and the content there."""
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


def test_a_template_from_google_slides_brings_its_fonts_and_its_size(write, file: Path, briefing: Briefing) -> None:
    templates.save("Google Slides", file, "Google")
    relate(file, "ppt/_rels/presentation.xml.rels", {f"{OFFICE}/font": ("ppt/fonts/Sample-regular.fntdata", "<font/>")})
    font = '<p:embeddedFont><p:font typeface="Sample"/><p:regular r:id="rIdNew0"/></p:embeddedFont>'
    fonts = f"<p:embeddedFontLst>{font}</p:embeddedFontLst>"
    rewrite(file, {"ppt/presentation.xml": ("<p:defaultTextStyle>", f"{fonts}<p:defaultTextStyle>")})
    deck, made = write()
    assert (deck.slide_width, deck.slide_height) == templates.SIZES["Google"]
    assert "ppt/fonts/Sample-regular.fntdata" in names(made)
    assert_inside(deck, has_places=False)
    panel = find_panel(deck, briefing)
    sizes = [run.font.size.pt for paragraph in panel.text_frame.paragraphs for run in paragraph.runs]
    assert sum(sizes) * 12700 * 1.2 < panel.height


def test_what_powerpoint_keeps_of_its_makers_stays_in_the_template(write: Any, file: Path) -> None:
    def link_back(deck: Any) -> None:
        layout = deck.slide_layouts[5]
        link = layout.placeholders[0].text_frame.paragraphs[0].add_run()
        link.text = "Back to the start"
        link._r.get_or_add_rPr().add_hlinkClick(layout.part.relate_to(deck.slides[0].part, f"{OFFICE}/slide"))

    save_template(file, change=link_back)
    microsoft = "http://schemas.microsoft.com/office"
    person = '<authors><author name="Sample Person 001"/></authors>'
    kept = {
        f"{microsoft}/2018/10/relationships/authors": ("ppt/authors.xml", person),
        f"{OFFICE}/commentAuthors": ("ppt/commentAuthors.xml", person),
        f"{microsoft}/2016/11/relationships/changesInfo": ("ppt/changesInfos/changesInfo1.xml", person),
        f"{microsoft}/2015/10/relationships/revisionInfo": ("ppt/revisionInfo.xml", person),
        f"{microsoft}/2006/relationships/vbaProject": ("ppt/vbaProject.bin", "macro"),
    }
    relate(file, "ppt/_rels/presentation.xml.rels", kept)
    macros = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
    lock = '<p:modifyVerifier cryptProviderType="rsaAES"/></p:presentation>'
    rewrite(file, {"[Content_Types].xml": (MAIN, macros), "ppt/presentation.xml": ("</p:presentation>", lock)})
    read, made = write()
    assert (len(read.slides), read.part.content_type) == (3, MAIN)
    left, words = " ".join(names(made)), ("uthors", "changesInfo", "revisionInfo", "vba", "thumbnail", "viewProps")
    assert not [word for word in words if word in left]
    assert not [word for word in (b"Sample Person", b"modifyVerifier", b"Example ") if word in content(made)]
    assert "Back to the start" in read.slides[1].slide_layout.placeholders[0].text_frame.text


def test_a_broken_template_or_one_in_the_strict_form_is_refused_in_a_sentence(write: Any, file: Path) -> None:
    save_template(file)
    rewrite(file, {"_rels/.rels": (OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")})
    for broken in (file.read_bytes(), b"", b"no presentation", b"PK\x03\x04 broken"):
        file.write_bytes(broken)
        with pytest.raises(UserError, match=r"briefing\.pptx or \.potx in the campaign folder"):
            write()


def test_titles_in_the_middle_of_a_layout_are_put_on_top_of_charts_and_none_is_missed(write, file, briefing) -> None:
    def leave_titles(deck: Any) -> None:
        for box in (box for layout in deck.slide_layouts for box in list(layout.placeholders)):
            if box.placeholder_format.idx != 0:
                box.element.getparent().remove(box.element)
            else:
                box.left, box.top, box.width, box.height = Inches(1), Inches(3), Inches(11), Inches(1.5)

    def leave_nothing(deck: Any) -> None:
        for box in (box for layout in deck.slide_layouts for box in list(layout.placeholders)):
            box.element.getparent().remove(box.element)

    save_template(file, change=leave_titles)
    front, chart, _ = write()[0].slides
    for slide in (front, chart):
        title = slide.shapes.title
        assert all(shape.top >= title.top + title.height for shape in slide.shapes if shape.shape_id != title.shape_id)
    assert front.shapes.title.top == Inches(3)
    assert chart.shapes.title.top < Inches(1)
    save_template(file, change=leave_nothing)
    front, chart, _ = write()[0].slides
    assert briefing.title in texts(front) and briefing.pieces[0].title in texts(chart), "in boxes"


def colour(places: Iterable[Any], ground: str) -> None:
    """Give masters or layouts a ground of one colour."""
    for place in places:
        place.background.fill.solid()
        place.background.fill.fore_color.rgb = RGBColor.from_string(ground)


@pytest.mark.nightly
@pytest.mark.parametrize("ground", ["101820", "FFF8E7"], ids=["dark", "light"])
def test_texts_are_readable_on_the_ground_of_the_template(write, file: Path, briefing: Briefing, ground: str) -> None:
    save_template(file, "4:3", lambda deck: colour([deck.slide_master], ground))
    ink = find_panel(write()[0], briefing).text_frame.paragraphs[0].runs[0].font.color.rgb
    assert theme.contrast(f"#{ink}", f"#{ground}") >= 4.5


def test_texts_are_light_where_a_light_theme_stands_on_a_dark_ground(write: Any, file: Path) -> None:
    save_template(file, change=lambda deck: colour(deck.slide_layouts, "000000"))
    for slide in write()[0].slides:
        (mapping,) = slide._element.xpath("./p:clrMapOvr/a:overrideClrMapping")
        assert [mapping.get(name) for name in ("tx1", "bg1", "accent1", "hlink")] == ["lt1", "dk1", "accent1", "lt1"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_deck_that_would_not_open_is_not_handed_out(write: Any, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_deck(save_template(file), 2)
    with pytest.raises(BrokenDeckError, match="2 slides instead of 3"):
        check_deck(file, 3)
    broken, relations = file.with_name("broken.pptx"), "ppt/_rels/presentation.xml.rels"
    for edit, new, sentence in (
        ({"ppt/slides/slide1.xml": ("<p:cSld", "<p:cSl")}, {}, "do not open"),
        ({relations: ("slides/slide1.xml", "slides/slide9.xml")}, {}, "slide9.xml, which is missing"),
        ({}, {"ppt/odd.part": "x"}, "odd.part has no type"),
        ({}, {"DocProps/Core.xml": "x"}, "docprops/core.xml is there twice"),
    ):
        broken.write_bytes(file.read_bytes())
        rewrite(broken, edit, new)
        with pytest.raises(BrokenDeckError, match=sentence):
            check_deck(broken, 2)
    monkeypatch.setattr(writing, "check_deck", lambda made, slides: check_deck(broken, slides))
    with pytest.raises(UserError, match="no program can open the deck"):
        write()
    assert not file.with_name("deck.pptx").exists()


@pytest.mark.parametrize("kind", some(templates.KINDS, 2))
def test_decks_of_every_kind_of_template_open(briefing: Briefing, made: Any, kind: str) -> None:
    deck, file = made(kind)
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[:2] == [briefing.title, briefing.pieces[0].title]
    assert (deck.slide_width, deck.part.content_type) == (templates.SIZES["16:9"][0], MAIN)
    assert b"Sample Person" not in content(file)
    assert list(out_of_order(file)) == []
    assert names(file).count("docProps/core.xml") == 1
    assert (deck.core_properties.title, deck.core_properties.author) == (briefing.title, briefing.campaign)


def test_titles_look_as_their_samples_and_content_stands_on_a_plate_where_pictures_or_shapes_are(made: Any) -> None:
    front, chart, _ = made("LibreOffice")[0].slides
    for slide in (front, chart):
        (run,) = slide.shapes.title.text_frame.paragraphs[0].runs
        assert (run.font.color.rgb, run.font.bold, run.font.size) == (RGBColor(255, 255, 255), True, Inches(0.4))
    bar = Inches(1.9)
    others = [shape for shape in chart.shapes if shape.shape_id != chart.shapes.title.shape_id]
    assert min(shape.top for shape in others) >= bar, "dark words do not stand on the dark bar"
    below = next(shape for shape in front.placeholders if shape.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE)
    assert below.text_frame.paragraphs[0].runs[0].font.color.theme_color == MSO_THEME_COLOR.TEXT_1, "on white"
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


@pytest.mark.parametrize("is_even", [True, False])
def test_a_picture_as_the_ground_is_looked_at(write: Any, file: Path, is_even: bool) -> None:
    picture = Image.new("RGB", (64, 36), (20, 20, 30) if is_even else (255, 255, 255))
    if not is_even:
        picture.paste((0, 0, 0), (20, 0, 44, 36))
    picture.save(file.with_name("ground.png"))

    def hang(deck: Any) -> None:
        master, page = deck.slide_master, deck.slide_master._element.cSld
        _, name = master.part.get_or_add_image_part(str(file.with_name("ground.png")))
        fill = f'<a:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch></a:blipFill>'
        for old in page.findall("{*}bg"):
            page.remove(old)
        page.insert(0, parse_xml(f"<p:bg {nsdecls('p', 'a', 'r')}><p:bgPr>{fill}<a:effectLst/></p:bgPr></p:bg>"))

    save_template(file, change=hang)
    slide = write()[0].slides[1]
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
@libreoffice.needed("Impress")
@pytest.mark.parametrize("size", ["16:9", "4:3"])
def test_libreoffice_writes_a_template_and_opens_its_deck(briefing: Briefing, file: Path, size: str, tmp_path) -> None:
    written = libreoffice.convert(save_template(file, size), "pptx")
    made = tmp_path / "deck.pptx"
    assert len(read_deck(briefing, made, written).slides) == 3
    pages = libreoffice.convert(made, "pdf").read_bytes()
    assert pages.count(b"/Type/Page\n") + pages.count(b"/Type/Page/") == 3

"""Decks: native charts with the numbers of the pages, their words and notes, templates, hostile texts."""

import dataclasses
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Inches

from dashboard import theme
from dashboard.briefings.content import Briefing, Piece
from dashboard.briefings.series import bars_of
from dashboard.briefings.slides import draw as slide_charts
from dashboard.briefings.slides.deck import write_chart_slide
from dashboard.charts.catalogue import CATALOGUE
from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import libreoffice
from tests.presentations import (
    ONE_A_KIND,
    column,
    compose_all,
    embedded,
    graphic,
    one_a_kind,
    out_of_order,
    read_deck,
    share_all,
    texts,
)
from tests.shipped import LANGUAGES

NOTHING = Selection(regions=("global",), countries=("GHA",))
HOSTILE = ("=1+1", "مرحبا 😀 \x0b end", '<b>&"x"</b>', "L" * 200, "\ufffe odd")


@pytest.fixture(scope="module")
def decks(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Briefing, Any, Path]]:
    """By language: a briefing, its deck as read again, and the file; in French of every chart, else of one a kind."""
    folder = tmp_path_factory.mktemp("decks")
    made = {}
    for lang in LANGUAGES:
        briefing = share_all(snapshot, Selection(lang=lang))
        if lang != "fr":
            briefing = one_a_kind(briefing)
        made[lang] = (briefing, read_deck(briefing, folder / f"{lang}.pptx"), folder / f"{lang}.pptx")
    return made


def pieces(decks: dict[str, tuple[Briefing, Any, Path]], lang: str) -> list[tuple[Piece, Any]]:
    briefing, deck, _ = decks[lang]
    return list(zip(briefing.pieces, list(deck.slides)[2:-1], strict=True))


def test_labels_at_the_bars_follow_the_cells_of_the_workbook(decks: Any) -> None:
    piece, slide = pieces(decks, "fr")[0]
    drawn = graphic(slide).chart
    carrier = drawn.plots[0].series[len(bars_of(piece.chart).series)]
    reference = carrier._element.xpath(".//*[local-name()='datalabelsRange']/*[local-name()='f']")[0].text
    cached = [
        found.text for found in carrier._element.xpath(".//*[local-name()='dlblRangeCache']//*[local-name()='v']")
    ]
    sheet = embedded(drawn)
    cells = [cell.value for row in sheet[reference.split("!")[1].replace("$", "")] for cell in row]
    assert cells == cached == bars_of(piece.chart).ends
    assert any("\u00a0% · " in text for text in cells)  # as French writes it


def test_charts_look_as_on_the_pages(decks: Any) -> None:
    for piece, slide in pieces(decks, "fr"):
        shape = graphic(slide)
        if piece.chart.spec.kind != "rates":
            continue
        drawn, first = shape.chart, shape.chart.plots[0].series[0]
        assert drawn.category_axis.reverse_order
        assert (drawn.value_axis.minimum_scale, drawn.value_axis.maximum_scale) == (0, 1)
        assert drawn.value_axis.axis_title.text_frame.text == "Part des actions"
        assert drawn.has_legend == (len(piece.chart.spec.measures) > 1)
        assert not drawn.has_title
        inks = (theme.COMPLETED, theme.COMPLETED_FEW) if drawn.has_legend else (theme.REPORTED, theme.REPORTED_FEW)
        assert f"#{first.format.fill.fore_color.rgb}" == inks[0]
        for place, is_few in enumerate(piece.chart.drawn["is_few"]):
            marked = first._element.xpath(f"c:dPt[c:idx/@val='{place}']//a:srgbClr/@val")
            assert marked == ([inks[1][1:]] if is_few else [])


@pytest.mark.parametrize(("lang", "number_format"), [("en", "0%"), ("fr", '0"\u00a0"%'), ("es", '0"\u00a0"%')])
def test_percentages_are_written_as_in_the_language(decks: Any, lang: str, number_format: str) -> None:
    assert graphic(pieces(decks, lang)[0][1]).chart.value_axis.tick_labels.number_format == number_format


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slide_says_what_it_shows_and_where_it_comes_from(decks: Any, lang: str) -> None:
    t = translator(lang)
    for piece, slide in pieces(decks, lang):
        chart, headline = piece.chart, piece.headline
        assert slide.shapes.title.text_frame.text == chart.title
        written = texts(slide)
        said = (chart.caption.finding, headline.number, headline.counts)
        for expected in (*said, piece.source, chart.caption.as_of):
            assert expected in written
        assert slide.shapes._spTree.xpath(".//a:fld[@type='slidenum']")
        assert chart.alt in slide.shapes._spTree.xpath(".//p:cNvPr/@descr")
        notes = slide.notes_slide.notes_text_frame.text
        for expected in (chart.caption.summary, piece.link, "fixture", *chart.caption.sources, *chart.caption.notes):
            assert expected in notes
        for _, sentence in chart.caption.definitions:
            assert sentence in notes
        assert t("Fictional data") in written


def test_the_headline_is_the_rate_with_its_counts(decks: Any) -> None:
    of = {"actions": "actions", "milestones_due": "jalons échus", "completed": "actions achevées"}
    for piece, _ in pieces(decks, "fr"):
        spec, total = piece.chart.spec, piece.chart.total
        part, whole = total.count(spec.part), total.count(spec.whole)
        assert (spec.part, spec.whole) == COUNTED.get(spec.id.split("-")[0], ("completed", "actions"))
        assert piece.headline.number == f"{int(100 * part / whole + 0.5)}\u00a0%"
        assert piece.headline.counts == f"{part} sur {whole} {of[spec.whole]}"


COUNTED = {
    "reporting": ("reported", "actions"),
    "milestones": ("milestones_reached", "milestones_due"),
    "evidence": ("evidenced", "completed"),
}
"""What the headline of a chart is a share of, by how its id begins."""


def test_the_first_slide_names_the_briefing_and_the_last_one_explains_the_measures(
    decks: Any, snapshot: Snapshot
) -> None:
    briefing, deck, _ = decks["fr"]
    first, last = deck.slides[0], deck.slides[-1]
    assert first.shapes.title.text_frame.text == snapshot.campaign["title_fr"]
    assert briefing.pieces[0].chart.caption.as_of in texts(first)
    assert translator("fr")(
        "Fictional data: these actions and stakeholders are invented. Do not quote the figures."
    ) in texts(first)
    for name, sentence in briefing.definitions:
        assert name in texts(last)
        assert sentence in texts(last)
    assert len(deck.slides) == len(CATALOGUE) + 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_second_slide_says_what_the_first_charts_show(decks: Any, lang: str) -> None:
    briefing, deck, _ = decks[lang]
    slide = deck.slides[1]
    assert slide.shapes.title.text_frame.text == translator(lang)("Key messages")
    written = texts(slide)
    findings = list(dict.fromkeys(piece.chart.caption.findings[0] for piece in briefing.pieces))[:6]
    assert len(findings) == 6
    places = [written.index(finding) for finding in findings]
    assert places == sorted(places)
    assert briefing.selection in written


def test_own_titles_stand_on_the_slides_and_the_charts_own_in_the_notes(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = share_all(snapshot, Selection(regions=("africa",), as_of=date(2021, 11, 30)), "Our board")
    own = dataclasses.replace(briefing.pieces[0], own_title="Africa leads")
    deck = read_deck(dataclasses.replace(briefing, pieces=(own,)), tmp_path / "own.pptx")
    assert [slide.shapes.title.text_frame.text for slide in deck.slides][:2] == ["Our board", "Africa leads"]
    assert "Completion rate by region" in deck.slides[1].notes_slide.notes_text_frame.text
    assert "Region: Africa · As of: 30 November 2021" in texts(deck.slides[1])
    assert deck.core_properties.title == "Our board"


def test_a_charts_own_file_is_one_slide(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = share_all(snapshot, Selection())
    write_chart_slide(dataclasses.replace(briefing, pieces=briefing.pieces[:1]), tmp_path / "one.pptx")
    assert len(Presentation(str(tmp_path / "one.pptx")).slides) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_elements_of_charts_stand_in_the_order_that_the_standard_demands(decks: Any, lang: str) -> None:
    assert list(out_of_order(decks[lang][2])) == []


def test_the_same_content_is_the_same_bytes(decks: Any, snapshot: Snapshot, tmp_path: Path) -> None:
    read_deck(one_a_kind(compose_all(snapshot, Selection(lang="es"))), tmp_path / "again.pptx")
    assert (tmp_path / "again.pptx").read_bytes() == decks["es"][2].read_bytes()


def test_a_selection_without_actions_says_so_on_every_slide(snapshot: Snapshot, tmp_path: Path) -> None:
    deck = read_deck(share_all(snapshot, NOTHING), tmp_path / "none.pptx")
    for slide in list(deck.slides)[1:-1]:
        assert "No action is in this selection." in texts(slide)
        assert not [shape for shape in slide.shapes if shape.has_chart or shape.has_table]


def test_hostile_labels_are_shown_as_text(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = share_all(snapshot, Selection(), HOSTILE[1])
    spoilt = [spoil(piece) for piece in (briefing.pieces[0], *one_a_kind(briefing).pieces)]
    deck = read_deck(dataclasses.replace(briefing, pieces=tuple(spoilt)), tmp_path / "bad.pptx")
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


def spoil(piece: Piece) -> Piece:
    frame = piece.chart.frame.copy()
    if piece.chart.spec.kind in ("rates", "statuses"):
        frame["label"] = [*HOSTILE, *frame["label"].iloc[len(HOSTILE) :]][: len(frame)]
    return dataclasses.replace(piece, chart=dataclasses.replace(piece.chart, frame=frame))


def template(file: Path, *, has_titles: bool = True) -> Path:
    """A template as an organisation makes one: 4:3, numbers of its own, example slides in a section."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(10), Inches(7.5)
    for number, layout in enumerate(deck.slide_layouts):
        for box in list(layout.placeholders):
            box.element.ph.set("idx", str(40 + number + box.placeholder_format.idx))
            if not has_titles:
                box.element.getparent().remove(box.element)
    deck.slides.add_slide(deck.slide_layouts[0])
    example = deck.slides.add_slide(deck.slide_layouts[6])
    example.shapes.add_textbox(0, 0, 100, 100).text_frame.text = "Example of our house style"
    deck.slide_layouts[5].name = "House title only"
    deck.save(str(file))
    return file


def test_a_template_gives_its_size_and_layouts_and_loses_its_examples(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = one_a_kind(share_all(snapshot, Selection()))
    deck = read_deck(briefing, tmp_path / "deck.pptx", template(tmp_path / "briefing.pptx"))
    assert (deck.slide_width, deck.slide_height) == (Inches(10), Inches(7.5))
    assert len(deck.slides) == len(ONE_A_KIND) + 3
    assert [slide.slide_layout.name for slide in deck.slides][:2] == ["Title Slide", "House title only"]
    assert b"Example of our house style" not in b"".join(part.blob for part in deck.part.package.iter_parts())
    for slide in deck.slides:
        assert all(shape.text_frame.text for shape in slide.placeholders)  # none is left empty
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_a_template_without_titles_gets_them_in_boxes(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = share_all(snapshot, Selection())
    file = template(tmp_path / "briefing.pptx", has_titles=False)
    deck = read_deck(dataclasses.replace(briefing, pieces=briefing.pieces[:1]), tmp_path / "deck.pptx", file)
    assert [briefing.title in texts(deck.slides[0]), briefing.pieces[0].title in texts(deck.slides[1])] == [True, True]


@pytest.mark.parametrize("content", [b"", b"no presentation", b"PK\x03\x04 broken"])
def test_a_broken_template_is_one_sentence(snapshot: Snapshot, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "briefing.pptx"
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"briefing\.pptx or \.potx of the campaign folder"):
        read_deck(share_all(snapshot, Selection()), tmp_path / "deck.pptx", file)


def test_what_powerpoint_cannot_draw_is_a_picture_with_a_text(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(slide_charts.NATIVE, "grid")
    briefing = share_all(snapshot, Selection())
    piece = next(piece for piece in briefing.pieces if piece.chart.spec.kind == "grid")
    deck = read_deck(dataclasses.replace(briefing, pieces=(piece,)), tmp_path / "picture.pptx")
    picture = next(shape for shape in deck.slides[1].shapes if hasattr(shape, "image"))
    assert picture.image.content_type == "image/png"
    assert picture._element.xpath(".//p:cNvPr/@descr")[0] == piece.chart.alt
    assert picture.left + picture.width <= deck.slide_width


@libreoffice.needed
def test_libreoffice_shows_a_page_for_every_slide(decks: Any, tmp_path: Path) -> None:
    file = tmp_path / "deck.pptx"
    file.write_bytes(decks["en"][2].read_bytes())
    content = io.BytesIO(libreoffice.convert(file, "pdf").read_bytes()).getvalue()
    assert content.count(b"/Type/Page\n") + content.count(b"/Type/Page/") == len(ONE_A_KIND) + 3


@pytest.mark.parametrize("is_dark", [True, False])
def test_texts_are_readable_on_the_ground_of_the_template(snapshot: Snapshot, tmp_path: Path, is_dark: bool) -> None:
    file = template(tmp_path / "briefing.pptx")
    deck = Presentation(str(file))
    fill = deck.slide_master.background.fill
    fill.solid()
    ground = "101820" if is_dark else "FFF8E7"
    fill.fore_color.rgb = RGBColor.from_string(ground)
    deck.save(str(file))
    briefing = share_all(snapshot, Selection())
    made = read_deck(dataclasses.replace(briefing, pieces=briefing.pieces[:1]), tmp_path / "deck.pptx", file)
    number = briefing.pieces[0].headline.number
    box = next(
        shape for shape in made.slides[1].shapes if shape.has_text_frame and shape.text_frame.text.startswith(number)
    )
    ink = box.text_frame.paragraphs[0].runs[0].font.color.rgb
    assert theme.contrast(f"#{ink}", f"#{ground}") >= 4.5

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
from dashboard.charts.catalogue import CATALOGUE
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import libreoffice
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
from tests.shipped import LANGUAGES

FIRST = list(CATALOGUE)[:6]
NOTHING = Selection(regions=("global",), countries=("GHA",))
HOSTILE = ("=1+1", "مرحبا 😀 \x0b end", '<b>&"x"</b>', "L" * 200, "\ufffe odd")


@pytest.fixture(scope="module")
def decks(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Briefing, Any, Path]]:
    """By language: a briefing, its deck as read again, its file; in French of every chart, else of the first six."""
    folder = tmp_path_factory.mktemp("decks")
    made = {}
    for lang in LANGUAGES:
        charts = list(CATALOGUE) if lang == "fr" else FIRST
        briefing = compose_some(snapshot, Selection(lang=lang), *charts)
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
def test_every_slide_says_what_it_shows_and_where_it_comes_from(decks: Any, lang: str, number_format: str) -> None:
    t = translator(lang)
    briefing, deck, file = decks[lang]
    for piece, slide in pieces(decks, lang):
        chart, headline = piece.chart, piece.headline
        assert slide.shapes.title.text_frame.text == chart.title
        written = texts(slide)
        said = (chart.caption.finding, headline.number, headline.counts)
        for expected in (*said, piece.source, chart.caption.as_of, t("Fictional data")):
            assert expected in written
        assert slide.shapes._spTree.xpath(".//a:fld[@type='slidenum']")
        assert chart.alt in slide.shapes._spTree.xpath(".//p:cNvPr/@descr")
        notes = slide.notes_slide.notes_text_frame.text
        definitions = [sentence for _, sentence in chart.caption.definitions]
        expected_notes = (chart.caption.summary, piece.link, "fixture", *chart.caption.sources, *chart.caption.notes)
        for expected in (*expected_notes, *definitions):
            assert expected in notes
    assert graphic(deck.slides[2]).chart.value_axis.tick_labels.number_format == number_format
    second = deck.slides[1]
    assert second.shapes.title.text_frame.text == t("Key messages")
    written = texts(second)
    findings = list(dict.fromkeys(piece.chart.caption.findings[0] for piece in briefing.pieces))[:6]
    assert len(findings) == 6
    places = [written.index(finding) for finding in findings]
    assert places == sorted(places)
    assert briefing.selection in written
    assert list(out_of_order(file)) == []


COUNTED = {
    "reporting": ("reported", "actions"),
    "milestones": ("milestones_reached", "milestones_due"),
    "evidence": ("evidenced", "completed"),
}
"""What the headline of a chart is a share of, by how its id begins."""


def test_the_headline_is_the_rate_with_its_counts(decks: Any) -> None:
    of = {"actions": "actions", "milestones_due": "jalons échus", "completed": "actions achevées"}
    for piece, _ in pieces(decks, "fr"):
        spec, total = piece.chart.spec, piece.chart.total
        part, whole = total.count(spec.part), total.count(spec.whole)
        assert (spec.part, spec.whole) == COUNTED.get(spec.id.split("-")[0], ("completed", "actions"))
        assert piece.headline.number == f"{int(100 * part / whole + 0.5)}\u00a0%"
        assert piece.headline.counts == f"{part} sur {whole} {of[spec.whole]}"


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


def test_own_titles_stand_on_the_slides_and_the_charts_own_in_the_notes(snapshot: Snapshot, tmp_path: Path) -> None:
    selection = Selection(regions=("africa",), as_of=date(2021, 11, 30))
    briefing = compose_some(snapshot, selection, (FIRST[0], "Africa leads"), title="Our board")
    deck = read_deck(briefing, tmp_path / "own.pptx")
    assert [slide.shapes.title.text_frame.text for slide in deck.slides][:2] == ["Our board", "Africa leads"]
    assert "Completion rate by region" in deck.slides[1].notes_slide.notes_text_frame.text
    assert "Region: Africa · As of: 30 November 2021" in texts(deck.slides[1])
    assert deck.core_properties.title == "Our board"


def test_the_same_content_is_the_same_bytes(decks: Any, snapshot: Snapshot, tmp_path: Path) -> None:
    read_deck(compose_some(snapshot, Selection(lang="es"), *FIRST), tmp_path / "again.pptx")
    assert (tmp_path / "again.pptx").read_bytes() == decks["es"][2].read_bytes()


def test_a_selection_without_actions_says_so_on_every_slide(snapshot: Snapshot, tmp_path: Path) -> None:
    deck = read_deck(compose_some(snapshot, NOTHING, *ONE_A_KIND), tmp_path / "none.pptx")
    for slide in list(deck.slides)[1:-1]:
        assert "No action is in this selection." in texts(slide)
        assert not [shape for shape in slide.shapes if shape.has_chart or shape.has_table]


def test_hostile_labels_are_shown_as_text(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = compose_some(snapshot, Selection(), FIRST[0], "status-overview", title=HOSTILE[1])
    spoilt = []
    for piece in briefing.pieces:
        frame = piece.chart.frame.copy()
        frame["label"] = [*HOSTILE, *frame["label"].iloc[len(HOSTILE) :]][: len(frame)]
        spoilt.append(dataclasses.replace(piece, chart=dataclasses.replace(piece.chart, frame=frame)))
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
    briefing = compose_some(snapshot, Selection(), *ONE_A_KIND)
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
    briefing = compose_some(snapshot, Selection(), FIRST[0])
    file = template(tmp_path / "briefing.pptx", has_titles=False)
    deck = read_deck(briefing, tmp_path / "deck.pptx", file)
    assert [briefing.title in texts(deck.slides[0]), briefing.pieces[0].title in texts(deck.slides[1])] == [True, True]


def test_what_powerpoint_cannot_draw_is_a_picture_with_a_text(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(slide_charts.NATIVE, "grid")
    briefing = compose_some(snapshot, Selection(), "region-by-theme")
    (piece,) = briefing.pieces
    deck = read_deck(briefing, tmp_path / "picture.pptx")
    picture = next(shape for shape in deck.slides[1].shapes if hasattr(shape, "image"))
    assert picture.image.content_type == "image/png"
    assert picture._element.xpath(".//p:cNvPr/@descr")[0] == piece.chart.alt
    assert picture.left + picture.width <= deck.slide_width


@libreoffice.needed
def test_libreoffice_shows_a_page_for_every_slide(decks: Any, tmp_path: Path) -> None:
    file = tmp_path / "deck.pptx"
    file.write_bytes(decks["en"][2].read_bytes())
    content = io.BytesIO(libreoffice.convert(file, "pdf").read_bytes()).getvalue()
    assert content.count(b"/Type/Page\n") + content.count(b"/Type/Page/") == len(FIRST) + 3


@pytest.mark.parametrize("is_dark", [True, False])
def test_texts_are_readable_on_the_ground_of_the_template(snapshot: Snapshot, tmp_path: Path, is_dark: bool) -> None:
    file = template(tmp_path / "briefing.pptx")
    deck = Presentation(str(file))
    fill = deck.slide_master.background.fill
    fill.solid()
    ground = "101820" if is_dark else "FFF8E7"
    fill.fore_color.rgb = RGBColor.from_string(ground)
    deck.save(str(file))
    briefing = compose_some(snapshot, Selection(), FIRST[0])
    made = read_deck(briefing, tmp_path / "deck.pptx", file)
    number = briefing.pieces[0].headline.number
    box = next(
        shape for shape in made.slides[1].shapes if shape.has_text_frame and shape.text_frame.text.startswith(number)
    )
    ink = box.text_frame.paragraphs[0].runs[0].font.color.rgb
    assert theme.contrast(f"#{ink}", f"#{ground}") >= 4.5

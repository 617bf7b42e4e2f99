"""Previews of slides and documents: what is drawn is what the file says, in its own design and in a template's."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pptx import Presentation
from pptx.util import Pt

from dashboard.files.briefings.order import Item
from dashboard.files.briefings.previews import briefing_pages
from dashboard.files.briefings.previews.document_pages import read_document
from dashboard.files.briefings.previews.slide_pages import read_slides
from dashboard.files.briefings.slides.deck import write_deck
from dashboard.files.briefings.word.word_document import write_document
from dashboard.formats import clean
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import templates
from tests.cases import some
from tests.presentations import compose_some

BLOCKS = (
    Item(kind="text", title="Words **before** {actions}\n\n- one\n- two"),
    Item("completion-by-region"),
    Item("region-by-theme"),
    Item("completion-map"),
    Item("completion-by-theme", kind="table"),
)


def list_words(items: list[dict[str, Any]]) -> list[str]:
    """Return the words of each text and each cell of a drawn slide."""
    texts = [item["paragraphs"] for item in items if item["kind"] == "text"]
    tables = [item["rows"] for item in items if item["kind"] == "table"]
    texts += [cell["paragraphs"] for rows in tables for row in rows for cell in row["cells"]]
    return ["\n".join("".join(run["text"] for run in one["runs"]) for one in paragraphs) for paragraphs in texts]


def list_deck_words(slide: Any, chart_frames: list[Any]) -> list[str]:
    """Return the words on a slide that are not laid on its chart."""
    words = []
    for shape in slide.shapes:
        if shape.has_text_frame and shape.text_frame.text:
            x, y = shape.left + shape.width / 2, shape.top + shape.height / 2
            if not any(0 <= x - one.left <= one.width and 0 <= y - one.top <= one.height for one in chart_frames):
                words.append(shape.text_frame.text)
        if shape.has_table:
            words += [cell.text for row in shape.table.rows for cell in row.cells]
    return words


@pytest.mark.parametrize("kind", some(["", "LibreOffice", "PowerPoint 365"], 1))
def test_each_slide_is_drawn_with_all_its_words(snapshot: Snapshot, tmp_path: Path, kind: str) -> None:
    template = templates.save(kind, tmp_path / "template.pptx") if kind else None
    briefing = compose_some(snapshot, Selection(lang="fr", regions=("africa",)), *BLOCKS)
    write_deck(briefing, tmp_path / "deck.pptx", template)
    deck = Presentation(str(tmp_path / "deck.pptx"))
    drawing = read_slides(deck, {clean(piece.chart.alt): piece.chart for piece in briefing.pieces})
    drawn = drawing.values["slides"]
    for slide, page in zip(deck.slides, drawn, strict=True):
        expected = list_deck_words(slide, [shape for shape in slide.shapes if shape.has_chart])
        capitals = [words.upper() for words in list_words(page["items"])]
        assert [words.upper() for words in expected] == capitals[len(capitals) - len(expected) :]
    assert sum(b"aria-describedby" in file for file in drawing.files.values()) == 1  # the map is the file's own picture
    pages, overfull = drawing.set_pages("svg")
    assert len(pages) == len(drawn)
    assert not overfull


def test_a_document_is_drawn_with_all_its_words(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = compose_some(snapshot, Selection(lang="fr", regions=("africa",)), *BLOCKS)
    write_document(briefing, tmp_path / "document.docx", None)
    document = Document(str(tmp_path / "document.docx"))
    drawing = read_document(document, {clean(piece.chart.alt): piece.chart for piece in briefing.pieces})
    blocks = drawing.values["document"]["blocks"]
    paragraphs = [[one] for one in blocks if one["kind"] == "paragraph"]
    paragraphs += [
        cell["paragraphs"] for one in blocks if one["kind"] == "table" for row in one["rows"] for cell in row["cells"]
    ]
    drawn = "".join(run["text"] for cell in paragraphs for one in cell for run in one["runs"])
    expected = [text.text for text in document.element.body.iter(qn("w:t")) if text.text]
    assert sorted(drawn) == sorted("".join(expected))
    assert [one["kind"] for one in blocks].count("image") == 2  # bars and map; the heat table is a table
    marks = [one["mark"]["text"] for one in blocks if one["kind"] == "paragraph" and one["mark"]]
    assert marks == ["•", "•"]


@pytest.mark.parametrize("form", ["pptx", "pdf", "docx"])
def test_pages_are_pictures_of_the_file_with_its_titles(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(briefing_pages, "MOST_PAGES", 2)
    briefing = compose_some(snapshot, Selection(), "completion-by-region", title="Our own")
    briefing_pages.write_pages(briefing, form, tmp_path / "pages", None)
    drawn = json.loads((tmp_path / "pages").read_bytes())
    assert drawn["count"] > len(drawn["pages"]) == 2
    assert all(b64decode(page["picture"]).startswith(b"\x89PNG") for page in drawn["pages"])
    assert drawn["pages"][0]["title"] == ("Our own" if form == "pptx" else "")


def test_a_text_that_runs_over_its_box_is_named(tmp_path: Path) -> None:
    deck = Presentation()
    for height in (20, 200):
        box = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_textbox(0, 0, Pt(100), Pt(height))
        box.text_frame.word_wrap, box.text_frame.text = True, "Words that need several lines"
    _, overfull = read_slides(deck, {}).set_pages("svg")
    assert overfull == [{"page": 0, "words": "Words that need several lines"}]

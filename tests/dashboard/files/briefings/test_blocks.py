"""Blocks of a briefing: their link, the words of the presenter, figures filled in, numbers that nothing gives."""

from html import unescape
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER

from dashboard.charts.options import Options
from dashboard.errors import SelectionError
from dashboard.files.briefings.blocks import Paragraph, Run, list_numbers, read_words, write_figure
from dashboard.files.briefings.content import compose
from dashboard.files.briefings.excel import write_chart_workbook
from dashboard.files.briefings.html import render_html
from dashboard.files.briefings.order import (
    LONGEST_TEXT,
    MOST_BLOCKS,
    BriefingRequest,
    Item,
    read_briefing,
    read_items,
    write_items,
    write_notes,
)
from dashboard.files.briefings.paper.document import write_paper
from dashboard.files.briefings.slides.deck import write_deck
from dashboard.files.briefings.slides.templates import find
from dashboard.files.briefings.word.word_document import write_document
from dashboard.files.briefings.worded_figures import FIGURES, GROUPS
from dashboard.measures.counts import headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.papers import Paper
from tests.presentations import graphic

AFRICA = Selection(regions=("africa",))
REGION = "completion-by-region"
WRITTEN = (
    Item(kind="heading", title="Africa: 99 %, {as_of}"),
    Item(
        kind="text",
        title="We did **{completed}** of {actions}.\n\n- one, _two_\n- [three](https://a.example/b)",
        notes="a:b {actions}\n{completed}, not 4711",
    ),
    Item(REGION, "Own: 1,2", notes="Say, first"),
    Item(REGION, kind="table", title="All regions"),
    Item(kind="text", title="The end", notes="~%"),
    Item(REGION, kind="table", options=Options(sort="name")),
    Item("status-overview", kind="message"),
    Item(REGION, "In Africa {completed} are done, that is 97 %", kind="message"),
    Item(kind="break"),
    Item(kind="heading", title="Thanks"),
)


def test_the_link_of_a_briefing_holds_its_blocks(snapshot: Snapshot) -> None:
    query = {"charts": [write_items(WRITTEN)], "notes": [write_notes(WRITTEN)], "sort": [f"table~{REGION}.2:name"]}
    request = read_briefing(query, snapshot)
    assert request.charts == WRITTEN
    assert list(read_items(query["charts"][0]))[4:6] == ["text~.2", f"table~{REGION}.2"]
    assert read_items("heading~:A,heading~:B,no~such:C,text~: a  \n b ") == {
        "heading~": Item(kind="heading", title="A"),
        "heading~.2": Item(kind="heading", title="B"),
        "no~such": Item("no~such", "C"),
        "text~": Item(kind="text", title="a\n b"),
    }


@pytest.mark.parametrize(
    ("items", "allowed"),
    [
        ((Item(kind="text", title="alone"),), "1 to 30 charts"),
        ((REGION, *[Item(kind="break")] * MOST_BLOCKS), f"1 to {MOST_BLOCKS} blocks"),
        ((REGION, Item(kind="text", title="x" * (LONGEST_TEXT + 1))), f"up to {LONGEST_TEXT} characters"),
        ((REGION, Item(kind="text", title="{completion_rat}")), "completion_rate"),
        ((Item(REGION, notes="{completion_rat}"),), "completion_rate"),
        ((Item(REGION, kind="message"),) * 2, "each chart once"),
    ],
)
def test_blocks_that_cannot_be_are_refused(items: tuple[Item, ...], allowed: str) -> None:
    with pytest.raises(SelectionError) as refusal:
        BriefingRequest(items, Selection()).check()
    assert allowed in refusal.value.allowed


def test_words_are_filled_and_their_numbers_looked_for(snapshot: Snapshot) -> None:
    briefing = compose(snapshot, AFRICA, WRITTEN, "")
    heading, text, chart, table, _, _, usual, edited, *_ = briefing.blocks
    assert (heading.text, heading.doubtful) == ("Africa: 99 %, 31 December 2021", ("99 %",))
    total = headline(snapshot, AFRICA)
    filled = Run(str(total.completed), is_strong=True)
    assert text.paragraphs[0].runs == (Run("We did "), filled, Run(f" of {total.actions}."))
    assert text.paragraphs[2] == Paragraph("bullet", (Run("three", link="https://a.example/b"),))
    assert (text.doubtful, text.notes) == (("4711",), f"a:b {total.actions}\n{total.completed}, not 4711")
    assert [block.piece and block.piece.title for block in (chart, table)] == ["Own: 1,2", "All regions"]
    assert (usual.is_edited, usual.doubtful, usual.text) == (False, (), usual.piece.message if usual.piece else "")
    assert (edited.is_edited, edited.doubtful) == (True, ("97 %",))
    assert [(piece.chart.spec.id, piece.own_title) for piece in briefing.pieces] == [
        (REGION, "Own: 1,2"), (REGION, ""), ("status-overview", "")
    ]  # fmt: skip
    assert briefing.messages == []
    assert briefing.doubtful == ("99 %", "4711", "1,2", "97 %")
    for lang in ("en", "fr", "es"):
        assert all(write_figure(snapshot, Selection(lang=lang), name) for name in FIGURES)
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(FIGURES)


def test_only_a_few_marks_are_markdown() -> None:
    words = "# Title\n<b>x</b> `y` ![z](https://a.example)\n[bad](javascript:1)\n\n1. **a *b***\n   - c"
    first, *rest = read_words(words, str)
    assert first.text == "# Title <b>x</b> `y` !z [bad](javascript:1)"
    assert rest == [
        Paragraph("number", (Run("a ", is_strong=True), Run("b", is_strong=True, is_emphasised=True))),
        Paragraph("bullet", (Run("c"),)),
    ]


def test_numbers_are_the_same_in_every_way_of_writing() -> None:
    texts = ("1,234 and 1.234 and 1\u202f234", "40 % or 40% or 40 pour cent", "40", "2021", "G20", "4,50 = 4.5")
    ranges = ("34-85", "from -6", "COVID-19", "2021-06-30", "7 percentage points")
    assert list(list_numbers(ranges)) == [(number, False) for number in ("34", "85", "6", "7")]
    assert list(list_numbers(texts)) == [("1234", False), ("40", True), ("40", False), ("4.5", False)]


def test_every_file_holds_every_block(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = compose(snapshot, AFRICA, WRITTEN, "https://a.example", "Our words")
    write_deck(briefing, tmp_path / "a.pptx")
    slides = list(Presentation(str(tmp_path / "a.pptx")).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    heading, doubts = WRITTEN[0].title.replace("{as_of}", "31 December 2021"), "In the presenter’s words, but not"
    assert titles == [
        "Our words", heading, heading, "Own: 1,2", "All regions", heading, "Completion rate by region", "Key messages",
        "Thanks", "Definitions and sources",
    ]  # fmt: skip
    body = find(slides[2].placeholders, PP_PLACEHOLDER.OBJECT).text_frame
    assert [run.font.bold for run in body.paragraphs[0].runs] == [None, True, None]
    assert body.paragraphs[2].runs[0].hyperlink.address == "https://a.example/b"
    assert body.paragraphs[1]._p.xpath("./a:pPr/a:buChar")
    assert slides[3].notes_slide.notes_text_frame.text.partition("\n")[2].startswith("Say, first")
    assert graphic(slides[4]).table.cell(1, 0).text == "Africa"
    messages = find(slides[7].placeholders, PP_PLACEHOLDER.OBJECT).text_frame.text
    words = [block.text for block in briefing.blocks if block.kind == "message"]
    assert all(text in messages for text in ("Own: 1,2 – edited", *words))
    assert "Not edited: " in slides[7].notes_slide.notes_text_frame.text
    document = render_html(briefing)
    write_paper(briefing, tmp_path / "a.pdf")
    paper = " ".join(Paper(tmp_path / "a.pdf").tree.text.split())
    write_chart_workbook(snapshot, briefing, tmp_path / "a.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert workbook.sheetnames[0] == "Briefing"
    rows = " ".join(str(cell) for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row)
    for text in (heading, "one, ", "The end", *words, "edited", doubts, "“97 %”", "Thanks"):
        assert all(text in " ".join(unescape(file).split()) for file in (document, paper, rows)), text
    assert '<a href="https://a.example/b">three</a>' in document


@pytest.mark.nightly
def test_an_introduction_stands_before_the_key_messages(snapshot: Snapshot, tmp_path: Path) -> None:
    words = (
        Item(kind="text", title="[**Bold** _slant_](https://a.example/b)", notes="Say\nthis"),
        Item(kind="heading", title="Part"),
    )
    charts = (Item("completion-over-time"), Item(REGION), Item("status-overview"))
    assert compose(snapshot, Selection(), (words[1], *charts), "").introduction == 0
    briefing = compose(snapshot, Selection(), (*words, *charts), "", has_notes=True)
    assert (briefing.introduction, bool(briefing.messages)) == (1, True)
    write_deck(briefing, tmp_path / "a.pptx")
    slides = [slide.shapes.title.text_frame.text for slide in Presentation(str(tmp_path / "a.pptx")).slides]
    assert slides[2:4] == ["Key messages", "Part"]
    write_document(briefing, tmp_path / "a.docx")
    document = Document(str(tmp_path / "a.docx"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts.index("Bold slant") < texts.index("this") < texts.index("Key messages", texts.index("this"))
    linked = [run for link in document.element.body.iter(qn("w:hyperlink")) for run in link if run.rPr is not None]
    looks = {run.text: (run.rPr.b is not None, run.rPr.i is not None) for run in linked}
    assert (looks["Bold"], looks["slant"]) == ((True, False), (False, True))
    write_paper(briefing, tmp_path / "a.pdf")
    for text in (render_html(briefing).partition("<body>")[2], " ".join(Paper(tmp_path / "a.pdf").tree.text.split())):
        assert "Bold" in text.rpartition("Key messages")[0]
    assert "with_notes=1" in briefing.receipt.of


def test_long_words_go_on_over_slides(snapshot: Snapshot, tmp_path: Path) -> None:
    text = "\n\n".join(f"{number} " + "word " * 60 for number in range(6))
    write_deck(compose(snapshot, AFRICA, (Item(kind="text", title=text), REGION), ""), tmp_path / "a.pptx")
    slides = list(Presentation(str(tmp_path / "a.pptx")).slides)[1:3]
    assert [slide.shapes.title.text_frame.text[-5:] for slide in slides] == ["(1/2)", "(2/2)"]
    bodies = [find(slide.placeholders, PP_PLACEHOLDER.OBJECT).text_frame for slide in slides]
    assert [paragraph.text[0] for body in bodies for paragraph in body.paragraphs] == list("012345")

"""Blocks of a briefing: their link, the words of the presenter, figures filled in, numbers that nothing gives."""

import pytest

from dashboard.charts.options import Options
from dashboard.errors import SelectionError
from dashboard.files.briefings.blocks import Paragraph, Run, list_numbers, read_words, write_figure
from dashboard.files.briefings.content import compose
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
from dashboard.files.briefings.worded_figures import FIGURES
from dashboard.measures.counts import headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

AFRICA = Selection(regions=("africa",))
REGION = "completion-by-region"
WRITTEN = (
    Item(kind="heading", title="Africa: 99 %, {as_of}"),
    Item(
        kind="text",
        title="We did **{completed}** of {actions}.\n\n- one, _two_\n- [three](https://a.example/b)",
        notes="a:b",
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
    assert (text.doubtful, text.notes) == ((), "a:b")
    assert [block.piece and block.piece.title for block in (chart, table)] == ["Own: 1,2", "All regions"]
    assert (usual.is_edited, usual.doubtful, usual.text) == (False, (), usual.piece.message if usual.piece else "")
    assert (edited.is_edited, edited.doubtful) == (True, ("97 %",))
    assert [(piece.chart.spec.id, piece.own_title) for piece in briefing.pieces] == [
        (REGION, "Own: 1,2"), (REGION, ""), ("status-overview", "")
    ]  # fmt: skip
    assert briefing.messages == []
    assert briefing.doubtful == ("99 %", "1,2", "97 %")
    for lang in ("en", "fr", "es"):
        assert all(write_figure(snapshot, Selection(lang=lang), name) for name in FIGURES)


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
    assert list(list_numbers(texts)) == [("1234", False), ("40", True), ("40", False), ("4.5", False)]

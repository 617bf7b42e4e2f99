"""The deck: a title slide, the key messages, a slide or more a block with its notes, and the definitions at the end.

The same content gives the same bytes. The deck has its receipt as a property; each slide has its own as a tag, which
goes with it into another deck.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from dashboard import theme
from dashboard.errors import UserError
from dashboard.files.briefings.blocks import Block, Paragraph, Run
from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.office_file import save_package, state_origin
from dashboard.files.briefings.pieces import SEPARATOR, Piece, join_pairs
from dashboard.files.briefings.slides.chart_xml import describe
from dashboard.files.briefings.slides.draw import NATIVE, add_chart
from dashboard.files.briefings.slides.presentation_file import BrokenDeckError, check_deck, say_language
from dashboard.files.briefings.slides.templates import Template, find, is_dark, is_legible, open_template, title_of
from dashboard.files.briefings.slides.texts import (
    INCH,
    POINT,
    SPACING,
    Area,
    Line,
    add_box,
    add_page_number,
    add_tag,
    adopt,
    find_look,
    fitting_size,
    lines_of,
    size_in_line,
    turn,
    width_of,
    without_bullets,
    write,
)
from dashboard.files.briefings.slides.word_slides import (
    Words,
    add_table,
    share_out,
    share_out_table,
    write_words,
)
from dashboard.formats import clean
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_
from dashboard.languages import find_office_tag, is_rtl
from dashboard.measures.definitions import FICTIONAL
from dashboard.snapshot.receipts.office import PROPERTIES, write_properties, write_tag
from dashboard.snapshot.receipts.receipt import Receipt

_PROPERTIES = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_BEHIND = ("p:controls", "p:extLst")


def tag_deck(deck: Any, receipt: Receipt) -> None:
    """Give a presentation its receipt, and each of its slides its own."""
    package = deck.part.package
    property_parts = [one.target_part for one in package._rels.values() if one.reltype.endswith("/custom-properties")]
    if property_parts:  # a template's own properties, such as labels of confidentiality, stay
        property_parts[0]._blob = write_properties(receipt, property_parts[0].blob)
    else:
        part = Part(PackURI(f"/{PROPERTIES}"), _PROPERTIES, package, write_properties(receipt))
        package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    for number, slide in enumerate(deck.slides, start=1):
        _tag_slide(slide, number, receipt.on_slide(number))


def _tag_slide(slide: Any, number: int, receipt: Receipt) -> None:
    package = slide.part.package
    name = PackURI(f"/ppt/tags/receipt{number}.xml")
    relation = slide.part.relate_to(
        Part(name, CONTENT_TYPE.PML_TAGS, package, write_tag(receipt)), RELATIONSHIP_TYPE.TAGS
    )
    tags = f'<p:custDataLst {nsdecls("p", "r")}><p:tags r:id="{relation}"/></p:custDataLst>'
    content = slide._element.cSld
    behind = next((one for one in content if one.tag in map(qn, _BEHIND)), None)
    if behind is None:
        content.append(parse_xml(tags))
    else:
        behind.addprevious(parse_xml(tags))


_FOOT = round(0.42 * INCH)
_SELECTION = round(0.45 * INCH)
_DEFINITION_SIZES = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
_ABOVE = 0.8
"""The space above a definition, as a share of its size."""
_SUBTITLE = 40
"""The points in height for a chart's subject and its actions: two lines, before their sizes shrink."""
_LEAST_PANEL = 0.6
"""The least sizes of the headline number and of the text below it on low slides, as a share of their usual size."""
_NUMBER = 28
"""The size of the headline number in a line, in points."""
_BOLD = 0.9
"""The share of a width that counts for words that may be bold, or in a substitute typeface."""
_PANEL = 0.215
"""The share of the width for the headline number."""


def write_deck(briefing: Briefing, target: Path, template: Path | None = None) -> None:
    """Write a briefing as a PowerPoint presentation.

    It has the design of `template`, and the program's own where there is none.

    Raises:
        UserError: the template cannot be read.
    """
    design = open_template(template, briefing.look)
    _add_front(design, briefing)
    part, done, start = briefing.title, 0, briefing.introduction
    groups = [list(group) for _, group in groupby(briefing.blocks[start:], lambda block: block.kind)]
    for block in briefing.blocks[:start]:
        part = block.text if block.kind == "heading" else part
        _add_block(design, briefing, block, part)
    _add_messages(design, briefing, briefing.messages)
    for blocks in groups:
        kind = blocks[0].kind
        if kind == "message":
            _add_messages(design, briefing, [briefing.write_message(block) for block in blocks], blocks)
        for block in blocks if kind != "message" else ():
            part = block.text if kind == "heading" else part
            _add_block(design, briefing, block, part)
        done += len(blocks)
        tell_progress(done, len(briefing.blocks))
    _add_definitions(design, briefing)
    _save(design, briefing, briefing.full_title, briefing.issue("pptx"), target)


def write_chart_slide(briefing: Briefing, target: Path, template: Path | None = None) -> None:
    """Write each chart of a briefing on a slide, without a title slide and definitions; else as `write_deck`."""
    design = open_template(template, briefing.look)
    for piece in briefing.pieces:
        _add_piece(design, briefing, piece)
    first = briefing.pieces[0]
    _save(design, briefing, first.full_title, briefing.issue_chart(first, "pptx"), target)


def _add_front(design: Template, briefing: Briefing) -> None:
    slide = design.add_slide(design.front)
    t = briefing.t
    write_title(design, slide, briefing.title)
    ink = theme.PAPER if design.is_own else ""
    lines = [Line(briefing.campaign, 16, ink)] if briefing.own_title else []
    lines += [Line(t(N_("Progress briefing")), 20, ink)] if not briefing.own_title else []
    lines.append(Line(briefing.selection, 20 if len(briefing.selection) < 90 else 14, ink, above=6))
    lines.append(Line(briefing.origin, 12, ink, above=10))
    subtitle = find(slide.placeholders, PP_PLACEHOLDER.SUBTITLE)
    if subtitle is not None:
        write(subtitle.text_frame, *lines)
        without_bullets(subtitle.text_frame)
    box = subtitle if subtitle is not None else add_box(slide, design.front_area(), *lines)
    frame = box.text_frame
    if subtitle is not None:  # of one without a number the library takes the title's place for its own
        box = find(design.front.placeholders, PP_PLACEHOLDER.SUBTITLE) or subtitle
    place = Area(box.left, box.top, box.width, min(box.height, round(_height_of(lines, box.width) * POINT)))
    looks = [find_look(one, design.front) for one in (subtitle, title_of(slide)) if one is not None]
    legible = [look for look in looks if look is not None and is_legible(look, slide, place, design.whole)]
    if not design.support(slide, place):
        adopt(next(iter(legible), None), frame)
    _mark_as_sample(design, slide, briefing)
    _note(slide, briefing, [briefing.selection, briefing.origin, *briefing.lead_to(briefing.link)])


def _mark_as_sample(design: Template, slide: Any, briefing: Briefing) -> None:
    """Say on a slide without a source that the data are invented."""
    if briefing.is_sample:
        height = round(0.42 * INCH)
        area = Area(0, design.deck.slide_height - height, design.deck.slide_width, height)
        text = briefing.t(FICTIONAL)
        add_tag(slide, area, text, size_in_line(text, area.width, 14), theme.WARNING, theme.PAPER)


def _add_block(design: Template, briefing: Briefing, block: Block, part: str) -> None:
    """Add the slides of one block; `part` is the heading that it stands below."""
    if block.kind == "heading":
        slide = design.add_slide(design.section)
        write_title(design, slide, block.text)
        _mark_as_sample(design, slide, briefing)
        _note(slide, briefing, _notes_of_words(briefing, [block]))
    elif block.kind == "text":
        _add_words(design, briefing, part, [Words(paragraph) for paragraph in block.paragraphs], [block])
    elif block.piece is not None and block.kind == "table":
        _add_table(design, briefing, block, block.piece)
    elif block.piece is not None:
        _add_piece(design, briefing, block.piece, block)


def _add_messages(
    design: Template, briefing: Briefing, messages: Sequence[tuple[str, str]], blocks: Sequence[Block] = ()
) -> None:
    """Write messages, a sentence each, for readers of one slide; nothing where there is none."""
    lines = [
        Words(Paragraph("plain", (Run(text),)), is_muted=number == 0)
        for pair in messages
        for number, text in enumerate(pair)
    ]
    if lines:
        _add_words(design, briefing, briefing.t(N_("Key messages")), lines, blocks)


def _add_words(
    design: Template, briefing: Briefing, title: str, words: Sequence[Words], blocks: Sequence[Block]
) -> None:
    """Write words on as many slides as they need; their place is the layout's, so that they stand in the outline."""
    area = _find_room(design, briefing)
    portions = share_out(words, area)
    for number, portion in enumerate(portions, start=1):
        slide = design.add_slide(design.body, has_words=True)
        write_title(design, slide, _number(title, number, len(portions)))
        _frame(design, slide, briefing, briefing.source)
        _write_selection(slide, design.area(), briefing)
        write_words(slide, area, portion)
        _note(slide, briefing, _notes_of_words(briefing, blocks))


def _find_room(design: Template, briefing: Briefing) -> Area:
    """Find the area of words and tables: below the line with the selection, above the source."""
    return _area_above_foot(design)[0].split_top(_SELECTION, 0)[1]


def _write_selection(slide: Any, area: Area, briefing: Briefing) -> None:
    line, _ = area.split_top(_SELECTION, 0)
    add_box(slide, line, Line(briefing.selection, fitting_size(briefing.selection, line, 14, 9), is_muted=True))


def _number(title: str, number: int, count: int) -> str:
    return title if count == 1 else f"{title} ({number}/{count})"


def _add_table(design: Template, briefing: Briefing, block: Block, piece: Piece) -> None:
    """Write a chart's table on as many slides as it needs."""
    area = _find_room(design, briefing)
    headings, rows = ([], []) if piece.is_empty else piece.chart.cells()
    portions = list(share_out_table(headings, rows, area)) if rows else [None]
    for number, portion in enumerate(portions, start=1):
        slide = design.add_slide(design.plain)
        write_title(design, slide, _number(piece.title, number, len(portions)))
        _frame(design, slide, briefing, piece.source)
        _write_selection(slide, design.area(), briefing)
        if portion is None:
            add_box(slide, area, Line(piece.nothing, 24, is_muted=True), anchor=MSO_ANCHOR.MIDDLE)
        else:
            describe(add_table(slide, area, portion), piece.full_title, clean(piece.chart.alt))
        _note(slide, briefing, [*_list_points([block]), *_notes_of(briefing, piece)])


def _list_points(blocks: Iterable[Block]) -> list[str]:
    """List the talking points of blocks, with an empty line behind them."""
    lines = [line for block in blocks for line in block.notes.splitlines()]
    return [*lines, ""] if lines else []


def _notes_of_words(briefing: Briefing, blocks: Sequence[Block]) -> list[str]:
    """Write talking points, what edited messages would say by themselves, and where the figures come from."""
    t = briefing.t
    lines = _list_points(blocks)
    usual = [block.piece.message for block in blocks if block.is_edited and block.piece]
    lines += [t(N_("Not edited: {text}"), text=text) for text in usual]
    return [
        *lines,
        *briefing.list_doubts(blocks),
        briefing.selection,
        briefing.origin,
        *briefing.lead_to(briefing.link),
    ]


def _height_of(lines: Iterable[Line], width: int) -> float:
    """Compute the height of paragraphs in points."""
    return sum(lines_of(line.text, width, line.size) * line.size * SPACING + line.above for line in lines)


def _add_piece(design: Template, briefing: Briefing, piece: Piece, block: Block | None = None) -> None:
    slide = design.add_slide(design.plain)
    write_title(design, slide, piece.title)
    area, foot = _frame(design, slide, briefing, piece.source)
    rest = _add_subtitle(slide, area, piece)
    if piece.is_empty:
        middle = Line(piece.nothing, 24, is_muted=True)
        add_box(slide, rest, middle, anchor=MSO_ANCHOR.MIDDLE)
    elif piece.chart.spec.kind in NATIVE and design.is_wide:
        panel, place = rest.split_left(round(rest.width * _PANEL), round(0.25 * INCH))
        _add_headline(slide, panel, piece)
        add_chart(slide, piece, place)
    else:  # a chart cannot be made narrower without its texts getting too small
        line, place = rest.split_top(34 * POINT, 4 * POINT)
        _add_headline_line(slide, line, piece)
        add_chart(slide, piece, place)
    _note(slide, briefing, [*_list_points([block] if block else ()), *_notes_of(briefing, piece)])


def _add_subtitle(slide: Any, area: Area, piece: Piece) -> Area:
    """Write the chart's subject and its actions; return the area below."""
    words = [] if piece.is_empty else [(clean(piece.chart.caption.finding), 16, 10, False)]
    lines, height = list[Line](), 0.0
    for text, largest, least, is_muted in (*words, (join_pairs(piece.chart), 14, 9, True)):
        size = fitting_size(text, area._replace(height=_SUBTITLE * POINT), largest, least)
        above = 4.0 if lines else 0.0
        lines.append(Line(text, size, is_muted=is_muted, above=above))
        height += above + min(lines_of(text, area.width, size) * size * SPACING, 60)
    strip, rest = area.split_top(round(height * POINT), round(0.16 * INCH))
    add_box(slide, strip, *lines)
    return rest


def _frame(design: Template, slide: Any, briefing: Briefing, source: str) -> tuple[Area, Area]:
    """Write the source and the page's number at the bottom; return the area above them, and theirs."""
    t = briefing.t
    area, foot = _area_above_foot(design)
    number = round(0.6 * INCH)
    tag = round(1.7 * INCH) if briefing.is_sample else 0
    if tag:
        box = Area(foot.left, foot.top + round(0.02 * INCH), tag - round(0.15 * INCH), round(0.26 * INCH))
        words = t(N_("Fictional data"))
        add_tag(slide, box, words, size_in_line(words, box.width, 11), theme.WARNING, theme.PAPER)
    text = foot._replace(left=foot.left + tag, width=foot.width - tag - number)
    add_box(slide, text, Line(source, fitting_size(source, text, 10, 7), is_muted=True))
    add_page_number(slide, foot._replace(left=foot.right - number, width=number), 10)
    return area, foot


def _area_above_foot(design: Template) -> tuple[Area, Area]:
    """Return the area above the source and the page's number, and theirs."""
    slide_area = design.area()
    bottom = design.deck.slide_height - round(0.2 * INCH) if design.is_own else slide_area.bottom
    foot = Area(slide_area.left, bottom - _FOOT, slide_area.width, _FOOT)
    return slide_area._replace(height=foot.top - slide_area.top - round(0.08 * INCH)), foot


def _add_headline_line(slide: Any, line: Area, piece: Piece) -> None:
    """Write the headline number with its details in one line; of two selections both numbers alike."""
    headline = piece.headline
    inks = theme.DARK if is_dark(slide) else {"completed": theme.COMPLETED, "other": theme.OTHER}
    words = [headline.name, headline.counts]
    if piece.chart.sides:
        first_half, second_half = line.split_left((line.width - INCH // 4) // 2, INCH // 4)
        for name, number in headline.facts:
            _add_number(slide, second_half, number, name, inks["other"], is_few=False)
    else:
        first_half = line
        words += [f"{name} {value}" for name, value in headline.facts]
    _add_number(slide, first_half, headline.number, SEPARATOR.join(words), inks["completed"], is_few=headline.is_few)


def _add_number(slide: Any, line: Area, number: str, text: str, ink: str, *, is_few: bool) -> None:
    place, rest = line.split_left(width_of(number, _NUMBER) + INCH // 8, 0)
    big = Line(number, _NUMBER, "" if is_few else ink, is_bold=True, is_muted=is_few)
    add_box(slide, place, big, anchor=MSO_ANCHOR.MIDDLE)
    add_box(slide, rest, Line(text, fitting_size(text, rest, 14, 8)), anchor=MSO_ANCHOR.MIDDLE)


def _add_headline(slide: Any, panel: Area, piece: Piece) -> None:
    headline = piece.headline
    name = "reported" if piece.chart.spec.measures[0] == "reporting_rate" else "completed"
    light = theme.REPORTED if name == "reported" else theme.COMPLETED
    colour = theme.DARK[name] if is_dark(slide) else light
    size = size_in_line(headline.number, panel.width, 54)
    lines = [
        Line(headline.number, size, "" if headline.is_few else colour, is_bold=True, is_muted=headline.is_few),
        Line(headline.name, 16, is_bold=True),
        Line(headline.counts, 14, is_muted=True, above=2),
    ]
    for name, value in headline.facts:
        beside = Line(value, 20, is_bold=True, above=18)
        if piece.chart.sides:
            beside = replace(beside, size=size, colour=theme.DARK["other"] if is_dark(slide) else theme.OTHER)
        lines += [beside, Line(name, 13, is_muted=True)]
    room = round(panel.width * _BOLD)
    scale = max(_LEAST_PANEL, min(1.0, panel.height / POINT / _height_of(lines, room)))
    add_box(slide, panel, *(replace(line, size=round(line.size * scale), above=line.above * scale) for line in lines))


def _add_definitions(design: Template, briefing: Briefing) -> None:
    """Write the definitions of the measures in two columns, and the origin of all figures."""
    slide = design.add_slide(design.plain)
    t = briefing.t
    write_title(design, slide, t(N_("Definitions and sources")))
    area, _ = _frame(design, slide, briefing, f"{briefing.source} · {briefing.origin}")
    pairs = [*briefing.definitions, *briefing.doubts, (t(N_("Cite as")), briefing.citation)]
    if briefing.sources:
        pairs.append((t(N_("Files")), ", ".join(briefing.sources)))
    if briefing.link:
        pairs.append((t(N_("Live view")), briefing.link))
    gap = round(0.45 * INCH)
    _, area = area.split_top(round(0.2 * INCH))
    left, right = area.split_left((area.width - gap) // 2, gap)
    size = next((size for size in _DEFINITION_SIZES if _split(pairs, left, size)[1]), _DEFINITION_SIZES[-1])
    break_at, _ = _split(pairs, left, size)
    for box, part in ((left, pairs[:break_at]), (right, pairs[break_at:])):
        lines = [line for name, text in part for line in _definition(name, text, size, briefing.link)]
        if lines:
            add_box(slide, box, *lines)


def _definition(name: str, text: str, size: float, link: str) -> tuple[Line, Line]:
    return (
        Line(name, size, is_bold=True, above=size * _ABOVE),
        Line(text, size, is_muted=True, link=text if text == link else ""),
    )


def _split(pairs: list[tuple[str, str]], column: Area, size: float) -> tuple[int, bool]:
    """Return the number of definitions in the first column, and whether the others fit into the second."""
    heights = [
        (lines_of(name, column.width, size) + lines_of(text, column.width, size)) * size * SPACING + size * _ABOVE
        for name, text in pairs
    ]
    room = column.height / POINT
    first = next((n for n in range(len(heights), 0, -1) if sum(heights[:n]) <= room), 1)
    half = next(n for n in range(1, len(heights) + 1) if sum(heights[:n]) >= sum(heights) / 2)
    break_at = min(first, half)
    return break_at, sum(heights[break_at:]) <= room


def _notes_of(briefing: Briefing, piece: Piece) -> list[str]:
    """Write a presenter's answers: the sum, definitions, notes, files, day, link."""
    t, chart = briefing.t, piece.chart
    lines = [piece.full_title] if piece.title == chart.title else [piece.full_title, chart.title]
    lines += [*piece.messages, "", *chart.caption.sentences, "", t(N_("Definitions"))]
    defined = (briefing.define(measure) for measure in chart.spec.measures)
    lines += [t(N_("{name}: {value}"), name=name, value=meaning) for name, meaning in defined]
    lines += ["", t(N_("Notes")), *chart.caption.notes] if chart.caption.notes else []
    lines += ["", t(N_("Sources")), piece.source, *chart.caption.sources]
    lines += ["", join_pairs(chart), briefing.origin, *briefing.lead_to(piece.link)]
    return lines


def _note(slide: Any, briefing: Briefing, lines: list[str]) -> None:
    notes = [briefing.t(FICTIONAL), *lines] if briefing.is_sample else lines
    frame = slide.notes_slide.notes_text_frame
    if frame is not None:  # a template may have notes without a place for text
        frame.text = "\n".join(clean(line) for line in notes)


def write_title(design: Template, slide: Any, text: str) -> None:
    """Write the title in its placeholder, smaller where it would not fit; in a box where the layout has none."""
    box = title_of(slide)
    if box is None:
        area = design.title_area()
        add_box(slide, area, Line(text, fitting_size(text, area, 28, 12), is_bold=True))
        return
    box.text_frame.text = text
    usual = design.title_size(slide.slide_layout)
    area = Area(box.left, box.top, round(box.width * _BOLD), box.height)
    size = fitting_size(text, area, usual, 12)
    look = find_look(box, slide.slide_layout)
    if size < usual or look is not None:
        box.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
    adopt(look, box.text_frame)


def _save(design: Template, briefing: Briefing, title: str, receipt: Receipt, target: Path) -> None:
    """Write the presentation; its parts carry the day the data was made, not the moment of writing."""
    state_origin(design.deck.core_properties, briefing, title)
    say_language(design.deck, find_office_tag(briefing.lang))
    for slide in design.deck.slides if is_rtl(briefing.lang) else ():
        turn(slide)
    tag_deck(design.deck, receipt)
    save_package(design.deck, target, briefing.made_at)
    try:
        check_deck(target, len(design.deck.slides))
    except BrokenDeckError as error:
        target.unlink()
        if design.is_own:
            raise
        raise UserError(
            N_("With the template in the campaign folder, no program can open the deck."),
            N_("Save the template again in PowerPoint as a presentation (.pptx), or remove it."),
        ) from error

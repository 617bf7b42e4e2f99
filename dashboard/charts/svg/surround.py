"""The words around a picture's drawing: title, finding, summary and selection above it; notes and source below."""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import NamedTuple

from dashboard.campaign.brand import LOGO_HEIGHT, Look
from dashboard.charts.catalogue import MOST_MARKS, TIMED
from dashboard.charts.chart import Chart
from dashboard.charts.svg.canvas import BASELINE, Anchor, Box, Canvas, Sizes
from dashboard.charts.svg.texts import ELLIPSIS, LINE, clean, shorten, width, wrap
from dashboard.formats import format_count
from dashboard.i18n import N_


class Size(NamedTuple):
    """A named size in CSS pixels; without a height, as high as the marks need. The reason is its purpose."""

    width: int
    height: int | None
    reason: str


class Measures(NamedTuple):
    """Margins and font sizes of a named size, in pixels; how many lines its finding and its notes may have.

    A finding's second sentence that has no room is left out.
    """

    margin: float
    title: float
    summary: float
    caption: float
    drawing: Sizes
    finding: int
    notes: int


SIZES: dict[str, Size] = {
    "slide": Size(1280, 720, N_("A slide of 16:9")),
    "social": Size(1200, 630, N_("A link's preview in social media and messages")),
    "square": Size(1080, 1080, N_("A square post")),
    "column": Size(680, None, N_("The text column of a document or a web page")),
}
"""The named sizes of pictures."""

PRINT = "print"
"""The scale of pictures for print: 300 dots an inch where they are as wide as the text of a page, 17 cm."""

PRINT_DOTS, PRINT_PIXELS = 300, round(17 / 2.54 * 300)
SCALES = ("1", "2", PRINT)

MEASURES = {
    "slide": Measures(56, 36, 21, 14, Sizes(22, 13, 15), 3, 2),
    "social": Measures(48, 38, 22, 15, Sizes(24, 16, 16), 2, 1),
    "square": Measures(56, 46, 26, 18, Sizes(30, 17, 20), 4, 3),
    "column": Measures(24, 25, 16, 12.5, Sizes(15, 15, 13), 4, 5),
}

KICKER = 0.85
MOST_KICKER = 5
"""Lines of a campaign's name, which so stands whole up to some 400 letters."""
_START: Anchor = "start"
_END: Anchor = "end"
TITLE_LINE = 1.15
_TITLE_SIZES = (1.0, 0.9, 0.8, 0.7)
"""How large a long title is, as shares of the usual size."""


def find_zoom(size: str, scale: str) -> float:
    """Find the pixels of a picture for each of its size; `scale` is one of `SCALES`."""
    return PRINT_PIXELS / SIZES[size].width if scale == PRINT else float(scale)


class Frame(NamedTuple):
    """The texts of a frame, broken into lines; the tag stands before the kicker, on a ground of its own."""

    tag: str
    kicker: list[str]
    title: list[str]
    title_size: float
    finding: list[str]
    selection: list[str]


LOGO_WIDTH = 0.2
"""The most of a picture's width for the logo."""


def draw_look(canvas: Canvas, look: Look, width: int, measures: Measures) -> float:
    """Draw the publisher's line on top and the logo at the right; return the room that it takes beside the title."""
    if look.accent:
        canvas.rect(0, 0, width, 0.14 * measures.margin, "", fill=look.accent)
    if not look.logo:
        return 0
    high = min(1.7 * measures.title, width * LOGO_WIDTH * LOGO_HEIGHT / look.logo_width)
    wide = high * look.logo_width / LOGO_HEIGHT
    canvas.picture(Box(width - measures.margin - wide, 0.7 * measures.margin, wide, high), look.logo_address)
    return wide + measures.title


def read_head(chart: Chart, measures: Measures, room: float, title: str | None, beside: float = 0) -> Frame:
    """Read the texts above a drawing: that the data is fictional, the campaign, title, finding, summary, selection.

    The presenter's title replaces the chart's. `beside`: the room that the logo takes beside campaign and title.
    """
    selection = " · ".join(chart.pair(name, value) for name, value in chart.caption.selection)
    summary = " ".join([*chart.caption.sentences[1:], selection])
    findings, most = chart.caption.findings, measures.finding
    campaign = clean(str(chart.campaign.get(f"title_{chart.lang}") or ""))
    size, most_selected = measures.summary * KICKER, max(measures.finding - 1, 2)
    title_size, titled = _fit_title(title or chart.title, room - beside, measures.title)
    lines = wrap(summary, room, measures.summary, most_selected)
    if lines[-1].endswith(ELLIPSIS):  # rather without the summary than without the day
        lines = wrap(selection, room, measures.summary, most_selected)
    tag = chart.caption.notes[0] if chart.campaign["is_sample"] else ""
    return Frame(
        tag=tag,
        kicker=wrap(
            campaign, room - beside - (_tag_width(tag, size) + size if tag else 0), size, MOST_KICKER, bold=True
        ),
        title=titled,
        title_size=title_size,
        finding=_fill(findings, room, measures.summary, most) or wrap(findings[0], room, measures.summary, most),
        selection=lines,
    )


def _fit_title(text: str, room: float, size: float) -> tuple[float, list[str]]:
    """Fit a title into two lines, smaller where it would be cut: return its size and its lines."""
    for share in _TITLE_SIZES:
        lines = wrap(text, room, size * share, 2, bold=True)
        if not lines[-1].endswith(ELLIPSIS):
            return size * share, lines
    return size * share, lines


def draw_head(canvas: Canvas, frame: Frame, measures: Measures, colour: str = "") -> float:
    """Write the texts above a drawing, the campaign in the publisher's colour; return where it may begin, in pixels."""
    x, y = measures.margin, measures.margin * 0.8
    kicker = measures.summary * KICKER
    if frame.tag:
        wide = _tag_width(frame.tag, kicker)
        canvas.rect(x, y - 0.15 * kicker, wide, (LINE + 0.3) * kicker, "f-warning", rx=3)
        middle = y + (0.5 * LINE + BASELINE) * kicker
        canvas.text(x + wide / 2, middle, frame.tag, "f-on_warning b", kicker, "middle")
        x += wide + kicker
    if frame.tag or frame.kicker:
        with canvas.group(fill=colour) if colour else nullcontext():
            y = _write(canvas, frame.kicker, (x, y), kicker, "b" if colour else "f-muted b", LINE)
        y += (0.6 if frame.tag else 0.3) * kicker
        x = measures.margin
    y = _write(canvas, frame.title, (x, y), frame.title_size, "f-text b", TITLE_LINE) + 0.2 * measures.title
    y = _write(canvas, frame.finding, (x, y), measures.summary, "f-text", LINE)
    y = _write(canvas, frame.selection, (x, y), measures.summary, "f-muted", LINE)
    return y + 0.7 * measures.summary


def _tag_width(text: str, size: float) -> float:
    return width(text, size, bold=True) + size


def foot_lines(chart: Chart, measures: Measures, room: float, drawn: int, link: str) -> list[str]:
    """Write the texts below a drawing: as many whole notes as have room, then the source, and the link at last.

    The link shares the source's line where both have room; `draw_foot` writes it there.
    """
    size = measures.caption
    first, other_notes = _notes(chart, drawn)
    lines = _fill([*first, *chart.caption.formulas, *other_notes], room, size, measures.notes)
    source = clean(chart.caption.source_line)
    beside = room - (width(link, size) + 2 * size if link else 0)
    if source and width(source, size) <= beside:
        return [*lines, source]
    if source:
        lines += wrap(source, room, size, 2)
    return [*lines, ""] if link else lines


def _fill(sentences: Iterable[str], room: float, size: float, most: int) -> list[str]:
    """Fill sentences into at most so many lines; one that has no room is left out, not cut."""
    text, lines = "", list[str]()
    for sentence in sentences:
        longer = f"{text} {sentence}".strip()
        broken = wrap(longer, room, size, most + 1)
        if len(broken) <= most:
            text, lines = longer, broken
    return lines


def _notes(chart: Chart, drawn: int) -> tuple[list[str], list[str]]:
    """List the notes that come first (what is grey, members that this picture omits), and the other notes."""
    lang = chart.lang
    frame = chart.frame
    if chart.spec.kind in TIMED:
        total = drawn
    else:  # the names of rows of two sides differ
        total = frame["code"].nunique() if chart.sides else len(set(zip(frame["code"], frame["label"], strict=True)))
    sentence = chart.words["first_drawn"]
    of = format_count(total, lang)
    usual = sentence.format(drawn=format_count(MOST_MARKS, lang), all=of)
    notes = [note for note in chart.caption.notes[int(chart.campaign["is_sample"]) :] if note != usual]
    needed = int(chart.wider_total is not None)  # that the data is fictional stands above
    first, other_notes = notes[:needed], notes[needed:]
    if 0 < drawn < total:
        first.append(sentence.format(drawn=format_count(drawn, lang), all=of))
    return first, other_notes


def foot_height(lines: list[str], measures: Measures) -> float:
    """Measure the texts below a drawing, the gap above them and the margin below included."""
    return (len(lines) * LINE + 1.1) * measures.caption + 0.6 * measures.margin


def draw_foot(canvas: Canvas, lines: list[str], measures: Measures, box: Box, link: str) -> None:
    """Write the texts below a drawing, under a fine line; the link at the right, or alone in the last line."""
    size = measures.caption
    canvas.line(box.x, box.y + 0.3 * size, box.right, box.y + 0.3 * size, "s-grid")
    _write(canvas, lines, (box.x, box.y + 0.8 * size), size, "f-muted", LINE)
    if link:
        baseline = box.y + (0.8 + (len(lines) - 0.5) * LINE + BASELINE) * size
        x, anchor = (box.right, _END) if lines[-1] else (box.x, _START)
        canvas.text(x, baseline, shorten(clean(link), box.width, size), "f-muted", size, anchor)


def _write(canvas: Canvas, lines: list[str], corner: tuple[float, float], size: float, role: str, line: float) -> float:
    """Write lines of text below a corner; return the y below them."""
    x, y = corner
    for number, text in enumerate(lines):
        canvas.text(x, y + ((number + 0.5) * line + BASELINE) * size, text, role, size)
    return y + len(lines) * line * size

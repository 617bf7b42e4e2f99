"""A briefing as one HTML file that needs nothing else: no network, no script, no font; it prints on A4.

The pictures stand in the page as SVG, once for a wide and once for a narrow screen; each has its table beside it.
"""

from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from dashboard import theme
from dashboard.charts.svg.draw import draw_svg
from dashboard.files.briefings.blocks import Block, Paragraph, Run
from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.pieces import Piece
from dashboard.formats import clean
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_
from dashboard.languages import write_attributes
from dashboard.measures.definitions import FICTIONAL
from dashboard.snapshot.receipts.carried import write_html_receipt

WIDE, NARROW = 680, 360
LONG_TABLE = 16
"""The number of rows above which a table is folded away."""

_DARK_COLOURS = {"paper": "paper", "text": "text", "muted": "muted", "line": "grid", "accent": "completed"}
_STYLE = Path(__file__).with_name("html.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render_html(briefing: Briefing) -> str:
    """Render a briefing as an HTML page."""
    return "\n".join(_page(briefing)) + "\n"


def _page(briefing: Briefing) -> Iterator[str]:
    logo_source = "; img-src data:" if briefing.look.logo else ""
    yield "<!doctype html>"
    yield f"<html {write_attributes(briefing.lang)}>"
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}{logo_source}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield write_html_receipt(briefing.issue("html"))
    yield f"<title>{escape(briefing.full_title)}</title>"
    yield f"<style>{_style()}{briefing.look.styles}</style>"
    yield "</head>"
    yield "<body>"
    yield from _head(briefing)
    yield "<main>"
    for number, block in enumerate(briefing.blocks, start=1):
        if number > briefing.introduction:
            yield from _block(briefing, block, number)
        tell_progress(number, len(briefing.blocks))
    yield from _meanings(briefing)
    yield "</main>"
    origin = f"{escape(briefing.source)} · {escape(briefing.origin)}"
    yield f"<footer><p>{escape(briefing.campaign)}<br>{origin}</p></footer>"
    yield "</body>"
    yield "</html>"


def _head(briefing: Briefing) -> Iterator[str]:
    t = briefing.t
    yield f"<header>{briefing.look.draw_logo(briefing.lang)}"
    if briefing.is_sample:
        yield f'<p class="banner">{escape(t(FICTIONAL))}</p>'
    kicker = briefing.campaign if briefing.own_title else t(N_("Progress briefing"))
    yield f'<p class="kicker">{escape(kicker)}</p>'
    yield f'<h1 dir="auto">{escape(briefing.title)}</h1>'
    yield f'<p class="selection" dir="auto">{escape(briefing.selection)}</p>'
    for number, block in enumerate(briefing.blocks[: briefing.introduction], start=1):
        yield from _block(briefing, block, number)
    yield from _messages(briefing)
    entries = [(number, block) for number, block in enumerate(briefing.blocks, start=1) if _find_title(block)]
    if len(entries) > 1:
        yield f'<nav aria-labelledby="contents"><h2 id="contents">{escape(t(N_("Contents")))}</h2><ol>'
        for number, block in entries:
            yield f'<li><a href="#{_anchor(number)}" dir="auto">{escape(_find_title(block))}</a></li>'
        yield f'<li class="last"><a href="#definitions">{escape(t(N_("Definitions and sources")))}</a></li></ol></nav>'
    yield "</header>"


def _messages(briefing: Briefing) -> Iterator[str]:
    """Write the findings of the first charts, each with a link to its chart, for readers of nothing else."""
    if not briefing.messages:
        return
    numbers = {_find_title(block): number for number, block in reversed([*enumerate(briefing.blocks, start=1)])}
    yield f'<div class="messages"><h2>{escape(briefing.t(N_("Key messages")))}</h2><ul>'
    for title, finding in briefing.messages:
        way = f'<a href="#{_anchor(numbers[title])}" dir="auto">{escape(title)}</a>'
        yield f'<li>{way}<p dir="auto">{escape(finding)}</p></li>'
    yield "</ul></div>"


def _find_title(block: Block) -> str:
    """Find what the contents call a block; empty for words between the others."""
    if block.kind == "heading":
        return block.text
    return block.piece.title if block.piece and block.kind != "message" else ""


def _block(briefing: Briefing, block: Block, number: int) -> Iterator[str]:
    if block.kind == "break":
        yield '<div class="break"></div>'
    elif block.piece is None:
        yield f'<div class="words" id="{_anchor(number)}">'
        for kind, group in groupby(block.paragraphs, lambda paragraph: paragraph.kind):
            group_tag, tag = _ELEMENTS[kind]
            words = "".join(f'<{tag} dir="auto">{_write_runs(one)}</{tag}>' for one in group)
            yield f"<{group_tag}>{words}</{group_tag}>" if group_tag else words
        yield "</div>"
    elif block.kind == "message":
        title, sentence = briefing.write_message(block)
        yield f'<div class="messages"><p class="title" dir="auto">{escape(title)}</p>'
        yield f'<p dir="auto">{escape(sentence)}</p></div>'
    elif block.kind == "chart":
        yield from _section(briefing, block.piece, number)
    else:
        piece = block.piece
        yield from _begin_section(briefing, piece, number)
        yield from (f"<p>{escape(piece.nothing)}</p>",) if piece.is_empty else _table(briefing, piece, is_open=True)
        yield f'<p class="live">{escape(piece.source)}</p></section>'


_ELEMENTS = {"heading": ("", "h2"), "plain": ("", "p"), "bullet": ("ul", "li"), "number": ("ol", "li")}
"""For each kind of paragraph the element around several of them, and that of each."""


def _write_runs(paragraph: Paragraph) -> str:
    return "".join(_write_run(run) for run in paragraph.runs)


def _write_run(run: Run) -> str:
    text = escape(run.text)
    text = f"<em>{text}</em>" if run.is_emphasised else text
    text = f"<strong>{text}</strong>" if run.is_strong else text
    return f'<a href="{escape(run.link)}">{text}</a>' if run.link else text


def _section(briefing: Briefing, piece: Piece, number: int) -> Iterator[str]:
    t, chart = briefing.t, piece.chart
    yield from _begin_section(briefing, piece, number)
    if chart.total.actions:
        headline = piece.headline
        yield f'<p class="sum"><b>{escape(headline.number)}</b> <span>{escape(headline.name)}</span></p>'
        yield f'<p class="finding">{escape(clean(chart.caption.finding))}</p>'
        yield f'<p class="summary">{escape(chart.caption.summary)}</p>'
    yield "<figure>"
    yield f'<div class="wide">{draw_svg(chart, None, width=WIDE)}</div>'
    yield f'<div class="narrow">{draw_svg(chart, None, width=NARROW)}</div>'
    yield "<figcaption>"
    if chart.caption.notes:
        yield f"<p>{escape(clean(' '.join(chart.caption.notes)))}</p>"
    yield f"<p>{escape(piece.source)}</p>"
    yield "</figcaption></figure>"
    if not piece.is_empty:
        yield from _table(briefing, piece)
    if piece.link:
        yield f'<p class="live"><a href="{escape(piece.link)}">{escape(t(N_("The chart as it is today")))}</a></p>'
    yield "</section>"


def _begin_section(briefing: Briefing, piece: Piece, number: int) -> Iterator[str]:
    name = f"{_anchor(number)}-title"
    yield f'<section id="{_anchor(number)}" aria-labelledby="{name}">'
    yield f'<h2 id="{name}" dir="auto">{escape(piece.title)}</h2>'
    if briefing.place:
        yield f'<p class="selection" dir="auto">{escape(briefing.place)}</p>'


def _table(briefing: Briefing, piece: Piece, *, is_open: bool = False) -> Iterator[str]:
    headings, rows = piece.chart.cells()
    words = escape(briefing.t(N_("The same figures as a table")))
    attribute = " open" if is_open or len(rows) <= LONG_TABLE else ""
    yield f"<details{attribute}><summary>{words}</summary>"
    name = f"{escape(piece.title)} · {words}"  # a name of its own: the section has the title
    yield f'<div class="table" tabindex="0" role="region" aria-label="{name}"><table><thead><tr>'
    yield "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    yield "</tr></thead><tbody>"
    for first, *cells in rows:
        row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f'<tr><th scope="row" dir="auto">{escape(clean(first))}</th>{row}</tr>'
    yield "</tbody></table></div></details>"


def _meanings(briefing: Briefing) -> Iterator[str]:
    t = briefing.t
    yield '<section id="definitions" aria-labelledby="definitions-title">'
    yield f'<h2 id="definitions-title">{escape(t(N_("Definitions and sources")))}</h2><dl>'
    for name, sentence in (*briefing.definitions, *briefing.doubts):
        yield f"<dt>{escape(name)}</dt><dd>{escape(sentence)}</dd>"
    yield f"<dt>{escape(t(N_('Cite as')))}</dt><dd>{escape(briefing.citation)}</dd>"
    if briefing.sources:
        yield f"<dt>{escape(t(N_('Files')))}</dt><dd>{'<br>'.join(escape(file) for file in briefing.sources)}</dd>"
    link = escape(briefing.link)
    live = f'<dt>{escape(t(N_("Live view")))}</dt><dd><a href="{link}">{link}</a></dd>' if link else ""
    yield f"{live}</dl></section>"


def _anchor(number: int) -> str:
    return f"chart-{number}"


def _style() -> str:
    """Return the style sheet with the theme's colours in place of their names."""
    style = _STYLE.read_text(encoding="utf-8")
    colours = {"paper": theme.PAPER, "text": theme.TEXT, "muted": theme.MUTED, "line": theme.GRID}
    colours |= {"accent": theme.COMPLETED, "font": theme.FONT}
    colours |= {f"dark-{name}": theme.DARK[key] for name, key in _DARK_COLOURS.items()}
    for name, colour in colours.items():
        style = style.replace(f"theme({name})", colour)
    return style

"""Briefings and charts as PDF/UA, set by Typst: the content of their pages, and its setting.

The Typst files beside this one get the content as plain data. Tables state the width of each column and
the size of letters, so that no word is cut. Documents use the fonts of pictures, no system clock and
no network.

Typst heads columns of tables, and rows only with a feature that its Python library cannot switch on: the first cells of
each row become headings afterwards, so that a screen reader says them with each cell. Typst is a library of 81 MB
that holds the interpreter while it works: only worker processes and commands load this.
"""

import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pikepdf
import typst
from fontTools.ttLib import TTFont

from dashboard import theme
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.fonts import InstalledFont, find_installed, find_widths, font_files
from dashboard.charts.svg.runs import with_runs
from dashboard.charts.svg.static_fonts import FAMILY, REGULAR
from dashboard.files.briefings.blocks import Block
from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.pieces import SEPARATOR, Piece, pairs_of
from dashboard.files.briefings.table_layout import LONG, lay_out
from dashboard.formats import clean
from dashboard.ground.files.writing import link_or_copy
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_
from dashboard.languages import is_rtl
from dashboard.measures.definitions import FICTIONAL
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.receipts.papers import save, write_pdf_receipt


def head_rows(content: bytes, counts: Sequence[int]) -> bytes:
    """Return the same PDF with the first cells of each table's rows as headings of the row.

    `counts` gives for each table, in the order of reading, the number of cells that name a row.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tables = list(_find(pdf.Root.StructTreeRoot.K, pikepdf.Name.Table))
        for table, count in zip(tables, counts, strict=True):
            for body in _find(table.K, pikepdf.Name.TBody):
                for row in _find(body.K, pikepdf.Name.TR):
                    for cell in list(row.K)[:count]:
                        _head(cell)
        return save(pdf)


def _find(children: pikepdf.Object, role: pikepdf.Name) -> Iterator[pikepdf.Object]:
    """Find the elements of a role below an element, none inside another."""
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if not isinstance(child, pikepdf.Dictionary) or "/S" not in child:
            continue
        if role == child.S:
            yield child
        elif "/K" in child:
            yield from _find(child.K, role)


def _head(cell: pikepdf.Object) -> None:
    cell.S = pikepdf.Name.TH
    for attributes in cell.A:
        if pikepdf.Name.Table == attributes.O:
            attributes.Scope = pikepdf.Name.Row


STANDARD: Final = "ua-1"
MISSING = "\N{WHITE SQUARE}"
"""The replacement of a letter that no font has: a file for reading aloud may not hold letters that nobody sees."""

_FOLDER = Path(__file__).parent
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_LEFT_OUT: dict[int, str | None] = dict.fromkeys((0xFEFF, *range(0x202A, 0x202F)))
"""A sign that PDF/UA forbids, and those that turn the following text around: texts are ordered by their letters."""
_KANA = re.compile("[\u3040-\u30ff]")


def typeset(template: str, values: Mapping[str, Any], made_at: datetime) -> bytes:
    """Set a document as tagged PDF; the same values give the same bytes.

    Args:
        template: The name of a Typst file of this folder.
        values: Its content, JSON-able; texts are set as they are, never read as markup. Pictures are SVG.
        made_at: The time of the data's build: the day of the file.

    Raises:
        typst.TypstError: the template cannot be set, or not as PDF/UA.
    """
    options = {"pdf_standards": [STANDARD], "timestamp": int(made_at.timestamp())}
    content, tables = _set(template, values, **options)
    return head_rows(content, [table["headed"] for table in sorted(tables, key=itemgetter("is-late")) if table["rows"]])


def _set(template: str, values: Mapping[str, Any], **options: Any) -> tuple[Any, list[Any]]:
    """Set a document; return what Typst makes of it by its options, and the tables that are on it."""
    json_text = json.dumps(values, ensure_ascii=False)
    letters, unwritable = _find_fonts(set(json_text))
    paper = _say(values, dict.fromkeys(map(ord, unwritable), MISSING) | _LEFT_OUT)
    needed = {file: None for font, codes in letters for file in _list_files(font, codes)}
    pictures = [_cut(chart["picture"], needed) for chart in paper["charts"]]
    paper["charts"] = [chart | {"picture": picture} for chart, picture in zip(paper["charts"], pictures, strict=True)]
    paper["fonts"] = [FAMILY, *dict.fromkeys(font.family for font, _ in letters)]
    with tempfile.TemporaryDirectory(prefix="fonts-") as folder:
        for number, file in enumerate([*map(str, font_files()), *needed]):
            link_or_copy(Path(file), Path(folder, f"{number}-{Path(file).name}"))
        content = typst.compile(
            _FOLDER / template,
            root=_FOLDER,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]),
            sys_inputs={"paper": json.dumps(paper)},
            **options,
        )
    return content, [chart["table"] for chart in paper["charts"]]


def _cut(picture: str, files: dict[str, None]) -> str:
    """Cut a picture's foreign lines into runs, as resvg needs it (Typst draws by it too); note their fonts."""
    cut, needed = with_runs(picture) if picture else (picture, ())
    files.update(dict.fromkeys(needed))
    return cut


def _find_fonts(letters: set[str]) -> tuple[list[tuple[InstalledFont, set[int]]], list[str]]:
    """Find the machine's fonts with the letters that the own font lacks, and the letters that none has."""
    glyphs = find_widths(REGULAR)
    foreign = sorted(letter for letter in letters if ord(letter) not in glyphs and not _INVISIBLE.match(letter))
    is_japanese = any(map(_KANA.match, foreign))
    font_by_letter = {
        letter: find_installed(ord(letter), is_japanese=is_japanese) for letter in foreign if letter >= " "
    }
    fonts: dict[str, tuple[InstalledFont, set[int]]] = {}
    for letter, font in font_by_letter.items():
        if font is not None:
            fonts.setdefault(font.file, (font, set()))[1].add(ord(letter))
    return list(fonts.values()), [letter for letter, font in font_by_letter.items() if font is None]


def _list_files(font: InstalledFont, letters: set[int]) -> list[str]:
    """List the files of a font; that of its bold letters only if it has all of them, else they are not bold."""
    if font.bold == font.file:
        return [font.file]
    with TTFont(font.bold, fontNumber=font.face, lazy=True) as bold:
        return [font.file, font.bold] if letters <= set(bold.getBestCmap() or ()) else [font.file]


def _say(value: Any, unwritable: Mapping[int, str | None]) -> Any:
    """Return values with a sign in place of letters that cannot be written."""
    if isinstance(value, str):
        return value.translate(unwritable)
    if isinstance(value, Mapping):
        return {name: _say(one, unwritable) for name, one in value.items()}
    return [_say(one, unwritable) for one in value] if isinstance(value, list) else value


WIDTH = 680
"""The width of pictures, in CSS pixels: as wide as the text, their letters are as large as those of tables."""


def write_paper(briefing: Briefing, target: Path) -> None:
    """Write a briefing as PDF: cover, key messages, a chart a page with its figures, definitions and sources.

    The same content gives the same bytes.
    """
    content = typeset("briefing.typ", _describe_whole(briefing), briefing.made_at)
    target.write_bytes(write_pdf_receipt(content, briefing.issue("pdf")))
    tell_progress(1, 1)


def draw_paper(briefing: Briefing) -> list[bytes]:
    """Draw the pages of a briefing's PDF as PNG."""
    pages, _ = _set("briefing.typ", _describe_whole(briefing), format="png", ppi=96)
    return list(pages)


def _describe_whole(briefing: Briefing) -> dict[str, Any]:
    """Return the content of a briefing's paper, which begins with a cover."""
    t = briefing.t
    front = {
        "kicker": briefing.campaign if briefing.own_title else t(N_("Progress briefing")),
        "title": briefing.title,
        "name": briefing.full_title,
        "cover": [*_pairs(briefing.pieces[0]), briefing.source, briefing.origin],
        "messages": [{"title": title, "finding": finding} for title, finding in briefing.messages],
    }
    return _describe(briefing) | front


def write_chart_paper(briefing: Briefing, target: Path) -> None:
    """Write the one chart of a briefing as PDF, without a cover; else as `write_paper`."""
    piece = briefing.pieces[0]
    front = {"kicker": briefing.campaign, "title": piece.title, "name": piece.full_title}
    content = typeset("chart.typ", _describe(briefing) | front, briefing.made_at)
    target.write_bytes(write_pdf_receipt(content, briefing.issue_chart(piece, "pdf")))


def _describe(briefing: Briefing) -> dict[str, Any]:
    """Return the content of every paper. `keywords` are file properties, for programs that look for its origin."""
    t, look = briefing.t, briefing.look
    made_at = briefing.made_at
    return {
        "lang": briefing.lang,
        "is-rtl": is_rtl(briefing.lang),
        "made": [made_at.year, made_at.month, made_at.day],
        "author": attribute(briefing.pieces[0].chart.campaign, briefing.lang).author,
        "description": briefing.selection,
        "keywords": [briefing.build_id],
        "banner": t(FICTIONAL) if briefing.is_sample else "",
        "selection": briefing.selection,
        "place": briefing.place,
        "introduction": briefing.introduction,
        "blocks": [_describe_block(briefing, block) for block in briefing.blocks],
        "charts": list(_describe_charts(briefing)),
        "definitions": [list(pair) for pair in (*briefing.definitions, *briefing.doubts)],
        "sources": briefing.sources,
        "citation": briefing.citation,
        "link": briefing.link,
        "foot": SEPARATOR.join(filter(None, [briefing.campaign, briefing.place, briefing.as_of])),
        "words": {
            "page": t(N_("Page {n} of {total}"), n="{page}", total="{pages}"),
            "figures": t(N_("The same figures as a table")),
            "definitions": t(N_("Definitions and sources")),
            "files": t(N_("Files")),
            "citation": t(N_("Cite as")),
            "snapshot": briefing.origin,
            "live": t(N_("Live view")),
            "chart": t(N_("The chart as it is today")),
            "figures-on-page": t(N_("The same figures as a table: page {n}"), n="{page}"),
            "long-tables": t(N_("Long tables")),
            "contents": t(N_("Contents")),
            "messages": t(N_("Key messages")),
        },
        "colours": {
            "text": theme.TEXT,
            "muted": theme.MUTED,
            "line": theme.GRID,
            "accent": theme.COMPLETED,
            "brand": look.colour or theme.COMPLETED,
            "line-on-top": look.accent,
            "warning": theme.WARNING,
        },
        "logo": list(look.logo),
    }


def _describe_block(briefing: Briefing, block: Block) -> dict[str, Any]:
    """Describe one block by its words; those with a place for a chart take the next one of `charts`."""
    title, text = briefing.write_message(block) if block.kind == "message" else ("", block.text)
    paragraphs = [
        {"kind": paragraph.kind, "runs": [run._asdict() for run in paragraph.runs]} for paragraph in block.paragraphs
    ]
    return {"kind": block.kind, "title": title, "text": text, "paragraphs": paragraphs}


def _describe_charts(briefing: Briefing) -> Iterator[dict[str, Any]]:
    blocks = [block for block in briefing.blocks if block.kind in ("chart", "table")]
    for number, block in enumerate(blocks, start=1):
        if block.piece is not None:
            is_table = block.kind == "table"
            described = _describe_piece(block.piece, may_be_late=len(blocks) > 1 and not is_table)
            yield described | {"picture": ""} if is_table else described
        tell_progress(number, len(blocks) + 1)


def _describe_piece(piece: Piece, *, may_be_late: bool) -> dict[str, Any]:
    chart = piece.chart
    headings, rows = ([], []) if piece.is_empty else chart.cells()
    headline = piece.headline if chart.total.actions and chart.spec.kind != "answers" else None
    return {
        "title": piece.title,
        "sum": {"number": headline.number, "name": headline.name} if headline else None,
        "sentences": [clean(sentence) for sentence in chart.caption.sentences] if chart.total.actions else [],
        "picture": "" if piece.is_empty else draw_svg(chart, None, width=WIDTH),
        "alt": clean(chart.alt),
        "nothing": piece.nothing if piece.is_empty else "",
        "notes": clean(" ".join(chart.caption.notes)),
        "source": piece.source,
        "link": piece.link,
        "table": lay_out(headings, rows, is_late=len(rows) > LONG and may_be_late),
    }


def _pairs(piece: Piece) -> list[str]:
    """Return the filters in force, and the day."""
    return pairs_of(piece.chart, piece.chart.caption.selection)

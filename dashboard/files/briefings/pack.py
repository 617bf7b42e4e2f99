"""The worker of briefings: decks, documents, papers, pages, a chart's slide, paper or workbook, all in a ZIP.

Run as a module it is a worker's job (see `dashboard.ground.processes.runner`): the server never loads the writing
libraries. The writer of a format is imported where it is needed, so that a document does not wait for PowerPoint's
library.
"""

import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard.charts.csv import write_csv
from dashboard.charts.options import Options
from dashboard.files.briefings.content import Briefing, compose
from dashboard.files.briefings.order import BriefingRequest, Item, find_templates
from dashboard.files.briefings.pieces import pairs_of
from dashboard.files.extracts.rows import read_selection
from dashboard.ground.processes.child import answer
from dashboard.ground.processes.progress import stage, tell_progress
from dashboard.i18n import N_, Translator
from dashboard.measures.definitions import FICTIONAL
from dashboard.snapshot.database import Snapshot, open_build
from dashboard.snapshot.receipts.carried import hash_picture, write_png_receipt, write_png_words, write_svg_receipt

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_STORED = (".png", ".pptx", ".docx", ".xlsx", ".pdf")


def write_request(
    snapshot: Snapshot,
    request: BriefingRequest,
    file_format: str,
    target: Path,
    base_url: str,
    templates: Mapping[str, Path],
) -> Briefing:
    """Write a briefing or the file of one chart to `target`; return what it holds.

    Decks and documents have the design of the templates `pptx` and `docx`, and the program's own where there is none.

    Raises:
        SelectionError: as `BriefingRequest.check`.
        UserError: the template cannot be read.
    """
    request.check(file_format)
    with stage(0, 1, 4):
        briefing = compose(
            snapshot, request.selection, request.items, base_url, request.title, has_notes=request.has_notes
        )
    with stage(1, 4, 4):
        write_briefing(
            snapshot, briefing, file_format, target, templates, size=request.size, is_single=request.is_single
        )
    return briefing


def write_briefing(
    snapshot: Snapshot,
    briefing: Briefing,
    file_format: str,
    target: Path,
    templates: Mapping[str, Path],
    *,
    size: str = "slide",
    is_single: bool = False,
) -> None:
    """Write a briefing in one of its formats; arguments and errors as of `write_request`."""
    if file_format == "pptx":
        from dashboard.files.briefings.slides.deck import write_chart_slide, write_deck

        (write_chart_slide if is_single else write_deck)(briefing, target, templates["pptx"])
    elif file_format == "docx":
        from dashboard.files.briefings.word.word_document import write_document

        write_document(briefing, target, templates["docx"])
    elif file_format == "pdf":
        from dashboard.files.briefings.paper.document import write_chart_paper, write_paper

        (write_chart_paper if is_single else write_paper)(briefing, target)
    elif file_format == "html":
        from dashboard.files.briefings.html import render_html

        target.write_text(render_html(briefing), encoding="utf-8")
    elif file_format == "xlsx":
        from dashboard.files.briefings.excel import write_chart_workbook

        write_chart_workbook(snapshot, briefing, target, is_single=is_single)
    else:
        _write_all(snapshot, briefing, target, templates, size)


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """Do a worker's job from `dashboard.files.briefings.order`: write a briefing, its pages, or a chart's file.

    Errors as of `write_request`, `open_build` and `read_selection`.
    """
    snapshot = open_build(arguments)
    charts = tuple(Item(**one | {"options": Options(**one["options"])}) for one in arguments["charts"])
    words = {name: arguments[name] for name in ("title", "size", "is_single", "has_notes")}
    request = BriefingRequest(charts, read_selection(arguments, snapshot), **words)
    templates = find_templates(Path(arguments["campaign"]))
    target, file_format, base_url = Path(arguments["to"]), arguments["format"], arguments["base_url"]
    if arguments["is_preview"]:
        from dashboard.files.briefings.previews.briefing_pages import write_pages

        briefing = compose(
            snapshot, request.selection, request.items, base_url, request.title, has_notes=request.has_notes
        )
        write_pages(briefing, file_format, target, templates.get(file_format))
    else:
        write_request(snapshot, request, file_format, target, base_url, templates)
    return {"charts": len(charts)}


def _write_all(snapshot: Snapshot, briefing: Briefing, target: Path, templates: Mapping[str, Path], size: str) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _parts(snapshot, briefing, target, templates, size):
            made_at = max(briefing.made_at.timetuple()[:6], _EARLIEST)
            entry = zipfile.ZipInfo(name, made_at)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
        archive.comment = briefing.issue("zip", size=size).write().encode()


def _parts(
    snapshot: Snapshot, briefing: Briefing, target: Path, templates: Mapping[str, Path], size: str
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the ZIP, one after the other: name and content."""
    from dashboard.charts.svg.draw import draw_svg
    from dashboard.charts.svg.outlines import with_outlines
    from dashboard.charts.svg.png import render_png, with_density
    from dashboard.charts.svg.surround import PRINT, find_zoom
    from dashboard.files.briefings.excel import write_chart_workbook
    from dashboard.files.briefings.html import render_html
    from dashboard.files.briefings.paper.document import write_paper
    from dashboard.files.briefings.slides.deck import write_deck
    from dashboard.files.briefings.word.word_document import write_document

    yield "README.txt", ("\ufeff" + "\r\n".join(_readme(briefing)) + "\r\n").encode()
    scratch = target.with_name(f"{target.name}.part")
    try:
        with stage(0, 2, 7):
            write_deck(briefing, scratch, templates["pptx"])
        yield "briefing.pptx", scratch.read_bytes()
        with stage(2, 3, 7):
            write_document(briefing, scratch, templates["docx"])
        yield "briefing.docx", scratch.read_bytes()
        with stage(3, 4, 7):
            yield "briefing.html", render_html(briefing).encode()
        with stage(4, 5, 7):
            write_paper(briefing, scratch)
        yield "briefing.pdf", scratch.read_bytes()
        write_chart_workbook(snapshot, briefing, scratch)
        yield "data.xlsx", scratch.read_bytes()
    finally:
        scratch.unlink(missing_ok=True)
    for number, (chart_name, piece) in enumerate(zip(briefing.names, briefing.pieces, strict=True), start=1):
        name = f"charts/{chart_name}"
        svg = draw_svg(piece.chart, size, title=piece.own_title or None, link=piece.link)
        outlined = with_outlines(svg)
        yield f"{name}.svg", write_svg_receipt(outlined, briefing.issue_chart(piece, "svg", size=size)).encode()
        png = with_density(render_png(svg, find_zoom(size, PRINT)), PRINT)
        receipt = briefing.issue_chart(piece, "png", size=size, scale=PRINT)
        png = write_png_words(png, piece.full_title, piece.chart.alt)
        yield f"{name}.png", write_png_receipt(png, replace(receipt, picture=hash_picture(png)))
        yield f"{name}.csv", write_csv(piece.chart)
        with stage(5, 7, 7):
            tell_progress(number, len(briefing.pieces))


_FILES = {
    "briefing.pptx": N_("every chart on a slide, editable in PowerPoint; sources in the notes"),
    "briefing.docx": N_("the same with every table, to go on writing in Word"),
    "briefing.pdf": N_("the same to print and send, with every table; accessible to screen readers"),
    "briefing.html": N_("the same to read and print; works offline"),
    "data.xlsx": N_("the values of every chart, a sheet each"),
    "charts/": N_("each chart as a picture (SVG, PNG) and its values as CSV"),
}


def _readme(briefing: Briefing) -> Iterator[str]:
    """Write the text that a person reads first, in the reader's language."""
    t = briefing.t
    yield briefing.full_title
    if briefing.is_sample:
        yield t(FICTIONAL)
    yield ""
    yield t(N_("Filters in force"))
    yield from (f"  {line}" for line in pairs_of(briefing.pieces[0].chart, briefing.pieces[0].chart.caption.selection))
    yield ""
    yield t(N_("Files"))
    yield from (_pair(t, name, t(meaning)) for name, meaning in _FILES.items())
    yield ""
    yield t(N_("Charts"))
    yield from (
        _pair(t, chart_name, f"{piece.title}. {' '.join(piece.messages)}")
        for chart_name, piece in zip(briefing.names, briefing.pieces, strict=True)
    )
    yield ""
    yield t(N_("Where it comes from"))
    yield f"  {briefing.source}"
    yield f"  {briefing.origin}"
    yield _pair(t, t(N_("Cite as")), briefing.citation)
    yield from (f"  {file}" for file in briefing.sources)
    yield from (f"  {link}" for link in (briefing.link,) if link)


def _pair(t: Translator, name: str, value: str) -> str:
    return f"  {t(N_('{name}: {value}'), name=name, value=value)}"


if __name__ == "__main__":
    sys.exit(answer(answer_job))

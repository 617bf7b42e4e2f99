"""The pages of a briefing's file as pictures: the finished file, read again and drawn."""

import io
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from docx import Document
from PIL import Image
from pptx import Presentation

from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.paper.document import draw_paper
from dashboard.files.briefings.previews.document_pages import read_document
from dashboard.files.briefings.previews.slide_pages import read_slides
from dashboard.files.briefings.slides.deck import write_deck
from dashboard.files.briefings.slides.templates import title_of
from dashboard.files.briefings.word.word_document import write_document
from dashboard.formats import clean
from dashboard.ground.processes.progress import stage, tell_progress

MOST_PAGES = 60
_COLOURS = 128
"""The colours of a picture: letters and charts need no more, and it is half as large."""


def write_pages(briefing: Briefing, file_format: str, target: Path, template: Path | None) -> None:
    """Write the first pages of a briefing's file as JSON: picture (PNG as base64), title, overfull texts of each.

    Raises:
        UserError: the template cannot be read.
    """
    titles: dict[int, str] = {}
    overfull: list[dict[str, Any]] = []
    with stage(0, 1, 2):
        if file_format == "pdf":
            pictures = draw_paper(briefing)
        else:
            charts = {clean(piece.chart.alt): piece.chart for piece in briefing.pieces}
            if file_format == "pptx":
                write_deck(briefing, target, template)
                deck = Presentation(str(target))
                titles = {
                    number: title.text_frame.text
                    for number, slide in enumerate(deck.slides)
                    if (title := title_of(slide)) is not None
                }
                drawing = read_slides(deck, charts)
            else:
                write_document(briefing, target, template)
                drawing = read_document(Document(str(target)), charts)
            pictures, overfull = drawing.set_pages("png")
    pages = []
    for number, picture in enumerate(pictures[:MOST_PAGES]):
        words = [one["words"] for one in overfull if one["page"] == number]
        content = b64encode(_shrink(picture)).decode()
        pages.append({"picture": content, "title": titles.get(number, ""), "overfull": words})
        with stage(1, 2, 2):
            tell_progress(number + 1, len(pictures))
    target.write_text(json.dumps({"pages": pages, "count": len(pictures)}), encoding="utf-8")


def _shrink(picture: bytes) -> bytes:
    target = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(target, "PNG")
    return target.getvalue()

"""A worker's job: a template cleaned and judged; what was taken out, what it lacks, a drawing of how it is used.

Nothing is refused for what it lacks: the program's own takes its place, and staff are told before they publish.
"""

import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn

from dashboard.errors import Sentence, pack, sentence
from dashboard.files.briefings.design.word_template import STYLES, TAGS, DocumentTemplate, read_document
from dashboard.files.briefings.office_cleaning import REMOVED, clean_package
from dashboard.files.briefings.previews import document_pages
from dashboard.files.briefings.previews.slide_pages import draw_slides
from dashboard.files.briefings.slides.deck import write_title
from dashboard.files.briefings.slides.grounds import ground_under, scheme_colour
from dashboard.files.briefings.slides.templates import Template, find, open_template
from dashboard.files.briefings.slides.texts import Area, Line, add_box, find_look
from dashboard.ground.processes.child import answer, limit_memory
from dashboard.i18n import N_, Translator, translator
from dashboard.theme import PAPER, contrast

LEAST_RATIO = 4.5
LEAST_ROOM = 0.45
"""The least height of a chart, as a share of the slide's."""
_COMMON = {
    "aptos", "aptos display", "arial", "arial narrow", "arial black", "book antiqua", "calibri", "calibri light",
    "cambria", "candara", "century gothic", "comic sans ms", "consolas", "constantia", "corbel", "courier new",
    "franklin gothic book", "franklin gothic medium", "garamond", "georgia", "gill sans mt", "impact",
    "palatino linotype", "segoe ui", "symbol", "tahoma", "times new roman", "trebuchet ms", "verdana", "wingdings",
}  # fmt: skip
"""The typefaces that come with Office or Windows."""
_A, _P = qn("a:x")[:-1], qn("p:x")[:-1]
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


def check_template(arguments: dict[str, Any]) -> dict[str, Any]:
    """Clean and judge the file `path`; write the clean one.

    The report has its `kind` (`pptx`, `docx`), what was `removed` and what is `lacking` as sentences, and `previews`
    as SVG in the language `lang`.

    Raises:
        UserError: it cannot be taken; the reason says why.
    """
    limit_memory()
    cleaned, t = clean_package(Path(arguments["path"]).read_bytes()), translator(arguments["lang"])
    target = Path(arguments["to"])
    target.write_bytes(cleaned.content)
    if cleaned.kind == "pptx":
        template = open_template(target)
        lacking, previews = [*_judge_deck(template)], _draw_deck(t, template)
    else:
        document = read_document(cleaned.content)
        lacking, previews = [*_judge_document(document)], _draw_document(document)
    if missing := sorted(_list_fonts(cleaned.content)):
        what = N_("Not on every computer: {fonts}. Where one is missing, another typeface takes its place.")
        lacking.append(sentence(what, fonts=", ".join(missing)))
    removed = [sentence(REMOVED[what]) for what in REMOVED if cleaned.removed[what]]
    return {
        "kind": cleaned.kind,
        "removed": [pack(one) for one in removed],
        "lacking": [pack(one) for one in lacking],
        "previews": previews,
    }


def _judge_deck(template: Template) -> Iterator[Sentence]:
    """Say what a deck's template lacks for the slides of a briefing."""
    layouts = [layout for master in template.deck.slide_masters for layout in master.slide_layouts]
    if find(template.plain.placeholders, *_TITLES) is None:
        yield sentence(N_("No layout has a place for a title: titles stand in boxes of their own."))
    if template.front is template.plain:
        yield sentence(N_("There is no layout for a title slide: it looks like the other slides."))
    if not any(find(one.placeholders, PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT) for one in layouts):
        yield sentence(N_("No layout has a place for text: key messages stand in boxes of their own."))
    area = template.area()
    if area.height < LEAST_ROOM * template.deck.slide_height:
        share = round(100 * area.height / template.deck.slide_height)
        yield sentence(N_("The layout for charts leaves a chart {n} % of the slide’s height."), n=share)
    master, ground = template.plain.slide_master, ground_under(template.plain, area, template.whole)
    if not ground.is_even:
        yield sentence(N_("Pictures or shapes stand where charts go: a plain plate is laid between them."))
    else:
        inks = [scheme_colour(master, name) for name in ("tx1", "bg1")]
        yield from _judge_contrast(N_("Text"), max(inks, key=lambda ink: contrast(ink, ground.colour)), ground.colour)
    title = find(template.plain.placeholders, *_TITLES)
    if title is not None:
        place = Area(title.left, title.top, title.width, title.height)
        behind = ground_under(template.plain, place, template.whole)
        if behind.is_even:
            yield from _judge_contrast(N_("Titles"), _find_title_colour(template.plain, title), behind.colour)


def _find_title_colour(layout: Any, title: Any) -> str:
    """Find the colour of a layout's title: its own, its sample's, its master's."""
    master = layout.slide_master
    styles = [title.element.find(f".//{_A}lstStyle"), find_look(title, layout)]
    styles.append(master._element.find(f".//{_P}titleStyle"))
    for style in styles:
        fill = None if style is None else style.find(f".//{_A}solidFill")
        if fill is not None and len(fill):
            value = str(fill[0].get("val"))
            return f"#{value}" if fill[0].tag == f"{_A}srgbClr" else scheme_colour(master, value)
    return scheme_colour(master, "tx1")


def _judge_contrast(what: str, ink: str, ground: str) -> Iterator[Sentence]:
    ratio = contrast(ink, ground)
    if ratio < LEAST_RATIO:
        words = N_("{what}: {ink} on {ground} has a contrast of {ratio} : 1; texts need 4.5 : 1.")
        yield sentence(words, what=sentence(what), ink=ink, ground=ground, ratio=round(ratio, 1))


def _judge_document(template: DocumentTemplate) -> Iterator[Sentence]:
    """Say what a document's template lacks for the texts of a briefing."""
    if missing := [tag for tag in TAGS if not template.find(tag)]:
        what = N_("No content control has the tag {tags}: what goes there stands as in a document without a template.")
        yield sentence(what, tags=", ".join(missing))
    if template.missing_styles:
        what = N_("These styles are missing, and look as in Word’s own document: {styles}.")
        yield sentence(what, styles=", ".join(template.missing_styles))
    for name in ("Normal", *STYLES):
        if name in template.document.styles and (ink := _find_ink(template, name)):
            yield from _judge_contrast(name, ink, _find_paper(template))


def _find_ink(template: DocumentTemplate, name: str) -> str:
    """Find a style's own colour; empty where it has the usual one."""
    colour = template.document.styles[name].element.find(f".//{_W}color")
    value = "" if colour is None else str(colour.get(f"{_W}val"))
    return f"#{value.upper()}" if len(value) == 6 else ""


def _find_paper(template: DocumentTemplate) -> str:
    background = template.document.element.find(f"{_W}background")
    value = "" if background is None else str(background.get(f"{_W}color"))
    return f"#{value.upper()}" if len(value) == 6 and value != "FFFFFF" else PAPER


def _list_fonts(content: bytes) -> set[str]:
    """List the typefaces of a cleaned template that neither come with Office nor with the file."""
    fonts, embedded = set[str](), set[str]()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if not name.endswith(".xml"):
                continue
            for element in etree.fromstring(package.read(name)).iter(etree.Element):
                face = element.get("typeface", "") if element.tag == f"{_A}latin" else element.get(f"{_W}ascii", "")
                if element.tag == f"{_P}embeddedFont" or element.find(f"{_W}embedRegular") is not None:
                    embedded.update(str(one.get("typeface") or one.get(f"{_W}name")) for one in (element, *element))
                elif face and not face.startswith("+"):
                    fonts.add(face)
    return {font for font in fonts - embedded if font.lower() not in _COMMON}


def _draw_deck(t: Translator, template: Template) -> list[str]:
    """Draw a slide of each layout in use: their titles, and where subtitles, charts and words stand."""
    slides = (
        (template.front, N_("Title"), N_("Subtitle")),
        (template.section, N_("Heading"), N_("Subtitle")),
        (template.body, N_("Title"), N_("Text")),
        (template.plain, N_("Title"), N_("Chart")),
    )
    for layout, title, words in slides:
        slide = template.add_slide(layout, has_words=layout is template.body)
        write_title(template, slide, t(title))
        for box in slide.placeholders:
            if box.placeholder_format.type not in _TITLES:
                box.text_frame.text = t(words)
        if layout is template.plain:
            chart = add_box(slide, template.area(), Line(t(words), 24, is_muted=True), anchor=MSO_ANCHOR.MIDDLE)
            chart.line.color.theme_color = MSO_THEME_COLOR.TEXT_2
    return draw_slides(template.deck)


def _draw_document(template: DocumentTemplate) -> list[str]:
    """Draw the first page of a document, with a line in each style."""
    for name in STYLES:
        template.document.add_paragraph(name, style=name)
    template.place_body()
    pages, _ = document_pages.read_document(template.document, {}).set_pages("svg")
    return [page.decode() for page in pages[:1]]


if __name__ == "__main__":
    sys.exit(answer(check_template))

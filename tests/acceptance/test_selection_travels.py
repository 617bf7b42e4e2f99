"""Whatever leaves with a selection says so: no reader takes the figures of a part for those of all.

Each form is asked for one region and one theme. The words of both stand in each title, alternative text, citation,
preview and note by itself, since each may be all that a reader gets of it.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import openpyxl
import pytest
from docx import Document
from lxml import etree, html
from PIL import Image
from pptx import Presentation
from starlette.applications import Starlette

from dashboard.files.briefings.order import BriefingRequest, submit_briefing
from dashboard.ground import page_addresses
from dashboard.i18n import translator
from dashboard.mail.digest import Period, gather
from dashboard.mail.subscribers import Wish
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing.model import make_model
from dashboard.web import first_page
from dashboard.web.charts.oembed import PAGE_CHARTS
from tests.charts_over_http import BASE, BROWSER, answer_alone, ask, make_site
from tests.papers import Paper

CHARTS = ("completion-by-theme", "completion-map")
"""A chart that programs draw themselves, and one that is a picture there."""

Texts = Iterator[tuple[str, str]]
"""What a form has to say, each with where it stands."""


@pytest.mark.nightly
@pytest.mark.usefixtures("workers_here")
def test_each_form_names_the_region_and_the_theme(
    campaign_folder: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    selection = Selection(("africa",), themes=("education",), lang=lang)
    monkeypatch.setattr(first_page, "MOST_SECONDS", 60)
    site = make_site(campaign_folder, monkeypatch)
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign_folder), "DASHBOARD_BASE_URL": BASE})
    africa, education = (
        snapshot.codes[codelist][code].labels[lang]
        for codelist, code in (("regions", "africa"), ("themes", "education"))
    )
    with answer_alone(monkeypatch):
        texts = list(read_pages(site, f"region=africa&theme=education&lang={lang}"))
    texts += [*read_files(snapshot, selection, settings), *read_words(snapshot, selection, settings)]
    assert len(texts) > 100
    assert [(place, text) for place, text in texts if africa not in text or education not in text] == []


def read_pages(site: Starlette, query: str) -> Texts:
    """Read what the server answers: charts in each form, frames, previews of pages, feeds, descriptions of files."""
    chart = f"/charts/{CHARTS[0]}"
    for path in (f"{chart}?{query}", f"{chart}/interactive?{query}", f"/show?{query}", f"/charts?{query}"):
        yield from read_head(path, ask(site, path, accept=BROWSER).text)
    page = html.fromstring(ask(site, f"{chart}?{query}").text)
    yield "heading of a chart's page", page.xpath("string(//h1)")
    yield "citation of a chart's page", page.xpath("string(//details[last()]/p)")
    described = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    yield from ((f"JSON-LD {name}", described[name]) for name in ("name", "description", "creditText"))
    for svg in html.fromstring(ask(site, f"/show?{query}").text).xpath("//*[local-name()='svg']"):
        yield from read_svg("show", svg)
    yield from (("show", name) for name in html.fromstring(ask(site, f"/show?{query}").text).xpath("//@aria-label")[:4])
    for chart_id in CHARTS:
        yield from read_svg("svg", etree.fromstring(ask(site, f"/charts/{chart_id}.svg?{query}").content))
    words = Image.open(io.BytesIO(ask(site, f"{chart}.png?{query}").content)).info
    yield from ((f"png {name}", words[name]) for name in ("Title", "Description"))
    facts = ask(site, f"{chart}.metadata.json?{query}").json()
    yield from ((f"metadata {name}", facts[name]) for name in ("full_title", "description", "citation", "key_message"))
    framed = ask(site, f"/oembed?url={BASE}{chart}?{query.replace('&', '%26')}").json()
    yield from ((f"oEmbed {name}", framed[name]) for name in ("title", "description"))
    yield "title of the frame", html.fragment_fromstring(framed["html"]).xpath("string(//iframe/@title)")
    for page_id in PAGE_CHARTS.keys() - {"country", "compare"}:
        yield from read_head(page_id, ask(site, page_addresses.write("", page_id, parse_qsl(query))).text)
    yield "Atom", etree.fromstring(ask(site, f"/latest.atom?{query}").content).findtext("{*}title") or ""
    yield "JSON Feed", ask(site, f"/latest.json?{query}").json()["title"]
    package = ask(site, f"/extracts/datapackage.json?{query}").json()
    yield from ((f"data package {name}", package[name]) for name in ("title", "description", "citation"))
    extract = io.BytesIO(ask(site, f"/extracts/actions.xlsx?{query}").content)
    yield "head of the extract", openpyxl.load_workbook(extract).worksheets[0].oddHeader.left.text
    yield from read_drawings("extract", extract)


def read_head(place: str, text: str) -> Texts:
    """Read the title of a page and what other sites show of it."""
    page = html.fromstring(text)
    yield f"{place} title", page.findtext(".//title") or ""
    tags = {one.get("property") or one.get("name"): one.get("content") for one in page.xpath("//meta[@content]")}
    names = ("og:title", "og:description", "og:image:alt", "twitter:title", "twitter:description", "description")
    yield from ((f"{place} {name}", tags[name]) for name in names if name in tags)


def read_svg(place: str, svg: Any) -> Texts:
    """Read the title and the description of a picture."""
    yield from ((f"{place} {name}", svg.findtext(f"{{*}}{name}")) for name in ("title", "desc"))


def read_files(snapshot: Snapshot, selection: Selection, settings: Settings) -> Texts:
    """Read a briefing in each form, as programs and screen readers do."""
    request = BriefingRequest(CHARTS, selection)
    made = {
        form: io.BytesIO(submit_briefing(snapshot, request, form, settings).result().content)
        for form in ("pptx", "docx", "pdf", "html", "xlsx")
    }
    deck = Presentation(made["pptx"])
    yield "deck title", deck.core_properties.title
    drawn = [one for slide in deck.slides for one in slide.element.iter("{*}cNvPr") if one.get("descr")]
    yield from ((f"deck {name}", one.get(name, "")) for one in drawn for name in ("name", "title", "descr"))
    yield from (("notes", slide.notes_slide.notes_text_frame.text) for slide in deck.slides if slide.has_notes_slide)
    yield from (("slide", " ".join(slide.element.itertext())) for slide in deck.slides)
    document = Document(made["docx"])
    yield "document title", document.core_properties.title
    pictures = list(document.element.iter("{*}docPr"))
    yield from ((f"document {name}", one.get(name, "")) for one in pictures for name in ("title", "descr"))
    paper = Paper(made["pdf"])
    yield "PDF title", str(paper.pdf.docinfo["/Title"])
    yield from (("PDF alt", figure.alt) for figure in paper.tree.find("Figure"))
    page = html.fromstring(made["html"].getvalue().decode())
    yield "HTML title", page.findtext(".//title") or ""
    yield from (("HTML section", section.findtext("p")) for section in page.iter("section") if section.xpath(".//svg"))
    for svg in page.xpath("//*[local-name()='svg']"):
        yield from read_svg("HTML", svg)
    book = openpyxl.load_workbook(made["xlsx"])
    yield "workbook title", book.properties.title
    yield from ((f"head of {sheet.title}", sheet.oddHeader.left.text) for sheet in book.worksheets[: len(CHARTS)])
    yield from read_drawings("workbook", made["xlsx"])


def read_drawings(place: str, workbook: io.BytesIO) -> Texts:
    """Read the names and alternative texts of a workbook's charts."""
    with zipfile.ZipFile(workbook) as parts:
        drawings = [etree.fromstring(parts.read(name)) for name in parts.namelist() if "drawings/drawing" in name]
    charts = [one for drawing in drawings for one in drawing.iter("{*}cNvPr")]
    yield from ((f"{place} {name}", one.get(name, "")) for one in charts for name in ("name", "descr"))


def read_words(snapshot: Snapshot, selection: Selection, settings: Settings) -> Texts:
    """Read the words to copy on the page Briefing, and the pictures of a mail."""
    used = make_model(snapshot, selection, translator(selection.lang), {"chart": CHARTS[0]}, settings).in_use
    assert used is not None
    yield from (("source to copy", used.source), ("citation to copy", used.citation), ("alt to copy", used.chart.alt))
    wish, period = Wish(selection.lang, selection.regions, selection.themes), Period(None, datetime.now(UTC), None)
    for picture in gather(snapshot, wish, period, BASE, "").pictures:
        yield from (("mail title", picture.title), ("mail alt", picture.alt))

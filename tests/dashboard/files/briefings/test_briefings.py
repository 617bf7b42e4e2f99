"""Briefings: the valid requests, the document, the ZIP, and the worker that makes them."""

import io
import re
import zipfile
from datetime import date
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pandas as pd
import pytest
from lxml import html
from pptx import Presentation

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.charts.options import Options
from dashboard.charts.svg.surround import SIZES as PICTURE_SIZES
from dashboard.errors import SelectionError, UserError
from dashboard.files.briefings import pack
from dashboard.files.briefings.excel import write_chart_workbook
from dashboard.files.briefings.html import render_html
from dashboard.files.briefings.order import (
    CHART_FORMATS,
    LONGEST_TITLE,
    MOST_CHARTS,
    SIZES,
    BriefingRequest,
    Item,
    submit_briefing,
)
from dashboard.files.briefings.paper.document import write_paper
from dashboard.files.briefings.slides.deck import write_deck
from dashboard.files.briefings.word.word_document import write_document
from dashboard.files.extracts.order import name_file
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import of_which, some
from tests.dashboard.files.briefings.paper.test_document import check_conformance
from tests.papers import Paper
from tests.presentations import ONE_A_KIND, compose_some, graphic, read_deck, share_all, texts
from tests.shipped import LANGUAGES, find_bare_signs

AFRICA = Selection(regions=("africa",), lang="fr")
NOTHING = Selection(regions=("global",), countries=("GHA",))
TWO = ("completion-by-region", ("region-by-theme", "Our own title"))
CHOSEN = Item("completion-by-region", "", Options(sort="name", measure="pace", peers=True))
OWN = Item("explore", "", Options(by="group", second="category"))
SURVEYED = Item("survey-answers", "", Options(wave="each"))
MONTHS, TABLE = (Item("explore", "", Options(by="completed")), Item("explore", "", Options(by="wave", form="table")))


class Page:
    """A document's elements, ids, addresses and the texts of its tables."""

    def __init__(self, document: str) -> None:
        elements = [one for one in html.fromstring(document).iter() if isinstance(one.tag, str)]
        self.tags = [one.tag for one in elements]
        self.ids = [one.get("id") for one in elements if one.get("id")]
        names = ("href", "src", "xlink:href", "srcset")
        self.addresses = [(one.tag, one.get(name)) for one in elements for name in names if one.get(name)]
        tables = [one for one in elements if one.tag == "table"]
        self.tables = [[[cell.text_content() for cell in row] for row in table.iter("tr")] for table in tables]


def settings(folder: Path) -> Settings:
    return Settings.from_environment(
        {"DASHBOARD_CAMPAIGN": str(folder), "DASHBOARD_BASE_URL": "https://actions.example.org"}
    )


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_the_document_shows_every_chart_and_the_messages_and_needs_nothing_else(snapshot: Snapshot, lang: str) -> None:
    briefing = share_all(snapshot, Selection(lang=lang))
    document = render_html(briefing)
    page = Page(document)
    assert f'<html lang="{lang}">' in document
    assert page.tags.count("svg") == 2 * len(CATALOGUE)  # for a wide and for a narrow screen
    for piece, table in zip(briefing.pieces, page.tables, strict=True):
        expected = piece.chart.table()
        assert table[0] == list(expected.columns)
        assert table[1:] == expected.astype("str").to_numpy().tolist()
    plain = document.replace("&#x27;", "'")
    definitions = [words for name, sentence in briefing.definitions for words in (f"<dt>{name}</dt>", sentence)]
    for words in (briefing.campaign, briefing.pieces[0].chart.caption.as_of, briefing.build_id, *definitions):
        assert words in plain
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert {tag for tag, _ in page.addresses} == {"a", "use"}
    assert not re.search(r"@import|url\((?!#)|\son\w+=", document)
    assert "default-src 'none'" in document
    assert len(page.ids) == len(set(page.ids))
    assert all(address.startswith("#") for tag, address in page.addresses if tag == "use")
    inside = [address[1:] for tag, address in page.addresses if tag == "a" and address.startswith("#")]
    assert len(inside) == 6 + len(CATALOGUE) + 1  # the key messages, the contents
    assert set(inside) <= set(page.ids)
    head = document[: document.index("<main>")]
    said = [escape(text) for message in briefing.messages for text in message]
    assert len(said) == 12
    places = [head.index(text) for text in said]
    assert places == sorted(places)
    first = next(piece for piece in briefing.pieces if piece.title == briefing.messages[0][0])
    assert briefing.messages[0][1] == first.chart.caption.key_message
    assert 'class="messages"' not in render_html(compose_some(snapshot, Selection(), next(iter(CATALOGUE))))


@pytest.mark.nightly
def test_every_message_names_the_selection_and_the_day_and_of_all_actions_neither(snapshot: Snapshot) -> None:
    for selection, words in ((AFRICA, "Afrique"), (Selection(("africa",), as_of=date(2021, 12, 1)), "1 December 2021")):
        sentences = {text for one in CATALOGUE for text in build_chart(snapshot, one, selection).caption.messages}
        assert len(sentences) > 6
        assert [text for text in sentences if words not in text] == []
    assert "Africa" not in build_chart(snapshot, "completion-by-theme", Selection()).caption.key_message


@pytest.mark.nightly
def test_a_selection_without_actions_is_said_in_every_form_and_a_title_is_no_markup(snapshot, tmp_path) -> None:
    title, said = "<script>alert(1)</script> & مرحبا", "No action is in this selection."
    briefing = compose_some(snapshot, NOTHING, *ONE_A_KIND, title=title)
    document = render_html(briefing)
    assert "<script>" not in document
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; مرحبا" in document
    assert said in document and Page(document).tables == []
    for slide in list(read_deck(briefing, tmp_path / "none.pptx").slides)[1:-1]:
        assert said in texts(slide) and graphic(slide) is None
    write_chart_workbook(snapshot, briefing, tmp_path / "none.xlsx")
    assert not any(sheet._charts for sheet in openpyxl.load_workbook(tmp_path / "none.xlsx"))
    write_paper(briefing, tmp_path / "none.pdf")
    paper = Paper(tmp_path / "none.pdf")
    check_conformance(paper, "en", f"{title} – {briefing.place}")
    assert paper.tree.find("Figure", "Table") == []
    assert paper.tree.text.count(said) == len(ONE_A_KIND)


@pytest.mark.nightly
def test_the_same_content_is_the_same_bytes(snapshot: Snapshot, tmp_path: Path) -> None:
    for name in ("one", "two"):
        selection = Selection(lang="fr", as_of=date(2021, 2, 1))
        briefing = compose_some(snapshot, selection, "completion-by-region", "region-by-theme", "over-time-by-region")
        write_chart_workbook(snapshot, briefing, tmp_path / f"{name}.xlsx")
        write_deck(briefing, tmp_path / f"{name}.pptx")
        write_document(briefing, tmp_path / f"{name}.docx")
    for ending in ("xlsx", "pptx", "docx"):
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()


@pytest.mark.usefixtures("workers_here")
def test_the_zip_holds_everything_with_the_same_numbers(told: Any, snapshot: Snapshot, campaign_folder: Path) -> None:
    request = BriefingRequest((*TWO, CHOSEN, OWN, MONTHS, TABLE, SURVEYED), AFRICA, title="Réunion")
    export = submit_briefing(snapshot, request, "zip", settings(campaign_folder)).result()
    assert told == sorted(told) and told[-1] == pytest.approx(1)
    assert len(set(told)) >= 2 * len(request.items)
    assert name_file(snapshot, AFRICA, "zip", "briefing") == "sample_2021-briefing_africa_2021-12-31_fr.zip"
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
        dates = {info.date_time for info in archive.infolist()}
    names = ["completion-by-region", "region-by-theme", "completion-by-region-2"]
    names += ["explore", "explore-2", "explore-3", "survey-answers"]
    pictures = {f"charts/{name}.{ending}" for name in names for ending in ("svg", "png", "csv")}
    assert set(files) == {
        "README.txt",
        "briefing.pptx",
        "briefing.docx",
        "briefing.pdf",
        "briefing.html",
        "data.xlsx",
        *pictures,
    }
    assert dates == {(2022, 1, 10, 9, 0, 0)}
    assert len(Presentation(io.BytesIO(files["briefing.pptx"])).slides) == 10
    assert len(openpyxl.load_workbook(io.BytesIO(files["data.xlsx"])).sheetnames) == 8
    assert len(Paper(io.BytesIO(files["briefing.pdf"])).tree.find("H1")) == len(names) + 2
    page = Page(files["briefing.html"].decode())
    assert len(set(page.ids)) == len(page.ids)
    for name, item in zip(names, request.items, strict=True):
        assert files[f"charts/{name}.png"].startswith(b"\x89PNG")
        data = pd.read_csv(io.BytesIO(files[f"charts/{name}.csv"]), encoding="utf-8-sig")
        chart = build_chart(snapshot, item.chart_id, AFRICA, item.options)
        pd.testing.assert_frame_equal(data, chart.data(), check_dtype=False, check_index_type=False)
        chosen = urlencode([*AFRICA.query_pairs(), *item.options.query_pairs()])
        assert ("a", f"https://actions.example.org/charts/{item.chart_id}?{chosen}") in page.addresses
    readme = files["README.txt"].decode("utf-8-sig")
    for expected in ("Réunion", "Our own title", "briefing.pptx", "https://actions.example.org/?region=africa&lang=fr"):
        assert expected in readme
    assert find_bare_signs(readme) == []


@pytest.mark.nightly
@pytest.mark.usefixtures("workers_here")
def test_one_charts_file_has_the_title_and_the_link_of_the_job(snapshot: Snapshot, campaign_folder: Path) -> None:
    assert set(CHART_FORMATS) == {"pptx", "pdf", "xlsx"}
    request = BriefingRequest((("status-overview", "Our own title"),), AFRICA, is_single=True)
    made = {
        ending: submit_briefing(snapshot, request, ending, settings(campaign_folder)).result()
        for ending in ("xlsx", "pptx")
    }
    assert openpyxl.load_workbook(io.BytesIO(made["xlsx"].content)).sheetnames[0] == "Our own title"
    (slide,) = Presentation(io.BytesIO(made["pptx"].content)).slides
    assert slide.shapes.title.text_frame.text == "Our own title"
    assert "https://actions.example.org/charts/status-overview?" in slide.notes_slide.notes_text_frame.text


@pytest.mark.nightly
def test_the_worker_uses_the_template_of_the_campaign_folder(snapshot: Snapshot, tmp_path: Path) -> None:
    deck = Presentation()
    deck.slide_width = 7_777_777
    deck.save(str(tmp_path / "briefing.pptx"))
    arguments = job(snapshot, tmp_path) | {"format": "pptx"}
    assert pack.answer_job(arguments) == {"charts": 1}
    assert Presentation(arguments["to"]).slide_width == 7_777_777
    (tmp_path / "briefing.pptx").write_bytes(b"broken")
    with pytest.raises(UserError, match=r"briefing\.pptx"):
        pack.answer_job(arguments)


@pytest.mark.parametrize("file_format", some(["html", "pptx", "docx", "pdf"], 1))
def test_the_worker_tells_how_far_it_is(told: Any, snapshot: Snapshot, tmp_path: Path, file_format: str) -> None:
    charts = [as_job(name) for name in ("completion-by-region", "status-overview")]
    pack.answer_job(job(snapshot, tmp_path) | {"format": file_format, "charts": charts, "is_single": False})
    assert told == sorted(told)
    assert len(set(told)) >= 2 * len(charts)
    assert told[-1] == pytest.approx(1)


def as_job(chart_id: str, title: str = "") -> dict[str, Any]:
    return {"chart_id": chart_id, "title": title, "options": {}}


def job(snapshot: Snapshot, folder: Path) -> dict[str, Any]:
    return {
        "snapshot": str(snapshot.path),
        "build_id": snapshot.build_id,
        "built_at": snapshot.built_at,
        "query": [["lang", "en"]],
        "base_url": "https://actions.example.org",
        "campaign": str(folder),
        "charts": [as_job("completion-by-region")],
        "title": "",
        "size": "slide",
        "is_single": False,
        "has_notes": False,
        "is_preview": False,
        "to": str(folder / "result"),
    }


@pytest.mark.parametrize(
    ("charts", "more", "allowed"),
    [
        ((), {}, f"1 to {MOST_CHARTS} charts"),
        (("no-such-chart",), {}, "completion-by-region"),
        ((("completion-by-region", "x" * (LONGEST_TITLE + 1)),), {}, f"up to {LONGEST_TITLE} characters"),
        (("completion-by-region",) * 2, {}, "each chart once"),
        ((OWN, OWN._replace(title="Twice")), {}, "each chart once"),
        ((Item("status-overview", "", Options(measure="pace")),), {}, "no value"),
        (("completion-by-region",), {"title": "x" * (LONGEST_TITLE + 1)}, f"up to {LONGEST_TITLE} characters"),
        (("completion-by-region",), {"size": "huge"}, "slide"),
    ],
)
def test_what_cannot_be_made_is_refused_before_a_worker_starts(
    snapshot: Snapshot, charts: Any, more: dict[str, Any], allowed: str
) -> None:
    with pytest.raises(SelectionError) as refusal:
        submit_briefing(snapshot, BriefingRequest(charts, Selection(), **more))
    assert allowed in refusal.value.allowed


def test_formats_charts_and_sizes_are_those_that_there_are(snapshot: Snapshot) -> None:
    with pytest.raises(SelectionError, match="odt"):
        submit_briefing(snapshot, BriefingRequest(("completion-by-region",), Selection()), "odt")
    for chart_id, file_format, named in (("completion-by-region", "docx", "docx"), ("no-such", "pptx", "no-such")):
        with pytest.raises(SelectionError, match=named):
            submit_briefing(snapshot, BriefingRequest((chart_id,), Selection(), is_single=True), file_format)
    assert set(SIZES) == set(PICTURE_SIZES)

"""PDF of charts and briefings: the demands of PDF/UA on the structure tree; the same figures; the same bytes."""

import itertools
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.charts.options import Options
from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.order import BriefingRequest, Item, submit_briefing
from dashboard.files.briefings.paper import document
from dashboard.files.briefings.paper.document import write_chart_paper, write_paper
from dashboard.files.briefings.table_layout import LONG, lay_out
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.papers import Element, Paper
from tests.presentations import BASE_URL, compose_some, share_all

AFRICA = Selection(regions=("africa",), lang="fr")
CHARTS = ("completion-by-theme", "completion-map", "region-by-theme")
MARKUP = "#pagebreak() *bold* $x$ <label> @ref \\u{41} // no `code`"
LEAST_ROWS = 4


def check_conformance(paper: Paper, lang: str, title: str) -> None:
    """Check the demands of PDF/UA-1 on a file, as far as possible without looking."""
    root = paper.root
    assert root.MarkInfo.Marked
    assert not root.MarkInfo.get("/Suspects", False)
    assert str(root.Lang) == lang
    assert root.ViewerPreferences.DisplayDocTitle
    with paper.pdf.open_metadata() as metadata:
        assert (metadata["pdfuaid:part"], metadata["dc:title"]) == ("1", title)
    assert all(figure.alt for figure in paper.tree.find("Figure"))
    levels = [int(heading.role[1]) for heading in paper.tree.find("H1", "H2", "H3")]
    assert levels[0] == 1
    assert all(following <= level + 1 for level, following in itertools.pairwise(levels))
    headings = [heading.text for heading in paper.tree.find("H1", "H2", "H3")]
    assert list(map(sorted, headings)) == [sorted(name) for _, name in paper.bookmarks]  # right-to-left as it is seen
    for font in (font for page in paper.pdf.pages for font in page.Resources.get("/Font", {}).values()):
        assert "/ToUnicode" in font
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())


def read_table(table: Element) -> list[list[str]]:
    return [[even(cell.text) for cell in row.inside] for row in table.find("TR")]


def even(text: str) -> str:
    """Return a text whose spaces are alike: a font has one glyph for several of them."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def write_expected(briefing: Briefing, longest: int = LONG) -> list[list[list[str]]]:
    """Write the tables of a briefing, those that come last at the end."""
    cells = [piece.chart.cells() for piece in briefing.pieces if not piece.is_empty]
    return [
        [list(map(even, row)) for row in (one.headings, *one.rows)]
        for one in sorted(cells, key=lambda one: len(one.rows) > longest)
    ]


def test_a_briefing_is_read_in_its_order_with_every_figure(snapshot: Snapshot, tmp_path: Path, monkeypatch) -> None:
    charts = (*CHARTS, "status-overview")
    briefing = compose_some(snapshot, Selection(themes=("education",), lang="fr"), *charts, title="Réunion")
    counts = [len(piece.chart.cells().rows) for piece in briefing.pieces]
    assert max(counts) == counts[1] > sorted(counts)[-2]
    monkeypatch.setattr(document, "LONG", counts[1] - 1)  # the countries of the map
    write_paper(briefing, tmp_path / "a.pdf")
    paper = Paper(tmp_path / "a.pdf")
    check_conformance(paper, "fr", f"Réunion – {briefing.place}")
    titles = [heading.text for heading in paper.tree.find("Title", "H1")]
    last = ["Définitions et sources", "Tableaux longs"]
    assert titles == ["Réunion", "Messages clés", *(piece.title for piece in briefing.pieces), *last]
    assert [figure.alt for figure in paper.tree.find("Figure")] == [piece.chart.alt for piece in briefing.pieces]
    assert list(map(read_table, paper.tree.find("Table"))) == write_expected(briefing, counts[1] - 1)
    said = even(paper.tree.text)
    places = [said.index(words) for words in ("Thème : Éducation", "Messages clés", even(briefing.messages[0][1]))]
    assert places == sorted(places)
    told = (briefing.source, briefing.citation, briefing.origin, *briefing.sources)
    for words in (*told, *(sentence for _, sentence in briefing.definitions)):
        assert even(words) in said
    assert paper.pdf.docinfo["/Keywords"] == briefing.build_id
    heads = [cell for table in paper.tree.find("Table") for cell in table.find("TH")]
    assert {cell.scope for cell in heads} == {"Column", "Row"}
    assert all(row.inside[0].role == "TH" for row in paper.tree.find("TR"))
    by_country = paper.tree.find("Table")[-1].find("TR")[1]
    assert [cell.role for cell in by_country.inside[:3]] == ["TH", "TH", "TD"]  # region and country name the row


@pytest.mark.nightly
@pytest.mark.usefixtures("workers_here")
def test_a_chart_is_the_same_bytes_from_a_worker_and_says_its_own_title(snapshot, campaign_folder, tmp_path) -> None:
    item = Item("completion-by-theme", f"{MARKUP} نسبة 2021", Options(sort="name"))
    write_chart_paper(compose_some(snapshot, AFRICA, item), tmp_path / "a.pdf")
    where = {"DASHBOARD_CAMPAIGN": str(campaign_folder), "DASHBOARD_BASE_URL": BASE_URL}
    settings = Settings.from_environment(where)
    made = submit_briefing(snapshot, BriefingRequest((item,), AFRICA, is_single=True), "pdf", settings).result()
    assert made.content == (tmp_path / "a.pdf").read_bytes()
    paper = Paper(tmp_path / "a.pdf")
    check_conformance(paper, "fr", f"{item.title} – Afrique")
    heading, figures, definitions = paper.tree.find("H1", "H2")
    assert (heading.role, figures.role, definitions.role) == ("H1", "H2", "H2")
    assert heading.text.startswith(MARKUP)
    links = [str(link.A.URI) for page in paper.pdf.pages for link in page.get("/Annots", []) if "/A" in link]
    assert f"{BASE_URL}/charts/completion-by-theme?region=africa&lang=fr&sort=name" in links


def test_letters_that_no_font_has_are_a_sign(snapshot: Snapshot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(document, "find_installed", lambda code, *, is_japanese: None)
    write_chart_paper(compose_some(snapshot, AFRICA, ("status-overview", "a完\ufeffb\u202ec")), tmp_path / "a.pdf")
    assert Paper(tmp_path / "a.pdf").tree.find("H1")[0].text == f"a{document.MISSING}bc"


@pytest.mark.nightly
@pytest.mark.parametrize(
    "counts", [(18, 24, 31, 33, 60, 61), pytest.param(range(1, 140), marks=pytest.mark.nightly)], ids=["few", "all"]
)
def test_no_page_has_only_a_few_rows(snapshot: Snapshot, tmp_path: Path, monkeypatch, counts: Any) -> None:
    described: list[dict[str, Any]] = []
    typeset = document.typeset

    def note(name: str, values: dict[str, Any], made_at: datetime) -> bytes:
        described.append(values)
        return typeset(name, values, made_at)

    monkeypatch.setattr(document, "typeset", note)
    monkeypatch.setattr(document, "write_pdf_receipt", lambda content, _: content)
    briefing = compose_some(snapshot, Selection(), CHARTS[0])
    write_chart_paper(briefing, tmp_path / "a.pdf")
    (chart,) = described[0]["charts"]
    for count in counts:
        rows = [[f"Member {number} of many" * (1 + number % 3), "1", "100%"] for number in range(count)]
        values = described[0] | {"charts": [chart | {"table": lay_out(["Member", "Actions", "Rate"], rows)}]}
        (tmp_path / "a.pdf").write_bytes(typeset("chart.typ", values, briefing.made_at))
        (table,) = Paper(tmp_path / "a.pdf").tree.find("Table")
        pages = [row.inside[0].pages for row in table.find("TBody")[0].find("TR")]
        together = [len(list(group)) for _, group in itertools.groupby(min(place) for place in pages)]
        assert all(len(place) == 1 for place in pages), count
        assert len(together) == 1 or min(together) >= LEAST_ROWS, (count, together)


@pytest.mark.nightly
@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_every_chart_goes_on_paper(snapshot: Snapshot, tmp_path: Path, lang: str) -> None:
    briefing = share_all(snapshot, Selection(lang=lang))
    write_paper(briefing, tmp_path / "a.pdf")
    paper = Paper(tmp_path / "a.pdf")
    check_conformance(paper, lang, briefing.title)
    assert len(paper.tree.find("Figure")) == sum(not piece.is_empty for piece in briefing.pieces)
    assert list(map(read_table, paper.tree.find("Table"))) == write_expected(briefing)

"""Word documents: blocks where they belong, the same figures as in decks and tables, Word's own fields, templates."""

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from lxml import etree

from dashboard.errors import UserError
from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.office_file import find_gaps
from dashboard.files.briefings.order import Item
from dashboard.files.briefings.word import word_document as writing
from dashboard.files.briefings.word.word_document import BrokenDocumentError, write_document
from dashboard.measures.definitions import FICTIONAL
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.office import find_in_document
from dashboard.snapshot.selection import Selection
from tests.presentations import ONE_A_KIND, compose_some, graphic, out_of_order, read_deck
from tests.shipped import find_bare_signs

LONG = 10
AFRICA = Selection(regions=("africa",), lang="fr")
WRITTEN = (
    Item(kind="heading", title="Where we are: {completed}"),
    Item(
        kind="text",
        title="We did **{completed}** of _{actions}_ & <more>; see [ours](https://a.example/b).\n\n"
        "- one\n- two\n\n1. first\n2. second\n\nThen\n\n1. anew",
    ),
    Item("status-overview", "In Africa, 97 are done", kind="message"),
    Item("completion-by-region", "Our own title", notes="Say this"),
    Item(kind="break"),
    Item("completion-by-theme", kind="table"),
    Item("completion-by-theme"),
    Item(kind="heading", title="The end"),
    Item(kind="text", title="Thanks"),
)
# The order of elements that ECMA-376 demands (wml.xsd), for those of these documents.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr pBdr tabs bidi spacing ind jc outlineLvl",
    "rPr": "rStyle rFonts b bCs i iCs color sz szCs u rtl lang",
    "tblPr": "tblStyle bidiVisual tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "tcW shd vAlign",
    "trPr": "cantSplit tblHeader",
    "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
    "numbering": "abstractNum num",
}


class Read:
    """A document, written and read again."""

    def __init__(self, briefing: Briefing, target: Path, template: Path | None = None) -> None:
        write_document(briefing, target, template)
        self.file, self.briefing = target, briefing
        self.document = Document(str(target))
        self.body = self.document.element.body
        self.tables = [table for table in self.document.tables if len(table.rows)]

    def style(self, paragraph: Any) -> str:
        return paragraph.style.name

    def texts(self, *styles: str) -> list[str]:
        """Return the paragraphs of these styles, those inside content controls too; of all without styles."""
        ids = {self.document.styles[name].style_id for name in styles}
        return [write_out(one) for one in self.body.iter(qn("w:p")) if not styles or (one.style or "") in ids]

    def charts(self) -> list[Any]:
        """Return the parts of native charts, in the order in which they stand."""
        places = [
            one.get(qn("r:id"))
            for one in self.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}chart")
        ]
        return [self.document.part.rels[place].target_part for place in places]


def write_out(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter(qn("w:t")))


def list_values(chart: Any) -> list[str]:
    return [one.text for one in etree.fromstring(chart).iter("{*}v")]


def find_disorder(root: Any) -> list[str]:
    """Find elements that do not stand as the schema wants them, or that it does not know."""
    found = []
    for element in root.iter():
        order = ORDER.get(etree.QName(element).localname, "").split() if isinstance(element.tag, str) else []
        names = [etree.QName(child).localname for child in element] if order else []
        if [name for name in names if name not in order] or names != sorted(names, key=order.index):
            found.append(f"{etree.QName(element).localname}: {names}")
    return found


@pytest.fixture(scope="module")
def every_kind(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Return a document of each kind of chart, in French; tables of more than ten rows come last in it."""
    briefing = compose_some(snapshot, AFRICA, *ONE_A_KIND)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "LONG", LONG)
        return Read(briefing, tmp_path_factory.mktemp("document") / "briefing.docx")


def test_blocks_stand_in_their_order_with_headings_lists_and_contents(snapshot: Snapshot, tmp_path: Path) -> None:
    read = Read(compose_some(snapshot, Selection(), *WRITTEN, title="Our <own> report"), tmp_path / "a.docx")
    done, actions = (f"{getattr(read.briefing.pieces[0].chart.total, name)}" for name in ("completed", "actions"))
    theme = read.briefing.pieces[2].title
    headings = [f"Where we are: {done}", "Our own title", theme, theme, "The end", "Definitions and sources"]
    assert read.texts("Heading 1", "Heading 2") == headings
    assert read.texts("toc 1", "toc 2") == headings
    anchors = [one.get(qn("w:anchor")) for one in read.body.iter(qn("w:hyperlink")) if one.get(qn("w:anchor"))]
    marks = [one.get(qn("w:name")) for one in read.body.iter(qn("w:bookmarkStart"))]
    assert anchors == marks and len(set(marks)) == len(headings)
    assert read.texts("Title") == ["Our <own> report"]
    words = [paragraph for paragraph in read.document.paragraphs if "& <more>" in paragraph.text][0]
    assert words.text == f"We did {done} of {actions} & <more>; see ours."
    assert [(run.bold, run.italic) for run in words.runs if run.text in (done, actions)] == [(True, None), (None, True)]
    assert words.hyperlinks[0].url == "https://a.example/b"
    points = [paragraph for paragraph in read.document.paragraphs if paragraph.style.name.startswith("List")]
    assert [paragraph.text for paragraph in points] == ["one", "two", "first", "second", "anew"]
    lists = [paragraph._p.find(f".//{qn('w:numId')}").get(qn("w:val")) for paragraph in points]
    assert lists[0] == lists[1] != lists[2] == lists[3] != lists[4]  # a second list of numbers begins anew
    assert read.texts("Key Message") == ["In Africa, 97 are done"]
    everything = read.texts()
    assert everything[everything.index("In Africa, 97 are done") - 1].endswith(" – edited")
    assert f"{read.briefing.doubts[0][0]}  “97”" in everything  # which the build does not give
    assert "Say this" not in "".join(everything)  # talking points are for the one who talks
    breaks = [one for one in read.body.iter(qn("w:p")) if one.pPr.find(qn("w:pageBreakBefore")) is not None]
    assert list(map(write_out, breaks)) == [headings[0], theme, "Definitions and sources"]
    assert len(read.tables) == 2  # the table of themes is there as a block of its own, and not again with its chart


def test_every_kind_of_chart_has_the_figures_of_the_deck_and_its_table(every_kind: Read, tmp_path: Path) -> None:
    slides = list(read_deck(every_kind.briefing, tmp_path / "deck.pptx").slides)[2:-1]
    graphics = [one for one in map(graphic, slides) if one is not None and one.has_chart]
    charts = every_kind.charts()
    assert len(charts) == len(graphics) > 4
    for chart, slide in zip(charts, graphics, strict=True):
        expected = etree.tostring(slide.chart.part._element)
        assert list_values(chart.blob) == list_values(expected) != []
        (book,) = (one.target_part for one in chart.rels.values() if one.reltype.endswith("/package"))
        assert book.blob == slide.chart.part.chart_workbook.xlsx_part.blob
    rows_of = [[list(row.iter(qn("w:tc"))) for row in table._tbl.iter(qn("w:tr"))] for table in every_kind.tables]
    cells = [[list(map(write_out, row)) for row in rows] for rows in rows_of]
    for piece in every_kind.briefing.pieces:
        headings, rows = piece.chart.cells()
        assert [headings, *map(list, rows)] in cells
    kinds = [piece.chart.spec.kind for piece in every_kind.briefing.pieces]
    assert len(every_kind.document.inline_shapes) == len([kind for kind in kinds if kind not in ("grid", "table")])


def test_each_figure_says_what_it_shows_of_what_and_when(every_kind: Read) -> None:
    briefing = every_kind.briefing
    alts = {piece.chart.alt for piece in briefing.pieces}
    titles = {piece.chart.caption.full_title for piece in briefing.pieces}
    drawn = [one._inline.docPr for one in every_kind.document.inline_shapes]
    assert len({one.get("id") for one in drawn}) == len(drawn) > 7
    assert all(one.get("descr") in alts and one.get("title") in titles for one in drawn)
    assert all("Afrique" in one.get("title") for one in drawn)
    tables = [one._tbl.tblPr for one in every_kind.tables]
    assert all(one.find(qn("w:tblDescription")).get(qn("w:val")) in alts for one in tables)
    heads = [one._tbl.tr_lst[0] for one in every_kind.tables]
    assert all(head.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for head in heads)
    captions = every_kind.texts("Caption")
    for label in ("Figure", "Tableau"):
        own = [one for one in captions if one.startswith(label)]
        assert [one.partition("\u00a0: ")[0] for one in own] == [f"{label}\u00a0{n}" for n in range(1, len(own) + 1)]
        assert all(one.partition("\u00a0: ")[2] in titles for one in own) and len(own) > 5
    fields = "".join(one.text for one in every_kind.body.iter(qn("w:instrText")))
    assert fields.count("SEQ Figure") + fields.count("SEQ Tableau") == len(captions)
    (section,) = every_kind.document.sections
    assert [one.text for one in section.footer.paragraphs] == [briefing.selection, "Page 1 sur 1"]
    assert briefing.campaign in section.header.paragraphs[0].text
    late = [piece for piece in briefing.pieces if len(piece.chart.cells()[1]) > LONG]
    assert every_kind.texts("Heading 2")[-len(late) :] == [piece.title for piece in late] != []
    assert find_bare_signs("\n".join(every_kind.texts())) == []


def test_the_file_is_whole_and_says_its_language_and_whose_it_is(every_kind: Read) -> None:
    briefing, document = every_kind.briefing, every_kind.document
    assert find_gaps(every_kind.file) == [*out_of_order(every_kind.file)] == []
    for part in document.part.package.iter_parts():
        if hasattr(part, "_element"):
            assert find_disorder(part._element) == [], part.partname
    languages = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"fr-FR"}
    assert all(b'<c:lang val="fr-FR"' in one.blob for one in every_kind.charts())
    properties = document.core_properties
    assert (properties.title, properties.author) == (briefing.full_title, briefing.campaign)
    assert (properties.subject, properties.keywords) == (briefing.selection, briefing.build_id)
    with zipfile.ZipFile(every_kind.file) as package:
        assert find_in_document(package) == briefing.issue("docx").write()
        names = package.namelist()
    assert not [name for name in names if "thumbnail" in name or "app.xml" in name or "customXml" in name]
    definitions = [f"{name}  {text}" for name, text in briefing.definitions]
    assert set(definitions) < set(every_kind.texts("Normal"))


@pytest.mark.nightly
def test_an_empty_selection_few_actions_and_both_sides_are_said(snapshot: Snapshot, tmp_path: Path) -> None:
    nothing = Read(compose_some(snapshot, Selection(q="no such words"), *ONE_A_KIND), tmp_path / "none.docx")
    assert nothing.texts().count("No action is in this selection.") == len(ONE_A_KIND)
    assert nothing.charts() == nothing.tables == [] and not nothing.document.inline_shapes
    few = Read(
        compose_some(snapshot, Selection(countries=("GHA",), themes=("education",)), "completion-by-region"),
        tmp_path / "few.docx",
    )
    number = few.briefing.pieces[0].headline
    assert number.is_few
    (line,) = [one for one in few.document.paragraphs if one.style.name == "Key Figure"]
    assert line.runs[0].text == number.number and line.runs[0].style.name != "Key Number"
    assert few.texts("toc 1") == []  # one chart needs no contents
    beside = Selection(regions=("africa",), versus=(("region", ("americas",)),))
    compared = Read(compose_some(snapshot, beside, "completion-by-region"), tmp_path / "sides.docx")
    head = compared.briefing.pieces[0].headline
    ((name, value),) = head.facts
    assert compared.texts("Key Figure") == [f"{head.number}  {head.name} · {head.counts}", f"{value}  {name}"]


def make_template(file: Path) -> None:
    """Write a template whose styles have names in French, with controls, a letterhead, and a style too few."""
    document = Document()
    for name, style_id in (("Heading 1", "Titre1"), ("Title", "Titre")):
        document.styles[name].element.set(qn("w:styleId"), style_id)
    document.styles.element.remove(document.styles["Caption"].element)
    document.sections[0].left_margin = document.sections[0].right_margin = Mm(45)
    document.sections[0].header.paragraphs[0].text = "Ministry of Examples"

    def control(tag: str) -> Any:
        return parse_xml(
            f'<w:sdt {nsdecls("w")}><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>…</w:t></w:r>'
            "</w:p></w:sdtContent></w:sdt>"
        )

    for tag in ("title", "selection", "body"):
        document.element.body.sectPr.addprevious(control(tag))
    document.add_paragraph("Signed, the ministry")
    document.save(str(file))


def test_a_template_gives_styles_places_and_margins(snapshot: Snapshot, tmp_path: Path) -> None:
    make_template(tmp_path / "briefing.docx")
    briefing = compose_some(snapshot, AFRICA, "completion-by-region", "region-by-theme", title="Réunion")
    briefing = replace(briefing, is_sample=True)
    read = Read(briefing, tmp_path / "made.docx", tmp_path / "briefing.docx")
    banner = briefing.t(FICTIONAL)
    assert read.texts("Warning") == [banner]
    assert read.document.sections[0].header.paragraphs[1].text == banner
    words = [text for text in read.texts() if text != banner]
    assert words[0] == "Réunion" and words.count("Réunion") == 1
    assert words[1] == briefing.pieces[0].chart.caption.place
    assert words[-1] == "Signed, the ministry" and "…" not in words
    titled = [one for one in read.body.iter(qn("w:p")) if write_out(one) == briefing.pieces[0].title]
    assert "Titre1" in {one.style for one in titled}
    assert read.texts("Caption") != []
    section = read.document.sections[0]
    assert "Ministry of Examples" in section.header.paragraphs[0].text
    assert briefing.selection in [one.text for one in section.footer.paragraphs]
    width = section.page_width - section.left_margin - section.right_margin
    assert [one.width for one in read.document.inline_shapes] == [pytest.approx(width, abs=9_999)]
    assert find_gaps(read.file) == [] and find_disorder(read.document.part.numbering_part._element) == []


def test_a_broken_file_is_not_handed_out(snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    briefing = compose_some(snapshot, Selection(), "completion-by-region")
    monkeypatch.setattr(writing, "find_gaps", lambda _: ["a part is missing"])
    with pytest.raises(BrokenDocumentError, match="a part is missing"):
        write_document(briefing, tmp_path / "made.docx")
    make_template(tmp_path / "briefing.docx")
    with pytest.raises(UserError, match="template"):
        write_document(briefing, tmp_path / "made.docx", tmp_path / "briefing.docx")
    assert not (tmp_path / "made.docx").exists()

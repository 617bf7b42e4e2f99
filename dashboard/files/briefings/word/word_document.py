"""Word documents: title and contents, the blocks, each chart with its figures, definitions and sources at the end.

The same content gives the same bytes. The document has its receipt as properties; headings, captions, contents and page
numbers are Word's own, so that an editor can go on with it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from dashboard import theme
from dashboard.errors import UserError
from dashboard.files.briefings.blocks import Block, Paragraph
from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.design.word_template import DocumentTemplate, open_document_template
from dashboard.files.briefings.office_file import find_gaps, save_package, state_origin
from dashboard.files.briefings.pieces import SEPARATOR, Piece, pairs_of
from dashboard.files.briefings.table_layout import LONG, OFFICE, lay_out
from dashboard.files.briefings.word import markup, own_design
from dashboard.files.briefings.word.moved_charts import Figures, write_grid
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_
from dashboard.languages import find_office_tag, is_rtl
from dashboard.measures.definitions import FICTIONAL
from dashboard.snapshot.receipts.office import PROPERTIES, write_properties
from dashboard.snapshot.receipts.receipt import Receipt

_PROPERTIES = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_NUMBER = "\ue000"
"""In place of a number that Word counts."""
_LEAST_CONTENTS = 2
"""The headings of a document that needs no contents: its one chart, its definitions."""
_TOGETHER = 4
"""The rows of a table that stand together on a page."""
_KEEP, _NEW_PAGE = "<w:keepNext/>", "<w:pageBreakBefore/>"


def write_document(briefing: Briefing, target: Path, template: Path | None = None) -> None:
    """Write a briefing as a Word document.

    Raises:
        UserError: the template cannot be read.
    """
    design = open_document_template(template, briefing.look)
    document = design.document
    _Writer(design, briefing).write()
    own_design.say_language(document, find_office_tag(briefing.lang), is_rtl=is_rtl(briefing.lang))
    state_origin(document.core_properties, briefing, briefing.full_title)
    _state_receipt(document.part.package, briefing.issue("docx"))
    save_package(document, target, briefing.made_at)
    if problems := find_gaps(target):
        target.unlink()
        if design.is_own:
            raise BrokenDocumentError("; ".join(problems))
        raise UserError(
            N_("With the template in the campaign folder, no program can open the document."),
            N_("Save the template again in Word as a document (.docx), or remove it."),
        )


class BrokenDocumentError(Exception):
    """No program can open the file of a document."""


def _state_receipt(package: Any, receipt: Receipt) -> None:
    """Give a document its receipt; a template's own properties, such as labels of confidentiality, stay."""
    for relation in package.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.CUSTOM_PROPERTIES:
            relation.target_part._blob = write_properties(receipt, relation.target_part.blob)
            return
    part = Part(PackURI(f"/{PROPERTIES}"), _PROPERTIES, write_properties(receipt), package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


class _Writer:
    """The body of one document on its way."""

    def __init__(self, design: DocumentTemplate, briefing: Briefing) -> None:
        self._design, self._briefing, self._t = design, briefing, briefing.t
        document = self._document = design.document
        self._styles = design.styles
        section = document.sections[-1]
        self._width = (section.page_width - section.left_margin - section.right_margin) / markup.EMU
        self._figures = Figures(document, self._width)
        self._parts: list[str] = []
        self._contents: list[tuple[int, str, str]] = []
        self._counts = {"figure": 0, "table": 0}
        self._lists: dict[str, int] = {}
        self._late: list[tuple[Piece, str]] = []
        self._is_new_page = False
        self._level = 2 if any(block.kind == "heading" for block in briefing.blocks) else 1
        self._tables = {block.piece.address for block in briefing.blocks if block.kind == "table" and block.piece}

    def write(self) -> None:
        """Write everything into the document."""
        briefing = self._briefing
        self._is_new_page = True
        for number, block in enumerate(briefing.blocks):
            if number == briefing.introduction:
                self._add_messages()
            self._add_block(block)
            if briefing.has_notes and block.notes:
                title = markup.run(self._t(N_("Talking points")), is_bold=True)
                self._add("talking points", title, properties=_KEEP)
                self._add_text("talking points", *block.notes.splitlines())
        self._add_definitions()
        self._add_late_tables()
        body, self._parts = self._parts, []
        self._add_front()
        self._add_margins()
        end = self._document.element.body.get_or_add_sectPr()
        for element in markup.parse([*self._parts, *body]):
            end.addprevious(element)
        self._design.place_body()
        if is_rtl(briefing.lang):
            for root in (self._document.element, *self._design.list_margins()):
                _turn(root)

    def _add(self, style: str, *runs: str, properties: str = "") -> None:
        """Add a paragraph; the first one after a break begins a page."""
        if self._is_new_page:
            keep = _KEEP if properties.startswith(_KEEP) else ""
            properties = keep + _NEW_PAGE + properties.removeprefix(keep)
            self._is_new_page = False
        self._parts.append(markup.paragraph(self._styles[style], *runs, properties=properties))

    def _add_text(self, style: str, *texts: str, properties: str = "") -> None:
        for text in texts:
            self._add(style, markup.run(text), properties=properties)

    def _add_heading(self, level: int, text: str) -> None:
        """Add a heading, which stands in the contents."""
        number = len(self._contents) + 1
        anchor = f"_Toc{number:09}"
        self._contents.append((level, text, anchor))
        self._add(f"heading {level}", markup.bookmark(1000 + number, anchor, markup.run(text)))

    def _add_caption(self, kind: str, title: str) -> None:
        """Add the caption of a figure or table, with a number that Word counts; a table's stands above it."""
        self._counts[kind] += 1
        words = N_("Figure {n}: {title}") if kind == "figure" else N_("Table {n}: {title}")
        before, _, after = self._t(words, n=_NUMBER, title=title).partition(_NUMBER)
        number = markup.field(f"SEQ {before.strip()} \\* ARABIC", str(self._counts[kind]))
        runs = [markup.run(before), number, markup.run(after)]
        self._add("caption", *runs, properties=_KEEP)

    def _link(self, words: str, address: str, **looks: Any) -> str:
        relation = self._document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return markup.link(words, relation=relation, style=self._styles["hyperlink"], **looks)

    def _add_front(self) -> None:
        """Add title, selection, day and source, then the contents."""
        briefing, t, chart = self._briefing, self._t, self._briefing.pieces[0].chart
        *filters, day = pairs_of(chart, chart.caption.selection)
        subtitle = briefing.campaign if briefing.own_title else t(N_("Progress briefing"))
        write = self._design.write
        if briefing.is_sample:
            self._add_text("warning", t(FICTIONAL))
        if not write("subtitle", subtitle):
            self._add_text("subtitle", subtitle)
        if not write("title", briefing.title):
            self._add_text("title", briefing.title)
        if not write("selection", chart.caption.place or t(N_("All actions"))):
            self._add_text("subtitle", *filters)
        if not write("day", briefing.as_of):
            self._add_text("subtitle", day)
        if not write("source", briefing.source):
            self._add_text("small print", briefing.source)
        self._add_text("small print", briefing.origin)
        if briefing.link:
            self._add("small print", self._link(t(N_("Live view")), briefing.link))
        if len(self._contents) > _LEAST_CONTENTS:
            self._add_contents()

    def _add_contents(self) -> None:
        """Add the contents as a field: filled in with links; Word adds pages when somebody updates it."""
        begin, end = markup.begin_field('TOC \\o "1-2" \\h \\z \\u'), markup.END_OF_FIELD
        start = len(self._parts)
        self._add_text("toc heading", self._t(N_("Contents")))
        entries = [entry for entry in self._contents if entry[0] <= 2]
        for number, (level, text, anchor) in enumerate(entries, start=1):
            before, after = begin if number == 1 else "", end if number == len(entries) else ""
            self._add(f"toc {level}", before, markup.link(text, anchor=anchor), after)
        inside = "".join(self._parts[start:])
        kind = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        self._parts[start:] = [f"<w:sdt><w:sdtPr>{kind}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"]

    def _add_messages(self) -> None:
        """Add the findings of the first charts, for readers of one page."""
        if not self._briefing.messages:
            return
        self._add_heading(1, self._t(N_("Key messages")))
        for title, message in self._briefing.messages:
            self._add_message(title, message)

    def _add_message(self, title: str, message: str) -> None:
        self._add("small print", markup.run(title), properties=_KEEP)
        self._add_text("key message", message)

    def _add_block(self, block: Block) -> None:
        if block.kind == "break":
            self._is_new_page = True
        elif block.kind == "heading":
            self._add_heading(1, " ".join(paragraph.text for paragraph in block.paragraphs))
        elif block.kind == "text":
            self._add_paragraphs(block.paragraphs)
        elif block.kind == "message":
            self._add_message(*self._briefing.write_message(block))
        elif block.piece is not None and block.kind == "table":
            self._add_heading(self._level, block.piece.title)
            self._add_table(block.piece)
            self._add_text("small print", block.piece.source)
        elif block.piece is not None:
            self._add_chart(block.piece)

    def _add_paragraphs(self, paragraphs: Sequence[Paragraph]) -> None:
        """Add words of the presenter's; the points of a list that follow each other are one list."""
        previous = ""
        for one in paragraphs:
            properties = ""
            if one.kind in ("bullet", "number"):
                if one.kind != previous and (one.kind == "number" or one.kind not in self._lists):
                    self._lists[one.kind] = own_design.add_list(self._document, one.kind)
                properties = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self._lists[one.kind]}"/></w:numPr>'
            previous = one.kind
            looks = {"bullet": "list bullet", "number": "list number", "heading": "heading 3"}
            runs = []
            for run in one.runs:
                look: dict[str, Any] = {"is_bold": run.is_strong, "is_italic": run.is_emphasised}
                runs.append(self._link(run.text, run.link, **look) if run.link else markup.run(run.text, **look))
            self._add(looks.get(one.kind, "normal"), *runs, properties=properties)

    def _add_chart(self, piece: Piece) -> None:
        """Add a chart: its one number, what it shows, its drawing, notes and source, and its figures."""
        chart, t, full_title = piece.chart, self._t, piece.chart.caption.entitle(piece.own_title)
        self._add_heading(self._level, piece.title)
        if chart.total.actions:
            if chart.spec.kind != "answers":
                headline = piece.headline
                style = "" if headline.is_few else self._styles["key number"]
                words = SEPARATOR.join(word for word in (headline.name, headline.counts) if word)
                number = markup.run(headline.number, style=style, is_bold=True)
                self._add("key figure", number, markup.run(f"  {words}"))
                for name, value in headline.facts if chart.sides else ():  # of two selections both numbers alike
                    second_number = markup.run(value, style=self._styles["key number"], colour=theme.OTHER)
                    self._add("key figure", second_number, markup.run(f"  {name}"))
            self._add_text("normal", *chart.caption.sentences, properties="" if piece.is_empty else _KEEP)
        if piece.is_empty:
            self._add_text("normal", piece.nothing)
        elif chart.spec.kind == "grid":
            self._add_caption("table", full_title)
            self._parts.append(write_grid(chart, self._styles, self._width, full_title, chart.alt))
        elif chart.spec.kind != "table":
            self._add("figure", self._figures.add(piece, full_title, chart.alt))
            self._add_caption("figure", full_title)
        if chart.caption.notes:
            self._add_text("small print", " ".join(chart.caption.notes))
        way = [markup.run(SEPARATOR), self._link(t(N_("The chart as it is today")), piece.link)] if piece.link else []
        self._add("small print", markup.run(piece.source), *way)
        is_told = chart.spec.kind == "grid" and not chart.sides and len(chart.shortened.frame) == len(chart.frame)
        if not piece.is_empty and not is_told and piece.address not in self._tables:
            self._add_table(piece)
        done = self._counts["figure"] + self._counts["table"]
        tell_progress(min(done, len(self._briefing.pieces)), len(self._briefing.pieces))

    def _add_table(self, piece: Piece) -> None:
        """Add the figures of a chart; a table longer than a page comes last."""
        headings, rows = piece.chart.cells()
        if piece.is_empty:
            self._add_text("normal", piece.nothing)
        elif len(rows) > LONG and len(self._briefing.pieces) > 1:
            anchor = f"_Figures{len(self._late) + 1}"
            self._late.append((piece, anchor))
            words = self._t(N_("The same figures as a table, under “{heading}”"), heading=self._t(N_("Long tables")))
            self._add("normal", markup.link(words, anchor=anchor, style=self._styles["hyperlink"]))
        else:
            self._write_table(piece, headings, rows)

    def _write_table(self, piece: Piece, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        layout = lay_out(headings, rows, room=self._width / OFFICE)
        shares = layout["widths"]
        widths = [self._width * share / sum(shares) for share in shares]
        style = self._styles["table text"]
        places = ["" if is_words else '<w:jc w:val="right"/>' for is_words in layout["are-words"]]

        def write(cells: Sequence[str], colour: str = "", *, is_kept: bool = False) -> str:
            keep = _KEEP if is_kept else ""
            texts = (
                markup.paragraph(style, markup.run(text, size=layout["size"], colour=colour), properties=keep + place)
                for text, place in zip(cells, places, strict=True)
            )
            return "".join(markup.cell(width, text) for width, text in zip(widths, texts, strict=True))

        last = len(rows) - 1  # no page begins or ends with one or two of the rows
        lines = [write(layout["headings"], theme.MUTED, is_kept=True)]
        lines += [
            write(row, is_kept=place < _TOGETHER - 1 or last - _TOGETHER < place < last)
            for place, row in enumerate(layout["rows"])
        ]
        self._add_caption("table", piece.chart.caption.entitle(piece.own_title))
        name, alt = piece.chart.caption.entitle(piece.own_title), piece.chart.alt
        is_from_right = is_rtl(self._briefing.lang)
        table = markup.table(self._styles["figures table"], widths, lines, name, alt, is_rtl=is_from_right)
        self._parts += [table, markup.paragraph(self._styles["small print"])]

    def _add_late_tables(self) -> None:
        for number, (piece, anchor) in enumerate(self._late):
            if number == 0:
                self._is_new_page = True
                self._add_heading(1, self._t(N_("Long tables")))
            self._add("heading 2", markup.bookmark(5000 + number, anchor, markup.run(piece.title)))
            self._write_table(piece, *piece.chart.cells())

    def _add_definitions(self) -> None:
        """Add the definitions of the measures, and the origin of all figures."""
        briefing, t = self._briefing, self._t
        self._is_new_page = True
        self._add_heading(1, t(N_("Definitions and sources")))
        pairs = [*briefing.definitions, *briefing.doubts, (t(N_("Cite as")), briefing.citation)]
        pairs += [(t(N_("Files")), ", ".join(briefing.sources))] if briefing.sources else []
        for name, text in [*pairs, (t(N_("Data")), briefing.origin)]:
            self._add("normal", markup.run(name, is_bold=True), markup.run(f"  {text}"))
        if briefing.link:
            live = markup.run(f"{t(N_('Live view'))}  ", is_bold=True)
            self._add("normal", live, self._link(briefing.link, briefing.link))

    def _add_margins(self) -> None:
        """Write campaign and banner above each page, selection, day and number below; a template may have its own."""
        briefing, design, section = self._briefing, self._design, self._document.sections[-1]
        if design.is_own and briefing.look.logo:
            own_design.add_logo(section, briefing.look, briefing.lang)
        margins = design.list_margins()
        template_tags = {
            tag for tag in ("selection", "day") for one in design.find(tag) if one.getroottree().getroot() in margins
        }
        has_pages = any("PAGE" in "".join(margin.xpath(".//w:instrText/text() | .//@w:instr")) for margin in margins)
        banner = [self._t(FICTIONAL)] if briefing.is_sample else []
        above = SEPARATOR.join([briefing.campaign, *banner] if design.is_own else banner)
        page = self._t(N_("Page {n} of {total}"), n=f"{_NUMBER}PAGE{_NUMBER}", total=f"{_NUMBER}NUMPAGES{_NUMBER}")
        numbers = [
            markup.field(one, "1") if place % 2 else markup.run(one) for place, one in enumerate(page.split(_NUMBER))
        ]
        header, footer = self._styles["header"], self._styles["footer"]
        below = [] if len(template_tags) == 2 else [markup.paragraph(footer, markup.run(briefing.selection))]
        below += [] if has_pages else [markup.paragraph(footer, *numbers, properties='<w:jc w:val="right"/>')]
        lines = [markup.paragraph(header, markup.run(above))] if above else []
        for margin, texts in ((section.header, lines), (section.footer, below)):
            for element in markup.parse(texts):
                margin._element.append(element)
            for old in margin._element.xpath("./w:p[not(*[not(self::w:pPr)])]") if texts else ():
                margin._element.remove(old)  # the library begins with an empty one


def _turn(root: Any) -> None:
    """Have every paragraph whose words are written from the right begin there."""
    for paragraph in root.iter(qn("w:p")):
        letters = (letter for text in paragraph.iter(qn("w:t")) for letter in text.text or "")
        if next((kind for kind in map(bidirectional, letters) if kind in ("L", "R", "AL")), "L") == "L":
            continue
        properties = paragraph.get_or_add_pPr()
        mark = parse_xml(f"<w:bidi {nsdecls('w')}/>")
        behind = next((one for one in properties if one.tag in map(qn, ("w:spacing", "w:ind", "w:jc"))), None)
        (properties.append if behind is None else behind.addprevious)(mark)
        for run in paragraph.iter(qn("w:r")):
            run.get_or_add_rPr().append(parse_xml(f"<w:rtl {nsdecls('w')}/>"))

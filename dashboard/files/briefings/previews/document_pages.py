"""A Word document as plain data: paragraphs in their styles, tables, charts and pictures, one after the other.

Word breaks pages by rules of its own, so a page may begin elsewhere there.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from dashboard.charts.chart import Chart
from dashboard.files.briefings.previews.drawn_pages import DRAWN, LETTERS, LINE, Drawing, choose_font, draw_chart
from dashboard.files.briefings.word.markup import EMU, TWIPS
from dashboard.files.briefings.word.moved_charts import SCALE
from dashboard.theme import TEXT

_SIDES = {"right": "right", "end": "right", "center": "center"}
_PAGE, _PAGES = "\ue000", "\ue001"
"""In place of the number of a page, and of all pages."""
_HANGING = 18.0
"""How far the points of a list stand in where the list does not say it."""


def read_document(document: Any, charts: Mapping[str, Chart]) -> Drawing:
    """Read a document; `charts`: those of its native charts, by their alternative texts."""
    reader = _Reader(document, charts)
    section = document.sections[-1]
    names = ("top_margin", "right_margin", "bottom_margin", "left_margin")
    reader.drawing.values["document"] = {
        "width": section.page_width / EMU,
        "height": section.page_height / EMU,
        "margins": [getattr(section, name) / EMU for name in names],
        "header": [*reader.read(section.header._element, section.header.part)],
        "footer": [*reader.read(section.footer._element, section.footer.part)],
        "blocks": [*reader.read(document.element.body, document.part)],
    }
    return reader.drawing


def _get(looks: Sequence[Any], name: str, attribute: str = "val") -> str:
    """Return an attribute of the first child of a name that has it; empty where none has."""
    children = (one for look in looks for one in look.findall(qn(f"w:{name}")))
    return next((str(one.get(qn(f"w:{attribute}"))) for one in children if one.get(qn(f"w:{attribute}"))), "")


def _find(looks: Sequence[Any], name: str) -> Any:
    """Return the first look's child of a name; None where none has it."""
    return next((one for look in looks if (one := look.find(qn(f"w:{name}"))) is not None), None)


def _is(looks: Sequence[Any], name: str) -> bool:
    """Return whether a property is on: the first look that has it decides."""
    switch = _find(looks, name)
    return switch is not None and switch.get(qn("w:val")) not in ("0", "false", "none")


class _Reader:
    """One document on its way to plain data."""

    def __init__(self, document: Any, charts: Mapping[str, Chart]) -> None:
        self.drawing = Drawing({"slides": []}, {})
        self._charts = charts
        root = document.styles.element
        self._styles = {one.get(qn("w:styleId")): one for one in root.iter(qn("w:style"))}
        defaults = root.find(qn("w:docDefaults"))
        self._defaults = [] if defaults is None else [*defaults.iter(qn("w:rPr"), qn("w:pPr"))]
        self._usual = next((name for name, one in self._styles.items() if one.get(qn("w:default")) == "1"), "")
        numbering = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")]
        self._lists = numbering[0]._element if numbering else None
        self._numbers: dict[str, Iterator[int]] = {}
        theme = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/theme")]
        fonts = etree.fromstring(theme[0].blob).iter("{*}minorFont", "{*}majorFont") if theme else ()
        self._typefaces = {one.tag[-9:-4]: one.find("{*}latin").get("typeface") for one in fonts}

    def read(self, parent: Any, part: Any, looks_of_table: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """Read what stands below an element, in order."""
        for element in parent:
            if element.tag == qn("w:p"):
                yield from self._read_paragraph(element, part, looks_of_table)
            elif element.tag == qn("w:tbl"):
                yield self._read_table(element, part)
            elif element.tag == qn("w:sdt"):
                yield from self.read(element.find(qn("w:sdtContent")), part)

    def _list_looks(self, style_id: str, kind: str) -> list[Any]:
        """List the properties (`pPr`, `rPr`) of a style and of those that it is based on."""
        looks: list[Any] = []
        while (style := self._styles.get(style_id)) is not None and len(looks) < 20:
            looks += [one for one in [style.find(qn(f"w:{kind}"))] if one is not None]
            base = style.find(qn("w:basedOn"))
            style_id = "" if base is None else base.get(qn("w:val"))
        return looks

    def _read_paragraph(self, element: Any, part: Any, looks_of_table: Sequence[Any]) -> Iterator[dict[str, Any]]:
        direct_looks = [one for one in [element.find(qn("w:pPr"))] if one is not None]
        style = _get(direct_looks, "pStyle") or self._usual
        looks = [*direct_looks, *self._list_looks(style, "pPr"), *self._defaults]
        usual = [*self._list_looks(style, "rPr"), *looks_of_table, *self._defaults]
        runs = [*self._read_runs(element, usual)]
        first = self._write_run("", usual)
        size = max((run["size"] for run in runs), default=first["size"])
        mark, indent, hanging = self._read_mark(_find(looks, "numPr"))
        line = int(_get(looks, "spacing", "line") or 240) / 240 if _get(looks, "spacing", "lineRule") != "exact" else 1
        for drawing in element.iter(qn("w:drawing")):
            yield from self._read_drawing(drawing, part)
        if not runs and element.find(f".//{qn('w:drawing')}") is not None:
            return
        yield {
            "kind": "paragraph",
            "breaks": _is(looks, "pageBreakBefore") or any(one.get(qn("w:type")) for one in element.iter(qn("w:br"))),
            "runs": runs,
            "mark": first | {"text": mark} if mark else None,
            "size": size,
            "side": _SIDES.get(_get(looks, "jc"), "left"),
            "indent": indent or int(_get(looks, "ind", "left") or 0) / TWIPS,
            "hanging": -hanging,
            "above": int(_get(looks, "spacing", "before") or 0) / TWIPS,
            "below": int(_get(looks, "spacing", "after") or 0) / TWIPS,
            "leading": (LINE * line - LETTERS) * size,
            "is-kept": _is(looks, "keepNext"),
            "edges": self._read_edges(_find(looks, "pBdr")),
        }

    def _read_mark(self, numbers: Any) -> tuple[str, float, float]:
        """Read the point or number of a list's paragraph, and how far it stands in."""
        number = "" if numbers is None else _get([numbers], "numId")
        if self._lists is None or not number.isdigit():
            return "", 0, 0
        numbering = self._lists.xpath(f"w:num[@w:numId='{number}']")
        abstract = self._lists.xpath(f"w:abstractNum[@w:abstractNumId='{_get(numbering, 'abstractNumId')}']")
        level = next((one for each in abstract for one in each.findall(qn("w:lvl"))), None)
        if level is None:
            return "", 0, 0
        looks = [one for one in [level.find(qn("w:pPr"))] if one is not None]
        indent = int(_get(looks, "ind", "left") or 0) / TWIPS or _HANGING
        hanging = int(_get(looks, "ind", "hanging") or 0) / TWIPS or _HANGING
        if _get([level], "numFmt") == "bullet":
            return "•", indent, hanging
        following = next(self._numbers.setdefault(number, count(1)))
        return f"{following}.", indent, hanging

    def _read_runs(self, paragraph: Any, usual: Sequence[Any]) -> Iterator[dict[str, Any]]:
        field = ""
        for run in paragraph.iter(qn("w:r")):
            direct_looks = [one for one in [run.find(qn("w:rPr"))] if one is not None]
            looks = [*direct_looks, *self._list_looks(_get(direct_looks, "rStyle"), "rPr"), *usual]
            text = ""
            for one in run:
                if one.tag == qn("w:instrText"):
                    field = {"PAGE": _PAGE, "NUMPAGES": _PAGES}.get((one.text or "").strip(), "")
                elif one.tag == qn("w:t"):
                    text, field = text + (field or one.text or ""), ""
                elif one.tag in (qn("w:br"), qn("w:tab")) and one.get(qn("w:type")) != "page":
                    text += "\n" if one.tag == qn("w:br") else "  "
            if text:
                yield self._write_run(text, looks)

    def _write_run(self, text: str, looks: Sequence[Any]) -> dict[str, Any]:
        theme = _get(looks[:1], "rFonts", "asciiTheme") or _get(looks, "rFonts", "asciiTheme")
        typeface = self._typefaces.get(theme[:5], "") or _get(looks, "rFonts", "ascii")
        ink = _get(looks, "color")
        return {
            "text": text.upper() if _is(looks, "caps") else text,
            "size": float(_get(looks, "sz") or 20) / 2,
            "ink": f"#{ink}" if len(ink) == 6 else TEXT,
            "is-bold": _is(looks, "b"),
            "is-italic": _is(looks, "i"),
        } | choose_font(typeface)

    def _read_drawing(self, drawing: Any, part: Any) -> Iterator[dict[str, Any]]:
        extent, about = drawing.find(f".//{qn('wp:extent')}"), drawing.find(f".//{qn('wp:docPr')}")
        size = {"width": int(extent.get("cx")) / EMU, "height": int(extent.get("cy")) / EMU}
        if (chart := self._charts.get(about.get("descr", ""))) and drawing.find(f".//{qn('c:chart')}") is not None:
            content = draw_chart(chart, size["width"] / SCALE, size["height"] / SCALE)
            yield {"kind": "image", "file": self.drawing.add_file("svg", content), "fit": "contain"} | size
        for blip in drawing.iter(qn("a:blip")):
            target = part.related_parts[blip.get(qn("r:embed"))]
            if (ending := str(target.partname.ext).lower()) in DRAWN:
                yield {"kind": "image", "file": self.drawing.add_file(ending, target.blob), "fit": "stretch"} | size

    def _read_table(self, table: Any, part: Any) -> dict[str, Any]:
        style_id = _get([table.find(qn("w:tblPr"))], "tblStyle")
        looks = [table.find(qn("w:tblPr")), *self._list_looks(style_id, "tblPr")]
        borders = _find(looks, "tblBorders")
        lines = self._read_edges(borders)
        across = {"top": lines["insideH"]} if "insideH" in lines else {}
        margins = [one for look in looks if (one := look.find(qn("w:tblCellMar"))) is not None]
        style = self._styles.get(style_id)
        heads = (
            []
            if style is None
            else [one for one in style.iter(qn("w:tblStylePr")) if one.get(qn("w:type")) == "firstRow"]
        )
        rows: list[dict[str, Any]] = []
        for number, row in enumerate(table.findall(qn("w:tr"))):
            inherited = [one for head in heads if number == 0 and (one := head.find(qn("w:rPr"))) is not None]
            edges = {name: lines[name] for name in ("top",) if name in lines} if number == 0 else across
            cells = [
                {
                    "paragraphs": paragraphs,
                    "margin": int(_get(margins, "left", "w") or 0) / TWIPS,
                    "padding": max((one["above"] for one in paragraphs), default=0),
                    "anchor": {"center": "middle", "bottom": "bottom"}.get(_get([cell.tcPr], "vAlign"), "top"),
                    "fill": f"#{fill}" if len(fill := _get([cell.tcPr], "shd", "fill")) == 6 else "",
                    "edges": edges,
                }
                for cell in row.findall(qn("w:tc"))
                for blocks in [[*self.read(cell, part, inherited)]]
                for paragraphs in [[one for one in blocks if one["kind"] == "paragraph"]]
            ]
            rows.append({"height": 0, "cells": cells})
        widths = [int(one.get(qn("w:w"))) / TWIPS for one in table.find(qn("w:tblGrid"))]
        rows = [row for row in rows if len(row["cells"]) == len(widths)]
        return {
            "kind": "table",
            "rows": rows,
            "widths": widths,
            "is-headed": bool(table.findall(f".//{qn('w:tblHeader')}")),
        }

    def _read_edges(self, borders: Any) -> dict[str, dict[str, Any]]:
        """Read lines around paragraphs and cells, by side."""
        lines: Any = () if borders is None else borders
        return {
            one.tag.rpartition("}")[2]: {
                "width": int(one.get(qn("w:sz")) or 4) / 8,
                "ink": f"#{ink}" if len(ink := str(one.get(qn("w:color")))) == 6 else TEXT,
                "space": int(one.get(qn("w:space")) or 0),
            }
            for one in lines
            if one.get(qn("w:val")) not in ("nil", "none")
        }

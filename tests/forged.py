"""Forging one figure in a file that left the house, its receipt left as it is: `python -m etl verify` must find it."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pikepdf
import pyarrow.parquet
from docx import Document
from PIL import Image, ImageDraw, PngImagePlugin
from pptx import Presentation

from dashboard.web.verifying.drawn_figures import _read_letters

FORGED = 987


class Forged(NamedTuple):
    """The place of a forged figure, as a report must name it, and the forged value."""

    place: str
    says: str = str(FORGED)


def forge(path: Path) -> Forged:
    """Change one figure in a file in place, as somebody would by hand; all endings of its name say its form."""
    return _FORGERS[path.name.partition(".")[2]](path)


def _svg(path: Path) -> Forged:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(<text\b[^>]*>[^<\d]*)\d+", rf"\g<1>{FORGED}", text, count=1), encoding="utf-8")
    return Forged("a text of the drawing")


def _bar(path: Path) -> Forged:
    """Draw a bar longer, without changing texts."""
    text = path.read_text(encoding="utf-8")
    drawn = [*re.finditer(r'<rect\b[^>]*\bwidth="([\d.]+)"', text)][1:]  # the first is the ground
    bar = drawn[-1] if drawn else re.search(r'<path\b[^>]*\bd="M([\d.]+)', text)
    assert bar is not None
    path.write_text(f"{text[: bar.start(1)]}{FORGED}{text[bar.end(1) :]}", encoding="utf-8")
    return Forged("the drawing, shape")


def _png(path: Path) -> Forged:
    picture: Any = Image.open(path)
    kept = PngImagePlugin.PngInfo()
    kept.add_itxt("receipt", picture.info["receipt"])
    ImageDraw.Draw(picture).rectangle((200, 200, 240, 220), fill="black")
    picture.save(path, pnginfo=kept)
    return Forged("the picture, between", "something else")


def _html(path: Path) -> Forged:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(<td[^>]*>)\d+", rf"\g<1>{FORGED}", text, count=1), encoding="utf-8")
    return Forged("table, row “")


def _csv(path: Path) -> Forged:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[1] = re.sub(r"(?<=[,;])\d+", str(FORGED), lines[1], count=1)
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    return Forged("row 2, column")


def _figure(path: Path) -> Forged:
    figure = json.loads(path.read_text(encoding="utf-8"))
    trace = next(one for one in figure["data"] if one.get("x") or one.get("y"))
    values = trace["x"] if isinstance((trace.get("x") or [""])[0], int | float) else trace["y"]
    values[0] = FORGED
    path.write_text(json.dumps(figure), encoding="utf-8")
    return Forged("data[")


def _metadata(path: Path) -> Forged:
    described = json.loads(path.read_text(encoding="utf-8"))
    described["totals"]["completed"] = FORGED
    path.write_text(json.dumps(described), encoding="utf-8")
    return Forged("totals.completed")


def _pptx(path: Path) -> Forged:
    """Forge a chart's value, as saved beside its sheet; else a cell of the table, or the headline."""
    deck = Presentation(str(path))
    for number, slide in enumerate(deck.slides, start=1):
        for shape in slide.shapes:
            if shape.has_chart:
                point = shape.chart.part._element.xpath(".//c:val//c:pt/c:v")[0]
                point.text = str(FORGED)
                deck.save(str(path))
                return Forged(f"slide {number}, chart, series “")
            if shape.has_table:
                shape.table.cell(1, 1).text = str(FORGED)
                deck.save(str(path))
                return Forged(f"slide {number}, table, row 2, column 2")
    return forge_text(path)


def _docx(path: Path) -> Forged:
    """Forge a chart's value, as saved beside its sheet; else a number in the document's texts."""
    document = Document(str(path))
    charts = [one.target_part for one in document.part.rels.values() if one.reltype.endswith("/chart")]
    if charts:
        charts[0]._blob = re.sub(
            rb"(<c:val>.*?<c:v>)[^<]*", rb"\g<1>%d" % FORGED, charts[0].blob, count=1, flags=re.DOTALL
        )
        document.save(str(path))
        return Forged("chart, series “")
    run = next(run for one in document.paragraphs for run in one.runs if re.search(r"\d", run.text))
    run.text = re.sub(r"\d+", str(FORGED), run.text, count=1)
    document.save(str(path))
    return Forged("the document, paragraph")


def forge_text(path: Path) -> Forged:
    """Forge a number in a text of the last slide that has one."""
    deck = Presentation(str(path))
    for number, slide in reversed(list(enumerate(deck.slides, start=1))):
        for shape in slide.shapes:
            for run in (run for p in shape.text_frame.paragraphs for run in p.runs) if shape.has_text_frame else ():
                if re.search(r"\d", run.text) and "http" not in run.text:
                    run.text = re.sub(r"\d+", str(FORGED), run.text, count=1)
                    deck.save(str(path))
                    return Forged(f"slide {number}, text “")
    raise AssertionError("no slide has a number")


def forge_sheet_of_chart(path: Path) -> Forged:
    """Forge a cell of the sheet that opens at *Edit data*; the chart is as it was until somebody opens it."""
    deck = Presentation(str(path))
    for number, slide in enumerate(deck.slides, start=1):
        for shape in slide.shapes:
            if shape.has_chart:
                part = shape.chart.part.chart_workbook.xlsx_part
                book = openpyxl.load_workbook(io.BytesIO(part.blob))
                book.active.cell(2, 2).value = FORGED
                stream = io.BytesIO()
                book.save(stream)
                part._blob = stream.getvalue()
                deck.save(str(path))
                return Forged(f"slide {number}, data of the chart, sheet “{book.active.title}”, cell B2")
    raise AssertionError("no slide has a chart")


def _xlsx(path: Path) -> Forged:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(2):
        cell = next((cell for cell in row if isinstance(cell.value, int | float) and cell.value is not True), None)
        if cell is not None:
            cell.value = FORGED
            book.save(path)
            return Forged(f"sheet “{sheet.title}”, cell {cell.coordinate}")
    sheet.cell(2, 2).value = str(FORGED)
    book.save(path)
    return Forged(f"sheet “{sheet.title}”, cell B2")


def _parquet(path: Path) -> Forged:
    table = pyarrow.parquet.read_table(path)
    place = next(number for number, field in enumerate(table.schema) if str(field.type) in ("int64", "int32", "string"))
    values = table.column(place).to_pylist()
    values[-1] = FORGED if "int" in str(table.schema.field(place).type) else str(FORGED)
    changed = table.set_column(place, table.schema.field(place), pyarrow.array(values, table.schema.field(place).type))
    pyarrow.parquet.write_table(changed.replace_schema_metadata(table.schema.metadata), path)
    return Forged("the table, row")


def _zip(path: Path) -> Forged:
    """Forge a figure in the first CSV file of an archive that has rows."""
    with zipfile.ZipFile(path) as archive:
        comment, parts = archive.comment, {info: archive.read(info) for info in archive.infolist()}
    named = ""
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = comment
        for info, content in parts.items():
            if not named and info.filename.endswith(".csv") and content.count(b"\n") > 2:
                lines = content.split(b"\r\n")
                lines[1] = re.sub(rb"(?<=[,;])[^,;\"]*", str(FORGED).encode(), lines[1], count=1)
                named, content = info.filename, b"\r\n".join(lines)
            archive.writestr(info, content)
    return Forged(f"{named}, the table, row 2, column")


def _pdf(path: Path) -> Forged:
    """Replace the first digit of a page by another one, written as its font writes it."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            letters: dict[bytes, str] = {}
            shown: list[Any] = []
            is_forged = False
            for instruction in pikepdf.parse_content_stream(page):
                operands: Any = instruction.operands
                operator = instruction.operator
                if str(operator) == "Tf":
                    letters = _read_letters(page.Resources.Font[str(operands[0])])
                if str(operator) in ("Tj", "TJ") and not is_forged:
                    given = list(operands[0]) if str(operator) == "TJ" else [operands[0]]
                    changed = [_other_digit(one, letters) for one in given]
                    is_forged = changed != given
                    operands = [pikepdf.Array(changed) if str(operator) == "TJ" else changed[0]]
                shown.append((operands, operator))
            if is_forged:
                page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(shown))
                pdf.save(path)
                return Forged("page ", "")
    raise AssertionError("no page has a digit")


def _other_digit(shown: Any, letters: dict[bytes, str]) -> Any:
    """Return a string of codes with another digit in the place of its first."""
    if not isinstance(shown, pikepdf.String):
        return shown
    codes = bytes(shown)
    for place in range(0, len(codes), 2):
        digit = letters.get(codes[place : place + 2], "")
        if digit and digit in "0123456789":
            other = next((code for code, letter in letters.items() if letter in set("0123456789") - {digit}), None)
            if other:
                return pikepdf.String(codes[:place] + other + codes[place + 2 :])
    return shown


def _page(path: Path) -> Forged:
    text = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(r'(<meta name="description" content="[^"\d]*)\d+', rf"\g<1>{FORGED}", text, count=1), encoding="utf-8"
    )
    return Forged("the page’s description")


_FORGERS: dict[str, Callable[[Path], Forged]] = {
    "svg": _svg, "bar.svg": _bar, "png": _png, "html": _html, "csv": _csv, "json": _figure, "metadata.json": _metadata,
    "pptx": _pptx, "text.pptx": forge_text, "sheet.pptx": forge_sheet_of_chart, "xlsx": _xlsx, "parquet": _parquet,
    "docx": _docx, "zip": _zip, "pdf": _pdf, "page.html": _page,
}  # fmt: skip

"""PDF/UA from a Typst file and values: with the fonts of pictures, without the system's clock, without a network.

Typst heads columns of tables, and rows only with a feature that its Python library cannot switch on: the first cells of
each row are made headings afterwards, so that a screen reader says them with each cell.

Typst is a library of 81 MB that holds the interpreter while it works: only worker processes and commands load this.
"""

import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pikepdf
import typst
from fontTools.ttLib import TTFont

from dashboard.charts.svg.fonts import InstalledFont, find_installed, font_files, metrics
from dashboard.charts.svg.runs import with_runs
from dashboard.charts.svg.static_fonts import FAMILY, REGULAR
from dashboard.receipts.papers import save


def head_rows(content: bytes, counts: Sequence[int]) -> bytes:
    """The same PDF with the first cells of each table's rows as headings of the row.

    `counts` says for each table, in the order of reading, how many cells of a row name it.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tables = list(_find(pdf.Root.StructTreeRoot.K, pikepdf.Name.Table))
        for table, count in zip(tables, counts, strict=True):
            for body in _find(table.K, pikepdf.Name.TBody):
                for row in _find(body.K, pikepdf.Name.TR):
                    for cell in list(row.K)[:count]:
                        _head(cell)
        return save(pdf)


def _find(children: pikepdf.Object, role: pikepdf.Name) -> Iterator[pikepdf.Object]:
    """The elements of a role below an element, none inside another."""
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if not isinstance(child, pikepdf.Dictionary) or "/S" not in child:
            continue
        if role == child.S:
            yield child
        elif "/K" in child:
            yield from _find(child.K, role)


def _head(cell: pikepdf.Object) -> None:
    cell.S = pikepdf.Name.TH
    for attributes in cell.A:
        if pikepdf.Name.Table == attributes.O:
            attributes.Scope = pikepdf.Name.Row


STANDARD: Final = "ua-1"
MISSING = "\N{WHITE SQUARE}"
"""Stands where no font has a letter: a file that is to be read aloud may not hold letters that nobody sees."""

_FOLDER = Path(__file__).parent
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_LEFT_OUT: dict[int, str | None] = dict.fromkeys((0xFEFF, *range(0x202A, 0x202F)))
"""A sign that PDF/UA forbids, and those that turn what follows around: texts are ordered by their letters."""
_KANA = re.compile("[\u3040-\u30ff]")


def typeset(template: str, values: Mapping[str, Any], made_at: datetime) -> bytes:
    """A document as tagged PDF; the same values give the same bytes.

    Args:
        template: The name of a Typst file of this folder.
        values: What it says, JSON-able; texts are set as they are, never read as markup. Pictures are SVG.
        made_at: When the data was built: the day of the file.

    Raises:
        typst.TypstError: the template cannot be set, or not as PDF/UA.
    """
    json_text = json.dumps(values, ensure_ascii=False)
    letters, unwritable = _find_fonts(set(json_text))
    paper = _say(values, dict.fromkeys(map(ord, unwritable), MISSING) | _LEFT_OUT)
    needed = {file: None for font, codes in letters for file in _list_files(font, codes)}
    pictures = [_cut(chart["picture"], needed) for chart in paper["charts"]]
    paper["charts"] = [chart | {"picture": picture} for chart, picture in zip(paper["charts"], pictures, strict=True)]
    paper["fonts"] = [FAMILY, *dict.fromkeys(font.family for font, _ in letters)]
    with tempfile.TemporaryDirectory(prefix="fonts-") as folder:
        for number, file in enumerate([*map(str, font_files()), *needed]):
            Path(folder, f"{number}-{Path(file).name}").symlink_to(file)
        content = typst.compile(
            _FOLDER / template,
            root=_FOLDER,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]),
            sys_inputs={"paper": json.dumps(paper)},
            pdf_standards=[STANDARD],
            timestamp=int(made_at.timestamp()),
        )
    tables = [chart["table"] for chart in paper["charts"]]
    return head_rows(content, [table["headed"] for table in sorted(tables, key=itemgetter("is-late")) if table["rows"]])


def _cut(picture: str, files: dict[str, None]) -> str:
    """A picture with its foreign lines cut into runs, as resvg needs it (Typst draws by it too); notes their fonts."""
    cut, needed = with_runs(picture) if picture else (picture, ())
    files.update(dict.fromkeys(needed))
    return cut


def _find_fonts(letters: set[str]) -> tuple[list[tuple[InstalledFont, set[int]]], list[str]]:
    """The machine's fonts with the letters that the own font lacks, and the letters that none has."""
    glyphs = metrics(REGULAR).widths
    foreign = sorted(letter for letter in letters if ord(letter) not in glyphs and not _INVISIBLE.match(letter))
    is_japanese = any(map(_KANA.match, foreign))
    font_by_letter = {
        letter: find_installed(ord(letter), is_japanese=is_japanese) for letter in foreign if letter >= " "
    }
    fonts: dict[str, tuple[InstalledFont, set[int]]] = {}
    for letter, font in font_by_letter.items():
        if font is not None:
            fonts.setdefault(font.file, (font, set()))[1].add(ord(letter))
    return list(fonts.values()), [letter for letter, font in font_by_letter.items() if font is None]


def _list_files(font: InstalledFont, letters: set[int]) -> list[str]:
    """The files of a font; that of its bold letters only if it has all that are needed, else they are not bold."""
    if font.bold == font.file:
        return [font.file]
    with TTFont(font.bold, fontNumber=font.face, lazy=True) as bold:
        return [font.file, font.bold] if letters <= set(bold.getBestCmap() or ()) else [font.file]


def _say(value: Any, unwritable: Mapping[int, str | None]) -> Any:
    """Values with a sign in place of letters that cannot be written."""
    if isinstance(value, str):
        return value.translate(unwritable)
    if isinstance(value, Mapping):
        return {name: _say(one, unwritable) for name, one in value.items()}
    return [_say(one, unwritable) for one in value] if isinstance(value, list) else value

"""Pages as pictures, set by Typst from plain data: slides of boxes with a place, pages of paragraphs in a row.

Texts are set in the typeface that the file names, where the computer has it or one of its widths; else in the font of
pictures, as wide as Arial, which decks and documents have.
"""

import json
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import typst

from dashboard.charts.chart import Chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.fonts import font_files
from dashboard.charts.svg.runs import with_runs
from dashboard.charts.svg.static_fonts import FAMILY
from dashboard.files.briefings.series import without_empty_sides

LINE, LETTERS = 1.15, 1.117
"""The distance of lines, and the height of letters, as shares of their size."""
DRAWN = ("png", "jpg", "jpeg", "gif", "svg", "webp")
"""The pictures that can be drawn; of others the place stays free."""
_SETTING = Path(__file__).with_name("drawn_pages.typ")
_SAME_WIDTHS = {"arial": "liberation sans", "helvetica": "liberation sans", "calibri": "carlito", "cambria": "caladea"}
_WIDER = 1.09
"""How much larger the letters of pictures' font are set, to be as wide as Arial's."""
_PIXELS = 14 / 13
"""CSS pixels of a chart's drawing for a point of its place: its letters are then as large as a native chart's."""
_GROUND = re.compile(r'<rect width="\d+" height="\d+" class="f-paper"/>')
_DARK = re.compile(r"@media \(prefers-color-scheme:dark\)\{(.*)\}</style>")


class Drawing(NamedTuple):
    """Pages as the setting reads them, and the files of their pictures by name."""

    values: dict[str, Any]
    files: dict[str, bytes]

    def add_file(self, ending: str, content: bytes) -> str:
        """Add a picture; return its name."""
        name = f"{len(self.files)}.{ending}"
        self.files[name] = content
        return name

    def set_pages(self, form: Literal["png", "svg"]) -> tuple[list[bytes], list[dict[str, Any]]]:
        """Set the pages as `png` or `svg`; also return which texts (`words`) of which `page` are overfull."""
        with tempfile.TemporaryDirectory(prefix="pages-") as folder:
            for name, content in self.files.items():
                Path(folder, name).write_bytes(content)
            Path(folder, "values.json").write_text(json.dumps(self.values), encoding="utf-8")
            setting = Path(folder, _SETTING.name)
            setting.write_bytes(_SETTING.read_bytes())
            compiler = typst.Compiler(setting, root=folder, font_paths=_find_fonts())
            pages = compiler.compile(format=form, ppi=96)
            overfull = json.loads(compiler.query("<overfull>", field="value"))
        return pages if isinstance(pages, list) else [pages or b""], overfull


@cache
def _find_fonts() -> typst.Fonts:
    folders = sorted({str(file.parent) for file in font_files()})
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=folders)


@cache
def choose_font(typeface: str) -> dict[str, Any]:
    """Choose the font of a typeface that the computer has, and how much larger its letters are set."""
    families = {name.lower(): name for name in _find_fonts().families()}
    name = typeface.lower()
    family = families.get(name) or families.get(_SAME_WIDTHS.get(name, name))
    return {"fonts": [family or FAMILY, FAMILY], "scale": 1.0 if family or name == "calibri" else _WIDER}


def draw_chart(chart: Chart, width: float, height: float, *, is_dark: bool = False) -> bytes:
    """Draw a chart for a place of a size in points, on the ground that is there."""
    size = round(width * _PIXELS), round(height * _PIXELS)
    drawn = draw_svg(without_empty_sides(chart), width=size[0], height=size[1])
    svg, _ = with_runs(_GROUND.sub("", drawn, count=1))
    return (_DARK.sub(r"\1</style>", svg) if is_dark else svg).encode()

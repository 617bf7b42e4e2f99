"""The letters of Western languages as a small font for embeds, so that the words of a page are as high everywhere.

`python -m dashboard.web.charts.words_font` makes it anew from Source Sans by Adobe (SIL Open Font License 1.1), which
Streamlit brings along; a test reports when that is due. It has no kerning: a line is as wide as its letters together.
"""

import base64
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from dashboard.charts.svg.static_fonts import REGULAR, SEMIBOLD, find_source
from dashboard.web.static import Copies, name_by_content

FILE = Path(__file__).with_name("SourceSans-Latin.woff2")
_LETTERS = (
    *((0x20, 0x7E), (0xA0, 0xFF), (0x152, 0x153), (0x178, 0x178), (0x2009, 0x2009), (0x2010, 0x2026)),
    *((0x202F, 0x202F), (0x2030, 0x2030), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2190, 0x2193), (0x2212, 0x2212)),
    *((0x2248, 0x2248), (0x2264, 0x2265)),
)
"""The first and last code of each range of its letters, as far as Source Sans has them."""
INSIDE = "data:"
"""In place of a folder: the font stands inside the page."""


def list_letters() -> Iterator[int]:
    """Yield the codes of all letters."""
    for first, last in _LETTERS:
        yield from range(first, last + 1)


@cache
def copies() -> Copies:
    """Return the font's file under a name that carries a hash of its content."""
    return Copies({name_by_content(FILE): FILE})


@cache
def write_face(folder: str = "assets/") -> str:
    """Write the style rule of the font.

    `folder` is the page's folder of the file, with the slash at its end; or `INSIDE`.
    """
    (name,) = copies().files
    if folder == INSIDE:
        name = f"font/woff2;base64,{base64.b64encode(FILE.read_bytes()).decode()}"
    spans = ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in _LETTERS)
    return (
        f'@font-face{{font-family:"Source Sans";font-weight:{REGULAR} {SEMIBOLD};font-display:swap;'
        f'src:url({folder}{name}) format("woff2");unicode-range:{spans}}}'
    )


def make() -> None:
    """Write the font in place of the one before."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(find_source(), recalcTimestamp=False)
    for table in ("GSUB", "GPOS", "GDEF", "MVAR", "STAT"):
        if table in font:
            del font[table]
    subsetter = Subsetter(Options(layout_features=[], layout_closure=False, hinting=False))
    subsetter.populate(unicodes=list_letters())
    subsetter.subset(font)
    instantiateVariableFont(font, {"wght": (REGULAR, SEMIBOLD)}, inplace=True)
    font.flavor = "woff2"
    font.save(FILE)


if __name__ == "__main__":
    make()

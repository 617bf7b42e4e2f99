"""A small font of the pages' icons: Streamlit's has four thousand and is the largest file of a first visit.

The small font takes the name and place of Streamlit's, as long as Streamlit keeps that name. `python -m
dashboard.web.icons` makes it anew from Material Symbols by Google (Apache License 2.0), which Streamlit brings along; a
test says when that is needed.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.paths import PROJECT, find_package

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

NAMES = "MaterialSymbols-*.woff2"
_ICON = re.compile(r":material/([a-z0-9_]+)")
_HERE = Path(__file__).parent


def find_small(media: Path) -> dict[str, Path]:
    """Find the small font, by the name of Streamlit's that it replaces; nothing where Streamlit's is another."""
    return {font.name: font for font in _HERE.glob(NAMES) if (media / font.name).is_file()}


def list_used(streamlit: Path) -> set[str]:
    """List the names of icons that the pages may draw: those in the sources of the dashboard and of Streamlit."""
    sources = [*(PROJECT / "pages").glob("*.py"), *(PROJECT / "dashboard").rglob("*.py"), *streamlit.rglob("*.py")]
    texts = (file.read_text(encoding="utf-8") for file in (*sources, *streamlit.glob("static/static/js/*.js")))
    return {name for text in texts for name in _ICON.findall(text)}


def read_icons(font: "TTFont") -> dict[str, str]:
    """Read the glyph of each icon of a font; an icon is a ligature of the letters of its name."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    return {
        "".join(letters[glyph] for glyph in (first, *ligature.Component)): ligature.LigGlyph
        for lookup in font["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
        for first, ligatures in getattr(table, "ExtSubTable", table).ligatures.items()
        for ligature in ligatures
    }


def make(streamlit: Path) -> None:
    """Write the small font in place of the former one."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    source = next((streamlit / "static" / "static" / "media").glob(NAMES))
    font = TTFont(source, recalcTimestamp=False)
    names, icons = list_used(streamlit), read_icons(font)
    subsetter = Subsetter(Options(layout_features=["rlig", "liga"], layout_closure=False))
    letters = {ord(letter) for name in names for letter in name}
    subsetter.populate(glyphs=[icons[name] for name in names if name in icons], unicodes=letters)
    subsetter.subset(font)
    for before in _HERE.glob(NAMES):
        before.unlink()
    font.flavor = "woff2"
    font.save(_HERE / source.name)


if __name__ == "__main__":
    make(find_package("streamlit"))

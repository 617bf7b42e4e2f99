"""One font file for each weight of pictures, made from the variable font: resvg draws them in half the time.

`python -m dashboard.charts.svg.static_fonts SOURCE FOLDER` writes them; it takes seconds, a process of its own keeps
readers from waiting.
"""

import io
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.errors import UserError
from dashboard.paths import find_package

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

REGULAR = 400
SEMIBOLD = 600
FAMILY = "Source Sans"
"""The name that pictures call the font by."""

WEIGHTS = {REGULAR: "regular.ttf", SEMIBOLD: "semibold.ttf"}

_KERNED = (range(0x180), range(0x2000, 0x2300))
"""Letters and signs of Western languages. Closing up pairs of all others would take three times as long to prepare."""

_PATTERN = "static/static/media/SourceSansVF-Upright*.woff2"
_FAMILY_NAMES = (1, 16)
_OTHER_NAMES = (17, 21, 22, 25)


@cache
def find_source() -> Path:
    """Find the compressed font in the installed package.

    Raises:
        UserError: the package does not bring it.
    """
    for file in sorted(find_package("streamlit").glob(_PATTERN)):
        return file
    raise UserError(
        "The font Source Sans was not found in the installed package streamlit.",
        "Install the packages of requirements.txt again.",
    )


def make_fonts(source: Path, folder: Path) -> None:
    """Write the file of each weight into a folder.

    `source`: the variable font, compressed or not.
    `folder`: where the files go, under the names of `WEIGHTS`.
    """
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont  # takes a tenth of a second, which others save

    kerned = _reduce(source, ["kern"], only_kerned=True)
    reduced = _reduce(source, [], only_kerned=False)
    reduced["GPOS"], reduced["GDEF"] = kerned["GPOS"], kerned["GDEF"]
    variable = io.BytesIO()
    reduced.save(variable)
    for weight, name in WEIGHTS.items():
        font = TTFont(variable, recalcTimestamp=False)
        instantiateVariableFont(font, {"wght": weight}, inplace=True, optimize=False)
        _name(font, weight)
        font.save(folder / name)


def _reduce(source: Path, features: list[str], *, only_kerned: bool) -> "TTFont":
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    for table in ("GSUB", "HVAR", "MVAR", "STAT"):  # ligatures and variants are not wanted; widths stand in the glyphs
        if table in font:
            del font[table]
    options = Options(layout_features=features, layout_closure=False, hinting=False, notdef_outline=True)
    options.glyph_names, options.name_IDs = True, ["*"]
    letters = [code for code in font.getBestCmap() if not only_kerned or any(code in part for part in _KERNED)]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    return font


def _name(font: "TTFont", weight: int) -> None:
    names = font["name"]
    for number in _OTHER_NAMES:
        names.removeNames(nameID=number)
    for number in _FAMILY_NAMES:
        names.removeNames(nameID=number)
        names.setName(FAMILY, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight


if __name__ == "__main__":
    make_fonts(Path(sys.argv[1]), Path(sys.argv[2]))

"""The machine's fonts, for letters that Source Sans lacks: which has a letter, and how wide it is there.

They are asked in the order of trust, each read when a letter first needs it. A font that is broken is passed over.
"""

import os
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTCollection, TTFont

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_NOTO = (
    *("Arabic", "Hebrew", "Thai", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu"),
    *("Kannada", "Malayalam", "Sinhala", "Lao", "Khmer", "Myanmar", "Tibetan", "Ethiopic", "Georgian", "Armenian"),
    *("Thaana", "Syriac", "NKo", "Tifinagh", "Mongolian"),
)
_NAMES = (
    *(f"NotoSans{script}-Regular" for script in _NOTO),
    *("NotoSans-Regular", "NotoSansCJK-Regular", "NotoSansSC-Regular", "NotoSansJP-Regular", "NotoSansKR-Regular"),
    *("DejaVuSans", "wqy-zenhei", "wqy-microhei", "DroidSansFallbackFull"),
    *("Arial Unicode", "arial", "segoeui", "Nirmala", "LeelawUI", "msyh", "malgun", "ebrima", "GeezaPro", "PingFang"),
    *("FreeSans", "NotoSansSymbols-Regular", "NotoSansSymbols2-Regular", "NotoEmoji-Regular", "Symbola", "unifont"),
)
_BOLD = (("-Regular", "-Bold"), ("DejaVuSans", "DejaVuSans-Bold"), ("arial", "arialbd"), ("segoeui", "segoeuib"))
_COLLECTIONS = (".ttc", ".otc")


class InstalledFont(NamedTuple):
    """A font of the machine.

    Attributes:
        family: The name that drawings call it by.
        file: Its file; of bold letters `bold`, the same where there is no other.
        face: Its number in a file of several.
        widths: Advance widths in thousandths of the font size, by character code.
    """

    family: str
    file: str
    bold: str
    face: int
    widths: dict[int, int]


@lru_cache(maxsize=8_192)
def find_installed(code: int, *, is_japanese: bool = False) -> InstalledFont | None:
    """The first installed font that has a character; none where no font has it.

    Args:
        code: The character's code.
        is_japanese: Whether it stands in a Japanese text; of Chinese characters there are Japanese forms.
    """
    for file in _files():
        font = _open(file, "JP" if is_japanese and file.suffix in _COLLECTIONS else "SC")
        if font is not None and code in font.widths:
            return font
    return None


@cache
def _files() -> tuple[Path, ...]:
    """The fonts with a name that is trusted, in the order of trust."""
    by_name: dict[str, Path] = {}
    for file in _installed():
        by_name.setdefault(file.stem.casefold(), file)
    return tuple(by_name[name.casefold()] for name in _NAMES if name.casefold() in by_name)


def _installed() -> Iterator[Path]:
    for folder in _FOLDERS:
        for place, folders, names in os.walk(folder):
            folders.sort()
            yield from (Path(place, name) for name in sorted(names) if name[-4:].lower() in (".ttf", ".otf", ".ttc"))


@cache
def _open(file: Path, region: str) -> InstalledFont | None:
    """A font; of a file of several the face for a region of East Asia, else the first."""
    try:
        with file.open("rb") as stream:
            if file.suffix.lower() not in _COLLECTIONS:
                return _read(file, 0, TTFont(stream, lazy=True))
            fonts = TTCollection(stream, lazy=True).fonts
            faces = [(number, face, _family(face)) for number, face in enumerate(fonts)]
            number, face, _ = next((one for one in faces if one[2].endswith(f" {region}")), faces[0])
            return _read(file, number, face)
    except Exception:  # whatever is wrong with a font of the machine
        return None


def _read(file: Path, face: int, font: TTFont) -> InstalledFont:
    scale, advances = 1000 / font["head"].unitsPerEm, font["hmtx"].metrics
    widths = {code: round(advances[name][0] * scale) for code, name in (font.getBestCmap() or {}).items()}
    return InstalledFont(_family(font), str(file), str(_bold(file)), face, widths)


def _family(font: TTFont) -> str:
    names = font["name"]
    return str(names.getDebugName(16) or names.getDebugName(1) or "")


def _bold(file: Path) -> Path:
    """The file of the same family's bold letters, if it lies beside."""
    for usual, bold in _BOLD:
        if file.stem.endswith(usual) and (bold_file := file.with_stem(file.stem.removesuffix(usual) + bold)).is_file():
            return bold_file
    return file

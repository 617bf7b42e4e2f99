"""The font of pictures: where its file comes from, how wide its letters are, which letters it lacks.

It is Source Sans, the open variable font of the pages, which the installed package streamlit brings; so pages,
embeds and pictures look alike, and a machine without fonts draws the same picture. Letters it lacks (Arabic,
Hebrew, Chinese, …) are drawn with the first installed font that has them, where there is one.
"""

import getpass
import hashlib
import os
import tempfile
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTCollection, TTFont

from dashboard.errors import UserError

REGULAR = 400
SEMIBOLD = 600
FAMILY = "SourceSans3VF"
"""The family name inside the font file, which resvg uses for `sans-serif`."""

_PATTERN = "static/static/media/SourceSansVF-Upright*.woff2"

_FALLBACK_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_FALLBACK_NAMES = (
    "NotoSansArabic-Regular",
    "NotoSansHebrew-Regular",
    "DejaVuSans",
    "NotoSansCJK-Regular",
    "NotoSansJP-Regular",
    "wqy-zenhei",
    "wqy-microhei",
    "DroidSansFallbackFull",
    "NotoSansDevanagari-Regular",
    "NotoSansThai-Regular",
    "NotoEmoji-Regular",
    "Symbola",
    "Arial Unicode",
    "arial",
    "msyh",
    "FreeSans",
    "unifont",
)


class Metrics(NamedTuple):
    """Advance widths of one weight, in thousandths of the font size, by character code."""

    widths: dict[int, int]


@cache
def find_source() -> Path:
    """The compressed font in the installed package.

    Raises:
        UserError: the package does not bring it.
    """
    package = find_spec("streamlit")
    folders = list(package.submodule_search_locations or ()) if package else []
    for folder in folders:
        for found in sorted(Path(folder).glob(_PATTERN)):
            return found
    raise UserError(
        "The font Source Sans was not found in the installed package streamlit.",
        "Install the packages of requirements.txt again.",
    )


@cache
def font_file() -> Path:
    """The font as an uncompressed file, which resvg needs; made once a machine and user."""
    source = find_source()
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:16]
    name = f"source-sans-plain-{digest}.ttf"
    for folder in _cache_folders():
        file = folder / name
        if file.is_file():
            return file
        try:
            return _unpack(source, file)
        except OSError:
            continue
    raise UserError(
        "The font of pictures cannot be unpacked: no temporary folder can be written.",
        "Set TMPDIR to a folder that this program may write.",
    )


def _cache_folders() -> Iterable[Path]:
    """A folder that only this user can write, the same for all its processes; else one for this process."""
    try:
        shared = Path(tempfile.gettempdir()) / f"dashboard-fonts-{_user()}"
        shared.mkdir(mode=0o700, exist_ok=True)
        state = shared.lstat()
        if shared.is_dir() and not shared.is_symlink() and (os.name != "posix" or _is_private(state)):
            yield shared
        yield Path(tempfile.mkdtemp(prefix="dashboard-fonts-"))
    except OSError:
        return


def _is_private(state: os.stat_result) -> bool:
    return state.st_uid == os.getuid() and not state.st_mode & 0o022


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()


def _unpack(source: Path, target: Path) -> Path:
    """Write the font beside its place and move it there in one step: processes may do so at once."""
    handle, name = tempfile.mkstemp(prefix=".unpacking-", suffix=".ttf", dir=target.parent)
    os.close(handle)
    written = Path(name)
    try:
        with TTFont(source, recalcTimestamp=False) as font:
            font.flavor = None
            del font["GSUB"]  # ligatures and variants cost an eighth of the time and are not wanted
            font.save(written)
        written.replace(target)
    finally:
        written.unlink(missing_ok=True)
    return target


@cache
def metrics(weight: int) -> Metrics:
    """The advance widths of the font at one weight (400 regular, 600 semibold)."""
    with TTFont(font_file(), lazy=True) as font:
        glyphs = font.getGlyphSet(location={"wght": weight})
        scale = 1000 / font["head"].unitsPerEm
        widths = {code: round(glyphs[name].width * scale) for code, name in font.getBestCmap().items()}
    return Metrics(widths)


def fallback_files(characters: Iterable[int]) -> tuple[str, ...]:
    """The installed fonts that have what Source Sans lacks of these characters, as few as needed."""
    missing = {code for code in characters if code > 0x24F} - metrics(REGULAR).widths.keys()
    chosen = []
    for file, covered in _fallbacks() if missing else ():
        if missing & covered:
            chosen.append(file)
            missing -= covered
    return tuple(chosen)


@cache
def _fallbacks() -> tuple[tuple[str, frozenset[int]], ...]:
    """The wide-reaching fonts of this machine, in the order of trust, with the characters each has."""
    found: dict[str, Path] = {}
    for folder in _FALLBACK_FOLDERS:
        for file in sorted(Path(folder).rglob("*.[to]t[fc]")) if Path(folder).is_dir() else ():
            found.setdefault(file.stem.casefold(), file)
    files = [found[name.casefold()] for name in _FALLBACK_NAMES if name.casefold() in found]
    return tuple((str(file), covered) for file in files if (covered := _characters(file)))


def _characters(file: Path) -> frozenset[int]:
    try:
        if file.suffix == ".ttc":
            with TTCollection(file, lazy=True) as collection:
                return frozenset(collection.fonts[0].getBestCmap() or ())
        with TTFont(file, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except Exception:  # a broken font of the machine is passed over, whatever is wrong with it
        return frozenset()

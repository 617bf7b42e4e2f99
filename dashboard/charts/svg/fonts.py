"""The font of pictures: its file and the widths of its letters.

It is Source Sans, the open variable font of the pages, which the installed package streamlit brings; so pages, embeds
and pictures look alike, and a machine without fonts draws the same picture. Letters that it lacks (Arabic, Hebrew,
Chinese, …) are drawn with the machine's fonts, in the order of trust, each read when a letter first needs it; a broken
one is skipped.
"""

import getpass
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTCollection, TTFont

from dashboard.charts.svg import static_fonts
from dashboard.charts.svg.static_fonts import find_source
from dashboard.errors import UserError
from dashboard.ground.files import locking
from dashboard.paths import PROJECT
from dashboard.scratch import find_shared_temporary

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
        family: Its name in drawings.
        file: The path of its file; `bold` is that of bold letters, the same where there is no other.
        face: Its number in a file of several fonts.
        widths: Advance widths in thousandths of the font size, by character code.
    """

    family: str
    file: str
    bold: str
    face: int
    widths: dict[int, int]


@lru_cache(maxsize=8_192)
def find_installed(code: int, *, is_japanese: bool = False) -> InstalledFont | None:
    """Find the first installed font that has a character; None where no font has it.

    `is_japanese`: whether it stands in a Japanese text; Chinese characters have Japanese forms.
    """
    for file in _files():
        font = _open(file, "JP" if is_japanese and file.suffix in _COLLECTIONS else "SC")
        if font is not None and code in font.widths:
            return font
    return None


@cache
def _files() -> tuple[Path, ...]:
    """List the files of trusted fonts, in the order of trust."""
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
    """Open a font; in a file of several, the face for a region of East Asia, else the first."""
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
    """Find the file of the same family's bold letters, if it lies beside."""
    for usual, bold in _BOLD:
        if file.stem.endswith(usual) and (bold_file := file.with_stem(file.stem.removesuffix(usual) + bold)).is_file():
            return bold_file
    return file


LOG = logging.getLogger(__name__)
MOST_SECONDS = 120.0


def font_files() -> tuple[Path, ...]:
    """Return the font as files that resvg draws fast, one a weight; made once a machine and user, in some seconds.

    Raises:
        UserError: there is no font, or no place for the files.
    """
    files = _find_files()
    if not _are_there(files):  # temporary folders are swept
        _find_files.cache_clear()
        files = _find_files()
    return files


@cache
def _find_files() -> tuple[Path, ...]:
    source = find_source()
    made_of = source.read_bytes() + Path(static_fonts.__file__).read_bytes()
    name = f"source-sans-{hashlib.sha256(made_of).hexdigest()[:16]}"
    for place in _cache_folders():
        files = tuple(place / name / file for file in static_fonts.WEIGHTS.values())
        try:
            with locking.hold(place / f"{name}.lock"):
                if not _are_there(files):
                    _make(source, place / name)
        except (OSError, subprocess.SubprocessError):
            LOG.exception("The fonts of pictures could not be written to %s.", place)
            continue
        return files
    raise UserError(
        "The font of pictures cannot be prepared: no temporary folder can be written.",
        "Set TMPDIR to a folder that this program may write.",
    )


def _are_there(files: Iterable[Path]) -> bool:
    return all(file.is_file() for file in files)


def _make(source: Path, folder: Path) -> None:
    """Write the files beside their place and move them there in one step."""
    making = f".making-{folder.name}-"
    for leftover in (folder, *folder.parent.glob(f"{making}*")):  # by a sweep, or by a process that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=making, dir=folder.parent))
    try:
        subprocess.run(  # noqa: S603  (this program's own interpreter and module)
            [sys.executable, "-m", static_fonts.__name__, str(source), str(draft)],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            check=True,
            timeout=MOST_SECONDS,
        )
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _cache_folders() -> Iterable[Path]:
    """List a folder that only this user can write, for all its processes; then one for this process."""
    try:
        shared = Path(find_shared_temporary()) / f"dashboard-fonts-{_user()}"
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


@cache
def find_widths(weight: int) -> dict[int, int]:
    """Return the advance widths of the font at one weight (400 regular, 600 semibold), by character code.

    They are in thousandths of the font size.
    """
    with TTFont(find_source(), lazy=True) as font:
        glyphs = font.getGlyphSet(location={"wght": weight})
        scale = 1000 / font["head"].unitsPerEm
        return {code: round(glyphs[name].width * scale) for code, name in font.getBestCmap().items()}

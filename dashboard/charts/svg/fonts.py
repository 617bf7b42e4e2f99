"""The font of pictures: where its file comes from, how wide its letters are.

It is Source Sans, the open variable font of the pages, which the installed package streamlit brings; so pages,
embeds and pictures look alike, and a machine without fonts draws the same picture. Letters it lacks (Arabic,
Hebrew, Chinese, …) are drawn with the machine's fonts (`installed_fonts`).
"""

import getpass
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTFont

from dashboard.charts.svg import static_fonts
from dashboard.errors import UserError
from dashboard.ground.files import locking
from dashboard.paths import PROJECT
from dashboard.scratch import find_shared_temporary

LOG = logging.getLogger(__name__)
MOST_SECONDS = 120.0

_PATTERN = "static/static/media/SourceSansVF-Upright*.woff2"


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
        for file in sorted(Path(folder).glob(_PATTERN)):
            return file
    raise UserError(
        "The font Source Sans was not found in the installed package streamlit.",
        "Install the packages of requirements.txt again.",
    )


def font_files() -> tuple[Path, ...]:
    """The font as files that resvg draws fast, one a weight; made once a machine and user, which takes some seconds.

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
    """A folder that only this user can write, the same for all its processes; else one for this process."""
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
def metrics(weight: int) -> Metrics:
    """The advance widths of the font at one weight (400 regular, 600 semibold)."""
    with TTFont(find_source(), lazy=True) as font:
        glyphs = font.getGlyphSet(location={"wght": weight})
        scale = 1000 / font["head"].unitsPerEm
        widths = {code: round(glyphs[name].width * scale) for code, name in font.getBestCmap().items()}
    return Metrics(widths)

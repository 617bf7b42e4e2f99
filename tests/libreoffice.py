"""LibreOffice without a window, as a second opinion on a workbook."""

import atexit
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

_LIBRARIES = {"Calc": "libsclo.so", "Impress": "libsdlo.so"}


def needed(part: str) -> pytest.MarkDecorator:
    """Skip a test where LibreOffice lacks a part, which packages of Linux install one by one."""
    soffice = shutil.which("soffice")
    folder = Path(soffice).resolve().parent if soffice else None
    is_there = folder and (not any(folder.glob("lib*lo.so")) or (folder / _LIBRARIES[part]).exists())
    return pytest.mark.skipif(not is_there, reason=f"LibreOffice {part} is not installed")


def convert(file: Path, kind: str) -> Path:
    """Convert a file into the folder `converted` beside it; fails when LibreOffice complains or takes two minutes."""
    folder = file.parent / "converted"
    command = ["soffice", f"-env:UserInstallation={_make_profile().as_uri()}", "--headless", "--convert-to", kind]
    done = subprocess.run(
        [*command, "--outdir", str(folder), str(file)], capture_output=True, text=True, timeout=120, check=True
    )
    assert "error" not in (done.stdout + done.stderr).lower()
    return folder / f"{file.stem}.{kind.split(':')[0]}"


@cache
def _make_profile() -> Path:
    """Make this process's profile; LibreOffice fills it at its first start, which takes as long as two files."""
    folder = mkdtemp(prefix="libreoffice-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)

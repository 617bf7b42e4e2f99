"""LibreOffice without a window, as a second opinion on a workbook."""

import atexit
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

needed = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


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

"""LibreOffice without a window, as a second opinion on a workbook."""

import shutil
import subprocess
from pathlib import Path

import pytest

needed = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def convert(file: Path, kind: str) -> Path:
    """Convert a file into the folder `converted` beside it; fails when LibreOffice complains or takes two minutes."""
    folder = file.parent / "converted"
    profile = (file.parent / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
    done = subprocess.run(
        [*command, "--outdir", str(folder), str(file)], capture_output=True, text=True, timeout=120, check=True
    )
    assert "error" not in (done.stdout + done.stderr).lower()
    return folder / f"{file.stem}.{kind.split(':')[0]}"

"""The presentation's file: the same bytes for the same content."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any


def save(deck: Any, target: Path, made_at: datetime) -> None:
    """Write a presentation to `target`; its parts carry the day the data was made, not the moment of writing."""
    scratch = io.BytesIO()
    deck.save(scratch)
    with zipfile.ZipFile(scratch) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name in parts.namelist():
            info = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            file.writestr(info, parts.read(name))

"""The files that may stand on public pages: documents and pictures that came with reports, as staff confirmed them.

`published/files/<sha256>.<ending>` are copies of files of `private/evidence/`. One is public where the published
snapshot names it and its copy stands there: a copy that was withdrawn is gone at once, from kept builds too.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from dashboard.campaign.reporting.evidence import SentFile

FOLDER = "files"
"""The folder in `published/`."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
"""The ending of a file's name by its media type."""
MEDIA_TYPES = {ending: media_type for media_type, ending in ENDINGS.items()}
FILE_NAME = re.compile(rf"[0-9a-f]{{64}}\.({'|'.join(MEDIA_TYPES)})")


def name_file(file: SentFile) -> str:
    """Name the copy of a kept file: by its hash and its media type alone."""
    return f"{file.sha256}.{ENDINGS[file.media_type]}"


def is_file_name(text: str) -> bool:
    """Return whether a text can be the name of such a copy, and so of a file in a folder."""
    return FILE_NAME.fullmatch(text) is not None


def find_published_file(published: Path, name: str) -> Path | None:
    """Find the copy of this name beside the snapshots; None where there is none, or none any more."""
    path = published / FOLDER / name
    return path if is_file_name(name) and path.is_file() else None


def list_published_files(published: Path) -> Iterator[str]:
    """List the names of the copies beside the snapshots."""
    yield from sorted(path.name for path in (published / FOLDER).glob("*") if is_file_name(path.name))

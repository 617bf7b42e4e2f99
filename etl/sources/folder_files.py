"""Files of a folder of this computer: a drive that is synced or mounted (OneDrive, Nextcloud, SMB).

A file counts once it has come to rest: one that is still being written is left for the next look.
"""

import shutil
import time
from pathlib import Path
from urllib.request import url2pathname

from dashboard.errors import sentence
from dashboard.i18n import N_
from etl.inputs.inbox import is_export
from etl.sources.asking import Asking, FarSideError
from etl.sources.far_side import Arrival, FarSide, Fetched, Known, is_named

REST_SECONDS = 5.0
"""How long a file must have lain still."""


def fetch(asking: Asking, known: Known, place: Path) -> Fetched:
    """The files that are new or other than before.

    Raises:
        FarSideError: the folder cannot be read, or a file is too large or changes while it is copied.
    """
    folder = Path(url2pathname(asking.source.parts.path))
    try:
        files = sorted(path for path in folder.iterdir() if is_wanted(path, asking.source.file))
    except OSError as error:
        raise FarSideError(
            sentence(N_("The folder of {source} cannot be read."), source=asking.source.label),
            N_("See that the drive is there, and that this program's user may read it."),
        ) from error
    arrivals = []
    for number, path in enumerate(files):
        asking.progress(path.name, number, len(files))
        status = path.stat()
        stamp = f"{status.st_size} {status.st_mtime_ns}"
        before = known(path.name)
        is_resting = abs(time.time() - status.st_mtime) >= REST_SECONDS
        if not is_resting or (before.path is not None and before.modified == stamp):
            continue
        asking.check_size(path.name, status.st_size)
        to = place / f"arrived{number}"
        shutil.copyfile(path, to)
        if path.stat().st_mtime_ns != status.st_mtime_ns:
            continue  # it is being written; the next look takes it
        arrivals.append(Arrival(path.name, to, modified=stamp))
    return Fetched(tuple(arrivals), frozenset(path.name for path in files))


def is_wanted(path: Path, pattern: str) -> bool:
    """Whether a file of a folder is taken."""
    return path.is_file() and is_named(path.name, pattern) and is_export(path)


FAR_SIDE = FarSide(None, fetch)

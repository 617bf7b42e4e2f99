"""Files of a folder of this computer: a drive that is synced or mounted (OneDrive, Nextcloud, SMB).

A file counts once it has come to rest: one that is still being written is left for the next look.
"""

import shutil
import time
from pathlib import Path
from urllib.request import url2pathname

from dashboard.campaign.sources import Source
from dashboard.errors import sentence
from dashboard.i18n import N_
from dashboard.settings import Settings
from etl.inputs.inbox import is_export
from etl.sources.asking import Asking, FarSideError
from etl.sources.far_side import Arrival, FarSide, Fetched, Known, is_named

REST_SECONDS = 5.0
"""How long a file must have lain still."""


def fetch(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """The files that are new or other than before.

    Raises:
        FarSideError: the folder cannot be read, or a file is too large or changes while it is copied.
    """
    folder = _find_folder(asking.source)
    try:
        files = sorted(path for path in folder.iterdir() if _is_wanted(path, folder, asking.source.file))
    except OSError as error:
        raise FarSideError(
            sentence(N_("The folder of {source} cannot be read."), source=asking.source.label),
            N_("Check that the drive is connected, and that this program's user may read it."),
        ) from error
    arrivals = []
    for number, path in enumerate(files):
        asking.progress(path.name, number, len(files))
        status = path.stat()
        stamp = f"{status.st_size} {status.st_mtime_ns}"
        before = find_before(path.name)
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


def _find_folder(source: Source) -> Path:
    """The folder that a source names, wherever links lead: one of those that an administrator lists.

    Raises:
        FarSideError: it is in none of them, or in a campaign folder.
    """
    settings = Settings.from_environment()
    folder = Path(url2pathname(source.parts.path)).resolve()
    if not any(folder.is_relative_to(allowed.resolve()) for allowed in settings.source_folders):
        raise FarSideError(
            sentence(N_("The folder of {source} is not among those that sources may read."), source=source.label),
            N_("If it is meant, have an administrator list it in DASHBOARD_SOURCE_FOLDERS."),
        )
    is_campaign = any((place / "campaign.toml").exists() for place in (folder, *folder.parents))
    if is_campaign or folder.is_relative_to(settings.campaign):
        raise FarSideError(
            sentence(N_("The folder of {source} lies in a campaign folder."), source=source.label),
            N_("Have the files put into a folder of their own."),
        )
    return folder


def _is_wanted(path: Path, folder: Path, pattern: str) -> bool:
    """Whether a file of a folder is taken; a link that leads out of the folder is not followed."""
    is_here = path.is_file() and path.resolve().is_relative_to(folder)
    return is_here and is_named(path.name, pattern) and is_export(path)


FAR_SIDE = FarSide(None, fetch)

"""Files at an address of the web, in a folder of this computer, and in an object store.

An address leads to a published Google Sheet, a link that SharePoint or Nextcloud shares, or a site's file: the request
has the server's last validators (`ETag`, `Last-Modified`; RFC 9110, 13.1), so that an unchanged file costs nothing. A
folder is a drive that is synced or mounted (OneDrive, Nextcloud, SMB). For an object store (S3, Google Cloud Storage,
Azure) obstore is used, as for the copies, with the source's own credentials, else those that each cloud's own programs
find.
"""

import shutil
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from dashboard.campaign.copies.object_store import ObjectEntry, Objects, open_store
from dashboard.campaign.sources import Source, Tool
from dashboard.errors import sentence
from dashboard.i18n import N_
from dashboard.settings import Settings
from etl.inputs.inbox import is_export
from etl.sources.asking import Asking, FarSideError
from etl.sources.far_side import (
    REST_SECONDS,
    Arrival,
    FarSide,
    FarSides,
    Fetched,
    Known,
    PlaceFile,
    fetched_one,
    is_named,
    take_new,
)
from etl.sources.network import SecretError

_BUCKET_SECRETS = {
    "s3": {"KEY_ID": "access_key_id", "KEY": "secret_access_key"},
    "gs": {"KEY": "service_account_key"},
    "abfss": {"KEY": "account_key"},
}
"""By scheme, obstore's names of a source's secrets."""


def fetch_address(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """Fetch the file at an address of the web, where it has changed.

    Raises:
        FarSideError: it does not come whole, or a page of the web comes instead.
    """
    name = asking.source.inbox_name
    before = find_before(name)
    headers = {}
    if before.path is not None:
        headers = {"If-None-Match": before.etag, "If-Modified-Since": before.modified}
    down = asking.download(_find_address(asking), place / "arrived", validators={k: v for k, v in headers.items() if v})
    if down is None:
        return fetched_one(name)
    return fetched_one(name, Arrival(name, down.path, etag=down.etag, modified=down.modified))


def _find_address(asking: Asking) -> str:
    """Find the address; where the whole of it is a secret, as with shared links, it is in a variable."""
    source, secret = asking.source, asking.secrets["ADDRESS"]
    if not secret:
        return source.address
    if urlsplit(secret).netloc.lower() != source.host or urlsplit(secret).scheme != source.parts.scheme:
        what = sentence(
            N_("{source}: {variable} is not at {host}."),
            source=source.label,
            variable=f"{source.variables}ADDRESS",
            host=source.host,
        )
        raise SecretError(what, N_("Write the same host into the source's address."))
    return secret


def fetch_folder(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """Fetch the new and changed files of a folder.

    Raises:
        FarSideError: the folder cannot be read, or a file is too large.
    """
    folder = _find_folder(asking.source)
    try:
        paths = sorted(path for path in folder.iterdir() if _is_wanted(path, folder, asking.source.file))
    except OSError as error:
        raise FarSideError(
            sentence(N_("The folder of {source} cannot be read."), source=asking.source.label),
            N_("Check that the drive is connected, and that this program's user may read it."),
        ) from error
    return take_new(asking, [_describe_file(path) for path in paths], find_before, place)


def _describe_file(path: Path) -> PlaceFile:
    status = path.stat()

    def copy(to: Path) -> bool:
        shutil.copyfile(path, to)
        return path.stat().st_mtime_ns == status.st_mtime_ns

    is_resting = abs(time.time() - status.st_mtime) >= REST_SECONDS
    return PlaceFile(path.name, status.st_size, f"{status.st_size} {status.st_mtime_ns}", copy, is_resting)


def _find_folder(source: Source) -> Path:
    """Find the source's folder, wherever links lead: one of those that an administrator lists, of no campaign."""
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
    """Return whether a file of a folder is taken; a link that leads out of the folder is not followed."""
    is_here = path.is_file() and path.resolve().is_relative_to(folder)
    return is_here and is_named(path.name, pattern) and is_export(path)


def fetch_bucket(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """Fetch the new and changed objects of a place, or the named one.

    Raises:
        FarSideError: there is none of that name, or one is too large.
        StoreError: the store cannot be asked, or refuses.
    """
    source = asking.source
    folder, _, file_name = source.address.rpartition("/")
    names = _BUCKET_SECRETS[source.parts.scheme]
    secrets = {name: asking.secrets[kind] for kind, name in names.items() if asking.secrets[kind]}
    store = open_store(Settings.from_environment(), source.address.rstrip("/") if source.is_place else folder, secrets)
    objects = {one.name: one for one in store.list_all("") if "/" not in one.name}
    if source.is_place:
        chosen = {name: one for name, one in objects.items() if is_named(name, source.file)}
    elif file_name in objects:
        chosen = {source.inbox_name: objects[file_name]}
    else:
        what = sentence(N_("There is no {file} in {folder}."), file=file_name, folder=folder)
        raise FarSideError(what, N_("Correct the address, or put the file there again."))
    files = [_describe_object(store, name, one) for name, one in sorted(chosen.items())]
    return take_new(asking, files, find_before, place)


def _describe_object(store: Objects, name: str, one: ObjectEntry) -> PlaceFile:
    def copy(to: Path) -> bool:
        store.fetch(one.name, to, one.size)
        return True

    return PlaceFile(name, one.size, f"{one.size} {one.changed_at.isoformat()}", copy)


FAR_SIDES: FarSides = {
    Tool.WEB: FarSide(None, fetch_address),
    Tool.FOLDER: FarSide(None, fetch_folder),
    Tool.BUCKET: FarSide(None, fetch_bucket),
}

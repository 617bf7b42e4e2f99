"""A file, or the files of a folder, by SFTP; the server is identified by its key, from an administrator.

By asyncssh: maintained, typed, and without further packages.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncssh

from dashboard.campaign.sources import Tool
from dashboard.errors import sentence
from dashboard.i18n import N_
from etl.sources.asking import LONGEST, Asking, FarSideError
from etl.sources.far_side import REST_SECONDS, FarSide, FarSides, Fetched, Known, PlaceFile, is_named, take_new

PORT = 22
CONNECT_SECONDS = 20.0
Run = Callable[[Awaitable[Any]], Any]


def fetch(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """Fetch the new and changed files.

    Raises:
        FarSideError: the server is another, does not let this program in, or has no such file.
    """
    source = asking.source
    try:
        address = asking.reach.find(source.parts.hostname or "", source.parts.port or PORT)
        return _fetch(asking, address, find_before, place)
    except asyncssh.HostKeyNotVerifiable:
        what, remedy = N_("{host} is not the server that its key says."), N_("Check it, and set {variables}HOST_KEY.")
    except asyncssh.KeyImportError:
        what = N_("{host} cannot be asked: a key cannot be read.")
        remedy = N_("Correct {variables}HOST_KEY or …KEY.")
    except asyncssh.PermissionDenied:
        what = N_("{host} denies access to this program.")
        remedy = N_("Have an administrator set {variables}PASSWORD or …KEY.")
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        what = N_("{host} has no such file or folder.")
        remedy = N_("Correct the address, or put the file there again.")
    except asyncssh.SFTPPermissionDenied:
        what, remedy = N_("{host} does not allow this user to read it."), N_("Let the user read the file.")
    except (asyncssh.Error, TimeoutError, OSError):
        what = N_("{host} cannot be reached, or broke off.")
        remedy = N_("The program will try again automatically; check the address.")
    raise FarSideError(sentence(what, host=source.host), sentence(remedy, variables=source.variables))


def _fetch(asking: Asking, address: str, find_before: Known, place: Path) -> Fetched:
    source, secrets = asking.source, asking.secrets
    connecting = asyncssh.connect(
        address,
        source.parts.port or PORT,
        username=secrets["USER"],
        password=secrets["PASSWORD"] or None,
        client_keys=[asyncssh.import_private_key(secrets["KEY"])] if secrets["KEY"] else None,
        agent_path=None,
        config=None,
        known_hosts=([asyncssh.import_public_key(secrets["HOST_KEY"])], [], []),
        connect_timeout=CONNECT_SECONDS,
    )
    until = time.monotonic() + LONGEST
    with asyncio.Runner() as runner:

        def run(awaitable: Awaitable[Any]) -> Any:
            return runner.run(asyncio.wait_for(awaitable, until - time.monotonic()))

        connection = run(connecting)
        try:
            client = run(connection.start_sftp_client())
            folder, _, file_name = source.parts.path.rpartition("/")
            names = {source.inbox_name: file_name}
            if source.is_place:
                file_names = [str(one.filename) for one in run(client.readdir(folder or "/"))]
                names = {name: name for name in sorted(file_names) if is_named(name, source.file)}
            files = [_describe(run, client, name, f"{folder}/{file}") for name, file in names.items()]
            return take_new(asking, files, find_before, place)
        finally:
            connection.close()
            runner.run(connection.wait_closed())


def _describe(run: Run, client: asyncssh.SFTPClient, name: str, path: str) -> PlaceFile:
    attributes = run(client.stat(path))
    size, changed = attributes.size or 0, attributes.mtime or 0

    def copy(to: Path) -> bool:
        run(client.get(path, to))
        return to.stat().st_size == size and run(client.stat(path)).mtime == changed

    return PlaceFile(name, size, f"{size} {changed}", copy, abs(time.time() - changed) >= REST_SECONDS)


FAR_SIDES: FarSides = {Tool.SFTP: FarSide(None, fetch)}

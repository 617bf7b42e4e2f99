"""A file, or the files of a folder, by SFTP; the server is known by its key, which an administrator states.

By asyncssh: maintained, typed, and with no other packages than those that are here.
"""

import asyncio
import time
from pathlib import Path

import asyncssh

from dashboard.errors import sentence
from dashboard.i18n import N_
from etl.sources.asking import LONGEST, Asking, FarSideError
from etl.sources.far_side import Arrival, FarSide, Fetched, Known, is_named

PORT = 22
CONNECT_SECONDS = 20.0
REST_SECONDS = 5.0
"""How long a file must have lain still."""


def fetch(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """The files that are new or other than before.

    Raises:
        FarSideError: the server is another, does not let this program in, or has no such file.
    """
    source = asking.source
    try:
        address = asking.reach.find(source.parts.hostname or "", source.parts.port or PORT)
        return asyncio.run(asyncio.wait_for(_fetch(asking, address, find_before, place), LONGEST))
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


async def _fetch(asking: Asking, address: str, find_before: Known, place: Path) -> Fetched:
    source, secrets = asking.source, asking.secrets
    keys = [asyncssh.import_private_key(secrets["KEY"])] if secrets["KEY"] else None
    trusted = asyncssh.import_public_key(secrets["HOST_KEY"])
    async with (
        asyncssh.connect(
            address,
            source.parts.port or PORT,
            username=secrets["USER"],
            password=secrets["PASSWORD"] or None,
            client_keys=keys,
            agent_path=None,
            config=None,
            known_hosts=([trusted], [], []),
            connect_timeout=CONNECT_SECONDS,
        ) as connection,
        connection.start_sftp_client() as client,
    ):
        folder, _, file_name = source.parts.path.rpartition("/")
        names = [file_name]
        if source.is_place:
            names = [str(one.filename) for one in await client.readdir(folder or "/")]
            names = sorted(name for name in names if is_named(name, source.file))
        arrivals = []
        for number, name in enumerate(names):
            asking.progress(name, number, len(names))
            arrival = await _take(asking, client, f"{folder}/{name}", find_before, place / f"arrived{number}")
            arrivals += [arrival] if arrival is not None else []
    return Fetched(tuple(arrivals), frozenset(names if source.is_place else [source.inbox_name]))


async def _take(asking: Asking, client: asyncssh.SFTPClient, path: str, find_before: Known, to: Path) -> Arrival | None:
    """One file, where it is another than before and lies still."""
    name = asking.source.inbox_name or path.rpartition("/")[2]
    attributes = await client.stat(path)
    size, changed = attributes.size or 0, attributes.mtime or 0
    asking.check_size(name, size)
    stamp, before = f"{size} {changed}", find_before(name)
    if (before.path is not None and before.modified == stamp) or abs(time.time() - changed) < REST_SECONDS:
        return None
    await client.get(path, to)
    if to.stat().st_size != size or (await client.stat(path)).mtime != changed:
        return None  # it is being written; the next look takes it
    return Arrival(name, to, modified=stamp)


FAR_SIDE = FarSide(None, fetch)

"""Reading a backup: every hash is compared, and files are unpacked into a folder of their own, or only looked at."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from pyrage.x25519 import Identity

from etl.backup.container import CHUNK, ContainerReader
from etl.backup.manifest import FORGOTTEN_LIST, KEY, OPEN, SEALED, BackupError, DamagedError, StoredFile
from etl.backup.packing import Tell, read_part
from etl.backup.sealed import open_key, unseal
from etl.backup.sealed_index import SealedIndex


def check_hashes(reader: ContainerReader, tell: Tell) -> None:
    """Hold every member against its hash.

    Raises:
        DamagedError: one is not as it was written.
    """
    for member in reader.manifest.members:
        digest = hashlib.sha256()
        with reader.open(member.name) as stream:
            while data := stream.read(CHUNK):
                digest.update(data)
                tell(len(data))
        if digest.hexdigest() != member.sha256:
            raise DamagedError(reader.path.name, f"{member.name} in it is not as it was written")


def unpack_open(reader: ContainerReader, place: Path | None, tell: Tell) -> None:
    """Unpack the open part into a folder, or only look through it (None).

    Raises:
        DamagedError: it is not what the manifest says.
    """
    member = reader.manifest.find(OPEN)
    if member is None:
        raise DamagedError(reader.path.name, "its open part is missing")
    with reader.open(OPEN) as stream:
        files, _ = read_part(stream, (member.files, member.unpacked), place, tell, reader.path.name)
    _compare(reader, files, reader.manifest.files)


def find_key(reader: ContainerReader, passphrase: str) -> Identity:
    """The key of the sealed part.

    Raises:
        BackupError: the passphrase is another one, or there is no sealed part.
    """
    if not reader.manifest.is_sealed:
        raise BackupError(f"{reader.path.name} has no sealed part.", "Leave the passphrase out: --open-part.")
    return open_key(_read(reader, KEY), passphrase, reader.path.name)


def unpack_sealed(reader: ContainerReader, key: Identity, place: Path | None, tell: Tell) -> int:
    """Unpack the sealed part; gives the number of its files.

    Raises:
        DamagedError: it is not what was stored, or the open part is not the one that was stored with it.
    """
    member = reader.manifest.find(SEALED)
    name = reader.path.name
    if member is None:
        raise DamagedError(name, "its sealed part is missing")

    def read(stream: BinaryIO) -> tuple[list[StoredFile], bytes]:
        return read_part(stream, (member.files, member.unpacked), place, tell, name)

    with reader.open(SEALED) as stream:
        files, text = unseal(stream, key, read, name)
    index = SealedIndex.read(text, name)
    _compare(reader, files, index.sealed)
    if index.open != reader.manifest.files:
        raise DamagedError(name, "its open part is another one than was stored with the sealed part")
    return len(files)


def read_forgotten_list(reader: ContainerReader, key: Identity) -> str:
    """The list of persons to be forgotten in a backup; empty where it has none.

    Raises:
        DamagedError: it was changed.
    """
    if reader.manifest.find(FORGOTTEN_LIST) is None:
        return ""
    with reader.open(FORGOTTEN_LIST) as stream:
        return unseal(stream, key, lambda plain: plain.read(), reader.path.name).decode("utf-8", "replace")


def _read(reader: ContainerReader, name: str) -> bytes:
    member = reader.manifest.find(name)
    if member is None or member.size > CHUNK:
        raise DamagedError(reader.path.name, f"{name} in it is missing")
    with reader.open(name) as stream:
        return stream.read()


def _compare(reader: ContainerReader, files: Iterable[StoredFile], expected: Iterable[StoredFile]) -> None:
    if sorted(files, key=lambda file: file.path) != sorted(expected, key=lambda file: file.path):
        raise DamagedError(reader.path.name, "its files are not those that were stored")

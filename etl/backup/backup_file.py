"""The reader of a backup: a plain tar of few members, which every computer can take apart without this program.

Reading trusts nothing: no unknown member, none of another kind, no long headers; every hash is
compared. Files are unpacked into a folder of their own, or only looked at.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from pyrage.x25519 import Identity

from etl.backup.manifest import (
    FORGOTTEN_LIST,
    KEY,
    MANIFEST,
    MOST_MANIFEST,
    OPEN,
    SEALED,
    BackupError,
    DamagedError,
    Manifest,
    Member,
    SealedIndex,
    StoredFile,
)
from etl.backup.packing import CHUNK, FAULTS, MOST_HEADER, Tell, is_plain, read_part
from etl.backup.sealed import open_key, unseal

_KNOWN = frozenset({MANIFEST, OPEN, SEALED, KEY, FORGOTTEN_LIST})


class HeaderStream:
    """A backup as `tarfile` sees it to find the members: their headers, and no more of one than a header may have."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read `stream`, which stays open."""
        self._stream = stream
        self.tell = stream.tell
        self.seek = stream.seek

    def read(self, size: int) -> bytes:
        """Read a header, or a part of one.

        Raises:
            ReadError: it would be longer than that of any file.
        """
        if not 0 <= size <= MOST_HEADER:
            raise tarfile.ReadError("a header is too long")
        return self._stream.read(size)


class Section(io.RawIOBase):
    """The bytes of one member."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        """Read `size` bytes of `stream` from `start` on."""
        self._stream = stream
        self._left = size
        stream.seek(start)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, as far as there is something left."""
        data = self._stream.read(min(self._left, len(buffer)))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


class ContainerReader:
    """An open backup: its manifest, and its members as streams."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        """Find the members and read the manifest.

        Raises:
            DamagedError: it is no whole backup.
            BackupError: a newer program made it.
        """
        self.path = path
        self._stream = stream
        self._places = self._find_members()
        size = self._places.get(MANIFEST, (0, 0))[1]
        if not 0 < size <= MOST_MANIFEST:
            raise self._damaged("its end, with its description, is missing")
        self.manifest = Manifest.read(self.open(MANIFEST).read(), path.name)
        sizes = {member.name: member.size for member in self.manifest.members}
        if {name: size for name, (_, size) in self._places.items() if name != MANIFEST} != sizes:
            raise self._damaged("it has other parts than its description says")

    def _find_members(self) -> dict[str, tuple[int, int]]:
        places: dict[str, tuple[int, int]] = {}
        length = os.fstat(self._stream.fileno()).st_size
        headers: Any = HeaderStream(self._stream)
        try:
            with tarfile.open(fileobj=headers, mode="r:") as archive:
                for member in archive:
                    is_new = member.name in _KNOWN and member.name not in places
                    is_whole = is_plain(member) and member.offset_data + member.size <= length
                    if not (is_new and is_whole):
                        raise self._damaged("it is cut short, or holds something that no backup holds")
                    places[member.name] = (member.offset_data, member.size)
        except FAULTS as error:
            raise self._damaged("it cannot be read as a backup") from error
        return places

    def open(self, name: str) -> BinaryIO:
        """Open a member as a stream; one at a time."""
        start, size = self._places[name]
        return io.BufferedReader(Section(self._stream, start, size), CHUNK)

    def check_hashes(self, tell: Tell) -> None:
        """Compare every member with its hash.

        Raises:
            DamagedError: a member has changed.
        """
        for member in self.manifest.members:
            digest = hashlib.sha256()
            with self.open(member.name) as stream:
                while data := stream.read(CHUNK):
                    digest.update(data)
                    tell(len(data))
            if digest.hexdigest() != member.sha256:
                raise self._damaged(f"{member.name} in it is not as it was written")

    def find_key(self, passphrase: str) -> Identity:
        """Open the key of the sealed part.

        Raises:
            BackupError: the passphrase is another one, or there is no sealed part.
        """
        if not self.manifest.is_sealed:
            raise BackupError(f"{self.path.name} has no sealed part.", "Leave the passphrase out: --open-part.")
        member = self.manifest.find(KEY)
        if member is None or member.size > CHUNK:
            raise self._damaged(f"{KEY} in it is missing")
        with self.open(KEY) as stream:
            return open_key(stream.read(), passphrase, self.path.name)

    def unpack_open(self, place: Path | None, tell: Tell) -> None:
        """Unpack the open part into a folder, or only look through it (None).

        Raises:
            DamagedError: it differs from the manifest.
        """
        member = self.manifest.find(OPEN)
        if member is None:
            raise self._damaged("its open part is missing")
        with self.open(OPEN) as stream:
            files, _ = self._read_part(stream, member, place, tell)
        self._compare(files, self.manifest.files)

    def unpack_sealed(self, key: Identity, place: Path | None, tell: Tell) -> int:
        """Unpack the sealed part as `unpack_open` does the open one; return the number of its files.

        Raises:
            DamagedError: it has changed, or the open part is not the one stored with it.
        """
        member = self.manifest.find(SEALED)
        if member is None:
            raise self._damaged("its sealed part is missing")
        with self.open(SEALED) as stream:
            files, text = unseal(stream, key, lambda plain: self._read_part(plain, member, place, tell), self.path.name)
        index = SealedIndex.read(text, self.path.name)
        self._compare(files, index.sealed)
        if index.open != self.manifest.files:
            raise self._damaged("its open part is another one than was stored with the sealed part")
        return len(files)

    def read_forgotten_list(self, key: Identity) -> str:
        """Read the list of persons to be forgotten; empty where there is none.

        Raises:
            DamagedError: it was changed.
        """
        if self.manifest.find(FORGOTTEN_LIST) is None:
            return ""
        with self.open(FORGOTTEN_LIST) as stream:
            return unseal(stream, key, lambda plain: plain.read(), self.path.name).decode("utf-8", "replace")

    def _read_part(
        self, stream: BinaryIO, member: Member, place: Path | None, tell: Tell
    ) -> tuple[list[StoredFile], bytes]:
        return read_part(stream, (member.files, member.unpacked), place, tell, self.path.name)

    def _compare(self, files: Iterable[StoredFile], expected: Iterable[StoredFile]) -> None:
        if sorted(files, key=lambda file: file.path) != sorted(expected, key=lambda file: file.path):
            raise self._damaged("its files are not those that were stored")

    def _damaged(self, what: str) -> DamagedError:
        return DamagedError(self.path.name, what)


@contextmanager
def open_container(path: Path) -> Iterator[ContainerReader]:
    """Open a backup.

    Raises:
        DamagedError: the file is no whole backup.
        BackupError: a newer program made it.
    """
    with path.open("rb") as stream:
        yield ContainerReader(path, stream)

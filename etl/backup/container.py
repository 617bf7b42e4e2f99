"""The file of a backup: a plain tar of few members, so that every computer can take it apart without this program.

Members are written as they come, since nobody knows how large a packed stream becomes: a header is put right when its
member has ended. Reading trusts nothing: no member but those that are known, none of another kind, no long headers.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from etl.backup.manifest import (
    FORGOTTEN_LIST,
    KEY,
    MANIFEST,
    MOST_MANIFEST,
    OPEN,
    SEALED,
    DamagedError,
    Manifest,
    Member,
)

CHUNK = 1 << 20
_BLOCK = tarfile.BLOCKSIZE
_KNOWN = frozenset({MANIFEST, OPEN, SEALED, KEY, FORGOTTEN_LIST})
MOST_HEADER = 64 << 10
"""Bytes of a header: a path of some thousand characters; what is longer was made to fill the memory."""
FAULTS = (tarfile.TarError, ValueError, OverflowError, EOFError, RecursionError)
"""What `tarfile` raises where its input is no archive, is cut short, or was made to break it."""


class HeaderStream:
    """A backup as `tarfile` reads it to find the members: their headers, and no more of one than a header may have."""

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


def is_plain(member: tarfile.TarInfo) -> bool:
    """Whether a member is a file all of whose bytes stand in the archive: one with holes can be of any size."""
    return member.isreg() and not member.issparse()


class HashedWriter(io.RawIOBase):
    """Passes bytes on, counts and hashes them."""

    def __init__(self, stream: BinaryIO) -> None:
        """Write to `stream`, which stays open."""
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Pass bytes on."""
        self._stream.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


class ContainerWriter:
    """Writes members one after another into a file that can be gone back in."""

    def __init__(self, stream: BinaryIO) -> None:
        """Begin at the place where `stream` is."""
        self._stream = stream
        self.members: list[Member] = []

    @contextmanager
    def member(self, name: str) -> Iterator[HashedWriter]:
        """Write one member; what it unpacks to is noted by `note`."""
        start = self._stream.tell()
        self._stream.write(b"\0" * _BLOCK)
        writer = HashedWriter(self._stream)
        yield writer
        self._stream.write(b"\0" * (-writer.size % _BLOCK))
        end = self._stream.tell()
        header = tarfile.TarInfo(name)
        header.size, header.mode = writer.size, 0o600
        self._stream.seek(start)
        self._stream.write(header.tobuf(tarfile.GNU_FORMAT))
        self._stream.seek(end)
        self.members.append(Member(name=name, size=writer.size, sha256=writer.digest.hexdigest()))

    def note(self, files: int, unpacked: int) -> None:
        """Note what the last member unpacks to."""
        self.members[-1] = self.members[-1].model_copy(update={"files": files, "unpacked": unpacked})

    def close(self, manifest: bytes) -> None:
        """Write the manifest and the end."""
        with self.member(MANIFEST) as writer:
            writer.write(manifest)
        self._stream.write(b"\0" * (2 * _BLOCK))


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
    """A backup that has been opened: its manifest, and its members as streams."""

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
            raise DamagedError(path.name, "its end, with its description, is missing")
        self.manifest = Manifest.read(self.open(MANIFEST).read(), path.name)
        sizes = {member.name: member.size for member in self.manifest.members}
        if {name: size for name, (_, size) in self._places.items() if name != MANIFEST} != sizes:
            raise DamagedError(path.name, "it has other parts than its description says")

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
                        raise DamagedError(self.path.name, "it is cut short, or holds something that no backup holds")
                    places[member.name] = (member.offset_data, member.size)
        except FAULTS as error:
            raise DamagedError(self.path.name, "it cannot be read as a backup") from error
        return places

    def open(self, name: str) -> BinaryIO:
        """A member as a stream; one is read at a time."""
        start, size = self._places[name]
        return io.BufferedReader(Section(self._stream, start, size), CHUNK)


@contextmanager
def open_container(path: Path) -> Iterator[ContainerReader]:
    """Open a backup.

    Raises:
        DamagedError: the file is no whole backup.
        BackupError: a newer program made it.
    """
    with path.open("rb") as stream:
        yield ContainerReader(path, stream)

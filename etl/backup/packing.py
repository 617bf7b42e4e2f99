"""A part of a backup: the files of a campaign folder as a compressed tar, each content once, each with its hash."""

import errno
import gzip
import hashlib
import io
import os
import shutil
import stat
import tarfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from dashboard.ground.files.writing import hash_file, sync
from etl.backup.manifest import BackupError, DamagedError, StoredFile

CHUNK = 1 << 20
MOST_HEADER = 64 << 10
"""Bytes of a header: a path of some thousand characters; a longer one was made to fill the memory."""
FAULTS = (tarfile.TarError, ValueError, OverflowError, EOFError, RecursionError)
"""The errors of `tarfile` where its input is no archive, is cut short, or was made to break it."""
LEVEL = 6
_FAULTS = (*FAULTS, zlib.error, gzip.BadGzipFile)
_MOST_INDEX = 64 << 20
_data_filter = getattr(tarfile, "data_filter", lambda member, _: member)  # Python has it from 3.11.4 on
_OF_NAMES = (errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.EILSEQ)
_LOOKED_THROUGH = Path("/looked-through")  # stands for the folder where nothing is unpacked

Tell = Callable[[int], None]
"""Gets the number of bytes worked through since its last call."""


class Teller:
    """Adds up bytes, and reports the progress."""

    def __init__(self, progress: Callable[[str, int, int], None], work: str, size: int) -> None:
        """Tell `progress` of work on so many bytes."""
        self._progress, self._work, self._size = progress, work, size or 1
        self._done = 0

    def __call__(self, size: int) -> None:
        """Count so many more as done."""
        self._done += size
        self._progress(self._work, min(self._done, self._size), self._size)


@dataclass(frozen=True)
class Item:
    """A file to be stored: its path inside the campaign folder, and the path of its content."""

    name: str
    path: Path


def is_plain(member: tarfile.TarInfo) -> bool:
    """Return whether a member is a file with all its bytes in the archive: one with holes can be of any size."""
    return member.isreg() and not member.issparse()


def write_part(
    items: Sequence[Item], stream: BinaryIO, tell: Tell, last: Callable[[list[StoredFile]], bytes] | None = None
) -> list[StoredFile]:
    """Write files as a compressed tar; a repeated content is a link to the first file that has it.

    `last` makes, from the stored files, the content of a last member `INDEX`. Return the stored files, in their order.

    Raises:
        BackupError: a file changes while it is read.
    """
    stored: list[StoredFile] = []
    firsts: dict[tuple[int, str], str] = {}
    sizes = {item.name: item.path.stat().st_size for item in items}
    counts = Counter(sizes.values())
    alike = {i.name: (sizes[i.name], hash_file(i.path)) for i in items if sizes[i.name] and counts[sizes[i.name]] > 1}
    with (
        gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=LEVEL, mtime=0, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK) as archive,
    ):
        for item in items:
            fingerprint = alike.get(item.name)
            if fingerprint is not None and (first := firsts.get(fingerprint)) is not None:
                link = tarfile.TarInfo(item.name)
                link.type, link.linkname, link.mode = tarfile.LNKTYPE, first, 0o600
                link.mtime = int(item.path.stat().st_mtime)
                archive.addfile(link)
                stored.append(StoredFile(path=item.name, size=fingerprint[0], sha256=fingerprint[1]))
                tell(fingerprint[0])
            else:
                stored.append(_add(archive, item, tell))
                firsts[stored[-1].size, stored[-1].sha256] = item.name
        if last is not None:
            text = last(stored)
            info = tarfile.TarInfo(INDEX)
            info.size, info.mode = len(text), 0o600
            archive.addfile(info, io.BytesIO(text))
    return stored


INDEX = ".files.json"
"""The last member of the sealed part, which no campaign folder has: its files with their hashes."""


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, stream: BinaryIO, tell: Tell) -> None:
        self._stream, self._tell = stream, tell
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.digest.update(data)
        self.size += len(data)
        self._tell(len(data))
        return data


def _add(archive: tarfile.TarFile, item: Item, tell: Tell) -> StoredFile:
    with item.path.open("rb") as stream:
        before = os.fstat(stream.fileno())
        info = tarfile.TarInfo(item.name)
        info.size, info.mtime, info.mode = before.st_size, int(before.st_mtime), 0o600
        hashed = _Hashed(stream, tell)
        try:
            archive.addfile(info, hashed)
        except (OSError, tarfile.TarError) as error:
            if hashed.size >= before.st_size:
                raise
            raise _changing(item) from error
        after = os.fstat(stream.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise _changing(item)
    return StoredFile(path=item.name, size=hashed.size, sha256=hashed.digest.hexdigest())


def _changing(item: Item) -> BackupError:
    return BackupError(
        f"{item.name} is being written to, so that no backup was made.", "Wait until it is copied or saved, then again."
    )


class _Bounded:
    """A stream that gives only the next header, or the content of the member that was accepted."""

    def __init__(self, stream: Any, file: str) -> None:
        self._stream, self._file = stream, file
        self.allow(0)

    def allow(self, size: int) -> None:
        """Let so many bytes be read besides a header and the reader's read-ahead."""
        self._left = size + 2 * MOST_HEADER

    def read(self, size: int) -> bytes:
        data: bytes = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise DamagedError(self._file, "it unpacks to more than it says")
        return data


def read_part(
    stream: BinaryIO, most: tuple[int, int], place: Path | None, tell: Tell, file: str
) -> tuple[list[StoredFile], bytes]:
    """Unpack a part into a folder, or only look through it.

    Nothing is taken from the archive but plain files below `place`: paths that lead out, links to elsewhere and all
    other kinds are refused, and so is more than `most` (files, bytes), before it is unpacked.

    Return the files as found, and the content of `INDEX`, empty where there is none.

    Raises:
        DamagedError: it is no part of a backup.
        BackupError: this disk takes no file of a name in it.
    """
    try:
        with gzip.GzipFile(fileobj=stream, mode="rb") as packed:
            bounded: Any = _Bounded(packed, file)
            with tarfile.open(fileobj=bounded, mode="r|", bufsize=MOST_HEADER) as archive:
                part = _PartReader(archive, bounded, most, place, tell, file)
                while (member := archive.next()) is not None:
                    part.take(member)
                    bounded.allow(0)
    except _FAULTS as error:
        raise DamagedError(file, "a part of it cannot be unpacked") from error
    return list(part.files.values()), part.index


@dataclass
class _PartReader:
    """Takes one member after another out of a part, for `read_part`."""

    archive: tarfile.TarFile
    bounded: _Bounded
    most: tuple[int, int]
    place: Path | None
    tell: Tell
    file: str
    files: dict[str, StoredFile] = field(default_factory=dict)
    index: bytes = b""
    _unpacked: int = 0

    def take(self, member: tarfile.TarInfo) -> None:
        """Unpack a member, or refuse it before a byte of it has been read."""
        try:
            self._take(member)
        except OSError as error:
            if error.errno not in _OF_NAMES:
                raise
            raise BackupError(
                f"{self.file} holds a file that cannot be written here ({error.strerror}): {member.name[:80]}",
                "Restore it to another disk, or take another backup; nothing was changed.",
            ) from error

    def _take(self, member: tarfile.TarInfo) -> None:
        if member.name == INDEX and not self.index:
            if member.size > _MOST_INDEX:
                raise DamagedError(self.file, "its list of files cannot be read")
            self.index = self._open(member).read()
            return
        if len(self.files) >= self.most[0] or member.name in self.files or not _is_inside(member, self.place):
            raise DamagedError(self.file, "it holds a file that it does not speak of, or one that leads out")
        self.files[member.name] = self._take_again(member) if member.islnk() else self._take_new(member)

    def _take_again(self, member: tarfile.TarInfo) -> StoredFile:
        """Unpack a file with the content of an earlier one."""
        first = self.files.get(member.linkname)
        if first is None:
            raise DamagedError(self.file, "it holds a link to elsewhere")
        self._count(first.size)
        if self.place is not None:
            target = self.place / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.place / first.path, target)
            _finish(target, member.mtime)
        self.tell(first.size)
        return StoredFile(path=member.name, size=first.size, sha256=first.sha256)

    def _take_new(self, member: tarfile.TarInfo) -> StoredFile:
        self._count(member.size)
        hashed = _Hashed(self._open(member), self.tell)
        if self.place is None:
            while hashed.read(CHUNK):
                pass
        else:
            target = self.place / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as copy:
                shutil.copyfileobj(hashed, copy, CHUNK)
            _finish(target, member.mtime)
        return StoredFile(path=member.name, size=hashed.size, sha256=hashed.digest.hexdigest())

    def _open(self, member: tarfile.TarInfo) -> BinaryIO:
        source = self.archive.extractfile(member) if is_plain(member) else None
        if source is None:
            raise DamagedError(self.file, "a member is no file")
        self.bounded.allow(member.size)
        return source  # type: ignore[return-value]

    def _count(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > self.most[1]:
            raise DamagedError(self.file, "it unpacks to more than it says")


def _is_inside(member: tarfile.TarInfo, place: Path | None) -> bool:
    """Return whether a path leads below the folder where it is unpacked, on any system, as backups write it."""
    _data_filter(member, str(place or _LOOKED_THROUGH))
    path = PurePosixPath(member.name)
    is_odd = "\\" in member.name or (os.name == "nt" and ":" in member.name)
    is_below = bool(path.parts) and not path.is_absolute() and ".." not in path.parts
    return is_below and not is_odd and member.name == str(path)


def _finish(target: Path, moment: float) -> None:
    """Write an unpacked file to the disk before it counts; its day stays."""
    sync(target)
    os.utime(target, (moment, moment))


def list_files(place: Path, leave_out: Callable[[Path], bool]) -> Iterator[tuple[Path, bool]]:
    """List every plain file below a folder, by name, and whether it is left out; links to folders stay out."""
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        if leave_out(path):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from list_files(path, leave_out)
        elif path.is_symlink() and not path.is_file():
            yield path, True
        elif stat.S_ISREG(path.stat().st_mode):
            yield path, False

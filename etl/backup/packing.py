"""A part of a backup: the files of a campaign folder as a compressed tar, each content once, each with its hash."""

import gzip
import hashlib
import io
import os
import shutil
import stat
import tarfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from etl.backup.container import CHUNK, PlainInfo
from etl.backup.manifest import BackupError, DamagedError, StoredFile
from etl.readers.files import hash_file

LEVEL = 6
_HEADERS = 4 << 10  # bytes of headers and padding that a file may take besides its content
_FAULTS = (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError, OverflowError)

Tell = Callable[[int], None]
"""Told how many bytes have been worked through since it was last told."""


@dataclass(frozen=True)
class Item:
    """A file to be stored: its path inside the campaign folder, and where its content lies."""

    name: str
    path: Path


def write_part(items: Sequence[Item], stream: BinaryIO, tell: Tell, last: Callable[..., bytes] | None = None) -> Any:
    """Write files as a compressed tar; a content that was written before is a link to the first file that has it.

    Args:
        items: The files.
        stream: Where to.
        tell: Told of progress.
        last: Gives, from the stored files, the content of a last member `INDEX`.

    Returns:
        The stored files, in their order.

    Raises:
        BackupError: a file changes while it is read.
    """
    stored: list[StoredFile] = []
    firsts: dict[tuple[int, str], str] = {}
    alike = _find_alike(items)
    with (
        gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=LEVEL, mtime=0, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK) as archive,
    ):
        for item in items:
            known = alike.get(item.name)
            if known is not None and (first := firsts.get(known)) is not None:
                archive.addfile(_make_link(item, first))
                stored.append(StoredFile(path=item.name, size=known[0], sha256=known[1]))
                tell(known[0])
            else:
                stored.append(_add(archive, item, tell))
                firsts[stored[-1].size, stored[-1].sha256] = item.name
        if last is not None:
            _add_text(archive, INDEX, last(stored))
    return stored


INDEX = ".files.json"
"""The last member of the sealed part, which no campaign folder has: its files with their hashes."""


def _find_alike(items: Sequence[Item]) -> dict[str, tuple[int, str]]:
    """Size and hash of the files of which another one has the same size."""
    sizes = {item.name: item.path.stat().st_size for item in items}
    counts = Counter(sizes.values())
    return {i.name: (sizes[i.name], hash_file(i.path)) for i in items if sizes[i.name] and counts[sizes[i.name]] > 1}


def _make_link(item: Item, first: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(item.name)
    info.type, info.linkname, info.mode = tarfile.LNKTYPE, first, 0o600
    info.mtime = int(item.path.stat().st_mtime)
    return info


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


def _add_text(archive: tarfile.TarFile, name: str, text: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(text), 0o600
    archive.addfile(info, io.BytesIO(text))


class _Bounded:
    """A stream that ends in a refusal where it holds more than it may."""

    def __init__(self, stream: Any, most: int, file: str) -> None:
        self._stream, self._left, self._file = stream, most, file

    def read(self, size: int = -1) -> bytes:
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
    other kinds are refused, and so is more than `most` (files, bytes) says.

    Returns:
        The files as they were found, and the content of `INDEX`, empty where there is none.

    Raises:
        DamagedError: it is not what a backup holds.
    """
    files, unpacked = most
    found: dict[str, StoredFile] = {}
    index = b""
    try:
        with gzip.GzipFile(fileobj=stream, mode="rb") as packed:
            bounded: Any = _Bounded(packed, unpacked + (files + 2) * _HEADERS + (64 << 20), file)
            with tarfile.open(fileobj=bounded, mode="r|", tarinfo=PlainInfo, bufsize=CHUNK) as archive:
                for member in archive:
                    if member.name == INDEX and member.isreg():
                        index = _read_whole(archive, member, file)
                        continue
                    if len(found) >= files or member.name in found or not _is_inside(member.name):
                        raise DamagedError(file, "it holds a file that it does not speak of, or one that leads out")
                    found[member.name] = _unpack(archive, member, found, place, tell, file)
    except _FAULTS as error:
        raise DamagedError(file, "a part of it cannot be unpacked") from error
    return list(found.values()), index


def _read_whole(archive: tarfile.TarFile, member: tarfile.TarInfo, file: str) -> bytes:
    stream = archive.extractfile(member)
    if stream is None or member.size > 64 << 20:
        raise DamagedError(file, "its list of files cannot be read")
    return stream.read()


def _is_inside(name: str) -> bool:
    """Whether a path leads to a file below the folder that it is unpacked in, on any system."""
    path = PurePosixPath(name)
    is_odd = "\\" in name or "\0" in name or (os.name == "nt" and ":" in name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and not is_odd and name == str(path)


def _unpack(
    archive: tarfile.TarFile,
    member: tarfile.TarInfo,
    found: dict[str, StoredFile],
    place: Path | None,
    tell: Tell,
    file: str,
) -> StoredFile:
    target = place / member.name if place is not None else None
    if member.islnk():
        first = found.get(member.linkname)
        if first is None:
            raise DamagedError(file, "it holds a link to elsewhere")
        if target is not None and place is not None:
            _make_parents(target, place)
            shutil.copyfile(place / first.path, target)
            _finish(target, member.mtime)
        tell(first.size)
        return StoredFile(path=member.name, size=first.size, sha256=first.sha256)
    source = archive.extractfile(member)
    if source is None:
        raise DamagedError(file, "a member is no file")
    hashed = _Hashed(source, tell)  # type: ignore[arg-type]
    if target is None or place is None:
        while hashed.read(CHUNK):
            pass
    else:
        _make_parents(target, place)
        with target.open("xb") as copy:
            shutil.copyfileobj(hashed, copy, CHUNK)
        _finish(target, member.mtime)
    return StoredFile(path=member.name, size=hashed.size, sha256=hashed.digest.hexdigest())


def _make_parents(target: Path, place: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if place.resolve() not in (target.parent.resolve(), *target.parent.resolve().parents):
        raise tarfile.ReadError("a path leads out")


def _finish(target: Path, moment: float) -> None:
    """What is unpacked is on the disk before it counts; the day of a file stays."""
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())
    os.utime(target, (moment, moment))


def list_files(place: Path, leave_out: Callable[[Path], bool]) -> Iterator[tuple[Path, bool]]:
    """Every plain file below a folder, in the order of names, and whether it is left out; links to folders stay out."""
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        if leave_out(path):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from list_files(path, leave_out)
        elif path.is_symlink() and not path.is_file():
            yield path, True
        elif stat.S_ISREG(path.stat().st_mode):
            yield path, False


def total(files: Iterable[StoredFile]) -> int:
    """Their bytes."""
    return sum(file.size for file in files)

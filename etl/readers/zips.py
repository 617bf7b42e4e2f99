"""ZIP archives of exports: which members are exports, and each unpacked to a file of its own.

A member is never unpacked under its own name, so that a name can lead nowhere; sizes are settled before anything is
written, and what is written is removed when the archive is closed.
"""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from etl.readers.archives import ZIP_FAULTS, make_password_error, refuse_bomb
from etl.readers.files import ARCHIVE_EXTENSIONS, TEXT_EXTENSIONS, WORKBOOK_EXTENSIONS, Witness
from etl.readers.limits import Limits
from etl.readers.sheets import ReadError

NOT_EXPORTS = ("readme*", ".*", "~$*", "thumbs.db", "desktop.ini")

_MEDIA_FOLDERS = {"media", "attachments", "__macosx"}
_MEDIA = {
    ".3gp", ".aac", ".amr", ".avi", ".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".m4a", ".mkv", ".mov", ".mp3", ".mp4",
    ".ogg", ".pdf", ".png", ".svg", ".tif", ".tiff", ".wav", ".webm", ".webp",
}  # fmt: skip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PACK_AGAIN = "Unpack it and put the files in its place, or pack it again."


@dataclass(frozen=True)
class Member:
    """One export inside an archive.

    Attributes:
        name: The archive's name, a slash, and the member's path: what the export is called.
        path: The unpacked file.
    """

    name: str
    path: Path


@contextmanager
def unpack_exports(path: Path, name: str, limits: Limits, work: Path | None = None) -> Iterator[list[Member]]:
    """Unpack the exports of a ZIP archive; the files are removed on leaving.

    Directories, hidden files, notes, pictures, sounds, films, PDF documents and what stands in a folder `media` are
    passed over.

    Args:
        path: The archive.
        name: What it is called.
        limits: The most that is unpacked.
        work: Where to unpack; the system's place for temporary files by default.

    Raises:
        ReadError: It is damaged, protected or too large, or a member is neither an export nor passed over.
    """
    witness = Witness(path, name)
    with TemporaryDirectory(prefix="export-", dir=work, ignore_cleanup_errors=True) as directory:
        try:
            with zipfile.ZipFile(path) as archive:
                members = _unpack(name, archive, limits, Path(directory))
        except ZIP_FAULTS as error:
            raise ReadError(
                f"“{name}” is damaged or cut short: it cannot be unpacked.", "Download or pack it again."
            ) from error
        witness.check()
        yield members


def _unpack(name: str, archive: zipfile.ZipFile, limits: Limits, directory: Path) -> list[Member]:
    wanted = _list_exports(name, archive, limits)
    needed = sum(info.file_size for info, _ in wanted)
    if needed > shutil.disk_usage(directory).free:
        raise ReadError(f"There is no room on the disk to unpack “{name}”.", "Make room and try again.")
    members = []
    for number, (info, member) in enumerate(wanted):
        # The extension is kept: it leads the library that reads workbooks.
        target = directory / f"{number}{PurePosixPath(member).suffix.lower()}"
        with archive.open(info) as packed, target.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
        members.append(Member(f"{name}/{member}", target))
    return members


def _list_exports(name: str, archive: zipfile.ZipFile, limits: Limits) -> list[tuple[zipfile.ZipInfo, str]]:
    """The members to read with their paths, by path; all is looked at before anything is unpacked."""
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > limits.members:
        raise ReadError(
            f"“{name}” holds {len(members):,} files, more than the {limits.members:,} that are read.", _PACK_AGAIN
        )
    refuse_bomb(name, archive, limits)
    wanted: dict[str, zipfile.ZipInfo] = {}
    for info in members:
        member = info.filename.replace("\\", "/")
        _refuse_place(name, member)
        if _is_passed_over(member):
            continue
        _refuse_member(name, member, info)
        if member in wanted:
            raise ReadError(f"“{name}” holds “{member}” twice.", _PACK_AGAIN)
        wanted[member] = info
    if not wanted:
        raise ReadError(f"“{name}” holds no export.", "Pack the exports into it, or take it away.")
    return [(info, member) for member, info in sorted(wanted.items())]


def _refuse_place(name: str, member: str) -> None:
    parts = PurePosixPath(member).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0]:
        raise ReadError(f"“{name}” holds “{member}”, a place outside of the archive.", _PACK_AGAIN)


def _is_passed_over(member: str) -> bool:
    path = PurePosixPath(member)
    folders = [part.casefold() for part in path.parts[:-1]]
    if any(folder.startswith(".") or folder in _MEDIA_FOLDERS for folder in folders):
        return True
    return path.suffix.lower() in _MEDIA or is_no_export(path.name)


def is_no_export(file_name: str) -> bool:
    """Return whether a file is no export by its name: hidden, a note to readers, or what a system leaves behind."""
    return any(fnmatchcase(file_name.casefold(), pattern) for pattern in NOT_EXPORTS)


def _refuse_member(name: str, member: str, info: zipfile.ZipInfo) -> None:
    suffix = PurePosixPath(member).suffix.lower()
    if suffix in ARCHIVE_EXTENSIONS:
        raise ReadError(f"“{name}” holds another archive, “{member}”.", "Unpack the outer one and use the inner ones.")
    if suffix not in TEXT_EXTENSIONS | WORKBOOK_EXTENSIONS:
        raise ReadError(f"“{name}” holds “{member}”, which is no export.", "Take it out of the archive.")
    if info.flag_bits & 1:
        raise make_password_error(name)
    if info.compress_type not in _METHODS:
        raise ReadError(f"“{name}” is packed in a way that is not read.", _PACK_AGAIN)

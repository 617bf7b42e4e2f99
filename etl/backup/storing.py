"""The making of backups: written under another name, read again, and only then renamed; old ones are removed."""

import hashlib
import io
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.ground.files.writing import PRIVATE, drafted, for_owner, remove, sync_folder
from etl.backup.backup_file import open_container
from etl.backup.contents import Contents, cut, find_list
from etl.backup.manifest import (
    FORGOTTEN_LIST,
    FORMAT,
    KEY,
    MANIFEST,
    OPEN,
    SEALED,
    BackupError,
    Manifest,
    Member,
    SealedIndex,
    StoredFile,
    hash_title,
)
from etl.backup.packing import Tell, Teller, write_part
from etl.backup.sealed import make_key, seal
from etl.inputs.inbox import hash_program
from etl.pipeline.build import Progress


@dataclass
class StoredBackup:
    """A finished backup: its bytes, those of its files, links left out, and older backups that were removed."""

    path: Path
    manifest: Manifest
    size: int
    unpacked: int
    left_out: list[str]
    removed: list[str] = field(default_factory=list)


def name_backup(folder: CampaignFolder, place: Path, moment: datetime) -> Path:
    """Name the file of a backup in a folder of backups."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", folder.root.name).strip("-") or "campaign"
    return place / f"dashboard-backup-{slug}-{moment:%Y%m%dT%H%M%SZ}.tar"


def make_backup(
    folder: CampaignFolder, to: Path, passphrase: str | None, *, wait: float, progress: Progress
) -> StoredBackup:
    """Make a backup of a campaign, in a file or in an existing folder; without a passphrase, of its open part.

    Raises:
        BackupError: no backup was made.
    """
    moment = datetime.now(UTC)
    target = name_backup(folder, to, moment) if to.is_dir() else to
    _refuse_target(target)
    campaign = folder.load()
    title = campaign.titles[campaign.default_language]
    progress("waiting for the build", 0, 1)
    with cut(folder, target.resolve(), wait) as contents:
        if contents.is_closed and passphrase is None:
            raise BackupError(
                "The campaign is closed, so that all of it is sealed: there is no open part.",
                "Leave --open-part out and give a passphrase.",
            )
        with drafted(target, PRIVATE, is_shared=True) as draft:
            with open(draft, "w+b", opener=for_owner) as stream:
                facts = {
                    "made_at": moment.isoformat(timespec="seconds"),
                    "title": hash_title(title) if contents.is_closed else title,
                }
                manifest = _write_container(ContainerWriter(stream), contents, passphrase, progress, **facts)
            progress("checking", 0, 1)
            with open_container(draft) as reader:
                reader.check_hashes(lambda _: None)
        unpacked = sum(member.unpacked for member in manifest.members)
        sync_folder(target.parent)
    return StoredBackup(target, manifest, target.stat().st_size, unpacked, contents.left_out)


def _refuse_target(target: Path) -> None:
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.", "Make it first, or name another (--to).")
    if not target.exists():
        return
    try:
        with open_container(target):
            return
    except (BackupError, OSError) as error:
        raise BackupError(
            f"{target} is there already and is no backup.", "Name another file, or a folder (--to)."
        ) from error


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
    """Writes members one after another into a seekable file.

    The size of a packed stream is unknown in advance, so a header is corrected when its member has ended.
    """

    def __init__(self, stream: BinaryIO) -> None:
        """Begin at the place where `stream` is."""
        self._stream = stream
        self.members: list[Member] = []

    @contextmanager
    def member(self, name: str) -> Iterator[Any]:
        """Write one member; `note` notes its unpacked size."""
        start = self._stream.tell()
        self._stream.write(b"\0" * tarfile.BLOCKSIZE)
        writer = HashedWriter(self._stream)
        yield writer
        self._stream.write(b"\0" * (-writer.size % tarfile.BLOCKSIZE))
        end = self._stream.tell()
        header = tarfile.TarInfo(name)
        header.size, header.mode = writer.size, 0o600
        self._stream.seek(start)
        self._stream.write(header.tobuf(tarfile.GNU_FORMAT))
        self._stream.seek(end)
        self.members.append(Member(name=name, size=writer.size, sha256=writer.digest.hexdigest()))

    def note(self, files: int, unpacked: int) -> None:
        """Note the number of files and bytes that the last member unpacks to."""
        self.members[-1] = self.members[-1].model_copy(update={"files": files, "unpacked": unpacked})

    def close(self, manifest: bytes) -> None:
        """Write the manifest and the end."""
        with self.member(MANIFEST) as writer:
            writer.write(manifest)
        self._stream.write(b"\0" * (2 * tarfile.BLOCKSIZE))


def _write_container(
    container: ContainerWriter, contents: Contents, passphrase: str | None, progress: Progress, **facts: str
) -> Manifest:
    """Write the members one after another; return the manifest, which holds the `facts` as well."""
    items = [*contents.open, *(contents.sealed if passphrase is not None else ())]
    tell = Teller(progress, "writing", sum(item.path.stat().st_size for item in items))
    with container.member(OPEN) as member:
        stored_open = write_part(contents.open, member, tell)
    container.note(len(stored_open), sum(file.size for file in stored_open))
    if passphrase is not None:
        _write_sealed(container, contents, stored_open, passphrase, tell)
    manifest = Manifest(
        format=FORMAT,
        program=hash_program().hex(),
        closed=contents.is_closed,
        build_id=str(contents.pointer.get("build_id") or ""),
        content_id=str(contents.pointer.get("content_id") or ""),
        is_sample=bool(contents.pointer.get("is_sample")),
        members=tuple(container.members),
        files=tuple(stored_open),
        **facts,
    )
    container.close(manifest.write())
    return manifest


def _write_sealed(
    container: ContainerWriter, contents: Contents, stored_open: list[StoredFile], passphrase: str, tell: Tell
) -> None:
    key, sealed_key = make_key(passphrase)
    with container.member(KEY) as member:
        member.write(sealed_key)
    if (list_file := find_list(contents)) is not None:
        text = list_file.read_bytes()
        with container.member(FORGOTTEN_LIST) as member:
            seal(lambda stream: stream.write(text), member, key)

    def last(stored: list[StoredFile]) -> bytes:
        return SealedIndex(open=tuple(stored_open), sealed=tuple(stored)).model_dump_json().encode()

    with container.member(SEALED) as member:
        stored = seal(lambda stream: write_part(contents.sealed, stream, tell, last), member, key)
    container.note(len(stored), sum(file.size for file in stored))


def list_backups(place: Path, title_hash: str) -> list[tuple[Path, Manifest]]:
    """List the whole backups of a campaign in a folder, the newest first."""
    backups = []
    for path in place.glob("dashboard-backup-*.tar"):
        try:
            with open_container(path) as reader:
                if reader.manifest.title_hash == title_hash:
                    backups.append((path, reader.manifest))
        except (UserError, OSError):
            continue  # a broken one counts for nothing, and somebody may want to look at it
    return sorted(backups, key=lambda entry: (entry[1].made_at, entry[0].name), reverse=True)


def list_old(place: Path, title_hash: str, most: int) -> list[Path]:
    """List the backups beyond the newest `most`, none where that is 0; never the newest complete one."""
    backups = list_backups(place, title_hash)
    full = next((path for path, manifest in backups if manifest.is_sealed), None)
    return [path for path, _ in backups[most:] if path != full] if most > 0 else []


def remove_old(place: Path, title_hash: str, most: int) -> list[str]:
    """Remove them; return their names."""
    old = list_old(place, title_hash, most)
    for path in old:
        remove(path)
    return [path.name for path in old]

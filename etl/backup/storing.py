"""Making a backup: written under another name, read again, and only then given its own."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from dashboard.campaign.folder import CampaignFolder
from dashboard.ground.files.writing import PRIVATE, drafted, for_owner, sync_folder
from etl.backup.checking import check_hashes
from etl.backup.container import ContainerWriter, open_container
from etl.backup.contents import Contents, find_list
from etl.backup.cut import Cut, cut
from etl.backup.manifest import (
    FORGOTTEN_LIST,
    FORMAT,
    KEY,
    OPEN,
    SEALED,
    BackupError,
    Manifest,
    StoredFile,
    hash_title,
)
from etl.backup.packing import total, write_part
from etl.backup.sealed import make_key, seal
from etl.backup.sealed_index import SealedIndex
from etl.inputs.inbox import hash_program
from etl.pipeline.build import Progress


@dataclass
class Made:
    """A backup that was made.

    Attributes:
        size: Its bytes.
        unpacked: The bytes of its files.
        left_out: Links that lead out of the campaign folder.
        removed: Older backups that were removed, by name.
    """

    path: Path
    manifest: Manifest
    size: int
    unpacked: int
    left_out: list[str]
    removed: list[str] = field(default_factory=list)


def name_backup(folder: CampaignFolder, place: Path, moment: datetime) -> Path:
    """The file of a backup in a folder of backups."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", folder.root.name).strip("-") or "campaign"
    return place / f"dashboard-backup-{slug}-{moment:%Y%m%dT%H%M%SZ}.tar"


def make_backup(folder: CampaignFolder, to: Path, passphrase: str | None, *, wait: float, progress: Progress) -> Made:
    """Make a backup of a campaign.

    Args:
        folder: The campaign.
        to: The file, or a folder that there is.
        passphrase: What the sealed part is sealed by; None leaves it out.
        wait: Seconds to wait for a build that is under way.
        progress: Told how far it is.

    Raises:
        BackupError: no backup was made.
    """
    moment = datetime.now(UTC)
    target = name_backup(folder, to, moment) if to.is_dir() else to
    _refuse_target(target)
    campaign = folder.load()
    title = campaign.titles[campaign.default_language]
    progress("waiting for the build", 0, 1)
    with cut(folder, target.resolve(), wait) as cut_files:
        if cut_files.contents.is_closed and passphrase is None:
            raise BackupError(
                "The campaign is closed, so that all of it is sealed: there is no open part.",
                "Leave --open-part out and give a passphrase.",
            )
        with drafted(target, PRIVATE, is_shared=True) as draft:
            with open(draft, "w+b", opener=for_owner) as stream:
                writer = _Writer(stream, progress, cut_files.contents, passphrase is not None)
                manifest = writer.write(passphrase, cut_files, moment.isoformat(timespec="seconds"), title)
            progress("checking", 0, 1)
            with open_container(draft) as reader:
                check_hashes(reader, lambda _: None)
        unpacked = sum(member.unpacked for member in manifest.members)
        sync_folder(target.parent)
    return Made(target, manifest, target.stat().st_size, unpacked, cut_files.contents.left_out)


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


class _Writer:
    """Writes the members one after another."""

    def __init__(self, stream: BinaryIO, progress: Progress, contents: Contents, is_sealed: bool) -> None:
        self._container = ContainerWriter(stream)
        self._contents = contents
        self._progress = progress
        items = [*contents.open, *(contents.sealed if is_sealed else ())]
        self._all = sum(item.path.stat().st_size for item in items) or 1
        self._done = 0
        self._open: list[StoredFile] = []

    def _tell(self, size: int) -> None:
        self._done += size
        self._progress("writing", min(self._done, self._all), self._all)

    def write(self, passphrase: str | None, cut_files: Cut, made_at: str, title: str) -> Manifest:
        """Write all; gives the manifest."""
        with self._container.member(OPEN) as member:
            self._open = write_part(self._contents.open, member, self._tell)  # type: ignore[arg-type]
        self._container.note(len(self._open), total(self._open))
        if passphrase is not None:
            self._write_sealed(passphrase)
        manifest = Manifest(
            format=FORMAT,
            program=hash_program().hex(),
            made_at=made_at,
            title=hash_title(title) if cut_files.contents.is_closed else title,
            closed=cut_files.contents.is_closed,
            build_id=str(cut_files.pointer.get("build_id") or ""),
            content_id=str(cut_files.pointer.get("content_id") or ""),
            is_sample=bool(cut_files.pointer.get("is_sample")),
            members=tuple(self._container.members),
            files=tuple(self._open),
        )
        self._container.close(manifest.write())
        return manifest

    def _write_sealed(self, passphrase: str) -> None:
        key, sealed_key = make_key(passphrase)
        with self._container.member(KEY) as member:
            member.write(sealed_key)
        list_file = find_list(self._contents)
        if list_file is not None:
            text = list_file.read_bytes()
            with self._container.member(FORGOTTEN_LIST) as member:
                seal(lambda stream: stream.write(text), member, key)  # type: ignore[arg-type]

        def write(stream: BinaryIO) -> list[StoredFile]:
            def last(stored: list[StoredFile]) -> bytes:
                return SealedIndex(open=tuple(self._open), sealed=tuple(stored)).model_dump_json().encode()

            return list(write_part(self._contents.sealed, stream, self._tell, last))

        with self._container.member(SEALED) as member:
            stored = seal(write, member, key)  # type: ignore[arg-type]
        self._container.note(len(stored), total(stored))

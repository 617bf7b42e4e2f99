"""Restoring a campaign: unpacked and compared beside its place, persons forgotten again, proven, then put in place.

An older copy of a campaign holds persons who asked to be forgotten after it was made. The list has hashes of their
addresses and no address, so every address in the copy is hashed and looked up; a person on the list is erased. Files
whose consent was withdrawn meanwhile are withdrawn again.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pyrage.x25519 import Identity

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import find_actor, record
from dashboard.access.roles_file import find_roles, path_of
from dashboard.campaign.blank import keep_out_of_git
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.reports import ReportBox
from dashboard.campaign.reporting.withdrawal import remove_public_copies, withdraw
from dashboard.campaign.snapshot_schema import is_of_another
from dashboard.errors import UserError
from dashboard.faults import raise_explained
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.ground.processes.progress import Progress
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.backup.backup_file import ContainerReader, open_container
from etl.backup.manifest import BackupError
from etl.backup.packing import Tell, Teller
from etl.backup.replacing import is_empty, make_stage, put_in_place, remove_left
from etl.forget import databases
from etl.forget.cleaned_file import READING_FAULTS, list_views
from etl.forget.forget import forget, rebuild
from etl.inputs.forgotten import Forgotten, list_addresses, merge_forgotten, parse_forgotten, read_forgotten
from etl.publish import history
from etl.publish.build_again import InputsGoneError, find_kept, made_again
from etl.publish.holding import only_build
from etl.publish.kept_inputs import make_private, read_manifests

_WINDOW = 8 << 20
_OVERLAP = 1 << 10
_ROOM = 1.1  # the unpacked files, and a little more for the build that proves them
MISSING = (
    "the inbox and what staff have settled",
    "the inputs of earlier builds, without which nothing can be built again",
    "the private store: contacts, mails, keys, who may sign in, the list of persons to be forgotten",
)
"""The parts that a backup's open part lacks, in words."""


@dataclass
class Restored:
    """The result of restoring.

    Attributes:
        former: The path of the former folder; None where there was none.
        made_at: The time of the backup, ISO 8601 in UTC.
        missing: The parts that did not come back, in words.
        forgotten: The number of persons forgotten again.
        by_hand: Files in which persons must be forgotten by hand, each with the reason.
        proof: Whether the inputs gave the same build again: `equal` (build and content), `content` (another
            program, the same content), `differs`, or `none` (there was nothing to build it from).
        proof_said: The proof in one sentence.
        access_said: The change of access to the campaign, in a sentence; empty where there is none.
        unread: Newer backups whose list of persons to be forgotten could not be read.
    """

    target: Path
    made_at: str
    former: Path | None = None
    build_id: str = ""
    content_id: str = ""
    files: int = 0
    missing: list[str] = field(default_factory=list)
    forgotten: int = 0
    by_hand: list[tuple[str, str]] = field(default_factory=list)
    proof: str = "none"
    proof_said: str = ""
    access_said: str = ""
    unread: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Return whether nothing is left to do by hand."""
        return self.proof != "differs" and not self.by_hand


@dataclass(frozen=True)
class Order:
    """The order to restore.

    Attributes:
        passphrase: Opens the sealed part; None restores the open one alone.
        may_replace: Whether a folder that holds something is put aside.
        lists: Later lists of persons to be forgotten: `forgotten.csv` files or backups.
    """

    file: Path
    target: Path
    passphrase: str | None
    may_replace: bool = False
    lists: tuple[Path, ...] = ()


def restore_backup(order: Order, progress: Progress) -> Restored:
    """Restore a campaign from a backup; until the last step the target is as it was.

    Raises:
        BackupError: the backup is damaged, cannot be opened, or the target holds something; nothing was changed.
        UserError: the same, from a room below.
    """
    target = order.target.absolute()
    remove_left(target)
    with open_container(order.file) as reader:
        _refuse_target(reader, target, may_replace=order.may_replace)
        key = reader.find_key(order.passphrase) if order.passphrase is not None else None
        done = Restored(target, reader.manifest.made_at)
        if key is None and reader.manifest.closed:
            raise BackupError(
                f"{order.file.name} is of a closed campaign: all of it is sealed.",
                "Give its passphrase; nothing was changed.",
            )
        later = find_later(order, reader, done.unread)
        tell = _make_teller(reader, progress, is_sealed=key is not None)
        reader.check_hashes(tell)
        with make_stage(target) as place:
            keep_out_of_git(Path(place))
            new_root = Path(place) / "campaign"
            _unpack(reader, key, new_root, tell, done)
            _refuse_shipped(new_root, target)
            _close(reader, new_root, target, done)
            folder = CampaignFolder(new_root)
            _withdraw_again(target, new_root)
            if key is not None:
                progress("forgetting again", 0, 1)
                _forget(folder, later, done)
            progress("building from the inputs", 0, 1)
            _prove(folder, Path(place) / "proof", done)
            _record(order, done, new_root)
            with _held(target):
                done.former = put_in_place(new_root, target, f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    return done


def check_backup(file: Path, passphrase: str | None, progress: Progress) -> ContainerReader:
    """Look through a backup without restoring it: every hash, every file; the sealed part with its passphrase.

    Raises:
        BackupError: it is damaged, or the passphrase is another one.
    """
    with open_container(file) as reader:
        key = reader.find_key(passphrase) if passphrase is not None else None
        tell = _make_teller(reader, progress, is_sealed=key is not None)
        reader.check_hashes(tell)
        reader.unpack_open(None, tell)
        if key is not None:
            reader.unpack_sealed(key, None, tell)
    return reader


def _make_teller(reader: ContainerReader, progress: Progress, *, is_sealed: bool) -> Teller:
    """Make the reporter of bytes read, then unpacked."""
    members = reader.manifest.members
    unpacked = sum(member.unpacked for member in members if is_sealed or not member.name.endswith(".age"))
    return Teller(progress, "reading", sum(member.size for member in members) + unpacked)


def _refuse_target(reader: ContainerReader, target: Path, *, may_replace: bool) -> None:
    if target.exists() and not target.is_dir():
        raise BackupError(f"{target} is no folder.", "Name another one (--campaign).")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.", "Make it first.")
    is_untouched = target.resolve() == SHIPPED_CAMPAIGN and _is_untouched(target)
    if not is_empty(target) and not may_replace and not is_untouched:
        raise BackupError(
            f"{target} is not empty; nothing was changed.",
            "Name an empty folder (--campaign), or have this one put aside (--replace).",
        )
    needed = sum(member.unpacked for member in reader.manifest.members) * _ROOM
    free = shutil.disk_usage(target if target.exists() else target.parent).free
    if needed > free:
        raise BackupError(
            f"There is no room for it: it unpacks to {needed / 1e9:,.1f} GB, and {free / 1e9:,.1f} GB are free.",
            "Make room, or restore to another disk; nothing was changed.",
        )


def _refuse_shipped(new_root: Path, target: Path) -> None:
    is_whole = all((new_root / name).is_file() for name in ("campaign.toml", "codelists/themes.csv"))
    if target.resolve() == SHIPPED_CAMPAIGN and not is_whole:
        raise BackupError(
            f"{target} is the program's own folder, with codelists that the backup lacks.",
            "Restore into another folder (--campaign), and name that in DASHBOARD_CAMPAIGN.",
        )


def _close(reader: ContainerReader, new_root: Path, target: Path, done: Restored) -> None:
    """Close the campaign of an open part where it may have been closed; report a closed one that came back open."""
    was_closed = find_roles(target).roles.closed
    if done.missing and (was_closed or reader.manifest.closed is None):
        path = path_of(new_root)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_file(path, "closed = true\n", PRIVATE)
        done.access_said = (
            "It is closed, since the campaign may have been, and who may read it is not in the open part. "
            "Open it by python -m dashboard roles open."
        )
    elif was_closed and not find_roles(new_root).roles.closed:
        done.access_said = (
            "The campaign that was there was closed, and the one that came back is open to everybody. "
            "Close it by python -m dashboard roles close."
        )


def _is_untouched(shipped: Path) -> bool:
    """Return whether the program's own folder is as shipped."""
    exports = [path for path in (shipped / "inbox").glob("*") if path.name not in (".gitkeep", "README.md")]
    return not exports and not any((shipped / name).exists() for name in ("published", "private"))


def find_later(order: Order, reader: ContainerReader, unread: list[str]) -> Forgotten:
    """Read the lists that may have more persons: the target's own, those named, and those of newer backups beside.

    `unread` gets the names of newer backups whose list cannot be read.

    Raises:
        UserError: the target's own list is damaged, or one that was named is none.
    """
    if order.passphrase is None:
        return Forgotten()
    lists = [_read_list(path, order.passphrase) for path in order.lists]
    private = order.target / "private"
    if private.is_dir():
        lists.append(read_forgotten(CampaignFolder(order.target)))
    for path in sorted(order.file.parent.glob("*.tar")):
        if path.resolve() == order.file.resolve():
            continue
        try:
            with open_container(path) as backup:
                one, own_manifest = backup.manifest, reader.manifest
                if one.made_at < own_manifest.made_at or one.title_hash != own_manifest.title_hash or not one.is_sealed:
                    continue
                lists.append(_read_from(backup, order.passphrase))
        except (UserError, OSError):
            unread.append(path.name)
    return Forgotten(tuple(dict.fromkeys(line for one in lists for line in one.lines)))


def _read_list(path: Path, passphrase: str) -> Forgotten:
    """Read a named list: a file of its own, or a backup's."""
    with path.open("rb") as stream:
        start = stream.read(1 << 20)
    if start.startswith(b"forgotten_on,"):
        return parse_forgotten(path.read_text(encoding="utf-8"), str(path))
    with open_container(path) as backup:
        return _read_from(backup, passphrase)


def _read_from(reader: ContainerReader, passphrase: str) -> Forgotten:
    text = reader.read_forgotten_list(reader.find_key(passphrase))
    return parse_forgotten(text, reader.path.name) if text else Forgotten()


def _unpack(reader: ContainerReader, key: Identity | None, new_root: Path, tell: Tell, done: Restored) -> None:
    new_root.mkdir(mode=0o755)
    keep_out_of_git(new_root)
    reader.unpack_open(new_root, tell)
    done.files = len(reader.manifest.files)
    if key is not None:
        done.files += reader.unpack_sealed(key, new_root, tell)
    else:
        done.missing = list(MISSING)
    (new_root / "inbox").mkdir(exist_ok=True)
    for path in (new_root / "private", *(new_root / "private").rglob("*")):
        if path.exists():
            path.chmod(0o700 if path.is_dir() else 0o600)
    for path in (path for path in new_root.rglob("*") if path.is_file() and new_root / "private" not in path.parents):
        path.chmod(0o644 if new_root / "inbox" not in path.parents else 0o600)


def _withdraw_again(target: Path, new_root: Path) -> None:
    """Withdraw in the older copy the files whose consent was withdrawn since, by the reports of the target."""
    files = [(report.link, file) for report in ReportBox(target / "private").list() for file in report.files]
    public = {file.sha256 for _, file in files if file.is_public}
    for link, file in files:
        if file.withdrawn_on is not None:
            withdraw(new_root, link, file.sha256, file.withdrawn_on)
            if file.sha256 not in public:  # an open part has copies and no reports
                remove_public_copies(new_root, file.sha256)


def _forget(folder: CampaignFolder, later: Forgotten, done: Restored) -> None:
    again = forget_again(folder, later)
    done.forgotten, done.by_hand = again.persons, again.by_hand
    if again.refused:
        raise BackupError(
            f"Persons were to be forgotten again, but the campaign cannot be built anew: {again.refused}",
            "Nothing was changed. Restore with the program of then, then update.",
        )


@dataclass
class Again:
    """The result of forgetting again.

    Attributes:
        persons: The number of persons found and erased again.
        by_hand: Files that must be changed by hand, each with the reason.
        refused: The error of the new build; empty where there was none, or where nothing had changed.
    """

    persons: int = 0
    by_hand: list[tuple[str, str]] = field(default_factory=list)
    refused: str = ""


def forget_again(folder: CampaignFolder, later: Forgotten) -> Again:
    """Put a later list into force in an older copy of a campaign; its own list gets the new entries.

    Raises:
        UserError: the copy cannot be read.
    """
    make_private(folder)
    new = merge_forgotten(folder, later)
    again = Again()
    if not new.lines:
        return again
    addresses = {address for text in _list_texts(folder) for address in list_addresses(text) if new.knows(address)}
    for address in sorted(addresses):
        with only_build(folder):
            done = forget(folder, address)
            refused = rebuild(folder, done)
        again.persons += 1
        again.by_hand += done.by_hand
        again.refused = str(refused) if refused else ""
    return again


def _list_texts(folder: CampaignFolder) -> Iterator[str]:
    """List every text of a campaign that may hold an address, and the names of its files."""
    for manifest in read_manifests(folder):
        for kept_file in (*manifest.files, *manifest.settings):
            yield kept_file.name.replace("_", " ")
    for path in sorted(folder.root.rglob("*")):
        if folder.published in path.parents or not path.is_file():
            continue
        yield f"{path.stem} {path.name}".replace("_", " ")
        if databases.is_database(path):
            with suppress(*databases.FAULTS):  # a damaged one reveals nothing; `forget` names it
                yield from (text for _, text in databases.list_rows(path, "@"))
        else:
            yield from _list_windows(path)


def _list_windows(path: Path) -> Iterator[str]:
    """List the possible texts in a file's bytes, window by window, so that memory stays flat; packed ones whole."""
    try:
        with path.open("rb") as stream:
            rest = b""
            while data := stream.read(_WINDOW):
                if not rest and data.startswith((b"PK\x03\x04", b"%PDF")):
                    yield from list_views(path.read_bytes(), path.name)
                    return
                for text in list_views(rest + data, path.name):
                    yield text
                    yield text.replace("_", " ")
                rest = data[-_OVERLAP:]
    except READING_FAULTS as error:  # an unreadable archive was none to the build either
        raise_explained(error)


def _prove(folder: CampaignFolder, place: Path, done: Restored) -> None:
    """Build from the restored inputs, and compare the build with the published one."""
    pointer = history.read_pointer(folder)
    if pointer is None:
        done.proof_said = "Nothing is published in it."
        return
    done.build_id, done.content_id = str(pointer["build_id"]), str(pointer.get("content_id") or "")
    published_id = _read_published(folder.published / str(pointer["snapshot"]), done.build_id)
    if done.missing:
        done.proof_said = "Every file is what it was; without the inputs it cannot be built again."
        return
    try:
        kept_inputs = find_kept(folder, done.build_id)
        with made_again(folder, kept_inputs, place) as again:
            _judge(done, published_id, again.build_id, again.content_id)
    except InputsGoneError as error:
        done.proof_said = f"It could not be built again: {error.what}"
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _read_published(snapshot: Path, build_id: str) -> str:
    """Hash the content of a snapshot by this program; empty where another version of the program made it."""
    content_id = "" if is_of_another(snapshot) else history.read_whole(snapshot, build_id)
    if content_id is None:
        raise BackupError(f"The snapshot of build {build_id} cannot be opened.", "Take another backup.")
    return content_id


def _judge(done: Restored, published_id: str, build_id: str, content_id: str) -> None:
    """Compare the published build, hashed by this program, with the content id of the one from the same inputs."""
    if not published_id:
        done.proof_said = (
            "Another version of the program made it, so this one does not show it. Its inputs are whole: "
            f"python -m etl build publishes them as build {build_id}."
        )
    elif content_id != published_id:
        done.proof = "differs"
        done.proof_said = (
            f"Built again from its inputs it says something else: content {content_id}, not {published_id}. "
            "The program that builds is another one, or an input is."
        )
    elif build_id == done.build_id:
        done.proof = "equal"
        done.proof_said = f"Built again from its inputs it is build {build_id} with content {content_id}, as published."
    else:
        done.proof = "content"
        done.proof_said = f"Built again from its inputs by another program ({build_id}) it says the same: {content_id}."


def _record(order: Order, done: Restored, new_root: Path) -> None:
    """Record who restores, in the campaign that is about to take its place."""
    actor = find_actor()
    record(
        new_root,
        actor.person,
        Event.BACKUP_RESTORED,
        order.file.name,
        request=actor.request,
        is_whole=not done.missing,
        made_at=done.made_at,
        build=done.build_id,
        forgotten=done.forgotten,
        proof=done.proof,
    )


@contextmanager
def _held(target: Path) -> Iterator[None]:
    """Hold the campaign that is put aside, so that no build is under way in it."""
    if (target / "published").is_dir():
        with only_build(CampaignFolder(target)):
            yield
    else:
        yield

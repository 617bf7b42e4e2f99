"""Publishing of the public side to a folder or an object store: write changed files, remove obsolete ones.

The place's list holds the hash of each file put there, so that the next time only changed files are
written, and only the dashboard's own are replaced or removed. Each file is replaced in one step; `current.json` is
the last one.

Earlier builds stay below `builds/`, where embeds and citations name them, until a person is erased: then those
that the campaign no longer keeps go as well, since nobody could check any more whether they hold that person.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from dashboard.access.audit.entries import Filters, find_entries
from dashboard.access.audit.events import Event, Outcome
from dashboard.access.sessions import is_closed
from dashboard.campaign.brand import read_look
from dashboard.campaign.builds import find_snapshot
from dashboard.campaign.copies.object_store import Objects, open_store
from dashboard.edition import edition
from dashboard.errors import UserError
from dashboard.ground.files.writing import hash_file, put_file
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.web.public_files.files_of_build import BUILDS, CURRENT, PublicSide, name_headers

AT_ONCE = 8
"""The number of objects sent at a time."""


class Folder:
    """A folder of this computer with named files, each replaced in one step; names have slashes."""

    def __init__(self, root: Path) -> None:
        """Take the folder, made if need be.

        Raises:
            UserError: it cannot be made.
        """
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{root} cannot be written: {error.strerror}.", "Choose another folder.") from error

    @property
    def title(self) -> str:
        """Its path."""
        return str(self.root)

    def read(self, name: str) -> bytes | None:
        """Read a file's content; None where there is none."""
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def list_names(self) -> set[str]:
        """List the names of all files that are there."""
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if not path.is_dir()}

    def put_all(self, files: Mapping[str, Path]) -> None:
        """Put files in place, also from another disk; they may be gone afterwards from where they were."""
        for name, file in files.items():
            self._put(name, file)

    def _put(self, name: str, file: Path) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        file.chmod(0o644)  # a web server of another user reads it
        put_file(file, target, mode=0o644, is_durable=False)

    def remove(self, name: str) -> None:
        """Take a file away, and the folders that are empty then."""
        path = self.root / name
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.root or not folder.is_dir() or any(folder.iterdir()):
                return
            folder.rmdir()


class Bucket:
    """The objects below an address of an object store, each with its headers for browsers and CDNs."""

    def __init__(self, objects: Objects) -> None:
        """Take the store; send no request yet."""
        self._objects = objects

    @property
    def title(self) -> str:
        """Its address."""
        return self._objects.address

    def read(self, name: str) -> bytes | None:
        """Read an object's content; None where there is none."""
        stored = self._objects.read(name)
        return stored.body if stored else None

    def list_names(self) -> set[str]:
        """List the names of all objects that are there."""
        return {one.name for one in self._objects.list_all("")}

    def put_all(self, files: Mapping[str, Path]) -> None:
        """Put objects in place, several at a time, since a store far away takes most of its time for the way."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for _ in threads.map(lambda name: self._objects.put(name, files[name], name_headers(name)), files):
                continue

    def remove(self, name: str) -> None:
        """Take an object away."""
        self._objects.delete([name])


Place = Folder | Bucket


def open_place(address: str, settings: Settings) -> Place:
    """Open the place of an address: a folder's path, or the address of an object store.

    Raises:
        UserError: it cannot be used.
    """
    if "://" not in address:
        return Folder(Path(address))
    if address.startswith("file:"):
        return Folder(Path(url2pathname(urlsplit(address).path)))
    return Bucket(open_store(settings.model_copy(update={"store": address})))


MANIFEST = "embeds-manifest.json"
Tell = Callable[[int], None]


class Done(NamedTuple):
    """The outcome of a publishing: the number of files, of those new or changed and those removed; and the builds."""

    files: int
    changed: int
    removed: int
    erased: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """The list of a place's files.

    Attributes:
        made_of: The sources of its files.
        files: The hash of each file, by name; empty where it is unknown.
        builds: The time when each build below `builds/` was put there, ISO 8601 in UTC.
    """

    made_of: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    builds: Mapping[str, str] = field(default_factory=dict)

    def write(self) -> bytes:
        """Write it as JSON."""
        manifest = {"made_of": self.made_of, "builds": self.builds, "files": dict(sorted(self.files.items()))}
        return (json.dumps(manifest, indent=1) + "\n").encode()


def publish(side: PublicSide, place: Place, tell: Tell = lambda _done: None) -> Done:
    """Put one build's files in place.

    `tell` receives the number of finished files now and then.

    Raises:
        UserError: the campaign is closed, the place cannot be written to, or a file of somebody else is in the way.
    """
    if is_closed(side.settings):
        raise UserError(
            "The campaign is closed to the public, and files on a plain web server are open to all.",
            "Open the campaign on the page People and roles, or hand out signed links instead.",
        )
    earlier = _read_manifest(place)
    made_of = _say_made_of(side)
    erased = tuple(_find_erased(side, earlier))
    if made_of == earlier.made_of and not erased:
        return Done(len(earlier.files), 0, 0)
    with Scratch("work") as scratch:
        folder = Path(scratch)
        hashes: dict[str, str] = {}
        for name in side.write(folder):
            hashes[name] = hash_file(folder / name)
            tell(len(hashes))
        former = {name: digest for name, digest in earlier.files.items() if _is_former(name, side, erased)}
        return _put(
            place, folder, earlier, Manifest(made_of, {**former, **hashes}, _list_builds(side, earlier, erased))
        )


def _put(place: Place, folder: Path, earlier: Manifest, now: Manifest) -> Done:
    present = place.list_names()
    new_files = [name for name in now.files if (folder / name).exists()]
    changed = [name for name in new_files if earlier.files.get(name) != now.files[name] or name not in present]
    foreign = next((name for name in changed if name not in earlier.files and name in present), None)
    if foreign is not None:
        raise UserError(
            f"{place.title}/{foreign} is there already and was not written by this command.", "Choose an empty folder."
        )
    # Whatever stops this, begun files count as the dashboard's own the next time.
    _write_manifest(place, folder, Manifest("", {**earlier.files, **dict.fromkeys(changed, "")}, now.builds))
    place.put_all({name: folder / name for name in changed if name != CURRENT})
    place.put_all({name: folder / name for name in changed if name == CURRENT})
    gone = sorted(set(earlier.files) - set(now.files))
    for name in gone:
        place.remove(name)
    _write_manifest(place, folder, now)
    erased = tuple(sorted(set(earlier.builds) - set(now.builds)))
    return Done(len(now.files), len(changed), len(gone), erased)


def _is_former(name: str, side: PublicSide, erased: Iterable[str]) -> bool:
    """Return whether a file belongs to an earlier build that stays."""
    parts = PurePosixPath(name).parts
    return parts[0] == BUILDS and parts[1] not in {side.snapshot.build_id, *erased}


def _list_builds(side: PublicSide, earlier: Manifest, erased: Iterable[str]) -> dict[str, str]:
    gone = set(erased)
    current = {} if side.kind else {side.snapshot.build_id: datetime.now(UTC).isoformat(timespec="seconds")}
    return {build: since for build, since in {**current, **earlier.builds}.items() if build not in gone}


def _say_made_of(side: PublicSide) -> str:
    parts = [edition(), side.snapshot.build_id, side.snapshot.built_at, side.base_url, side.settings.base_url]
    parts += read_look(side.settings.campaign).keys
    parts += [*side.languages, str(side.has_data), *side.evidence, *([side.kind] if side.kind else [])]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _find_erased(side: PublicSide, earlier: Manifest) -> Iterable[str]:
    """Find the builds that may hold a person who was erased since they were put there."""
    campaign = side.settings.campaign
    gone = [build for build in earlier.builds if find_snapshot(campaign, build) is None]
    if not gone:
        return
    erasures = find_entries(campaign, Filters(events=(Event.ERASED,), outcomes=(Outcome.DONE,)), most=1)
    if erasures.entries.empty:
        return
    last = erasures.entries["moment"].iloc[0]
    for build in gone:
        if datetime.fromisoformat(earlier.builds[build]) <= last.tz_localize(UTC).to_pydatetime():
            yield build


def _read_manifest(place: Place) -> Manifest:
    """Read the list of a place; a name that leads out of the place is none of ours."""
    content = place.read(MANIFEST)
    if content is None:
        return Manifest()
    try:
        manifest: Any = json.loads(content)
        file_list = manifest["files"]
        files = {str(name): "" for name in file_list} if isinstance(file_list, list) else dict(file_list)
        builds = {str(build): str(since) for build, since in manifest.get("builds", {}).items()}
        made_of = str(manifest.get("made_of", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{place.title}/{MANIFEST} is damaged, so it is not known which files there are the dashboard's.",
            "Choose an empty folder.",
        ) from error
    files_inside = {name: str(digest) for name, digest in files.items() if _is_inside(name)}
    return Manifest(made_of, files_inside, builds)


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _write_manifest(place: Place, folder: Path, manifest: Manifest) -> None:
    draft = folder / MANIFEST
    draft.write_bytes(manifest.write())
    place.put_all({MANIFEST: draft})

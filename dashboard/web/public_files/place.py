"""Where public files stand: a folder that a plain web server shows, or an object store that a CDN fetches from."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from dashboard.copies.object_store import Objects, open_store
from dashboard.errors import UserError
from dashboard.ground.files.writing import put_file
from dashboard.settings import Settings
from dashboard.web.public_files.caching import name_headers

AT_ONCE = 8
"""Objects that are sent at a time."""


class Place(Protocol):
    """Named files, each of which is replaced in one step. Names have slashes."""

    @property
    def title(self) -> str:
        """What people call it."""

    def read(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""

    def list_names(self) -> set[str]:
        """The names of all files that are there, whoever put them."""

    def put_all(self, files: Mapping[str, Path]) -> None:
        """Put files in place by their names, each in one step; they may be gone afterwards from where they were."""

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""


class Folder:
    """A folder of this computer."""

    def __init__(self, root: Path) -> None:
        """Take the folder, made if need be.

        Raises:
            UserError: it cannot be made.
        """
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise say_unwritable(root, error) from error

    @property
    def title(self) -> str:
        """Its path."""
        return str(self.root)

    def read(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def list_names(self) -> set[str]:
        """The names of all files that are there."""
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if not path.is_dir()}

    def put_all(self, files: Mapping[str, Path]) -> None:
        """Put files in place, each in one step also where it comes from another disk."""
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
    """The objects below an address of an object store, each with the headers that browsers and CDNs are to have."""

    def __init__(self, objects: Objects) -> None:
        """Take the store; nothing is asked yet."""
        self._objects = objects

    @property
    def title(self) -> str:
        """Its address."""
        return self._objects.address

    def read(self, name: str) -> bytes | None:
        """What an object holds; None where there is none."""
        stored = self._objects.read(name)
        return stored.body if stored else None

    def list_names(self) -> set[str]:
        """The names of all objects that are there."""
        return {one.name for one in self._objects.list_all("")}

    def put_all(self, files: Mapping[str, Path]) -> None:
        """Put objects in place, several at a time, since a store far away takes most of its time for the way."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for _ in threads.map(lambda name: self._objects.put(name, files[name], name_headers(name)), files):
                continue

    def remove(self, name: str) -> None:
        """Take an object away."""
        self._objects.delete([name])


def open_place(address: str, settings: Settings) -> Place:
    """The place that an address names: a folder's path, or the address of an object store.

    Raises:
        UserError: it cannot be used.
    """
    if "://" not in address:
        return Folder(Path(address))
    if address.startswith("file:"):
        return Folder(Path(url2pathname(urlsplit(address).path)))
    return Bucket(open_store(settings.model_copy(update={"store": address})))


def say_unwritable(root: Path, error: OSError) -> UserError:
    """What to tell of a folder that refuses."""
    return UserError(f"{root} cannot be written: {error.strerror}.", "Choose another folder.")

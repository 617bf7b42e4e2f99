"""An object store: S3, Google Cloud Storage, Azure, or a folder; its faults are sentences without secrets.

It uses obstore and not pyarrow's file systems: those can only overwrite unconditionally, so two builders would
overwrite each other. Each cloud's own programs define the credentials (docs/operations.md).
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotModifiedError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import LocalStore, from_url

from dashboard import outbound
from dashboard.errors import UserError, sentence
from dashboard.ground.files import locking
from dashboard.i18n import N_
from dashboard.settings import Settings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

PART_BYTES = 16 * 1024 * 1024
"""What is sent or asked for in one request, and repeated where it fails."""
AT_ONCE = 4
"""Parts of one object that are sent or asked for at a time."""
LOCK_SECONDS = 30.0
LOCK = ".swap.lock"
CLIENT: "ClientConfig" = {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=120)}
RETRY: "RetryConfig" = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=20),
    "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=3), "base": 2},
}
_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound", "The specified bucket does not exist")
_LOOK = N_("Check the address, the network and, where there is a proxy, HTTPS_PROXY and NO_PROXY.")
_ADMIT = N_("Check the credentials, and what they may do there: read, and for a builder write, list and delete.")


class StoreError(UserError):
    """The object store cannot be used, or not now."""


class ChangedError(StoreError):
    """An object has changed since it was read; nothing was written."""


class UnchangedError(Exception):
    """An object has not changed since it was read."""


class MissingError(StoreError):
    """An object that must exist does not."""


class DamagedError(StoreError):
    """An object's content is not what was sent."""


class Version(NamedTuple):
    """The state of an object that was read: the store's tag of its content, and its number where the store counts."""

    e_tag: str | None
    number: str | None = None


class StoredObject(NamedTuple):
    """A small object."""

    body: bytes
    version: Version


class ObjectEntry(NamedTuple):
    """An object in a listing."""

    name: str
    size: int
    changed_at: datetime


class Objects:
    """The objects below an address; names are paths with slashes, below it."""

    def __init__(self, store: "ObjectStore", address: str) -> None:
        """Wrap a store of obstore; messages call it by its `address`. Does not connect yet."""
        self._store = store
        self.address = address

    def read(self, name: str, unless: Version | None = None) -> StoredObject | None:
        """Read a small object; None where there is none.

        Raises:
            UnchangedError: it is still the version `unless`; nothing was transferred.
            StoreError: the store does not answer.
        """
        tag = unless.e_tag if unless else None
        with self._told():
            try:
                answer = obstore.get(self._store, name, options={"if_none_match": tag} if tag else None)
            except FileNotFoundError as error:
                self._refuse_bucket(error)
                return None
            except NotModifiedError as error:
                raise UnchangedError from error
            return StoredObject(bytes(answer.bytes()), Version(answer.meta["e_tag"], answer.meta["version"]))

    def find_size(self, name: str) -> int | None:
        """The size of an object in bytes; None where there is none.

        Raises:
            StoreError: the store does not answer.
        """
        with self._told():
            try:
                return int(obstore.head(self._store, name)["size"])
            except FileNotFoundError as error:
                self._refuse_bucket(error)
                return None

    def put(self, name: str, content: bytes | Path, headers: Mapping[str, str] | None = None) -> None:
        """Write an object whole; a large one in parts, visible to nobody before the last part is there.

        `headers`: the headers with which browsers are to get it, such as `cache-control`.

        Raises:
            StoreError: the store does not answer, or refuses.
            OSError: the file cannot be read.
        """
        if isinstance(content, Path):
            content.stat()  # a missing local file is no fault of the store
        with self._told():
            attributes = {key.title(): value for key, value in (headers or {}).items()} or None
            obstore.put(
                self._store, name, content, attributes=attributes, chunk_size=PART_BYTES, max_concurrency=AT_ONCE
            )

    def swap(self, name: str, content: bytes, expected: Version | None) -> None:
        """Replace a small object only if it still has the version that was read; None: only if it does not exist.

        Raises:
            ChangedError: it has another version by now.
            StoreError: the store does not answer, or refuses.
        """
        mode: Any = "create"
        if expected is not None:
            version_fields = {"e_tag": expected.e_tag, "version": expected.number}
            mode = {key: value for key, value in version_fields.items() if value is not None}
        with self._told():
            try:
                self._swap(name, content, mode)
            except (AlreadyExistsError, PreconditionError, FileNotFoundError) as error:
                self._refuse_bucket(error)
                raise ChangedError(f"{name} of {self.address} has been changed by somebody else.") from error

    def _swap(self, name: str, content: bytes, mode: Any) -> None:
        obstore.put(self._store, name, content, mode=mode)

    def fetch(self, name: str, to: Path, size: int, sha256: str = "") -> None:
        """Write an object to a file and sync it; check its size and, where one is given, its hash.

        Raises:
            MissingError: the store has no such object.
            DamagedError: its content is not what was sent, or has another size by now; the file is gone.
            StoreError: the store does not answer.
            OSError: the disk refuses; the file is gone.
        """
        try:
            with to.open("wb") as file:
                digest = hashlib.sha256()
                for part in self._parts(name, size):
                    digest.update(part)
                    file.write(part)
                if file.tell() != size or sha256 not in ("", digest.hexdigest()):
                    raise self._damaged(name)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            to.unlink(missing_ok=True)
            raise

    def _parts(self, name: str, size: int) -> Iterator[bytes]:
        with self._told():
            try:
                stored_size = int(obstore.head(self._store, name)["size"])
                if stored_size != size:
                    raise self._damaged(name)
                starts = list(range(0, size, PART_BYTES))
                with ThreadPoolExecutor(AT_ONCE, "object-parts") as asking:
                    for first in range(0, len(starts), AT_ONCE):
                        yield from asking.map(partial(self._part, name, size), starts[first : first + AT_ONCE])
            except FileNotFoundError as error:
                raise MissingError(
                    sentence(N_("{name} is missing in {address}."), name=name, address=self.address), _MEND
                ) from error

    def _part(self, name: str, size: int, start: int) -> bytes:
        return bytes(obstore.get_range(self._store, name, start=start, end=min(start + PART_BYTES, size)))

    def list_all(self, place: str) -> list[ObjectEntry]:
        """List the objects below a place.

        Raises:
            StoreError: the store does not answer.
        """
        with self._told():
            objects = [one for portion in obstore.list(self._store, prefix=place) for one in portion]
            return [ObjectEntry(one["path"], int(one["size"]), one["last_modified"].astimezone(UTC)) for one in objects]

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects; missing ones are no fault.

        Raises:
            StoreError: the store does not answer, or refuses.
        """
        with self._told():
            for name in names:
                try:
                    obstore.delete(self._store, name)
                except FileNotFoundError:
                    continue

    def sweep(self, before: datetime) -> None:
        """Remove half-written objects of killed programs, where the store does not do so itself."""

    def _damaged(self, name: str) -> DamagedError:
        what = N_("{name} in {address} is not what was sent there.")
        return DamagedError(sentence(what, name=name, address=self.address), _MEND)

    def _refuse_bucket(self, error: Exception) -> None:
        """Raise the error of a missing bucket, if it is that and not a missing object."""
        if any(words in str(error) for words in _NO_BUCKET):
            what = sentence(N_("This bucket or container does not exist: {address}."), address=self.address)
            raise StoreError(what, N_("Make it, or correct its name."))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn faults into this program's words: the library's hold addresses with signatures."""
        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError):
            what = sentence(N_("The object store {address} denies access to this program."), address=self.address)
            raise StoreError(what, _ADMIT) from None
        except (BaseError, NotImplementedError, ValueError) as error:
            self._refuse_bucket(error)
            what = sentence(N_("The object store {address} cannot be reached."), address=self.address)
            raise StoreError(what, _LOOK) from None


_MEND = N_("On the builder's computer: python -m etl store repair.")


class Folder(Objects):
    """A folder in place of an object store, which several computers may share; a lock stands in for conditions."""

    def __init__(self, root: Path, address: str) -> None:
        """Make the folder where there is none."""
        try:
            super().__init__(LocalStore(root, mkdir=True), address)
        except BaseError:
            raise StoreError(f"The folder {address} cannot be used.", "Correct its name, or make it.") from None
        self._root, self._lock = root, root / LOCK

    def sweep(self, before: datetime) -> None:
        """Remove files under the temporary names that obstore writes to."""
        for path in self._root.rglob("*#[0-9]*"):
            if path.is_file() and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)

    def _swap(self, name: str, content: bytes, mode: Any) -> None:
        refusal = StoreError(f"The folder {self.address} is in use.", "Try again in a minute.")
        with locking.hold(self._lock, LOCK_SECONDS, refusal):
            if mode != "create":
                if obstore.head(self._store, name)["e_tag"] != mode["e_tag"]:
                    raise ChangedError(f"{name} of {self.address} has been changed by somebody else.")
                mode = "overwrite"
            obstore.put(self._store, name, content, mode=mode)


def open_store(settings: Settings, address: str = "", secrets: Mapping[str, str] | None = None) -> Objects:
    """Open the object store of the settings, or at another address. Does not connect yet.

    `secrets`: credentials as obstore names them, where they differ from those of the cloud's own programs.

    Raises:
        StoreError: the settings do not suffice, or the folder cannot be made.
        UserError: the file of certificate authorities cannot be used.
    """
    address = address or settings.store
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Folder(Path(url2pathname(parts.path)), address)
    # The library would read these variables if it got no options.
    client: ClientConfig = {
        **CLIENT,
        "allow_http": any(
            os.environ.get(f"{cloud}_ALLOW_HTTP", "").lower() == "true" for cloud in ("AWS", "AZURE", "GOOGLE")
        ),
    }
    if settings.ca_file:
        outbound.make_tls(settings.ca_file)  # describes what is wrong with it
        client["root_certificate"] = Path(settings.ca_file).read_bytes()
    try:
        config: Any = dict(secrets or {}) or None
        store: ObjectStore = from_url(address, config=config, client_options=client, retry_config=RETRY)
    except (BaseError, ValueError):
        raise StoreError(
            sentence(
                N_("The object store {address} cannot be used: its account or its credentials are missing."),
                address=address,
            ),
            N_(
                "Set what the cloud's own programs take (docs/operations.md), as AWS_REGION or "
                "AZURE_STORAGE_ACCOUNT_NAME."
            ),
        ) from None
    return Objects(store, address)

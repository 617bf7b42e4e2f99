"""The manifest of a backup, in the clear: its program, time and build, its parts and their hashes.

Names of files may name somebody, so only those of the open part stand here; those of the sealed part are inside it.
A closed campaign has no open part, and not even its title stands here.
"""

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dashboard.errors import UserError

FORMAT = 2
"""The newest format that this program reads and the one that it writes."""

MANIFEST = "manifest.json"
OPEN = "open.tar.gz"
SEALED = "sealed.tar.gz.age"
KEY = "key.age"
FORGOTTEN_LIST = "forgotten.csv.age"
MOST_MANIFEST = 64 << 20
"""Bytes that a manifest may have."""


class BackupError(UserError):
    """A backup cannot be made, read or restored; nothing has been changed."""


class DamagedError(BackupError):
    """A file is no backup, or has changed."""

    def __init__(self, file: str, what: str) -> None:
        """Name the file and its fault."""
        super().__init__(f"{file} is no whole backup: {what}.", "Take another backup; nothing was changed.")


class StoredFile(BaseModel):
    """One file: its path inside the campaign folder, its size in bytes and the SHA-256 of its content."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    path: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Member(BaseModel):
    """One member of the backup as stored: its size in bytes and its SHA-256."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    files: int = Field(default=0, ge=0)
    unpacked: int = Field(default=0, ge=0)


class Manifest(BaseModel):
    """The whole of it.

    Attributes:
        program: The edition of the program that builds, as builds count it.
        made_at: ISO 8601 in UTC.
        title: The campaign's title; of a closed one its `hash_title`, which tells it from others.
        closed: Whether the campaign was closed; None in a manifest of an earlier program, which did not note it.
        build_id: The published build; empty where none is.
        members: Every member but the manifest itself, in the order in which they stand.
        files: Those of the open part.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: int
    program: str
    made_at: str
    title: str
    closed: bool | None = None
    build_id: str = ""
    content_id: str = ""
    is_sample: bool = False
    members: tuple[Member, ...]
    files: tuple[StoredFile, ...]

    def find(self, name: str) -> Member | None:
        """Find a member by its name."""
        return next((member for member in self.members if member.name == name), None)

    @property
    def title_hash(self) -> str:
        """Return the hash that tells the campaign from others, whether or not it was closed."""
        return self.title if self.closed else hash_title(self.title)

    @property
    def is_sealed(self) -> bool:
        """Return whether it holds the part that a passphrase opens."""
        return self.find(SEALED) is not None

    def write(self) -> bytes:
        """Write it as JSON, with a hash of itself."""
        content = self.model_dump(mode="json")
        return json.dumps(content | {"sha256": _hash(content)}, indent=1).encode()

    @classmethod
    def read(cls, text: bytes, file: str) -> "Manifest":
        """Read the text from `write`.

        Raises:
            BackupError: a newer program made the backup.
            DamagedError: it is no such text.
        """
        try:
            content = json.loads(text)
            checksum, version = content.pop("sha256", ""), content.get("format")
        except (ValueError, AttributeError) as error:
            raise DamagedError(file, "its description cannot be read") from error
        if isinstance(version, int) and version > FORMAT:
            raise BackupError(
                f"{file} was made by a newer program: its format is {version}, and this one reads up to {FORMAT}.",
                "Update the program, then restore.",
            )
        if checksum != _hash(content):
            raise DamagedError(file, "its description was changed")
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise DamagedError(file, "its description cannot be read") from error


class SealedIndex(BaseModel):
    """The files of both parts, as they were stored together: nobody without the passphrase can change either."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    open: tuple[StoredFile, ...]
    sealed: tuple[StoredFile, ...]

    @classmethod
    def read(cls, text: bytes, file: str) -> "SealedIndex":
        """Read it.

        Raises:
            DamagedError: it is none.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise DamagedError(file, "its list of files cannot be read") from error


def hash_title(title: str) -> str:
    """Hash a campaign's title with SHA-256."""
    return hashlib.sha256(title.encode()).hexdigest()


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

"""What `current.json` of an object store names: the published build, all kept builds, and the files beside them.

    current.json                  the only object that ever changes
    objects/…                     what it names, each by its own hash: written once, never changed
    kept/<build id>               a copy asks that a build stays, because an embed was frozen at it

No file of `private/` is among them; of the campaign folder, only what a backup has in the open and pages read, and the
documents and pictures that came with reports for as long as their copies for the public stand.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dashboard.campaign.builds import FIRST_PUBLISHED, HISTORY, LIST, REVISIONS
from dashboard.campaign.copies.object_store import StoreError
from dashboard.campaign.folder import DESIGN_FILES
from dashboard.campaign.reporting.published_files import FILE_NAME, FOLDER, list_published_files

POINTER = "current.json"
OBJECTS = "objects/"
KEPT = "kept/"
BESIDE = (HISTORY, FIRST_PUBLISHED, REVISIONS, LIST)
"""What stands in `published/` beside the snapshots and the pointer."""
SETTINGS = ("campaign.toml", *DESIGN_FILES)
LOCALES = "locales"
SAMPLES = "samples"
"""By them a page knows that what was read is fictional."""

BuildId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
ObjectName = Annotated[str, Field(pattern=r"^objects/[0-9A-Za-z_.-]{1,200}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_NO_DATA = (".py", ".pyc", ".md")
_MEND = "On the builder's computer: python -m etl store repair."
_PUBLISHED_FILE = re.compile(f"published/{FOLDER}/{FILE_NAME.pattern}")
_SAMPLE = re.compile(r"samples/[^/\\\x00-\x1f.][^/\\\x00-\x1f]{0,150}")
_LOCALE = re.compile(r"locales/[A-Za-z0-9_-]{1,20}(/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,60}){1,3}")


class _StoredObject(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    object: ObjectName
    sha256: Sha256
    size: Annotated[int, Field(ge=0)]


class StoredBuild(_StoredObject):
    """The snapshot of a build."""

    build_id: BuildId
    content_id: str = ""

    @property
    def file_name(self) -> str:
        """Return its file name in `published/`."""
        return f"snapshot-{self.build_id}.duckdb"


class StoredFile(_StoredObject):
    """A file beside it, by its path in the campaign folder."""

    path: str


class Stored(BaseModel):
    """The content of the pointer.

    Attributes:
        published: The builder's own `current.json`; None where the publication was taken back.
        builds: The builds whose snapshots are in the store, the published one first.
        files: The files beside them.
        made_at: The address of the dashboard where the campaign is changed; empty where it has no public one.
        sent_at: The moment of sending, ISO 8601 in UTC.
        sending: The id of the sending; no two are equal.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    format: Literal[1] = 1
    published: dict[str, Any] | None
    builds: tuple[StoredBuild, ...]
    files: tuple[StoredFile, ...]
    is_closed: bool = False
    made_at: Annotated[str, Field(pattern=r"^(https?://[^\s<>()\[\]\"]+)?$")] = ""
    sent_at: str = ""
    sending: str = ""

    @property
    def build_id(self) -> str:
        """Return the id of the published build; empty for none."""
        return str((self.published or {}).get("build_id", ""))

    @property
    def size(self) -> int:
        """Return the bytes of all objects that it names."""
        return sum(one.size for one in (*self.builds, *self.files))

    def list_objects(self) -> Iterator[tuple[str, int]]:
        """List every object that it names, with its size."""
        for one in (*self.builds, *self.files):
            yield one.object, one.size

    def find(self, build_id: str) -> StoredBuild | None:
        """Find a build by its id."""
        return next((build for build in self.builds if build.build_id == build_id), None)

    def write(self) -> bytes:
        """Write the content of the object."""
        return (json.dumps(self.model_dump(), indent=1, ensure_ascii=False) + "\n").encode()


def read_stored(body: bytes, address: str) -> Stored:
    """Read the pointer of a store.

    Raises:
        StoreError: the pointer is damaged, of a later program, or names files that a copy may not write.
    """
    try:
        stored = Stored.model_validate_json(body)
        published_build = stored.find(stored.build_id)
        names_it = published_build is not None and (stored.published or {}).get("snapshot") == published_build.file_name
        is_whole = stored.published is None or names_it
    except ValidationError as error:
        later = any(one["loc"] == ("format",) for one in error.errors())
        what = "is of a later version of this program" if later else "is damaged"
        raise StoreError(f"{POINTER} of {address} {what}.", "Update the program." if later else _MEND) from None
    if not is_whole or not all(is_offered(file.path) for file in stored.files):
        raise StoreError(f"{POINTER} of {address} is damaged.", _MEND)
    return stored


def is_offered(path: str) -> bool:
    """Whether a copy may have a file of a campaign folder."""
    allowed = path in {*SETTINGS, *(f"published/{name}" for name in BESIDE)}
    return allowed or any(form.fullmatch(path) for form in (_LOCALE, _SAMPLE, _PUBLISHED_FILE))


def list_beside(root: Path) -> list[str]:
    """List the files of a campaign folder that a copy gets beside the snapshots, by their paths in it."""
    settings_files = [
        name for name in (*SETTINGS, *(f"published/{name}" for name in BESIDE)) if (root / name).is_file()
    ]
    published_files = [f"published/{FOLDER}/{name}" for name in list_published_files(root / "published")]
    places = [path for place in (LOCALES, SAMPLES) for path in sorted((root / place).rglob("*"))]
    names = (path.relative_to(root).as_posix() for path in places if path.is_file() and path.suffix not in _NO_DATA)
    return [*settings_files, *published_files, *(name for name in names if is_offered(name))]

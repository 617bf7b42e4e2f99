"""The real names of a build's files, sheets and columns: the snapshot has handles, the private store names.

For staff only. Where there is no store beside a snapshot, as with a frozen embed's figures, handles stand for
themselves.
"""

import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from dashboard.engines import lend
from dashboard.ground.query_files import read_sql_file

if TYPE_CHECKING:  # the command line needs no frames, and pandas takes half a second to load
    import pandas as pd

LOG = logging.getLogger(__name__)

Place = tuple[str, str | None]
"""A file, and its sheet where it has several."""

STORE = "contacts.duckdb"
_STORES = 64  # kept in memory; one holds some lines a file
_HEADERS = {"header", "proposed"}
_FILES = (
    ("source_file", ("sheet", "source_sheet", "other_sheet")),
    ("left_file", ("left_sheet",)),
    ("right_file", ("right_sheet",)),
)


class FileNames:
    """The names behind the handles of one build."""

    def __init__(
        self, rows: Iterable[tuple[str, str | None, str, str | None]] = (), headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Take the rows of `input_names`, handles of file and sheet, then their names; and those of `input_headers`."""
        self._headers = dict(headers)
        self._names: dict[Place, Place] = {(file, sheet): (name, sheet_name) for file, sheet, name, sheet_name in rows}
        self._files = {file: name for (file, _), (name, _) in self._names.items()}
        self._handles = {place: handle for handle, place in self._names.items()}

    def file(self, handle: str) -> str:
        """Return the name of a file."""
        return self._files.get(handle, handle)

    def sheet(self, file: str, handle: str | None) -> str | None:
        """Return the name of a sheet of the file with the handle `file`."""
        return self._names.get((file, handle), (file, handle))[1]

    def header(self, handle: str) -> str:
        """Return the header of a column; a public header is its own handle."""
        return self._headers.get(handle, handle)

    def handle(self, file: str) -> str:
        """Return the handle of a file by its name; a handle stands for itself."""
        return next((handle for handle, name in self._files.items() if name == file), file)

    def handle_sheet(self, file: str, sheet: str | None) -> str | None:
        """Return the handle of a sheet by the names of file and sheet; other texts stay as they are."""
        return self._handles.get((file, sheet), (file, sheet))[1]

    def handles_in(self, file: str) -> list[str]:
        """List the handles of a file by its name, or of the files in it where it is an archive."""
        handles = [handle for handle, name in self._files.items() if name == file or name.startswith(f"{file}/")]
        return handles or [file]

    def rename(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Put names in place of a row's handles: of files, sheets (`sheet`, `other_sheet`) and headers."""
        renamed = dict(row)
        for column in {"sheet", "other_sheet"} & renamed.keys() if "source_file" in renamed else ():
            if renamed[column] is not None:
                renamed[column] = self.sheet(renamed["source_file"], renamed[column])
        for column in {"source_file", "first_file"} & renamed.keys():
            renamed[column] = self.file(renamed[column])
        for column in _HEADERS & renamed.keys():
            renamed[column] = renamed[column] and self.header(renamed[column])
        return renamed

    def show(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        """Put names in place of the handles in a frame's columns of files, sheets and headers."""
        new_columns: dict[str, Any] = {}
        for file, sheets in _FILES:
            if file not in frame or frame.empty:
                continue
            new_columns[file] = frame[file].map(lambda handle: self._files.get(handle, handle))
            for sheet in (name for name in sheets if name in frame):
                places = list(zip(frame[file], frame[sheet], strict=True))
                new_columns[sheet] = [self._names.get(place, place)[1] for place in places]
        for column in _HEADERS & set(frame):
            new_columns[column] = frame[column].map(lambda handle: self._headers.get(handle, handle))
        if "headers" in frame:
            new_columns["headers"] = [[self.header(handle) for handle in handles] for handles in frame["headers"]]
        return frame.assign(**new_columns)


def find_names(snapshot: Path) -> FileNames:
    """Find the names of the build in a snapshot file, published or a draft."""
    store = find_store(snapshot)
    try:
        stat = store.stat() if store is not None else None
    except OSError:  # it was removed with its build just now
        return FileNames()
    if store is None or stat is None:
        return FileNames()
    try:
        return _read(store, stat.st_mtime_ns, stat.st_ino)
    except duckdb.Error as error:  # of a build that another version of the program made, or being replaced
        LOG.warning("The names of a build's files cannot be read: %s", error)
        return FileNames()


def find_store(snapshot: Path) -> Path | None:
    """Find the private store of the build in a snapshot file, published or a draft; None where there is none."""
    of_build = snapshot.parent.parent / "private" / "contacts" / f"{snapshot.stem.removeprefix('snapshot-')}.duckdb"
    return next((store for store in (snapshot.with_name(STORE), of_build) if store.is_file()), None)


def find_names_of(campaign: Path, build_id: str) -> FileNames:
    """Find the names of a build of a campaign."""
    return find_names(campaign / "published" / f"snapshot-{build_id}.duckdb")


@lru_cache(maxsize=_STORES)
def _read(store: Path, _changed_at: int, _file: int) -> FileNames:
    with lend({"private": store}) as connection:
        files = connection.execute(read_sql_file("private/file_names")).fetchall()
        return FileNames(files, connection.execute(read_sql_file("private/headers")).fetchall())

"""Private SQLite files of a campaign, readable by their owner only, safe against a crash; keys that sign links.

Deleted data is overwritten. Each key is a file of `private/`.
"""

import contextlib
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard.ground.files.writing import for_owner
from dashboard.ground.query_files import read_sql_file


def read_key(private: Path, name: str) -> str:
    """Read a campaign's key in letters; make it at its first use, once even for two callers at the same time."""
    path = private / name
    if not path.is_file():
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{name}.{secrets.token_hex(8)}")  # each caller's own, also in one process
        try:
            with open(draft, "w", encoding="ascii", opener=for_owner) as file:
                file.write(secrets.token_hex(32) + "\n")
            draft.rename(path) if os.name == "nt" else os.link(draft, path)  # the first of two that are made at once
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text(encoding="utf-8").strip()


SECONDS = 30.0
PRAGMAS = ("journal_mode = wal", "synchronous = full", "secure_delete = on")


class Store:
    """A file of `private/`, as `mail.sqlite`; the first write makes it."""

    def __init__(self, private: Path, name: str) -> None:
        """Point at the campaign's private folder; `name` is that of the file and of the folder of its queries."""
        self.private = private
        self.path = private / f"{name}.sqlite"
        self._name = name

    @contextlib.contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Open a connection in which each statement counts by itself.

        Writes are on the disk when a statement returns; readers and one writer do not wait for each other.
        """
        self.private.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(self.path, timeout=SECONDS, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            self._prepare(connection)
            yield connection
        except sqlite3.DatabaseError as error:
            error.filename = str(self.path)  # type: ignore[attr-defined]  # SQLite's words do not name it
            raise
        finally:
            connection.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Set how SQLite writes the file; SQLite lets some of several simultaneous openers of a new file try again."""
        until = time.monotonic() + SECONDS
        while True:
            try:
                for pragma in PRAGMAS:
                    connection.execute(f"pragma {pragma}")
                connection.executescript(read_sql_file(f"{self._name}/schema"))
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(0.01)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Open a connection whose statements take effect together, or not at all if one fails; other writers wait."""
        with self.open() as connection:
            connection.execute("begin immediate")
            yield connection
            connection.execute("commit")

    def ask(self, statement: str, **parameters: object) -> list[sqlite3.Row]:
        """Return the rows of a statement of its queries; none where nothing was ever written.

        This works on a full or read-only disk, too.
        """
        if not self.path.exists():
            return []
        text = read_sql_file(f"{self._name}/{statement}")
        try:
            with self.open() as connection:
                return connection.execute(text, parameters).fetchall()
        except (sqlite3.Error, OSError):
            for mode in self._list_reading_modes():
                with contextlib.suppress(sqlite3.Error), contextlib.closing(self._read(mode)) as connection:
                    return connection.execute(text, parameters).fetchall()
            raise

    def _list_reading_modes(self) -> Iterator[str]:
        """List the ways to open the file without writing: beside others, else as it lies there, if it is complete."""
        yield "mode=ro"
        journal = self.path.with_name(f"{self.path.name}-wal")
        if not journal.exists() or not journal.stat().st_size:
            yield "immutable=1"

    def _read(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def change(self, statement: str, **parameters: object) -> int:
        """Execute a statement of its queries; return the number of changed rows."""
        with self.open() as connection:
            return change(connection, f"{self._name}/{statement}", **parameters)

    def wipe(self) -> None:
        """Remove deleted data from the journal; the file itself overwrites it on deletion."""
        if self.path.exists():
            with self.open() as connection:
                connection.execute("pragma wal_checkpoint(truncate)")


def change(connection: sqlite3.Connection, statement: str, **parameters: Any) -> int:
    """Execute a statement on an open connection; return the number of changed rows.

    `statement` is the query's name with its folder, as `mail/leave`.
    """
    return connection.execute(read_sql_file(statement), parameters).rowcount

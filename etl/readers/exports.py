"""Any export file → raw tables of text, each row with the number a spreadsheet shows for it.

What the columns mean is no business of the readers; see `etl.recipes.recipe_file`.
"""

import errno
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from dashboard.errors import sentence
from dashboard.faults import raise_explained
from dashboard.i18n import N_
from etl.readers.archives import is_archive, unpack_exports
from etl.readers.delimited import DelimitedFile, PlainText
from etl.readers.files import (
    INBOX,
    TEXT_EXTENSIONS,
    Limits,
    Witness,
    hash_file,
    holds_posts,
    is_workbook,
)
from etl.readers.posts.post_file import PostFile
from etl.readers.sheets import ReadError, Sheet
from etl.readers.workbooks import WorkbookFile


class ExportFile:
    """An open export file; close it, or use it in a `with` statement.

    Attributes:
        path: The file.
        name: What it is called.
        sha256: Hash of its content.
        sheets: Its tables; delimited text has one.
    """

    def __init__(self, path: Path, name: str = "", limits: Limits = INBOX) -> None:
        """Open a file; `open_export` is the way to do so."""
        self.path = path
        self.name = name or path.name
        kind = find_kind(path, self.name, limits)
        self._witness = Witness(path, self.name)
        with ThreadPoolExecutor(max_workers=1) as pool:  # hashing leaves the interpreter free for reading
            digest = pool.submit(hash_file, path)
            self._content = kind(path, name=self.name, limits=limits)
            self.sha256 = digest.result()
        self._witness.check()
        self._witness.sha256 = self.sha256
        self.sheets = self._content.sheets

    def load(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, first_row: int) -> int:
        """Create a table of a sheet's rows as they are written.

        The table has `source_row` (BIGINT, the number a spreadsheet shows: a record with line breaks inside is one
        row, a blank line is a row too) and `c1` ... `c<width>` (VARCHAR, without surrounding white space; empty is
        NULL). Wholly blank rows are left out.

        Args:
            connection: Where the table is made.
            sheet: One of `sheets`.
            table: Name of the new table.
            first_row: The first spreadsheet row to take.

        Returns:
            The number of rows.

        Raises:
            ReadError: The file changed since it was opened, or is gone.
        """
        try:
            count = self._content.load(connection, sheet, table, first_row)
        except (OSError, duckdb.Error):
            self._witness.check()
            raise
        self._witness.check()
        return count

    @property
    def plain(self) -> tuple[PlainText, tuple[int, ...]] | None:
        """How DuckDB reads the file by itself, as `DelimitedFile.plain`; None where it is none, or cannot."""
        return self._content.plain if isinstance(self._content, DelimitedFile) else None

    def check(self) -> None:
        """Make sure that the file is still the one that was opened.

        Raises:
            ReadError: The file changed since, or is gone.
        """
        self._witness.check()

    def close(self) -> None:
        """Let go of the file and of what was made from it."""
        self._content.close()

    def __enter__(self) -> Self:
        """Return the open file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()


def find_kind(path: Path, name: str, limits: Limits) -> type[WorkbookFile | DelimitedFile | PostFile]:
    """What reads a file, by its name, its size and its first bytes.

    Raises:
        ReadError: nothing does.
    """
    if holds_posts(path, name, limits):
        return PostFile
    return WorkbookFile if is_workbook(path, name, limits) else DelimitedFile


@dataclass(frozen=True)
class NamedFile:
    """A file to open and what it is called: a member of an archive lies elsewhere under another name.

    Attributes:
        name: Its name in the snapshot, such as `exports.zip/actions.csv`.
        path: Where it lies.
        container: The export it belongs to: the archive, for the text files of one, which may be the tables of one
            form; else itself.
    """

    name: str
    path: Path
    container: str


def open_export(path: Path, name: str = "", limits: Limits = INBOX) -> ExportFile:
    """Open an export file: find out what it is and what its sheets begin with.

    Args:
        path: A file with one of `EXTENSIONS`; its first bytes, not its name, decide how it is read.
        name: What it is called in messages; its own name by default.
        limits: The most that is read.

    Returns:
        The open file, a context manager.

    Raises:
        ReadError: It cannot be read; the error says why and what to do.
    """
    with _explain_faults(name or path.name):
        return ExportFile(path, name, limits)


@contextmanager
def list_members(
    path: Path, name: str = "", limits: Limits = INBOX, work: Path | None = None
) -> Iterator[list[NamedFile]]:
    """Give the export files that a file holds: itself, or the members of a ZIP archive, unpacked until leaving.

    Args:
        path: A file with one of `EXTENSIONS`.
        name: What it is called; its own name by default.
        limits: The most that is read.
        work: Where to unpack; the system's place for temporary files by default.

    Raises:
        ReadError: An archive cannot be unpacked, or holds something else.
    """
    name = name or path.name
    with ExitStack() as stack:
        with _explain_faults(name):
            is_book = not holds_posts(path, name, limits) and is_workbook(path, name, limits)
            if not (is_book and is_archive(path, name)):
                files = [NamedFile(name, path, name)]
            else:
                members = stack.enter_context(unpack_exports(path, name, limits, work))
                files = [
                    NamedFile(m.name, m.path, name if m.path.suffix in TEXT_EXTENSIONS else m.name) for m in members
                ]
        yield files


def hash_export(path: Path, name: str = "", limits: Limits = INBOX) -> list[tuple[str, str]]:
    """Return name and SHA-256 of each export file that a file holds, as they go into the build id.

    Raises:
        ReadError: An archive cannot be unpacked, or holds something else.
    """
    with list_members(path, name, limits) as files:
        return [(file.name, hash_file(file.path)) for file in files]


@contextmanager
def _explain_faults(name: str) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise ReadError(
            sentence(N_("“{name}” may not be read by this program."), name=name), N_("Allow reading it.")
        ) from error
    except OSError as error:
        if error.errno != errno.EIO:  # that is said of the file, which may be the only thing that is broken
            raise_explained(error)
        reason = error.strerror or sentence(N_("unknown fault"))
        raise ReadError(
            sentence(N_("“{name}” cannot be read ({reason})."), name=name, reason=reason),
            N_("Copy it to this computer again."),
        ) from error

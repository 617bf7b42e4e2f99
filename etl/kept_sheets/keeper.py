"""What a build takes from earlier ones and leaves to later ones, sheet by sheet.

A sheet is looked up by its bytes, its plan and the program. What besides went into its rows is noted with them and must
still be the same: what staff said of words, where rows may be none; by which countries phone numbers were read, where
cells may hold one. Everything in which sheets have to do with each other is done anew by each build.
"""

import logging
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any

import duckdb

from dashboard.campaign.folder import CampaignFolder
from dashboard.settings import Settings
from etl.inputs.forgotten import FORGOTTEN
from etl.kept_sheets import kept_entries
from etl.kept_sheets.kept_exports import KeptExport, find_place, read_sheets, write_sheets
from etl.kept_sheets.kept_rows import KeptRows, write_judged, write_rows
from etl.kept_sheets.sheet_keys import describe_plan, hash_surroundings, hash_texts, hash_words
from etl.readers.exports import ExportFile, find_kind, open_export
from etl.readers.files import MB, Limits, hash_file
from etl.readers.sheets import Sheet
from etl.recipes.recognition import SheetPlan

LOG = logging.getLogger(__name__)
FEWEST_BYTES = MB // 2
"""Exports below this are read again each time: that takes no longer than to look what is kept of them."""
_FREE = 4
"""How many times the size of an export must be free on the disk for it to be kept: the build needs room as well."""


class Reuse(Enum):
    """What a build does with what is kept of sheets."""

    TAKE = auto()  # takes what is there and keeps what is new
    ANEW = auto()  # reads everything, and keeps that
    NOTHING = auto()  # neither takes nor keeps


@dataclass
class Wanted:
    """A sheet whose rows are or will be kept.

    Attributes:
        name: The entry's.
        sha256: Of the export's content.
        size: Of the export, in bytes.
        rows: What is kept; None until then, and where it does not hold any more.
    """

    name: str
    sha256: str
    size: int
    rows: KeptRows | None = None


class KeptSheets:
    """Looks for what is kept, and keeps."""

    def __init__(
        self, folder: CampaignFolder, connection: duckdb.DuckDBPyConnection, work: Path, reuse: Reuse = Reuse.TAKE
    ) -> None:
        """For one build.

        Args:
            folder: The campaign.
            connection: The work database.
            work: The build's own folder, into which the files of entries are linked.
            reuse: What it does with what is kept.
        """
        self._folder = folder
        self._connection = connection
        self.place = work / "kept"
        most = Settings.from_environment().kept_sheets_mb
        self._takes = reuse is Reuse.TAKE and most > 0
        self._keeps = reuse is not Reuse.NOTHING and most > 0
        self._sheets: dict[str, dict[str, Any]] = {}  # of exports that were opened, by their entries' names
        self._words: str | None = None
        self._forgotten: str | None = None

    def open(self, path: Path, name: str, limits: Limits) -> ExportFile:
        """Open an export as `open_export` does; one that is known is not read.

        Raises:
            ReadError: It cannot be read.
        """
        if not self._keeps or not is_large(path):
            return open_export(path, name, limits)
        known = self._find_sheets(path, name, limits) if self._takes else None
        if known is not None:
            return known
        export = open_export(path, name, limits)
        told = {"limits": asdict(limits), "sheets": write_sheets(export.sheets)}
        self._sheets[self._name_file(path, name, export.sha256)] = told | self._sign(export.sha256)
        return export

    def _find_sheets(self, path: Path, name: str, limits: Limits) -> ExportFile | None:
        """A known export; its name and size are judged all the same."""
        try:
            find_kind(path, name, limits)
            if not any(kept_entries.store(self._folder).glob(f"file-{path.stat().st_size}-*")):
                return None
            sha256 = hash_file(path)
            found = kept_entries.find(self._folder, self._name_file(path, name, sha256), self.place)
        except OSError:  # to open it says why
            return None
        if found is None or any(found.note["limits"][key] > most for key, most in asdict(limits).items()):
            return None
        return KeptExport(path, name, limits, sha256, read_sheets(found.note["sheets"]))

    def look_up(self, export: ExportFile, sheet: Sheet, plan: SheetPlan | None, first_row: int) -> Wanted | None:
        """What is kept of a sheet that is read by this plan, or is to be; None where it is not worth it."""
        if not self._keeps or not is_large(export.path):
            return None
        place = str(find_place(export.sheets, sheet))
        suffix = Path(export.name).suffix.lower()
        made_from = (self._know_forgotten(), export.sha256, suffix, place, str(first_row), describe_plan(plan))
        wanted = Wanted(
            f"sheet-{hash_texts(hash_surroundings(), *made_from)}", export.sha256, export.path.stat().st_size
        )
        found = kept_entries.find(self._folder, wanted.name, self.place) if self._takes else None
        if found is not None:
            wanted.rows = KeptRows.read(found.note, found.place)
        return wanted

    def know_words(self) -> str:
        """What codelists and staff say of words, as a hash."""
        self._words = self._words or hash_words(self._connection)
        return self._words

    def may_keep(self, wanted: Iterable[Wanted]) -> bool:
        """Whether these sheets are to be kept: there are some, and the disk has room for them and the build besides."""
        sizes = {sheet.sha256: sheet.size for sheet in wanted}
        if not self._keeps or not sizes:
            return False
        if shutil.disk_usage(self._folder.root).free >= _FREE * sum(sizes.values()):
            return True
        LOG.warning("What sheets gave is not kept for the next build: the disk is nearly full.")
        return False

    def keep(
        self,
        connection: duckdb.DuckDBPyConnection,
        number: int,
        wanted: Wanted,
        rows: KeptRows,
        judged: Sequence[tuple[str, str]],
    ) -> None:
        """Keep what was made of a sheet; a disk that refuses ends that, and never the build.

        Args:
            connection: One that sees the work database as it was right after staging.
            number: The sheet's number in this build.
            wanted: Its entry.
            rows: What is to be noted of it.
            judged: Its texts that may have held a contact, as they were written and without it.
        """
        if not self._keeps:
            return
        note = rows.tell() | self._sign(wanted.sha256)

        def write(place: Path) -> None:
            write_rows(connection, place, number)
            write_judged(connection, place, judged)

        self._put(wanted.name, note, write)

    def keep_sheets(self) -> None:
        """Keep what the exports begin with that were opened; call when their sheets are kept."""
        for name, note in self._sheets.items():
            self._put(name, note, lambda _: None)

    def _put(self, name: str, note: Mapping[str, Any], write: Callable[[Path], None]) -> None:
        if not self._keeps:
            return
        try:
            kept_entries.put(self._folder, name, dict(note), write)
        except (OSError, duckdb.Error) as error:
            LOG.warning("What sheets gave is not kept for the next build: %s", type(error).__name__)
            self._keeps = False

    def _sign(self, sha256: str) -> dict[str, str]:
        return {"program": hash_surroundings(), "sha256": sha256}

    def _name_file(self, path: Path, name: str, sha256: str) -> str:
        made_from = (self._know_forgotten(), sha256, Path(name).suffix.lower())
        return f"file-{path.stat().st_size}-{hash_texts(hash_surroundings(), *made_from)}"

    def _know_forgotten(self) -> str:
        """Who is forgotten, as a hash: what was kept before somebody was does not count any more."""
        if self._forgotten is None:
            path = self._folder.private / FORGOTTEN
            self._forgotten = hash_file(path) if path.is_file() else ""
        return self._forgotten


def is_large(path: Path) -> bool:
    """Whether a file is worth keeping anything of."""
    try:
        return path.stat().st_size >= FEWEST_BYTES
    except OSError:
        return False

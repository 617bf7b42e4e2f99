"""Extracts: what a selection holds as a file to take away, made outside the server's process."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dashboard import workers
from dashboard.errors import SelectionError, UserError
from dashboard.extract_files import OPEN_FORMATS
from dashboard.extract_tables import TABLES, find_table
from dashboard.selection import FILTERS, Selection
from dashboard.settings import Settings
from dashboard.snapshot import Snapshot

__all__ = ["FORMATS", "TABLES", "Export", "Extract", "check_choice", "make_extract", "name_file", "submit_extract"]


class Format(NamedTuple):
    """A kind of file: its media type, and the module whose worker makes it."""

    media_type: str
    module: str


FORMATS = {
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "dashboard.extract_workbook"),
    **{name: Format(media_type, "dashboard.extract_files") for name, media_type in OPEN_FORMATS.items()},
    "zip": Format("application/zip", "dashboard.extract_package"),
}
ALL_TABLES = "all-tables"
MOST_CODES_NAMED = 3
LONGEST_NAME = 120


@dataclass(frozen=True)
class Export:
    """A file ready to be handed over."""

    content: bytes
    file_name: str
    media_type: str


class Extract:
    """An extract under way."""

    def __init__(self, handle: workers.Handle, file_name: str, media_type: str) -> None:
        """Made by `submit_extract` only."""
        self._handle = handle
        self._file_name = file_name
        self._media_type = media_type

    def done(self) -> bool:
        """Whether `result` answers at once."""
        return self._handle.done()

    def result(self) -> Export:
        """Wait for the file; errors as in `workers.Handle.result`."""
        return Export(self._handle.result().content, self._file_name, self._media_type)

    def cancel(self) -> None:
        """Give it up."""
        self._handle.cancel()


def submit_extract(
    snapshot: Snapshot,
    selection: Selection,
    file_format: str = "xlsx",
    settings: Settings | None = None,
    *,
    table: str = "actions",
    columns: Sequence[str] = (),
) -> Extract:
    """Start making a file of a selection in a worker, or queue it.

    Args:
        snapshot: What the reader sees; the worker opens the same build, whatever is published meanwhile.
        selection: The filters in force; its language is the language of the labels.
        file_format: One of `FORMATS`; `zip` holds every table.
        settings: Where the dashboard is, for the link back; the environment's by default.
        table: One of `TABLES`.
        columns: Names of the columns wanted, in their order; all by default.

    Raises:
        UserError: the format is unknown, or too many exports are being made at once.
        SelectionError: as `check_choice`.
    """
    if file_format not in FORMATS:
        raise UserError(f"An extract cannot be written as {file_format!r}.", f"Use one of: {', '.join(FORMATS)}.")
    check_choice(file_format, table, columns)
    made = FORMATS[file_format]
    settings = settings or Settings.from_environment()
    job = workers.Job(
        made.module,
        {
            "snapshot": str(snapshot.path),
            "build_id": snapshot.build_id,
            "built_at": snapshot.built_at,
            "query": selection.query_pairs(),
            "base_url": settings.base_url,
            "table": table,
            "format": file_format,
            "columns": list(columns),
        },
    )
    return Extract(workers.submit(job), name_file(snapshot, selection, file_format, table), made.media_type)


def make_extract(
    snapshot: Snapshot,
    selection: Selection,
    file_format: str = "xlsx",
    settings: Settings | None = None,
    *,
    table: str = "actions",
    columns: Sequence[str] = (),
) -> Export:
    """A file of a selection; waits for the worker. Arguments and errors as in `submit_extract`."""
    return submit_extract(snapshot, selection, file_format, settings, table=table, columns=columns).result()


def check_choice(file_format: str, table: str, columns: Sequence[str]) -> None:
    """Whether a table can be had in a format, with these columns.

    Raises:
        SelectionError: the table or a column is unknown, the workbook or the ZIP is asked for another table than
            the actions, or columns are chosen for a file that always holds all of them.
    """
    found = find_table(table)
    if file_format not in table_formats(table):
        raise SelectionError(f"{table} cannot be had as {file_format}.", "format", table_formats(table), file_format)
    if columns and file_format not in OPEN_FORMATS:
        allowed = tuple(OPEN_FORMATS)
        raise SelectionError(f"Columns cannot be chosen for {file_format}, only for other formats.", "columns", allowed)
    found.choose(columns)


def table_formats(table: str) -> tuple[str, ...]:
    """The formats that one table can be had in; a ZIP of all tables counts as one of the actions."""
    return tuple(FORMATS) if table == "actions" else tuple(OPEN_FORMATS)


def name_file(snapshot: Snapshot, selection: Selection, file_format: str, table: str = "actions") -> str:
    """A file name that says what is inside: `2021-actions_africa_education_2021-12-31_fr.xlsx`.

    Fictional data is called `sample` at the very beginning; long filters are only called `filtered`.
    """
    inside = ALL_TABLES if file_format == "zip" and table == "actions" else table.replace("_", "-")
    start = f"{snapshot.campaign['starts_on']:%Y}-{inside}"
    end = (selection.day(snapshot).isoformat(), selection.lang)
    filters = [_name_codes(selection.codes(f), f.attribute) for f in FILTERS if selection.codes(f)]
    filters += [_slug(selection.q) or "filtered"] if selection.q.strip() else []
    if len("_".join(filters)) > LONGEST_NAME:
        filters = ["filtered"]
    parts = (*(["sample"] if snapshot.is_sample else []), start, *filters, *end)
    return f"{'_'.join(parts)}.{file_format}"


def _name_codes(codes: tuple[str, ...], plural: str) -> str:
    if len(codes) > MOST_CODES_NAMED:
        return f"{len(codes)}-{plural}"
    return "-".join(_slug(code) for code in codes)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")

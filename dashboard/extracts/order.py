"""Extracts: what a selection holds as a file to take away, made outside the server's process."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.errors import SelectionError, UserError
from dashboard.extracts.csv_styles import COMMA, find_style
from dashboard.extracts.open_files import OPEN_FORMATS
from dashboard.extracts.tables import TABLES, arrange_tables, find_table
from dashboard.processes import runner
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection

__all__ = [
    "FORMATS",
    "TABLES",
    "WITH_TABLES",
    "Export",
    "Extract",
    "check_choice",
    "further_tables",
    "name_file",
    "submit_extract",
    "table_formats",
]


class Format(NamedTuple):
    """A kind of file: its media type, and the module whose worker makes it."""

    media_type: str
    module: str


FORMATS = {
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "dashboard.extracts.workbook.book"
    ),
    **{name: Format(media_type, "dashboard.extracts.open_files") for name, media_type in OPEN_FORMATS.items()},
    "zip": Format("application/zip", "dashboard.extracts.package"),
}
WITH_TABLES = ("xlsx", "zip")
"""The formats that hold several tables."""

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

    def __init__(self, handle: runner.Handle, file_name: str, media_type: str) -> None:
        """Made by `submit_extract` only."""
        self._handle = handle
        self._file_name = file_name
        self._media_type = media_type

    def done(self) -> bool:
        """Whether `result` answers at once."""
        return self._handle.done()

    def progress(self) -> float | None:
        """The share that is written, from 0 to 1; None as long as nothing is known."""
        progress = self._handle.progress
        return None if progress is None else progress.share

    def result(self) -> Export:
        """Wait for the file; errors as in `runner.Handle.result`."""
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
    include: Sequence[str] = (),
    csv: str = COMMA,
) -> Extract:
    """Start making a file of a selection in a worker, or queue it.

    Args:
        snapshot: What the reader sees; the worker opens the same build, whatever is published meanwhile.
        selection: The filters in force; its language is the language of the labels.
        file_format: One of `FORMATS`; `zip` holds every table, or those of `include`.
        settings: Where the dashboard is, for the link back; the environment's by default.
        table: One of `TABLES`.
        columns: Names of the chosen columns of the table, in their order; all by default.
        include: Names of further tables for sheets of a workbook; for a ZIP those that are in it, all by default.
        csv: The way to write CSV, one of `csv_styles.STYLES`.

    Raises:
        UserError: the format is unknown, or too many exports are being made at once.
        SelectionError: as `check_choice`, or the way to write CSV is unknown.
    """
    if file_format not in FORMATS:
        raise UserError(f"An extract cannot be written as {file_format!r}.", f"Use one of: {', '.join(FORMATS)}.")
    check_choice(file_format, table, columns, include)
    find_style(csv)
    kind = FORMATS[file_format]
    settings = settings or Settings.from_environment()
    job = runner.Job(
        kind.module,
        {
            "snapshot": str(snapshot.path),
            "build_id": snapshot.build_id,
            "built_at": snapshot.built_at,
            "query": selection.query_pairs(),
            "base_url": settings.base_url,
            "table": table,
            "format": file_format,
            "columns": list(columns),
            "include": list(arrange_tables(include)),
            "csv": csv,
        },
    )
    name = name_file(snapshot, selection, file_format, table, include)
    return Extract(runner.submit(job), name, kind.media_type)


def check_choice(file_format: str, table: str, columns: Sequence[str] = (), include: Sequence[str] = ()) -> None:
    """Whether a table can be had in a format, with these columns and these further tables.

    Raises:
        SelectionError: a table or a column is unknown, the ZIP is asked for as one table's file, columns are chosen
            for the ZIP, which holds all of them, or further tables for a file that holds one.
    """
    definition = find_table(table)
    if file_format not in table_formats(table):
        raise SelectionError(f"{table} cannot be had as {file_format}.", "format", table_formats(table), file_format)
    if columns and file_format == "zip":
        allowed = table_formats("reports")
        raise SelectionError("Columns cannot be chosen for zip, only for other formats.", "columns", allowed)
    if include and file_format not in WITH_TABLES:
        raise SelectionError(
            f"A file of the format {file_format} holds one table; include goes with other formats.",
            "include",
            WITH_TABLES,
        )
    definition.choose(columns)
    arrange_tables(include)


def table_formats(table: str) -> tuple[str, ...]:
    """The formats that one table can be had in; a ZIP of all tables counts as one of the actions."""
    return tuple(name for name in FORMATS if table == "actions" or name != "zip")


def further_tables(table: str, include: Sequence[str]) -> tuple[str, ...]:
    """The tables that a workbook holds beside its first, each once, in the order of `TABLES`."""
    return tuple(name for name in arrange_tables(include) if name != table)


def name_file(
    snapshot: Snapshot, selection: Selection, file_format: str, table: str = "actions", include: Sequence[str] = ()
) -> str:
    """A file name that says what is inside: `2021-actions_africa_education_2021-12-31_fr.xlsx`.

    Further tables follow the first: `2021-actions-with-reports-milestones_…`; all are `2021-all-tables_…`.
    Fictional data is called `sample` at the very beginning; long filters are only called `filtered`.
    """
    start = f"{snapshot.campaign['starts_on']:%Y}-{_name_tables(file_format, table, include)}"
    end = (selection.day(snapshot).isoformat(), selection.lang)
    filters = [_name_codes(selection.codes(f), f.attribute) for f in FILTERS if selection.codes(f)]
    filters += [_slug(selection.q) or "filtered"] if selection.q.strip() else []
    if len("_".join(filters)) > LONGEST_NAME:
        filters = ["filtered"]
    parts = (*(["sample"] if snapshot.is_sample else []), start, *filters, *end)
    return f"{'_'.join(parts)}.{file_format}"


def _name_tables(file_format: str, table: str, include: Sequence[str]) -> str:
    if table not in TABLES:  # a chart's file, a briefing
        return table.replace("_", "-")
    inside = arrange_tables(include) if file_format == "zip" else (table, *further_tables(table, include))
    if set(inside) == set(TABLES) or not inside:
        return ALL_TABLES
    first, *added_names = (name.replace("_", "-") for name in inside)
    if not added_names:
        return first
    return "-".join((first, *added_names)) if file_format == "zip" else f"{first}-with-{'-'.join(added_names)}"


def _name_codes(codes: tuple[str, ...], plural: str) -> str:
    if len(codes) > MOST_CODES_NAMED:
        return f"{len(codes)}-{plural}"
    return "-".join(_slug(code) for code in codes)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")

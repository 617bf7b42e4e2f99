"""`python -m etl row`: the original row behind an action, a report or a rejected row, without its personal columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypedDict

import duckdb
import typer
from rich.table import Table

from dashboard.campaign import source_notes
from dashboard.campaign.file_names import FileNames, find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.sources import NAMES, Tool
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.ground.files.writing import link_or_copy
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.scratch import Scratch
from etl.commands.console import CampaignOption, open_console
from etl.publish import history
from etl.publish.kept_inputs import kept_path, read_manifest
from etl.readers.archives import NamedFile
from etl.readers.exports import list_members, open_export
from etl.readers.sheets import Sheet, list_columns
from etl.sqlfiles import ask, open_snapshot
from etl.texts.contacts import without_contacts
from etl.texts.phones import EVERY_REGION


class LineageError(UserError):
    """That row cannot be shown."""


class OriginalRow(TypedDict):
    """One row as its file has it; personal columns are left out of `headers` and `cells` alike.

    `came_from` is the source that brought the file, where one did: its `source`, `title`, `tool`, and `at`.
    """

    file: str
    sheet: str | None
    row: int
    headers: list[str | None]
    cells: list[str | None]
    came_from: dict[str, str] | None


class _ReadSheet(TypedDict):
    sheet: str | None
    recipe: str | None
    headers: list[str | None]
    personal: list[int]


def read_row(
    folder: CampaignFolder, file: str, row: int, *, sheet: str | None = None, build: str | None = None
) -> OriginalRow:
    """Read the row of a file as the build (the published one by default) read it.

    Name file and sheet by their own names or by their handles in the snapshot; the answer has names.

    Raises:
        LineageError: the build, the file, the sheet or the row is not there (any more).
        ReadError: the kept file cannot be read.
    """
    entry = _find_build(folder, build)
    snapshot = folder.published / entry["snapshot"]
    names = find_names(snapshot)
    handle = names.handle(file)
    file = names.file(handle)
    read = _find_sheet(snapshot, handle, names, names.handle_sheet(file, sheet))
    if read["recipe"] is None:
        raise LineageError(
            f"No recipe reads {_where(file, read['sheet'])}, so it is not known which columns are personal.",
            f"Open the file itself and look at row {row}.",
        )
    with _open_kept(folder, entry["build_id"], file) as original, open_export(original.path, original.name) as export:
        read_sheet = next((s for s in export.sheets if s.name == read["sheet"]), None)
        if read_sheet is None:
            raise LineageError(f"{file} has no sheet {read['sheet']!r} any more.", "Build again.")
        with duckdb.connect() as connection:
            export.load(connection, read_sheet, "raw_0", 1)
            cells = _read_cells(connection, read_sheet, row)
    if cells is None:
        raise LineageError(f"{_where(file, read['sheet'])} has no row {row}, or it is blank.", "Check the number.")
    public_columns = [i for i in range(read_sheet.width) if i not in read["personal"]]
    known_headers = [header and names.header(header) for header in read["headers"]]
    headers = [known_headers[i] if i < len(known_headers) else None for i in public_columns]
    origin = source_notes.find_origin(source_notes.read_of_build(folder.root, entry["build_id"]), file)
    return {
        "file": file,
        "sheet": read["sheet"],
        "row": row,
        "headers": headers,
        "cells": [cells[i] for i in public_columns],
        "came_from": None if origin is None else asdict(origin),
    }


def _find_build(folder: CampaignFolder, build: str | None) -> history.Entry:
    entries = history.read_history(folder)
    entry = next((e for e in entries if (e["build_id"] == build if build else e["is_current"])), None)
    if entry is None and build:
        raise LineageError(f"The build {build} is not kept any more.", "python -m etl history lists those that are.")
    if entry is None:
        raise LineageError("Nothing has been published yet.", "Build first: python -m etl build.")
    return entry


def _find_sheet(snapshot: Path, handle: str, names: FileNames, sheet: str | None) -> _ReadSheet:
    """Find the build's plan of a sheet, with its own name; without `sheet`, the only one that a recipe reads."""
    file = names.file(handle)
    try:
        with open_snapshot(snapshot) as connection:
            rows = ask(connection, "report/sheets", {"file": handle})
    except duckdb.Error as error:
        raise LineageError(f"The snapshot {snapshot.name} cannot be read.", "Build again.") from error
    candidates: list[_ReadSheet] = [{"sheet": s, "recipe": r, "headers": h, "personal": p} for s, r, h, p in rows]
    if not candidates:
        raise LineageError(f"The build has no file {file}.", "Write its name as the account of the build does.")
    if sheet is not None:
        candidates = [read for read in candidates if read["sheet"] == sheet]
    elif any(read["recipe"] for read in candidates):
        candidates = [read for read in candidates if read["recipe"]]
    if len(candidates) != 1:
        sheets = ", ".join(str(names.sheet(handle, row[0])) for row in rows)
        fault = f"{file} has no sheet {sheet!r}" if sheet is not None else f"{file} has several sheets"
        raise LineageError(f"{fault}.", f"Name one with --sheet: {sheets}.")
    return {**candidates[0], "sheet": names.sheet(handle, candidates[0]["sheet"])}


@contextmanager
def _open_kept(folder: CampaignFolder, build: str, file: str) -> Iterator[NamedFile]:
    """Open the kept content of a file, or of a member of an archive, under its own name, which shows its kind."""
    manifest = read_manifest(folder, build)
    names = (file, f"{file}.xlsx")  # a workbook in which a person was erased since became an .xlsx
    original = next(
        (k for k in (manifest.files if manifest else ()) if k.name in names or file.startswith(f"{k.name}/")), None
    )
    gone = LineageError(f"{file} is not kept any more as build {build} read it.", "Look into your own copy of it.")
    if manifest is None or original is None:
        raise gone
    source = folder.samples / original.name if manifest.is_sample else kept_path(folder, original.sha256)
    if not source.is_file():
        raise gone
    with Scratch("row") as place:
        path = Path(place) / Path(original.name).name
        link_or_copy(source, path)
        with list_members(path, original.name) as members:
            member = next((member for member in members if member.name in names), None)
            if member is None:
                raise gone
            yield member


def _read_cells(connection: duckdb.DuckDBPyConnection, sheet: Sheet, row: int) -> list[str | None] | None:
    cells = ", ".join(list_columns(sheet.width))
    rows = connection.execute(
        f"select [{cells}]::varchar[] from raw_0 where source_row = $row",  # noqa: S608  (column numbers only)
        {"row": row},
    ).fetchall()
    return [cell and without_contacts(cell, EVERY_REGION) for cell in rows[0][0]] if rows else None


def _where(file: str, sheet: str | None) -> str:
    return f"sheet “{sheet}” of {file}" if sheet else file


def row(
    file: Annotated[str, typer.Argument(help="The file, by its name or its handle.", metavar="FILE")],
    number: Annotated[int, typer.Argument(help="The row, as a spreadsheet counts.", metavar="ROW", min=1)],
    sheet: Annotated[str | None, typer.Option("--sheet", help="The sheet, where the file has several.")] = None,
    build: Annotated[str | None, typer.Option("--build", help="The build; the published one by default.")] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    as_json: JsonOption = False,
) -> None:
    """Show an original row, without its personal columns, e-mail addresses and phone numbers."""
    original = read_row(CampaignFolder(campaign), file, number, sheet=sheet, build=build)
    if as_json:
        print_json(original)
        return
    table = Table("Column", "Cell")
    for header, cell in zip(original["headers"], original["cells"], strict=True):
        table.add_row(header or "", cell or "")
    console = open_console()
    sheet_named = f", sheet {original['sheet']}" if original["sheet"] else ""
    console.print(f"{original['file']}{sheet_named}, row {number}", markup=False)
    came_from = original["came_from"]
    if came_from is not None:
        tool = next((NAMES[one] for one in Tool if one.value == came_from["tool"]), came_from["tool"])
        console.print(f"fetched from {tool}, {came_from['title']}, at {came_from['at']}", markup=False)
    console.print(table)

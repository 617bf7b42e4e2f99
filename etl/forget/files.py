"""One file in which a person is to be forgotten: where the address stands, and the file without it.

What is written is read again and compared with the original before it takes its place; a file that would lose
anything else is left as it is and named.
"""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dashboard.errors import UserError
from etl.forget.text import erase_text
from etl.forget.xlsx import erase_xlsx, parts_with
from etl.inputs.forgotten import holds, is_only, without
from etl.readers.exports import ExportFile, NamedFile, list_members, open_export
from etl.readers.sheets import Sheet, list_columns
from etl.recipes.model import Recipe
from etl.recipes.recognition import KnownRecipes, SheetPlan
from etl.texts.folding import Folding

_XLSX = (".xlsx", ".xlsm")
_OTHER_WORKBOOKS = (".xls", ".xlsb", ".ods")


@dataclass(frozen=True)
class Found:
    """One place where the person stands: a cell, or a part of a file that shows no cell (row 0)."""

    file: str
    sheet: str | None = None
    row: int = 0
    column: int = -1
    header: str | None = None


@dataclass
class Erasure:
    """What was found in one file.

    Attributes:
        found: The places.
        by_hand: Why some of it must be done by hand; empty where nothing must.
        content: The file without the person, in the working folder; None where nothing changes.
    """

    found: list[Found] = field(default_factory=list)
    by_hand: str = ""
    content: Path | None = None


@dataclass
class _SheetFinds:
    """The cells of one sheet: to be emptied (they belong to the person), and to lose the address only."""

    name: str | None
    emptied: set[tuple[int, int]] = field(default_factory=set)
    shortened: set[tuple[int, int]] = field(default_factory=set)
    headers: Sequence[str | None] = ()

    def places(self, file: str) -> list[Found]:
        cells = sorted(self.emptied | self.shortened)
        return [
            Found(file, self.name, row, column, self.headers[column] if column < len(self.headers) else None)
            for row, column in cells
        ]


class Eraser:
    """Finds and erases one address, file after file."""

    def __init__(self, address: str, recipes: Sequence[Recipe], connection: duckdb.DuckDBPyConnection) -> None:
        """Use `connection` for the raw tables of the files."""
        self.address = address
        self._recipes = recipes
        self._connection = connection
        self._fold = Folding(connection)
        self._known = KnownRecipes(recipes, self._fold)

    def erase(self, path: Path, name: str, work: Path, *, dry_run: bool = False) -> Erasure:
        """Look through a file and write it anew without the person into `work`; the file itself stays.

        Args:
            path: The file; its name may be another than `name`.
            name: What it is called in messages, its extension included.
            work: An empty folder for this file.
            dry_run: Only look.
        """
        try:
            with list_members(path, name) as members:
                if [member.path for member in members] == [path]:
                    return self._erase_export(members[0], work, dry_run)
                return self._erase_archive(path, members, work, dry_run)
        except (UserError, zipfile.BadZipFile, OSError, ValueError):
            return self._look_at_bytes(path, name)

    def _look_at_bytes(self, path: Path, name: str) -> Erasure:
        """A file that is no readable export: whether the address stands in it, packed or in plain sight."""
        try:
            with zipfile.ZipFile(path) as archive:
                contents = [archive.read(member) for member in archive.infolist()]
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError):
            contents = [path.read_bytes()]
        if not any(holds(view, self.address) for content in contents for view in _views(content)):
            return Erasure()
        return Erasure([Found(name)], "it is no export that can be read: remove the address or the file yourself")

    def _erase_export(self, file: NamedFile, work: Path, dry_run: bool) -> Erasure:
        finds = self._look(file.path, file.name)
        found = [place for sheet in finds for place in sheet.places(file.name)]
        extension = Path(file.name).suffix.lower()
        is_xlsx = zipfile.is_zipfile(file.path) and extension in _XLSX
        if is_xlsx:
            parts = parts_with(file.path, self.address)
            found = found or [Found(file.name, header=part) for part in parts]
        if not found or dry_run:
            return Erasure(found, _by_hand_ahead(extension) if found else "")
        if extension in _OTHER_WORKBOOKS or (zipfile.is_zipfile(file.path) and not is_xlsx):
            return Erasure(found, _by_hand_ahead(extension))
        target = work / f"erased{extension}"
        left: list[str] = []
        if is_xlsx:
            cells = {
                sheet.name or "": dict.fromkeys(sheet.shortened, False) | dict.fromkeys(sheet.emptied, True)
                for sheet in finds
            }
            left = erase_xlsx(file.path, target, cells, self.address)
        else:
            emptied = {cell for sheet in finds for cell in sheet.emptied}
            erase_text(file.path, target, emptied, self.address, work)
        if not self._agrees(file, target, finds):
            return Erasure(found, "it could not be changed without changing more than that")
        by_hand = f"{', '.join(sorted(set(left)))} inside it may still show the person" if left else ""
        return Erasure(found, by_hand, target)

    def _erase_archive(self, path: Path, members: Sequence[NamedFile], work: Path, dry_run: bool) -> Erasure:
        whole, changed, reasons = Erasure(), {}, []
        for number, member in enumerate(members):
            place = work / str(number)
            place.mkdir()
            done = self._erase_export(member, place, dry_run)
            whole.found += done.found
            if done.content is not None:
                changed[member.name] = done.content
            if done.by_hand:
                reasons.append(f"{member.name}: {done.by_hand}")
        whole.by_hand = "; ".join(reasons)
        archive_name = members[0].container if members else path.name
        left = [name for name in _other_members(path, members) if self._stands_in(path, name)]
        if left:
            whole.found += [Found(f"{archive_name}", header=name) for name in left]
            whole.by_hand = "; ".join([*reasons, f"{', '.join(left)} inside it holds the address"])
        if changed:
            whole.content = work / "erased.zip"
            _pack_again(path, whole.content, changed)
        return whole

    def _stands_in(self, path: Path, member: str) -> bool:
        with zipfile.ZipFile(path) as archive:
            return holds(archive.read(member).decode("latin-1"), self.address)

    def _look(self, path: Path, name: str) -> list[_SheetFinds]:
        """The cells of a file that hold the address or belong to the person, by sheet."""
        finds = []
        with open_export(path, name) as export:
            for number, sheet in enumerate(export.sheets):
                table = f"looked_{number}"
                export.load(self._connection, sheet, table, 1)
                plan = self._known.recognise(Path(name).name, sheet)
                finds.append(self._look_at_sheet(sheet, table, plan))
                self._connection.execute(f"drop table {table}")
        return finds

    def _look_at_sheet(self, sheet: Sheet, table: str, plan: SheetPlan | None) -> _SheetFinds:
        result = _SheetFinds(sheet.name, headers=plan.headers if plan else ())
        personal = set(plan.personal) if plan else set()
        first = plan.header_row + 1 if plan else 1
        for row, cells in self._rows_with(table, sheet.width):
            hits = {i for i, cell in enumerate(cells) if cell and holds(cell, self.address)}
            owned = {i for i in hits if row >= first and (i in personal or is_only(cells[i] or "", self.address))}
            if owned:
                owned |= {i for i in personal if i < len(cells) and cells[i]}
            result.emptied |= {(row, i) for i in owned}
            result.shortened |= {(row, i) for i in hits - owned}
        return result

    def _rows_with(self, table: str, width: int) -> list[tuple[int, list[str | None]]]:
        columns = list_columns(width)
        if not columns:
            return []
        is_there = " or ".join(f"contains(lower({column}), $address)" for column in columns)
        return self._connection.execute(
            f"select source_row, [{', '.join(columns)}]::varchar[] from {table} where {is_there} "  # noqa: S608  (c1, c2 …)
            "order by source_row",
            {"address": self.address},
        ).fetchall()

    def _agrees(self, before: NamedFile, after: Path, finds: Sequence[_SheetFinds]) -> bool:
        """Whether the new file reads like the old one but for the cells that were to change."""
        try:
            with open_export(before.path, before.name) as old, open_export(after) as new:
                if [sheet.name for sheet in old.sheets] != [sheet.name for sheet in new.sheets]:
                    return False
                for old_sheet, new_sheet, find in zip(old.sheets, new.sheets, finds, strict=True):
                    width = max(old_sheet.width, new_sheet.width)
                    self._load_cells(old, old_sheet, "cells_before", width)
                    self._load_cells(new, new_sheet, "cells_after", width)
                    if not self._changed_as_wanted(find):
                        return False
        except UserError:
            return False
        return True

    def _load_cells(self, export: ExportFile, sheet: Sheet, table: str, width: int) -> None:
        export.load(self._connection, sheet, "looked", 1)
        columns = [*list_columns(sheet.width), *["null"] * (width - sheet.width)]
        self._connection.execute(
            f"create or replace table {table} as "  # noqa: S608  (c1, c2 …)
            f"select source_row, [{', '.join(columns)}]::varchar[] as cells from looked"
        )
        self._connection.execute("drop table looked")

    def _changed_as_wanted(self, find: _SheetFinds) -> bool:
        changed = self._connection.execute(
            "select coalesce(o.source_row, n.source_row), o.cells, n.cells from cells_before as o "
            "full join cells_after as n on o.source_row = n.source_row where o.cells is distinct from n.cells"
        ).fetchall()
        for row, before, after in changed:
            if before is None:
                return False
            wanted = [self._wanted(row, i, cell, find) for i, cell in enumerate(before)]
            if wanted != (after or [None] * len(wanted)):
                return False
        return True

    def _wanted(self, row: int, column: int, cell: str | None, find: _SheetFinds) -> str | None:
        if (row, column) in find.emptied or cell is None:
            return None
        return without(cell, self.address) if (row, column) in find.shortened else cell


def _views(content: bytes) -> Iterator[str]:
    """What bytes may say, in the encodings that a text inside a file of any kind may have."""
    yield content.decode("latin-1")
    for start in (0, 1):  # two bytes a letter, from an even or an odd place on
        yield content[start:].decode("utf-16-le", "ignore")


def _by_hand_ahead(extension: str) -> str:
    if extension in _OTHER_WORKBOOKS:
        return f"{extension} workbooks cannot be changed here: empty the cells in Excel or LibreOffice and save"
    return ""


def _other_members(path: Path, members: Sequence[NamedFile]) -> list[str]:
    """What an archive holds besides its exports."""
    exports = {member.name for member in members}
    with zipfile.ZipFile(path) as archive:
        return [
            info.filename
            for info in archive.infolist()
            if not info.is_dir() and not any(name.endswith("/" + info.filename.replace("\\", "/")) for name in exports)
        ]


def _pack_again(path: Path, target: Path, changed: dict[str, Path]) -> None:
    """The archive with some members replaced; the others as they are."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for info in source.infolist():
            member = info.filename.replace("\\", "/")
            new = next((content for name, content in changed.items() if name.endswith("/" + member)), None)
            content = new.read_bytes() if new else source.read(info)
            copy.writestr(info, content, compress_type=info.compress_type)

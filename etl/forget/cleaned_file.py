"""One file in which a person is to be forgotten: find the address, and rewrite the file without it.

A workbook becomes an `.xlsx` with the parts that a build reads and nothing else, so that nothing can hide in the rest.
The build's own readers read the new file and compare it with the original before it takes its place.
"""

import csv
import html
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
import openpyxl
from openpyxl.cell.cell import Cell

from dashboard.errors import UserError
from dashboard.faults import ComputerError, raise_explained
from etl.forget.cleaned_mail import clean_mail, clean_posts, is_mail, list_texts
from etl.inputs.forgotten import holds, is_only, name_without, without
from etl.readers.archives import ZIP_FAULTS, NamedFile, make_password_error, refuse_bomb
from etl.readers.delimited import read_records
from etl.readers.dialects import detect_dialect
from etl.readers.exports import ExportFile, list_members, open_export
from etl.readers.files import EXTENSIONS, INBOX, holds_posts, is_workbook
from etl.readers.sheets import Sheet
from etl.readers.text import detect_encoding, scan_text, transcode
from etl.recipes.fields import IDS
from etl.recipes.recipe_file import Recipe
from etl.recipes.recognition import KnownRecipes
from etl.recipes.sheet_plan import SheetPlan
from etl.sqlfiles import read_query
from etl.texts.folding import Folding

READING_FAULTS = (UserError, OSError, *ZIP_FAULTS)
_DEPTH = 3  # archives inside archives that are looked into
_MOST_COPIED_CELLS = 5_000_000  # of a sheet's used range; a cell of the library takes some 200 bytes
_CODECS = {"western": "cp1252", "mixed": "utf-8"}
# Possible texts of a cell, where a number or a date in its place reads the same; spreadsheets keep 15 digits.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{0,14}[1-9])?")
_DATE = re.compile(r"(?:19[1-9]|[2-9]\d\d)\d-\d\d-\d\d \d\d:\d\d:\d\d")
_BETWEEN_PIECES = re.compile(r"\)\s*-?[\d.]*\s*\(")
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_NOT_WRITTEN = (
    "written anew, it would not read as before: empty the cells in a spreadsheet program and save it as .xlsx"
)


@dataclass(frozen=True)
class Place:
    """The place of the person: a cell (row from 1, column from 0), or an invisible part of a file (row 0)."""

    file: str
    sheet: str | None = None
    row: int = 0
    column: int = -1
    header: str | None = None


@dataclass
class Erasure:
    """The result of a look at one file.

    Attributes:
        name: The file's new name: a workbook of another kind becomes an `.xlsx`.
        places: The places of the person in it.
        by_hand: The reason to do some of it by hand; empty where there is none.
        content: The file without the person, in the working folder; None where nothing changes.
        rewritten: The rewritten workbooks, members of an archive included.
        left_out: Removed members of an archive: they hold the person, are no exports, and cannot be changed.
    """

    name: str
    places: list[Place] = field(default_factory=list)
    by_hand: str = ""
    content: Path | None = None
    rewritten: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass
class _SheetChanges:
    """One sheet, its plan, and the new texts of its cells, by row and column; None empties a cell."""

    sheet: Sheet
    plan: SheetPlan | None
    cells: dict[tuple[int, int], str | None] = field(default_factory=dict)

    def list_places(self, file: str) -> list[Place]:
        headers = dict(enumerate(self.plan.headers if self.plan else ()))
        if self.plan is not None:  # a header that holds the address itself is not shown
            headers = {i: h for i, h in headers.items() if (self.plan.header_row, i) not in self.cells}
        return [Place(file, self.sheet.name, row, column, headers.get(column)) for row, column in sorted(self.cells)]


class Eraser:
    """Finds and erases one address, file after file."""

    def __init__(
        self,
        address: str,
        recipes: Sequence[Recipe],
        connection: duckdb.DuckDBPyConnection,
        hide: Callable[[str], str] | None = None,
    ) -> None:
        """Use `connection` for the raw tables of the files; `hide` makes the code of an id in builds."""
        self._hide = hide
        self.address = address
        self._connection = connection
        self._fold = Folding(connection)
        self._known = KnownRecipes(recipes, self._fold)

    def erase(self, path: Path, name: str, work: Path) -> Erasure:
        """Look through a file and rewrite it without the person into `work`; the file itself stays.

        `name`: its name in messages, with the extension; `work`: an empty folder.
        """
        erasure = self._erase_content(path, name, work)
        if (new_name := name_without(erasure.name, self.address)) == erasure.name:
            return erasure
        erasure.places.append(Place(new_name, header="its name"))
        if not erasure.by_hand and not self._reads_alike(path, name, new_name):
            erasure.by_hand = "a recipe knows it by its name, which holds the address: rename both yourself"
        elif not erasure.by_hand:
            erasure.name = new_name
        return erasure

    def _erase_content(self, path: Path, name: str, work: Path) -> Erasure:
        try:
            with list_members(path, name) as members:
                if [member.path for member in members] == [path]:
                    return self._erase_export(members[0], work)
                return self._erase_archive(path, name, members, work)
        except ComputerError:
            raise
        except READING_FAULTS as error:
            raise_explained(error)
            return self._look_inside(path, name, error, work)

    def _reads_alike(self, path: Path, name: str, new_name: str) -> bool:
        """Return whether the recipes read a file alike under another name; an archive's own name means nothing."""
        try:
            with list_members(path, name) as members:
                if [member.path for member in members] != [path]:
                    return True
            with open_export(path, name) as export:
                return all(
                    _identify(self._recognise(name, sheet)) == _identify(self._recognise(new_name, sheet))
                    for sheet in export.sheets
                )
        except READING_FAULTS as error:
            raise_explained(error)
            return True  # it is read under no name

    def _look_inside(self, path: Path, name: str, refusal: Exception, work: Path) -> Erasure:
        """Look for the address in a file that is no readable export; a note loses just that."""
        reason = str(refusal) if isinstance(refusal, UserError) else "It is no export that can be read."
        is_locked = reason == str(make_password_error(name))
        try:
            places = [Place(name)] if self.stands_in(path.read_bytes(), name) else []
        except READING_FAULTS:
            places, is_locked = [], True
        note = self._clean_note(path.read_bytes(), name) if places and _is_note(name) else None
        if note is not None:
            (work / "note").write_bytes(note)
            return Erasure(name, places, content=work / "note")
        if is_locked:
            return Erasure(name, by_hand=f"{reason} Until then nobody knows whether the person is in it")
        return Erasure(name, places, f"{reason} Remove the address or the file yourself" if places else "")

    def _clean_note(self, content: bytes, name: str) -> bytes | None:
        """Return the bytes of a text or a mail without the address; None where it is neither, or the address stays."""
        if is_mail(content):
            cleaned = clean_mail(content, self.address)
            return None if self.stands_in(cleaned, name) else cleaned
        for encoding in () if content.startswith(b"%PDF") else ("utf-8", "utf-16", "cp1252"):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            cleaned = self._clean_text(text).encode(encoding)
            if "\0" not in text and not self.stands_in(cleaned, name):
                return cleaned
        return None

    def _clean_text(self, text: str) -> str:
        """Return a text without the address; in JSON, signs for line ends touch the letters behind them."""

        def clean(match: re.Match[str]) -> str:
            words = json.loads(match[0], strict=False)
            is_held = holds(words, self.address)
            return json.dumps(without(words, self.address), ensure_ascii=False) if is_held else match[0]

        with suppress(ValueError):  # it only begins like JSON
            text = _JSON_TEXT.sub(clean, text) if text.startswith(("{", "[")) else text
        return without(text, self.address)

    def stands_in(self, content: bytes, name: str) -> bool:
        """Return whether the address stands in the bytes of a file."""
        domain = self.address.partition("@")[2]
        return any(domain in view.lower() and holds(view, self.address) for view in list_views(content, name))

    def _erase_posts(self, file: NamedFile, work: Path) -> Erasure:
        """Erase the address in an export of a website, a feed or a calendar; no cell is named."""
        target = work / f"posts{Path(file.name).suffix}"
        if not clean_posts(file.path, file.name, self.address, target):
            return Erasure(file.name)
        with open_export(file.path, file.name) as old, open_export(target, file.name) as new:
            counts = [
                [(sheet.name, export.load(self._connection, sheet, f"posts_{n}_{which}", 2))
                 for n, sheet in enumerate(export.sheets)]
                for which, export in enumerate((old, new))
            ]  # fmt: skip
            for which, sheets in enumerate(counts):
                for n in range(len(sheets)):
                    self._connection.execute(f"drop table posts_{n}_{which}")
        is_clean = counts[0] == counts[1] and not self.stands_in(target.read_bytes(), file.name)
        return (
            Erasure(file.name, [Place(file.name)], content=target)
            if is_clean
            else Erasure(file.name, [Place(file.name)], "Remove the address or the file yourself")
        )

    def _erase_export(self, file: NamedFile, work: Path) -> Erasure:
        if holds_posts(file.path, file.name, INBOX):
            return self._erase_posts(file, work)
        sheets = self._look(file)
        places = [place for changes in sheets for place in changes.list_places(file.name)]
        places += [
            Place(file.name, new_name, header="its name")
            for changes in sheets
            if changes.sheet.name and (new_name := self._name_sheet(changes.sheet.name)) != changes.sheet.name
        ]
        is_book = is_workbook(file.path, file.name, INBOX)
        if not places and is_book and self.stands_in(file.path.read_bytes(), file.name):
            places = [Place(file.name)]  # in a note, a link or a property
        if not places:
            return Erasure(file.name)
        name = name_as_xlsx(file.name) if is_book else file.name
        drafts = (self._copy_workbook, self._write_workbook) if is_book else (_write_text,)
        for number, write_draft in enumerate(drafts):
            target = work / f"{number}{Path(name).suffix}"
            try:
                write_draft(file, sheets, target)
            except Exception as error:  # the library fails in many ways on other programs' workbooks
                raise_explained(error)
                continue
            if self._agrees(file, target, name, sheets):
                return Erasure(name, places, content=target, rewritten=[file.name] if is_book else [])
        return Erasure(file.name, places, _NOT_WRITTEN)

    def _erase_archive(self, path: Path, name: str, members: Sequence[NamedFile], work: Path) -> Erasure:
        archive_erasure = Erasure(name)
        changed: dict[str, Erasure] = {}
        reasons = []
        for number, member in enumerate(members):
            place = work / str(number)
            place.mkdir()
            erasure = self._erase_export(member, place)
            archive_erasure.places += erasure.places
            archive_erasure.rewritten += erasure.rewritten
            if erasure.content is not None:
                changed[member.name.removeprefix(f"{name}/")] = erasure
            if erasure.by_hand:
                reasons.append(f"{member.name}: {erasure.by_hand}")
        exports = {member.name.removeprefix(f"{name}/") for member in members}
        notes: dict[str, bytes | None] = {}
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if _path_of(info) not in exports and self.stands_in(content := archive.read(info), info.filename):
                    notes[_path_of(info)] = self._clean_note(content, info.filename)
            name_changes = [name_without(_path_of(info), self.address) != _path_of(info) for info in archive.infolist()]
            comments = [archive.comment, *(info.comment for info in archive.infolist())]
        archive_erasure.places += [Place(name, header=name_without(note_path, self.address)) for note_path in notes]
        archive_erasure.left_out = [
            f"{name}/{name_without(note_path, self.address)}" for note_path, cleaned in notes.items() if cleaned is None
        ]
        is_noted = any(self.stands_in(note, name) for note in comments)
        if is_noted or any(name_changes):
            archive_erasure.places.append(Place(name, header="its list of files"))
        archive_erasure.by_hand = "; ".join(reasons)
        if changed or notes or is_noted or any(name_changes):
            archive_erasure.content = work / "erased.zip"
            _pack_again(path, archive_erasure.content, changed, notes, self.address)
        return archive_erasure

    def _look(self, file: NamedFile) -> list[_SheetChanges]:
        """Find the cells of a file that hold the address or belong to the person, by sheet."""
        sheets = []
        with open_export(file.path, file.name) as export:
            for sheet in export.sheets:
                changes = _SheetChanges(sheet, self._recognise(file.name, sheet))
                for row, cells in self._query(export, sheet, "rows_with_address", address=self.address):
                    self._note_changes(changes, row, cells)
                sheets.append(changes)
        return sheets

    def _note_changes(self, changes: _SheetChanges, row: int, cells: Sequence[str | None]) -> None:
        """Note the personal cells of a table's row: they belong to the person whose address stands in it."""
        texts = {column: text for column, text in enumerate(cells) if text}
        hits = {column for column, text in texts.items() if holds(text, self.address)}
        owned: set[int] = set()
        if changes.plan is not None and row > changes.plan.header_row:
            personal = set(changes.plan.personal)
            owned = {column for column in hits if column in personal or is_only(texts[column], self.address)}
            owned |= personal & texts.keys() if owned else set()
        for column in hits | owned:
            changes.cells[row, column] = None if column in owned else without(texts[column], self.address)
        if changes.plan is not None and row > changes.plan.header_row and self._hide is not None:
            ids = {i for name in IDS if name in changes.plan.places for i in changes.plan.places[name].all_columns}
            for column in hits & ids:  # rows stay joined by it
                changes.cells[row, column] = self._hide(texts[column])

    def _recognise(self, name: str, sheet: Sheet) -> SheetPlan | None:
        return self._known.recognise(Path(name).name, sheet)

    def _query(self, export: ExportFile, sheet: Sheet, question: str, **parameters: str) -> list[tuple[Any, ...]]:
        """Return the number and the cells of a sheet's rows that answer a question."""
        export.load(self._connection, sheet, "looked", 1)
        rows = ask(self._connection, question, parameters) if sheet.width else []
        self._connection.execute("drop table looked")
        return rows

    def _agrees(self, before: NamedFile, after: Path, name: str, sheets: Sequence[_SheetChanges]) -> bool:
        """Return whether the new file is without the address and equals the old one but for the changes."""
        if after.suffix == ".xlsx" and self.stands_in(after.read_bytes(), name):
            return False
        try:
            with open_export(before.path, before.name) as old, open_export(after, name) as new:
                expected_sheets = [(sheet.name and self._name_sheet(sheet.name), sheet.visible) for sheet in old.sheets]
                return expected_sheets == [(sheet.name, sheet.visible) for sheet in new.sheets] and all(
                    _identify(changes.plan) == _identify(self._recognise(name, sheet))
                    and self._reads_as_changed(old, new, sheet, changes)
                    for changes, sheet in zip(sheets, new.sheets, strict=True)
                )
        except UserError:
            return False

    def _reads_as_changed(self, old: ExportFile, new: ExportFile, sheet: Sheet, changes: _SheetChanges) -> bool:
        if not changes.sheet.width or not sheet.width:
            return changes.sheet.width == sheet.width
        old.load(self._connection, changes.sheet, "sheet_before", 1)
        new.load(self._connection, sheet, "sheet_after", 1)
        differing = ask(self._connection, "changed_rows", {"width": max(changes.sheet.width, sheet.width)})
        self._connection.execute("drop table sheet_before")
        self._connection.execute("drop table sheet_after")
        rows = {row for row, _ in changes.cells}
        return {row for row, *_ in differing} == rows and all(
            before is not None
            and [changes.cells.get((row, column), text) for column, text in enumerate(before)]
            == (after or [None] * len(before))
            for row, before, after in differing
        )

    def _name_sheet(self, name: str) -> str:
        return name_without(name, self.address)

    def _copy_workbook(self, file: NamedFile, sheets: Sequence[_SheetChanges], target: Path) -> None:
        """Rewrite an `.xlsx`: cells with types and number formats, merged ranges, and the hidden state of sheets."""
        with warnings.catch_warnings(), file.path.open("rb") as stream:
            warnings.simplefilter("ignore")  # they would reveal cells
            source = openpyxl.load_workbook(stream, data_only=True)
        changes = {entry.sheet.name: entry.cells for entry in sheets}
        book = _make_workbook()
        book.epoch = source.epoch
        for old in source.worksheets:
            if old.max_row * old.max_column > _MOST_COPIED_CELLS:
                raise ValueError("The used range is too large.")
            new = book.create_sheet(self._name_sheet(old.title))
            new.sheet_state = old.sheet_state
            filled = [cell for row in old.iter_rows() for cell in row if cell.value is not None]
            first = min((cell.column for cell in filled), default=1)  # readers count from the first column in use
            for cell in filled:
                place = (cell.row, cell.column - first)
                value = changes[old.title].get(place, cell.value)
                if value is not None:
                    _put(new.cell(cell.row, cell.column), value, "s" if place in changes[old.title] else cell.data_type)
                    if cell.number_format != "General":
                        new.cell(cell.row, cell.column).number_format = cell.number_format
            for area in old.merged_cells.ranges:
                new.merged_cells.add(area.coord)
        book.save(target)

    def _write_workbook(self, file: NamedFile, sheets: Sequence[_SheetChanges], target: Path) -> None:
        """Write an `.xlsx` of the texts that the build's readers see; numbers and dates become such again."""
        book = _make_workbook()
        with open_export(file.path, file.name) as export:
            for changes in sheets:
                new = book.create_sheet(self._name_sheet(changes.sheet.name or ""))
                new.sheet_state = "visible" if changes.sheet.visible else "hidden"
                for row, cells in self._query(export, changes.sheet, "sheet_rows"):
                    for column, text in enumerate(cells):
                        text = changes.cells.get((row, column), text)
                        if text is not None:
                            _put(new.cell(row, column + 1), _read_type(text))
        book.save(target)


def name_as_xlsx(name: str) -> str:
    """Name a rewritten workbook; all of the old name stays, so that no other has the new one."""
    return name if name.lower().endswith(".xlsx") else f"{name}.xlsx"


def ask(
    connection: duckdb.DuckDBPyConnection, question: str, parameters: dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Answer a question of `etl/sql/forget`."""
    return connection.execute(read_query(f"forget/{question}"), parameters).fetchall()


def _identify(plan: SheetPlan | None) -> tuple[str, int] | None:
    return (plan.recipe.id, plan.header_row) if plan else None


def list_views(content: bytes, name: str, depth: int = 0) -> Iterator[str]:
    """List the possible texts of bytes, in the encodings of texts inside a file of any kind, and packed.

    Raises:
        ReadError: a ZIP archive would unpack to something huge.
        BadZipFile: it is damaged (or another of `READING_FAULTS`).
    """
    yield content.decode("latin-1")
    # Two bytes a letter, from an even or an odd place on.
    for text in (content.decode("utf-8", "ignore"), *(content[i:].decode("utf-16-le", "ignore") for i in (0, 1))):
        yield text
        if "<" in text:
            yield html.unescape(re.sub(r"<[^<>]*>", "", text))  # formats may split an address in pieces
    if content[:1] in (b"{", b"["):  # in JSON the signs for line ends touch the letters beside them
        yield re.sub(r"\\[nrt]", " ", content.decode("utf-8", "ignore"))
    if is_mail(content):
        yield from list_texts(content)
    if content.startswith(b"%PDF"):
        yield from _list_pdf_texts(content)
    if content.startswith(b"PK\x03\x04") and depth < _DEPTH:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refuse_bomb(name, archive, INBOX)
            for info in archive.infolist():
                yield from list_views(archive.read(info), name, depth + 1)


def _list_pdf_texts(content: bytes) -> Iterator[str]:
    """List what a PDF holds packed, as written and as its pages show it in plain fonts; nothing of a damaged one."""
    import pikepdf  # it takes time to load

    with suppress(pikepdf.PdfError), pikepdf.open(io.BytesIO(content)) as pdf:
        for part in pdf.objects:
            if not isinstance(part, pikepdf.Stream):
                yield part.unparse().decode("latin-1")
                continue
            with suppress(pikepdf.PdfError):  # a picture is not unpacked
                text = part.read_bytes().decode("latin-1")
                yield text
                yield _BETWEEN_PIECES.sub("", text)  # letters are moved closer between the pieces of a word


def _make_workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    return book


def _put(cell: Cell, value: object, kind: str = "") -> None:
    """Give a cell its value: a number with all its digits, and no text taken for a formula or an error."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value, kind = repr(value), "n"
    cell.value = value
    if isinstance(value, str):
        cell.data_type = kind or "s"


def _read_type(text: str) -> str | int | float | datetime:
    if _NUMBER.fullmatch(text):
        number = float(text) if "." in text else int(text)
        return number if repr(number) == text else text
    return datetime.fromisoformat(text) if _DATE.fullmatch(text) else text


def _write_text(file: NamedFile, sheets: Sequence[_SheetChanges], target: Path) -> None:
    """Rewrite a text table in its own encoding, with its own separator, quotation marks and line ends."""
    encoding = detect_encoding(file.path, file.name, scan_text(file.path, file.name, INBOX))
    utf8_file = target.with_name("settled.csv")
    transcode(file.path, file.name, encoding, utf8_file)
    dialect = detect_dialect(utf8_file)
    with utf8_file.open(encoding="utf-8-sig", newline="") as stream:
        declaration = stream.readline() if dialect.declared else ""
        first_line = stream.readline()
    with target.open("w", encoding=_CODECS.get(encoding, encoding), newline="") as stream:
        stream.write(declaration)
        writer = csv.writer(
            stream,
            delimiter=dialect.delimiter,
            lineterminator="\r\n" if first_line.endswith("\r\n") else "\n",
            quoting=csv.QUOTE_ALL if first_line.startswith('"') else csv.QUOTE_MINIMAL,
        )
        records = read_records(utf8_file, dialect.delimiter, file.name, int(dialect.declared))
        for row, record in enumerate(records, 1):
            writer.writerow([sheets[0].cells.get((row, column), text) for column, text in enumerate(record)])


def _path_of(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/")


def _is_note(name: str) -> bool:
    """Return whether a file is a note beside exports, such as a README, and no table."""
    path = PurePosixPath(name)
    return path.name.lower().startswith("readme") or path.suffix.lower() not in EXTENSIONS


def _pack_again(
    path: Path, target: Path, changed: dict[str, Erasure], notes: Mapping[str, bytes | None], address: str
) -> None:
    """Write the archive with some members replaced or left out, all by names without the address, and no remarks.

    Changed exports and notes in it are replaced; those without content are left out.
    """
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for info in source.infolist():
            erasure = changed.get(_path_of(info))
            content = erasure.content.read_bytes() if erasure and erasure.content else source.read(info)
            cleaned = notes.get(_path_of(info), content)
            if cleaned is None:
                continue
            content = cleaned
            renamed = name_as_xlsx(info.filename) if erasure and erasure.rewritten else info.filename
            renamed = name_without(info.filename if renamed in source.namelist() else renamed, address)
            fresh = zipfile.ZipInfo(_free(renamed, {*copy.namelist()}), info.date_time)
            fresh.external_attr = info.external_attr
            copy.writestr(fresh, content, compress_type=info.compress_type)


def _free(name: str, taken_names: set[str]) -> str:
    """Return the name, with a number where another file of the archive has it."""
    path, number = PurePosixPath(name), 1
    while (free := name if number == 1 else str(path.with_stem(f"{path.stem} {number}"))) in taken_names:
        number += 1
    return free

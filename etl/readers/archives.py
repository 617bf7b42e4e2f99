"""What a zipped workbook claims and holds, looked at before it is unpacked.

A sheet is unpacked into a full rectangle of cells: one stray cell in the last corner of a sheet, or a small file that
unpacks to something huge, would take all memory and end the program.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from etl.readers.files import ARCHIVE_EXTENSIONS
from etl.readers.limits import INBOX, Limits, describe_size
from etl.readers.sheets import ReadError
from etl.readers.sizes import (
    SheetRange,
    estimate_filled,
    estimate_sheet,
    measure_binary_sheet,
    measure_ods,
    measure_sheet,
    parse_xml,
)

ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    expat.ExpatError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    ValueError,
)
_MAIN_PARTS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
_ODS_MACRO = re.compile(r"Basic/[^/]+/(?!script-l[bc]|dialog-l[bc]).+")


@dataclass
class Archive:
    """A zipped workbook.

    Attributes:
        kind: xlsx, xlsb or ods; xls, which is not zipped, has the name only.
        charts: Names of sheets that are charts, not tables.
        uncomputed: For sheets with formulas that were saved without their results, the first such cell.
    """

    kind: str
    charts: set[str] = field(default_factory=set)
    uncomputed: dict[str, str] = field(default_factory=dict)


def is_zipped_workbook(path: Path, name: str) -> bool:
    """Return whether a ZIP file is a workbook, by what it holds; of a damaged one its name decides."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _find_kind(archive) is not None
    except ZIP_FAULTS:
        return PurePosixPath(name).suffix.lower() not in ARCHIVE_EXTENSIONS


def inspect_archive(path: Path, name: str, limits: Limits = INBOX) -> Archive:
    """Return what kind of workbook a ZIP file is.

    Raises:
        ReadError: It is none, is damaged or protected, has macros, or would take too much memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(name, archive, limits)
    except ZIP_FAULTS as error:
        raise make_damage_error(name) from error


def refuse_bomb(name: str, archive: zipfile.ZipFile, limits: Limits) -> None:
    """Make sure that an archive unpacks to a size that can be handled.

    Raises:
        ReadError: It does not.
    """
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    is_suspicious = unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * packed
    if unpacked > limits.unpacked_bytes or is_suspicious:
        raise ReadError(
            f"“{name}” would unpack to {describe_size(unpacked)}, "
            + ("which no export of its size holds." if is_suspicious else "too much to read."),
            "Export it again as CSV, or in parts.",
        )


def make_damage_error(name: str) -> ReadError:
    """Return the error for a workbook that cannot be opened."""
    return ReadError(f"“{name}” is damaged or cut short: it cannot be opened as a workbook.", "Export it again.")


def make_password_error(name: str) -> ReadError:
    """Return the error for a workbook that asks for a password."""
    return ReadError(f"“{name}” is protected by a password.", "Save it without a password.")


def make_macro_error(name: str) -> ReadError:
    """Return the error for a workbook that holds programs."""
    return ReadError(f"“{name}” contains macros, which are not accepted.", "Save it as .xlsx, which has none.")


def _find_kind(archive: zipfile.ZipFile) -> str | None:
    members = set(archive.namelist())
    return next((kind for part, kind in _MAIN_PARTS.items() if part in members), None)


def _inspect(name: str, archive: zipfile.ZipFile, limits: Limits) -> Archive:
    kind = _find_kind(archive)
    if kind is None:
        raise ReadError(f"“{name}” is a ZIP archive, but not a workbook.", "Unpack it and put the files in its place.")
    refuse_bomb(name, archive, limits)
    if any(_is_macro(member) for member in archive.namelist()):
        raise make_macro_error(name)
    if any(member.flag_bits & 1 for member in archive.infolist()):
        raise make_password_error(name)
    if kind == "xlsx":
        return _inspect_xlsx(name, archive, limits)
    return _inspect_xlsb(name, archive, limits) if kind == "xlsb" else _inspect_ods(name, archive, limits)


def _is_macro(member: str) -> bool:
    is_program = PurePosixPath(member).name.lower() == "vbaproject.bin" or "/macrosheets/" in member.lower()
    return is_program or _ODS_MACRO.fullmatch(member) is not None


def _inspect_xlsx(name: str, archive: zipfile.ZipFile, limits: Limits) -> Archive:
    result = Archive("xlsx")
    members = set(archive.namelist())
    for sheet, part in _list_parts(archive, members).items():
        if "chartsheets/" in part:
            result.charts.add(sheet)
        elif part in members:
            with archive.open(part) as stream:
                size = estimate_sheet(stream)
            if size.uncomputed:
                result.uncomputed[sheet] = size.uncomputed
            for look in (estimate_filled, measure_sheet):  # the exact one is slow
                if size.cells > limits.workbook_cells:
                    with archive.open(part) as stream:
                        size = look(stream)
            _refuse_large(name, sheet, size, limits)
    return result


def _inspect_xlsb(name: str, archive: zipfile.ZipFile, limits: Limits) -> Archive:
    for member in sorted(archive.namelist()):
        if re.fullmatch(r"xl/worksheets/[^/]+\.bin", member) and "binaryIndex" not in member:
            with archive.open(member) as stream:
                _refuse_large(name, None, measure_binary_sheet(stream.read()), limits)
    return Archive("xlsb")


def _inspect_ods(name: str, archive: zipfile.ZipFile, limits: Limits) -> Archive:
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise make_password_error(name)
    sheets = measure_ods(archive.open("content.xml"))
    for sheet, size in sheets.items():
        _refuse_large(name, sheet, size, limits)
    return Archive("ods", uncomputed={sheet: size.uncomputed for sheet, size in sheets.items() if size.uncomputed})


def _list_parts(archive: zipfile.ZipFile, members: set[str]) -> dict[str, str]:
    """Return which part of an XLSX file holds each sheet."""
    targets: dict[str, str] = {}
    parts: dict[str, str] = {}

    def note_target(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def note_sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            ids = [value for key, value in attributes.items() if key.endswith(":id")]
            parts[attributes.get("name", "")] = targets.get(ids[0], "") if ids else ""

    if "xl/_rels/workbook.xml.rels" in members:
        parse_xml(archive.open("xl/_rels/workbook.xml.rels"), note_target)
    parse_xml(archive.open("xl/workbook.xml"), note_sheet)
    return parts


def _refuse_large(name: str, sheet: str | None, size: SheetRange, limits: Limits) -> None:
    if size.cells > limits.workbook_cells:
        where = f"sheet “{sheet}” of “{name}”" if sheet else f"a sheet of “{name}”"
        raise ReadError(
            f"The used range of {where} is {size.rows:,} rows by {size.columns:,} columns, too much to read.",
            "Delete the stray cells far below or to the right of the table and save it again, or save it as CSV.",
        )

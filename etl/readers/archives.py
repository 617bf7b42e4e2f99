"""ZIP files, inspected before unpacking: workbooks, which are ZIP files, and archives of exports.

For a workbook: its kind, whether it is protected or has macros, and whether its sheets fit into memory. One stray
cell in the last corner of a sheet, or a small file that unpacks to something huge, would end the program.
For an archive: the members that are exports, each unpacked to a separate file, never under its name, so that a name
can lead nowhere; the sizes are checked before anything is written, and written files are removed in the end.
"""

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from dashboard.errors import sentence
from dashboard.i18n import N_
from dashboard.scratch import Scratch
from etl.readers.files import (
    ARCHIVE_EXTENSIONS,
    INBOX,
    POST_EXTENSIONS,
    TEXT_EXTENSIONS,
    WORKBOOK_EXTENSIONS,
    Limits,
    Witness,
    describe_size,
    is_zipped,
)
from etl.readers.sheets import ReadError
from etl.readers.sizes import (
    Layout,
    SheetRange,
    Styles,
    estimate_filled,
    estimate_sheet,
    measure_binary_sheet,
    measure_ods,
    measure_sheet,
    parse_xml,
    read_styles,
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
_PROPERTIES = {"docProps/core.xml", "meta.xml"}
_SAVED = re.compile(rb"<(?:dcterms:modified|dc:date)\b[^>]*>(\d{4}-\d\d-\d\d)")
_STYLES = "xl/styles.xml"
_MOST_PROPERTIES = 100_000
_ODS_MACRO = re.compile(r"Basic/[^/]+/(?!script-l[bc]|dialog-l[bc]).+")


@dataclass
class Archive:
    """A zipped workbook.

    Attributes:
        kind: xlsx, xlsb or ods; xls, which is not zipped, has the name only.
        charts: Names of sheets that are charts, not tables.
        uncomputed: For sheets with formulas that were saved without their results, the first such cell.
        layouts: For each sheet, which of its cells are merged or errors, and how much of it is hidden.
    """

    kind: str
    charts: set[str] = field(default_factory=set)
    uncomputed: dict[str, str] = field(default_factory=dict)
    layouts: dict[str, Layout] = field(default_factory=dict)


def is_archive(path: Path, name: str) -> bool:
    """Return whether a file is a ZIP archive of exports, by its content; for a damaged one its name decides."""
    if not is_zipped(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return _find_kind(archive) is None
    except ZIP_FAULTS:
        return PurePosixPath(name).suffix.lower() in ARCHIVE_EXTENSIONS


def read_saved_day(path: Path) -> date | None:
    """Return the day of the last saving by a zipped workbook itself; None where it has none, and for other files."""
    try:
        with zipfile.ZipFile(path) as archive:
            [member] = _PROPERTIES & set(archive.namelist())
            match = _SAVED.search(archive.open(member).read(_MOST_PROPERTIES))
            return date.fromisoformat(match[1].decode()) if match else None
    except (*ZIP_FAULTS, OSError):
        return None


def inspect_archive(path: Path, name: str, limits: Limits = INBOX) -> Archive:
    """Return the kind of workbook that a ZIP file is.

    Raises:
        ReadError: It is none, is damaged or protected, has macros, or would take too much memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(name, archive, limits)
    except ZIP_FAULTS as error:
        raise make_damage_error(name) from error


def refuse_bomb(name: str, archive: zipfile.ZipFile, limits: Limits) -> None:
    """Make sure that an archive unpacks to a size that can be handled."""
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    is_suspicious = unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * packed
    if unpacked > limits.unpacked_bytes or is_suspicious:
        raise ReadError(
            sentence(
                N_("“{name}” would unpack to {size}, which no export of its size holds.")
                if is_suspicious
                else N_("“{name}” would unpack to {size}, too much to read."),
                name=name,
                size=describe_size(unpacked),
            ),
            N_("Export it again as CSV, or in parts."),
        )


def make_damage_error(name: str) -> ReadError:
    """Return the error for a workbook that cannot be opened."""
    return ReadError(
        sentence(N_("“{name}” is damaged or cut short: it cannot be opened as a workbook."), name=name),
        N_("Export it again."),
    )


def make_password_error(name: str) -> ReadError:
    """Return the error for a workbook that asks for a password."""
    return ReadError(sentence(N_("“{name}” is protected by a password."), name=name), N_("Save it without a password."))


def make_macro_error(name: str) -> ReadError:
    """Return the error for a workbook that holds programs."""
    return ReadError(
        sentence(N_("“{name}” contains macros, which are not accepted."), name=name),
        N_("Save it as .xlsx, without macros."),
    )


def _find_kind(archive: zipfile.ZipFile) -> str | None:
    members = set(archive.namelist())
    return next((kind for part, kind in _MAIN_PARTS.items() if part in members), None)


def _inspect(name: str, archive: zipfile.ZipFile, limits: Limits) -> Archive:
    kind = _find_kind(archive)
    if kind is None:
        raise ReadError(
            sentence(N_("“{name}” is a ZIP archive, but not a workbook."), name=name),
            N_("Unpack it and put the files in its place."),
        )
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
    styles = read_styles(archive.open(_STYLES)) if _STYLES in members else Styles()
    for sheet, part in _list_parts(archive, members).items():
        if "chartsheets/" in part:
            result.charts.add(sheet)
        elif part in members:
            with archive.open(part) as stream:
                size = estimate_sheet(stream, styles)
            if size.uncomputed:
                result.uncomputed[sheet] = size.uncomputed
            result.layouts[sheet] = size.layout
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
    return Archive(
        "ods",
        uncomputed={sheet: size.uncomputed for sheet, size in sheets.items() if size.uncomputed},
        layouts={sheet: size.layout for sheet, size in sheets.items()},
    )


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
        raise ReadError(
            sentence(
                N_(
                    "The used range of sheet “{sheet}” of “{name}” is {rows} rows by {columns} columns, too much to "
                    "read."
                )
                if sheet
                else N_("The used range of a sheet of “{name}” is {rows} rows by {columns} columns, too much to read."),
                sheet=sheet or "",
                name=name,
                rows=size.rows,
                columns=size.columns,
            ),
            N_("Delete the stray cells far below or to the right of the table and save it again, or save it as CSV."),
        )


NOT_EXPORTS = ("readme*", ".*", "~$*", "thumbs.db", "desktop.ini")

_MEDIA_FOLDERS = {"media", "attachments", "__macosx"}
_MEDIA = {
    ".3gp", ".aac", ".amr", ".avi", ".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".m4a", ".mkv", ".mov", ".mp3", ".mp4",
    ".ogg", ".pdf", ".png", ".svg", ".tif", ".tiff", ".wav", ".webm", ".webp",
}  # fmt: skip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PACK_AGAIN = N_("Unpack it and put the files in its place, or pack it again.")


@dataclass(frozen=True)
class NamedFile:
    """A file to open and its name: a member of an archive lies elsewhere under another name.

    Attributes:
        name: Its name in the snapshot, such as `exports.zip/actions.csv`.
        container: The export it belongs to: the archive, for the text files of one, which may be the tables of one
            form; else itself.
    """

    name: str
    path: Path
    container: str


@contextmanager
def unpack_exports(path: Path, name: str, limits: Limits, work: Path | None = None) -> Iterator[list[NamedFile]]:
    """Unpack the exports of a ZIP archive; the files are removed on leaving.

    Skip directories, hidden files, notes, pictures, sounds, films, PDF documents and everything in a folder
    `media`.

    Raises:
        ReadError: It is damaged, protected or too large, or a member is neither an export nor passed over.
    """
    witness = Witness(path, name)
    with Scratch("export", work) as directory:
        try:
            with zipfile.ZipFile(path) as archive:
                members = _unpack(name, archive, limits, Path(directory))
        except ZIP_FAULTS as error:
            raise ReadError(
                sentence(N_("“{name}” is damaged or cut short: it cannot be unpacked."), name=name),
                N_("Download or pack it again."),
            ) from error
        witness.check()
        yield members


def _unpack(name: str, archive: zipfile.ZipFile, limits: Limits, directory: Path) -> list[NamedFile]:
    exports = _list_exports(name, archive, limits)
    needed = sum(info.file_size for info, _ in exports)
    if needed > shutil.disk_usage(directory).free:
        raise ReadError(
            sentence(N_("There is no room on the disk to unpack “{name}”."), name=name), N_("Make room and try again.")
        )
    members = []
    for number, (info, member) in enumerate(exports):
        # The extension is kept: it leads the library that reads workbooks.
        target = directory / f"{number}{PurePosixPath(member).suffix.lower()}"
        with archive.open(info) as packed, target.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
        full_name = f"{name}/{member}"
        container = name if target.suffix in TEXT_EXTENSIONS else full_name
        members.append(NamedFile(full_name, target, container))
    return members


def _list_exports(name: str, archive: zipfile.ZipFile, limits: Limits) -> list[tuple[zipfile.ZipInfo, str]]:
    """List the members to read with their paths, by path; look at all of them before unpacking any."""
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > limits.members:
        raise ReadError(
            sentence(
                N_("“{name}” contains {files} files, more than the limit of {most}."),
                name=name,
                files=len(members),
                most=limits.members,
            ),
            _PACK_AGAIN,
        )
    refuse_bomb(name, archive, limits)
    exports: dict[str, zipfile.ZipInfo] = {}
    for info in members:
        member = info.filename.replace("\\", "/")
        _refuse_place(name, member)
        if _is_passed_over(member):
            continue
        _refuse_member(name, member, info)
        if member in exports:
            raise ReadError(sentence(N_("“{name}” contains “{member}” twice."), name=name, member=member), _PACK_AGAIN)
        exports[member] = info
    if not exports:
        raise ReadError(
            sentence(N_("“{name}” contains no export."), name=name), N_("Put the exports into it, or remove it.")
        )
    return [(info, member) for member, info in sorted(exports.items())]


def _refuse_place(name: str, member: str) -> None:
    parts = PurePosixPath(member).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0]:
        raise ReadError(
            sentence(N_("“{name}” holds “{member}”, a place outside of the archive."), name=name, member=member),
            _PACK_AGAIN,
        )


def _is_passed_over(member: str) -> bool:
    path = PurePosixPath(member)
    folders = [part.casefold() for part in path.parts[:-1]]
    if any(folder.startswith(".") or folder in _MEDIA_FOLDERS for folder in folders):
        return True
    return path.suffix.lower() in _MEDIA or any(fnmatchcase(path.name.casefold(), pattern) for pattern in NOT_EXPORTS)


def _refuse_member(name: str, member: str, info: zipfile.ZipInfo) -> None:
    suffix = PurePosixPath(member).suffix.lower()
    if suffix in ARCHIVE_EXTENSIONS:
        raise ReadError(
            sentence(N_("“{name}” contains another archive, “{member}”."), name=name, member=member),
            N_("Unpack the outer one and use the inner ones."),
        )
    if suffix not in TEXT_EXTENSIONS | WORKBOOK_EXTENSIONS | POST_EXTENSIONS:
        raise ReadError(
            sentence(N_("“{name}” contains “{member}”, which is not an export."), name=name, member=member),
            N_("Take it out of the archive."),
        )
    if info.flag_bits & 1:
        raise make_password_error(name)
    if info.compress_type not in _METHODS:
        raise ReadError(sentence(N_("“{name}” is compressed in a way that cannot be read."), name=name), _PACK_AGAIN)

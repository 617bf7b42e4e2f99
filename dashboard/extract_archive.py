"""A workbook's file: what openpyxl made, compressed once, with the same bytes for the same content.

openpyxl writes the parts without compressing them into a scratch file; here they go into the file that is handed over.
On the way a sheet may be given rows that openpyxl never saw, and cells the formulas whose results they show.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from dashboard.errors import UserError
from dashboard.i18n import N_

_CONTENT_TYPES = "[Content_Types].xml"
_END_OF_ROWS = b"</sheetData>"
_CHUNK = 1 << 20
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_NAMESPACES = {"": _MAIN, "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}

Formulas = Mapping[str, str]
"""Formulas by the cell they stand in, without the equals sign."""


@contextmanager
def parts_of(workbook: Workbook, made_at: datetime) -> Iterator[zipfile.ZipFile]:
    """The parts of a write-only workbook, which cannot be written to afterwards; gone when the block ends."""
    workbook.properties.created = workbook.properties.modified = made_at.replace(tzinfo=None)
    with tempfile.TemporaryFile() as scratch:
        ExcelWriter(workbook, zipfile.ZipFile(scratch, "w", zipfile.ZIP_STORED)).save()
        with zipfile.ZipFile(scratch) as parts:
            yield parts


class Package:
    """The file under way: each part is added once."""

    def __init__(self, target: Path, made_at: datetime) -> None:
        """Write to `target`; the parts carry the day the data was made, so that equal content is equal bytes."""
        self._file = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._made_at = made_at.timetuple()[:6]

    def __enter__(self) -> "Package":
        """The package itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Finish the file."""
        self._file.close()

    def add_parts(self, parts: zipfile.ZipFile, formulas: Mapping[str, Formulas]) -> None:
        """Add every part that is not there yet; `formulas` holds those of a sheet by its part's name."""
        present = set(self._file.namelist())
        names = [name for name in parts.namelist() if name not in present]
        # The list of contents comes first, because programs that tell files by their beginning look for it there.
        for name in sorted(names, key=lambda name: name != _CONTENT_TYPES):
            with parts.open(name) as source, self._open(name) as part:
                if name in formulas:
                    part.write(with_formulas(source.read(), formulas[name]))
                else:
                    shutil.copyfileobj(source, part, _CHUNK)

    def add_sheet(self, parts: zipfile.ZipFile, name: str, rows: Iterable[memoryview], *, huge: bool) -> None:
        """Add a sheet with further rows behind those that it has; `huge` allows more than two gigabytes of them.

        It is not allowed to all, because Excel takes the long form of an archive for a damaged one now and then.

        Raises:
            UserError: the rows take more than two gigabytes.
        """
        with self._open(_CONTENT_TYPES) as part:
            part.write(parts.read(_CONTENT_TYPES))
        before, end, after = parts.read(name).rpartition(_END_OF_ROWS)
        try:
            with self._open(name, huge=huge) as part:
                part.write(before)
                for block in rows:
                    part.write(block)
                part.write(end + after)
        except RuntimeError as error:  # what zipfile raises beyond its limit
            raise UserError(
                N_("The texts of these actions are too long for one Excel file."),
                N_("Filter to fewer actions, by region for example."),
            ) from error

    def _open(self, name: str, *, huge: bool = False) -> IO[bytes]:
        info = zipfile.ZipInfo(name, self._made_at)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return self._file.open(info, "w", force_zip64=huge)


def with_formulas(sheet: bytes, formulas: Formulas) -> bytes:
    """A sheet's XML in which the named cells have a formula, and what they held as the formula's result."""
    for prefix, address in _NAMESPACES.items():
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.fromstring(sheet)  # noqa: S314  (written by this program a moment ago)
    for cell in root.iter(f"{{{_MAIN}}}c"):
        formula = formulas.get(cell.get("r", ""))
        if formula is None:
            continue
        shown = "".join(cell.itertext())
        if cell.get("t") == "inlineStr":
            cell.set("t", "str")
        for child in list(cell):
            cell.remove(child)
        ElementTree.SubElement(cell, f"{{{_MAIN}}}f").text = formula
        ElementTree.SubElement(cell, f"{{{_MAIN}}}v").text = shown
    xml: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml

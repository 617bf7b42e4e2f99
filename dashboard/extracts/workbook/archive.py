"""A workbook's file: what openpyxl made, compressed once, with the same bytes for the same content.

openpyxl writes the parts without compressing them into a scratch file; here they go into the file that is handed over.
On the way a sheet may be given rows that openpyxl never saw, links, and cells the formulas whose results they show.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_LEVEL = 5
"""How hard the parts are compressed: 30 % less time than the usual 6, and 3 % more bytes."""
_AFTER_LINKS = b"<printOptions"
_FIRST_LINK = 1_001
"""Far behind the numbers that openpyxl gives."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_NAMESPACES = {"": _MAIN, "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}

Formulas = Mapping[str, str]
"""Formulas by the cell they stand in, without the equals sign."""

Link = tuple[str, str]
"""A cell and the address that it leads to."""

Change = Callable[[bytes], bytes]
"""What is done to a part of the file."""


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

    def add_parts(self, parts: zipfile.ZipFile, changes: Mapping[str, Change]) -> None:
        """Add every part that is not there yet; `changes` holds what is done to a part by its name."""
        present = set(self._file.namelist())
        names = [name for name in parts.namelist() if name not in present]
        # The list of contents comes first, because programs that tell files by their beginning look for it there.
        for name in sorted(names, key=lambda name: name != _CONTENT_TYPES):
            with parts.open(name) as source, self._open(name) as part:
                if name in changes:
                    part.write(changes[name](source.read()))
                else:
                    shutil.copyfileobj(source, part, _CHUNK)

    def add_sheet(
        self, parts: zipfile.ZipFile, name: str, rows: Iterable[memoryview], links: Iterable[Link], *, huge: bool
    ) -> None:
        """Add a sheet with further rows behind those that it has; `huge` allows more than two gigabytes of them.

        The links are those that there are when the last row has been taken. So much is not allowed to all, because
        Excel takes the long form of an archive for a damaged one now and then.

        Raises:
            UserError: the rows take more than two gigabytes.
        """
        if _CONTENT_TYPES not in self._file.namelist():
            with self._open(_CONTENT_TYPES) as part:
                part.write(parts.read(_CONTENT_TYPES))
        before, end, after = parts.read(name).rpartition(_END_OF_ROWS)
        try:
            with self._open(name, huge=huge) as part:
                part.write(before)
                for block in rows:
                    part.write(block)
                part.write(with_links(end + after, links))
        except RuntimeError as error:  # what zipfile raises beyond its limit
            raise UserError(
                N_("The texts of these actions are too long for one Excel file."),
                N_("Filter to fewer actions, by region for example."),
            ) from error

    def _open(self, name: str, *, huge: bool = False) -> IO[bytes]:
        info = zipfile.ZipInfo(name, self._made_at)
        info.compress_type = zipfile.ZIP_DEFLATED
        info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # no public way for a part with a date of its own
        info.external_attr = 0o600 << 16
        return self._file.open(info, "w", force_zip64=huge)


def name_sheet(number: int) -> str:
    """The part of the sheet of this number, counted from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def name_relations(number: int) -> str:
    """The part that says where the links of the sheet of this number lead."""
    return f"xl/worksheets/_rels/sheet{number}.xml.rels"


def with_links(sheet: bytes, links: Iterable[Link]) -> bytes:
    """A sheet's XML, or its end behind the rows, in which cells lead to addresses; nothing where there are no links."""
    cells = "".join(
        f'<hyperlink ref="{place}" r:id="rId{number}"/>' for number, (place, _) in enumerate(links, start=_FIRST_LINK)
    )
    if not cells:
        return sheet
    before, end, after = sheet.rpartition(_AFTER_LINKS)
    if not end:
        raise ValueError("the sheet has no place for links")
    return before + f'<hyperlinks xmlns:r="{_NAMESPACES["r"]}">{cells}</hyperlinks>'.encode() + end + after


def with_relations(relations: bytes, links: Sequence[Link]) -> bytes:
    """A sheet's relations with the addresses of its links added; they hold nothing but what an address may."""
    added = "".join(
        f'<Relationship Id="rId{number}" Type="{_NAMESPACES["r"]}/hyperlink" Target="{address.replace("&", "&amp;")}"'
        ' TargetMode="External"/>'
        for number, (_, address) in enumerate(links, start=_FIRST_LINK)
    )
    before, end, after = relations.rpartition(b"</Relationships>")
    return before + added.encode() + end + after


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

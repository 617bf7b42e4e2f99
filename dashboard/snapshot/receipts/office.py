"""Receipts in Office files: custom properties of the document, which programs preserve, and tags of single slides.

Office takes 255 characters for a text property, so a receipt takes several, in the order of their names.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from dashboard.snapshot.receipts.receipt import NAME, Receipt

PROPERTIES = "docProps/custom.xml"
TAG = NAME.upper()
"""The name of the tag; PowerPoint writes it in capitals."""

_MOST = 255
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_FIRST_PID = 2
_NUMBERED = re.compile(rf"{NAME}-(\d+)", re.IGNORECASE)
_EMPTY = f'<Properties xmlns="{_CUSTOM}" xmlns:vt="{_TYPES}"/>'.encode()
_LARGEST = 4_000_000
"""The most bytes of a part that is searched for a receipt."""


def list_properties(receipt: Receipt) -> list[tuple[str, str]]:
    """List a receipt as properties of a document: name and text."""
    text = receipt.write()
    parts = [text[start : start + _MOST] for start in range(0, len(text), _MOST)]
    return [(f"{NAME}-{number}", part) for number, part in enumerate(parts, start=1)]


def write_properties(receipt: Receipt, existing_part: bytes = b"") -> bytes:
    """Write the part of custom properties with a receipt after the present ones; remove an old receipt."""
    root = _parse(existing_part or _EMPTY)
    for old in _list_own(root):
        root.remove(old)
    pids = [int(one.get("pid", "0")) for one in root]
    for pid, (name, text) in enumerate(list_properties(receipt), start=max([_FIRST_PID - 1, *pids]) + 1):
        one = etree.SubElement(root, f"{{{_CUSTOM}}}property", fmtid=_FORMAT, pid=str(pid), name=name)
        etree.SubElement(one, f"{{{_TYPES}}}lpwstr").text = text
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def write_tag(receipt: Receipt) -> bytes:
    """Write the part of tags of one slide."""
    root = etree.Element(f"{{{_SLIDES}}}tagLst", nsmap={"p": _SLIDES})
    etree.SubElement(root, f"{{{_SLIDES}}}tag", name=TAG, val=receipt.write())
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def find_in_document(file: zipfile.ZipFile) -> str | None:
    """Find the text of a document's receipt."""
    if PROPERTIES not in file.namelist():
        return None
    properties = _list_own(_read(file, PROPERTIES))
    numbered = sorted((int(_NUMBERED.fullmatch(one.get("name", ""))[1]), one) for one in properties)  # type: ignore[index]
    return "".join("".join(one.itertext()) for _, one in numbered) or None


def read_tag(content: bytes) -> str | None:
    """Read the text of a receipt in a part of tags."""
    tags = _parse(content).iter(f"{{{_SLIDES}}}tag")
    return next((one.get("val") for one in tags if (one.get("name") or "").upper() == TAG), None)


def _list_own(root: Any) -> list[Any]:
    return [one for one in root if _NUMBERED.fullmatch(one.get("name") or "")]


def _read(file: zipfile.ZipFile, name: str) -> Any:
    with file.open(name) as part:
        return _parse(part.read(_LARGEST))


def _parse(content: bytes) -> Any:
    """Parse XML without entities and network; invalid XML has no elements."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return etree.fromstring(_EMPTY)


def iterate_tags(file: zipfile.ZipFile) -> Iterator[str]:
    """List the texts of the receipts of all slides of a deck."""
    for name in sorted(file.namelist()):
        if name.startswith("ppt/tags/") and name.endswith(".xml"):
            with file.open(name) as part:
                text = read_tag(part.read(_LARGEST))
            if text:
                yield text

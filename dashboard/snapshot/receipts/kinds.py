"""Find the kind of a file, by its content, and its receipts."""

import json
import zipfile
from io import BytesIO
from typing import Any, Literal

import pyarrow.parquet

from dashboard.snapshot.receipts import carried, office
from dashboard.snapshot.receipts.papers import find_in_pdf
from dashboard.snapshot.receipts.receipt import NAME, Receipt, read_receipt

Kind = Literal["png", "svg", "html", "pptx", "docx", "xlsx", "zip", "parquet", "json", "pdf", "csv"]
MOST_UNPACKED = 2_000_000_000
"""The most bytes of all parts of a packed file to open."""

_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = ((b"\x89PNG", "png"), (b"PAR1", "parquet"), (b"%PDF", "pdf"))
_LOOKED_AT = 2_000


def tell_kind(content: bytes) -> Kind:
    """Return the kind of a file; a file of no other kind is rows of text.

    Raises:
        ValueError: it is packed and damaged, or too large once unpacked.
    """
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(b"PK"):
        return _tell_package(content)
    head = content[:_LOOKED_AT].decode("utf-8-sig", "replace").lstrip()
    if "<svg" in head and "<html" not in head.lower():
        return "svg"
    if head.startswith("<"):
        return "html"
    return "json" if head.startswith(("{", "[")) else "csv"


def _tell_package(content: bytes) -> Kind:
    with open_package(content) as package:
        names = package.namelist()
    if any(name.startswith("ppt/") for name in names):
        return "pptx"
    if any(name.startswith("word/") for name in names):
        return "docx"
    return "xlsx" if any(name.startswith("xl/") for name in names) else "zip"


def open_package(content: bytes) -> zipfile.ZipFile:
    """Open a packed file.

    Raises:
        ValueError: it is damaged, or too large once unpacked.
    """
    try:
        package = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, OSError) as error:
        raise ValueError("damaged") from error
    if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
        raise ValueError("too large")
    return package


def find_receipts(content: bytes, kind: Kind) -> list[Receipt]:
    """Find the receipts in a file, that of the whole file first; in a deck also those of slides from other decks.

    Raises:
        ReceiptError: one cannot be read.
        ValueError: the file cannot be read.
    """
    texts = [text for text in _find_texts(content, kind) if text]
    receipts = [read_receipt(text) for text in texts]
    file_receipts = [receipt for receipt in receipts if not receipt.slide]
    slide_receipts = [receipt for receipt in receipts if receipt.slide and not _is_of(receipt, file_receipts)]
    return [*file_receipts, *slide_receipts]


def _is_of(receipt: Receipt, file_receipts: list[Receipt]) -> bool:
    return any(receipt.on_slide(0) == one for one in file_receipts)


def _find_texts(content: bytes, kind: Kind) -> list[str | None]:
    if kind == "png":
        return [carried.find_in_png(content)]
    if kind in ("svg", "html"):
        text = content.decode("utf-8", "replace")
        return [carried.find_in_svg(text) if kind == "svg" else carried.find_in_html(text)]
    if kind == "parquet":
        receipt = (pyarrow.parquet.read_metadata(BytesIO(content)).metadata or {}).get(NAME.encode())
        return [receipt.decode() if receipt else None]
    if kind == "json":
        return [_find_in_json(json.loads(content))]
    if kind == "pdf":
        return [find_in_pdf(content)]
    if kind in ("pptx", "docx", "xlsx", "zip"):
        with open_package(content) as package:
            if kind == "zip":
                return [package.comment.decode("utf-8", "replace") if NAME.encode() in package.comment else None]
            return [office.find_in_document(package), *(office.iterate_tags(package) if kind == "pptx" else ())]
    return []


def _find_in_json(value: Any) -> str | None:
    """Find it among the keys, or in a figure's `layout.meta`."""
    if not isinstance(value, dict):
        return None
    meta = (value.get("layout") or {}).get("meta") if isinstance(value.get("layout"), dict) else None
    receipt = value.get(NAME) or (meta.get(NAME) if isinstance(meta, dict) else None)
    return json.dumps(receipt) if receipt else None

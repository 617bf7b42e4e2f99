"""The place of a receipt in each kind of file: writing and finding it.

SVG: the element `metadata`. PNG: an `iTXt` chunk. HTML: a meta tag. ZIP: the archive's comment. PowerPoint and Excel:
a custom property of the document, and of a slide its tag, which goes with it into another deck. JSON: the key
`receipt`, of a Plotly figure in `layout.meta`. Parquet: its key-value metadata. CSV has no place for one.
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from html import escape, unescape

from dashboard.snapshot.receipts.receipt import NAME, Receipt

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG_ID = "receipt"
_IN_SVG = re.compile(rf'<metadata[^>]*\bid="{_SVG_ID}"[^>]*>(?P<text>[^<]*)</metadata>')
_IN_HTML = re.compile(rf'<meta\b[^>]*\bname="{NAME}"[^>]*\bcontent="(?P<text>[^"]*)"', re.IGNORECASE)
_CHUNK_HEAD = struct.Struct(">I4s")


def write_svg_receipt(svg: str, receipt: Receipt) -> str:
    """Put a receipt into an SVG as the first child of the root."""
    root, end, rest = svg.partition(">")
    return f'{root}{end}<metadata id="{_SVG_ID}">{escape(receipt.write(), quote=False)}</metadata>{rest}'


def find_in_svg(svg: str) -> str | None:
    """Find the text of an SVG's receipt."""
    match = _IN_SVG.search(svg)
    return unescape(match["text"]) if match else None


def write_html_receipt(receipt: Receipt) -> str:
    """Write the tag for a page's head."""
    return f'<meta name="{NAME}" content="{escape(receipt.write())}">'


def find_in_html(html: str) -> str | None:
    """Find the text of a page's receipt."""
    match = _IN_HTML.search(html)
    return unescape(match["text"]) if match else None


def write_png_receipt(png: bytes, receipt: Receipt) -> bytes:
    """Put a receipt into a PNG behind the header, before the image data."""
    return _insert_text(png, NAME, receipt.write())


def write_png_words(png: bytes, title: str, description: str) -> bytes:
    """Put a title and a description into a PNG, under the names that the standard has for them."""
    return _insert_text(_insert_text(png, "Description", description), "Title", title)


def _insert_text(png: bytes, name: str, text: str) -> bytes:
    return insert_chunk(png, b"iTXt", name.encode() + b"\0\0\0\0\0" + text.encode())  # of no language


def insert_chunk(png: bytes, kind: bytes, content: bytes) -> bytes:
    """Put a further chunk behind a PNG's header."""
    place = len(_PNG) + 12 + 13  # IHDR is always 13 bytes
    packed = _CHUNK_HEAD.pack(len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))
    return png[:place] + packed + png[place:]


def find_in_png(png: bytes) -> str | None:
    """Find the text of a PNG's receipt, from an `iTXt` or `tEXt` chunk."""
    for kind, content in _chunks(png):
        name, _, rest = content.partition(b"\0")
        if name == NAME.encode() and kind == b"tEXt":
            return rest.decode("latin-1")
        if name == NAME.encode() and kind == b"iTXt":
            return _inflate(rest)
    return None


def hash_picture(png: bytes) -> str:
    """Hash a PNG's image data; a changed receipt leaves the hash as it is."""
    digest = hashlib.sha256()
    for kind, content in _chunks(png):
        if kind == b"IDAT":
            digest.update(content)
    return f"sha256:{digest.hexdigest()}"


def _inflate(rest: bytes) -> str:
    """Return the text of an `iTXt` chunk behind its name."""
    is_packed, text = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
    return (zlib.decompressobj().decompress(text, 1 << 20) if is_packed else text).decode("utf-8", "replace")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """List kind and content of a PNG's chunks, up to the last whole one."""
    place = len(_PNG) if png.startswith(_PNG) else len(png)
    while place + _CHUNK_HEAD.size <= len(png):
        length, kind = _CHUNK_HEAD.unpack_from(png, place)
        begin = place + _CHUNK_HEAD.size
        yield kind, png[begin : begin + length]
        place = begin + length + 4

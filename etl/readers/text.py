"""The bytes of a text file: their encoding, and the shape of its lines.

Everything is settled from the whole file before any table is read, in chunks, so that memory does not grow with it.
"""

import codecs
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dashboard.errors import sentence
from dashboard.i18n import N_
from etl.readers.files import EXPORT_AGAIN, Limits, describe_size
from etl.readers.sheets import ReadError

CHUNK = 1 << 20

_LONE_RETURN = re.compile(rb"\r(?!\n)")
_BEFORE_CELL = b',;\t|\r\n"'
_CONTROL = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1a\x1b"))
_WIDE_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ENOUGH_HIGH = 10_000  # bytes beyond ASCII that are enough to tell two encodings apart
_NULL_RUN = bytes(16)
_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_HIGH = bytes(range(0x80, 0x100))
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass
class TextShape:
    """The result of a scan of a text file's bytes.

    Attributes:
        is_utf8: Whether all of it is UTF-8; otherwise the scan ended where it is not.
        has_null_runs: Whether many of them follow each other, as where a disk lost data.
        lines: Number of lines, blank ones at the end left out.
        has_returns: Whether any line ends with a carriage return.
        has_lone_returns: Whether a carriage return stands without a line feed.
        has_loose_quotes: Whether blanks stand before an opening quotation mark, which readers understand differently.
    """

    is_utf8: bool = True
    nulls: int = 0
    has_null_runs: bool = False
    lines: int = 0
    has_quotes: bool = False
    has_returns: bool = False
    has_lone_returns: bool = False
    has_loose_quotes: bool = False


def _iterate_chunks(path: Path) -> Iterator[bytes]:
    # A chunk ends at the end of a line where lines are not longer than a chunk.
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk if chunk.endswith(b"\n") else chunk + stream.readline(CHUNK)


def scan_text(path: Path, name: str, limits: Limits) -> TextShape:
    """Return the shape of a text file; where it is not UTF-8, of the bytes before.

    Raises:
        ReadError: A line is too long to be a row of a table.
    """
    shape = TextShape()
    decoder = codecs.getincrementaldecoder("utf-8")()
    unbroken = trailing = 0
    any_written = False
    for number, chunk in enumerate(_iterate_chunks(path)):
        _note_chunk(shape, chunk if number else chunk.removeprefix(codecs.BOM_UTF8))
        if not _decodes(decoder, chunk):
            shape.is_utf8 = False
            return shape
        unbroken = 0 if b"\n" in chunk or b"\r" in chunk else unbroken + len(chunk)
        if unbroken > limits.line_bytes:
            raise ReadError(
                sentence(
                    N_("“{name}” has a line of more than {size}, so it is not a table."),
                    name=name,
                    size=describe_size(limits.line_bytes),
                ),
                EXPORT_AGAIN,
            )
        length = len(chunk.rstrip(b"\r\n"))
        trailing = chunk.count(b"\n", length) + (0 if length else trailing)
        any_written = any_written or chunk[:length] not in (b"", codecs.BOM_UTF8)
    shape.is_utf8 = _decodes(decoder, b"", final=True)
    shape.lines += int(any_written) - trailing
    return shape


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    if not decoder.getstate()[0] and (chunk.isascii() or _is_whole_utf8(chunk)):
        return True
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _is_whole_utf8(chunk: bytes) -> bool:
    """Return whether this is UTF-8 that ends with a letter's end; faster than decoding, and beside other threads."""
    offsets = pa.py_buffer(struct.pack("=2i", 0, len(chunk)))  # an array made of Python's numbers would import pandas
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(chunk)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _note_chunk(shape: TextShape, chunk: bytes) -> None:
    if b"\0" in chunk:
        shape.nulls += chunk.count(b"\0")
        shape.has_null_runs = shape.has_null_runs or _NULL_RUN in chunk
    shape.lines += chunk.count(b"\n")
    has_returns = b"\r" in chunk
    shape.has_returns |= has_returns
    shape.has_lone_returns |= has_returns and _LONE_RETURN.search(chunk) is not None
    if b'"' in chunk:
        shape.has_quotes = True
        shape.has_loose_quotes = shape.has_loose_quotes or _has_loose_quote(chunk)


def _has_loose_quote(chunk: bytes) -> bool:
    # Many times faster than a regular expression, as blanks before a quotation mark are rare.
    position = chunk.find(b' "')
    while position >= 0:
        start = position
        while start > 0 and chunk[start - 1] == 0x20:
            start -= 1
        if not start or chunk[start - 1] in _BEFORE_CELL:
            return True
        position = chunk.find(b' "', position + 2)
    return False


def detect_encoding(path: Path, name: str, shape: TextShape) -> str:
    """Return the name of a text file's encoding.

    A byte order mark decides, then whether the whole file is UTF-8, then the NUL bytes that UTF-16 puts beside plain
    letters; other files count as Windows' Western European code page, which spreadsheets write.

    Raises:
        ReadError: The file holds no text, or is damaged.
    """
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding if encoding != "utf-8-sig" or shape.is_utf8 else "mixed"
    if shape.nulls and (wide := _detect_utf16(head)):
        return wide
    controls = len(head) - len(head.translate(None, _CONTROL))
    if controls > max(8, len(head) // 100) or shape.has_null_runs:
        raise _make_binary_error(name)
    if shape.is_utf8:
        return "utf-8"
    return "mixed" if _is_mostly_utf8(path) else "western"


def _detect_utf16(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    pairs = max(1, len(head) // 2)
    if odd / pairs > 0.3 and even / pairs < 0.05:
        return "utf-16-le"
    if even / pairs > 0.3 and odd / pairs < 0.05:
        return "utf-16-be"
    return None


def _make_binary_error(name: str) -> ReadError:
    return ReadError(
        sentence(N_("“{name}” holds binary data or is damaged: it is not a text table."), name=name), EXPORT_AGAIN
    )


def _is_mostly_utf8(path: Path) -> bool:
    high = valid = 0
    for chunk in _iterate_chunks(path):
        letters = len(chunk) - len(chunk.translate(None, _HIGH))
        if letters:
            high += letters
            valid += sum(map(len, _WIDE_UTF8.findall(chunk)))
        if high > _ENOUGH_HIGH:
            break
    return valid * 2 > high


def _make_western_table() -> str:
    # Five bytes mean nothing in the code page; they become the control characters that Latin-1 has there.
    return "".join(bytes([byte]).decode("cp1252" if byte not in _UNDEFINED else "latin-1") for byte in range(256))


def _make_decoder(encoding: str) -> Callable[[bytes, bool], str]:
    if encoding not in ("western", "mixed"):
        return codecs.getincrementaldecoder(encoding)().decode
    table = _make_western_table()
    if encoding == "western":
        return lambda content, final: codecs.charmap_decode(content, "strict", table)[0]

    def decode_byte(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return codecs.charmap_decode(error.object[error.start : error.end], "strict", table)[0], error.end

    codecs.register_error("western", decode_byte)
    return codecs.getincrementaldecoder("utf-8-sig")("western").decode


def transcode(path: Path, name: str, encoding: str, target: Path) -> None:
    """Write a text file anew as plain UTF-8, without byte order mark and NUL bytes.

    Raises:
        ReadError: The file breaks the rules of its own encoding.
    """
    decode = _make_decoder(encoding)
    is_bytewise = not encoding.startswith(("utf-16", "utf-32"))
    with path.open("rb") as stream, target.open("w", encoding="utf-8", newline="") as copy:
        try:
            while chunk := stream.read(CHUNK):
                if is_bytewise and _NULL_RUN in chunk:
                    raise _make_binary_error(name)
                copy.write(decode(chunk, False).replace("\0", ""))
            copy.write(decode(b"", True).replace("\0", ""))
        except UnicodeDecodeError as error:
            raise ReadError(
                sentence(
                    N_("“{name}” begins as {encoding} text but breaks its rules, so it is damaged or cut short."),
                    name=name,
                    encoding=encoding.upper(),
                ),
                N_("Export it again."),
            ) from error

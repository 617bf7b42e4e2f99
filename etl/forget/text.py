"""Cells of a text table emptied in place: every other byte of the file stays as it is."""

import re
from collections.abc import Collection
from pathlib import Path

from etl.inputs.forgotten import without
from etl.readers.dialects import detect_dialect
from etl.readers.files import INBOX
from etl.readers.text import detect_encoding, scan_text, transcode

_BYTEWISE = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "western": "cp1252", "mixed": "utf-8"}
_MARK = "[…]"


def erase_text(path: Path, target: Path, cells: Collection[tuple[int, int]], address: str, work: Path) -> None:
    """Write a text file anew with these cells (row, column from 0) emptied and the address taken out everywhere.

    Encodings that keep the letters of ASCII are edited byte by byte, the others as text.
    """
    encoding = detect_encoding(path, path.name, scan_text(path, path.name, INBOX))
    settled = work / "settled.csv"
    transcode(path, path.name, encoding, settled)
    dialect = detect_dialect(settled)
    text_encoding = _BYTEWISE.get(encoding)
    if text_encoding:
        codec, text = "latin-1", path.read_bytes().decode("latin-1")
        mark = _MARK.encode(text_encoding).decode("latin-1")
        wanted = address.encode(text_encoding, "replace").decode("latin-1")
        start = 3 if text.startswith("ï»¿") else 0
    else:
        codec = _wide_codec(path, encoding)
        text = path.read_bytes().decode(codec)
        mark, wanted = _MARK, address
        start = int(text.startswith("\ufeff"))
    if dialect.declared:
        start = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?").match(text, start).end()  # type: ignore[union-attr]
    emptied = text[:start] + _empty(text[start:], dialect.delimiter, cells)
    target.write_bytes(without(emptied, wanted, mark).encode(codec))


def _wide_codec(path: Path, encoding: str) -> str:
    """The codec that keeps a byte order mark as a character, so that it is written again."""
    with path.open("rb") as stream:
        head = stream.read(4)
    if encoding == "utf-16":
        return "utf-16-le" if head.startswith(b"\xff\xfe") else "utf-16-be"
    if encoding == "utf-32":
        return "utf-32-le" if head.startswith(b"\xff\xfe") else "utf-32-be"
    return encoding


def _empty(text: str, delimiter: str, cells: Collection[tuple[int, int]]) -> str:
    """The text with these cells emptied; a record is what Python's csv module takes for one."""
    mark = re.escape(delimiter)
    cell = re.compile(rf'"(?:[^"]++|"")*+"[^{mark}\r\n]*+|[^{mark}\r\n]*+')
    record = re.compile(rf"(?:{cell.pattern})(?:{mark}(?:{cell.pattern}))*+(?:\r\n|\r|\n|\Z)")
    rows: dict[int, set[int]] = {}
    for row, column in cells:
        rows.setdefault(row, set()).add(column)
    kept: list[str] = []
    position, number, last = 0, 0, max(rows, default=0)
    while position < len(text) and number < last:
        found = record.match(text, position)
        if found is None:
            break
        number += 1
        if number in rows:
            kept.append(_empty_record(text, position, found.end(), cell, rows[number]))
        else:
            kept.append(found[0])
        position = found.end()
    return "".join([*kept, text[position:]])


def _empty_record(text: str, start: int, end: int, cell: re.Pattern[str], columns: Collection[int]) -> str:
    kept: list[str] = []
    position, column = start, 0
    while True:
        found = cell.match(text, position, end)
        assert found is not None  # noqa: S101  (the pattern matches nothing, too)
        kept.append("" if column in columns else found[0])
        position = found.end()
        if position >= end or text[position] in "\r\n":
            return "".join([*kept, text[position:end]])
        kept.append(text[position])
        position += 1
        column += 1

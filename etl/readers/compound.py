"""What a compound file holds, the container of XLS and of workbooks with a password: marks of a password, of macros.

The file is searched as it lies on disk, so that a damaged one is looked through as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_ENTRY = 128  # of the directory; it stands at a multiple of that
_STORAGE, _STREAM = 1, 2
_BLOCK = 64  # what a stream begins at a multiple of
_START = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")  # first record of an XLS workbook
_WRITE_PROTECT, _FILE_PASS = 0x86, 0x2F


@dataclass(frozen=True)
class CompoundMarks:
    """What was found.

    Attributes:
        has_password: Whether the content is encrypted, in the way of XLSX or of XLS.
        has_macros: Whether there is a place for the macros of a workbook.
    """

    has_password: bool = False
    has_macros: bool = False


def find_marks(path: Path) -> CompoundMarks:
    """Return the marks of a compound file."""
    has_password = has_macros = False
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            has_password |= _has_entry(chunk, "EncryptedPackage", _STREAM) or _has_file_pass(chunk)
            has_macros |= _has_entry(chunk, "_VBA_PROJECT_CUR", _STORAGE)
    return CompoundMarks(has_password, has_macros)


def _has_entry(chunk: bytes, name: str, kind: int) -> bool:
    """Whether an entry of the directory has this name and kind; the text of a cell is not taken for one."""
    sign = f"{name}\0".encode("utf-16-le")
    return any(
        position % _ENTRY == 0
        and int.from_bytes(chunk[position + 64 : position + 66], "little") == len(sign)
        and chunk[position + 66 : position + 67] == bytes([kind])
        for position in _find_all(chunk, sign)
    )


def _find_all(chunk: bytes, sign: bytes) -> Iterator[int]:
    position = chunk.find(sign)
    while position >= 0:
        yield position
        position = chunk.find(sign, position + 1)


def _has_file_pass(chunk: bytes) -> bool:
    """Whether a workbook begins with the record that says how it is encrypted; the library knows only some kinds."""
    for match in _START.finditer(chunk):
        if match.start() % _BLOCK:
            continue
        position, record = match.start(), _WRITE_PROTECT
        while record == _WRITE_PROTECT:
            position += 4 + int.from_bytes(chunk[position + 2 : position + 4], "little")
            record = int.from_bytes(chunk[position : position + 2], "little")
        if record == _FILE_PASS:
            return True
    return False

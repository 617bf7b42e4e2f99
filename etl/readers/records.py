"""The records of delimited text as Python's csv module reads them: the meaning every faster way must agree with."""

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from etl.readers.limits import INBOX, Limits
from etl.readers.sheets import ReadError

_END = ["\x1fend", "of file\x1f"]


def read_records(
    path: Path, delimiter: str, name: str, skip_lines: int = 0, limits: Limits = INBOX
) -> Iterator[list[str]]:
    """Yield every record of a UTF-8 text file; a blank line is an empty one.

    Args:
        path: The text file.
        delimiter: The character between two cells.
        name: The file's name, for messages.
        skip_lines: Lines at the beginning that are no records.
        limits: The most that is read.

    Raises:
        ReadError: A quotation mark is never closed.
    """
    csv.field_size_limit(limits.cell_characters)
    number = 0
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for _ in range(skip_lines):
            stream.readline()
        # A line that no file has tells the end of the file from the end of a quoted text, which would swallow it.
        reader = csv.reader(chain(stream, [delimiter.join(_END)]), delimiter=delimiter)
        try:
            for record in reader:
                if record == _END:
                    return
                number += 1
                if record and record[-1].endswith(_END[-1]):
                    break
                yield record
        except csv.Error:
            number += 1
    raise ReadError(
        f"The quoted text that begins in row {number} of “{name}” is never closed.",
        f"Remove the stray quotation mark in row {number}, or export the file again.",
    )


def measure_width(record: list[str], width: int) -> int:
    """Return how many columns a record fills; empty cells after the first `width` do not count."""
    while len(record) > width and not record[-1]:
        record.pop()
    return max(len(record), width)

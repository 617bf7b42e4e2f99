"""A text file cut into ranges of whole records, so that several can read it at once.

A byte range may begin amid a quoted text, where a line end ends no record. Each stretch of bytes is therefore scanned
without a look at those before it, for both cases (`scan_block`); together they show where records begin and how
many stand before (`cut_ranges`). A range whose row count differs from the scan's refuses itself.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import duckdb

from etl.readers.delimited import PlainText, tidy_rows
from etl.readers.sheets import quote_name, run

_CHUNK = 16 << 20


class Block(NamedTuple):
    """The content of a stretch of bytes; of each pair the first is true if it begins outside a quoted text.

    Attributes:
        ends: The number of line ends that end a record.
        first: The start of the first record that begins in the stretch; None for none.
    """

    quotes: int
    ends: tuple[int, int]
    first: tuple[int | None, int | None]


class Range(NamedTuple):
    """Whole records: the bytes from `start` to `end`, how many records stand before them, and how many they are."""

    start: int
    end: int
    rows_before: int
    rows: int


@dataclass(frozen=True)
class TextCut:
    """A text file that is plain enough to be read in ranges.

    Attributes:
        marked: The columns (0-based) in which numbers bear the mark of text.
    """

    plain: PlainText
    width: int
    marked: tuple[int, ...]
    size: int

    def blocks(self, count: int) -> list[tuple[int, int]]:
        """So many stretches of bytes, all but the last equally long; fewer where there are not that many bytes."""
        step = max(1, -(-self.size // count))
        return [(start, min(start + step, self.size)) for start in range(0, self.size, step)]


def scan_block(path: Path, start: int, end: int) -> Block:
    """Count the marks in a stretch of a file's bytes."""
    quotes = 0
    ends = [0, 0]
    first: list[int | None] = [None, None]
    with path.open("rb") as stream:
        stream.seek(start)
        place = start
        while place < end and (chunk := stream.read(min(_CHUNK, end - place))):
            pieces = chunk.split(b'"')
            for begins_inside in (0, 1):
                outside = (quotes + begins_inside) % 2  # of the pieces between quotation marks every other one
                ends[begins_inside] += b'"'.join(pieces[outside::2]).count(b"\n")
                if first[begins_inside] is None:
                    first[begins_inside] = _find_end(pieces, outside, place)
            quotes += len(pieces) - 1
            place += len(chunk)
    return Block(quotes, (ends[0], ends[1]), (first[0], first[1]))


def _find_end(pieces: Sequence[bytes], outside: int, place: int) -> int | None:
    """Find the place behind the first line end in every other piece; a quotation mark stands between two."""
    for number, piece in enumerate(pieces):
        if number % 2 == outside and (position := piece.find(b"\n")) >= 0:
            return place + position + 1
        place += len(piece) + 1
    return None


def cut_ranges(blocks: Sequence[Block], size: int, rows: int) -> list[Range]:
    """Cut a file of `size` bytes and `rows` records into ranges: one for each block in which a record begins."""
    starts = [(0, 0)]
    inside = before = 0
    for number, block in enumerate(blocks):
        first = block.first[inside]
        if number and first is not None and first < size:
            starts.append((first, before + 1))
        before += block.ends[inside]
        inside ^= block.quotes & 1
    behind = [*starts[1:], (size, rows)]
    return [Range(start, end, ahead, upto - ahead) for (start, ahead), (end, upto) in zip(starts, behind, strict=True)]


def load_range(
    connection: duckdb.DuckDBPyConnection, cut: TextCut, records: Range, table: str, first_row: int, work: Path
) -> bool:
    """Create the raw table of one range, as `ExportFile.load` would of the whole; whether its rows are as counted.

    The bytes of the range are copied into the folder `work`.
    """
    copy = work / "range.csv"
    with cut.plain.path.open("rb") as source, copy.open("wb") as target:
        source.seek(records.start)
        remaining = records.end - records.start
        while remaining and (chunk := source.read(min(_CHUNK, remaining))):
            target.write(chunk)
            remaining -= len(chunk)
    try:
        plain = replace(cut.plain, path=copy, rows=records.rows, parallel=False)
        if not plain.load(connection, table):
            return False
    except duckdb.Error:
        return False
    finally:
        copy.unlink()
    name = quote_name(table)
    run(connection, f"update {name} set source_row = source_row + $before", {"before": records.rows_before})  # noqa: S608
    tidy_rows(connection, table, cut.marked, cut.width, first_row)
    return True


def copy_text(cut: TextCut, folder: Path) -> TextCut:
    """Copy the file to where others can read it too; return the copy."""
    target = folder / f"text-{len(list(folder.iterdir()))}.csv"
    shutil.copyfile(cut.plain.path, target)
    return replace(cut, plain=replace(cut.plain, path=target))

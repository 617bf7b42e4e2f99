"""An open file of items: each kind of item is a sheet, each item a row below the headers, as a spreadsheet counts.

The items go to a file beside, so that memory does not grow with their number.
"""

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import IO

import duckdb
import pyarrow as pa

from dashboard.scratch import Scratch
from etl.readers.files import INBOX, Limits
from etl.readers.posts.settled_text import HEAD, settle
from etl.readers.sheets import (
    PREVIEW_ROWS,
    ReadError,
    Sheet,
    create_table,
    drop_blank_rows,
    list_columns,
    make_preview,
    make_texts,
    number_rows,
    strip_texts,
)

Cells = dict[str, str]
_BATCH = 500  # items; one may have a long text
_REMARKS = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_WORDPRESS = b"wordpress.org/export/"  # near the beginning, the namespace of all versions of its exports
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|channel|[\w.-]+:feed)\b", re.IGNORECASE)
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


class _Items:
    """The items of one kind: written one by one, and their columns in order of appearance."""

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self.path = path
        self.columns = dict.fromkeys(columns)
        self.count = 0
        self._stream: IO[str] = path.open("w", encoding="utf-8")

    def add(self, cells: Cells) -> None:
        self.columns |= dict.fromkeys(cells)
        self.count += 1
        self._stream.write(json.dumps(cells, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._stream.close()


class PostFile:
    """An open file of items.

    Attributes:
        sheets: A sheet a kind of item; the only one of a calendar or feed has no name.
    """

    def __init__(self, path: Path, *, name: str = "", limits: Limits = INBOX) -> None:
        """Read the file to its end.

        Raises:
            ReadError: It is none that is read, is broken, cut short or hostile.
        """
        self._name = name or path.name
        self._limits = limits
        self._directory = Scratch("export")
        self._items: dict[str, _Items] = {}
        self._complete: Callable[[Cells], Cells] | None = None
        try:
            self._read(path)
        except BaseException:
            self.close()
            raise
        finally:
            for items in self._items.values():
                items.close()
        self.sheets = [self._make_sheet(kind) for kind in self._items]

    def _read(self, path: Path) -> None:
        text_file = Path(self._directory.name) / "text"
        settle(path, self._name, self._limits, text_file)
        with text_file.open("rb") as stream:
            head = stream.read(HEAD)
        kind = _find_format(self._name, head)
        posts = import_module(f"etl.readers.posts.{kind}")  # its library takes a while, and few builds read such files
        self._columns, self._is_named = posts.COLUMNS, kind == "wordpress"
        self._complete = posts.read(text_file, self._name, self._keep)
        if not self._items:
            raise ReadError(f"“{self._name}” holds no items.", "Export it again with its posts, or remove it.")

    def _keep(self, kind: str, cells: Cells) -> None:
        if kind not in self._items:
            if len(self._items) == self._limits.sheets:
                raise ReadError(
                    f"“{self._name}” holds more than {self._limits.sheets} kinds of items.", "Export fewer kinds."
                )
            self._items[kind] = _Items(Path(self._directory.name) / f"{len(self._items)}.jsonl", self._columns)
        items = self._items[kind]
        items.add(cells)
        if items.count >= self._limits.rows:
            raise ReadError(f"“{self._name}” holds {items.count:,} or more items, too much to read.", "Export parts.")

    def _make_sheet(self, kind: str) -> Sheet:
        items = self._items[kind]
        columns = list(items.columns)
        width = len(columns)
        if width > self._limits.columns:
            raise ReadError(f"“{self._name}” has more than {self._limits.columns:,} columns.", "Export fewer fields.")
        first = [[cells.get(column) for column in columns] for cells in islice(self._iterate(kind), PREVIEW_ROWS - 1)]
        return Sheet(kind if self._is_named else None, width, make_preview([columns, *first], width), first_row=2)

    def _iterate(self, kind: str) -> Iterator[Cells]:
        with self._items[kind].path.open(encoding="utf-8") as stream:
            for line in stream:
                cells: Cells = json.loads(line)
                yield self._complete(cells) if self._complete else cells

    def load(self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: str, first_row: int) -> int:
        """Create the raw table; see `ExportFile.load`."""
        kind = list(self._items)[self.sheets.index(sheet)]
        schema = pa.schema(
            [("source_row", pa.int64()), *((column, pa.string()) for column in list_columns(sheet.width))]
        )
        rows = pa.RecordBatchReader.from_batches(schema, self._read_batches(kind, schema))
        create_table(connection, table, rows)
        return drop_blank_rows(connection, table, sheet.width, first_row)

    def _read_batches(self, kind: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        columns = list(self._items[kind].columns)
        yield _make_batch(schema, columns, [dict(zip(columns, columns, strict=True))], 1)
        number = 2
        items = self._iterate(kind)
        while batch := list(islice(items, _BATCH)):
            yield _make_batch(schema, columns, batch, number)
            number += len(batch)

    def close(self) -> None:
        """Remove the files written on the way."""
        self._directory.cleanup()


def _make_batch(schema: pa.Schema, columns: list[str], batch: list[Cells], number: int) -> pa.RecordBatch:
    texts = (strip_texts(make_texts([cells.get(column) for cells in batch])) for column in columns)
    return pa.record_batch([number_rows(number, len(batch)), *texts], schema=schema)


def _find_format(name: str, head: bytes) -> str:
    """Find the module that reads a file with this beginning.

    It has `COLUMNS`, and `read(path, name, keep)` for a settled file: `keep` takes each item, its kind and its cells by
    column. The result of `read` adds to an item the values that need the whole file; None for no such values.
    """
    start = _REMARKS.sub(b"", head).lstrip()
    if Path(name).suffix.lower() == ".ics":
        return "calendars"
    if _WORDPRESS in head:
        return "wordpress"
    if _WEB_PAGE.match(start):
        raise ReadError(f"“{name}” is a web page, neither an export nor a feed.", "Save the feed or the export itself.")
    if _FEED.match(start) or b"<!DOCTYPE" in start[:200] or b"<!ENTITY" in start[:1000]:
        return "feeds"
    raise ReadError(
        f"“{name}” is XML, but neither an export of WordPress nor a feed (RSS, Atom).",
        "A table in it: open it in a spreadsheet program and save it as .xlsx.",
    )

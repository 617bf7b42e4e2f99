"""The sheets of rows in a workbook: the spread of tables over sheets, their layout, and their rows as XML.

openpyxl makes an object of every cell, which would take the whole time of an extract. Here one statement turns a
portion of rows into the text of a sheet's XML (`dashboard/queries/sheet.sql`), and Python only passes blocks of rows
on, in constant memory for any number of rows. openpyxl lays the sheets out and gives the styles.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.utils import get_column_letter

from dashboard.files.extracts.rows import Piece, Source, bind
from dashboard.files.extracts.tables import Field
from dashboard.files.extracts.tables import Kind as FieldKind
from dashboard.files.extracts.workbook.layout import (
    GUARDED_SIGNS,
    LONGEST_LINK,
    LONGEST_TEXT,
    Column,
    Kind,
    StyledCells,
    add_table,
    head_height,
    header_cell,
    lay_out_rows,
    mark_as_sample,
    number_formats,
    unique_headers,
)
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_, Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

MOST_ROWS = 1_048_575
"""The rows of an Excel sheet below its header, at most."""

LONGEST_NAME = 31
"""The characters of a sheet's name in Excel, at most."""

BLOCK = 2_048
"""Rows handed over at a time; as many as the database works on at once."""

MOST_LINKS = 65_530
"""Excel's limit of links for one sheet; further ones stay text."""

LINK = (
    r"[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9.-]+(:[0-9]{1,5})?"
    r"([/?]([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?(#([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?"
)
"""The pattern of a whole text that becomes a link: Excel calls a workbook damaged for an invalid address."""

_KINDS: dict[FieldKind, Kind] = {
    "text": "text",
    "date": "date",
    "percent": "percent",
    "number": "number",
    "amount": "amount",
    "integer": "plain",
    "boolean": "plain",
}
_IN_VIEW = ("action_id", "id", "title", "action_title")
"""Columns that name the row: they stay in view where the table begins with them."""

_TEXTS = ("text", "link")
_OTHERS = {
    "date": "date_cell({place}, {name}, $date_style, $text_style)",
    "percent": "number_cell({place}, {name}, $percent_style)",
    "number": "number_cell({place}, {name}, $number_style)",
    "amount": "number_cell({place}, {name}, $plain_style)",
    "plain": "plain_cell({place}, {name}, $plain_style)",
}


class DataSheet(NamedTuple):
    """One sheet of rows.

    Attributes:
        table: The name of its Excel table, the same in every language.
        skip: The number of the source's rows on the sheets before it.
        rows: The number of rows on this one.
    """

    source: Source
    title: str
    table: str
    skip: int
    rows: int

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as cells see them."""
        return tuple(
            Column(field.name, field.header, field.shown_width, "link" if field.is_link else _KINDS[field.kind])
            for field in self.source.fields
        )

    def headers(self, t: Translator) -> list[str]:
        """Return the headers in the reader's language, no two equal."""
        return unique_headers(t(field.header) for field in self.source.fields)


def spread(
    sources: Sequence[Source], reserved_names: Sequence[str], t: Translator, *, is_sample: bool
) -> list[DataSheet]:
    """Return the sheets of rows in their order; a table that is too long for one continues on the next.

    `reserved_names` are those of sheets in use.
    """
    sheets: list[DataSheet] = []
    names = {name.casefold() for name in reserved_names}
    for source in sources:
        title = t(source.table.title)
        if is_sample and source.table.name == "actions":
            title = t(N_("Actions (fictional data)"))
        for number, skip in enumerate(range(0, max(source.rows, 1), MOST_ROWS), start=1):
            table = source.table.name if number == 1 else f"{source.table.name}_{number}"
            rows = min(MOST_ROWS, source.rows - skip)
            sheets.append(DataSheet(source, _name_sheet(title, number, names), table, skip, rows))
    return sheets


class DataWriter:
    """A writer of one sheet of rows: first everything around them, then the rows.

    Attributes:
        cleaned: The number of texts with removed characters that XML forbids; grows while the rows are taken.
        cut: The number of texts longer than a cell; grows likewise.
        links: Cells and the addresses of their links, not more than Excel takes; grows likewise.
    """

    def __init__(
        self, snapshot: Snapshot, selection: Selection, t: Translator, data: DataSheet, source: str, heading: str
    ) -> None:
        """Write the rows of a selection; `source` stands below each printed page, `heading` above it."""
        self._source = source
        self._heading = heading
        self.cleaned = 0
        self.cut = 0
        self.links: list[tuple[str, str]] = []
        self._snapshot = snapshot
        self._selection = selection
        self._t = t
        self._data = data
        self._styles: dict[str, str] = {}

    def lay_out(self, sheet: Any) -> None:
        """Give a sheet of openpyxl its columns, header, table and printing, and its workbook the styles of the rows."""
        data, lang = self._data, self._selection.lang
        fields, headers = data.source.fields, data.headers(self._t)
        lay_out_rows(
            sheet,
            data.columns,
            data.rows,
            self._source,
            freeze=_freeze(fields),
            printed=_count_printed(data.source),
            heading=self._heading,
        )
        heads = zip(headers, (column.width for column in data.columns), strict=True)
        sheet.row_dimensions[1].height = head_height(heads)
        if fields == data.source.table.fields:  # a reader who chose columns wants to see them
            for number, field in enumerate(fields, start=1):
                if field.part == "code":
                    sheet.column_dimensions[get_column_letter(number)].outlineLevel = 1  # folds away with one click
        if self._snapshot.is_sample:
            mark_as_sample(sheet, self._t(N_("Fictional data")))
        columns, is_sample = data.columns, self._snapshot.is_sample
        sheet.append(
            [header_cell(sheet, text, is_sample, column.kind) for text, column in zip(headers, columns, strict=True)]
        )
        add_table(sheet, data.table, headers, data.rows)
        self._styles = _number_styles(StyledCells(sheet, number_formats(lang)))

    def rows(self) -> Iterator[memoryview]:
        """Yield the sheet's rows below its header as XML, block by block; `lay_out` comes first."""
        columns = self._data.columns
        link_letter = next((get_column_letter(n) for n, c in enumerate(columns, start=1) if c.kind == "link"), "")
        values = self._styles | {
            "longest": LONGEST_TEXT,
            "signs": GUARDED_SIGNS,
            "mark": self._t(N_(" […] The rest does not fit into a cell.")),
            "link_pattern": LINK,
            "longest_link": LONGEST_LINK,
        }
        row_count = 0
        with self._snapshot.cursor() as cursor:
            for piece in self._data.source.pieces(self._data.skip, self._data.rows):
                room = MOST_LINKS - len(self.links)
                for batch in _read_blocks(cursor, piece, columns, values | {"above": row_count + 1, "room": room}):
                    rows = batch["row_no"].to_numpy()
                    if not np.array_equal(rows, np.arange(row_count + 2, row_count + 2 + len(rows))):
                        raise AssertionError("the database gave rows out of order")  # a sheet like that is damaged
                    row_count += len(rows)
                    self._note(batch, link_letter)
                    tell_progress(row_count, self._data.rows)
                    yield _join(batch["xml"])
        if not row_count:
            yield memoryview(b'<row r="2"></row>')  # a table in Excel needs one

    def _note(self, batch: pa.RecordBatch, link_letter: str) -> None:
        self.cleaned += pc.sum(batch["cleaned"]).as_py()
        self.cut += pc.sum(batch["cut"]).as_py()
        if link_letter:
            cells = zip(batch["row_no"].to_pylist(), batch["link"].to_pylist(), strict=True)
            self.links += [(f"{link_letter}{row}", address) for row, address in cells if address is not None]


def write_cells(columns: Sequence[Column]) -> str:
    """Write the cells of a row of `sheet_rows`, one after the other, as arguments of `concat`."""
    cells, texts = [], 0
    for number, column in enumerate(columns, start=1):
        letter, name = get_column_letter(number), f'"{column.name}"'
        if column.kind not in _TEXTS:
            cells.append(_OTHERS[column.kind].format(place=f"concat('{letter}', row_text)", name=name))
            continue
        texts += 1
        linked = "when is_linked then escaped_text(link, $link_style) " if column.kind == "link" else ""
        words = f"case {linked}when needs_care then written[{texts}] else simple_text({name}, $text_style) end"
        cells.append(f"""'<c r="{letter}' || row_text || {words}""")
    return ", ".join(cells)


def _read_blocks(
    cursor: Any, piece: Piece, columns: Sequence[Column], values: dict[str, Any]
) -> Iterator[pa.RecordBatch]:
    """Read the rows of a piece as XML. The names in its query are those of the columns; every value is bound."""
    texts = [column for column in columns if column.kind in _TEXTS]
    names = ", ".join(f'"{column.name}"' for column in texts) or "null::varchar"
    statement = f"""
        with extract as (select *, [{names}] as texts from ({piece.statement}))
        select concat('<row r="', row_text, '">', {write_cells(columns)}, '</row>') as xml, row_no, cleaned, cut, link
        from sheet_rows(
            'extract', $above, $link_no, $room, $longest, $mark, $link_pattern, $longest_link, $text_style,
            $guarded_style, $signs
        )
    """  # noqa: S608  (names are the tables' own)
    link_no = next((number for number, column in enumerate(texts, start=1) if column.kind == "link"), 0)
    bound = bind(statement, piece.values | values | {"link_no": link_no})
    yield from cursor.sql(statement, params=bound).to_arrow_reader(BLOCK)


def _number_styles(cells: StyledCells) -> dict[str, str]:
    """Return the workbook's numbers of the styles of rows, by the parameter of the statement."""
    styled = [
        ("text", cells.text),
        ("plain", cells.plain),
        ("guarded", cells.guarded),
        ("link", cells.link),
        *cells.formatted.items(),
    ]
    return {f"{name}_style": str(cell.style_id) for name, cell in styled}


def _join(texts: pa.Array) -> memoryview:
    """Join the texts of a column without gaps, as they lie in memory behind each other."""
    _, offsets, content = texts.buffers()
    places = np.frombuffer(offsets, np.int64 if pa.types.is_large_string(texts.type) else np.int32)
    first, last = places[texts.offset], places[texts.offset + len(texts)]
    return memoryview(content)[first:last]


def _freeze(fields: Sequence[Field]) -> str:
    """Find the cell at which panes freeze: the header above it and the columns that name the row stay in view."""
    columns = 0
    while columns < min(2, len(fields) - 1) and fields[columns].name in _IN_VIEW:
        columns += 1
    return f"{get_column_letter(columns + 1)}2"


def _count_printed(source: Source) -> int:
    """Count the columns to print: those meant for it, which come first, or all that somebody has chosen."""
    if source.fields != source.table.fields:
        return len(source.fields)
    return sum(field.part == "printed" for field in source.fields) or len(source.fields)


def _name_sheet(title: str, number: int, names: set[str]) -> str:
    """Make a name for a sheet that none has yet; add it to `names`."""
    while True:
        ending = f" {number}" if number > 1 else ""
        name = f"{title[: LONGEST_NAME - len(ending)].rstrip()}{ending}"
        if name.casefold() not in names:
            names.add(name.casefold())
            return name
        number += 1

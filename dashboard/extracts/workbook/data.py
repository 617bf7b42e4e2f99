"""The sheets of rows in a workbook: how the rows of each table are spread over sheets, named, laid out and written.

The rows of a large sheet, written by the database: one statement turns a portion of a query into the sheet's XML.

openpyxl makes an object of every cell, which is the whole time of a large extract. Here the database writes the text of
the cells, by the rules of `dashboard.extracts.workbook.cells`, and Python only passes blocks of rows on.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.utils import get_column_letter

from dashboard.extracts.rows import Piece, Source, bind
from dashboard.extracts.tables import Field
from dashboard.extracts.tables import Kind as FieldKind
from dashboard.extracts.workbook.cells import (
    LINK,
    LONGEST_LINK,
    LONGEST_TEXT,
    CellWriter,
    Column,
    Counts,
    Kind,
    Links,
    Styles,
    unique_headers,
)
from dashboard.extracts.workbook.sheets import (
    add_table,
    header_cell,
    lay_out_rows,
    mark_as_sample,
    number_formats,
    print_text,
)
from dashboard.formats import format_date
from dashboard.i18n import N_, Translator
from dashboard.processes.progress import tell_progress
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

MOST_ROWS = 1_048_575
"""Rows that an Excel sheet holds below its header."""

STREAMED_ABOVE = 250
"""Above so many rows the database writes them, because openpyxl needs five times as long; below nobody notices."""

LONGEST_NAME = 31
"""Characters that the name of a sheet has at most in Excel."""

_CELLS: dict[FieldKind, Kind] = {
    "text": "text",
    "date": "date",
    "percent": "percent",
    "number": "number",
    "integer": "plain",
    "boolean": "plain",
}
_KEPT_IN_VIEW = ("action_id", "id", "title", "action_title")


class DataSheet(NamedTuple):
    """One sheet of rows.

    Attributes:
        source: The rows of its table.
        title: Its name.
        table: The name of its Excel table, the same in every language.
        skip: How many rows of the source stand on the sheets before it.
        rows: How many of them stand on this one.
    """

    source: Source
    title: str
    table: str
    skip: int
    rows: int

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as cells see them."""
        return tuple(_column(field) for field in self.source.fields)

    @property
    def is_streamed(self) -> bool:
        """Whether the database writes the rows."""
        return self.rows > STREAMED_ABOVE

    def headers(self, t: Translator) -> list[str]:
        """The headers in the reader's language, of which no two are equal."""
        return unique_headers(t(field.header) for field in self.source.fields)


def spread(sources: Sequence[Source], taken: Sequence[str], t: Translator, *, is_sample: bool) -> list[DataSheet]:
    """The sheets of rows in their order; a table that is too long for one goes on on the next.

    Args:
        sources: The tables.
        taken: Names of sheets that are in use.
        t: The words of the reader's language.
        is_sample: Whether the data is fictional.
    """
    sheets: list[DataSheet] = []
    names = {name.casefold() for name in taken}
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
    """Writes sheets of rows of one selection."""

    def __init__(self, snapshot: Snapshot, selection: Selection, t: Translator) -> None:
        """Write what a selection holds."""
        self._snapshot = snapshot
        self._selection = selection
        self._t = t

    def write(self, sheet: Any, data: DataSheet, counts: Counts, links: Links) -> Styles:
        """Fill a sheet, without its rows where the database writes them, and give the styles that these need."""
        is_sample = self._snapshot.is_sample
        headers = data.headers(self._t)
        self._lay_out(sheet, data)
        sheet.append([header_cell(sheet, text, is_sample) for text in headers])
        mark = self._t(N_(" […] The rest does not fit into a cell."))
        writer = CellWriter(sheet, data.columns, number_formats(self._selection.lang), mark, counts, links)
        styles = writer.styles()
        if not data.is_streamed:
            for number, row in enumerate(data.source.fetch(data.skip, data.rows), start=1):
                sheet.append(writer.row(row))
                tell_progress(number, data.rows)
        add_table(sheet, data.table, headers, data.rows)
        return styles

    def stream(self, data: DataSheet, styles: Styles, counts: Counts, links: Links) -> Iterator[memoryview]:
        """The rows of a sheet as XML."""
        pieces = list(data.source.pieces(data.skip, data.rows))
        return stream_rows(self._snapshot, pieces, data.columns, styles, counts, links)

    def _lay_out(self, sheet: Any, data: DataSheet) -> None:
        """What the sheet looks like on screen and paper."""
        fields, lang = data.source.fields, self._selection.lang
        lay_out_rows(sheet, data.columns, data.rows, freeze=_freeze(fields), printed=_count_printed(data.source))
        if fields == data.source.table.fields:  # who chose columns wants to see them
            for number, field in enumerate(fields, start=1):
                if field.part == "code":
                    sheet.column_dimensions[get_column_letter(number)].outlineLevel = 1  # folds away with one click
        sheet.oddFooter.left.text = print_text(f"{self._snapshot.campaign[f'title_{lang}']}")
        sheet.oddFooter.center.text = print_text(format_date(self._selection.day(self._snapshot), lang))
        if self._snapshot.is_sample:
            mark_as_sample(sheet, self._t(N_("Fictional data")))


def _column(field: Field) -> Column:
    return Column(field.name, field.header, field.shown_width, "link" if field.is_link else _CELLS[field.kind])


def _freeze(fields: Sequence[Field]) -> str:
    """The cell above and left of which everything stays in view: the header, and the columns that name the row."""
    kept = 0
    while kept < min(2, len(fields) - 1) and fields[kept].name in _KEPT_IN_VIEW:
        kept += 1
    return f"{get_column_letter(kept + 1)}2"


def _count_printed(source: Source) -> int:
    """How many columns are printed: those meant for it, which come first, or all that somebody has chosen."""
    if source.fields != source.table.fields:
        return len(source.fields)
    return sum(field.part == "printed" for field in source.fields) or len(source.fields)


def _name_sheet(title: str, number: int, taken: set[str]) -> str:
    """A name for a sheet that none has yet; grows `taken`."""
    while True:
        ending = f" {number}" if number > 1 else ""
        name = f"{title[: LONGEST_NAME - len(ending)].rstrip()}{ending}"
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
        number += 1


BLOCK = 2_048
"""Rows handed over at a time; as many as the database works on at once."""

# Few rows have a text that needs care: all texts of a row are looked at together, and only the rows in which something
# is found go through the steps that clean, cut and escape. These steps stand once for all columns, in lists: with each
# of them written out for every column, the statement takes the database longer to plan than to run.
_STATEMENT = """
with extract as ({query}),
joined as (
    select *, row_number() over () + $above as row_no, concat_ws(chr(127), '', {texts}, '') as all_texts from extract
),
looked_at as (
    select *, row_no::varchar as row_text, needs_care(all_texts, $longest) as needs_care from joined
),
listed as (
    select
        *,
        case when needs_care then [{texts}] end as texts,
        needs_care and has_forbidden(all_texts) as is_dirty,
        needs_care and strlen(all_texts) > $longest as is_long
    from looked_at
),
clean as (
    select
        *,
        case when is_dirty then list_transform(texts, lambda words: without_forbidden(words)) else texts end as clean
    from listed
),
fit as (
    select
        *,
        case when is_long then list_transform(clean, lambda words: cut_to(words, $longest, $mark)) else clean end as fit
    from clean
),
written as (
    select
        *,
        case when needs_care then {written} end as written,
        {link} as link
    from fit
),
judged as (select *, {is_link} as is_link from written),
linked as (select *, {is_linked} as is_linked from judged)
select
    concat('<row r="', row_text, '">', {cells}, '</row>') as xml,
    row_no,
    case when is_dirty then len(list_filter(texts, lambda words: has_forbidden(words))) else 0 end as cleaned,
    case when is_long then len(list_filter(clean, lambda words: is_too_long(words, $longest))) else 0 end as cut,
    case when is_linked then link end as link
from linked
"""

_TEXTS = ("text", "link")
_OTHERS = {
    "date": "date_cell({place}, {name}, $date)",
    "percent": "number_cell({place}, {name}, $percent)",
    "number": "number_cell({place}, {name}, $number)",
    "plain": "plain_cell({place}, {name})",
}
_WRITTEN = "list_transform(fit, lambda words, number: text_cell(concat($letters[number], row_text), words, $guarded))"
_IS_LINK = "coalesce(length(link) <= $longest_link and regexp_full_match(link, $link_pattern), false)"
_IS_AMONG_FIRST = "is_link and sum(is_link::int) over (rows between unbounded preceding and current row) <= $room"


def stream_rows(
    snapshot: Snapshot,
    pieces: Sequence[Piece],
    columns: Sequence[Column],
    styles: Styles,
    counts: Counts,
    links: Links,
) -> Iterator[memoryview]:
    """The sheet's rows below its header, as XML, block by block.

    Args:
        snapshot: The snapshot to read.
        pieces: The rows, portion by portion; their columns are `columns`.
        columns: The sheet's columns.
        styles: The workbook's styles for the cells that have one.
        counts: Grows by the cells that had to be changed.
        links: Receives the cells that lead somewhere.
    """
    link_letter = next((get_column_letter(n) for n, c in enumerate(columns, start=1) if c.kind == "link"), "")
    values = _styles(styles) | {
        "longest": LONGEST_TEXT,
        "letters": [letter for letter, _ in _texts(columns)],
        "link_pattern": LINK,
        "longest_link": LONGEST_LINK,
    }
    row, wanted = 2, sum(piece.rows for piece in pieces)
    with snapshot.cursor() as cursor:
        for piece in pieces:
            statement = write_statement(piece.statement, columns, piece.rows, links.room)
            bound = bind(statement, piece.values | values | {"above": row - 1, "room": links.room})
            for batch in cursor.sql(statement, params=bound).to_arrow_reader(BLOCK):
                rows = batch["row_no"].to_numpy()
                if not np.array_equal(rows, np.arange(row, row + len(rows))):
                    raise AssertionError("the database gave rows out of order")  # a sheet like that is damaged
                counts.cleaned += pc.sum(batch["cleaned"]).as_py()
                counts.cut += pc.sum(batch["cut"]).as_py()
                if link_letter:
                    links.cells += [
                        (f"{link_letter}{number}", address)
                        for number, address in enumerate(batch["link"].to_pylist(), start=row)
                        if address is not None
                    ]
                row += len(rows)
                tell_progress(row - 2, wanted)
                yield _joined(batch["xml"])


def _styles(styles: Styles) -> dict[str, str]:
    return {
        "mark": styles.mark,
        "guarded": str(styles.guarded),
        "linked": str(styles.link),
        "date": str(styles.date),
        "percent": str(styles.percent),
        "number": str(styles.number),
    }


def _joined(texts: pa.Array) -> memoryview:
    """The texts of a column without gaps, as they lie in memory behind each other."""
    _, offsets, content = texts.buffers()
    places = np.frombuffer(offsets, np.int64 if pa.types.is_large_string(texts.type) else np.int32)
    first, last = places[texts.offset], places[texts.offset + len(texts)]
    return memoryview(content)[first:last]


def write_statement(query: str, columns: Sequence[Column], rows: int, room: int) -> str:
    """The statement for a query of `rows`, in a sheet with `room` for links.

    The names in the query are those of `columns`; every value is a parameter.
    """
    names = [name for _, name in _texts(columns)]
    place = next((n for n, c in enumerate([c for c in columns if c.kind in _TEXTS], start=1) if c.kind == "link"), 0)
    linked = "is_link"
    if not place or room <= 0:
        linked = "false"
    elif room < rows:
        linked = _IS_AMONG_FIRST
    return _STATEMENT.format(
        query=query,
        texts=", ".join(names),
        written=_WRITTEN,
        link=f"case when needs_care then fit[{place}] else {names[place - 1]} end" if place else "null::varchar",
        is_link=_IS_LINK if linked != "false" else "false",
        is_linked=linked,
        cells=", ".join(_cells(columns)),
    )


def _texts(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """The columns of texts, as their letters and their names in SQL; one of nothing where there is none."""
    found = [(get_column_letter(n), f'"{c.name}"') for n, c in enumerate(columns, start=1) if c.kind in _TEXTS]
    return found or [("", "null::varchar")]


def _cells(columns: Sequence[Column]) -> Iterator[str]:
    """The cell of each column, in SQL."""
    texts = 0
    for number, column in enumerate(columns, start=1):
        place, name = f"concat('{get_column_letter(number)}', row_text)", f'"{column.name}"'
        if column.kind not in _TEXTS:
            yield _OTHERS[column.kind].format(place=place, name=name)
            continue
        texts += 1
        linked = f"when is_linked then link_cell({place}, link, $linked) " if column.kind == "link" else ""
        yield f"case {linked}when needs_care then written[{texts}] else simple_cell({place}, {name}) end"

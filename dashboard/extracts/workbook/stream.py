"""The rows of a large sheet, written by the database: one statement turns a portion of a query into the sheet's XML.

openpyxl makes an object of every cell, which is the whole time of a large extract. Here the database writes the text of
the cells, by the rules of `dashboard.extracts.workbook.cells`, and Python only passes blocks of rows on.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.utils import get_column_letter

from dashboard.extracts.rows import Piece, bind
from dashboard.extracts.workbook.cells import LINK, LONGEST_LINK, LONGEST_TEXT, Column, Counts, Links, Styles
from dashboard.processes.progress import tell_progress
from dashboard.snapshot.database import Snapshot

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

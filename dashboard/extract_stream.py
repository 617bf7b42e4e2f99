"""The rows of a large sheet, written by the database: one statement turns a portion of a query into the sheet's XML.

openpyxl makes an object of every cell, which is the whole time of a large extract. Here the database writes the text of
the cells, by the rules of `dashboard.extract_cells`, and Python only passes blocks of rows on.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.utils import get_column_letter

from dashboard.extract_cells import LINK, LONGEST_LINK, LONGEST_TEXT, Column, Counts, Links, Styles
from dashboard.extract_rows import Piece, bind
from dashboard.snapshot import Snapshot

BLOCK = 2_048
"""Rows handed over at a time; as many as the database works on at once."""

# Few rows have anything to clean or to cut: all texts of a row are looked at together first.
_STATEMENT = """
with extract as ({query}),
looked_at as (select *, concat({texts}) as all_texts from extract),
judged as (
    select * exclude (all_texts), has_forbidden(all_texts) as is_dirty, strlen(all_texts) > $longest as is_long
    from looked_at
),
clean as (select is_long, {cleaned}, case when is_dirty then {dirty} else 0 end as cleaned from judged),
fit as (select {fitted}, cleaned, case when is_long then {long} else 0 end as cut from clean),
numbered as (select *, row_number() over () + $above as row_no, {is_link} as is_link from fit),
linked as (
    select
        *,
        {is_linked} as is_linked
    from numbered
)
select
    concat('<row r="', row_no, '">', {cells}, '</row>') as xml,
    row_no,
    cleaned,
    cut,
    case when is_linked then {link} end as link
from linked
"""

_IS_LINKED = "is_link and sum(is_link::int) over (rows between unbounded preceding and current row) <= $room"


def stream_rows(
    snapshot: Snapshot,
    pieces: Iterator[Piece],
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
    values = _styles(styles) | {"longest": LONGEST_TEXT, "link_pattern": LINK, "longest_link": LONGEST_LINK}
    row = 2
    with snapshot.cursor() as cursor:
        for piece in pieces:
            statement = write_statement(piece.statement, columns)
            bound = bind(statement, piece.values | values | {"above": row - 1, "room": max(links.room, 0)})
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


def write_statement(query: str, columns: Sequence[Column]) -> str:
    """The statement for a query: the names in it are those of `columns`, every value is a parameter."""
    texts = [f'"{column.name}"' for column in columns if column.kind in ("text", "link")]
    others = [f'"{column.name}"' for column in columns if column.kind not in ("text", "link")]
    link = next((f'"{column.name}"' for column in columns if column.kind == "link"), "")
    is_link = f"coalesce(length({link}) <= $longest_link and regexp_full_match({link}, $link_pattern), false)"
    return _STATEMENT.format(
        query=query,
        texts=", ".join(texts or ["''"]),
        cleaned=", ".join(
            [f"case when is_dirty then without_forbidden({name}) else {name} end as {name}" for name in texts] + others
        ),
        dirty=" + ".join([f"coalesce(has_forbidden({name}), false)::int" for name in texts] or ["0"]),
        fitted=", ".join(
            [f"case when is_long then cut_to({name}, $longest, $mark) else {name} end as {name}" for name in texts]
            + others
        ),
        long=" + ".join([f"is_too_long({name}, $longest)::int" for name in texts] or ["0"]),
        is_link=is_link if link else "false",
        is_linked=_IS_LINKED if link else "false",
        link=link or "null::varchar",
        cells=", ".join(_cell(number, column) for number, column in enumerate(columns, start=1)),
    )


def _cell(number: int, column: Column) -> str:
    place, name = f"concat('{get_column_letter(number)}', row_no)", f'"{column.name}"'
    text = f"text_cell({place}, {name}, $guarded)"
    return {
        "text": text,
        "link": f"case when is_linked then link_cell({place}, {name}, $linked) else {text} end",
        "date": f"date_cell({place}, {name}, $date)",
        "percent": f"number_cell({place}, {name}, $percent)",
        "number": f"number_cell({place}, {name}, $number)",
        "plain": f"plain_cell({place}, {name})",
    }[column.kind]

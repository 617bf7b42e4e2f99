"""The rows of a large sheet, written by the database: one statement turns a portion of a query into the sheet's XML.

openpyxl makes an object of every cell, which is the whole time of a large extract. Here the database writes the text of
the cells, by the rules of `dashboard.extract_cells`, and Python only passes blocks of rows on.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.utils import get_column_letter

from dashboard.extract_cells import LONGEST_TEXT, Column, Counts, Styles
from dashboard.query_files import query_text
from dashboard.snapshot import Snapshot

PORTION = 20_000
"""Rows asked for at a time: what is in memory grows with it, and a smaller portion takes longer a row."""

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
numbered as (select *, row_number() over () + $above as row_no from fit)
select concat('<row r="', row_no, '">', {cells}, '</row>') as xml, row_no, cleaned, cut from numbered
"""


def stream_rows(
    snapshot: Snapshot,
    query: str,
    parameters: dict[str, Any],
    numbers: Sequence[int],
    columns: Sequence[Column],
    styles: Styles,
    counts: Counts,
) -> Iterator[memoryview]:
    """The sheet's rows below its header, as XML, block by block.

    Args:
        snapshot: The snapshot to read.
        query: Name of the query; its columns are `columns`, and it takes the parameter `numbers`.
        parameters: Its other parameters.
        numbers: Which rows, in the query's order.
        columns: The sheet's columns.
        styles: The workbook's styles for the cells that have one.
        counts: Grows by the cells that had to be changed.
    """
    statement = write_statement(query_text(query), columns)
    bound = parameters | {
        "longest": LONGEST_TEXT,
        "mark": styles.mark,
        "guarded": str(styles.guarded),
        "date": str(styles.date),
        "percent": str(styles.percent),
    }
    with snapshot.cursor() as cursor:
        for first in range(0, len(numbers), PORTION):
            portion = list(numbers[first : first + PORTION])
            found = cursor.sql(statement, params=bound | {"numbers": portion, "above": first + 1})
            row = first + 2
            for batch in found.to_arrow_reader(BLOCK):
                rows = batch["row_no"].to_numpy()
                if not np.array_equal(rows, np.arange(row, row + len(rows))):
                    raise AssertionError("the database gave rows out of order")  # a sheet like that is damaged
                row += len(rows)
                counts.cleaned += pc.sum(batch["cleaned"]).as_py()
                counts.cut += pc.sum(batch["cut"]).as_py()
                yield _joined(batch["xml"])


def _joined(texts: pa.Array) -> memoryview:
    """The texts of a column without gaps, as they lie in memory behind each other."""
    _, offsets, content = texts.buffers()
    places = np.frombuffer(offsets, np.int64 if pa.types.is_large_string(texts.type) else np.int32)
    first, last = places[texts.offset], places[texts.offset + len(texts)]
    return memoryview(content)[first:last]


def write_statement(query: str, columns: Sequence[Column]) -> str:
    """The statement for a query: the names in it are those of `columns`, every value is a parameter."""
    texts = [f'"{column.name}"' for column in columns if column.kind == "text"]
    others = [f'"{column.name}"' for column in columns if column.kind != "text"]
    cells = [_cell(number, column) for number, column in enumerate(columns, start=1)]
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
        cells=", ".join(cells),
    )


def _cell(number: int, column: Column) -> str:
    place, name = f"concat('{get_column_letter(number)}', row_no)", f'"{column.name}"'
    return {
        "text": f"text_cell({place}, {name}, $guarded)",
        "date": f"date_cell({place}, {name}, $date)",
        "percent": f"percent_cell({place}, {name}, $percent)",
        "plain": f"plain_cell({place}, {name})",
    }[column.kind]

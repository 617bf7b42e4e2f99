"""What an extract will hold, before it is made: the rows of every table of a selection, and the first of them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.extracts.rows import bind, is_everything
from dashboard.extracts.tables import TABLES, Table
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.selection import Selection

SHOWN = 10
"""Rows of a preview."""

PORTION = 100
"""Actions looked at for a preview, which costs the same however many the selection holds."""

_LAST = 2**62


def count_rows(snapshot: Snapshot, selection: Selection) -> dict[str, int]:
    """How many rows each of `TABLES` has for a selection, by name."""
    everything = is_everything(selection)
    counted = snapshot.query("extract_counts", selection.sql_parameters(snapshot) | {"everything": everything})
    return {name: int(counted[name].iloc[0]) for name in TABLES}


def first_rows(snapshot: Snapshot, selection: Selection, table: Table, columns: Sequence[str] = ()) -> pd.DataFrame:
    """The first `SHOWN` rows of the file, or all if there are fewer.

    Args:
        snapshot: The snapshot to read.
        selection: The filters in force; its language is the one of the labels.
        table: One of `TABLES`.
        columns: Names of the columns wanted, in their order; all by default.

    Returns:
        The columns wanted, by their technical names; values as in the file, dates as timestamps.

    Raises:
        SelectionError: a column is unknown.
    """
    names = [field.name for field in table.choose(columns)]
    wanted = min(SHOWN, count_rows(snapshot, selection)[table.name])
    if wanted == 0:
        return pd.DataFrame(columns=names)
    values = query_values(snapshot, selection)
    portions = portions_of(snapshot, selection)
    if portions:
        first, last = portions[0]
        frame = _head(snapshot, table, values | {"first": first, "last": last, "everything": False})
        if len(frame) == wanted:
            return frame[names]
    return _head(snapshot, table, values)[names]


def query_values(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The values that a table's query takes for all rows of a selection."""
    return selection.sql_parameters(snapshot) | {
        "lang": selection.lang,
        "everything": is_everything(selection),
        "first": 0,
        "last": _LAST,
    }


def portions_of(snapshot: Snapshot, selection: Selection) -> list[tuple[int, int]]:
    """The first and last number of every `PORTION` actions of a selection, in the register's own order."""
    frame = snapshot.query("extract_portions", selection.sql_parameters(snapshot) | {"portion": PORTION})
    return [(int(first), int(last)) for first, last in zip(frame["first_no"], frame["last_no"], strict=True)]


def _head(snapshot: Snapshot, table: Table, values: dict[str, Any]) -> pd.DataFrame:
    statement = f"from ({query_text(table.query)}\n) limit {SHOWN}"
    return snapshot.ask(statement, bind(statement, values))

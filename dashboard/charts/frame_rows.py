"""Rows of small frames as tuples: column by column, since selecting columns of a frame costs more than drawing them."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd


def read_rows(frame: pd.DataFrame, columns: Iterable[str] | None = None) -> Iterator[tuple[Any, ...]]:
    """The rows as Python's own values, in the order of `columns`; without them, of all columns."""
    chosen = (column for _, column in frame.items()) if columns is None else (frame[name] for name in columns)
    return zip(*(column.tolist() for column in chosen), strict=True)

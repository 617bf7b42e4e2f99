"""Database engines in memory, lent for a few questions and kept for the next ones.

Starting and ending an engine takes twenty times what a question to a small file takes, and publishing a build asks six.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dashboard.paths import quote_path

MOST_IDLE = 2
"""Engines that are kept, for a build and what reads its files; others that are lent at once end when they come back."""
_idle: list[duckdb.DuckDBPyConnection] = []


@contextmanager
def lend(files: Mapping[str, Path] | None = None, *, is_changed: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine of one's own for a while, to be left as it was found: without tables, macros, other files or settings.

    Args:
        files: Database files that are attached meanwhile, read-only, by the name they have there.
        is_changed: Whether it will not be left so; then it is a new one and ends with this.

    Raises:
        duckdb.Error: a file cannot be opened.
    """
    engine = duckdb.connect() if is_changed else _take()
    is_sound = False
    try:
        for name, path in (files or {}).items():
            engine.execute(f"attach {quote_path(path)} as {name} (read_only)")
        yield engine
        engine.execute("use memory")  # a file that is asked by its tables' bare names cannot be let go of
        for name in files or {}:
            engine.execute(f"detach {name}")
        is_sound = not is_changed
    finally:
        if is_sound and len(_idle) < MOST_IDLE:
            _idle.append(engine)
        else:
            engine.close()


def _take() -> duckdb.DuckDBPyConnection:
    try:
        return _idle.pop()
    except IndexError:  # none is idle, or another thread was faster
        return duckdb.connect()

"""Database engines in memory, lent for a few questions and then reused.

Starting and ending an engine takes twenty times as long as a question to a small file; publishing a build asks six.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dashboard.paths import quote_path

MOST_IDLE = 2
"""How many engines are kept, for a build and the readers of its files; others lent at once end on their return."""
_idle: list[duckdb.DuckDBPyConnection] = []


@contextmanager
def lend(files: Mapping[str, Path] | None = None, *, is_changed: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend an engine, to be left as it was found: without tables, macros, other files or settings.

    `files`: database files to attach meanwhile, read-only, by the name they have there.
    `is_changed`: whether it will not be left so; then it is a new one and ends with the block.

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

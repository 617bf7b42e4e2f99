"""The databases a build works in: its own, the new snapshot and the private store, each empty but for its tables.

Making them takes longer than building a few rows: the macros alone are planned one by one, and a campaign's codelists
are four thousand spellings to fold. So they are made once for a version of the program, and once more for each set of
codelists, lie beside its bytecode, and are copied for each build; so is the list of the empty tables in place of the
statements that a build leaves out. Where that folder cannot be written to, each build makes its own.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.snapshot_schema import schema_mark
from dashboard.engines import WRITTEN_LAST, close_idle, lend
from dashboard.ground.files.writing import drafted, sync
from dashboard.paths import PROJECT, QUERIES, quote_path
from dashboard.scratch import Scratch
from etl.inputs.inbox import hash_program
from etl.pipeline.listed_words import ListedWords
from etl.pipeline.staging import create_staged_tables
from etl.profiling import stage, timed
from etl.readers.files import TEXT_EXTENSIONS
from etl.recipes.codelists import load_language_names
from etl.sqlfiles import read_empty_tables, run_file, write_empty_tables

CACHE = PROJECT / "etl" / "__pycache__"
MOST_LISTED = 8
"""Sets of codelists that are kept, those that were used last."""
DATABASES = {"work": "work.duckdb", "snapshot": "snapshot.duckdb", "private": "contacts.duckdb"}
MEMORY_LIMIT = "2000MB"
SMALL = 2_000_000
"""Bytes of exports up to which one thread builds, and statements run nearly as they are written.

The work is then to plan statements: a second thread only costs, and rewriting the plans takes longer than it saves.
"""
BLOCK, SMALL_BLOCK = 262_144, 16_384
"""Bytes of a block of a file, as DuckDB has them, and in the files of a small build.

Each table fills blocks of its own: those of one action are a ninth as large in small blocks.
"""
IN_MEMORY = 150_000_000
"""Bytes of exports, as text, up to which no table is packed and written before the snapshot is detached.

Packing tables as they are made packs changed tables again, and tables that are thrown away with the work. Larger ones
would not stay in memory, and be spilled unpacked instead.
"""
_THREADS = Path("/proc/self/task")
_PACKED = 4  # the text of a workbook or an archive, in multiples of its bytes
ROWS = 122_880
"""Rows of a piece of a table, as DuckDB has them; one thread works on a piece, so that smaller tables know but one."""
ROWS_IN_MEMORY = 30_720
"""The same in the snapshot and the private store of a build that stays in memory.

Both cores work on a hundred thousand actions, for a twelfth more on the disk; questions take as long as with larger
pieces.
"""
WORK_ROWS = 16_384
"""The same in the work database, which nobody reads afterwards: both cores work on some ten thousand rows already."""
_LISTED = "listed-"
_LEFT_OUT = "left_out.json"
# The first content of the work database; the statements for comparisons with the campaign's own texts come first.
_WORK = (
    "work", "macros", "other_rows", "contacts", "questions", "names", "name_words", "trait_words",
)  # fmt: skip


SHARE_MEMORY = "1000MB"
"""The memory of one of several processes that share the work; more spills to the disk."""


@contextmanager
def open_share(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to the databases in `folder` that work through a share of the rows, by one thread."""
    _copy_empty(folder, BLOCK)
    config = {"memory_limit": SHARE_MEMORY, "threads": "1", "temp_directory": str(folder / "spill"), **WRITTEN_LAST}
    with _open(folder, config, is_small=False) as connection:
        yield connection
        connection.execute("pragma disable_checkpoint_on_shutdown")


def measure_exports(paths: Iterable[Path]) -> tuple[int, int]:
    """Return the bytes of these files, and an estimate of them as text; a folder counts nothing."""
    sizes = [(path.stat().st_size, path.suffix.lower() in TEXT_EXTENSIONS) for path in paths if path.is_file()]
    return sum(size for size, _ in sizes), sum(size * (1 if is_text else _PACKED) for size, is_text in sizes)


@contextmanager
def open_workspace(
    folder: Path, size: int, size_as_text: int = 0, words: ListedWords | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to the databases of a new build in `folder`; the snapshot and the private store outlive it.

    `size_as_text`: an estimate of their size as text, in bytes.
    `words`: the first content of its own database, beside its tables.

    Raises:
        CampaignError: the words cannot be read.
    """
    is_small, stays_in_memory = size <= SMALL, size_as_text <= IN_MEMORY
    block = SMALL_BLOCK if is_small else BLOCK
    left_out = _copy_empty(folder, block) / _LEFT_OUT
    read_empty_tables(left_out)
    if words is not None:
        _copy_listed(folder, words, block)
    # Without a log: a stopped build leaves nothing to resume, and published files are synced as a whole.
    config = {"temp_directory": str(folder / "spill")}
    if not is_small:
        config |= {"memory_limit": MEMORY_LIMIT} | (WRITTEN_LAST if stays_in_memory else {})
    with _open(folder, config, ROWS_IN_MEMORY if stays_in_memory else ROWS, is_small=is_small) as connection:
        try:
            yield connection
            with stage("write to disk"):
                connection.execute("detach snapshot")
                connection.execute("detach private")
            write_empty_tables(left_out)
        finally:
            connection.execute("pragma disable_checkpoint_on_shutdown")  # the work database is thrown away


@contextmanager
def open_for_looking(folder: CampaignFolder, file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to a work database that begins with a campaign's codelists, for a look at one file.

    Raises:
        CampaignError: the codelists cannot be read.
    """
    words = ListedWords(folder, folder.load().offered)
    with Scratch("work") as place, open_workspace(Path(place), *measure_exports([file]), words) as connection:
        yield connection


@contextmanager
def alone(connection: duckdb.DuckDBPyConnection) -> Iterator[bool]:
    """Have the databases work without threads, so that the process may fork; give whether it has no others either."""
    names = ("threads", "async_threads")
    settings = ", ".join(f"current_setting('{name}')" for name in names)
    (numbers,) = connection.execute(f"select {settings}").fetchall()
    for name, number in zip(names, (1, 0), strict=True):
        connection.execute(f"set global {name} = {number}")
    close_idle()
    yield _THREADS.is_dir() and len(list(_THREADS.iterdir())) == 1
    for name, number in zip(names, numbers, strict=True):
        connection.execute(f"set global {name} = {number}")


@contextmanager
def packed_meanwhile(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Pack the snapshot's tables and write them, on the second core, while the block reads them.

    The block's own writes into the snapshot wait until that is done, and are packed when the snapshot is detached.
    A build by one thread packs all of it then.

    Raises:
        duckdb.Error: the disk refuses; it replaces any error of the block that follows from it.
    """
    ((threads,),) = connection.execute("select current_setting('threads')").fetchall()
    if threads == 1:
        yield
        return
    cursor = connection.cursor()
    with closing(cursor), ThreadPoolExecutor(1, "packing") as second:
        packing = second.submit(_pack, cursor)
        try:
            yield
        except duckdb.Error as error:
            raise packing.exception() or error from None
        except BaseException:
            cursor.interrupt()
            raise
        with stage("write to disk"):
            packing.result()


def _pack(connection: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.TransactionException):  # something is being written just then: it is packed at last
        connection.execute("checkpoint snapshot")


def make_empty(folder: Path, block: int = SMALL_BLOCK) -> None:
    """Make the three databases in a folder from the SQL files; `block`: the bytes of a block."""
    with _open(folder, {"default_block_size": str(block)}) as connection:
        connection.execute("use snapshot")
        run_file(connection, "schema")
        run_file(connection, "mark_schema", {"schema_mark": schema_mark()})
        connection.execute("use work")
        run_file(connection, QUERIES / "fold.sql")
        for name in _WORK:
            run_file(connection, name)
        create_staged_tables(connection)
        load_language_names(connection)
        connection.execute("use memory")
        for name in DATABASES:
            connection.execute(f"detach {name}")


@contextmanager
def _open(
    folder: Path, config: dict[str, str], rows: int = ROWS, *, is_small: bool = True
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to the databases in `folder`; a connection for little work closes without its engine, which stays.

    An engine that may have spilled to its disk, or holds much, ends with the connection.
    """
    with lend(is_changed=not is_small, is_for_much=not is_small) as engine:
        for name, value in config.items():
            engine.execute(f"set global {name} = $value", {"value": value})
        with closing(engine.cursor()) as connection:
            connection.execute("set TimeZone = 'UTC'")
            for name, file in DATABASES.items():
                options = f"recovery_mode no_wal_writes, row_group_size {WORK_ROWS if name == 'work' else rows}"
                connection.execute(f"attach {quote_path(folder / file)} as {name} ({options})")
            connection.execute("use work")
            yield connection
        if not is_small:
            return
        databases = engine.execute("select database_name from duckdb_databases() where path is not null").fetchall()
        for (name,) in databases:
            engine.execute(f"detach {name}")
        for name in config:
            engine.execute(f"reset global {name}")
        engine.execute("pragma enable_checkpoint_on_shutdown")


def _name_program() -> bytes:
    """Identify the program, and those of its libraries whose words and files the databases hold."""
    return hash_program() + _name_libraries()


@cache
def _name_libraries() -> bytes:
    return f"{duckdb.__version__} {version('babel')}".encode()


@timed("codelists", "stage")
def _copy_listed(folder: Path, words: ListedWords, block: int) -> None:
    """Replace the empty work database by one that begins with these words, in blocks of so many bytes."""
    work = folder / DATABASES["work"]
    key = hashlib.sha256(_name_program() + words.hash_sources().encode()).hexdigest()
    cached = CACHE / f"{_LISTED}{block}-{key[:24]}"
    with suppress(OSError):
        shutil.copyfile(cached, work)
        os.utime(cached)
        return
    _copy_empty(folder, block)  # whatever came of copying
    with _open(folder, {}) as connection:
        words.load(connection)
        connection.execute("use memory")
        for name in DATABASES:
            connection.execute(f"detach {name}")
    with suppress(OSError):
        with drafted(cached, is_shared=True) as draft:
            shutil.copyfile(work, draft)
        in_use = sorted(CACHE.glob(f"{_LISTED}*"), key=lambda path: path.stat().st_mtime, reverse=True)
        for file in in_use[MOST_LISTED:]:
            file.unlink()


@timed("empty databases", "stage")
def _copy_empty(folder: Path, block: int) -> Path:
    """Put the three empty databases, in blocks of so many bytes, into a folder.

    Return the folder of their originals, which may be missing.
    """
    mark = hashlib.sha256(_name_program()).hexdigest()[:16]
    cached = CACHE / f"empty-{block}-{mark}"
    if not all((cached / file).is_file() for file in DATABASES.values()):
        with suppress(OSError):
            _keep_empty(cached, block, mark)
    for file in DATABASES.values():
        try:
            shutil.copyfile(cached / file, folder / file)
        except OSError:
            for name in DATABASES.values():
                (folder / name).unlink(missing_ok=True)
            make_empty(folder, block)
            break
    return cached


def _keep_empty(cached: Path, block: int, mark: str) -> None:
    """Make the databases that builds copy, put them in place in one step, and remove those of versions without it."""
    cached.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".empty-", dir=cached.parent, ignore_cleanup_errors=True) as temporary:
        draft = Path(temporary) / cached.name
        draft.mkdir()
        make_empty(draft, block)
        for file in DATABASES.values():
            sync(draft / file)  # any file found there later is whole, whatever happened in between
        draft.rename(cached)
    for path in cached.parent.glob("empty-*"):
        if not path.name.endswith(mark):
            shutil.rmtree(path, ignore_errors=True)

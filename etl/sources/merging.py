"""An export brought up to date by a part of it: 100 new answers cost 100, however many came before.

The tables of an export are CSV texts: one file, or members of a ZIP archive, the first of which has a row an answer.
"""

import csv
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from dashboard.errors import sentence
from dashboard.i18n import N_
from etl.sources.asking import AGAIN, FarSideError
from etl.sqlfiles import ask, read_query, run_file

MEMORY = "300MB"
_NO_TABLE = N_("What arrived cannot be read as a table.")
_DAMAGED = N_("The archive received is damaged.")
_LOOK = N_("Look at the form's own export.")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Shape:
    """A tool's format of CSV texts.

    Attributes:
        delimiter: The sign between cells.
        key: The column that names the answer; empty for the first one.
        parent_key: In the tables of repeated groups, the column that names the answer they belong to.
        newest_first: Whether the newest answers come first.
    """

    delimiter: str
    key: str
    parent_key: str = ""
    newest_first: bool = False


@dataclass(frozen=True)
class Merged:
    """An export brought up to date.

    Attributes:
        answers: The number of its answers now.
        added: The number of new ones among those that came.
        changed: The number of changed ones among those that came.
        gone: The keys of answers missing by now on the far side; they stay.
    """

    answers: int = 0
    added: int = 0
    changed: int = 0
    gone: tuple[str, ...] = ()


class OtherColumnsError(Exception):
    """The columns of the part are not those of the export: it is to be fetched whole."""


def merge(former: Path, arrived: Path, to: Path, shape: Shape, *, is_whole: bool) -> Merged:
    """Merge the former export with the new part into `to`; its extension says whether all three are archives.

    Where all answers came (`is_whole`), those that are missing are gone.

    Raises:
        OtherColumnsError: the columns or tables have changed.
        FarSideError: a text cannot be read as a table, or lacks its key.
    """
    with TemporaryDirectory(dir=to.parent) as place, _open(Path(place)) as connection:
        before, after = _unpack(former, Path(place) / "a"), _unpack(arrived, Path(place) / "b")
        names = [[path.name for path in texts] for texts in (before, after)]
        if len(before) != len(after) or (len(before) > 1 and names[0] != names[1]):
            raise OtherColumnsError
        merged = Merged()
        out_files = []
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            if _read_header(old, shape) != _read_header(new, shape):
                raise OtherColumnsError
            _take(connection, "known_rows", old, shape)
            _take(connection, "arrived_rows", new, shape)
            if number == 0:
                run_file(connection, "sources/note_answers")
                merged = _count(connection, is_whole)
            run_file(connection, "sources/merge_rows", {"newest_first": shape.newest_first})
            out = Path(place) / old.name
            _write(connection, out, shape)
            out_files.append(out)
        _pack(out_files, to)
    return merged


def look(export: Path, shape: Shape, column: str | None = None) -> tuple[int, str]:
    """Count the answers of an export, and find the last value of a column; by default of the key.

    Raises:
        FarSideError: it cannot be read as a table, or lacks the column.
    """
    with TemporaryDirectory(dir=export.parent) as place, _open(Path(place)) as connection:
        root = _unpack(export, Path(place) / "a")[0]
        _take(connection, "arrived_rows", root, shape if column is None else Shape(shape.delimiter, column))
        ((answers, last),) = ask(connection, "sources/look")
        return int(answers), str(last or "")


def find_finished(former: Path, unfinished: Path, shape: Shape) -> list[int]:
    """Find the numbers of answers that were unfinished in an export, and are not in the list of unfinished ones now.

    The second column of the export has the time when an answer was finished.

    Raises:
        FarSideError: a text cannot be read as a table.
    """
    with TemporaryDirectory(dir=unfinished.parent) as place, _open(Path(place)) as connection:
        if len(_read_header(former, shape)) < 2:
            return []
        _take(connection, "known_rows", former, shape)
        _take(connection, "arrived_rows", unfinished, shape)
        return [number for (number,) in ask(connection, "sources/finished_since")]


def _write(connection: duckdb.DuckDBPyConnection, out: Path, shape: Shape) -> None:
    """Write the merged rows, quoted throughout, so that a blank in a cell is a blank."""
    (statement,) = duckdb.extract_statements(read_query("sources/write_rows"))
    rows = connection.query(statement.query)
    rows.write_csv(str(out), sep=shape.delimiter, header=False, quotechar='"', escapechar='"', quoting=csv.QUOTE_ALL)


def _count(connection: duckdb.DuckDBPyConnection, is_whole: bool) -> Merged:
    ((arrived, added, changed),) = ask(connection, "sources/count_answers")
    gone = tuple(answer for (answer,) in ask(connection, "sources/gone_answers"))
    return Merged(arrived + len(gone), added, changed, gone if is_whole else ())


def _take(connection: duckdb.DuckDBPyConnection, table: str, path: Path, shape: Shape) -> None:
    """Read a text into a table of its cells."""
    header = _read_header(path, shape)
    key = shape.parent_key if shape.parent_key in header else shape.key
    if not header or (key and key not in header):
        raise FarSideError(
            sentence(N_("What arrived has no column {column}."), column=key)
            if key
            else N_("What arrived has no columns."),
            N_("It was changed there, or is another export: fetch another form."),
        )
    names = [f"c{number:04}" for number in range(len(header))]
    parameters: dict[str, Any] = {
        "path": str(path),
        "columns": dict.fromkeys(names, "VARCHAR"),
        "delimiter": shape.delimiter,
        "key": names[header.index(key) if key else 0],
    }
    try:
        run_file(connection, "sources/take_rows", parameters, raw=table)
    except duckdb.InvalidInputException as error:
        raise FarSideError(_NO_TABLE, _LOOK) from error


def _read_header(path: Path, shape: Shape) -> list[str]:
    """Read the names in the first line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file, delimiter=shape.delimiter), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise FarSideError(_NO_TABLE, _LOOK) from error


@contextmanager
def _open(place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(
        config={"memory_limit": MEMORY, "temp_directory": str(place / "spill"), "threads": 1}
    ) as connection:
        yield connection


def _unpack(export: Path, to: Path) -> list[Path]:
    """Return the texts of an export: itself, or the members of an archive, the one with a row an answer first."""
    if not zipfile.is_zipfile(export):
        if export.suffix.lower() == ".zip":
            raise FarSideError(_DAMAGED, AGAIN)
        return [export]
    to.mkdir()
    try:
        with zipfile.ZipFile(export) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv") and "/" not in name]
            for name in names:
                with archive.open(name) as member, (to / name).open("wb") as file:
                    shutil.copyfileobj(member, file)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:
        raise FarSideError(_DAMAGED, AGAIN) from error
    if not names:
        raise FarSideError(N_("The archive received contains no table."), _LOOK)
    return sorted((to / name for name in names), key=lambda path: (len(path.stem), path.name))


def _pack(texts: Sequence[Path], to: Path) -> None:
    if to.suffix.lower() != ".zip":
        texts[0].replace(to)
        return
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in texts:
            member = zipfile.ZipInfo(path.name, _ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as file, archive.open(member, "w", force_zip64=True) as out:
                shutil.copyfileobj(file, out)

"""The computer's refusals in words: a full or failing disk, a folder without the right to write, too little memory.

Only this module knows these faults, from the system or from DuckDB; all other errors are faults of the program
and stay as they are.
"""

import errno
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from dashboard import stopping
from dashboard.errors import N_, UserError, sentence

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_MANY = {errno.EMFILE, errno.ENFILE}
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}
# The words of systems that give no number; the last ones are DuckDB's, whose limit is the free space of the disk.
_FULL_WORDS = re.compile(
    r"no space left|quota exceeded|disk is full|not enough space on the disk|max_temp_directory_size",
    re.IGNORECASE,
)
_BROKEN_WORDS = re.compile(
    r"input/output error|disk i/o error|structure needs cleaning|device error",
    re.IGNORECASE,
)
_DAMAGED_WORDS = re.compile(
    r"could not read enough bytes|not a valid duckdb database|checksum|corrupt|file is not a database|malformed",
    re.IGNORECASE,
)
_LARGE_WORDS = re.compile(r"file too large", re.IGNORECASE)
_MANY_WORDS = re.compile(r"too many open files", re.IGNORECASE)
_REFUSED_WORDS = re.compile(r"read-?only (?:file system|database)|permission denied|access is denied", re.IGNORECASE)
_NO_TEMPORARY = "No usable temporary directory"
_MAKE_ROOM = N_("Free up space and try again; the published figures are unchanged.")
_QUOTED = re.compile(r'"([^"]+)"')


class ComputerError(UserError):
    """The disk, the rights to a folder or the memory are in the way; no input file is at fault."""


@contextmanager
def computer_faults() -> Iterator[None]:
    """Put the computer's refusals into words; every other error passes.

    Raises:
        ComputerError: the disk is full, a place may not be written to or read, or the memory does not suffice.
    """
    try:
        yield
    except Exception as error:
        raise_explained(error)
        raise


@contextmanager
def told_at_last() -> Iterator[None]:
    """Put into words, at the end of a program, a refusal outside of its work, as printing to a full disk.

    Raises:
        SystemExit: the computer refused, with exit code 1; or Ctrl+C came before the end, with exit code 130.
    """
    try:
        with computer_faults():
            try:
                yield
            finally:
                sys.stdout.flush()  # the interpreter would do it when nobody listens any more
    except ComputerError as error:
        print(error, file=sys.stderr)
        _print_no_more()
        raise SystemExit(1) from None
    except BaseException as error:
        if not stopping.has_come() or (isinstance(error, SystemExit) and not error.code):
            raise
        print(stopping.SENTENCE, file=sys.stderr)
        raise SystemExit(stopping.EXIT_CODE) from None


@contextmanager
def told_anyway(answer: str) -> Iterator[None]:
    """Print a command's work inside; where that fails, the error states it.

    Raises:
        ComputerError: it cannot, as on a full disk.
    """
    try:
        yield
    except OSError as error:
        if (explained := explain(error)) is None:
            raise
        _print_no_more()
        done = sentence(N_("Only the answer could not be printed; this is done: {answer}"), answer=answer)
        raise ComputerError(explained.what, done) from error


def _print_no_more() -> None:
    """Drop unprinted output; else the interpreter would try once more, at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def raise_explained(error: BaseException) -> None:
    """Raise a fault of the computer in words; return where the error is none.

    Raises:
        ComputerError: it is one.
    """
    explained = explain(error)
    if explained is not None:
        raise explained from error


def explain(error: BaseException) -> ComputerError | None:
    """Explain the computer's refusal in words; None where an error is a fault of the program."""
    number = error.errno if isinstance(error, OSError) else None
    words = str(error) if isinstance(error, OSError | duckdb.Error | sqlite3.Error) else ""
    if number in _FULL or _FULL_WORDS.search(words):
        return _explain_full(error)
    if _NO_TEMPORARY in words:
        if (refused := _try_to_open()) is not None:  # Python tries every folder, and does not tell why none will do
            return explain(refused)
        return ComputerError(
            N_("No folder for temporary files can be written to."),
            N_("Make room on the disk, or name another folder in the variable TMPDIR (TEMP on Windows)."),
        )
    if number == errno.EFBIG or _LARGE_WORDS.search(words):
        return ComputerError(
            N_("A file would become larger than the disk or this program's user may have it."),
            N_("Let its user write larger files (ulimit -f), or use a disk that takes files above 4 GB."),
        )
    if number in _MANY or _MANY_WORDS.search(words):
        return ComputerError(
            N_("This program may open no more files."),
            N_("Try again when less is going on, or let its user open more files (ulimit -n)."),
        )
    if number == errno.EIO or _BROKEN_WORDS.search(words):
        return _explain_broken(_find_path(error))
    if _DAMAGED_WORDS.search(words) and isinstance(error, duckdb.Error | sqlite3.Error):
        return _explain_damage(error)
    if number in _REFUSED or _REFUSED_WORDS.search(words):
        return _explain_refused(error)
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return ComputerError(
            N_("This computer does not have enough memory."),
            N_("Close other programs, or load the largest files in parts, and try again."),
        )
    return None


def _try_to_open() -> OSError | None:
    """Return the error that stops every file from being opened; None where files can be opened."""
    try:
        with Path(os.devnull).open("rb"):
            return None
    except OSError as error:
        return error


def _explain_full(error: BaseException) -> ComputerError:
    path = _find_path(error)
    is_quota = isinstance(error, OSError) and error.errno == getattr(errno, "EDQUOT", None) != errno.ENOSPC
    if path is None:
        what = (
            N_(
                "The quota of this program's user is used up: there is no room left in the campaign's folder or in "
                "{place}."
            )
            if is_quota
            else N_("The disk is full: there is no room left in the campaign's folder or in {place}.")
        )
        return ComputerError(sentence(what, place=tempfile.gettempdir()), _MAKE_ROOM)
    what = (
        N_("The quota of this program's user is used up: there is no room left in {place}.")
        if is_quota
        else N_("The disk is full: there is no room left in {place}.")
    )
    return ComputerError(sentence(what, place=str(_nearest_folder(path))), _say_room(_nearest_folder(path)))


def _explain_broken(path: Path | None) -> ComputerError:
    remedy = N_("Have it checked, and make sure there is a copy elsewhere; the published figures are unchanged.")
    if path is None:
        return ComputerError(N_("The disk reports an error in reading or writing."), remedy)
    what = sentence(
        N_("The disk under {place} reports an error in reading or writing."), place=str(_nearest_folder(path))
    )
    return ComputerError(what, remedy)


def _explain_damage(error: BaseException) -> ComputerError:
    path = _find_path(error)
    what = N_("A database of the campaign is damaged: it cannot be read to its end.")
    if path is not None:
        what = sentence(N_("{file} is damaged: it cannot be read to its end."), file=f"{path.parent.name}/{path.name}")
    if isinstance(error, sqlite3.Error):
        remedy = N_("Restore the folder private/ from a backup, or move the file away to begin it anew.")
    else:
        remedy = N_("Build again: python -m etl build. Where that does not help, restore the campaign from a backup.")
    return ComputerError(what, remedy)


def _say_room(place: Path) -> str:
    """Advise to make room; name the room a build needs, judged by the snapshots there, if it is not free."""
    sizes = [path.stat().st_size for path in place.glob("snapshot-*.duckdb")]
    needed, free = 2 * max(sizes, default=0), shutil.disk_usage(place).free
    if needed <= free:
        return _MAKE_ROOM
    return sentence(
        N_(
            "Free up space (a build needs about {needed} MB there, {free} MB are free) and try again; the published "
            "figures are unchanged."
        ),
        needed=-(-needed // 10**6),
        free=free // 10**6,
    )


def _explain_refused(error: BaseException) -> ComputerError | None:
    path = _find_path(error)
    if path is None:
        return None
    if path.exists() and not os.access(path, os.R_OK):
        return ComputerError(
            sentence(N_("{file} may not be read by this program."), file=str(path)), N_("Allow its user to read it.")
        )
    return ComputerError(
        sentence(N_("This program may not write into {place}."), place=str(_nearest_folder(path))),
        N_("Allow its user to write there, or close the file where it is open; the published figures are unchanged."),
    )


def _find_path(error: BaseException) -> Path | None:
    """Find the file of the error: as the system or the store names it, else as DuckDB quotes it."""
    if isinstance(error, OSError | sqlite3.Error):
        name = getattr(error, "filename", None)
        return Path(os.fsdecode(name)) if isinstance(name, str | bytes | os.PathLike) else None
    quoted = [text for text in _QUOTED.findall(str(error)) if Path(text).is_absolute()]
    return Path(quoted[0]) if quoted else None


def _nearest_folder(path: Path) -> Path:
    """Find the folder of a file, or its nearest parent that exists: the folders of a build are gone by then."""
    return next((place for place in (path, *path.parents) if place.is_dir()), path)

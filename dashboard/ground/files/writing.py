"""Files replaced in one step: a reader finds the whole old or the whole new one, whatever happens meanwhile.

The new content is written beside it, brought onto the disk, and takes its place; a failure leaves nothing behind.
Folders made elsewhere and then moved into place, as those of a restored campaign, are another thing.
"""

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

PRIVATE = 0o600
"""The permissions of a file that only the program's user may read."""
REPLACING_TRIES, REPLACING_SECONDS = 20, 0.05
"""How often, and how far apart, Windows is asked to replace a file that somebody is reading."""
for_owner = partial(os.open, mode=PRIVATE)
"""The `opener` of files that only the program's user may read from their first byte on."""


@contextmanager
def drafted(path: Path, mode: int | None = None, *, is_shared: bool = False, is_durable: bool = True) -> Iterator[Path]:
    """Give a place beside a file for its new content, which replaces it when the body ends; without content it stays.

    Args:
        path: The file, which need not be there.
        mode: Its permissions; without them it keeps those it has, or gets the system's.
        is_shared: Whether others may write it at the same moment, under no lock. Else its draft is `.NAME.new`, which
            is no export; commands that hold the campaign remove it where a kill has left it.
        is_durable: Whether it reaches the disk before others see it.

    Raises:
        OSError: the disk refuses; it names the file.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4) if is_shared else 'new'}")
    try:
        draft.unlink(missing_ok=True)  # a kill may have left it
        yield draft
        if draft.is_file():
            if is_durable:
                sync(draft)
            if mode is not None or path.is_file():
                draft.chmod(path.stat().st_mode & 0o777 if mode is None else mode)
            _replace(draft, path)
    except BaseException as error:
        remove(draft)  # a full disk is not filled further
        if isinstance(error, OSError):
            error.filename = error.filename or str(path)
        raise


def write_file(
    path: Path, content: bytes | str, mode: int | None = None, *, is_shared: bool = False, is_durable: bool = True
) -> None:
    """Replace a file by content, texts in UTF-8; arguments and errors as of `drafted`."""
    data = content.encode() if isinstance(content, str) else content
    opener = for_owner if mode == PRIVATE else None
    drafting = drafted(path, mode, is_shared=is_shared, is_durable=is_durable)
    with drafting as draft, open(draft, "wb", opener=opener) as stream:
        stream.write(data)


def put_file(
    source: Path, target: Path, *, is_copy: bool = False, mode: int | None = PRIVATE, is_durable: bool = True
) -> None:
    """Put a file in another's place in one step, from another disk too; a copy is written as by `drafted`."""
    if not is_copy:
        try:
            _replace(source, target)
            return
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
    with drafted(target, mode, is_durable=is_durable) as draft:
        shutil.copyfile(source, draft)
    if not is_copy:
        source.unlink()


def _replace(source: Path, target: Path) -> None:
    """Put a file in another's place; on Windows wait a moment for whoever reads that one."""
    for place in range(REPLACING_TRIES):
        try:
            source.replace(target)
            return
        except PermissionError:
            if os.name != "nt" or place == REPLACING_TRIES - 1:
                raise
            time.sleep(REPLACING_SECONDS)


def link_or_copy(source: Path, target: Path) -> None:
    """Let a file be read under another name too: a link, or a copy on Windows, which allows links to few."""
    try:
        target.symlink_to(source.absolute())
    except OSError:
        shutil.copyfile(source, target)


def hash_file(path: Path) -> str:
    """Hash a file with SHA-256, in hex; read it in portions."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Wait until a file's content is on the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def remove(path: Path) -> None:
    """Remove a file; one that somebody holds open may refuse to go, and goes another time."""
    with suppress(OSError):
        path.unlink(missing_ok=True)

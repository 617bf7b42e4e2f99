"""The sealed part: encrypted as `age` does it, so that the program `age` opens it too.

The part is encrypted for a key that is made for this backup alone, as a stream, so that memory stays flat; that key is
encrypted by the passphrase. With `age`: `age -d -i key.age sealed.tar.gz.age`.
"""

import os
import threading
from collections.abc import Callable
from typing import BinaryIO, TypeVar

import pyrage
from pyrage import passphrase as by_passphrase
from pyrage.x25519 import Identity

from etl.backup.manifest import BackupError, DamagedError

_T = TypeVar("_T")


def make_key(passphrase: str) -> tuple[Identity, bytes]:
    """A key for one backup, and the same sealed by a passphrase."""
    key = Identity.generate()
    return key, by_passphrase.encrypt(f"{key}\n".encode(), passphrase)


def open_key(sealed: bytes, passphrase: str, file: str) -> Identity:
    """The key of a backup.

    Raises:
        BackupError: the passphrase is another one.
    """
    try:
        return Identity.from_str(by_passphrase.decrypt(sealed, passphrase).decode().strip())
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError) as error:
        raise BackupError(
            f"The passphrase does not open {file}.",
            "Give the one that the backup was made with; nothing was changed.",
        ) from error


def seal(write: Callable[[BinaryIO], _T], target: BinaryIO, key: Identity) -> _T:
    """Encrypt what `write` writes, as it comes; gives what `write` gives."""
    done: list[_T] = []
    faults: list[BaseException] = []
    read_end, write_end = os.pipe()

    def produce() -> None:
        try:
            with os.fdopen(write_end, "wb") as stream:
                done.append(write(stream))
        except BaseException as error:  # said where the stream is awaited
            faults.append(error)

    with os.fdopen(read_end, "rb") as source:
        thread = threading.Thread(target=produce, daemon=True)
        thread.start()
        try:
            pyrage.encrypt_io(source, target, [key.to_public()])
        finally:
            source.close()  # who still writes ends
            thread.join()
    if faults:
        raise faults[0]
    return done[0]


def unseal(source: BinaryIO, key: Identity, read: Callable[[BinaryIO], _T], file: str) -> _T:
    """Have `read` read what is encrypted, as it comes; gives what `read` gives.

    Raises:
        DamagedError: it was changed or is cut short.
    """
    faults: list[BaseException] = []
    read_end, write_end = os.pipe()

    def produce() -> None:
        try:
            with os.fdopen(write_end, "wb") as stream:
                pyrage.decrypt_io(source, stream, [key])
        except BaseException as error:  # said when what could be read has been
            faults.append(error)

    thread = threading.Thread(target=produce, daemon=True)
    with os.fdopen(read_end, "rb") as stream:
        thread.start()
        try:
            given = read(stream)
            while stream.read(1 << 20):  # to the end, where it is said whether all is as it was
                pass
        except BaseException as error:
            stream.close()
            thread.join()
            damage = [fault for fault in faults if not isinstance(fault, BrokenPipeError)]
            if damage and isinstance(error, DamagedError):
                raise _damaged(file) from damage[0]
            raise
    thread.join()
    if faults:
        raise _damaged(file) from faults[0]
    return given


def _damaged(file: str) -> DamagedError:
    return DamagedError(file, "its sealed part was changed or is cut short")

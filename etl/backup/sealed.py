"""The sealed part: encrypted as `age` does it, so that the program `age` opens it too.

The part is encrypted for a key that is made for this backup alone, as a stream, so that memory stays flat; that key is
encrypted by the passphrase. With `age`: `age -d -i key.age sealed.tar.gz.age`.

The library, pyrage, encrypts all but the file of that key, which this module writes and reads by
https://age-encryption.org/v1: pyrage (1.4.0 is the newest) measures the present speed of the computer, and has no
option for the cost of the passphrase. On a fast one it takes a gigabyte of memory and more, and on a busy
one it refuses to open a file sealed on another. `_seal_short`, `_open_short` and their helpers go when it takes a
work factor; a test shows when. Of other packages, `age` is alpha and of 2023, and `age-rt` opens one work factor alone.
"""

import base64
import hmac
import os
import re
import secrets
import threading
from collections.abc import Callable
from typing import BinaryIO, TypeVar

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pyrage.x25519 import Identity

from etl.backup.manifest import BackupError, DamagedError

_T = TypeVar("_T")
_SHORT = re.compile(
    rb"(?P<header>age-encryption\.org/v1\n-> scrypt (?P<salt>[A-Za-z0-9+/]{22}) (?P<work>[1-9]\d?)\n"
    rb"(?P<wrapped>[A-Za-z0-9+/]{43})\n---) (?P<mac>[A-Za-z0-9+/]{43})\n(?P<nonce>.{16})(?P<payload>.{16,})",
    re.DOTALL,
)
_ONLY_CHUNK = bytes(11) + b"\1"
_MOST_WORK = 20
WORK = 18
"""The cost of each guess of the passphrase, as a power of two, as in `age`: a second and 256 MB of memory."""


def make_key(passphrase: str) -> tuple[Identity, bytes]:
    """Make a key for one backup; return it, and sealed by a passphrase."""
    key = Identity.generate()
    return key, _seal_short(f"{key}\n".encode(), passphrase)


def _seal_short(text: bytes, passphrase: str) -> bytes:
    """Encrypt a text of up to 64 KiB as an `age` file that a passphrase opens."""
    file_key, salt, nonce = (secrets.token_bytes(16) for _ in range(3))
    wrapped = _stretch(passphrase, salt, WORK).encrypt(bytes(12), file_key, None)
    header = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (_encode(salt), WORK, _encode(wrapped))
    payload = ChaCha20Poly1305(_derive(file_key, nonce, b"payload")).encrypt(_ONLY_CHUNK, text, None)
    return header + b" " + _encode(_sign(file_key, header)) + b"\n" + nonce + payload


def _open_short(sealed: bytes, passphrase: str) -> bytes:
    """Decrypt the text of such a file."""
    parts = _SHORT.fullmatch(sealed)
    if parts is None or int(parts["work"]) > _MOST_WORK:
        raise ValueError("no file that a passphrase opens")
    salt, wrapped, mac = (_decode(parts[name]) for name in ("salt", "wrapped", "mac"))
    file_key = _stretch(passphrase, salt, int(parts["work"])).decrypt(bytes(12), wrapped, None)
    if not hmac.compare_digest(mac, _sign(file_key, parts["header"])):
        raise InvalidTag
    key = _derive(file_key, parts["nonce"], b"payload")
    return ChaCha20Poly1305(key).decrypt(_ONLY_CHUNK, parts["payload"], None)


def _stretch(passphrase: str, salt: bytes, work: int) -> ChaCha20Poly1305:
    salted = b"age-encryption.org/v1/scrypt" + salt
    return ChaCha20Poly1305(Scrypt(salt=salted, length=32, n=1 << work, r=8, p=1).derive(passphrase.encode()))


def _sign(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derive(file_key, b"", b"header"), header, "sha256")


def _decode(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def _encode(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt or None, info).derive(key)


def open_key(sealed: bytes, passphrase: str, file: str) -> Identity:
    """Open the key of a backup.

    Raises:
        BackupError: the passphrase is another one.
    """
    try:
        return Identity.from_str(_open_short(sealed, passphrase).decode().strip())
    except (InvalidTag, pyrage.IdentityError, ValueError) as error:
        raise BackupError(
            f"The passphrase does not open {file}.",
            "Give the one that the backup was made with; nothing was changed.",
        ) from error


def seal(write: Callable[[BinaryIO], _T], target: BinaryIO, key: Identity) -> _T:
    """Encrypt the output of `write`, as it comes; return its result."""
    done: list[_T] = []
    faults: list[BaseException] = []
    read_end, write_end = os.pipe()

    def produce() -> None:
        try:
            with os.fdopen(write_end, "wb") as stream:
                done.append(write(stream))
        except BaseException as error:  # raised where the stream is awaited
            faults.append(error)

    with os.fdopen(read_end, "rb") as source:
        thread = threading.Thread(target=produce, daemon=True)
        thread.start()
        try:
            pyrage.encrypt_io(source, target, [key.to_public()])
        finally:
            source.close()  # the writer ends
            thread.join()
    if faults:
        raise faults[0]
    return done[0]


def unseal(source: BinaryIO, key: Identity, read: Callable[[BinaryIO], _T], file: str) -> _T:
    """Have `read` read the decrypted stream; return its result.

    Raises:
        DamagedError: it was changed or is cut short.
    """
    faults: list[BaseException] = []
    read_end, write_end = os.pipe()

    def produce() -> None:
        try:
            with os.fdopen(write_end, "wb") as stream:
                pyrage.decrypt_io(source, stream, [key])
        except BaseException as error:  # raised once all readable bytes are read
            faults.append(error)

    thread = threading.Thread(target=produce, daemon=True)
    with os.fdopen(read_end, "rb") as stream:
        thread.start()
        try:
            output = read(stream)
            while stream.read(1 << 20):  # to the end, which shows whether all is as it was
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
    return output


def _damaged(file: str) -> DamagedError:
    return DamagedError(file, "its sealed part was changed or is cut short")

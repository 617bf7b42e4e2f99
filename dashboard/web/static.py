"""Streamlit's own scripts and styles, compressed once and sent from memory.

Streamlit sends its nine megabytes of scripts as they are, because compressing them anew for every
request costs more than it saves. Here each file is compressed once for the life of the process.
Whatever this module does not answer (other paths, byte ranges, clients that accept no compression)
goes on to Streamlit unchanged.
"""

import gzip
import hashlib
import importlib.util
import mimetypes
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMPRESSIBLE = (".css", ".html", ".js", ".json", ".svg")
SMALLEST = 1000  # bytes; below that the headers outweigh the saving
FOREVER = "public, immutable, max-age=31536000"  # the names of these files carry their content's hash
# Quality 6 takes a fifth of the time of 9 for 2 % more bytes, and is ready before the first reader is.
COMPRESSORS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda raw: bytes(brotli.compress(raw, quality=6)),
    "gzip": lambda raw: gzip.compress(raw, 6, mtime=0),
}


@dataclass(frozen=True)
class Copy:
    """One file in one encoding, with the headers it is sent with."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    etag: str


def find_static_folder() -> Path:
    """The folder of Streamlit's scripts and styles, found without importing Streamlit."""
    spec = importlib.util.find_spec("streamlit")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("streamlit")
    return Path(next(iter(spec.submodule_search_locations))) / "static"


class StaticCopies:
    """The compressible files under one folder, by URL path; each is compressed when first asked for, and kept."""

    def __init__(self, folder: Path) -> None:
        """List the files; nothing is read yet."""
        self._files = {
            f"/{path.relative_to(folder).as_posix()}": path
            for path in sorted(folder.rglob("*"))
            if path.suffix in COMPRESSIBLE and path.stat().st_size >= SMALLEST
        }
        if "/index.html" in self._files:
            self._files["/"] = self._files["/index.html"]
        self._copies: dict[tuple[str, str], Copy] = {}
        self._locks = {path: threading.Lock() for path in self._files}

    def locate(self, path: str) -> str | None:
        """The file asked for by a URL path, also when the app is served below a base path; None if there is none."""
        if path in self._files:
            return path
        _, mark, rest = path.rpartition("/static/")
        return mark + rest if mark and mark + rest in self._files else None

    def find(self, path: str, encoding: str) -> Copy | None:
        """The copy, if it has been made already."""
        return self._copies.get((path, encoding))

    def make(self, path: str, encoding: str) -> Copy:
        """The copy, compressed now unless it has been before. Blocks; call it from a thread."""
        with self._locks[path]:
            copy = self.find(path, encoding)
            if copy is None:
                copy = _compress(self._files[path], encoding)
                self._copies[path, encoding] = copy
            return copy

    def make_all(self, encoding: str = "br") -> None:
        """Compress every file that has not been yet: half a second of one core for Streamlit's."""
        for path in self._files:
            self.make(path, encoding)


class CompressedStatic:
    """ASGI middleware that answers for the files of `copies` and passes everything else on."""

    def __init__(self, app: ASGIApp, copies: StaticCopies) -> None:
        """Wrap `app`."""
        self.app = app
        self.copies = copies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a compressed copy where one fits."""
        is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        path = self.copies.locate(scope["path"]) if is_read else None
        if path is None:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        encoding = choose_encoding(headers.get("accept-encoding", ""))
        if encoding is None or "range" in headers:
            await self.app(scope, receive, _vary(send))
            return
        copy = self.copies.find(path, encoding)
        if copy is None:
            copy = await run_in_threadpool(self.copies.make, path, encoding)
        await _answer(copy, scope["method"], headers.get("if-none-match"), send)


def choose_encoding(accepted: str) -> str | None:
    """The encoding to use for an `Accept-Encoding` header: the reader's favourite, Brotli where equal, or None."""
    qualities: dict[str, float] = {}
    for item in accepted.split(","):
        name, _, parameter = item.partition(";")
        key, _, value = parameter.strip().partition("=")
        try:
            qualities[name.strip().lower()] = float(value) if key.strip().lower() == "q" else 1.0
        except ValueError:
            continue
    offered = {encoding: qualities.get(encoding, qualities.get("*", 0.0)) for encoding in COMPRESSORS}
    best = max(offered, key=lambda encoding: offered[encoding])
    if offered[best] <= 0 or offered[best] < qualities.get("identity", 0.0):
        return None
    return best


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` header names this ETag (weak comparison, as RFC 9110 asks)."""
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags


async def _answer(copy: Copy, method: str, if_none_match: str | None, send: Send) -> None:
    if matches(if_none_match, copy.etag):
        kept = [(name, value) for name, value in copy.headers if name in (b"etag", b"cache-control", b"vary")]
        await send({"type": "http.response.start", "status": 304, "headers": kept})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(copy.headers)})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else copy.body})


def _vary(send: Send) -> Send:
    async def send_with_vary(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
        await send(message)

    return send_with_vary


def _compress(file: Path, encoding: str) -> Copy:
    raw = file.read_bytes()
    body = COMPRESSORS[encoding](raw)
    etag = f'"{hashlib.sha256(raw).hexdigest()[:24]}-{encoding}"'
    kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0] or "text/plain"
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    # The two files without a hash in their name change with Streamlit's version.
    is_named_by_content = file.suffix != ".html" and file.name != "manifest.json"
    headers = {
        "content-type": kind + charset,
        "content-encoding": encoding,
        "content-length": str(len(body)),
        "cache-control": FOREVER if is_named_by_content else "no-cache",
        "etag": etag,
        "vary": "Accept-Encoding",
    }
    return Copy(body, tuple((name.encode(), value.encode()) for name, value in headers.items()), etag)

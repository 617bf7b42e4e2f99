"""What all answers over HTTP share: ETag, 304 and HEAD, encodings, JSON, names of files.

Headers are dictionaries with their names in small letters, as they are sent.
"""

import base64
import gzip
import hashlib
import json
import shutil
import string
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import brotli
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Scope, Send

from dashboard.edition import edition as edition
from dashboard.ground.tracking import drop_tracking

FRESH = "public, max-age=60, stale-while-revalidate=600"
"""An answer may be a minute old, and for ten more while a newer one is fetched: data changes a few times a day."""

FOREVER = "public, max-age=31536000, immutable"
"""For addresses whose answer never changes: they name a build, or the hash of a file."""

NO_STORE = {"cache-control": "no-store"}

OPEN = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Accept-Ranges, Content-Disposition, Content-Range, ETag, Link, Retry-After",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
"""For what scripts of every site may read: it is public, and says nothing about the reader."""

UNMODIFIED = (
    "etag",
    "last-modified",
    "cache-control",
    "vary",
    "content-language",
    "content-security-policy",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "cross-origin-resource-policy",
    "x-content-type-options",
    "referrer-policy",
)
"""The headers of a 304; a browser puts them in the place of those it has, the policy too."""

MOST_FIELDS = 500
PORTION = 1 << 20
IDENTITY = "identity"
# Quality 6 takes a fifth of the time of 9 for 2 % more bytes.
COMPRESSORS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda raw: bytes(brotli.compress(raw, quality=6)),
    "gzip": lambda raw: gzip.compress(raw, 6, mtime=0),
}


COMPRESSED = (
    "application/pdf",
    "application/vnd.apache.parquet",
    "application/vnd.openxmlformats",
    "application/zip",
    "image/png",
)
"""How the media types begin whose files are compressed already."""

AS_IT_IS = (b"content-encoding", IDENTITY.encode())
"""Has the compression that Streamlit puts around all routes leave an answer alone; it is not sent."""


def hash_parts(parts: object) -> str:
    """Hash an answer by all that it is made from, as JSON takes it."""
    return hash_body(json.dumps(parts).encode())


def hash_body(body: bytes) -> str:
    """Hash an answer by its content."""
    return hashlib.sha256(body).hexdigest()[:32]


def hash_source(text: str) -> str:
    """Hash a script or style as a content policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` header names this ETag (weak comparison, as RFC 9110 asks)."""
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags


def choose_encoding(accepted: str) -> str:
    """Choose the encoding for an `Accept-Encoding` header: the client's favourite, else Brotli, or `identity`."""
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
    if offered[best] <= 0 or offered[best] < qualities.get(IDENTITY, 0.0):
        return IDENTITY
    return best


def is_compressed(media_type: str) -> bool:
    """Whether files of a media type are compressed already, so that compressing again would save nothing."""
    return media_type.startswith(COMPRESSED)


def name_encoding(request: Request, media_type: str) -> str:
    """Name the encoding in which a client gets an answer of a media type."""
    return IDENTITY if is_compressed(media_type) else choose_encoding(request.headers.get("accept-encoding", ""))


def encoding_headers(key: str, encoding: str, media_type: str) -> dict[str, str]:
    """Return the headers of an answer that `key` identifies, in one of the encodings of its media type."""
    headers = {"etag": f'"{key}-{encoding}"', "content-type": media_type}
    if not is_compressed(media_type):
        headers["vary"] = "Accept-Encoding"
    return headers if encoding == IDENTITY else headers | {"content-encoding": encoding}


def compress(body: bytes, encoding: str) -> bytes:
    """Compress a body. Takes milliseconds: call it from a thread."""
    return COMPRESSORS[encoding](body) if encoding in COMPRESSORS else body


def compress_file(path: Path, encoding: str) -> None:
    """Replace a file by its compressed form, with little of it in memory."""
    if encoding == IDENTITY:
        return
    encoded = path.with_name(f"{path.name}.{encoding}")
    try:
        with path.open("rb") as plain, encoded.open("wb") as target:
            if encoding == "gzip":
                with gzip.GzipFile("", "wb", 6, target, mtime=0) as stream:
                    shutil.copyfileobj(plain, stream, PORTION)
            else:
                compressor = brotli.Compressor(quality=5)
                while portion := plain.read(PORTION):
                    target.write(compressor.process(portion))
                target.write(compressor.finish())
        encoded.replace(path)
    finally:
        encoded.unlink(missing_ok=True)


def leave_as_it_is(scope: Scope, send: Send) -> Send:
    """Let an answer pass uncompressed through the compression that Streamlit puts around all routes.

    A strong `ETag` belongs to one encoding, and compressing a compressed answer gains nothing. All other answers are
    compressed; to HEAD they state no length, since it is not that of what a GET sends.
    """

    def mark(headers: MutableHeaders, _status: int) -> None:
        if "etag" in headers or is_compressed(headers.get("content-type", "")):
            headers.setdefault("content-encoding", IDENTITY)
        elif scope["method"] == "HEAD" and "gzip" in read_header(scope, b"accept-encoding"):
            del headers["content-length"]

    return change_headers(send, mark)


class Layer:
    """ASGI middleware around an application."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app


def change_headers(send: Send, change: Callable[[MutableHeaders, int], object]) -> Send:
    """Return a `send` that passes an answer on once `change` has changed its headers; `change` gets the status too."""

    async def send_changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(MutableHeaders(scope=message), message["status"])
        await send(message)

    return send_changed


class Answer(Response):
    """An answer with exactly the given headers."""

    def __init__(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """Take headers with their names in small letters."""
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def answer_unmodified(request: Request, headers: Mapping[str, str]) -> Answer | None:
    """Answer 304 where the client already has the answer of these headers, else return None."""
    tags = request.headers.get("if-none-match")
    if not (matches(tags, headers["etag"]) or tags is None and _is_as_new(request, headers.get("last-modified", ""))):
        return None
    return Answer(304, b"", {name: headers[name] for name in UNMODIFIED if name in headers})


def _is_as_new(request: Request, last_modified: str) -> bool:
    """Return whether a client that goes by days, and not by ETags, has an answer of this day."""
    try:
        return parsedate_to_datetime(request.headers["if-modified-since"]) >= parsedate_to_datetime(last_modified)
    except (KeyError, ValueError, TypeError):  # it asks for no day, or for none that is one, or without a zone
        return False


def answer_headers(headers: Mapping[str, str]) -> Answer:
    """Answer a HEAD request for a file that has not been made yet: its size is not known."""
    return Answer(200, b"", headers)


def answer_body(request: Request, body: bytes, headers: Mapping[str, str], status: int = 200) -> Answer:
    """Answer with a body and its length; a HEAD request gets the headers alone."""
    answer = Answer(status, b"" if request.method == "HEAD" else body, headers)
    answer.raw_headers.append((b"content-length", str(len(body)).encode()))
    return answer


def lead(address: str, headers: Mapping[str, str] = NO_STORE) -> Answer:
    """Answer 303: the client is to read another address; characters beyond ASCII are quoted."""
    return Answer(303, b"", {**headers, "location": quote(address, string.punctuation), "content-length": "0"})


def answer_json(request: Request, content: Any, headers: Mapping[str, str] = NO_STORE, status: int = 200) -> Answer:
    """Answer with content as JSON; by default nobody keeps it."""
    json_headers = {**headers, "content-type": "application/json"}
    return answer_body(request, write_json(content), json_headers, status)


def answer_content(
    request: Request, body: bytes, headers: Mapping[str, str], media_type: str = "application/json"
) -> Answer:
    """Answer with a text that a client may keep; its hash is the `ETag`. Takes milliseconds: call it from a thread."""
    encoding = name_encoding(request, media_type)
    tagged = encoding_headers(hash_body(body), encoding, media_type)
    tagged = {**tagged, "cache-control": FRESH, **headers}
    if "vary" in headers:
        tagged["vary"] = f"{headers['vary']}, Accept-Encoding"
    return answer_unmodified(request, tagged) or answer_body(request, compress(body, encoding), tagged)


def write_json(content: Any) -> bytes:
    """Write content as JSON that people can read too."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def name_attachment(file_name: str) -> str:
    """Write the header `Content-Disposition` of a file; a name beyond plain letters is only encoded."""
    encoded = quote(file_name, safe="")
    plain = f'filename="{file_name}"; ' if encoded == file_name else ""
    return f"attachment; {plain}filename*=UTF-8''{encoded}"


def name_type(media_type: str) -> str:
    """Write the header `Content-Type` of a media type: texts are UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") and ";" not in media_type else media_type


def read_form(body: bytes) -> dict[str, list[str]]:
    """Read the fields of a form; none where there are far too many."""
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def read_query(request: Request) -> dict[str, list[str]]:
    """Read a request's parameters, name → values, without what was appended to its address on the way."""
    return drop_tracking({name: request.query_params.getlist(name) for name in request.query_params})


def read_header(scope: Scope, name: bytes) -> str:
    """Read the last header of a name; empty where there is none."""
    last_value = b""
    for header_name, value in scope["headers"]:
        if header_name == name:
            last_value = value
    return last_value.decode("latin-1")

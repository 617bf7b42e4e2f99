"""One question to a server, and its answer whole or not at all: JSON in memory, a file on the disk."""

import email.utils
import json
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

from dashboard import outbound
from dashboard.campaign.sources import NAMES, Source
from dashboard.errors import UserError, sentence
from dashboard.ground.processes.progress import Progress
from dashboard.i18n import N_
from etl.sources.network import MOST_REDIRECTS, Credentials, Reach, RefusedError

MOST_JSON = 32 * 1024 * 1024
"""Bytes of an answer that is kept in memory."""
LONGEST = 1800.0
"""Seconds that one answer may take in all, however steadily it comes."""
_REDIRECTS = (301, 302, 303, 307, 308)
_HEAD = 2048
_PIECE = 65_536


class FarSideError(UserError):
    """A source's server gives an answer that cannot be used."""


class LaterError(FarSideError):
    """The server asks for a pause: of so many seconds, where it says so."""

    def __init__(self, what: str, remedy: str, seconds: float | None = None) -> None:
        """State both sentences and the time."""
        super().__init__(what, remedy)
        self.seconds = seconds


@dataclass(frozen=True)
class Downloaded:
    """A whole file, with its `ETag` and `Last-Modified`; empty where the server gives none."""

    path: Path
    etag: str = ""
    modified: str = ""


@dataclass
class Asking:
    """Asks one server.

    Attributes:
        client: From `open_client`.
        reach: The permitted addresses, for tools outside the web.
        most: The largest size of a file, in bytes.
        headers: Headers of each request to the source's own server, such as its token.
        moment: The time of the server's last answer, by its own clock; empty where it has none.
    """

    source: Source
    client: httpx.Client
    secrets: Credentials
    reach: Reach
    most: int
    progress: Progress
    headers: dict[str, str] = field(default_factory=dict)
    moment: str = ""

    def ask(self, method: str, url: str, **options: Any) -> Any:
        """Return the JSON answer of the source's own server; redirects are not followed.

        Raises:
            FarSideError: the answer is something else, or not in time.
        """
        with self._open(method, url, follow=False, **options) as answer:
            content = bytearray()
            for chunk in self._read(answer):
                content += chunk
                if len(content) > MOST_JSON:
                    raise self._too_large(MOST_JSON)
        if answer.status_code == httpx.codes.NO_CONTENT:
            return None
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            raise self._no_data(bytes(content[:_HEAD])) from None

    def download(self, url: str, to: Path, *, validators: Mapping[str, str] | None = None) -> Downloaded | None:
        """Download a file to `to`; None where it is as in `validators`: `If-None-Match`, `If-Modified-Since`.

        Redirects may lead elsewhere; no secret goes along. No incomplete file is left there.

        Raises:
            FarSideError: it does not come whole or in time, is too large, or is a page of the web.
        """
        try:
            with self._open("GET", url, follow=True, headers=dict(validators or {})) as answer:
                return None if answer.status_code == httpx.codes.NOT_MODIFIED else self._save(answer, to)
        except BaseException:
            to.unlink(missing_ok=True)
            raise

    def _save(self, answer: httpx.Response, to: Path) -> Downloaded:
        length = answer.headers.get("Content-Length", "")
        if not length and answer.headers.get("Transfer-Encoding", "").lower() != "chunked":
            raise self.fault(
                N_("{host} does not say where its answer ends, so it may be incomplete."),
                N_("Ask those who run the server for Content-Length, or take the file from elsewhere."),
            )
        announced = int(length) if length.isdigit() else 0
        if announced > self.most:
            raise self._too_large(self.most)
        size, head = 0, b""
        with to.open("wb") as file:
            for chunk in self._read(answer):
                head = head or chunk[:_HEAD]
                size += len(chunk)
                if size > self.most:
                    raise self._too_large(self.most)
                file.write(chunk)
                self.progress(self.source.label, size, announced)
        if not size or _is_page(head):
            raise self._no_data(head)
        return Downloaded(to, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))

    def _read(self, answer: httpx.Response) -> Iterator[bytes]:
        """Read the content in pieces, however well it was packed."""
        packing = answer.headers.get("Content-Encoding", "").strip(" ,").lower()
        is_plain = packing in ("", "identity")
        if not is_plain and packing not in ("gzip", "x-gzip"):
            raise self.fault(N_("The answer of {host} is packed in a way that was not asked for."), _AGAIN)
        until = time.monotonic() + LONGEST
        try:
            for chunk in answer.iter_raw(_PIECE) if is_plain else _unpack(answer.iter_raw(_PIECE)):
                if time.monotonic() > until:
                    raise self.fault(N_("{host} did not finish its answer in time."), _AGAIN)
                yield chunk
        except zlib.error as error:
            raise self.fault(N_("The answer of {host} is damaged."), _AGAIN) from error
        except httpx.RemoteProtocolError as error:
            raise self.fault(BROKE_OFF, _AGAIN) from error
        except httpx.TransportError as error:
            raise outbound.explain(error, self.source.host) from error

    @contextmanager
    def _open(self, method: str, url: str, *, follow: bool, **options: Any) -> Iterator[httpx.Response]:
        """Open an answer with a good status; its content is still to be read."""
        source_host = httpx.URL(self.source.address).netloc
        for _ in range(MOST_REDIRECTS + 1):
            headers = {**options.get("headers", {})}
            if httpx.URL(url).netloc == source_host:
                headers |= self.headers
            request = self.client.build_request(method, url, **{**options, "headers": headers})
            try:
                answer = self.client.send(request, stream=True)
            except httpx.InvalidURL as error:  # the client looks where a redirect would lead
                raise self._leads_away() from error
            except httpx.RemoteProtocolError as error:
                raise self.fault(BROKE_OFF, _AGAIN) from error
            except (httpx.TransportError, OSError) as error:
                raise outbound.explain(error, str(httpx.URL(url).netloc, "ascii")) from error
            try:
                if answer.status_code in _REDIRECTS and follow:
                    url = self._follow(url, answer)
                    continue
                self._check(answer)
                self.moment = _read_moment(answer.headers.get("Date", ""))
                yield answer
            finally:
                answer.close()
            return
        raise self.fault(N_("{host} redirects endlessly."), _ADDRESS)

    def _follow(self, url: str, answer: httpx.Response) -> str:
        """Find the target of a redirect: neither out of encryption nor out of the web."""
        try:
            target = urljoin(url, str(answer.headers.get("Location", "")))
            leads = httpx.URL(target)
        except (ValueError, httpx.InvalidURL):
            leads = httpx.URL("")
        if leads.scheme not in outbound.SCHEMES or not leads.host:
            raise self._leads_away()
        if url.startswith("https:") and not target.startswith("https:"):
            what = N_("{host} redirects to an address without encryption (http).")
            raise RefusedError(sentence(what, host=self.source.host), _ADDRESS)
        return target

    def _leads_away(self) -> RefusedError:
        what = N_("{host} redirects to an address that is not on the web.")
        return RefusedError(sentence(what, host=self.source.host), _ADDRESS)

    def _check(self, answer: httpx.Response) -> None:
        """Raise the error of a status, unless it is one of those that bring content."""
        code = answer.status_code
        if code in _GOOD:
            return
        if code in _LATER:
            seconds = read_pause(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
            later = sentence(N_("{host} asks to try again later ({code})."), host=self.source.host, code=code)
            raise LaterError(later, AGAIN, seconds)
        if code in _DENIED:
            renew = sentence(_RENEW, tool=sentence(NAMES[self.source.tool]), variables=self.source.variables)
            raise self.fault(N_("{host} denies access to this program ({code})."), renew, code=code)
        what, remedy = _REFUSALS.get(code, _BROKEN if code >= httpx.codes.INTERNAL_SERVER_ERROR else _NOT_ACCEPTED)
        raise self.fault(what, remedy, code=code)

    def check_size(self, name: str, size: int) -> None:
        """Refuse a file before it comes."""
        if size > self.most:
            raise FarSideError(
                sentence(N_("{name} is larger than {size} MB."), name=name, size=self.most // 1024**2), _LARGER
            )

    def expect(self, answer: Any, kind: type, remedy: str) -> Any:
        """Return an answer of the tool's kind."""
        if not isinstance(answer, kind):
            raise self.fault(NOT_AS, remedy, tool=sentence(NAMES[self.source.tool]))
        return answer

    def fault(self, what: str, remedy: str, **values: str | int) -> FarSideError:
        """Describe the fault of an answer, in a sentence that names the host."""
        return FarSideError(sentence(what, host=self.source.host, **values), remedy)

    def _too_large(self, most: int) -> FarSideError:
        return self.fault(N_("The answer of {host} is larger than {size} MB."), _LARGER, size=most // 1024**2)

    def _no_data(self, head: bytes) -> FarSideError:
        if _is_page(head):
            return self.fault(
                N_("{host} answers with a web page, usually a sign-in page, instead of what was requested."), _ADDRESS
            )
        return self.fault(N_("{host} sends nothing readable."), _ADDRESS)


NOT_AS = N_("{host} does not answer as {tool} does.")
NO_COUNT = N_("{host} does not say how many answers form {form} has.")
BROKE_OFF = N_("The answer of {host} broke off.")
AGAIN = N_("The program will try again automatically.")
CHECK = N_("Check the address.")
_AGAIN = N_("The program will try again automatically; if this continues, ask those who run the server.")
_ADDRESS = N_("Check the address, and that what it shows is shared with this program.")
_LARGER = N_("If it is what is meant, raise DASHBOARD_SOURCE_MB.")
_RENEW = N_(
    "The secret of {tool} has expired, was withdrawn, or may not see this: have an administrator "
    "set a new one ({variables}…)."
)
_GOOD = (200, 201, 202, 204, 304)
_DENIED = (401, 403)
_LATER = (429, 503)
_UNKNOWN = (
    N_("{host} does not know what this source asks for ({code})."),
    N_("It was removed or renamed there, or is not shared with this secret's user: choose it anew."),
)
_REFUSALS = {
    404: _UNKNOWN,
    410: _UNKNOWN,
    **dict.fromkeys(_REDIRECTS, (N_("{host} redirects to another address ({code})."), _ADDRESS)),
}
_BROKEN = (N_("{host} reports an internal error ({code})."), _AGAIN)
_NOT_ACCEPTED = (N_("{host} does not accept the request ({code})."), _ADDRESS)


def read_pause(text: str, date: str = "") -> float | None:
    """Read the seconds in `Retry-After`; a moment counts by the server's own clock, right or wrong."""
    if text.strip().isdigit():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
        now = email.utils.parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return max((until - now).total_seconds(), 0.0)


def _read_moment(date: str) -> str:
    """Read a server's `Date` as ISO 8601 in UTC; empty where it has none."""
    try:
        return email.utils.parsedate_to_datetime(date).astimezone(UTC).isoformat(timespec="milliseconds")
    except (TypeError, ValueError):
        return ""


def _unpack(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack gzip into pieces no longer than those that come; `zlib.error` where it is damaged."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for packed in pieces:
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, _PIECE)
            packed = unpacker.unconsumed_tail
    while rest := unpacker.decompress(b"", _PIECE):
        yield rest
    if not unpacker.eof:
        raise zlib.error("it ends before its end")


def _is_page(head: bytes) -> bool:
    """Return whether a file begins as a page of the web does."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<?xml") and b"<html" in start)

"""One question to a server, and its answer whole or not at all: JSON in memory, a file on the disk."""

import email.utils
import hashlib
import json
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
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
from dashboard.i18n import N_
from etl.sources.credentials import Credentials
from etl.sources.network import MOST_REDIRECTS, Reach, RefusedError

MOST_JSON = 32 * 1024 * 1024
"""Bytes of an answer that is kept in memory."""
LONGEST = 1800.0
"""Seconds that one answer may take in all, however steadily it comes."""
_REDIRECTS = (301, 302, 303, 307, 308)
_HEAD = 2048
_PIECE = 65_536
Progress = Callable[[str, int, int], None]
"""Told what is being done, how far it is and of how much (0 where nobody knows)."""


class FarSideError(UserError):
    """What a source's server answers cannot be used."""


class LaterError(FarSideError):
    """The server wants to be left alone for a while.

    Attributes:
        seconds: For how long, where it says so; else None.
    """

    def __init__(self, what: str, remedy: str, seconds: float | None = None) -> None:
        """State both sentences and the time."""
        super().__init__(what, remedy)
        self.seconds = seconds


@dataclass(frozen=True)
class Downloaded:
    """A file that has come whole.

    Attributes:
        sha256: Of its content.
        etag: Tells its next version from it; empty where the server gives none.
        modified: When it was changed, in the server's words; empty where it does not say.
    """

    path: Path
    sha256: str
    size: int
    etag: str = ""
    modified: str = ""


@dataclass
class Asking:
    """Asks one server.

    Attributes:
        source: Whose it is, for what is said.
        client: Of `open_client`.
        secrets: What is taken out of everything that is said.
        reach: What may be asked, for tools that are not of the web.
        most: Bytes that a file may have.
        progress: Told how far a file has come.
        headers: What goes to the source's own server with each question, as its token.
        moment: When the server answered last, by its own clock; empty where it does not say.
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
        """The JSON that the source's own server answers; redirects are not followed.

        Raises:
            FarSideError: it answers something else, or not in time.
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
        """A file, written to `to`; None where it is as it was.

        Redirects may lead elsewhere; no secret goes along.

        Args:
            url: Its address.
            to: Where to write it; nothing is left there where it does not come whole.
            validators: The headers `If-None-Match` and `If-Modified-Since`, where it is known already.

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
            raise FarSideError(
                sentence(
                    N_("{host} does not say where its answer ends, so it may be incomplete."),
                    host=self._who,
                ),
                N_("Ask those who run the server for Content-Length, or take the file from elsewhere."),
            )
        announced = int(length) if length.isdigit() else 0
        if announced > self.most:
            raise self._too_large(self.most)
        digest, size, head = hashlib.sha256(), 0, b""
        with to.open("wb") as file:
            for chunk in self._read(answer):
                head = head or chunk[:_HEAD]
                digest.update(chunk)
                size += len(chunk)
                if size > self.most:
                    raise self._too_large(self.most)
                file.write(chunk)
                self.progress(self.source.label, size, announced)
        if not size or _is_page(head):
            raise self._no_data(head)
        headers = answer.headers
        return Downloaded(
            to,
            digest.hexdigest(),
            size,
            headers.get("ETag", ""),
            headers.get("Last-Modified", ""),
        )

    def _read(self, answer: httpx.Response) -> Iterator[bytes]:
        """The content in pieces, however well it was packed.

        Raises:
            FarSideError: it takes too long, breaks off, or is packed otherwise than was asked for.
        """
        packed = [
            name.strip().lower() for name in answer.headers.get("Content-Encoding", "").split(",") if name.strip()
        ]
        is_plain = packed in ([], ["identity"])
        if not is_plain and packed not in (["gzip"], ["x-gzip"]):
            raise self._fault(N_("The answer of {host} is packed in a way that was not asked for."), _AGAIN)
        until = time.monotonic() + LONGEST
        try:
            for chunk in answer.iter_raw(_PIECE) if is_plain else _unpack(answer.iter_raw(_PIECE)):
                if time.monotonic() > until:
                    raise self._fault(N_("{host} did not finish its answer in time."), _AGAIN)
                yield chunk
        except zlib.error as error:
            raise self._fault(N_("The answer of {host} is damaged."), _AGAIN) from error
        except httpx.RemoteProtocolError as error:
            raise self._fault(BROKE_OFF, _AGAIN) from error
        except httpx.TransportError as error:
            raise outbound.explain(error, self._who) from error

    @contextmanager
    def _open(self, method: str, url: str, *, follow: bool, **options: Any) -> Iterator[httpx.Response]:
        """An answer whose status is well; its content is still to be read.

        Raises:
            FarSideError: its status is none that helps.
        """
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
                raise self._fault(BROKE_OFF, _AGAIN) from error
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
        raise self._fault(N_("{host} redirects endlessly."), _ADDRESS)

    def _follow(self, url: str, answer: httpx.Response) -> str:
        """Where a redirect leads.

        Raises:
            RefusedError: out of encryption, or out of the web.
        """
        try:
            target = urljoin(url, str(answer.headers.get("Location", "")))
            leads = httpx.URL(target)
        except (ValueError, httpx.InvalidURL):
            leads = httpx.URL("")
        if leads.scheme not in outbound.SCHEMES or not leads.host:
            raise self._leads_away()
        if url.startswith("https:") and not target.startswith("https:"):
            what = N_("{host} redirects to an address without encryption (http).")
            raise RefusedError(sentence(what, host=self._who), _ADDRESS)
        return target

    def _leads_away(self) -> RefusedError:
        return RefusedError(
            sentence(N_("{host} redirects to an address that is not on the web."), host=self._who), _ADDRESS
        )

    def _check(self, answer: httpx.Response) -> None:
        """Raise what a status says.

        Raises:
            FarSideError: it is not one of those that bring something.
        """
        code = answer.status_code
        if code in (httpx.codes.OK, httpx.codes.CREATED, httpx.codes.ACCEPTED):
            return
        if code in (httpx.codes.NO_CONTENT, httpx.codes.NOT_MODIFIED):
            return
        if code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise self._fault(
                N_("{host} denies access to this program ({code})."),
                sentence(
                    N_(
                        "The secret of {tool} has expired, was withdrawn, or may not see this: have an administrator "
                        "set a new one ({variables}…)."
                    ),
                    tool=sentence(NAMES[self.source.tool]),
                    variables=self.source.variables,
                ),
                code,
            )
        if code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            raise self._fault(
                N_("{host} does not know what this source asks for ({code})."),
                N_("It was removed or renamed there, or is not shared with this secret's user: choose it anew."),
                code,
            )
        if code in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
            seconds = read_pause(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
            what = sentence(N_("{host} asks to try again later ({code})."), host=self._who, code=code)
            raise LaterError(what, N_("The program will try again automatically."), seconds)
        if code in _REDIRECTS:
            raise self._fault(N_("{host} redirects to another address ({code})."), _ADDRESS, code)
        if code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise self._fault(N_("{host} reports an internal error ({code})."), _AGAIN, code)
        raise self._fault(N_("{host} does not accept the request ({code})."), _ADDRESS, code)

    def check_size(self, name: str, size: int) -> None:
        """Refuse a file before it comes.

        Raises:
            FarSideError: it is too large.
        """
        if size > self.most:
            raise FarSideError(
                sentence(N_("{name} is larger than {size} MB."), name=name, size=self.most // 1024**2), _LARGER
            )

    def _too_large(self, most: int) -> FarSideError:
        what = N_("The answer of {host} is larger than {size} MB.")
        return FarSideError(sentence(what, host=self._who, size=most // 1024**2), _LARGER)

    def _no_data(self, head: bytes) -> FarSideError:
        if _is_page(head):
            return self._fault(
                N_("{host} answers with a web page, usually a sign-in page, instead of what was requested."),
                _ADDRESS,
            )
        return self._fault(N_("{host} sends nothing readable."), _ADDRESS)

    def _fault(self, what: str, remedy: str, code: int | None = None) -> FarSideError:
        """What is wrong with an answer, where the sentence names the host and the status alone."""
        values = {} if code is None else {"code": code}
        return FarSideError(sentence(what, host=self._who, **values), remedy)

    @property
    def _who(self) -> str:
        return self.source.host


NOT_AS = N_("{host} does not answer as {tool} does.")
NO_COUNT = N_("{host} does not say how many answers form {form} has.")
BROKE_OFF = N_("The answer of {host} broke off.")
AGAIN = N_("The program will try again automatically.")
CHECK = N_("Check the address.")
_AGAIN = N_("The program will try again automatically; if this continues, ask those who run the server.")
_ADDRESS = N_("Check the address, and that what it shows is shared with this program.")
_LARGER = N_("If it is what is meant, raise DASHBOARD_SOURCE_MB.")


def read_pause(text: str, date: str = "") -> float | None:
    """The seconds that `Retry-After` asks for; a moment is told by the server's own clock, whatever that shows."""
    if text.strip().isdigit():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
        now = email.utils.parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return max((until - now).total_seconds(), 0.0)


def _read_moment(date: str) -> str:
    """A server's `Date` as ISO 8601 in UTC; empty where it says none."""
    try:
        return email.utils.parsedate_to_datetime(date).astimezone(UTC).isoformat(timespec="milliseconds")
    except (TypeError, ValueError):
        return ""


def _unpack(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What gzip has packed, in pieces that are no longer than those that come.

    Raises:
        zlib.error: it is damaged, or ends before its end.
    """
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
    """Whether a file begins as a page of the web does."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<?xml") and b"<html" in start)

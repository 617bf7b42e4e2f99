"""Add the headers that tell browsers what they may do with an answer. docs/security.md lists them.

A header that a route sets itself stays: charts for other sites decide who may frame and read them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.types import Message, Receive, Scope, Send

from dashboard.ground.base_urls import is_local
from dashboard.settings import Settings
from dashboard.web.http import AS_IT_IS, Layer, hash_source
from dashboard.web.site import path_of

FRAMING = "frame-ancestors 'self'"
"""Pages stay out of other sites' frames."""

HEADERS = MappingProxyType(
    {
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "content-security-policy": f"default-src 'none'; {FRAMING}",
        "permissions-policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
        "cross-origin-resource-policy": "same-origin",
    }
)
ON_TRUSTED_ADDRESSES = MappingProxyType({"cross-origin-opener-policy": "same-origin"})
"""By https and on this computer; elsewhere browsers refuse to follow it, and say so to whoever looks."""

BY_HTTPS = MappingProxyType({"strict-transport-security": "max-age=31536000"})
"""Where the dashboard's stated address is one of https."""

READ_BY_SCRIPTS = b"_streamlit_xsrf="
"""The one cookie that the pages' scripts send back themselves, and so may read."""

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
Raw = tuple[tuple[bytes, bytes], ...]


class SecurityHeaders(Layer):
    """ASGI middleware that adds the headers an answer lacks, and the flags of cookies."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; add headers to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_resource = path_of(scope).startswith("/static/")  # a worker of Plotly or a table has its file's policy
        added, is_secure = _list_headers(Settings.from_environment().base_url, is_resource)

        async def send_guarded(message: Message) -> None:
            # 304 leaves what the browser has as it is, but for the headers that it names.
            if message["type"] == "http.response.start" and message["status"] != 304:
                answer_headers = [
                    _flag(header, is_secure) for header in message.get("headers", ()) if header != AS_IT_IS
                ]
                message["headers"] = [*answer_headers, *_leave_out(added, answer_headers)]
            await send(message)

        await self.app(scope, receive, send_guarded)


def write_page_policy(html: str) -> str:
    """Write the content policy of a Streamlit page: it may load its own files and run the scripts that stand in it.

    Components are scripts that Streamlit makes of texts (`blob:`); scripts set its styles and Plotly's.
    """
    scripts = " ".join(map(hash_source, _INLINE.findall(html)))
    return (
        f"default-src 'none'; script-src 'self' blob: {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        f"frame-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; {FRAMING}"
    )


@lru_cache(8)
def _list_headers(base_url: str, is_resource: bool) -> tuple[Raw, bool]:
    """List the headers of a dashboard at an address, and whether its cookies are sent by https alone."""
    is_secure = urlsplit(base_url).scheme == "https"
    headers = {**HEADERS, **(ON_TRUSTED_ADDRESSES if is_secure or is_local(base_url) else {})}
    headers |= BY_HTTPS if is_secure else {}
    headers |= {"content-security-policy": FRAMING} if is_resource else {}
    return tuple((name.encode(), value.encode()) for name, value in headers.items()), is_secure


def _leave_out(added: Raw, answer_headers: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """List what is added to an answer's own headers; the policy would block the page in which browsers show a PDF."""
    names = {name.lower() for name, _ in answer_headers}
    is_shown = (b"content-type", b"application/pdf") in answer_headers
    for name, value in added:
        if name not in names:
            yield name, FRAMING.encode() if is_shown and name == b"content-security-policy" else value


def _flag(header: tuple[bytes, bytes], is_secure: bool) -> tuple[bytes, bytes]:
    """Return a header; a cookie gets the flags that it lacks."""
    name, value = header
    if name.lower() != b"set-cookie":
        return header
    flags = value.lower()
    for flag, is_wanted in (
        (b"Secure", is_secure),
        (b"HttpOnly", not value.startswith(READ_BY_SCRIPTS)),
        (b"SameSite=Lax", b"samesite=" not in flags),
    ):
        if is_wanted and b"; " + flag.lower() not in flags:
            value += b"; " + flag
    return name, value

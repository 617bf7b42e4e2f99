"""Which of several servers runs a page: said in a cookie, by which the proxy leads what belongs to it there.

Files that a page offers or takes are known to the server that runs it, and to no other. The cookie comes with the
page's connection, so that it always names the server that the page is connected to; charts, extracts and feeds, which
any server answers alike, set none. It says nothing about the reader, and only where the server has a name.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope

from dashboard.settings import Settings
from dashboard.web.cookies import is_secure

COOKIE = "dashboard_server"
"""Without a hyphen, so that nginx can read it as a variable."""


def name_server(message: Message, scope: Scope, settings: Settings) -> None:
    """Put the cookie into the message that accepts a page's connection."""
    if settings.server_name:
        secure = "; Secure" if is_secure(scope, settings) else ""
        value = f"{COOKIE}={settings.server_name}; Path=/; HttpOnly; SameSite=Lax{secure}"
        message["headers"] = list(message.get("headers", ()))
        MutableHeaders(scope=message).append("set-cookie", value)

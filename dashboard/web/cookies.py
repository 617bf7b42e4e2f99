"""The cookie that names a session: for this host alone, out of reach for scripts, not sent by other sites' forms."""

from starlette.types import Scope

from dashboard.ground.base_urls import is_local
from dashboard.settings import Settings

SECURE = "__Host-dashboard"
PLAIN = "dashboard"
LONGEST = 200


def is_secure(scope: Scope, settings: Settings) -> bool:
    """Whether the browser speaks https: to this process, or to what stands before it at the public address."""
    if scope.get("scheme") in ("https", "wss"):
        return True
    return settings.base_url.startswith("https://") and not is_local(f"//{_host(scope)}")


def name_cookie(scope: Scope, settings: Settings, use: str = "session") -> str:
    """The cookie's name. Browsers give a host's cookies to all of its ports, so on this computer it has the port."""
    if is_secure(scope, settings):
        return f"{SECURE}-{use}"
    return f"{PLAIN}-{use}-{_host(scope).rpartition(':')[2] if ':' in _host(scope) else 80}"


def read_cookie(scope: Scope, settings: Settings, use: str = "session") -> str:
    """What the cookie says; empty where there is none, or several, as another site of the domain might add one."""
    name = name_cookie(scope, settings, use)
    matches = []
    for header, value in scope["headers"]:
        if header == b"cookie":
            pairs = (pair.strip().partition("=") for pair in value.decode("latin-1").split(";"))
            matches += [text for cookie_name, _, text in pairs if cookie_name == name]
    return matches[0] if len(matches) == 1 and len(matches[0]) <= LONGEST * 20 else ""


def write_cookie(scope: Scope, settings: Settings, value: str, use: str = "session", seconds: int | None = None) -> str:
    """The header `Set-Cookie`: until the browser is closed, for some seconds, or with 0 to remove it."""
    parts = [f"{name_cookie(scope, settings, use)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    if is_secure(scope, settings):
        parts.append("Secure")
    return "; ".join(parts)


def _host(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")

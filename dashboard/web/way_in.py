"""The addresses of signing in and out, and which addresses may follow a sign-in."""

from urllib.parse import urlencode, urlsplit

from dashboard.settings import Settings

SIGN_IN, SIGN_OUT, TICKET = "/sign-in", "/sign-out", "/sign-in-link"
LONGEST_NEXT = 2_000


def read_next(next_path: str, settings: Settings) -> str:
    """Where to go after the sign-in: an address of the dashboard itself, else its front page."""
    base = urlsplit(settings.base_url).path
    home = f"{base}/"
    is_own = next_path.startswith(home) and not next_path[len(base) :].startswith("//")
    is_plain = next_path.isprintable() and "\\" not in next_path and len(next_path) <= LONGEST_NEXT
    leads_round = next_path[len(base) :].startswith((SIGN_IN, SIGN_OUT))
    return next_path if is_own and is_plain and not leads_round else home


def write_way(settings: Settings, next_path: str = "", lang: str = "", way: str = SIGN_IN) -> str:
    """The address of the sign-in, from which it goes on to `next_path`, or of another way."""
    pairs = {name: value for name, value in (("next", next_path), ("lang", lang)) if value}
    return f"{urlsplit(settings.base_url).path}{way}{f'?{urlencode(pairs)}' if pairs else ''}"

"""Addresses that files carry away: of a dashboard, or of a folder of plain files.

The base of a dashboard has no slash at its end, as `DASHBOARD_BASE_URL`. That of a folder has one:
`https://charts.example.org/fr/`, or `./` where nobody has said under which address the folder will be shown.
"""

import re
from urllib.parse import urlsplit, urlunsplit

_LOOPBACK = re.compile(r"127(\.[0-9]{1,3}){3}")  # whole, since 127.example.org is anybody's


def is_local(address: str) -> bool:
    """Whether an address means something on this computer only."""
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or bool(_LOOPBACK.fullmatch(host))


def is_folder(base_url: str) -> bool:
    """Whether a base is that of a folder of plain files, which answers nothing but the names of its files."""
    return base_url.endswith("/")


def is_whole(address: str) -> bool:
    """Whether an address names its host."""
    return "://" in address


def portable(address: str) -> str:
    """The address as far as it means something elsewhere: of one on this computer, the path and the query alone."""
    return urlunsplit(("", "", *urlsplit(address)[2:])) if is_local(address) else address


def shareable(address: str) -> str:
    """The address if whoever gets it in a file can follow it, else nothing."""
    return address if is_whole(address) and not is_local(address) else ""

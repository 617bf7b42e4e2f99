"""Addresses that files carry away: of a dashboard, or of a folder of plain files.

The base of a dashboard has no slash at its end, as `DASHBOARD_BASE_URL`. That of a folder has one:
`https://charts.example.org/fr/`, or `./` where the folder's address is not set.
"""

import re
from urllib.parse import urlsplit, urlunsplit

_MADE = re.compile(r"/(?:charts/|extracts/|briefing\?).*")
_LOOPBACK = re.compile(r"127(\.[0-9]{1,3}){3}")  # whole, since 127.example.org is anybody's


def is_local(address: str) -> bool:
    """Return whether an address works on this computer only."""
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or bool(_LOOPBACK.fullmatch(host))


def is_folder(base_url: str) -> bool:
    """Return whether a base is a folder of plain files, which serves nothing but its files."""
    return base_url.endswith("/")


def is_whole(address: str) -> bool:
    """Return whether an address names its host."""
    return "://" in address


def portable(address: str) -> str:
    """Return the address as far as it works elsewhere: for one on this computer, the path and the query alone."""
    return urlunsplit(("", "", *urlsplit(address)[2:])) if is_local(address) else address


def shareable(address: str) -> str:
    """Return the address if the receiver of a file can follow it, else nothing."""
    return address if is_whole(address) and not is_local(address) else ""


def find_check_page(address: str) -> str:
    """Find where everybody can check a file that the dashboard makes at an address; empty where nobody else can."""
    base, is_made = _MADE.subn("", shareable(address))
    return f"{base}/check" if is_made and not is_folder(base) else ""

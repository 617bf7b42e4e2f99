"""A file at an address of the web: a published Google Sheet, a link that SharePoint or Nextcloud shares, a site's file.

It is asked for with what the server said of it last (`ETag`, `Last-Modified`; RFC 9110, 13.1), so that one that is as
it was costs nothing.
"""

from pathlib import Path
from urllib.parse import urlsplit

from dashboard.errors import sentence
from dashboard.i18n import N_
from etl.sources.asking import Asking
from etl.sources.credentials import SecretError
from etl.sources.far_side import Arrival, FarSide, Fetched, Known, one


def fetch(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """The file, where it is another than before.

    Raises:
        FarSideError: it does not come whole, or a page of the web comes instead.
    """
    name = asking.source.inbox_name
    before = find_before(name)
    headers = {}
    if before.path is not None:
        headers = {"If-None-Match": before.etag, "If-Modified-Since": before.modified}
    down = asking.download(_find_address(asking), place / "arrived", validators={k: v for k, v in headers.items() if v})
    if down is None:
        return one(name)
    return one(name, Arrival(name, down.path, etag=down.etag, modified=down.modified))


def _find_address(asking: Asking) -> str:
    """The address; where the whole of it is a secret, as with links that are shared, it stands in a variable.

    Raises:
        SecretError: the variable names another host.
    """
    secret = asking.secrets["ADDRESS"]
    if not secret:
        return asking.source.address
    if urlsplit(secret).netloc.lower() != asking.source.host or urlsplit(secret).scheme != asking.source.parts.scheme:
        raise SecretError(
            sentence(
                N_("{source}: {variable} is not at {host}."),
                source=asking.source.label,
                variable=f"{asking.source.variables}ADDRESS",
                host=asking.source.host,
            ),
            N_("Write the same host into the source's address."),
        )
    return secret


FAR_SIDE = FarSide(None, fetch)

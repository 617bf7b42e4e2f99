"""What a signed link opens: one address, however it is written, and no other one, also no narrower one."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode

from dashboard.access.signed_links import TOKEN, SignedLink
from dashboard.errors import UserError
from dashboard.ground.tracking import drop_tracking
from dashboard.settings import Settings
from dashboard.snapshot import kept_builds
from dashboard.snapshot.selection import PARAMETERS, VERSUS, parse

MOST_FIELDS = 500


def opens(link: SignedLink, path: str, query: str, settings: Settings) -> bool:
    """Whether a link was made for an address; blocks while a build is opened.

    Args:
        link: The link.
        path: What is asked for, below the dashboard's own address.
        query: Its query string, without the token.
        settings: Whose codes are asked for.
    """
    if link.path != path or query.count("&") >= MOST_FIELDS:
        return False
    return query == link.query or write_alike(query, settings) == write_alike(link.query, settings)


def write_alike(query: str, settings: Settings) -> str:
    """A query string as all that mean the same are written: codes in one order and case, defaults stated.

    What cannot be read is left as it is, so that the address itself says what is wrong with it.
    """
    stated = read_pairs(query)
    own = {name: values for name, values in stated.items() if name in (*PARAMETERS, *VERSUS)}
    others = sorted((name, value) for name, values in stated.items() if name not in own for value in values)
    try:
        selection = parse(own, kept_builds.find(settings, own)).in_order().query_pairs()
    except UserError:
        selection = sorted((name, value) for name, values in own.items() for value in values)
    return urlencode([*selection, *others])


def read_pairs(query: str) -> dict[str, list[str]]:
    """The parameters that mean something: without a token, without what was appended on the way, without empty ones."""
    stated: Mapping[str, Sequence[str]] = parse_qs(query, keep_blank_values=True)
    named = drop_tracking(stated)
    kept = {name: [value for value in values if value or name in VERSUS] for name, values in named.items()}
    return {name: values for name, values in kept.items() if values and name != TOKEN}

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
    """The canonical form of a query string: codes in one order and case, defaults written out.

    What cannot be read is left as it is, so that the address itself says what is wrong with it.
    """
    parameters = read_pairs(query)
    selection_parameters = {name: values for name, values in parameters.items() if name in (*PARAMETERS, *VERSUS)}
    other_pairs = sorted(
        (name, value) for name, values in parameters.items() if name not in selection_parameters for value in values
    )
    try:
        selection = (
            parse(selection_parameters, kept_builds.find(settings, selection_parameters)).in_order().query_pairs()
        )
    except UserError:
        selection = sorted((name, value) for name, values in selection_parameters.items() for value in values)
    return urlencode([*selection, *other_pairs])


def read_pairs(query: str) -> dict[str, list[str]]:
    """The parameters that mean something: without a token, without what was appended on the way, without empty ones."""
    parameters: Mapping[str, Sequence[str]] = parse_qs(query, keep_blank_values=True)
    untracked = drop_tracking(parameters)
    non_empty = {name: [value for value in values if value or name in VERSUS] for name, values in untracked.items()}
    return {name: values for name, values in non_empty.items() if values and name != TOKEN}

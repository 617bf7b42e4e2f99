"""How much one client may ask for: counted in this process, by a bucket for each that fills again with time.

A client is counted in its network and in every wider one (`dashboard.access.budgets`).

What is kept already costs nothing, so that an office behind one address is not held back by what its first reader has
opened. A client that is this computer is not counted: it is a program of its own, or a proxy that no setting names,
behind which all would be one.
"""

from functools import lru_cache
from ipaddress import IPv6Address, ip_network

from starlette.types import Scope

from dashboard.access.budgets import Bucket
from dashboard.errors import TooOftenError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web.guard.clients import client_of, parse_address

COSTS = {"text": 1, "picture": 3, "file": 10}
"""What is made anew counts so much: a page, table or feed; a picture; a workbook, deck, paper or ZIP."""


def name_client(scope: Scope) -> str:
    """Under which name a client is counted: its address, of IPv6 that of its network; empty where it is not counted."""
    return name_network(client_of(scope))


def charge(scope: Scope, kind: str) -> None:
    """Count what is made anew for a client.

    Args:
        scope: The request.
        kind: One of `COSTS`.

    Raises:
        TooOftenError: the client has had so much made in the last minute that it must wait.
    """
    client, per_minute = name_client(scope), Settings.from_environment().work_per_minute
    if client and per_minute:
        seconds = _work(per_minute).take(client, COSTS[kind])
        if seconds:
            remedy = N_("Try again in a minute; what was asked for before is answered at once.")
            raise TooOftenError(N_("Too much was asked for from your address in a short time."), remedy, seconds)


@lru_cache(4)
def _work(per_minute: int) -> Bucket:
    return Bucket(per_minute / 60, per_minute)


@lru_cache(4096)
def name_network(client: str) -> str:
    """What stands for a client: of IPv6 its network, since one household has it whole; empty for this computer."""
    address = parse_address(client)
    if address is None or address.is_loopback:
        return ""
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)

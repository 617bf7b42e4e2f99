"""Asks for offered files as the browser part of a page does, without a server."""

import httpx
from starlette.applications import Starlette

from dashboard.web import offers
from tests.charts_over_http import ask_all


def ask_for(*addresses: str, method: str = "GET", accept: str = "*/*", prefer: str = "") -> list[httpx.Response]:
    """Return the answers to addresses of offered files, all asked for at once."""
    return ask_all(Starlette(routes=offers.routes()), addresses, method, accept=accept, prefer=prefer)


def look_for(address: str) -> httpx.Response:
    """Return the answer to a client that asks for a file's progress instead of waiting."""
    [answer] = ask_for(address, prefer="respond-async")
    return answer

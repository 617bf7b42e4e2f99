"""Asks for offered files as the browser part of a page does, without a server."""

import httpx
from starlette.applications import Starlette

from dashboard.web import offers
from tests.charts_over_http import ask_all


def ask_for(*addresses: str, method: str = "GET", accept: str = "*/*") -> list[httpx.Response]:
    """The answers to addresses of offered files, all asked for at once."""
    return ask_all(Starlette(routes=offers.routes()), addresses, method, accept=accept)

"""Asks for offered files as the browser part of a page does, without a server."""

import asyncio

import httpx
from starlette.applications import Starlette

from dashboard.web import offers


def ask_for(*addresses: str, method: str = "GET", accept: str = "*/*") -> list[httpx.Response]:
    """The answers to addresses of offered files, all asked for at once."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=Starlette(routes=offers.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return list(
                await asyncio.gather(
                    *(client.request(method, address, headers={"accept": accept}) for address in addresses)
                )
            )

    return asyncio.run(ask())

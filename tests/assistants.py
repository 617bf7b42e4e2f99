"""An assistant that calls the tools by the official client, without a socket."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ListToolsResult, TextContent
from starlette.applications import Starlette

Call = tuple[str, Mapping[str, Any]]
PATH = "http://test/mcp"


def call_all(app: Starlette, calls: Sequence[Call], path: str = PATH, mode: str = "auto") -> list[dict[str, Any]]:
    """Return the answers to calls made in one session; a refusal has `error` in it."""

    async def talk() -> list[dict[str, Any]]:
        transport = httpx2.ASGITransport(app=app)
        async with (
            httpx2.AsyncClient(transport=transport, timeout=120) as http,
            Client(streamable_http_client(path, http_client=http), mode=mode) as client,
        ):
            answers = []
            for name, arguments in calls:
                result = await client.call_tool(name, dict(arguments))
                answers.append(read_answer(result))
                assert result.is_error == ("error" in answers[-1]), answers[-1]
            return answers

    return asyncio.run(talk())


def read_answer(result: CallToolResult) -> dict[str, Any]:
    """Return an answer, which is one text."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return dict(json.loads(content.text))


def call(app: Starlette, name: str, path: str = PATH, **arguments: Any) -> dict[str, Any]:
    """Return the answer to one call."""
    return call_all(app, [(name, arguments)], path)[0]


def list_tools(app: Starlette, path: str = PATH, mode: str = "auto") -> ListToolsResult:
    """Return the description of the tools."""

    async def talk() -> ListToolsResult:
        transport = httpx2.ASGITransport(app=app)
        async with (
            httpx2.AsyncClient(transport=transport, timeout=120) as http,
            Client(streamable_http_client(path, http_client=http), mode=mode) as client,
        ):
            return await client.list_tools()

    return asyncio.run(talk())

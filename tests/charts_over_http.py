"""Charts asked for over HTTP, without a socket: the server's routes and headers, with a desk of their own."""

import asyncio
import io
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import httpx
import pandas as pd
import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard import server
from dashboard.snapshot.database import POINTER
from dashboard.web.guard.security_headers import SecurityHeaders

BASE = "https://actions.example.org/dashboard"


def make_app(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """The server of a campaign folder."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)
    return Starlette(routes=server.routes(), middleware=[Middleware(SecurityHeaders)])


def ask_all(
    app: Starlette,
    paths: Sequence[str],
    method: str = "GET",
    *,
    at_once: int = 10_000,
    answered: Callable[[int], None] = lambda count: None,
    **headers: str,
) -> list[httpx.Response]:
    """The answers to requests that are made `at_once`; `answered` is told how many there are, after each."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def ask() -> list[httpx.Response]:
        places, done = asyncio.Semaphore(at_once), 0
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=120) as client:

            async def one(path: str) -> httpx.Response:
                nonlocal done
                async with places:
                    answer = await client.request(method, path, headers=named)
                done += 1
                answered(done)
                return answer

            return await asyncio.gather(*(one(path) for path in paths))

    return asyncio.run(ask())


def ask(app: Starlette, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """The answer to one request."""
    return ask_all(app, [path], method, **headers)[0]


def address(chart_id: str, file_format: str, filters: dict[str, list[str]] | None = None) -> str:
    """The path of a chart in a format."""
    endings = {"html": "", "interactive": "/interactive"}
    query = f"?{urlencode(filters, doseq=True)}" if filters else ""
    return f"/charts/{chart_id}{endings.get(file_format, f'.{file_format}')}{query}"


def read_csv(body: bytes) -> pd.DataFrame:
    """A chart's data."""
    return pd.read_csv(io.BytesIO(body), encoding="utf-8-sig", keep_default_na=False, na_values=[""])


def read_table(body: str) -> list[list[str]]:
    """The cells of a page's only table, row by row."""
    (table,) = html.fromstring(body).xpath("//table")
    return [[" ".join(cell.itertext()) for cell in row] for row in table.iter("tr")]


def republish(campaign: Path, build_id: str, *, without: int = 0) -> None:
    """Publish a copy of the fixture as another build, without its first actions."""
    published = campaign / "published"
    pointer = json.loads((published / POINTER).read_text())
    target = published / f"snapshot-{build_id}.duckdb"
    shutil.copy(published / pointer["snapshot"], target)
    with duckdb.connect(target) as connection:
        connection.execute("update campaign set build_id = $build", {"build": build_id})
        connection.execute("delete from action_members where action_no <= $without", {"without": without})
        connection.execute("delete from actions where action_no <= $without", {"without": without})
    draft = published / "new.json"
    draft.write_text(json.dumps(pointer | {"snapshot": target.name, "build_id": build_id}))
    draft.replace(published / POINTER)

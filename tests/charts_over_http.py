"""The server's routes asked over HTTP, without a socket: charts, extracts and all else that it answers."""

import asyncio
import base64
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
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
from dashboard.ui import navigation
from dashboard.web import handouts
from dashboard.web.charts import routes
from dashboard.web.charts.routes import Desk
from dashboard.web.guard.security_headers import SecurityHeaders
from dashboard.web.handouts import LANES, Store

BASE = "https://actions.example.org/dashboard"
PAGES = navigation.list_pages()
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""The header `Accept` of browsers."""
HERE = "127.0.0.1"


@contextmanager
def answer_alone(patch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Have read addresses and finished answers kept apart from those of other tests."""
    lanes = {name: size._replace(begin=None) for name, size in LANES.items()}  # a busy computer would let them wait
    desk, store = Desk(), Store(lanes=lanes)
    patch.setattr(routes, "desk", lambda: desk)
    patch.setattr(handouts, "store", lambda: store)
    try:
        yield store
    finally:
        desk.close()
        store.close()


def make_app(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """Make the server of a campaign folder."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)
    return _answer_charts()


@cache
def _answer_charts() -> Starlette:
    return Starlette(routes=server.routes(), middleware=[Middleware(SecurityHeaders)])


def make_site(campaign: Path, monkeypatch: pytest.MonkeyPatch, base: str = BASE) -> Starlette:
    """Make all routes of a campaign with all that stands before them, as the program has them, but for Streamlit's."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
    monkeypatch.setenv("DASHBOARD_BASE_URL", base)
    monkeypatch.setenv("DASHBOARD_PUBLIC_NAMES", "test testserver")
    return stand_before_all()


@cache
def stand_before_all() -> Starlette:
    """Return all routes with all that stands before them, whatever is set."""
    return Starlette(routes=server.routes(PAGES), middleware=server.middleware(PAGES))


def ask_all(
    app: Any,
    paths: Sequence[str],
    method: str = "GET",
    *,
    at_once: int = 10_000,
    answered: Callable[[int], None] = lambda count: None,
    client: str = HERE,
    content: Any = None,
    **headers: str,
) -> list[httpx.Response]:
    """Return the answers to requests made `at_once`.

    Args:
        app: The server.
        paths: The requested paths.
        method: The method.
        at_once: How many requests are under way at a time.
        answered: Callback for the number of answers, after each.
        client: The address of the client.
        content: A body; fields of a form as a mapping.
        headers: By their names, with underscores.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"data" if isinstance(content, dict) else "content": content}

    async def ask() -> list[httpx.Response]:
        places, done = asyncio.Semaphore(at_once), 0
        transport = httpx.ASGITransport(app=app, client=(client, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=120) as asking:

            async def one(path: str) -> httpx.Response:
                nonlocal done
                async with places:
                    answer = await asking.request(method, path, headers=named, **body)
                done += 1
                answered(done)
                return answer

            return await asyncio.gather(*(one(path) for path in paths))

    return asyncio.run(ask())


def ask(app: Any, path: str, method: str = "GET", **more: Any) -> httpx.Response:
    """Return the answer to one request; `more` as of `ask_all`."""
    return ask_all(app, [path], method, **more)[0]


def address(chart_id: str, file_format: str, filters: dict[str, list[str]] | None = None) -> str:
    """Return the path of a chart in a format."""
    endings = {"html": "", "interactive": "/interactive"}
    query = f"?{urlencode(filters, doseq=True)}" if filters else ""
    return f"/charts/{chart_id}{endings.get(file_format, f'.{file_format}')}{query}"


def read_csv(body: bytes) -> pd.DataFrame:
    """Read a chart's data."""
    return pd.read_csv(io.BytesIO(body), encoding="utf-8-sig", keep_default_na=False, na_values=[""])


def read_table(body: str) -> list[list[str]]:
    """Read the cells of a page's only table, row by row."""
    (table,) = html.fromstring(body).xpath("//table")
    return [[" ".join(cell.itertext()) for cell in row] for row in table.iter("tr")]


def hash_of(text: str) -> str:
    """Return a policy's name for the script or style of this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


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

"""The connection of an open page ends with its sign-in, and carries nothing out of one that has ended."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from dashboard import server
from dashboard.access import sessions
from dashboard.access.presence import HEADER, Presence, presence
from dashboard.access.rights import Role
from dashboard.access.sessions import Sessions, sessions_of, sign_out
from dashboard.settings import Settings
from dashboard.web.guard import ending, visiting
from dashboard.web.guard.admission import STREAM, Admission
from dashboard.web.guard.ending import Ending
from dashboard.web.site import RouteTable
from tests.charts_over_http import PAGES as SITE
from tests.signed_in import ROLES, sign_in, write_roles

PATIENCE = 30


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", "an imaginary password")
    monkeypatch.setattr(sessions, "REMEMBERED_FOR", 0.0)
    write_roles(tmp_path)
    return Settings.from_environment()


@pytest.fixture
def closed_tabs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the tabs that were ended; nobody else is there."""
    own, ended = Presence(), list[str]()
    own.close_tab = ended.append  # type: ignore[method-assign]
    monkeypatch.setattr("dashboard.access.presence._presence", own)
    return ended


class Page:
    """A page's connection, and Streamlit's view of it."""

    def __init__(self, headers: dict[str, str], tab: str = "") -> None:
        self.headers = {"host": "localhost", **headers}
        if tab:
            self.headers["sec-websocket-protocol"] = f"streamlit,token,{tab}"
        self.to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[dict[str, Any]] = []
        self.carried_out: list[bytes] = []
        self.seen: dict[str, str] = {}
        self.own_tab = tab or "tab-1"

    async def run(self) -> None:
        await self.to_server.put({"type": "websocket.connect"})
        await Admission(self.streamlit, RouteTable(server.routes(SITE)), SITE)(
            self.scope(), self.to_server.get, self.send
        )

    def scope(self) -> dict[str, Any]:
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        return {"type": "websocket", "path": STREAM, "headers": headers}

    async def send(self, message: Any) -> None:
        self.sent.append(dict(message))

    async def streamlit(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        self.seen = {name.decode(): value.decode() for name, value in scope["headers"]}
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        presence().find(self.seen[HEADER], self.own_tab)  # as a page's script does
        while (message := await receive())["type"] == "websocket.receive":
            self.carried_out.append(message["bytes"])
        await send({"type": "websocket.send", "bytes": b"too late"})

    async def say(self, words: bytes) -> None:
        before = len(self.carried_out)
        await self.to_server.put({"type": "websocket.receive", "bytes": words})
        await until(lambda: len(self.carried_out) > before or self.is_closed)

    @property
    def is_closed(self) -> bool:
        return any(message["type"] == "websocket.close" for message in self.sent)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.01)


async def open_page(headers: dict[str, str], tab: str = "") -> tuple[Page, asyncio.Task[None]]:
    page = Page(headers, tab)
    task = asyncio.create_task(page.run())
    await until(lambda: bool(page.sent) or task.done())
    return page, task


def in_a_loop(story: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Return a test that awaits."""

    @wraps(story)
    def test(*arguments: Any, **fixtures: Any) -> None:
        asyncio.run(story(*arguments, **fixtures))

    return test


@in_a_loop
async def test_strangers_have_no_connection_to_a_closed_campaign(settings: Settings, closed_tabs: list[str]) -> None:
    for closed, role, admitted in [
        (False, Role.STRANGER, True), (True, Role.STRANGER, False), (True, Role.READER, True),
    ]:  # fmt: skip
        write_roles(settings.campaign, closed=closed)
        page, task = await open_page(sign_in(settings, role))
        assert (page.sent[0]["type"] == "websocket.accept") == admitted
        await page.to_server.put({"type": "websocket.disconnect"})
        await task
    assert presence().list_visits() == []
    assert closed_tabs == []  # one that was merely left may come back
    for cookie in ("dashboard-session-80=forged", "dashboard-session=administrator"):
        write_roles(settings.campaign, closed=True)
        page, _ = await open_page({"cookie": cookie})
        assert page.sent[0]["type"] != "websocket.accept"


@in_a_loop
async def test_signing_out_ends_every_page_of_the_session_and_of_no_other(settings, closed_tabs: list[str]) -> None:
    mine, yours = sign_in(settings, Role.STAFF), sign_in(settings, Role.STAFF)
    one, first = await open_page(mine, "tab-one")
    two, second = await open_page(mine, "tab-two")
    other, third = await open_page(yours, "tab-other")
    await one.say(b"click")
    assert one.carried_out == [b"click"]
    (session_hash,) = {v.session_hash for v in presence().list_visits() if v.tab == "tab-one"}
    sign_out(session_hash, settings)
    await asyncio.wait_for(asyncio.gather(first, second), PATIENCE)
    for page in (one, two):
        assert page.sent[-1] == {"type": "websocket.close", "code": visiting.SIGNED_OUT, "reason": ""}
    await other.say(b"click")
    assert other.carried_out == [b"click"]
    third.cancel()
    assert sorted(set(closed_tabs)) == ["tab-one", "tab-two"]


@in_a_loop
async def test_what_a_page_is_told_costs_no_look_at_the_settings(settings: Settings, monkeypatch) -> None:
    page, task = await open_page(sign_in(settings, Role.STAFF))
    monkeypatch.setattr(visiting, "Settings", None)
    await page.to_server.put({"type": "websocket.disconnect"})
    await asyncio.wait_for(task, PATIENCE)
    assert page.sent[-1]["bytes"] == b"too late"


@in_a_loop
async def test_no_message_of_a_session_is_carried_out_that_another_server_has_ended(settings, closed_tabs) -> None:
    page, task = await open_page(sign_in(settings, Role.STAFF))
    (session,) = sessions_of(settings).list_all()
    assert Sessions(settings).end(session.session_hash)  # another process
    await page.say(b"publish")
    await asyncio.wait_for(task, PATIENCE)
    assert page.carried_out == []
    assert page.is_closed
    assert set(closed_tabs) == {"tab-1"}


@pytest.mark.parametrize("change", ["ended elsewhere", "role lost", "other role", "closed to strangers", "idle"])
@in_a_loop
async def test_a_look_at_all_visits_ends_what_has_to_end(settings, closed_tabs, change: str, monkeypatch) -> None:
    page, task = await open_page(sign_in(settings, Role.STRANGER if change.startswith("closed") else Role.STAFF))
    await visiting.look_at_all()
    await asyncio.sleep(0.05)
    assert not page.is_closed
    campaign = settings.campaign
    changes: dict[str, Callable[[], object]] = {
        "ended elsewhere": lambda: Sessions(settings).end(sessions_of(settings).list_all()[0].session_hash),
        "role lost": lambda: write_roles(campaign, text="closed = false\n"),
        "other role": lambda: write_roles(
            campaign, text=ROLES.replace("staff@", "x@").replace("administrator@", "staff@")
        ),
        "closed to strangers": lambda: write_roles(campaign, closed=True),
        "idle": lambda: monkeypatch.setattr(sessions_of(settings), "_idle", 0.0),
    }
    changes[change]()
    await visiting.look_at_all()
    await asyncio.wait_for(task, PATIENCE)
    assert page.is_closed


@in_a_loop
async def test_a_tab_goes_on_for_its_own_session_alone(settings: Settings, closed_tabs: list[str]) -> None:
    mine, yours = sign_in(settings, Role.STAFF), sign_in(settings, Role.ADMINISTRATOR)
    page, task = await open_page(mine, "tab-one")
    (visit,) = presence().list_visits()
    assert presence().is_open("tab-one", visit.session_hash), "files of a page are for its session"
    assert not presence().is_open("tab-one", "")
    await page.to_server.put({"type": "websocket.disconnect"})
    await task
    assert not presence().is_open("tab-one", visit.session_hash), "and gone with it"
    for headers, expected in [(yours, "streamlit,token"), ({}, "streamlit,token"), (mine, "streamlit,token,tab-one")]:
        again, task = await open_page({**headers, HEADER: "forged"}, "tab-one")
        assert again.seen["sec-websocket-protocol"] == expected
        assert again.seen[HEADER] != "forged"
        task.cancel()


@in_a_loop
async def test_pages_move_when_their_server_ends_and_one_that_is_run_once_that_has_ended(
    settings: Settings, closed_tabs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_SERVER_NAME", "8501")
    monkeypatch.setattr(ending, "LOOK_SECONDS", 0.01)
    busy = {"busy": True}
    presence().is_busy = lambda tab: busy.get(tab, False)  # type: ignore[method-assign]

    (idle, one), (at_work, two) = [await open_page({}, tab) for tab in ("idle", "busy")]
    with ending.begun():
        moving = asyncio.create_task(ending.move_pages(PATIENCE))
        await one
        assert not two.done()
        busy.clear()
        await asyncio.gather(two, moving)
        refused = Page({})
        await Ending(refused.streamlit)(refused.scope(), refused.to_server.get, refused.send)
        assert refused.sent == [{"type": "websocket.close", "code": 1008, "reason": ""}]
        refused.sent.clear()
        asked = {"type": "http", "method": "GET", "path": "/healthz", "headers": []}
        await Ending(PlainTextResponse("ok"))(asked, refused.to_server.get, refused.send)
        assert (b"connection", b"close") in refused.sent[0]["headers"], "a proxy lets go of its connections"
    busy["endless"] = True
    endless, three = await open_page({}, "endless")
    await asyncio.gather(three, ending.move_pages(0))
    for page in (idle, at_work, endless):
        assert page.sent[-1] == {"type": "websocket.close", "code": visiting.MOVED, "reason": ""}
        assert dict(page.sent[0]["headers"])[b"set-cookie"].startswith(b"dashboard_server=8501; Path=/; HttpOnly;")
    assert closed_tabs == [], "a session of the same server may still be gone on with"

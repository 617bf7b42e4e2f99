"""The limits on one client's requests, messages and open connections; the others are served as ever."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import Future
from functools import partial
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from dashboard.access.presence import HEADER, Presence, Visit
from dashboard.access.rights import STRANGER as STRANGER_PERSON
from dashboard.errors import BusyError, TooOftenError
from dashboard.ground import budgets
from dashboard.ground.budgets import WIDTHS, Bucket
from dashboard.web.api_route import ApiRoute, BodyLimit
from dashboard.web.guard import allowances, limits
from dashboard.web.guard.allowances import Pacing, name_client
from dashboard.web.guard.limits import LARGEST_MESSAGE, MOST_CLICKS, Bodies, Connections, Uploads
from dashboard.web.guard.visiting import Visitor
from dashboard.web.handouts import Store
from dashboard.web.http import read_header
from dashboard.web.site import RouteTable
from tests import charts_over_http
from tests.charts_over_http import BASE
from tests.page_connection import STRANGER, Page

OTHER, HERE = "198.51.100.9", "127.0.0.1"


def ask(app: Any, path: str, client: str = STRANGER, method: str = "GET", **more: Any) -> httpx.Response:
    return charts_over_http.ask(app, path, method, client=client, host="localhost", **more)


def test_a_network_is_one_client_with_a_larger_budget_and_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def name(client: str) -> str:
        return name_client({"client": (client, 1), "headers": []})

    assert name("2001:db8:1:2:3::4") == name("2001:db8:1:2::9") != name("2001:db8:1:3::9")
    assert name("::ffff:203.0.113.5") == name("203.0.113.5") != ""
    assert name("127.0.0.1") == name("::1") == "", "this computer has no name"
    now = [0.0]
    bucket = Bucket(1, 10, clock=lambda: now[0])
    clients = {64: "2001:db8:1:1::{}", 56: "2001:db8:2:{}::1", 48: "2001:db8:3:{}00::1", 32: "2001:db9:{}::1"}
    for bits, client in clients.items():
        names = [allowances.name_network(client.format(f"{number:x}")) for number in range(1, 3 * WIDTHS[bits])]
        assert [bucket.take(name, 10) for name in names].count(0) == WIDTHS[bits], f"the budget of a network of {bits}"
    assert bucket.take("203.0.113.5", 10) == bucket.take("203.0.113.6", 10) == 0
    assert [bucket.take("a", 5, patience=6) for _ in range(5)] == [0, 0, 5, 10, 10]  # a refused request is not counted
    now[0] += 5
    assert bucket.take("a", 5, patience=6) == 5
    now = [100.0]
    monkeypatch.setattr(budgets, "MOST_CLIENTS", 3)
    bucket = Bucket(2, 10, clock=lambda: now[0])
    assert [bucket.take("a", 5) for _ in range(3)] == [0, 0, 2.5]
    assert bucket.take("b", 50) == 0  # more than it ever holds is had for a full one
    now[0] += 2.5
    assert bucket.take("a", 5) == 0
    assert bucket.take("a", 1) == 0.5
    now[0] += 1000
    assert bucket.take("a", 10) == 0
    assert bucket.take("a", 1) == 0.5
    for number in range(5):
        bucket.take(f"c{number}")
    assert list(bucket._left) == ["c2", "c3", "c4"], "who has not asked for longest is forgotten"


def test_what_is_made_anew_is_counted_for_each_client(app: Starlette, store: Store, monkeypatch) -> None:
    monkeypatch.setenv("DASHBOARD_WORK_PER_MINUTE", "4")
    monkeypatch.setattr(allowances, "Bucket", partial(Bucket, clock=lambda: 0.0))  # however slow this is
    allowances._work.cache_clear()
    kept, refused = "/charts/completion-by-theme.svg?lang=es", "/charts/completion-by-group.csv?lang=fr"
    made = ask(app, kept)
    regions = [ask(app, f"/charts/completion-by-region.svg?lang={lang}").status_code for lang in ("en", "fr", "es")]
    assert (made.status_code, regions) == (200, [200] * 3)
    answer = ask(app, refused)
    assert (answer.status_code, int(answer.headers["retry-after"]) in range(1, 61)) == (429, True)
    assert "Try again in a minute" in answer.json()["error"]
    page = ask(app, "/charts/completion-by-group?lang=fr", accept="text/html")
    assert (page.status_code, page.headers["content-language"]) == (429, "fr")
    extract = "/extracts/actions.{}?q=asked+by+no+other+test"
    others = [extract.format("csv"), extract.format("xlsx"), "/latest.atom", "/charts/completion-by-group.png"]
    others += ["/charts", "/charts/completion-by-group.pptx", "/extracts", "/extracts/datapackage.json", "/show"]
    for costly in (*others, f"/oembed?url={BASE}/charts/completion-by-group"):
        assert ask(app, costly).status_code == 429, costly
    again = ask(app, kept)
    assert (again.status_code, again.content) == (200, made.content)
    assert ask(app, kept, if_none_match=again.headers["etag"]).status_code == 304
    assert [ask(app, refused, client).status_code for client in (OTHER, HERE)] == [200, 200]
    monkeypatch.setenv("DASHBOARD_WORK_PER_MINUTE", "0")
    assert ask(app, "/charts/completion-by-group.csv?lang=es").status_code == 200


def test_what_is_made_for_one_client_is_made_in_turn_and_that_of_others_between(monkeypatch) -> None:
    monkeypatch.setattr(allowances, "LONGEST_REST", 0)
    begun: list[str] = []
    coming: dict[str, Future[str]] = {}

    async def have(client: str, name: str, kind: str = "text") -> str:
        def begin() -> Future[str]:
            begun.append(name)
            return coming.setdefault(name, Future())

        return await allowances.have_made({"type": "http", "client": (client, 1), "headers": []}, kind, begin)

    async def run() -> None:
        own = [asyncio.create_task(have(f"2001:db8:1:{number}::1", f"own {number}")) for number in range(4)]
        await asyncio.sleep(0)
        others = [asyncio.create_task(have(client, f"of {client}")) for client in (OTHER, HERE, HERE, "2001:db8:2::1")]
        others.append(asyncio.create_task(have("2001:db8:1:1::1", "a file", "file")))
        await asyncio.sleep(0.01)
        assert begun == ["own 0", f"of {OTHER}", f"of {HERE}", f"of {HERE}", "of 2001:db8:2::1", "a file"]
        monkeypatch.setattr(allowances, "MOST_WAITING", 4)
        with pytest.raises(TooOftenError):
            await have("2001:db8:1:9::1", "too many")
        own[1].cancel()
        coming["own 0"].set_result("made")
        await asyncio.sleep(0.01)
        assert begun[-1] == "own 2"
        for name, future in list(coming.items()):
            if not future.done():
                future.set_result(name)
        await asyncio.sleep(0.01)
        coming["own 3"].set_exception(BusyError("a test", ""))
        assert await own[0] == "made"
        await asyncio.gather(*own[1:], *others, return_exceptions=True)
        await asyncio.sleep(0.01)
        assert not [network for _, network in allowances._turns.gates if network.startswith("2001:")]

    asyncio.run(run())


def test_requests_are_taken_at_a_pace_and_those_that_would_wait_too_long_are_refused(monkeypatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(allowances, "PATIENCE", 9.9)
    monkeypatch.setattr(allowances, "Bucket", partial(Bucket, clock=lambda: 0.0))
    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setenv("DASHBOARD_REQUESTS_PER_SECOND", "5")
    app = Starlette(routes=[Route("/{rest:path}", echo)], middleware=[Middleware(Pacing)])
    assert [ask(app, "/static/x.js").status_code for _ in range(100)] == [200] * 100
    assert [ask(app, "/regions").status_code for _ in range(10)] == [200] * 10
    assert sum(waited) < 1e-6
    waited.clear()
    assert [ask(app, "/regions").status_code for _ in range(52)] == [200] * 49 + [429] * 3
    assert waited[:2] == pytest.approx([0.2, 0.4])
    assert waited[-3:] == [9.9] * 3
    page = ask(app, "/regions", accept="text/html", accept_language="fr")
    assert (page.status_code, page.headers["content-language"], page.headers["retry-after"]) == (429, "fr", "10")
    assert ask(app, "/regions", OTHER).status_code == ask(app, "/regions", HERE).status_code == 200
    paced = Pacing(stay_away)
    for _ in range(15):
        asyncio.run(Page(paced, [], OTHER).run)
    assert len(waited) == 53 + 11  # four pages at once: each counts for five requests
    monkeypatch.setenv("DASHBOARD_REQUESTS_PER_SECOND", "0")
    assert ask(app, "/regions").status_code == 200


async def stay_away(_scope: Any, _receive: Any, _send: Any) -> None:
    """Answer nothing."""


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def in_parts(size: int, count: int, pause: float = 0) -> AsyncIterator[bytes]:
    for _ in range(count):
        await asyncio.sleep(pause)
        yield b"x" * size


def test_bodies_are_as_large_as_their_use_and_one_that_does_not_end_is_given_up(monkeypatch) -> None:
    bodies = {"/report/form": BodyLimit(100_000, 60), "/slow": BodyLimit(64_000, 0.4)}
    declared = RouteTable([ApiRoute(path, echo, (), body=limit) for path, limit in bodies.items()])
    taking = Starlette(
        routes=[Route("/{rest:path}", echo, methods=["GET", "POST", "PUT"])],
        middleware=[Middleware(Bodies, routes=declared)],
    )
    monkeypatch.setenv("DASHBOARD_UPLOAD_MB", "1")
    upload = "/_stcore/upload_file/session/file"
    assert ask(taking, "/newsletter/sign-up", method="POST", content=b"x" * 64_000).text == "64000"
    assert ask(taking, "/report/form", method="POST", content=b"x" * 100_000).text == "100000"
    assert ask(taking, upload, method="PUT", content=in_parts(100_000, 19)).text == "1900000"
    for path, content in (
        ("/newsletter/sign-up", b"x" * 64_001),
        ("/newsletter/sign-up", in_parts(1000, 65)),
        ("/regions", b"x" * 64_001),
        ("/report/form", b"x" * 100_001),
        ("/report/form/x", b"x" * 64_001),
        (upload, in_parts(100_000, 21)),
        (upload, b"x" * 2_000_001),
        ("/x/_stcore/upload_file/session/file", b"x" * 64_001),
    ):
        answer = ask(taking, path, method="POST", content=content, accept="text/html", accept_language="es")
        assert (answer.status_code, answer.headers["content-language"]) == (413, "es"), path
        assert answer.headers["connection"] == "close"
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    assert ask(taking, "/newsletter/sign-up", method="POST", content=in_parts(1, 30, pause=0.05)).status_code == 408
    monkeypatch.setattr(limits, "SECONDS", 0.3)
    assert ask(taking, "/slow", method="POST", content=in_parts(1, 30, pause=0.05)).status_code == 408
    assert ask(taking, upload, method="PUT", content=in_parts(1, 10, pause=0.05)).status_code == 200
    assert ask(taking, upload, method="PUT", content=in_parts(1, 2, pause=0.5)).status_code == 408


def test_one_client_has_so_many_pages_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_PAGES_PER_CLIENT", "2")
    gate = asyncio.Event()

    async def stay(_scope: Any, _receive: Any, _send: Any) -> None:
        await gate.wait()

    async def run() -> None:
        app = Connections(stay)
        pages = [Page(app, []) for _ in range(4)] + [Page(app, [], OTHER), *(Page(app, [], HERE) for _ in range(3))]
        tasks: list[asyncio.Task[None]] = [asyncio.create_task(page.run) for page in pages]
        await asyncio.sleep(0.05)
        assert [page.sent[0]["status"] if page.sent else 0 for page in pages] == [0, 0, 429, 429, 0, 0, 0, 0]
        assert "pages are open" in json.loads(pages[2].sent[1]["body"])["error"]
        gate.set()
        await asyncio.gather(*tasks)
        assert not app.open.taken
        again = Page(app, [])
        await again.run
        assert again.sent == []

    asyncio.run(run())


def test_clicks_are_taken_at_a_pace_and_at_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    now = [0.0]
    for module in (allowances, limits):
        monkeypatch.setattr(module, "Bucket", partial(Bucket, clock=lambda: now[0]))
    monkeypatch.setattr(asyncio, "sleep", sleep)
    taken: list[Message] = []

    async def take(_scope: Any, receive: Any, _send: Any) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            taken.append(message)

    monkeypatch.setenv("DASHBOARD_CLICKS_PER_SECOND", "0")
    asyncio.run(Page(Connections(take), [b"x"] * MOST_CLICKS).run)
    assert (len(taken), waited) == (MOST_CLICKS, [])
    asyncio.run(Page(Connections(take), [b"x"] * (MOST_CLICKS + 10)).run)
    assert sum(waited) == pytest.approx(10 / limits.CLICKS_PER_SECOND, rel=0.1)
    monkeypatch.setenv("DASHBOARD_CLICKS_PER_SECOND", "2")
    waited.clear()
    several = Connections(take)
    for client, most in ((STRANGER, 8), (STRANGER, 6), (OTHER, 8), (HERE, 30)):  # the first one's pages share theirs
        asyncio.run(Page(several, [b"x"] * most, client).run)
    assert sum(waited) == pytest.approx(6 / 2, rel=0.1)
    monkeypatch.setenv("DASHBOARD_CLICKS_PER_SECOND", "0")
    for message, code in ((["x"], limits.NO_TEXT), ([b"x" * (LARGEST_MESSAGE + 1), b"x"], limits.TOO_LARGE)):
        page = Page(Connections(take), message)
        asyncio.run(page.run)
        assert page.sent == [{"type": "websocket.close", "code": code}]


def test_one_page_of_a_client_is_run_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    here, busy = Presence(), set[str]()
    here.is_busy = busy.__contains__
    monkeypatch.setattr(limits, "presence", lambda: here)
    monkeypatch.setattr(limits, "LONGEST_TURN", 60.0)
    monkeypatch.setattr(limits, "LONGEST_REST", 0)
    taken: list[str] = []
    gate = asyncio.Event()

    async def take(scope: Any, receive: Any, _send: Any) -> None:
        visit = Visit(STRANGER_PERSON, "", lambda: None, visit_id=dict(scope["headers"])[HEADER.encode()].decode())
        here.begin(visit)
        here.find(visit.visit_id, visit.visit_id)
        await receive()
        taken.append(visit.tab)
        busy.add(visit.tab)
        await gate.wait()

    async def run() -> None:
        app = Connections(take)
        clients = ("2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1", OTHER, HERE, HERE)
        pages = [Page(app, [b"x"], client, x_dashboard_visit=f"tab {number}") for number, client in enumerate(clients)]
        tasks: list[asyncio.Task[None]] = [asyncio.create_task(page.run) for page in pages]
        await asyncio.sleep(0.1)
        assert sorted(taken) == ["tab 0", "tab 3", "tab 4", "tab 5"]
        busy.clear()
        await asyncio.sleep(0.1)
        assert sorted(taken) == ["tab 0", "tab 1", "tab 3", "tab 4", "tab 5"]
        monkeypatch.setattr(limits, "LONGEST_TURN", 0.0)
        busy.clear()
        gate.set()
        await asyncio.gather(*tasks)
        assert app.runs == {}

    asyncio.run(run())


def test_files_of_one_sign_in_and_of_all_take_so_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_UPLOAD_MB", "1")
    here, held = Presence(), Counter[str]()
    here.weigh_files = held.__getitem__
    monkeypatch.setattr(limits, "presence", lambda: here)
    monkeypatch.setattr(limits, "find_known", lambda scope: Visitor(STRANGER_PERSON, read_header(scope, b"zz-owner")))
    monkeypatch.setattr(Visitor, "session_hash", property(lambda known: str(known.session)))
    for tab, owner in (("a", "anna"), ("b", "anna"), ("c", "ben"), ("d", "cleo")):
        here.begin(Visit(STRANGER_PERSON, owner, lambda: None, visit_id=tab))
        here.find(tab, tab)
        here.let_hand_over(tab)

    async def keep(request: Request) -> PlainTextResponse:
        held[request.path_params["tab"]] += len(await request.body())
        return PlainTextResponse("")

    route = Route("/_stcore/upload_file/{tab}/{file}", keep, methods=["PUT"])
    app = Starlette(routes=[route], middleware=[Middleware(Uploads)])

    def hand_over(tab: str, owner: str, size: int = 1_900_000) -> int:
        place = f"/_stcore/upload_file/{tab}/x"
        return ask(app, place, method="PUT", content=b"x" * size, accept_language="fr", zz_owner=owner).status_code

    assert [hand_over("a", "anna"), hand_over("b", "anna"), hand_over("a", "anna")] == [200, 200, 413]
    assert hand_over("a", "anna", 200_000) == 200
    assert [hand_over("c", "ben"), hand_over("d", "cleo"), hand_over("d", "cleo", 10_000)] == [200, 413, 200]
    held["a"] = 0  # they were previewed
    assert hand_over("d", "cleo") == 200
    here.leave(here.find("d", "d"))
    assert (here.drop_left(60.0), here.drop_left(-1.0), here.drop_left(-1.0)) == ([], ["d"], [])

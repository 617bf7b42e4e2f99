"""Role × route × page: every cell, from the declarations of routes and pages, so that it includes a new one."""

import re
import sqlite3
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard import server
from dashboard.access import roles_file, sessions
from dashboard.access.audit.entries import find_entries
from dashboard.access.rights import AccessClass, Role
from dashboard.access.sessions import sessions_of
from dashboard.ground.files.private_store import Store
from dashboard.ground.page_addresses import FORMER, write
from dashboard.i18n import translator
from dashboard.settings import Settings
from dashboard.ui.frame.header import ALL, find
from dashboard.web.api_route import ApiRoute
from dashboard.web.guard.admission import STREAM, STREAMLIT, Admission
from dashboard.web.sign_in import signing
from dashboard.web.sign_in.noting import RECORDED, Mistakes
from dashboard.web.site import RouteTable
from tests.charts_over_http import BROWSER, ask, ask_all, stand_before_all
from tests.charts_over_http import PAGES as SITE
from tests.signed_in import cheapen, sign_in, write_roles

ROUTES = server.routes(SITE)
EXTRA = {
    "nobody": ApiRoute("/declared-for-nobody", lambda request: None, ()),
    "administrators": ApiRoute("/for-administrators", lambda request: None, (), AccessClass.ADMINISTRATOR),
}
CELLS = [
    *((re.sub(r"\{[^}]+\}", "1", route.path), route.access) for route in (*ROUTES, *EXTRA.values())),
    *((write("", spec.page_id), spec.access) for spec in ALL),
    *((f"/{part}", find(part).access) for part in FORMER),
    *((f"{start}/x", access) for start, access in STREAMLIT.items() if start not in (STREAM, "/favicon.png")),
    ("/", AccessClass.PUBLIC),
]
FOR_PEOPLE, FOR_PROGRAMS = {"accept": "text/html"}, {"accept": "*/*"}
CLAIMS = {
    "x-forwarded-user": "administrator@example.org",
    "x-forwarded-email": "administrator@example.org",
    "x-auth-request-email": "administrator@example.org",
    "x-ms-client-principal-name": "administrator@example.org",
    "x-dashboard-visit": "1",
    "remote-user": "administrator",
    "authorization": "Bearer administrator",
    "cookie": "dashboard-session-80=administrator; __Host-dashboard-session=1; _streamlit_user=administrator",
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    cheapen(monkeypatch)
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_BASE_URL", "http://test")
    monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", "an imaginary password")
    write_roles(tmp_path)
    return Settings.from_environment()


async def say_inside(request: Any) -> PlainTextResponse:
    return PlainTextResponse("inside", headers={"access-control-allow-origin": "*", "cache-control": "public"})


def make_app() -> Starlette:
    """Make the middleware before something that answers every address."""
    inside = Route("/{rest:path}", say_inside, methods=["GET", "POST", "PUT", "OPTIONS"])
    admission = Middleware(Admission, routes=RouteTable([*ROUTES, *EXTRA.values()]), pages=SITE)
    return Starlette(routes=[inside], middleware=[admission])


def ask_cells(app: Starlette, headers: dict[str, str], method: str = "GET") -> list[httpx.Response]:
    """Return the answers of every cell."""
    return ask_all(app, [path for path, _ in CELLS], method, at_once=1, **headers)


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("role", Role)
def test_every_address_is_answered_for_those_whom_its_class_admits(settings, role: Role, closed: bool) -> None:
    write_roles(settings.campaign, closed=closed)
    person, app = sign_in(settings, role), make_app()
    cases = (("GET", FOR_PEOPLE), ("GET", FOR_PROGRAMS), ("POST", FOR_PEOPLE), ("OPTIONS", FOR_PROGRAMS))
    for method, form in cases:
        for (path, access), answer in zip(CELLS, ask_cells(app, {**person, **form}, method), strict=True):
            said = f"{method} {path} for {role.name}: {answer.status_code}"
            if access.admits(role, is_closed=closed):
                assert answer.text == "inside", said
                is_for_some = access in (AccessClass.READER, AccessClass.STAFF, AccessClass.ADMINISTRATOR)
                kept_by_nobody = is_for_some or (closed and access is not AccessClass.EVERYBODY)
                if method == "GET":
                    told = "private, no-store" if kept_by_nobody else "public"
                    assert answer.headers["cache-control"] == told, said
                    assert ("access-control-allow-origin" in answer.headers) != kept_by_nobody, said
                continue
            is_led = role is Role.STRANGER and access is not AccessClass.NOBODY
            leads = is_led and method == "GET" and form is FOR_PEOPLE
            assert answer.status_code == (303 if leads else 401 if is_led else 403), said
            assert answer.text != "inside"
            assert "access-control-allow-origin" not in answer.headers
            if leads:
                assert answer.headers["location"].startswith("/sign-in?next=%2F"), said


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_what_a_request_claims_makes_nobody_anything(settings: Settings, closed: bool) -> None:
    write_roles(settings.campaign, closed=closed)
    app = make_app()
    claiming, plain = (ask_cells(app, {**claims, **FOR_PROGRAMS}) for claims in (CLAIMS, {}))
    assert [answer.status_code for answer in claiming] == [answer.status_code for answer in plain]


def test_a_route_and_a_page_that_nobody_declared_are_for_nobody(settings: Settings) -> None:
    undeclared = Route("/new", say_inside)
    stack = server.middleware(SITE._replace(titles={**SITE.titles, "secret": "Secret"}))
    app = Starlette(routes=[undeclared, Route("/secret", say_inside), *ROUTES], middleware=stack)
    for role in Role:
        for form in (FOR_PEOPLE, FOR_PROGRAMS):
            headers = {**sign_in(settings, role), **form}
            assert ask(app, "/new", **headers).status_code == 404
            assert ask(app, "/secret", **headers).status_code == 403


@pytest.mark.parametrize(
    ("address", "accepted", "lang"),
    [
        ("/Regionss", "", "en"),
        ("/figures/regionss?lang=es", "fr", "es"),
        ("/regions/all", "de-AT, en;q=0.4, fr-CA;q=0.8", "fr"),
    ],
)
def test_an_unknown_address_leads_people_on_in_their_language(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str, accepted: str, lang: str
) -> None:
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://example.org/figures")
    answer = ask(make_app(), address, accept_language=accepted, accept=BROWSER)
    page, t = html.fromstring(answer.text), translator(lang)
    assert (answer.status_code, page.get("lang"), answer.headers["content-language"]) == (404, lang, lang)
    assert page.findtext(".//h1") == t("There is no such page")
    ways = {link.get("href"): link.text for link in page.iter("a")}
    assert ways[f"/figures/regions?lang={lang}"] == t("Regions")
    assert len(ways) == len(SITE.ways) + 1
    assert ways[f"/figures/actions?part=stakeholders&lang={lang}"] == t("Stakeholders")
    assert not any("/upload" in way for way in ways)
    if "egionss" in address:  # the intended word stands first
        assert next(iter(ways)) == f"/figures/regions?lang={lang}"


def test_where_nothing_is_programs_are_told_so_and_what_is_known_is_answered(settings: Settings, monkeypatch) -> None:
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://example.org/figures")
    app = make_app()
    for path in ("/", "/regions", "/figures/regions", "/charts/nowhere", "/figures/charts/x", "/_stcore/health"):
        assert ask(app, path, accept=BROWSER).text == "inside", path
    for path in ("/nowhere", "/charts/x/y", "/figures/charts/x/y"):
        answer = ask(app, path, accept="application/json")
        assert (answer.status_code, path in answer.json()["error"]) == (404, True)
        assert ask(app, path, "POST", accept=BROWSER).status_code == 404
        assert html.fromstring(ask(app, path, accept=BROWSER).text).findtext(".//h1") == "There is no such page"


def post_password(app: Starlette, password: str, next_path: str = "/files?part=quality") -> httpx.Response:
    return ask(app, "/sign-in", "POST", content={"password": password, "next": next_path})


def test_who_signs_in_goes_on_and_a_session_ends_with_its_password(settings: Settings, monkeypatch) -> None:
    for next_path, address in {
        "/actions?q=日&theme=a%20b": "/actions?q=%E6%97%A5&theme=a%20b",
        "/日 é": "/%E6%97%A5%20%C3%A9",
        "/a\r\nset-cookie: x": "/",
        "//evil.example": "/",
    }.items():
        answer = post_password(stand_before_all(), "an imaginary password", next_path)
        assert (answer.status_code, answer.headers["location"]) == (303, address)
    app = stand_before_all()
    answer = post_password(app, "an imaginary password")
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].partition(";")[0]
    assert ask(app, "/files?part=quality", cookie=cookie, **FOR_PEOPLE).status_code == 200
    monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", "another imaginary password")
    assert ask(app, "/files?part=quality", cookie=cookie, **FOR_PEOPLE).status_code == 303


def test_signing_in_and_out_and_wrong_passwords_are_recorded(settings: Settings) -> None:
    app = Starlette(routes=signing.routes(), middleware=[Middleware(Admission, routes=RouteTable(ROUTES), pages=SITE)])

    for given in ("wrong", "wrong again", "once more", "an imaginary password"):
        last = ask(app, "/sign-in", "POST", client="192.0.2.7", content={"password": given})
    cookie = last.headers["set-cookie"].partition(";")[0]
    ask(app, "/sign-out", "POST", client="192.0.2.7", cookie=cookie)
    entries = find_entries(settings.campaign).entries[::-1]
    assert entries["event"].tolist() == ["sign_in_failed", "sign_in_failed", "signed_in", "signed_out"]
    assert entries["person_key"].tolist() == ["stranger", "stranger", "password", "password"]
    kept = "".join(path.read_text() for path in (settings.campaign / "private" / "audit").glob("*.jsonl"))
    assert not [word for word in ("192.0.2.7", "wrong", "imaginary") if word in kept]
    assert '"tries": 2' in kept


def test_whoever_guesses_from_many_networks_fills_no_log() -> None:
    mistakes = Mistakes()
    recorded = [mistakes.count(f"2001:db8:1:{number:x}::/64")[1] for number in range(2000)]
    assert recorded[:RECORDED] == [True] * RECORDED
    assert sum(recorded) < 10 * RECORDED
    assert mistakes.count("2001:db9:2:1::/64") == mistakes.count("192.0.2.1") == (1, True)


def test_nobody_keeps_a_session_that_is_not_theirs_or_whose_role_is_lost(settings: Settings) -> None:
    person = sign_in(settings, Role.STAFF)
    (token,) = re.findall("=(.*)", person["cookie"])
    kept = b"".join(path.read_bytes() for path in (settings.campaign / "private").glob("sessions.sqlite*"))
    assert token.encode() not in kept
    (session,) = sessions_of(settings).list_all()
    app = make_app()
    assert ask(app, "/files?part=quality", cookie=f"dashboard-session-80={session.session_hash}").status_code == 401
    assert ask(app, "/files?part=quality", cookie=f"{person['cookie']}; {person['cookie']}x").status_code == 401
    assert ask(app, "/files?part=quality", cookie=f"__Host-dashboard-session={token}").status_code == 401
    app, person = make_app(), sign_in(settings, Role.STAFF)
    assert ask(app, "/files?part=quality", **person).text == "inside"
    write_roles(settings.campaign, text="closed = false\n")
    assert ask(app, "/files?part=quality", **person).status_code == 401
    write_roles(settings.campaign)
    assert ask(app, "/files?part=quality", **person).text == "inside"
    (settings.campaign / "private" / roles_file.NAME).write_text("[[people]\n")
    assert ask(app, "/files?part=quality", **person).text == "inside"  # the roles in force stay so


@pytest.mark.skipif(sys.platform == "win32", reason="this system sets no limit to what a process writes")
def test_a_disk_that_takes_nothing_throws_nobody_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    person, app = sign_in(settings, Role.STAFF), make_app()
    monkeypatch.setattr(sessions, "REMEMBERED_FOR", 0.0)
    monkeypatch.setattr(sessions, "SEEN_EVERY", 1e9)
    store, (soft, hard) = sessions_of(settings)._store, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises((sqlite3.Error, OSError)):
            store.change("see", session_hash="", now=0.0)
        found = store.ask("listed", now=0.0, idle_since=0.0)
        answer = ask(app, "/files?part=quality", **person)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (len(found), answer.status_code) == (1, 200)


def test_sessions_that_cannot_be_read_or_kept_stop_nobody_else(settings: Settings, monkeypatch, caplog) -> None:
    person, other, app = sign_in(settings, Role.STAFF), sign_in(settings, Role.STAFF), make_app()
    stack = stand_before_all()

    def fail(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(sessions, "REMEMBERED_FOR", 0.0)
    assert ask(app, "/files?part=quality", **person).status_code == 200
    with monkeypatch.context() as broken:
        broken.setattr(Store, "ask", fail)
        assert ask(app, "/charts", **other).text == "inside"
        assert ask(app, "/files?part=quality", **other).status_code == 401
        assert ask(app, "/files?part=quality", **person).status_code == 200, "the last answer holds for a while"
        broken.setattr(sessions, "BELIEVED_FOR", 0.0)
        assert ask(app, "/files?part=quality", **person).status_code == 401
    monkeypatch.setattr(Store, "open", fail)
    assert ask(app, "/files?part=quality", **other).status_code == 200, "to read them nothing is written"
    answer = post_password(stack, "an imaginary password")
    assert answer.status_code == 503
    assert "disk is full" in answer.text
    assert "sqlite" not in answer.text

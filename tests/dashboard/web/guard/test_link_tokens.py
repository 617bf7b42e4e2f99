"""Signed links over HTTP: the addresses that a token opens, the refusals, and the secrets of all answers."""

import base64
import json
import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlencode

import httpx
import pandas as pd
import pytest
import uvicorn
from lxml import html
from starlette.applications import Starlette
from starlette.middleware import Middleware

from benchmarks.servers import find_free_port
from dashboard import server
from dashboard.access import signed_links
from dashboard.access.signed_links import SignedLink, SignedLinks, find_today, open_links
from dashboard.web.guard import link_tokens
from dashboard.web.guard.admission import Admission
from dashboard.web.site import NO_PAGES, RouteTable
from tests.charts_over_http import BASE, ask, ask_all, stand_before_all
from tests.signed_in import ROLES, make_link, write_roles
from tests.snapshots import copy_published

REGISTER = ("/extracts/actions.csv", "region=africa&region=americas&lang=en")
CHART = ("/charts/completion-by-region", "theme=education&lang=fr")
OPENED = (
    REGISTER,
    CHART,
    ("/charts/completion-by-region.svg", "size=slide&lang=en"),
    ("/charts/completion-by-region.csv", "lang=es"),
    ("/charts/explore.json", "by=category&and=region&lang=en"),
    ("/extracts/actions.json", "columns=action_id,title&lang=en"),
    ("/latest.atom", "kind=story&lang=en"),
)
"""One address of each kind."""


@pytest.fixture(scope="module")
def folder(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("closed campaign")
    copy_published(campaign_folder, folder)
    return folder


@pytest.fixture
def links(folder: Path) -> SignedLinks:
    return open_links(folder / "private")


@pytest.fixture
def app(folder: Path, kept: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder))
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)
    write_roles(folder, closed=True)
    return make_server()


def make_server() -> Starlette:
    """Make the routes, and the guard that admits to them."""
    routes = server.routes()
    table = RouteTable(routes)
    before = [Middleware(link_tokens.LinkTokens, routes=table), Middleware(Admission, routes=table, pages=NO_PAGES)]
    return Starlette(routes=routes, middleware=before)


def make(links: SignedLinks, target: tuple[str, str], days: int = 90) -> tuple[SignedLink, str]:
    return make_link(links, *target, days)


def show(target: tuple[str, str], token: str, more: str = "") -> str:
    path, query = target
    return f"{path}?{query}&token={token}{more}"


def basic(token: str, user: str = "token") -> str:
    return f"Basic {base64.b64encode(f'{user}:{token}'.encode()).decode()}"


def test_each_token_opens_its_own_address_and_no_other_and_stands_in_no_answer_and_no_log(app, links, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = {target: make(links, target)[1] for target in OPENED}
    for made_for, token in tokens.items():
        by_query = ask_all(app, [show(target, token) for target in OPENED])
        by_password = ask_all(app, ["?".join(target) for target in OPENED], authorization=basic(token, user="anybody"))
        expected = [200 if target == made_for else 403 for target in OPENED]
        assert [answer.status_code for answer in by_query] == expected, made_for
        assert [answer.status_code for answer in by_password] == expected, made_for
        same = [answer.content == other.content for answer, other in zip(by_query, by_password, strict=True)]
        assert all(same) or made_for == CHART, made_for
        own = by_query[OPENED.index(made_for)]
        assert token not in "".join(f"{name}{value}" for name, value in own.headers.items())
        assert made_for == CHART or token.encode() not in own.content
    own_lines = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    assert not any("dl_" in line for line in own_lines)
    scope = {"type": "http", "path": "/", "query_string": b"a=1&to%6ben=dl_x&b=%26&token=dl_y", "headers": []}
    assert link_tokens.take_token(scope) == ("dl_y", "/", "a=1&b=%26", False)
    assert scope["query_string"] == b"a=1&b=%26"  # which the server's own log reads


BOTH = "region=africa&region=americas"


def test_only_the_same_selection_is_opened(app: Starlette, links: SignedLinks) -> None:
    token = make(links, REGISTER)[1]
    for same in (
        "lang=EN&region=AMERICAS&region=africa",  # as the pages read codes: in any case and order
        f"lang=en-GB&{BOTH}&country=&utm_source=mail&fbclid=x",
        BOTH,  # the campaign's own language
    ):
        assert ask(app, show((REGISTER[0], same), token)).status_code == 200, same
    of_a_day = (REGISTER[0], "q=school&as_of=2021-07-01&lang=fr")
    narrow_token = make(links, of_a_day)[1]
    narrow = ask(app, show(of_a_day, narrow_token))
    for emptied in ("q=", "as_of=", "q=&as_of=&lang=&build="):  # the last of several counts, and an empty one nowhere
        shown = (of_a_day[0], f"{of_a_day[1]}&{emptied}")
        wider = [ask(app, show(shown, narrow_token)), ask(app, "?".join(shown), authorization=basic(narrow_token))]
        assert [answer.content for answer in wider] == [narrow.content] * 2, emptied
    assert 1 < narrow.text.count("\n") < 10
    others = ("theme=education", "columns=title", "as_of=2021-07-01", "nonsense=1", "build=gone")
    for other in (
        "region=africa&lang=en", "lang=en", f"{BOTH}&lang=fr", "region=atlantis&lang=en", "&".join(["q=x"] * 600),
        *(f"{BOTH}&lang=en&{more}" for more in others),
    ):  # fmt: skip
        answer = ask(app, show((REGISTER[0], other), token))
        assert (answer.status_code, len(answer.json()["error"]) > 40) == (403, True), other


def test_wrong_ended_and_revoked_tokens_are_refused_in_a_sentence(app, links, tmp_path, monkeypatch) -> None:
    _, token = make(links, REGISTER)
    _, foreign = make(SignedLinks(tmp_path), REGISTER)  # of another campaign
    for wrong in (token[:-2], token.swapcase(), f"{token}0", foreign, "", "x", "dl_%ff"):
        answer = ask(app, show(REGISTER, wrong))
        assert (answer.status_code, "incomplete" in answer.json()["error"]) == (403, True), wrong
    again = ask(app, "?".join(REGISTER), authorization=basic(foreign))
    assert (again.status_code, again.headers["www-authenticate"][:5]) == (401, "Basic")  # so that it can be typed anew
    link, revoked = make(links, REGISTER)
    assert ask(app, show(REGISTER, revoked)).status_code == 200
    links.revoke(link.handle)
    for answer in (ask(app, show(REGISTER, revoked)), ask(app, "?".join(REGISTER), authorization=basic(revoked))):
        assert (answer.status_code, "revoked" in answer.json()["error"]) == (410, True)
    page = ask(app, show(REGISTER, revoked, "&lang=fr"), accept="text/html")
    assert page.status_code == 410
    assert html.fromstring(page.text).get("lang") == "fr"
    assert "frame-ancestors" not in page.headers["content-security-policy"]  # the sentence is shown in frames too
    monkeypatch.setattr(signed_links, "find_today", lambda: link.ends_on + timedelta(days=1))
    answer = ask(app, show(REGISTER, token))
    assert (answer.status_code, "has expired" in answer.json()["error"]) == (410, True)


def test_who_may_not_come_in_any_more_has_given_nobody_else_a_way_in(app, links: SignedLinks, folder: Path) -> None:
    _, token = make(links, REGISTER)
    _, of_staff = make_link(links, *REGISTER, name="staff")
    assert ask(app, show(REGISTER, token)).status_code == 200
    write_roles(folder, closed=True, text=ROLES.replace("reader@", "other@"))
    answer = ask(app, show(REGISTER, token))
    assert (answer.status_code, "no longer has access" in answer.json()["error"]) == (410, True)
    assert ask(app, show(REGISTER, of_staff)).status_code == 200


def test_programs_are_told_how_to_show_a_token_and_browsers_are_not(app: Starlette) -> None:
    for target in OPENED:
        answer = ask(app, "?".join(target), accept="*/*")
        assert (answer.status_code, answer.headers["www-authenticate"][:12]) == (401, "Basic realm=")
        page = ask(app, "?".join(target), accept="text/html")
        assert (page.status_code, "www-authenticate" in page.headers) == (303, False)  # to sign in
    for other in ("/charts", "/extracts", "/show", "/openapi.json", "/charts/replay.json"):
        answer = ask(app, other, authorization=basic("dl_x"))
        assert (answer.status_code, answer.headers["www-authenticate"].partition(" ")[0]) == (401, "Bearer")


def test_an_answer_is_the_readers_own_repeats_as_a_304_and_is_counted(app: Starlette, links: SignedLinks) -> None:
    for target in (REGISTER, CHART):
        link, token = make(links, target)
        answer = ask(app, show(target, token))
        told = [answer.headers[name] for name in ("cache-control", "referrer-policy", "x-robots-tag")]
        assert told == ["private, no-cache", "no-referrer", "noindex"]
        again = ask(app, show(target, token), if_none_match=answer.headers["etag"])
        assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-cache")
        assert ask(app, show(target, token), "HEAD").status_code == 200
        assert ask(app, show(target, token), "POST").status_code == 401
        assert ask(app, show((target[0], "lang=es"), token)).status_code == 403  # refused, and so no use
        (kept,) = [one for one in links.list() if one.handle == link.handle]
        assert (kept.uses, kept.last_used_on) == (3, find_today())


def test_a_page_to_embed_and_its_oembed_carry_the_token_and_offer_nothing_that_it_does_not_open(app, links) -> None:
    token = make(links, CHART)[1]
    page = html.fromstring(ask(app, show(CHART, token)).text)
    (description,) = page.xpath('//link[@type="application/json+oembed"]/@href')
    assert token in description
    assert token not in ask(app, show(CHART, make(links, CHART)[1])).text, "another link's reader sees nothing of it"
    own = [address for address in page.xpath("//@href") if "/charts/" in address or address.startswith("completion")]
    assert not [address for address in own if "oembed" not in address and "token" in address]
    assert not page.xpath('//a[contains(@href, ".csv") or contains(@href, "interactive") or @hreflang]')
    described = ask(app, description.removeprefix(BASE)).json()
    (frame,) = html.fromstring(described["html"]).xpath("//iframe/@src")
    assert "thumbnail_url" not in described
    assert token in described.pop("html")
    assert token not in json.dumps(described)
    assert ask(app, frame.removeprefix(BASE)).status_code == 200
    without = ask(app, f"/oembed?{urlencode({'url': f'{BASE}{CHART[0]}?{CHART[1]}'})}")
    other = ask(app, f"/oembed?{urlencode({'url': f'{BASE}{CHART[0]}?lang=en&token={token}'})}")
    assert (without.status_code, other.status_code) == (401, 403)
    both = urlencode([("url", frame), ("url", f"{BASE}/charts/status-overview?lang=en")])  # one shown, one asked for
    assert ask(app, f"/oembed?{both}").status_code == 401


def test_in_an_open_campaign_a_token_is_left_out(app: Starlette, links: SignedLinks, folder: Path) -> None:
    write_roles(folder)
    opened = make_server()
    for target in OPENED:
        plain = ask(opened, "?".join(target))
        for answer in (
            ask(opened, show(target, "dl_whatever")),
            ask(opened, show(target, make(links, REGISTER)[1])),
            ask(opened, "?".join(target), authorization=basic("dl_x")),
        ):
            assert (answer.status_code, answer.content) == (200, plain.content)
            assert answer.headers["cache-control"] == plain.headers["cache-control"]
    pasted = f"{BASE}/charts/completion-by-region?lang=en&token=dl_x"
    assert ask(opened, f"/oembed?url={quote(pasted, safe='')}").status_code == 200


@pytest.fixture
def base(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the address of the campaign's server, with all that stands before its routes."""
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("DASHBOARD_BASE_URL", address)
    serving = uvicorn.Server(uvicorn.Config(stand_before_all(), port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(0.01)
    yield address
    serving.should_exit = True
    thread.join(10)


def test_programs_get_the_file_and_the_log_has_no_token(base: str, links: SignedLinks, caplog, monkeypatch) -> None:
    """Over a real connection: pandas by password, curl by address, the server's own log."""
    monkeypatch.setattr(logging.getLogger("uvicorn.access"), "disabled", False)
    caplog.set_level(logging.INFO, "uvicorn.access")
    link, token = make_link(links, *REGISTER)
    address = f"{base}{REGISTER[0]}?{REGISTER[1]}"
    asked = httpx.get(address, headers={"accept": "*/*"})  # as Excel asks first, which then shows its dialogue
    assert (asked.status_code, asked.headers["www-authenticate"].partition(" ")[0]) == (401, "Basic")
    password = {"Authorization": basic(token, user="link")}
    by_password = pd.read_csv(address, storage_options=password)
    by_address = pd.read_csv(f"{address}&token={token}")
    pd.testing.assert_frame_equal(by_password, by_address)
    assert len(by_password) > 0
    assert set(by_password["Regions"].str.contains("Africa|Americas")) == {True}
    links.revoke(link.handle)
    with pytest.raises(HTTPError, match="410"):
        pd.read_csv(address, storage_options=password)
    logged = [record.getMessage() for record in caplog.records if record.name.startswith(("uvicorn", "dashboard"))]
    assert any(REGISTER[0] in line for line in logged)
    assert not any("dl_" in line for line in logged)

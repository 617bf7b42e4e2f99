"""The security headers of every answer, as docs/security.md has them."""

import re
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.paths import PROJECT
from dashboard.web import http
from dashboard.web.guard import security_headers
from dashboard.web.guard.security_headers import SecurityHeaders, write_page_policy
from tests.charts_over_http import ask

SECTION = (
    (PROJECT / "docs" / "security.md").read_text(encoding="utf-8").partition("## Headers")[2].partition("\n## ")[0]
)
LISTED = {(name, value) for name, value in re.findall(r"^\| `([a-z-]+)` \| `([^`]+)` \|", SECTION, re.MULTILINE)}


def test_the_table_has_every_header_and_no_other() -> None:
    policy = "content-security-policy"
    added = {**security_headers.HEADERS, **security_headers.ON_TRUSTED_ADDRESSES, **security_headers.BY_HTTPS}
    page = re.sub(r"'sha256-[^']+'", "'sha256-…'", write_page_policy("<script>1</script>"))
    opened = {(name, http.OPEN[name]) for name in ("access-control-allow-origin", "cross-origin-resource-policy")}
    assert {*added.items(), *opened, (policy, security_headers.FRAMING), (policy, page)} == LISTED


def test_all_answers_have_them(site: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    charts = ("/charts/completion-by-region", "/charts/completion-by-region.svg", "/charts/nowhere")
    others = ("/healthz", "/readyz", "/metrics", "/regions", "/nothing", "/x/y", "/_stcore/metrics")
    monkeypatch.setenv("DASHBOARD_BASE_URL", "")
    for path in (*charts, *others, "/latest.atom", "/show"):
        headers = ask(site, path, accept="text/html", host="localhost:8501").headers
        assert security_headers.HEADERS.keys() <= headers.keys(), path
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "strict-transport-security" not in headers
    monkeypatch.setenv("DASHBOARD_BASE_URL", "http://intern.example.org")
    assert "cross-origin-opener-policy" not in ask(site, "/healthz", host="localhost").headers
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")
    assert ask(site, "/healthz", host="localhost").headers["strict-transport-security"] == "max-age=31536000"


def test_a_page_runs_its_own_scripts_and_no_others(site: Starlette) -> None:
    answer = ask(site, "/regions")
    policy = answer.headers["content-security-policy"]
    scripts = dict(part.partition(" ")[::2] for part in policy.split("; "))["script-src"].split()
    assert {"'self'", "blob:"} < set(scripts)
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:"} & set(scripts)
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert len(scripts) - 2 == len(inline) == 2
    assert write_page_policy("".join(f"<script>{script}</script>" for script in inline)) == policy
    assert not re.search(r"<[^>]+\son[a-z]+=", answer.text)  # no hash speaks for these
    again = ask(site, "/regions", if_none_match=answer.headers["etag"])
    assert (again.status_code, again.headers["content-security-policy"]) == (304, policy)


def test_a_304_leaves_what_the_browser_has() -> None:
    def answer(status: int, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Route(f"/{status}", lambda _: PlainTextResponse("", status, headers=named))

    pdf = Route("/pdf", lambda _: PlainTextResponse("", media_type="application/pdf"))
    own = {"content_security_policy": "frame-ancestors *", "Referrer-Policy": "no-referrer"}
    app = Starlette(routes=[answer(304), answer(200, **own), pdf], middleware=[Middleware(SecurityHeaders)])
    assert "content-security-policy" not in ask(app, "/304").headers
    assert ask(app, "/200").headers.get_list("content-security-policy") == ["frame-ancestors *"]
    assert ask(app, "/200").headers.get_list("referrer-policy") == ["no-referrer"]
    assert ask(app, "/pdf").headers["content-security-policy"] == "frame-ancestors 'self'"
    assert ask(app, "/static/js/x.js").headers["content-security-policy"] == "frame-ancestors 'self'"


def test_cookies_have_their_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    set_by_routes = {
        "_streamlit_xsrf=1; Path=/; SameSite=Lax": "_streamlit_xsrf=1; Path=/; SameSite=Lax",
        "session=2; Path=/": "session=2; Path=/; HttpOnly; SameSite=Lax",
        "own=3; HttpOnly; samesite=strict": "own=3; HttpOnly; samesite=strict",
    }

    def set_cookies(_: object) -> PlainTextResponse:
        answer = PlainTextResponse("")
        for cookie in set_by_routes:
            answer.headers.append("set-cookie", cookie)
        return answer

    app = Starlette(routes=[Route("/", set_cookies)], middleware=[Middleware(SecurityHeaders)])
    assert ask(app, "/").headers.get_list("set-cookie") == list(set_by_routes.values())
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")
    secure = ask(app, "/").headers.get_list("set-cookie")
    assert all("; Secure" in cookie for cookie in secure)
    assert "HttpOnly" not in secure[0]

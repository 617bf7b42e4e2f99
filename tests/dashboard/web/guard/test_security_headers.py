"""Every answer has its security headers, as docs/security.md has them, and reveals neither folders nor faults."""

import logging
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.errors import CampaignError, UserError
from dashboard.paths import PROJECT
from dashboard.snapshot import database
from dashboard.web import evidence_files, handouts, http
from dashboard.web.guard import security_headers
from dashboard.web.guard.security_headers import SecurityHeaders, write_page_policy
from dashboard.web.handouts import Store
from dashboard.web.refusals import tell
from tests.charts_over_http import ask, stand_before_all
from tests.snapshots import copy_published

SECTION = (
    (PROJECT / "docs" / "security.md").read_text(encoding="utf-8").partition("## Headers")[2].partition("\n## ")[0]
)
LISTED = {(name, value) for name, value in re.findall(r"^\| `([a-z-]+)` \| `([^`]+)` \|", SECTION, re.MULTILINE)}


def test_the_table_has_every_header_and_no_other() -> None:
    policy = "content-security-policy"
    added = {**security_headers.HEADERS, **security_headers.ON_TRUSTED_ADDRESSES, **security_headers.BY_HTTPS}
    page = re.sub(r"'sha256-[^']+'", "'sha256-…'", write_page_policy("<script>1</script>"))
    opened = {(name, http.OPEN[name]) for name in ("access-control-allow-origin", "cross-origin-resource-policy")}
    evidence = evidence_files.HARMLESS.items()
    assert {*added.items(), *opened, *evidence, (policy, security_headers.FRAMING), (policy, page)} == LISTED


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


def test_a_304_leaves_what_the_browser_has_and_cookies_have_their_flags(monkeypatch: pytest.MonkeyPatch) -> None:
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


OF_FIGURES = (
    "/charts", "/charts/completion-by-region", "/charts/completion-by-region.csv", "/charts/completion-by-theme.png",
    "/charts/completion-by-theme.json", "/charts/replay.json", "/show", "/extracts", "/extracts/actions.csv",
    "/extracts/actions.xlsx", "/extracts/datapackage.json", "/latest.atom", "/latest.ics", "/latest-build",
    "/sitemap.xml",
)  # fmt: skip
OTHERS = (
    "/oembed?url=http://localhost:8501/charts/completion-by-region", "/newsletter/sign-up", "/regions", "/readyz",
    "/openapi.json", "/newsletter/confirm?token=x", "/files/x", "/charts/completion-by-region?build=gone",
    "/robots.txt",
)  # fmt: skip


@pytest.fixture
def folder(campaign_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_published(campaign_folder, tmp_path / "campaign")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path / "campaign"))
    monkeypatch.setenv("DASHBOARD_NEWSLETTER", "on")
    return tmp_path / "campaign"


@pytest.fixture
def app(store: Store) -> Starlette:
    assert handouts.store() is store
    return stand_before_all()


def find_snapshot(folder: Path) -> Path:
    (path,) = (folder / "published").glob("*.duckdb")
    return path


def truncate(folder: Path) -> None:
    path = find_snapshot(folder)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def fill_with_garbage(folder: Path) -> None:
    path = find_snapshot(folder)
    with path.open("r+b") as file:
        file.write(b"garbage!" * (path.stat().st_size // 8))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "damaged pointer": lambda folder: (folder / "published" / "current.json").write_text("{"),
    "nothing published": lambda folder: shutil.rmtree(folder / "published"),
    "no snapshot": lambda folder: find_snapshot(folder).unlink(),
    "cut short": truncate,
    "garbage": fill_with_garbage,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_figures_that_cannot_be_read_are_unavailable_and_no_answer_names_a_place(
    folder: Path, app: Starlette, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    DAMAGES[damage](folder)
    with caplog.at_level(logging.ERROR):
        for path in (
            *OF_FIGURES[: None if damage in ("garbage", "damaged pointer", "nothing published") else 4],
            *OTHERS,
        ):
            accepted = "*/*" if "." in path else "text/html"
            answer = ask(app, f"http://localhost:8501{path}", accept=accepted)
            assert answer.status_code in (200, 400, 404, 410, 503), (path, answer.text)
            assert answer.status_code == 503 or path in OTHERS, path
            assert "retry-after" in answer.headers or path in OTHERS, path
            assert answer.status_code == {"/readyz": 503, "/robots.txt": 200}.get(path, answer.status_code), path
            for word in (str(folder), "current.json", ".duckdb", "IO Error", "Traceback"):
                assert word not in answer.text, (path, answer.text[:500])
        refused = ask(app, "http://localhost:8501/charts/completion-by-region.csv?lang=fr")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
    assert refused.json()["error"].split(".")[0] in (
        "The figures cannot be read at the moment", "No data has been published yet, so there are no figures to show"
    )  # fmt: skip
    assert "/published" in caplog.text or ".duckdb" in caplog.text


def test_what_readers_are_told(caplog: pytest.LogCaptureFixture) -> None:
    for hidden in (
        CampaignError("campaign.toml is not valid TOML.", "Correct that line."),
        UserError("/srv/campaign/private/x.csv cannot be read."),
        UserError("C:\\campaign\\x.csv cannot be read."),
        UserError("It stands in (/srv/campaign/x)."),
    ):
        assert tell(hidden).what == database.UNREADABLE[0]
        assert str(hidden) in caplog.text
    for open_ in ("Use https://example.org/charts/x.", "Of 1/2 and 3/4.", "region/subregion", "a / b", "</p>"):
        assert tell(UserError(open_)).what == open_

"""An address that names a build stays with it when another is published, and says so once that build is gone."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from lxml import html
from starlette.applications import Starlette

from tests.cases import some
from tests.charts_over_http import BASE, ask, ask_all, make_app, read_csv, republish
from tests.snapshots import copy_published, publish_fixture

CURVE, REGISTER, FEED = "/charts/completion-over-time.csv", "/extracts/actions.json", "/latest.json?kind=completed"
LATEST, SHOW = "/latest-build", "/show"


def read_slides(answer: httpx.Response) -> str:
    return answer.text.partition("<main>")[2].partition("</main>")[0]


def read_ids(answer: httpx.Response) -> set[str]:
    return {item["id"] for item in answer.json()["items"]}


def freeze(path: str, build_id: str = "fixture") -> str:
    return f"{path}{'&' if '?' in path else '?'}build={build_id}"


SAID: dict[str, Callable[[httpx.Response], Any]] = {
    CURVE: lambda answer: answer.content,
    REGISTER: lambda answer: answer.content,
    FEED: read_ids,
    SHOW: read_slides,
}
"""By address, the part of its answer that stays with a build."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("two builds")


@pytest.fixture(scope="module")
def app(folder: Path, kept: pytest.MonkeyPatch) -> Starlette:
    return make_app(folder, kept)


@pytest.fixture(scope="module", autouse=True)
def before(app: Starlette, folder: Path) -> dict[str, httpx.Response]:
    """Return the answers before the build `second` was published, which has ten actions fewer."""
    assert ask(app, LATEST).status_code == 503, "nothing is published yet"
    publish_fixture(folder)
    answers = {path: ask(app, path) for path in (*SAID, LATEST)}
    republish(folder, "second", without=10)
    return answers


@pytest.mark.parametrize("path", some(SAID, 1))
def test_what_is_said_stays_with_the_build(app: Starlette, before: dict[str, httpx.Response], path: str) -> None:
    said, was = SAID[path], before[path]
    live, frozen, named = ask_all(app, [path, freeze(path), freeze(path, "second")])
    assert said(frozen) == said(was) != said(live) == said(named)
    assert was.headers["etag"] != live.headers["etag"]
    kept_for = "no-cache" if path == SHOW else "public, max-age=31536000, immutable"
    assert {answer.headers["cache-control"] for answer in (frozen, named)} == {kept_for}
    assert "immutable" not in live.headers["cache-control"]
    if path == CURVE:
        assert [int(read_csv(answer.content)["actions"].iloc[-1]) for answer in (was, live)] == [40, 30]
    if path == REGISTER:
        assert [len(answer.json()) for answer in (was, live)] == [40, 30]
    if path == FEED:
        assert read_ids(live) < read_ids(was)


@pytest.mark.usefixtures("workers_here")
def test_what_a_frozen_answer_names_is_of_its_build(app: Starlette, before: dict[str, httpx.Response]) -> None:
    page = ask(app, "/charts/completion-over-time?build=fixture")
    assert "completion-over-time.csv?build=fixture&amp;lang=en" in page.text
    described = ask(app, "/charts/completion-over-time.metadata.json?build=fixture").json()
    assert (described["build_id"], described["is_frozen"]) == ("fixture", True)
    package = ask(app, "/extracts/datapackage.json?build=fixture").json()
    assert package["version"] == "fixture"
    address = next(r["path"] for r in package["resources"] if "/extracts/actions.json?" in r["path"])
    assert ask(app, address.removeprefix(BASE)).content == before[REGISTER].content
    book = openpyxl.load_workbook(io.BytesIO(ask(app, "/extracts/actions.xlsx?build=fixture").content))
    ids = [row[0] for row in book.worksheets[0].iter_rows(2, values_only=True)]
    assert ids == [row["action_id"] for row in before[REGISTER].json()]
    dated = ask(app, "/latest.json?build=fixture&as_of=2021-06-17").json()["items"]
    assert max(item["_entry"]["on_date"] for item in dated if item["_entry"]["kind"] != "event") <= "2021-06-17"


def test_a_screen_asks_for_newer_figures_unless_it_stays_with_a_build(app, before: dict[str, httpx.Response]) -> None:
    told, first = before[LATEST], before[SHOW]
    assert told.json() == {"build_id": "fixture", "built_at": "2022-01-10T09:00:00Z", "actions": 40}
    assert told.headers["cache-control"] == "no-cache"  # a browser asks again, and is answered 304
    second = ask(app, SHOW, if_none_match=first.headers["etag"])
    assert second.status_code == 200
    bodies = [html.fromstring(answer.text).find("body") for answer in (first, second, ask(app, freeze(SHOW)))]
    assert [body.get("data-build") for body in bodies] == ["fixture", "second", ""]  # the last asks for nothing newer
    newer = ask(app, f"/{bodies[1].get('data-latest')}", if_none_match=told.headers["etag"])
    assert (newer.status_code, newer.json()["build_id"], newer.json()["actions"]) == (200, "second", 30)
    assert ask(app, LATEST, if_none_match=newer.headers["etag"]).status_code == 304


def test_a_build_that_is_gone_says_so(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(copy_published(folder, tmp_path / "campaign"), monkeypatch)
    chart = "/charts/completion-by-region"
    for path in (chart, freeze(chart), freeze(chart)):  # whose address is remembered while the live build is open
        assert ask(app, path).status_code == 200
    (tmp_path / "campaign" / "published" / "snapshot-fixture.duckdb").unlink()
    charts = (chart, f"{chart}.csv", "/charts/completion-by-theme")
    extracts = ("/extracts/actions.csv", "/extracts/actions.json", "/extracts", "/extracts/datapackage.json")
    for path in (*charts, *extracts, "/charts/replay.json", "/latest.ics", SHOW):
        answer = ask(app, freeze(path))
        assert (answer.status_code, answer.headers["cache-control"]) == (410, "no-store"), path
        assert "build=" in answer.text, path
    assert ask(app, freeze(chart, "never")).status_code == 410
    assert ask(app, freeze(chart, "../../etc/passwd")).status_code == 400

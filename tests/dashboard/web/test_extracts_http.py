"""Corners of HTTP for extracts: conditional requests, compression, names, a build in between, clients that go away."""

import asyncio
import gzip
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.web.server.starlette.starlette_gzip_middleware import SelectiveGZipMiddleware

from dashboard import server
from dashboard.snapshot.database import POINTER
from dashboard.web import extracts
from dashboard.web.extracts import Store
from dashboard.web.site import Pages
from tests.snapshots import copy_published

CSV = "/extracts/actions.csv?region=africa"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    own = Store(threads=2)
    monkeypatch.setattr(extracts, "store", lambda: own)
    yield own
    own.close()


@pytest.fixture
def folder(campaign_folder: Path, tmp_path: Path) -> Path:
    """A copy of the campaign folder that may be published into."""
    copy_published(campaign_folder, tmp_path / "campaign")
    return tmp_path / "campaign"


@pytest.fixture
def app(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder))
    monkeypatch.setenv("DASHBOARD_PUBLIC_NAMES", "test")
    compress = Middleware(SelectiveGZipMiddleware, minimum_size=500)  # what Streamlit's own app puts around routes
    return Starlette(
        routes=server.routes(),
        middleware=[compress, *server.middleware(Pages({"overview": "Overview"}, ["overview"], []))],
    )


def client_of(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")


def ask(app: Starlette, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def run() -> httpx.Response:
        async with client_of(app) as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, path, headers={"accept-encoding": "identity"} | named)

    return asyncio.run(run())


def republish(folder: Path, build_id: str) -> None:
    """Another build in the place of the published one."""
    pointer = folder / "published" / POINTER
    named = json.loads(pointer.read_text(encoding="utf-8")) | {"build_id": build_id}
    fresh = pointer.with_suffix(".new")
    fresh.write_text(json.dumps(named), encoding="utf-8")
    fresh.replace(pointer)


@pytest.mark.parametrize("asked", ["{etag}", '"other", {etag}', '"other",{etag} , "more"', "W/{etag}", "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_way_to_ask_whether_it_is_still_the_same(app: Starlette, method: str, asked: str) -> None:
    etag = ask(app, CSV, "HEAD").headers["etag"]
    answer = ask(app, CSV, method, if_none_match=asked.replace("{etag}", etag))
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag


@pytest.mark.parametrize("asked", ['"other"', "nonsense", 'W/"other", "more"', ""])
def test_other_tags_get_the_file(app: Starlette, asked: str) -> None:
    answer = ask(app, CSV, if_none_match=asked)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")


def test_text_is_sent_compressed_to_those_who_take_it(app: Starlette) -> None:
    plain = ask(app, CSV)
    packed = ask(app, CSV, accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers.get("content-length", 0)) < len(plain.content)
    for answer in (plain, packed):
        assert "accept-encoding" in answer.headers["vary"].lower()
    again = ask(app, CSV, accept_encoding="gzip", if_none_match=packed.headers["etag"])
    assert again.status_code == 304


def test_other_files_arrive_as_they_are(app: Starlette) -> None:
    answer = ask(app, "/extracts/actions.parquet", accept_encoding="gzip, br")
    assert (answer.content[:4], answer.content[-4:]) == (b"PAR1", b"PAR1")


def test_a_name_with_accents_and_quotes_is_a_safe_name(app: Starlette) -> None:
    answer = ask(app, '/extracts/actions.csv?q=école "à";%0d%0aX: y&region=africa&lang=fr')
    assert answer.status_code == 200
    name = "sample_2021-actions_africa_ecole-a-x-y_2021-12-31_fr.csv"
    assert answer.headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert "x" not in answer.headers


def test_a_refusal_is_readable_in_a_browser(app: Starlette) -> None:
    answer = ask(app, "/extracts/actions.csv?region=atlantis", accept="text/html,application/xhtml+xml")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "content-disposition" not in answer.headers
    assert "atlantis" in answer.text
    assert "africa" in answer.text


def test_a_build_in_the_middle_of_a_download_changes_nothing_of_it(
    app: Starlette, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    make = extracts.ExtractRequest.make

    def wait(wanted: extracts.ExtractRequest, target: Path) -> None:
        begun.set()
        assert go_on.wait(30)
        make(wanted, target)

    before = ask(app, CSV).content
    monkeypatch.setattr(extracts.ExtractRequest, "make", wait)

    async def run() -> tuple[httpx.Response, str]:
        async with client_of(app) as client:
            slow = asyncio.create_task(client.get(f"{CSV}&lang=en&columns=action_id,title"))
            await asyncio.to_thread(begun.wait, 30)
            republish(folder, "another")
            fresh = (await client.head(CSV)).headers["etag"]
            go_on.set()
            return await slow, fresh

    answer, fresh = asyncio.run(run())
    assert answer.status_code == 200
    assert answer.content.count(b"\r\n") == before.count(b"\r\n")
    assert ask(app, CSV, "HEAD").headers["etag"] == fresh


def test_a_client_that_goes_away_leaves_nothing_undone(
    app: Starlette, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def wait(_: object, target: Path) -> None:
        assert go_on.wait(30)
        target.write_bytes(b"late")

    monkeypatch.setattr(extracts.ExtractRequest, "make", wait)

    async def run() -> bytes:
        async with client_of(app) as client:
            gone, patient = (asyncio.create_task(client.get(CSV)) for _ in range(2))
            await asyncio.sleep(0.5)
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
            go_on.set()
            return (await patient).content

    assert asyncio.run(run()) == b"late"
    kept = store.find(ask(app, CSV, "HEAD").headers["etag"])
    assert kept is not None
    assert [file.name for file in kept.path.parent.iterdir()] == [kept.path.name]


def test_small_files_of_the_server_do_not_wait_for_workers() -> None:
    store, go_on = Store(threads=1), threading.Event()

    def wait(target: Path) -> None:
        assert go_on.wait(30)
        target.write_bytes(b"workbook")

    slow = store.submit("a workbook", wait, by_worker=True)
    assert store.submit("a list", lambda path: path.write_bytes(b"list")).result(30).path.read_bytes() == b"list"
    assert not slow.done()
    go_on.set()
    assert slow.result(30).path.read_bytes() == b"workbook"
    store.close()


def test_gzip_of_the_whole_file_is_what_was_written(app: Starlette) -> None:
    async def raw() -> bytes:
        async with (
            client_of(app) as client,
            client.stream("GET", CSV, headers={"accept-encoding": "gzip"}) as answer,
        ):
            return b"".join([chunk async for chunk in answer.aiter_raw()])

    assert gzip.decompress(asyncio.run(raw())) == ask(app, CSV).content

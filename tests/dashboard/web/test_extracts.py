"""Extracts over HTTP: rows, headers, conditional requests, refusals, many at once, and the store behind them."""

import asyncio
import csv
import gzip
import io
import threading
from typing import Any

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.web.server.starlette.starlette_gzip_middleware import SelectiveGZipMiddleware

from dashboard import server
from dashboard.files.extracts.choice import FORMATS
from dashboard.files.extracts.tables import TABLES
from dashboard.ground.processes import runner
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.web import extracts
from dashboard.web.handouts import Store
from tests.charts_over_http import BASE, PAGES, ask, ask_all, make_app, republish
from tests.register_oracle import LAST_DAY, expected_register, matching
from tests.snapshots import publish_fixture

pytestmark = pytest.mark.usefixtures("workers_here")
CSV = "/extracts/actions.csv"


class Late:
    """Makes files once it is let go on, and counts them."""

    def __init__(self) -> None:
        self.begun, self.go_on, self.made = threading.Event(), threading.Event(), 0

    def wait(self) -> None:
        self.made += 1
        self.begun.set()
        assert self.go_on.wait(30)

    def make(self, *arguments: Any) -> None:
        self.wait()
        target = arguments[-1]
        target.write_bytes(b"late")


def read_rows(answer: httpx.Response, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def read_headers(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def read_ids(answer: httpx.Response) -> list[Any]:
    kind = answer.headers["content-type"]
    if kind.startswith("text/csv"):
        return [row[0] for row in read_rows(answer)][1:]
    if kind == "application/json":
        return [row["action_id"] for row in answer.json()]
    if kind.endswith("parquet"):
        return list(pq.read_table(io.BytesIO(answer.content))["action_id"].to_pylist())
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [row[0] for row in sheet.iter_rows(2, values_only=True)]


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Late:
    """Return files whose making waits until it is let go on."""
    own = Late()
    monkeypatch.setattr(extracts, "write_extract", own.make)
    return own


def client_of(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")


def test_a_link_gives_the_rows_of_the_selection(app: Starlette) -> None:
    expected = matching(expected_register(LAST_DAY), regions={"africa", "global"}, themes={"education"})
    for ending in ("csv", "parquet", "json"):
        answer = ask(app, f"/extracts/actions.{ending}?theme=education&region=global&region=africa&lang=fr")
        assert answer.status_code == 200
        assert read_ids(answer) == expected["action_id"].tolist()
        name = f"sample_2021-actions_africa-global_education_2021-12-31_fr.{ending}"
        assert answer.headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
        assert answer.headers["content-type"] == FORMATS[ending]
        assert answer.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
        assert answer.headers["etag"].startswith('"')
        assert answer.headers["content-language"] == "fr"
        assert int(answer.headers["content-length"]) == answer.num_bytes_downloaded
        assert not {"set-cookie", "last-modified"} & answer.headers.keys()


def test_without_who_reports_the_file_for_iati_is_refused_with_what_to_set(app: Starlette) -> None:
    answer = ask(app, "/extracts/iati.xml?lang=fr")
    assert (answer.status_code, "iati_identifier" in answer.text) == (422, True)
    assert "iati.xml" in ask(app, "/extracts/nonsense.csv").text


def test_an_etag_is_of_build_table_format_filters_columns_and_language(app, snapshot: Snapshot, monkeypatch) -> None:
    queries = ("lang=fr", "region=africa", "csv=semicolon", "columns=title", "columns=title,percent")
    paths = ["actions.csv", "actions.json", "reports.csv", "actions.csv?columns=percent,title"]
    paths += [f"actions.csv?{query}" for query in queries]
    paths += ["actions.xlsx", "actions.xlsx?include=events", "actions.xlsx?include=events,stories"]
    tags = {answer.headers["etag"] for answer in ask_all(app, [f"/extracts/{path}" for path in paths], "HEAD")}
    assert len(tags) == len(paths)
    for file, one, same in (
        ("csv", "region=africa&region=global&q=cocoa", "q=%20cocoa&region=global&region=africa&lang=en"),
        ("xlsx", "include=stories,events", "include=events&include=stories&include=actions"),
    ):
        answers = ask_all(app, [f"/extracts/actions.{file}?{query}" for query in (one, same)], "HEAD")
        assert len({answer.headers["etag"] for answer in answers}) == 1, same
    monkeypatch.setattr(snapshot, "build_id", "another")
    assert ask(app, "/extracts/actions.csv", "HEAD").headers["etag"] not in tags


def test_head_makes_nothing_and_a_full_queue_is_unavailable_for_now(app: Starlette, store: Store, monkeypatch) -> None:
    head = ask(app, CSV, "HEAD")
    assert head.status_code == 200
    assert head.content == b""
    assert not store.files.size
    get = ask(app, CSV)
    same = dict(get.headers)
    del same["content-length"]
    assert dict(head.headers) == same
    assert ask(app, "/extracts/actions.parquet", "HEAD").headers["content-length"], "whose readers ask for parts"
    full = runner.Workers(processes=0, waiting=0)
    monkeypatch.setattr(runner, "default_workers", lambda: full)
    answer = ask(app, "/extracts/actions.xlsx")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "Too many files are being prepared" in answer.json()["error"]
    assert ask(app, "/extracts/actions.csv").status_code == 200


@pytest.mark.nightly
def test_a_workbook_has_the_columns_and_tables_asked_for_and_a_link_to_itself(app: Starlette) -> None:
    path = "/extracts/reports.xlsx?region=africa&as_of=2021-09-30&lang=fr&columns=percent,action_id"
    answer = ask(app, f"{path}&include=stories&include=actions,events")
    assert answer.status_code == 200
    name = "sample_2021-reports-with-actions-events-stories_africa_2021-09-30_fr.xlsx"
    assert name in answer.headers["content-disposition"]
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    tables = [name for sheet in workbook.worksheets[:4] for name in sheet.tables]
    assert tables == ["reports", "actions", "events", "stories"]
    fields = {field.name: field for field in TABLES["reports"].fields}
    headers = [translator("fr")(fields[name].header) for name in ("percent", "action_id")]
    assert [cell.value for cell in workbook.worksheets[0][1]] == headers
    view, refresh = (cell.hyperlink.target for row in workbook.worksheets[4] for cell in row if cell.hyperlink)
    assert view == f"{BASE}/actions?region=africa&as_of=2021-09-30&lang=fr"
    assert refresh == f"{BASE}{path}&include=actions,events,stories"
    again = ask(app, refresh.removeprefix(BASE))
    assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])


def test_a_part_of_a_file_is_sent_where_its_bytes_are_those_of_the_file(app: Starlette, store: Store) -> None:
    path = "/extracts/actions.parquet"
    whole = ask(app, path)
    tag, size = whole.headers["etag"], len(whole.content)
    store.files.clear()  # the next one is of a file that is made anew
    for asked, first, end in (
        ("bytes=0-3", 0, 4),
        ("BYTES=-8", size - 8, size),
        (f"bytes={size - 4}-", size - 4, size),
        (f"bytes=4-{size + 100}", 4, size),
        (f"bytes=-{size + 1}", 0, size),
    ):
        part = ask(app, path, range=asked, if_range=tag)
        assert (part.status_code, part.content) == (206, whole.content[first:end]), asked
        assert part.headers["content-range"] == f"bytes {first}-{end - 1}/{size}"
        assert (part.headers["etag"], part.headers["content-length"]) == (tag, str(end - first))
    for asked in ("bytes=0-3,8-9", "bytes=9-2", "bytes=-", "bytes=a-b", "rows=0-3", f"bytes={'9' * 5000}-"):
        assert ask(app, path, range=asked).content == whole.content, asked
    for other in ('"another"', f"W/{tag}", "Mon, 30 Nov 2026 14:00:00 GMT"):
        assert ask(app, path, range="bytes=0-3", if_range=other).status_code == 200
    assert ask(app, path, range="bytes=0-3", if_none_match=tag).status_code == 304
    for asked in (f"bytes={size}-", "bytes=-0"):
        none = ask(app, path, range=asked)
        assert (none.status_code, none.headers["content-range"]) == (416, f"bytes */{size}")
        assert f"{size:,}" in none.json()["error"]
        assert none.headers["access-control-allow-origin"] == "*"
    for accepted, status, ranges in (("gzip", 200, "none"), ("identity", 206, "bytes")):
        text = ask(app, CSV, range="bytes=0-9", accept_encoding=accepted)
        assert (text.status_code, text.headers["accept-ranges"]) == (status, ranges)


def test_the_index_lists_what_there_is_also_for_excel_where_decimals_have_a_comma(app: Starlette) -> None:
    said = ask(app, "/extracts?region=africa&lang=es").json()
    assert [table["name"] for table in said["tables"]] == list(TABLES)
    assert said["tables"][0]["files"]["xlsx"] == f"{BASE}/extracts/actions.xlsx?region=africa&lang=es"
    assert set(said["tables"][2]["files"]) == {"xlsx", "csv", "parquet", "json"}
    assert "africa" in said["parameters"]["region"]
    query = "columns=action_id,share&country=CIV"
    plain, other = ask_all(app, [f"/extracts/themes_countries.csv?{query}{end}" for end in ("", "&csv=SEMICOLON")])
    rows, others = read_rows(plain)[1:], read_rows(other, ";")[1:]
    assert [row[1].replace(".", ",") for row in rows] == [row[1] for row in others]
    assert "csv" in ask(app, "/extracts").json()["parameters"]
    listed = ask(app, "/extracts/datapackage.json?csv=semicolon").json()["resources"][0]
    assert listed["path"].endswith("csv=semicolon")


def test_other_requests_are_answered_while_files_are_made(app: Starlette, store: Store, late: Late) -> None:
    async def run() -> tuple[list[httpx.Response], list[httpx.Response]]:
        async with client_of(app) as client:
            paths = [f"{CSV}?q=word{n}" for n in range(45)]  # more than the shared threads
            slow = [asyncio.create_task(client.get(path)) for path in paths]
            try:
                quick = [await client.get(path) for path in ("/healthz", "/readyz", "/extracts")]
            finally:
                late.go_on.set()
            return quick, list(await asyncio.gather(*slow))

    quick, slow = asyncio.run(run())
    assert [answer.status_code for answer in quick] == [200, 200, 200]
    assert {answer.content for answer in slow} == {b"late"}


def test_text_is_sent_compressed_to_those_who_take_it_and_other_files_as_they_are(site: Starlette) -> None:
    compress = Middleware(SelectiveGZipMiddleware, minimum_size=500)
    packing = Starlette(routes=server.routes(), middleware=[*server.middleware(PAGES), compress])
    for path in (CSV, "/extracts/actions.json", "/extracts/datapackage.json", "/extracts", "/charts"):
        answers = [ask(packing, path, accept_encoding=name) for name in ("identity, gzip;q=0", "gzip", "gzip, br")]
        assert [answer.headers.get("content-encoding") for answer in answers] == [None, "gzip", "br"], path
        assert len({answer.content for answer in answers}) == 1
        assert len({answer.headers["etag"] for answer in answers}) == 3, path
        assert all("Accept-Encoding" in answer.headers["vary"] for answer in answers)
        for accepted, answer in zip(("identity", "gzip", "br"), answers, strict=True):
            head = ask(packing, path, "HEAD", accept_encoding=accepted)
            assert read_headers(head) == read_headers(answer), path
            again = ask(packing, path, accept_encoding=accepted, if_none_match=answer.headers["etag"])
            assert again.status_code == 304
    files = [f"/extracts/actions.{ending}" for ending in ("xlsx", "parquet")]
    for path in (*files, "/extracts/all-tables.zip"):
        packed = ask(packing, path, accept_encoding="gzip, br")
        assert "content-encoding" not in packed.headers, path
        assert int(packed.headers["content-length"]) == len(packed.content)
        assert read_headers(ask(packing, path, "HEAD", accept_encoding="gzip")) == read_headers(packed), path
    refused = ask(packing, "/extracts/none.csv", "HEAD", accept="text/html", accept_encoding="gzip")
    assert "content-length" not in refused.headers, "it is not that of what would be sent"

    async def read_raw() -> bytes:
        async with client_of(packing) as client, client.stream("GET", CSV, headers={"accept-encoding": "gzip"}) as raw:
            return b"".join([chunk async for chunk in raw.aiter_raw()])

    plain = ask(packing, CSV, accept_encoding="identity").content
    assert gzip.decompress(asyncio.run(read_raw())) == plain, "nothing is cut off"


@pytest.mark.nightly
def test_a_build_in_the_middle_of_a_download_changes_nothing_of_it(app, monkeypatch, store: Store, tmp_path) -> None:
    publish_fixture(tmp_path)
    make_app(tmp_path, monkeypatch)
    late, write = Late(), extracts.write_extract

    def wait(*arguments: Any) -> None:
        late.wait()
        write(*arguments)

    monkeypatch.setattr(extracts, "write_extract", wait)

    async def run() -> tuple[httpx.Response, str]:
        async with client_of(app) as client:
            slow = asyncio.create_task(client.get(f"{CSV}?columns=action_id,title"))
            await asyncio.to_thread(late.begun.wait, 30)
            republish(tmp_path, "another", without=10)
            fresh = (await client.head(CSV)).headers["etag"]
            late.go_on.set()
            return await slow, fresh

    answer, fresh = asyncio.run(run())
    assert (answer.status_code, len(read_ids(answer))) == (200, 40)
    live = ask(app, CSV)
    assert (live.headers["etag"], len(read_ids(live))) == (fresh, 30)


def test_a_client_that_goes_away_leaves_nothing_undone_and_a_file_is_made_once(app, store: Store, late: Late) -> None:
    async def run() -> bytes:
        async with client_of(app) as client:
            gone, patient = (asyncio.create_task(client.get(CSV)) for _ in range(2))
            await asyncio.sleep(0.5)
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
            late.go_on.set()
            return (await patient).content

    assert asyncio.run(run()) == ask(app, CSV).content == b"late"
    assert late.made == 1
    assert len(list(store._folder.iterdir())) == 1

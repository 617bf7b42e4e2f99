"""Extracts over HTTP: rows, headers, conditional requests, refusals, many at once, and the store behind them."""

import asyncio
import csv
import gc
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest
from starlette.applications import Starlette

from dashboard import server
from dashboard.errors import BusyError
from dashboard.extracts import order
from dashboard.extracts import package as index
from dashboard.extracts.open_files import write_table
from dashboard.extracts.tables import TABLES
from dashboard.i18n import translator
from dashboard.processes import runner
from dashboard.processes.runner import WorkerError
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web import extracts
from dashboard.web.extracts import Store
from tests.charts_over_http import republish
from tests.register_oracle import LAST_DAY, expected_register, matching
from tests.snapshots import publish_fixture

FILES = [
    pytest.param(name, marks=pytest.mark.nightly if name.endswith(".xlsx") and name != "actions.xlsx" else ())
    for name in index.list_files()
    if name != "datapackage.json"
]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    own = Store(threads=2)
    monkeypatch.setattr(extracts, "store", lambda: own)
    yield own
    own.close()


@pytest.fixture
def app(campaign_folder: Path, store: Store, workers_here: None, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")
    return Starlette(routes=server.routes())


def ask_all(app: Starlette, paths: list[str], method: str = "GET", **headers: str) -> list[httpx.Response]:
    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await asyncio.gather(*(client.request(method, path, headers=named) for path in paths))

    return asyncio.run(ask())


def ask(app: Starlette, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    return ask_all(app, [path], method, **headers)[0]


def read_ids(answer: httpx.Response) -> list[Any]:
    kind = answer.headers["content-type"]
    if kind.startswith("text/csv"):
        return [row[0] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))][1:]
    if kind == "application/json":
        return [row["action_id"] for row in answer.json()]
    if kind.endswith("parquet"):
        return list(pq.read_table(io.BytesIO(answer.content))["action_id"].to_pylist())
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [row[0] for row in sheet.iter_rows(2, values_only=True)]


@pytest.mark.parametrize("ending", ["xlsx", "csv", "parquet", "json"])
def test_a_link_gives_the_rows_of_the_selection(app: Starlette, ending: str) -> None:
    answer = ask(app, f"/extracts/actions.{ending}?theme=education&region=global&region=africa&lang=fr")
    assert answer.status_code == 200
    expected = matching(expected_register(LAST_DAY), regions={"africa", "global"}, themes={"education"})
    assert read_ids(answer) == expected["action_id"].tolist()
    name = f"sample_2021-actions_africa-global_education_2021-12-31_fr.{ending}"
    assert answer.headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert answer.headers["content-type"] == order.FORMATS[ending].media_type
    assert answer.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["content-language"] == "fr"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "set-cookie" not in answer.headers
    assert "last-modified" not in answer.headers


@pytest.mark.parametrize("file", FILES)
def test_every_file_in_the_list_is_there(app: Starlette, file: str) -> None:
    answer = ask(app, f"/extracts/{file}?country=CIV")
    assert answer.status_code == 200
    assert file.split(".")[0].replace("_", "-") in answer.headers["content-disposition"]


def test_a_link_gives_the_file_that_the_command_writes(app: Starlette, snapshot: Snapshot, tmp_path: Path) -> None:
    answer = ask(app, "/extracts/reports.csv?q=cocoa&columns=action_id,percent&columns=wave")
    write_table(
        snapshot, Selection(q="cocoa"), TABLES["reports"], "csv", tmp_path / "x", ["action_id", "percent", "wave"]
    )
    assert answer.content == (tmp_path / "x").read_bytes()


def test_the_package_is_every_table(app: Starlette) -> None:
    answer = ask(app, "/extracts/all-tables.zip?region=africa")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "datapackage.json" in archive.namelist()


@pytest.mark.parametrize("path", ["/extracts/actions.csv", "/extracts", "/extracts/datapackage.json"])
def test_a_refresh_of_unchanged_data_is_not_modified(app: Starlette, path: str) -> None:
    first = ask(app, f"{path}?region=africa")
    again = ask(app, f"{path}?region=africa", if_none_match=first.headers["etag"])
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert ask(app, f"{path}?region=africa", if_none_match='"other"').status_code == 200


def test_an_etag_is_of_build_table_format_filters_columns_and_language(
    app: Starlette, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ["actions.csv", "actions.json", "reports.csv", "actions.csv?lang=fr", "actions.csv?region=africa"]
    paths += [
        "actions.csv?csv=semicolon",
        "actions.csv?columns=title",
        "actions.csv?columns=title,percent",
        "actions.csv?columns=percent,title",
    ]
    answers = ask_all(app, [f"/extracts/{path}" for path in paths], "HEAD")
    tags = {answer.headers["etag"] for answer in answers}
    assert len(tags) == len(paths)
    monkeypatch.setattr(snapshot, "build_id", "another")
    assert ask(app, "/extracts/actions.csv", "HEAD").headers["etag"] not in tags


def test_scripts_of_every_site_may_read_extracts_and_refusals(app: Starlette) -> None:
    paths = ["actions.csv", "actions.xlsx", "datapackage.json", "people.csv", "actions.csv?region=mars"]
    asked = {"method": "HEAD", "origin": "https://other.example.org"}
    answers = ask_all(app, ["/extracts", *(f"/extracts/{path}" for path in paths)], **asked)
    answers.append(ask(app, "/extracts/actions.csv", if_none_match=answers[1].headers["etag"]))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 404, 400, 304]
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {"*"}
    assert not any("access-control-allow-credentials" in answer.headers for answer in answers)
    for path in ("/metrics", "/offers/none"):
        assert "access-control-allow-origin" not in ask(app, path, origin="https://other.example.org").headers


def test_csv_for_excel_where_decimals_have_a_comma(app: Starlette) -> None:
    query = "columns=action_id,share&country=CIV"
    plain, other = ask_all(app, [f"/extracts/themes_countries.csv?{query}{end}" for end in ("", "&csv=SEMICOLON")])
    rows = [row[1] for row in csv.reader(io.StringIO(plain.text.lstrip("\ufeff"), newline=""))]
    others = [row[1] for row in csv.reader(io.StringIO(other.text.lstrip("\ufeff"), newline=""), delimiter=";")]
    assert [text.replace(".", ",") for text in rows[1:]] == others[1:]
    assert "csv" in ask(app, "/extracts").json()["parameters"]
    listed = ask(app, "/extracts/datapackage.json?csv=semicolon").json()["resources"][0]
    assert listed["path"].endswith("csv=semicolon")
    assert ask(app, "/extracts/datapackage.json?csv=excel").status_code == 400


def test_filters_in_another_order_are_the_same_file(app: Starlette) -> None:
    paths = ["region=africa&region=global&q=cocoa", "q=%20cocoa&region=global&region=africa&lang=en"]
    tags = {ask(app, f"/extracts/actions.csv?{path}", "HEAD").headers["etag"] for path in paths}
    assert len(tags) == 1


def test_a_link_that_names_a_build_stays_with_it(
    app: Starlette, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_fixture(tmp_path)
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    republish(tmp_path, "second", without=10)
    files = ["actions.json", "actions.xlsx"]
    live, book = ask_all(app, [f"/extracts/{name}" for name in files])
    kept, kept_book = ask_all(app, [f"/extracts/{name}?build=fixture" for name in files])
    assert (len(read_ids(live)), len(read_ids(kept))) == (30, 40)
    assert len(read_ids(kept_book)) - len(read_ids(book)) == 10
    assert "immutable" in kept.headers["cache-control"]
    assert "immutable" not in live.headers["cache-control"]
    listed = ask(app, "/extracts/datapackage.json?build=fixture").json()
    assert listed["version"] == "fixture"
    address = next(r["path"] for r in listed["resources"] if "/extracts/actions.json?" in r["path"])
    assert ask(app, address.removeprefix("https://actions.example.org")).content == kept.content
    (tmp_path / "published" / "snapshot-fixture.duckdb").unlink()
    paths = ["/extracts/actions.csv", "/extracts/actions.json", "/extracts", "/extracts/datapackage.json"]
    assert {a.status_code for a in ask_all(app, [f"{path}?build=fixture" for path in paths])} == {410}


def test_head_makes_nothing_and_has_the_headers(app: Starlette, store: Store) -> None:
    head = ask(app, "/extracts/actions.parquet", "HEAD")
    assert head.status_code == 200
    assert head.content == b""
    assert store.find(head.headers["etag"]) is None
    get = ask(app, "/extracts/actions.parquet")
    same = dict(get.headers)
    length = same.pop("content-length")
    same.pop("accept-ranges")
    assert dict(head.headers) == same
    again = ask(app, "/extracts/actions.parquet", "HEAD")
    assert (again.content, again.headers["content-length"]) == (b"", length)


@pytest.mark.parametrize(
    ("query", "parameter", "value", "allowed"),
    [
        ("regions=africa", "regions", None, "region"),
        ("region=mars", "region", "mars", "africa"),
        ("region=&region=mars", "region", "mars", "africa"),
        ("as_of=31.12.2021", "as_of", "31.12.2021", "YYYY-MM-DD"),
        ("lang=de", "lang", "de", "fr"),
        ("columns=title,e_mail", "columns", "e_mail", "action_id"),
        ("sort=title", "sort", None, "columns"),
        ("csv=tab", "csv", "tab", "semicolon"),
    ],
)
def test_a_wrong_parameter_names_what_is_allowed(
    app: Starlette, query: str, parameter: str, value: str, allowed: str
) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(app, f"/extracts/actions.csv?{query}", method)
        assert answer.status_code == 400
        assert answer.headers["cache-control"] == "no-store"
    said = ask(app, f"/extracts/actions.csv?{query}").json()
    assert set(said) == {"error", "parameter", "value", "allowed"}
    assert (said["parameter"], said["value"]) == (parameter, value)
    assert allowed in said["allowed"]


def test_a_workbook_has_the_columns_and_tables_asked_for(app: Starlette) -> None:
    answer = ask(app, "/extracts/reports.xlsx?columns=percent,action_id&include=stories&include=actions,events&lang=fr")
    assert answer.status_code == 200
    name = "sample_2021-reports-with-actions-events-stories_2021-12-31_fr.xlsx"
    assert name in answer.headers["content-disposition"]
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    tables = [name for sheet in workbook.worksheets[:4] for name in sheet.tables]
    assert tables == ["reports", "actions", "events", "stories"]
    fields = {field.name: field for field in TABLES["reports"].fields}
    headers = [translator("fr")(fields[name].header) for name in ("percent", "action_id")]
    assert [cell.value for cell in workbook.worksheets[0][1]] == headers


def test_the_link_in_the_workbook_gives_the_same_workbook(app: Starlette) -> None:
    path = "/extracts/reports.xlsx?region=africa&as_of=2021-09-30&lang=fr&columns=percent,action_id&include=actions"
    first = ask(app, path)
    about = openpyxl.load_workbook(io.BytesIO(first.content)).worksheets[2]
    view, refresh = (cell.hyperlink.target for row in about for cell in row if cell.hyperlink)
    assert view == "https://actions.example.org/actions?region=africa&as_of=2021-09-30&lang=fr"
    assert refresh == f"https://actions.example.org{path}"
    again = ask(app, refresh.removeprefix("https://actions.example.org"))
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]


def test_tables_in_another_order_are_the_same_file(app: Starlette) -> None:
    paths = ["include=stories,events", "include=events&include=stories&include=actions"]
    assert len({ask(app, f"/extracts/actions.xlsx?{path}", "HEAD").headers["etag"] for path in paths}) == 1
    others = ("", "?include=events", "?include=events,stories")
    assert len({ask(app, f"/extracts/actions.xlsx{path}", "HEAD").headers["etag"] for path in others}) == 3


def test_a_package_holds_the_tables_asked_for(app: Starlette) -> None:
    answer = ask(app, "/extracts/all-tables.zip?include=reports,milestones")
    assert "2021-reports-milestones_" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        tables = {
            name.split(".")[0]
            for name in archive.namelist()
            if name.endswith((".csv", ".parquet", ".json")) and "package" not in name
        }
        described = {resource["path"] for resource in json.loads(archive.read("datapackage.json"))["resources"]}
    assert tables == {"reports", "milestones"}
    assert described == {f"{table}.{ending}" for table in tables for ending in ("csv", "parquet", "json")}


@pytest.mark.parametrize(
    ("path", "parameter", "allowed"),
    [
        ("actions.csv?include=reports", "include", "zip"),
        ("actions.xlsx?csv=semicolon", "csv", "zip"),
        ("actions.xlsx?include=people", "include", "milestones"),
        ("all-tables.zip?columns=title", "columns", "csv"),
        ("reports.xlsx?columns=themes", "columns", "narrative"),
        ("actions.xlsx?included=reports", "included", "include"),
    ],
)
def test_what_does_not_go_together_is_refused(app: Starlette, path: str, parameter: str, allowed: str) -> None:
    answer = ask(app, f"/extracts/{path}")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter
    assert allowed in answer.json()["allowed"]


@pytest.mark.parametrize("file", ["people.csv", "reports.zip", "actions.pdf", "actions", "actions.zip", "..%2Fx.csv"])
def test_a_file_that_is_none_is_not_found(app: Starlette, file: str) -> None:
    answer = ask(app, f"/extracts/{file}")
    assert answer.status_code == 404
    if "%" not in file:
        assert "actions.csv" in answer.json()["allowed"]


def test_a_file_is_sent_whole(app: Starlette) -> None:
    answer = ask(app, "/extracts/actions.csv", range="bytes=0-9")
    assert answer.status_code == 200
    assert len(read_ids(answer)) == 40
    assert answer.headers["accept-ranges"] == "none"


def test_other_methods_are_refused(app: Starlette) -> None:
    assert ask(app, "/extracts/actions.csv", "POST").status_code == 405


def test_without_a_snapshot_it_is_unavailable(app: Starlette, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    for path in ("/extracts/actions.csv", "/extracts", "/extracts/datapackage.json"):
        answer = ask(app, path)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["error"] == "No data has been published yet, so there are no figures to show."


def test_a_full_queue_is_unavailable_for_now(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    full = runner.Workers(processes=0, waiting=0)
    monkeypatch.setattr(runner, "default_workers", lambda: full)
    answer = ask(app, "/extracts/actions.xlsx")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "Too many exports" in answer.json()["error"]
    assert ask(app, "/extracts/actions.csv").status_code == 200


def test_the_index_lists_what_there_is(app: Starlette) -> None:
    said = ask(app, "/extracts?region=africa&lang=es").json()
    assert [table["name"] for table in said["tables"]] == list(TABLES)
    assert said["tables"][0]["files"]["xlsx"] == (
        "https://actions.example.org/extracts/actions.xlsx?region=africa&lang=es"
    )
    assert set(said["tables"][2]["files"]) == {"xlsx", "csv", "parquet", "json"}
    assert "africa" in said["parameters"]["region"]
    assert ask(app, "/extracts?region=mars").status_code == 400


def test_the_descriptors_addresses_answer_with_what_it_says(app: Starlette) -> None:
    package = ask(app, "/extracts/datapackage.json?region=africa&lang=fr").json()
    for resource in package["resources"]:
        answer = ask(app, resource["path"].removeprefix("https://actions.example.org"))
        assert answer.status_code == 200
        if resource["format"] == "csv":
            header = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
            assert header == [field["name"] for field in resource["schema"]["fields"]]


def test_fifty_at_once_are_all_answered(app: Starlette) -> None:
    paths = [
        f"/extracts/{table}.{end}?lang={lang}"
        for table in TABLES
        for end in ("csv", "json")
        for lang in ("en", "fr", "es")
    ]
    answers = ask_all(app, [*paths, *paths[:8]])
    assert len(answers) == 50
    assert {answer.status_code for answer in answers} == {200}
    assert [a.content for a in answers[:8]] == [a.content for a in answers[42:]]


def test_other_requests_are_answered_while_files_are_made(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def wait(_wanted: object, target: Path) -> None:
        assert release.wait(30)
        target.write_bytes(b"late")

    monkeypatch.setattr(extracts.ExtractRequest, "make", wait)

    async def run() -> tuple[list[httpx.Response], list[httpx.Response]]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            paths = [f"/extracts/actions.csv?q=word{n}" for n in range(45)]  # more than the shared threads
            slow = [asyncio.create_task(client.get(path)) for path in paths]
            try:
                quick = [await client.get(path) for path in ("/healthz", "/readyz", "/extracts")]
            finally:
                release.set()
            return quick, list(await asyncio.gather(*slow))

    quick, slow = asyncio.run(run())
    assert [answer.status_code for answer in quick] == [200, 200, 200]
    assert {answer.content for answer in slow} == {b"late"}


def write(text: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text)


def test_a_file_is_made_once_however_many_ask(store: Store) -> None:
    release, calls = threading.Event(), []

    def make(path: Path) -> None:
        calls.append(path)
        release.wait(30)
        path.write_bytes(b"x")

    coming = [store.submit("a", make) for _ in range(5)]
    release.set()
    assert {future.result().path.read_bytes() for future in coming} == {b"x"}
    assert store.submit("a", make).result().path == calls[0]
    assert len(calls) == 1


def test_the_store_keeps_to_its_room_and_to_those_who_hold_a_file() -> None:
    small = Store(megabytes=1, threads=1)
    held = small.submit("a", write(bytes(600_000))).result()
    second = small.submit("b", write(bytes(600_000))).result().path
    assert small.find("a") is None
    assert held.path.exists(), "somebody is reading it"
    small.submit("c", write(bytes(2_000_000))).result()
    gc.collect()
    assert not second.exists()
    assert small.find("c") is not None, "the newest stays, however large"
    path = held.path
    del held
    gc.collect()
    assert not path.exists()
    small.close()


def test_the_stores_queue_is_bounded_and_a_failure_is_no_memory() -> None:
    narrow, release = Store(threads=1, waiting=1), threading.Event()

    def make(path: Path) -> None:
        assert release.wait(30)
        path.touch()

    futures = [narrow.submit(key, make) for key in "ab"]
    with pytest.raises(BusyError, match="Too many"):
        narrow.submit("c", write(b""))
    release.set()
    for future in futures:
        future.result()

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("no space left")

    with pytest.raises(WorkerError, match="before it was finished"):
        narrow.submit("c", fail).result()
    assert narrow.submit("c", write(b"whole")).result().path.read_bytes() == b"whole"
    narrow.close()


def test_json_is_json(app: Starlette) -> None:
    assert json.loads(ask(app, "/extracts/events.json?country=CIV").content) == []


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/extracts/actions.xlsx?region=afrika&lang=fr", 400, "africa"),
        ("/extracts/actions.xlsx?colour=red&lang=fr", 400, "colour"),
        ("/extracts/actoins.xlsx?lang=fr", 404, "actions.xlsx"),
        ("/extracts?region=%3Cb%3Emars&lang=fr", 400, "africa"),
    ],
)
def test_a_person_reads_on_a_page_what_a_program_gets_as_json(
    app: Starlette, path: str, status: int, said: str
) -> None:
    page = ask(app, path, accept=BROWSER)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-language"] == "fr"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert translator("fr")("This link cannot be answered") in page.text
    assert said in page.text
    assert "<b>mars" not in page.text
    for accept in ("*/*", "application/json", ""):
        answer = ask(app, path, accept=accept)
        assert answer.status_code == status
        assert answer.json()["error"]
        assert answer.json()["allowed"]
        assert answer.headers["cache-control"] == "no-store"

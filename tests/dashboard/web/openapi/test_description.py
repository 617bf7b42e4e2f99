"""The description of all routes: it is valid, it is whole, it has the routes' parameters, and its examples work."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.routing import Match, Route

from dashboard import server
from dashboard.charts.options import MEASURED, ONWARD
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.web.api_route import ApiRoute, list_operations
from dashboard.web.openapi import openapi_page
from dashboard.web.operation import HEADING, HTML, JSON, Operation
from tests.charts_over_http import PAGES, ask, ask_all, make_site
from tests.described import BASE, list_examples, read_description, write
from tests.schemas import jsonschema
from tests.shipped import LANGUAGES
from tests.snapshots import copy_published, open_promises

ROUTES = server.routes(PAGES)
OPERATIONS = list_operations(ROUTES)
TRIED = [operation for operation in OPERATIONS if operation.can_be_tried]
OF_SOME = {*MEASURED, *ONWARD}
"""Parameters of some charts of the catalogue, which the one that is tried does not take."""


@pytest.fixture(scope="module")
def app(campaign_folder: Path, kept: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    kept.setenv("DASHBOARD_NEWSLETTER", "on")
    kept.setenv("DASHBOARD_SECURITY_CONTACT", "security@example.org")
    return make_site(open_promises(copy_published(campaign_folder, tmp_path_factory.mktemp("open"))), kept, BASE)


def test_it_is_a_valid_description_of_every_route_in_which_what_several_share_stands_once(app: Starlette) -> None:
    from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR  # takes a second

    described = read_description(app)
    OPENAPI_31_VALIDATOR.validate(described)
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    assert all(isinstance(route, ApiRoute) and route.operations for route in ROUTES)
    assert len({operation.operation_id for operation in OPERATIONS}) == len(OPERATIONS)
    listed = {(path, method) for path, methods in described["paths"].items() for method in methods}
    assert listed == {(operation.path, operation.method) for operation in OPERATIONS}
    assert {"/charts/{chart_id}.png", "/extracts/reports.json", "/show", "/newsletter/confirm", "/metrics"} <= {
        path for path, _ in listed
    }
    form = described["paths"]["/newsletter/sign-up"]["post"]["requestBody"]["content"]
    fields = form["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert set(fields) == {"address", "lang", "regions", "themes"}
    answer = ask(app, "http://localhost/openapi.json?lang=fr")
    described = answer.json()
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    parts = [part for one in operations for part in (*one["parameters"], *one["responses"].values())]
    inline = [json.dumps(part, sort_keys=True) for part in parts if "$ref" not in part]
    assert len(inline) == len(set(inline))
    assert len(answer.content) < 310_000
    for part in (part["$ref"] for part in parts if "$ref" in part):
        _, _, component, name = part.split("/")
        assert name in described["components"][component]
    (theme,) = {p.meaning for operation in OPERATIONS for p in operation.parameters if p.name == "theme"}
    assert described["components"]["parameters"]["theme"]["description"] == translator("fr")(theme)


def test_each_route_answers_the_paths_that_it_describes(snapshot: Snapshot) -> None:
    for route in ROUTES:
        for operation in route.operations:
            scope = {"type": "http", "method": operation.method.upper(), "headers": []}
            scope["path"] = operation.find_first_try(snapshot, BASE)[0] if operation.can_be_tried else operation.path
            first = next(each for each in ROUTES if each.matches(scope)[0] is Match.FULL)
            assert first is route, operation.path
            assert operation.method.upper() in route.methods


def test_a_route_says_which_parameters_it_takes(app: Starlette, snapshot: Snapshot) -> None:
    for operation in TRIED:
        described = {parameter.name for parameter in operation.parameters if parameter.place == "query"}
        if (
            400 not in operation.refusals
            or operation.tag in ("newsletter", "reports", "access")
            or operation.path == "/oembed"
        ):
            continue
        path = operation.find_first_try(snapshot, BASE)[0]
        answer = ask(app, write(path, [("colour", "blue")]), accept=JSON)
        assert answer.status_code == 400, path
        if JSON not in operation.refusals[400]:  # a page, which lists them all the same
            taken = {code.text for code in html.fromstring(answer.text).iter("code")}
        else:
            told = answer.json()
            taken = set(told["allowed"] if "allowed" in told else [one["message"] for one in told["error"]["details"]])
        assert described - OF_SOME <= taken, path
        for name in taken - described:  # one that goes with other files, or that this chart offers no value of
            assert ask(app, write(path, [(name, "1")]), "HEAD").status_code == 400, (path, name)


def check_reply(described: dict[str, Any], operation: Operation, answer: httpx.Response) -> None:
    """Check that an answer has the headers of the description, and in JSON its content, and nothing else."""
    parts, reply = described["components"], described["paths"][operation.path][operation.method]["responses"]["200"]
    reply = parts["responses"][reply["$ref"].rpartition("/")[2]] if "$ref" in reply else reply
    for name, header in reply.get("headers", {}).items():
        schema = parts["headers"][header["$ref"].rpartition("/")[2]]["schema"]
        jsonschema.Draft202012Validator(schema).validate(answer.headers[name])
    form = answer.headers["content-type"].partition(";")[0]
    if form.endswith("json") and answer.content:
        schema = {**reply["content"][form]["schema"], "components": parts}
        jsonschema.Draft202012Validator(schema).validate(answer.json())


@pytest.mark.nightly
def test_every_example_is_answered_as_it_is_described(app: Starlette, snapshot: Snapshot) -> None:
    """The first of each light route, a third of one; of tables and files the headers, which make none of them."""
    described = read_description(app)
    examples = [(operation, list_examples(operation, snapshot)) for operation in TRIED]
    light = [(o, a) for o, each in examples if o.cost == "page" or o.operation_id == "replay" for a in each[:1]]
    light += [(o, a) for o, each in examples if o.operation_id == "explore_csv" for a in each[1::3]]
    unmade = [(o, a) for o, each in examples if o.cost == "file" or o.tag == "extracts" for a in each[:2]]
    for method, tried in {"GET": light, "HEAD": unmade}.items():
        answers = ask_all(app, [address for _, address in tried], method, at_once=4)
        for (operation, address), answer in zip(tried, answers, strict=True):
            assert answer.status_code == 200, address
            assert method == "GET" or not answer.content
            check_reply(described, operation, answer)


def test_all_that_is_open_may_be_asked_from_elsewhere_and_other_methods_are_named(app: Starlette) -> None:
    for route in ROUTES:
        path = route.path.replace("{", "").replace("}", "")
        answer = ask(app, path, "OPTIONS", origin="https://example.org", access_control_request_method="GET")
        assert (answer.status_code, answer.content) == (204, b"")
        assert set(answer.headers["allow"].split(", ")) == {*route.methods, "OPTIONS"}
        assert answer.headers.get("access-control-allow-origin") == ("*" if route.is_open else None)
        assert ("If-None-Match" in answer.headers.get("access-control-allow-headers", "")) == route.is_open
        refused = ask(app, path, "DELETE")
        assert (refused.status_code, refused.headers["allow"]) == (405, answer.headers["allow"])
        assert refused.json()["allowed"] == answer.headers["allow"].split(", ")
    page = html.fromstring(ask(app, "/charts?lang=fr", "PUT", accept=HTML).text)
    assert page.get("lang") == "fr"
    assert {route.path.split("/")[1] for route in ROUTES if route.is_open} >= {
        "charts",
        "extracts",
        "oembed",
        "openapi.json",
    }


@pytest.mark.nightly
def test_it_stands_at_the_address_it_was_asked_at_with_the_published_codes(
    app: Starlette, monkeypatch, snapshot: Snapshot, tmp_path
) -> None:
    assert ask(app, "http://127.0.0.1:9000/openapi.json").json()["servers"] == [{"url": "http://127.0.0.1:9000"}]
    assert ask(app, "http://test/openapi.json").json()["servers"] == [{"url": BASE}]
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://example.org/figures")
    assert ask(app, "/openapi.json").json()["servers"] == [{"url": "https://example.org/figures"}]
    assert "https://example.org/figures/charts/completion-by-region.csv" in ask(app, "/openapi").text
    described = read_description(app)
    parameter = described["components"]["parameters"]["theme"]
    codes = [code for code in snapshot.codes["themes"]]
    assert parameter["schema"]["items"]["anyOf"][0]["enum"] == codes
    theme = jsonschema.Draft202012Validator(parameter["schema"])
    assert theme.is_valid([codes[0], codes[0].upper(), f" {codes[1]} ", ""])
    assert not theme.is_valid(["sorcery"])
    record = described["components"]["schemas"]["Record_actions"]["properties"]["is_overdue"]
    assert record["type"] == ["boolean", "null"]
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    before = read_description(app)
    assert before["components"]["parameters"]["theme"]["schema"]["items"] == {"type": "string"}
    assert before["paths"].keys() == described["paths"].keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_every_route_in_the_readers_language(app: Starlette, lang: str) -> None:
    answer = ask(app, "/openapi", accept_language=f"{lang};q=0.9, de")
    page, t = html.fromstring(answer.text), translator(lang)
    assert (page.get("lang"), page.findtext(".//h1"), answer.headers["content-language"]) == (lang, t(HEADING), lang)
    assert {operation.operation_id for operation in OPERATIONS} <= set(page.xpath("//@id"))
    assert page.xpath("//meta[@property='og:title']/@content") == [t(HEADING)]
    assert set(page.xpath("//link/@hreflang")) == {*LANGUAGES, "x-default"}
    assert not page.xpath("//*[@src][not(contains(@src, 'data:'))]")
    headings = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4")]
    assert all(after <= before + 1 for before, after in zip(headings, headings[1:], strict=False))
    tried = [urlsplit(way) for way in page.xpath(f"//a[text()='{t('Try it')}']/@href")]
    assert len(tried) == len(TRIED)
    assert not any(way.netloc or way.path.startswith("/") for way in tried)
    described = ask(app, f"/openapi.json?lang={lang}").json()
    assert described["paths"]["/charts"]["get"]["summary"].startswith(t("The list of charts"))


def test_an_address_is_written_for_each_program() -> None:
    address = "https://example.org/figures/extracts/actions.csv?region=africa&region=americas&vs.q=a&csv=semicolon"
    written = {snippet.program: snippet.text for snippet in openapi_page.write_snippets(address, openapi_page.CSV)}
    assert written["curl"] == f"curl -o actions.csv '{address}'"
    assert written["Power Query (M)"] == (
        'Table.PromoteHeaders(Csv.Document(Web.Contents("https://example.org", '
        '[RelativePath = "figures/extracts/actions.csv", '
        'Query = [region = {"africa", "americas"}, #"vs.q" = "a", csv = "semicolon"]]), '
        '[Delimiter = ";", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]), [PromoteAllScalars = true])'
    )
    compile(written["Python"], "snippet", "exec")
    assert openapi_page.write_snippets(address, "image/png") is not None
    assert isinstance(ROUTES[0], Route)

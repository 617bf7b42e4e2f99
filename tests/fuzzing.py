"""Requests that schemathesis generates from the description of the routes, and the checks of their answers.

Loading this takes four seconds: import it where it is used.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from lxml import etree
from pptx import Presentation
from schemathesis import Case, GenerationMode, Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from dashboard.ground.tracking import is_tracking
from tests.described import read_description
from tests.schemas import jsonschema

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SEED = 14
READERS: dict[str, Callable[[bytes], object]] = {
    "image/svg+xml": etree.fromstring,
    "application/atom+xml": etree.fromstring,
    "application/xml": etree.fromstring,
    "text/csv": lambda body: body.decode("utf-8-sig"),
    "image/png": lambda body: _begin(body, b"\x89PNG"),
    "application/pdf": lambda body: _begin(body, b"%PDF-"),
    "application/vnd.apache.parquet": lambda body: _begin(body, b"PAR1"),
    "application/zip": lambda body: zipfile.ZipFile(io.BytesIO(body)).namelist(),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": lambda body: openpyxl.load_workbook(
        io.BytesIO(body)
    ),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": lambda body: Presentation(
        io.BytesIO(body)
    ),
}
"""Readers of a body by media type; they raise an error for a wrong body."""

MOST_CODES = 10


def _begin(body: bytes, mark: bytes) -> None:
    assert body.startswith(mark)


class Fuzzer:
    """Makes up requests and holds the answers against the description; the same ones at every run."""

    def __init__(self, app: Starlette, stakeholders: list[str], only: Collection[str] = ()) -> None:
        """Read the description.

        Args:
            app: The server.
            stakeholders: Ids that exist, which no description lists.
            only: The operations to test; all by default.
        """
        self.app = app
        self.described = read_description(app)
        needed = {
            path: methods
            for path, methods in self.described["paths"].items()
            if not only or any(operation["operationId"] in only for operation in methods.values())
        }
        narrowed = _narrow(self.described | {"paths": needed})
        common = narrowed["components"]["parameters"]
        build = self.described["components"]["parameters"]["build"]["example"]
        common["build"]["schema"] = {"enum": [build, ""]}  # any other id of a build is one that is gone
        for name in ("stakeholder", "vs.stakeholder"):
            common[name]["schema"]["items"] = {"enum": [*stakeholders, ""]}
        schema = schemathesis.openapi.from_dict(narrowed)
        found: list[APIOperation] = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]
        self.operations = {operation.definition.raw["operationId"]: operation for operation in found}

    def run(self, operation_id: str, mode: str, count: int) -> Counter[int]:
        """Return the statuses of so many answers to requests that keep to the description, or (`negative`) break it.

        Raises:
            FailureGroup: an answer is none of those that the description promises.
        """
        operation: APIOperation = self.operations[operation_id]
        statuses = Counter[int]()

        @seed(SEED)
        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
        def try_one(case: Case) -> None:
            answer = case.call(app=self.app, timeout=300)
            statuses[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)
            if answer.status_code == 200:
                READERS.get(answer.headers["content-type"][0].partition(";")[0], bytes)(answer.content)
            self._check_refusal(operation.definition.raw, answer)

        try:
            try_one()
        except Unsatisfiable:  # nothing that it takes can be wrong
            assert mode == "negative"
        return statuses

    def _check_refusal(self, operation: dict[str, Any], answer: Response) -> None:
        """Check that an invalid request is refused; a valid one only where the description says that more decides."""
        address = str(answer.request.url)
        faults = self._list_faults(operation, address)
        assert answer.status_code != 200 or faults == [], address
        if answer.status_code != 400 or faults or "requestBody" in operation:  # readers judge the content of a form
            return
        depending = {p["name"] for p in self._list_parameters(operation) if "x-depends-on" in p}
        assert depending, address
        if answer.headers["content-type"] == ["application/json"]:
            told = answer.json()
            parameter = told["parameter"] if "parameter" in told else told["error"]["target"]
            assert parameter in depending or parameter == "vs.", address

    def _list_faults(self, operation: dict[str, Any], address: str) -> list[str]:
        """List the parameters of a query string that the description does not allow, by their names."""
        written = parse_qs(urlsplit(address).query, keep_blank_values=True)
        faults = []
        for parameter in self._list_parameters(operation):
            values, schema = written.pop(parameter["name"], []), parameter["schema"]
            if parameter["in"] != "query":
                continue
            if schema.get("type") == "array":
                schema = schema["items"]
            else:
                values = values[-1:]  # the last one counts
            check = jsonschema.Draft202012Validator(schema).is_valid
            is_right = all(check(value) or (value.isdecimal() and check(int(value))) for value in values)
            is_whole = bool(values) or not parameter["required"]
            faults += [] if is_right and is_whole else [parameter["name"]]
        is_strict = "400" in operation["responses"] and operation["tags"] not in (["newsletter"], ["reports"])
        return faults + [name for name in written if is_strict and not is_tracking(name)]

    def _list_parameters(self, operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """List the parameters of an operation as the description has them."""
        common = self.described["components"]["parameters"]
        return (common[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in operation["parameters"])


def _narrow(node: Any) -> Any:
    """Reduce the description to some codes of each list and few of their spellings, to generate values quickly."""
    if isinstance(node, list):
        return [_narrow(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "in" in node and "schema" in node:
        node = {name: value for name, value in node.items() if name != "example"}
    if [list(part) for part in node.get("anyOf", [])] == [["enum"], ["pattern"]]:
        codes, pattern = [str(code) for code in node["anyOf"][0]["enum"]][:MOST_CODES], node["anyOf"][1]["pattern"]
        spelt = [text for code in codes[:4] for text in (code.swapcase(), f" {code}")]
        return {"enum": [*codes, *(text for text in ["", *spelt] if re.search(pattern, text) and text not in codes)]}
    return {name: _narrow(each) for name, each in node.items()}

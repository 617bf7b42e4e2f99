"""Requests that schemathesis makes up from the description of the routes, and what their answers are held against."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from dashboard import server
from dashboard.snapshot.database import Snapshot
from dashboard.ui import navigation
from dashboard.web.openapi.operation import Operation
from tests.charts_over_http import ask

PAGES = navigation.list_pages()
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BASE = "http://localhost:8501"
SEED = 14
MOST_CODES = 10
FUZZED = ("positive", "negative")


def make_server(campaign: Path, patch: pytest.MonkeyPatch) -> Starlette:
    """All routes of a campaign with all that stands before them, as the program has them, but for Streamlit's."""
    patch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
    patch.setenv("DASHBOARD_BASE_URL", BASE)
    return Starlette(routes=server.routes(PAGES), middleware=server.middleware(PAGES))


def read_description(app: Starlette) -> dict[str, Any]:
    """The description, asked for at this computer."""
    described: dict[str, Any] = ask(app, "http://localhost/openapi.json").json()
    return described


def write(path: str, pairs: list[tuple[str, str]]) -> str:
    """A whole address."""
    return f"{BASE}{path}{f'?{urlencode(pairs)}' if pairs else ''}"


def list_examples(operation: Operation, snapshot: Snapshot) -> list[str]:
    """The first try, and beside what it needs each other example alone."""
    path, pairs = operation.find_first_try(snapshot, BASE)
    needed = replace(operation, tried=()).find_first_try(snapshot, BASE)[1]
    others = [(p.name, p.find_example(snapshot, BASE)) for p in operation.parameters if p.place == "query"]
    each = [[*needed, pair] for pair in others if pair[1] and pair not in pairs]
    return [write(path, pairs), *(write(path, own) for own in each)]


class Fuzzer:
    """Makes up requests and holds the answers against the description; the same ones at every run."""

    def __init__(self, app: Starlette, stakeholders: list[str], only: Collection[str] = ()) -> None:
        """Read the description.

        Args:
            app: What is asked.
            stakeholders: Ids that there are, which no description lists.
            only: The operations that are needed; all by default.
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
        """The statuses of so many answers to requests that keep to the description, or (`negative`) break it.

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
            is_gone = answer.status_code == 410  # refused for its build, before anything else is read
            refusing = [negative_data_rejection] if mode == "negative" and not is_gone else []
            case.validate_response(answer, checks=[*CHECKS, *refusing])
            if mode == "positive":
                self._check_acceptance(operation, answer)

        try:
            try_one()
        except Unsatisfiable:  # nothing that it takes can be wrong
            assert mode == "negative"
        return statuses

    def _check_acceptance(self, operation: APIOperation, answer: Response) -> None:
        """What keeps to the description is refused only where it says that more than that decides."""
        if answer.status_code != 400 or "requestBody" in operation.definition.raw:  # what a form says is judged there
            return
        depending = self.list_depending(operation.definition.raw)
        assert depending, answer.text
        if answer.headers["content-type"] == ["application/json"]:
            parameter = answer.json()["parameter"]
            assert parameter in depending or parameter == "vs.", answer.text

    def list_depending(self, operation: dict[str, Any]) -> set[str]:
        """The parameters of an operation whose values depend on something else."""
        common = self.described["components"]["parameters"]
        parameters = (common.get(p["$ref"].rpartition("/")[2]) if "$ref" in p else p for p in operation["parameters"])
        return {p["name"] for p in parameters if "x-depends-on" in p}


def _narrow(node: Any) -> Any:
    """The description with some codes of each list and few spellings of them, so that values are made up in no time."""
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

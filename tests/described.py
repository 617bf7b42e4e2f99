"""The description of all routes, and the addresses that it gives as examples."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

from dashboard.snapshot.database import Snapshot
from dashboard.web.operation import Operation
from tests.charts_over_http import ask

BASE = "http://localhost:8501"


def read_description(app: Starlette) -> dict[str, Any]:
    """Read the description, asked for at this computer."""
    described: dict[str, Any] = ask(app, "http://localhost/openapi.json").json()
    return described


def write(path: str, pairs: list[tuple[str, str]]) -> str:
    """Return a whole address."""
    return f"{BASE}{path}{f'?{urlencode(pairs)}' if pairs else ''}"


def list_examples(operation: Operation, snapshot: Snapshot) -> list[str]:
    """List the first try, and beside its required values each other example alone."""
    path, pairs = operation.find_first_try(snapshot, BASE)
    needed = replace(operation, tried=()).find_first_try(snapshot, BASE)[1]
    others = [(p.name, p.find_example(snapshot, BASE)) for p in operation.parameters if p.place == "query"]
    each = [[*needed, pair] for pair in others if pair[1] and pair not in pairs]
    return [write(path, pairs), *(write(path, own) for own in each)]

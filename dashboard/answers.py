"""What routes answer when a request cannot be met: the reason, and what would be accepted instead."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard import workers
from dashboard.errors import SelectionError, SnapshotError, UserError

SECONDS_TO_RETRY = "30"

Answer = Callable[[Request], Awaitable[Response]]


class Refusal(NamedTuple):
    """The status of an answer, its content, and headers beside `Cache-Control: no-store`."""

    status: int
    content: dict[str, Any]
    headers: dict[str, str]


def refuse(error: UserError) -> Refusal:
    """400 with the parameter and what is allowed; 503 for what passes by itself; 422 for the rest."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, SelectionError):
        said = {"error": error.what, "parameter": error.parameter, "value": error.value, "allowed": error.allowed}
        return Refusal(400, said, headers)
    if isinstance(error, SnapshotError | workers.WorkerError):
        return Refusal(503, {"error": str(error)}, headers | {"Retry-After": SECONDS_TO_RETRY})
    return Refusal(422, {"error": str(error)}, headers)


def explained(answer: Answer) -> Answer:
    """What a person can put right is JSON with the parameter, its value and what is allowed; what passes is a 503."""

    @wraps(answer)
    async def explain(request: Request) -> Response:
        try:
            return await answer(request)
        except UserError as error:
            refusal = refuse(error)
            return JSONResponse(refusal.content, refusal.status, refusal.headers)

    return explain


def read_query(request: Request) -> dict[str, list[str]]:
    """A request's parameters, name → values."""
    return {name: request.query_params.getlist(name) for name in request.query_params}

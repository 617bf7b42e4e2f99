"""A route that carries its description, answers OPTIONS, and refuses other methods with the list of its own.

Starlette passes a request with a wrong method on to a later route of the same path, and Streamlit takes every path; so
this route takes its path for every method.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access.rights import AccessClass
from dashboard.errors import sentence
from dashboard.i18n import N_
from dashboard.web.http import OPEN, Answer, leave_as_it_is
from dashboard.web.operation import TAGS, Operation
from dashboard.web.refusals import UNANSWERABLE, answer_words

ALLOWED_HEADERS = (
    "Accept, Accept-Language, Cache-Control, Content-Type, If-Modified-Since, If-None-Match, If-Range, "
    "OData-MaxVersion, OData-Version, Prefer, Range"
)
"""What scripts of other sites may send."""

SECONDS_ALLOWED = "86400"
"""For how long a browser remembers what scripts may send."""


def link_description(way: str = "") -> str:
    """Write the header `Link` that names the description of all routes, for programs and for people.

    `way`: the way from the answered address to the dashboard's own: `../` from below a folder.
    """
    return f'<{way}openapi.json>; rel="service-desc"; type="application/json", <{way}openapi>; rel="service-doc"'


class BodyLimit(NamedTuple):
    """The most that a request may send: bytes, and the seconds until all of it has arrived."""

    size: int
    seconds: float


class ApiRoute(Route):
    """A route with the operations that describe it."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[[Request], Awaitable[Response] | Response] | ASGIApp,
        operations: Sequence[Operation],
        access: AccessClass = AccessClass.NOBODY,
        body: BodyLimit | None = None,
        **route_options: Any,
    ) -> None:
        """Take a path, its endpoint, its operations and its class; `route_options` as for Starlette's route.

        `body`: the limit of what is sent to it, if not that of all routes (`dashboard.web.guard.limits`).
        """
        methods = {operation.method.upper() for operation in operations}
        super().__init__(path, endpoint, methods=methods, **route_options)
        self.operations = tuple(operations)
        self.access = access
        self.body = body

    @property
    def is_open(self) -> bool:
        """Whether scripts of every site may read its answers."""
        return any(operation.is_open for operation in self.operations)

    @property
    def takes_link(self) -> bool:
        """Whether a signed link opens it where the campaign is closed."""
        return any(operation.takes_link for operation in self.operations)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as Starlette's route does, but for every method."""
        match, child_scope = super().matches(scope)
        return Match.FULL if match is Match.PARTIAL else match, child_scope

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, also to OPTIONS and to a method that the route does not have."""
        send = leave_as_it_is(scope, send)
        if scope["method"] in (self.methods or ()):
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await self._answer_options(Request(scope))(scope, receive, send)
        else:
            await self._refuse_method(Request(scope))(scope, receive, send)

    @property
    def _allowed(self) -> list[str]:
        return sorted({*(self.methods or ()), "OPTIONS"})

    def _answer_options(self, request: Request) -> Response:
        """Answer with the methods of the route, and what scripts of other sites may send."""
        headers = {"allow": ", ".join(self._allowed), "cache-control": f"public, max-age={SECONDS_ALLOWED}"}
        if self.is_open:
            headers |= OPEN | {
                "access-control-allow-methods": headers["allow"],
                "access-control-allow-headers": ALLOWED_HEADERS,
                "access-control-max-age": SECONDS_ALLOWED,
            }
        return Answer(204, b"", headers)

    def _refuse_method(self, request: Request) -> Response:
        headers = (OPEN if self.is_open else {}) | {"allow": ", ".join(self._allowed)}
        problem = sentence(N_("This address does not answer to {method}."), method=request.method)
        return answer_words(request, 405, UNANSWERABLE, (problem,), headers, allowed=self._allowed)


def list_operations(routes: Iterable[ApiRoute]) -> list[Operation]:
    """List the operations of all routes, in the order of the tags."""
    order = list(TAGS)
    operations = [operation for route in routes for operation in route.operations]
    return sorted(operations, key=lambda operation: order.index(operation.tag))

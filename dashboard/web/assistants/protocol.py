"""The tools over the Model Context Protocol: at `/mcp` over HTTP without sessions, or on standard input and output.

The library speaks the protocol; it takes a second to load, so that it is loaded once an assistant asks. Each request
stands for itself: it is admitted, limited and logged as every other one, and its charts are computed in turn with
others.
"""

import json
import logging
from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import duckdb
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from dashboard import __version__
from dashboard.access.rights import AccessClass
from dashboard.errors import SnapshotError, UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import UNREADABLE, Snapshot
from dashboard.web.api_route import ApiRoute
from dashboard.web.assistants import assistant_tools as tools
from dashboard.web.guard.allowances import have_made
from dashboard.web.guard.limits import LARGEST
from dashboard.web.guard.link_tokens import find_link_key
from dashboard.web.handouts import LANES, store
from dashboard.web.http import NO_STORE, change_headers, read_query
from dashboard.web.operation import JSON, SELECTION, Operation, Reply
from dashboard.web.refusals import find_near, refuse, tell
from dashboard.web.site import find_base

if TYPE_CHECKING:
    from mcp.server import Server
    from mcp.server.context import ServerRequestContext
    from mcp.types import CallToolRequestParams, PaginatedRequestParams

LOG = logging.getLogger(__name__)
PATH = "/mcp"
NAME = "2021-actions"
TITLE = "2021 Actions dashboard"
INSTRUCTIONS = (
    "The figures of a campaign's progress dashboard: what stakeholders promised to do, and what they report. Say n of "
    "N with the day and the link of an answer. A rate is a lower bound: actions without a report may be completed. "
    "Call one side higher only where the tool compare does. Never add members up: an action with several regions or "
    f"themes counts once in each. {tools.NOTICE}"
)
MESSAGE = {
    "type": "object",
    "required": ["jsonrpc", "method"],
    "properties": {"jsonrpc": {"const": "2.0"}, "id": {}, "method": {"type": "string"}, "params": {"type": "object"}},
}
OPERATION = Operation(
    PATH,
    "assistants",
    "assistants",
    N_("Tools for assistants"),
    N_("The figures by the Model Context Protocol: measure, compare, list actions, latest, definitions, verify"),
    (Reply(JSON, {"type": "object"}, ("Cache-Control",)),),
    SELECTION,
    method="post",
    message=MESSAGE,
    details=N_(
        "One message of JSON-RPC a request, without sessions. Parameters of the address hold for all tools. Faults of "
        "a message are answered as the protocol says (400, 404, 406)."
    ),
    takes_link=True,
)


def routes() -> list[ApiRoute]:
    """The route for `st.App`."""
    return [ApiRoute(PATH, Exchange(), (OPERATION,), AccessClass.PUBLIC)]


class Exchange:
    """ASGI application that answers one message a request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a message; nobody keeps the answer."""
        server = await run_in_threadpool(load_server)
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        manager = StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=LARGEST
        )
        async with manager.run():
            await manager.handle_request(
                scope, receive, change_headers(send, lambda headers, _: headers.update(NO_STORE))
            )


async def serve_streams(settings: Settings) -> None:
    """Answer on standard input and output until the input ends."""
    from mcp.server.stdio import stdio_server

    server = make_server(settings)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


@cache
def load_server() -> "Server":
    """Load the library, and return what answers over HTTP."""
    import mcp.server.streamable_http_manager  # noqa: F401  (in this thread, so that no other request waits)

    return make_server(None)


def make_server(settings: Settings | None) -> "Server":
    """Make what answers messages; `settings`: those of a command, None for those in force at each request."""
    from mcp.server import Server
    from mcp.types import CallToolResult, ListToolsResult, TextContent, Tool, ToolAnnotations

    def find_settings(request: Request | None) -> Settings:
        in_force = settings or Settings.from_environment()
        return in_force if request is None else in_force.model_copy(update={"base_url": find_base(request, in_force)})

    async def list_tools(
        context: "ServerRequestContext[Any, Any]", _: "PaginatedRequestParams | None"
    ) -> ListToolsResult:
        snapshot = await run_in_threadpool(_find_snapshot, find_settings(context.request))
        hints = ToolAnnotations(read_only_hint=True, open_world_hint=False)
        described = [
            Tool(
                name=name, title=one.title, description=one.description, input_schema=one.describe_input(snapshot),
                annotations=hints,
            )
            for name, one in tools.TOOLS.items()
        ]  # fmt: skip
        return ListToolsResult(tools=described)

    async def call_tool(context: "ServerRequestContext[Any, Any]", params: "CallToolRequestParams") -> CallToolResult:
        request: Request | None = context.request
        scope = read_query(request) if request is not None else {}
        if request is not None and find_link_key(request.scope):
            scope.setdefault("build", [""])
        work = partial(_answer, find_settings(request), params.name, params.arguments or {}, scope)
        try:
            if request is None:
                content, is_error = await run_in_threadpool(work)
            else:
                lane = "file" if params.name == "verify" else "page"
                begin = partial(store().lanes[lane].submit, work)
                content, is_error = await have_made(request.scope, LANES[lane].cost, begin)
        except UserError as error:  # too much is asked for at once
            content, is_error = refuse(tell(error)).content, True
        text = json.dumps(content, ensure_ascii=False)
        return CallToolResult(content=[TextContent(text=text)], is_error=is_error)

    return Server(
        NAME, version=__version__, title=TITLE, instructions=INSTRUCTIONS, on_list_tools=list_tools,
        on_call_tool=call_tool,
    )  # fmt: skip


def _find_snapshot(settings: Settings) -> Snapshot | None:
    try:
        return database.current(settings)
    except SnapshotError:
        return None


def _answer(
    settings: Settings, name: str, arguments: Mapping[str, Any], scope: Mapping[str, list[str]]
) -> tuple[dict[str, Any], bool]:
    """Answer a call, or say what is wrong with it in the words of all refusals; and whether something is wrong."""
    try:
        return tools.answer(settings, name, arguments, scope), False
    except UserError as error:
        fault = tell(error)
    except duckdb.Error:
        LOG.exception("The figures cannot be read.")
        fault = SnapshotError(*UNREADABLE)
    except Exception:  # the library would tell the client what it says
        LOG.exception("A tool could not answer.")
        fault = UserError(N_("The server could not answer because of an unexpected error."))
    near = find_near(fault)
    return refuse(fault).content | ({"near": near} if near else {}), True

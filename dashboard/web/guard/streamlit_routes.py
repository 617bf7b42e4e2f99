"""What of Streamlit is answered: the addresses that its pages need, and nothing of what it adds on its own.

It has an interface for agents that runs the pages' scripts, and says of itself to everybody what it holds in memory.
"""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.web.site import path_of
from dashboard.web.unknown import answer_nothing

OWN = "_stcore"
NEEDED = frozenset(("health", "host-config", "stream", "upload_file", "bidi-components"))
"""Below `/_stcore`: what probes ask, what a page asks before it connects, the connection, files, the components."""

ICON = "/favicon.ico"

UNUSED = frozenset(("app", "component", "auth", "index.html", "oauth2callback"))
"""The first parts of further paths that Streamlit takes: files of a script, old components, its own sign-in,
its page as it comes."""


class StreamlitRoutes:
    """ASGI middleware that says of Streamlit's further addresses that nothing is there."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is needed; the icon that browsers ask for by themselves is that of the pages."""
        if scope["type"] == "http" and path_of(scope) == ICON:
            path = f"{scope['path'].removesuffix(ICON)}/favicon.png"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        if scope["type"] == "http" and is_closed(path_of(scope)):
            await answer_nothing(Request(scope))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_closed(path: str) -> bool:
    """Whether a path below the dashboard's own is one of Streamlit's that no page needs."""
    _, _, rest = path.partition("/")
    room, _, rest = rest.partition("/")
    return room in UNUSED or (room == OWN and rest.partition("/")[0] not in NEEDED)

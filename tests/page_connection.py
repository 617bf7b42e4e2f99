"""A page's connection as the middleware gets it: its handshake, messages as fast as they are taken, sent messages."""

from collections.abc import Sequence
from typing import Any

from starlette.types import ASGIApp, Message

STREAM = "/_stcore/stream"
STRANGER = "203.0.113.5"


class Page:
    """A connection; to await `run` has the application serve it."""

    def __init__(
        self,
        app: ASGIApp,
        messages: Sequence[bytes | str] = (),
        client: str = STRANGER,
        path: str = STREAM,
        query: str = "",
        **headers: str,
    ) -> None:
        """Connect to `app`; headers by their names, with underscores."""
        self.messages, self.sent = iter(messages), list[Message]()
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope: dict[str, Any] = {"type": "websocket", "scheme": "ws", "path": path, "query_string": query.encode()}
        scope |= {"headers": named, "client": (client, 4711), "extensions": {"websocket.http.response": {}}}
        self.run = app(scope, self.receive, self.send)

    async def receive(self) -> Message:
        """Return the next message; its end once there is none."""
        message = next(self.messages, None)
        kind = "text" if isinstance(message, str) else "bytes"
        return {"type": "websocket.disconnect"} if message is None else {"type": "websocket.receive", kind: message}

    async def send(self, message: Message) -> None:
        """Record the message."""
        self.sent.append(message)

"""A mail server on 127.0.0.1 that records its mails, and answers as a test wants."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from dashboard.settings import Settings

Reply = Callable[[str, int], str | None]


class Relay:
    """The mails taken: recipient and content, in order; `reply` may refuse a recipient at its n-th try."""

    def __init__(self, reply: Reply, pause: float) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.tried: list[str] = []
        self.connections = 0
        self._reply, self._pause = reply, pause

    async def handle_EHLO(  # noqa: N802  (the names of aiosmtpd)
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.tried.append(address)
        refusal = self._reply(address, self.tried.count(address))
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append((envelope.rcpt_tos[0], envelope.original_content))
        await asyncio.sleep(self._pause)  # taken, but the client does not know it yet
        return "250 2.0.0 taken"

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.mails]


class _AnyPort(Controller):
    """A controller that learns which port it was given."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running(reply: Reply = lambda _address, _n: None, pause: float = 0.0) -> Iterator[tuple[Relay, Settings]]:
    """Yield a server, and the settings that lead to it."""
    relay = Relay(reply, pause)
    controller = _AnyPort(relay, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield relay, smtp(controller.port)
    finally:
        controller.stop()


def environment(port: int, **more: str) -> dict[str, str]:
    """Settings that lead to a server on 127.0.0.1."""
    return {
        "DASHBOARD_SMTP_HOST": "127.0.0.1",
        "DASHBOARD_SMTP_PORT": str(port),
        "DASHBOARD_SMTP_SECURITY": "none",
        "DASHBOARD_SMTP_FROM": "Sample Campaign <news@example.org>",
        **more,
    }


def smtp(port: int, **more: str) -> Settings:
    return Settings.from_environment(environment(port, **more))

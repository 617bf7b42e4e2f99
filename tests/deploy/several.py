"""Several servers of one campaign behind the real nginx, as `deploy/nginx-servers.conf` and the units have them."""

import asyncio
import http.cookies
import os
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from benchmarks.servers import find_free_port
from dashboard.paths import PROJECT
from dashboard.web.guard.visiting import COOKIE
from tests.deploy.running import NAME, Site, proxied, wait_for

NAMES = ("8501", "8502")
"""The servers' names, as in the units; in a test they listen elsewhere."""
MOST_TRIES = 50
"""The number of a page's tries to connect, five times a second."""


@dataclass
class Servers:
    """The servers by their names, which can be killed, ended and started."""

    campaign: Path
    folder: Path
    settings: Mapping[str, str]
    ports: dict[str, int]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start them, and wait until they can be used."""
        for name in names:
            environment = {**os.environ, **self.settings, "DASHBOARD_CAMPAIGN": str(self.campaign)}
            environment |= {"DASHBOARD_SERVER_NAME": name, "DASHBOARD_TRUSTED_PROXIES": "127.0.0.1"}
            environment |= {"DASHBOARD_BASE_URL": f"https://{NAME}"}
            command = [sys.executable, "-m", "dashboard", "serve", "--port", str(self.ports[name])]
            with self.log(name).open("ab") as log:
                self.processes[name] = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
        for name in names:
            wait_for(self.address(name, "/readyz"), self.processes[name], self.log(name))

    def kill(self, name: str) -> None:
        """End one without a word."""
        self.processes[name].kill()
        self.processes[name].wait()

    def end(self, name: str) -> None:
        """End one as systemd does, and wait until it is gone."""
        self.processes[name].send_signal(signal.SIGTERM)
        self.processes[name].wait(60)

    def address(self, name: str, path: str) -> str:
        """Return an address of one server itself."""
        return f"http://127.0.0.1:{self.ports[name]}{path}"

    def ask(self, name: str, path: str) -> tuple[Mapping[str, str], bytes]:
        """Ask one server itself."""
        with urllib.request.urlopen(self.address(name, path), timeout=60) as answer:  # noqa: S310  (an address of this machine)
            return dict(answer.headers), answer.read()

    def log(self, name: str) -> Path:
        """Return the file of one server's output."""
        return self.folder / f"{name}.log"


@contextmanager
def several(
    campaign: Path, folder: Path, settings: Mapping[str, str] | None = None, names: Sequence[str] = NAMES
) -> Iterator[tuple[Servers, Site]]:
    """Servers of a campaign and nginx before them, for as long as they are needed; one alone has the site for one."""
    ports = {name: find_free_port() for name in names}
    servers = Servers(campaign, folder, settings or {}, ports)
    first, *others = ports.values()
    with proxied(first, folder / "nginx", *others) as site:
        try:
            servers.start(*names)
            yield servers, site
        finally:
            for process in servers.processes.values():
                process.kill()
                process.wait()


@asynccontextmanager
async def connected(site: Site, cookies: dict[str, str], session: str = "") -> AsyncIterator[ClientConnection]:
    """Connect a page by nginx, as a browser does, with the session that it had before; keep its cookies."""
    context = ssl.create_default_context(cafile=str(site.authority))
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    async with connect(
        f"wss://{NAME}/_stcore/stream",
        host="127.0.0.1",
        port=site.tls,
        ssl=context,
        origin=f"https://{NAME}",  # type: ignore[arg-type]
        subprotocols=["streamlit", *(["token", session] if session else [])],  # type: ignore[list-item]
        additional_headers=headers,
        max_size=None,
        open_timeout=60,
    ) as socket:
        assert socket.response is not None
        for line in socket.response.headers.get_all("Set-Cookie"):
            cookies |= {name: one.value for name, one in http.cookies.SimpleCookie(line).items()}
        yield socket


class SteadySocket:
    """A page's connection, made anew when its server is gone, as a browser's is; it repeats its request."""

    def __init__(self, site: Site) -> None:
        """Begin without a connection."""
        self.site = site
        self.cookies: dict[str, str] = {}
        self.session = ""
        self.times = 0
        self._asked = b""
        self._stack = AsyncExitStack()
        self._socket: ClientConnection | None = None

    @property
    def server(self) -> str:
        """Return the server that runs the page, as its cookie says."""
        return self.cookies.get(COOKIE, "")

    async def open(self) -> None:
        """Connect, by whatever server there is."""
        await self.close()
        for left in range(MOST_TRIES, -1, -1):
            try:
                way = connected(self.site, self.cookies, self.session)
                self._socket = await self._stack.enter_async_context(way)
            except (InvalidStatus, OSError, ConnectionClosed):
                if not left:
                    raise
                await asyncio.sleep(0.2)
            else:
                self.times += 1
                return

    async def __aenter__(self) -> "SteadySocket":
        """Connect."""
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""
        await self.close()

    async def close(self) -> None:
        """Leave."""
        with suppress(Exception):
            await self._stack.aclose()
        self._stack = AsyncExitStack()

    async def send(self, data: bytes) -> None:
        """Send a reader's action."""
        assert self._socket is not None
        self._asked = data
        try:
            await self._socket.send(data)
        except ConnectionClosed:
            await self._go_on()

    async def recv(self) -> bytes:
        """Return the next message of the server that runs the page now."""
        assert self._socket is not None
        while True:
            try:
                data = await self._socket.recv()
            except ConnectionClosed:
                await self._go_on()
                continue
            message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            self.session = message.new_session.initialize.session_id or self.session
            is_end = message.WhichOneof("type") == "script_finished"
            if is_end and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._asked = b""
            return message.SerializeToString()

    async def _go_on(self) -> None:
        await self.open()
        if self._asked:
            assert self._socket is not None
            await self._socket.send(self._asked)

"""Outgoing requests trust the operator's authority, use the operator's proxy, and explain a failure in words."""

import asyncio
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller

from benchmarks.servers import find_free_port
from dashboard import outbound
from dashboard.commands import proof
from dashboard.errors import UserError
from dashboard.ground.processes import runner
from dashboard.mail.sending import Relay, RelayError
from dashboard.settings import Settings
from tests.certificates import Authority
from tests.dashboard.mail.relay import environment

NAME = "login.internal.example"
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR", "DASHBOARD_CA_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


class Greets(BaseHTTPRequestHandler):
    """Says hello to every question."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class Tunnels(Greets):
    """A proxy that leads every name to one port of this computer, and records its requests."""

    port = 0
    asked: list[tuple[str, str]]

    def do_CONNECT(self) -> None:
        self.asked.append((self.path, self.headers.get("Proxy-Authorization", "")))
        if not self.port:
            self.send_error(403)
            return
        with socket.create_connection(("127.0.0.1", self.port)) as there:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=pass_on, args=(there, self.connection), daemon=True)
            back.start()
            pass_on(self.connection, there)
            back.join()
        self.close_connection = True


def pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@contextmanager
def listening(kind: type[BaseHTTPRequestHandler], files: tuple[Path, Path] | None = None) -> Iterator[int]:
    """Run a server on this computer, by TLS where it has a certificate and a key; yield its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        if files:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*files)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that leaves is no fault
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def ask(address: str, settings: Settings) -> str:
    """Return a server's answer, or the two sentences."""

    async def get() -> str:
        try:
            async with outbound.open_client(settings, seconds=5) as client:
                return (await client.get(address)).text
        except httpx.HTTPError as error:
            return str(outbound.explain(error, address))

    return asyncio.run(get())


def test_an_authority_of_the_operator_is_believed_and_nobody_elses(authority: Authority, monkeypatch) -> None:
    with listening(Greets, authority.sign("127.0.0.1")) as port:
        address = f"https://person:secret@127.0.0.1:{port}/way?code=secret"
        own = Settings.from_environment({"DASHBOARD_CA_FILE": str(authority.file)})
        assert ask(address, own) == "hello"
        refused = ask(address, Settings.from_environment({}))
        assert f"certificate of 127.0.0.1:{port} is not one" in refused and "DASHBOARD_CA_FILE" in refused
        assert "secret" not in refused
        with pytest.raises(UserError, match="certificate of 127.0.0.1"):
            proof._fetch(f"https://127.0.0.1:{port}/")
        monkeypatch.setenv("DASHBOARD_CA_FILE", str(authority.file))
        assert proof._fetch(f"https://127.0.0.1:{port}/")[0] == b"hello"
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        assert ask(address, Settings.from_environment({})) == "hello"
    with listening(Greets, authority.sign("elsewhere.example")) as port:
        assert "is not one that this computer believes" in ask(f"https://127.0.0.1:{port}/", own)


def test_the_proxy_is_taken_except_for_what_no_proxy_names(authority: Authority, monkeypatch) -> None:
    own = Settings.from_environment({"DASHBOARD_CA_FILE": str(authority.file)})
    with listening(Greets, authority.sign(NAME, "127.0.0.1")) as port:

        class Tunnel(Tunnels):
            asked: list[tuple[str, str]] = []

        Tunnel.port = port
        with listening(Tunnel) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"http://unit:word@127.0.0.1:{proxy}")
            assert ask(f"https://{NAME}/", own) == "hello", "a name that only the proxy knows"
            assert Tunnel.asked == [(f"{NAME}:443", "Basic dW5pdDp3b3Jk")]
            monkeypatch.setenv("NO_PROXY", "127.0.0.1,.example.net")
            assert ask(f"https://127.0.0.1:{port}/", own) == "hello"
            assert len(Tunnel.asked) == 1, "what NO_PROXY names is asked directly"
            Tunnel.port = 0
            refused = ask(f"https://{NAME}/", own)
            assert refused.startswith(f"The proxy of HTTPS_PROXY does not lead to {NAME}.") and "word" not in refused
            with pytest.raises(UserError, match="proxy of HTTPS_PROXY does not lead"):
                proof._fetch(f"https://{NAME}/")


def test_what_cannot_be_reached_is_said_and_processes_are_told_whom_to_believe(monkeypatch: pytest.MonkeyPatch) -> None:
    place = f"127.0.0.1:{find_free_port()}"
    assert ask(f"https://{place}/", Settings.from_environment({})).startswith(f"{place} cannot be reached.")
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/own.pem")
    monkeypatch.setenv("DASHBOARD_CA_FILE", "/etc/further.pem")
    told = runner._environment(os.curdir)
    assert (told["SSL_CERT_FILE"], told["DASHBOARD_CA_FILE"]) == ("/etc/own.pem", "/etc/further.pem")


@pytest.mark.parametrize("variable", ["DASHBOARD_CA_FILE", "SSL_CERT_FILE"])
def test_a_file_of_authorities_that_is_none_is_refused_in_words(
    variable: str, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary, cut = tmp_path / "authority.der", tmp_path / "cut.pem"
    binary.write_bytes(ssl.PEM_cert_to_DER_cert(authority.file.read_text()))
    cut.write_text(authority.file.read_text()[:200] + "\n-----END CERTIFICATE-----\n")
    said = {tmp_path / "none.pem": "cannot be read", tmp_path: "cannot be read", binary: "no certificate in PEM form"}
    for path, words in said.items():
        monkeypatch.setenv(variable, str(path))
        with pytest.raises(UserError, match=f"{variable} names .*{words}"):
            outbound.client_options(Settings.from_environment())
    if variable == "DASHBOARD_CA_FILE":
        monkeypatch.setenv(variable, str(cut))
        with pytest.raises(UserError, match="holds a damaged certificate"):
            outbound.client_options(Settings.from_environment())


@pytest.mark.parametrize("text", ["http://", "socks5://127.0.0.1:1080", "http://word@:80", "http://h:port"])
def test_a_proxy_that_is_none_is_refused_in_words(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", text)
    with pytest.raises(UserError, match="HTTPS_PROXY is no address of a proxy"):
        outbound.client_options(Settings.from_environment({}))
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example.org:8080")
    assert outbound.client_options(Settings.from_environment({}))["trust_env"]


def test_mails_go_to_a_server_of_the_operators_authority(authority: Authority) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*authority.sign("127.0.0.1"))
    port = find_free_port()
    server = Controller(object(), hostname="127.0.0.1", port=port, tls_context=context)
    server.start()
    try:
        values = environment(port, DASHBOARD_SMTP_SECURITY="starttls")
        with pytest.raises(RelayError, match=f"certificate of 127.0.0.1:{port} is not one"):
            Relay(Settings.from_environment(values)).open()
        with Relay(Settings.from_environment(values | {"DASHBOARD_CA_FILE": str(authority.file)})) as relay:
            relay.open()
    finally:
        server.stop()

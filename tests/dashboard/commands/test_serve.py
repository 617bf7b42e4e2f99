"""The server for others: a sentence refuses a forbidden start; systemd gets its state."""

import logging
import os
import re
import socket
import threading
from pathlib import Path
from unittest.mock import Mock

import pytest
from starlette.responses import PlainTextResponse
from typer import Exit

from benchmarks.servers import find_free_port
from dashboard.commands import serve
from dashboard.errors import UserError
from dashboard.settings import FIELDS, Settings
from dashboard.web.guard import ending
from tests.dashboard.files.extracts.test_order import run_dashboard

FIT = {"DASHBOARD_BASE_URL": "https://dashboard.example.org", "DASHBOARD_STAFF_PASSWORD": "a password of many words"}


def test_settings_that_are_fit_are_said_to_be_and_a_folder_that_cannot_be_written_is_named(
    campaign_folder: Path, tmp_path, monkeypatch
) -> None:
    for campaign, said in ((campaign_folder, ""), (Path("own"), "the page New campaign makes it")):
        answer = run_dashboard("serve", "--check", "--campaign", str(campaign), folder=tmp_path, code=0, **FIT)
        assert "fit for a server" in answer.output and "https://dashboard.example.org" in answer.output
        assert "DASHBOARD_TRUSTED_PROXIES is not set" in answer.stderr
        assert said in answer.output
    assert not (tmp_path / "own").exists()
    monkeypatch.setattr(os, "access", lambda place, _how: Path(place).name != "published")
    answer = run_dashboard("serve", "--check", "--campaign", str(campaign_folder), folder=tmp_path, code=1)
    assert f"Nothing can be written to {campaign_folder / 'published'}." in answer.output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DASHBOARD_BASE_URL": "http://d.example.org"}, "DASHBOARD_BASE_URL does not begin with https://"),
        ({"DASHBOARD_BASE_URL": ""}, "DASHBOARD_BASE_URL is http://127.0.0.1:8501, which others cannot open."),
        ({"DASHBOARD_STAFF_PASSWORD": ""}, "Nobody can sign in: set DASHBOARD_STAFF_PASSWORD_HASH, or write"),
        ({"DASHBOARD_LOG_LEVEL": "loud"}, "DASHBOARD_LOG_LEVEL is 'loud'. It can be one of: debug, info,"),
        ({"DASHBOARD_UPLOADS_MB": "7"}, "DASHBOARD_UPLOADS_MB is no setting. Is DASHBOARD_UPLOAD_MB meant?"),
        ({"DASHBOARD_SOURCE_NETWORK": "a"}, "DASHBOARD_SOURCE_NETWORK is no setting. Is DASHBOARD_SOURCE_NETWORKS"),
        ({"DASHBOARD_COLOUR": "red"}, "DASHBOARD_COLOUR is no setting. docs/settings.md lists all of them."),
    ],
)
def test_settings_that_are_unfit_are_said_to_be(settings: dict[str, str], said: str, campaign_folder, tmp_path) -> None:
    stated = {**FIT, "DASHBOARD_CAMPAIGN": str(campaign_folder), **settings}
    answer = run_dashboard("serve", "--check", folder=tmp_path, code=1, **stated)
    assert said in answer.stderr and "not fit for a server" in answer.stderr and answer.stdout == ""


def test_a_reading_copy_needs_no_password_and_what_was_probably_not_meant_is_remarked(tmp_path, monkeypatch) -> None:
    stated = {"DASHBOARD_BASE_URL": "https://d.example.org", "DASHBOARD_CAMPAIGN": str(tmp_path)}
    stated |= {"DASHBOARD_STORE": "s3://bucket/campaign", "DASHBOARD_SOURCE_MID_YEAR_TOKEN_FILE": "/token"}
    stated |= {"DASHBOARD_SOURCE_MID_YEAR_HOST": "kobo.example.org", "DASHBOARD_SETTINGS_FILE": "settings.env"}
    assert serve.list_misspelt(stated) == serve.list_faults(Settings.from_environment(stated)) == []
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org:8080")
    monkeypatch.setenv("NO_PROXY", "localhost, 10.0.0.0/8")
    public = {"DASHBOARD_BASE_URL": "https://dashboard.example.org", "DASHBOARD_TRUSTED_PROXIES": "10.0.0.0/8"}
    remarks = serve.list_remarks(Settings.from_environment(public))
    assert len(remarks) == 1 and "NO_PROXY names 10.0.0.0/8" in remarks[0]
    assert serve.list_remarks(Settings.from_environment({})) == [], "one's own computer"


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (("--address", "0.0.0.0"), {"DASHBOARD_STAFF": "open"}, "DASHBOARD_STAFF=open would open the staff pages"),  # noqa: S104
        ((), {"DASHBOARD_STAFF": "open", "DASHBOARD_BASE_URL": "https://d.example.org"}, "would open the staff pages"),
        ((), {"DASHBOARD_CA_FILE": "/nowhere.pem"}, "DASHBOARD_CA_FILE names /nowhere.pem"),
        ((), {"HTTPS_PROXY": "socks5://127.0.0.1:1"}, "HTTPS_PROXY is no address of a proxy."),
        ((), {"DASHBOARD_SMTP_SECURITY": "maybe"}, "DASHBOARD_SMTP_SECURITY is 'maybe'."),
        (("--campaign", "nowhere/at/all"), {}, "Nothing can be written to"),
        (("--address", "192.0.2.1"), {}, "Nothing can listen on 192.0.2.1:8501"),
    ],
)
def test_what_readers_would_find_out_is_found_out_before(
    arguments: tuple[str, ...], settings: dict, said: str, campaign_folder: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(serve, "make_server", lambda: pytest.fail("it would have been started"))
    stated = {"DASHBOARD_CAMPAIGN": str(campaign_folder), **settings}
    answer = run_dashboard("serve", *arguments, folder=tmp_path, code=1, **stated)
    assert said in answer.output and "Traceback" not in answer.output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DASHBOARD_STAFF": "open"}, r"The dashboard's address: http://127\.0\.0\.1:8501  \(stop with Ctrl\+C\)\n"),
        ({"DASHBOARD_STAFF": "open", "DASHBOARD_COLOUR": "red"}, r"The .*\nDASHBOARD_COLOUR is no setting\. .*\n"),
        ({}, r"Listening on 127\.0\.0\.1:\d+ for http.*\nDASHBOARD_BASE_URL is .*\nNobody can sign in: .*\n"),
    ],
)
def test_one_address_is_all_that_is_said_on_ones_own_computer(
    settings: dict[str, str], said: str, campaign_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "make_server", Mock())
    monkeypatch.setattr(ending, "ENDING", threading.Event())  # that of the tests after this one is another
    stated = {"DASHBOARD_CAMPAIGN": str(campaign_folder), **settings}
    answer = run_dashboard("serve", "--port", "0", folder=tmp_path, code=0, **stated)
    assert re.fullmatch(said, answer.output), answer.output


def test_a_port_that_is_taken_is_said_at_once_and_without_systemd_nobody_is_told(monkeypatch) -> None:
    taken = r"Address already in use\. .*PORT=8600"
    with serve.listen("127.0.0.1", 0) as first, pytest.raises(UserError, match=taken):
        serve.listen("127.0.0.1", first.getsockname()[1])
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    serve.tell_manager("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", os.devnull)
    serve.tell_manager("READY=1")


def test_systemd_is_told_and_an_unfinished_answer_does_not_keep_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NOTIFY_SOCKET", "notify")
    monkeypatch.setattr(logging.getLogger("uvicorn.access"), "disabled", False)  # put back for the tests after this one
    asked = threading.Event()

    async def app(scope, receive, send):
        if scope["path"] == "/stream":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"event", "more_body": True})
            asked.set()
            await receive()  # until the client leaves, which it does not
        await PlainTextResponse("well")(scope, receive, send)

    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
        serve.listen("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()) as client,
    ):
        manager.bind("notify")
        manager.settimeout(20)
        server = serve.make_server(app, lifespan="off", log_config=None, timeout_notify=0, timeout_graceful_shutdown=0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        assert manager.recv(100) == b"READY=1"
        assert manager.recv(100) == b"WATCHDOG=1"
        client.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert asked.wait(20)
        server.should_exit = True
        said = b""
        while said != b"STOPPING=1":
            said = manager.recv(100)
        thread.join(20)
        assert not thread.is_alive()
    assert logging.getLogger("uvicorn.access").disabled
    assert serve.LIMITS["timeout_graceful_shutdown"] < 10 and not serve.LIMITS["proxy_headers"]


UPGRADE = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{headers}\r\n"
)
KEYED = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
HANDSHAKES = {
    "Sec-WebSocket-Version: 13\r\n": 400,
    f"{KEYED}Content-Length: 3\r\n": 400,
    f"{KEYED}Transfer-Encoding: chunked\r\n": 400,
    f"{KEYED}Cookie: {'a' * 9_000}\r\n": 431,
    f"{KEYED}{''.join(f'X-{n}: a{chr(13)}{chr(10)}' for n in range(200))}": 431,
    KEYED: 101,
}


def test_each_handshake_is_answered_at_once_and_one_that_cannot_be_read_is_ended(monkeypatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setattr(logging.getLogger("uvicorn.access"), "disabled", False)  # put back for the tests after this one

    async def app(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})

    with serve.listen("127.0.0.1", 0) as listener:
        server = serve.make_server(app, lifespan="off", log_config=None, timeout_graceful_shutdown=0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            for headers, status in HANDSHAKES.items():
                with socket.create_connection(listener.getsockname(), 10) as client, client.makefile("rb") as answer:
                    client.sendall(UPGRADE.format(headers=headers).encode())
                    assert answer.readline().split()[1] == str(status).encode(), headers[-60:]
                    assert answer.read()  # until the server ends the connection
        finally:
            server.should_exit = True
            thread.join(20)


@pytest.mark.nightly
def test_start_builds_the_sample_of_a_checkout_from_any_folder_and_serves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", *FIELDS)}
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(serve, "serve", served := Mock())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "etl.py").write_text("raise SystemExit('another program')\n")
    port = find_free_port()
    serve.start(tmp_path / "campaign", port=port, sample=True, no_browser=True)
    assert (tmp_path / "campaign" / "published" / "current.json").is_file()
    said = capfd.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 2, "the account of the sample's files is nobody's work"
    assert served.call_args.args == (tmp_path / "campaign", "127.0.0.1", port)
    assert environment["DASHBOARD_STAFF"] == "open"
    with pytest.raises(Exit):
        serve.start(tmp_path / "nothing", port=port, no_browser=True)
    assert served.call_count == 1, "what cannot be built is not served"

"""An installation of the dashboard behind the real nginx, as `deploy/` describes them, for as long as it is needed."""

import contextlib
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.servers import find_free_port
from dashboard.paths import PROJECT
from tests.certificates import Authority

DEPLOY = PROJECT / "deploy"
SITE = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
SERVERS = (DEPLOY / "nginx-servers.conf").read_text(encoding="utf-8")
ONE_SERVER = re.search(r"^# One server\..*?^map [^}]*\}\n", SITE, flags=re.MULTILINE | re.DOTALL)[0]
NAME = "dashboard.example.org"
PATIENCE = 60.0
VERSION = "import sys; print('{}.{}'.format(*sys.version_info))"
CONNECTS = """GET /_stcore/stream HTTP/1.1
Host: 127.0.0.1:{port}
Connection: Upgrade
Upgrade: websocket
Sec-WebSocket-Version: 13
Sec-WebSocket-Protocol: streamlit
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

"""
UNFINISHED = """PUT /_stcore/upload_file/a/b HTTP/1.1
Host: 127.0.0.1:{port}
Content-Length: 1000

abc"""


def read_settings(text: str = "") -> dict[str, str]:
    """Read the settings that are handed out for a server, by name."""
    lines = (text or (DEPLOY / "settings.env").read_text(encoding="utf-8")).splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]", line))


def install(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the script of installation."""
    command = ["sh", str(DEPLOY / "install.sh"), "--to", str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def fill_wheelhouse(folder: Path, version: str) -> None:
    """Fill a folder with the packages for a Python, as `make wheelhouse` does; skip where none can be fetched."""
    command = [sys.executable, "-m", "tests.supply.wheelhouse", "--to", str(folder), "--python", version]
    fetched = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if "connection broken" in fetched.stderr:
        pytest.skip(f"no index of packages can be reached: {fetched.stderr.strip()[-200:]}")
    assert fetched.returncode == 0, fetched.stderr


def make_environment(folder: Path, python: str = sys.executable) -> Path:
    """Make an environment of Python in a folder, with the packages of this one, which are found where they are."""
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True)
    [place] = folder.glob("lib/*/site-packages")
    (place / "here.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    return folder


def as_nobody(uid: int | None = None) -> list[str]:
    """Return the prefix that limits a command to its files' permissions, also where root tests."""
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        return []
    who = [f"--reuid={uid}", f"--regid={uid}", "--clear-groups"] if uid else []
    return ["setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", *who]


def make_unwritable(folder: Path) -> None:
    """Take the right to write to a folder and all in it away."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)


@contextmanager
def ended(process: "subprocess.Popen[bytes]", seconds: float) -> Iterator[None]:
    """End a process by SIGTERM afterwards; it has to within some seconds."""
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server answers, as the image's health check asks."""
    end = time.monotonic() + PATIENCE
    while subprocess.run([sys.executable, str(DEPLOY / "health.py"), url], capture_output=True, check=False).returncode:
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-2_000:])
        time.sleep(0.1)


@contextmanager
def serving(
    installed: Path, campaign: Path, folder: Path, settings: Mapping[str, str], begin: Sequence[str] = ()
) -> Iterator[int]:
    """Run an installation that serves a campaign, with the settings of the unit's file; yield its port."""
    port, log = find_free_port(), folder / "server.log"
    (folder / "tmp").mkdir(exist_ok=True)
    (folder / "tmp").chmod(0o777)
    written = folder / "settings.env"  # as the unit's, which commands by hand read too
    own = {**read_settings(), **settings, "DASHBOARD_CAMPAIGN": str(campaign)}
    written.write_text("".join(f"{name}='{value}'\n" for name, value in own.items()), encoding="utf-8")
    environment = {"PATH": "/usr/bin:/bin", "TMPDIR": str(folder / "tmp"), "DASHBOARD_SETTINGS_FILE": str(written)}
    command = [*begin, str(installed / "bin" / "dashboard"), "serve", "--port", str(port)]
    with log.open("wb") as lines:
        process = subprocess.Popen(command, cwd="/", env=environment, stdout=lines, stderr=lines)
        with contextlib.ExitStack() as left_open, ended(process, 10):
            wait_for(f"http://127.0.0.1:{port}/healthz", process, log)
            yield port
            for request in (CONNECTS, UNFINISHED):  # nobody who is still there keeps it from ending
                client = left_open.enter_context(socket.create_connection(("127.0.0.1", port)))
                client.sendall(request.format(port=port).replace("\n", "\r\n").encode())
                assert b"HTTP/1.1 " in client.recv(1_000)


class Site(NamedTuple):
    """nginx before a server of this computer."""

    folder: Path
    authority: Path
    plain: int
    tls: int

    def connect(self, name: str = NAME, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """Connect by TLS, with a trusted certificate."""
        context = ssl.create_default_context(cafile=str(self.authority))
        context.set_alpn_protocols(["http/1.1"])
        plain = socket.create_connection(("127.0.0.1", self.tls), timeout=PATIENCE, source_address=(source, 0))
        return context.wrap_socket(plain, server_hostname=name)

    def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, source: str = "127.0.0.1"
    ) -> tuple[HTTPResponse, bytes]:
        """Return an answer with its body."""
        connection = HTTPSConnection(NAME, self.tls)
        connection.sock = self.connect(source=source)
        connection.request(method, path, headers={"Host": NAME, **(headers or {})})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body


@contextmanager
def proxied(port: int, folder: Path, *others: int) -> Iterator[Site]:
    """Run the project's site in the real nginx, before a server at a port; only its places are others.

    With another port it is that for several servers.
    """
    find_nginx()
    folder.mkdir()
    authority = Authority(folder)
    certificate, key = authority.sign(NAME)
    plain, tls = find_free_port(), find_free_port()
    places = {
        r"listen \[::\]:\d+( ssl)?( default_server)?;": "",
        r"listen 80\b": f"listen 127.0.0.1:{plain}",
        r"listen 443\b": f"listen 127.0.0.1:{tls}",
        r"127\.0\.0\.1:8501\b": f"127.0.0.1:{port}",
        **{rf"127\.0\.0\.1:{8502 + number}\b": f"127.0.0.1:{other}" for number, other in enumerate(others)},
        r"/etc/ssl/dashboard/certificate\.pem": str(certificate),
        r"/etc/ssl/dashboard/key\.pem": str(key),
        r"/var/log/nginx/dashboard\.log": str(folder / "access.log"),
    }
    site = SITE.replace(ONE_SERVER, SERVERS) if others else SITE
    for place, other in places.items():
        site, count = re.subn(place, other, site)
        assert count, place
    with running_nginx(folder, f"types {{ }}\n{site}", tls):
        yield Site(folder, authority.file, plain, tls)


def find_nginx() -> str:
    """Find the program; the test is skipped where there is none."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("no nginx: install it (apt-get install nginx)")
    return program


@contextmanager
def running_nginx(folder: Path, site: str, port: int) -> Iterator[None]:
    """Run the real nginx with this content inside its `http`; begin when it listens at a port of this computer."""
    user = "user root;" if os.getuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
    whole += f"events {{ worker_connections 1024; }}\nhttp {{ {temporary} {site}\n}}\n"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [find_nginx(), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with ended(process, 10):
        _wait_for_port(port, process, folder / "error.log")
        yield


def _wait_for_port(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise AssertionError(log.read_text(encoding="utf-8")) from None
            time.sleep(0.02)


def read_directive(name: str, text: str = SITE) -> str:
    """Read the value of a directive of the site that stands there once, or always the same."""
    found = {" ".join(value.split()) for value in re.findall(rf"^\s*{name}\s+([^;]+);", text, flags=re.MULTILINE)}
    assert len(found) == 1, (name, found)
    return found.pop()


def seconds(text: str) -> float:
    """Seconds, as nginx and systemd write them."""
    return float(re.fullmatch(r"(\d+)s?", text)[1])

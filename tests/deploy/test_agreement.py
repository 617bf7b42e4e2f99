"""The files for servers agree: settings, the site of nginx, units, the image, and the program."""

import os
import re
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from dashboard.commands import serve
from dashboard.paths import PROJECT
from dashboard.settings import FIELDS, Settings
from dashboard.web.guard import limits
from dashboard.web.guard.visiting import COOKIE
from etl.__main__ import app as etl
from tests.deploy.running import DEPLOY, ONE_SERVER, SERVERS, SITE, read_directive, read_settings, seconds

UNITS = DEPLOY / "systemd"
SERVES = "/opt/dashboard/current/bin/dashboard serve"
SETTINGS_READ = Settings.from_environment(read_settings())
SERVE, WATCH, BACKUP, SHARED = (
    (UNITS / name).read_text(encoding="utf-8")
    for name in (
        "dashboard-serve.service",
        "dashboard-watch.service",
        "dashboard-backup.service",
        "dashboard-.service.d/hardening.conf",
    )
)
IMAGE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def read_option(name: str, *texts: str) -> str:
    """Read the value of an option of a unit, which stands there once."""
    found = re.findall(rf"^{name}=(.*)$", "\n".join(texts or (SERVE, SHARED)), flags=re.MULTILINE)
    assert len(found) == 1, (name, found)
    return found[0]


def test_the_settings_are_known_and_fit_for_a_server() -> None:
    commented = re.findall(r"^#([A-Z_]+)=", (DEPLOY / "settings.env").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {*read_settings(), *commented} <= FIELDS.keys() | {"HTTPS_PROXY", "NO_PROXY", "AWS_REGION"}
    assert not SETTINGS_READ.staff_is_open and not SETTINGS_READ.staff_password, "no password is handed out"


def test_names_and_ports_are_the_same() -> None:
    host = urlsplit(SETTINGS_READ.base_url).hostname
    names = re.findall(r"^\s*server_name ([^;]+);", SITE, flags=re.MULTILINE)
    assert SETTINGS_READ.base_url == f"https://{host}" and names == ["_", host, host]
    assert f"return 301 https://{host}$request_uri;" in SITE
    assert re.findall(r"^\s*server ([\d.:]+);", SITE, flags=re.MULTILINE) == [f"127.0.0.1:{serve.PORT}"]
    assert [str(network) for network in SETTINGS_READ.trusted_proxies] == ["127.0.0.1/32"], "where nginx comes from"
    assert f"EXPOSE {serve.PORT}" in IMAGE


def test_builds_have_a_network_only_where_they_go_to_an_object_store() -> None:
    opened = (DEPLOY / "object-store.conf").read_text(encoding="utf-8")
    assert (read_option("PrivateNetwork", WATCH), read_option("PrivateNetwork", opened)) == ("yes", "no")
    assert "dashboard-watch.service.d/object-store.conf" in opened


def test_limits_are_the_same() -> None:
    assert read_directive("client_max_body_size") == f"{SETTINGS_READ.upload_mb + 1}m"
    said = re.search(r'return 413 "([^"]+)"', SITE)[1].removesuffix("\\n").split("\\n")
    assert len(said) == 3 and all(f"{SETTINGS_READ.upload_mb} M" in sentence for sentence in said)
    assert limits.MARGIN <= 2**20, "what nginx lets pass beside a file"
    buffers, size = read_directive("large_client_header_buffers").split()
    assert int(buffers) * int(size.removesuffix("k")) * 1024 <= serve.LIMITS["h11_max_incomplete_event_size"]
    kept = re.search(r"upstream dashboard \{.*?keepalive_timeout (\d+s);", SITE, flags=re.DOTALL)[1]
    assert seconds(kept) < serve.LIMITS["timeout_keep_alive"]
    assert (
        seconds(re.search(r"proxy_read_timeout (\d+s);\n\s*proxy_send", SITE)[1]) > 2 * serve.LIMITS["ws_ping_interval"]
    )
    everybody = int(re.search(r"limit_conn dashboard_all +(\d+);", SITE)[1])
    one = int(re.search(r"limit_conn dashboard_clients +(\d+);", SITE)[1])
    assert SETTINGS_READ.pages_per_client < one < everybody, "the sentence of the dashboard comes first"
    assert serve.LIMITS["ws_max_size"] > limits.LARGEST_MESSAGE
    assert everybody < serve.LIMITS["limit_concurrency"] < int(read_option("LimitNOFILE"))


def test_both_ways_to_the_dashboard_say_the_same_of_who_asks() -> None:
    said = re.findall(r"proxy_set_header (\S+)\s+([^;]+);", SITE)
    of_clients = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded")
    for name in ("Host", *of_clients, "Proxy", "X-Request-Id"):
        values = [value for header, value in said if header == name]
        assert len(values) == 2 and len(set(values)) == 1, name


def test_the_units_fit_the_program() -> None:
    assert read_option("ExecStart") == SERVES
    assert (
        seconds(read_option("TimeoutStopSec", SERVE))
        > serve.LIMITS["timeout_graceful_shutdown"] + serve.MOST_SECONDS_OF_A_RUN + 5
    )
    assert seconds(read_option("WatchdogSec")) >= 3 * serve.WATCHDOG_SECONDS
    assert read_option("Type", SERVE) == "notify" and read_option("User") != "root"
    assert str(SETTINGS_READ.campaign.parent) == read_option("ReadWritePaths"), "restoring exchanges the folder in it"
    assert read_option("EnvironmentFile") in (DEPLOY / "settings.env").read_text(encoding="utf-8")


def test_several_servers_are_called_alike_everywhere() -> None:
    template = (UNITS / "dashboard-serve@.service").read_text(encoding="utf-8")
    one, many = ([line for line in text.splitlines() if "=" in line] for text in (SERVE, template))
    assert [line for line in one if line not in many] == ["Description=Progress dashboard", f"ExecStart={SERVES}"]
    assert f"ExecStart={SERVES} --port %i" in many and "Environment=DASHBOARD_SERVER_NAME=%i" in many
    names = re.findall(r"^\s+(\d+)\s+dashboard_(\d+);", SERVERS, flags=re.MULTILINE)
    assert names == [("8501", "8501"), ("8502", "8502")] and f"$cookie_{COOKIE} " in ONE_SERVER and ONE_SERVER in SITE
    for name, _ in names:
        first = re.search(rf"upstream dashboard_{name} \{{.*?server 127\.0\.0\.1:(\d+) ", SERVERS, flags=re.DOTALL)[1]
        assert first == name
    (kept,) = set(re.findall(r"keepalive_timeout (\d+s);", SERVERS))
    assert seconds(kept) < serve.LIMITS["timeout_keep_alive"]
    (left_alone,) = set(re.findall(r"fail_timeout=(\d+s)", SERVERS))
    script = (DEPLOY / "roll.sh").read_text(encoding="utf-8")
    assert seconds(left_alone) < int(re.search(r"ROLL_PAUSE:-(\d+)", script)[1])


def test_servers_are_rolled_one_after_the_other_and_none_without_another(tmp_path: Path) -> None:
    with answering() as first, answering() as second:
        command = ["sh", str(DEPLOY / "roll.sh"), str(first.server_port), str(second.server_port)]
        environment = {
            "PATH": os.environ["PATH"],
            "DASHBOARD_ROLL_COMMAND": "echo restart ",
            "DASHBOARD_ROLL_PAUSE": "0",
        }

        def roll() -> "subprocess.CompletedProcess[str]":
            return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

        rolled = roll()
        said = [line for port in command[2:] for line in (f"restart {port}", f"{port}: ready")]
        assert (rolled.returncode, rolled.stdout.splitlines()) == (0, said), rolled.stderr
        second.shutdown()
        second.server_close()
        refused = roll()
        assert refused.returncode == 1 and refused.stdout == "" and "Nothing was done." in refused.stderr


@contextmanager
def answering() -> Iterator[HTTPServer]:
    """Yield a server that is ready."""

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Ready) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_backups_go_where_the_settings_say_and_nobody_else_is_told_the_passphrase() -> None:
    assert read_option("ReadWritePaths", BACKUP) == read_settings()["DASHBOARD_BACKUP_TO"]
    assert (
        len(re.findall(r"passphrase:\S+$", "\n".join(path.read_text() for path in UNITS.glob("*.service")), re.M)) == 1
    )
    assert not [name for name in read_settings() if "PASSPHRASE" in name]


def test_commands_of_the_units_are_taken() -> None:
    for unit in ("watch", "backup", "tidy"):
        text = (UNITS / f"dashboard-{unit}.service").read_text(encoding="utf-8")
        program, *command = shlex.split(read_option("ExecStart", text).replace("%d", "/run"))
        answer = CliRunner().invoke(etl, [*command, "--help"])
        assert program == "/opt/dashboard/current/bin/etl" and answer.exit_code == 0, answer.output


def test_systemd_takes_the_units_and_rates_them_well(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze: install systemd")
    folder = tmp_path / "units"
    shutil.copytree(UNITS, folder)
    shutil.copy(folder / "dashboard-serve@.service", folder / "dashboard-serve@8501.service")
    for path in folder.glob("*.service"):  # the programs are not installed here
        text = path.read_text().replace("/opt/dashboard/current/bin/", "/bin/true ")
        path.write_text(text.replace("/bin/true etl", "/bin/true"))
    units = [f"{folder}/dashboard-{name}.service" for name in ("serve", "serve@8501", "watch", "backup", "tidy")]
    environment = {"SYSTEMD_UNIT_PATH": f"{folder}:", "PATH": "/usr/bin:/bin", "SYSTEMD_COLORS": "0"}
    verified, rated = (
        subprocess.run([analyze, *command, *units], capture_output=True, text=True, env=environment, check=False)
        for command in (["verify"], ["security", "--offline=true", "--threshold=15", "--no-pager"])
    )
    assert [line for line in verified.stderr.splitlines() if "dashboard" in line] == []
    assert rated.returncode == 0, rated.stdout[-3_000:]
    assert all(f"for {Path(unit).name}" in rated.stdout for unit in units)


def test_only_the_program_is_handed_to_who_makes_an_image() -> None:
    script = (DEPLOY / "install.sh").read_text(encoding="utf-8")
    program = set(re.search(r"^program='([^']+)'", script, flags=re.MULTILINE)[1].split())
    lines = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert lines[1] == "*" and allowed - {"deploy", "wheelhouse"} == program - {"deploy/health.py"}


def test_the_image_is_not_root_and_comes_from_the_tested_steps() -> None:
    instructions = re.findall(r"^([A-Z]+) (.*)$", IMAGE.replace("\\\n", " "), flags=re.MULTILINE)
    kinds = [kind for kind, _ in instructions]
    assert [rest for kind, rest in instructions if kind == "RUN"][0].count("deploy/install.sh --to /opt/dashboard") == 1
    assert kinds.count("RUN") == 1, "what is not in the script is not tested"
    assert [rest for kind, rest in instructions if kind == "COPY"] == ["--from=install /opt/dashboard /opt/dashboard"]
    assert [rest for kind, rest in instructions if kind == "USER"] == ["10001:10001"]
    assert [rest.split()[0] for kind, rest in instructions if kind == "FROM"] == ["${BASE}", "${BASE}"]
    assert kinds.index("USER") < kinds.index("ENTRYPOINT") and "HEALTHCHECK" in kinds and "LABEL" in kinds
    assert 'CMD ["serve", "--address", "0.0.0.0"]' in IMAGE
    for path in re.findall(r'"/opt/dashboard/program/([^"]+)"', IMAGE):
        assert (PROJECT / path).is_file()

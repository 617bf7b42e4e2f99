"""Servers to be measured and tested: this dashboard, and the baseline page with Streamlit as it comes."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from dashboard.paths import PROJECT

BASELINE = Path(__file__).parent / "baseline" / "page.py"
START_SECONDS = 60


class Server(NamedTuple):
    """A running server: its name, address and process id."""

    name: str
    url: str
    pid: int


def find_free_port() -> int:
    """Find a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_dashboard(
    campaign: Path, *, with_uvicorn: bool = False, project: Path = PROJECT, log_file: Path | None = None
) -> Iterator[Server]:
    """Run the dashboard over the snapshot of `campaign`, by `streamlit run` or by uvicorn.

    Its output goes into `log_file`, where one is named.
    """
    port = find_free_port()
    if with_uvicorn:
        command = ["-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    else:
        command = ["-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    name = "dashboard (uvicorn)" if with_uvicorn else "dashboard"
    with run_server(name, command, port, project, _environment(campaign), "/healthz", log_file) as server:
        yield server


@contextmanager
def run_baseline(campaign: Path) -> Iterator[Server]:
    """Yield the baseline page, over the same snapshot, started where no settings file is found."""
    port = find_free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command = ["-m", "streamlit", "run", str(BASELINE), *options, "--browser.gatherUsageStats", "false"]
    with (
        tempfile.TemporaryDirectory() as elsewhere,
        run_server("baseline", command, port, Path(elsewhere), _environment(campaign), "/_stcore/health") as server,
    ):
        yield server


@contextmanager
def run_server(
    name: str,
    command: list[str],
    port: int,
    cwd: Path,
    environment: Mapping[str, str],
    health: str,
    log_file: Path | None = None,
) -> Iterator[Server]:
    """Run a server of this Python, as long as it is needed.

    Args:
        name: Its name in reports.
        command: The arguments of the interpreter.
        port: The port on 127.0.0.1 for the command to listen on.
        cwd: The working directory.
        environment: The environment variables, all of them.
        health: The path that answers as soon as the server is ready.
        log_file: The file for its output; none by default.
    """
    with log_file.open("w+b") if log_file else tempfile.TemporaryFile() as log:
        process = subprocess.Popen([sys.executable, *command], cwd=cwd, env=environment, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(url + health, process, log)
            yield Server(name, url, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: IO[bytes]) -> None:
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            log.seek(0)
            output = log.read().decode(errors="replace")
            raise SystemExit(f"The server ended with {process.returncode} before it answered.\n{output}")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  (an address of this machine)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"The server did not answer at {url} within {START_SECONDS} s.")


def _environment(campaign: Path) -> dict[str, str]:
    return {**os.environ, "DASHBOARD_CAMPAIGN": str(campaign.resolve())}

"""Moto, which answers as S3 does, in an environment of its own: its pins are not this project's.

It is installed once into the project's `.venv`; where it cannot be had the tests that need it are skipped and say why.
"""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.paths import PROJECT

VERSION = "5.2.5"
PLACE = (PROJECT / ".venv").resolve() / f"moto-{VERSION}"
SERVE = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


class MissingMotoError(Exception):
    """It cannot be had here; the message says why."""


def find_python() -> Path:
    """Find the Python that has it.

    Raises:
        MissingMotoError: it can be neither found nor installed.
    """
    python = PLACE / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    uv = [sys.executable, "-m", "uv", "--quiet"]
    install = [*uv, "pip", "install", "--python", str(python), f"moto[server]=={VERSION}"]
    if not (PLACE / "installed").is_file():
        for command in ([*uv, "venv", "--clear", "--python", sys.executable, str(PLACE)], install):
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
            if done.returncode:
                raise MissingMotoError(f"moto cannot be installed: {done.stderr.strip()[-300:]}")
        (PLACE / "installed").touch()
    return python


@contextmanager
def serving(bucket: str) -> Iterator[dict[str, str]]:
    """Serve a bucket; yield the environment by which programs find it.

    Raises:
        MissingMotoError: it is not installed here.
    """
    command = [str(find_python()), "-c", SERVE]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        endpoint = f"http://127.0.0.1:{int(server.stdout.readline())}"
        made = urllib.request.Request(f"{endpoint}/{bucket}", method="PUT")  # noqa: S310  (this computer's own)
        urllib.request.urlopen(made).close()  # noqa: S310
        yield {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "sample",
            "AWS_SECRET_ACCESS_KEY": "sample",
        }
    finally:
        server.kill()
        server.communicate()

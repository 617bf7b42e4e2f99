"""Installs the packages of a list and says how far it is: `python deploy/packages.py [pip's options] -r LIST`.

With `--slim` it takes as little of the disk as it can: no bytecode beforehand (Python makes that of what is used), and
none of what no program reads: the packages' own tests, sources in C, parts for Jupyter and for Arrow's network service.

A list with uv in it is installed by uv, in a tenth of pip's time; by pip where uv cannot.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

UNREAD = (
    *("**/tests", "*/include", "**/*.c", "**/*.pyx", "**/*.pxd", "**/*.pxi", "**/*.pyi", "**/*.map"),
    *("*/labextension", "*/nbextension", "plotly/package_data/widgetbundle.js", "plotly/package_data/datasets"),
    *("pyarrow/*flight*", "pip/**/__pycache__"),
)
"""What is removed, below the folder of the packages."""
OWN_INDEX = re.compile(r"\.(index-url|extra-index-url|no-index|proxy|trusted-host|client-cert)=")
"""Settings of pip that say where packages come from, and which uv does not read."""


def main(options: list[str]) -> int:
    """Install; the exit code is pip's, which says itself what is wrong."""
    is_slim = "--slim" in options
    options = [option for option in options if option != "--slim"]
    command = [sys.executable, "-m", "pip", "install", *(["--no-compile"] if is_slim else []), *options]
    listed = Path(options[options.index("-r") + 1]).read_text(encoding="utf-8")
    pinned = len(re.findall(r"^[a-z0-9]\S*==", listed, re.MULTILINE))
    if install_by_uv(listed, pinned, options):
        return 0
    fetched = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:  # noqa: S603  (pip, with make's options)
        for line in pip.stdout or ():
            if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied: ")):
                fetched += 1
                say(f"Fetching packages: {fetched} of {pinned}", is_step=fetched % 10 == 0)
            elif line.startswith("Installing collected packages"):
                say("Fetched. Writing them to the disk, which takes half a minute …\n", is_step=True)
    if pip.returncode == 0 and is_slim:
        remove_unread(Path(sysconfig.get_path("purelib")))
        shutil.rmtree(Path(sysconfig.get_path("data")) / "share" / "jupyter", ignore_errors=True)
    return pip.returncode


def install_by_uv(listed: str, pinned: int, options: list[str]) -> bool:
    """Install uv as the list pins it, and by uv the list; say whether that was possible."""
    uv = re.search(r"^uv==.*\n(?:[ ].*\n)+", listed, re.MULTILINE)
    if uv is None:
        return False
    pip = [sys.executable, "-m", "pip"]
    settings = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    if OWN_INDEX.search(settings):
        return False
    certificates = re.search(r"\.cert='(.+)'", settings)
    environment = ({"SSL_CERT_FILE": certificates[1]} if certificates else {}) | os.environ
    say(f"Fetching {pinned} packages by uv …", is_step=True)
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder, "uv.txt")
        alone.write_text(uv[0], encoding="utf-8")
        first = [*options[: options.index("-r")], "-r", str(alone)]
        commands = (
            [*pip, "install", "--quiet", *first],
            [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable, *options],
        )
        return all(subprocess.run(command, env=environment, check=False).returncode == 0 for command in commands)  # noqa: S603


def say(text: str, *, is_step: bool) -> None:
    """Say how far it is: in one line of a terminal; elsewhere by lines, at each step."""
    if sys.stdout.isatty():
        print(f"\r{text:<40}", end="", flush=True)
    elif is_step:
        print(text.rstrip(), flush=True)


def remove_unread(packages: Path) -> None:
    """Remove what no program reads; pip does not mind when it replaces the packages."""
    for pattern in UNREAD:
        for path in sorted(packages.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The Chromium or Chrome that the browser tests drive: found, or else installed.

Run it to print the path.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)


def find_chromium() -> Path | None:
    """Find the first browser that starts: the one DASHBOARD_CHROMIUM names, an installed one, Playwright's own."""
    return next((path for path in _candidates() if _starts(path)), None)


def install_chromium() -> None:
    """Install Debian's package where that is possible, else Playwright's own browser."""
    if shutil.which("apt-get") and os.name == "posix" and os.geteuid() == 0:
        print("Installing the Debian package chromium for the browser tests ...", file=sys.stderr)
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
        if find_chromium() is not None:
            return
    print("Installing Playwright's Chromium for the browser tests ...", file=sys.stderr)
    _run(sys.executable, "-m", "playwright", "install", "chromium")


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("DASHBOARD_CHROMIUM"):
        yield Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)
    yield from (Path(place) for place in APPLICATIONS)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    yield own


def _starts(path: Path) -> bool:
    if not path.is_file():
        return False
    if os.name == "nt":  # Chrome on Windows opens a window instead of printing its version
        return True
    try:
        return subprocess.run([str(path), "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run(*command: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, stdout=sys.stderr, env=environment, timeout=1800)


def main() -> int:
    """Print the browser's path, installing one if need be; 1 when there is none in the end."""
    found = find_chromium()
    if found is None:
        install_chromium()
        found = find_chromium()
    if found is None:
        print(
            "No Chromium or Chrome could be found or installed. Install one, or name it: "
            "DASHBOARD_CHROMIUM=/path/to/chrome make test",
            file=sys.stderr,
        )
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())

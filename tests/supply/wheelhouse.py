"""`make wheelhouse`: every package of the program in one folder, to install it where there is no network.

pip fetches for other systems but judges markers by its own, so those of the list are resolved here.
"""

import argparse
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from packaging.markers import default_environment

from dashboard.paths import PROJECT
from tests.supply.pins import DEVELOPMENT, PROGRAM, read_pins

GLIBC = ("2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5")
"""The highest demands of wheels for Linux: Debian 10, Ubuntu 20.04, RHEL 8 and newer fulfil them."""

TAGS = {
    "linux-x86_64": [*(f"manylinux_{version}_x86_64" for version in GLIBC), "manylinux2014_x86_64"],
    "linux-aarch64": [*(f"manylinux_{version}_aarch64" for version in GLIBC), "manylinux2014_aarch64"],
    "macos-arm64": ["macosx_15_0_arm64"],
    "windows-x86_64": ["win_amd64"],
}
SOURCES, BUILDER = ("sly",), "setuptools"
"""The packages without a wheel: Python alone, which the installation builds by this one. `odata-query` needs it."""
_SYSTEMS = {
    "linux": ("linux", "Linux", "posix"),
    "macos": ("darwin", "Darwin", "posix"),
    "windows": ("win32", "Windows", "nt"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch the packages; the exit code is pip's."""
    parser = argparse.ArgumentParser(prog="python -m tests.supply.wheelhouse", description=__doc__)
    parser.add_argument("--to", type=Path, default=PROJECT / "wheelhouse", help="the folder (default: wheelhouse)")
    parser.add_argument("--platform", choices=TAGS, help="the system to install on (default: this one)")
    parser.add_argument("--python", metavar="3.12", help="its Python (default: this one)")
    options = parser.parse_args(arguments)
    version = options.python or ".".join(platform.python_version_tuple()[:2])
    options.to.mkdir(parents=True, exist_ok=True)
    listed = options.to / "requirements.txt"
    builder = [pin for pin in read_pins(DEVELOPMENT) if pin.name == BUILDER]
    pins = [*read_pins(PROGRAM), *builder]
    lines = [pin.as_line() for pin in pins if pin.holds(describe(options.platform, version))]
    listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tags = [f"--platform={tag}" for tag in TAGS.get(options.platform, [])]
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:",
            f"--no-binary={','.join(SOURCES)}", f"--dest={options.to}", f"--requirement={listed}",
            f"--python-version={version}", *tags,
        ],
        check=False,
    )  # fmt: skip
    if done.returncode == 0:
        print(f"{len(lines)} packages for {options.platform or 'this system'} and Python {version}: {options.to}")
    return done.returncode


def describe(system: str | None, version: str) -> dict[str, str]:
    """Return the environment for markers on a system (one of `TAGS`; None: this one) with a Python such as 3.12."""
    environment = {key: str(value) for key, value in default_environment().items()}
    environment |= {"python_version": version, "python_full_version": f"{version}.0"}
    if system is not None:
        name, _, machine = system.partition("-")
        sys_platform, platform_system, os_name = _SYSTEMS[name]
        environment |= {
            "sys_platform": sys_platform,
            "platform_system": platform_system,
            "os_name": os_name,
            "platform_machine": machine,
        }
    return environment


if __name__ == "__main__":
    sys.exit(main())

"""Every package of the program is ready-made (a wheel) where docs/operations.md promises it."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

from tests.supply.pins import PROGRAM, read_pins
from tests.supply.wheelhouse import SOURCES, TAGS, describe

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def list_tags(system: str, python: str) -> Iterator[Tag]:
    """Yield the tags that pip of this Python accepts on a system."""
    platforms = [*mac_platforms((15, 0), "arm64")] if system == "macos-arm64" else TAGS[system]
    version = tuple(map(int, python.split(".")))
    yield from cpython_tags(version, platforms=platforms)
    yield from compatible_tags(version, interpreter=f"cp{python.replace('.', '')}", platforms=platforms)


@pytest.mark.nightly
def test_no_package_needs_a_compiler_where_the_documents_promise_it(tmp_path: Path) -> None:
    pins, listed, lock = read_pins(PROGRAM), tmp_path / "pins.txt", tmp_path / "pylock.toml"
    listed.write_text("".join(f"{pin.requirement}\n" for pin in pins))
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--no-deps", "--format", "pylock.toml", "-o", str(lock), str(listed)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no index of packages can be asked: {made.stderr.strip()[-200:]}")
    allowed = {hash_.removeprefix("sha256:") for pin in pins for hash_ in pin.hashes}
    packages = tomllib.loads(lock.read_text("utf-8"))["packages"]
    assert len(packages) == len(pins)
    lacking = []
    for system in TAGS:
        for python in PYTHONS:
            takes, here = {*list_tags(system, python)}, describe(system, python)
            for package in packages:
                wheels = [
                    unquote(one["url"].rpartition("/")[2])
                    for one in package.get("wheels", ())
                    if one["hashes"]["sha256"] in allowed
                ]
                is_needed = "marker" not in package or Marker(package["marker"]).evaluate(here)
                if is_needed and not any(parse_wheel_filename(name)[3] & takes for name in wheels):
                    lacking.append((system, python, package["name"]))
    assert {name for *_, name in lacking} == {*SOURCES}

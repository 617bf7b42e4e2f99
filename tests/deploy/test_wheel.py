"""The wheel: installed outside of the checkout it shows the same figures, and writes nothing beside itself."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook

from benchmarks.servers import find_free_port
from dashboard.paths import PROJECT, SAMPLE_FOLDER
from tests.browser.guides.flows import publish_sample
from tests.deploy.running import ended, make_environment, make_unwritable, wait_for
from tests.page_stream import ask_page, talk

UV = (sys.executable, "-m", "uv", "pip", "install", "--quiet")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(params=["packages of the tests", pytest.param("its own packages", marks=pytest.mark.nightly)])
def installed(request: pytest.FixtureRequest, wheel: Path, tmp_path: Path) -> Path:
    """Return the folder of the commands of an environment that has the wheel."""
    folder = tmp_path / "environment"
    if request.param == "its own packages":
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        packages = ["--constraint", str(PROJECT / "requirements.txt")]
    else:
        make_environment(folder)
        packages = ["--no-deps"]
    subprocess.run([*UV, "--python", str(folder / "bin" / "python"), *packages, str(wheel)], check=True)
    [shipped] = folder.glob("lib/*/site-packages/dashboard/program/data")
    make_unwritable(shipped)  # as where an administrator has installed it
    return folder / "bin"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in which somebody works, with files that would take the place of the program's modules."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("dashboard", "etl", "app", "streamlit"):
        (folder / f"{name}.py").write_text("raise SystemExit('another program')\n")
    return folder


def list_files(environment: Path) -> dict[Path, int]:
    files = environment.rglob("*")
    return {file: file.stat().st_mtime_ns for file in files if file.is_file() and "__pycache__" not in file.parts}


@pytest.fixture
def address(installed: Path, folder: Path, tmp_path: Path) -> Iterator[str]:
    port, log = find_free_port(), tmp_path / "log"
    command = [str(installed / "actions-dashboard"), "start", "--no-browser", "--port", str(port)]
    with log.open("wb") as lines:
        process = subprocess.Popen(command, cwd=folder, env={"PATH": "/usr/bin:/bin"}, stdout=lines, stderr=lines)
        with ended(process, 10):
            wait_for(f"http://127.0.0.1:{port}/healthz", process, log)
            yield f"http://127.0.0.1:{port}"


def test_the_wheel_shows_the_sample_as_the_checkout_does(
    installed: Path, folder: Path, address: str, tmp_path: Path
) -> None:
    publish_sample(tmp_path / "checkout")
    before = list_files(installed.parent)
    sample = (folder / SAMPLE_FOLDER, *(folder / SAMPLE_FOLDER).rglob("*"))
    assert all(path.stat().st_mode & 0o200 for path in sample), "it is there to be worked in"
    place = folder / SAMPLE_FOLDER / "published" / "current.json"
    content_ids = [
        json.loads(file.read_text())["content_id"]
        for file in (place, tmp_path / "checkout" / "published" / "current.json")
    ]
    assert content_ids[0] == content_ids[1]
    (overview,) = talk(address, [ask_page()])
    assert "Fictional data" in overview and "completed" in overview
    host_config = httpx.get(f"{address}/_stcore/host-config").json()
    assert host_config["allowedOrigins"] == [], "the settings of Streamlit come along"
    command = [str(installed / "actions-dashboard"), "extract", "--region", "africa", "--to", "africa.xlsx"]
    subprocess.run(command, cwd=folder, env={"PATH": "/usr/bin:/bin"}, check=True, capture_output=True)
    assert load_workbook(folder / "africa.xlsx")["Actions (fictional data)"].max_row == 86, "headings, and 85 actions"
    assert list_files(installed.parent) == before, "nothing is written beside the program"


@pytest.mark.nightly
def test_the_command_has_those_of_both_programs(installed: Path, folder: Path) -> None:
    command = [str(installed / "actions-dashboard")]
    run = {"cwd": folder, "env": {"PATH": "/usr/bin:/bin"}, "capture_output": True, "text": True}
    shown = subprocess.run([*command, "--help"], check=True, **run).stdout
    assert all(
        f" {name} " in shown for name in ("start", "serve", "build", "check", "answer", "extract", "chart", "briefing")
    )
    refused = subprocess.run([*command, "bild"], check=False, **run)
    assert refused.returncode == 2 and "No such command" in refused.stderr
    nothing = subprocess.run([*command, "build"], check=False, **run)
    assert nothing.returncode == 1 and f"{SAMPLE_FOLDER} does not exist" in nothing.stderr.replace("\n", " ")

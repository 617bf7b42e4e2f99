"""The image: built by this computer's podman or docker without a network, and run as README says."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook

from benchmarks.servers import find_free_port
from dashboard.paths import PROJECT
from tests.deploy.running import DEPLOY, PATIENCE, VERSION, ended, fill_wheelhouse, wait_for
from tests.deploy.test_documents import read_document
from tests.page_stream import ask_page, talk

pytestmark = pytest.mark.nightly

BASE = os.environ.get("IMAGE_BASE", "docker.io/library/python:3.13-slim")
TAG = "localhost/dashboard-of-the-tests"


@pytest.fixture(scope="module")
def builder() -> str:
    """Return the program that builds and runs images; skip where there is none, or where it has no base for one."""
    program = next(filter(None, map(shutil.which, ("podman", "docker"))), None)
    if program is None:
        pytest.skip("no builder of images: install podman or docker")
    tried = run(program, "run", "--rm", BASE, "python3", "-c", VERSION, check=False)
    if tried.returncode:
        pytest.skip(f"{program} cannot run {BASE} (IMAGE_BASE names another): {tried.stderr.strip()[-300:]}")
    return program


@pytest.fixture(scope="module")
def image(builder: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    source = tmp_path_factory.mktemp("image")
    listed = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for name in (line[1:] for line in listed if line.startswith("!") and (PROJECT / line[1:]).exists()):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (PROJECT / name).is_dir() else shutil.copy)(PROJECT / name, source / name)
    version = run(builder, "run", "--rm", BASE, "python3", "-c", VERSION).stdout.strip()
    fill_wheelhouse(source / "wheelhouse", version)
    of_podman = ("--format", "docker", "--layers=false") if "podman" in builder else ()
    given = [part for one in (f"BASE={BASE}", "WHEELHOUSE=wheelhouse") for part in ("--build-arg", one)]
    command = ("build", "--network", "none", *of_podman, *given, "-f", "deploy/Containerfile", "-t", TAG, ".")
    try:
        run(builder, *command, cwd=source)
        yield TAG
    finally:
        run(builder, "rmi", "--force", TAG, check=False)


def run(*command: str, check: bool = True, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr[-3_000:]
    return done


def test_the_line_of_the_readme_shows_the_sample_and_writes_into_its_folder_alone(
    builder: str, image: str, open_folder: Path
) -> None:
    [line] = [one.text for one in read_document("README.md") if one.text.startswith("docker run ")]
    user, port, name = os.getuid() or 12_345, find_free_port(), f"dashboard-{os.getpid()}"
    (open_folder / "campaign").mkdir()
    os.chown(open_folder / "campaign", user, user)
    own_ids = "--userns=keep-id" if "podman" in builder and os.getuid() else ""
    for text, other in {
        "docker run": f"exec {builder} run --name {name} {own_ids}",
        '"$(id -u):$(id -g)"': f"{user}:{user}",
        ":8501:8501": f":{port}:8501",
        " dashboard ": f" {image} ",
    }.items():
        assert text in line
        line = line.replace(text, other)
    address, log = f"http://127.0.0.1:{port}", open_folder / "log"
    with log.open("wb") as lines:
        process = subprocess.Popen(["sh", "-c", line], cwd=open_folder, stdout=lines, stderr=lines)
        with ended(process, PATIENCE):  # a container without layers of its own is removed file by file
            wait_for(f"{address}/readyz", process, log)
            [inspected] = json.loads(run(builder, "image", "inspect", image).stdout)
            check = (inspected.get("Healthcheck") or inspected["Config"]["Healthcheck"])["Test"]
            run(builder, "exec", name, *check[1:])
            (overview,) = talk(address, [ask_page()])
            assert "Fictional data" in overview and "completed" in overview
            extract = httpx.get(f"{address}/extracts/actions.xlsx?region=africa", timeout=PATIENCE).raise_for_status()
            sheet = load_workbook(BytesIO(extract.content))["Actions (fictional data)"]
            assert sheet.max_row == 86, "headings, and 85 actions"
            written = run(builder, "diff", name).stdout.split()[1::2]
            assert [path for path in written if path.startswith(("/opt", "/root", "/home", "/var"))] == []
    said = log.read_text(encoding="utf-8", errors="replace")
    assert process.returncode == 0 and "rror" not in said.replace("which others cannot open", ""), said
    assert all(path.stat().st_uid == user and os.access(path, os.W_OK) for path in open_folder.glob("campaign/**/*"))

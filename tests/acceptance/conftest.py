"""The shipped sample campaign, built as users build it and once for every test that asks it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from dashboard.snapshot.database import Snapshot
from tests.acceptance.published import open_published, publish
from tests.acceptance.samples import SAMPLES


def publish_sample(root: Path) -> None:
    """Build and publish the sample exports."""
    files = {file.name: file.read_bytes() for file in SAMPLES.iterdir() if file.suffix in (".xlsx", ".csv")}
    publish(root, files, {})


def share_folder(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return this run's folder of that name; `make` fills it in the first process. Do not write into it."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / "shared between processes" / name
    folder.parent.mkdir(exist_ok=True)
    done = folder.with_name(f"{name} is whole")
    with FileLock(folder.with_name(f"{name}.lock")):
        if not done.exists():
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the campaign folder of the published sample; do not write into it."""
    return share_folder(tmp_path_factory, "sample campaign", publish_sample)


@pytest.fixture(scope="session")
def sample_snapshot(sample_folder: Path) -> Snapshot:
    """Return the published sample, open for reading."""
    return open_published(sample_folder)

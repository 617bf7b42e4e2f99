"""The shipped sample campaign, built as users build it and once for every test that asks it."""

from pathlib import Path

import pytest

from dashboard.snapshot.database import Snapshot
from tests.acceptance.published import open_published, publish
from tests.acceptance.samples import SAMPLES
from tests.shared import share_folder


def publish_sample(root: Path) -> None:
    """Build and publish the sample exports."""
    files = {file.name: file.read_bytes() for file in SAMPLES.iterdir() if file.suffix in (".xlsx", ".csv")}
    publish(root, files, {})


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The campaign folder of the published sample; do not write into it."""
    return share_folder(tmp_path_factory, "sample campaign", publish_sample)


@pytest.fixture(scope="session")
def sample_snapshot(sample_folder: Path) -> Snapshot:
    """The published sample, open for reading."""
    return open_published(sample_folder)

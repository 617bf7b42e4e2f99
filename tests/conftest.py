"""Fixtures that several test modules share."""

from pathlib import Path

import pytest

from dashboard.settings import Settings
from dashboard.snapshot import Snapshot, current
from tests.snapshots import publish_fixture


@pytest.fixture(scope="session")
def campaign_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign folder with the fixture snapshot published in it; do not write into it."""
    folder = tmp_path_factory.mktemp("fixture campaign")
    publish_fixture(folder)
    return folder


@pytest.fixture(scope="session")
def snapshot(campaign_folder: Path) -> Snapshot:
    """The fixture snapshot, open for reading."""
    return current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign_folder)}))

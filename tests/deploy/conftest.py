"""Fixtures that several tests of servers share."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Yield a folder that other users reach; those of pytest are for its own user alone."""
    with tempfile.TemporaryDirectory(prefix="dashboard-deploy-") as name:
        Path(name).chmod(0o755)
        yield Path(name)

"""Fixtures that tests of several rooms share."""

import pytest

from dashboard.snapshot.database import Snapshot
from tests.promised import forgo, promise
from tests.tables import Tables


@pytest.fixture(scope="session")
def tables(snapshot: Snapshot) -> Tables:
    """Return the fixture as pandas reckons it."""
    return Tables(snapshot)


@pytest.fixture(scope="session")
def promised(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return the fixture with promised and reached numbers."""
    return promise(tmp_path_factory.mktemp("promised"))


@pytest.fixture(scope="session")
def unpromised(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return the fixture without any number."""
    return forgo(tmp_path_factory.mktemp("unpromised"))

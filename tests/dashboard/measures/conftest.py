"""Fixtures that the tests of measures share."""

import pytest

from dashboard.snapshot.database import Snapshot
from tests.tables import Tables


@pytest.fixture(scope="session")
def tables(snapshot: Snapshot) -> Tables:
    """Return the fixture as pandas reckons it."""
    return Tables(snapshot)

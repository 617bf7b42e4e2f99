"""Fixtures of the tests of builds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.campaign.folder import CampaignFolder
from tests.etl.campaigns import copy_campaign, make_published
from tests.etl.registers import action, register
from tests.etl.together import BuiltTogether


@pytest.fixture(scope="module")
def campaigns(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuiltTogether]:
    """Build the module's campaigns from `together`."""
    with request.module.together.built(tmp_path_factory.mktemp("together") / "c") as built:
        yield built


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> CampaignFolder:
    """Return a campaign of one action, published; do not write into it. A module may have another one by this name."""
    first = action("1", promise="First", Email="person1@example.org")
    return make_published(tmp_path_factory.mktemp("once") / "c", {"first.csv": register(first)})


@pytest.fixture
def folder(published_once: CampaignFolder, tmp_path: Path) -> CampaignFolder:
    """Copy the campaign that is published once."""
    return copy_campaign(published_once, tmp_path / "c")

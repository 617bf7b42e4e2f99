"""The campaign that is published once, published twice."""

import pytest

from tests.etl.campaigns import copy_campaign, publish_campaign
from tests.etl.registers import action, register


@pytest.fixture(scope="session")
def published_twice(published_once, tmp_path_factory):
    """Publish that campaign again with a file in a folder; do not write into it."""
    folder = copy_campaign(published_once, tmp_path_factory.mktemp("twice") / "c")
    (folder.inbox / "office").mkdir()
    (folder.inbox / "office" / "second.csv").write_text(register(action("2", promise="Second")))
    publish_campaign(folder)
    return folder


@pytest.fixture
def twice(published_twice, tmp_path):
    """Copy the campaign that is published twice."""
    return copy_campaign(published_twice, tmp_path / "c")

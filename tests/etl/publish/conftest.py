"""Campaigns that are published once for all tests of publishing, which take copies of them."""

import pytest

from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.registers import HEADER, action


@pytest.fixture(scope="session")
def published_once(tmp_path_factory):
    """A campaign of one action, published; do not write into it."""
    folder = make_campaign(tmp_path_factory.mktemp("once") / "c", {"first.csv": HEADER + action("1", promise="First")})
    publish_campaign(folder)
    return folder


@pytest.fixture(scope="session")
def published_twice(published_once, tmp_path_factory):
    """That campaign, published again with a file in a folder; do not write into it."""
    folder = copy_campaign(published_once, tmp_path_factory.mktemp("twice") / "c")
    (folder.inbox / "office").mkdir()
    (folder.inbox / "office" / "second.csv").write_text(HEADER + action("2", promise="Second"))
    publish_campaign(folder)
    return folder


@pytest.fixture
def folder(published_once, tmp_path):
    """A copy of the campaign that is published once."""
    return copy_campaign(published_once, tmp_path / "c")


@pytest.fixture
def twice(published_twice, tmp_path):
    """A copy of the campaign that is published twice."""
    return copy_campaign(published_twice, tmp_path / "c")

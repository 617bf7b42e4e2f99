"""Servers of the fixture campaign that the tests of a module share, and their products."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from dashboard.web import first_page
from tests.charts_over_http import answer_alone, make_app, make_site


@pytest.fixture(scope="module")
def kept() -> Iterator[pytest.MonkeyPatch]:
    """Charts and extracts that a module's tests have asked for; a patch that lasts as long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first_page, "MOST_SECONDS", 60)
        with answer_alone(patch):
            yield patch


@pytest.fixture
def app(campaign_folder: Path, kept: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """Return the routes of the fixture campaign; `store` beside it is empty for one test."""
    return make_app(campaign_folder, monkeypatch)


@pytest.fixture
def site(campaign_folder: Path, kept: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """Return all routes of the fixture campaign with all that stands before them."""
    return make_site(campaign_folder, monkeypatch)

"""Servers of the fixture campaign that the tests of a module share, and their products."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from dashboard.web import extracts, first_page
from dashboard.web.charts import routes
from dashboard.web.charts.desk import Desk
from dashboard.web.extracts import Store
from tests.charts_over_http import make_app, make_site


@pytest.fixture(scope="module")
def kept() -> Iterator[pytest.MonkeyPatch]:
    """Charts and extracts that a module's tests have asked for; a patch that lasts as long."""
    with pytest.MonkeyPatch.context() as patch:
        charts, files = Desk(), Store(threads=2)
        patch.setattr(routes, "desk", lambda: charts)
        patch.setattr(extracts, "store", lambda: files)
        patch.setattr(first_page, "MOST_SECONDS", 60)
        yield patch
        charts.close()
        files.close()


@pytest.fixture
def app(campaign_folder: Path, kept: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """Return the routes of the fixture campaign; `desk` beside it is empty for one test."""
    return make_app(campaign_folder, monkeypatch)


@pytest.fixture
def site(campaign_folder: Path, kept: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """Return all routes of the fixture campaign with all that stands before them."""
    return make_site(campaign_folder, monkeypatch)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return an empty store of extracts, for one test alone."""
    own = Store(threads=2)
    monkeypatch.setattr(extracts, "store", lambda: own)
    yield own
    own.close()

"""Fixtures of the tests of builds."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.etl.together import BuiltTogether


@pytest.fixture(scope="module")
def campaigns(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuiltTogether]:
    """What the module has gathered as `together`, built."""
    with request.module.together.built(tmp_path_factory.mktemp("together") / "c") as built:
        yield built


@pytest.fixture
def con(campaigns: BuiltTogether, request: pytest.FixtureRequest) -> duckdb.DuckDBPyConnection:
    """The campaign of the test, built."""
    return campaigns(request.function.__name__)

"""One list of the tags appended to links: for the parameters of our addresses and for the addresses of others."""

import duckdb
import pytest

from dashboard.ground.tracking import APPENDED, BEGINNINGS, PATTERN, is_tracking

NAMES = [*(name for names in APPENDED.values() for name in names), *(f"{beginning}any" for beginning in BEGINNINGS)]


@pytest.mark.parametrize("parameters", ["{}=x", "{}=", "p=1&{}=a/b%20c&q=2", "{}=1&{}=2&p=1"])
def test_the_database_leaves_out_of_an_address_what_is_left_out_of_ours(parameters: str) -> None:
    addresses = [f"https://example.org/a?{parameters.format(name.title(), name)}#top" for name in NAMES]
    kept = "".join(f"&{part}" for part in parameters.split("&") if "{}" not in part)
    with duckdb.connect() as connection:
        question = "select regexp_replace(unnest($addresses), $pattern, '', 'gi')"
        left = connection.execute(question, {"addresses": addresses, "pattern": PATTERN}).fetchall()
    assert all(is_tracking(name) for name in NAMES)
    assert {address.replace("?", "&") for (address,) in left} == {f"https://example.org/a{kept}#top"}


@pytest.mark.parametrize("parameter", ["ref", "source", "id", "p", "page", "trkx", "xutm_source", "s"])
def test_what_may_mean_something_stays(parameter: str) -> None:
    address = f"https://example.org/a?{parameter}=1"
    with duckdb.connect() as connection:
        question = "select regexp_replace($address, $pattern, '', 'gi')"
        assert connection.execute(question, {"address": address, "pattern": PATTERN}).fetchall() == [(address,)]
    assert not is_tracking(parameter)
